"""`arner formats`: the table is that of the exporters."""

from arner.export import FORMATS
from command_line import SURE, arner, tree


def test_each_format_is_listed_with_suffix_and_units():
    head, *rows = arner("formats").text.splitlines()
    assert head.split("  ")[0] == "format"
    assert [row.split()[0] for row in rows] == list(FORMATS)
    for row, form in zip(rows, FORMATS.values(), strict=True):
        assert form.suffix in row.split()
        assert form.summary in row
        assert (" ".join(form.units) or "none") in row


def test_the_suffix_listed_is_the_suffix_written(tmp_path):
    tree(tmp_path / "in", a=SURE)
    for row in arner("formats").text.splitlines()[1:]:
        name, suffix = row.split()[:2]
        if name != "spacy":
            assert arner("tag", tmp_path / "in", "-o", tmp_path / name, "-f", name).code == 0
            assert (tmp_path / name / f"a.txt{suffix}").exists()
