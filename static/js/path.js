/* 年度分解: the drawing and its table follow what is typed; the page itself reckons them, so that without script a button does the same. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-path]"), place = document.querySelector('[data-slot="drawing"]');
  if (!form || !place) return;
  var timer = null, asked = 0;

  function look() {
    var query = new URLSearchParams(), mine = ++asked;
    new FormData(form).forEach(function (value, name) { if (/^(profile|shares|day-|value-)/.test(name)) query.append(name, value); });
    fetch(location.pathname + "?" + query, { credentials: "same-origin", redirect: "manual" }).then(function (answer) {
      if (!answer.ok) return null;
      return answer.text().then(function (text) {
        var next = new DOMParser().parseFromString(text, "text/html").querySelector('[data-slot="drawing"]');
        if (mine === asked && next) place.replaceChildren.apply(place, Array.from(next.childNodes));
      });
    }, function () { /* offline: the form says so when it is sent */ });
  }
  form.addEventListener("input", function (event) {
    if (event.target.matches("textarea")) return;
    clearTimeout(timer);
    timer = setTimeout(look, 200);
  });
})();
