"""The engines beside arner's own, as far as they go without torch: options, what is not there, what is damaged."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from arner.camel import model, packages
from arner.engines import Engine
from camel_data import SPECIAL, catalogue, configuration, files
from command_line import ENVIRONMENT, SURE, arner, contents, tree

HEAVY = ("camel_tools", "torch", "numpy", "transformers", "sklearn")


# --- options and what is not there -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--combine", "vote"], "--combine is for --engine both"),
        (["--engine", "camel", "--combine", "vote"], "--combine is for --engine both"),
        (["--camel-model", "m"], "--camel-model is for --engine camel and --engine both"),
        (["--camel-device", "cuda"], "--camel-device is for --engine camel and --engine both"),
        (["--engine", "both", "-j", "2"], "--jobs 2 is for --engine arner: CAMeL's model uses all cores from one"),
        (["--engine", "rules"], "'rules' is not one of 'arner', 'camel', 'both'"),
    ],
)
def test_options_that_do_not_go_together(tmp_path, options, said):
    folder = tree(tmp_path / "in", a=SURE)
    done = arner("tag", folder, "-o", tmp_path / "out", *options)
    assert (done.code, done.out, len(done.lines)) == (2, b"", 1)
    assert said in done.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "rules"}, "unknown engine 'rules'; one of: arner camel both"),
        ({"combine": "xor"}, "unknown combine 'xor'; one of: union vote"),
        ({"device": "tpu"}, "unknown device 'tpu'; one of: cpu cuda"),
        ({"guidelines": "mine"}, "unknown guidelines 'mine'; one of: arner anercorp cleananercorp"),
    ],
)
def test_engine_refuses_other_values(given, said):
    with pytest.raises(ValueError, match=said):
        Engine(**given)


@pytest.mark.parametrize("command", ["tag", "explain", "report"])
@pytest.mark.parametrize("missing", ["torch", "transformers", "camel_tools"])
def test_without_the_extra_one_line_says_what_to_install(monkeypatch, command, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    done = arner(command, "--engine", "camel", *(["-"] if command == "report" else []), stdin=SURE.encode())
    assert (done.code, done.out, len(done.lines)) == (2, b"", 1)
    assert missing in done.err
    assert done.err.endswith('not installed: run pip install "arner[camel]"\n')


def test_without_the_extra_morphology_says_so_too(monkeypatch):
    monkeypatch.setitem(sys.modules, "camel_tools", None)
    done = arner("tag", "--morphology", stdin=SURE.encode())
    assert (done.code, len(done.lines)) == (2, 1)
    assert done.err == (
        'arner: --morphology needs camel_tools, which is not installed: run pip install "arner[camel]"\n'
    )


@pytest.fixture
def installed(monkeypatch):
    """As if the packages were there: what is looked at next are files."""
    monkeypatch.setattr(packages, "need", lambda *_: None)


def refused(tmp_path, *options):
    """Return the one line that ends a run into a folder before any work."""
    folder = tree(tmp_path / "in", a=SURE)
    before = contents(tmp_path)
    done = arner("tag", folder, "-o", tmp_path / "out", *options)
    assert (done.code, done.out, len(done.lines)) == (2, b"", 1), done.err
    assert contents(tmp_path) == before
    return done.err


PARTS = [
    (("--engine", "camel"), "camel_data -i ner-arabert", "--camel-model PATH"),
    (("--engine", "both"), "camel_data -i ner-arabert", "--camel-model PATH"),
    (("--morphology",), "camel_data -i morphology-db-msa-r13", "--morphology-db PATH"),
]


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(("options", "run", "give"), PARTS)
@pytest.mark.parametrize("variable", [True, False])
def test_without_a_catalogue_one_line_says_what_to_run_and_where_it_looked(
    tmp_path, monkeypatch, options, run, give, variable
):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.delenv(packages.VARIABLE, raising=False)
    if variable:
        monkeypatch.setenv(packages.VARIABLE, str(tmp_path / "data"))
    said = refused(tmp_path, *options)
    assert run in said
    assert give in said
    looked = tmp_path / "data" if variable else tmp_path / "home"
    assert str(looked) in said
    assert ("the default folder" in said) is not variable


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(("options", "run", "give"), PARTS)
def test_without_the_model_one_line_says_what_to_run(tmp_path, monkeypatch, options, run, give):
    monkeypatch.setenv(packages.VARIABLE, str(catalogue(tmp_path / "data")))
    said = refused(tmp_path, *options)
    assert (run in said, give in said) == (True, True)
    assert f"in {tmp_path / 'data'} (CAMELTOOLS_DATA)" in said


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{", "is no catalogue of CAMeL Tools: run camel_data -u"),
        ("[]", "is no catalogue of CAMeL Tools"),
        ('{"version": "1"}', "is no catalogue of CAMeL Tools"),
        ('{"components": {}}', "lists no NamedEntityRecognition: run camel_data -i ner-arabert"),
        ('{"components": {"NamedEntityRecognition": {}}}', "its NamedEntityRecognition is damaged"),
        ('{"components": {"NamedEntityRecognition": 3}}', "its NamedEntityRecognition is damaged"),
    ],
)
def test_damaged_catalogue(tmp_path, monkeypatch, written, said):
    data = tmp_path / "data"
    data.mkdir()
    (data / "catalogue.json").write_text(written, "utf-8")
    monkeypatch.setenv(packages.VARIABLE, str(data))
    assert f"arner: {data / 'catalogue.json'}: {said}" in refused(tmp_path, "--engine", "camel")


@pytest.mark.usefixtures("installed")
def test_model_of_another_name_names_those_that_are_there(tmp_path, monkeypatch):
    monkeypatch.setenv(packages.VARIABLE, str(catalogue(tmp_path / "data")))
    said = refused(tmp_path, "--engine", "camel", "--camel-model", "bert-x")
    assert "bert-x: no such path, and no NamedEntityRecognition of" in said
    assert "which lists: arabert" in said


def test_no_command_loads_a_heavy_library_without_these_options(tmp_path):
    (tmp_path / "a.txt").write_text(SURE, "utf-8")
    code = (
        "import sys, io\nfrom arner import cli\nfrom importlib import import_module\n"
        "for module, _ in cli.COMMANDS.values(): import_module(module)\n"
        "for line in (['tag', 'a.txt'], ['explain', 'a.txt'], ['tag', 'a.txt', '--engine', 'arner']):\n"
        "    sys.argv = ['arner', *line]\n    try: cli.main()\n    except SystemExit as end: assert end.code == 0\n"
        f"print('loaded', [m for m in {HEAVY!r} if m in sys.modules], 'arner.camel.packages' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, check=True, encoding="utf-8"
    )
    assert done.stdout.splitlines()[-1] == "loaded [] False"


# --- checkpoints -----------------------------------------------------------------------------------------------------


def cut(name, left):
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:left])


def remove(name):
    return lambda folder: (folder / name).unlink()


def write(name, text):
    return lambda folder: (folder / name).write_text(text, "utf-8")


def settings(**changes):
    return lambda folder: (folder / "config.json").write_text(json.dumps(configuration(6, **changes)), "utf-8")


def again(**changes):
    return lambda folder: files(folder, **changes)


def pickled(folder):
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"PK\3\4 cut short")


NO_LABELS = {"0": "O", "1": "B-DATE", "2": "I-DATE"}
DAMAGES = {
    "no config": (remove("config.json"), "config.json: is missing"),
    "config cut": (cut("config.json", 40), "config.json: is no JSON, or cut short"),
    "config a list": (write("config.json", "[]"), "config.json: is no JSON object"),
    "other kind": (settings(model_type="roberta"), "config.json: is a model of type roberta, where bert is due"),
    "other task": (settings(architectures=["BertForMaskedLM"]), "config.json: is a BertForMaskedLM, where a Bert"),
    "small window": (settings(max_position_embeddings=128), "config.json: has a window of 128 word pieces"),
    "other labels": (settings(id2label=NO_LABELS), "config.json: has other labels (B-DATE I-DATE) than O and B-, I-"),
    "only misc": (settings(id2label={"0": "O", "1": "B-MISC"}), "config.json: has other labels (O B-MISC) than"),
    "no labels": (settings(id2label=None), "config.json: has other labels (none) than"),
    "no words": (remove("vocab.txt"), "vocab.txt: is missing, and so is tokenizer.json"),
    "words cut": (write("vocab.txt", "[PAD]\n[UNK]\n"), "vocab.txt: lacks [CLS] [SEP]"),
    "more words": (write("vocab.txt", "\n".join([*SPECIAL, "الأمن", "x", "y"])), "vocab.txt: has 8 entries, "),
    "English": (again(words=(*SPECIAL, "the", "ا")), "vocab.txt: holds no Arabic word: the model is for another lang"),
    "no weights": (remove("model.safetensors"), "model.safetensors: is missing, and so is pytorch_model.bin"),
    "weights cut": (cut("model.safetensors", 700), "model.safetensors: is cut short: 700 bytes, where "),
    "header cut": (cut("model.safetensors", 30), "model.safetensors: is cut short, or no file of weights"),
    "weights empty": (cut("model.safetensors", 0), "model.safetensors: is cut short, or no file of weights"),
    "weights a page": (write("model.safetensors", "<html>404</html>"), "model.safetensors: is cut short, or no file"),
    "pickle cut": (pickled, "pytorch_model.bin: is cut short, or no file of weights"),
    "other classes": (again(labels=3), "model.safetensors: classifies into 3 labels, where config.json has 9"),
}


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", DAMAGES)
def test_checkpoint_that_is_wrong_is_refused_by_file(tmp_path, name):
    damage, said = DAMAGES[name]
    folder = files(tmp_path / "model")
    damage(folder)
    line = refused(tmp_path, "--engine", "camel", "--camel-model", folder)
    assert line.startswith(f"arner: {folder}{os.sep}{said}")


@pytest.mark.usefixtures("installed")
def test_checkpoint_that_is_no_folder(tmp_path):
    (tmp_path / "model.bin").write_bytes(b"x")
    assert "model.bin: is no folder of a checkpoint" in refused(
        tmp_path, "--engine", "camel", "--camel-model", tmp_path / "model.bin"
    )


@pytest.mark.usefixtures("installed")
def test_whole_checkpoint_is_found(tmp_path):
    assert model.find(str(files(tmp_path / "model"))) == tmp_path / "model"
