"""The list of tables on the data sheet: every table once, in the words of its own description."""

import pickle
import re

import pytest
import yaml
from bs4 import BeautifulSoup
from building import ROOT, build, write_book
from sphinx.util.nodes import extract_messages

from manyvectors.site import sheet

TABLES = {
    yaml.safe_load(path.read_text(encoding="utf-8"))["path"]: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "data").glob("*/*.yaml"))
    if path.name != "package.yaml"
}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The pages of a book with the list."""
    page = "# What is here?\n\n```{tables}\n```\n"
    return build(write_book(tmp_path_factory.mktemp("sheet"), {"index": "# A cover\n\nText.", "sheet": page}))


def test_every_table_stands_once_with_what_it_holds_and_a_link_to_it(small):
    page = BeautifulSoup((small / "sheet.html").read_text(encoding="utf-8"), "lxml").select_one("article")
    assert page.select_one("details summary").get_text() == f"{len(TABLES)} tables, and what each holds"
    rows = [row.select("td, th") for row in page.select("details tbody tr")]
    assert sorted(row[0].get_text().strip() for row in rows) == sorted(TABLES)
    for name, holds, note in rows:
        told = TABLES[name.get_text().strip()]
        assert (small / name.a["href"]).is_file()
        said = re.sub(r"\W+", "", holds.get_text())
        assert said and re.sub(r"\W+", "", told["description"]).startswith(said)
        assert ("by a model" in note.get_text()) == ("language model" in told["description"])
        free = any(licence["name"] == "CC-BY-4.0" for licence in told["licenses"])
        assert free or note.get_text().strip()
        assert ("Non-commercial" in note.get_text()) == any(one["name"] == "other-nc" for one in told["licenses"])


def test_the_list_can_be_translated(small):
    held = pickle.loads((small.parent / ".doctrees" / "sheet.doctree").read_bytes())
    assert "Names of the states and observers that spoke since 1992" in {said for _, said in extract_messages(held)}


def test_tables_of_the_world_come_first():
    folders = [path.parent.name for path in sheet.described()]
    assert folders[0] == "world" and "world" not in folders[folders.count("world") :]
