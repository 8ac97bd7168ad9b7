"""The database of who is named where: its schema, its updates, and the questions to it."""

import json
import sqlite3
from contextlib import closing

import pytest

from arner.document import Document
from arner.index import build, query
from command_line import SURE, arner, articles, process, tree
from export_documents import ALL, hostile, news
from test_report import tagged

BOURITA = "per/nasser-bourita"


def made(path, documents, *, fingerprint="same", old=None, seen=None):
    """Build a database of tagged documents; `seen` gets the names of those that had to be tagged."""
    known = build.known(old, fingerprint) if old else {}
    found = []
    for one in documents:
        name, digest = build.storable(one.document.name), one.document.sha256
        if digest and known.get(name) == digest:
            found.append(build.Unchanged(name, digest))
            continue
        found.append(one)
        if seen is not None:
            seen.append(name)
    return build.build(path, found, fingerprint, old)


def rows(path, question, *values):
    with closing(sqlite3.connect(path)) as database:
        return database.execute(question, values).fetchall()


def hashed(name, source, *names, digest="0"):
    one = tagged(name, source, *names)
    return type(one)(Document(name, source, digest), one.entities)


MEETING = hashed(
    "a.txt", "التقى ناصر بوريطة وسيرغي لافروف. ثم سافر بوريطة.\nلافروف في الرباط مع بوريطة",
    ("ناصر بوريطة", "PER", BOURITA), ("سيرغي لافروف", "PER"), ("الرباط", "LOC", "loc/ma-rabat"),
)  # fmt: skip
SPELLED = hashed(
    "b.txt", "قال ناصر بوريطه في الرباط",
    ("ناصر بوريطه", "PER", BOURITA), ("الرباط", "LOC", "loc/ma-rabat"),
)  # fmt: skip


def test_plain_sql_answers_in_which_documents_and_with_whom(tmp_path):
    path = tmp_path / "e.db"
    made(path, [MEETING, SPELLED])
    where = (
        "SELECT d.name, m.text FROM documents d JOIN mentions m ON m.document = d.id"
        " WHERE m.entity IN (SELECT entity FROM names WHERE names MATCH 'بوريطه') ORDER BY d.name"
    )
    assert rows(path, where) == [("a.txt", "ناصر بوريطة"), ("b.txt", "ناصر بوريطه")]
    together = (
        "SELECT b.name, t.sentences, t.documents FROM together t JOIN entities a ON a.id = t.entity"
        " JOIN entities b ON b.id = t.other WHERE a.ref = ? ORDER BY b.name"
    )
    assert rows(path, together, BOURITA) == [("الرباط", 1, 1), ("سيرغي لافروف", 1, 1)]


def test_mentions_slice_their_documents_and_rows_fit_together(tmp_path):
    path = tmp_path / "e.db"
    counts = made(path, ALL)
    assert counts == (3, 3, 0, sum(len(one.entities) for one in ALL), counts.entities)
    sources = {build.storable(one.document.name): one.document.source for one in ALL}
    found = rows(path, "SELECT d.name, m.start, m.end, m.text FROM mentions m JOIN documents d ON d.id = m.document")
    assert [(name, text) for name, start, end, text in found] == [
        (name, sources[name][start:end]) for name, start, end, _ in found
    ]
    assert rows(path, "PRAGMA foreign_key_check") == []
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    roles = "SELECT p.text, r.role, o.text, r.org_ref FROM relations r JOIN mentions p ON p.id = r.person"
    assert rows(path, roles + " LEFT JOIN mentions o ON o.id = r.organisation ORDER BY r.id") == [
        ("ناصر بوريطة", "وزير الخارجية", None, "org/ma-foreign-affairs"),
        ("عبد اللطيف حموشي", "المدير العام", "لأمن الوطني", "org/dgsn"),
    ]


