/* Before the first paint: the theme that was chosen on this machine; none means the system's. */
(function () {
  "use strict";
  var chosen = null;
  try { chosen = window.localStorage.getItem("theme"); } catch (refused) { chosen = null; }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  document.documentElement.classList.add("js");
})();
