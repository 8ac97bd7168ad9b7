"""`arner compare`: two engines' or tools' entities of the same texts, side by side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from arner import agreement, files, imports
from arner.cli import CONTEXT, DONE, Failure
from arner.cli.convert import import_options, make_labels, tell_left_out
from arner.imports.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arner.agreement import Both, Comparison, Row
    from arner.document import Document
    from arner.imports.found import Labels, Read
    from arner.score import GoldText, Score, Span


@click.command(context_settings=CONTEXT)
@click.argument("a", type=click.Path(exists=True))
@click.argument("b", type=click.Path(exists=True))
@click.option("--gold", type=click.Path(exists=True, path_type=Path), help="What is right: JSON files or CoNLL.")
@import_options
@click.option(
    "--from-a", type=click.Choice(list(imports.FORMATS)), metavar="FORMAT", help="A's format.  [default: found out]"
)
@click.option(
    "--from-b", type=click.Choice(list(imports.FORMATS)), metavar="FORMAT", help="B's format.  [default: found out]"
)
@click.option("--show", type=click.IntRange(0), default=50, show_default=True, help="How many differences to list.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(**given: Any) -> int:  # noqa: ANN401 -- click passes the options by name
    """Compare A and B, two outputs of any formats that can be read (`arner formats`), on the same texts.

    Each is a file or folder. Both found a name (agreed), found it with another label or other borders (overlap), or
    only one found it. With --gold also the precision, recall and F1 of either.

    CoNLL has no offsets: its tokens are put back on the texts, which the other side has or --source gives.
    """
    labels = make_labels(given["labels"])
    gold = _read_gold(given["gold"], given["texts"])
    sides = _read(given, labels, gold)
    try:
        found = agreement.compare(*sides, gold)
    except agreement.Mismatch as error:
        raise Failure(str(error)) from None
    if not found.documents:
        raise Failure("A and B have no document in common: neither its name nor its text")
    scores = found.scores()
    if given["form"] == "json":
        whole = json.dumps(_summary(found, scores), ensure_ascii=False, indent=2)
        click.echo(whole.encode("utf-8", "backslashreplace"))
    else:
        from arner.cli import compare_tables

        compare_tables.show(found, scores, given["show"])
    _tell(found, labels, judged=bool(gold))
    return DONE


def _read_gold(gold: Path | None, texts: str | None) -> list[GoldText]:
    if gold is None:
        return []
    from arner.gold import GoldError, read_gold

    try:
        return read_gold(gold, Path(texts) if texts and Path(texts).is_dir() else None)
    except (GoldError, OSError) as error:
        raise Failure(str(error)) from None


def _read(given: dict[str, Any], labels: Labels, gold: Sequence[GoldText]) -> tuple[list[Read], list[Read]]:
    """Return the documents of both sides; the one whose files hold texts is read first, and lends them to the other."""
    from arner.document import Document

    sides: dict[str, list[Read]] = {}
    known: list[Document] = [Document(g.name, g.text) for g in gold]
    files_ = {side: _sources(given[side], given[f"from_{side}"]) for side in ("a", "b")}
    for side in sorted(files_, key=lambda s: not all(form.text for _, form in files_[s])):
        texts = Texts(given["texts"], known)
        sides[side] = [one for source, form in files_[side] for one in _documents(source, form, texts, labels)]
        known += (one.tagged.document for one in sides[side] if one.whole and not one.made)
    return sides["a"], sides["b"]


def _sources(path: str, form: str | None) -> list[tuple[files.Source, imports.Format]]:
    read = imports.FORMATS[form] if form else None
    found = imports.find(path, read)
    if not found:
        raise Failure(f"{files.printable(path)}: holds no file that can be read")
    return [(source, read or imports.detect(source)) for source in found]


def _documents(source: files.Source, form: imports.Format, texts: Texts, labels: Labels) -> Iterator[Read]:
    for one in form.read(source, texts, labels):
        if isinstance(one, files.InputError):
            raise one
        yield one


def _tell(found: Comparison, labels: Labels, *, judged: bool) -> None:
    for side, names in (("A", found.only_a), ("B", found.only_b)):
        if names:
            more = f" and {len(names) - 1:,} more" if len(names) > 1 else ""
            click.echo(f"arner: only {side} has {files.printable(names[0])}{more}", err=True)
    without = sum(document.gold is None for document in found.documents)
    if judged and without:
        click.echo(f"arner: {without:,} of {len(found.documents):,} documents have no gold", err=True)
    tell_left_out(labels)


def _summary(found: Comparison, scores: tuple[Score, Score] | None) -> dict[str, Any]:
    """Return all as one object; offsets count code points."""
    documents = [{"doc": one.name, "rows": [_row(row, one) for row in one.rows]} for one in found.documents]
    counts = {label: {how: counts[how] for how in agreement.HOWS} for label, counts in found.counts().items()}
    whole: dict[str, Any] = {"counts": counts, "only_a": found.only_a, "only_b": found.only_b, "documents": documents}
    if scores:
        whole["gold"] = {side: _figures(one) for side, one in zip("ab", scores, strict=True)}
    return whole


def _row(row: Row, document: Both) -> dict[str, Any]:
    a, b = ([_object(span, document) for span in side] for side in (row.a, row.b))
    return {"how": row.how, "a": a, "b": b}


def _object(span: Span, document: Both) -> dict[str, Any]:
    source = agreement.source(document)
    words = source[span.start : span.end]
    return {"start": span.start, "end": span.end, "text": words, "label": span.label, "ref": span.ref}


def _figures(one: Score) -> dict[str, dict[str, float]]:
    counts = {**one.exact, "all": one.micro()}
    return {
        label: {"precision": round(c.precision, 4), "recall": round(c.recall, 4), "f1": round(c.f1, 4), "gold": c.gold}
        for label, c in counts.items()
    }
