"""The map on the cover."""

import math

import pytest
from bs4 import BeautifulSoup

from manyvectors import study
from manyvectors.site import outline
from manyvectors.site.book import data_file

SQUARES = {
    ("AAA", 0): [(10, 40), (20, 40), (20, 50), (10, 50)],
    ("BBB", 0): [(20, 40), (30, 40), (30, 50), (20, 50)],
    ("CCC", 0): [(10, 50), (20, 50), (20, 55), (10, 55)],
    ("DDD", 0): [(31, 41), (33, 41), (33, 43)],
}


def test_borders_and_their_sides_are_found():
    assert outline.bordering(SQUARES, "AAA") == {"BBB": "east", "CCC": "north"}
    assert outline.bordering(SQUARES, "BBB")["AAA"] == "west"


def test_areas_are_kept():
    """Two boxes of one degree, far from each other, have areas as on a globe."""
    place = outline.conic((40, 38, 94, 58))

    def area(south):
        ring = [place(60 + x / 10, south + y / 10) for x, y in _edge(10)]
        return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2

    def globe(south):
        return math.sin(math.radians(south + 1)) - math.sin(math.radians(south))

    assert area(41) / area(55) == pytest.approx(globe(41) / globe(55), rel=1e-3)


def _edge(n):
    side = range(n)
    return [*((k, 0) for k in side), *((n, k) for k in side), *((n - k, n) for k in side), *((0, n - k) for k in side)]


def test_a_label_stands_inside_even_where_the_middle_is_not():
    horseshoe = [(0, 0), (9, 0), (9, 9), (7, 9), (7, 2), (2, 2), (2, 9), (0, 9)]
    x, y = outline.roomiest(horseshoe, (1, 1))
    assert 0 < x < 9 and 0 < y < 9 and not (2 < x < 7 and y > 2)


def test_a_label_gives_way_to_another():
    square = [(0, 0), (90, 0), (90, 40), (0, 40)]
    first = outline.roomiest(square, (40, 10))
    second = outline.roomiest(square, (40, 10), [(*first, 40, 10)])
    assert abs(first[0] - second[0]) > 40 or abs(first[1] - second[1]) > 10


def test_the_map_names_the_state_its_borders_and_its_region():
    made = outline.picture_of(SQUARES, "AAA", {"DDD"}, {"AAA": "A & Co", "BBB": "B"})
    drawing = BeautifulSoup(made, "xml").svg
    assert {words.get_text() for words in drawing.select("text")} == {"B", "CCC", "DDD", "A & Co"}
    assert len(drawing.select("path")) == 4 and "B to the east" in drawing["aria-label"]


def test_the_world_keeps_areas():
    """Two boxes of one degree have areas as on a globe."""

    def area(south):
        ring = [outline.equal_earth(60 + x / 10, south + y / 10) for x, y in _edge(10)]
        return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2

    def globe(south):
        return math.radians(1) * (math.sin(math.radians(south + 1)) - math.sin(math.radians(south)))

    for south in (0, 41, 66):
        assert area(south) == pytest.approx(globe(south), rel=1e-3)
    assert outline.equal_earth(0, 90)[1] == pytest.approx(1.3173627591574)  # as PROJ has it


def test_the_world_has_a_shape_or_a_dot_for_each_state():
    parts = {
        **SQUARES,
        ("EEE", 0): [(5, 5)],
        ("", 0): [(60, 0), (61, 0), (61, 1)],
        ("AAA", 1): [(1, 1), (2, 1), (2, 2)],
    }
    drawing = BeautifulSoup(outline.world_of(parts), "xml").svg
    assert [shape["data-state"] for shape in drawing.select("circle")] == ["EEE"]
    shapes = {shape.get("data-state"): shape["d"] for shape in drawing.select("path")}
    assert set(shapes) == {None, "AAA", "BBB", "CCC", "DDD"} and shapes["AAA"].count("M") == 2
    assert drawing["aria-label"] and drawing.select("path")[0].get("data-state") is None


def test_the_cover_shows_where_the_state_lies(soup, c):
    ours = study.load()
    drawing = soup("book/cover.html").select_one("svg.mv-outlines")
    borders = outline.bordering(outline.read(data_file("outlines.csv")), ours.focus)
    assert borders["RUS"] == "north" and borders["CHN"] == "east" and borders["UZB"] == "south"
    assert set(borders) == {"RUS", "CHN", "KGZ", "TKM", "UZB"}
    named = {words.get_text() for words in drawing.select("text")}
    assert named == {c.states[state] for state in {ours.focus, *ours.neighbours, *borders}}
    assert not drawing.select("image, use") and "http" not in str(drawing)