def test_the_same_documents_give_the_same_bytes_step_by_step_too(tmp_path):
    once, first, second = tmp_path / "once.db", tmp_path / "1.db", tmp_path / "2.db"
    changed = hashed("b.txt", "قال لافروف", ("لافروف", "PER"), digest="1")
    gone = hashed("c.txt", "في الرباط", ("الرباط", "LOC", "loc/ma-rabat"))
    made(once, [news(), MEETING, changed])
    made(first, [MEETING, SPELLED, gone])
    seen = []
    counts = made(second, [news(), MEETING, changed], old=first, seen=seen)
    assert seen == ["2024/news.txt", "b.txt"]
    assert counts[:3] == (3, 2, 1)
    assert once.read_bytes() == second.read_bytes()


def test_another_making_tags_all_anew(tmp_path):
    made(tmp_path / "1.db", [MEETING, SPELLED])
    seen = []
    made(tmp_path / "2.db", [MEETING, SPELLED], fingerprint="another", old=tmp_path / "1.db", seen=seen)
    assert seen == ["a.txt", "b.txt"]


def test_names_and_texts_that_sqlite_can_not_hold_are_spelled_out(tmp_path):
    path = tmp_path / "e.db"
    made(path, [tagged("b\udcff.txt", "قال\x00 لافروف", ("لافروف", "PER")), hostile()])
    assert ("b\\udcff.txt",) in rows(path, "SELECT name FROM documents")
    assert rows(path, "SELECT count(*) FROM mentions") == [(6,)]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("ناصر بوريطة", ["ناصر بوريطة"]),
        ("نَاصِر بوريطه", ["ناصر بوريطة"]),
        ("بوريطة ناصر", ["ناصر بوريطة"]),
        ("البوريطة", ["ناصر بوريطة"]),
        ("رباط", ["الرباط"]),
        ("Rabat", []),
        (BOURITA, ["ناصر بوريطة"]),
        ("بوريطة لافروف", []),
        ('" OR *', []),
        ("bare : x NEAR", []),
        ("!!", []),
        ("", []),
    ],
)
def test_find_takes_any_spelling_and_nothing_for_syntax(tmp_path, name, found):
    made(tmp_path / "e.db", [MEETING, SPELLED])
    with closing(build.check_index(tmp_path / "e.db")) as database:
        assert [entity.name for entity in query.find(database, name)] == found


def test_a_whole_name_is_meant_before_a_part_of_one(tmp_path):
    king = hashed("a", "محمد الخامس ثم محمد", ("محمد الخامس", "PER"))
    made(tmp_path / "e.db", [king, hashed("b", "محمد", ("محمد", "PER"))])
    with closing(build.check_index(tmp_path / "e.db")) as database:
        assert [entity.name for entity in query.find(database, "محمد")] == ["محمد"]
        assert [entity.name for entity in query.find(database, "خامس")] == ["محمد الخامس"]


@pytest.fixture
def texts(tmp_path):
    return tree(tmp_path / "in", a=SURE, sub__b="عاد ناصر بوريطة من فاس، وناصر بوريطة في الرباط.\n")


def test_the_commands_build_update_and_answer(tmp_path, texts):
    database = tmp_path / "entities.db"
    first = arner("index", texts, "-o", database)
    assert (first.code, first.out) == (0, b"")
    assert first.err.startswith("arner: 2 documents (2 tagged, 0 unchanged, 0 gone)")
    before = database.read_bytes()
    assert "(0 tagged, 2 unchanged, 0 gone)" in arner("index", texts, "-o", database).err
    assert database.read_bytes() == before

    found = arner("find", "ناصر", "بوريطه", database)
    assert found.code == 0
    assert found.text.splitlines()[0].split("\t")[1:4:2] == ["ناصر بوريطة", BOURITA]
    assert [line.split("\t")[1:4:2] for line in found.text.splitlines()[1:]] == [["a.txt", "1"], ["sub/b.txt", "2"]]
    answers = [json.loads(line) for line in arner("find", BOURITA, database, "--json").text.splitlines()]
    assert [(a["document"], a["mentions"], a["forms"]) for a in answers] == [
        ("a.txt", 1, {"ناصر بوريطة": 1}), ("sub/b.txt", 2, {"ناصر بوريطة": 2})
    ]  # fmt: skip
    partners = [json.loads(line) for line in arner("with", "بوريطة", database, "--json").text.splitlines()]
    assert [(p["with"]["name"], p["sentences"], p["documents"]) for p in partners] == [("الرباط", 2, 2), ("فاس", 1, 1)]
    assert len(arner("with", "بوريطة", database, "--most", "1").text.splitlines()) == 2

    (texts / "a.txt").unlink()
    assert "1 documents (0 tagged, 1 unchanged, 1 gone)" in arner("index", texts, "-o", database).err
    assert "a.txt\t" not in arner("find", BOURITA, database).text.replace("sub/b.txt", "")


