"""What arner makes of a text beside camel_tools, and how fast: `make parity` writes benchmarks/parity.json.

For each function of camel_tools: the share of texts of which arner makes the same (the articles of ../shared/raw where
they are there, else the sample documents; and generated texts), and how often which difference was met and why it is
meant. For the four folds together and for arclean also the MB of UTF-8 a second of either side, the best of rounds that
take turns in one run: arner's fold does the work of all four at once, and `clean` keeps the way back to the source.
Ends with code 1 where a difference is not in tests/cases/camel_differences.tsv. Prints a table for the README.

Needs the light part of camel_tools: pip install --no-deps camel-tools, pip install six emoji.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import camel_parity  # noqa: E402
from arner import letters  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from camel_parity import Pair

RAW: Final = ROOT.parent / "shared" / "raw"
RESULTS: Final = ROOT / "benchmarks" / "parity.json"
ROUNDS: Final = 5
# What arner runs in the place of a function of camel_tools; it has no fold of one letter alone.
FAST: Final = {"all four": camel_parity.fold, "arclean": camel_parity.clean}
GENERATED: Final = 2000
PLAIN: Final = [*letters.LETTERS[:36], *letters.MARKS[:8], *"     .:()"]
ANY: Final = [*map(chr, (*range(0x600, 0x700), *range(0xFB50, 0xFE00), *range(0xFE70, 0xFF00)))]


def articles() -> list[str]:
    """Return the texts of the articles, or of the sample documents."""
    files = sorted(RAW.rglob("*.txt")) if RAW.is_dir() else sorted((ROOT / "seeds").glob("*.txt"))
    return [file.read_bytes().decode("utf-8", "replace") for file in files]


def generated(alphabet: Sequence[str]) -> list[str]:
    """Return random texts of 20 characters each, the same at every run."""
    chance = random.Random(0)  # noqa: S311
    return ["".join(chance.choices(alphabet, k=20)) for _ in range(GENERATED)]


def speeds(sides: Sequence[Callable[[str], object]], texts: Sequence[str]) -> list[float]:
    """Return the MB a second of functions over texts: the best of rounds in which they take turns."""
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts) / 1e6
    best = [0.0] * len(sides)
    for _ in range(ROUNDS):
        for number, side in enumerate(sides):
            begun = time.perf_counter()
            for text in texts:
                side(text)
            best[number] = max(best[number], size / (time.perf_counter() - begun))
    return best


def compared(pair: Pair, texts: Sequence[str]) -> tuple[float, Counter[tuple[str, str]]]:
    """Return the share of texts with equal results, and how often which character differs for which reason."""
    equal, met = 0, Counter[tuple[str, str]]()
    for text in texts:
        found = camel_parity.differences(pair, text)
        equal += not found
        met.update((d.source if len(d.source) == 1 else d.row.why if d.row else d.source, _why(d)) for d in found)
    return equal / len(texts), met


def _why(difference: camel_parity.Difference) -> str:
    return difference.row.why if difference.row else f"NOT LISTED: {camel_parity.named(difference)}"


def measured(pair: Pair, texts: dict[str, list[str]], megabytes: float) -> dict[str, object]:
    """Return all figures of a function."""
    shares, reasons = {}, {}
    for name, some in texts.items():
        shares[name], met = compared(pair, some)
        reasons[name] = _by_reason(met)
    figures = {"equal": {k: round(v, 4) for k, v in shares.items()}, "differences": reasons}
    if pair.name not in FAST:
        return figures
    sample, size = [], 0
    for text in texts["articles"]:
        if size < megabytes * 1e6:
            sample.append(text)
            size += len(text.encode("utf-8", "surrogatepass"))
    camel, arner = speeds((pair.camel, FAST[pair.name]), sample)
    rates = {"camel": round(camel, 1), "arner": round(arner, 1), "ratio": round(arner / camel, 2)}
    return {**figures, "mb_per_second": rates}


def _by_reason(met: Counter[tuple[str, str]]) -> dict[str, dict[str, object]]:
    reasons: dict[str, dict[str, object]] = {}
    totals = Counter[str]()
    for (_, why), count in met.items():
        totals[why] += count
    for why, total in sorted(totals.items(), key=lambda item: (-item[1], item[0])):
        characters = {c: n for (c, w), n in sorted(met.items(), key=lambda item: (-item[1], item[0])) if w == why}
        most = {f"U+{ord(c):04X}": n for c, n in characters.items() if len(c) == 1}
        reasons[why] = {"count": total, "characters": dict(list(most.items())[:12])}
    return reasons


def table(results: dict[str, dict[str, object]]) -> str:
    """Return the figures as a table in Markdown."""
    lines = [
        "| camel_tools | articles alike | plain Arabic | any Arabic characters | it, MB/s | arner, MB/s | times |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, result in results.items():
        equal, rates = result["equal"], result.get("mb_per_second", {})
        assert isinstance(equal, dict)
        assert isinstance(rates, dict)
        cells = ["all" if share == 1 else f"{share:.1%}".replace("100.0%", "> 99.9%") for share in equal.values()]
        cells += [str(rates.get(side, "–")) for side in ("camel", "arner", "ratio")]
        lines.append(f"| `{name}` | {' | '.join(cells)} |".replace("`all four`", "all four"))
    return "\n".join(lines)


def main() -> int:
    """Measure, write and print; return 1 where a difference is not meant."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=3.0, help="how much text speed is measured on")
    args = parser.parse_args()
    texts = {"articles": articles(), "plain": generated(PLAIN), "any": generated(ANY)}
    results = {pair.name: measured(pair, texts, args.megabytes) for pair in camel_parity.pairs()}
    whole = {"articles": len(texts["articles"]), "generated": GENERATED, "functions": results}
    RESULTS.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(table(results))
    stray = [why for r in results.values() for some in r["differences"].values() for why in some if why[:3] == "NOT"]
    print(*stray, sep="\n", file=sys.stderr)
    return 1 if stray else 0


if __name__ == "__main__":
    sys.exit(main())
