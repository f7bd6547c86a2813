"""The page of any state in a real browser: all of them, and that its numbers are those of the tables."""

import csv
import gzip
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from browsing import faults

PAGE = "book/states.html"
SHOWN = "document.getElementById('explorer')?.dataset.shown"
DATA = "_static/explorer/data/states"
FIRST_VIEW, ALL = (
    150_000,
    8_000_000,
)  # bytes: compressed, of what the first view of a state loads; of all that was added
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
VIEWS = ("speeches", "words", "topics", "names", "votes", "ideal", "near", "breaks", "gaps")
SAMPLE = ("UZB", "NRU", "EU", "VAT", "SSD", "USA", "TUV", "KAZ", "MNE", "CHN")

# What is wrong with the record that is shown: a view with neither a figure nor a reason, a figure with nothing in it, a
# sentence with an empty place.
FAULTS = r"""() => {
  const found = [];
  const root = document.getElementById("explorer");
  for (const panel of root.querySelectorAll(".states-view .states-panel")) {
    const view = panel.closest(".states-view").id;
    const figures = [...panel.querySelectorAll("figure")];
    const reason = panel.querySelector(".states-reason, .states-gaps");
    if (!figures.length && !reason) found.push(`${view}: nothing, and no reason`);
    for (const figure of figures) {
      const drawn = figure.querySelector(".states-rows li, .states-squares span, canvas, svg path");
      if (!drawn) found.push(`${view}: ${figure.textContent}`);
    }
  }
  const text = root.querySelector("#explorer-result").textContent;
  const odd = text.match(/.{0,40}(?:undefined|NaN|null|\{\w+\}|Infinity).{0,40}/);
  if (odd) found.push(odd[0]);
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) found.push(`${wide} wide`);
  const told = document.getElementById("explorer-status").textContent;
  if (told) found.push(told);
  return found;
}"""
ALL_STATES = (
    """async (codes) => {
  const check = FAULTS;
  const root = document.getElementById("explorer");
  const found = {};
  for (const code of codes) {
    location.hash = `#${code}`;
    const shown = () => root.dataset.shown === `${code} all`;
    const failed = () => document.getElementById("explorer-status").textContent;
    for (let n = 0; !shown() && !failed() && n < 6000; n++) await new Promise((go) => setTimeout(go, 10));
    const wrong = shown() ? check() : ["not shown", failed()];
    if (wrong.length) found[code] = wrong;
  }
  return found;
}"""
).replace("FAULTS", FAULTS)


# What draws lines, in the walk through all states: it takes longest of all, and what it is given is worked out before.
NO_LINES = """() => {
  window.uPlot = class {
    constructor(options, data, holder) {
      if (!data.slice(1).some((column) => column.some((value) => value !== null))) throw new Error("nothing to draw");
      this.over = document.createElement("div");
      holder.append(document.createElement("canvas"));
    }
    destroy() {}
  };
}"""


@pytest.fixture(scope="module")
def codes(site):
    """The codes of the states that have a record."""
    return sorted(path.stem for path in (site / DATA).glob("*.js") if path.stem.isupper())


@pytest.fixture(scope="module")
def listed(site):
    """A function that returns the rows of the table of a state that have an estimate: list of dict."""
    with zipfile.ZipFile(site / DATA / "states.zip") as archive:
        tables = {name: archive.read(name).decode() for name in archive.namelist()}

    def rows(code, reasons=False):
        lines = [line for line in tables[f"{code}.csv"].splitlines() if not line.startswith("#")]
        return [row for row in csv.DictReader(lines) if reasons or not row["why"]]

    return rows


def _open(browser, url, hash_="", query="", **options):
    page = browser.new_page(**options)
    page.goto(f"{url}/{PAGE}{query}{hash_}")
    page.wait_for_function(SHOWN)
    return page


@pytest.fixture(scope="module")
def page(browser, address):
    page = _open(browser, address, "#UZB", **PHONE)
    yield page
    page.close()


def _view(page, hash_, shown=None):
    """Lead the page to a record by its address, and wait for just this one."""
    page.wait_for_function("!document.getElementById('explorer').dataset.busy")
    page.evaluate("document.getElementById('explorer').dataset.shown = ''")
    page.evaluate("(hash) => { location.hash = '#'; location.hash = hash; }", hash_)
    page.wait_for_function(f"(shown) => shown ? {SHOWN} === shown : {SHOWN}", arg=shown)


