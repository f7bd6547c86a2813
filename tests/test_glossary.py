"""The glossary, its links, the index and the references: what the sources hold, and what a reader gets of it."""

import re
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup, SoupStrainer
from docutils import nodes
from manyvectors.web import glossary
from sphinx import addnodes
from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "book"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TERM = r"(?:, )?\{%s\}`([^`]+)`"
LAST_LINE = re.compile(r"(?:Russian: (?P<ru>\{ru\}.+?))?(?: · (?=Kazakh))?(?:Kazakh: (?P<kk>\{kk\}.+))?")
MARKS = " ,-—()«»0123456789"

# Words that the book also uses in their everyday sense, too often for a link to help.
EVERYDAY = {"document", "phrase", "power", "share", "term", "topic"}
# A chapter's first use is not the term's: what the word means there.
NOT_THE_TERM = {
    ("02", "hit"): "misprints strike a word",
    ("02", "mention"): "Kazakhstan is named by itself",
    ("02", "multi-vector foreign policy"): "a pattern, quoted letter by letter",
    ("03", "sovereignty"): "a word to be counted, quoted",
    ("04", "mention"): "to speak of climate change",
    ("04", "replication"): "the box before the text names the kind of report, the text explains it",
    ("05", "vector"): "word vectors are another thing",
    ("07", "principle"): "a task, as the sentence itself says",
    ("10", "alignment"): "the exercise comes back to what the chapter has explained",
    ("14", "alignment"): "states, not texts, are aligned",
    ("15", "coding"): "votes are coded, not sentences",
    ("15", "principle"): "any principle, not one of the Concept's",
    ("16", "coding"): "votes and editions are coded, not sentences",
}
# No DOI or address was found for these on a public page.
NO_ADDRESS = {
    "kz_decree741_2014",
    "hanks2009",
    "nurgaliyeva2016",
    "anceschi2020",
    "weitz2008",
    "dadabaev2019",
    "patnaik2016",
    "hansen2015",
    "medeubaeva2012",
    "nursha2007",
    "kassenova2022",
    "voeten2013",
    "hoffman2010",
    "leeseung2001",
    "bouma2009",
    "rayson2008",
    "grimmer2022",
    "westfall_young1993",
    "devries2018",
    "manning2008",
    "heaps1978",
    "lijphart1963",
    "pennebaker2015",
    "miller1955",
}


def parts(text):
    """Return the entries of the glossary: the names of each, and its paragraphs."""
    found = []
    for block in re.findall(r"^```\{glossary\}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for entry in re.split(r"\n\n(?=\S)", block.strip()):
            lines = entry.split("\n")
            names = [line for line in lines if line and not line.startswith(" ")]
            found.append((names, "\n".join(line.strip() for line in lines[len(names) :]).split("\n\n")))
    return found


ENTRIES = parts((BOOK / "glossary.md").read_text(encoding="utf-8"))
FIRST_NAME = {name.lower(): names[0] for names, _ in ENTRIES for name in names}


def soup(path, only=None):
    """Return a page as parsed HTML, or only the elements of one kind, which is quicker."""
    return BeautifulSoup(
        path.read_text(encoding="utf-8"), "html.parser", parse_only=SoupStrainer(only) if only else None
    )


def translations(paragraphs):
    """Return the Russian and the Kazakh terms of an entry; its last paragraph holds them, if any does."""
    line = LAST_LINE.fullmatch(paragraphs[-1]) if len(paragraphs) > 1 else None
    return {code: re.findall(TERM % code, (line and line[code]) or "") for code in ("ru", "kk")}


# The entries


def test_there_are_enough_terms_and_no_name_twice():
    names = [name.lower() for names, _ in ENTRIES for name in names]
    assert len(ENTRIES) >= 80
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("names", "paragraphs"), ENTRIES, ids=[names[0] for names, _ in ENTRIES])
def test_an_entry_starts_with_one_plain_sentence(names, paragraphs):
    assert len(paragraphs) in (1, 2)
    first = glossary.SENTENCE_END.split(paragraphs[0])[0]
    assert first[0].isupper() or first.startswith(("{term}`", '"'))
    assert first.endswith((".", "?"))
    # A citation that is part of the sentence would leave a hole where citations are left out.
    assert "{cite:t}" not in first
    assert 20 <= len(re.sub(r"\{[^}]*\}`[^`]*`", "", first)) <= 330


