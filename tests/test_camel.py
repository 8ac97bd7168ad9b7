"""CAMeL Tools' own classes as engines of arner, with models made on the spot; nothing goes to the network."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from arner import Engine, Tagger, engines
from arner.camel import model, packages
from arner.document import Document
from arner.explain import explain
from camel_data import LABELS, catalogue, checkpoint, database
from command_line import ENVIRONMENT, arner, tree

# Newer pythons and libraries warn each other of their future; arner keeps that from its users.
pytestmark = pytest.mark.filterwarnings("ignore")

REASON = 'CAMeL Tools is not installed with torch: pip install "arner[camel]"'
pytest.importorskip("torch", reason=REASON)
pytest.importorskip("transformers", reason=REASON)
pytest.importorskip("pyrsistent", reason=REASON)  # of camel_tools.data, which can't be imported without a catalogue

# arner finds ناصر بوريطة and الرباط by itself, and مدريد, but not زغزوغ.
TEXT = "استقبل ناصر بوريطة بالرباط زغزوغ، في كأس العرب، ثم سافر إلى مدريد."
LABELLED = {
    "ناصر": "B-PERS", "بوريطة": "I-PERS", "بالرباط": "B-LOC", "زغزوغ": "B-PERS", "كأس": "B-MISC", "العرب": "I-MISC",
}  # fmt: skip
BOTH = [("ناصر بوريطة", "PER", "per/nasser-bourita"), ("الرباط", "LOC", "loc/ma-rabat")]
CAMELS = ("زغزوغ", "PER", None)
ARNERS = ("مدريد", "LOC", "loc/es-madrid")


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Fail at any attempt to reach the network; some libraries would hide the error, so it is looked at again."""
    tried = []

    def refuse(*arguments, **_):
        tried.append(arguments)
        raise OSError("no network here")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    yield
    assert tried == []


