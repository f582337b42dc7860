/* The full form of one duty: it saves itself and shows the lights that the figure would give while it is typed. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-report]");
  if (!form) return;
  var duty = form.dataset.report, timer = null, asked = 0;

  Writing.start({ duties: function () { return [duty]; }, url: function () { return form.getAttribute("action"); } });

  function look() {
    var query = new URLSearchParams(), mine = ++asked;
    Writing.fieldsOf(duty).forEach(function (pair) { if (/^(answer|value|mode|benchmark|data_state|cut_off|step|steps)-/.test(pair[0])) query.append(pair[0], pair[1]); });
    fetch(form.dataset.preview + "?" + query, { credentials: "same-origin", redirect: "manual" }).then(function (answer) {
      if (!answer.ok) return null;
      return answer.text().then(function (text) {
        var place = document.querySelector('[data-slot="lights"]'), doc = Writing.parse(text);
        if (mine === asked && place) place.replaceChildren.apply(place, Array.from(doc.body.childNodes));
      });
    }, function () { /* offline: the form says so when it saves */ });
  }
  form.addEventListener("input", function (event) {
    if (event.target.matches("textarea")) return;
    clearTimeout(timer);
    timer = setTimeout(look, 250);
  });
  form.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target.matches("input:not([type=radio])") && !event.isComposing) event.preventDefault();
  });
})();