@pytest.mark.parametrize(("names", "paragraphs"), [e for e in ENTRIES if len(e[1]) > 1], ids=lambda e: str(e)[:20])
def test_translations_have_one_form_and_right_letters(names, paragraphs):
    assert LAST_LINE.fullmatch(paragraphs[1])
    found = translations(paragraphs)
    assert found["ru"] or found["kk"]
    for code, terms in found.items():
        for term in terms:
            # «Әділет» and the letters p and n of p-value and n-gram stay as they are.
            foreign = set(term.lower().replace("«әділет»", "").replace("p-", "").replace("n-", "").replace("f1", ""))
            assert foreign <= set(glossary.ALPHABETS[code] + MARKS)


def test_at_least_eighty_entries_have_both_languages():
    assert sum(all(translations(paragraphs).values()) for _, paragraphs in ENTRIES) >= 80


def test_kazakh_is_not_russian():
    pairs = [translations(paragraphs) for _, paragraphs in ENTRIES]
    differ = [pair for pair in pairs if all(pair.values()) and pair["ru"] != pair["kk"]]
    assert len(differ) >= 60
    kazakh = "".join(term for pair in differ for term in pair["kk"]).lower()
    assert set("әғқңөұүі") <= set(kazakh)  # no term here has the rare һ


def test_other_scripts_stand_in_their_roles_only():
    for names, paragraphs in ENTRIES:
        outside = re.sub(r"\{(?:ru|kk)\}`[^`]*`", "", " ".join([*names, *paragraphs]))
        assert not re.search(r"[\u0400-\u04ff]", outside)


# Links at first use

HIDDEN = re.compile(
    r"(?ms:^```\{code-cell\}.*?^```)|(?ms:^```(?!\{)[^\n]*\n.*?^```$)|(?m:^(?:`{3,}|:{3,}).*$)|(?m:^:[\w-]+:.*$)"
    r"|(?m:^#.*$)|\{[\w:-]+\}`[^`]*`|`[^`\n]*`|\]\([^)]*\)|\$[^$\n]*\$|<[^>\n]+>"
)
LINK = re.compile(r"\{term\}`(?:[^`<]*<([^>]+)>|([^`]+))`")


def unlinked(prose):
    """Return the terms, by their first name, that a page uses before it links them, with the place of the first use."""
    bare = HIDDEN.sub(lambda hidden: re.sub(r"[^\n]", " ", hidden[0]), prose)
    linked = {}
    for link in LINK.finditer(prose):
        linked.setdefault(FIRST_NAME.get((link[1] or link[2]).lower()), link.start())
    found = {}
    for names, _ in ENTRIES:
        for name in names:
            stem, end = (name[:-1], "(?:y|ies)") if name.endswith("y") else (name, "(?:s|es)?")
            words = r"[\s-]+".join(re.escape(word) for word in stem.split())
            case = 0 if name.isupper() or name in ("Semipalatinsk", "General Debate", "Central Asia") else re.IGNORECASE
            use = re.search(rf"(?<![\w-]){words}{end}(?![\w-])", bare, case)
            if use and use.start() < linked.get(names[0], len(prose)):
                found[names[0]] = min(use.start(), found.get(names[0], len(prose)))
    return found


def prose_of(path):
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_terms_are_linked_at_first_use(path):
    prose = prose_of(path)
    excused = {name for chapter, name in NOT_THE_TERM if chapter == path.stem[:2]}
    missing = {name: prose[max(0, at - 40) : at + 40] for name, at in unlinked(prose).items()}
    assert not {name: text for name, text in missing.items() if name not in EVERYDAY | excused}
    assert excused <= set(missing), "an exception that excuses nothing"


