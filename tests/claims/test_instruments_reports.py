"""Instruments on reports and organisations, counted again by hand."""

import pandas as pd
import pytest

from manyvectors.claims import instruments


def test_b7_place_of_the_region(found, c):
    coded = c.table("provisions").query("category == 'partner'")
    place = {(row.source, row.theme): row.number for row in coded.itertuples() if row.coding != "label"}
    draft = place["orient_tm_2020", "Central Asia"]
    then = [place[key] for key in (("sorbello2014", "Central Asia"), ("sorbello2014", "China"))]
    then.append(place["voloshin2014", "Central Asia"])
    assert found("B7")["estimate"] == sum(number > draft for number in then)


SAME = {"imemo_abstract_ru": "kurmanguzhin_chebotarev2023"} | dict.fromkeys(
    ("ptrk19822", "ptrk19802"), "kz_decree280_2020"
)


@pytest.mark.parametrize(("claim", "conflict", "reading"), [("A10", "C6", "C"), ("A11", "C10", "A"), ("B4", "C1", "B")])
def test_reports_counted_by_hand(found, c, claim, conflict, reading):
    rows = c.table("editions").query("conflict == @conflict").to_dict("records")
    numbers, works = found(claim), {SAME.get(r["source"], r["source"]) for r in rows if r["reading"] == reading}
    assert numbers["estimate"] == numbers["rivals"] == len({r["reading"] for r in rows})
    assert numbers["works"] == len(works)
    seen = [r for r in rows if r["mark"] == "official text seen"]
    assert numbers["official"] == bool(seen)
    assert numbers["seen"] == any(r["reading"] == reading for r in seen)


def test_a9_datings_by_hand(found, c):
    reports = c.table("editions")
    right, wrong = 0, 0
    for conflict in ("C1", "C2", "C3"):
        rows = reports[reports["conflict"] == conflict]
        assert not (rows["mark"] == "official text seen").any() and rows["reading"].nunique() > 1
    acts = reports.query("edition == '2014' and fact == 'act'")["earliest"]
    right += len(acts) > 0 and acts.str.startswith("2014").all()
    assert (found("A9")["estimate"], found("A9")["wrong"]) == (right, wrong)


def test_a24_four_bodies(found, c):
    table = c.table("organisations")
    last = table[(table["edition"] == 2025) & (table["status"] == "listed")]
    assert table["edition"].max() == 2025
    assert found("A24")["estimate"] == len({"UN", "SCO", "CSTO", "OECD"} & set(last["organisation"]))


def test_readings():
    reports = pd.DataFrame(
        [
            ("C1", "A", "one", "secondary"),
            ("C1", "A", "one", "secondary"),
            ("C1", "A", "imemo_abstract_ru", "secondary"),
            ("C1", "A", "kurmanguzhin_chebotarev2023", "secondary"),
            ("C1", "B", "ptrk19822", "official text seen"),
            ("C1", "B", "ptrk19802", "secondary"),
            ("C1", "B", "kz_decree280_2020", "secondary"),
            ("C2", "A", "two", "official text seen"),
        ],
        columns=["conflict", "reading", "source", "mark"],
    )
    reports = instruments.of_works(reports, SAME)
    found = instruments.readings(reports, "C1")
    assert found["works"].to_dict() == {"A": 2, "B": 1}
    assert found["official"].to_dict() == {"A": False, "B": True}
    assert instruments.readings(reports, "C9").empty