def _table(page, view):
    page.locator(f"#view-{view} .states-table").evaluate("box => { box.open = true; }")
    page.wait_for_function(f"document.querySelector('table[data-view={view}]')")
    rows = page.eval_on_selector_all(
        f"table[data-view={view}] tr", "rows => rows.map(r => [...r.cells].map(c => c.textContent))"
    )
    return rows[0], [["" if cell == "none" else cell for cell in row] for row in rows[1:]]


def test_every_state_is_drawn_on_a_phone(browser, address, codes):
    """One page, led from state to state: no error, nothing empty without a reason, nothing wider, no other address."""
    page, wrong, elsewhere = browser.new_page(**PHONE), [], []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    own = (address, "data:", "blob:")
    page.on("request", lambda asked: elsewhere.append(asked.url) if not asked.url.startswith(own) else None)
    page.goto(f"{address}/{PAGE}#{codes[0]}")
    page.wait_for_function(SHOWN)
    assert len(codes) > 190
    page.evaluate(NO_LINES)
    assert page.evaluate(ALL_STATES, codes[1:]) == {}
    assert not wrong and not elsewhere
    page.close()


def test_every_record_tells_every_view_and_begins_with_sentences(page, codes):
    for code in SAMPLE:
        assert code in codes
        _view(page, f"#{code}", f"{code} all")
        assert page.eval_on_selector_all(".states-view", "all => all.map(v => v.id)") == [f"view-{v}" for v in VIEWS]
        said = page.locator(".states-summary li").all_inner_texts()
        assert len(said) >= 3 and sum(bool(re.search(r"\d", line)) for line in said) >= len(said) - 1, code


@pytest.mark.parametrize("seed", range(3))
def test_numbers_are_those_of_the_table(page, listed, codes, seed):
    code = str(np.random.default_rng(seed).choice(codes))
    _view(page, f"#{code}", f"{code} all")
    words, numbers = ("measure", "part", "year"), ("estimate", "low", "high", "n", "rank", "of")
    last = "among", "grade"
    for view in VIEWS[:-1]:
        wanted = [
            (*(row[name] for name in words), *(row[name] and float(row[name]) for name in numbers), *map(row.get, last))
            for row in listed(code)
            if row["view"] == view
        ]
        if not wanted:
            assert page.locator(f"#view-{view} .states-table").count() == 0
            continue
        head, rows = _table(page, view)
        assert head[:2] == ["state", "measure"]
        shown = [(*row[1:4], *(number and float(number) for number in row[4:10]), *row[10:12]) for row in rows]
        assert sorted(shown, key=str) == sorted(wanted, key=str), (code, view)


def _said(page, view):
    return " ".join(page.locator(f"#view-{view} .states-said li").all_inner_texts())


def test_sentences_hold_the_numbers_of_the_table(page, listed):
    _view(page, "#UZB", "UZB all")
    every = listed("UZB", reasons=True)
    rows = {(row["view"], row["measure"], row["part"], row["year"]): row for row in every}
    count, length = rows["speeches", "count", "", ""], rows["speeches", "length", "", ""]
    said = _said(page, "speeches")
    assert f"in {count['estimate']} of the" in said
    assert f"{int(count['rank']) - 1} of the {int(count['of']) - 1} other states have more" in said
    more, others = int(length["rank"]) - 1, int(length["of"]) - 1
    assert f"{more} of the {others} other states have more" in said
    # How many states vote more like a power than this one does: not the power's place among its partners.
    whole = [key for key in rows if key[:2] == ("votes", "agreement") and key[2] in NAMES and not key[3]]
    best = max((rows[key] for key in whole), key=lambda row: float(row["estimate"]))
    more, others, name = int(best["rank"]) - 1, int(best["of"]) - 1, NAMES[best["part"]]
    first = f"{name} is the first of the powers for {int(best['often']) - 1} of the {others} other states, too"
    assert re.search(rf"{first}; {more} of the {others} votes? with {name} more often", _said(page, "votes"))
    assert f"{100 * float(best['estimate']):.0f} %" in _said(page, "votes")
    # States are compared on as many mentions each.
    thin = rows["names", "thinned", "", ""]
    more, others = int(thin["rank"]) - 1, int(thin["of"]) - 1
    told = rf"are compared, {float(thin['estimate']):.1f}( \([\d.]+ to [\d.]+\))?: {more} of the {others} other states"
    assert re.search(told, _said(page, "names"))
    # The most named, each with its base rate; how even they are.
    places = [row for (_, measure, _, _), row in rows.items() if row["often"] and measure == "place"]
    for n, row in enumerate(places):  # the first of a list says in words what its numbers are
        also = int(row["often"]) - 1
        told = rf"of the mentions; among the first three of {also} other" if n == 0 else rf"%; {also}\)"
        assert re.search(rf"\([\d.]+ % ?{told}".replace("% ?%", "%"), _said(page, "names")), row["part"]
    even = rows["names", "evenness", "", ""]
    assert f"Its evenness is {float(even['estimate']):.2f}" in _said(page, "names")


