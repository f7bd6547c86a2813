"""The lab of maps in a real browser: its numbers are those of ``vectors``, however a place is moved."""

import itertools
import math
import re
from urllib.parse import quote

import numpy as np
import pandas as pd
import pytest
from building import ROOT
from explorers import SHOWN, too_small
from labs import FIRST_VIEW, lead, opened, rows, settled, touch, violations, watched, weight

from manyvectors import rhetoric, vectors

LAB = "draw-your-own-map"
SHEET = ROOT / "book" / "labs" / f"{LAB}.md"
BOXES = "#lab-boxes > section"


@pytest.fixture(scope="module")
def page(browser, address):
    """The lab, open on a large screen for all tests."""
    with watched(browser, address, LAB, viewport={"width": 1280, "height": 900}) as there:
        yield there


def _view(page, who="KAZ", era="2020", map_="book", thin=1, moves=()):
    said = ";".join(f"{place}~{vector}" for place, vector in moves)
    lead(page, who=who, era=era, map=map_, thin=thin, moves=quote(said, safe=""))


def _mapping(c, map_, moves):
    """Return the map as a Series, universal bodies left out unless they were moved."""
    book = c.table("vectors").set_index("place")[map_].replace({c.study.universal: "", "": ""})
    for place, vector in moves:
        book[place] = vector
    return book


def _moves(c, rng, n):
    places = c.table("vectors")["place"]
    return [(place, str(rng.choice(["West", "Central Asia", "my own", ""]))) for place in rng.choice(places, n, False)]


def _where(page, place):
    return page.evaluate(
        "(code) => document.querySelector(`[data-of='${code}']`).closest('[data-place]').dataset.place", place
    )


def _number(c, place):
    return c.table("vectors")["place"].tolist().index(place)


CASES = [(seed, map_) for seed, map_ in enumerate(("book", "states", "powers", "rival"))]


@pytest.mark.parametrize(("seed", "map_"), CASES)
def test_numbers_are_those_of_vectors(page, c, seed, map_):
    rng = np.random.default_rng(seed)
    who = str(rng.choice(["KAZ", "UZB", "USA", "MHL"]))
    moves = _moves(c, rng, 6 * seed)
    _view(page, who, map_=map_, thin=0, moves=moves)
    mapping = _mapping(c, map_, moves)
    years = c.documents.loc[vectors.mentions(c, who).index, "year"]
    asked = {"mapping": mapping, "universal": True}
    expected = pd.concat(
        [vectors.diversity(c, who, **asked), vectors.diversity(c, who, by=years.astype(str).str[:0], **asked)]
    )
    for shown, (_, one) in zip(rows(page), expected.iterrows(), strict=True):
        assert int(shown["speeches"]) == one["speeches"] and int(shown["names counted"]) == one["mentions"]
        for column, name in (("effective number", ""), ("interval from", "_low"), ("interval to", "_high")):
            value = one[f"effective{name}"]
            assert shown[column] == "" if np.isnan(value) else abs(float(shown[column]) - value) < 6e-5, (who, column)
    found = vectors.compare_states(c, "all", thin=None, **asked).loc["2020"]
    ranks = {row["state"]: row for row in rows(page, 2)}
    known = found.dropna(subset="value")
    assert len(ranks) == len(known)
    for code, one in known.iterrows():
        shown = ranks[c.states[code]]
        assert (
            abs(float(shown["effective number"]) - one["value"]) < 6e-5
            and int(shown["names counted"]) == one["mentions"]
        )
    own = found.loc[who]
    said = re.search(r"number (\d+) of (\d+) states", page.text_content("#lab-now"))
    above = (known["value"] > own["value"] + 1e-9).sum()
    assert (int(said[1]), int(said[2])) == (above + 1, len(known)) and own["others"] == len(known) - 1


def test_the_maps_of_the_book_stand_beside_it(page, c):
    _view(page, "KAZ")
    mine, *others = rows(page, 1)
    for row, map_ in zip(others, [*vectors.mappings(c), "places"], strict=True):
        one = vectors.diversity(c, "KAZ", mapping=map_).loc["2020"]
        for column, name in (("effective number", ""), ("interval from", "_low"), ("interval to", "_high")):
            assert abs(float(row[column]) - one[f"effective{name}"]) < 6e-5, map_
    assert mine["effective number"] == others[0]["effective number"]  # nothing is moved