def test_a_gazetteer_of_ones_own_tags_all_anew(tmp_path, texts):
    database = tmp_path / "entities.db"
    arner("index", texts, "-o", database)
    assert "(2 tagged" in arner("index", texts, "-o", database, "--types", "PER").err
    own = tmp_path / "own.tsv"
    own.write_text("ref\tname\taliases\tweak\ten\tkind\tcountry\ttier\tsource\n"
                   "org/own\tمجلس الظل\t-\t-\tOwn\tagency\tMA\tsure\thand\n", "utf-8")  # fmt: skip
    done = arner("index", texts, "-o", database, "--types", "PER", "--gazetteer", own)
    assert (done.code, "(2 tagged" in done.err) == (0, True), done.err


def test_a_name_that_nothing_has_is_exit_1(tmp_path, texts):
    database = tmp_path / "entities.db"
    arner("index", texts, "-o", database)
    for command in ("find", "with"):
        done = arner(command, "أنجيلا ميركل", database)
        assert (done.code, done.out) == (1, b"")
        assert "أنجيلا ميركل" in done.err


def test_what_is_no_index_is_neither_read_nor_replaced(tmp_path, texts):
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as database:
        database.execute("CREATE TABLE t (x)")
    text = tmp_path / "notes.db"
    text.write_text("my notes", "utf-8")
    for path in (other, text):
        before = path.read_bytes()
        for arguments in (("index", texts, "-o", path), ("find", "x", path), ("with", "x", path)):
            done = arner(*arguments)
            assert done.code == 2
            assert "is no index of arner" in done.err
        assert path.read_bytes() == before
    assert arner("find", "x", tmp_path / "none.db").code == 2
    assert arner("index", texts, "-o", texts / "a.txt").code == 2


def test_an_input_that_fails_leaves_the_others(tmp_path, texts):
    tree(texts, c=b"PK\x03\x04" + bytes(range(256)) * 8)
    done = arner("index", texts, "-o", tmp_path / "e.db")
    assert done.code == 3
    assert "arner: c.txt: is not text" in done.err
    assert "2 documents" in done.err


def test_an_interrupted_run_leaves_the_old_database(tmp_path):
    path = tmp_path / "e.db"
    made(path, [MEETING])
    before = path.read_bytes()

    def documents():
        yield SPELLED
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build.build(tmp_path / "new.db", documents(), "same", path)
    assert path.read_bytes() == before


def test_any_number_of_processes_makes_the_same_database(tmp_path):
    articles(tmp_path / "in", 40)
    tree(tmp_path / "in", broken=b"\xff")
    paths = [tmp_path / f"{jobs}.db" for jobs in (1, 2, 3)]
    for jobs, path in enumerate(paths, 1):
        assert process("index", tmp_path / "in", "-o", path, "--jobs", jobs).code == 3
    assert len({path.read_bytes() for path in paths}) == 1
    tree(tmp_path / "in", new=SURE, broken=SURE)
    (tmp_path / "in" / "0" / "000.txt").write_text(SURE, "utf-8")
    for jobs, path in enumerate(paths, 1):
        done = process("index", tmp_path / "in", "-o", path, "--jobs", jobs)
        assert "42 documents (3 tagged, 39 unchanged, 0 gone)" in done.err
    assert process("index", tmp_path / "in", "-o", tmp_path / "fresh.db").code == 0
    assert len({path.read_bytes() for path in tmp_path.glob("*.db")}) == 1