def test_whom_it_never_names_is_told_with_how_many_others_never_do(page, listed, codes):
    _view(page, "#UZB", "UZB all")
    never = [row for row in listed("UZB") if row["measure"] == "power" and float(row["estimate"]) == 0]
    others = [row for code in codes if code != "UZB" for row in listed(code) if row["measure"] == "power"]
    assert never
    for place, row in enumerate(never):
        n = sum(other["part"] == row["part"] and float(other["estimate"]) == 0 for other in others)
        also = f"{n} other states never name it either" if place == 0 else n
        assert f"{NAMES[row['part']]} ({also})" in _said(page, "names")


def test_the_summary_says_whether_it_stopped_naming_a_power(page, listed):
    for code in ("UZB", "CHN"):
        _view(page, f"#{code}", f"{code} all")
        runs = [row for row in listed(code) if row["measure"] == "silence" and row["kind"] == "stopped"]
        seldom = sorted((row for row in runs if float(row["estimate"]) <= 0.2), key=lambda row: float(row["estimate"]))
        [told] = page.locator(".states-summary li", has_text="Of all mentions of places").all_inner_texts()
        if seldom:
            [power] = [row for row in listed(code) if row["measure"] == "power" and row["part"] == seldom[0]["part"]]
            years = [int(row["year"]) for row in listed(code) if row["measure"] == "speech"]
            last = sorted(years)[power["hits"].rindex("y")]
            assert f"{NAMES[power['part']]} was last named in {last}" in told
            assert f"{power['hits'].count('y')} of the {len(years)} speeches" in told
        else:
            assert "not clearly fallen silent" in told


def test_a_place_on_the_line_is_told_from_the_nearer_end(page, listed):
    for code, way in (("UZB", "farther from"), ("USA", "nearer to")):
        _view(page, f"#{code}", f"{code} all")
        [place] = [row for row in listed(code) if row["view"] == "ideal" and row["measure"] == "place"]
        at, low, high, of = (int(place[key]) for key in ("estimate", "low", "high", "of"))
        n, a, b = (of - at, of - high, of - low) if way == "farther from" else (at - 1, low - 1, high - 1)
        assert f"{n} ({a} to {b}) of the {of - 1} other states" in _said(page, "ideal")
        assert f"{way} the United States' end" in _said(page, "ideal")


def test_a_topic_that_tells_of_a_time_leads_no_summary_and_is_warned_of(page, site):
    data = page.evaluate("window.manyVectorsExplorer.engine.load('world')")
    assert data["aside"]
    for code in SAMPLE:
        _view(page, f"#{code}", f"{code} all")
        summary = page.locator(".states-summary").inner_text()
        for topic in data["aside"]:
            name = ", ".join(data["topics"][int(topic) - 1][: data["called"]])
            assert f"most is “{name}" not in summary and f"the topic “{name}" not in summary
        if name in page.locator("#view-topics .states-chart").first.inner_text():
            assert "of a time rather than of a subject" in page.locator("#view-topics figcaption").first.inner_text()


NAMES = {
    "CHN": "China",
    "FRA": "France",
    "GBR": "United Kingdom",
    "IND": "India",
    "RUS": "Russia",
    "USA": "United States",
}


