// A text in, the form by which names are compared out: letters folded, marks, hamza and tatweel off, one space.
const LETTERS = new Map(Object.entries({
  "ٱ": "ا", "ى": "ي", "ی": "ي", "ے": "ي", "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ک": "ك", "ڭ": "ك", "ݣ": "ك", "گ": "ك",
  "پ": "ب", "چ": "ج", "ژ": "ج", "ڤ": "ف",
}));
const forms = new Map();

function formOf(character) {
  let form = forms.get(character);
  if (form === undefined) {
    // Decomposed, أ is ا and a mark, so that dropping the marks folds all hamza seats at once.
    const letters = character.normalize("NFKD").toLowerCase().replace(/[\p{M}\p{Cf}\u0640\u0621]/gu, "");
    form = "";
    for (const letter of letters) form += LETTERS.get(letter) ?? letter;
    if (/^[\s\u0085]+$/.test(character)) form = " ";
    else if (/^[\u0660-\u0669\u06f0-\u06f9]$/.test(character)) form = String(character.charCodeAt(0) & 15);
    forms.set(character, form);
  }
  return form;
}

// With `way`, an array, puts the offset in `text` of each unit of the result into it.
function fold(text, way) {
  let out = "", at = 0, space = false;
  for (const character of text) {
    const form = formOf(character);
    if (form !== " " || !space) {
      out += form;
      if (way) for (let i = 0; i < form.length; i++) way.push(at);
      if (form) space = form === " ";
    }
    at += character.length;
  }
  return out;
}
