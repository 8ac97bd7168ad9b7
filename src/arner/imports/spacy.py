"""spaCy's formats in, tagged documents out: training JSON, `Doc.to_json`, and the DocBin where spaCy is installed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from arner.decoding import InputError
from arner.document import Document
from arner.export.options import UnavailableError
from arner.files import opened
from arner.imports.doccano import triples
from arner.imports.found import Found, Labels, Read, tagged
from arner.imports.values import each, field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arner.files import Source
    from arner.imports.texts import Texts


def read_json(source: Source, texts: Texts, labels: Labels) -> Iterator[Read | InputError]:  # noqa: ARG001
    """Yield the documents of `{"text":…,"entities":[[start,end,label],…]}` lines.

    Also of `["text", {"entities":…}]` pairs in an array, and of `Doc.to_json`, whose spans are `ents`. None of them
    has names: a document is named by file and line.
    """
    return each(source, lambda where, value: _document(where, value, labels))


def _document(where: str, value: Any, labels: Labels) -> Read:  # noqa: ANN401 -- of JSON
    if isinstance(value, list) and len(value) == 2 and isinstance(value[1], dict):
        value = {"text": value[0], **value[1]}
    text = field(where, value, "text", str)
    spans = field(where, value, "ents" if "ents" in value else "entities", list)
    if all(isinstance(span, dict) for span in spans):
        found = [
            Found(field(where, e, "start", int), field(where, e, "end", int), field(where, e, "label", str))
            for e in spans
        ]
    else:
        found = list(triples(where, spans))
    return Read(tagged(Document(where, text), found, labels, where), where)


def read_docbin(source: Source, texts: Texts, labels: Labels) -> Iterator[Read | InputError]:  # noqa: ARG001
    """Yield the documents, named by `user_data["doc"]`; `kb_id_` is the ref, the span group `nested` holds inner names.

    Raises UnavailableError where spaCy is not installed.
    """
    try:
        spacy = import_module("spacy")
    except ImportError:
        raise UnavailableError('the format spacy needs spaCy: pip install "arner[spacy]"') from None
    with opened(source) as file:
        data = file.read()
    try:
        docs = list(spacy.tokens.DocBin().from_bytes(data).get_docs(spacy.blank("ar").vocab))
    except Exception as error:  # noqa: BLE001 -- whatever zlib, msgpack and spaCy raise for bytes that are none
        raise InputError(source.name, f"is no DocBin of spaCy ({type(error).__name__})") from None
    for number, doc in enumerate(docs, 1):
        where = f"{source.name}:{number}"
        spans = [*doc.ents, *doc.spans.get("nested", ())]
        found = [Found(s.start_char, s.end_char, s.label_, ref=s.kb_id_ or None) for s in spans]
        yield Read(tagged(Document(str(doc.user_data.get("doc") or where), doc.text), found, labels, where), where)
