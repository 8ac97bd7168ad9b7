"""Differences in, a report out: text for a person, JSON for a program, annotations that GitHub and GitLab show."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arner import check
from arner.compare import CHANGED, GAINED, LOST, Found
from arner.files import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from arner.check import Difference, Place

_SIGNS = {GAINED: "+", LOST: "-", CHANGED: "~"}
_STATES = {
    check.ENTITIES: "",
    check.NEW: "has no output yet",
    check.GONE: "the output has it, the inputs have not",
    check.TEXT: "its text is another than when the output was written",
    check.BYTES: "its output would be other bytes",
    check.BROKEN: "its output can't be read",
}
_FSI, _PDI = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_GITHUB = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_GITHUB_VALUE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def count(differences: Iterable[Difference]) -> str:
    """Return in one line how much differs."""
    differences = list(differences)
    hows = Counter(place.change.how for d in differences for place in d.changes)
    documents = f"{len(differences):,} {'document differs' if len(differences) == 1 else 'documents differ'}"
    return f"{documents}: " + ", ".join(f"{hows[how]:,} {how}" for how in _SIGNS)


def text(differences: Iterable[Difference], *, isolates: bool = False) -> Iterator[str]:
    """Yield lines for a person: a document, then its changes with line and column; `isolates` for a terminal."""
    opening, closing = (_FSI, _PDI) if isolates else ("", "")
    for difference in differences:
        yield ": ".join(filter(None, (printable(difference.doc), _state(difference))))
        for place in difference.changes:
            where = f"{place.line}:{place.column}" if place.line else "-"
            words = f"{opening}«{_on_one_line(place.change.entity.text)}»{closing}"
            yield f"  {_SIGNS[place.change.how]} {where}  {words}  {place.change.says()}"


def as_json(differences: Iterable[Difference]) -> Iterator[str]:
    """Yield one JSON object with all differences."""
    found = list(differences)
    hows = Counter(place.change.how for d in found for place in d.changes)
    whole = {"differ": len(found), **{how: hows[how] for how in _SIGNS}, "documents": [_object(d) for d in found]}
    yield json.dumps(whole, ensure_ascii=False, indent=2)


def github(differences: Iterable[Difference]) -> Iterator[str]:
    """Yield workflow commands of GitHub Actions, which shows them at the lines of a change."""
    for path, place, message in _messages(differences):
        where = f"file={path.translate(_GITHUB_VALUE)}"
        if place and place.line and place.column:
            where += f",line={place.line},col={place.column}"
        yield f"::error {where},title=arner::{message.translate(_GITHUB)}"


def gitlab(differences: Iterable[Difference]) -> Iterator[str]:
    """Yield a Code Quality report of GitLab."""
    issues = []
    seen: Counter[str] = Counter()
    for path, place, message in _messages(differences):
        # The line is left out, so that a difference stays the same one when lines before it come and go.
        named = f"{path}\0{message}"
        seen[named] += 1
        issues.append({
            "description": message,
            "check_name": f"arner-{place.change.how if place else 'output'}",
            "fingerprint": hashlib.sha256(f"{named}\0{seen[named]}".encode("utf-8", "backslashreplace")).hexdigest(),
            "severity": "major",
            "location": {"path": path, "lines": {"begin": (place and place.line) or 1}},
        })
    yield json.dumps(issues, ensure_ascii=False, indent=2)


FORMATS: dict[str, Callable[[Iterable[Difference]], Iterator[str]]] = {
    "text": text, "json": as_json, "github": github, "gitlab": gitlab,
}


def _state(difference: Difference) -> str:
    return ": ".join(filter(None, (_STATES[difference.state], difference.note)))


def _object(difference: Difference) -> dict[str, Any]:
    changes = []
    for place in difference.changes:
        was = place.change.was
        where = {"how": place.change.how, "line": place.line, "column": place.column}
        changes.append({**where, **_entity(place.change.entity), "was": _entity(was) if was else None})
    whole = {"doc": difference.doc, "path": difference.path, "state": difference.state, "note": difference.note}
    return {**whole, "changes": changes}


def _entity(entity: Found) -> dict[str, Any]:
    return entity._asdict()


def _messages(differences: Iterable[Difference]) -> Iterator[tuple[str, Place | None, str]]:
    for difference in differences:
        path = _from_here(difference.path)
        if difference.state != check.ENTITIES:
            yield path, None, f"{printable(difference.doc)}: {_state(difference)}"
        for place in difference.changes:
            words = _on_one_line(place.change.entity.text)
            yield path, place, f"{place.change.how}: «{words}» {place.change.says()}"


def _from_here(path: str) -> str:
    """Return a path as the services want it: from the working folder, with forward slashes."""
    whole = Path(path)
    if whole.is_absolute() and whole.is_relative_to(Path.cwd()):
        whole = whole.relative_to(Path.cwd())
    return os.path.normpath(whole).replace(os.sep, "/")


def _on_one_line(words: str) -> str:
    return " ".join(words.split())
