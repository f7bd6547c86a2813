"""The small charts: what they draw, what they say, and the table behind."""

import re

import pytest
from bs4 import BeautifulSoup
from docutils.utils import new_document
from hypothesis import given
from hypothesis import strategies as st

from manyvectors.site import findings, small

NUMBER = st.floats(-500, 500).map(lambda x: round(x, 3))
INTERVAL = st.tuples(NUMBER, NUMBER, NUMBER).map(sorted)


def _svg(drawn):
    found = BeautifulSoup(drawn.svg, "xml").svg
    assert found["role"] == "img" and found["aria-label"] == drawn.alt
    width, height = map(float, found["viewBox"].split()[2:])
    for dot in found.select("circle"):
        assert 0 <= float(dot["cx"]) <= width and 0 <= float(dot["cy"]) <= height
    for words in found.select("text"):
        assert 0 <= float(words["x"]) <= width and 0 <= float(words["y"]) <= height
    return found


@given(st.lists(INTERVAL, min_size=1, max_size=5), st.booleans())
def test_intervals_stay_on_the_drawing_and_zero_in_its_middle(ends, alone):
    rows = [{"label": f"r{k}", "unit": "points", "low": a, "value": b, "high": c} for k, (a, b, c) in enumerate(ends)]
    if any(max(abs(row["low"]), abs(row["high"])) < 0.01 for row in rows):
        return
    drawn = small.intervals({"rows": rows, "own_scale": alone})
    dots = _svg(drawn).select("circle")
    for row, dot in zip(rows, dots, strict=True):
        off = float(dot["cx"]) - small.WIDTH / 2
        assert abs(off) < 0.1 or (off > 0) == (row["value"] > 0)
    assert [line[0] for line in drawn.rows] == [row["label"] for row in rows]
    assert all(f"r{k}" in drawn.alt for k in range(len(rows)))


@pytest.mark.parametrize("alone", [True, False])
def test_a_number_whose_interval_holds_zero_is_not_in_bold(alone):
    row = {"label": "a", "unit": "words", "low": -16.3, "value": 8.6, "high": 33.4}
    other = {"label": "b", "unit": "words", "low": 12.3, "value": 24.1, "high": 35.9}
    svg = _svg(small.intervals({"rows": [row, other], "own_scale": alone}))
    (bold,) = [words.get_text() for words in svg.select("text.mv-told")]
    assert bold == ("24.1 (12.3 to 35.9) words" if alone else "24.1")
    assert any("8.6" in words.get_text() for words in svg.select("text"))


def test_a_square_for_each_year_filled_where_it_was_so():
    rows = [{"year": year, "hit": year < 2003, "what": "X" if year < 2003 else ""} for year in range(2000, 2007)]
    drawn = small.years({"told": "names X", "rows": rows})
    squares = [box for box in _svg(drawn).select("rect") if box["y"] == "42"]
    assert [box["class"] == "mv-strong" for box in squares] == [row["hit"] for row in rows]
    assert "2003–2006" in drawn.alt
    assert drawn.rows[0] == ["2000", "X"] and drawn.rows[-1] == ["2006", "–"]


def test_bars_are_as_long_as_their_numbers():
    rows = [{"label": "a", "unit": "per cent", "value": 0.0}, {"label": "b", "unit": "per cent", "value": 20.0}]
    rows.append({"label": "c", "unit": "per cent", "value": 40.0})
    widths = [float(bar["width"]) for bar in _svg(small.bars({"rows": rows})).select("rect")]
    assert widths[0] == 0 and widths[2] == pytest.approx(2 * widths[1], abs=0.2)


def test_places_stand_in_their_order():
    rows = [{"label": "a", "place": 1, "value": 90.0}, {"label": "b", "place": 60, "value": 50.0}]
    rows.append({"label": "c", "place": 100, "value": 9.0})
    drawn = small.places({"of": 100, "rows": rows})
    x = [float(dot["cx"]) for dot in _svg(drawn).select("circle")]
    assert x == sorted(x) and drawn.rows[1] == ["b", "60 of 100", "50 %"]


def test_words_have_a_dot_each_and_a_ring_where_nothing_was_found():
    drawn = small.words({"rows": [{"label": "a", "n": 2, "of": None}, {"label": "b", "n": 1, "of": 4}]})
    kinds = [dot["class"] for dot in _svg(drawn).select("circle")]
    assert kinds.count("mv-strong") == 3 and kinds.count("mv-hollow") == 3
    assert "b: 1 of 4" in drawn.alt


def test_days_lie_on_one_line():
    rows = [{"label": "in one year", "fact": "said", "begin": "2019-01-01", "end": "2019-12-31", "sources": 2}]
    rows.append({"label": "a day", "fact": "said", "begin": "2020-03-06", "end": "2020-03-06", "sources": 1})
    drawn = small.days({"rows": [{**row, "seen": False} for row in rows]})
    assert "2 sources" in drawn.alt and "1 source)" in drawn.alt
    assert "1 January 2020" in _svg(drawn).get_text()


