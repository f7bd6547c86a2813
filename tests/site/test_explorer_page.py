"""The word explorer's page in a real browser."""

import csv
import io
import re
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pandas as pd
import pytest
from explorer_data import check_ends, small
from explorers import FIRST_VIEW, PHONE, SHOWN, opened, table, too_small

import manyvectors
from manyvectors import corpus, inference, study, text
from manyvectors.export import explorer, handed

PAGE = "book/explorer.html"
LIMIT = 15_000_000  # bytes of all scripts of data


def test_weight_of_the_data(site):
    sizes = {file.name: file.stat().st_size for file in (site / "_static" / "explorer" / "data").glob("*.js")}
    assert sum(sizes.values()) < LIMIT
    assert max(sizes.values()) < 62_000, "what is asked for at once should stay small"


@pytest.fixture
def page(page):
    """The page, on a view of its own: quicker than to open it anew."""
    _view(page, "#term=water&who=KAZ,UZB")
    return page


def _view(page, hash_):
    """Lead the page to a view by its address, and wait for just this one."""
    page.wait_for_function("!document.getElementById('explorer').dataset.busy")  # no answer is on its way
    page.evaluate(
        """(hash) => { document.getElementById('explorer').dataset.shown = '';
        document.getElementById('explorer-states').value = ''; location.hash = '#'; location.hash = hash; }""",
        hash_,
    )
    asked = parse_qs(hash_.removeprefix("#"))
    _shown(page, " ".join([*asked["term"], *asked["who"][0].split(",")]))


def _shown(page, wanted):
    page.wait_for_function(f"(wanted) => {SHOWN} === wanted", arg=wanted)


def _status(page, pattern):
    page.wait_for_function(
        "(p) => new RegExp(p, 's').test(document.getElementById('explorer-status').textContent)", arg=pattern
    )
    return page.text_content("#explorer-status")


def _frame(page):
    head, rows = table(page)
    numbers = head[1:-1]
    frame = pd.DataFrame(rows, columns=head).replace("", np.nan)
    return frame.astype(dict.fromkeys(numbers, float))


LINE, LOW, HIGH, YEARLY = (
    "line: per 10,000 words",
    "interval from",
    "interval to",
    "in the year: per 10,000 words",
)


def _occurrences(c, term):
    """Return count, tokens, year and state of every speech."""
    m = c.terms()
    counted = m[term] if text.tokenise(term) == [term] else c.phrases()[term]
    return m.rows[["tokens", "year", "state"]].assign(count=counted)


@pytest.mark.parametrize("term", ["nuclear", "central asia", "côte", "prototype"])
def test_numbers_are_those_of_the_corpus(page, c, term):
    _view(page, f"#term={term.replace(' ', '%20')}&who=KAZ,TKM,CIV,world")
    found, speeches = _frame(page), _occurrences(c, term)
    names = c.states.loc[["KAZ", "TKM", "CIV"]].to_dict() | {"world": "The world"}
    for code, name in names.items():
        shown = found[found["who"] == name].set_index("year")
        own = speeches if code == "world" else speeches[speeches["state"] == code]
        by_year = own.groupby("year")[["count", "tokens"]].sum()
        assert shown.index.tolist() == by_year.index.tolist()
        assert (shown["times said"] == by_year["count"]).all() and (shown["words"] == by_year["tokens"]).all()
        yearly = 1e4 * by_year["count"] / by_year["tokens"]
        assert np.allclose(shown[YEARLY], yearly, rtol=0, atol=0.000501)
        half = 0 if code == "world" else 2
        for year, row in shown.iterrows():
            near = own[(own["year"] - year).abs() <= half]
            assert row["speeches behind the line"] == len(near)
            assert row[LINE] == pytest.approx(1e4 * near["count"].sum() / near["tokens"].sum(), abs=0.000501)
            if code != "world" or year % 8 == 0:  # some years of the world are enough, and quicker
                _check_interval(row, near[["count", "tokens"]].to_numpy(float))


def _check_interval(row, near):
    size = len(near)
    if size < 2 or not near[:, 0].any():
        assert np.isnan(row[LOW]) and np.isnan(row[HIGH])
        return
    check_ends(row[LOW], row[HIGH], near, inference.expanded_level(0.95, size), 1e4)


