"""Rows in, look-ups out: what a compiled lexicon answers, and which made spellings it leaves out."""

from __future__ import annotations

import mmap
import threading
from pathlib import Path

import pytest

from arner.lexicon import load, variants
from arner.lexicon.compile import Compiler, compile_files, digest
from arner.lexicon.layout import gazetteer_files
from arner.lexicon.read import Row
from arner.lexicon.schema import BITS, COLUMNS, SENSE_ALIAS, SENSE_NAME, SENSE_VARIANT, SENSE_WEAK
from arner.lexicon.store import Lexicon, LexiconFileError
from arner.lexicon.table import LONGEST_KEY, Table, build

HEAD = {table: "\t".join(columns) + "\n" for table, columns in COLUMNS.items()}
PLACES = (
    "loc/GN\tغينيا\t-\t-\tGuinea\tcountry\tGN\t-\t-\tsure\thand\n"
    "loc/KE\tكينيا\t-\t-\tKenya\tcountry\tKE\t-\t-\tsure\thand\n"
    "loc/es-granada\tغرناطة\t-\t-\tGranada\tcity\tES\t37.1882\t-3.6067\tsure\thand\n"
)
PEOPLE = (
    "per/gordon-brown\tغوردون براون\tجيمس غوردون براون\tبراون\tGordon Brown\tpolitician\tGB\tسياسي\tsure\thand\n"
    "per/x-weak\tكريم الأحمدي\t-\t-\tKarim El Ahmadi\tathlete\tMA\t-\tweak\thand\n"
)


@pytest.fixture
def folder(tmp_path):
    for name, table, text in (
        ("places/all.tsv", "places", PLACES),
        ("people/all.tsv", "people", PEOPLE),
        ("words/verbs.tsv", "words", "قال\tsay\t-\n"),
        ("words/frequency.tsv", "frequency", "قال\t6.10\nجرناطه\t3.60\n"),
        ("names/given.tsv", "given", "كريم\tm\tar\tweak\thand\n"),
    ):
        path = tmp_path / "gazetteers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD[table] + text, "utf-8")
    return tmp_path / "gazetteers"


@pytest.fixture
def lexicon(folder):
    return Lexicon(compile_files(gazetteer_files(folder), folder.parent))


def senses(lexicon: Lexicon, name: str) -> list[tuple[str, int]]:
    record = lexicon.get(variants.key(name))
    return [(row.ref, kind) for row, kind in record.entries()] if record else []


def test_a_row_is_found_by_name_alias_made_spelling_and_weak_form(lexicon):
    assert senses(lexicon, "غوردون براون") == [("per/gordon-brown", SENSE_NAME)]
    assert senses(lexicon, "جيمس غوردون براون") == [("per/gordon-brown", SENSE_ALIAS)]
    assert senses(lexicon, "جوردون براون") == [("per/gordon-brown", SENSE_VARIANT)]
    assert senses(lexicon, "براون") == [("per/gordon-brown", SENSE_WEAK)]
    assert senses(lexicon, "كريم الأحمدي") == [("per/x-weak", SENSE_WEAK)]


def test_a_row_keeps_its_fields_and_place(lexicon):
    (row, _), = lexicon.get(variants.key("غرناطة")).entries()
    assert (row.label, row.en, row.kind, row.country, row.lat) == ("LOC", "Granada", "city", "ES", "37.1882")
    assert row.where == "gazetteers/places/all.tsv:4"


def test_words_have_their_classes_and_frequency(lexicon):
    said = lexicon.get(variants.key("قال"))
    assert said.mask & BITS["say"]
    assert said.mask & BITS["frequent"]
    assert said.zipf / 25 == pytest.approx(6.1, abs=0.02)
    (_, number), = said.senses
    assert lexicon.row(number).where == "gazetteers/words/verbs.tsv:2"
    assert lexicon.get(variants.key("كريم")).mask & BITS["given-weak"]


def test_an_accusative_has_the_class_of_its_word_where_it_is_a_word_and_no_name():
    rows = [
        *(Row("words", {"word": w, "class": "adjective", "note": "-"}, "w.tsv", 2) for w in ("مشيد", "غين", "مؤيد")),
        *(Row("frequency", {"word": w, "zipf": "3.10"}, "f.tsv", 2) for w in ("مشيدا", "غينا", "معربا")),
        Row("family", {"name": "غينا", "origin": "european", "tier": "sure", "source": "hand"}, "n.tsv", 2),
    ]
    drafts = Compiler(rows).drafts
    assert drafts[variants.key("مشيدا")].mask == BITS["adjective"]
    assert drafts[variants.key("غينا")].mask == BITS["family"]
    assert not drafts[variants.key("معربا")].mask
    assert variants.key("مؤيدا") not in drafts


def test_a_key_says_whether_longer_ones_begin_with_it(lexicon):
    assert lexicon.get(variants.key("غوردون")).more
    assert not lexicon.get(variants.key("غوردون براون")).more


def test_a_made_spelling_never_takes_another_rows_name(lexicon):
    assert senses(lexicon, "كينيا") == [("loc/KE", SENSE_NAME)]
    assert senses(lexicon, "غينيا") == [("loc/GN", SENSE_NAME)]