@pytest.mark.parametrize(
    ("prose", "found"),
    [
        ("Verdicts differ.", ["verdict"]),
        ("A {term}`verdict`, and the verdict.", []),
        ("The verdict. Then a {term}`verdict`.", ["verdict"]),
        ("Two {term}`verdicts <verdict>`, one verdict.", []),
        ("# A verdict\n\n`verdict` and ![x](verdict.png) and $verdict$", []),
        ("```{code-cell}\nverdict\n```\n\n```python\nverdict\n```", []),
        ("```{exercise}\n:label: verdict\nWhich verdict?\n```", ["verdict"]),
        ("Great powers met.", ["power", "great power"]),
        ("A cis-verdict; the cis of it", []),
    ],
)
def test_a_first_use_without_link_is_found(prose, found):
    assert list(unlinked(prose)) == found


# The pages as built


def small_book(folder, text):
    """Build a page with a glossary into HTML, with this part alone."""
    (folder / "book" / "web" / "static").mkdir(parents=True)
    (folder / "conf.py").write_text(
        "extensions = ['myst_parser', 'manyvectors.web.glossary']\nhtml_theme = 'basic'\nroot_doc = 'index'\n", "utf-8"
    )
    (folder / "index.md").write_text(text, encoding="utf-8")
    (folder / "notebooks").mkdir()
    (folder / "notebooks" / "07_x.md").write_text("# Which?\n\n## How\n\nA {term}`red line` here.\n", encoding="utf-8")
    return Sphinx(folder, folder, folder / "out", folder / "trees", "html", status=None, warning=None)


SMALL = """# Words

```{toctree}
notebooks/07_x
```

{index}`He <single: Person; in office>` drew a {term}`red line`.

```{glossary}
red line
  A "limit" <script>alert(1)</script> & no more, e.g. a wall [x](y). It is not shown.

  Russian: {ru}`красная линия (КЛ)` · Kazakh: {kk}`қызыл сызық`

other
  See {term}`red line <red line>` for it .
```
"""


def test_a_small_book(tmp_path):
    app = small_book(tmp_path, SMALL)
    app.build()
    page = soup(tmp_path / "out" / "notebooks" / "07_x.html")
    link = page.find("a", href=re.compile("#term-red-line"))
    assert link["title"] == "A “limit” <script>alert(1)</script> & no more, e.g. a wall x."
    assert not page.find("script", string="alert(1)")
    assert page.find("script", src=re.compile("glossary.js"))
    home = soup(tmp_path / "out" / "index.html")
    assert [(word["lang"], word.text) for word in home.select("dd span[lang]")] == [
        ("ru", "красная линия (КЛ)"),
        ("kk", "қызыл сызық"),
    ]
    index = soup(tmp_path / "out" / "genindex.html")
    rows = [" ".join(row.text.split()) for row in index.select(".index-entries li")]
    assert "red line: index, chapter 7" in rows
    assert "in office: index" in rows
    assert [head.text for head in index.select("h2")][-2:] == ["Russian", "Kazakh"]
    assert {row.text for row in index.select("[lang=ru]")} == {"красная линия", "КЛ"}

    # A changed sentence reaches the pages that show it, though these have not changed themselves.
    (tmp_path / "index.md").write_text(SMALL.replace('A "limit"', "An end"), encoding="utf-8")
    Sphinx(tmp_path, tmp_path, tmp_path / "out", tmp_path / "trees", "html", status=None, warning=None).build()
    assert 'title="An end ' in (tmp_path / "out" / "notebooks" / "07_x.html").read_text("utf-8")


def test_citations_leave_no_hole():
    cited = addnodes.pending_xref("", nodes.inline("", "key1900"), refdomain="cite")
    paragraph = nodes.paragraph("", "", nodes.Text("Twice as\nmuch "), cited, nodes.Text(": more. And so on."))
    assert glossary.first_sentence(paragraph) == "Twice as much: more."
    assert cited.parent is paragraph


def test_letters_of_kazakh_stand_where_kazakhs_look_for_them():
    words = ["якорь", "әлем", "бас", "адам", "өкіл", "орта", "һ", "ұлы"]
    ordered = sorted(words, key=lambda word: glossary._alphabetical("kk", word))
    assert ordered == ["адам", "әлем", "бас", "орта", "өкіл", "ұлы", "һ", "якорь"]


