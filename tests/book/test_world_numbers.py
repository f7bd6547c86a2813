"""What the chapter on the whole Assembly says, counted once more by plain loops."""

import io
import itertools
import re
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest

from manyvectors import practice, vectors
from manyvectors.claims import numbers

SAID = numbers.glued()["appendix_world"]
DECADES = ((1992, 1999), (2000, 2009), (2010, 2019), (2020, 2024))
SOUTH = ("Eastern Africa", "Middle Africa", "Southern Africa", "Western Africa")


@pytest.fixture(scope="module")
def places(c):
    return vectors.places(c)


@pytest.fixture(scope="module")
def speeches(c, places):
    """State, year and names of places of each speech, in order: list of tuples."""
    rows = c.documents.loc[places.index, ["state", "year"]]
    named = [set(places.columns[values > 0]) for values in places.to_numpy()]
    return sorted(zip(rows["state"].astype(str), rows["year"], named, strict=True), key=lambda one: one[:2])


def test_the_chapters_that_its_table_names_lead_back_to_it():
    """Its base rates are no use to whoever does not know of them."""
    folder = Path(__file__).resolve().parents[2] / "notebooks"
    prose = {
        path.stem: "\n".join(cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "markdown")
        for path in folder.glob("*.ipynb")
    }
    [table] = re.findall(r"^\| What a state does .*?\n\n", prose["appendix_world"], re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"\{doc\}`\d+ <(\w+)>`", table))
    assert len(named) > 5 and {name for name in named if "<appendix_world>" not in prose[name]} == set()


def test_how_many_times_as_often_climate_was_said(c):
    counted = c.terms()
    said, tokens, year = counted["climate"], counted.rows["tokens"], counted.rows["year"]
    rates = [said[span].sum() / tokens[span].sum() for span in (year.between(*ends) for ends in DECADES)]
    for i, (before, after) in enumerate(itertools.pairwise(rates)):
        assert float(SAID[f"climate_{i}"]) == pytest.approx(after / before, rel=0.03)


@pytest.mark.parametrize("power", ["USA", "CHN"])
def test_how_often_a_habit_of_naming_ends_or_begins(speeches, power):
    stopped, habits, began, without = 0, 0, 0, 0
    for state, own in itertools.groupby(speeches, key=lambda one: one[0]):
        hits = [power in named for _, _, named in own]
        for at in range(5, len(hits) - 4) if state != power else ():
            before, after = sum(hits[at - 5 : at]), sum(hits[at : at + 5])
            habits, stopped = habits + (before >= 3), stopped + (before >= 3 and after == 0)
            without, began = without + (before == 0), began + (before == 0 and after >= 3)
    assert SAID[f"stop_{power.lower()}"] == f"{100 * stopped / habits:.0f}"
    assert SAID[f"begin_{power.lower()}"] == f"{100 * began / without:.0f}"


def test_of_hundred_names_how_many_lie_in_africa_south_of_the_sahara(c, speeches):
    region = c.table("state-regions").set_index("state")["region"]
    for ends, name in ((DECADES[0], "africa_first"), (DECADES[3], "africa_last")):
        named = [place for _, year, names in speeches if ends[0] <= year <= ends[1] for place in names]
        named = [place for place in named if place in region.index]
        assert SAID[name] == f"{100 * sum(region[place] in SOUTH for place in named) / len(named):.1f}"
    fell = float(SAID["africa_change"].partition(" ")[0])
    assert fell == pytest.approx(float(SAID["africa_first"]) - float(SAID["africa_last"]), abs=1e-9), "one rounding"


def test_by_how_much_an_ideal_point_changes_in_five_years():
    points = practice.ideal_points()
    mean = points.groupby("year")["estimate"].mean()
    left = {(row.state, row.year): row.estimate - mean[row.year] for row in points.itertuples()}
    found = []
    for state in points["state"].unique():
        for cut in range(1997, 2020):
            spans = [[left.get((state, year)) for year in range(start, start + 5)] for start in (cut - 5, cut)]
            known = [[value for value in span if value is not None] for span in spans]
            if min(map(len, known)) >= 4:
                found.append(abs(np.mean(known[1]) - np.mean(known[0])))
    assert SAID["point_median"] == f"{np.median(found):.2f}"
    assert SAID["point_tenth"] == f"{np.quantile(found, 0.9):.2f}"


def test_disarmament_fell_at_every_step(c):
    counted = c.terms()
    said, tokens, year = counted["disarmament"], counted.rows["tokens"], counted.rows["year"]
    rates = [said[span].sum() / tokens[span].sum() for span in (year.between(*ends) for ends in DECADES)]
    for i, (before, after) in enumerate(itertools.pairwise(rates)):
        assert int(SAID[f"disarmament_{i}"]) == pytest.approx(100 * after / before, abs=2)
    assert int(SAID["disarmament_high"]) < 100


def test_in_which_phrase_a_word_stands(c):
    counted, year = c.terms(), c.terms().rows["year"]
    for name, word, ends, begins in (
        ("south", "south", DECADES[0], "south african?s?"),
        ("climate_change", "climate", DECADES[2], "climate change"),
    ):
        now = year.between(*ends)
        phrases = c.phrases().filter(regex=f"^{begins}$")
        assert SAID[name] == f"{100 * phrases[now].to_numpy().sum() / counted[word][now].sum():.0f}"


def test_of_whom_a_power_names_and_who_names_it(speeches):
    """The table of the six powers, from its stored cell."""
    path = Path(__file__).resolve().parents[2] / "notebooks" / "appendix_world.ipynb"
    [cell] = [cell for cell in nbformat.read(path, 4).cells if cell.get("id") == "aw-18b"]
    [table] = pd.read_html(io.StringIO(cell.outputs[0].data["text/html"]), index_col=0)
    own = [names for state, _, names in speeches if state == "RUS"]
    usa = 100 * sum("USA" in names for names in own) / len(own)
    assert table.at["Russia", "names"].startswith(f"United States {usa:.0f}, ")
    assert int(SAID["n_power"]) == len(own) and SAID["one_speech"] == f"{100 / len(own):.0f}"
    georgia = [names for state, _, names in speeches if state == "GEO"]
    share = 100 * sum("RUS" in names for names in georgia) / len(georgia)
    assert f"Georgia {share:.0f}" in table.at["Russia", "is named by"]


def test_what_is_said_of_those_without_the_habit_holds_for_every_power(c, speeches):
    """Hardly any take it up: but of one power many do, and the summary says so."""
    path = Path(__file__).resolve().parents[2] / "notebooks" / "appendix_world.ipynb"
    [summary] = [cell.source for cell in nbformat.read(path, 4).cells if cell.get("id") == "aw-37"]
    assert "hardly any" not in summary and "`begin_usa` with the United States" in summary
    assert int(SAID["begin_usa"]) > 5 * int(SAID["begin_most"])


def test_the_union_lies_beyond_the_others(c):
    points = practice.ideal_points().pivot(index="state", columns="year", values="estimate")
    groups = c.table("state-groups")
    inside = points.index.isin(groups.loc[groups["group"] == "EU", "state"])
    gap = points[inside].median() - points[~inside].median()
    assert int(SAID["gap_year"]) == gap.idxmin()
    assert SAID["gap_now"].startswith(f"{gap[2023]:.1f} (")
    assert pd.Series(points.loc["USA"]).min() == pytest.approx(float(SAID["usa"]), abs=0.05)
