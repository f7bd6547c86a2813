"""Name that topic: its files are those of ``validation.read``, its scores those of ``validation.score``.

The coders of these tests are invented by chance: no person has coded a sheet.
"""

import re

import numpy as np
import pandas as pd
import pytest
from building import ROOT
from explorers import too_small
from labs import FIRST_VIEW, lead, opened, rows, settled, violations, weight

from manyvectors import topics, validation

LAB = "name-that-topic"
KINDS = {"words": "word-intrusion.csv", "topics": "topic-intrusion.csv"}
OPTION = ".lab-options button"


@pytest.fixture(scope="module")
def model(c):
    """The model of the chapters on topics, from which the shipped sheets were made."""
    return topics.TopicModel(14, random_state=0, starts=3).fit(c.terms(state=c.study.focus, unit="segment"))


@pytest.fixture(scope="module")
def sheets(model):
    return {"words": validation.word_intrusion(model), "topics": validation.topic_intrusion(model)}


@pytest.fixture
def handed_in(sheets, tmp_path):
    """A function that writes the files of invented coders, of whom some leave blanks; returns their paths."""

    def write(kind, coders, seed=0):
        rng, paths, sheet = np.random.default_rng(seed), [], sheets[kind]
        for i in range(coders):
            size = sum(name.startswith(kind[:-1] + "_") for name in sheet)
            answers = rng.integers(0 if i % 2 else 1, size + 1, len(sheet))
            paths.append(tmp_path / f"invented-{i}.csv")
            validation.write(sheet.assign(answer=["" if one == 0 else str(one) for one in answers]), paths[-1])
        return paths

    return write


def button(lab, words):
    return lab.get_by_role("button", name=words, exact=True)


def read_files(lab, paths):
    """Give the files of a class to the page, in the place of those that were there."""
    if button(lab, "Forget these files").is_visible():
        button(lab, "Forget these files").click()
    lab.set_input_files("input[type=file]", list(map(str, paths)))
    lab.wait_for_function(
        "n => document.querySelectorAll('.lab-files li, .lab-faults li').length === n", arg=len(paths)
    )
    lab.wait_for_function("!document.getElementById('explorer').dataset.busy")


def number(text):
    return np.nan if text in ("", "none") else float(text.replace("\u2212", "-"))


def same(lab, score):
    """Compare what the page shows with a score of the package."""
    whole = {
        row["what"]: [number(row[name]) for name in ("number", "interval from", "interval to")] for row in rows(lab, 1)
    }
    assert whole["coders"][0] == len(score.coders)
    assert whole["answers"][0] == score.answered
    assert whole["precision"] == pytest.approx(list(map(float, score.precision[:3])), abs=6e-4, nan_ok=True)
    assert whole["guessing"][0] == pytest.approx(score.chance, abs=6e-4)
    assert whole["pairs that agree"][0] == pytest.approx(score.agreement, abs=6e-4, nan_ok=True)
    if score.log_odds is not None:
        assert whole["log odds"] == pytest.approx(list(map(float, score.log_odds[:3])), abs=6e-4, nan_ok=True)
    columns = {"answers": "coded", "precision": "precision", "interval from": "low", "interval to": "high"}
    columns |= {"log odds": "log_odds", "items": "items"} if score.log_odds is not None else {}
    shown = rows(lab)
    assert [int(row["topic"].split(" ")[0]) for row in shown] == score.by_topic["topic"].tolist()
    for name, column in columns.items():
        expected = score.by_topic[column].to_numpy(float)
        assert np.allclose([number(row[name]) for row in shown], expected, atol=6e-4, equal_nan=True), name


