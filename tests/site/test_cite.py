"""Citations of the book, its data and its chapters."""

import json
import re
import tomllib
from datetime import date

import pytest
import yaml
from building import ROOT, build, figure, markdown, write_book
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
        assert f"{entry.fields['month']} {entry.fields['year']}" == f"{work['released']:%B %Y}"
        day = f"{work['released'].day} {work['released']:%B %Y}"
        assert entry.fields["note"].startswith(f"Version {work['version']}, {day}")
    assert entry.fields["chapter"] == "3"
    assert r"50 \% of \{x\}\_1 \& " in entry.fields["title"]


def test_a_figure_and_a_number_have_entries_of_their_own(tmp_path):
    work = _work(tmp_path)
    keys = set()
    for kind, part in (("figure", "fig-a_b"), ("number", "rank_CHN"), ("number", "rank_RUS")):
        text = cite.bibtex(work, kind, "Number rank_CHN: 116 of 192", 20, "https://a.b/20.html#cell", part)
        ((key, entry),) = parse_string(text, "bibtex").entries.items()
        assert entry.type == "incollection"
        assert entry.fields["chapter"] == "20"
        assert "116 of 192" in entry.fields["title"]
        assert CITED["version"] in entry.fields["note"]
        keys.add(key)
    assert len(keys) == 3
    appendix = cite.bibtex(work, "chapter", "What else is claimed?", None)
    assert "chapter" not in next(iter(parse_string(appendix, "bibtex").entries.values())).fields


def test_the_value_of_a_number_is_read_from_its_notebook():
    path = ROOT / "notebooks" / "01_what_is_in_the_corpus.ipynb"
    assert cite.value_of(path, "n_speeches") == "6,204"
    assert cite.value_of(path, "n_ours") == "33"
    assert cite.value_of(path, "n_others") is None


def test_a_doi_ends_the_citation_once_there_is_one(tmp_path):
    assert "doi" not in cite.bibtex(_work(tmp_path), "book", url="https://a.b")
    work = _work(tmp_path, doi="10.1234/x")
    assert "doi    = {10.1234/x}" in cite.bibtex(work, "book", url="https://a.b")
    assert cite.sentence(work, "book", url="https://a.b")[-1] == (" https://doi.org/10.1234/x", False)


def test_a_release_without_a_day_stops_the_build(tmp_path):
    assert _work(tmp_path, **{"date-released": "2026-03-06"})["released"] == date(2026, 3, 6)
    with pytest.raises(ExtensionError, match="date-released is 'spring'; write a day"):
        _work(tmp_path, **{"date-released": "spring"})


def test_zenodo_is_told_what_the_citation_file_says():
    told = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    names = [a["name"] if "name" in a else f"{a['family-names']}, {a['given-names']}" for a in CITED["authors"]]
    assert [creator["name"] for creator in told["creators"]] == names
    assert (told["title"], told["keywords"]) == (CITED["title"], CITED["keywords"])
    assert (told["description"], told["version"]) == (CITED["abstract"], str(CITED["version"]))
    assert told["access_right"] == "open" and told["upload_type"] in ("software", "dataset", "publication")


def test_one_holder_everywhere():
    (holder,) = re.findall(
        r"^Copyright \(c\) \d{4} (.*)$", (ROOT / "LICENSE").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert holder == CITED["authors"][0]["name"]


@pytest.fixture(scope="module")
def cited(tmp_path_factory):
    """The pages of a small book with a chapter, an appendix and a figure in each."""
    folder = tmp_path_factory.mktemp("cited")
    pages = {
        "cover": "# A book\n\nSee {doc}`20_weirs` and {doc}`appendix`.\n\n```{citation} 20_weirs\n```\n",
        "20_weirs": [
            markdown("# Do weirs leak?\n\nText."),
            figure(1, "fig-weirs", "a,b\n1,2\n", "Weirs & locks leak."),
        ],
        "appendix": [markdown("# What else?\n\nText."), figure(1, "fig-else", "a,b\n1,2\n")],
    }
    write_book(folder, pages)
    (folder / "CITATION.cff").write_text((ROOT / "CITATION.cff").read_text(encoding="utf-8"), encoding="utf-8")
    return build(folder)


def test_a_figure_leads_to_its_citation(cited, browser):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto((cited / "20_weirs.html").as_uri())
    box = page.locator("details.cite-figures")
    assert not box.evaluate("box => box.open")
    page.get_by_role("link", name="Cite Fig. 1").press("Enter")
    entry = box.locator("pre")
    entry.wait_for()
    (key,) = parse_string(entry.inner_text(), "bibtex").entries
    assert key == "manyvectors2026ch20-fig-weirs"
    assert "Weirs \\& locks leak" in entry.inner_text()
    box.locator("button.copybtn").wait_for(state="attached")
    page.goto((cited / "cover.html").as_uri())
    page.locator(".highlight-bibtex button.copybtn").wait_for(state="attached")
    shown = page.locator(".highlight-bibtex pre").first
    assert shown.evaluate("pre => pre.scrollWidth <= pre.clientWidth + 1"), "wrapped, not cut, on a phone"
    page.goto((cited / "appendix.html").as_uri())
    assert page.locator("details.cite-this summary").inner_text() == "Cite this page"
    assert "chapter" not in page.locator("details.cite-figures pre").text_content()
    page.close()


def test_without_scripts_a_citation_is_text(cited, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((cited / "20_weirs.html").as_uri())
    page.locator("details.cite-this summary").click()
    assert parse_string(page.locator("details.cite-this pre").inner_text(), "bibtex").entries
    context.close()


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
    """Each chapter ends in its own citation, with the version of the package and the number of its file."""
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
        assert CITED["authors"][0]["name"] in soup(name).select_one("footer .copyright").get_text()
    cited = soup("book/how-to-cite.html").get_text()
    assert soup(chapters[0]).select_one("details.cite-this pre").get_text() in cited


def test_the_data_are_the_studys_and_the_worlds(soup):
    """What the book invented is evidence of nothing, and cited by nobody."""
    (section,) = soup("book/how-to-cite.html").select("section#the-data")
    titles = [
        yaml.safe_load(path.read_text(encoding="utf-8"))["title"]
        for path in book.data_files().values()
        if path.name == "datapackage.json"
    ]
    said = " ".join(section.get_text().split())
    assert {title for title in titles if title in said} == {title for title in titles if "invented" not in title}
    entries = parse_string("\n".join(block.get_text() for block in section.select("pre")), "bibtex").entries
    assert len(entries) == len(section.select("blockquote")) == 2
