"""What the site says of itself: facts about the numbers, descriptions, previews, citations, the sitemap."""

import hashlib
import json
import re
import subprocess
import tomllib
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import browsing
import nbformat
import pytest
import yaml
from docutils import nodes
from lxml import etree
from manyvectors.web import about, social
from PIL import Image
from sphinx.errors import ExtensionError

import manyvectors
from manyvectors import topics

ROOT = Path(__file__).resolve().parent.parent
CITED = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


def _git(folder, *words):
    who = ("-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def book(tmp_path):
    """A made-up book: one module, one chapter, two tables; not under version control."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "locks.csv").write_text('lock,why\nTamra,"two\nlines"\nOrlen,one\n', encoding="utf-8")
    (tmp_path / "data" / "note.yml").write_text("a: 1\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "x"\nversion = "7.8"\ndependencies = ["numpy>=1", "nosuchpackage"]\n', encoding="utf-8"
    )
    (tmp_path / "manyvectors").mkdir()
    (tmp_path / "manyvectors" / "locks.py").write_text(
        "def draw(n, seed=3, *, seeds):\n    pass\n\n\ndef _own(seed=9):\n    pass\n\n\n"
        "class Weir:\n    def __init__(self, random_state=0):\n        np.random.default_rng(5)\n",
        encoding="utf-8",
    )
    (tmp_path / "notebooks").mkdir()
    return tmp_path


def _chapter(book, *cells):
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(made, book / "notebooks" / "01_locks.ipynb")


# --- About the numbers ------------------------------------------------------------------------------------------------


def test_a_commit_is_named_only_where_it_is_the_books_own(book):
    assert about.version_control(book) == {}
    _git(book, "init", "-q")
    assert about.version_control(book) == {}, "no commit yet"
    _git(book, "add", ".")
    _git(book, "commit", "-qm", "Locks")
    found = about.version_control(book)
    assert re.fullmatch(r"[0-9a-f]{40}", found["commit"])
    assert found["commit"].startswith(found["short"])
    assert found["changed"] == 0
    (book / "new.md").write_text("a file that git does not know")
    (book / "data" / "note.yml").write_text("a: 2\n")
    assert about.version_control(book)["changed"] == 2
    # A copy of the files inside somebody else's repository has not that repository's commit.
    assert about.version_control(book / "data") == {}


def test_without_git_the_commit_is_unknown(book, monkeypatch):
    monkeypatch.setenv("PATH", str(book))
    assert about.version_control(ROOT) == {}


def test_the_table_says_so_in_words(book):
    app = SimpleNamespace(config=SimpleNamespace(html_baseurl=""))

    def said():
        return about._copy(book, app)[0].astext()

    assert "unknown: this copy was not built from a clone" in said()
    _git(book, "init", "-q")
    _git(book, "add", ".")
    _git(book, "commit", "-qm", "Locks")
    assert about.version_control(book)["short"] in said()
    assert "uncommitted" not in said()
    (book / "new.md").write_text("new")
    assert "with uncommitted changes in 1 file\n" in said()


def test_checksums_and_rows(book):
    found = about.checksums(book)
    assert list(found) == ["data/locks.csv", "data/note.yml"]
    assert found["data/note.yml"] == hashlib.sha256(b"a: 1\n").hexdigest()
    assert about.rows(book / "data" / "locks.csv") == 2, "a line break inside a field starts no row"
    assert about.rows(book / "data" / "note.yml") is None
    assert about.checksums(book / "nowhere") == {}


def test_rows_are_those_that_pandas_reads(c, data):
    for name in ("rostrum-years", "rostrum-phrases", "rollcalls"):
        path = next(data.glob(f"{name}.*"))
        assert about.rows(path) == len(c.table(name))


def test_packages_and_lock(book, monkeypatch):
    assert about.book_version(book) == "7.8"
    found = dict((name, version) for name, version, _ in about.packages(book))
    assert found["nosuchpackage"] == "missing"
    assert re.match(r"\d+\.\d+", found["numpy"])
    lines = (
        f"numpy=={found['numpy']}\n    # via x\n\npandas==0.1\nnosuch==1\nabsent==1 ; sys_platform == 'nowhere'\n-e .\n"
    )
    (book / "requirements.txt").write_text(lines, encoding="utf-8")
    same, differ = about.against_lock(book)
    assert same == 1
    assert [line.split()[0] for line in differ] == ["pandas", "nosuch"]
    assert "instead of 0.1" in differ[0]


def test_seeds_are_read_from_signatures(book):
    assert about.seeded_functions(book) == {"3": ["locks.draw"], about.GIVEN: ["locks.draw"], "0": ["locks.Weir"]}


def test_seeds_of_the_package_are_all_found():
    """The signatures read from the files are those that Python sees."""
    import inspect

    listed = {name for names in about.seeded_functions(ROOT).values() for name in names}
    seen = {
        f"topics.{name}"
        for name, thing in vars(topics).items()
        if inspect.isfunction(thing) and thing.__module__ == topics.__name__ and not name.startswith("_")
        if {"seed", "seeds"} & set(inspect.signature(thing).parameters)
    }
    assert "topics.prevalence" in seen
    assert seen <= listed


def test_seeds_are_read_from_chapters(book):
    _chapter(book, "%matplotlib inline", "fit(seed=0)", "[fit(seed=s + k) for s in range(4)]\nrng = default_rng(8)")
    given = about.seeds_given(book)
    assert dict(given["notebooks/01_locks"]) == {
        ("fit", "0"): 1,
        ("fit", "s + k for s in range(4)"): 1,
        ("default_rng", "8"): 1,
    }
    assert dict(given["manyvectors.locks"]) == {("np.random.default_rng", "5"): 1}


@pytest.mark.parametrize(
    "cell", ["np.random.default_rng()", "np.random.shuffle(x)", "random.sample(x, 2)", "numpy.random.RandomState()"]
)
def test_draws_without_a_seed_are_found(book, cell):
    _chapter(book, "np.random.default_rng(0).shuffle(x)\nrandom.Random(1).sample(x, 2)")
    assert about.unseeded_draws(book) == []
    _chapter(book, cell)
    assert about.unseeded_draws(book) == ["notebooks/01_locks.ipynb"]


def test_the_book_draws_nothing_without_a_seed():
    assert about.unseeded_draws(ROOT) == []


def test_recipes(book):
    _chapter(book, "topics.TopicModel(3)", "topics.Recipe(min_share=0.3)", "TopicModel(3, recipe=r)")
    uses = about.recipe_uses(book)
    default, own = topics.Recipe(), topics.Recipe(min_share=0.3)
    assert next(iter(uses)) == default
    assert uses[default] == uses[own] == ["notebooks/01_locks"]
    assert sum(map(bool, uses.values())) == 2
    assert set(topics.recipes()) < set(uses)
    _chapter(book, "topics.recipes()")
    assert sum(map(bool, about.recipe_uses(book).values())) == len(topics.recipes())


def test_a_recipe_that_cannot_be_read_stops_the_build(book):
    _chapter(book, "topics.Recipe(min_share=half)")
    with pytest.raises(ExtensionError, match=r"01_locks.*min_share=half"):
        about.recipe_uses(book)


def test_captions_name_recipes_of_the_table():
    named = set()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        named |= set(re.findall(r"Recipe ([0-9a-f]{8})", path.read_text(encoding="utf-8")))
    assert named
    assert named <= {recipe.digest for recipe in about.recipe_uses(ROOT)}


def test_days_are_written_in_one_language(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1583452800")
    assert about.day(about._now()) == "6 March 2020"


def test_the_page_is_written_again_only_when_a_fact_changes(book, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1583452800")
    env = SimpleNamespace(found_docs={about.PAGE})
    app = SimpleNamespace(srcdir=book)

    def ask():
        return about._outdated(app, env, set(), set(), set())

    assert ask() == [about.PAGE]
    assert ask() == []
    (book / "data" / "note.yml").write_text("a: 3\n")
    assert ask() == [about.PAGE]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1583539200")
    assert ask() == [about.PAGE]
    assert ask() == []
    assert about._outdated(app, SimpleNamespace(found_docs={"page"}), set(), set(), set()) == []


def test_built_page_says_what_the_files_say(site):
    """Every fact of the built page stands in the files, and no file of the data is left out."""
    import lxml.html

    path = site / f"{about.PAGE}.html"
    tree = lxml.html.document_fromstring(path.read_bytes(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    said = re.sub(r"\s+", " ", tree.xpath("//article")[0].text_content())
    assert f"Version of the book {about.book_version(ROOT)}" in said
    for name, digest in about.checksums(ROOT).items():
        assert f"{name.removeprefix('data/')} " in said
        assert digest[:12] in said
    for name, version, _ in about.packages(ROOT):
        assert f"{name} {version}" in said
    assert topics.Recipe().digest in said
    assert "Draws without a seed: none" in said
    rows = [[cell.text_content().strip() for cell in row] for row in tree.xpath("//table[last()]//tr")]
    start = rows.index(["Page", "Seconds", "Share", "Executed on"])
    times = [row for row in rows[start + 1 :] if row[0] != "Together"]
    assert sum(re.match(r"\d\d ", row[0]) is not None for row in times) == len(
        list((ROOT / "notebooks").glob("*.ipynb"))
    )
    total = next(float(row[1]) for row in rows if row[0] == "Together")
    assert total == pytest.approx(sum(float(row[1]) for row in times), abs=0.1 * len(times))


# --- Descriptions -----------------------------------------------------------------------------------------------------


def _page(*parts):
    page = nodes.document(None, None)
    page += nodes.section("", nodes.title(text="Locks"), *parts)
    return page


def _box(*items):
    points = nodes.bullet_list("", *(nodes.list_item("", nodes.paragraph(text=item)) for item in items))
    return nodes.admonition("", nodes.title(text="What you will learn"), points)


LONG = "The canal at Tamra carries water to nine villages and one library, in summer and in winter alike."


def test_a_description_prefers_what_the_page_promises():
    said = social.describe(_page(nodes.paragraph(text=LONG), _box("how locks work;", "why they leak.")), "x")
    assert said == "What you will learn: how locks work; why they leak."
    many = social.describe(_page(_box(*["how one of the many locks on the canal works;"] * 9)), "x")
    assert len(many) <= social.LONGEST
    assert many.endswith("works.")


def test_a_description_is_a_paragraph_that_says_something():
    quote = nodes.block_quote("", nodes.paragraph(text="A quotation of somebody else, at a length that would do."))
    page = _page(nodes.paragraph(text="Too short."), quote, nodes.paragraph(text=LONG.replace(" ", "\n")))
    assert social.describe(page, "x") == LONG
    assert social.describe(_page(nodes.paragraph(text="Too short.")), "Locks. A page.") == "Locks. A page."
    assert social.describe(None, "Search. A page.") == "Search. A page."


@pytest.mark.parametrize("text", [f"{LONG} {LONG}", "water " * 50, "w" * 500, f"Short. {'water ' * 50}"])
def test_long_descriptions_are_cut_between_words(text):
    said = social.shorten(text)
    assert 1 <= len(said) <= social.LONGEST
    assert said.endswith((".", "\u2026"))
    assert text.startswith(said.rstrip("\u2026"))


# --- Tags, previews, sitemap ------------------------------------------------------------------------------------------

FACTS = {"title": "T", "description": "D", "site": "S", "image": "i.png", "url": None, "kind": "article"}


def test_tags_are_escaped_and_leave_out_what_is_unknown():
    evil = '"><script>alert(1)</script>'
    made = social.tags(FACTS | {"title": evil, "description": evil, "described": False})
    assert "<script" not in made
    assert "og:url" not in made
    assert made.count("<meta ") == made.count(">") == made.count("\n")
    assert "og:url" in social.tags(FACTS | {"url": "https://a.b/c", "described": False})
    assert 'name="description"' not in social.tags(FACTS | {"described": True})


def test_a_preview_is_drawn_once(tmp_path):
    path = tmp_path / "previews" / "a.png"
    assert social.preview(path, "Do locks leak?", "Chapter 1", "Canals: a book")
    first = path.read_bytes()
    with Image.open(path) as image:
        assert image.size == social.SIZE
    assert len(first) < 100_000
    assert not social.preview(path, "Do locks leak?", "Chapter 1", "Canals: a book")
    assert social.preview(path, "Do weirs leak?", "Chapter 1", "Canals: a book")
    assert path.read_bytes() != first
    path.write_bytes(first[:100])
    assert social.preview(path, "Do locks leak?", "Chapter 1", "Canals: a book")
    assert path.read_bytes() == first


@pytest.mark.parametrize("heading", ["word " * 200, "x" * 300, ""])
def test_a_preview_holds_any_title(tmp_path, heading):
    assert social.preview(tmp_path / "a.png", heading, "", "Canals")


def test_a_sitemap_is_xml():
    made = social.sitemap({"https://a.b/?x=1&y=<2>": "2026-01-02", "https://a.b/c": None})
    tree = etree.fromstring(made.encode())
    assert [part[0].text for part in tree] == ["https://a.b/?x=1&y=<2>", "https://a.b/c"]
    assert [len(part) for part in tree] == [2, 1]


def test_last_changes_come_from_full_histories_only(book):
    assert social.last_changes(book) == {}
    _git(book, "init", "-q")
    _git(book, "add", ".")
    _git(book, "commit", "-qm", "Locks")
    assert date.fromisoformat(social.last_changes(book)["data/note.yml"])
    _git(book, "clone", "-q", "--depth", "1", f"file://{book}", str(book / "shallow"))
    assert social.last_changes(book / "shallow") == {}


# --- Citations --------------------------------------------------------------------------------------------------------


def _work(folder, **changed):
    (folder / "CITATION.cff").write_text(yaml.safe_dump(CITED | changed), encoding="utf-8")
    return social.work(SimpleNamespace(srcdir=folder))


def test_citations_agree_with_the_file(tmp_path):
    work = _work(tmp_path)
    said = "".join(text for text, _ in social.sentence(work, "chapter", "Do locks leak?", 3, "https://a.b/3.html"))
    assert said.startswith(f"{CITED['authors'][0]['name']} ({work['year']}). Do locks leak? In {CITED['title']} (")
    assert said.endswith(f"(Version {CITED['version']}, chapter 3). https://a.b/3.html")
    assert "leak. In" in "".join(text for text, _ in social.sentence(work, "chapter", "Locks leak", 3))


def test_people_and_groups_are_cited_apart(tmp_path):
    people = [{"family-names": "Orlen", "given-names": "J."}, {"name": "Dredgers & Sons"}]
    work = _work(tmp_path, authors=people)
    assert social.sentence(work, "book")[0][0].startswith("Orlen, J.; Dredgers & Sons (")
    assert r"author = {Orlen, J. and {Dredgers \& Sons}}" in social.bibtex(work, "book")


def test_bibtex_can_be_read(tmp_path):
    from pybtex.database import parse_string

    work = _work(tmp_path)
    title = 'Is 50 % of {x}_1 & "y" enough, 1992\u20132030?'
    for kind, name in (("book", None), ("data", "Tables"), ("chapter", title)):
        held = parse_string(social.bibtex(work, kind, name, 3, "https://a.b/c_d"), "bibtex").entries
        (entry,) = held.values()
        assert entry.fields["year"] == work["year"]
        assert entry.fields["url"] == "https://a.b/c_d"
    assert entry.fields["chapter"] == "3"
    assert r"50 \% of \{x\}\_1 \& " in entry.fields["title"]


def test_the_box_is_escaped(tmp_path):
    evil = "</pre><script>alert(1)</script>"
    made = social.cite_box(_work(tmp_path, authors=[{"name": evil}], title=evil), evil, 1, f"https://a.b/{evil}")
    assert "<script" not in made
    assert made.count("</pre>") == 1


def test_a_citation_file_without_authors_stops_the_build(tmp_path):
    with pytest.raises(ExtensionError, match=r"CITATION\.cff is missing"):
        social.work(SimpleNamespace(srcdir=tmp_path))
    (tmp_path / "CITATION.cff").write_text("title: x\nversion: 1\ndate-released: 2026-01-01\n", encoding="utf-8")
    with pytest.raises(ExtensionError, match="authors"):
        social.work(SimpleNamespace(srcdir=tmp_path))


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
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert {str(CITED["version"]), package["version"], manyvectors.__version__} == {project["version"]}
    assert CITED["title"] == config["title"]
    assert CITED["authors"][0]["name"] == config["author"]
    prose = (ROOT / "book" / "how-to-cite.md").read_text(encoding="utf-8")
    assert project["version"] not in prose, "the page computes its citations"


# --- The tests themselves ---------------------------------------------------------------------------------------------


def test_what_is_absent_fails_in_continuous_integration(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no browser"):
        browsing.absent("no browser")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no browser"):
        browsing.absent("no browser")