def test_a_view_always_has_the_same_numbers(page, browser, address):
    hash_ = "#term=water&who=KAZ,world"
    _view(page, hash_)
    once = table(page)
    again = opened(browser, address, PAGE, hash_)
    assert table(again) == once
    again.close()
    _view(page, "#term=water&who=UZB,KAZ")  # nor do they hang on who else is shown
    ours = [row for row in once[1] if row[0] == "Kazakhstan"]
    assert [row for row in table(page)[1] if row[0] == "Kazakhstan"] == ours and len(ours) > 30


def test_words_are_cut_as_the_corpus_cuts_them(page):
    samples = ["Kazakhstan’s nuclear-weapon-free status, since 1995.", "d'État", "x² ½ a_b", "non‐proliferation", "-a-"]
    samples += ["Côte d’Ivoire", "ﬁscal", "2030", "", "multi-vector*", "Ⅻ", "қазақ тілі", "co--op", "a" + "\u0301"]
    spellings = list(study.load().spellings.items())
    for sample in samples:
        expected = text.tokenise(text.clean(sample))
        assert (
            page.evaluate("([s, m]) => window.manyVectorsExplorer.parts.tokenise(s, m)", [sample, spellings])
            == expected
        ), sample


def test_first_view_is_chosen_by_the_data(browser, address, c):
    page = opened(browser, address, PAGE)
    term = explorer.telling(c.terms(), "KAZ")
    assert page.input_value("#explorer-term") == term and page.url.endswith(PAGE)  # no address of a view nobody chose
    summary = page.text_content("#explorer-status")
    ours = _occurrences(c, term).query("state == 'KAZ'")
    assert f"Kazakhstan: {ours['count'].sum()} times in {len(ours)} speeches" in summary and "The world:" in summary
    labels = (
        page.get_attribute("#explorer-chart", "aria-labelledby"),
        page.get_attribute("#explorer-chart", "aria-describedby"),
    )
    assert all(page.text_content(f"#{label}").strip() for label in labels)
    page.close()


def test_suggestions_by_keyboard(page):
    field = page.locator("#explorer-term")
    field.fill("")
    field.press_sequentially("Nucl")
    page.wait_for_selector("#explorer-terms [role=option]")
    assert field.get_attribute("aria-expanded") == "true"
    options = page.eval_on_selector_all(
        "#explorer-terms [role=option] span:first-child", "all => all.map(o => o.textContent)"
    )
    assert options[0] == "nuclear" and all(option.startswith("nucl") for option in options) and len(options) > 3
    field.press("ArrowDown")
    field.press("ArrowDown")
    active = page.locator(f"#{field.get_attribute('aria-activedescendant')}")
    assert active.get_attribute("aria-selected") == "true" and options[1] in active.text_content()
    assert page.locator("#explorer-terms [aria-selected=true]").count() == 1
    field.press("ArrowUp")
    field.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") is None  # back in the field
    field.press("ArrowUp")
    assert options[-1] in page.text_content(f"#{field.get_attribute('aria-activedescendant')}")
    field.press("Escape")
    assert field.get_attribute("aria-expanded") == "false" and field.input_value() == "Nucl"
    page.locator("#explorer-terms").wait_for(state="hidden")
    field.press("Escape")
    assert field.input_value() == ""
    field.press_sequentially("nucl")
    page.wait_for_selector("#explorer-terms [role=option]")
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")
    _shown(page, f"{options[1]} KAZ UZB")
    assert field.input_value() == options[1]
    page.locator("#explorer-terms").wait_for(state="hidden")


def test_states_by_keyboard_and_mouse(page):
    field = page.locator("#explorer-states")
    field.press_sequentially("cote")  # without the accent
    page.wait_for_selector("#explorer-names [role=option]")
    field.press("Enter")
    _shown(page, "water KAZ UZB CIV")
    field.press_sequentially("rus")
    page.locator("#explorer-names [role=option]", has_text=re.compile("RUS$")).click()
    _shown(page, "water KAZ UZB CIV RUS")
    page.locator("#explorer-world").check()
    _shown(page, "water KAZ UZB CIV RUS world")
    assert set(_frame(page)["who"]) == set(
        page.eval_on_selector_all("#explorer-chips li > span:nth-child(2)", "all => all.map(s => s.textContent)")
    ) | {"The world"}
    page.get_by_role("button", name="Remove Uzbekistan").press("Enter")
    _shown(page, "water KAZ CIV RUS world")
    page.wait_for_function("document.activeElement.id === 'explorer-states'")
    field.press_sequentially("Atlantis")
    field.press("Enter")
    _status(page, "Atlantis")


