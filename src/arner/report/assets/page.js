// The address, the filters and the keys in, the section to show out.
const SECTIONS = ["texts", "index", "links", "time"];
const query = document.getElementById("query");
const kinds = document.getElementById("kind");
let section = "";
let stale = new Set(SECTIONS); // sections that do not show the filters' present state

const draw = {
  texts: () => {
    const found = drawList();
    const asked = current < 0 && /^#d\d/.test(location.hash); // the address names a text: `route` opens it
    if (found.length && !asked && !found.some((text) => text.number === current)) {
      openText(found[0].number);
      if (section === "texts" && location.hash) history.replaceState(null, "", `#d${current}`);
    }
    for (const mark of reader.querySelectorAll("a[data-m]")) mark.toggleAttribute("data-off", !shown(subjects[texts[current].mentions[mark.dataset.m][2]]));
    markHits();
  },
  index: drawIndex,
  links: () => {
    for (const name of document.querySelectorAll(".picture a")) name.classList.toggle("off", !shown(subjects[name.dataset.e]));
    for (const line of document.querySelectorAll(".picture line")) line.classList.toggle("off", ![line.dataset.a, line.dataset.b].every((n) => shown(subjects[n])));
  },
  time: drawTimeline,
};

function show(name) {
  hideCard();
  section = name;
  for (const one of SECTIONS) document.getElementById(`view-${one}`).hidden = one !== name;
  for (const link of document.querySelectorAll("header nav a")) {
    if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (stale.delete(name)) draw[name]();
}

function route() {
  const [, what, number, mention] = /^#([de])(\d+)(?:m(\d+))?$/.exec(location.hash) ?? [];
  if (what === "d" && texts[number]) {
    if (section !== "texts") show("texts");
    openText(Number(number), mention);
  } else if (what === "e" && subjects[number]) {
    show("index");
    openEntry(Number(number));
  } else {
    const name = location.hash.slice(1);
    show(SECTIONS.includes(name) ? name : "texts");
    window.scrollTo(0, 0);
  }
}

function changed() {
  hideCard(); // its mention may be hidden now, or its text no longer be shown
  filter.query = fold(query.value).trim();
  filter.kind = kinds.value;
  filter.labels = new Set([...document.querySelectorAll(".chips [aria-pressed=true]")].map((chip) => chip.dataset.label));
  stale = new Set(SECTIONS);
  stale.delete(section);
  draw[section]();
  const all = !filter.query && !filter.kind && filter.labels.size === 3;
  document.getElementById("found").textContent = all ? "" : `النصوص ${shownTexts().length} من ${texts.length} · الأسماء ${shownSubjects().length} من ${subjects.length}`;
}

let typing = 0;
query.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(changed, texts.length > 200 ? 160 : 40); });
kinds.addEventListener("change", changed);
document.getElementById("filters").addEventListener("submit", (event) => { event.preventDefault(); changed(); });
for (const chip of document.querySelectorAll(".chips button")) {
  chip.addEventListener("click", () => { chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true")); changed(); });
}
more.addEventListener("click", () => drawMore());
if (typeof IntersectionObserver === "function") {
  new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) drawMore(); }, {rootMargin: "600px"}).observe(more);
}

const markAt = (event) => event.target.closest?.(".text a[data-m]:not([data-off])");
reader.addEventListener("pointerover", (event) => { if (event.pointerType !== "touch" && markAt(event)) showCard(markAt(event)); });
reader.addEventListener("pointerout", (event) => { if (markAt(event)) hideSoon(); });
reader.addEventListener("focusin", (event) => { if (markAt(event)) showCard(markAt(event)); });
reader.addEventListener("focusout", (event) => { if (!card.contains(event.relatedTarget)) hideSoon(); });
// A finger can't hover: its first touch shows the card, which has the way on.
reader.addEventListener("click", (event) => {
  const mark = markAt(event);
  if (mark && event.pointerType === "touch") { event.preventDefault(); showCard(mark); }
});
card.addEventListener("pointerenter", () => clearTimeout(closing));
card.addEventListener("pointerleave", hideSoon);
document.addEventListener("pointerdown", (event) => { if (!card.hidden && !card.contains(event.target) && !markAt(event)) hideCard(); });

const picture = document.querySelector(".picture");
function light(event) {
  const name = event.target.closest?.("a[data-e]");
  const lines = [...picture.querySelectorAll("line")];
  const near = new Set(name ? [name.dataset.e] : []);
  for (const line of lines) {
    const touches = name && (line.dataset.a === name.dataset.e || line.dataset.b === name.dataset.e);
    line.classList.toggle("lit", Boolean(touches));
    if (touches) near.add(line.dataset.a).add(line.dataset.b);
  }
  picture.classList.toggle("lighting", Boolean(name));
  for (const other of picture.querySelectorAll("a")) other.classList.toggle("lit", near.has(other.dataset.e));
}
for (const kind of ["pointerover", "focusin"]) picture.addEventListener(kind, light);
for (const kind of ["pointerleave", "focusout"]) picture.addEventListener(kind, light);

function step(by) {
  const found = shownTexts();
  const at = found.findIndex((text) => text.number === current);
  const next = found[Math.max(0, Math.min(found.length - 1, at + by))];
  if (next) location.hash = `#d${next.number}`;
}

function stepMark(by) {
  const marks = [...reader.querySelectorAll(".text a[data-m]:not([data-off])")];
  const at = marks.indexOf(card.of ?? document.activeElement);
  goTo(marks[at < 0 ? (by > 0 ? 0 : marks.length - 1) : Math.max(0, Math.min(marks.length - 1, at + by))]);
}

// Keys by their place on the board, for an Arabic layout has other letters there.
const KEYS = {Slash: () => { query.focus(); query.select(); }, KeyJ: () => step(1), KeyK: () => step(-1), KeyN: () => stepMark(1), KeyP: () => stepMark(-1)};
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (!card.hidden) hideCard();
    else if (query.value && document.activeElement === query) { query.value = ""; changed(); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  const act = KEYS[event.key === "/" ? "Slash" : event.code];
  if (!act || (section !== "texts" && event.code !== "Slash")) return;
  event.preventDefault();
  act();
});

// The list beside the text begins where the head ends, however many lines that takes.
const head = document.querySelector("body > header");
new ResizeObserver(() => document.documentElement.style.setProperty("--head", `${head.offsetHeight}px`)).observe(head);
window.addEventListener("beforeprint", () => { if (section === "index") drawMore(pending.length); });
window.addEventListener("hashchange", route);
document.getElementById("no-links").hidden = Boolean(document.querySelector(".pairs li"));
document.querySelector(".picture").hidden = !document.querySelector(".picture svg");
route();
