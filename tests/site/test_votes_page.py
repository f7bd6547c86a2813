"""The explorer of votes in a real browser: its numbers are those of ``practice``."""

import csv
import io
import re
from pathlib import Path

import numpy as np
import pytest
from browsing import faults
from explorer_data import check_ends
from explorers import FIRST_VIEW, PHONE, SHOWN, opened, table, too_small

from manyvectors import practice

PAGE = "book/votes.html"
SAME, HALF, CAST = "same vote", "half for an abstention", "without abstentions"


def _view(page, who, **asked):
    """Lead the page to a view by its address, and wait for just this one."""
    page.wait_for_function("!document.getElementById('explorer').dataset.busy")
    hash_ = "".join(f"&{key}={value}" for key, value in asked.items())
    page.evaluate(
        """(hash) => { document.getElementById('explorer').dataset.shown = '';
        location.hash = '#'; location.hash = hash; }""",
        f"#who={','.join(who)}{hash_}",
    )
    contested = "contested" if asked.get("votes") == "contested" else "all"
    words = [*who, asked.get("coding", "same"), contested, asked.get("issue", "any"), asked.get("show", "agreement")]
    page.wait_for_function(f"(w) => {SHOWN} === w", arg=" ".join([*words, asked.get("period", "years")]))


def _rows(page, name="table"):
    head, rows = table(page, name)
    return [dict(zip(head, row, strict=True)) for row in rows]


def _near(told, value):
    return told == "" if np.isnan(value) else float(told) == pytest.approx(value, abs=0.000501)


CASES = [(seed, coding) for seed in range(4) for coding in practice.CODINGS]


@pytest.mark.parametrize(("seed", "coding"), CASES)
def test_numbers_are_those_of_practice(page, c, seed, coding):
    rng = np.random.default_rng(seed)
    states = practice.votes(c).states
    who = rng.choice(states, 4, replace=False).tolist()
    contested, issue = bool(rng.integers(2)), rng.choice([None, *practice.ISSUES])
    asked = {"votes": "contested"} if contested else {}
    _view(page, who, coding=coding, **asked, **({"issue": issue} if issue else {}))
    rows = _rows(page)
    given = {"issue": issue, "contested": contested, "c": c}
    for partner in who[1:]:
        shown = [row for row in rows if row["with"] == _name(page, partner)]
        expected = practice.agreement(who[0], partner, coding, **given)
        codings = {
            name: practice.agreement(who[0], partner, key, **given)["agreement"]
            for key, name in (("same", SAME), ("half", HALF), ("cast", CAST))
        }
        assert [int(row["year"]) for row in shown] == expected.index.tolist()
        for row, year in zip(shown, expected.index, strict=True):
            assert int(row["joint votes"]) == expected.at[year, "n"]
            assert _near(row["agreement"], expected.at[year, "agreement"]), (partner, year)
            assert all(_near(row[name], values[year]) for name, values in codings.items())
    _check_intervals(page, c, who, coding, given, rng.choice(range(1994, 2024), 3, replace=False))


def _check_intervals(page, c, who, coding, given, years):
    """The ends are those of practice.agreement_interval, but for the draws."""
    votes = practice.votes(c)
    rows = votes.rollcalls
    own, other = votes.codes[:, votes.states.get_indexer(who[:2])].T
    agree, counted = practice.coded(own, other, coding)
    counted &= rows["contested"].to_numpy() if given["contested"] else True
    counted &= (rows[given["issue"]] == 1).to_numpy() if given["issue"] else True
    joint = rows.assign(agree=agree, n=1)[counted]
    for year in years:
        sums = joint[joint["year"] == year].groupby("text")[["agree", "n"]].sum().to_numpy(float)
        name = _name(page, who[1])
        shown = next(row for row in _rows(page) if row["with"] == name and int(row["year"]) == year)
        assert int(shown["texts"]) == len(sums)
        if len(sums) < 2:
            assert shown["interval from"] == shown["interval to"] == ""
        else:
            check_ends(float(shown["interval from"]), float(shown["interval to"]), sums, 0.95)
    by = rows["year"].where(rows["year"].isin(years))
    ends = practice.agreement_interval(who[0], who[1], coding, by=by, **given)
    assert (
        ends["clusters"].to_numpy() == [joint.loc[joint["year"] == year, "text"].nunique() for year in ends.index]
    ).all()


def _name(page, code):
    name = page.evaluate(
        "(code) => document.querySelector(`#explorer-chips [data-who=${code}] span:nth-child(2)`)?.textContent", code
    )
    assert name, code
    return name


def test_all_other_states_are_every_partner_s_joint_votes(page, c):
    _view(page, ["KAZ", "world"], coding="half")
    found = practice.agreement("KAZ", coding="half", c=c).reset_index()
    found["agree"] = (found["agreement"] * found["n"]).fillna(0)
    sums = found.groupby("year")[["agree", "n"]].sum()
    rows = _rows(page)
    assert len(rows) == len(sums)
    for row in rows:
        year = int(row["year"])
        assert int(row["joint votes"]) == sums.at[year, "n"]
        assert _near(row["agreement"], sums.at[year, "agree"] / sums.at[year, "n"])


