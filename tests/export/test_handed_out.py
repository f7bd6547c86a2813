"""Handouts are made of the data: each is worked out anew here from the tables, and none gives away what it asks."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

from manyvectors import claims, corpus
from manyvectors.corpus import DataError
from manyvectors.export import handouts, trained

ROOT = Path(__file__).resolve().parents[2]
WEEKS = ROOT / "book" / "course" / "weeks.yml"


@pytest.fixture(scope="module")
def made():
    """All that the course hands out and that is made of data."""
    return handouts.everything(WEEKS, claims.Evidence(corpus.load()))


def table(data):
    """Return a handout as a DataFrame."""
    return pd.DataFrame(data["rows"], columns=data["heads"])


def output(chapter, cell):
    """Return what a cell of a chapter has printed."""
    (path,) = (ROOT / "notebooks").glob(f"{chapter}_*.ipynb")
    (found,) = [one for one in json.loads(path.read_text("utf-8"))["cells"] if one["id"] == cell]
    return "".join(found["outputs"][0]["data"]["text/plain"])


def test_topics_stand_without_names_and_the_key_has_those_of_chapter_06(made):
    sheet = made["week-5/leading-words"]
    shown, printed = table(sheet), output("06", "c05-28")
    for _, row in shown.iterrows():
        assert re.search(rf"^{row.iloc[0]} +{row.iloc[1]}$", printed, re.MULTILINE) and row.iloc[-1] == ""
    names = {row[1] for row in sheet["key"]["rows"]} - {"(no name)"}
    kept = pd.read_csv(ROOT / "data/kazakhstan/topic-labels.csv")["label"].dropna()
    assert names <= set(kept) and not names & set(shown.to_numpy().ravel())


def test_the_six_passages_are_those_of_chapter_06(made):
    shown, printed = table(made["week-5/six-passages"]), output("06", "c05-05")
    assert [" ".join(row) for row in shown.to_numpy()] == [" ".join(line.split()) for line in printed.splitlines()[1:]]


def test_the_slide_of_verdicts_says_which_question_decides_which():
    """The questions are the disputes of the sheet; which of them a claim rests on stands in the ledger."""
    hands = {one["id"]: one for one in yaml.safe_load(WEEKS.read_text("utf-8"))["weeks"][6]["hand"] if "id" in one}
    disputes = hands["rows"]["with"]["conflicts"]
    asked = re.findall(r"^(\d)\. .+\?$", hands["rows"]["text"], re.MULTILINE)
    assert list(map(int, asked)) == list(range(1, len(disputes) + 1))
    slide = (ROOT / "book/decks/week-07.md").read_text("utf-8")
    shown = {name: said for said, name in re.findall(r"\| ([\d, ]+) \| \{value\}`09 (v_\w+)` \|", slide)}
    table = corpus.load().table("claims").set_index("old")
    assert len(shown) == slide.count("{value}`09 v_") == 4
    for name, questions in shown.items():
        given = yaml.safe_load(table.at[name.removeprefix("v_"), "with"])
        rests = [given["conflict"]] if "conflict" in given else [conflict for conflict, _ in given["readings"]]
        assert questions == ", ".join(str(disputes.index(one) + 1) for one in rests), name


def test_votes_without_names_are_the_votes_with_names(made):
    bare, named = table(made["week-10/votes-without-names"]), table(made["week-10/votes-with-names"])
    assert bare.equals(named[bare.columns]) and len(named.columns) == len(bare.columns) + 3
    texts = pd.read_csv(ROOT / "data/world/integrity-votes.csv")
    assert set(named.iloc[:, 1]) == set(texts["text"]) and not set(named.iloc[:, 1]) & set(bare.to_numpy().ravel())
    (crimea,) = texts.index[texts["text"].str.contains("Crimean referendum")]
    shown = named[named.iloc[:, 1] == texts.at[crimea, "text"]].iloc[0]
    world = ROOT / "data/world"
    rollcall = pd.read_csv(world / "rollcalls.csv")["rcid"].tolist().index(texts.at[crimea, "rcid"])
    votes = pd.read_parquet(world / "votes.parquet", filters=[("rollcall", "==", rollcall)]).set_index("voter")["vote"]
    voters = pd.read_csv(world / "voters.csv")["state"].tolist()
    said = {1: "yes", 2: "abstain", 3: "no", 8: "absent"}
    states = {"Kazakhstan": "KAZ", "Russia": "RUS", "China": "CHN", "Kyrgyzstan": "KGZ", "Uzbekistan": "UZB"}
    assert {name: shown[name] for name in states} == {
        name: said[votes[voters.index(code)]] for name, code in states.items()
    }


def test_reports_have_letters_for_works_and_the_key_has_the_verdicts_of_the_chapter(made):
    sheet = made["week-7/rows"]
    editions = pd.read_csv(ROOT / "data/kazakhstan/editions.csv", keep_default_na=False)
    asked = yaml.safe_load(WEEKS.read_text("utf-8"))["weeks"][6]["hand"][1]["with"]["conflicts"]
    assert len(sheet["rows"]) == editions["conflict"].isin(asked).sum()
    assert not set(editions["source"]) & {cell for row in sheet["rows"] for cell in row}
    acts = {row[3] for row in sheet["rows"] if row[4] == "the act itself, seen"}
    assert len(acts) == 1  # three renderings of one decree are one work
    verdicts = {(question, reading): verdict for question, reading, verdict in sheet["key"]["rows"]}
    assert [verdicts["5", reading] for reading in "AB"] == ["contradicted", "supported"]
    assert {verdict for (question, _), verdict in verdicts.items() if question != "5"} == {"open"}


def test_practice_sentences_stand_without_codes(made):
    rows, values = (
        trained.passages(),
        yaml.safe_load((ROOT / "data/kazakhstan/codebook.yml").read_text("utf-8"))["kinds"],
    )
    for kind in ("named",):  # leanings are coded on the page and in the lab
        shown, above = table(made[f"week-9/practice-{kind}"]), made[f"week-9/practice-{kind}"]["before"]
        assert len(above) == 3 and all(
            value in line
            for line, code in zip(above, trained.QUESTIONS[kind], strict=True)
            for value in values[kind]["codes"][code]
        )
        assert shown.iloc[:, 0].tolist() == rows.index[rows["kind"] == kind].tolist()
        assert (shown.iloc[:, 2:] == "").all(axis=None) and shown.columns[2:].tolist() == list(trained.QUESTIONS[kind])


def test_the_codebook_on_one_sheet_has_every_question_and_value(made):
    kind = yaml.safe_load((ROOT / "data/kazakhstan/codebook.yml").read_text("utf-8"))["kinds"]["named"]
    sheet = made["week-8/codebook"]
    assert [row[0] for row in sheet["rows"] if row[0]] == [
        f"{code}: {kind['questions'][code]}" for code in kind["codes"]
    ]
    assert [row[1:] for row in sheet["rows"]] == [
        [value, meaning] for values in kind["codes"].values() for value, meaning in values.items()
    ]
    assert len(sheet["before"]) == 6 and "file" not in " ".join(sheet["before"])


def test_places_and_states_are_names_and_each_stands_once(made):
    called = set(pd.read_csv(ROOT / "data/world/states.csv")["name"])
    for name, at_least in (("week-8/cards-of-places", 12), ("week-10/slips-with-states", 100)):
        slips = made[name]["slips"]
        assert len(set(slips)) == len(slips) >= at_least and set(slips) <= called and "Kazakhstan" not in slips


def test_states_with_a_part_in_a_chapter_are_not_drawn(made):
    slips = set(made["week-10/slips-with-states"]["slips"])
    told = {"Russia", "China", "United States", "Germany", "Türkiye", "Iran", "Uzbekistan", "Mongolia", "Belarus"}
    assert not slips & told and {"Albania", "Brazil", "Kenya"} <= slips


def test_slips_to_deal_are_the_same_for_a_seed_and_three_for_each_era(made):
    slips = made["week-6/slips-to-deal"]["slips"]
    assert slips == handouts.slips_to_deal(None, sets=6, seed=1)["slips"]
    assert slips != handouts.slips_to_deal(None, sets=6, seed=2)["slips"]
    assert len(slips) == 36 and all("invented" in slip for slip in slips)
    assert sum("era A" in slip for slip in slips) == 18


def test_three_lines_are_drawn_for_each_word_over_the_spans_of_the_eras(made):
    sheet = made["week-3/paper-to-draw-on"]
    assert len(sheet["rows"]) == 4 * 3 and {row[1] for row in sheet["rows"][:3]} == {
        "Kazakhstan",
        "its neighbours",
        "all states",
    }
    eras = yaml.safe_load((ROOT / "data/kazakhstan/study.yml").read_text("utf-8"))["eras"]
    assert [head[:4] for head in sheet["heads"][2:]] == [str(year) for year in eras.values()]


def test_the_invented_speech_is_counted_by_its_own_rule(made):
    sheet = made["week-2/invented-speech"]
    counted = dict(sheet["key"]["rows"])
    words = re.findall(r"[a-z]+(?:[-'][a-z]+)*", sheet["text"].lower())
    assert counted.pop("all words") == str(len(words))
    assert counted == {word: str(words.count(word)) for word in counted}


def test_data_that_nobody_makes_is_an_error_in_one_line(tmp_path):
    path = tmp_path / "weeks.yml"
    path.write_text(yaml.safe_dump({"weeks": [{"week": 1, "hand": [{"id": "a", "data": "weirs"}]}]}), encoding="utf-8")
    with pytest.raises(DataError, match=r"week-1/a: no data 'weirs' for a handout; take assigned, "):
        handouts.everything(path, None)
    with pytest.raises(DataError, match="assigns no weirs"):
        handouts.assigned(None, "06", "weirs", "ab", "words")
