"""The lab of dictionaries in a real browser: what it counts is what ``rhetoric.Dictionary`` counts."""

import re
from urllib.parse import quote

import numpy as np
import pytest
from building import ROOT
from explorers import SHOWN, too_small
from labs import FIRST_VIEW, lead, opened, rows, settled, violations, watched, weight

from manyvectors import rhetoric

LAB = "build-a-dictionary"
SHEET = ROOT / "book" / "labs" / f"{LAB}.md"
DRAWS = 1000  # of the lab
TEST, ENTRIES, CAUGHT, BOOK = 1, 2, 3, 4  # further tables


@pytest.fixture(scope="module")
def counts(c):
    """Words and phrases of all states' speeches, in the order of the page: state by state, year by year."""
    m, phrases = c.terms(register="rostrum"), c.phrases(register="rostrum")
    return m, phrases, np.lexsort([m.rows["year"], m.rows["state"]])


@pytest.fixture(scope="module")
def book(study):
    return rhetoric.Dictionary.read(study.folder / "dictionary.yml")


@pytest.fixture(scope="module")
def page(browser, address):
    """The lab, open on a large screen for all tests."""
    with watched(browser, address, LAB, viewport={"width": 1280, "height": 900}) as there:
        yield there


def _view(page, words, who="KAZ"):
    lead(page, who=who, words=quote("|".join(words), safe=""))


def _said(page, words):
    page.wait_for_function("(t) => document.getElementById('explorer-status').textContent.includes(t)", arg=words)


def _counted(page, entries):
    """Return what the page counts in each speech, or the reason why it does not."""
    return page.evaluate(
        "(entries) => manyVectorsExplorer.parts.countEntries(entries).then(({ all }) => [...all], (e) => e.message)",
        entries,
    )


def _drawn(rng, m, phrases, book):
    """Return entries: words, beginnings of words, registered phrases, words inside these, a part of a category."""
    words = rng.choice(m.vocabulary, 3).tolist()
    stems = [f"{word[: max(4, len(word) - 2)]}*" for word in rng.choice(m.vocabulary, 2) if len(word) > 6]
    plain = [name for name in phrases.columns if re.fullmatch(r"[\w -]+\*?", name) and " " in name]
    listed = rng.choice(plain, 4).tolist()
    inside = listed[0].rstrip("*").split()[-1:]
    lists = list(book.to_dict().values())
    own = rng.permutation(lists[rng.integers(len(lists))])[:6].tolist()
    return list(dict.fromkeys([*words, *stems, *listed, *inside, *own]))


def test_entries_are_counted_as_in_python(page, counts, book):
    m, phrases, order = counts
    rng, agreed, refused = np.random.default_rng(0), 0, 0
    lists = [*book.to_dict().values(), *(_drawn(rng, m, phrases, book) for _ in range(25))]
    lists += [["state", "states", "member state*"], ["kazakhstan", "people's"], ["ivoire"], ["central asia", "asia"]]
    for entries in lists:
        found = _counted(page, entries)
        try:
            expected = rhetoric.Dictionary({"own": entries}).count(m, phrases)["own"].to_numpy()[order]
        except rhetoric.DictionaryError:
            assert isinstance(found, str) and "not" in found, entries
            refused += 1
            continue
        if isinstance(found, str):  # a star that stands for more words than a page should load
            assert re.search("more letters|at least", found), (entries, found)
            continue
        assert found == expected.tolist(), entries
        agreed += 1
    assert agreed > 20 and refused


