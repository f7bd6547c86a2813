"""Pages of handouts: each sheet of the course on paper, with nothing that spoils it, from a phone to A4."""

import subprocess
import sys
from pathlib import Path

import pytest
from browsing import faults
from bs4 import BeautifulSoup
from building import ROOT
from pypdf import PdfReader

from manyvectors.site import course, handouts

COURSE = course.read(ROOT / "book" / "course" / "weeks.yml")
WEEKS = [week for week in COURSE["weeks"] if any("sheet" in entry for entry in week["hand"])]
MADE = {"kind": "table", "heads": ["word", "yours"], "rows": [["Vestria [[and]] <b>", ""]]}
KEYED = MADE | {"key": {"kind": "table", "heads": ["word"], "rows": [["only the teacher"]]}}


def week(number):
    """Return a week of the course."""
    return COURSE["weeks"][number - 1]


def shown(week):
    """Return the page of a week; what is made of data is one small table, with a key."""
    made = {f"week-{week['week']}/{entry['id']}": KEYED for entry in week["hand"] if "data" in entry}
    return handouts.page(week, made, ROOT / "book" / "course", "plan.html#x")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A site that has nothing but handouts."""
    place = tmp_path_factory.mktemp("handed")
    (place / "handouts").mkdir()
    style = (ROOT / "book" / "web" / handouts.STYLE).read_text(encoding="utf-8")
    (place / "handouts" / handouts.STYLE).write_text(style, encoding="utf-8")
    for week in WEEKS:
        (place / course.handouts(week["week"])).write_text(shown(week), encoding="utf-8")
    return place


@pytest.mark.parametrize("week", WEEKS, ids=lambda week: f"week-{week['week']}")
def test_every_sheet_has_its_place_and_something_on_it(week):
    page = BeautifulSoup(shown(week), "lxml")
    sheets = [entry for entry in week["hand"] if "sheet" in entry]
    ids = [section["id"] for section in page.select("main > section") if "key" not in section.get("class", [])]
    assert ids == [entry["id"] for entry in sheets] and len(set(ids)) == len(ids) >= 1
    assert [link["href"] for link in page.select("header li a")] == [f"#{name}" for name in ids]
    for section in page.select("main > section"):
        assert section.select("table, .card, .slips, .text, .passage")
    text = page.get_text()
    assert "{" not in text and "`" not in text and "**" not in text, "no mark of Markdown is left"


def test_a_key_stands_on_a_sheet_of_its_own_and_what_comes_from_data_is_escaped():
    page = BeautifulSoup(shown(week(5)), "lxml")
    keys = page.select("section.key")
    assert keys and all("For the teacher" in key.h2.get_text() for key in keys)
    assert page.get_text().count("only the teacher") == len(keys)
    cell = page.select_one("#leading-words td")
    assert cell.get_text() == "Vestria and <b>" and cell.strong.get_text() == "and"


def test_parts_of_a_page_are_taken_as_they_are_now():
    rule = BeautifulSoup(shown(week(6)), "lxml").select_one("#rule-of-chapter-08").get_text()
    assert "Holm's method" in rule and "nineteen times in twenty" in rule
    brief = BeautifulSoup(shown(week(11)), "lxml").select_one("#brief-and-rubric")
    assert [head.get_text() for head in brief.select("h3")] == ["The brief", "The rubric"] and brief.select("table")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"parts": ["**Weir.**"]}, "no part that begins .* any more; mend the sheet x"),
        ({"page": "weirs"}, "no page weirs"),
    ],
)
def test_a_part_that_is_gone_is_an_error(changed, says):
    entry = {"id": "x", "sheet": "X", "copies": "one", "page": "project", "parts": ["## The brief"]} | changed
    with pytest.raises(ValueError, match=says):
        handouts.page(week(1) | {"hand": [entry]}, {}, ROOT / "book" / "course")


def test_pages_have_no_fault_on_a_phone(folder, browser, axe):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    for number in (1, 5, 11):  # cards; tables; parts of a page
        path = folder / course.handouts(number)
        page.goto(path.as_uri())
        assert faults(page, axe) == [], path.name
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path.name
    page.close()


def test_all_are_printed_on_a4_and_linked(folder):
    # In a process of its own, as the browser of the other tests holds this one.
    said = (
        "from pathlib import Path; from manyvectors.site import handouts; import sys; "
        "print(handouts.print_all(Path(sys.argv[1]), 'Many Vectors: Ruritania'))"
    )
    done = subprocess.run([sys.executable, "-c", said, folder], cwd=ROOT, capture_output=True, text=True, check=True)
    whole = Path(done.stdout.strip())
    pages = PdfReader(whole).pages
    sheets = sum(shown(week).count("<section") for week in WEEKS)
    assert whole.name == "many-vectors-handouts.pdf" and sheets <= len(pages) <= sheets + 12
    assert {tuple(round(float(side) / 72 * 25.4) for side in page.mediabox[2:]) for page in pages} == {(210, 297)}
    for path in sorted((folder / "handouts").glob("*.html")):
        assert f'href="{path.stem}.pdf"' in path.read_text(encoding="utf-8") and path.with_suffix(".pdf").is_file()
    assert handouts.print_all(Path(folder, "downloads"), "Nothing to print") is None
