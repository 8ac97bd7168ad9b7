"""How accurate arner is on annotated text: `make accuracy` prints a table and writes benchmarks/accuracy.json.

Exact-span precision, recall and F1 by label over PER, ORG and LOC, and the ladder: what lists alone reach, then with
clitics, rules, fitted evidence and discourse. The corpora stand beside the checkout in ../shared; those that are not
there are left out. `--errors K` prints K errors of each corpus by cause; `--train` adds the train splits, to watch
the gap.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "fit"))

import corpora  # noqa: E402

from arner import decide, weigh  # noqa: E402
from arner.context import Context  # noqa: E402
from arner.document import LABELS, Candidate  # noqa: E402
from arner.engines import GUIDELINES, Engine  # noqa: E402
from arner.gold import read_gold  # noqa: E402
from arner.score import Score, Span, score  # noqa: E402
from arner.tagger import Tagger  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arner.score import GoldText

CORPORA = ("seeds", "news:dev", "anercorp/dev", "cleananercorp/dev", "aqmar/dev", "wikifane/dev", "caraner/dev")
TRAIN = ("news:train", "anercorp/train", "cleananercorp/train", "aqmar/train", "caraner/train")
RESULTS = ROOT / "benchmarks" / "accuracy.json"


def _spans(candidates: Sequence[Candidate]) -> list[Span]:
    return [Span(c.start, c.end, c.label, c.ref) for c in candidates]


def _listed(tagger: Tagger, text: str, *, clitics: bool, rules: bool) -> list[Span]:
    """Tag with lists (and rules): the longest match wins, a list before a rule, a sure row before a weak one."""
    kept = []
    for c in tagger.propose(text).candidates:
        known = [e for e in c.evidence if e.recognizer == "gazetteer"]
        if known and (clitics or not c.proclitic):
            sure = not known[0].note.startswith("weak")
            kept.append(c._replace(points=(c.last - c.first) + 0.5 * sure))
        elif rules and any(e.recognizer == "rules" for e in c.evidence):
            kept.append(c._replace(points=(c.last - c.first) - 0.5))
    return _spans(decide.choose(kept))


def _fitted(tagger: Tagger, text: str) -> list[Span]:
    _, tokens, reading, candidates = tagger.propose(text)
    context = Context(tokens, reading, candidates)
    return _spans(decide.choose(weigh.weigh(tagger.weights, context, candidates)))


def _whole(tagger: Tagger, text: str) -> list[Span]:
    return [Span(e.start, e.end, e.label, e.ref) for e in tagger.tag(text).entities]


LADDER: dict[str, Callable[[Tagger, str], list[Span]]] = {
    "lists": lambda t, x: _listed(t, x, clitics=False, rules=False),
    "+ clitics": lambda t, x: _listed(t, x, clitics=True, rules=False),
    "+ rules": lambda t, x: _listed(t, x, clitics=True, rules=True),
    "+ fitted evidence": _fitted,
    "+ discourse": _whole,
}


def measure(golds: Sequence[GoldText], tag: Callable[[str], list[Span]]) -> Score:
    """Return the score of a way to tag."""
    return score([(gold, tag(gold.text)) for gold in golds])


def _figures(result: Score) -> dict[str, dict[str, float]]:
    counts = {**result.exact, "micro": result.micro()}
    return {
        name: {"p": round(c.precision, 4), "r": round(c.recall, 4), "f1": round(c.f1, 4), "gold": c.gold}
        for name, c in counts.items()
        if c.gold or c.predicted
    }


def _print(name: str, figures: dict[str, dict[str, float]], partial: float) -> None:
    cells = [f"{name:<20}"]
    for label in ("micro", *LABELS):
        f = figures.get(label)
        cells.append(f"{f['p']:.3f} {f['r']:.3f} {f['f1']:.3f}" if f else f"{'-':^17}")
    print("  ".join(cells), f" {partial:.3f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", nargs="*")
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--ladder", action="store_true")
    parser.add_argument("--train", action="store_true")
    args = parser.parse_args()
    names = args.corpora or [*CORPORA, *(TRAIN if args.train else ())]
    tagger, owns = Tagger(), {own: Tagger(engine=Engine(guidelines=own)) for own in GUIDELINES[1:]}
    results: dict[str, object] = {}
    head = "".join(f"  {h:^17}" for h in ("micro P R F1", *(f"{x} P R F1" for x in LABELS)))
    print(f"{'corpus':<20}{head}  partial F1")
    samples = read_gold(ROOT / "seeds" / "gold", ROOT / "seeds")
    for name, golds in [("samples", samples), *((n, corpora.load(n)) for n in names if corpora.present(n))]:
        result = measure(golds, lambda text: _whole(tagger, text))
        figures = _figures(result)
        entry: dict[str, object] = {"exact": figures, "partial_f1": round(result.micro(partial=True).f1, 4)}
        _print(name, figures, result.micro(partial=True).f1)
        if result.refs:
            entry["refs"] = [result.refs_right, result.refs]
            print(f"{'':<20}  refs right: {result.refs_right}/{result.refs}")
        if args.ladder:
            steps = {
                step: round(measure(golds, lambda x, w=way: w(tagger, x)).micro().f1, 3) for step, way in LADDER.items()
            }
            entry["ladder"] = steps
            print(f"{'':<20}  " + "  ".join(f"{step} {f1:.3f}" for step, f1 in steps.items()))
        if args.errors:
            entry["causes"] = dict(Counter(f"{e.kind}: {e.cause}" for e in result.errors).most_common())
            for e in result.errors[:: max(1, len(result.errors) // args.errors)][: args.errors]:
                print("   ", f"{e.kind} | {e.cause} | {e.label} | {e.text} | {e.context} | {e.doc}")
        if owner := owns.get(name.partition("/")[0]):
            own = measure(golds, lambda text, by=owner: _whole(by, text))
            entry["own_guidelines"] = {"exact": _figures(own), "partial_f1": round(own.micro(partial=True).f1, 4)}
            _print("  own guidelines", _figures(own), own.micro(partial=True).f1)
        results[name] = entry
    if not args.corpora:
        RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