@pytest.mark.parametrize(
    ("who", "words"),
    [("KAZ", ["pragmati*", "realism", "win-win", "mutual interest*"]), ("UZB", ["central asia", "our region", "asia"])],
)
def test_tables_are_those_of_rhetoric(page, c, counts, book, who, words):
    m, phrases, _ = counts
    _view(page, words, who)
    own = rhetoric.Dictionary({"own": words})
    hits = own.count(m, phrases)["own"]
    said = m.rows
    for name, chosen in ((c.states[who], said["state"] == who), ("The world", said["state"] != "")):
        for row in (row for row in rows(page) if row["who"] == name):
            there = chosen & said["year"].between(int(row["from"]), int(row["to"]))
            assert int(row["hits"]) == hits[there].sum() and int(row["speeches"]) == there.sum()
            assert int(row["speeches hit"]) == (hits[there] > 0).sum()
            rate = 1e4 * hits[there].sum() / said.loc[there, "tokens"].sum()
            assert float(row["per 10,000 words"]) == pytest.approx(rate, abs=6e-5)
            low, high = row["interval from"], row["interval to"]
            assert (low == high == "") if not hits[there].sum() else float(low) <= rate + 1e-4 <= float(high) + 2e-4
    by_state = {row["state"]: row for row in rows(page, CAUGHT)}
    assert len(by_state) == said["state"].nunique()
    sums = hits.groupby(said["state"]).sum()
    assert all(int(by_state[c.states[state]]["hits"]) == n for state, n in sums.items())
    rates = 1e4 * sums / said.groupby("state")["tokens"].sum()
    assert next(iter(by_state)) == c.states[rates.idxmax()]
    entries = {row["entry"]: row for row in rows(page, ENTRIES)}
    covered = own.coverage(m, phrases).set_index("entry")
    common = own.commonplaces(m, phrases, share=1e-9).set_index("entry")["states"]
    often = set(own.commonplaces(m, phrases)["entry"])
    for entry in words:
        row = entries[entry]
        assert int(row["hits of all"]) == covered.at[entry, "hits"]
        assert int(row["speeches hit"]) == covered.at[entry, "documents"]
        assert float(row["share of all hits"]) == pytest.approx(covered.at[entry, "share"], abs=6e-5)
        assert float(row["states that ever say it, share"]) == pytest.approx(common[entry], abs=6e-5)
        assert (row["commonplace"] == "yes") == (entry in often)
    beside = rows(page, BOOK)
    assert len(beside) == 1 + len(book.categories)
    theirs = book.count(m, phrases)
    for row, category in zip(beside[1:], book.categories, strict=True):
        assert row["list"].startswith(category) and re.search("unvalidated|machine-coded|weak", row["list"])
        mine = theirs[category]
        assert int(row["hits"]) == mine[said["state"] == who].sum()
        both = ((mine > 0) & (hits > 0)).sum() / (hits > 0).sum()
        assert float(row["of the speeches that yours hits, share"]) == pytest.approx(both, abs=6e-5)
        assert float(row["of all states' speeches, share"]) == pytest.approx((mine > 0).mean(), abs=6e-5)


@pytest.mark.parametrize("category", ["economization", "peace", "red lines"])
def test_the_boilerplate_test_is_that_of_separates(page, counts, book, study, category):
    m, phrases, _ = counts
    words = book.to_dict()[category]
    _view(page, words)
    found = rhetoric.Dictionary({"own": words}).separates(m, phrases, study=study, n=DRAWS).loc["own"]
    answers = [row["answer"] for row in rows(page, TEST)]
    assert answers[1] == f"{100 * (1 - found['lower']):.0f}%"

    def told(value):
        places = 0 if value >= 9.95 else 1 if value >= 0.995 else 2
        return "∞" if np.isinf(value) else "0" if value == 0 else f"{value:.{places}f}"

    for row, name in zip(answers[3:], ("ratio_near", "ratio_world"), strict=True):
        assert row == f"{told(found[name])} times ({told(found[f'{name}_low'])} to {told(found[f'{name}_high'])})"
    status = page.text_content("#explorer-status")
    assert ("tells Kazakhstan apart" in status) == (found["separates"] == "yes" and found["lower"] > 0.5)


def test_boilerplate_is_called_so(page):
    _view(page, ["united nations"])
    _said(page, "This is boilerplate")
    _view(page, ["astana"], "USA")
    _said(page, "United States never says it")


