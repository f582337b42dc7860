/* What every page's frame does with a script; without it all of it works by links and buttons. */
(function () {
  "use strict";
  var root = document.documentElement;

  /* Menus: one open at a time; Escape closes and gives the focus back; a click elsewhere closes. */
  var menus = Array.prototype.slice.call(document.querySelectorAll("details[data-menu]"));
  menus.forEach(function (menu) {
    menu.addEventListener("toggle", function () {
      if (menu.open) menus.forEach(function (other) { if (other !== menu) other.open = false; });
    });
    menu.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && menu.open) { menu.open = false; menu.querySelector("summary").focus(); }
    });
  });
  document.addEventListener("click", function (event) {
    menus.forEach(function (menu) { if (menu.open && !menu.contains(event.target)) menu.open = false; });
  });

  /* Theme: three buttons; "system" forgets the choice. */
  var buttons = Array.prototype.slice.call(document.querySelectorAll("button[data-theme-choice]"));
  function press() {
    var chosen = root.dataset.theme || "system";
    buttons.forEach(function (button) { button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen)); });
  }
  buttons.forEach(function (button) {
    button.addEventListener("click", function () {
      var choice = button.dataset.themeChoice;
      if (choice === "system") delete root.dataset.theme; else root.dataset.theme = choice;
      try {
        if (choice === "system") window.localStorage.removeItem("theme"); else window.localStorage.setItem("theme", choice);
      } catch (refused) { /* the choice lasts for this page */ }
      press();
      document.dispatchEvent(new CustomEvent("theme"));
    });
  });
  press();

  /* Selects that submit when a choice is made with the pointer or Enter; the arrow keys only look, the button submits. */
  document.querySelectorAll("select[data-submit]").forEach(function (select) {
    var byKey = false;
    select.addEventListener("keydown", function (event) { byKey = event.key !== "Enter"; });
    select.addEventListener("pointerdown", function () { byKey = false; });
    select.addEventListener("change", function () { if (!byKey && select.form) select.form.requestSubmit(); });
  });

  /* "/" goes to the search field. */
  document.addEventListener("keydown", function (event) {
    var busy = event.target.closest && event.target.closest("input, textarea, select, [contenteditable]");
    var search = document.querySelector(".masthead input[type=search]");
    if (event.key !== "/" || busy || !search || event.ctrlKey || event.metaKey || event.altKey || !search.offsetParent) return;
    event.preventDefault();
    search.focus();
  });
})();
