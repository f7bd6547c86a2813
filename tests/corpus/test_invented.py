"""The invented speeches hold what is said to be planted in them, and an ordinary reader's checks find no fault."""

import re

import pytest

from manyvectors import corpus
from manyvectors import study as studies
from manyvectors.__main__ import main
from manyvectors.corpus import tables

FOLDER = studies.DATA / "invented"
NOUN = re.compile(r"\b(?:a|an|the|no|each|deep|new|clean|good) well\b(?! enough)", re.IGNORECASE)
ADVERB = re.compile(r"\b(?:as|very|may|do|drying|manage that|could|it|them) well\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def own():
    return corpus.read(FOLDER / "speeches.csv")


@pytest.fixture(scope="module")
def planted():
    return tables.read("planted", FOLDER).set_index("planted")


@pytest.fixture(scope="module")
def said(own, planted):
    """Occurrences of what was planted in each speech, and its tokens: DataFrame."""
    found = own.documents[["tokens"]].copy()
    for name, words in planted["words"].items():
        forms = [word for word in words.split(";") if word and word != "the noun well"]
        if forms:
            found[name] = own.phrases(forms).sum(axis=1)
    found["water"] += own.texts.map(lambda body: len(NOUN.findall(body)))
    return found


def _ratio(said, name, one, other):
    rates = [said.loc[group, name].sum() / said.loc[group, "tokens"].sum() for group in (one, other)]
    return rates[0] / rates[1]


def test_forty_short_speeches_of_two_parties_and_three_years(own):
    about = own.documents
    assert len(about) == 40 and about["tokens"].between(80, 160).all()
    assert about.groupby("party").size().to_dict() == {"Harbour": 20, "Upland": 20}
    assert sorted(about["year"].unique()) == [2021, 2022, 2023]
    assert about.groupby("speaker")["party"].nunique().eq(1).all() and about["speaker"].nunique() == 6
    assert not own.texts.duplicated().any() and not len(own.skipped)


def test_every_well_is_a_noun_or_an_adverb(own):
    for doc_id, body in own.texts.items():
        senses = len(NOUN.findall(body)), len(ADVERB.findall(body))
        assert sum(senses) == len(re.findall(r"\bwell\b", body, re.IGNORECASE)), doc_id
    nouns, adverbs = (own.texts.map(lambda body, sense=sense: len(sense.findall(body))) for sense in (NOUN, ADVERB))
    assert nouns.groupby(own.documents["party"]).sum().to_dict() == {"Harbour": 4, "Upland": 9}
    assert adverbs.groupby(own.documents["party"]).sum().to_dict() == {"Harbour": 13, "Upland": 0}


def test_rates_are_those_that_were_planted(own, said, planted):
    upland, late = own.documents["party"] == "Upland", own.documents["year"] == 2023
    found = {
        "water": _ratio(said, "water", upland, ~upland),
        "boats": _ratio(said, "boats", ~upland, upland),
        "ferry": _ratio(said, "ferry", late, ~late),
        "school": _ratio(said, "school", upland, ~upland),
        "toll": _ratio(said, "toll", upland & late, upland & ~late),
    }
    assert set(found) == set(planted.index[planted["ratio"].notna()])
    for name, ratio in found.items():
        assert ratio == pytest.approx(planted.at[name, "ratio"], rel=0.15), name
    assert _ratio(said, "school", late, ~late) == pytest.approx(1, rel=0.15)
    for party in (upland, ~upland):
        assert 3 < _ratio(said, "ferry", party & late, party & ~late) < 5
        assert 0.8 < _ratio(said, "water", party & late, party & ~late) < 1.25


def test_the_calendar_alone_moves_water(own, said):
    """In all speeches water rises; within a party it does not (above)."""
    late = own.documents["year"] == 2023
    assert _ratio(said, "water", late, ~late) > 1.2
    assert _ratio(said, "boats", late, ~late) < 0.5
    sizes = own.documents.groupby(["party", "year"]).size().unstack()
    assert sizes.loc["Upland"].tolist() == [4, 6, 10] and sizes.loc["Harbour"].tolist() == [9, 7, 4]


def test_one_speaker_is_unlike_the_party(own, said):
    about = own.documents
    marl, harbour = about["speaker"] == "Tove Marl", about["party"] == "Harbour"
    assert (about.loc[marl, "party"] == "Harbour").all()
    assert _ratio(said, "water", marl, about["party"] == "Upland") == pytest.approx(1, abs=0.35)
    assert _ratio(said, "boats", marl, harbour & ~marl) < 0.25


def test_a_folder_beside_world_and_study_is_described(package, capsys):
    place = package.data / "invented"
    place.mkdir()
    for path in FOLDER.iterdir():
        if path.name != tables.PACKAGE:
            (place / path.name).write_bytes(path.read_bytes())
    assert main(["describe", "--data", str(package.data)]) == 0
    assert (place / tables.PACKAGE).read_bytes() == (FOLDER / tables.PACKAGE).read_bytes()
    assert str(place / tables.PACKAGE) in capsys.readouterr().out
    table = place / "planted.csv"
    table.write_text(table.read_text("utf-8").replace("judgement", "opinion", 1), encoding="utf-8")
    assert main(["describe", "--data", str(package.data)]) == 1
    assert "planted.csv, row 9, column kind: 'opinion' is not one of" in capsys.readouterr().err
