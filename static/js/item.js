/* The chart of an item: actual in ink, path dashed, forecast in accent, shortfall in its light. Colours are the page's own tokens. */
(function () {
  "use strict";
  var place = document.getElementById("drawn");
  var source = document.getElementById("chart-data");
  if (!place || !source || !window.echarts) return;
  var data = JSON.parse(source.textContent);
  var chart = null;

  function token(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
  function written(value) {
    var text = Math.round(value * 100) / 100;
    return (Math.abs(text) >= 10000 ? text.toLocaleString("en-US") : String(text)).replace("-", "−");
  }
  function withUnit(value) { return written(value) + (data.unit ? (/^[%％‰]$/.test(data.unit) ? "" : " ") + data.unit : ""); }

  function label(colour, position, weight) {
    return { show: true, position: position, color: colour, fontWeight: weight || 400, fontSize: 12, fontFamily: token("--sans") };
  }

  function series() {
    var ink = token("--ink"), quiet = token("--ink-3"), accent = token("--accent"), paper = token("--paper"), narrow = place.clientWidth < 520;
    var flat = data.held;
    var lines = [
      { name: data.words.path, type: "line", data: flat ? [] : data.path, step: data.step ? "end" : false, symbol: "none", lineStyle: { color: quiet, width: 1.5, type: [5, 4] }, itemStyle: { color: quiet }, z: 2 },
      { name: data.words.actual, type: "line", symbol: "circle", symbolSize: 8, lineStyle: { color: ink, width: 2.5 }, itemStyle: { color: paper, borderColor: ink, borderWidth: 2 }, z: 4,
        data: points() }
    ];
    if (data.target) lines.push({
      name: data.words.target, type: "line", data: [[data.ticks[0][0], data.target.value], [data.target.due, data.target.value]], symbol: "none",
      lineStyle: { color: ink, width: 1 }, itemStyle: { color: ink }, z: 1,
      markPoint: { symbol: "circle", symbolSize: 1, silent: true, data: [{ coord: [data.target.due, data.target.value] }], itemStyle: { color: ink }, label: { show: true, formatter: data.words.target + " " + data.target.words, position: "left", offset: [4, -12], color: ink, fontWeight: 600, fontSize: 13, fontFamily: token("--sans") } }
    });
    if (data.forecast) lines = lines.concat(forecast(accent, narrow));
    if (data.short) lines.push({
      name: data.words.owes, type: "line", symbol: "none", silent: true, z: 5, tooltip: { show: false },
      data: [[data.short.day, data.short.actual], [data.short.day, data.short.expected]], lineStyle: { color: token("--" + (data.short.light === "red" ? "red" : "yellow")), width: 3 },
      markPoint: { symbol: "circle", symbolSize: 1, silent: true, data: [{ coord: [data.short.day, data.short.actual * 0.35 + data.short.expected * 0.65] }], itemStyle: { color: "transparent" }, label: { show: true, position: "right", offset: [6, 0], formatter: data.short.words, color: token("--" + (data.short.light === "red" ? "red" : "yellow") + "-text"), fontWeight: 600, fontSize: 12, fontFamily: token("--sans") } }
    });
    return lines;
  }

  /* The figures stand away from the path; the start, which is no report, has none; on a long row only the last one has. */
  function points() {
    var expected = {};
    data.path.forEach(function (pair) { expected[pair[0]] = pair[1]; });
    return data.actual.map(function (pair, n) {
      var start = n === 0 && !data.held && data.path.length && pair[0] === data.path[0][0];
      var shown = !start && (data.actual.length <= 9 || n === data.actual.length - 1);
      var above = data.held ? pair[1] >= (data.target ? data.target.value : 0) : pair[1] >= expected[pair[0]];
      var own = label(token("--ink-2"), above ? "top" : "bottom", n === data.actual.length - 1 ? 600 : 400);
      return { value: pair, symbolSize: start ? 0 : 8, label: Object.assign(own, { show: shown, formatter: function (one) { return written(one.value[1]); } }) };
    });
  }

  function forecast(accent, narrow) {
    var from = data.forecast.from, due = data.forecast.due, lines = [];
    if (data.forecast.low !== null && data.forecast.high !== null) lines.push({
      type: "custom", silent: true, z: 1, data: [[0]], tooltip: { show: false },
      renderItem: function (params, api) {
        var at = function (value) { return api.coord([due, value]); };
        return { type: "polygon", shape: { points: [api.coord(from), at(data.forecast.high), at(data.forecast.low)] }, style: { fill: accent, opacity: 0.14 } };
      }
    });
    lines.push({
      name: data.words.forecast, type: "line", symbol: "none", data: [from, [due, data.forecast.value]], lineStyle: { color: accent, width: 1.5, type: [2, 3] }, itemStyle: { color: accent }, z: 3,
      markPoint: narrow ? undefined : { symbol: "circle", symbolSize: 1, silent: true, data: [{ coord: [due, data.forecast.value] }], itemStyle: { color: accent }, label: { show: true, position: "left", offset: [4, 26], formatter: data.words.forecast + " " + written(data.forecast.value), color: accent, fontSize: 12, fontFamily: token("--sans") } }
    });
    return lines;
  }

  function option() {
    var quiet = token("--ink-3"), names = {};
    var ticks = data.ticks.map(function (tick) { var at = new Date(tick[0] + "T00:00:00").getTime(); names[at] = tick[1]; return at; });
    return {
      animation: false, textStyle: { fontFamily: token("--sans"), color: token("--ink-2") },
      grid: { left: 4, right: 18, top: 30, bottom: 4, containLabel: true },
      xAxis: {
        type: "time", min: ticks[0], max: ticks[ticks.length - 1], axisLine: { lineStyle: { color: token("--ink") }, onZero: false }, axisTick: { show: false }, splitLine: { show: false },
        axisLabel: { color: quiet, hideOverlap: true, customValues: ticks, alignMinLabel: "left", alignMaxLabel: "right", formatter: function (value) { return names[value] || ""; } }
      },
      yAxis: { type: "value", scale: data.held, boundaryGap: data.held ? ["20%", "20%"] : [0, 0], splitLine: { lineStyle: { color: token("--rule") } }, axisLabel: { color: quiet, formatter: written } },
      tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: token("--ink"), borderWidth: 0, textStyle: { color: token("--paper"), fontSize: 12 }, axisPointer: { lineStyle: { color: quiet } }, valueFormatter: function (value) { return withUnit(Array.isArray(value) ? value[1] : value); } },
      series: series()
    };
  }

  function draw() {
    if (!chart) chart = window.echarts.init(place, null, { renderer: "svg" });
    chart.setOption(option(), true);
  }

  place.classList.add("drawn--on");
  draw();
  var waiting = 0;
  window.addEventListener("resize", function () {
    clearTimeout(waiting);
    waiting = setTimeout(function () { chart.resize(); draw(); }, 120);
  });
  document.addEventListener("theme", draw);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
})();