def test_a_list_is_built_by_keyboard(page):
    _view(page, ["realism"])
    field = page.get_by_label("Add a word").first
    field.fill("wint")
    page.wait_for_selector("[role=option]")
    field.press("ArrowDown")
    chosen = page.locator("[aria-selected=true] span").first.text_content()
    field.press("Enter")
    page.wait_for_function("(w) => decodeURIComponent(location.hash).endsWith(w)", arg=f"realism|{chosen}")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "combobox" and field.input_value() == ""
    page.get_by_role("button", name=f"Remove {chosen}").press("Enter")
    page.wait_for_function("location.hash.endsWith('words=realism')")
    page.get_by_role("button", name="Remove realism").press("Enter")
    _said(page, "The dictionary is empty")
    page.locator("#explorer-result").wait_for(state="hidden")
    page.get_by_label("Start from a list").select_option("balance")
    page.wait_for_function("decodeURIComponent(location.hash).includes('words=balance of interests|')")
    page.get_by_label("State, by any name").first.fill("Қырғызстан")
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash.startsWith('#who=KGZ')")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type a word first"),
        ("###", "is no entry"),
        ("purple horses", "more than one word"),
        ("nucler", "nuclear"),
        ("prag mati*", "more than one word"),
        ("ab*", "at least 3 letters"),
        ("inte*", "write more letters"),
        ("realism", "in the list already"),
    ],
)
def test_what_cannot_be_counted_is_told(page, typed, said):
    _view(page, ["realism"])
    page.get_by_label("Add a word").first.fill(typed)
    page.locator("#lab-add").press("Enter")
    _said(page, said)
    assert page.evaluate("location.hash").endswith("words=realism")


def test_a_saved_dictionary_is_one_for_python_and_is_opened_again(page, tmp_path, monkeypatch, capsys):
    words = ["pragmati*", "win-win", "balance of interests"]
    _view(page, words)
    shown = rows(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save your dictionary").click()
    kept = tmp_path / "my-dictionary.yml"
    download.value.save_as(kept)
    assert rhetoric.Dictionary.read(kept).to_dict() == {"mine": words}
    monkeypatch.chdir(tmp_path)
    exec(re.search(r"```python\n(.*?)```", SHEET.read_text("utf-8"), re.DOTALL)[1], {})  # as the page says
    assert re.search(r"pragmati\* +0\.\d+", capsys.readouterr().out)
    _view(page, ["realism"])
    page.set_input_files("input[type=file]", kept)
    page.wait_for_function("(w) => decodeURIComponent(location.hash).endsWith(w)", arg="|".join(words))
    page.wait_for_function("!document.getElementById('explorer').dataset.busy")
    assert rows(page) == shown
    two = tmp_path / "two.yml"
    two.write_text('first:\n  - realism  # why\nsecond:\n  - "win-win"\n  - purple horses\n', encoding="utf-8")
    page.set_input_files("input[type=file]", two)
    _said(page, "several lists")
    page.get_by_role("button", name="second", exact=True).click()
    _said(page, "left out: purple horses")
    (tmp_path / "no.yml").write_text("nothing", encoding="utf-8")
    page.set_input_files("input[type=file]", tmp_path / "no.yml")
    _said(page, "holds no list")


@pytest.mark.parametrize("hash_", ["#who=XXX&words=%3Cimg%20src=x%20onerror='window.ran=1'%3E", "#words=constructor"])
def test_an_address_that_makes_no_sense_harms_nobody(page, hash_):
    page.evaluate("(hash) => { location.hash = '#'; location.hash = hash; }", hash_)
    page.wait_for_function("!document.getElementById('explorer').dataset.busy")
    assert page.text_content("#explorer-status") and page.evaluate("window.ran ?? null") is None


def test_on_a_phone_by_touch_and_the_link_leads_there(browser, address, site, axe):
    phone = opened(browser, address, LAB)
    assert weight(phone, site, LAB) < FIRST_VIEW
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert not too_small(phone, "#explorer :is(button, select, a.explorer-csv, input[type=text])")
    lead(phone, words="realism%7Cwin-win")
    phone.get_by_label("Add a word").first.fill("diplomacy")
    phone.locator("#lab-add").tap()
    settled(phone, words="realism|win-win|diplomacy")
    phone.get_by_role("button", name="Remove win-win").tap()
    settled(phone, words="realism|diplomacy")
    phone.locator("#explorer-stage .u-over").scroll_into_view_if_needed()
    phone.locator("#explorer-stage .u-over").tap()
    phone.wait_for_function(r"/^\d{4}\. Kazakhstan: /.test(document.querySelector('.explorer-readout').textContent)")
    assert violations(phone, axe) == [] and phone.faults == [] and phone.elsewhere == []
    shown = [rows(phone, at) for at in range(5)]
    state = phone.get_attribute("#explorer", "data-shown")
    for there in (phone.input_value("#explorer-link"), (site / "book" / "labs" / f"{LAB}.html").as_uri() + state):
        phone.goto(there)
        phone.wait_for_function(SHOWN)
        assert [rows(phone, at) for at in range(5)] == shown
    phone.close()
