"""Who held which office, who spoke, and what happened: tables that agree with the archive and with each other."""

import re
from itertools import pairwise

import pytest

from manyvectors.site.timeline import first_day, last_day

TABLES = ("people", "rostrum-people", "timeline")


@pytest.fixture(scope="module")
def held(c):
    return {name: c.table(name).fillna("") for name in TABLES}


def test_every_source_is_in_the_bibliography(held, data):
    known = set(re.findall(r"^@\w+\{([^,\s]+),", (data.parent / "book/references.bib").read_text("utf-8"), re.M))
    people = held["people"]
    of_events = held["timeline"]["source"].str.split(";").explode()
    assert {*people["since_source"], *people["until_source"], *of_events} - {""} <= known
    for end in ("since", "until"):  # a date has a source, and a source a date
        assert ((people[end] != "") == (people[f"{end}_source"] != "")).all()


def test_each_speech_has_its_speaker_as_the_archive_spells_him(held, c, study):
    spoken = held["rostrum-people"].set_index("year")["person"]
    archive = c.table("speakers").query("state == @study.focus").set_index("year")["speaker"]
    ours = c.documents.query("register == 'rostrum' and state == @study.focus")
    assert list(spoken.index) == sorted(ours["year"])
    for year, person in spoken.items():
        # The last name, whose transliteration changes: its consonants stay, but for y and i.
        last = person.rpartition(" ")[2]
        assert _bones(last) in _bones(archive[year]), (year, person, archive[year])


def _bones(name):
    return re.sub(r"(.)\1", r"\1", re.sub(r"[^bcdfghjklmnpqrstvwxz]", "", name.lower()))


def test_who_spoke_as_minister_or_president_held_that_office(held, c, study):
    """But where a note says that sources differ."""
    people, spoken = held["people"], held["rostrum-people"].set_index("year")
    ranks = c.documents.query("register == 'rostrum' and state == @study.focus").set_index("year")["rank"]
    offices = {"head of state": "president", "minister": "foreign minister"}
    for year, (person, note) in spoken[["person", "note"]].iterrows():
        office = offices.get(ranks[year])
        if office is None or note:
            continue
        terms = people[(people["person"] == person) & (people["office"] == office) & (people["since"] != "")]
        spans = [(first_day(row.since).year, last_day(row.until or "2025").year) for row in terms.itertuples()]
        assert any(first <= year <= last for first, last in spans), (year, person, office)


@pytest.mark.parametrize("office", ["president", "foreign minister"])
def test_terms_follow_each_other_without_a_gap(held, office):
    rows = held["people"].query("office == @office")
    for before, after in pairwise(rows.itertuples()):
        assert first_day(after.since) <= last_day(before.until), (before.person, after.person)
        assert first_day(before.until) <= last_day(after.since), (before.person, after.person)
    assert rows["until"].iloc[-1] == ""


def test_events_are_named_in_four_words_and_end_after_they_begin(held):
    events = held["timeline"]
    assert events["what"].str.split().str.len().max() <= 4
    assert (events["begin"].map(first_day) <= events["end"].map(last_day)).all()
    assert list(events["begin"]) == sorted(events["begin"])


def test_every_conflict_whose_votes_are_told_of_is_on_the_timeline(held, c):
    """Chapter 20 rests on texts about them."""
    events = held["timeline"].query("kind == 'war'")
    told = events["what"] + " " + events["note"].fillna("")
    for conflict in c.table("integrity-votes")["conflict"].unique():
        assert told.str.contains(conflict.rpartition("-")[2]).any(), conflict
    begun = {what: begin[:4] for what, begin in zip(events["what"], events["begin"], strict=True)}
    assert sorted(year for what, year in begun.items() if "Karabakh" in what) == ["1988", "2020", "2023"]
    assert "2008" in {year for what, year in begun.items() if "Georgia" in what}
