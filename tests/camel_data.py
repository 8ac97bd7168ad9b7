"""Small stand-ins for what CAMeL Tools downloads, made on disk: a checkpoint that labels words as told, a database."""

import json

LABELS = ("O", "B-PERS", "I-PERS", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-MISC", "I-MISC")
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
# As the catalogue of CAMeL Tools lists them.
COMPONENTS = {
    "NamedEntityRecognition": {"default": "arabert", "datasets": {"arabert": {"path": "ner/arabert"}}},
    "MorphologyDB": {"default": "calima-tiny", "datasets": {"calima-tiny": {"path": "morphology_db/calima-tiny"}}},
}


def catalogue(folder, **components):
    """Write a catalogue that lists the usual components, or those given."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = {"version": "1.6", "packages": {}, "components": components or COMPONENTS}
    (folder / "catalogue.json").write_text(json.dumps(listed), "utf-8")
    return folder


def configuration(words, **changes):
    """Return the configuration of a BERT for token classification over a vocabulary of that many entries."""
    return {
        "model_type": "bert", "architectures": ["BertForTokenClassification"], "vocab_size": words,
        "hidden_size": 16, "num_hidden_layers": 0, "num_attention_heads": 1, "intermediate_size": 4,
        "max_position_embeddings": 256, "type_vocab_size": 2, "pad_token_id": 0,
        "id2label": dict(enumerate(LABELS)), "label2id": {label: i for i, label in enumerate(LABELS)}, **changes,
    }  # fmt: skip


def checkpoint(folder, labelled, tokenizer=None, **changes):
    """Make a BERT that gives each word of a table its label, and all others O; return its folder.

    Pieces of words are written `##…`. It has no layers: a word's vector says its label, the classifier reads it off.
    """
    import torch
    from transformers import BertConfig, BertForTokenClassification

    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = [*SPECIAL, *labelled]
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", "utf-8")
    given = {"do_lower_case": False, "strip_accents": False, **(tokenizer or {})}
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizer", **given}), "utf-8")
    model = BertForTokenClassification(BertConfig(**configuration(len(vocabulary), **changes)))
    with torch.no_grad():
        for weight in model.parameters():
            weight.zero_()
        model.bert.embeddings.LayerNorm.weight.fill_(1.0)
        for i, word in enumerate(vocabulary):
            model.bert.embeddings.word_embeddings.weight[i][LABELS.index(labelled.get(word, "O"))] = 10.0
        for i in range(len(LABELS)):
            model.classifier.weight[i][i] = 1.0
    model.save_pretrained(folder)
    return folder


def files(folder, words=(*SPECIAL, "الرباط"), labels=9, **changes):
    """Write the files of a checkpoint by hand, so that they can be checked where torch is not installed."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(configuration(len(words), **changes)), "utf-8")
    (folder / "vocab.txt").write_text("\n".join(words) + "\n", "utf-8")
    shapes = {"bert.embeddings.word_embeddings.weight": [len(words), 16], "classifier.weight": [labels, 16]}
    header, at = {}, 0
    for name, shape in shapes.items():
        size = 4 * shape[0] * shape[1]
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, at + size]}
        at += size
    said = json.dumps(header).encode()
    (folder / "model.safetensors").write_bytes(len(said).to_bytes(8, "little") + said + bytes(at))
    return folder


_DATABASE = """\
###DEFINES###
DEFINE pos pos:noun pos:noun_prop pos:verb pos:adj
DEFINE prc2 prc2:0 prc2:wa_conj
DEFINE prc1 prc1:0 prc1:bi_prep
DEFINE prc0 prc0:0 prc0:Al_det
DEFINE diac diac:*open*
DEFINE lex lex:*open*
DEFINE bw bw:*open*
DEFINE gloss gloss:*open*
###DEFAULTS###
DEFAULT pos:noun prc2:0 prc1:0 prc0:0
DEFAULT pos:latin prc2:0 prc1:0 prc0:0
###ORDER###
ORDER diac lex bw gloss pos prc2 prc1 prc0
###TOKENIZATIONS###
TOKENIZATION diac
###STEMBACKOFF###
STEMBACKOFF NOAN_ALL Stem
###PREFIXES###
{prefixes}
###SUFFIXES###
\tSuff-0\tdiac: bw: gloss:
###STEMS###
{stems}
###TABLE AB###
{compatible}
###TABLE BC###
Stem Suff-0
###TABLE AC###
{behind}
"""
_PREFIXES = {
    "": "prc2:0 prc1:0 prc0:0", "ال": "prc2:0 prc1:0 prc0:Al_det", "و": "prc2:wa_conj prc1:0 prc0:0",
    "ب": "prc2:0 prc1:bi_prep prc0:0", "بال": "prc2:0 prc1:bi_prep prc0:Al_det",
    "وب": "prc2:wa_conj prc1:bi_prep prc0:0",
}  # fmt: skip


def database(path, **stems):
    """Write a morphology database in which each stem (as CAMeL Tools normalizes it) has a part of speech."""
    names = {prefix: f"Pref-{number}" for number, prefix in enumerate(_PREFIXES)}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        _DATABASE.format(
            prefixes="\n".join(f"{p}\t{names[p]}\tdiac:{p} bw:{p} gloss: {f}" for p, f in _PREFIXES.items()),
            stems="\n".join(
                f"{stem}\tStem\tdiac:{stem} lex:{stem}_1 bw:{stem} pos:{kind} prc2:0 prc1:0 prc0:0"
                for stem, kinds in stems.items() for kind in kinds.split()
            ),
            compatible="\n".join(f"{name} Stem" for name in names.values()),
            behind="\n".join(f"{name} Suff-0" for name in names.values()),
        ),
        "utf-8",
    )
    return path
