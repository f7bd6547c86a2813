"""A book in a language that nobody speaks: every sentence can be translated, and no page loses a number."""

import re
import shlex
import shutil
from pathlib import Path

import nbformat
import pytest
from babel.messages import pofile
from bs4 import BeautifulSoup
from building import ROOT, figure, markdown, run, shown, write_book

from manyvectors.site import translations

PROSE = """# How many locks?

**Time:** {minutes}`reading`.

There are {glue:text}`n_locks` locks and {glue:text}`n_weirs` weirs, {glue:text}`n_locks` in all; see {term}`lock`.

## In short

- Of {glue:text}`n_locks` locks *none* leaks {cite}`orlen1900`.

| river | locks |
|---|---|
| Ob | {glue:text}`n_locks` |
"""
GLOSSARY = """# Words

There are {glue:text}`notebooks/01_locks.ipynb::n_locks:s` locks in {doc}`the chapter <notebooks/01_locks>`.

```{glossary}
lock
  A gate for boats. Not {term}`leaking <lock>`.
```

```{bibliography}
```
"""


EXPLORERS = "states", "votes", "words"


def _glued(number, **values):
    """Return a cell that has glued numbers."""
    cell = nbformat.v4.new_code_cell("glue", execution_count=number)
    for name, value in values.items():
        scrap = {"scrapbook": {"name": name, "mime_prefix": "application/papermill.record/"}}
        data = {"application/papermill.record/text/plain": value}
        cell.outputs.append(nbformat.v4.new_output("display_data", data, metadata=scrap))
    return cell


def sphinx(book, kind, out, *options, strict=True):
    """Build a book with Sphinx alone, by the conf.py that Jupyter Book writes; return the folder of what it read."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(STRICT)", "-n -W --keep-going")
    reading = shlex.split(re.search(r"^READING := (.*)$", makefile, re.MULTILINE)[1])
    if not strict:
        reading = [one for one in reading if one not in ("-n", "-W")]
    done = run("sphinx-build", "-b", kind, *reading, "-d", f"{out}-read", *options, str(book), str(out))
    assert done.returncode == 0, done.stdout + done.stderr
    return Path(f"{out}-read")


def configure(book):
    """Let Jupyter Book write conf.py into a book."""
    assert run("jupyter-book", "config", "sphinx", str(book)).returncode == 0
    assert (book / "conf.py").is_file()
    return book


def catalogues(book, out, **how):
    """Make the templates of a book and its catalogues in the made-up language; return the folder of what was read."""
    read = sphinx(book, "gettext", out / "gettext", **how)
    translations.write_template(out / "gettext", book)
    assert translations.write_pseudo(out / "gettext", out / "locale")
    return read


def in_pseudo(out):
    return ("-D", f"language={translations.LANGUAGE}", "-D", f"locale_dirs={out / 'locale'}")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small book with numbers in prose, list, table and another page, and what was read of it in two languages."""
    out = tmp_path_factory.mktemp("pseudo")
    chapter = [
        _glued(1, n_locks="12", n_weirs="'three'"),
        markdown(PROSE),
        figure(2, "fig-locks", "river,locks\nOb,12\n", caption="Twelve locks rose. Grade A."),
        shown(3, text__markdown="Found: 12 locks, [see](01_locks.html)."),
        markdown("```{exercise}\n:label: ex-locks\nCount {glue:text}`n_weirs` weirs.\n```\n"),
    ]
    fan = "```{speech-fan}\nEach arrow is one *speech*.\n```\n"
    asked = {f"book/ask-{what}": f"# Ask\n\n```{{explorer}} {what}\n```\n" for what in EXPLORERS}
    pages = {"cover": f"# Rivers\n\nA book.\n\n{fan}", "notebooks/01_locks": chapter, "words": GLOSSARY} | asked
    book = configure(write_book(out / "book", pages))
    return book, out, catalogues(book, out)


def test_catalogues_hold_the_prose_with_its_roles_and_not_what_cells_put_out(small):
    _, out, _ = small
    with (out / "gettext" / "notebooks" / "01_locks.pot").open("rb") as source:
        said = [message.id for message in pofile.read_po(source) if message.id]
    whole = "There are {glue:text}`n_locks` locks and {glue:text}`n_weirs` weirs, {glue:text}`n_locks` in all; "
    assert any(text.startswith(whole) and "{term}`lock`" in text for text in said)
    assert {"How many locks?", "Twelve locks rose. Grade A.", "A line.", "river"} <= set(said)
    assert not [text for text in said if text.startswith("Found")]


