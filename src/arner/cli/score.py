"""`arner score`: predictions against gold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from arner.cli import CHECK_FAILED, CONTEXT, DONE, Failure
from arner.cli.engine import guidelines_option
from arner.document import LABELS
from arner.engines import GUIDELINES, Engine
from arner.gold import GoldError, read_gold
from arner.score import Count, Score, Span, score
from arner.stored import outputs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arner.score import GoldText


@click.command(context_settings=CONTEXT)
@click.argument("gold", type=click.Path(exists=True, path_type=Path))
@click.argument("predicted", required=False, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--texts", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Where the texts of the gold are."
)
@click.option("--types", default=",".join(LABELS), show_default=True, help="The labels that count.")
@click.option("--errors", type=click.IntRange(0), default=0, help="How many errors to list, by cause.")
@click.option("--floor", type=click.FloatRange(0, 1), default=0.0, help="Exit 1 where micro F1 is below.")
@click.option(
    "--diff",
    "old",
    type=click.Path(exists=True, path_type=Path),
    help="An older output: list what was gained and lost.",
)
@guidelines_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    gold: Path,
    predicted: Path | None,
    texts: Path | None,
    types: str,
    errors: int,
    floor: float,
    old: Path | None,
    guidelines: str,
    *,
    as_json: bool,
) -> int:
    """Measure PREDICTED (JSON Lines of `arner tag`, or a folder of them) against GOLD (JSON files or CoNLL).

    Without PREDICTED, the texts of the gold are tagged now.
    """
    labels = tuple(t.strip().upper() for t in types.split(",") if t.strip())
    try:
        golds = read_gold(gold, texts, labels)
    except (GoldError, OSError) as error:
        raise Failure(str(error)) from None
    if predicted and guidelines != GUIDELINES[0]:
        raise Failure("--guidelines is for texts that are tagged now: leave PREDICTED out")
    result = score(list(zip(golds, _predictions(golds, predicted, guidelines), strict=True)))
    micro = result.micro()
    if as_json:
        click.echo(json.dumps(_summary(result), ensure_ascii=False))
    else:
        _print(result)
        _print_errors(result, errors)
        if old:
            before = score(list(zip(golds, _predictions(golds, old), strict=True)))
            _print_difference(before, result)
    return CHECK_FAILED if micro.f1 < floor else DONE


def _predictions(
    golds: Sequence[GoldText], predicted: Path | None, guidelines: str = GUIDELINES[0]
) -> list[list[Span]]:
    if predicted is None:
        from arner.tagger import Tagger

        tagger = Tagger(engine=Engine(guidelines=guidelines))
        return [[Span(e.start, e.end, e.label, e.ref) for e in tagger.tag(g.text).entities] for g in golds]
    found: dict[str, list[Span]] = {}
    for path in outputs(predicted):
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
            if line.strip():
                try:
                    doc = json.loads(line)
                    spans = [Span(e["start"], e["end"], e["label"], e.get("ref")) for e in doc["entities"]]
                    found[doc["doc"]] = spans
                except (ValueError, KeyError, TypeError):
                    raise Failure(f"{path}:{number}: not an object of schema arner/1") from None
    missing = [g.name for g in golds if g.name not in found and Path(g.name).name not in found]
    if missing:
        raise Failure(f"{predicted}: no prediction for {missing[0]} and {len(missing) - 1} more")
    return [found[g.name] if g.name in found else found[Path(g.name).name] for g in golds]


def _row(name: str, exact: Count, partial: Count) -> str:
    figures = (exact.precision, exact.recall, exact.f1, partial.precision, partial.recall, partial.f1)
    return f"{name:<6}" + "".join(f"{f:>9.3f}" for f in figures) + f"{exact.gold:>8}"


def _print(result: Score) -> None:
    click.echo("label " + "".join(f"{h:>9}" for h in ("P", "R", "F1", "P part", "R part", "F1 part")) + f"{'gold':>8}")
    for label in LABELS:
        if result.exact[label].gold or result.exact[label].predicted:
            click.echo(_row(label, result.exact[label], result.partial[label]))
    click.echo(_row("micro", result.micro(), result.micro(partial=True)))
    if result.refs:
        click.echo(f"refs right: {result.refs_right}/{result.refs} = {result.refs_right / result.refs:.3f}")


def _print_errors(result: Score, most: int) -> None:
    if not most:
        return
    causes: dict[str, int] = {}
    for error in result.errors:
        causes[error.cause] = causes.get(error.cause, 0) + 1
    click.echo()
    for cause, count in sorted(causes.items(), key=lambda c: (-c[1], c[0])):
        click.echo(f"{count:>6}  {cause}")
    click.echo()
    for e in result.errors[:most]:
        click.echo(f"{e.doc}\t{e.kind}\t{e.cause}\t{e.label}\t{e.text}\t{e.context}")


def _print_difference(before: Score, after: Score) -> None:
    old, new = ({(e.doc, e.kind, e.label, e.text, e.context) for e in s.errors} for s in (before, after))
    click.echo(f"\nF1 {before.micro().f1:.3f} -> {after.micro().f1:.3f}")
    for sign, errors in (("mended", sorted(old - new)), ("broken", sorted(new - old))):
        for error in errors:
            click.echo("\t".join((sign, *error)))


def _summary(result: Score) -> dict[str, object]:
    def figures(count: Count) -> dict[str, float]:
        return {
            "precision": round(count.precision, 4),
            "recall": round(count.recall, 4),
            "f1": round(count.f1, 4),
            "gold": count.gold,
        }

    exact = {label: figures(c) for label, c in result.exact.items()}
    partial = {label: figures(c) for label, c in result.partial.items()}
    return {
        "exact": {**exact, "micro": figures(result.micro())},
        "partial": {**partial, "micro": figures(result.micro(partial=True))},
        "refs": {"right": result.refs_right, "of": result.refs},
        "errors": [e._asdict() for e in result.errors],
    }
