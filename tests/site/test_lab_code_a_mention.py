"""Code a mention: its alpha is that of ``rhetoric.alpha``; its files are those of the page on training coders.

The coders of these tests are invented by chance; the passages are of states that do not exist.
"""

import numpy as np
import pandas as pd
import pytest
from building import ROOT
from explorers import too_small
from labs import FIRST_VIEW, lead, opened, rows, settled, violations, weight

from manyvectors import pool, rhetoric
from manyvectors.methods.coding import prepared

LAB = "code-a-mention"
KINDS = {"named": "n", "leaning": "l"}


@pytest.fixture(scope="module")
def passages():
    table = pd.read_csv(
        ROOT / "data/invented/practice-sentences.csv", dtype=str, keep_default_na=False, index_col="row"
    )
    return {kind: part for kind, part in table.groupby("kind")}


@pytest.fixture(scope="module")
def values(c):
    """The values of each question, by kind: dict of dict of list."""
    return {
        kind: {code: list(known) for code, known in one.items()} for kind, one in prepared.codebook(c).kinds.items()
    }


def drawn(values, size, seed, blank=0.2):
    """Codes of an invented coder: DataFrame of str, missing for a blank."""
    rng = np.random.default_rng(seed)
    found = pd.DataFrame({code: rng.choice(known, size).astype(object) for code, known in values.items()})
    return found.mask(rng.random(found.shape) < blank)


def in_address(codes, values):
    digits = codes.apply(
        lambda column: [1 + values[column.name].index(one) if isinstance(one, str) else 0 for one in column]
    )
    return "".join(map(str, digits.to_numpy().ravel()))


def button(lab, words):
    return lab.get_by_role("button", name=words, exact=True)


def number(text):
    return np.nan if text in ("", "none") else float(text.replace("\u2212", "-"))


def agreed(coders):
    """Alpha with its interval, and the share of pairs that agree, from coders' codes of one question."""
    table = pd.DataFrame(coders).to_numpy(object)
    found = rhetoric.alpha_interval(table)
    pairs = [
        a == b for unit in table.T for i, a in enumerate(unit) for b in unit[i + 1 :] if {type(a), type(b)} == {str}
    ]
    return [np.mean(pairs), *map(float, found[:3])]


@pytest.mark.parametrize("kind", KINDS)
def test_alpha_is_that_of_the_package(lab, passages, values, tmp_path, kind):
    size, short = len(passages[kind]), KINDS[kind]
    coders = [drawn(values[kind], size, seed) for seed in (1, 2, 3)]
    third = coders[2].set_axis(passages[kind].index).rename_axis("row").fillna("")
    third[third.ne("").any(axis=1)].to_csv(tmp_path / "third.csv")
    named = {f"{short}{one}": in_address(codes, values[kind]) for one, codes in zip("ab", coders, strict=False)}
    lead(lab, kind=kind, ask="all", cmp=1, **named)
    assert [int(row["passages coded by two"]) for row in rows(lab)] == [
        int((pd.DataFrame([codes[name] for codes in coders[:2]]).notna().sum() > 1).sum()) for name in values[kind]
    ]
    shown = ["pairs that agree", "alpha", "interval from", "interval to"]
    for count in (2, 3):
        for row in rows(lab):
            expected = agreed([codes[row["question"]] for codes in coders[:count]])
            assert [number(row[name]) for name in shown] == pytest.approx(expected, abs=6e-4), row["question"]
        if count == 2:
            confusion, name = rows(lab, 1), "stance"
            both = pd.crosstab(coders[0][name], coders[1][name])
            for line in confusion:
                first = line["first coder / second coder"]
                for value in values[kind][name]:
                    there = first in both.index and value in both.columns
                    assert int(line[value]) == (both.at[first, value] if there else 0)
            differ = (coders[0][name] != coders[1][name]) & coders[0][name].notna() & coders[1][name].notna()
            assert sorted(row["name"] for row in rows(lab, 2)) == passages[kind].index[differ].tolist()
            lab.set_input_files("input[type=file]", str(tmp_path / "third.csv"))
            lab.wait_for_function("document.querySelector('.lab-files li')")
            lab.wait_for_function("!document.getElementById('explorer').dataset.busy")
    assert f"alpha {agreed([codes['stance'] for codes in coders])[1]:.3f}".replace("-", "−") in lab.text_content(
        ".lab-live"
    )
    button(lab, "Forget these files").click()