@pytest.fixture(autouse=True)
def unwritable_home(tmp_path, monkeypatch, tagger):  # noqa: ARG001 -- the tagger has compiled the lexicon before
    """A home folder that can't be made, and no data of CAMeL Tools: what is in the user's own is no part of a test."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("HOME", str(tmp_path / "file" / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "file" / "home"))
    monkeypatch.delenv(packages.VARIABLE, raising=False)


@pytest.fixture(scope="module")
def bert(tmp_path_factory):
    return checkpoint(tmp_path_factory.mktemp("camel") / "bert", LABELLED)


def engine(bert, name="camel", **options):
    return Tagger(engine=Engine(name, model=str(bert), **options))


def found(tagged):
    return [(e.text, e.label, e.ref) for e in tagged.entities]


# --- the engines -----------------------------------------------------------------------------------------------------


def test_arner_alone_finds_what_the_other_tests_build_on(tagger):
    assert found(tagger.tag(TEXT)) == [*BOTH, ARNERS]


def test_camel_alone_has_its_names_with_the_references_of_the_gazetteer(bert):
    tagged = engine(bert).tag(TEXT)
    assert found(tagged) == [*BOTH, CAMELS]
    rabat = tagged.entities[1]
    assert (rabat.proclitic, rabat.kind, rabat.en, rabat.country) == ("ب", "city", "Rabat", "MA")


def test_what_camel_alone_finds_has_its_points(tmp_path):
    bert = checkpoint(tmp_path / "bert", {"سافر": "B-LOC"})
    for name in ("camel", "both"):
        (entity,) = [e for e in engine(bert, name).tag(TEXT, explain=True).entities if e.text == "سافر"]
        items = [e for e in entity.evidence if e.recognizer == "points"]
        assert (entity.label, entity.score) == ("LOC", 0.668)
        assert [(e.source, e.points) for e in items] == [("camel alone", engines.ALONE)]


def test_what_arner_doubts_has_no_less_where_camel_has_it_too(tmp_path):
    text = "استقبل حركة الوفد."
    bert = checkpoint(tmp_path / "bert", {"حركة": "B-ORG", "الوفد": "I-ORG"})
    (entity,) = engine(bert, "both").tag(text, explain=True).entities
    items = {e.source: e.points for e in entity.evidence if e.recognizer == "points"}
    assert (entity.label, entity.score) == ("ORG", 0.668)
    assert items["camel at least"] > 0
    assert sum(items.values()) == pytest.approx(engines.ALONE, abs=0.01)


def test_union_has_what_either_finds_and_says_who(bert):
    tagged = engine(bert, "both").tag(TEXT, explain=True)
    assert found(tagged) == [*BOTH, CAMELS, ARNERS]
    by = [{e.recognizer for e in entity.evidence} for entity in tagged.entities]
    assert ["camel" in recognizers for recognizers in by] == [True, True, True, False]
    lines = list(explain(tagged))
    assert "    camel: B-PERS I-PERS" in lines
    assert "     +2.00  PER camel" in lines


def test_vote_has_what_both_find_and_says_so(bert):
    tagged = engine(bert, "both", combine="vote").tag(TEXT, explain=True)
    assert found(tagged) == BOTH
    for entity in tagged.entities:
        assert [e.recognizer for e in entity.evidence].count("camel") == 1
        assert any(e.source == f"{entity.label} camel" and e.points == engines.AGREES for e in entity.evidence)
        assert all(e.recognizer != "camel" for loser in entity.beaten for e in loser.evidence)


def test_vote_keeps_arners_span_where_camels_only_overlaps_and_drops_other_labels(tmp_path):
    labelled = {"ناصر": "B-PERS", "بالرباط": "B-ORG", "مدريد": "B-LOC"}
    tagged = engine(checkpoint(tmp_path / "bert", labelled), "both", combine="vote").tag(TEXT, explain=True)
    assert found(tagged) == [BOTH[0], ARNERS]
    lines = list(explain(tagged))
    assert "    camel: B-PERS (overlaps, at [7:11])" in lines
    assert not any(line.endswith("PER camel") for line in lines)


def test_agreement_adds_to_the_score(tagger, bert):
    alone, both = tagger.tag(TEXT).entities, engine(bert, "both").tag(TEXT).entities
    assert [b.score > a.score for a, b in zip(alone[:2], both, strict=False)] == [True, True]


def test_chains_and_roles_work_on_camels_names(tmp_path):
    bert = checkpoint(tmp_path / "bert", {"زغزوغ": "B-PERS", "زغموط": "I-PERS", "زغموم": "B-ORG"})
    tagged = engine(bert, "both").tag("قال زغزوغ زغموط، مدير زغموم، إن الأمر انتهى. ثم عاد زغموط.")
    people = [(e.text, e.chain) for e in tagged.entities if e.label == "PER"]
    assert people == [("زغزوغ زغموط", "c1"), ("زغموط", "c1")]
    assert [(r.role, r.person) for r in tagged.relations] == [("مدير", "e1")]


def test_explain_command_shows_camels_evidence(bert):
    for options, due in (((), [*BOTH, CAMELS, ARNERS]), (("--combine", "vote"), BOTH)):
        done = arner("explain", "--engine", "both", "--camel-model", bert, *options, stdin=TEXT.encode())
        assert (done.code, done.err) == (0, "")
        heads = [line.split("  ") for line in done.text.splitlines() if line.startswith("e")]
        assert [(head[2], head[3]) for head in heads] == [row[:2] for row in due]
        assert done.text.count("    camel: B-") == sum(row != ARNERS for row in due)


def test_pages_and_databases_take_an_engine_too(tmp_path, bert):
    folder, options = tree(tmp_path / "in", text=TEXT), ("--engine", "both", "--camel-model", bert)
    page, database_ = tmp_path / "page.html", tmp_path / "entities.db"
    assert arner("report", folder, "-o", page, *options).code == 0
    assert CAMELS[0] in page.read_text("utf-8").replace(TEXT, "")
    assert " 1 tagged, " in arner("index", folder, "-o", database_).err.replace("(1", " 1")
    assert arner("find", CAMELS[0], database_).code == 1
    assert " 1 tagged, " in arner("index", folder, "-o", database_, *options).err.replace("(1", " 1")
    assert arner("find", CAMELS[0], database_).code == 0
    assert " 0 tagged, " in arner("index", folder, "-o", database_, *options).err.replace("(0", " 0")


def test_union_without_a_name_of_camels_is_arner_alone(tagger, tmp_path):
    bert = checkpoint(tmp_path / "bert", {"الرباط": "O"})
    for text in (TEXT, "", "...", "\n", "لا أسماء هنا."):
        assert engine(bert, "both").tag(text).entities == tagger.tag(text).entities
        assert engine(bert).tag(text).entities == ()


# --- words and labels ------------------------------------------------------------------------------------------------

# As many tokenizers are: it strips what NFD calls a mark, so that a mark by itself is no piece.
STRIPS = {"do_lower_case": True, "strip_accents": True}
MARKED = ["وصل", "\N{ARABIC SHADDA}", "زغزوغ", "لهان", "مدريد"]
MARKED_LABELS = {"زغزوغ": "B-PERS", "لهان": "I-PERS", "مدريد": "B-LOC", "وصل": "O"}


def test_labels_of_nerecognizer_shift_where_a_word_has_no_piece_and_arners_do_not(tmp_path):
    bert = checkpoint(tmp_path / "bert", MARKED_LABELS, tokenizer=STRIPS)
    recognizer = packages.load("camel_tools.ner").NERecognizer(str(bert), use_gpu=False)
    shifted = recognizer.predict([MARKED])[0]
    assert shifted == ["O", "B-PERS", "I-PERS", "B-LOC"]  # the fault: four labels for five words
    labels = model.load(bert, "cpu").labels([MARKED])[0]
    assert labels == ["O", None, "B-PERS", "I-PERS", "B-LOC"]
    text = " ".join(MARKED)
    assert found(engine(bert).tag(text)) == [("زغزوغ لهان", "PER", None), ARNERS]
    text = "وصل \N{ARABIC SHADDA}\N{ARABIC KASRA} زغْزُوغ \N{ARABIC SHADDA} لهـان .\N{ARABIC FATHA} مدريد"
    assert [e.label for e in engine(bert).tag(text).entities] == ["PER", "LOC"]
    assert engine(bert).tag(text).entities[1].text == "مدريد"


def test_words_of_several_pieces_have_the_label_of_the_first(tmp_path):
    bert = checkpoint(tmp_path / "bert", {"زغ": "B-PERS", "##زوغ": "B-LOC", "في": "O"})
    assert model.load(bert, "cpu").labels([["في", "زغزوغ", "لا"]]) == [["O", "B-PERS", "O"]]


@pytest.mark.parametrize("pause", ["", "،"])
def test_sentence_longer_than_the_window_is_split_and_never_cut(tmp_path, pause):
    bert = checkpoint(tmp_path / "bert", {"زغزوغ": "B-PERS", "لهان": "I-PERS", "ا": "O", "##ا": "O"})
    words = (["ا"] * 59 + [pause]) * 12
    for at in (3, 252, 253, 400, 700):  # at 253 over the name at 252, across the edge of the window
        words[at : at + 2] = ["زغزوغ", "لهان"]
    words[300] = "ا" * 300  # more pieces than the window has
    text = " ".join(filter(None, words)) + "."
    names = [e.text for e in engine(bert).tag(text).entities]
    assert names == ["زغزوغ لهان", "زغزوغ", "زغزوغ لهان", "زغزوغ لهان", "زغزوغ لهان"]


def test_many_sentences_are_labelled_each_for_itself(bert):
    text = "\n".join(f"{n} زار زغزوغ {n} بالرباط." if n % 3 else "لا أحد." for n in range(100))
    tagged = engine(bert).tag(text)
    assert [e.text for e in tagged.entities] == ["زغزوغ", "الرباط"] * 66
    assert all(text[e.start : e.end] == e.text for e in tagged.entities)


def test_other_names_of_the_classes(tmp_path):
    labels = dict(enumerate(label.replace("PERS", "PER") for label in LABELS))
    bert = checkpoint(tmp_path / "bert", LABELLED, id2label=labels, label2id={v: k for k, v in labels.items()})
    assert found(engine(bert).tag(TEXT)) == [*BOTH, CAMELS]


# --- where the model comes from --------------------------------------------------------------------------------------


def test_installed_model_is_found_by_default_and_by_name(tmp_path, monkeypatch, bert):
    data = catalogue(tmp_path / "data")
    shutil.copytree(bert, data / "data" / "ner" / "arabert")
    monkeypatch.setenv(packages.VARIABLE, str(data))
    for options in ((), ("--camel-model", "arabert")):
        done = arner("tag", "-f", "tsv", "--engine", "camel", *options, stdin=TEXT.encode())
        assert (done.code, done.err) == (0, "")
        assert [line.split("\t")[3] for line in done.text.splitlines()[1:]] == [row[0] for row in (*BOTH, CAMELS)]


LATER = """
import os, sys
sys.path.insert(0, sys.argv[3])
from arner import Engine, Tagger
of = lambda: [os.environ.get(name) for name in ("HOME", "USERPROFILE", "CAMELTOOLS_DATA")]
before = of()
tagged = Tagger(engine=Engine("camel", model=sys.argv[1])).tag(sys.argv[4])
assert len(tagged.entities) == 3, tagged
assert of() == before
assert not [name for name in sys.modules if name.startswith(("camel_tools.data", "camel_tools.ner"))]
os.environ["CAMELTOOLS_DATA"] = sys.argv[2]
import camel_tools.data
assert camel_tools.data.CATALOGUE.components["NamedEntityRecognition"].default == "arabert"
"""


def test_import_over_a_stub_leaves_the_process_as_it_was(tmp_path, bert):
    home = tmp_path / "home"
    home.mkdir()
    given = {**ENVIRONMENT, "HOME": str(home), "USERPROFILE": str(home), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    given.pop(packages.VARIABLE, None)
    data = catalogue(tmp_path / "data")
    run = [sys.executable, "-W", "ignore", "-c", LATER, bert, data, os.path.dirname(__file__), TEXT]  # noqa: PTH120
    done = subprocess.run([*map(str, run)], env=given, capture_output=True, check=False, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")


def test_nothing_is_written_to_home(tmp_path, monkeypatch, bert):
    monkeypatch.setenv("HOME", str(tmp_path / "empty"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "empty"))
    engine(bert)
    assert not (tmp_path / "empty").exists()


def test_weights_that_torch_has_pickled(tmp_path, bert):
    import torch
    from safetensors.torch import load_file

    folder = tmp_path / "pickled"
    shutil.copytree(bert, folder)
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    assert found(engine(folder).tag(TEXT)) == [*BOTH, CAMELS]
    whole = (folder / "pytorch_model.bin").read_bytes()
    (folder / "pytorch_model.bin").write_bytes(whole[: len(whole) // 2])
    done = arner("tag", "--engine", "camel", "--camel-model", folder, stdin=TEXT.encode())
    assert (done.code, done.out) == (2, b"")
    assert done.err == f"arner: {folder / 'pytorch_model.bin'}: is cut short, or no file of weights\n"


def test_what_only_the_loader_finds_is_one_line(tmp_path, bert):
    folder = tmp_path / "bert"
    shutil.copytree(bert, folder)
    given = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps({**given, "hidden_size": 32}), "utf-8")
    done = arner("tag", "--engine", "both", "--camel-model", folder, "-o", tmp_path / "out", stdin=TEXT.encode())
    assert (done.code, len(done.lines)) == (2, 1)
    assert done.err.startswith(f"arner: {folder}: can't be loaded: ")
    assert not (tmp_path / "out").exists()


def test_package_that_lacks_is_named(tmp_path, bert, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyrsistent", None)
    data = database(tmp_path / "morphology.db", رباط="noun")
    for options in (("--engine", "camel", "--camel-model", bert), ("--morphology-db", data)):
        for name in [name for name in sys.modules if name.startswith("camel_tools.")]:
            monkeypatch.delitem(sys.modules, name)
        done = arner("tag", *options, stdin=TEXT.encode())
        assert (done.code, done.out) == (2, b"")
        said = "arner: CAMeL Tools can't be loaded: pyrsistent is not installed: run pip install \"arner[camel]\"\n"
        assert done.err == said


def test_gpu_that_is_not_there_is_said(bert):
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is one")
    done = arner("tag", "--engine", "camel", "--camel-model", bert, "--camel-device", "cuda", stdin=TEXT.encode())
    assert (done.code, done.out) == (2, b"")
    assert done.err == "arner: --camel-device cuda: torch finds no GPU that it can use: give cpu\n"


# --- runs ------------------------------------------------------------------------------------------------------------


def names(data):
    return [[e["text"] for e in json.loads(line)["entities"]] for line in data.splitlines()]


def test_folders_and_records_are_labelled_in_batches_over_documents(tmp_path, bert, monkeypatch):
    asked = []
    labels = model.Model.labels
    monkeypatch.setattr(
        model.Model, "labels", lambda self, sentences: (asked.append(len(sentences)), labels(self, sentences))[1]
    )
    texts = {f"t{n:02}": f"{n} زار زغزوغ مدينة {n}.\nوعاد." for n in range(40)}
    folder = tree(tmp_path / "in", **texts)
    records = tmp_path / "in.jsonl"
    records.write_text("".join(json.dumps({"id": k, "text": v}) + "\n" for k, v in texts.items()), "utf-8")
    options = ("--engine", "camel", "--camel-model", bert)
    for arguments in ((folder,), ("--input", "jsonl", records), (folder, "-f", "json")):
        asked.clear()
        done = arner("tag", *arguments, *options)
        assert (done.code, done.err) == (0, "")
        assert asked == [33, 9]  # 32 texts and 8, each with a sentence of its own and one that all have
    assert arner("tag", folder, *options, "-o", tmp_path / "out").code == 0
    written = b"".join(p.read_bytes() for p in sorted((tmp_path / "out").glob("*.jsonl")) if p.name[0] == "t")
    assert names(written) == [["زغزوغ"]] * 40


def test_document_that_is_too_much_for_memory_fails_and_the_rest_goes_on(tmp_path, bert, monkeypatch):
    import torch

    ner = packages.load("camel_tools.ner")

    class Limited(ner.NERecognizer):
        def predict(self, sentences, batch_size=32):
            if len(sentences) > 3 or any(len(words) > 20 for words in sentences):
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
            return super().predict(sentences, batch_size)

    monkeypatch.setattr(packages, "load", lambda _: type("module", (), {"NERecognizer": Limited}))
    short = "زار زغزوغ مدريد.\n" * 3 + "\n".join(f"قال {n} زغزوغ." for n in range(9))
    folder = tree(tmp_path / "in", a=short, b="زغزوغ " * 50, c=short)
    done = arner("tag", folder, "--engine", "camel", "--camel-model", bert, "-o", tmp_path / "out")
    assert done.code == 3
    assert done.lines[0] == "arner: b.txt: no memory to label a sentence of 50 words on the cpu"
    assert sorted(p.name for p in (tmp_path / "out").glob("*.txt.jsonl")) == ["a.txt.jsonl", "c.txt.jsonl"]
    assert names((tmp_path / "out" / "c.txt.jsonl").read_bytes()) == [["زغزوغ"] * 12]


def test_resume_tags_again_with_other_options_and_another_model(tmp_path, bert):
    folder = tree(tmp_path / "in", a=TEXT)
    mine = tmp_path / "bert"
    shutil.copytree(bert, mine)
    data = database(tmp_path / "morphology.db", رباط="noun_prop")
    camel = ("--camel-model", mine)

    def resumed(*options):
        done = arner("tag", folder, "-o", tmp_path / "out", "--resume", *options)
        assert done.code == 0, done.err
        return "done before" in done.err

    for options in (
        (), ("--engine", "camel", *camel), ("--engine", "both", *camel),
        ("--engine", "both", "--combine", "vote", *camel),
        ("--morphology-db", data), ("--engine", "both", *camel, "--morphology-db", data),
    ):  # fmt: skip
        assert [resumed(*options), resumed(*options)] == [False, True]
    checkpoint(mine, {**LABELLED, "مدريد": "B-LOC"})
    assert [resumed(*options), resumed(*options)] == [False, True]
    database(data, رباط="noun_prop", ناصر="noun_prop")
    assert [resumed(*options), resumed(*options)] == [False, True]


def test_tagger_with_a_model_pickles_and_is_shared_by_threads(bert):
    tagger = engine(bert, "both", combine="vote")
    again = pickle.loads(pickle.dumps(tagger))  # noqa: S301 -- what was just made
    assert again.engine == tagger.engine
    texts = [Document(str(n), TEXT + f" {n}") for n in range(12)]
    with ThreadPoolExecutor(4) as pool:
        assert [found(t) for t in pool.map(again.tag, texts)] == [BOTH] * 12


# --- morphology ------------------------------------------------------------------------------------------------------


def evidence(tagged):
    return {
        e.text: [r.source for r in e.evidence if r.recognizer == "morphology"] for e in tagged.entities
    }  # fmt: skip


def test_analyses_of_a_database_are_evidence(tmp_path, tagger):
    data = database(tmp_path / "morphology.db", رباط="noun_prop noun", ناصر="noun_prop", مدريد="verb")
    morphological = Tagger(engine=Engine(morphology=str(data)))
    tagged = morphological.tag(TEXT, explain=True)
    assert found(tagged) == [*BOTH, ARNERS]
    assert evidence(tagged) == {"ناصر بوريطة": [], "الرباط": ["this split", "a name"], "مدريد": ["only a verb"]}
    plain = tagger.tag(TEXT).entities
    assert [a.score - b.score for a, b in zip(plain, tagged.entities, strict=True)] == [
        pytest.approx(0), pytest.approx(-0.01, abs=0.02), pytest.approx(0.1, abs=0.1),
    ]  # fmt: skip
    assert tagged.entities[2].score < plain[2].score
    lines = list(explain(tagged))
    assert "    morphology: only a verb (its analyses: verb)" in lines
    assert "     -2.00  morphology only a verb" in lines
    assert "    morphology: this split (all analyses split off ب)" in lines


def test_split_that_no_analysis_has_loses_points(tmp_path, tagger):
    data = database(tmp_path / "db" / "morphology.db", والرباط="noun", بالرباط="noun")
    done = arner("explain", "--morphology-db", tmp_path / "db", stdin=TEXT.encode())
    assert done.code == 0
    assert "morphology: no such split (its analyses split off nothing)" in done.text
    assert "-1.50  morphology no such split" in done.text
    tagged = Tagger(engine=Engine(morphology=str(data))).tag(TEXT)
    assert tagged.entities[1].score < tagger.tag(TEXT).entities[1].score


def test_analyses_split_unknown_words_that_camel_labels(tmp_path):
    bert = checkpoint(tmp_path / "bert", {"وزغزوغ": "B-PERS"})
    data = database(tmp_path / "morphology.db", زغزوغ="noun_prop")
    options = {"name": "camel", "model": str(bert)}
    for morphology, due in ((None, "وزغزوغ"), (str(data), "زغزوغ")):
        tagged = Tagger(engine=Engine(**options, morphology=morphology)).tag("قال وزغزوغ أمس.")
        assert [e.text for e in tagged.entities] == [due]


def test_installed_database_is_found_by_default_and_by_name(tmp_path, monkeypatch):
    data = catalogue(tmp_path / "data")
    database(data / "data" / "morphology_db" / "calima-tiny" / "morphology.db", مدريد="verb")
    monkeypatch.setenv(packages.VARIABLE, str(data))
    for options in (("--morphology",), ("--morphology-db", "calima-tiny")):
        done = arner("explain", *options, stdin=TEXT.encode())
        assert (done.code, done.err) == (0, "")
        assert "morphology: only a verb" in done.text


def test_morphology_works_in_several_processes(tmp_path):
    data = database(tmp_path / "morphology.db", مدريد="verb")
    folder = tree(tmp_path / "in", **{f"t{n}": TEXT for n in range(4)})
    outs = [arner("tag", folder, "--explain", "--morphology-db", data, "-j", jobs) for jobs in (1, 2)]
    assert [done.code for done in outs] == [0, 0]
    assert outs[0].out == outs[1].out
    assert outs[0].text.count("only a verb") >= 4


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda whole: whole[: whole.index("###TABLE AC")], "is cut short: it has no stems, or no table behind them"),
        (lambda whole: whole[: whole.index("###STEMS")], "is cut short: it has no stems, or no table behind them"),
        (lambda whole: whole[: whole.index("DEFAULT pos:latin")] + "DEFAULT x\n", "can't be loaded: "),
        (lambda whole: whole.replace("DEFINE pos", "DEFINED pos"), "can't be loaded: DatabaseParseError: Error"),
        (lambda _: "SQLite format 3", "is no morphology database of CAMeL Tools: it begins with no ###DEFINES###"),
        (lambda _: "", "is no morphology database of CAMeL Tools: it begins with no ###DEFINES###"),
    ],
)
def test_database_that_is_wrong_is_refused_before_any_work(tmp_path, damage, said):
    data = database(tmp_path / "morphology.db", رباط="noun_prop")
    data.write_text(damage(data.read_text("utf-8")), "utf-8")
    done = arner("tag", "--morphology-db", data, "-o", tmp_path / "out", stdin=TEXT.encode())
    assert (done.code, done.out, len(done.lines)) == (2, b"", 1)
    assert done.err.startswith(f"arner: {data}: {said}")
    assert not (tmp_path / "out").exists()


def test_database_that_is_not_there(tmp_path):
    done = arner("tag", "--morphology-db", tmp_path / "none.db", stdin=TEXT.encode())
    assert (done.code, done.err) == (2, f"arner: {tmp_path / 'none.db'}: can't be read: No such file or directory\n")