def test_a_made_spelling_that_is_a_common_word_is_dropped_and_listed():
    rows = [
        Row("frequency", {"word": "جرناطه", "zipf": "3.60"}, "f.tsv", 2),
        Row("places", dict(zip(COLUMNS["places"], PLACES.split("\n")[2].split("\t"), strict=True)), "p.tsv", 4),
    ]
    compiler = Compiler(rows)
    (dropped,) = compiler.dropped
    assert dropped.key == variants.key("جرناطة")
    assert (dropped.row.where, dropped.reason) == ("p.tsv:4", "is a common word or a name")
    assert not compiler.drafts[variants.key("جرناطة")].senses
    assert compiler.drafts[variants.key("كرناطة")].senses


def test_a_list_without_frequencies_swaps_no_letters_of_single_words():
    values = PLACES.split("\n")[2].split("\t")
    keys = Compiler([Row("places", dict(zip(COLUMNS["places"], values, strict=True)), "p.tsv", 4)]).drafts
    assert list(keys) == [variants.key("غرناطة")]


def test_the_same_input_gives_the_same_bytes(folder):
    files = gazetteer_files(folder)
    assert compile_files(files, folder.parent) == compile_files(files, folder.parent)
    assert digest(files) != digest(files[1:])


def test_a_users_row_wins_and_its_classes_join(lexicon, tmp_path):
    mine = tmp_path / "mine.tsv"
    mine.write_text(HEAD["places"] + "loc/my-kenya\tكينيا\t-\t-\tKenya Street\tstreet\tMA\t-\t-\tsure\thand\n", "utf-8")
    users = Lexicon(compile_files([mine]))
    key = variants.key("كينيا")
    record = users.get(key).over(lexicon.get(key))
    assert [row.ref for row, _ in record.entries()] == ["loc/my-kenya"]
    assert record.mask & BITS["country"]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda data: data[:-1], "cut short"),
        (lambda data: b"PK\x03\x04" + data[4:], "not a compiled lexicon"),
        (lambda data: data[:8] + b"\xff\xff\x00\x00" + data[12:], "format 65535"),
        (lambda _: b"short", "not a compiled lexicon"),
        (lambda _: b"", "empty"),
    ],
)
def test_a_damaged_file_says_what_is_wrong(folder, tmp_path, damage, reason):
    path = tmp_path / "x.bin"
    path.write_bytes(damage(compile_files(gazetteer_files(folder))))
    with pytest.raises(LexiconFileError, match=reason):
        Lexicon.open(path)


def test_a_mapped_file_answers_as_memory_does(folder, tmp_path):
    path = tmp_path / "x.bin"
    path.write_bytes(compile_files(gazetteer_files(folder)))
    lexicon = Lexicon.open(path)
    assert isinstance(lexicon._data, mmap.mmap)
    assert senses(lexicon, "كينيا") == [("loc/KE", SENSE_NAME)]


def test_the_cache_is_filled_once_and_survives_a_race(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("ARNER_CACHE", str(tmp_path / "cache"))
    threads = [threading.Thread(target=load.compiled, args=(folder,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list((tmp_path / "cache").glob("list-*.bin"))) == 1
    assert senses(load.compiled(folder), "كينيا")


def test_a_damaged_cache_and_one_that_cannot_be_written_do_no_harm(folder, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    monkeypatch.setenv("ARNER_CACHE", str(cache))
    load.compiled(folder)
    (file,) = cache.glob("list-*.bin")
    file.write_bytes(b"arnerlex")
    assert senses(load.compiled(folder), "كينيا")
    monkeypatch.setenv("ARNER_CACHE", str(folder / "places/all.tsv"))
    assert senses(load.compiled(folder), "كينيا")


def test_an_edit_shows_at_the_next_run(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("ARNER_CACHE", str(tmp_path / "cache"))
    assert not senses(load.compiled(folder), "توغو")
    with (folder / "places/all.tsv").open("a", encoding="utf-8") as file:
        file.write("loc/TG\tتوغو\t-\t-\tTogo\tcountry\tTG\t-\t-\tsure\thand\n")
    assert senses(load.compiled(folder), "توغو") == [("loc/TG", SENSE_NAME)]


def test_old_files_leave_the_cache(folder, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    monkeypatch.setenv("ARNER_CACHE", str(cache))
    for number in range(load.KEPT + 2):
        (folder / "places/all.tsv").write_text(
            HEAD["places"] + f"loc/x{number}\tشارع {number}\t-\t-\t-\tstreet\tMA\t-\t-\tsure\thand\n", "utf-8"
        )
        newest = load.compiled(folder)
    assert len(list(cache.glob("list-*.bin"))) == load.KEPT
    assert Path(newest.name).is_file()


def test_the_cache_folder_is_the_platforms(monkeypatch):
    monkeypatch.setenv("ARNER_CACHE", "/somewhere")
    assert load.cache_folder() == Path("/somewhere")
    monkeypatch.delenv("ARNER_CACHE")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    assert load.cache_folder() == Path("/x/arner")
    monkeypatch.setattr("sys.platform", "darwin")
    assert load.cache_folder().parts[-3:] == ("Library", "Caches", "arner")


def test_a_table_finds_every_key_and_no_other():
    items = {bytes((a, b)): bytes((b,)) * a for a in range(60) for b in range(60)}
    items[b"k" * LONGEST_KEY] = b"v" * 65535
    table = Table(b"head" + build(items), 4)
    assert all(table.get(key) == value for key, value in items.items())
    assert table.get(b"\xf0\xf1") is None
    assert table.get(b"") is None
    assert Table(build({}), 0).get(b"x") is None
