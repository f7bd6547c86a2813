"""The field that checks an answer on a page, as ``manyvectors.check`` does: also where a browser offers no hashes."""

import sys
from pathlib import Path

import pytest
from browsing import faults
from bs4 import BeautifulSoup
from building import build, write_book

from manyvectors import homework, messages

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from test_homework import SOLUTIONS, WRONG, _answer

SAID = "() => !['', '…'].includes(document.querySelector('#answer-%s .mv-answer-said').textContent)"
NUMBER, PARTS, WORD, SET = "ex-02-sklearn", "ex-03-rival", "ex-04-silent", "ex-01-gaps"
PAGE = """# A page

A task.

```{answer} ex-03-rival
```

(More.)

````{exercise}
:label: ex-aw-explorer

*Explorer, 5 minutes.* Look.
````
"""


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """The pages of a book with a field for each exercise that can be checked."""
    folder = tmp_path_factory.mktemp("asked")
    fields = "\n".join(f"```{{answer}} {label}\n```\n" for label in SOLUTIONS)
    pages = {"index": "# A cover\n\nText.", "all": f"# A page\n\n{fields}"}
    pages["one"] = PAGE
    return build(write_book(folder, pages))


@pytest.fixture(scope="module")
def page(asked, browser):
    """The page with all fields, from a folder."""
    there = browser.new_page(viewport={"width": 390, "height": 800})
    there.goto((asked / "all.html").as_uri())
    there.wait_for_selector(".mv-answer-check button")
    yield there
    there.close()


def say(page, label, value):
    """Fill in an answer, ask, and return what is said."""
    form = page.locator(f"#answer-{label}")
    values = value if isinstance(value, dict) else {"": value}
    for part, one in values.items():
        told = ", ".join(map(str, one)) if not isinstance(one, str) and hasattr(one, "__len__") else str(one)
        form.locator(f'input[data-part="{part}"]').fill(told)
    form.locator("input").last.press("Enter")
    page.wait_for_function(SAID % label)
    return form.locator(".mv-answer-said").inner_text()


@pytest.mark.parametrize("label", SOLUTIONS)
def test_a_right_answer_passes_and_a_plausible_wrong_one_does_not(page, label):
    right, wrong = _answer(label), WRONG[label]()
    wrong = dict(wrong.items()) if hasattr(wrong, "items") else wrong
    # What Python says is what the page says, word for word.
    if isinstance(right, dict) and isinstance(wrong, dict):
        wrong = {part: wrong[next(name for name in wrong if str(name) == part)] for part in right}
    assert say(page, label, right) == messages.say("homework.right")
    assert page.locator(f"#answer-{label}").get_attribute("data-right") == "yes"
    assert say(page, label, wrong) == str(homework.check(label, wrong))
    assert page.locator(f"#answer-{label}").get_attribute("data-right") == "no"


def test_one_part_alone_is_right_so_far(page):
    form = page.locator(f"#answer-{PARTS}")
    form.locator("input").evaluate_all("all => all.forEach(one => { one.value = ''; })")
    part, value = next(iter(_answer(PARTS).items()))
    assert say(page, PARTS, {part: value}) == "Right so far: 1 of 6 parts."
    assert say(page, PARTS, {part: value + 7}).startswith("Not yet")
    assert form.locator("input[aria-invalid]").count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Write your answer first."), ("a dozen", "“a dozen” is no number."), (" {} ", "Right."), ("{},0", "Right.")],
)
def test_what_is_typed_is_read_as_a_reader_means_it(page, typed, said):
    assert say(page, NUMBER, typed.format(_answer(NUMBER))) == said