def test_names_drawn_from_each_state_are_every_draw_in_the_mean(page, c):
    def thinned(counts, size):
        return page.evaluate("([counts, size]) => manyVectorsExplorer.parts.thinned(counts, size)", [counts, size])

    for counts, size in (([3, 2, 1], 4), ([5, 1], 3), ([2, 2, 2, 0], 6), ([4], 2)):
        names = [vector for vector, n in enumerate(counts) for _ in range(n)]
        draws = list(itertools.combinations(names, size))
        mean = sum(rhetoric.effective_number(np.bincount(draw)) for draw in draws) / math.comb(len(names), size)
        assert thinned(counts, size) == pytest.approx(mean, abs=1e-9)
    assert thinned([30, 12, 5, 1], 48) == pytest.approx(rhetoric.effective_number([30, 12, 5, 1]), abs=1e-6)
    _view(page, "KAZ")
    found = vectors.compare_states(c, "all", mapping=_mapping(c, "book", ()), universal=True).loc["2020"].dropna()
    ranks = {row["state"]: float(row["effective number"]) for row in rows(page, 2)}
    values = found["value"].rename(c.states)
    assert set(ranks) == set(values.index)
    assert max(abs(ranks[state] - value) for state, value in values.items()) < 0.1  # four hundred draws there
    lower = int(re.search(r"(\d+) per cent of the \d+ others", page.text_content("#explorer-status"))[1])
    assert lower == pytest.approx(100 * found.at["KAZ", "lower"], abs=2)


def test_a_place_is_carried_by_keyboard(page, c):
    _view(page, "KAZ")
    place = _number(c, "AFG")
    before = page.text_content("#lab-now")
    chip = page.locator(f"[data-of='{place}']")
    home, keys = _where(page, place), page.eval_on_selector_all(BOXES, "all => all.map(b => b.dataset.place)")
    chip.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("(text) => document.getElementById('lab-now').textContent !== text", arg=before)
    there = keys[keys.index(home) + 1]
    assert _where(page, place) == there and there in chip.get_attribute("aria-label")
    assert page.evaluate("document.activeElement.dataset.of") == str(place), "the focus goes along"
    assert f"moves=AFG~{there}" in page.evaluate("decodeURIComponent(location.hash)")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("(text) => document.getElementById('lab-now').textContent === text", arg=before)
    assert page.evaluate("decodeURIComponent(location.hash)").endswith("moves=")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "lab-place" and page.input_value("#lab-place") == home
    assert "ECO" in page.text_content("#lab-picked")  # the book's reason
    page.select_option("#lab-place", "")
    page.wait_for_function("decodeURIComponent(location.hash).endsWith('AFG~')")
    page.get_by_role("button", name="Undo all moves").press("Enter")
    page.wait_for_function("decodeURIComponent(location.hash).endsWith('moves=')")


def test_a_vector_of_ones_own_by_keyboard_and_a_place_nobody_named(page, c):
    _view(page, "KAZ")
    page.locator("#lab-new").fill("Island states")
    page.locator("#lab-new").press("Enter")
    assert page.locator(BOXES, has_text="Island states").count() == 1
    page.get_by_label("Find a place to move").first.fill("vanu")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.select_option("#lab-place", "Island states")
    page.wait_for_function("decodeURIComponent(location.hash).endsWith('VUT~Island states')")
    assert _where(page, _number(c, "VUT")) == "Island states"
    page.get_by_label("State, by any name").first.fill("Ваnuatu")
    page.get_by_label("State, by any name").first.fill("Узбекистан")
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash.startsWith('#who=UZB')")
    assert "Uzbekistan" in page.text_content("#explorer-status")


