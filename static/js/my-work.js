/* 我的待填: rows that save themselves, Enter to the next figure, the rail of the row in hand, the dialog before submitting. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-work]");
  var rows = Array.from(document.querySelectorAll("[data-row]"));
  var railOf = function (duty) { return document.querySelector('[data-rail-of="' + duty + '"]'); };

  function enter(row) {
    rows.forEach(function (other) { other.classList.toggle("entry__item--active", other === row); });
    document.querySelectorAll("[data-rail-of]").forEach(function (rail) { rail.hidden = rail.dataset.railOf !== row.dataset.row; });
  }
  rows.forEach(function (row) { row.addEventListener("focusin", function () { enter(row); }); });
  if (!form) return;

  Writing.start({
    duties: function () { return rows.filter(function (row) { return row.querySelector("[data-take]"); }).map(function (row) { return row.dataset.row; }); },
    url: function (duty) { return form.getAttribute("action").split("?")[0] + duty + "/"; },
    regions: function (duty, doc) {
      return [
        [document.querySelector('[data-row="' + duty + '"]'), doc.querySelector('[data-row="' + duty + '"]')],
        [railOf(duty), doc.querySelector("[data-rail-of]")]
      ];
    }
  });

  /* the counts of what is here; a filtered list leaves the others as they were */
  var first = {};
  function standing(row) { return [row.dataset.group, row.dataset.filled, row.dataset.note]; }
  rows.forEach(function (row) { first[row.dataset.row] = standing(row); });
  function recount() {
    var change = { problem: 0, empty: 0, ready: 0, filled: 0, note: 0 };
    rows.forEach(function (row) {
      var was = first[row.dataset.row];
      if (was[0] in change) change[was[0]] -= 1;
      if (row.dataset.group in change) change[row.dataset.group] += 1;
      change.filled += Number(row.dataset.filled) - Number(was[1]);
      change.note += Number(row.dataset.note) - Number(was[2]);
      first[row.dataset.row] = standing(row);
    });
    Object.keys(change).forEach(function (name) {
      document.querySelectorAll('[data-count="' + name + '"]').forEach(function (place) { place.textContent = Number(place.textContent) + change[name]; });
    });
    document.querySelectorAll("[data-hide-at-0]").forEach(function (place) { place.hidden = place.querySelector("[data-count]").textContent === "0"; });
    var ready = document.querySelector('[data-count="ready"]');
    document.querySelectorAll("[data-ask]").forEach(function (button) { button.disabled = !ready || ready.textContent === "0"; });
  }
  document.addEventListener("saved", function (event) {
    recount();
    var mark = document.querySelector("[data-saved]"), now = new Date();
    if (!mark || event.detail.status === 409) return;
    mark.hidden = false;
    mark.textContent = ("0" + now.getHours()).slice(-2) + ":" + ("0" + now.getMinutes()).slice(-2) + " " + mark.dataset.saved;
  });

  /* Enter next, Shift+Enter back */
  form.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey || !event.target.matches("input, select")) return;
    event.preventDefault();
    var fields = Array.from(form.querySelectorAll(".input--num")), at = fields.indexOf(event.target);
    if (at < 0) at = fields.indexOf(event.target.closest("[data-row]").querySelector(".input--num"));
    var next = fields[at + (event.shiftKey ? -1 : 1)];
    if (next) { next.focus(); next.select(); }
  });

  /* the dialog before submitting */
  var dialog = document.querySelector("[data-confirm]");
  document.querySelectorAll("[data-ask]").forEach(function (button) {
    button.addEventListener("click", function (event) {
      if (!dialog || !dialog.showModal) return;
      event.preventDefault();
      button.setAttribute("aria-busy", "true");
      Writing.pending().then(function () {
        var body = new FormData(form);
        body.set("do", "ask");
        return Writing.post(form.getAttribute("action"), body);
      }).then(function (answer) {
        if (answer.type === "opaqueredirect" || answer.status === 403) { Writing.expired(); return null; }
        if (!answer.ok) { Writing.offline(); return null; }
        return answer.text().then(function (text) {
          var asked = Writing.parse(text).querySelector("[data-confirm-form]");
          if (!asked) return;
          dialog.replaceChildren(asked);
          dialog.setAttribute("aria-labelledby", "confirm-title");
          dialog.showModal();
        });
      }, Writing.offline).finally(function () { button.removeAttribute("aria-busy"); });
    });
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-close]") && dialog && dialog.open) { event.preventDefault(); dialog.close(); }
  });
  document.addEventListener("change", function (event) {
    var asked = event.target.name === "pick" && event.target.closest("[data-confirm-form]");
    if (!asked) return;
    var n = asked.querySelectorAll("[name=pick]:checked").length;
    asked.querySelector("[data-picked]").textContent = n;
    asked.querySelector("[name=do]").disabled = !n;
  });
  document.addEventListener("submit", function (event) {
    var asked = event.target.closest("[data-confirm-form]");
    if (asked) setTimeout(function () { asked.querySelectorAll("button").forEach(function (button) { button.disabled = true; }); }, 0);
  });
  var offered = document.querySelector(".page > [data-confirm-form]");
  if (offered) offered.scrollIntoView();
})();