def test_spelling_and_numbers_are_read_as_python_reads_them(page):
    from manyvectors.methods import answers

    texts = [" Secretary-General", "NON–proliferation", "a\u00a0 b", "Türkiye", "ﬁsh", "Straße", "Казахстан", "I_J"]
    assert page.evaluate("all => all.map(manyVectorsAnswers.spelt)", texts) == [answers.spelt(one) for one in texts]
    values = [(59.46, 0.1), (-0.021, 0.001), (0.05, 0.1), (-0.05, 0.1), (1e9, 0.01), (2.5, 1), (-2.5, 1), (0.0, 1)]
    cells = page.evaluate("all => all.map(([value, step]) => manyVectorsAnswers.cell(value, step))", values)
    assert cells == [answers.cell(*one) for one in values]
    typed = ["1,234", "1,5", "−3", "12 %", "1,234,567.5", "3e2", ".5", "1,2,3", "0x10", "", "1e13", "0,123", "-0,123"]
    numbers = page.evaluate("all => all.map((one) => manyVectorsAnswers.numberOf(one))", typed)
    assert numbers == [1234, 1.5, -3, 12, 1234567.5, 300, 0.5, None, None, None, None, 0.123, -0.123]
    fine = page.evaluate(
        "all => all.map(([one, step]) => manyVectorsAnswers.numberOf(one, step))",
        [("1,234", 0.001), ("1,234", 1), ("1,234.5", 0.1), ("1,234,567", 0.1), ("12,345", 0.01)],
    )
    assert fine == [1.234, 1234, 1234.5, 1234567, 12.345]
    assert page.evaluate("manyVectorsAnswers.setOf('1996; 1995, 1996')") == answers.kept(["1995", "1996"], answers.SET)


SPACES = (" ", "\u00a0", "\u2009", "\u202f", "\u2007")  # of a keyboard, unbroken, thin, narrow and unbroken, of a digit


def test_thousands_are_parted_by_spaces_of_any_width_or_by_commas(page):
    typed = [f"1{space}234" for space in SPACES] + [f"-12{space}345{space}678,5" for space in SPACES]
    typed += ["1 234.5", "1 234,567", "1,234", "1,234,567", "− 3", "12\u202f%", "１２", "+1 000"]
    read = page.evaluate("all => all.map((one) => manyVectorsAnswers.numberOf(one, 1))", typed)
    right = [1234] * len(SPACES) + [-12345678.5] * len(SPACES)
    assert read == [*right, 1234.5, 1234.567, 1234, 1234567, -3, 12, 12, 1000]
    # Two numbers are not one, and a point that parts thousands cannot be told from one before decimals.
    none = [
        "12 34",
        "1 2 3",
        "1234 567",
        "1 23",
        "1 234 56",
        "1 234,567,8",
        "1.234.567",
        "1.234,5",
        "1'234",
        "1 234 e2",
    ]
    assert page.evaluate("all => all.map((one) => manyVectorsAnswers.numberOf(one, 1))", none) == [None] * len(none)


def test_a_large_answer_may_be_typed_as_it_is_printed(page):
    label, right = "ex-12-length", int(_answer("ex-12-length"))
    assert right >= 1000
    for space in (*SPACES, ",", ""):
        assert say(page, label, f"{right:,}".replace(",", space)) == messages.say("homework.right"), repr(space)
    assert say(page, label, f"{right // 100} {right % 100:02d}").endswith("is no number.")


def test_without_the_browser_s_own_hashes_ours_give_the_same(asked, browser, serve):
    """As on a plain address of a local network, where browsers offer none."""
    there, elsewhere = browser.new_page(), []
    there.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    address = serve(asked)
    there.on("request", lambda one: None if one.url.startswith(address) else elsewhere.append(one.url))
    there.goto(f"{address}/all.html")
    there.wait_for_selector(".mv-answer-check button")
    assert say(there, WORD, _answer(WORD)) == "Right."
    assert say(there, NUMBER, WRONG[NUMBER]()) == str(homework.check(NUMBER, WRONG[NUMBER]()))
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # of the standard's own example
    assert there.evaluate("manyVectorsHashing.sha256('abc')") == known and not elsewhere
    there.close()


def test_a_page_holds_no_answer_and_an_exercise_of_the_explorer_has_a_field(asked):
    tree = BeautifulSoup((asked / "one.html").read_text(encoding="utf-8"), "lxml")
    assert [form["id"] for form in tree.select("form.mv-answer")] == ["answer-ex-03-rival", "answer-ex-aw-explorer"]
    inside = str(tree.select_one("#answer-ex-03-rival"))
    assert not any(str(value) in inside for value in _answer(PARTS).values())
    assert "manyvectors.check" in tree.select_one("#answer-ex-03-rival noscript").get_text()
    assert "answers.js" not in (asked / "index.html").read_text(encoding="utf-8")


def test_axe_finds_no_fault(asked, browser, axe):
    for scheme in ("light", "dark"):
        there = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
        there.goto((asked / "one.html").as_uri())
        there.wait_for_selector(".mv-answer-check button")
        say(there, PARTS, {"1995": 1})
        assert faults(there, axe) == [], scheme
        assert there.evaluate("document.documentElement.scrollWidth") <= 390
        there.close()