def test_more_states_than_a_page_can_show_are_refused(page, c):
    codes = c.states.index[c.states.index != "KAZ"][:29].tolist()
    speaking = [code for code in codes if code not in ("EU", "CSK", "YUG")] + ["UZB", "ZMB", "ZWE"]
    _view(page, f"#term=water&who={','.join(['KAZ', *speaking][:30])}")
    assert page.locator("#explorer-chart .explorer-panel").count() == 30, "lines nobody can tell apart are small charts"
    page.locator("#explorer-states").fill("viet nam")
    page.locator("#explorer-states").press("Enter")
    _status(page, "remove one")
    assert page.locator("#explorer-chips li").count() == 30


def test_six_states_have_six_colours(page):
    _view(page, "#term=water&who=KAZ,KGZ,TJK,TKM,UZB,RUS,world")
    colours = page.eval_on_selector_all(
        "#explorer-chips li", "all => all.map(c => c.style.getPropertyValue('--explorer-colour'))"
    )
    assert len(set(colours)) == 6


def test_lines_on_each_other_are_small_charts_unless_asked_for(page, browser, address):
    _view(page, "#term=water&who=KAZ,KGZ,TJK,TKM,UZB,world")
    assert page.locator("#explorer-chart canvas").count() == 6 and page.locator("#explorer-apart").is_checked()
    page.locator("#explorer-apart").press("Space")
    page.wait_for_function("document.querySelectorAll('#explorer-chart canvas').length === 1")
    page.wait_for_function("location.hash.endsWith('&apart=0')")
    other = browser.new_page()
    other.goto(page.input_value("#explorer-link"))
    other.wait_for_function(SHOWN)
    assert other.locator("#explorer-chart canvas").count() == 1
    other.close()
    _view(page, "#term=water&who=KAZ,UZB")
    assert page.locator("#explorer-chart canvas").count() == 1


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        ("UK", "GBR"),
        ("Britain", "GBR"),
        ("Turkey", "TUR"),
        ("turkiye", "TUR"),
        ("Russian Federation", "RUS"),
        ("Россия", "RUS"),
        ("Ресей", "RUS"),
        ("РФ", "RUS"),
        ("США", "USA"),
        ("АҚШ", "USA"),
        ("U.S.", "USA"),
        ("America", "USA"),
        ("the Netherlands", "NLD"),
        ("Holland", "NLD"),
        ("Qazaqstan", "KAZ"),
        ("Қырғызстан", "KGZ"),
        ("Киргизия", "KGZ"),
        ("Burma", "MMR"),
        ("Czech Republic", "CZE"),
        ("North Korea", "PRK"),
        ("Южная Корея", "KOR"),
        ("UAE", "ARE"),
        ("cote divoire", "CIV"),
        ("Вьетнам", "VNM"),
        ("Vietnam", "VNM"),
        ("Germany", "DEU"),
        ("ФРГ", "DEU"),
        ("Iran, Islamic Republic of", "IRN"),
    ],
)
def test_a_state_is_found_by_what_people_call_it(page, typed, state):
    found = page.evaluate(
        """async ([typed, state]) => {
        const { engine, parts } = window.manyVectorsExplorer;
        const { aliases } = await engine.namesOf();
        const index = await engine.load("index");
        const names = new Map(index.states.map(([code, name]) => [code, name]));
        return parts.matching({ names }, aliases, typed).map(one => one.value); }""",
        [typed, state],
    )
    assert found[:1] == [state], found[:4]


def test_a_name_of_two_states_is_asked_about(page):
    page.locator("#explorer-states").fill("Korea")
    page.locator("#explorer-states").press("Enter")
    _status(page, "may be any of these")
    offered = page.locator("#explorer-instead button")
    assert set(offered.all_text_contents()) == {"DPR Korea", "Republic of Korea"}
    offered.filter(has_text="Republic of").press("Enter")
    _shown(page, "water KAZ UZB KOR")


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Congo", {"Congo", "DR Congo"}),
        ("guinea", {"Guinea", "Equatorial Guinea", "Guinea-Bissau", "Papua New Guinea"}),
        ("Sudan", {"Sudan", "South Sudan"}),
    ],
)
def test_a_name_within_others_is_asked_about(page, typed, names):
    page.locator("#explorer-states").fill(typed)
    page.locator("#explorer-states").press("Enter")
    _status(page, f"{typed}. may be any of these")
    assert set(page.locator("#explorer-instead button").all_text_contents()) == names


