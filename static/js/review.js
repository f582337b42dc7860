/* 审核: J and K go through the queue, A passes on, R goes to the reason and gives back; the bar counts what is picked. */
(function () {
  "use strict";
  var links = Array.from(document.querySelectorAll(".review__queue tbody th a"));
  var chosen = document.querySelector(".review__queue tr[aria-selected=true] th a");
  var why = document.getElementById("why"), picked = document.querySelector("[data-picked]");

  function go(step) {
    var next = links[links.indexOf(chosen) + step];
    if (next) location.href = next.href;
  }
  function press(what) {
    var button = document.querySelector(what);
    if (button) button.click();
  }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    var key = event.key.toLowerCase();
    if (key === "j") go(1);
    else if (key === "k") go(-1);
    else if (key === "a") press("[data-pass]");
    else if (key === "r" && why) {
      event.preventDefault();
      if (why.value.trim()) press("[data-return]");
      else why.focus();
    }
  });
  document.addEventListener("click", function (event) {
    var say = event.target.closest("[data-say]");
    if (!say || !why) return;
    why.value = (why.value.trim() ? why.value.trim() + "；" : "") + say.dataset.say;
    why.focus();
  });
  document.addEventListener("change", function (event) {
    if (event.target.name !== "pick" || !picked) return;
    var n = document.querySelectorAll("[name=pick]:checked").length;
    picked.hidden = !n;
    picked.querySelector("[data-n]").textContent = n;
  });
})();
