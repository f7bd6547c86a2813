"""Works of one author and year are told apart by letters, and what a reader copies is BibTeX that programs read."""

import re
from collections import defaultdict

import pytest
from bs4 import BeautifulSoup
from building import ROOT, build, write_book
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_file, parse_string

from manyvectors.site import references

FILE = ROOT / "book" / "references.bib"
WORKS = """
@misc{weirs, author = {Orlen, Ann}, title = {Weirs}, year = {1900}, url = {https://a.b/weirs}}
@misc{locks, author = {Orlen, A.}, title = {Locks}, year = {1900}, url = {https://a.b/locks}}
@misc{ferries, author = {Orlen, Ann}, title = {Ferries}, year = {1901}}
@misc{mud, author = {{Dredgers}}, title = {Mud}, url = {https://a.b/mud}}
@misc{silt, author = {{Dredgers}}, title = {Silt}, url = {https://a.b/silt}}
@misc{many, author = {Orlen, Ann and Alder, B. and Birch, C.}, title = {Many}, year = {1900}}
@misc{more, author = {Orlen, Ann and Elm, D. and Birch, C.}, title = {More}, year = {1900}}
@misc{two, author = {Orlen, Ann and Alder, B.}, title = {Two}, year = {1900}}
@misc{tide, author = {Tide}, title = {Tide}}
"""
SAID = {
    "locks": "1900a",  # in the order of the list of works, not of the file
    "weirs": "1900b",
    "ferries": "1901",
    "mud": "n.d.-a",
    "silt": "n.d.-b",
    "many": "1900a",
    "more": "1900b",
    "two": "1900",
    "tide": "n.d.",
}


def test_letters_part_what_a_citation_would_call_alike():
    entries = parse_string(WORKS, "bibtex").entries
    assert references.years(entries) == SAID
    for key, said in SAID.items():
        entries[key].fields["year"] = said
    assert references.years(entries) == SAID, "an environment that is read again keeps them"


@given(st.lists(st.tuples(st.sampled_from(["Alder", "Birch"]), st.sampled_from(["1999", "2001", ""])), max_size=20))
def test_no_two_are_cited_alike(works):
    bib = "".join(
        f"@misc{{w{i}, author = {{{name}}}, title = {{Title {i % 3}}}{f', year = {{{year}}}' if year else ''}}}\n"
        for i, (name, year) in enumerate(works)
    )
    said = references.years(parse_string(bib, "bibtex").entries)
    labels = [(name, said[f"w{i}"]) for i, (name, _) in enumerate(works)]
    assert len(set(labels)) == len(works)
    for i, (_, year) in enumerate(works):
        assert said[f"w{i}"].startswith(year or "n.d.")


def test_no_two_works_of_the_book_are_cited_alike():
    entries = parse_file(FILE).entries
    said = references.years(entries)
    assert len({(references.cited_names(entry), said[key]) for key, entry in entries.items()}) == len(entries) > 200


def test_citations_and_the_list_of_works_say_the_letters(tmp_path):
    cited = " ".join(f"{{cite:p}}`{key}`" for key in SAID)
    folder = write_book(tmp_path, {"cover": f"# Locks\n\n{cited}\n\n```{{bibliography}}\n```\n"})
    (folder / "references.bib").write_text(WORKS, encoding="utf-8")
    page = BeautifulSoup((build(folder) / "cover.html").read_text(encoding="utf-8"), "lxml")
    links = [" ".join(link.get_text().split()) for link in page.select('a[href^="#id"]') if link.get("title")]
    assert {"Orlen, 1900a", "Orlen, 1900b", "Dredgers, n.d.-b", "Orlen et al., 1900b", "Tide, n.d."} <= set(links)
    assert len(set(links)) == len(links) == len(SAID)
    for work in page.select("div.citation"):
        assert sum(said in work.get_text() for said in set(SAID.values()) - {"1900", "n.d."}) <= 1


# --- The built book ---------------------------------------------------------------------------------------------------


def test_no_link_says_what_another_work_is_called(pages, soup):
    leads = defaultdict(set)
    for name in pages:
        for link in soup(name).select('a[href*="#id"][title]'):
            said = " ".join(link.get_text().split())
            if re.search(r"\w, (?:\d{4}|n\.d\.)", said):  # where the names stand outside the link, the year is no name
                leads[said].add(link["href"].rpartition("#")[2])
    assert len(leads) > 100
    assert not {said: where for said, where in leads.items() if len(where) > 1}


@pytest.fixture(scope="module")
def offered(pages, soup):
    """Every BibTeX entry that a page offers, by where it stands, and those of the file to take along."""
    found = {name: "\n".join(box.get_text() for box in soup(name).select(BOXES)) for name in pages}
    return {name: parse_string(text, "bibtex").entries for name, text in found.items() if text} | {
        FILE.name: parse_file(FILE).entries
    }


BOXES = ".cite-entry pre, .highlight-bibtex pre"


def test_what_is_offered_has_a_year_that_programs_read(offered):
    assert sum(map(len, offered.values())) > 300 and len(offered) > 20
    for name, entries in offered.items():
        for key, entry in entries.items():
            year = entry.fields.get("year")
            assert re.fullmatch(r"[\w:-]+", key), (name, key)
            assert re.fullmatch(r"\d{4}", year or "2000"), (name, key, year)
            # Works without a year are those that biblatex takes without one.
            assert year or (name == FILE.name and entry.type == "misc" and "url" in entry.fields), (name, key)