def test_a_change_is_told_with_its_size_and_beside_others_that_were_chosen_alike(page, listed):
    _view(page, "#UZB", "UZB all")
    rows = [row for row in listed("UZB", reasons=True) if row["view"] == "breaks"]
    [most] = [row for row in rows if row["measure"] == "most"]
    said = _said(page, "breaks")
    assert re.search(r"[+−][\d.]+ [^(]+\([+−][\d.]+ to [+−][\d.]+\) beyond the others", said), said
    assert f"among the {most['n']} series" in said
    # What was not followed is named in the same breath.
    few = [row for row in rows if row["why"] == "too-few-years" and row["measure"] == "agreement"]
    assert few and f"agreement with {len(few)} powers" in said and "want of years" in said
    # First whether it is unusual, by the place among the states; then what each side did.
    rank, of = int(most["rank"]), int(most["of"])
    first = page.locator("#view-breaks .states-said li").first.inner_text()
    assert first.startswith("No change of Uzbekistan is unusual") == (rank > of / 10)
    assert re.search(rf"{rank - 1} of the {of - 1} other states ha(s|ve) a stronger case", first)
    [row] = [row for row in rows if f"{row['measure']} {row['part']}".strip() == most["series"]]
    moved, estimate = float(row["moved"]), float(row["estimate"])
    for who, size in (("its own number", moved), ("the others", moved - estimate)):
        assert re.search(rf"{who} ({'rose' if size > 0 else 'fell'} by|hardly moved)", said)
    assert ("an interval that holds zero" in said) == (float(row["low"]) <= 0 <= float(row["high"]))
    assert said.index("No change") < said.index("its own number") < said.index("beyond the others")


def test_a_word_is_told_by_the_ratio_of_the_rates_beside_it(page, listed):
    _view(page, "#GEO", "GEO all")
    said = _said(page, "words")
    [(times, rate, reference)] = re.findall(r"” ([\d,.]+) × .*? ([\d.]+) beside ([\d.]+) in 10,000", said)
    assert float(times.replace(",", "")) == pytest.approx(float(rate) / float(reference), rel=0.15)
    head, rows = _table(page, "words")
    for row in rows:
        one = dict(zip(head, row, strict=True))
        if one["estimate"] and float(one["the others' per 10,000"]) > 0.1:
            of = float(one["per 10,000 words"]) / float(one["the others' per 10,000"])
            assert float(one["estimate"]) == pytest.approx(of, rel=0.02, abs=1e-3)


def test_what_is_shown_stands_in_the_box_and_can_be_typed_over(page):
    _view(page, "#UZB&with=KAZ", "UZB KAZ all")
    assert [page.input_value(f"#explorer-{box}") for box in ("states", "beside")] == ["Uzbekistan", "Kazakhstan"]
    page.locator("#explorer-states").focus()
    page.keyboard.type("Kenya")
    page.keyboard.press("Enter")
    page.wait_for_function(f"{SHOWN} === 'KEN KAZ all'")
    assert page.input_value("#explorer-states") == "Kenya"


def test_all_numbers_of_a_state_are_one_file_with_its_licence(page, listed):
    _view(page, "#EST", "EST all")
    with page.expect_download() as download:
        page.locator(".states-head .explorer-csv", has_text="All numbers").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert any("CC BY 4.0" in line for line in lines if line.startswith("#"))
    rows = [row for row in csv.DictReader(line for line in lines if not line.startswith("#")) if not row["why"]]
    about = " ".join(line for line in lines if line.startswith("#"))
    assert "95 % interval" in about and "oftener" in about  # what each column holds
    wanted = listed("EST")
    texts = {"view", "measure", "part", "year", "among", "grade", "why", "words", "hits", "kind", "power", "series"}
    assert list(rows[0]) == list(wanted[0]) and {"rate", "moved", "often", "hits"} <= set(rows[0])
    both = [
        sorted([[row[k] if k in texts else row[k] and float(row[k]) for k in row] for row in several], key=str)
        for several in (rows, wanted)
    ]
    assert both[0] == both[1]


