"""Rule files in (`rules/*.toml`), rules out: the language that rules are written in.

It is small and closed. A pattern is a row of elements parted by spaces; `<` and `>` stand around what is taken, the
elements outside are its context.

    role the:nationality? < given|family/unknown-!definite{1,4} > comma|stop

An element names classes joined by `|`: those of `schema.BITS`, `anything`, `inflected` (an unknown word with a pronoun
or nunation behind, or a proclitic and the article before) and the groups that `rules/classes.toml` names. Words in
quotes, alone or beside classes, stand for themselves: `latin|'وكالة|شبكة'`; like a class, a word stands for itself with
its article and without. `-!` takes a class, a group or words out: `noun-!honorific-!'يوم'`. `/` parts alternatives,
each with its own prefixes and its own `-!`. Before the classes may stand
    the:   the word carries the article            bare:  the word does not
    and:   the word carries و or ف                 to:    the word carries ب, ل or ك
    in:    the word carries ب                      for:   the word carries ل (or is listed with it: للدراسات)
    any:   the word may carry any of them
An element that is not the first matches a word with a proclitic only where one of these says so. An unknown word
that begins with و, ب or ل stands for itself, and for the rest of it behind `and:`, `in:`, `to:` and `for:`.
Behind an element may stand `?`, `*` (0 to 8), `+` (1 to 8) or `{m,n}`. An element takes as many words as leave a
match for the rest. A `newline` stands before the first word of a text and behind its last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from arner import letters
from arner.document import LABELS
from arner.lexicon.schema import BITS, KINDS
from arner.lexicon.schema import LABELS as LABEL_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# Beyond the bits of the schema: which preposition it is; an unknown word that is no bare name.
IN, FOR, INFLECTED = (1 << (len(BITS) + n) for n in range(3))
_DEFINITE, _CONJUNCTION, _PREPOSITION = (BITS[name] for name in ("definite", "conjunction", "preposition"))
_CLITICS = _CONJUNCTION | _PREPOSITION
_PREFIXES = {"the": _DEFINITE, "and": _CONJUNCTION, "to": _PREPOSITION, "in": IN, "for": FOR}
_MOST = 8
FOLDER = Path(__file__).parent.parent / "rules"
_COUNT = re.compile(r"(?:([?*+])|\{(\d),(\d)\})$")
_PREFIX = re.compile(r"(the|bare|and|to|in|for|any):")
_REQUIRED = ("id", "label", "pattern", "why", "examples", "counterexamples")
_KEYS = frozenset((*_REQUIRED, "kind"))
_KINDS = {LABEL_OF[table]: frozenset(kinds) for table, kinds in KINDS.items()}


class RuleError(ValueError):
    """A rule that breaks the language; the text names the rule and what is wrong."""


class Check(NamedTuple):
    """What a word must be: one of `some` classes or of `words`, all of `every`, nothing of `none` or `barred`."""

    some: int
    every: int
    none: int
    words: frozenset[bytes]
    barred: frozenset[bytes]


Group = tuple[Check, ...]


class Element(NamedTuple):
    """One element: `least` to `most` words, each of which passes one of the checks."""

    checks: Group
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what it is called, what it proposes, its elements and which of them are taken (opens to closes)."""

    id: str
    label: str
    kind: str
    why: str
    pattern: str
    elements: tuple[Element, ...]
    opens: int
    closes: int
    examples: tuple[str, ...] = field(repr=False)
    counterexamples: tuple[str, ...] = field(repr=False)


def parse(entry: Mapping[str, Any], groups: Mapping[str, Group]) -> Rule:
    """Return the rule of one `[[rule]]` table. Raises RuleError where it breaks the language."""
    name = entry.get("id", "?")
    if unknown := sorted(set(entry) - _KEYS):
        raise RuleError(f"rule {name}: unknown key {unknown[0]!r}; one of: {' '.join(sorted(_KEYS))}")
    if missing := [key for key in _REQUIRED if not entry.get(key)]:
        raise RuleError(f"rule {name}: {missing[0]} is missing")
    label, kind = entry["label"], entry.get("kind", "")
    if label not in LABELS:
        raise RuleError(f"rule {name}: label {label!r} is not one of: {' '.join(LABELS)}")
    if kind and kind not in _KINDS[label]:
        raise RuleError(f"rule {name}: kind {kind!r} is not one of: {' '.join(sorted(_KINDS[label]))}")
    elements: list[Element] = []
    marks: dict[str, list[int]] = {"<": [], ">": []}
    for text in entry["pattern"].split():
        if text in marks:
            marks[text].append(len(elements))
        else:
            elements.append(_element(text, f"rule {name}", groups, first=not elements))
    if not (len(marks["<"]) == len(marks[">"]) == 1 and marks["<"] < marks[">"]):
        raise RuleError(f"rule {name}: mark what is taken with one < and one >")
    opens, closes = marks["<"][0], marks[">"][0]
    if not (elements[0].least and elements[opens].least):
        raise RuleError(f"rule {name}: the first element, and the first behind <, must match at least one word")
    given = (tuple(entry["examples"]), tuple(entry["counterexamples"]))
    return Rule(name, label, kind, entry["why"], entry["pattern"], tuple(elements), opens, closes, *given)