@pytest.mark.parametrize(("typed", "state"), [("COG", "COG"), ("Niger", "NER"), ("DR Congo", "COD"), ("China", "CHN")])
def test_a_code_and_a_name_of_its_own_are_not_asked_about(page, typed, state):
    _view(page, "#term=water&who=KAZ")
    page.locator("#explorer-states").fill(typed)
    page.locator("#explorer-states").press("Enter")
    _shown(page, f"water KAZ {state}")


def test_a_misspelled_state_is_offered_rightly(page):
    for typed, meant in (("Turkmenstan", "Turkmenistan"), ("Kazahstan", "Kazakhstan"), ("Ukrane", "Ukraine")):
        page.locator("#explorer-states").fill(typed)
        page.locator("#explorer-states").press("Enter")
        _status(page, f"“{typed}”")
        assert page.locator("#explorer-instead button").first.text_content() == meant
    page.locator("#explorer-states").fill("")


def test_groups_are_one_button(page, study):
    page.get_by_role("button", name="P5", exact=True).press("Enter")
    _shown(page, "water CHN FRA GBR RUS USA")
    page.get_by_role("button", name="EU", exact=True).press("Enter")
    page.wait_for_function("document.querySelectorAll('#explorer-chart canvas').length === 27")
    page.get_by_role("button", name="Central Asia", exact=True).press("Enter")
    _shown(page, f"water {' '.join(study.blocs['Central Asia'])}")
    page.get_by_role("button", name="All", exact=True).press("Enter")
    _shown(page, f"water {' '.join(study.blocs['Central Asia'])} world")
    page.locator("#explorer-states").fill("p5")
    page.locator("#explorer-states").press("Enter")
    _shown(page, "water CHN FRA GBR RUS USA world")


def test_no_state_at_all_is_said(page):
    _view(page, "#term=water&who=KAZ")
    page.get_by_role("button", name="Remove Kazakhstan").click()
    _status(page, "Pick a state")
    page.locator("#explorer-result").wait_for(state="hidden")


@pytest.mark.parametrize(
    ("typed", "said", "not_said"),
    [
        ("zzyzx", "below the floor or was never said", "phrase"),
        ("constructor", "below the floor or was never said", "phrase"),  # a word every script knows
        ("purple horses", "more than one word.*registered phrases", "floor"),
        ("nuclea*", "star", "floor"),
        ("2030", "holds no word", "floor"),
        ("   ", "Type a word", "floor"),
    ],
)
def test_clear_words_when_nothing_can_be_shown(page, typed, said, not_said):
    page.locator("#explorer-term").fill(typed)
    page.locator("#explorer-show").click()
    assert not_said not in _status(page, said)
    page.locator("#explorer-result").wait_for(state="hidden")


def test_the_floor_is_told_with_its_numbers(page, c):
    floor_ = corpus.FLOOR
    page.locator("#explorer-term").fill("qazaqstanness")
    page.locator("#explorer-term").press("Enter")
    said = _status(page, "floor")
    assert f"at least {floor_} speeches" in said and f"of {len(c.terms().rows):,} speeches" in said
    assert f"at most {floor_ - 1} say it, none of them Kazakhstan's" in said


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kazahstan", "kazakhstan"),
        ("nucler", "nuclear"),
        ("sovreignty", "sovereignty"),
        ("terorism", "terrorism"),
        ("enviroment", "environment"),
        ("multilaterlism", "multilateralism"),
        ("seucrity", "security"),
        ("ocuntry", "country"),
    ],
)
def test_a_misspelling_offers_the_right_word_first_and_in_sight(page, typed, meant):
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("#explorer-term").fill(typed)
    page.locator("#explorer-term").press("Enter")
    said = _status(page, "Did you mean")
    assert f"“{meant}”" in said.split("?")[0]
    first = page.locator("#explorer-instead button").first
    assert first.text_content() == meant
    box = first.bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= 844
    first.press("Enter")
    page.wait_for_function(f"(w) => ({SHOWN}).startsWith(w)", arg=meant)
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("typed", ["multi-vector", "Multivector", "multi vector", "multi-vectoral", "multi-vector*"])
def test_the_word_of_the_title_gives_the_known_answer(page, c, typed):
    page.locator("#explorer-term").fill(typed)
    page.locator("#explorer-show").click()
    _shown(page, "multi-vector* KAZ UZB")
    phrases = c.phrases()["multi-vector*"]
    having = c.terms().rows.loc[(phrases > 0).to_numpy()]
    [speech] = having[["state", "year"]].itertuples(index=False)
    said = page.text_content("#explorer-status")
    assert f"one has it: {c.states[speech.state]} {speech.year}." in said and "Kazakhstan: not once" in said


