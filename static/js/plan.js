/* A link to a goal opens it and everything above it; without a script the goal is there, closed. */
(function () {
  "use strict";
  function show() {
    var goal = window.location.hash.length > 1 && document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    if (!goal || goal.tagName !== "DETAILS") return;
    for (var node = goal.parentElement; node; node = node.parentElement) if (node.matches(".goal")) node.querySelector("details").open = true;
    goal.scrollIntoView();
  }
  window.addEventListener("hashchange", show);
  show();
})();
