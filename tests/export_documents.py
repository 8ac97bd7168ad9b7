"""Tagged documents made by hand, so that what the exporters write does not change with the tagger."""

import os
import re
from pathlib import Path

from hypothesis import strategies as st

from arner.document import Candidate, Document, Entity, Evidence, Mention, Noise, Relation, Tagged
from arner.export import FORMATS, Options

GOLDEN = Path(__file__).parent / "golden"
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
# The width of an offset unit in bytes of an encoding that has that unit.
WIDTH = {"codepoint": 4, "utf16": 2, "byte": 1}
CODEC = {"codepoint": "utf-32-le", "utf16": "utf-16-le", "byte": "utf-8"}


def entity(source, number, text, label, kind, ref=None, en=None, **more):
    start = source.index(text, more.pop("after", 0))
    more = {"name": text, "chain": f"c{number}", "score": 0.98, **more}
    return Entity(f"e{number}", start, start + len(text), text, label, kind, ref=ref, en=en, **more)


def news():
    """A byte-order mark, CRLF, a proclitic, a nested place, a relation, page furniture."""
    source = (
        BOM + "أعلن وزير الخارجية ناصر بوريطة بالرباط أن المغرب يرحب بالقرار.\r\n"
        "ad a b\r\n"
        "وقال عبد اللطيف حموشي، المدير العام للأمن الوطني، بجامعة محمد الخامس بالرباط: «نعم.» ثم د. بوريطة.\r\n"
    )
    university = "جامعة محمد الخامس بالرباط"
    rabat = source.index("الرباط", source.index(university))
    nested = (Mention(rabat, rabat + 6, "الرباط", "LOC", "city", "loc/rabat"),)
    rabat_is = {"country": "MA", "place": (34.0133, -6.8326)}
    bourita = {"ref": "per/nasser-bourita", "en": "Nasser Bourita", "country": "MA"}
    evidence = (Evidence("gazetteer", "people/public.tsv:12", 4.25, "ناصر بوريطة"), Evidence("rules", "role-name", 1.5))
    beaten = Candidate(0, 0, 20, 24, "PER", (Evidence("gazetteer", "names/given.tsv:7", 0.5),), "person", points=0.5)
    entities = (
        entity(source, 1, "ناصر بوريطة", "PER", "person", evidence=evidence, beaten=(beaten,), **bourita),
        entity(source, 2, "الرباط", "LOC", "city", "loc/rabat", "Rabat", proclitic="ب", **rabat_is),
        entity(source, 3, "المغرب", "LOC", "country", "loc/MA", "Morocco", country="MA"),
        entity(source, 4, "عبد اللطيف حموشي", "PER", "person", "per/abdellatif-hammouchi"),
        entity(source, 5, "لأمن الوطني", "ORG", "police", "org/dgsn", name="الأمن الوطني", proclitic="ل", score=0.9),
        entity(source, 6, university, "ORG", "university", nested=nested, proclitic="ب"),
        entity(source, 7, "بوريطة", "PER", "person", after=rabat, chain="c1", name="ناصر بوريطة"),
    )
    role, boss = source.index("وزير الخارجية"), source.index("المدير العام")
    relations = (
        Relation("role", "e1", "وزير الخارجية", role, role + 13, org_ref="org/ma-foreign-affairs"),
        Relation("role", "e4", "المدير العام", boss, boss + 12, org="e5", org_ref="org/dgsn"),
    )
    noise = source.index("ad a b")
    document = Document("2024/news.txt", source, "0" * 64)
    return Tagged(document, entities, relations, (Noise(noise, noise + 6, "ad-slot"),))


def hostile():
    """Characters that formats have to escape, a name over a line end, astral characters, markup, a terminal's codes."""
    source = (
        '😀 <b>Robert</b> Mueller & "FBI" \\ C:\\new\tin\N{LINE SEPARATOR}New\nYork 😀, '
        "\x1b[31mWashington</script>\x07\n"
        "\n=كان في نيو\r\nيورك\N{RIGHT-TO-LEFT OVERRIDE}!"
    )
    entities = (
        entity(source, 1, "Robert</b> Mueller", "PER", "person", name="Robert Mueller"),
        entity(source, 2, "FBI", "ORG", "police", "org/fbi", 'The "FBI"'),
        entity(source, 3, "New\nYork", "LOC", "city", name="New\tYork\\"),
        entity(source, 4, "Washington", "LOC", "city"),
        entity(source, 5, "نيو\r\nيورك", "LOC", "city", "loc/new-york"),
    )
    tags = tuple(Noise(m.start(), m.end(), "markup") for m in re.finditer("</?[a-z]+>", source))
    return Tagged(Document('a, "b"\n<i>.txt', source, None, "windows-1256"), entities, noise=tags)


def empty():
    return Tagged(Document("empty.txt", "", "1" * 64), ())


ALL = (news(), hostile(), empty())


def written(form, documents=ALL, **options):
    return b"".join(FORMATS[form].write(iter(documents), Options(**options)))


def check_golden(name, data):
    path = GOLDEN / name
    if os.environ.get("ARNER_GOLDEN") == "write":
        path.write_bytes(data)
    assert data == path.read_bytes(), f"{name} changed; see the top of this file"


WORD = st.text(st.sampled_from("بالمغرب وزيرَﷲلاd9_😀"), min_size=1).map(str.strip).filter(bool)
GAP = st.text(st.sampled_from(" \n\r\t.،«»<&\"'\\\N{ZERO WIDTH NON-JOINER}\N{NO-BREAK SPACE}\ud800\x00\x1b\x85😀ب"))


@st.composite
def tagged_texts(draw):
    """A text of words, some of them entities; what is between may be anything, or nothing."""
    source, entities = draw(GAP), []
    pieces = st.tuples(st.sampled_from(["PER", "ORG", "LOC", None]), WORD, GAP)
    for label, word, gap in draw(st.lists(pieces, max_size=6)):
        if label:
            number, at = len(entities) + 1, len(source)
            found = Entity(f"e{number}", at, at + len(word), word, label, "x", word, None, None, 0.5, f"c{number}")
            entities.append(found)
        source += word + gap
    return Tagged(Document("a.txt", source), tuple(entities))