def test_issue_areas_and_eras_are_those_of_practice(page, c, study):
    era = list(study.eras)[-2]
    _view(page, ["KAZ", "CHN"], coding="cast", period=era)
    rows = _rows(page, "issues")
    assert [row["issue area"] for row in rows[1:]] == list(practice.ISSUES.values())
    for row, issue in zip(rows, [None, *practice.ISSUES], strict=True):
        expected = practice.agreement("KAZ", "CHN", "cast", by="era", issue=issue, c=c).loc[era]
        assert int(row["joint votes"]) == expected["n"] and _near(row["agreement"], expected["agreement"])


def test_the_texts_on_which_two_differ_most(page, c):
    _view(page, ["KAZ", "USA"], coding="same")
    votes = practice.votes(c)
    own, other = votes.codes[:, votes.states.get_indexer(["KAZ", "USA"])].T
    both = (own <= 3) & (other <= 3)
    distance = np.where(both, np.abs(own.astype(int) - other) / 2, 0)
    sums = votes.rollcalls.assign(d=distance, n=both).groupby("text")[["d", "n"]].sum().sort_values("d")
    rows = _rows(page, "differ")
    assert [float(row["distance"]) for row in rows] == sums["d"].tail(len(rows)).tolist()[::-1] and len(rows) > 9
    assert "yes" in rows[0]["Kazakhstan"] and "no" in rows[0]["United States"]


def test_ideal_points_are_those_shipped(page, c):
    _view(page, ["KAZ", "USA"], show="ideal")
    points = practice.ideal_points(["KAZ", "USA"], c=c)
    rows = _rows(page)
    assert len(rows) == len(points)
    for row, shipped in zip(rows, points.itertuples(), strict=True):
        assert int(row["year"]) == shipped.year
        for column, value in (
            ("ideal point", shipped.estimate),
            ("interval from", shipped.low),
            ("interval to", shipped.high),
        ):
            assert float(row[column]) == pytest.approx(value, abs=0.000501)
    assert page.locator("#explorer-more").is_hidden()


@pytest.mark.parametrize("coding", practice.CODINGS)
def test_roll_calls_held_apart_are_shown_alone_with_their_licence(page, c, coding):
    [source] = practice.sources(c)
    _view(page, ["KAZ", "RUS", "UZB", "VEN", "world"], coding=coding, show=source, votes="contested")
    rows = _rows(page)
    for row, partner in zip(rows, ["RUS", "UZB", "VEN"], strict=False):
        expected = practice.agreement("KAZ", partner, coding, contested=True, c=c, source=source).iloc[0]
        assert int(row["joint votes"]) == expected["n"] and _near(row["agreement"], expected["agreement"])
    assert "year" not in rows[0] and page.locator("#explorer-figure").is_hidden()
    assert "stands apart" in page.text_content("#explorer-status")
    assert "Non-commercial" in page.text_content("#explorer-licence")
    assert "not in this source" in page.text_content("#explorer-status")  # of Venezuela
    with page.expect_download() as download:
        page.locator("#explorer-csv").click()
    assert "Non-commercial" in Path(download.value.path()).read_text(encoding="utf-8")
    _view(page, ["KAZ", "RUS"])
    assert source not in {row["year"] for row in _rows(page)}


def test_csv_and_link_hold_the_view(page, browser, address):
    _view(page, ["UZB", "KAZ", "CHN"], coding="half", votes="contested", issue="nu")
    with page.expect_download() as download:
        page.locator("#explorer-csv").click()
    body = Path(download.value.path()).read_text(encoding="utf-8")
    head, *rows = csv.reader(io.StringIO("\n".join(line for line in body.splitlines() if not line.startswith("#"))))
    assert (head, rows) == table(page) and "CC0" in body and page.input_value("#explorer-link") in body
    assert "half" in body and "contested" in body and "nuclear" in body
    other = browser.new_page()
    other.goto(page.input_value("#explorer-link"))
    other.wait_for_function(SHOWN)
    assert table(other) == table(page)
    assert other.input_value("#explorer-coding") == "half" and other.locator("#explorer-contested").is_checked()
    assert _rows(other, "issues") == _rows(page, "issues") and _rows(other, "differ") == _rows(page, "differ")
    other.close()


def test_all_by_keyboard(page):
    _view(page, ["KAZ", "RUS", "CHN"])
    page.locator("#explorer-states").fill("Великобритания")
    page.locator("#explorer-states").press("Enter")
    page.wait_for_function(f"{SHOWN}.startsWith('KAZ RUS CHN GBR ')")
    page.get_by_role("button", name="Compare the others with China").press("Enter")
    page.wait_for_function(f"{SHOWN}.startsWith('CHN KAZ RUS GBR ')")
    page.locator("#explorer-contested").press("Space")
    page.wait_for_function(f"{SHOWN}.includes(' contested ')")
    page.locator("#explorer-issue").select_option("hr")
    page.wait_for_function(f"{SHOWN}.includes(' hr ')")
    page.get_by_role("button", name="Bordering states", exact=True).press("Enter")
    page.wait_for_function(f"{SHOWN}.startsWith('CHN KAZ KGZ RUS TKM UZB ')")


