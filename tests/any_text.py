"""Texts for property tests: any characters, lone surrogates too, rich in what pages and hostile inputs hold."""

from hypothesis import strategies as st

PIECES = (
    "<", ">", "&", "<b>", "</b>", "<p>", "</p>", "<br/>", "<a href='x'>", "<!--", "-->", "<script>", "</script>", "<b ",
    "&amp;", "amp;", "lt;", "&lt;", "&gt;", "&#38;", "&#", "&nbsp;", "\N{GREEK QUESTION MARK}",
    "logo", "ad a b", "ad", "إنظر أيضا", "طِباعَة", "طباعه", "مقالات ذات صلة",
    "\n", "\r\n", "\r", "\v", "\N{LINE SEPARATOR}", " ", "\t", "\N{NO-BREAK SPACE}", "\0",
    "\N{ZERO WIDTH SPACE}", "\N{RIGHT-TO-LEFT MARK}", "\N{ZERO WIDTH NO-BREAK SPACE}", "\N{ZERO WIDTH JOINER}",
    "\N{ARABIC TATWEEL}", "ﷲ", "ﻻ", "\N{ARABIC TATWEEL WITH FATHATAN ABOVE}",
    "\N{ARABIC LIGATURE SHADDA WITH FATHA ISOLATED FORM}", "\N{ARABIC LIGATURE BISMILLAH AR-RAHMAN AR-RAHEEM}",
    "ا", "أ", "ى", "ي", "و", "ه", "ە", "ة", "ک", "گ", "٣", "محمد", "الرباط",
    "\N{ARABIC FATHA}", "\N{ARABIC SHADDA}", "\N{ARABIC HAMZA ABOVE}", "\N{ARABIC HAMZA BELOW}",
    "\N{ARABIC MADDAH ABOVE}", "\N{ARABIC SIGN SALLALLAHOU ALAYHE WASSALLAM}", "\N{ARABIC NUMBER SIGN}",
    "e", "\N{COMBINING ACUTE ACCENT}", "\N{COMBINING GRAVE ACCENT BELOW}", "\N{COMBINING GREEK DIALYTIKA TONOS}",
    "\N{COMBINING LONG SOLIDUS OVERLAY}", "\N{ANGSTROM SIGN}", "\N{TIBETAN VOWEL SIGN II}",
    "\N{HANGUL CHOSEONG KIYEOK}", "\N{HANGUL JUNGSEONG A}", "\N{HANGUL JONGSEONG KIYEOK}", "\N{BENGALI VOWEL SIGN AA}",
    "\N{MAN}", "\N{EMOJI MODIFIER FITZPATRICK TYPE-4}", "\N{REGIONAL INDICATOR SYMBOL LETTER M}",
    "\ud800", "\udc00", "\U0010ffff", "\ufffe",
)  # fmt: skip

# `st.characters()` has the lone surrogates that `st.text()` leaves out.
texts = st.lists(st.sampled_from(PIECES) | st.characters(), max_size=16).map("".join)

# Each is repeated to a megabyte: what a step that looks back, ahead or at all pairs would choke on.
HOSTILE = (
    "<", "&", "<a", "<a ", "<a:", "<!--", "<script>", "<p>", "<p> x", "</p ", "&amp;", "&lt;b&gt;", "&am<b>p;", "&#",
    "\N{ARABIC FATHA}", "\N{ARABIC HAMZA ABOVE}", "\N{COMBINING ACUTE ACCENT}",
    "\N{COMBINING GRAVE ACCENT}\N{COMBINING GRAVE ACCENT BELOW}", "e\N{COMBINING ACUTE ACCENT}",
    "\N{ZERO WIDTH JOINER}", "\N{REGIONAL INDICATOR SYMBOL LETTER M}", "\N{MAN}\N{ZERO WIDTH JOINER}",
    "\N{ARABIC TATWEEL}", "\n", "\r", " ", "ad a b\n", "شارك ", "شارك" + " " * 155 + "x\n",
    "ﷲ", "\ud800", "[ads", "a b ",
)  # fmt: skip
