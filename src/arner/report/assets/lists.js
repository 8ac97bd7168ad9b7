// Subjects and documents in, the index and the timeline out; what is folded away is made when it is opened.
const entries = document.getElementById("entries");
const more = document.getElementById("more");
const timeline = document.getElementById("periods");
const PART = 150; // entries made at a time
const MENTIONS = 40; // mentions that an entry shows at once
const AROUND = 46; // characters on either side of a mention
let pending = []; // subjects whose entries are not made yet

function drawIndex() {
  pending = shownSubjects();
  entries.replaceChildren();
  if (!pending.length) entries.append(make("li", {class: "empty"}, "لا اسم يطابق البحث"));
  drawMore();
}

function drawMore(most = PART) {
  entries.append(...pending.splice(0, most).map(entry));
  more.hidden = !pending.length;
}

function entry(subject) {
  const heading = make("summary", {}, make("span", {class: `m ${subject.label}`}, subject.name),
    make("bdi", {class: "en", dir: "ltr"}, subject.en ?? ""), make("span", {class: "kind"}, kindName(subject.kind)),
    count(subject.mentions.length, "الإشارات"), count(subject.documents, "النصوص"));
  const details = make("details", {id: `e${subject.number}`}, heading);
  details.addEventListener("toggle", () => { if (details.open && details.children.length === 1) details.append(about(subject)); });
  return make("li", {}, details);
}

function about(subject) {
  const seen = subject.seen.map(([form, number]) => make("li", {}, form, " ", count(number)));
  const partners = subject.partners.map(([other, sentences, text, mention]) =>
    make("li", {}, named(subjects[other]), " ", make("a", {class: "n", href: `#d${text}m${mention}`, title: "أول موضع"}, String(sentences))));
  const body = make("div", {class: "about"});
  if (subject.ref) body.append(make("p", {class: "ref"}, make("bdi", {dir: "ltr", class: "code"}, subject.ref), subject.country ? ` ${countryName(subject.country)}` : ""));
  body.append(make("h3", {}, "الصيغ الواردة"), make("ul", {class: "row"}, ...seen));
  if (partners.length) body.append(make("h3", {}, "يُذكر مع"), make("ul", {class: "row"}, ...partners));
  const places = make("ol", {class: "places"});
  body.append(make("h3", {}, "المواضع"), places);
  const draw = (from, to) => places.append(...subject.mentions.slice(from, to).map(([text, mention]) => place(texts[text], mention)));
  draw(0, MENTIONS);
  if (subject.mentions.length > MENTIONS) {
    const rest = make("button", {type: "button"}, `أظهر الباقي (${subject.mentions.length - MENTIONS})`);
    rest.addEventListener("click", () => { draw(MENTIONS); rest.remove(); });
    body.append(rest);
  }
  return body;
}

function place(text, index) {
  const [start, end] = text.mentions[index];
  // Whole words: the cut moves out to the next space.
  let from = Math.max(0, start - AROUND), to = Math.min(text.text.length, end + AROUND);
  if (from) from = Math.min(start, text.text.indexOf(" ", from) + 1 || start);
  if (to < text.text.length) to = Math.max(end, text.text.lastIndexOf(" ", to));
  const clip = (a, b) => text.text.slice(a, b).replace(/\s+/g, " ");
  return make("li", {}, make("a", {href: `#d${text.number}m${index}`},
    make("span", {class: "where"}, text.date && make("time", {datetime: text.date}, text.date), make("span", {}, text.title || text.name)),
    make("span", {class: "line"}, from ? "…" : "", clip(from, start), make("b", {}, clip(start, end)), clip(end, to), to < text.text.length ? "…" : "")));
}

function openEntry(number) {
  const subject = subjects[number];
  if (!subject) return;
  let details = document.getElementById(`e${number}`);
  if (!details) {
    const at = pending.indexOf(subject);
    if (at >= 0) drawMore(at + 1);
    else entries.prepend(entry(subject)); // filtered out, but asked for
    details = document.getElementById(`e${number}`);
  }
  details.open = true;
  if (details.children.length === 1) details.append(about(subject));
  details.scrollIntoView({block: "start"});
  details.firstElementChild.focus({preventScroll: true});
}

function drawTimeline() {
  const found = shownTexts();
  const dated = found.filter((text) => text.date).sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.number - b.number));
  const months = new Set(dated.map((text) => text.date.slice(0, 7)));
  const byYear = months.size > 6 && dated.length < 3 * months.size; // a month with a text or two is no group
  const groups = new Map();
  for (const text of dated) {
    const when = text.date.slice(0, byYear ? 4 : 7);
    if (!groups.has(when)) groups.set(when, []);
    groups.get(when).push(text);
  }
  const most = Math.max(1, ...[...groups.values()].map((group) => group.length));
  const opened = dated.length <= 60;
  timeline.replaceChildren(...[...groups].map(([when, group]) => period(byYear ? when : monthName(when), group, most, opened)));
  const undated = found.length - dated.length;
  if (undated) timeline.append(make("p", {class: "note"}, `بلا تاريخ: ${undated}`));
  if (!found.length) timeline.append(make("p", {class: "empty"}, "لا نص يطابق البحث"));
}

function period(title, group, most, opened) {
  const bar = make("span", {class: "bar-of"});
  bar.style.inlineSize = `${(group.length / most) * 100}%`;
  const details = make("details", {}, make("summary", {}, make("span", {class: "when"}, title), count(group.length), make("span", {class: "track", "aria-hidden": "true"}, bar)));
  const fill = () => {
    if (details.children.length > 1) return;
    details.append(make("ol", {}, ...group.map((text) => {
      const main = [...text.subjects].filter(([subject]) => shown(subject)).sort((a, b) => b[1].length - a[1].length).slice(0, 4);
      return make("li", {}, make("time", {datetime: text.date}, text.date), make("div", {},
        make("a", {href: `#d${text.number}`}, text.title || text.name),
        make("p", {class: "who"}, ...main.flatMap(([subject, mentions]) => [named(subject, `#d${text.number}m${mentions[0]}`), " "]))));
    })));
  };
  details.addEventListener("toggle", fill);
  if (opened) { fill(); details.open = true; }
  return details;
}