def test_a_translated_book_is_sound_and_keeps_every_number(small):
    book, out, read = small
    there = sphinx(book, "html", out / "html", *in_pseudo(out))
    before, after = translations.glued(read), translations.glued(there)
    assert before == after and not translations.lost(before, after)
    assert before["notebooks/01_locks"] == {"12": 4, "three": 2}
    assert before["words"] == {"notebooks/01_locks::n_locks": 1}
    page = BeautifulSoup((out / "html" / "notebooks" / "01_locks.html").read_text("utf-8"), "lxml")
    assert page.html["lang"] == "en-XA"
    text = " ".join(page.article.get_text().split()) if page.article else page.get_text()
    assert "⟦There are 12 locks and three weirs, 12 in all; see lock.⟧" in text
    assert "⟦Time: ⟦about 4 minutes⟧.⟧" in text  # two cells and a figure
    assert page.select_one("figure img, .mv-picture img")["alt"] == "⟦A line.⟧"
    assert page.select_one("[aria-label='⟦Chapters of the book⟧']") and not page.select(
        "[aria-label='Search the book']"
    )
    assert "⟦Exercise⟧ 1" in text
    cover = BeautifulSoup((out / "html" / "cover.html").read_text("utf-8"), "lxml").select_one("figure.mv-fan")
    assert cover.figcaption.get_text().strip() == "⟦Each arrow is one speech.⟧" and cover.svg["aria-label"][0] == "⟦"
    words = (out / "html" / "words.html").read_text("utf-8")
    assert "There are 12 locks in" in BeautifulSoup(words, "lxml").get_text()


@pytest.mark.parametrize("what", EXPLORERS)
def test_an_explorer_speaks_the_language_of_the_book(small, what):
    """Whatever stands in an explorer before a script fills it, what is said without scripts and the labels too."""
    _, out, _ = small
    page = BeautifulSoup((out / "html" / "book" / f"ask-{what}.html").read_text("utf-8"), "lxml")
    root = page.select_one("#explorer")
    said = [text.strip() for text in root.find_all(string=re.compile(r"[^\W\d_]"))]
    named = [one[name] for name in ("aria-label", "title", "alt", "placeholder") for one in root.select(f"[{name}]")]
    assert len(said) > 10 and len(named) > 3
    assert [text for text in said + named if text[0] + text[-1] != "⟦⟧"] == []


def test_a_number_that_a_translator_left_out_is_found(small, tmp_path):
    book, out, read = small
    shutil.copytree(out / "locale", tmp_path / "locale", ignore=shutil.ignore_patterns("*.mo"))
    path = tmp_path / "locale" / translations.LANGUAGE / "LC_MESSAGES" / "notebooks" / "01_locks.po"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("⟦Of {glue:text}`n_locks` locks", "⟦Of twelve locks"), encoding="utf-8")
    there = sphinx(book, "dummy", tmp_path / "dummy", *in_pseudo(tmp_path))
    said = translations.lost(translations.glued(read), translations.glued(there))
    assert said == ["notebooks/01_locks: 6 numbers, translated 5; lost ['12'], new []"]


def test_a_number_that_no_cell_made_is_a_warning_in_a_translation_too(small, tmp_path):
    book, out, _ = small
    shutil.copytree(out / "locale", tmp_path / "locale", ignore=shutil.ignore_patterns("*.mo"))
    path = tmp_path / "locale" / translations.LANGUAGE / "LC_MESSAGES" / "notebooks" / "01_locks.po"
    path.write_text(path.read_text("utf-8").replace("⟦Of {glue:text}`n_locks`", "⟦Of {glue:text}`n_lochs`"), "utf-8")
    with pytest.raises(AssertionError, match="n_lochs"):
        sphinx(book, "dummy", tmp_path / "dummy", *in_pseudo(tmp_path))


FULLEST = 1  # chapter, the one with most numbers; `make pseudo` does all


def test_the_fullest_chapters_keep_their_numbers(notebooks, tmp_path):
    roles = {path: path.read_text(encoding="utf-8").count("{glue:text}") for path in notebooks}
    # An explorer beside a figure is a page that this book has not.
    alone = [path for path in notebooks if "{explore}" not in path.read_text(encoding="utf-8")]
    chosen = sorted(alone, key=lambda path: (-roles[path], path.name))[:FULLEST]
    pages = {"cover": "# Chapters\n"} | {path.stem: nbformat.read(path, 4).cells for path in chosen}
    book = configure(write_book(tmp_path / "book", pages))
    read = catalogues(book, tmp_path, strict=False)  # links to the other pages lead nowhere here
    there = sphinx(book, "dummy", tmp_path / "dummy", *in_pseudo(tmp_path), strict=False)
    before = translations.glued(read)
    assert translations.lost(before, translations.glued(there)) == []
    assert {path.stem: before[path.stem].total() for path in chosen} == {path.stem: roles[path] for path in chosen}


def test_two_templates_of_one_book_are_the_same(tmp_path):
    one, other = (translations.write_template(tmp_path / name, ROOT).read_bytes() for name in ("one", "other"))
    assert one == other
    with (tmp_path / "one" / "manyvectors.pot").open("rb") as source:
        contexts = [message.context for message in pofile.read_po(source) if message.id]
    kinds = {context.partition(".")[0] for context in contexts}
    assert {"finding.silence.head", "finding.chart", "pool.all states", "issue.nu"} <= set(contexts)
    assert {"ledger", "claim", "finding", "rejudged", "theme", "figure", "grade"} <= kinds
