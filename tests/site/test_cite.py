"""Citations of the book, its data and its chapters."""

import re
import tomllib
from datetime import date

import pytest
import yaml
from building import ROOT
from pybtex.database import parse_string
from sphinx.errors import ExtensionError

import manyvectors
from manyvectors.site import book, cite

CITED = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


def _work(folder, **changed):
    (folder / "CITATION.cff").write_text(yaml.safe_dump(CITED | changed), encoding="utf-8")
    return cite.work(folder)


def test_citations_agree_with_the_file(tmp_path):
    work = _work(tmp_path)
    said = "".join(text for text, _ in cite.sentence(work, "chapter", "Do locks leak?", 3, "https://a.b/3.html"))
    assert said.startswith(f"{CITED['authors'][0]['name']} ({work['year']}). Do locks leak? In {CITED['title']} (")
    assert said.endswith(f"(Version {CITED['version']}, chapter 3). https://a.b/3.html")
    assert "leak. In" in "".join(text for text, _ in cite.sentence(work, "chapter", "Locks leak", 3))


def test_people_and_groups_are_cited_apart(tmp_path):
    people = [{"family-names": "Orlen", "given-names": "J."}, {"name": "Dredgers & Sons"}]
    work = _work(tmp_path, authors=people)
    assert cite.sentence(work, "book")[0][0].startswith("Orlen, J.; Dredgers & Sons (")
    assert r"author = {Orlen, J. and {Dredgers \& Sons}}" in cite.bibtex(work, "book")


def test_bibtex_can_be_read(tmp_path):
    work = _work(tmp_path)
    title = 'Is 50 % of {x}_1 & "y" enough, 1992\u20132030?'
    for kind, name in (("book", None), ("data", "Tables"), ("chapter", title)):
        held = parse_string(cite.bibtex(work, kind, name, 3, "https://a.b/c_d"), "bibtex").entries
        (entry,) = held.values()
        assert entry.fields["year"] == work["year"]
        assert entry.fields["url"] == "https://a.b/c_d"
    assert entry.fields["chapter"] == "3"
    assert r"50 \% of \{x\}\_1 \& " in entry.fields["title"]


def test_the_box_is_escaped(tmp_path):
    evil = "</pre><script>alert(1)</script>"
    made = cite.cite_box(_work(tmp_path, authors=[{"name": evil}], title=evil), evil, 1, f"https://a.b/{evil}")
    assert "<script" not in made
    assert made.count("</pre>") == 1


def test_a_citation_file_without_authors_stops_the_build(tmp_path):
    with pytest.raises(ExtensionError, match=r"CITATION\.cff"):
        cite.work(tmp_path)
    (tmp_path / "CITATION.cff").write_text("title: x\nversion: 1\ndate-released: 2026-01-01\n", encoding="utf-8")
    with pytest.raises(ExtensionError, match="authors"):
        cite.work(tmp_path)


def cff_problems(held):
    """Say what in a citation file breaks the Citation File Format 1.2.0, as far as this book uses it.

    The format's own validator, cffconvert, accepts the file too; it is no test here because it needs a jsonschema older
    than the one that the other tests need.
    """
    found = [f"no {name}" for name in ("cff-version", "message", "title", "authors") if not held.get(name)]
    known = {"cff-version", "message", "type", "title", "abstract", "version", "date-released", "authors", "license"}
    known |= {"keywords", "references", "doi", "url", "repository-code", "identifiers", "preferred-citation", "commit"}
    found += [f"{name} is not in the format" for name in set(held) - known]
    if held.get("cff-version") != "1.2.0":
        found.append("another version of the format")
    if held.get("type", "software") not in ("software", "dataset"):
        found.append("type is software or dataset")
    if not isinstance(held.get("date-released"), date):
        found.append("date-released is no day")
    if not isinstance(held.get("version"), str | int | float):
        found.append("no version")
    person = {"family-names", "given-names", "name-particle", "name-suffix", "alias", "affiliation", "orcid", "email"}
    entity = {"name", "website", "address", "city", "country", "email", "orcid", "alias"}
    works = [held, *held.get("references", ())]
    for author in (author for work in works for author in work.get("authors") or [{}]):
        if not author or not ((set(author) <= entity and "name" in author) or set(author) <= person):
            found.append(f"{author} is neither a person nor a group")
    for work in held.get("references", ()):
        found += [f"a reference without {name}" for name in ("type", "title", "authors") if name not in work]
        if "doi" in work and not re.fullmatch(r"10\.\d{4,9}(\.\d+)?/[A-Za-z0-9:/_;\-\.\(\)\[\]\\]+", work["doi"]):
            found.append(f"{work['doi']} is no DOI")
    if len(set(held.get("keywords", ()))) != len(held.get("keywords", ())):
        found.append("a keyword twice")
    return found


def test_citation_file_is_valid():
    assert cff_problems(CITED) == []


@pytest.mark.parametrize(
    "change",
    [
        {"message": ""},
        {"cff-version": "1.1"},
        {"type": "book"},
        {"date-released": "spring"},
        {"authors": []},
        {"authors": [{"name": "A", "given-names": "B"}]},
        {"colour": "blue"},
        {"keywords": ["lock", "lock"]},
        {"references": [{"type": "article", "title": "x", "authors": [{"name": "A"}], "doi": "doi:10.1/x"}]},
    ],
)
def test_a_broken_citation_file_is_found(change):
    assert cff_problems(CITED | change)


def test_one_version_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    packages = [p for p in book.data_files().values() if p.name == "datapackage.json"]
    said = {yaml.safe_load(path.read_text(encoding="utf-8"))["version"] for path in packages}
    assert {str(CITED["version"]), manyvectors.__version__, *said} == {project["version"]}
    assert CITED["title"] == config["title"]
    assert CITED["authors"][0]["name"] == config["author"]
    prose = (ROOT / "book" / "how-to-cite.md").read_text(encoding="utf-8")
    assert project["version"] not in prose, "the page computes its citations"


def test_chapters_can_be_cited(notebooks, soup):
    """Each chapter ends in its own citation, with the version of the package and the number of its file.

    An appendix has no number: it is cited as the book.
    """
    chapters = [f"notebooks/{path.stem}.html" for path in notebooks if path.stem[:2].isdigit()]
    assert chapters
    for name in chapters:
        (box,) = soup(name).select("article details.cite-this")
        said = " ".join(box.get_text().split())
        number = int(name.removeprefix("notebooks/").split("_")[0])
        heading = soup(name).select_one("meta[property='og:title']")["content"]
        assert f"{heading} In {CITED['title']}" in said
        assert f"(Version {CITED['version']}, chapter {number})" in said
        assert f"{{manyvectors2026ch{number}," in said
    cited = soup("book/how-to-cite.html").get_text()
    assert soup(chapters[0]).select_one("details.cite-this pre").get_text() in cited