def test_tables_of_all_states_are_a_link_away(page, site):
    links = page.locator("#explorer-form a[download]").all()
    found = [(site / "book" / link.get_attribute("href")).resolve() for link in links]
    assert [path.name for path in found] == ["states.csv", "states.zip"] and all(path.is_file() for path in found)


def test_every_view_has_a_passport(page):
    _view(page, "#UZB", "UZB all")
    for view in VIEWS[:-1]:
        page.locator(f"#view-{view} .states-passport").evaluate("box => { box.open = true; }")
        page.wait_for_function(f"document.querySelector('#view-{view} .states-passport dd')")
        told = page.locator(f"#view-{view} .states-passport dl").inner_text()
        assert "UZB.csv" in told and "manyvectors.export.states." in told
        assert {"ideal": "refits", "breaks": "ranked"}.get(view, "1,000 resamples") in told


def test_a_view_is_found_again_by_its_link_and_holds_its_table(page, browser, address):
    _view(page, "#UZB&view=words&apart=region", "UZB words region")
    page.locator("#view-words .states-take summary").click()
    with page.expect_download() as download:
        page.locator("#view-words .explorer-csv").click()
    body = Path(download.value.path()).read_text(encoding="utf-8")
    head, *rows = csv.reader(line for line in body.splitlines() if not line.startswith("#"))
    link = page.input_value("#explorer-words-link")
    assert (head, rows) == _table(page, "words") and link in body and link.endswith("#UZB&view=words&apart=region")
    other = browser.new_page()
    other.goto(link)
    other.wait_for_function(f"{SHOWN} === 'UZB words region'")
    assert _table(other, "words") == _table(page, "words")
    assert other.input_value("#explorer-words-apart") == "region"
    other.close()


def test_every_view_stands_alone_in_a_frame(page, browser):
    _view(page, "#UZB", "UZB all")
    other = browser.new_page(viewport={"width": 390, "height": 720})
    for view in VIEWS[:-1]:
        page.locator(f"#view-{view} .states-take summary").click()
        line = page.input_value(f"#explorer-{view}-frame")
        source = re.search(r'<iframe src="([^"]+)"', line)[1].replace("&amp;", "&")
        assert f"?embed#UZB&view={view}" in source
        assert page.input_value(f"#explorer-{view}-link") == source.replace("?embed", "")
        other.goto(source)  # of the same page but for what stands after the mark, it is not loaded again
        other.wait_for_function(f"{SHOWN} === 'UZB {view}'")
        assert other.locator(".states-view").count() == 1 and other.locator(f"#view-{view} figure").first.is_visible()
        assert other.locator("#explorer-form").is_hidden() and other.locator("h1:not(.states-embedded)").is_hidden()
        assert other.evaluate("document.documentElement.scrollWidth") <= 390
        assert "Open this record" in other.locator(".explorer-only-embedded").inner_text()
    other.close()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Uzbekistan", "UZB"), ("Узбекистан", "UZB"), ("Өзбекстан", "UZB"), ("UZ", "UZB"), ("uzb", "UZB"),
        ("Эстония", "EST"), ("Кения", "KEN"), ("Америка Құрама Штаттары", "USA"), ("Holy See", "VAT"),
        ("European Union", "EU"), ("Ivory Coast", "CIV"),
    ],
)  # fmt: skip
def test_a_state_is_found_by_its_names(page, typed, code):
    page.locator("#explorer-states").fill(typed)
    page.locator("#explorer-states").press("Enter")
    page.wait_for_function(f"(code) => {SHOWN}.split(' ')[0] === code", arg=code)
    assert page.evaluate("location.hash").startswith(f"#{code}")