@pytest.fixture(scope="module")
def meanings(site):
    page = soup(site / "book" / "glossary.html")
    return {term["id"]: term for term in page.select("dl.glossary dt[id]")}


def test_every_link_to_a_term_says_what_it_means(site, meanings):
    links = 0
    for path in [*site.glob("notebooks/*.html"), *site.glob("book/*.html")]:
        for link in soup(path, "a").select('a.internal[href*="#term-"]'):
            if not link.find(class_="std-term"):
                continue
            links += 1
            definition = meanings[link["href"].partition("#")[2]].find_next("dd").p.get_text()
            plain = re.sub(r"\W+", " ", link["title"])
            assert re.sub(r"\W+", " ", definition).startswith(plain[:15])
            assert link["title"].endswith((".", "?"))
            assert not re.search(r"[`{}]|\[\w", link["title"])
    assert links > 300


def test_index_leads_to_places_that_exist(site):
    index = soup(site / "genindex.html")
    pages, entries = {}, index.select(".index-entries a")
    for link in entries:
        name, _, place = link["href"].partition("#")
        if name not in pages:
            pages[name] = set(re.findall(r'\bid="([^"]+)"', (site / name).read_text(encoding="utf-8")))
        assert place in pages[name]
    names = [span.text for span in index.select(".index-entries > li > span")]
    sought = {"Tokayev, Kassym-Jomart", "bootstrap", "World Factbook", "многовекторность", "көпвекторлылық", "ШЫҰ"}
    assert sought <= set(names)
    assert len({(s.text, s.get("lang")) for s in index.select(".index-entries > li > span")}) == len(names)
    assert len(index.select("[lang=ru]")) >= 80 and len(index.select("[lang=kk]")) >= 80
    bootstrap = next(span.parent for span in index.select("li > span") if span.text == "bootstrap")
    assert len(bootstrap.select("a")) >= 3
    assert soup(site / "book" / "glossary.html", "a").select('a[href*="genindex"]')


# In a browser

CHAPTER = "notebooks/15_do_votes_follow_words.html"


@pytest.fixture
def open_chapter(browser, address):
    contexts = []

    def opened(**options):
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.goto(f"{address}/{CHAPTER}")
        page.wait_for_selector("#sense", state="attached")
        return page, page.locator('article a[href*="#term-roll-call"]').first

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_hover_shows_the_sentence_whole_and_readable(open_chapter, width, scheme):
    page, _ = open_chapter(viewport={"width": width, "height": 800}, color_scheme=scheme)
    bubble = page.locator("#sense")
    for link in page.locator('article a.internal[href*="#term-"]:visible').all()[:6]:
        said = link.get_attribute("title")
        link.scroll_into_view_if_needed()
        link.hover()
        assert bubble.inner_text() == said
        box = bubble.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert box["y"] >= 0 and box["y"] + box["height"] <= 800
        assert bubble.evaluate("b => b.scrollWidth <= b.clientWidth && b.scrollHeight <= b.clientHeight")
        page.mouse.move(0, 0)
        bubble.wait_for(state="hidden")
        assert link.get_attribute("title") == said
    link.hover()
    shades = bubble.evaluate("b => [getComputedStyle(b).color, getComputedStyle(b).backgroundColor]")
    assert contrast(*shades) >= 7


