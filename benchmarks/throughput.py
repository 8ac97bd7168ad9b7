"""How fast arner is: `make throughput` prints MB/s, start-up and memory, and writes benchmarks/throughput.json.

Speed is that of whole processes from files to JSON Lines on a folder of articles (../shared/raw where it is there, else
the sample documents over and over), in MB of UTF-8 a second; ×ref is time divided by that of
`bytes.decode().split()` over the same
bytes in the same run, since machines are noisy. Start-up is a cold process for the longest sample document (of
../shared/seeds too, where they are there), the least of several runs.
Both are measured with the compiled core, where it is built, and in Python.
`--spacy` runs spaCy's EntityRuler with the same names over the same texts, where spaCy is installed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RAW = ROOT.parent / "shared" / "raw"
RESULTS = ROOT / "benchmarks" / "throughput.json"
ARNER = [sys.executable, "-c", "from arner.cli import main; main()"]
STAGES = ("scan", "tokens", "gazetteer", "rules", "runs", "decide", "result")


def articles(megabytes: float) -> list[Path]:
    """Return files that add up to so many megabytes."""
    files = sorted(RAW.rglob("*.txt")) if RAW.is_dir() else sorted((ROOT / "seeds").glob("*.txt"))
    chosen, size = [], 0.0
    while size < megabytes * 1e6:
        for file in files:
            chosen.append(file)
            size += file.stat().st_size
            if size >= megabytes * 1e6:
                break
    return chosen


def reference(texts: list[bytes]) -> float:
    """Return the seconds that decoding and splitting take."""
    begun = time.perf_counter()
    for text in texts:
        text.decode("utf-8", "replace").split()
    return time.perf_counter() - begun


def startup(runs: int = 7) -> tuple[float, float, int]:
    """Return the least seconds of a cold `arner tag` of the longest document, the most memory in MB and its bytes."""
    documents = [*(ROOT / "seeds").glob("*.txt"), *(ROOT.parent / "shared" / "seeds").glob("*.txt")]
    sample = max(documents, key=lambda path: path.stat().st_size)
    # The first run may have to compile the lexicon.
    subprocess.run([*ARNER, "tag", str(sample)], stdout=subprocess.DEVNULL, check=True)
    least, memory = 99.0, 0.0
    for _ in range(runs):
        begun = time.perf_counter()
        process = subprocess.Popen([*ARNER, "tag", str(sample)], stdout=subprocess.DEVNULL)
        _, _, usage = os.wait4(process.pid, 0)
        least = min(least, time.perf_counter() - begun)
        memory = max(memory, usage.ru_maxrss / 1024)
    return least, memory, sample.stat().st_size


def whole(files: list[Path], core: str = "on") -> tuple[float, float]:
    """Return the seconds of one process that tags all files to JSON Lines, and its memory in MB.

    `core` says whether by the compiled core (where it is built) or in Python (`off`).
    """
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", delete=False) as out:
        records = (
            json.dumps({"id": f.name, "text": f.read_text("utf-8", "replace")}, ensure_ascii=False) for f in files
        )
        out.write("\n".join(records))
    begun = time.perf_counter()
    command = [*ARNER, "tag", "--input", "jsonl", out.name]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, "ARNER_CORE": core})
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    Path(out.name).unlink()
    if status:
        raise SystemExit(f"arner ended with status {status}")
    return seconds, usage.ru_maxrss / 1024


def stages(texts: list[str]) -> dict[str, float]:
    """Return the seconds of each stage of the pipeline in Python over texts, in one warm process."""
    from arner import clean, decide, discourse, weigh
    from arner.context import Context
    from arner.recognizers import features, gazetteer, runs
    from arner.tagger import Tagger

    os.environ["ARNER_CORE"] = "off"
    tagger = Tagger()
    spent = dict.fromkeys(STAGES, 0.0)
    clock = time.perf_counter
    for text in texts:
        at = [clock()]
        cleaned = clean.scan(text, tagger.furniture)
        at.append(clock())
        tokens = tagger.words.tokens(cleaned.code)
        at.append(clock())
        found = list(gazetteer.matches(tagger.words, tokens))
        candidates = gazetteer.propose(tagger.words, tokens, found)
        at.append(clock())
        candidates += tagger.rules.propose(tokens)
        at.append(clock())
        reading = tagger.runs.read(tokens.words, features.phrase_tags(found, len(tokens.words)))
        candidates += runs.propose(reading, tokens)
        at.append(clock())
        pooled = weigh.pool(candidates)
        context = Context(tokens, reading, pooled)
        first = decide.choose(weigh.weigh(tagger.weights, context, pooled))
        pooled = weigh.pool((*pooled, *discourse.recall(tokens, discourse.lessons(tokens, first))))
        context = Context(tokens, reading, pooled, context)
        decide.choose(weigh.weigh(tagger.weights, context, pooled))
        at.append(clock())
        tagger.tag(text)
        total = clock() - at[-1]
        for stage, begun, ended in zip(STAGES, at, at[1:], strict=False):
            spent[stage] += ended - begun
        spent["result"] += max(0.0, total - (at[-1] - at[0]))
    return spent


def spacy_ruler(texts: list[str]) -> float:
    """Return the seconds of spaCy's EntityRuler with arner's names over texts."""
    import spacy

    from arner.lexicon.layout import gazetteer_files
    from arner.lexicon.read import read_file
    from arner.lexicon.schema import LABELS

    patterns = []
    for file in gazetteer_files(ROOT / "gazetteers"):
        for row in read_file(file):
            if label := LABELS.get(row.table):
                patterns += [{"label": label, "pattern": n} for n in (row["name"], *row.many("aliases"))]
    nlp = spacy.blank("ar")
    nlp.max_length = 10**9
    nlp.add_pipe("entity_ruler").add_patterns(patterns)
    begun = time.perf_counter()
    for text in texts:
        nlp(text)
    return time.perf_counter() - begun


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=10.0)
    parser.add_argument("--spacy", action="store_true")
    args = parser.parse_args()
    from arner import core

    files = articles(args.megabytes)
    data = [f.read_bytes() for f in files]
    size = sum(map(len, data)) / 1e6
    ref = min(reference(data) for _ in range(3))
    cold, memory_one, length = startup()
    seconds, memory = whole(files)
    in_python, memory_in_python = whole(files, "off")
    results: dict[str, object] = {
        "reference_mb_per_second": round(size / ref),
        "megabytes": round(size, 2),
        "files": len(files),
        "mb_per_second": round(size / seconds, 2),
        "times_reference": round(seconds / ref, 1),
        "memory_mb": round(memory, 1),
        "compiled_core": core.FILE.is_file(),
        "python_mb_per_second": round(size / in_python, 2),
        "python_memory_mb": round(memory_in_python, 1),
        "startup_seconds": round(cold, 3),
        "startup_bytes": length,
        "startup_memory_mb": round(memory_one, 1),
    }
    texts = [d.decode("utf-8", "replace") for d in data[: max(1, len(data) // 5)]]
    part = sum(len(t.encode()) for t in texts) / 1e6
    results["python_microseconds_per_kb"] = {k: round(v / part * 1e3, 1) for k, v in stages(texts).items()}
    if args.spacy:
        results["spacy_entity_ruler_mb_per_second"] = round(part / spacy_ruler(texts), 2)
    print(json.dumps(results, indent=1))
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
