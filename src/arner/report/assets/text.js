// A document in, the reading view out: its text with the mentions marked, and the card that explains one.
const list = document.querySelector("#list ol");
const reader = document.getElementById("reader");
const card = document.getElementById("card");
let current = -1; // the document in the reader
let closing = 0; // the timer that takes the card away

function drawList() {
  const found = shownTexts();
  list.replaceChildren(...found.map((text) => {
    const tallies = Object.keys(LABELS).map((label) => {
      const number = text.mentions.filter((m) => subjects[m[2]].label === label).length;
      return make("span", {class: `tally ${label}`, title: LABELS[label], "aria-label": `${LABELS[label]} ${number}`}, String(number));
    });
    const meta = make("span", {class: "meta"}, text.date && make("time", {datetime: text.date}, text.date),
      make("span", {class: "tallies"}, ...tallies), make("bdi", {class: "file", dir: "ltr"}, text.name));
    return make("li", {}, make("a", {href: `#d${text.number}`, "aria-current": text.number === current ? "true" : null},
      make("span", {class: "title"}, text.title || text.name), meta));
  }));
  if (!found.length) list.append(make("li", {class: "empty"}, texts.length ? "لا نص يطابق البحث" : "لا نصوص"));
  return found;
}

// The pieces of a stretch of the text: plain, page furniture, and mentions as links to their entry in the index.
function pieces(text, first, last) {
  const made = [];
  const plain = (from, to) => {
    for (const [start, end, reason] of text.noise) {
      if (end <= from || start >= to) continue;
      if (start > from) made.push(text.text.slice(from, start));
      made.push(make("span", {class: reason === "html-tag" ? "markup" : "noise", title: reason}, text.text.slice(Math.max(from, start), Math.min(to, end))));
      from = Math.min(to, end);
    }
    if (from < to) made.push(text.text.slice(from, to));
  };
  let at = first;
  text.mentions.forEach(([start, end, number], index) => {
    if (start < first || start >= last) return;
    plain(at, start);
    const subject = subjects[number];
    made.push(make("a", {class: `m ${subject.label}`, href: `#e${number}`, "data-m": index, "data-off": !shown(subject)}, text.text.slice(start, end)));
    at = end;
  });
  plain(at, last);
  return made;
}

// The text, its first real line set as a headline.
function body(text) {
  const length = text.text.length, at = text.title ? text.text.indexOf(text.title) : -1;
  const line = at < 0 ? -1 : text.text.indexOf("\n", at);
  const end = line < 0 ? length : line + 1;
  if (at < 0 || end - at > 200 || text.mentions.some((m) => (m[0] < at && m[1] > at) || (m[0] < end && m[1] > end))) {
    return [make("h2", {}, text.title || text.name), make("div", {class: "text"}, ...pieces(text, 0, length))];
  }
  return [make("div", {class: "text"}, ...pieces(text, 0, at), make("h2", {}, ...pieces(text, at, end)), ...pieces(text, end, length))];
}

function namesOf(text) {
  const groups = Object.entries(LABELS).map(([label, title]) => {
    const here = [...text.subjects].filter(([subject]) => subject.label === label).sort((a, b) => b[1].length - a[1].length);
    if (!here.length) return null;
    const items = here.map(([subject, mentions]) =>
      make("li", {}, named(subject, `#d${text.number}m${mentions[0]}`), " ", mentions.length > 1 ? count(mentions.length) : null));
    return make("div", {}, make("h3", {}, title), make("ul", {}, ...items));
  });
  return make("aside", {class: "names", "aria-label": "الأسماء في هذا النص"}, ...groups);
}

function openText(number, mention) {
  const text = texts[number];
  if (!text) { reader.replaceChildren(); return; }
  if (number !== current) {
    current = number;
    const step = (to, word) => make("a", {class: "step", href: texts[to] ? `#d${to}` : null, "aria-disabled": texts[to] ? null : "true"}, word);
    reader.replaceChildren(
      make("header", {class: "meta"}, text.date && make("time", {datetime: text.date}, text.date),
        make("bdi", {class: "file", dir: "ltr"}, text.name),
        make("span", {class: "steps"}, step(number - 1, "السابق"), step(number + 1, "التالي"))),
      make("div", {}, ...body(text)), namesOf(text));
    for (const link of list.querySelectorAll("a")) {
      if (link.hash === `#d${number}`) { link.setAttribute("aria-current", "true"); link.scrollIntoView({block: "nearest"}); }
      else link.removeAttribute("aria-current");
    }
    if (mention === undefined) window.scrollTo(0, 0);
    markHits();
  }
  if (mention !== undefined) goTo(reader.querySelector(`[data-m="${mention}"]`));
}

