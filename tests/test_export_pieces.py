"""Long documents written in pieces: the pieces add up to the bytes of the whole, in every format."""

from dataclasses import replace
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner import parts, spilled
from arner.export import FORMATS, Options, pieces
from arner.export.options import dumps
from command_line import ROOT
from export_documents import ALL

leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4))


def with_rows(value, depth):
    """Return a value with `Rows` in place of its lists of some depth."""
    if isinstance(value, dict):
        return {key: with_rows(inner, depth - 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_rows(inner, depth - 1) for inner in value] if depth else pieces.Rows(iter(value))
    return value


@given(values, st.integers(0, 3), st.sampled_from([None, 1, 2]))
def test_pieces_add_up_to_the_json_of_the_whole(value, depth, indent):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "_CHUNK", 3)
        patch.setattr(pieces, "_BATCH", 2)
        assert "".join(pieces.jsons(with_rows(value, depth), indent)) == dumps(value, indent)
        inside = "".join(pieces.jsons([with_rows(value, depth)], indent))
        assert inside == dumps([value], indent)


def test_of_many_rows_few_are_held():
    taken = 0

    def rows():
        nonlocal taken
        for taken in range(1, 1_000_001):
            yield {"id": taken}

    first = next(pieces.chunks(pieces.jsons({"rows": pieces.Rows(rows())})))
    assert first.startswith(b'{"rows":[{"id":1},')
    assert taken < 50_000


@pytest.fixture(scope="module")
def long_text(tagger):
    """The sample documents as one text of some thirty parts, tagged with all evidence."""
    source = "\n\n".join(path.read_text("utf-8") for path in sorted((ROOT / "seeds").glob("*.txt")))
    source += "\n<p>😀 قال\N{LINE SEPARATOR}ناصر بوريطة</p>\r\n\N{RIGHT-TO-LEFT MARK}جامعة محمد الخامس بالرباط\ud800\n"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "LONGEST", 1000)
        patch.setattr(spilled, "BATCH", 7)
        return tagger.tag(source, "a/b.txt", explain=True)


@pytest.mark.parametrize("form", [name for name in FORMATS if name != "spacy"])
@pytest.mark.parametrize("count", [1, 2])
def test_results_on_disk_are_written_as_those_in_memory(form, count, long_text, monkeypatch):
    whole = replace(
        long_text, entities=tuple(long_text.entities), relations=tuple(long_text.relations),
        noise=tuple(long_text.noise),
    )  # fmt: skip
    assert any(e.nested for e in whole.entities)
    assert any(r.org for r in whole.relations)
    others = ALL[: count - 1]
    for unit in FORMATS[form].units or ("codepoint",):
        options = Options(unit, nested=True, explain=True)
        due = b"".join(FORMATS[form].write([whole, *others], options))
        with monkeypatch.context() as patch:
            patch.setattr(pieces, "_CHUNK", 100)
            patch.setattr(pieces, "_BATCH", 3)
            written = list(FORMATS[form].write([long_text, *others], options))
        assert b"".join(written) == due
        assert len(written) > 20 or form == "html", "it is held as a whole"
        assert max(map(len, islice(written, 5))) < len(due) / 20 or form == "html"
