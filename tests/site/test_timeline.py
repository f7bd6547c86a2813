"""The timeline on the cover."""

import itertools
from datetime import date

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from manyvectors import study
from manyvectors.site import timeline


@given(st.dates(date(1900, 1, 1), date(2090, 1, 1)))
def test_days_months_and_years_have_their_first_and_last_day(day):
    for said in (day.isoformat(), f"{day:%Y-%m}", f"{day:%Y}"):
        assert timeline.first_day(said) <= day <= timeline.last_day(said)
        assert timeline.first_day(said).isoformat().startswith(said)
        assert timeline.last_day(said).isoformat().startswith(said)


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("2020-03-06", "6 March 2020"),
        ("2007", "2007"),
        ("2009-09", "September 2009"),
        ("2018-09/2018-12-28", "between September 2018 and 28 December 2018"),
    ],
)
def test_dates_are_written_for_a_reader(said, plain):
    assert timeline.plain(said) == plain


def _dated(edition, earliest, latest, fact="year", mark="secondary"):
    return {"edition": edition, "earliest": earliest, "latest": latest, "fact": fact, "mark": mark}


def test_a_doubtful_beginning_is_a_range_and_the_act_itself_ends_the_doubt():
    rows = [
        _dated("a", "1995-01-01", "1995-12-31"),
        _dated("b", "2000-01-01", "2000-12-31"),
        _dated("b", "2001-01-01", "2001-12-31"),
        _dated("c", "2019-01-01", "2019-12-31", "approved"),
        _dated("c", "2020-03-06", "2020-03-06", "approved", timeline.SEEN),
        _dated("c", "2018-01-01", "2018-12-31", "draft"),
    ]
    first, second, third = timeline.editions(rows, ["a", "b", "c", "d"], date(2025, 12, 31))
    assert (second.name, second.early, second.begin) == ("2000 or 2001", date(2000, 1, 1), date(2001, 12, 31))
    assert (third.name, third.early, third.begin) == ("2020", date(2020, 3, 6), date(2020, 3, 6))
    assert first.end == second.early and second.end == third.early and third.end == date(2025, 12, 31)


@given(st.lists(st.dates(date(2000, 1, 1), date(2010, 12, 31)), min_size=1, max_size=30))
def test_each_event_has_a_dot_of_its_own_and_a_line_from_its_day(days):
    first, last = date(2000, 1, 1), date(2010, 12, 31)
    spans = {"edition": [], "president": [], "minister": []}
    drawing = timeline.picture(spans, {}, [(day, f"event {at}") for at, day in enumerate(days)], first, last)
    svg = BeautifulSoup(drawing, "xml").svg
    dots = [float(dot["cy"]) for dot in svg.select(".mv-event")]
    assert all(below - above >= 12.9 for above, below in itertools.pairwise(dots)), "a dot and a line of letters"
    assert max(dots) < float(svg["viewBox"].split()[3])
    begun = [float(line["d"].split(" ")[1].partition("L")[0]) for line in svg.select(".mv-day")]
    for y, day, dot in zip(begun, sorted(days), dots, strict=True):
        assert abs(y - timeline.TOP - timeline.YEAR * (day - first).days / 365.25) < 0.1
        assert dot >= y - 0.1, "a later place, never an earlier one"


def test_what_began_before_the_drawing_stands_at_its_head():
    spans = {"edition": [], "president": [], "minister": []}
    events = [(date(1988, 1, 1), "older"), (date(2005, 1, 1), "later")]
    drawing = timeline.picture(spans, {}, events, date(2000, 1, 1), date(2010, 12, 31))
    svg = BeautifulSoup(drawing, "xml").svg
    first, second = (float(dot["cy"]) for dot in svg.select(".mv-event"))
    assert first == timeline.TOP < second


def test_who_spoke_is_counted():
    who = {1: "A B", 2: "A B", 3: "C D", 4: "A B", 5: "E F", 6: "C D"}
    ranks = {1: "minister", 2: "head of state", 3: "minister", 4: "minister", 5: "x", 6: "x"}
    said = timeline.spoken(who, ranks)
    assert (
        said
        == "The 6 speeches were given by 3 people. A B gave 3 of them, 2 as minister, 1 as head of state; then came "
        + ("C D with 2 and E F with 1.")
    )


def test_a_post_that_the_archive_lacks_is_said_to_be_its_silence():
    held = {"person": "A B", "office": "foreign minister", "since": "1991", "since_source": "x1990", "until": "1994"}
    assert timeline.elsewhere([held], "A B", date(1993, 9, 24)) == (
        "no post in the archive; foreign minister by another source",
        ["x1990"],
    )
    for person, year in (("A B", 1995), ("C D", 1993)):
        assert timeline.elsewhere([held], person, date(year, 9, 24)) == ("no post in the archive", [])


def test_the_cover_counts_the_speakers_and_shows_all_of_it(soup, c):
    page, focus = soup("book/cover.html"), study.load().focus
    spoken = c.table("rostrum-people")["person"].value_counts()
    text = " ".join(page.select_one("article").get_text().split())
    assert f"{spoken.index[0]} gave {spoken.iloc[0]} of them" in text
    drawing = page.select_one("svg.mv-years")
    speeches = c.documents[(c.documents["register"] == "rostrum") & (c.documents["state"] == focus)]
    dots = drawing.select('circle[r="4"]')
    assert len(dots) == len(speeches)
    assert sum("mv-strong" in dot["class"] for dot in dots) == (speeches["rank"] == "head of state").sum()
    behind = page.select_one("svg.mv-years").find_next("details")
    rows = behind.select("tbody tr")
    people, events = c.table("people"), c.table("timeline")
    assert len(rows) == len(people) + len(events) + len(speeches) + 5
    assert {*people["person"]} <= {cell.get_text().partition(",")[0].strip() for cell in behind.select("tbody td")}
    labels = [words.get_text() for words in drawing.select("text")]
    assert not [what for what in events["what"] if what not in labels]


def test_names_of_the_timeline_do_not_stand_on_each_other(soup):
    drawing = BeautifulSoup(str(soup("book/cover.html").select_one("svg.mv-years")), "lxml")
    columns = {}
    for words in drawing.select("text[x][y]"):
        columns.setdefault(words["x"], []).append(float(words["y"]))
    for heights in columns.values():
        ordered = sorted(heights)
        assert all(b - a >= 11.4 for a, b in itertools.pairwise(ordered))