def test_a_place_is_carried_with_the_mouse(page, c):
    _view(page, "KAZ")
    place = _number(c, "AFG")
    page.locator(f"[data-of='{place}']").scroll_into_view_if_needed()
    start, end = (
        page.locator(f"[data-of='{place}']").bounding_box(),
        page.locator(f"{BOXES}[data-place='Central Asia']").bounding_box(),
    )
    page.mouse.move(start["x"] + 20, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(end["x"] + 30, end["y"] + 15, steps=4)
    page.mouse.up()
    page.wait_for_function("decodeURIComponent(location.hash).endsWith('AFG~Central Asia')")
    moved = vectors.diversity(c, "KAZ", mapping=_mapping(c, "book", [("AFG", "Central Asia")]), universal=True, n=2)
    assert page.text_content("#lab-now").startswith(f"{moved.at['2020', 'effective']:.1f} ")


def test_a_saved_map_is_one_for_python_and_is_opened_again(page, c, tmp_path, monkeypatch, capsys):
    moves = [("AFG", "Central Asia"), ("USA", "United States"), ("EU", "")]
    _view(page, "KAZ", moves=moves)
    said = page.text_content("#lab-now")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save your map").click()
    kept = tmp_path / "my-map.csv"
    download.value.save_as(kept)
    mapping = pd.read_csv(kept, comment="#").set_index("place")["vector"]
    effective = vectors.diversity(c, "KAZ", mapping=mapping, universal=True, n=2).at["2020", "effective"]
    assert said.startswith(f"{effective:.1f} ")
    monkeypatch.chdir(tmp_path)
    exec(re.search(r"```python\n(.*?)```", SHEET.read_text("utf-8"), re.DOTALL)[1], {})  # as the page says
    assert f"{effective:.6f}" in capsys.readouterr().out
    _view(page, "KAZ")
    page.set_input_files("input[type=file]", kept)
    page.wait_for_function("(text) => document.getElementById('lab-now').textContent === text", arg=said)
    shown = dict(
        move.split("~") for move in page.evaluate("decodeURIComponent(location.hash)").partition("moves=")[2].split(";")
    )
    assert shown == dict(moves)
    for text, fault in (("a,b\n1,2\n", "needs the columns"), ("place,vector\nATLANTIS,West\n", "ATLANTIS")):
        wrong = tmp_path / "wrong.csv"
        wrong.write_text(text, encoding="utf-8")
        page.set_input_files("input[type=file]", wrong)
        page.wait_for_function("(t) => document.getElementById('explorer-status').textContent.includes(t)", arg=fault)


def test_what_has_no_number_or_no_rank_is_said(page, c):
    found = vectors.compare_states(c, "all", thin=None, mapping=_mapping(c, "book", ()), universal=True).loc["2020"]
    few = found.index[found["mentions"].between(1, 49)][0]
    _view(page, few)
    said = page.text_content("#explorer-status")
    assert f"{found.at[few, 'mentions']} names are fewer than the 50" in said and "On your map" in said
    assert page.text_content("#lab-now").endswith("without a rank")
    _view(page, few, thin=0)
    assert "has no rank" not in page.text_content("#explorer-status")
    speaks = c.documents[c.documents["register"] == "rostrum"].groupby("state")["year"].min()
    late = speaks.index[speaks > 2004][0]
    _view(page, late, era="1995")
    assert "gave no speech in 1995 to 2000" in page.text_content("#explorer-status")
    only = [(place, "") for place in c.table("vectors")["place"]]
    _view(page, "KAZ", moves=only)
    assert "names no counted place" in page.text_content("#explorer-status") and page.text_content("#lab-now") == ""


@pytest.mark.parametrize(
    "hash_",
    [
        "#who=XXX&era=1066",
        "#moves=NOWHERE~West;AFG",
        "#map=__proto__&thin=7",
        "#moves=AFG~%3Cimg src=x onerror='window.ran = 1'%3E",
    ],
)
def test_an_address_that_makes_no_sense_opens_what_does(page, hash_):
    page.evaluate("(hash) => { location.hash = '#'; location.hash = hash; }", hash_)
    page.wait_for_function("document.getElementById('explorer-status').textContent.includes('On your map')")
    assert page.evaluate("window.ran ?? null") is None


def test_on_a_phone_by_touch_and_the_link_leads_there(browser, address, site, c, axe):
    phone = opened(browser, address, LAB)
    assert weight(phone, site, LAB) < FIRST_VIEW
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert not too_small(phone, "#explorer :is(button, select, a.explorer-csv, .lab-held, input[type=text])")
    afghanistan = f"[data-of='{_number(c, 'AFG')}']"
    phone.locator(afghanistan).tap()
    phone.locator("#lab-place").select_option("Central Asia")
    settled(phone, moves="AFG~Central Asia")
    phone.locator(afghanistan).evaluate("chip => chip.scrollIntoView({ block: 'center', behavior: 'instant' })")
    box, home = (
        phone.locator(one).bounding_box() for one in (afghanistan, f"{BOXES}[data-place='Turkic and Islamic']")
    )
    # Pulled sideways first, the finger carries the place, and does not scroll.
    client = phone.context.new_cdp_session(phone)
    x, y = box["x"] + 20, box["y"] + 22
    points = [(x, y), (x + 25, y), (x + 60, y), (home["x"] + 60, home["y"] + 12)]
    for kind, point in zip(("touchStart", *["touchMove"] * 3), points, strict=True):
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": point[0], "y": point[1]}]})
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settled(phone, moves="")
    before = phone.evaluate("scrollY")
    touch(phone, afghanistan, (box["x"] + 60, box["y"] - 250))  # upwards: the page scrolls, and nothing is moved
    phone.wait_for_function("(y) => scrollY > y", arg=before)
    settled(phone, moves="")
    phone.locator(afghanistan).tap()
    phone.locator("#lab-place").select_option("West")
    settled(phone, moves="AFG~West")
    assert violations(phone, axe) == [] and phone.faults == [] and phone.elsewhere == []
    shown = [rows(phone, at) for at in range(3)]
    phone.goto(phone.input_value("#explorer-link"))
    phone.wait_for_function(SHOWN)
    assert [rows(phone, at) for at in range(3)] == shown and _where(phone, _number(c, "AFG")) == "West"
    phone.goto((site / "book" / "labs" / f"{LAB}.html").as_uri() + "#moves=AFG~West")
    phone.wait_for_function(SHOWN)
    assert rows(phone) == shown[0]
    phone.close()
