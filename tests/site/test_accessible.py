"""What is done to a page for those who cannot see it or use a mouse."""

from types import SimpleNamespace

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.utils import new_document

from manyvectors import study
from manyvectors.site import accessible

LANGUAGES = {
    "en": {"name": "English", "script": "", "letters": ""},
    "ru": {"name": "Russian", "script": "Cyrillic", "letters": ""},
    "kk": {"name": "Kazakh", "script": "Cyrillic", "letters": "әғқңөұүһі"},
}
BUILDER = SimpleNamespace(get_relative_uri=lambda page, other: f"{other}.html")
APP = SimpleNamespace(env=SimpleNamespace(found_docs={"sheet/datasheet", "page"}), builder=BUILDER, srcdir=".")


def document(*parts):
    """Return a document tree."""
    made = new_document("page")
    made += nodes.section("", *parts)
    return made


def mended(text, depth=1):
    """Return HTML as the page holds it after mending."""
    tree = BeautifulSoup(text, "html.parser")
    accessible.mend_tables(tree)
    accessible.step_headings(tree, depth)
    return str(tree)


def test_tables_get_directions_and_no_empty_headers():
    done = mended(
        '<style scoped>th {}</style><table border="1" class="dataframe"><thead><tr style="text-align: right;"><th></th>'
        '<th>low</th><th colspan="2">a &amp; b</th></tr></thead><tbody><tr><th rowspan="2">x</th></tr></tbody></table>'
    )
    assert done.startswith('<table class="dataframe"><thead><tr><td></td><th scope="col">low</th>')
    assert '<th colspan="2" scope="colgroup">a &amp; b</th>' in done
    assert '<th rowspan="2" scope="rowgroup">x</th>' in done


def test_every_table_gets_a_named_box():
    table = nodes.table(
        "", nodes.tgroup("", nodes.thead("", nodes.row("", nodes.entry("", nodes.paragraph(text="who")))), cols=1)
    )
    raw = nodes.raw("", "<table><tr><th>low</th></tr></table>", format="html")
    accessible.box(APP, document(table, raw), "page")
    assert table["label"] == "Table 1 on this page: who"
    box = BeautifulSoup(raw.astext(), "html.parser").div
    assert (box["class"], box["data-label"]) == (["mv-scroll", "mv-table"], "Table 2 on this page: low")


def test_columns_of_words_stand_to_the_left():
    """Numbers line up on the right; a row whose name spans several rows shifts nothing."""
    frame = pd.DataFrame(
        {"words": ["new, world", "council"], "points": ["+10 (+8 to +13)", "0 (−1 to 1)"], "n": [1, 2], "kept": True},
        index=pd.MultiIndex.from_tuples([("one", 1), ("one", 2)]),
    )
    raw = nodes.raw("", frame.to_html(), format="html")
    accessible.box(APP, document(raw), "page")
    marked = BeautifulSoup(raw.astext(), "html.parser").select("td.mv-words")
    assert [cell.get_text() for cell in marked] == ["new, world", "council"]


def test_dates_and_intervals_are_not_broken_and_sentences_get_room():
    cells = ["2010-02-01", "2014–2019", "+10 (+8 to +13)", "by 2013", "", "two words", "1 " * 20, "word " * 20]
    raw = nodes.raw("", f"<table><tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr></table>", format="html")
    document = nodes.section("", raw)
    accessible.box(None, document, "page")
    kinds = [set(cell.get("class", ())) for cell in BeautifulSoup(raw.astext(), "html.parser").select("td")]
    assert [kind & {"mv-whole", "mv-long"} for kind in kinds] == [{"mv-whole"}] * 4 + [set(), set(), set(), {"mv-long"}]


