/* 分解：边填边算与总目标相差多少；数不全时不当作零。 */
(function () {
  "use strict";
  var form = document.querySelector("[data-parts]");
  if (!form || !form.dataset.target) return;
  var left = form.querySelector("[data-left]") || document.querySelector("[data-left]");
  function figure(input) {
    var text = input.value.replace(/[,，\s]/g, "");
    return text && isFinite(text) ? Number(text) : null;
  }
  function show() {
    var adding = form.querySelector("[name=adding]").value, sum = 0, weights = 0, least = null, n = 0;
    form.querySelectorAll("[data-value]").forEach(function (input) {
      var value = figure(input), weight = figure(input.closest("tr").querySelector("[data-weight]")) || 1;
      if (value === null) return;
      n += 1;
      sum += adding === "weighted" ? value * weight : value;
      weights += weight;
      least = least === null ? value : Math.min(least, value);
    });
    var whole = adding === "sum" ? sum : adding === "weighted" && weights ? sum / weights : adding === "minimum" ? least : null;
    left.textContent = n && whole !== null ? String(Number((Number(form.dataset.target) - whole).toFixed(4))) : "–";
  }
  form.addEventListener("input", show);
  form.addEventListener("change", show);
})();
