"""arner's folds and cleaning beside camel_tools': the same for every text, but for the differences that a table lists.

The table is `cases/camel_differences.tsv`; `camel_parity.py` reads it and finds the differences.
"""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import any_text
import camel_parity
from arner import letters, normalize
from arner.clean import Furniture

REASON = "camel_tools is not installed: pip install --no-deps camel-tools, pip install six emoji"
dediac = pytest.importorskip("camel_tools.utils.dediac", reason=REASON)
camel = pytest.importorskip("camel_tools.utils.normalize", reason=REASON)

PAIRS = {pair.name: pair for pair in camel_parity.pairs()}
# Letters and signs of Latin and Arabic texts, general punctuation with its invisible characters, symbols, and the
# presentation forms.
BLOCKS = (
    (0x00, 0x5FF), (0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0x2000, 0x206F), (0x20A0, 0x218F), (0x2200, 0x22FF),
    (0x2500, 0x27BF), (0x3000, 0x30FF), (0xFB50, 0xFDFF), (0xFE00, 0xFE0F), (0xFE70, 0xFEFF),
    (0x1F300, 0x1F6FF), (0x1F900, 0x1F9FF),
)  # fmt: skip
DOMAIN = [chr(point) for first, last in BLOCKS for point in range(first, last + 1)]
MARKUP = [p for p in any_text.PIECES if p.isascii() or all(c in DOMAIN for c in p)]
UNLISTED = {
    name: st.sampled_from([c for c in DOMAIN if (name, c) not in camel_parity.table() and c not in "<&\r"])
    for name in PAIRS
}
PLAIN = "".join(letters.LETTERS) + letters.MARKS + " .،\n"


@pytest.mark.parametrize("name", PAIRS)
def test_the_table_is_the_whole_difference_character_by_character(name):
    pair = PAIRS[name]
    listed = {character for function, character in camel_parity.table() if function == name and len(character) == 1}
    assert listed <= set(DOMAIN)
    for character in DOMAIN:
        found = camel_parity.differences(pair, character)
        assert all(difference.row for difference in found), camel_parity.named(found[0])
        assert bool(found) == (character in listed), f"U+{ord(character):04X} is listed and no difference"


@pytest.mark.parametrize("name", PAIRS)
@given(st.lists(st.sampled_from(DOMAIN) | st.sampled_from(MARKUP), max_size=12).map("".join))
def test_no_text_has_a_difference_that_is_not_in_the_table(name, text):
    pair = PAIRS[name]
    found = camel_parity.differences(pair, text)
    assert bool(found) == (pair.camel(text) != pair.arner(text).text)
    assert all(difference.row for difference in found), camel_parity.named(next(d for d in found if not d.row))


@pytest.mark.parametrize("name", PAIRS)
@given(st.data())
def test_texts_without_what_is_listed_come_out_alike(name, data):
    text = data.draw(st.text(UNLISTED[name]))
    assert PAIRS[name].arner(text).text == PAIRS[name].camel(text)


@given(st.text(st.sampled_from(DOMAIN)))
def test_the_fold_of_look_ups_is_that_of_match(text):
    assert letters.decode(camel_parity.fold(text)) == normalize.match(text).text


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ("normalize_alef_ar", "alef"),
        ("normalize_alef_maksura_ar", "ya"),
        ("normalize_teh_marbuta_ar", "ta-marbuta"),
    ],
)
def test_cleaning_with_fold_has_the_same_steps(function, reason):
    fold = getattr(camel, function)
    changed = {c: fold(c) for c in DOMAIN if fold(c) != c}
    cleaned = {c: normalize.clean(c, fold=True, furniture=Furniture(())) for c in DOMAIN}
    mine = {c: made.text for c, made in cleaned.items() if {edit.reason for edit in made.edits} == {reason}}
    assert {c: text for c, text in mine.items() if (function, c) not in camel_parity.table()} == changed


@given(st.text(st.sampled_from(PLAIN)))
def test_cleaning_drops_the_diacritics_that_camel_drops(text):
    cleaned = normalize.clean(unicodedata.normalize("NFC", text), furniture=Furniture(())).text
    loose_hamza = dict.fromkeys(map(ord, "\N{ARABIC MADDAH ABOVE}\N{ARABIC HAMZA ABOVE}\N{ARABIC HAMZA BELOW}"))
    assert cleaned == dediac.dediac_ar(unicodedata.normalize("NFC", text)).translate(loose_hamza)