function goTo(mark) {
  if (!mark) return;
  mark.scrollIntoView({block: "center"});
  mark.focus({preventScroll: true});
}

// The hits of the search are painted over the text without touching it.
function markHits() {
  if (!CSS.highlights) return;
  CSS.highlights.delete("hit");
  const shownText = reader.querySelector(".text");
  if (!filter.query || !shownText) return;
  const way = [], starts = [], nodes = [], ranges = [];
  const folded = fold(texts[current].text, way);
  const walker = document.createTreeWalker(shownText, NodeFilter.SHOW_TEXT);
  for (let at = 0; walker.nextNode(); at += walker.currentNode.length) { nodes.push(walker.currentNode); starts.push(at); }
  const place = (offset) => {
    let low = 0, high = starts.length - 1;
    while (low < high) { const middle = (low + high + 1) >> 1; if (starts[middle] <= offset) low = middle; else high = middle - 1; }
    return [nodes[low], offset - starts[low]];
  };
  for (let at = folded.indexOf(filter.query); at >= 0; at = folded.indexOf(filter.query, at + filter.query.length)) {
    const range = document.createRange();
    range.setStart(...place(way[at]));
    const [node, offset] = place(way[at + filter.query.length - 1]);
    range.setEnd(node, Math.min(node.length, offset + 1));
    ranges.push(range);
  }
  for (const mark of shownText.querySelectorAll("a[data-m]")) {
    if (!isNamed(subjects[texts[current].mentions[mark.dataset.m][2]])) continue;
    const range = document.createRange();
    range.selectNodeContents(mark);
    ranges.push(range);
  }
  if (!ranges.length) return;
  CSS.highlights.set("hit", new Highlight(...ranges));
  const box = ranges[0].getBoundingClientRect(), height = document.documentElement.clientHeight;
  if (document.activeElement !== query && box.bottom > height) window.scrollBy(0, box.top - height / 3);
}

function explain(mark) {
  const text = texts[current];
  const index = Number(mark.dataset.m);
  const [, , number, score, form, reasons] = text.mentions[index];
  const subject = subjects[number];
  const rows = [];
  const row = (name, ...values) => rows.push(make("dt", {}, name), make("dd", {}, ...values));
  row("النوع", [LABELS[subject.label], kindName(subject.kind), subject.country && countryName(subject.country)].filter(Boolean).join(" · "));
  if (form && form !== subject.name) row("كما ورد", form);
  if (subject.ref) row("المرجع", make("bdi", {dir: "ltr", class: "code"}, subject.ref));
  for (const [person, role, organisation] of text.roles) {
    if (person === index) row("الصفة", role, typeof organisation === "number" ? " — " + subjects[organisation].name : organisation ? make("bdi", {dir: "ltr", class: "code"}, " " + organisation) : null);
  }
  row("الثقة", make("meter", {min: 0, max: 100, value: score, "aria-hidden": "true"}), ` ${(score / 100).toFixed(2)}`);
  row("ورد", `الإشارات ${subject.mentions.length} · النصوص ${subject.documents}`);
  if (reasons.length) row("الأدلة", make("ul", {class: "reasons", dir: "ltr"}, ...reasons.map((r) => make("li", {}, make("bdi", {}, across.reasons[r])))));
  card.replaceChildren(
    make("p", {class: "head"}, make("span", {class: `m ${subject.label}`}, subject.name), subject.en && make("bdi", {class: "en", dir: "ltr"}, subject.en)),
    make("dl", {}, ...rows), make("a", {class: "open", href: `#e${number}`}, "في الفهرس"));
}

function showCard(mark) {
  clearTimeout(closing);
  if (card.of === mark) return;
  hideCard();
  explain(mark);
  card.of = mark;
  mark.setAttribute("aria-describedby", "card");
  for (const other of reader.querySelectorAll(`.text a[href="${mark.getAttribute("href")}"]`)) other.classList.add("same");
  card.hidden = false;
  const at = mark.getClientRects()[0], room = document.documentElement;
  const left = Math.min(Math.max(8, at.right - card.offsetWidth), room.clientWidth - card.offsetWidth - 8);
  const below = at.bottom + 8 + card.offsetHeight <= room.clientHeight || at.top < card.offsetHeight + 8;
  card.style.left = `${left + window.scrollX}px`;
  card.style.top = `${(below ? at.bottom + 8 : at.top - card.offsetHeight - 8) + window.scrollY}px`;
}

function hideCard() {
  clearTimeout(closing);
  if (card.of) card.of.removeAttribute("aria-describedby");
  card.of = null;
  card.hidden = true;
  for (const mark of reader.querySelectorAll(".same")) mark.classList.remove("same");
}

const hideSoon = () => { clearTimeout(closing); closing = setTimeout(hideCard, 180); };
