"""The directive ``quiz``: a list in Markdown becomes a form that replies, keeps answers and hands them over."""

import csv
import io
import re

import pytest
from browsing import faults
from bs4 import BeautifulSoup
from building import build, try_build, write_book

from manyvectors import pool

QUIZ = """# A page

```{quiz} quiz-weirs
1. What does an *interval* of a weir say?
   - [ ] Where the water certainly is.
     - No interval says that; see {doc}`other`.
   - [x] What measuring other days would give.
     - It does: days are drawn, not buckets.
2. Which way does the water run?
   - [x] Down.
     - As it always did.
   - [ ] Up.
     - Not without a pump.
   - [ ] Nowhere.
     - Then it would be a pond.
```
"""


@pytest.fixture(scope="module")
def quizzed(tmp_path_factory):
    """The pages of a book with one quiz."""
    folder = tmp_path_factory.mktemp("quizzed")
    pages = {"index": "# A cover\n\nText.", "weirs": QUIZ, "other": "# Another\n\nText."}
    title, fence, *lines, _ = QUIZ.partition("```{")[0], *QUIZ.partition("```{")[2].splitlines()
    pages["kept/weirs"] = f"{title}```{{{fence}\n:from: lists/weirs.md\n```\n"
    write_book(folder, pages)
    (folder / "kept" / "lists").mkdir()
    text = "\n".join(lines).replace("{doc}`other`", "{doc}`../other`")
    (folder / "kept" / "lists" / "weirs.md").write_text(text, encoding="utf-8")
    return build(folder)


@pytest.fixture(scope="module")
def served(quizzed, serve):
    return serve(quizzed)


@pytest.fixture
def page(served, browser):
    """The page with the quiz, in a new browser's context.

    From a server: what a page from a folder keeps is now and then lost by a private window of a busy Chromium when the
    page is loaded again (seen in two of fifty tries; from a server never).
    """
    there = browser.new_page(viewport={"width": 390, "height": 800})
    there.goto(f"{served}/weirs.html")
    there.wait_for_selector(".mv-check button")
    yield there
    there.close()


def saved(page):
    """Return the rows of the file that a reader saves."""
    with page.expect_download() as coming:
        page.locator(".mv-kept a").click()
    text = coming.value.path().read_text(encoding="utf-8")
    return coming.value.suggested_filename, list(csv.DictReader(io.StringIO(text)))


def test_without_scripts_every_option_has_its_reply_folded(quizzed):
    tree = BeautifulSoup((quizzed / "weirs.html").read_text(encoding="utf-8"), "lxml")
    form = tree.select_one("form.mv-quiz")
    asked = [question.select_one("legend").get_text(strip=False) for question in form.select("fieldset")]
    assert asked == ["1. What does an interval of a weir say?", "2. Which way does the water run?"]
    options = form.select(".mv-option")
    assert [option["data-right"] for option in options] == ["no", "yes", "yes", "no", "no"]
    assert all(option.select_one("details:not([open]) p").get_text() for option in options)
    assert form.select_one("legend em").get_text() == "interval"
    assert form.select_one(".mv-reply a")["href"] == "other.html"
    assert form.select_one(".mv-key").get_text() == "Answers: 1 b, 2 a."
    assert len({box["name"] for box in form.select("input")}) == 2


def test_a_list_in_a_file_of_its_own_makes_the_same_form(quizzed):
    forms = [
        BeautifulSoup((quizzed / name).read_text(encoding="utf-8"), "lxml").select_one("form.mv-quiz")
        for name in ("weirs.html", "kept/weirs.html")
    ]
    forms[1].select_one(".mv-reply a")["href"] = "other.html"
    assert str(forms[0]) == str(forms[1])
    assert not (quizzed / "kept" / "lists").exists()


def test_nothing_is_said_before_the_reader_asks(page):
    page.check("input[name=quiz-weirs-1][value=a]")
    assert page.locator("details:visible").count() == 0
    page.locator(".mv-check button").first.click()
    assert page.locator("details:visible").inner_text().splitlines()[0] == "Not this one."
    assert "No interval says that" in page.locator("details:visible").inner_text()
    # The reply is also read out.
    assert "No interval says that" in page.locator(".mv-heard").first.inner_text()


def test_asking_without_an_answer_says_so(page):
    page.locator(".mv-check button").nth(1).click()
    assert page.locator(".mv-asks").nth(1).inner_text() == "Choose an answer first."
    assert page.locator(".mv-score").inner_text() == ""


def test_from_a_folder_too(quizzed, browser):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto((quizzed / "weirs.html").as_uri())
    page.check("input[name=quiz-weirs-1][value=a]")
    page.locator(".mv-check button").first.click()
    assert page.locator(".mv-score").inner_text() == "1 of 2 answered, 0 right at the first try."
    assert [row["last"] for row in saved(page)[1]] == ["a"]
    page.close()


def test_the_first_answer_counts_and_the_last_is_kept(page):
    for letter in "ab":
        page.check(f"input[name=quiz-weirs-1][value={letter}]")
        page.locator(".mv-check button").first.click()
    page.check("input[name=quiz-weirs-2][value=a]")
    page.locator(".mv-check button").nth(1).click()
    assert page.locator(".mv-score").inner_text() == "2 of 2 answered, 1 right at the first try."
    name, rows = saved(page)
    drawn = page.locator(".mv-name input").input_value()
    assert re.fullmatch(r"[a-z]+-\d{3}", drawn) and name == f"{drawn}-answers.csv"  # nobody had a name yet
    assert {row["coder"] for row in rows} == {drawn}
    assert [(row["quiz"], row["question"], row["first"], row["last"], row["right_at_first"]) for row in rows] == [
        ("quiz-weirs", "1", "a", "b", "0"),
        ("quiz-weirs", "2", "a", "a", "1"),
    ]
    page.reload()
    page.wait_for_selector(".mv-check button")
    assert page.is_checked("input[name=quiz-weirs-1][value=b]")
    assert page.locator("details:visible summary").all_inner_texts() == ["Right.", "Right."]
    page.locator(".mv-kept button").click()
    assert page.locator("details:visible").count() == 0
    page.reload()
    page.wait_for_selector(".mv-check button")
    assert page.locator("input:checked").count() == 0