def stored(data: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Return the rules that `listed` gave, without their examples: what the compiled lexicon holds.

    Parsing the patterns anew would take 20 ms of every run.
    """
    checks = [
        Check(some, every, none, *(frozenset(key.encode("latin-1") for key in keys) for keys in (words, barred)))
        for some, every, none, words, barred in data["checks"]
    ]
    return tuple(_restored(rule, checks) for rule in data["rules"])


def _restored(rule: Sequence[Any], checks: Sequence[Check]) -> Rule:
    name, label, kind, why, pattern, parts, opens, closes = rule
    elements = tuple([Element(tuple([checks[n] for n in numbers]), least, most) for numbers, least, most in parts])
    return Rule(name, label, kind, why, pattern, elements, opens, closes, (), ())


def listed() -> dict[str, Any]:
    """Return arner's own rules as plain data for JSON, without their examples. Raises RuleError where one is wrong."""
    checks: dict[Check, int] = {}
    rules = []
    for rule in built_in():
        elements = [
            [[checks.setdefault(check, len(checks)) for check in element.checks], element.least, element.most]
            for element in rule.elements
        ]
        rules.append([rule.id, rule.label, rule.kind, rule.why, rule.pattern, elements, rule.opens, rule.closes])
    plain = [
        [c.some, c.every, c.none, *(sorted(key.decode("latin-1") for key in keys) for keys in (c.words, c.barred))]
        for c in checks
    ]
    return {"checks": plain, "rules": rules}


def _element(text: str, where: str, groups: Mapping[str, Group], *, first: bool) -> Element:
    shown = text
    least, most = 1, 1
    if count := _COUNT.search(text):
        text = text[: count.start()]
        signs = {"?": (0, 1), "*": (0, _MOST), "+": (1, _MOST)}
        least, most = signs[count[1]] if count[1] else (int(count[2]), int(count[3]))
        if not least <= most <= _MOST or not most:
            raise RuleError(f"{where}: the count of {shown!r} must go up, to {_MOST} at most")
    return Element(_checks(text, where, groups, 0 if first else _CLITICS), least, most)


def _checks(text: str, where: str, groups: Mapping[str, Group], clitics: int) -> Group:
    """Return the checks of an element or a group; `clitics` are those that a word may not carry unless it is said."""
    return tuple(check for part in text.split("/") for check in _alternative(part, where, groups, clitics))


def _alternative(text: str, where: str, groups: Mapping[str, Group], clitics: int) -> Iterator[Check]:
    every, none = 0, clitics
    while prefix := _PREFIX.match(text):
        text = text[prefix.end() :]
        if prefix[1] == "bare":
            none |= _DEFINITE
        elif prefix[1] == "any":
            none &= ~_CLITICS
        else:
            every |= _PREFIXES[prefix[1]]
            none &= ~(_CONJUNCTION if prefix[1] == "and" else _PREPOSITION)
    wanted, *without = text.split("-!")
    barred: frozenset[bytes] = frozenset()
    for part in without:
        for check in _named(part, where, groups):
            if check.every or check.none or check.barred:
                raise RuleError(f"{where}: {part!r} is more than classes and words and can't stand behind -!")
            none, barred = none | check.some, barred | check.words
    for check in _named(wanted, where, groups):
        yield Check(check.some, check.every | every, check.none | none, check.words, check.barred | barred)


def _named(text: str, where: str, groups: Mapping[str, Group]) -> Iterator[Check]:
    """Yield the checks of classes, groups and words joined by `|`."""
    some, words = 0, frozenset[bytes]()
    for part in re.findall(r"'[^']*'|[^|]+", text):
        if part.startswith("'"):
            words |= {letters.key(word) for word in part.strip("'").split("|")}
        elif part not in groups:
            raise RuleError(f"{where}: unknown class {part!r}; one of: {' '.join(sorted(groups))}")
        else:
            for check in groups[part]:
                if check.every or check.none or check.barred:
                    yield check
                else:
                    some, words = some | check.some, words | check.words
    if some or words:
        yield Check(some, 0, 0, words, frozenset())


def read_groups(text: str) -> dict[str, Group]:
    """Return the classes and the groups that a `classes.toml` names. Raises RuleError."""
    return _groups(_toml(text)["classes"])


def _toml(text: str) -> dict[str, Any]:
    import tomllib

    return tomllib.loads(text)


def _groups(named: Mapping[str, str]) -> dict[str, Group]:
    bits = {**BITS, "anything": (1 << len(BITS)) - 1, "inflected": INFLECTED}
    groups: dict[str, Group] = {
        name: (Check(bit, 0, 0, frozenset(), frozenset()),) for name, bit in bits.items()
    }
    for name, joined in named.items():
        groups[name] = _checks(joined, f"class {name}", groups, 0)
    return groups


def load(text: str, groups: Mapping[str, Group]) -> list[Rule]:
    """Return the rules of a rule file's text. Raises RuleError."""
    return [parse(entry, groups) for entry in _toml(text).get("rule", [])]


@cache
def built_in() -> tuple[Rule, ...]:
    """Return arner's own rules, in the order of their files and of the file."""
    groups = read_groups((FOLDER / "classes.toml").read_text("utf-8"))
    files = sorted((f for f in FOLDER.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return tuple(rule for f in files if f.name != "classes.toml" for rule in load(f.read_text("utf-8"), groups))


def examples(texts: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    """Yield the examples of a rule as (text, start, end) with the marks `[[` and `]]` taken out.

    >>> list(examples(["في [[وجدة]]"]))
    [('في وجدة', 3, 7)]
    """
    for example in texts:
        before, _, rest = example.partition("[[")
        inside, _, after = rest.partition("]]")
        yield before + inside + after, len(before), len(before) + len(inside)