def contrast(one, other):
    """Return the contrast ratio of two CSS colours (WCAG 2.2); ValueError for a colour that is not opaque."""
    light = []
    for colour in (one, other):
        red, green, blue, *alpha = (float(part) for part in re.findall(r"[\d.]+", colour))
        if alpha not in ([], [1.0]):
            raise ValueError(f"{colour} is not opaque")
        shares = [c / 255 / 12.92 if c <= 10.31 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
        light.append(0.2126 * shares[0] + 0.7152 * shares[1] + 0.0722 * shares[2])
    return (max(light) + 0.05) / (min(light) + 0.05)


def test_keyboard_shows_and_dismisses(open_chapter):
    page, link = open_chapter()
    bubble, said = page.locator("#sense"), link.get_attribute("title")
    page.keyboard.press("Tab")  # what follows is keyboard focus
    link.focus()
    assert bubble.inner_text() == said
    # The sentence is said once: as the link's description, which is not also its title, and not in its name.
    assert link.get_attribute("aria-describedby") == "sense"
    assert link.get_attribute("title") is None
    assert said not in link.inner_text()
    assert bubble.get_attribute("role") == "tooltip"
    page.keyboard.press("Escape")
    assert bubble.is_hidden()
    assert link.evaluate("a => a === document.activeElement")
    assert (link.get_attribute("title"), link.get_attribute("aria-describedby")) == (said, None)
    page.keyboard.press("Tab")
    link.focus()
    assert bubble.is_visible()
    page.keyboard.press("Shift+Tab")
    assert bubble.is_hidden() or bubble.inner_text() != said


def test_pointer_may_move_onto_the_bubble_and_escape_closes_it(open_chapter):
    page, link = open_chapter()
    bubble = page.locator("#sense")
    link.hover()
    bubble.hover()
    page.wait_for_timeout(400)
    assert bubble.is_visible()
    page.keyboard.press("Escape")
    assert bubble.is_hidden()


def test_a_first_tap_shows_and_a_second_follows(open_chapter):
    page, link = open_chapter(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    said = link.get_attribute("title")
    link.tap()
    assert page.locator("#sense").inner_text() == said
    assert page.url.endswith(CHAPTER)
    link.tap()
    page.wait_for_url("**/glossary.html#term-roll-call")


def test_without_scripts_the_title_serves(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/{CHAPTER}")
    assert len(page.locator('article a[href*="#term-roll-call"]').first.get_attribute("title")) > 20
    context.close()


# References


def references(text):
    """Return the fields of each entry of a BibTeX file; AssertionError for a key that stands twice."""
    found = {}
    for key, body in re.findall(r"^@\w+\{([^,\s]+),\n(.*?)^\}", text, re.MULTILINE | re.DOTALL):
        assert key not in found, f"{key} stands twice"
        found[key] = dict(re.findall(r"(?:^|,)\s*(\w+) = \{(.*?)\}(?=,\s*\w+ = |\s*,?\s*\Z)", body, re.DOTALL))
    return found


BIBLIOGRAPHY = (BOOK / "references.bib").read_text(encoding="utf-8")
REFERENCES = references(BIBLIOGRAPHY)


def test_all_references_are_read():
    assert len(REFERENCES) == len(re.findall(r"^@", BIBLIOGRAPHY, re.MULTILINE)) > 200


def test_each_reference_is_cited_on_a_page():
    pages = [prose_of(path) for path in NOTEBOOKS] + [path.read_text("utf-8") for path in BOOK.glob("*.md")]
    cited = ",".join(keys for page in pages for keys in re.findall(r"\{cite:?\w*\}`([^`]+)`", page))
    assert {key.strip() for key in cited.split(",")} == set(REFERENCES)


def test_each_reference_has_its_parts():
    for key, fields in REFERENCES.items():
        assert fields.get("author") and fields.get("title"), key
        year = fields.get("year", "")
        assert re.fullmatch(r"1[89]\d\d|20[012]\d|n\.d\.", year), f"{key}: year {year!r}"
        if year == "n.d.":
            assert "url" in fields, f"{key}: neither a year nor an address"
        assert re.fullmatch(r"10\.\d{4,9}/\S+", fields.get("doi", "10.1234/x")), f"{key}: DOI"
        assert re.fullmatch(r"https?://\S+", fields.get("url", "http://x")), f"{key}: address"


def test_who_has_no_doi_or_address_is_known():
    assert {key for key, fields in REFERENCES.items() if not {"doi", "url"} & set(fields)} == NO_ADDRESS


def test_no_doi_stands_twice():
    dois = [fields["doi"].lower() for fields in REFERENCES.values() if "doi" in fields]
    assert len(dois) == len(set(dois))


def test_the_page_of_references_lists_all(site):
    page = soup(site / "book" / "references.html")
    assert len(page.select("div.citation, dl.citation > dt")) == len(REFERENCES)
