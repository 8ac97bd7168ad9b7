"""How much of annotated text the gazetteers know: prints a table and writes shares, and no name, to coverage.json.

By corpus and label: of the distinct entities (folded text, proclitics off), the share whose whole text is a key of the
lexicon with that label, by a sure form alone or by any; of the distinct words of person names, the share that the name
lists hold, with or without the article. `--gazetteers DIR` measures another state of the lists, `--state` names it:

    git archive 923ca25 gazetteers | tar -x -C /tmp
    python benchmarks/coverage.py --gazetteers FOLDER --state "first stock"
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "fit"))

import corpora  # noqa: E402

from arner import clitics, letters  # noqa: E402
from arner.document import LABELS  # noqa: E402
from arner.lexicon import load  # noqa: E402
from arner.lexicon.schema import BITS  # noqa: E402
from arner.recognizers import gazetteer  # noqa: E402
from arner.tokens import Words  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arner.score import GoldText

CORPORA: Final = ("news:dev", "anercorp/dev", "aqmar/dev", "wikifane/dev")
RESULTS: Final = ROOT / "benchmarks" / "coverage.json"
_SURE: Final = BITS["given"] | BITS["family"]
_PARTICLES: Final = sum(BITS[name] for name in ("kunya", "nasab", "abd", "laqab", "particle"))
_PARTS: Final = _SURE | BITS["given-weak"] | BITS["family-weak"] | _PARTICLES


class Shares(NamedTuple):
    """How many distinct items there are, and the shares of them known by a sure entry and by any."""

    distinct: int
    sure: float
    known: float


def names(golds: Iterable[GoldText]) -> Iterator[tuple[str, bytes]]:
    """Yield the label and the coded text of each gold entity, the elided alef of «لل…» put back."""
    for gold in golds:
        for span in gold.spans:
            if span.label in gold.labels:
                text = gold.text[span.start : span.end]
                elided = text.startswith("ل") and not gold.words and gold.text[span.start - 1 : span.start] == "ل"
                yield span.label, letters.encode("ا" + text if elided else text)


def distinct(words: Words, coded: Iterable[bytes]) -> dict[bytes, bytes]:
    """Return the texts of distinct folded keys.

    A proclitic comes off where the rest stands elsewhere in the corpus by itself: what the lexicon knows has no say, so
    that two states of it are measured on the same entities.
    """
    keys = {b" ".join(word.key for word in words.tokens(text).words if word.size): text for text in coded}
    keys.pop(b"", None)
    return {key: text for key, text in keys.items() if not any(way.stem in keys for way in clitics.peel(key))}


def entry(words: Words, coded: bytes, label: str) -> tuple[bool, bool]:
    """Return whether a sure key of the lexicon with this label covers the whole text, and whether any key does."""
    tokens = words.tokens(coded)
    count = sum(1 for word in tokens.words if word.size)
    mask = 0
    for match in gazetteer.matches(words, tokens):
        if match.first == 0 and match.last == count:
            mask |= match.record.mask
    sure, weak = BITS[label.lower()], BITS[f"{label.lower()}-weak"]
    return bool(mask & sure), bool(mask & (sure | weak))


def part(words: Words, key: bytes) -> tuple[bool, bool]:
    """Return whether a word of a person's name is in the name lists as sure, and whether it is in them at all.

    The article may be off or on, and a proclitic before the word.
    """
    mask = 0
    for stem in (key, *(way.stem for way in clitics.peel(key))):
        for form in (stem, stem.removeprefix(clitics.AL), clitics.AL + stem):
            record = words.record(form)
            mask |= record.mask if record else 0
        if mask & _PARTS:
            break
    return bool(mask & (_SURE | _PARTICLES)), bool(mask & _PARTS)


def share(found: Sequence[tuple[bool, bool]]) -> Shares:
    """Return the shares of pairs (sure, known)."""
    total = max(1, len(found))
    sure, known = (sum(pair[i] for pair in found) for i in (0, 1))
    return Shares(len(found), round(sure / total, 4), round(known / total, 4))


def measure(words: Words, golds: Sequence[GoldText]) -> dict[str, Shares]:
    """Return the shares of a corpus: by label, of all labels together and of the words of person names."""
    listed: dict[str, list[bytes]] = {label: [] for label in LABELS}
    for label, coded in names(golds):
        listed[label].append(coded)
    found = {
        label: [entry(words, text, label) for text in distinct(words, coded).values()]
        for label, coded in listed.items() if coded
    }
    shares = {"all": share([pair for pairs in found.values() for pair in pairs])}
    shares |= {label: share(pairs) for label, pairs in found.items()}
    people = {word.key for coded in listed["PER"] for word in words.tokens(coded).words if word.size > 1}
    people = {key for key in people if not any(way.stem in people for way in clitics.peel(key))}
    shares["name parts"] = share([part(words, key) for key in sorted(people)])
    return shares


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", help="news:dev, anercorp/dev …; then nothing is written")
    parser.add_argument("--gazetteers", type=Path, help="the lists to measure instead of the checkout's")
    parser.add_argument("--state", default="now", help="the name under which the results are written (now)")
    args = parser.parse_args()
    words = Words(load.compiled(args.gazetteers) if args.gazetteers else load.built_in())
    results: dict[str, dict[str, dict[str, float]]] = {}
    print(f"{'corpus':<14}{'of':<12}{'distinct':>8}{'sure':>8}{'sure or weak':>14}")
    for name in filter(corpora.present, args.corpora or CORPORA):
        shares = measure(words, corpora.load(name))
        for label, (number, sure, known) in shares.items():
            print(f"{name:<14}{label:<12}{number:>8}{sure:>8.3f}{known:>14.3f}")
        results[name] = {label: found._asdict() for label, found in shares.items()}
    if not args.corpora:
        written = json.loads(RESULTS.read_text("utf-8")) if RESULTS.is_file() else {}
        RESULTS.write_text(json.dumps(written | {args.state: results}, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
