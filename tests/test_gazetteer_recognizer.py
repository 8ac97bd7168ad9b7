"""What the recognizer finds of the lexicon's names in a text, and the user's gazetteers on top of it."""

from __future__ import annotations

import pytest

from arner import letters
from arner.lexicon.read import GazetteerError
from arner.recognizers import gazetteer
from arner.tagger import Tagger

PEOPLE = "ref\tname\taliases\tweak\ten\tkind\tcountry\trole\ttier\tsource\n"
ORGS = "ref\tname\taliases\tweak\ten\tkind\tcountry\ttier\tsource\n"
PLACES = "ref\tname\taliases\tweak\ten\tkind\tcountry\tlat\tlon\ttier\tsource\n"


def proposed(tagger, text):
    """Return what is proposed for a text: text, label, reference, note."""
    tokens = tagger.words.tokens(letters.encode(text))
    found = list(gazetteer.matches(tagger.words, tokens))
    candidates = gazetteer.propose(tagger.words, tokens, found)
    return [(text[c.start : c.end], c.label, c.ref, c.evidence[0].note) for c in candidates]


def refs(tagger, text):
    return {(found, ref) for found, _, ref, _ in proposed(tagger, text)}


@pytest.mark.parametrize(
    ("text", "found", "ref"),
    [
        ("مكتب التحقيقات الفيدرالي", "مكتب التحقيقات الفيدرالي", "org/fbi"),
        ("لمكتب التحقيقات الفيدرالي", "مكتب التحقيقات الفيدرالي", "org/fbi"),
        ("وبمكتب التحقيقات الفيدرالي", "مكتب التحقيقات الفيدرالي", "org/fbi"),
        ("مَكْتَبُ التّحقيقات الفيدراليّ", "مَكْتَبُ التّحقيقات الفيدراليّ", "org/fbi"),
        ("مكتب\N{NO-BREAK SPACE}التحقيقات  الفيدرالي", "مكتب\N{NO-BREAK SPACE}التحقيقات  الفيدرالي", "org/fbi"),
        ("مكتب التحقيقات الفدرالي", "مكتب التحقيقات الفدرالي", "org/fbi"),
        ("FBI", "FBI", "org/fbi"),
        ("الـFBI", "FBI", "org/fbi"),
        ("(FBI)", "FBI", "org/fbi"),
        ("للمغرب", "لمغرب", "loc/MA"),
        ("المغرب", "المغرب", "loc/MA"),
        ("ولفرنسا", "فرنسا", "loc/FR"),
        ("وجدة", "وجدة", "loc/ma-oujda"),
        ("ووجدة", "وجدة", "loc/ma-oujda"),
        ("الولاياتالمتحدةالأمريكية", "الولاياتالمتحدةالأمريكية", "loc/US"),
        ("الولايات المتحدة الأميركية", "الولايات المتحدة الأميركية", "loc/US"),
        ("عبداللطيف حموشي", "عبداللطيف حموشي", "per/abdellatif-hammouchi"),
        ("ولعبد اللطيف حموشي", "عبد اللطيف حموشي", "per/abdellatif-hammouchi"),
        ("أ.ف.ب", "أ.ف.ب", "org/afp"),
        ("عربي21", "عربي21", "org/arabi21"),
    ],
)
def test_known_name_is_proposed_however_it_is_written(tagger, text, found, ref):
    assert (found, ref) in refs(tagger, text)


@pytest.mark.parametrize(
    ("text", "found", "ref"),
    [
        ("جامعة محمد الخامس بالرباط", "جامعة محمد الخامس", "org/um5"),
        ("بمحكمة الاستئناف بالرباط", "محكمة الاستئناف", "org/ma-appeal-rabat"),
        ("المحكمة الوطنية في إسبانيا", "المحكمة الوطنية", "org/es-audiencia-nacional"),
        ("القصر الملكي بالرباط", "القصر الملكي", "loc/ma-royal-palace-of-rabat"),
        ("تنظيم القاعدة في بلاد المغرب الإسلامي", "تنظيم القاعدة في بلاد المغرب الإسلامي", "org/aqim"),
        ("اتحاد بسكرة", "اتحاد بسكرة", "org/us-biskra"),
        ("لدولة قطر", "قطر", "loc/QA"),
        ("حي السيدة زينب", "السيدة زينب", "loc/eg-sayyida-zeinab-cairo"),
    ],
)
def test_place_of_a_unit_and_the_word_for_what_it_is_stay_outside(tagger, text, found, ref):
    assert max((name for name, known in refs(tagger, text) if known == ref), key=len) == found


