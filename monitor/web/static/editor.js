"use strict";
// The editor of a watchlist: line numbers, checking and trying while one types, jumping to a mistake, Ctrl+S.
// All of it can be done without: the form's buttons ask the same and come back with the whole page.
(() => {
  const form = document.getElementById("editor");
  if (!form || !window.fetch || !window.FormData) return;
  const text = document.getElementById("text");
  const lines = document.getElementById("lines");
  const said = document.getElementById("said");
  const places = { check: document.getElementById("problems"), try: document.getElementById("trial") };
  const { opened, tab } = form.elements;
  const CHECK_AFTER = 250, TRY_AFTER = 600; // ms of rest
  let turn = 0; // of the text: an answer of an older one is dropped
  const LOOK_EVERY = 20000; // ms: whether somebody else has saved the file
  let asking = null, timer = 0, leaving = false, shown = 0, tried = opened.value;
  tab.value = Math.random().toString(36).slice(2, 12);

  // ------------------------------------------------ line numbers, with the lines that are wrong
  const number = () => {
    const bad = new Set(), odd = new Set();
    for (const each of places.check.querySelectorAll("[data-line]"))
      (each.closest(".warn") ? odd : bad).add(Number(each.dataset.line));
    const count = text.value.split("\n").length;
    const key = count + ":" + [...bad] + ":" + [...odd];
    if (key === shown) return;
    shown = key;
    lines.replaceChildren();
    for (let line = 1; line <= count; line++) {
      const marked = bad.has(line) ? "b" : odd.has(line) ? "i" : "";
      if (marked) lines.append(Object.assign(document.createElement(marked), { textContent: line }), "\n");
      else lines.append(line + "\n");
    }
    lines.append("\n\n");
    follow();
  };
  const follow = () => { lines.scrollTop = text.scrollTop; };
  lines.hidden = false;
  text.addEventListener("scroll", follow, { passive: true });

  // ------------------------------------------------ to a place
  const go = (line, column) => {
    const all = text.value.split("\n");
    line = Math.min(Math.max(line, 1), all.length);
    const before = all.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    // columns count characters, not the halves that JavaScript counts
    const at = before + [...all[line - 1]].slice(0, Math.max(column, 1) - 1).join("").length;
    text.focus();
    text.setSelectionRange(at, Math.min(at + 1, before + all[line - 1].length));
    const height = parseFloat(getComputedStyle(text).lineHeight);
    text.scrollTop = Math.max(0, (line - 1) * height - text.clientHeight / 3);
    text.scrollLeft = 0;
    follow();
  };
  places.check.addEventListener("click", (event) => {
    const place = event.target.closest("[data-line]");
    if (!place) return;
    event.preventDefault();
    go(Number(place.dataset.line), Number(place.dataset.column));
    text.scrollIntoView({ block: "nearest" });
  });

  // ------------------------------------------------ asked while one types
  const say = (words, isSeen) => { // what the page shows anyway is for screen readers alone
    said.className = isSeen ? "hidden" : "small muted";
    said.textContent = words;
  };
  const ask = async (what) => {
    const mine = turn;
    if (asking) asking.abort();
    asking = new AbortController();
    say(what === "check" ? form.dataset.checking : form.dataset.trying);
    try {
      const answer = await fetch(form.getAttribute("action") + "/" + what, {
        method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, signal: asking.signal,
      });
      const found = await answer.json();
      if (mine !== turn) return;
      if (!found.html) return say(found.said || found.error || "");
      say("");
      show(what, found.html);
      if (what === "try") tried = form.elements.text.value;
      else if (found.kind === "right" && text.value !== tried) later("try", TRY_AFTER);
    } catch (trouble) {
      if (mine === turn && trouble.name !== "AbortError") say(form.dataset.offline);
    }
  };
  const show = (what, html) => {
    const marked = document.activeElement && document.activeElement.name;
    const value = document.activeElement && document.activeElement.value;
    const keeps = places[what].contains(document.activeElement);
    const isOpen = places[what].querySelector("details[open]");
    places[what].innerHTML = html; // made by the server, escaped there
    if (isOpen) for (const each of places[what].querySelectorAll("details")) each.open = true;
    if (what === "check") { number(); say(places.check.querySelector("strong").textContent, true); }
    if (keeps) for (const each of form.elements) if (each.name === marked && each.value === value) each.focus();
  };
  const later = (what, after) => {
    clearTimeout(timer);
    timer = setTimeout(ask, after, what);
  };
  text.addEventListener("input", () => { turn++; number(); later("check", CHECK_AFTER); });
  const look = () => { if (!leaving && !document.hidden) later("check", CHECK_AFTER); };
  window.addEventListener("focus", look);
  setInterval(look, LOOK_EVERY);

  // a new line begins where the one before it does
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const line = text.value.slice(0, text.selectionStart).split("\n").pop();
    const indent = /^ */.exec(line)[0];
    // the only way that the browser can undo
    if (indent && document.execCommand("insertText", false, "\n" + indent)) event.preventDefault();
  });

  // ------------------------------------------------ saving and leaving
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit(document.getElementById("save"));
    }
  });
  document.getElementById("words").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit(document.getElementById("draft"));
  });
  const isDirty = () => text.value !== opened.value;
  for (const each of document.forms) each.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
    say(form.dataset.working);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && isDirty()) event.preventDefault();
  });
  window.addEventListener("pageshow", () => { leaving = false; });

  number();
  if (isDirty()) { // a proposal or a draft: tried by the page already
    if (places.try.querySelector("section")) tried = text.value; else look();
  }
  if (form.dataset.line) go(Number(form.dataset.line), 1);
})();