@pytest.mark.parametrize(
    ("typed", "english"),
    [
        ("вода", "water"),
        ("ядерного", "nuclear"),
        ("су", "water"),
        ("климаттың өзгеруі", "climate change"),
        ("многовекторность", "multi-vector*"),
        ("Казахстан", "kazakhstan"),
        ("Өзбекстан", "uzbekistan"),
    ],
)
def test_a_cyrillic_word_is_told_in_english(page, typed, english):
    page.locator("#explorer-term").fill(typed)
    page.locator("#explorer-show").click()
    assert english in _status(page, "speeches are counted in English.*In English")
    page.locator("#explorer-instead button", has_text=re.compile(f"^{re.escape(english)}$")).click()
    _shown(page, f"{english} KAZ UZB")


def test_a_cyrillic_word_out_of_the_table_is_told_too(page):
    page.locator("#explorer-term").fill("фырвапролд")
    page.locator("#explorer-show").click()
    assert "Type it in English" in _status(page, "speeches are counted in English")


def test_eras_stand_beside_years(page, c, study):
    _view(page, "#term=water&who=KAZ,world")
    head, *rows = page.eval_on_selector_all(
        "#explorer-eras tr", "rows => rows.map(r => [...r.cells].map(c => c.textContent))"
    )
    speeches = _occurrences(c, "water")
    eras = speeches["year"].map(study.era)
    for row in (dict(zip(head, row, strict=True)) for row in rows):
        own = speeches[eras == row["edition in force"]]
        own = own if row["who"] == "The world" else own[own["state"] == "KAZ"]
        assert int(row["times said"]) == own["count"].sum() and int(row["speeches"]) == len(own)
        rate = 1e4 * own["count"].sum() / own["tokens"].sum()
        assert float(row["per 10,000 words"]) == pytest.approx(rate, abs=0.000501)
        ends = {LOW: row["interval from"], HIGH: row["interval to"]}
        _check_interval({key: float(end) for key, end in ends.items()}, own[["count", "tokens"]].to_numpy(float))
    assert len(rows) == 2 * len(study.eras)


def test_a_view_can_be_embedded(page, browser, address):
    _view(page, "#term=water&who=KAZ,UZB")
    line = page.input_value("#explorer-frame")
    src = re.search(r'<iframe src="([^"]+)"', line)[1].replace("&amp;", "&")
    assert src == f"{address}/{PAGE}?embed#term=water&who=KAZ,UZB" and 'loading="lazy"' in line
    other = browser.new_page(viewport={"width": 390, "height": 844})
    other.goto(src)
    other.wait_for_function(SHOWN)
    assert table(other) == table(page)
    assert other.locator("#explorer-chart canvas").is_visible() and other.locator("#explorer-form").is_hidden()
    assert other.locator("h1").is_hidden() and other.evaluate("document.documentElement.scrollWidth") <= 390
    assert other.get_attribute("#explorer-whole", "href") == f"{address}/{PAGE}#term=water&who=KAZ,UZB"
    other.goto(src.replace("?embed#", "?embed=form#"))
    other.wait_for_function(SHOWN)
    assert other.locator("#explorer-form").is_visible()
    other.close()


def test_a_phrase_out_of_the_list_leads_to_others(page, c):
    page.locator("#explorer-term").fill("central asian horses")
    page.locator("#explorer-show").click()
    _status(page, "more than one word")
    offered = page.eval_on_selector_all("#explorer-instead button", "all => all.map(b => b.textContent)")
    assert {"central", "asian", "horses"} <= set(offered)
    known = [term for term in offered if " " in term]
    assert known and set(known) <= set(c.phrases().columns)
    page.locator("#explorer-instead button", has_text=re.compile(f"^{known[0]}$")).click()
    _shown(page, f"{known[0]} KAZ UZB")
    assert page.locator("#explorer-instead button").count() == 0