def test_a_slip_is_offered_and_nonsense_is_told(page):
    _view(page, "#UZB", "UZB all")
    page.locator("#explorer-states").fill("Turkmenistann")
    page.locator("#explorer-states").press("Enter")
    page.locator("#explorer-instead button", has_text="Turkmenistan").click()
    page.wait_for_function(f"{SHOWN} === 'TKM all'")
    page.locator("#explorer-states").fill("Atlantis of old")
    page.locator("#explorer-states").press("Enter")
    page.wait_for_function("document.getElementById('explorer-status').textContent.includes('Atlantis of old')")
    page.evaluate("location.hash = '#XXX'")
    page.wait_for_function("document.getElementById('explorer-status').textContent.includes('XXX')")
    for hash_ in ("#UZB&with=__proto__&view=constructor&years=%E0%A4%A&apart=toString", "#uzb&view=words&years=1850"):
        page.evaluate("document.getElementById('explorer').dataset.shown = ''")
        page.evaluate("(hash) => { location.hash = '#'; location.hash = hash; }", hash_)
        page.wait_for_function(f"({SHOWN} || '').startsWith('UZB')")
        assert page.evaluate(SHOWN).split()[-1] in ("all", "words")  # no year that cannot be chosen
        links = page.eval_on_selector_all("#explorer-result a[href*='view=']", "all => all.map(one => one.href).join()")
        assert "1850" not in links and "toString" not in links


def test_a_second_state_typed_beside_an_unknown_first_is_shown(browser, address):
    there, errors = browser.new_page(), []
    there.on("pageerror", lambda error: errors.append(str(error)))
    there.goto(f"{address}/{PAGE}#XXX")
    there.wait_for_function("document.getElementById('explorer-status').textContent.includes('XXX')")
    there.locator("#explorer-beside").fill("Uzbekistan")
    there.locator("#explorer-beside").press("Enter")
    there.wait_for_function(f"({SHOWN} || '').startsWith('UZB')")
    assert not errors
    there.close()


def test_two_states_stand_side_by_side_and_one_below_the_other(page, browser, address):
    _view(page, "#UZB&with=TKM", "UZB TKM all")
    boxes = page.eval_on_selector_all("#view-words .states-panel", "all => all.map(b => b.getBoundingClientRect().x)")
    assert len(boxes) == 2 and boxes[0] == boxes[1]
    names = {row[0] for row in _table(page, "votes")[1]}
    assert names == {"Uzbekistan", "Turkmenistan"}
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    wide = _open(browser, address, "#UZB&with=TKM", viewport={"width": 1280, "height": 900})
    boxes = wide.eval_on_selector_all("#view-words .states-panel", "all => all.map(b => b.getBoundingClientRect().x)")
    assert boxes[0] < boxes[1]
    wide.close()
    page.locator("#explorer-alone").click()
    page.wait_for_function(f"{SHOWN} === 'UZB all'")


def test_all_by_keyboard(page):
    _view(page, "#UZB", "UZB all")
    page.locator("#explorer-pick").evaluate("box => { box.open = true; }")
    page.locator(".states-map").focus()
    assert page.text_content("#explorer-pointed") == "Uzbekistan"
    page.keyboard.press("ArrowUp")
    assert page.text_content("#explorer-pointed") == "Kazakhstan"
    page.keyboard.press("Enter")
    page.wait_for_function(f"{SHOWN} === 'KAZ all'")
    page.locator("#explorer-region").focus()
    page.locator("#explorer-region").select_option(label="Caribbean")
    page.locator("#explorer-list a", has_text="Grenada").press("Enter")
    page.wait_for_function(f"{SHOWN} === 'GRD all'")
    page.locator("#explorer-beside").fill("Barbados")
    page.locator("#explorer-beside").press("Enter")
    page.wait_for_function(f"{SHOWN} === 'GRD BRB all'")
    page.locator("#explorer-words-years").select_option(index=2)
    page.wait_for_function(f"{SHOWN}.startsWith('GRD BRB words ')")
    assert page.evaluate("document.activeElement.id") == "explorer-words-years"


def test_every_state_with_an_outline_or_a_dot_can_be_reached_by_arrows(page, codes):
    """From wherever one stands, arrows lead to every state of the map."""
    unreached = page.evaluate(
        """() => {
      const { placeOf, nextOf } = window.manyVectorsExplorer.parts;
      const shapes = [...document.querySelectorAll(".states-map [role=option]")];
      const places = new Map(shapes.map((shape) => [shape.dataset.state, placeOf(shape)]));
      const seen = new Set([places.keys().next().value]);
      const waiting = [...seen];
      while (waiting.length) {
        const from = places.get(waiting.pop());
        for (const way of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
          const next = nextOf(places, from, way);
          if (next && !seen.has(next)) { seen.add(next); waiting.push(next); }
        }
      }
      return [...places.keys()].filter((code) => !seen.has(code));
    }"""
    )
    assert unreached == []
    on_map = set(page.eval_on_selector_all(".states-map [role=option]", "all => all.map(s => s.dataset.state)"))
    assert set(codes) - on_map <= {"EU"}  # a union has no outline; the list has it