@pytest.mark.parametrize(("text", "found"), [("صلاة المغرب", False), ("عيد الاستقلال", False), ("زار المغرب", True)])
def test_word_of_a_phrase_that_says_when_is_no_name(tagger, text, found):
    assert any(name == text.split()[1] for name, _ in refs(tagger, text)) == found


def test_name_does_not_cross_a_line_a_full_stop_or_a_comma(tagger):
    for border in ("\n", ". ", "، "):
        assert not any("الفيدرالي" in found for found, _ in refs(tagger, f"مكتب التحقيقات{border}الفيدرالي"))


@pytest.mark.parametrize(
    ("text", "ref", "joined"),
    [
        ("جهة الدار البيضاء-سطات", "loc/ma-casablanca-settat", True),
        ("جهة الدار البيضاء - سطات", "loc/ma-casablanca-settat", True),
        ("عمالات الدار البيضاء- سطات", "loc/ma-casablanca-settat", True),
        ("قطار الدار البيضاء - سطات", "loc/ma-casablanca-settat", False),
        ("طنجة - تطوان - الحسيمة", "loc/ma-tanger-tetouan-al-hoceima", True),
        ("محمود بن صالح - سليم المحجبي", "per/saleh-selim", False),
    ],
)
def test_dash_joins_the_cities_of_a_region_and_parts_persons_and_ways(tagger, text, ref, joined):
    assert (ref in {found for _, found in refs(tagger, text)}) == joined


def test_stray_and_inside_a_long_name_is_borne_and_said(tagger):
    text = "المديرية العامة لمراقبة التراب والوطني"
    (note,) = {n for found, _, ref, n in proposed(tagger, text) if (found, ref) == (text, "org/dgst")}
    assert note.endswith("repaired")


def test_nationality_behind_an_organisation_may_close_its_name(tagger):
    found = refs(tagger, "مكتب التحقيقات الفيدرالي الأمريكي")
    assert {("مكتب التحقيقات الفيدرالي", "org/fbi"), ("مكتب التحقيقات الفيدرالي الأمريكي", "org/fbi")} <= found


@pytest.mark.parametrize(
    ("text", "ref"),
    [("قالت DGST المغربية إن", "org/dgst"), ("قالت DST الفرنسية إن", None), ("رئيس الDGSN في الرباط", "org/dgsn")],
)
def test_an_acronym_is_sure_but_of_another_country(tagger, text, ref):
    (found,) = (e for e in tagger.tag(text).entities if e.label == "ORG")
    assert (found.text.isascii(), found.ref) == (True, ref)


def test_nationality_behind_a_classified_name_is_the_classifiers(tagger):
    assert "يديعوت أحرونوت الإسرائيلية" in {found for found, _ in refs(tagger, "قالت يديعوت أحرونوت الإسرائيلية")}
    assert "يديعوت أحرونوت الإسرائيلية" not in {
        found for found, _ in refs(tagger, "قالت صحيفة يديعوت أحرونوت الإسرائيلية")
    }


def test_another_country_behind_an_organisation_makes_another_organisation(tagger):
    assert ("مكتب التحقيقات الفيدرالي الفرنسي", None) in refs(tagger, "مكتب التحقيقات الفيدرالي الفرنسي")


def test_evidence_names_the_line_of_the_gazetteer(tagger):
    tokens = tagger.words.tokens(letters.encode("مكتب التحقيقات الفيدرالي"))
    found = gazetteer.propose(tagger.words, tokens, list(gazetteer.matches(tagger.words, tokens)))
    (path, line) = next(c.evidence[0].source for c in found if c.ref == "org/fbi").rsplit(":", 1)
    assert path.startswith("gazetteers/orgs/")
    assert int(line) > 1


