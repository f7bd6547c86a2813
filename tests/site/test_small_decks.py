"""Decks of a small invented course: what is made from the weeks, what is taken from the chapters, what is refused."""

from types import SimpleNamespace

import pytest
import yaml
from bs4 import BeautifulSoup
from building import build, figure, markdown, shown, try_build, write_book

WEEK = {
    "week": 1,
    "title": "How do weirs leak?",
    "aims": ["find a leak", "mend *it*"],
    "readings": ["01_weirs"],
    "labs": {"labs/pumps": "in step 2, if there is water", "labs/buckets": "at home"},
    "outside": "orlen1900",
    "plan": [[10, "Guess; see {doc}`lakes`.", "nothing"], [20, "Look & listen.", "a weir"]],
    "homework": {"paper": ["ex-01-bucket", {"do": "Draw it.", "minutes": 7}], "explorer": ["ex-01-look"]},
    "quiz": [],
    "prepare": 40,
    "read": "before",
    "hand": [{"bring": "a bucket"}],
    "wrong": [["They spill.", "Ask why."]],
}
EXERCISES = """# How do weirs leak?

**Leaks are many.** Grade A.

```{exercise}
:label: ex-01-bucket
*Paper, 5 minutes, easy.* Count a bucket.
```

```{exercise}
:label: ex-01-look
*Explorer, 15 minutes, medium.* Look at a lock.
```
"""
DECK = """## How many?

Guess; see {doc}`the lakes <lakes>`.

:::{speaker} 1
:kind: predict
:minutes: 10

Say *nothing*.
:::

## Look

:::{book-figure} fig-leaks
:::

:::{speaker} 2
:kind: look
:minutes: 5

Wait.
:::

## They are many

{value}`01 leaks` leaks. Grade A.

:::{book-figure} fig-leaks
:caption:
:::

:::{speaker} 2
:kind: found
:minutes: 15

Say it.
:::
"""


def written(folder, *decks):
    """Write a small book with a course of a week for each deck; return its folder."""
    leaks = shown(1, text__plain="77")
    leaks.outputs[0].data = {"application/papermill.record/text/plain": "77"}
    leaks.outputs[0].metadata = {"scrapbook": {"name": "leaks", "mime_prefix": "application/papermill.record/"}}
    pages = {
        "index": "# A cover\n\nText.",
        "01_weirs": [markdown(EXERCISES), leaks, figure(2, "fig-leaks", "weir,n\na,1\n", "Weirs leak. Grade A.")],
        "lakes": "# Lakes\n\nText.",
        "labs/pumps": "# How fast?\n\nText.",
        "labs/buckets": "# How full?\n\nText.",
        "plans": "# Plans\n\n```{weeks} weeks.yml\n```\n\n```{bibliography}\n```\n",
    }
    write_book(folder, pages)
    told = {"session": 30, "install_from": 9, "weeks": [WEEK | {"week": i} for i, _ in enumerate(decks, 1)], "half": []}
    (folder / "weeks.yml").write_text(yaml.safe_dump(told), encoding="utf-8")
    (folder / "decks").mkdir()
    for place, deck in enumerate(decks, 1):
        (folder / "decks" / f"week-{place:02d}.md").write_text(deck, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The site, and the deck's page, parsed."""
    site = build(written(tmp_path_factory.mktemp("decks"), DECK))
    page = BeautifulSoup((site / "decks" / "week-01.html").read_text(encoding="utf-8"), "lxml")
    return SimpleNamespace(site=site, page=page, slides=page.select(".slides > section"))


def said(node):
    """Return the text of a node in one line."""
    return " ".join(node.get_text().split()).replace("’", "'")


def test_title_aims_plan_and_homework_are_the_weeks(built):
    assert [slide["class"][1] for slide in built.slides] == [
        "title", "aims", "plan", "predict", "look", "found", "homework",
    ]  # fmt: skip
    title, aims, plan, *_, homework = built.slides
    assert said(title.h1) == "Week 1: How do weirs leak?" and "a bucket" in said(title.select_one(".notes"))
    assert title.select_one(".text a")["href"] == "../01_weirs.html"
    assert [said(item) for item in aims.select(".text li")] == ["find a leak", "mend it"]
    assert "They spill. Ask why." in said(aims.select_one(".notes"))
    rows = [[said(cell) for cell in row.select("td")] for row in plan.select("tbody tr")]
    assert rows == [["0 to 10", "How many?"], ["10 to 30", "Look"]]
    tasks = [[said(item) for item in track.select("li")] for track in homework.select(".track")]
    assert tasks == [
        ["01, exercise 1 (5 minutes, easy)", "Draw it. (7 minutes)"],
        ["01, exercise 2 (15 minutes, medium)"],
    ]
    assert homework.select_one("li a")["href"] == "../01_weirs.html#ex-01-bucket"


def test_a_slide_has_its_figure_number_and_notes_from_elsewhere(built):
    predict, look, found = built.slides[3:6]
    assert predict.select_one(".text a")["href"] == "../lakes.html"
    assert "Guess; see Lakes." in said(predict.select_one(".notes")) and "10 minutes for this slide" in said(
        predict.select_one(".notes")
    )
    assert (
        "Look & listen." in said(look.select_one(".notes"))
        and "a weir" in said(look.select_one(".notes"))
        and "listen" not in said(found.select_one(".notes"))
    )
    # A lab stands on the first slide of its step, with its place, both from the weeks.
    assert said(look.select_one(".text")) == "Lab: How fast? – in step 2, if there is water"
    assert look.select_one(".text a")["href"] == "../labs/pumps.html" and "Lab" not in said(predict)
    assert said(found.select_one(".text")) == "77 leaks. Grade A."
    image, caption = look.img, look.figcaption
    assert image["alt"] == "A line." and (built.site / "decks" / image["src"]).resolve().is_file()
    assert said(caption) == "Fig. 1, chapter 01" and caption.a["href"] == "../01_weirs.html#fig-leaks"
    assert said(found.figcaption).startswith("Weirs leak. Grade A.")
    assert "minutes 10 to 30" in said(found.select_one(".foot"))


def test_pages_lead_to_the_deck_and_the_deck_to_the_plan(built):
    plans = BeautifulSoup((built.site / "plans.html").read_text(encoding="utf-8"), "lxml")
    assert plans.select_one("article a.deck")["href"] == "decks/week-01.html"
    assert "../plans.html#week-1" in [link["href"] for link in built.page.select("header a")]
    named = [node.get("href") or node["src"] for node in built.page.select("link[rel=stylesheet], script[src]")]
    assert all((built.site / "decks" / name).is_file() for name in named)


FAULTS = {
    "the slides of step 2 take 14 minutes, the plan 20": (":minutes: 15", ":minutes: 9"),
    "slides follow the steps": ("{speaker} 1", "{speaker} 3"),
    "the book has no chapter '07'": ("{value}`01 leaks`", "{value}`07 leaks`"),
    "the book has no figure fig-dams": ("fig-leaks\n:caption:", "fig-dams\n:caption:"),
    "name the step by its number": (":kind: found", ":kind: secret"),
}


def test_every_deck_that_disagrees_is_named_and_stops_the_build(tmp_path):
    decks = [DECK.replace(*change) for change in FAULTS.values()]
    done = try_build(written(tmp_path / "book", *decks))
    assert done.returncode
    assert [complaint for complaint in FAULTS if complaint not in done.stderr] == []