def test_grades_are_marked_in_captions_and_lines_of_evidence_only():
    caption = nodes.caption("", "A finding. Grade C; B for full bars. D is a letter.")
    evidence = nodes.paragraph("", "", nodes.strong(text="Evidence:"), nodes.Text(" grades A, B and C."))
    page = document(nodes.paragraph(text="Grade A stays."), nodes.figure("", caption), evidence)
    accessible.mark_grades(APP, page, "page")
    found = list(page.findall(accessible.grade))
    assert [node["grade"] for node in found] == ["C", "B", "A", "B", "C"]
    assert found[0].astext() == "Grade C"
    assert found[0]["refuri"] == "sheet/datasheet.html#grade-c"
    said = page[-1].astext()
    assert all(
        f'<span id="mv-grade-{letter.lower()}">Grade {letter}: {study.GRADES[letter]}.' in said for letter in "ABC"
    )
    assert "mv-grade-d" not in said
    assert caption.astext() == "A finding. Grade C; B for full bars. D is a letter."


@pytest.mark.parametrize(
    ("levels", "depth", "expected"),
    [([1, 2, 3, 2], 0, [1, 2, 3, 2]), ([1, 3, 3, 4], 0, [1, 2, 2, 3]), ([3, 3], 1, [2, 2]), ([1, 4, 2], 2, [3, 4, 4])],
)
def test_headings_skip_no_level(levels, depth, expected):
    done = BeautifulSoup(mended("".join(f'<h{n} id="x">t</h{n}><hr/>' for n in levels), depth), "html.parser")
    assert [tag.name for tag in done.select("[id=x]")] == [f"h{n}" for n in expected]


def test_words_in_other_letters_are_in_the_language_that_has_them():
    said = accessible.spoken("Doctrine (экономизация; сыртқы саясат) ends", LANGUAGES)
    assert said == [
        ("Doctrine (", None),
        ("экономизация", "ru"),
        ("; ", None),
        ("сыртқы саясат", "kk"),
        (") ends", None),
    ]
    assert accessible.spoken("plain", LANGUAGES) == [("plain", None)]
    assert accessible.spoken("слово", {}) == [("слово", None)]


def test_words_in_other_languages_are_marked_once(monkeypatch):
    monkeypatch.setattr(accessible, "the_study", lambda: SimpleNamespace(languages=LANGUAGES))
    marked = nodes.inline("", "слово", classes=["language-ru"])
    raw = nodes.raw("", '<p>слово <i lang="kk">бас</i></p><pre>код</pre>', format="html")
    page = document(nodes.paragraph("", "", nodes.Text("a слово"), marked, nodes.literal(text="код")), raw)
    for _ in range(2):
        accessible.mark_languages(APP, page, "page")
        accessible.mend_markup(APP, page, "page")
    found = [node.astext() for node in page.findall(nodes.inline) if "language-ru" in node["classes"]]
    assert found == ["слово", "слово"]
    assert raw.astext() == '<p><span lang="ru">слово</span> <i lang="kk">бас</i></p><pre>код</pre>'


# --- Tables on a phone ------------------------------------------------------------------------------------------------


def boxed(frame):
    """Return the table of a DataFrame as a page holds it."""
    raw = nodes.raw("", frame.to_html(), format="html")
    made = document(raw)
    accessible.mend_markup(APP, made, "page")
    accessible.box(APP, made, "page")
    return BeautifulSoup(raw.astext(), "html.parser").table


def test_a_table_that_a_phone_would_cut_is_dealt_as_cards(monkeypatch):
    monkeypatch.setattr(accessible, "the_study", lambda: SimpleNamespace(languages=LANGUAGES))
    wide = pd.DataFrame({f"how_much_of_{n}": [0.25, 0.5] for n in range(5)}, index=["lock", "weir"]).rename_axis("what")
    table = boxed(wide)
    assert "mv-cards" in table["class"]
    assert [cell["data-name"] for cell in table.select("tbody tr")[1].select("th, td")] == ["what", *wide.columns]
    assert "mv-cards" not in boxed(wide.iloc[:, :2])["class"]  # a phone shows it whole
    many = pd.concat([wide] * accessible.CARDS).reset_index(drop=True)
    assert "mv-cards" not in boxed(many)["class"]  # nobody reads so many; it scrolls
    said = many.assign(why="A sentence of ours that is rather longer than sixty letters, as notes on a coding are.")
    assert "mv-cards" in boxed(said)["class"]
    spanned = wide.set_index(pd.MultiIndex.from_tuples([("a", 1), ("a", 2)]))
    assert "mv-cards" not in boxed(spanned)["class"]
