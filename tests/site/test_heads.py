"""Heads of tables: pages show names, and keep the key of the code behind them."""

import json
import re
from types import SimpleNamespace

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from building import ROOT
from docutils import nodes
from docutils.utils import new_document

from manyvectors import messages
from manyvectors.site import accessible, heads

KEY = re.compile(r"[a-z]_[a-z]")
FRAME = pd.DataFrame(
    {"rate": [0.5, 1.0, 2.0], "documents_with": [1, 2, 3], "lock_keepers": ["a", "b", "c"]},
    index=pd.Index(["KAZ_47_1992", "KAZ_61_2006_05", "weir"], name="doc_id"),
)


@pytest.fixture(autouse=True)
def no_language(monkeypatch):
    monkeypatch.setattr(accessible, "the_study", lambda: SimpleNamespace(languages={}))


def shown(html, *classes):
    """Return the table of a notebook's cell as a page holds it."""
    raw = nodes.raw("", html, format="html")
    page = new_document("page")
    page += nodes.container("", nodes.container("", raw), classes=["cell", *classes])
    for step in (heads.show_names, accessible.mend_markup, accessible.box):
        step(SimpleNamespace(srcdir="."), page, "page")
    return BeautifulSoup(raw.astext(), "html.parser").table


def said(table):
    return [cell.get_text() for cell in table.select("th")]


def test_keys_become_names_and_stay_as_titles():
    table = shown(FRAME.to_html())
    assert said(table) == [
        *("rate", "documents with it", "lock_keepers", "document"),  # one that nobody named stays
        *("Kazakhstan, 1992", "Kazakhstan, 2006, part 5", "weir"),
    ]
    titles = {cell.get_text(): cell["title"] for cell in table.select("th[title]")}
    assert titles["documents with it"] == "in the code: documents_with"
    assert titles["Kazakhstan, 1992"] == "in the code: KAZ_47_1992" and "weir" not in titles
    assert [cell.get_text() for cell in table.select("td")][-3:] == ["2.0", "3", "c"]  # cells are data


def test_cards_and_the_name_of_the_box_have_the_names_too():
    wide = FRAME.assign(**{f"equal_{end}": [f"{n} locks in all weirs" for n in range(3)] for end in ("low", "high")})
    table = shown(wide.to_html())
    assert "mv-cards" in table["class"]
    assert [cell["data-name"] for cell in table.select("tbody tr")[0].select("th, td")][1:3] == [
        *("rate", "documents with it"),
    ]
    assert "documents with it" in table.parent["data-label"] and "documents_with" not in table.parent["data-label"]


def test_a_table_that_teaches_its_keys_keeps_them():
    assert "documents_with" in said(shown(FRAME.to_html(), f"tag_{heads.KEPT}"))


def test_only_what_a_notebook_printed_is_named():
    table = shown("<table><tr><th>documents_with</th></tr></table>")
    assert said(table) == ["documents_with"]


@pytest.mark.parametrize("text", ["climate", "", "KAZ_", "ZZZ", "equal low", "nuclear_weapon"])
def test_what_is_no_key_has_no_name(text):
    assert heads.named(text) is None


def test_states_are_named_and_documents_where_there_is_room():
    assert heads.named("KAZ") == "Kazakhstan"
    key = pd.read_csv(ROOT / "data" / "kazakhstan" / "other-documents.csv").iloc[0]
    assert heads.named(key["doc_id"], row=True) == key["title"] and heads.named(key["doc_id"]) is None


def keys_of(notebook):
    """Return the heads of the tables in the stored outputs of a notebook: {text: whether its cell keeps them}."""
    found = {}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", ()):
            tree = BeautifulSoup("".join(output.get("data", {}).get("text/html", "")), "html.parser")
            for head in tree.select("table.dataframe th"):
                kept = heads.KEPT in cell["metadata"].get("tags", ())
                found[head.get_text(strip=True)] = kept and found.get(head.get_text(strip=True), True)
    return found


def test_every_key_that_a_chapter_prints_has_a_name_and_no_name_is_left_over(notebooks):
    printed = [keys_of(notebook) for notebook in notebooks]
    unnamed = {key for keys in printed for key, kept in keys.items() if "_" in key and not kept}
    assert len(unnamed) > 40 and {key for key in unnamed if heads.named(key, row=True) is None} == set()
    named = {key.removeprefix("column.") for key in messages.english() if key.startswith("column.")}
    assert named == {key for keys in printed for key in keys if key in named}


def test_names_are_no_keys():
    names = [text for key, text in messages.english().items() if key.startswith("column.")]
    assert not [name for name in names if "_" in name or len(name) > 40]


def test_no_chapter_shows_a_key_but_where_it_teaches_them(soup, site, notebooks):
    kept = 0
    for path in sorted((site / "notebooks").glob("*.html")):
        for head in soup(f"notebooks/{path.name}").select("article th"):
            if head.find_parent(class_=f"tag_{heads.KEPT}"):
                kept += 1
            else:
                assert not KEY.search(head.get_text()), (path.name, head.get_text())
    assert kept