def test_a_finger_takes_a_small_state(page):
    _view(page, "#UZB", "UZB all")
    page.locator("#explorer-pick").evaluate("box => { box.open = true; }")
    page.locator("#explorer-region").select_option(label="Caribbean")
    page.locator(".states-map").evaluate("map => map.scrollIntoView({ block: 'center' })")
    box = page.locator(".states-map circle[data-state=BRB]").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2 + 6, box["y"] + box["height"] / 2)
    page.wait_for_function(f"{SHOWN} === 'BRB all'")


def test_works_from_a_folder(page, browser, site):
    _view(page, "#UZB", "UZB all")
    tables = {view: _table(page, view) for view in VIEWS[:-1]}
    other = browser.new_page()
    other.goto(f"{(site / PAGE).as_uri()}#UZB")
    other.wait_for_function(SHOWN)
    assert {view: _table(other, view) for view in VIEWS[:-1]} == tables
    other.close()


def test_weights(browser, address, site):
    script = site / "_static" / "explorer" / "states.js"  # with the other rooms of the page
    files = [*(site / DATA).iterdir(), script, site / PAGE]
    assert sum(path.stat().st_size for path in files) < ALL
    page, sizes = browser.new_page(), {}
    page.on("requestfinished", lambda asked: sizes.update({asked.url: len(asked.response().body())}))
    page.goto(f"{address}/{PAGE}#UZB")
    page.wait_for_function(SHOWN)
    weights = {}
    for url in sizes:
        path = site / url.removeprefix(address).lstrip("/").split("?")[0].split("#")[0]
        if path.is_file():
            weights[path.name] = len(gzip.compress(path.read_bytes(), 6))
    assert sum(weights.values()) < FIRST_VIEW, weights
    assert weights["UZB.js"] < 25_000
    page.close()


# Colours are those of the page and not of the state: they are looked at in one record, which takes longest of all.
COLOURS = "color-contrast"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault(browser, address, axe, scheme):
    page = _open(browser, address, f"#{SAMPLE[0]}", color_scheme=scheme, **PHONE)
    page.locator("#explorer-pick").evaluate("box => { box.open = true; }")
    for n, code in enumerate(SAMPLE if scheme == "light" else SAMPLE[:1]):
        _view(page, f"#{code}" + ("&with=UZB" if n == 1 else ""))
        for box in page.locator("#explorer-result details").all()[:5]:
            box.evaluate("box => { box.open = true; }")
        only = {} if scheme == "light" else {"runOnly": [COLOURS]}
        rules = only or {"rules": {COLOURS: {"enabled": n == 0}}}
        assert faults(page, axe, **rules) == [], (code, scheme)
    page.close()


def test_without_scripts_the_page_says_what_it_needs(site, soup):
    said = soup(PAGE).select_one("#explorer noscript")
    assert "JavaScript" in said.get_text()
    for link in said.select("a"):
        assert (site / "book" / link["href"]).resolve().is_file()


def test_a_finger_needs_room(page):
    _view(page, "#UZB", "UZB all")
    small = page.eval_on_selector_all(
        "#explorer button, #explorer .explorer-csv, #explorer input, #explorer select, #explorer summary",
        "all => all.filter(b => b.offsetParent && b.offsetHeight < 44).map(b => b.outerHTML)",
    )
    assert not small


def test_a_missing_part_is_told(browser, address):
    page = _open(browser, address, "#UZB")
    page.route("**/states/TKM*", lambda route: route.abort())
    page.evaluate("location.hash = '#TKM'")
    page.wait_for_function("document.getElementById('explorer-status').textContent.includes('could not be loaded')")
    page.unroute("**/states/TKM*")
    page.evaluate("location.hash = '#UZB'")
    page.evaluate("location.hash = '#TKM'")
    page.wait_for_function(f"{SHOWN} === 'TKM all'")
    page.close()
