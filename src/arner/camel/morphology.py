"""Candidates in, the same with what the analyses of their words say: of the clitics split off, and of verb or name.

The analyses are those of a CALIMA database, by CAMeL Tools' analyzer. Words that it does not know say nothing.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from arner.camel import packages
from arner.document import Candidate, Evidence
from arner.engines import MORPHOLOGY, EngineError
from arner.lexicon.schema import BITS
from arner.recognizers.camel import written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arner.tokens import Tokens

FILE: Final = "morphology.db"
_NEEDS: Final = ("camel_tools",)
_FIRST_LINE: Final = b"###DEFINES###"
_UNKNOWN: Final = BITS["unknown"]
_KEPT: Final = 60_000  # analyses of words that are kept
# Values of an analysis' proclitics, without what stands behind «_», and the letters that arner splits off for them.
_CONJUNCTIONS: Final = {"wa": "و", "fa": "ف"}
_PREPOSITIONS: Final = {"bi": "ب", "li": "ل", "la": "ل", "ka": "ك"}


class Readings(NamedTuple):
    """What the analyses of a word say: the proclitics that they split off, and their parts of speech."""

    splits: frozenset[str]
    kinds: frozenset[str]


class Morphology(dict[str, Readings]):
    """The readings of words by the analyzer, worked out when a word is first met. `path` is the database's."""

    def __init__(self, analyzer: Any, path: Path) -> None:  # noqa: ANN401 -- of a package that need not be there
        super().__init__()
        self._analyzer = analyzer
        self.path = path

    def __missing__(self, word: str) -> Readings:
        if len(self) >= _KEPT:
            self.clear()
        analyses = self._analyzer.analyze(word)
        known = [a for a in analyses if a.get("source") not in ("foreign", "punc", "digit")]
        found = Readings(
            frozenset(proclitic(a.get("prc2", ""), a.get("prc1", "")) for a in known),
            frozenset(str(a.get("pos", "")) for a in known),
        )
        self[word] = found
        return found

    def judge(self, tokens: Tokens, candidates: Iterable[Candidate]) -> list[Candidate]:
        """Return candidates with the evidence of the analyses of their words added, once.

        A span that begins in a word of which arner's lexicon knows nothing begins where all its analyses say.
        """
        settled = (self._settled(tokens, c) for c in candidates)
        return [c._replace(evidence=(*c.evidence, *self._evidence(tokens, c))) for c in settled]

    def _settled(self, tokens: Tokens, candidate: Candidate) -> Candidate:
        word = tokens.words[candidate.first]
        if not word.mask & _UNKNOWN or candidate.ref:
            return candidate
        splits = self[written(word)].splits
        if len(splits) != 1 or candidate.proclitic in splits:
            return candidate
        ways = {proclitic: offset for proclitic, offset in word.stems.values() if proclitic in splits}
        if not ways and "" not in splits:
            return candidate
        (split,) = splits
        return candidate._replace(start=tokens.start(candidate.first) + ways.get(split, 0), proclitic=split)

    def _evidence(self, tokens: Tokens, candidate: Candidate) -> list[Evidence]:
        if any(e.recognizer == MORPHOLOGY for e in candidate.evidence):
            return []
        splits, kinds = self[written(tokens.words[candidate.first])]
        found: list[Evidence] = []
        if not splits:
            return found
        said = " or ".join(split or "nothing" for split in sorted(splits))
        if candidate.proclitic not in splits:
            found.append(Evidence(MORPHOLOGY, "no such split", 0.0, f"its analyses split off {said}"))
        elif candidate.proclitic and len(splits) == 1:
            found.append(Evidence(MORPHOLOGY, "this split", 0.0, f"all analyses split off {said}"))
        if candidate.last - candidate.first == 1:
            said = " or ".join(sorted(kinds))
            if all(map(_verbal, kinds)):
                found.append(Evidence(MORPHOLOGY, "only a verb", 0.0, f"its analyses: {said}"))
            elif "noun_prop" in kinds and not any(map(_verbal, kinds)):
                found.append(Evidence(MORPHOLOGY, "a name", 0.0, f"its analyses: {said}"))
        return found

    def fingerprint(self) -> bytes:
        """Return the hash of the database."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()


def _verbal(kind: str) -> bool:
    return kind.startswith("verb")


def proclitic(conjunction: str, preposition: str) -> str:
    """Return the proclitics of an analysis (its `prc2` and `prc1`) as arner writes them; the article is none.

    >>> proclitic("wa_conj", "bi_prep"), proclitic("0", "0")
    ('وب', '')
    """
    before = _CONJUNCTIONS.get(conjunction.partition("_")[0], "")
    return before + _PREPOSITIONS.get(preposition.partition("_")[0], "")


def find(given: str | bool) -> Path:
    """Return the file of a database: of a path, or of a name that CAMeL Tools knows. Raises EngineError."""
    packages.need(_NEEDS, "--morphology")
    if isinstance(given, str) and (Path(given).exists() or "/" in given or "\\" in given):
        path = Path(given)
        path = path / FILE if path.is_dir() else path
    else:
        path = packages.locate(packages.DATABASE, given if isinstance(given, str) else None) / FILE
    try:
        with path.open("rb") as file:
            begins = file.read(len(_FIRST_LINE))
    except OSError as error:
        raise EngineError(f"{path}: can't be read: {error.strerror}") from None
    if begins != _FIRST_LINE:
        raise EngineError(f"{path}: is no morphology database of CAMeL Tools: it begins with no ###DEFINES###")
    return path


def load(path: Path) -> Morphology:
    """Load a database. Raises EngineError."""
    with packages.quietly():
        analyzer = packages.load("camel_tools.morphology.analyzer")
        try:
            loaded = analyzer.MorphologyDB(str(path))
            found = Morphology(analyzer.Analyzer(loaded), path)
        except Exception as error:  # noqa: BLE001 -- whatever it finds wrong with the file
            raise EngineError(f"{path}: can't be loaded: {packages.first_line(error)}") from None
    if not (loaded.stem_hash and loaded.prefix_suffix_compat):
        raise EngineError(f"{path}: is cut short: it has no stems, or no table behind them")
    return found
