"""Rule files in (`rules/*.toml`), rules out: the language that rules are written in.

The language is small and closed. A pattern is a row of elements parted by spaces; `<` and `>` stand around what is
taken, the elements outside are its context.

    role the:nationality? < name{1,4} > comma|stop

An element is one or more classes joined by `|`: those of `schema.BITS`, `anything`, `inflected` (an unknown word with a
pronoun or nunation behind, or a proclitic and the article before) and the groups that `rules/classes.toml` names. Brackets take classes out of some of them: `given|(unknown|noun-!stop)`; `-!` behind the
whole takes out of all, be it a class or literal words: `noun-!honorific-!'يوم|شهر'`. Literal
words stand in quotes, alone or beside classes: `latin|'وكالة|شبكة'`. A literal, like a class, stands for the word with its article and without.
Before the element may stand
    the:   the word carries the article            bare:  the word does not
    and:   the word carries و or ف                 to:    the word carries ب, ل or ك
    in:    the word carries ب                      for:   the word carries ل (or is listed with it: للدراسات)
    any:   the word may carry any of them
An element that is not the first matches a word with a proclitic only where one of these says so. An unknown word
that begins with و, ب or ل stands for itself, and for the rest of it behind `and:`, `in:`, `to:` and `for:`.
Behind the element may stand `?`, `*` (0 to 8), `+` (1 to 8) or `{m,n}`. An element takes as many words as leave a
match for the rest. A `newline` stands before the first word of a text and behind its last.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from arner import letters
from arner.document import LABELS
from arner.lexicon.schema import BITS, KINDS
from arner.lexicon.schema import LABELS as LABEL_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_DEFINITE, _CONJUNCTION, _PREPOSITION = (BITS[name] for name in ("definite", "conjunction", "preposition"))
_CLITICS = _CONJUNCTION | _PREPOSITION
# Beyond the bits of the schema: which preposition it is; an unknown word that is no bare name.
IN, FOR, INFLECTED = (1 << (len(BITS) + n) for n in range(3))
_PREFIXES = {"the": _DEFINITE, "and": _CONJUNCTION, "to": _PREPOSITION, "in": IN, "for": FOR}
_MOST = 8
_COUNT = re.compile(r"(?:([?*+])|\{(\d),(\d)\})$")
_PREFIX = re.compile(r"(the|bare|and|to|in|for|any):")
_REQUIRED = ("id", "label", "pattern", "why", "examples", "counterexamples")
_KEYS = frozenset((*_REQUIRED, "kind"))
_KINDS = {LABEL_OF[table]: frozenset(kinds) for table, kinds in KINDS.items()}


class RuleError(ValueError):
    """A rule that breaks the language; the text names the rule and what is wrong."""


class Group(NamedTuple):
    """Classes as bits: a word is in the group with one of `some`, or with one of `soft` and none of `without`."""

    some: int = 0
    soft: int = 0
    without: int = 0


class Element(NamedTuple):
    """One element: a word passes that is in `group` or is a literal, has all of `every` and nothing of `none`."""

    group: Group
    every: int
    none: int
    literals: frozenset[bytes]
    barred: frozenset[bytes]
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


def _element(text: str, where: str, groups: Mapping[str, Group], *, first: bool) -> Element:
    shown = text
    least, most = 1, 1
    if count := _COUNT.search(text):
        text = text[: count.start()]
        signs = {"?": (0, 1), "*": (0, _MOST), "+": (1, _MOST)}
        least, most = signs[count[1]] if count[1] else (int(count[2]), int(count[3]))
        if not least <= most <= _MOST or not most:
            raise RuleError(f"{where}: the count of {shown!r} must go up, to {_MOST} at most")
    every, none = 0, 0 if first else _CLITICS
    while prefix := _PREFIX.match(text):
        text = text[prefix.end() :]
        if prefix[1] == "bare":
            none |= _DEFINITE
        elif prefix[1] == "any":
            none &= ~_CLITICS
        else:
            every |= _PREFIXES[prefix[1]]
            none &= ~(_CONJUNCTION if prefix[1] == "and" else _PREPOSITION)
    wanted, *without = re.split(r"-!(?![^(]*\))", text)
    named = re.sub(r"'[^']*'", "", wanted).strip("|")
    for part in without:
        if not part.startswith("'"):
            none |= _bits(part, where, groups)
    return Element(
        _group(named, where, groups) if named else Group(),
        every,
        none,
        _literals(wanted),
        frozenset(chain.from_iterable(map(_literals, without))),
        least,
        most,
    )


def _literals(text: str) -> frozenset[bytes]:
    """Return the keys of the words in quotes."""
    return frozenset(letters.key(word) for quoted in re.findall(r"'([^']*)'", text) for word in quoted.split("|"))


def _group(text: str, where: str, groups: Mapping[str, Group]) -> Group:
    """Return the group of classes joined by `|`, perhaps one pair of brackets among them."""
    some = soft = without = 0
    for part in re.findall(r"\([^)]*\)|[^|]+", text):
        if part.startswith("("):
            inner, *outer = part[1:-1].split("-!")
            found = Group(0, _bits(inner, where, groups), union(_bits(name, where, groups) for name in outer))
        elif part in groups:
            found = groups[part]
        else:
            raise RuleError(f"{where}: unknown class {part!r}; one of: {' '.join(sorted(groups))}")
        if soft and found.soft and without != found.without:
            raise RuleError(f"{where}: {text!r} takes classes out of two groups; one pair of brackets is the most")
        some, soft, without = some | found.some, soft | found.soft, without | found.without
    return Group(some, soft, without)


def _bits(name: str, where: str, groups: Mapping[str, Group]) -> int:
    group = _group(name, where, groups)
    if group.soft:
        raise RuleError(f"{where}: {name!r} has brackets and can't stand where classes are taken out")
    return group.some


def union(parts: Iterable[int]) -> int:
    total = 0
    for part in parts:
        total |= part
    return total


def read_groups(text: str) -> dict[str, Group]:
    """Return the classes and the groups that a `classes.toml` names. Raises RuleError."""
    groups = {name: Group(bit) for name, bit in BITS.items()}
    groups["anything"] = Group((1 << len(BITS)) - 1)
    groups["inflected"] = Group(INFLECTED)
    for name, listed in tomllib.loads(text)["classes"].items():
        groups[name] = _group(listed, f"class {name}", groups)
    return groups


def load(text: str, groups: Mapping[str, Group]) -> list[Rule]:
    """Return the rules of a rule file's text. Raises RuleError."""
    return [parse(entry, groups) for entry in tomllib.loads(text).get("rule", [])]


@cache
def built_in() -> tuple[Rule, ...]:
    """Return arner's own rules, in the order of their files and of the file."""
    folder = resources.files("arner") / "rules"
    groups = read_groups((folder / "classes.toml").read_text("utf-8"))
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return tuple(rule for f in files if f.name != "classes.toml" for rule in load(f.read_text("utf-8"), groups))


def examples(rule: Rule) -> Iterator[tuple[str, int, int]]:
    """Yield the examples of a rule as (text, start, end) with the marks `[[` and `]]` taken out."""
    for example in rule.examples:
        before, _, rest = example.partition("[[")
        inside, _, after = rest.partition("]]")
        yield before + inside + after, len(before), len(before) + len(inside)