def test_neighbours_that_vote_alike_are_small_charts(page):
    _view(page, ["KAZ", "KGZ", "TJK", "TKM", "UZB"])
    assert page.locator("#explorer-chart canvas").count() == 4 and page.locator("#explorer-apart").is_checked()
    _view(page, ["KAZ", "RUS", "CHN", "USA"])
    assert page.locator("#explorer-chart canvas").count() == 1


@pytest.mark.parametrize(
    ("hash_", "said"),
    [
        ("#who=KAZ", "besides Kazakhstan"),
        ("#who=", "two states or more"),
        ("#who=world,KAZ", "besides Kazakhstan|All other"),
        ("#who=KAZ,XXX", "nobody who is in these data: XXX"),
        ("#who=KAZ,RUS&coding=nonsense&issue=__proto__&show=constructor&period=%E0%A4%A", "all roll calls"),
        ("#who=KAZ,RUS&coding=nonsense", "asks for coding=nonsense, which .* all roll calls"),
        (
            "#who=KAZ,XXX,RUS&issue=trade&votes=few",
            "votes=few, issue=trade, .*data: XXX.*all roll calls",
        ),
        ("#who=KAZ,TUR", "Türkiye"),
    ],
)
def test_what_cannot_be_shown_is_said_in_one_line(page, hash_, said):
    page.wait_for_function("!document.getElementById('explorer').dataset.busy")
    page.evaluate("(hash) => { location.hash = '#'; location.hash = hash; }", hash_)
    page.wait_for_function(
        "(p) => new RegExp(p).test(document.getElementById('explorer-status').textContent)", arg=said
    )


def test_a_link_of_known_choices_is_shown_without_a_word(page):
    _view(page, ["KAZ", "RUS"], coding="half", issue="nu")
    assert "asks for" not in page.locator("#explorer-status").inner_text()


def test_a_missing_part_is_told_and_asked_for_again(browser, address):
    page = opened(browser, address, PAGE)
    page.route("**/votes/state-UZB*", lambda route: route.abort())
    page.evaluate("location.hash = '#who=KAZ,UZB'")
    page.wait_for_function("document.getElementById('explorer-status').textContent.includes('could not be loaded')")
    page.unroute("**/votes/state-UZB*")
    page.evaluate("location.hash = '#who=KAZ,UZB,CHN'")
    page.wait_for_function(f"({SHOWN} || '').startsWith('KAZ UZB CHN')")
    page.close()


def test_first_view_is_light_and_works_from_a_folder(browser, address, site):
    page, weights, elsewhere = browser.new_page(), {}, []

    def note(response):
        if not response.url.startswith((address, "data:", "blob:")):
            elsewhere.append(response.url)
        if "/data/" in response.url:
            weights[response.url] = len(response.body())

    page.on("requestfinished", lambda request: note(request.response()))
    page.goto(f"{address}/{PAGE}")
    page.wait_for_function(SHOWN)
    first = sum(size for url, size in weights.items() if not url.split("?")[0].endswith("texts.js"))
    assert first < FIRST_VIEW and sum(weights.values()) < FIRST_VIEW and not elsewhere
    rows = table(page)
    page.goto(f"{site.as_uri()}/{PAGE}")
    page.wait_for_function(SHOWN)
    assert table(page) == rows
    page.close()


def test_fits_a_phone_a_finger_and_a_frame(browser, address):
    page = opened(
        browser,
        address,
        PAGE,
        "#who=KAZ,RUS,CHN",
        **PHONE,
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = too_small(page, "#explorer button, #explorer-csv, #explorer input[type=text], #explorer select")
    assert not small, "a finger needs 44 pixels"
    page.locator("#explorer-chart .u-over").first.scroll_into_view_if_needed()
    page.locator("#explorer-chart .u-over").first.tap()
    page.wait_for_function("/^\\d{4}\\. Russia: /.test(document.getElementById('explorer-readout').textContent)")
    line = page.input_value("#explorer-frame")
    page.goto(re.search(r'<iframe src="([^"]+)"', line)[1].replace("&amp;", "&"))
    page.wait_for_function(SHOWN)
    assert page.locator("#explorer-form").is_hidden() and page.locator("#explorer-chart canvas").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


@pytest.mark.parametrize(
    "view",
    [
        "book/votes.html#who=KAZ,RUS,CHN,USA,world&votes=contested",
        "book/votes.html#who=KAZ,KGZ,TJK,TKM,UZB&apart=1",
        "book/votes.html#who=KAZ,RUS&show=2025",
        "book/votes.html?embed#who=KAZ,RUS&show=ideal",
        "book/explorer.html#term=water&who=KAZ,KGZ,TJK,TKM,UZB,RUS,CHN,world",
        "book/explorer.html?embed=form#term=water&who=KAZ,UZB",
    ],
)
def test_axe_finds_no_fault_on_a_phone(browser, address, axe, view):
    for scheme in ("light", "dark"):
        page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
        page.goto(f"{address}/{view}")
        page.wait_for_function(SHOWN)
        assert faults(page, axe) == [], scheme
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.close()