def test_the_sheets_of_the_page_are_those_of_the_book(sheets):
    for kind, name in KINDS.items():
        shipped = pd.read_csv(ROOT / "book/sheets" / name, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        assert shipped.equals(sheets[kind].astype(str))


@pytest.mark.parametrize(("kind", "coders"), [("words", 4), ("words", 1), ("topics", 3)])
def test_scores_of_a_class_are_those_of_the_package(lab, model, handed_in, kind, coders):
    paths = handed_in(kind, coders, seed=coders)
    lead(lab, sheet=kind, key=1)
    read_files(lab, paths)
    score = validation.score(validation.read(paths), model)
    same(lab, score)
    shown = rows(lab, 2)
    wanted = validation.key(model, validation.read(paths))
    intruders = wanted["intruder"] if kind == "words" else None
    assert intruders is None or [row["does not belong"] for row in shown] == intruders.tolist()
    right = score.answers.groupby("item")["correct"].agg(["sum", "size"]).reindex(wanted.index, fill_value=0)
    assert [row["found by"] for row in shown] == [f"{a} of {b}" for a, b in right.to_numpy()]
    found = float(re.search(r"(\d+) %", lab.text_content("#explorer-caption"))[1])
    assert found == pytest.approx(100 * float(score.precision.estimate), abs=0.51)
    button(lab, "Forget these files").click()


def test_all_right_and_none_right(lab, model, sheets, tmp_path):
    right = validation.key(model, sheets["topics"])["position"]
    for i, answers in enumerate((right, right % 4 + 1)):
        path = tmp_path / f"invented-{i}.csv"
        validation.write(sheets["topics"].assign(answer=answers.astype(str).tolist()), path)
        lead(lab, sheet="topics", key=1)
        read_files(lab, [path])
        same(lab, validation.score(validation.read(path), model))
    button(lab, "Forget these files").click()


def test_answers_by_keyboard_are_saved_as_the_package_reads_them(lab, model, sheets, tmp_path):
    lead(lab, sheet="words")
    assert button(lab, "Save my answers (CSV)").is_disabled()
    lab.locator(OPTION).nth(2).focus()
    lab.keyboard.press("Enter")
    settled(lab, w="3" + "0" * 13)
    assert lab.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    lab.keyboard.press("5")  # another choice, by its number
    settled(lab, w="5" + "0" * 13)
    button(lab, "Next").focus()
    lab.keyboard.press("Enter")
    settled(lab, at=1)
    assert lab.evaluate("document.activeElement.id") == "lab-question"
    lab.keyboard.press("2")
    settled(lab, w="52" + "0" * 12)
    lab.get_by_label("Name of your file").fill("heron 7")
    lab.keyboard.press("Tab")
    settled(lab, who="heron 7")
    with lab.expect_download() as coming:
        button(lab, "Save my answers (CSV)").press("Enter")
    assert coming.value.suggested_filename == "heron-7-words.csv"
    path = tmp_path / "handed-in.csv"
    coming.value.save_as(path)
    answers = validation.read(path)
    assert answers["coder"].unique().tolist() == ["heron 7"]
    assert answers["answer"].tolist()[:2] == [5, 2] and answers["answer"].isna().sum() == 12
    button(lab, "Show what was right").press("Enter")
    settled(lab, key=1)
    same(lab, validation.score(answers, model))
    intruder = validation.key(model, sheets["words"]).loc[2, "intruder"]
    assert intruder in lab.text_content(".lab-told")  # of the item that is shown
    assert lab.locator(OPTION).first.is_disabled()  # whoever has seen the key is asked no more


def test_by_finger(lab):
    lead(lab, sheet="topics")
    assert lab.is_visible(".lab-passage") and rows(lab)[0]["your answer"] == "blank"
    lab.locator(OPTION).nth(1).tap()
    settled(lab, t="2" + "0" * 29)
    button(lab, "Next").tap()
    settled(lab, at=1)
    button(lab, "Draw a name").tap()
    lab.wait_for_function(
        "/^who=[a-z]+-\\d{3}$/.test(document.getElementById('explorer').dataset.shown.match(/who=[^&]*/)[0])"
    )
    lead(lab, sheet="topics", t="2")
    with lab.expect_download() as coming:  # whoever has no name yet gets one with the file
        button(lab, "Save my answers (CSV)").tap()
    assert re.fullmatch(r"[a-z]+-\d{3}-topics\.csv", coming.value.suggested_filename)
    assert too_small(lab, "#explorer :is(button, select, input[type=text], a.explorer-csv)") == []
    assert lab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_right_is_shown_when_it_is_asked_for(lab, model, sheets):
    lead(lab, sheet="words", w="1" * 14)
    shown = lab.text_content("#explorer-result")
    assert "does not belong" not in shown and not lab.is_visible("#explorer-figure")
    with_key = lab.evaluate("document.documentElement.outerHTML")
    assert "Confidence-building in Asia" not in with_key.split("<main")[-1]
    button(lab, "Show what was right").click()
    settled(lab, key=1)
    assert lab.locator(".lab-drawing .lab-dot").count() == 14
    button(lab, "Start this sheet again").click()
    settled(lab, key=0, w="")


def test_a_link_leads_to_the_same_answers(lab, browser, address):
    lead(lab, sheet="words", w="16253412345612", key=1, who="otter-123")
    again = opened(browser, address, LAB, lab.get_attribute("#explorer", "data-shown"))
    assert [rows(again, i) for i in range(3)] == [rows(lab, i) for i in range(3)]
    assert again.input_value("#explorer-link") == lab.input_value("#explorer-link")
    again.close()


def test_what_is_wrong_with_a_file_is_said(lab, sheets, tmp_path):
    good = sheets["words"].assign(answer="1")
    texts = {
        "of-another.csv": good.assign(sheet="words-00000000-00000000").to_csv(index=False),
        "changed.csv": good.assign(word_1="weir").to_csv(index=False),
        "short.csv": good[:-2].to_csv(index=False),
        "blank.csv": good.assign(answer="").to_csv(index=False),
        "strange.csv": good.assign(answer="9").to_csv(index=False),
        "no-sheet.csv": "a,b\n1,2\n",
        "empty.csv": "",
        "good.csv": good.to_csv(index=False),
        "semicolons.csv": "\ufeff" + good.assign(answer=good["word_2"].str.upper()).to_csv(index=False, sep=";"),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    lead(lab, sheet="words", key=1)
    read_files(lab, [tmp_path / name for name in texts])
    said = lab.locator(".lab-faults li").all_text_contents()
    wanted = ["of another sheet", "item 1: something else", "2 items of the sheet are missing", "has given no answers"]
    wanted += ["“9” is none of the choices", "no column “item”", "is empty"]
    assert len(said) == len(wanted) and all(one in text for one, text in zip(wanted, said, strict=True))
    assert lab.locator(".lab-files li").all_text_contents() == [
        "good.csv: good, Words of topics, 14 answers",
        "semicolons.csv: semicolons, Words of topics, 14 answers",
    ]
    lab.set_input_files("input[type=file]", str(tmp_path / "good.csv"))
    lab.wait_for_function("document.querySelector('.lab-faults li')?.textContent.includes('handed in the same before')")
    button(lab, "Forget these files").click()


def test_accessible_light_and_from_here(lab, site, axe):
    lead(lab, sheet="words", w="16253412345612", key=1)
    assert violations(lab, axe) == []
    assert weight(lab, site, LAB) < FIRST_VIEW