def test_nothing_known_of_a_name_is_nothing_and_no_dash(tagger):
    tokens = tagger.words.tokens(letters.encode("الأمم المتحدة"))
    found = gazetteer.propose(tagger.words, tokens, list(gazetteer.matches(tagger.words, tokens)))
    assert {c.country for c in found if c.ref == "org/un"} == {None}


@pytest.fixture
def layered(tmp_path, monkeypatch):
    """Return a function that makes a tagger over gazetteers given as name and text."""
    monkeypatch.setenv("ARNER_CACHE", str(tmp_path / "cache"))

    def make(**files):
        folder = tmp_path / "mine"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / f"{name}.tsv").write_bytes(text.encode())
        return Tagger([folder])

    return make


def test_users_name_is_found(layered):
    text = "زار الوفد المركز الأزرق للدراسات أمس"
    tagger = layered(orgs=ORGS + "org/blue\tالمركز الأزرق للدراسات\t-\t-\tBlue Centre\tthink-tank\tMA\tsure\thand\n")
    (entity,) = [e for e in tagger.tag(text).entities if e.ref == "org/blue"]
    assert (entity.text, entity.label, entity.kind) == ("المركز الأزرق للدراسات", "ORG", "think-tank")
    assert (entity.en, entity.country) == ("Blue Centre", "MA")


def test_users_reference_wins_over_the_built_in_one(layered):
    tagger = layered(places=PLACES + "loc/mine\tالرباط\t-\t-\tMy Rabat\tcity\tMA\t-\t-\tsure\thand\n")
    (entity,) = tagger.tag("وصل الوفد إلى الرباط أمس").entities
    assert (entity.text, entity.ref, entity.en) == ("الرباط", "loc/mine", "My Rabat")


def test_built_in_names_stay_beside_the_users(layered):
    tagger = layered(people=PEOPLE + "per/mine\tياسر الزعفراني\t-\t-\tX Y\tofficial\tMA\t-\tsure\thand\n")
    found = {e.ref for e in tagger.tag("التقى ناصر بوريطة في الرباط ياسر الزعفراني").entities}
    assert {"per/nasser-bourita", "loc/ma-rabat", "per/mine"} <= found


def test_longer_users_name_grows_out_of_a_built_in_one(layered):
    name = "الرباط الخضراء الجميلة"
    tagger = layered(orgs=ORGS + f"org/mine\t{name}\t-\t-\tX\tngo\tMA\tsure\thand\n")
    assert {("الرباط", "loc/ma-rabat"), (name, "org/mine")} <= refs(tagger, name)


def test_users_gazetteer_does_not_leak_into_another_tagger(layered, tagger):
    layered(places=PLACES + "loc/mine\tالرباط\t-\t-\tMy Rabat\tcity\tMA\t-\t-\tsure\thand\n")
    assert {ref for _, ref in refs(tagger, "الرباط")} == {"loc/ma-rabat"}


@pytest.mark.parametrize(
    ("row", "line", "says"),
    [
        ("org/x\tاسم\t-\t-\tX\tkind\tMA\tsure\thand\n", 2, "kind"),
        ("org/x\tاسم\t-\t-\tX\n", 2, "fields"),
        ("x\tاسم\t-\t-\tX\tngo\tMA\tsure\thand\n", 2, "ref"),
        ("org/x\tاسم\t-\t-\tX\tngo\tMA\tsure\thand\n\norg/y\tاسم\t-\t-\tX\tngo\tMA\tsure\thand\n", 3, "blank"),
        ("org/x\tمـحمد\t-\t-\tX\tngo\tMA\tsure\thand\n", 2, "U+0640"),
    ],
)
def test_bad_row_is_named_by_path_and_line(layered, row, line, says):
    with pytest.raises(GazetteerError) as caught:
        layered(orgs=ORGS + row)
    message = str(caught.value)
    assert f"orgs.tsv:{line}: " in message
    assert says in message