def test_a_registered_phrase_never_said_is_zero_not_unknown(page, c):
    never = c.phrases().sum().loc[lambda s: s == 0].index
    phrase = next(p for p in never if " " in p and "*" not in p)
    page.locator("#explorer-term").fill(phrase)
    page.locator("#explorer-show").click()
    _shown(page, f"{phrase} KAZ UZB")
    assert "not once in 33 speeches" in page.text_content("#explorer-status")
    found = _frame(page)
    assert (found[LINE] == 0).all() and found[[LOW, HIGH]].isna().all().all()


def test_csv_holds_what_the_table_holds(page):
    _view(page, "#term=central%20asia&who=KAZ,TKM,world")
    with page.expect_download() as download:
        page.locator("#explorer-csv").click()
    assert download.value.suggested_filename == "many-vectors_central-asia_KAZ-TKM-world.csv"
    body = Path(download.value.path()).read_text(encoding="utf-8")
    comments = [line for line in body.splitlines() if line.startswith("#")]
    head, *rows = csv.reader(io.StringIO("\n".join(line for line in body.splitlines() if not line.startswith("#"))))
    assert (head, rows) == table(page)
    assert '"central asia"' in comments[0] and f"Many Vectors {manyvectors.__version__}" in comments[0]
    assert "10.7910/DVN/0TJX8Y" in body and any(line.endswith(page.input_value("#explorer-link")) for line in comments)
    assert len(pd.read_csv(io.StringIO(body), comment="#")) == len(rows) > 90


def test_csv_cells_cannot_run_in_a_spreadsheet(page):
    body = page.evaluate(
        """() => window.manyVectorsExplorer.parts.csv(
            {book: "0", version: "0", source: "s", window: 5, level: 0.95, eras: [["before", 1992]]}, 'a"\\nb',
            [{name: '=1+1,"x"', points: [{year: 1992, speeches: 1, said: 0, words: 9, yearly: 0, drawn: 1, rate: 0,
              low: null, high: null}]}], "#view")"""
    )
    lines = body.splitlines()
    assert all(line.startswith("#") for line in lines[:5]) and not lines[5].startswith("#")
    assert next(csv.reader([lines[6]]))[0] == '\'=1+1,"x"'


def test_link_reproduces_the_view(page, browser, address):
    page.locator("#explorer-term").fill("Central  Asia")
    page.locator("#explorer-show").click()
    _shown(page, "central asia KAZ UZB")
    link = page.input_value("#explorer-link")
    assert link == page.url and link.startswith(f"{address}/{PAGE}#term=central%20asia&who=")
    other = browser.new_page()
    other.goto(link)
    other.wait_for_function(SHOWN)
    assert table(other) == table(page)
    other.close()


@pytest.mark.parametrize(
    "hash_", ["#term=%E0%A4%A&who=KAZ", "#who=,,&term=", "#term=__proto__&who=constructor", "#term=a&who=<b>"]
)
def test_a_broken_link_does_not_break_the_page(page, hash_):
    errors = []

    def note(error):
        errors.append(str(error))

    page.on("pageerror", note)
    page.evaluate("(hash) => { location.hash = hash; }", hash_)
    _status(page, "(no word|Type a word|floor|Pick a state|nobody|“a”)")
    _view(page, "#term=water&who=KAZ")
    page.remove_listener("pageerror", note)
    assert not errors and len(table(page)[1]) == 33


def test_copying_marks_the_link(page):
    page.locator("#explorer-copy").click()
    page.wait_for_function("document.getElementById('explorer-copied').textContent")
    field = page.locator("#explorer-link")
    assert field.evaluate("f => f.value.slice(f.selectionStart, f.selectionEnd)") == page.url


def test_works_from_a_folder(browser, site):
    page = opened(browser, site.as_uri(), PAGE)
    assert page.locator("#explorer-chart canvas").count() == 1
    page.locator("#explorer-term").press_sequentially("")
    page.locator("#explorer-term").fill("climate")
    page.wait_for_selector("#explorer-terms [role=option]")
    page.locator("#explorer-show").click()
    _shown(page, "climate KAZ world")
    link = page.input_value("#explorer-link")
    assert link.startswith("file://") and link == page.url
    with page.expect_download() as download:
        page.locator("#explorer-csv").click()
    assert "climate" in Path(download.value.path()).read_text(encoding="utf-8")
    page.close()


