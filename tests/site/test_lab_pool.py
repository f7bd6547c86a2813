"""Files of a class put together on the page, as ``manyvectors.pool`` puts them together. The pupils are invented."""

import json

import numpy as np
import pandas as pd
import pytest
from building import ROOT
from explorers import too_small
from labs import FIRST_VIEW, lead, rows, settled, violations, weight

from manyvectors import pool, validation
from manyvectors.methods import sealed as seals
from manyvectors.methods.intrusion import sheet as sheets

LAB = "pool"
KINDS = {
    "quiz": "quiz",
    "words": "word intrusion",
    "topics": "topic intrusion",
    "coding": "codes",
    "sealed": "sealed claim",
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The files of three invented pupils, of all kinds."""
    folder, rng, paths = tmp_path_factory.mktemp("class"), np.random.default_rng(5), []
    sheet = pd.read_csv(ROOT / "book/sheets/word-intrusion.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    codes = pd.read_csv(ROOT / "data/invented/practice-sentences.csv", dtype=str, keep_default_na=False)
    for who in ("heron-101", "otter-202", "lark-303"):
        lines = [
            f"book,quiz-0{i % 2},{i},{a},{b},{int(a == 'b')}"
            for i, a, b in zip(range(1, 12), rng.choice(list("abc"), 11), rng.choice(list("abc"), 11), strict=True)
        ]
        head = "book,quiz,question,first,last,right_at_first"
        paths.append(folder / f"{who}.csv")
        paths[-1].write_text("\n".join([head, *lines]), encoding="utf-8")
        paths.append(folder / f"{who}-words.csv")
        validation.write(sheet.assign(answer=rng.integers(1, 7, len(sheet)).astype(str)), paths[-1])
        table = paths[-1].read_text(encoding="utf-8-sig").splitlines()
        paths[-1].write_text(
            "\n".join([f"coder,{table[0]}", *(f"{who},{line}" for line in table[1:])]), encoding="utf-8"
        )
        paths.append(folder / f"{who}-codes.csv")
        given = codes.assign(coder=who, stance=rng.permutation(codes["stance"]))
        given[["coder", "row", "kind", "whose", "stance", "sense", "action"]].to_csv(paths[-1], index=False)
        paths.append(folder / f"{who}.json")
        sealed = {"claim": "It, too, says weir more.", "measure": "word", "of": "weir", "state": "RUR", "side": "more"}
        sealed |= {"bar": str(rng.choice(["0.5", "1"])), "time": "2026-03-06T10:00:00Z", "by": who, "early": None}
        sealed |= {"late": [2001, 2024], "share": "1", "book": "0.2.0", "salt": "0a"}
        held = {"format": seals.FORMAT, "sealed": sealed, "seal": seals.digest(sealed), "opened": {"verdict": "open"}}
        paths[-1].write_text(json.dumps(held), encoding="utf-8")
    return paths


def give(lab, paths):
    forget = lab.get_by_role("button", name="Forget these files")
    if forget.is_visible():
        forget.click()
    lab.set_input_files("input[type=file]", list(map(str, paths)))
    lab.wait_for_function(
        "n => document.querySelectorAll('.lab-files li, .lab-faults li').length === n", arg=len(paths)
    )
    lab.wait_for_function("!document.getElementById('explorer').dataset.busy")


def saved(lab, folder):
    with lab.expect_download() as coming:
        lab.get_by_role("button", name="Save all answers as one file (CSV)").press("Enter")
    coming.value.save_as(folder / "class.csv")
    return folder / "class.csv"


def number(text):
    return np.nan if text in ("", "none") else float(text.replace("\u2212", "-"))


@pytest.mark.parametrize("names", ["numbers", "kept"])
def test_the_page_joins_as_the_package_does(lab, files, tmp_path, names):
    lead(lab, names=names)
    give(lab, files)
    pooled = pool.read(files, names=names == "kept")
    tries = (pooled["question"] != "last").sum()  # a second try is no second answer
    assert lab.text_content("#explorer-caption") == f"3 writers, {tries} answers, second tries apart"
    expected, shown = pool.agreement(pooled), rows(lab)
    assert [(row["of"], row["question"]) for row in shown] == [
        (f"{KINDS[one.kind]} {one.of}", one.question) for one in expected.itertuples()
    ]
    for name, column in {
        "writers": "people",
        "items": "items",
        "answers": "answers",
        "share right": "right",
        "pairs that agree": "same",
        "alpha": "alpha",
    }.items():
        assert np.allclose(
            [number(row[name]) for row in shown], expected[column].to_numpy(float), atol=6e-4, equal_nan=True
        ), name
    counts = pool.counts(pooled).replace({"answer": {"none": ""}})  # as the tables of the tests have it
    assert [[row["item"], row["answer"], int(row["given by"])] for row in rows(lab, 1)] == counts[
        ["item", "answer", "n"]
    ].to_numpy().tolist()
    truth = counts["right"].map({1: "right", 0: "wrong"}).fillna("")
    assert [row["right?"] for row in rows(lab, 1)] == truth.tolist()
    path = saved(lab, tmp_path)
    pool.write(pooled, tmp_path / "package.csv")
    assert path.read_text(encoding="utf-8-sig") == (tmp_path / "package.csv").read_text(encoding="utf-8")


def test_no_name_is_left_unless_it_is_asked_for(lab, files, tmp_path):
    lead(lab, names="numbers")
    give(lab, files)
    assert "heron" not in saved(lab, tmp_path).read_text(encoding="utf-8")
    lab.get_by_label("Who wrote a file").select_option("kept")
    settled(lab, names="kept")
    assert "heron-101" in saved(lab, tmp_path).read_text(encoding="utf-8")


def test_a_pooled_file_is_read_again(lab, files, tmp_path):
    pool.write(pool.read(files), tmp_path / "group.csv")
    lead(lab, names="kept")
    give(lab, [tmp_path / "group.csv", files[1]])
    found = pd.read_csv(saved(lab, tmp_path), dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert sorted(found["who"].unique()) == ["group 1", "group 2", "group 3", "heron-101"]


def test_the_page_reads_the_same_as_the_package_from_odd_files(lab, tmp_path):
    head = "who,kind,of,item,question,answer,right\n"
    odd = [("-", "1"), ("+", "2"), ("=x", "3"), ("'tis", "4"), ("", "5"), ("-2", "6")]
    rows = "".join(f"heron,quiz,q,{i},first,{one},\n" for one, i in odd)
    (tmp_path / "one.csv").write_text(head + rows.replace(",=", ",'=").replace(",+", ",'+"), encoding="utf-16")
    same = "book,quiz,question,first,last,right_at_first\n" + "".join(
        f"b,r,{i},a,a,{int(i > 1)}\n" for i in range(1, 7)
    )
    for name in ("otter (1).csv", "lark.csv"):
        (tmp_path / name).write_text(same, encoding="utf-8")
    paths = [tmp_path / name for name in ("one.csv", "otter (1).csv", "lark.csv")]
    lead(lab, names="kept")
    give(lab, paths)
    assert "otter and lark gave the same answers, cell for cell, to quiz r" in lab.text_content("#explorer-status")
    found = pd.read_csv(saved(lab, tmp_path), dtype=str, keep_default_na=False, encoding="utf-8-sig")
    with pytest.warns(UserWarning, match="same answers"):
        pool.write(pool.read(paths, names=True), tmp_path / "package.csv")
    expected = pd.read_csv(tmp_path / "package.csv", dtype=str, keep_default_na=False)
    assert found.to_numpy().tolist() == expected.to_numpy().tolist()


def test_files_that_are_called_alike_are_kept_as_the_package_keeps_them(lab, files, tmp_path):
    paths = []
    for pupil, path in zip("abc", (files[0], files[4], files[0]), strict=True):
        (tmp_path / pupil).mkdir()
        paths.append(tmp_path / pupil / "answers.csv")
        paths[-1].write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    lead(lab, names="kept")
    give(lab, paths)
    (said,) = lab.locator(".lab-faults li").all_text_contents()
    assert "answers has handed in the same before, in answers.csv" in said
    assert lab.text_content("#explorer-caption") == "2 writers, 22 answers, second tries apart"
    pool.write(pool.read(paths[:2], names=True), tmp_path / "package.csv")
    assert saved(lab, tmp_path).read_text(encoding="utf-8-sig") == (tmp_path / "package.csv").read_text(
        encoding="utf-8"
    )


def test_what_is_wrong_with_a_file_is_said_and_the_others_are_read(lab, files, tmp_path):
    texts = {
        "a.csv": "x,y\n1,2\n",
        "b.json": "{}",
        "c.csv": "book,quiz,question,first,last,right_at_first\n",
        "d.csv": "book,quiz,question,first,last,right_at_first\nb,q,one,a,a,1\n",
        "e.csv": "row,stance\n,plain\n",
        "f.csv": "who,kind,of,item,question,answer,right\n1,song,q,1,first,a,\n",
        "g.csv": "PK\x03\x04",
        "h.csv": "book,quiz,question,first,last,right_at_first\nb,q,1,a,a,1\nb,q,1,a,a,1\n",
        "j.csv": "book,quiz,question,first,last,right_at_first\nb,q,1,a,a,toString\n",
        "k.csv": "who,kind,of,item,question,answer,right\n1,quiz,q,1,first,a,constructor\n",
        "l.csv": "book,quiz,question,first,last,right_at_first\nb,q,1,a,a,1,stray\n",
        "m.json": '{"sealed": {}, "sealed": {}}',
        "i.csv": files[0]
        .read_text(encoding="utf-8")
        .replace("book,quiz", "coder,book,quiz", 1)
        .replace("\nbook", "\nheron-101,book"),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    lead(lab, names="numbers")
    give(lab, [files[0], *(tmp_path / name for name in texts)])
    said = lab.locator(".lab-faults li").all_text_contents()
    wanted = [
        "none of the files that can be pooled; its columns are x, y",
        "no sealed claim",
        "no answers",
        "“one” is not as a quiz",
    ]
    wanted += [
        "no passage",
        "row 2: this is no row",
        "is no text",
        "answered twice",
        "“1” is not as a quiz",
        "row 2: this is no row",
        "row 2: “stray” stands in a column without a name",
        "no sealed claim",
        "heron-101 has handed in the same before",
    ]
    assert len(said) == len(wanted) and all(one in text for one, text in zip(wanted, said, strict=True))
    assert lab.text_content("#explorer-caption") == "1 writer, 11 answers, second tries apart"
    lab.get_by_role("button", name="Forget these files").click()
    assert lab.is_hidden("#explorer-result") and "No file has been read" in lab.text_content("#explorer-status")


def test_a_claim_that_was_changed_since_it_was_sealed_is_told_and_left_out(lab, files, tmp_path):
    text = files[3].read_text(encoding="utf-8")
    for name, old, new in (("a", '"bar": "', '"bar": "1'), ("b", "heron-101", "otter-202"), ("c", "2001", "2001.0")):
        assert old in text
        (tmp_path / f"{name}.json").write_text(text.replace(old, new), encoding="utf-8")
    broken = [tmp_path / f"{name}.json" for name in "abc"]
    lead(lab, names="kept")
    give(lab, [*broken, files[3]])
    said = lab.locator(".lab-faults li").all_text_contents()
    assert [one.split(",")[0] for one in said[:2]] == [
        "a.json is not as it was sealed",
        "b.json is not as it was sealed",
    ]
    assert len(said) == 3 and "c.json is no sealed claim" in said[2]  # Python takes 2001.0 for no year either
    with pytest.warns(UserWarning, match="is not as it was sealed"):
        pooled = pool.read([*broken[:2], files[3]], names=True)
    pool.write(pooled, tmp_path / "package.csv")
    assert saved(lab, tmp_path).read_text("utf-8-sig") == (tmp_path / "package.csv").read_text("utf-8")


def test_a_sheet_that_was_changed_is_told_as_the_package_tells_it(lab, files, tmp_path):
    """Its checksum is worked out on the page; letters beyond ASCII, capitals and white space count as in Python."""
    whole = pd.read_csv(files[1], dtype=str, keep_default_na=False, encoding="utf-8-sig")
    words = [name for name in whole if name.startswith("word_")]
    odd = whole.assign(**{words[0]: "Шлюз \u00e9t\u00e9", words[1]: 'two  words "\U0001f600"\u007f'})
    mark = odd["sheet"].iloc[0].rpartition("-")[0]
    cases = {
        "same.csv": whole.sample(frac=1, random_state=1).assign(**{words[2]: whole[words[2]].str.upper()}),
        "odd.csv": odd.assign(coder="lark-303", sheet=f"{mark}-{sheets.checksum(odd, words)}"),
        "word.csv": whole.assign(**{words[0]: "weir"}),
        "less.csv": whole.iloc[1:],
        "question.csv": whole.assign(question="Which?"),
        "twice.csv": pd.concat([whole, whole.iloc[:1]]),
        "kind.csv": whole.assign(sheet=whole["sheet"].str.replace("words", "topics")),
        "blank.csv": whole.assign(answer=""),
    }
    for name, table in cases.items():
        table.to_csv(tmp_path / name, index=False)
    lead(lab, names="kept")
    give(lab, [tmp_path / name for name in cases])
    assert lab.locator(".lab-files li").count() == 2
    said = lab.locator(".lab-faults li").all_text_contents()
    assert [one.split(",")[0].split(":")[0] for one in said] == list(cases)[2:]
    assert [sum(part in one for one in said) for part in ("items are missing", "is there twice", "no answers")] == [
        3,
        1,
        1,
    ]
    for name in cases:
        if name in ("same.csv", "odd.csv"):
            assert len(pool.read(tmp_path / name)) == len(whole)
        else:
            with pytest.raises(pool.PoolError, match=name):
                pool.read(tmp_path / name)


def test_by_finger_and_a_name_from_the_hat(lab, files):
    lead(lab, names="numbers")
    lab.get_by_role("button", name="Draw a name for a file").tap()
    assert lab.text_content(".lab-drawn").rpartition("-")[2].isdigit()
    give(lab, files[:2])
    assert too_small(lab, "#explorer :is(button, select, input, a.explorer-csv)") == []
    assert lab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_accessible_light_and_from_here(lab, site, axe, files):
    lead(lab, names="numbers")
    give(lab, files[:3])  # of each kind, and few rows for axe to look at
    assert violations(lab, axe) == []
    assert weight(lab, site, LAB) < FIRST_VIEW
