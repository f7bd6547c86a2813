"""The ledger as a page: every row, its anchors, filters, the table in the link, nothing that breaks out."""

import base64
import csv
import html
import io
import math
import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from manyvectors import claims
from manyvectors.claims.findings import FILE
from manyvectors.claims.numbers import glued_in
from manyvectors.common import read_yaml
from manyvectors.export import charts
from manyvectors.site import small

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
LETTERS = [f"{letter}{i}" for letter, last in (("A", 29), ("B", 10), ("C", 17)) for i in range(1, last + 1)]
ANCHORS = [f"claim-{i}" for i in range(1, len(LETTERS) + 1)]


class Page(HTMLParser):
    """What a browser would find: elements with their attributes, and the text inside each row."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.rows, self._open = [], [], None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append("")

    def handle_data(self, data):
        if self.rows:
            self.rows[-1] += data + " "

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture(scope="module")
def ledger(tried):
    return claims.ledger(evidence=tried)


@pytest.fixture(scope="module")
def page(ledger):
    return claims.page.table(ledger)


def test_every_row_is_on_the_page(page, ledger):
    read = Page(page)
    assert [attrs["id"] for attrs in read.all("th") if "id" in attrs] == ANCHORS
    # A link to a claim's letter in the first edition still finds its row.
    assert [attrs["id"] for attrs in read.all("a") if "id" in attrs] == LETTERS
    bodies = [attrs for attrs in read.all("tr") if "data-verdict" in attrs]
    assert [attrs["data-verdict"] for attrs in bodies] == ledger["verdict"].tolist()
    assert [attrs["data-theme"] for attrs in bodies] == ledger["theme"].tolist()
    assert len(read.rows) == len(ledger) + 1
    for row, text in zip(ledger.itertuples(), read.rows[1:], strict=True):
        assert (
            text.split()[0] == f"{row.claim}"
            and f"({row.old})" not in text
            and row.wording in text
            and row.who in text
            and row.when in text
        )
        assert row.verdict in text
        tried = "\u2013" if not row.variants else f"{round(row.robustness * row.variants)} of {row.variants}"
        assert tried in text
        shown = claims.page.estimate(row.estimate, row.low, row.high, row.unit)
        assert (shown or row.untestable) in text
        for share in (row.states, row.false_alarm):
            assert math.isnan(share) or f" {100 * share:.0f} % " in text
    links = [attrs["href"] for attrs in read.all("a")]
    for chapter in set(ledger["chapter"]):
        assert links.count(f"{chapter}.html") == (ledger["chapter"] == chapter).sum()
    assert len([attrs for attrs in read.all("section")]) == 1


def test_filters_count_right(page, ledger):
    found = re.findall(r"<option value=\"([^\"]*)\">(.*?) \((\d+)\)</option>", page)
    shown = {(html.unescape(value), html.unescape(text)): int(count) for value, text, count in found}
    expected = {("", "all"): 56}
    for field in ("theme", "verdict"):
        expected |= {(value, value): count for value, count in ledger[field].value_counts().items()}
    assert shown == expected
    assert [attrs["name"] for attrs in Page(page).all("select")] == ["theme", "verdict"]
    order = [value for value, _ in shown if value in claims.VERDICTS]
    assert order == [word for word in claims.VERDICTS if word in set(ledger["verdict"])]


def test_the_link_holds_the_table(page, ledger):
    (link,) = [attrs["href"] for attrs in Page(page).all("a") if "download" in attrs]
    head, _, body = link.partition(",")
    assert head == "data:text/csv;charset=utf-8;base64"
    text = base64.b64decode(body, validate=True).decode("utf-8")
    back = pd.read_csv(io.StringIO(text), keep_default_na=False, na_values={n: [""] for n in NUMERIC})
    assert list(back.columns) == list(ledger.columns)
    words = [name for name in ledger.columns if name not in NUMERIC]
    assert (back[words].to_numpy(str) == ledger[words].to_numpy(str)).all()
    for name in NUMERIC:
        assert back[name].to_numpy(float) == pytest.approx(ledger[name].to_numpy(float), abs=5e-5, nan_ok=True)


NUMERIC = (
    *("estimate", "low", "high", "variants", "robustness", "d", "detectable", "states"),
    *("false_alarm", "false_contradiction", "coverage"),
)


def test_nothing_is_fetched_from_elsewhere(page, ledger):
    for text in (page, claims.page.changes(ledger)):
        read = Page(text)
        links = [attrs[name] for _, attrs in read.elements for name in ("href", "src", "action") if attrs.get(name)]
        outside = re.sub(r"base64,[A-Za-z0-9+/=]*", "", text)
        assert "http" not in outside and "//" not in outside and "@import" not in outside and "url(" not in outside
        assert not [link for link in links if link.startswith(("http:", "https:", "//", "javascript:"))]


@pytest.mark.parametrize("write", [claims.page.table, lambda found: claims.page.changes(found, chapters="")])
def test_a_chapter_that_is_no_name_makes_no_script(ledger, write):
    read = Page(write(_evil(ledger, chapter="javascript:alert(1)//")))
    assert not [attrs["href"] for attrs in read.all("a") if attrs.get("href", "").startswith("javascript:")]


def test_cells_of_the_table_do_not_run_in_a_spreadsheet(ledger):
    found = _evil(ledger, wording="=1+1", estimate=-2.5)
    text = base64.b64decode(claims.page.csv_link(found).partition(",")[2]).decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["wording"] for row in rows} == {"'=1+1"} and {float(row["estimate"]) for row in rows} == {-2.5}


EVIL = '<script>alert(1)</script> "quoted" \'single\' & <b onload="x">'


def _evil(ledger, **fields):
    row = ledger[ledger["verdict"] == "untestable"].iloc[[0]]
    return pd.concat([row, ledger[ledger["verdict"] != "untestable"].iloc[[0]]]).assign(**fields)


@pytest.mark.parametrize(
    "field",
    [
        *("wording", "who", "when", "theme", "unit", "untestable", "chapter", "source", "evidence", "measure", "rule"),
        *("written", "settle", "blind", "old", "contrary", "pool", "at_half_d", "at_twice_d", "mended"),
    ],
)
@pytest.mark.parametrize("write", [claims.page.table, claims.page.changes])
def test_every_field_is_escaped(ledger, write, field):
    plain = Page(write(_evil(ledger, **{field: "plain"})))
    text = write(_evil(ledger, **{field: EVIL}))
    assert "<script>alert(1)" not in text and "<b onload" not in text
    read = Page(text)
    # The same elements with the same attributes: nothing has broken out of its place.
    shape = [(tag, sorted(attrs)) for tag, attrs in plain.elements if tag != "option"]
    assert [(tag, sorted(attrs)) for tag, attrs in read.elements if tag != "option"] == shape
    assert all(set(attrs) == {"value"} for attrs in read.all("option"))
    if write is claims.page.table and field == "theme":
        assert [attrs["data-theme"] for attrs in read.all("tr") if attrs] == [EVIL, EVIL]
        assert EVIL in [attrs["value"] for attrs in read.all("option")]


def test_a_letter_of_the_first_edition_is_an_anchor_and_no_more(page, ledger):
    for text in (page, claims.page.changes(ledger)):
        assert not re.search(r"\b[ABC]\d{1,2}\b", re.sub(r"<[^>]*>", " ", text))


def test_a_claim_without_a_letter_has_its_number_alone(ledger):
    row = ledger.iloc[[0]].assign(old="")
    for text in (claims.page.table(row), claims.page.changes(row)):
        assert "1 ()" not in text and ' id=""' not in text and "claim-1" in text


def test_what_is_missing_is_explained(ledger):
    row = ledger[ledger["verdict"] == "untestable"].iloc[[0]].assign(untestable="No text < seen.")
    text = claims.page.table(row)
    assert "No text &lt; seen." in text and "No text < seen." in Page(text).rows[1]
    assert not re.search(r"\bnan\b", Page(text).rows[1], re.IGNORECASE)
    assert "No text &lt; seen." in claims.page.changes(row)


def test_no_missing_number_is_shown(page, ledger):
    for text in (page, claims.page.changes(ledger)):
        assert not re.search(r"\bnan\b", re.sub(r"base64,[A-Za-z0-9+/=]*", "", text), re.IGNORECASE)


def test_what_would_change(ledger):
    text = claims.page.changes(ledger)
    read = Page(text)
    assert [attrs["id"] for attrs in read.all("article")] == ANCHORS
    assert [attrs["id"] for attrs in read.all("h3")] == LETTERS
    for row in ledger.itertuples():
        article = text.split(f'<article id="claim-{row.claim}">')[1].split("</article>")[0]
        for field in (row.wording, row.settle, row.blind, row.rule or row.untestable, row.measure):
            assert html.escape(field) in article, row.claim


def test_what_a_test_could_have_seen(ledger):
    text = claims.page.changes(ledger)
    for row in ledger.itertuples():
        article = text.split(f'<article id="claim-{row.claim}">')[1].split("</article>")[0]
        told = claims.page.seen(row._asdict())
        assert bool(told) == (not math.isnan(row.detectable)), row.claim
        assert html.escape(told) in article and f"{html.escape(row.written)}</dd>" in article
        if told:
            assert row.at_half_d in article and row.at_twice_d in article
        assert "<svg" not in article


def test_a_sentence_on_what_could_have_been_seen(ledger):
    row = ledger[ledger["d"] > 0].iloc[0].to_dict() | {"detectable": 4.2, "unit": "bits", "d": 1.5}
    row |= {"rule": "estimate > 0", "kind": "change", "pool": "all states"}
    assert "An effect of 4.20 bits would have been found four times in five" in claims.page.seen(row)
    assert "what would matter is 1.50, half of all comparable states move less" in claims.page.seen(row)
    assert "half of all comparable groups" in claims.page.seen(row | {"pool": "groups of as many states"})
    assert "lie nearer to the middle one" in claims.page.seen(row | {"kind": "level"})
    assert "rest of it" not in claims.page.seen(row)
    assert "if the rest of it were sure" in claims.page.seen(row | {"rule": "estimate > 0 and rate > 0"})
    assert "no other state is comparable" in claims.page.seen(row | {"d": math.nan})
    assert claims.page.seen(row | {"detectable": math.nan}) == ""


# --- Curves of power --------------------------------------------------------------------------------------------------


def invented_power(claim, found, no_change=None):
    """Return the power of a claim as the table of the study has it."""
    multiples = [-8.0, -4.0, 0.0, 4.0, 8.0]
    parts = {"found": found, "contradicted": found[::-1], "no_change": no_change or [0.0] * 5}
    return pd.DataFrame({"claim": claim, "multiple": multiples, "effect": [2 * m for m in multiples]} | parts)


def test_a_curve_is_drawn_where_there_is_one(ledger):
    two = ledger[ledger["detectable"].notna()].head(2)
    power = invented_power(two["claim"].iloc[0], [0.0, 0.0, 0.02, 0.85, 1.0])
    text = claims.page.changes(two, power=power)
    first, second = text.split("</article>")[:2]
    assert first.count("<svg") == 1 and "<svg" not in second
    assert "found four times in five from 4 d on" in first
    rows = re.findall(r'<th scope="row">(.+?)</th><td>(.+?)</td><td>(.+?)</td>', first)
    assert rows[-2:] == [("4", "85 %", "0 %"), ("8", "100 %", "0 %")] and len(rows) == 5
    lines = re.findall(r'<polyline points="([^"]+)"', first)
    assert len(lines) == 2 and all(len(points.split()) == 5 for points in lines)
    heights = [[float(point.partition(",")[2]) for point in points.split()] for points in lines]
    # The higher on the picture, the oftener; the second line is the opposite.
    assert heights[0] == sorted(heights[0], reverse=True) and heights[1] == heights[0][::-1]
    assert Page(text).all("svg")[0]["role"] == "img" and Page(text).all("svg")[0]["aria-label"]


def test_a_curve_that_never_reaches(ledger):
    row = ledger[ledger["detectable"].notna()].head(1)
    text = claims.page.changes(row, power=invented_power(row["claim"].iloc[0], [0.0, 0.0, 0.0, 0.1, 0.2]))
    assert "not found four times in five at 8 d" in text


def test_a_claim_that_nothing_changed_has_the_curve_of_no_change(ledger):
    row = ledger[(ledger["kind"] == "change") & ledger["rule"].str.fullmatch("[a-z]+ == .*")].head(1)
    power = invented_power(row["claim"].iloc[0], [0.0] * 5, no_change=[0.0, 0.1, 0.9, 0.1, 0.0])
    text = claims.page.changes(row, power=power)
    assert "no change is told in 90 %, where there is none" in text
    (line, _) = re.findall(r'<polyline points="([^"]+)"', text)
    heights = [float(point.partition(",")[2]) for point in line.split()]
    assert heights == heights[::-1] and min(heights) == heights[2]


@pytest.mark.parametrize(
    ("numbers", "unit", "expected"),
    [
        ((1.25, 0.2, 2.4), "bits", "1.25 (0.20 to 2.40) bits"),
        ((3.0, math.nan, math.nan), "speeches", "3 speeches"),
        ((-0.5, -1.0, 0.0), "bits", "\u22120.50 (\u22121.00 to 0.00) bits"),
        ((0.0128, 0.0077, 0.0157), "share", "0.013 (0.008 to 0.016) share"),
        ((math.nan, math.nan, math.nan), "bits", ""),
    ],
)
def test_estimates_for_readers(numbers, unit, expected):
    assert claims.page.estimate(*numbers, unit) == expected


# --- The same digits everywhere ---------------------------------------------------------------------------------------

NUMBER = re.compile(r"\u2212?\d+(?:\.\d+)?")
INTERVAL = re.compile(rf"({NUMBER.pattern}) \((?:interval )?({NUMBER.pattern}) to ({NUMBER.pattern})\)")
ENDS = ("estimate", "low", "high")


@pytest.fixture(scope="module")
def cover(e):
    """Each number that a chart of the cover draws: (finding, what the file asks of the row, drawing, cells)."""
    asked = read_yaml((e.study.folder / FILE).read_text(encoding="utf-8"))
    shown = [
        (finding, asked[finding["name"]], small.drawn(finding["chart"]))
        for finding in charts.everything(e)
        if finding["chart"]
    ]
    return [
        (finding, about, row, drawing, cells)
        for finding, about, drawing in shown
        for row, cells in zip(about["chart"].get("rows", ()), drawing.rows, strict=False)
    ]


def signless(text):
    return text.lstrip("\u2212")


def test_a_chart_of_the_cover_says_its_numbers_as_its_own_sentence_does(cover):
    same = 0
    for finding, _, row, drawing, cells in cover:
        drawn = dict(zip(ENDS, NUMBER.findall(cells[1]), strict=False))
        assert drawn["estimate"] in drawing.svg and all(text in drawing.alt for text in drawn.values())
        for text, name in finding["head_parts"] + finding["sentence_parts"]:
            stem, _, end = (name or "").rpartition("_")
            if name == row["of"] or (stem == row["of"] and end in ENDS):
                assert signless(drawn[end if stem == row["of"] else "estimate"]) == text.rstrip("%"), (name, text)
                same += 1
    assert same > 8


def of_shares(text):
    """Return percentage points as the share that they are, digit by digit: 3.7 is 0.037."""
    return f"{Decimal(text.replace(chr(0x2212), '-')).scaleb(-2):f}".replace("-", "\u2212")


def test_a_chart_of_the_cover_says_its_numbers_as_the_ledger_does(cover, ledger):
    same = 0
    for _, about, row, _, cells in cover:
        claim = about["from"].get(row["of"], {}).get("claim")
        if claim:
            found = ledger.set_index("claim").loc[claim]
            told = NUMBER.findall(claims.page.estimate(found["estimate"], found["low"], found["high"], ""))
            drawn = NUMBER.findall(cells[1])
            assert told == (list(map(of_shares, drawn)) if cells[2] in small.PARTS else drawn)
            same += 1
    assert same == 6


def within(text, value, scale):
    """Say whether a text is a number, rounded as the text is."""
    told = Decimal(text.replace("\u2212", "-"))
    return abs(float(told) - scale * value) <= 0.5001 * 10.0 ** told.as_tuple().exponent


def test_a_chapter_says_the_number_of_a_claim_as_the_ledger_does(ledger):
    glued = [
        (path.stem, name, match.groups())
        for path in NOTEBOOKS
        for name, text in glued_in(path)
        if (match := INTERVAL.search(text))
    ]
    same = 0
    for claim, row in ledger.set_index("claim").dropna(subset=[*ENDS]).iterrows():
        values = [row[end] for end in ENDS]
        told = NUMBER.findall(claims.page.estimate(*values, ""))
        for chapter, name, texts in glued:
            for scale, read in ((1, list), (100, lambda parts: list(map(of_shares, parts)))):
                if all(within(text, value, scale) for text, value in zip(texts, values, strict=True)):
                    assert read(texts) == told, (claim, chapter, name)
                    same += 1
    assert same > 15
