/* A link to a goal opens it and everything above it; without a script the goal is there, closed. */
(function () {
  "use strict";
  function show() {
    var goal = window.location.hash.length > 1 && document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    if (!goal || goal.tagName !== "DETAILS") return;
    for (var node = goal; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    goal.scrollIntoView();
  }
  window.addEventListener("hashchange", show);
  show();
})();
