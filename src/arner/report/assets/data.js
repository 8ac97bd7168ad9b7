// The page's JSON in, documents and subjects out, and which of them the filters let through.
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const LABELS = {PER: "أشخاص", ORG: "منظمات", LOC: "أماكن"};
const across = read("data");
const texts = read("documents");
const subjects = across.subjects.map(([label, kind, name, ref, en, country, seen, partners], number) => (
  {number, label, kind, name, ref, en, country, seen, partners, mentions: [], documents: 0}));
texts.forEach((text, number) => {
  text.number = number;
  text.subjects = new Map(); // subject → its mentions here
  text.mentions.forEach((mention, index) => {
    const subject = subjects[mention[2]];
    subject.mentions.push([number, index]);
    if (!text.subjects.has(subject)) { text.subjects.set(subject, []); subject.documents += 1; }
    text.subjects.get(subject).push(index);
  });
});

const filter = {query: "", labels: new Set(Object.keys(LABELS)), kind: ""};
const kindName = (kind) => across.kinds[kind] ?? kind;
const shown = (subject) =>
  filter.labels.has(subject.label) && (!filter.kind || filter.kind === `${subject.label} ${subject.kind}`);

function foldedText(text) {
  return text.folded ??= fold(`${text.title}\n${text.name}\n${text.date ?? ""}\n${text.text}`);
}

function foldedNames(subject) {
  return subject.folded ??= fold([subject.name, subject.en, subject.ref, ...subject.seen.map(([form]) => form)].join("\n"));
}

const isNamed = (subject) => foldedNames(subject).includes(filter.query);
const shownSubjects = () => subjects.filter((subject) => shown(subject) && (!filter.query || isNamed(subject)));

// A text is found by its words, and by a name of someone in it that stands there in another form.
function shownTexts() {
  const all = filter.labels.size === 3 && !filter.kind;
  const meant = new Set(filter.query ? subjects.filter(isNamed) : []);
  return texts.filter((text) => {
    const here = [...text.subjects.keys()];
    return (all || here.some(shown)) && (!filter.query || foldedText(text).includes(filter.query) || here.some((s) => meant.has(s)));
  });
}

// Elements are made here only, and text is only ever put into them as text.
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const named = (subject, href) => make("a", {class: `m ${subject.label}`, href: href ?? `#e${subject.number}`}, subject.name);
const count = (number, word) => make("span", {class: "n"}, word ? `${word} ${number}` : String(number));

const regions = typeof Intl.DisplayNames === "function" ? new Intl.DisplayNames(["ar"], {type: "region", fallback: "code"}) : null;
function countryName(code) {
  try { return regions ? regions.of(code) : code; } catch { return code; } // a user's list may hold any code
}

function monthName(month) {
  const [year, number] = month.split("-").map(Number);
  return new Intl.DateTimeFormat("ar-u-nu-latn", {month: "long", year: "numeric", timeZone: "UTC"}).format(Date.UTC(year, number - 1));
}