def test_two_coders_by_finger_and_alpha_while_they_code(lab, passages):
    lead(lab, kind="named")  # opens with stance alone
    assert lab.locator("fieldset.lab-ask").count() == 1
    codes = {"first": ["thanks", "blame", "plain"], "second": ["thanks", "concern", "plain"]}
    for which, given in codes.items():
        lab.locator(f"[data-coder={which[0].replace('f', 'a').replace('s', 'b')}]").tap()
        lab.wait_for_function("w => document.querySelector('.lab-question').textContent.startsWith(w)", arg=which)
        for place, code in enumerate(given):
            target = passages["named"]["context"].iloc[place].split("[[")[1].split("]]")[0]
            assert lab.text_content(".lab-passage strong") == target
            lab.locator(f".lab-value:has(input[value={code}])").tap()
            if place < len(given) - 1:
                button(lab, "Next").tap()
                settled(lab, at=place + 1)
    settled(lab, nb="02003005")
    alpha = rhetoric.alpha([codes["first"], codes["second"]])
    assert f"stance: alpha {alpha:.3f}" in lab.text_content(".lab-live")
    assert too_small(lab, "#explorer :is(button, select, input[type=text], summary, .lab-value, a.explorer-csv)") == []
    assert lab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_by_keyboard_and_the_file_is_read_as_the_page_on_training_says(lab, tmp_path, passages):
    lead(lab, kind="named", ask="all")
    lab.locator(".lab-ask").nth(0).locator("input").first.focus()
    lab.keyboard.press("ArrowDown")  # from one value to the next, as radio buttons go
    settled(lab, na="2")
    lab.keyboard.press("Tab")
    lab.keyboard.press("Space")
    settled(lab, na="21")
    button(lab, "Next").press("Enter")
    settled(lab, at=1)
    lab.locator(".lab-ask").nth(2).locator("input").nth(1).press("Space")
    settled(lab, na="210002")
    lab.get_by_label("Name of the coder").fill("heron-274")
    lab.keyboard.press("Tab")
    settled(lab, wa="heron-274")
    with lab.expect_download() as coming:
        button(lab, "Save these codes (CSV)").press("Enter")
    assert coming.value.suggested_filename == "heron-274-codes.csv"
    path = tmp_path / "codes.csv"
    coming.value.save_as(path)
    codes = pd.read_csv(path, index_col="row", dtype=str, keep_default_na=False)
    assert codes.loc["n01", ["whose", "stance", "sense", "action"]].tolist() == ["theirs", "praise", "", ""]
    assert codes.loc["n02", "action"] == "no" and codes["coder"].unique().tolist() == ["heron-274"]
    assert set(pool.read(path, names=True)["who"]) == {"heron-274"}
    lab.set_input_files("input[type=file]", str(path))  # and by the page itself
    lab.wait_for_function("document.querySelector('.lab-files li')?.textContent.includes('2 passages')")
    button(lab, "Forget these files").click()


def test_the_key_comes_last_and_says_whose_it_is(lab, passages):
    lead(lab, kind="leaning", ask="all", la="111211")
    table = passages["leaning"]
    assert table["why"].iloc[0] not in lab.text_content("#explorer")
    button(lab, "Show the book's codes").click()
    settled(lab, key=1)
    shown = rows(lab, 2)
    columns = ["whose", "stance", "sense", "why"]
    expected = table[columns].replace("none", "").to_numpy().tolist()  # as the tables of the tests have it
    assert [[row[name] for name in (*columns[:3], "reason")] for row in shown] == expected
    assert "language model" in lab.text_content("#explorer-more")
    assert table["why"].iloc[0] in lab.text_content("#explorer-form")  # beside the passage, too
    beside = next(row for row in rows(lab, 1) if row["question"] == "whose")
    assert (beside["coder"], int(beside["passages coded by two"])) == ("first coder", 2)
    assert float(beside["pairs that agree"]) == np.mean(
        [a == b for a, b in zip(["own", "others"], table["whose"], strict=False)]
    )


def test_a_blank_sheet_and_faulty_files(lab, tmp_path):
    lead(lab, kind="named")
    with lab.expect_download() as coming:
        button(lab, "Blank sheet (CSV)").click()
    path = tmp_path / "blank.csv"
    coming.value.save_as(path)
    blank = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert len(blank) == 30 and blank[["whose", "stance", "sense", "action"]].eq("").all(axis=None)
    texts = {
        "strange.csv": "row,stance\nn99,plain\n",
        "value.csv": "row,stance\nn01,glad\n",
        "twice.csv": "row,stance\nn01,plain\nn01,plain\n",
        "none.csv": "a,b\n1,2\n",
        "sense.csv": "row;stance\nn01;Plain\nl01;Asks\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    lab.set_input_files("input[type=file]", [str(path), *(str(tmp_path / name) for name in texts)])
    lab.wait_for_function("document.querySelectorAll('.lab-faults li, .lab-files li').length === 6")
    said = lab.locator(".lab-faults li").all_text_contents()
    wanted = ["has given no answers", "no passage n99", "“glad” is no value", "n01 is there twice", "no column “row”"]
    assert len(said) == len(wanted) and all(one in text for one, text in zip(wanted, said, strict=True))
    assert lab.text_content(".lab-files li") == "sense.csv: sense, named places, 1 passage; sense, leanings, 1 passage"
    button(lab, "Forget these files").click()


def test_a_link_leads_to_the_same_codes(lab, browser, address):
    lead(lab, na="132213112", nb="1322", cmp=1, key=1, ask="all", q="whose", at=3, one=2)
    again = opened(browser, address, LAB, lab.get_attribute("#explorer", "data-shown"))
    assert [rows(again, i) for i in range(5)] == [rows(lab, i) for i in range(5)]
    assert again.text_content(".lab-passage") == lab.text_content(".lab-passage")
    again.close()


def test_accessible_light_and_from_here(lab, site, axe):
    lead(lab, ask="all", na="132213112", nb="1322", cmp=1, key=1)
    assert violations(lab, axe) == []
    assert weight(lab, site, LAB) < FIRST_VIEW