def test_two_tabs_keep_the_answers_of_both(page):
    with page.expect_popup() as opened:
        page.evaluate("window.open(location.href)")
    other = opened.value
    other.wait_for_selector(".mv-check button")
    for tab, question in ((page, 1), (other, 2)):
        tab.check(f"input[name=quiz-weirs-{question}][value=a]")
        tab.locator(".mv-check button").nth(question - 1).click()
    # What one tab keeps reaches the other a moment later.
    page.wait_for_function("Object.values(localStorage).join().includes('\"2\":')")
    assert [row["question"] for row in saved(page)[1]] == ["1", "2"]
    other.close()


@pytest.mark.parametrize("held", ["{bad", "null", "[1]", '{"quiz-weirs": 3}', '{"quiz-weirs": {"1": null}}'])
def test_what_another_program_kept_there_does_not_stop_the_page(page, held):
    page.evaluate("held => localStorage.setItem(document.querySelector('form.mv-quiz').dataset.store, held)", held)
    page.reload()
    page.wait_for_selector(".mv-check button")
    page.check("input[name=quiz-weirs-1][value=a]")
    page.locator(".mv-check button").first.click()
    assert page.locator(".mv-score").inner_text() == "1 of 2 answered, 0 right at the first try."
    assert [row["first"] for row in saved(page)[1]] == ["a"]


def test_where_nothing_may_be_kept_the_page_still_answers(page):
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied'); } })")
    page.reload()
    page.wait_for_selector(".mv-check button")
    for question in (1, 2):
        page.check(f"input[name=quiz-weirs-{question}][value=a]")
        page.locator(".mv-check button").nth(question - 1).click()
    assert page.locator(".mv-score").inner_text() == "2 of 2 answered, 1 right at the first try."


def test_a_name_is_kept_and_stands_in_the_file(page, tmp_path):
    page.check("input[name=quiz-weirs-1][value=b]")
    page.locator(".mv-check button").first.click()
    field = page.get_by_label("Name for your file")
    field.fill("=heron 7")
    field.press("Enter")
    assert page.locator(".mv-asks").all_inner_texts() == ["", ""]  # it answered no question
    name, rows = saved(page)
    assert (name, rows[0]["coder"]) == ("heron-7-answers.csv", "'=heron 7")
    page.reload()
    assert page.get_by_label("Name for your file").input_value() == "=heron 7"
    page.get_by_role("button", name="Draw a name").press("Enter")
    name, rows = saved(page)
    with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    (who,) = pool.read(tmp_path / name, names=True)["who"].unique()
    assert name == f"{who}-answers.csv" and re.fullmatch(r"[a-z]+-\d{3}", who)


def test_the_keyboard_does_all(page):
    page.focus("input[name=quiz-weirs-2][value=a]")
    for key in ("Space", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    # Enter asks about the question of the option, not about the first of the form.
    assert page.locator("details:visible p").inner_text() == "Not without a pump."
    page.focus("input[name=quiz-weirs-2][value=b]")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("details:visible p").inner_text() == "As it always did."


def test_a_finger_reaches_what_it_needs(page):
    heights = page.eval_on_selector_all(".mv-option label, .mv-quiz button", "all => all.map(e => e.offsetHeight)")
    assert min(heights) >= 24
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_axe_finds_nothing(page, axe):
    page.check("input[name=quiz-weirs-1][value=a]")
    page.locator(".mv-check button").first.click()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(f"document.documentElement.dataset.theme = {scheme!r}")
        assert faults(page, axe, ".mv-quiz") == [], scheme


FAULTS = [
    ("   - [x] What", "   - [ ] What", "question 1: give at least two options, just one of them marked [x]"),
    ("   - [ ] Where", "   - [x] Where", "question 1: give at least two options, just one of them marked [x]"),
    ("   - [ ] Up.", "   - Up.", "question 2, option 2: begin it with [x] or [ ]"),
    ("     - Not without a pump.\n", "", "question 2, option 2: write its reply under it"),
    ("Not without a pump.", "Then it would be a pond.", "question 2: two options have one reply"),
    ("2. Which", "- Which", "write one list of questions"),
    ("quiz-weirs\n", "quiz-weirs\n:from: nowhere.md\n\n", "no file nowhere.md"),
]


def test_a_faulty_quiz_says_what_is_wrong_and_where(tmp_path):
    pages = {"index": "# A cover\n\nText.", "other": "# Another\n\nText."}
    for i, (old, new, _) in enumerate(FAULTS):
        assert QUIZ.count(old) == 1
        pages[f"weirs{i}"] = QUIZ.replace(old, new)
    done = try_build(write_book(tmp_path, pages))
    assert done.returncode != 0
    for i, (_, _, told) in enumerate(FAULTS):
        (line,) = [line for line in done.stderr.splitlines() if f"weirs{i}.md:3" in line]
        assert "quiz quiz-weirs" in line and told in line
