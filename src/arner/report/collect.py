"""Tagged documents in, what they hold together out: who is named across them, under which forms, and with whom."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, Final, NamedTuple

from arner import letters
from arner.document import Candidate
from arner.tagger import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from arner.document import Entity, Noise

# A line end ends a sentence, and a stop does, but not behind the one letter of a title («د. بوريطة», «وأ. لفتيت»).
_SENTENCE_END: Final = re.compile(
    r"\n|(?:(?<=[^\W\d_]{2})(?<!(?<!\w)[وفلب][أدذم])|(?<=[\d\])»”\"]))[\])»”\"]?[.!?؟…]++[\])»”\"]?(?=\s)[^\S\n]*+\n?"
)
# A sentence that names more is a list, which links nobody; so the pairs stay linear in the text.
LONGEST_LIST: Final = 40
_TITLE_WORDS, _TITLE_LENGTH = 3, 110


class Said(NamedTuple):
    """What one mention says about its subject; mentions with one `key` have one subject.

    `form` is the mention as a reader would quote it: one line, no marks, the elided alef of «للمغرب» put back.
    """

    key: str
    label: str
    kind: str
    name: str
    ref: str | None
    en: str | None
    country: str | None
    form: str


class Subject(NamedTuple):
    """A person, organisation or place across documents: its commonest reading, its forms, the commonest first."""

    key: str
    label: str
    kind: str
    name: str
    ref: str | None
    en: str | None
    country: str | None
    forms: tuple[tuple[str, int], ...]
    mentions: int
    documents: int


class Link(NamedTuple):
    """Two subjects (their numbers, `a` < `b`) named in one sentence: in how many, in how many documents, where first.

    `first` is a document's number and that of the mention of one of them.
    """

    a: int
    b: int
    sentences: int
    documents: int
    first: tuple[int, int]


def matching(text: str) -> str:
    """Return the form by which names are compared: letters folded, marks off, one space between words.

    >>> matching("أحمد  الأمِّي") == matching("احمد الامي")
    True
    """
    return " ".join(letters.decode(letters.key(text)).split())


def said(entity: Entity, source: str) -> Said:
    """Return what an entity of a text says. One `ref` is one subject; without, one label and one name are.

    >>> from arner.document import Entity
    >>> said(Entity("e1", 0, 4, "أحمد", "PER", "person", "أحمد", None, None, 0.9, "c1"), "أحمد").key
    'PER:احمد'
    """
    span = Candidate(0, 0, entity.start, entity.end, entity.label, (), proclitic=entity.proclitic)
    key = entity.ref or f"{entity.label}:{matching(entity.name)}"
    country = entity.country if entity.ref and entity.country != "-" else None
    en = entity.en if entity.ref else None
    form = canonical(span, source) or entity.text
    return Said(key, entity.label, entity.kind, entity.name, entity.ref, en, country, form)


class Tally:
    """Counts subjects as mentions come; numbers them in the order in which they are first said."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self._readings: list[Counter[Said]] = []
        self._forms: list[Counter[str]] = []
        self._documents: list[int] = []
        self._last: list[int] = []

    def add(self, one: Said, document: int) -> int:
        """Count a mention and return the number of its subject. The documents come in the order of their numbers."""
        number = self.numbers.setdefault(one.key, len(self.numbers))
        if number == len(self._forms):
            self._readings.append(Counter())
            self._forms.append(Counter())
            self._documents.append(0)
            self._last.append(-1)
        self._readings[number][one._replace(form="")] += 1
        self._forms[number][one.form] += 1
        if self._last[number] != document:
            self._last[number] = document
            self._documents[number] += 1
        return number

    def subjects(self) -> list[Subject]:
        """Return all subjects by number; among equally common readings and forms, code points decide."""
        return [self._subject(number) for number in range(len(self.numbers))]

    def _subject(self, number: int) -> Subject:
        best = min(self._readings[number].items(), key=lambda item: (-item[1], [field or "" for field in item[0]]))[0]
        forms = tuple(sorted(self._forms[number].items(), key=lambda item: (-item[1], item[0])))
        return Subject(*best[:-1], forms, sum(count for _, count in forms), self._documents[number])


class Links:
    """Counts the pairs of subjects that sentences name together."""

    def __init__(self) -> None:
        self._sentences: Counter[tuple[int, int]] = Counter()
        self._documents: Counter[tuple[int, int]] = Counter()
        self._first: dict[tuple[int, int], tuple[int, int]] = {}

    def add(self, document: int, sentences: Sequence[int], subjects: Sequence[int]) -> None:
        """Count the pairs of a document: the sentence and the subject of each mention, in order."""
        together: dict[int, dict[int, int]] = {}
        for mention, (sentence, subject) in enumerate(zip(sentences, subjects, strict=True)):
            together.setdefault(sentence, {}).setdefault(subject, mention)
        here: set[tuple[int, int]] = set()
        for named in together.values():
            if len(named) > LONGEST_LIST:
                continue
            for pair in combinations(sorted(named), 2):
                self._sentences[pair] += 1
                here.add(pair)
                self._first.setdefault(pair, (document, min(named[pair[0]], named[pair[1]])))
        self._documents.update(here)

    def strongest(self) -> list[Link]:
        """Return all links, those of the most sentences first, then of the most documents, then the earliest."""
        links = [
            Link(*pair, count, self._documents[pair], self._first[pair]) for pair, count in self._sentences.items()
        ]
        return sorted(links, key=lambda link: (-link.sentences, -link.documents, link.first, link.a, link.b))


def sentences(source: str, starts: Iterable[int]) -> list[int]:
    r"""Return the number of the sentence in which each offset (in code points) lies.

    >>> sentences("وصل د. بوريطة أمس. ثم غادر\nالرباط", [7, 19, 27])
    [0, 1, 2]
    """
    ends = [found.end() for found in _SENTENCE_END.finditer(source)]
    return [bisect_right(ends, start) for start in starts]


def title_of(source: str, noise: Iterable[Noise]) -> str:
    """Return the first line outside page furniture that is long enough for a headline, cut to some 110 characters."""
    seen, at = [], 0
    for region in noise:
        seen.append(source[at : max(at, region.start)][:8192])
        at = max(at, region.end)
        if at > 8192:
            break
    seen.append(source[at : at + 8192])
    dropped = dict.fromkeys(map(ord, letters.TATWEEL + letters.INVISIBLE))
    lines = [line.split() for line in "".join(seen).translate(dropped).splitlines()]
    lines = [line for line in lines if line]
    words = next((line for line in lines if len(line) >= _TITLE_WORDS), lines[0] if lines else [])
    title = " ".join(words)
    if len(title) <= _TITLE_LENGTH:
        return title
    return (title[:_TITLE_LENGTH].rpartition(" ")[0] or title[:_TITLE_LENGTH]) + "…"
