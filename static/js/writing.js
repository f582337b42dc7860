/* Forms that save themselves: what is typed is kept in this browser until the server has it. Each page starts it with Writing.start(). */
(function () {
  "use strict";
  var form = document.querySelector("form[data-work]");
  var WAIT = 700, OLD = 7 * 24 * 3600 * 1000;
  var timers = {}, running = {}, dirty = {}, options = {};

  function cookie(name) {
    var found = document.cookie.split("; ").filter(function (part) { return part.indexOf(name + "=") === 0; })[0];
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }
  function token() {
    var field = document.querySelector("input[name=csrfmiddlewaretoken]");
    return cookie("csrftoken") || (field ? field.value : "");
  }

  /* the fields of one duty, as the form would post them */
  function isOf(name, duty) { return name.endsWith("-" + duty) || name.indexOf("step-" + duty + "-") === 0; }
  function fieldsOf(duty) {
    return Array.from(new FormData(form).entries()).filter(function (pair) { return isOf(pair[0], duty); });
  }
  function typedOf(duty) {
    return fieldsOf(duty).filter(function (pair) { return !/^(version|seen|ok)-/.test(pair[0]); });
  }

  /* what is typed and not yet saved, by person and duty */
  function key(duty) { return "xushi:" + form.dataset.person + ":" + duty; }
  function keep(duty) {
    try {
      var version = form.elements["version-" + duty];
      localStorage.setItem(key(duty), JSON.stringify({ at: Date.now(), version: version ? version.value : "", fields: typedOf(duty) }));
    } catch (refused) { /* a full or forbidden store: the page still saves to the server */ }
  }
  function forget(duty) { try { localStorage.removeItem(key(duty)); } catch (refused) { /* nothing was kept */ } }
  function kept(duty) {
    try {
      var stored = JSON.parse(localStorage.getItem(key(duty)) || "null");
      if (stored && Date.now() - stored.at < OLD) return stored;
    } catch (broken) { /* not ours */ }
    return null;
  }
  function put(name, value) {
    var field = form.elements[name];
    if (!field) return;
    if (field instanceof RadioNodeList) field.value = value;
    else field.value = value;
  }
  function restore(duty) {
    var stored = kept(duty);
    if (!stored) return false;
    if (JSON.stringify(typedOf(duty)) === JSON.stringify(stored.fields)) { forget(duty); return false; }
    stored.fields.forEach(function (pair) { put(pair[0], pair[1]); });
    put("version-" + duty, stored.version);
    return true;
  }

  /* one line under the page's head */
  function say(words, red, action) {
    var box = document.querySelector("[data-messages]"), parts = words.split("|");
    if (!box) return;
    var notice = document.createElement("div"), strong = document.createElement("b");
    notice.className = "notice" + (red ? " notice--red" : "");
    notice.setAttribute("role", red ? "alert" : "status");
    strong.textContent = parts[0];
    notice.append(strong, parts[1] || "");
    if (action && parts[2]) { action.textContent = parts[2]; notice.append(" ", action); }
    box.replaceChildren(notice);
  }
  function hush() { var box = document.querySelector("[data-messages] .notice--red"); if (box) box.remove(); }
  function expired() {
    var link = document.createElement("a");
    link.href = form.dataset.signIn + "?next=" + encodeURIComponent(location.pathname + location.search);
    say(form.dataset.expired, true, link);
  }
  function offline() {
    var again = document.createElement("button");
    again.type = "button";
    again.className = "button button--small";
    again.addEventListener("click", retry);
    say(form.dataset.offline, true, again);
  }

  /* takes from an answer what the page shows besides the fields: marked parts, versions, the group of a row */
  function take(doc, duty) {
    doc.querySelectorAll("[data-take]").forEach(function (field) { if (isOf(field.name, duty)) put(field.name, field.value); });
    doc.querySelectorAll("[aria-describedby][name]").forEach(function (from) {
      var here = isOf(from.name, duty) && form.elements[from.name];
      if (here) here.toggleAttribute("aria-invalid", false);
      if (here && from.hasAttribute("aria-invalid")) here.setAttribute("aria-invalid", "true");
    });
    var from = doc.querySelector('[data-row="' + duty + '"]'), row = document.querySelector('[data-row="' + duty + '"]');
    if (from && row) {
      ["group", "filled", "note"].forEach(function (name) { if (name in from.dataset) row.dataset[name] = from.dataset[name]; });
      ["[data-falls]", "details"].forEach(function (what) { follow(from.querySelector(what), row.querySelector(what)); });
    }
    (options.regions || function () { return [[document, doc]]; })(duty, doc).forEach(function (pair) {
      if (!pair[0] || !pair[1]) return;
      pair[1].querySelectorAll("[data-slot]").forEach(function (slot) {
        var here = pair[0].querySelector('[data-slot="' + slot.dataset.slot + '"]');
        if (here) here.replaceChildren.apply(here, Array.from(slot.childNodes));
      });
    });
  }
  function follow(from, here) {
    if (!from || !here) return;
    if (here.matches("details")) here.open = here.open || from.open;
    else here.hidden = from.hidden;
  }
  function parse(text) { return new DOMParser().parseFromString(text, "text/html"); }
  function post(url, body) {
    body.set("csrfmiddlewaretoken", token());
    return fetch(url, { method: "POST", body: body, credentials: "same-origin", redirect: "manual", headers: { "X-Fragment": "1", "X-CSRFToken": token() } });
  }

  /* whether the server took what was sent, or said what is wrong with it; anything else has saved nothing */
  function isSaid(answer) { return answer.ok || answer.status === 409 || answer.status === 422; }

  function save(duty) {
    clearTimeout(timers[duty]);
    if (running[duty]) { dirty[duty] = true; return running[duty]; }
    dirty[duty] = false;
    var body = new FormData();
    fieldsOf(duty).forEach(function (pair) { body.append(pair[0], pair[1]); });
    body.set("do", "save");
    running[duty] = post(options.url(duty), body).then(function (answer) {
      if (answer.type === "opaqueredirect" || answer.status === 403) { expired(); return null; }
      if (answer.status === 404) { location.reload(); return null; }
      if (!isSaid(answer)) { offline(); return null; }
      return answer.text().then(function (text) {
        hush();
        var doc = parse(text);
        take(doc, duty);
        if (answer.status !== 409 && !dirty[duty]) forget(duty);
        if (answer.status === 409) dirty[duty] = false;
        document.dispatchEvent(new CustomEvent("saved", { detail: { duty: duty, status: answer.status } }));
        return answer.status;
      });
    }, function () { offline(); return null; }).then(function (status) {
      running[duty] = null;
      if (dirty[duty] && status !== null) return save(duty);
      return status;
    });
    return running[duty];
  }
  function changed(duty, at_once) {
    keep(duty);
    clearTimeout(timers[duty]);
    if (at_once) save(duty);
    else { dirty[duty] = true; timers[duty] = setTimeout(function () { save(duty); }, WAIT); }
  }
  function dutyOf(field) {
    var name = field.name || "", found = /^step-(\d+)-/.exec(name) || /-(\d+)$/.exec(name);
    return found ? found[1] : "";
  }
  function retry() { options.duties().forEach(function (duty) { if (kept(duty)) save(duty); }); }

  /* files: dropped or chosen, they go up at once */
  function upload(box) {
    var duty = box.dataset.evidence, body = new FormData(box);
    body.set("do", "upload");
    box.setAttribute("aria-busy", "true");
    post(box.action, body).then(function (answer) {
      if (answer.type === "opaqueredirect" || answer.status === 403) { expired(); return null; }
      if (!isSaid(answer)) { offline(); return null; }
      return answer.text().then(function (text) {
        var doc = parse(text), fresh = doc.querySelector('form[data-evidence="' + duty + '"]');
        if (fresh) document.querySelectorAll('form[data-evidence="' + duty + '"]').forEach(function (here) {
          here.replaceChildren.apply(here, Array.from(fresh.cloneNode(true).childNodes));
        });
        doc.querySelectorAll("[data-take]").forEach(function (field) { if (field.name === "version-" + duty) put(field.name, field.value); });
      });
    }, offline).finally(function () { box.removeAttribute("aria-busy"); });
  }
  document.addEventListener("change", function (event) {
    var box = event.target.type === "file" && event.target.closest("form[data-evidence]");
    if (box && event.target.files.length) upload(box);
  });
  ["dragover", "drop"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var drop = event.target.closest && event.target.closest("[data-drop]");
      if (!drop) return;
      event.preventDefault();
      if (name !== "drop" || !event.dataTransfer.files.length) return;
      drop.querySelector("input[type=file]").files = event.dataTransfer.files;
      upload(drop.closest("form"));
    });
  });

  function start(given) {
    options = given;
    if (!form) return;
    form.addEventListener("input", function (event) {
      var duty = dutyOf(event.target);
      if (duty) changed(duty, event.target.matches("select, [type=radio], [type=checkbox], [type=date]"));
    });
    form.addEventListener("focusout", function (event) {
      var duty = dutyOf(event.target);
      if (duty && dirty[duty] && !running[duty]) save(duty);
    });
    document.addEventListener("click", function (event) {
      var reuse = event.target.closest("[data-reuse]"), mine = event.target.closest("[data-mine]"), theirs = event.target.closest("[data-other]");
      if (reuse) {
        var area = reuse.dataset.into ? document.getElementById(reuse.dataset.into) : reuse.parentElement.querySelector("textarea");
        area.value = reuse.dataset.reuse;
        area.focus();
        changed(dutyOf(area), true);
      }
      if (mine) save(mine.dataset.mine);
      if (theirs) { forget(theirs.dataset.other); location.reload(); }
    });
    window.addEventListener("online", retry);
    var back = options.duties().filter(restore);
    if (back.length) { say(form.dataset.restored); back.forEach(function (duty) { changed(duty, true); }); }
  }

  window.Writing = { start: start, save: save, post: post, parse: parse, dutyOf: dutyOf, fieldsOf: fieldsOf, expired: expired, offline: offline,
    pending: function () { return Promise.all(options.duties().filter(function (duty) { return dirty[duty] || running[duty]; }).map(save)); } };
})();
