/* The grid of a draft: Enter goes down, Ctrl+S saves, what is not saved is said and asked about before leaving. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-editor]");
  if (!form) return;
  var said = document.querySelector("[data-touched]"), still = document.querySelector("[data-still]");
  var fields = "textarea, input:not([type=hidden]):not([type=checkbox]), select";
  var sending = false;

  function rows() { return Array.prototype.slice.call(form.querySelectorAll("[data-row]")); }
  function texts(row) { return Array.prototype.map.call(row.querySelectorAll(fields), function (one) { return one.value; }).join("\n"); }
  var loaded = new Map(rows().map(function (row) { return [row, texts(row)]; }));
  function touched() { return rows().filter(function (row) { return loaded.get(row) !== texts(row); }).length; }
  function tell() {
    var n = touched();
    said.hidden = !n;
    still.hidden = !!n;
    said.textContent = said.dataset.words.replace("#", n);
  }

  /* a row typed into carries its kind, day and lead on to the empty row below */
  function carry(row) {
    var all = rows(), next = all[all.indexOf(row) + 1];
    if (!next || row.dataset.row.indexOf("new-") !== 0) return;
    var name = next.querySelector("textarea[name^=name-]");
    if (name.value) return;
    ["kind", "due", "lead"].forEach(function (column) {
      next.querySelector("[name^=" + column + "-]").value = row.querySelector("[name^=" + column + "-]").value;
    });
    loaded.set(next, texts(next));
  }

  function go(field, by) {
    var row = field.closest("[data-row]"), all = rows(), next = all[all.indexOf(row) + by];
    if (by > 0) carry(row);
    if (!next) { if (by > 0) save(); return; }
    var column = row.dataset.row.indexOf("new-") === 0 && by > 0 ? "name" : field.name.split("-")[0];
    var there = next.querySelector("[name^=" + column + "-]");
    there.focus();
    if (there.select) there.select();
  }
  function save() { form.requestSubmit(document.querySelector(".bar [value=add]")); }

  form.addEventListener("input", tell);
  form.addEventListener("keydown", function (event) {
    var field = event.target;
    if (event.key !== "Enter" || event.isComposing || event.altKey || !field.closest("[data-row]") || !field.matches(fields)) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) save();
    else go(field, event.shiftKey ? -1 : 1);
  });
  document.addEventListener("keydown", function (event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    var busy = event.target.closest && event.target.closest("input, textarea, select");
    if (event.key === "s") { event.preventDefault(); save(); }
    else if (!busy && (event.key === "z" || event.key === "y")) {
      var redo = event.key === "y" || event.shiftKey, button = document.querySelector(".bar [value=" + (redo ? "redo" : "undo") + "]");
      if (!button.disabled) { event.preventDefault(); button.click(); }
    }
  });
  form.addEventListener("submit", function () { sending = true; });
  window.addEventListener("beforeunload", function (event) {
    if (!sending && touched()) event.preventDefault();
  });
})();