def test_first_view_is_light_and_asks_nobody_else(browser, address):
    page, weights, elsewhere = browser.new_page(), {}, []

    def note(response):
        if not response.url.startswith((address, "data:", "blob:")):
            elsewhere.append(response.url)
        if "/explorer/" in response.url:
            weights[response.url] = len(response.body())

    page.on("requestfinished", lambda request: note(request.response()))
    page.goto(f"{address}/{PAGE}")
    page.wait_for_function(SHOWN)
    page.wait_for_load_state("networkidle")
    data = {url: size for url, size in weights.items() if "/data/" in url}
    assert len(data) == 2, f"an index and one shard are enough, not {list(data)}"
    assert sum(data.values()) < FIRST_VIEW and not elsewhere
    assert any("uPlot" in url for url in weights)
    page.close()


def test_fits_a_phone_and_answers_a_finger(browser, address):
    page = opened(
        browser,
        address,
        PAGE,
        "#term=climate&who=KAZ,KGZ,TJK,TKM,UZB,world",
        **PHONE,
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = too_small(page, "#explorer button, #explorer-csv, #explorer input[type=text]")
    assert not small, "a finger needs 44 pixels"
    before = page.text_content("#explorer-readout")
    chart = page.locator("#explorer-chart .u-over").first
    chart.scroll_into_view_if_needed()
    chart.tap()
    page.wait_for_function("(b) => document.getElementById('explorer-readout').textContent !== b", arg=before)
    assert re.match(r"20\d\d\. Kazakhstan: ", page.text_content("#explorer-readout"))
    page.set_viewport_size({"width": 800, "height": 390})
    page.wait_for_function("document.querySelector('#explorer-chart').clientWidth > 400")
    assert page.evaluate("document.documentElement.scrollWidth") <= 800
    page.close()


# Which of the line's two colours the canvas shows.
COLOURS = """(wanted) => { const canvas = document.querySelector('#explorer-chart canvas');
const d = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
const has = (r, g, b) => { for (let i = 0; i < d.length; i += 4)
    if (d[i] === r && d[i + 1] === g && d[i + 2] === b && d[i + 3] === 255) return true; return false; };
return has(0x1b, 0x3a, 0x5c) === wanted[0] && has(0x8f, 0xbc, 0xe8) === wanted[1]; }"""


def test_chart_follows_the_theme(page):
    for theme, wanted in (("light", [True, False]), ("dark", [False, True])):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        page.wait_for_function(COLOURS, arg=wanted)
    page.evaluate("document.documentElement.dataset.theme = 'light'")


def test_without_scripts_the_page_says_so(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/{PAGE}")
    assert "needs JavaScript" in page.locator("#explorer noscript").inner_text()
    assert page.locator("#explorer-form").is_hidden() and page.locator("#explorer-result").is_hidden()
    context.close()


def test_without_the_chart_the_numbers_remain(browser, address):
    page = browser.new_page()
    page.route("**/uPlot*.js*", lambda route: route.abort())
    page.goto(f"{address}/{PAGE}")
    page.wait_for_function(SHOWN)
    assert "could not be loaded" in page.text_content("#explorer-chart") and len(table(page)[1]) > 60
    page.close()


def test_a_missing_part_is_told_and_asked_for_again(browser, address):
    page = opened(browser, address, PAGE)
    page.route("**/data/terms-*", lambda route: route.abort())
    page.locator("#explorer-term").fill("water")
    page.locator("#explorer-show").click()
    _status(page, "could not be loaded")
    page.unroute("**/data/terms-*")
    page.locator("#explorer-show").click()
    _shown(page, "water KAZ world")
    page.close()


def _serve(page, corpus, stamps=None):
    """Answer the page's questions for data from a made-up corpus."""
    found = explorer.scripts(corpus)

    def answer(route):
        name = re.search(r"/data/([\w-]+)\.js", route.request.url)[1]
        body = handed.script(name, (stamps or {}).get(name, "made-up"), found[name])
        route.fulfill(body=body, content_type="text/javascript")

    page.route("**/explorer/data/*.js*", answer)


@pytest.mark.parametrize("first", ["address", "data"])
def test_a_link_followed_while_an_older_one_is_answered_wins(browser, address, first):
    """The browser tells of a new address only after scripts that wait for data have gone on."""
    made = small()
    page = browser.new_page()
    _serve(page, made)
    page.route("**/explorer/data/terms-*", lambda route: None)  # never answered
    with page.expect_request("**/explorer/data/terms-*") as asked:
        page.goto(f"{address}/{PAGE}#term=quiet&who=XYZ,world", wait_until="domcontentloaded")
    name = re.search(r"terms-\d+", asked.value.url)[0]
    data = handed.script(name, "made-up", explorer.scripts(made)[name])
    link = "location.hash = '#term=zeal&who=KAZ';"
    page.evaluate("() => {" + (link + data if first == "address" else data + link) + "}")
    page.wait_for_function(SHOWN)
    assert page.evaluate(SHOWN) == "zeal KAZ"
    assert page.url.endswith("#term=zeal&who=KAZ") and page.input_value("#explorer-link") == page.url
    page.close()


def test_a_fault_of_an_older_view_is_not_told_in_a_newer_one(browser, address):
    page, held = browser.new_page(), []
    page.add_init_script(
        """addEventListener("error", event => {
        if (event.target.src) setTimeout(() => { window.gone = true; }); }, true);"""
    )
    page.goto(f"{address}/{PAGE}#term=nuclear&who=KAZ")
    _shown(page, "nuclear KAZ")
    page.route("**/explorer/data/terms-*", lambda route: held.append(route))
    with page.expect_request("**/explorer/data/terms-*"):
        page.evaluate("location.hash = '#term=water&who=UZB'")
    page.evaluate("location.hash = '#term=nuclear&who=UZB'")
    _shown(page, "nuclear UZB")
    said = page.text_content("#explorer-status")
    held[0].abort()
    page.wait_for_function("window.gone")
    assert page.text_content("#explorer-status") == said
    page.close()


def test_renewed_data_are_not_mixed_with_old(browser, address):
    page = browser.new_page()
    _serve(page, small(), {"terms-000": "newer"})
    page.goto(f"{address}/{PAGE}")
    _status(page, "Reload the page")
    page.close()


def test_markup_in_the_data_stays_text(browser, address):
    term = '<script>window.bad=1</script><img src=x onerror="window.bad=2">'
    name = 'Kaz</script><img src=x onerror="window.bad=3">'
    page = browser.new_page()
    _serve(page, small(term, name))
    page.goto(f"{address}/{PAGE}#who=KAZ,XYZ,world&term={'%3Cscript%3E'}")
    _status(page, "script")
    page.locator("#explorer-term").fill("<scr")
    page.wait_for_selector("#explorer-terms [role=option]")
    assert term in page.text_content("#explorer-terms")
    page.locator("#explorer-term").press("ArrowDown")
    page.locator("#explorer-term").press("Enter")
    _shown(page, f"{term} KAZ XYZ world")
    assert term in page.text_content("#explorer-status") and name in page.text_content("#explorer-status")
    assert table(page)[1][0][0] == name and name in page.text_content("#explorer-chips")
    page.locator("#explorer-states").press_sequentially("kaz<")
    page.locator("#explorer-chart .u-over").hover()
    assert page.locator("#explorer :is(script, img)").count() == 0
    assert page.evaluate("window.bad") is None
    assert name.replace("<", "") in page.text_content("#explorer-readout").replace("<", "")
    page.close()


def test_another_study_names_and_colours_its_own_state(browser, address):
    page = browser.new_page()
    _serve(page, small(focus="XYZ", focus_name="Xylia", eras={"old": 1990, "new": 1993}))
    page.goto(f"{address}/{PAGE}#term=quiet&who=XYZ,world")
    page.wait_for_function(SHOWN)
    assert table(page)[1][0][0] == "Xylia"
    assert {row[-1] for row in table(page)[1]} == {"old", "new"}
    colour = page.eval_on_selector("#explorer-chips li", "chip => chip.style.getPropertyValue('--explorer-colour')")
    assert colour == page.evaluate(
        "getComputedStyle(document.querySelector('.explorer')).getPropertyValue('--explorer-1')"
    )
    page.locator("#explorer-term").fill("zzyzx")
    page.locator("#explorer-show").click()
    assert "one of Xylia's" in _status(page, "floor")
    page.close()
