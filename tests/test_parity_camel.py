"""arner's folds beside camel_tools': the same for every text, but for the differences that a table lists.

`cases/camel_differences.tsv`: code points or ranges of them, which camel keeps; what arner makes of each (a text, or
`dropped`, `unknown` for `?`, `lower` case, the `digit` in ASCII, a `space`); and why.
"""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner import letters, normalize
from arner.clean import Furniture

REASON = "camel_tools is not installed: pip install --no-deps camel-tools, pip install six emoji regex"
dediac = pytest.importorskip("camel_tools.utils.dediac", reason=REASON)
camel = pytest.importorskip("camel_tools.utils.normalize", reason=REASON)

TABLE = Path(__file__).parent / "cases" / "camel_differences.tsv"
# ASCII, the Arabic blocks, general punctuation with its invisible characters, and the presentation forms.
BLOCKS = (
    (0x00, 0x7F), (0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0x2000, 0x206F), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF),
)  # fmt: skip
DOMAIN = [chr(point) for first, last in BLOCKS for point in range(first, last + 1)]
PLAIN = "".join(letters.LETTERS) + letters.MARKS + " .،\n"


def stated(character, how):
    special = {"dropped": "", "unknown": "?", "space": " ", "lower": character.lower()}
    if how == "digit":
        return str(unicodedata.digit(character))
    return special.get(how, how)


def differences():
    """Return what the table says arner makes of each character in it."""
    table = {}
    for line in TABLE.read_text("utf-8").splitlines()[1:]:
        characters, how, why = line.split("\t")
        assert why
        for part in characters.split():
            first, _, last = part.partition("-")
            for point in range(int(first, 16), int(last or first, 16) + 1):
                assert chr(point) not in table, f"U+{point:04X} is listed twice"
                table[chr(point)] = stated(chr(point), how)
    return table


DIFFERENCES = differences()


def by_camel(text):
    text = camel.normalize_alef_ar(dediac.dediac_ar(text))
    return camel.normalize_teh_marbuta_ar(camel.normalize_alef_maksura_ar(text))


def by_arner(text):
    return letters.decode(letters.key(text))


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block[0]:04X}-{block[1]:04X}")
def test_the_table_is_the_whole_difference(block):
    for character in map(chr, range(block[0], block[1] + 1)):
        name = f"U+{ord(character):04X} {unicodedata.name(character, '')}"
        if character in DIFFERENCES:
            assert by_camel(character) == character, name
            assert by_arner(character) == DIFFERENCES[character] != character, name
        else:
            assert by_arner(character) == by_camel(character), name


@given(st.text(st.sampled_from(DOMAIN)))
def test_texts_fold_as_camel_folds_them_but_for_the_table(text):
    expected = "".join(DIFFERENCES[c] if c in DIFFERENCES else by_camel(c) for c in text)
    assert by_arner(text) == expected
    assert normalize.match(text).text == expected


@given(st.text(st.sampled_from([c for c in DOMAIN if c not in DIFFERENCES])))
def test_texts_without_these_characters_fold_alike(text):
    assert by_arner(text) == by_camel(text)


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ("normalize_alef_ar", "alef"),
        ("normalize_alef_maksura_ar", "ya"),
        ("normalize_teh_marbuta_ar", "ta-marbuta"),
    ],
)
def test_each_of_camels_folds_is_a_step_of_the_same_letters(function, reason):
    fold = getattr(camel, function)
    changed = {c: fold(c) for c in DOMAIN if fold(c) != c}
    for step in (normalize.match, lambda text: normalize.clean(text, fold=True, furniture=Furniture(()))):
        mine = {c: step(c).text for c in DOMAIN if {edit.reason for edit in step(c).edits} == {reason}}
        assert {c: text for c, text in mine.items() if c not in DIFFERENCES} == changed


@given(st.text(st.sampled_from(PLAIN)))
def test_cleaning_drops_the_diacritics_that_camel_drops(text):
    cleaned = normalize.clean(unicodedata.normalize("NFC", text), furniture=Furniture(())).text
    loose_hamza = dict.fromkeys(map(ord, "\N{ARABIC MADDAH ABOVE}\N{ARABIC HAMZA ABOVE}\N{ARABIC HAMZA BELOW}"))
    assert cleaned == dediac.dediac_ar(unicodedata.normalize("NFC", text)).translate(loose_hamza)