def test_labels_are_escaped():
    drawn = small.words({"rows": [{"label": '<b>"&', "n": 1, "of": None}]})
    assert BeautifulSoup(drawn.svg, "xml").svg.find("b") is None
    assert "&lt;b&gt;" in drawn.svg


@pytest.mark.parametrize(("unit", "said"), [("points", "3.7 (−0.7 to 4.6)"), ("words", "3.68 (−0.68 to 4.60)")])
def test_an_estimate_and_its_ends_have_the_digits_of_the_ledger(unit, said):
    row = {"label": "a", "unit": unit, "value": 3.68, "low": -0.68, "high": 4.6}
    drawn = small.intervals({"rows": [row], "own_scale": False})
    assert drawn.rows == [["a", said, unit]] and said.split()[0] in _svg(drawn).get_text()


def test_runs_of_years_are_joined():
    assert small.joined([1996, 2001, 2002, 2018, 2019, 2020]) == "1996, 2001, 2002, 2018–2020"
    assert small.joined([]) == ""


def test_an_unknown_kind_has_no_drawing():
    with pytest.raises(KeyError):
        small.drawn({"kind": "pie", "rows": []})


def test_the_verdicts_are_counted_where_their_mark_is(monkeypatch):
    counted = {"claims": 9, "decided": 4, "leaning": 1, "open": 2, "untestable": 3}
    monkeypatch.setattr(findings.brought, "verdicts", lambda app: counted)
    document = new_document("a page")
    document += findings.VerdictsMark()
    findings.fill(None, document, "page")
    assert not list(document.findall(findings.VerdictsMark))
    assert [int(number) for number in re.findall(r"\d+", document.astext())] == list(counted.values())


@pytest.mark.parametrize(
    ("found", "verdicts", "said"),
    [
        ("counted", [], "How sure? Counted; no claim was tested."),
        (
            "",
            [{"claim": 2, "verdict": "open"}, {"claim": 3, "verdict": "open"}],
            "How sure? The claims it tests, 2, 3: open.",
        ),
        (
            "",
            [{"claim": 2, "verdict": "open"}, {"claim": 3, "verdict": "leaning for"}],
            "tests, 2: open. The claim it tests, 3: leaning",
        ),
        (
            "afterwards",
            [{"claim": 4, "verdict": "shared", "states": 0.11, "stands": 4, "variants": 6}],
            "predicted. The claim it tests, 4: shared (11% of the other states show as much; "
            "the verdict stands in 4 of 6 variants).",
        ),
    ],
)
def test_how_sure_a_finding_is_is_said_of_its_claims(found, verdicts, said, monkeypatch):
    monkeypatch.setattr(findings, "page_called", lambda app, name: None)
    line = findings.sure(None, "a page", {"found": found, "verdicts": verdicts})
    assert said in line.astext()


# --- On the cover -----------------------------------------------------------------------------------------------------


def test_the_cover_tells_ten_findings_each_with_grade_chart_table_and_chapter(soup, site):
    page = soup("book/cover.html")
    entries = page.select("ol.mv-findings > li")
    assert len(entries) == 10
    for entry in entries:
        assert len(entry.select_one("p.mv-head").get_text().split()) <= 11  # to be remembered
        (drawing,) = entry.select("svg")
        assert drawing["role"] == "img" and len(drawing["aria-label"]) > 20
        assert re.fullmatch("grade [A-D]", entry.select_one("a.mv-grade").get_text())
        chapter = entry.select_one("p.mv-where a.reference")["href"]
        assert (site / "book" / chapter).resolve().is_file() and "notebooks/" in chapter
        assert entry.select_one("p.mv-sure").get_text().startswith("How sure? ")
        assert all("#claim-" in link["href"] for link in entry.select("p.mv-sure a.reference"))
        table = entry.select_one("details table")
        assert len(table.select("tbody tr")) >= 2
        for number in re.findall(r"\d+", " ".join(words.get_text() for words in drawing.select("text.mv-told"))):
            assert number in table.get_text()


def test_the_cover_says_what_the_last_chapter_says(soup):
    told = [_plain(entry) for entry in soup("book/cover.html").select("p.mv-finding")]
    last = _plain(soup("notebooks/23_what_is_true.html").select_one("article"))
    assert not [sentence for sentence in told if sentence not in last]


def _plain(node):
    return " ".join(node.get_text().replace("’", "'").split())


def test_the_cover_does_not_answer_what_the_first_session_asks(soup):
    """In session 1 a class guesses how often the word is said; whoever opens the book must not read it there."""
    guess = next(box for box in soup("book/cover.html").select(".admonition") if "guess" in box.get_text())
    assert "?" in guess.get_text() and "03" in guess.get_text()
    assert not re.search(
        r"said once|not by Kazakhstan|is missing", _plain(soup("book/cover.html").select_one("article"))
    )


def test_the_years_of_the_title_are_explained(soup, config):
    years = re.search(r"\d{4}–\d{4}", config["title"])
    assert years is None or years[0] in _plain(soup("book/cover.html").select_one("article"))
