"""The glossary's entries, links to them, and the references: what the book's own text holds."""

import csv
import re
from pathlib import Path

import nbformat
import pytest

from manyvectors.site import glossary

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


TERM = r"(?:, )?\{%s\}`([^`]+)`"
LAST_LINE = re.compile(r"(?:Russian: (?P<ru>\{ru\}.+?))?(?: · (?=Kazakh))?(?:Kazakh: (?P<kk>\{kk\}.+))?")
MARKS = " ,-—()«»0123456789"
# Words that the book also uses in their everyday sense, too often for a link to help.
EVERYDAY = {"d", "document", "leaning", "open", "phrase", "power", "share", "shared", "term", "topic"}
# A chapter's first use is not the term's: what the word means there.
NOT_THE_TERM = {
    ("02", "hit"): "misprints strike a word",
    ("02", "mention"): "Kazakhstan is named by itself",
    ("02", "multi-vector foreign policy"): "a pattern, quoted letter by letter",
    ("03", "sovereignty"): "a word to be counted, quoted",
    ("04", "mention"): "to speak of climate change",
    ("04", "replication"): "the box before the text names the kind of report, the text explains it",
    ("06", "vector"): "word vectors are another thing",
    ("11", "expected count"): "to count is a verb there",
    ("11", "alignment"): "the exercise comes back to what the chapter has explained",
    ("12", "resolution"): "an act of the Government, not of the Assembly",
    ("19", "alignment"): "states, not texts, are aligned",
    ("20", "coding"): "votes are coded, not sentences",
    ("23", "coding"): "votes and editions are coded, not sentences",
}
# No DOI or address was found for these on a public page.
NO_ADDRESS = {
    "cochran1977",
    "bateman1948",
    "mohr2013",
    "kz_decree741_2014",
    "kz_security1998",
    "kz_decree922_2010",
    "kz_decree922_2012",
    "kz_resolution305_2010",
    "kz_decree636_2018",
    "kz_resolution621_2018",
    "kz_order83_2021",
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


def translations(paragraphs):
    """Return the Russian and the Kazakh terms of an entry; its last paragraph holds them, if any does."""
    line = LAST_LINE.fullmatch(paragraphs[-1]) if len(paragraphs) > 1 else None
    return {code: re.findall(TERM % code, (line and line[code]) or "") for code in ("ru", "kk")}


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


# --- Links at first use ----------------------------------------------------------------------------------------------

HIDDEN = re.compile(
    r"(?ms:^```\{(?:code-cell|quiz|explore)\}.*?^```)|(?ms:^```(?!\{)[^\n]*\n.*?^```$)"
    r"|(?m:^(?:`{3,}|:{3,}).*$)|(?m:^:[\w-]+:.*$)|(?m:^#.*$)|\{[\w:-]+\}`[^`]*`|`[^`\n]*`|\]\([^)]*\)|\$[^$\n]*\$|<[^>\n]+>"
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


def test_the_cover_links_its_terms_at_first_use():
    prose = (ROOT / "book/cover.md").read_text(encoding="utf-8")
    assert {"multi-vector foreign policy", "pragmatism"} <= {
        FIRST_NAME[(link[1] or link[2]).lower()] for link in LINK.finditer(prose)
    }
    assert not {name: prose[at : at + 40] for name, at in unlinked(prose).items() if name not in EVERYDAY}


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
        ("```{explore} words#term=peace\nTry it\n```\n\nA verdict.\n\n```{quiz} q\n```", ["verdict"]),
    ],
)
def test_a_first_use_without_link_is_found(prose, found):
    assert list(unlinked(prose)) == found


# --- References ------------------------------------------------------------------------------------------------------


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


def sources(path):
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    told = [row[field] for row in rows for field in row if field.endswith("source") and row[field]]
    return {key for keys in told for key in keys.split(";")}


def test_each_reference_is_cited_on_a_page():
    pages = [prose_of(path) for path in NOTEBOOKS] + [path.read_text("utf-8") for path in BOOK.glob("*.md")]
    # The timeline cites what its tables give as their sources.
    tables = [name for page in pages if "{timeline}" in page for name in ("people", "timeline")]
    pages += [f"{{cite}}`{key}`" for name in tables for key in sources(BOOK.parent / f"data/kazakhstan/{name}.csv")]
    cited = ",".join(keys for page in pages for keys in re.findall(r"\{cite:?\w*\}`([^`]+)`", page))
    assert {key.strip() for key in cited.split(",")} == set(REFERENCES)


def test_each_reference_has_its_parts():
    for key, fields in REFERENCES.items():
        assert fields.get("author") and fields.get("title"), key
        # What biblatex and Zotero take for a year; letters and "n.d." come from manyvectors.site.references.
        assert re.fullmatch(r"1[89]\d\d|20[012]\d", fields.get("year", "2000")), f"{key}: year {fields['year']!r}"
        assert {"year", "url"} & set(fields), f"{key}: neither a year nor an address"
        assert re.fullmatch(r"10\.\d{4,9}/\S+", fields.get("doi", "10.1234/x")), f"{key}: DOI"
        assert re.fullmatch(r"https?://\S+", fields.get("url", "http://x")), f"{key}: address"


def test_who_has_no_doi_or_address_is_known():
    assert {key for key, fields in REFERENCES.items() if not {"doi", "url"} & set(fields)} == NO_ADDRESS


def test_no_doi_stands_twice():
    dois = [fields["doi"].lower() for fields in REFERENCES.values() if "doi" in fields]
    assert len(dois) == len(set(dois))
