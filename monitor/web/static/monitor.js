"use strict";
// Live news and keys. The page gives the words (data-*), the server the cards; no HTML is made here.

const part = (selector, inside = document) => inside.querySelector(selector);
const cards = () => [...document.querySelectorAll("main .story, main .found")];
const headline = (inside) => part("h2 a, h3 a", inside) ?? part("a", inside);

function live(box) {
  const list = document.getElementById("stories");
  const [state, again, pause, fresh, said] = [".state", ".again", ".pause", ".fresh-ones", ".said"].map((each) => part(each, box));
  const words = box.dataset, title = document.title, waiting = new Map();
  let source = null, last = "", timer = 0, patience = 5000, paused = false, unseen = 0;

  const say = (text) => { if (state.textContent !== text) state.textContent = text; };
  const moment = (card) => Date.parse(part("time", card)?.dateTime);

  const close = () => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };

  const open = () => {
    close();
    if (paused) return;
    const address = new URL(words.events, location.href);
    if (last) address.searchParams.set("after", last);
    source = new EventSource(address);
    source.onopen = () => { patience = 5000; say(words.on); };
    source.onerror = () => {
      say(words.lost);
      if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      timer = setTimeout(open, patience); // it was refused: a browser gives up, and we do not yet
      patience = Math.min(2 * patience, 300000);
    };
    source.addEventListener("story", heard);
    source.addEventListener("reload", () => { again.hidden = false; });
  };

  // A browser keeps six connections to a server for all its tabs: those that nobody sees leave them to the one that is
  // looked at, and ask once a minute.
  const rest = () => {
    close();
    timer = setTimeout(() => { open(); timer = setTimeout(rest, 5000); }, 60000);
  };

  const isRead = () => list.getBoundingClientRect().top < 0 || list.contains(document.activeElement);

  const heard = (event) => {
    const { story, html, was } = JSON.parse(event.data);
    last = event.lastEventId;
    if (was) document.getElementById(`story-${was}`)?.remove();
    const made = document.createElement("template");
    made.innerHTML = html;
    const card = part(".story", made.content), shown = document.getElementById(card.id);
    if (shown) return replace(shown, card);
    if (document.hidden) document.title = `(${++unseen}) ${title}`;
    waiting.delete(card.id);
    waiting.set(card.id, card);
    if (waiting.size === 1 && !isRead()) {
      said.textContent = words.new.replace("{title}", story.title);
      return show();
    }
    fresh.textContent = waiting.size === 1 ? words.one : words.many.replace("{n}", waiting.size);
    fresh.hidden = false;
  };

  const replace = (shown, card) => {
    const held = shown.contains(document.activeElement) && document.activeElement.getAttribute("href");
    shown.replaceWith(card);
    if (held) ([...card.querySelectorAll("a")].find((each) => each.getAttribute("href") === held) ?? headline(card)).focus({ preventScroll: true });
  };

  const show = () => {
    fresh.hidden = true;
    part("main .empty")?.remove();
    for (const card of waiting.values()) {
      const older = [...list.querySelectorAll(":scope > .story")].find((each) => moment(each) <= moment(card));
      if (!older && part("main .turns a")) continue; // it stands on a later page
      if (older) older.before(card); else list.append(card);
      card.classList.add("fresh");
      setTimeout(() => card.classList.remove("fresh"), 30000);
    }
    waiting.clear();
  };

  fresh.onclick = (click) => {
    show();
    scrollTo({ top: 0, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    if (!click.detail) headline(list)?.focus({ preventScroll: true }); // pressed by a key: it must not get lost
  };
  pause.onclick = () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", paused);
    if (paused) { close(); say(words.off); } else open();
  };

  const tabs = new BroadcastChannel("live");
  const look = () => {
    unseen = 0;
    document.title = title;
    tabs.postMessage("look");
    open();
  };
  tabs.onmessage = () => { if (document.hidden && !paused) rest(); };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => { if (event.persisted) look(); });
  box.hidden = false;
  look();
}

function keys(help) {
  const pages = new Map([...help.querySelectorAll("[data-key]")].map((each) => [each.dataset.key, each.href]));
  const switched = part("input", help), opener = part(".keys-opener");
  const kept = () => { try { return localStorage; } catch { return {}; } }; // a browser may keep nothing
  switched.checked = kept().keys !== "off";
  switched.onchange = () => { kept().keys = switched.checked ? "on" : "off"; };
  opener.hidden = false;
  opener.onclick = () => help.showModal();
  let wentAt = 0;

  const step = (by) => {
    const all = cards(), here = all.findIndex((each) => each.contains(document.activeElement));
    const next = here < 0 ? all.findIndex((each) => each.getBoundingClientRect().bottom > 0) : here + by;
    if (!all[next]) return;
    headline(all[next]).focus({ preventScroll: true });
    all[next].scrollIntoView({ block: "nearest" });
  };
  const does = {
    j: () => step(1),
    k: () => step(-1),
    o: () => { const card = document.activeElement.closest(".story, .found"); if (card) headline(card).click(); },
    n: () => { const fresh = part(".fresh-ones"); if (fresh && !fresh.hidden) fresh.click(); },
    g: () => { wentAt = Date.now(); },
    "/": () => part("main input[type=search], #seek")?.focus(),
    "?": () => help.showModal(),
  };
  addEventListener("keydown", (press) => {
    if (press.ctrlKey || press.metaKey || press.altKey || press.isComposing || !switched.checked || help.open) return;
    if (press.target.closest("input, textarea, select, [contenteditable]")) return;
    const page = Date.now() - wentAt < 1500 ? pages.get(press.key) : undefined;
    wentAt = 0;
    if (!page && !Object.hasOwn(does, press.key)) return;
    press.preventDefault();
    if (page) location.assign(page); else does[press.key]();
  });
}

for (const box of document.querySelectorAll("#live")) live(box);
for (const help of document.querySelectorAll("#keys")) keys(help);
