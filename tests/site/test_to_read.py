"""How long each page takes to read: what is counted, in a small book, and on every page of the built one."""

import re

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from building import ROOT, build, figure, markdown, shown, try_build, write_book
from hypothesis import given
from hypothesis import strategies as st

from manyvectors.site import minutes

TIME = ":::{admonition} What you will learn\n- locks.\n\n**Time:** {minutes}`reading`.\n:::\n"
DRIPS = "It drips. "
FOLDED = "```{raw} html\n<details><summary>Each</summary>\n```\n\n%s\n\n```{raw} html\n</details>\n```\n"
LIST = "# What is here?\n\n```{chapters}\n```\n"
SAID = re.compile(r"[Aa]bout (\d+) minutes?")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A book with a chapter, a page of prose, a list, and a page that can be done."""
    options = f"   - [x] {DRIPS * 900}\n     - So it is.\n   - [ ] No.\n     - They do.\n"
    quiz = f"```{{quiz}} quiz-weirs\n1. Do they leak?\n{options}```\n"
    cells = [
        markdown(f"# How do weirs leak?\n\n{TIME}\n{DRIPS * 390}"),
        shown(1, text__plain="seen"),
        shown(2, {"tags": ["remove-input"]}, text__plain="hidden"),
        figure(3, "fig-weir", "year,n\n1900,1\n"),
        markdown(quiz),
        markdown(f"## Exercises\n\n{DRIPS * 400}"),
        shown(4, text__plain="solved"),
    ]
    pages = {
        "index": "# A cover\n\nText.",
        "01_weirs": cells,
        "prose": f"# How wide?\n\n## One\n\n{DRIPS * 300}\n\n## Two\n\n{FOLDED % (DRIPS * 400)}",
        "front": f"# Rivers\n\n:::{{container}} mv-lead\nTold anew\n:::\n\n{DRIPS * 100}",
        "list": LIST,
        "doing": f"# Can I?\n\n**Time to do it:** about 30 minutes.\n\n{DRIPS * 100}",
    }
    return build(write_book(tmp_path_factory.mktemp("reading"), pages))


def article(folder, name):
    """Return the article of a page."""
    return BeautifulSoup((folder / f"{name}.html").read_text(encoding="utf-8"), "lxml").select_one("article")


def test_a_chapter_says_its_minutes_in_its_box_and_nowhere_else(small):
    # 780 words, a cell, a figure: quiz and exercises are apart.
    chapter = article(small, "01_weirs")
    assert chapter.select_one(".admonition .mv-reading").get_text() == "about 7 minutes"
    assert not chapter.select(".mv-to-read")


def test_a_page_without_a_box_has_one_line_under_its_title(small):
    (line,) = article(small, "prose").select(".mv-to-read")
    assert line.get_text() == "About 3 minutes to read"  # what is folded is apart
    assert line.find_previous_sibling().name == "h1"
    assert article(small, "front").select_one(".mv-lead + .mv-to-read")


def test_a_list_has_none_and_what_is_done_is_told_apart(small):
    assert not article(small, "list").select(".mv-to-read, .mv-reading")
    assert not article(small, "index").select(".mv-to-read")
    doing = article(small, "doing")
    assert doing.select_one(".mv-to-read").get_text() == "About 1 minute to read"
    assert "Time to do it: about 30 minutes." in doing.get_text()


def test_an_unknown_word_in_the_role_stops_the_build(tmp_path):
    done = try_build(write_book(tmp_path, {"index": "# A cover\n\nIt takes {minutes}`long`."}))
    assert done.returncode and "minutes: there is no 'long'; write {minutes}`reading`" in done.stdout + done.stderr


@given(words=st.integers(0, 900), cells=st.integers(0, 5), figures=st.integers(0, 5), hidden=st.integers(0, 3))
def test_a_notebook_takes_its_words_cells_and_figures(tmp_path_factory, words, cells, figures, hidden):
    path = tmp_path_factory.mktemp("held") / "chapter.ipynb"
    plain = nbformat.v4.new_code_cell
    made = [markdown("# Why\n\n" + "{term}`drip <leak>` " * words), *(plain("1") for _ in range(cells))]
    made += [plain("1", metadata={"tags": ["hide-input"]}) for _ in range(hidden)]
    made += [plain("1", metadata={"mystnb": {"figure": {}}}) for _ in range(figures)]
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)
    assert minutes.of_file(path) == pytest.approx((words + 1) / 200 + cells + 2 * figures)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It leaks, as {cite:t}`orlen1900` says.", 5),
        ("See {doc}`01 </notebooks/01_weirs>` and {doc}`weirs`; of {glue:text}`n_all`, {glue:text}`x.ipynb::n:s`.", 7),
        ("A [gate](https://example.org/a/long/way) in 1,234 of 0.5–0.7 cases; it's well-known.", 10),
        ("(weirs)=\n## Two\n\n```{figure} a.png\n:name: fig-a\nIt drips.\n```\n", 4),
    ],
)
def test_words_are_counted_as_they_are_read(tmp_path, text, words):
    path = tmp_path / "page.md"
    path.write_text(text, encoding="utf-8")
    assert minutes.of_file(path) * minutes.WORDS == pytest.approx(words)


# --- The built book ---------------------------------------------------------------------------------------------------

TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
PAGES = [TOC["root"], *(page["file"] for part in TOC["parts"] for page in part["chapters"])]
UNREAD = "script, style, svg, noscript, form, button, select, details, pre, .exercise, .solution, .citation"
LISTS = {"book/contents"}  # pages that list others


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_the_book_says_how_long_it_takes(soup, name):
    page = soup(f"{name}.html").select_one("article")
    said = [place.get_text() for place in page.select(".mv-to-read, .admonition .mv-reading")]
    if name in LISTS:
        assert not said
        return
    (line,) = said
    if name.startswith("notebooks/"):
        assert int(SAID.fullmatch(line)[1]) <= 25
        return
    for apart in page.select(UNREAD):
        apart.decompose()
    words = len(re.findall(r"[^\W_]+(?:['’.,-][^\W_]+)*", page.get_text(" ")))
    figures = len(page.select("figure.mv-map, figure.mv-fan, figure.mv-timeline, figure[id]"))
    assert int(SAID.match(line)[1]) <= words / 200 + 2 * figures + 1.5
