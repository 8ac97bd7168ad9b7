"""Tagged documents in, spaCy's formats out: training JSON, and a DocBin of whole documents.

The tokens of a document are cut where entities begin and end, so that every entity sits on token edges.
"""

from __future__ import annotations

from importlib import import_module
from itertools import chain
from typing import TYPE_CHECKING

from arner.export.conll import tokens
from arner.export.options import Options, UnavailableError
from arner.export.pieces import Rows, chunks, jsons
from arner.export.spans import each_flat, flat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arner.document import Tagged


def write_json(tagged: Iterable[Tagged], options: Options) -> Iterator[bytes]:  # noqa: ARG001
    """Yield one line a document: `{"text":…,"entities":[[start,end,label],…]}`."""
    for document in tagged:
        entities = Rows([e.start, e.end, e.label] for e in each_flat(document.entities))
        yield from chunks(chain(jsons({"text": document.document.source, "entities": entities}), "\n"))


def write_docbin(tagged: Iterable[Tagged], options: Options) -> Iterator[bytes]:  # noqa: ARG001
    """Yield a DocBin; refs are the entities' `kb_id_`, inner mentions the span group `nested`.

    The document's name is in `user_data["doc"]`. Raises UnavailableError where spaCy is not installed.
    """
    try:
        spacy = import_module("spacy")
    except ImportError:
        raise UnavailableError('the format spacy needs spaCy: pip install "arner[spacy]"') from None
    vocab = spacy.blank("ar").vocab
    docs = spacy.tokens.DocBin(attrs=["ENT_IOB", "ENT_TYPE", "ENT_KB_ID"], store_user_data=True)
    for document in tagged:
        source = document.document.source
        words, spaces = words_and_spaces(source, [(t.start, t.end) for t in tokens(document, nested=True)])
        doc = spacy.tokens.Doc(vocab, words=words, spaces=spaces, user_data={"doc": document.document.name})
        entities = flat(document.entities)
        doc.ents = [doc.char_span(e.start, e.end, e.label, kb_id=e.ref or "") for e in entities]
        inner = [m for e in entities for m in flat(e.nested)]
        doc.spans["nested"] = [doc.char_span(m.start, m.end, m.label, kb_id=m.ref or "") for m in inner]
        docs.add(doc)
    yield docs.to_bytes()


def words_and_spaces(source: str, spans: Iterable[tuple[int, int]]) -> tuple[list[str], list[bool]]:
    """Return the words of a spaCy document and whether a space follows each; together they are the source.

    What lies between the spans, but for one space behind a word, becomes a word of its own, as in spaCy.

    >>> words_and_spaces("في  فاس", [(0, 2), (4, 7)])
    (['في', ' ', 'فاس'], [True, False, False])
    """
    words: list[str] = []
    spaces: list[bool] = []
    last = 0
    for start, end in (*spans, (len(source), len(source))):
        gap = source[last:start]
        if gap.startswith(" ") and words:
            spaces[-1] = True
            gap = gap[1:]
        words += filter(None, (gap, source[start:end]))
        spaces += [False] * (len(words) - len(spaces))
        last = end
    return words, spaces
