"""Files of a class put together: invented pupils only; no person has answered anything in these tests."""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors import pool, rhetoric, validation
from manyvectors.methods import sealed as seals

sys.path.insert(0, str(Path(__file__).parent / "intrusion"))
from coding import invented

QUIZ = "book,quiz,question,first,last,right_at_first\n"
HEAD = "who,kind,of,item,question,answer,right\n"
CODES = "row,kind,whose,stance,sense,action\n"
SEALED = {"claim": "It says weir more.", "measure": "word", "of": "weir", "state": "RUR", "side": "more", "bar": "0.5"}
SEALED |= {"time": "2026-03-06T10:00:00Z", "by": "heron", "early": None, "late": [2001, 2024], "share": "1"}
SEALED |= {"book": "0.2.0", "salt": "0a"}


def seal(**changes):
    """Return what a page saves of a claim; what is given is in place of what it would say."""
    held = {"format": seals.FORMAT, "sealed": SEALED, "seal": seals.digest(SEALED), "opened": {"verdict": "open"}}
    return held | changes


@pytest.fixture
def kept(tmp_path):
    """A function that writes a file and returns its path."""

    def write(name, text):
        path = tmp_path / name
        path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
        return path

    return write


@pytest.fixture
def class_files(kept, tmp_path):
    """Files of all kinds by two pupils."""
    sheet = validation.word_intrusion(invented(), n_terms=3)
    for name, answers in (("heron", "1234"), ("gravel", "1231")):
        validation.write(sheet.assign(answer=list(answers)), tmp_path / f"{name}-words.csv")
        text = (tmp_path / f"{name}-words.csv").read_text(encoding="utf-8-sig")
        lines = [f"coder,{text.splitlines()[0]}", *(f"{name},{line}" for line in text.splitlines()[1:])]
        kept(f"{name}-words.csv", "\n".join(lines))
    return [
        kept("heron.csv", QUIZ + "b,quiz-weirs,1,a,a,1\nb,quiz-weirs,2,a,b,0\n"),
        kept("gravel.csv", QUIZ + "b,quiz-weirs,1,a,a,1\nb,quiz-weirs,2,c,c,0\n"),
        tmp_path / "heron-words.csv",
        tmp_path / "gravel-words.csv",
        kept("a.csv", "coder," + CODES + "heron,n01,named,own,plain,,no\nheron,l01,leaning,own,asks,yes,\n"),
        kept("b.csv", "coder;row;stance;action\ngravel;n01;Praise;no\n"),
        kept("seal.json", seal()),
    ]


def test_files_of_all_kinds_are_joined_by_who_wrote_them(class_files):
    pooled = pool.read(class_files, names=True)
    assert list(pooled) == ["who", "kind", "of", "item", "question", "answer", "right"]
    assert pooled.groupby("who")["kind"].nunique().to_dict() == {"heron": 4, "gravel": 3}
    row = pooled[(pooled["kind"] == "coding") & (pooled["who"] == "gravel") & (pooled["question"] == "stance")].iloc[0]
    assert (row["of"], row["item"], row["answer"]) == ("named", "n01", "praise")
    sealed = pooled[pooled["kind"] == "sealed"].set_index("question")["answer"].to_dict()
    assert sealed == {
        "claim": "It says weir more.",
        "rule": "more 0.5",
        "time": "2026-03-06T10:00:00Z",
        "verdict": "open",
    }


def test_without_names_the_same_writer_has_the_same_number(class_files):
    named, numbered = pool.read(class_files, names=True), pool.read(class_files)
    assert numbered["who"].tolist() == named["who"].map({"heron": "1", "gravel": "2"}).tolist()
    assert numbered.drop(columns="who").equals(named.drop(columns="who"))


def test_counts_and_agreement(class_files):
    pooled = pool.read(class_files)
    found = pool.agreement(pooled).set_index(["kind", "of", "question"])
    quiz = found.loc["quiz", "quiz-weirs", "first"]
    assert quiz[["people", "items", "answers", "right", "same"]].tolist() == [2, 2, 4, 0.5, 0.5]
    words = found.loc["words"].iloc[0]
    assert (words["people"], words["items"], words["same"]) == (2, 4, 0.75)
    assert words["alpha"] == rhetoric.alpha([list("1234"), list("1231")])
    assert np.isnan(words["right"])
    assert np.isnan(found.loc["coding", "leaning", "stance"]["same"])
    counts = pool.counts(pooled)
    first = counts[(counts["kind"] == "quiz") & (counts["question"] == "first")]
    assert first[["item", "answer", "n"]].to_numpy().tolist() == [["1", "a", 2], ["2", "a", 1], ["2", "c", 1]]
    assert counts["n"].sum() == len(pooled)


def test_two_files_of_one_name_that_differ_are_of_two_writers(kept, tmp_path):
    lines = {"a": "b,q1,1,a,a,1\n", "b": "b,q1,1,b,b,0\n", "c": "b,q2,1,a,a,1\n", "d": "b,q1,1,c,c,0\n"}
    paths = []
    for folder, line in lines.items():
        (tmp_path / folder).mkdir()
        paths.append(kept(f"{folder}/answers.csv", QUIZ + line))
    # A quiz file holds all quizzes: one of another quiz is not of the same writer.
    pooled = pool.read(paths, names=True)
    first = pooled[pooled["question"] == "first"]
    assert first["who"].tolist() == ["answers", "answers (2)", "answers (3)", "answers (4)"]
    assert first["answer"].tolist() == ["a", "b", "a", "c"]
    for i, path in enumerate(paths):
        with pytest.raises(pool.PoolError, match=r"has been read already, from .*answers\.csv; leave one out"):
            pool.read([*paths, path])
        assert len(pool.read(paths[: i + 1])) == 2 * (i + 1)


def test_writers_of_two_pooled_files_of_one_name_stay_apart(kept, tmp_path):
    for folder, letter in (("a", "b"), ("c", "d")):
        (tmp_path / folder).mkdir()
        pool.write(
            pool.read(kept(f"{folder}/x.csv", QUIZ + f"b,q1,1,{letter},{letter},1\n")), tmp_path / folder / "y.csv"
        )
    pooled = pool.read([tmp_path / "a/y.csv", tmp_path / "c/y.csv"], names=True)
    assert pooled["who"].unique().tolist() == ["y 1", "y (2) 1"]


def test_a_writer_of_many_files_is_one(kept, class_files, tmp_path):
    (tmp_path / "more").mkdir()
    other = kept("more/heron.csv", CODES + "n01,named,own,plain,,no\n")
    assert pool.read([class_files[0], other], names=True)["who"].unique().tolist() == ["heron"]


def test_right_at_last_is_said_where_the_file_says_it(class_files):
    pooled = pool.read(class_files, names=True)
    last = pooled[pooled["question"] == "last"].set_index(["who", "item"])["right"]
    assert (last["heron", "1"], last["gravel", "2"]) == (1, 0)
    assert last["heron", "2"] is pd.NA


def test_what_was_written_is_read_again(class_files, tmp_path):
    pooled = pool.read(class_files)
    pool.write(pooled, tmp_path / "class.csv")
    again = pool.read(tmp_path / "class.csv", names=True)
    assert again["who"].unique().tolist() == ["class 1", "class 2"]  # not those of another group
    assert again.drop(columns="who").equals(pooled.drop(columns="who"))
    assert pool.agreement(again).equals(pool.agreement(pooled))


def test_no_cell_of_what_is_written_runs_in_a_spreadsheet(kept, tmp_path):
    sums = SEALED | {"claim": "=1+1"}
    pooled = pool.read(kept("seal.json", seal(sealed=sums, seal=seals.digest(sums))))
    pool.write(pooled, tmp_path / "class.csv")
    assert ",claim,'=1+1," in (tmp_path / "class.csv").read_text(encoding="utf-8")
    with pytest.raises(pool.PoolError, match=r"cannot write .*choose another folder"):
        pool.write(pooled, tmp_path / "no-folder" / "class.csv")


def test_an_answer_that_looks_like_a_formula_is_read_as_it_was(kept, tmp_path):
    answers = ["-", "+", "=x", "@x", "'tis", "-2", "a"]
    rows = [("heron", "quiz", "q", str(i), "first", one, pd.NA) for i, one in enumerate(answers, 1)]
    pool.write(pd.DataFrame(rows, columns=HEAD.strip().split(",")), tmp_path / "class.csv")
    assert pool.read(tmp_path / "class.csv")["answer"].tolist() == answers


def test_blank_answers_of_a_pooled_table_are_left_out(kept):
    path = kept("class.csv", HEAD + "heron,quiz,q,1,first,a,\nheron,quiz,q,2,first,,\n")
    assert pool.read(path)["item"].tolist() == ["1"]


def test_the_number_of_a_download_is_no_part_of_a_name(kept):
    paths = [kept("heron (1).csv", QUIZ + "b,q,1,a,a,1\n"), kept("heron.csv", CODES + "n01,named,own,,,\n")]
    assert pool.read(paths, names=True)["who"].unique().tolist() == ["heron"]
    with pytest.raises(pool.PoolError, match="of 'heron' has been read already"):
        pool.read([paths[0], kept("heron (2).csv", QUIZ + "b,q,1,a,a,1\n")])


def test_two_names_with_the_same_answers_are_told(kept):
    rows = "".join(f"b,q,{i},a,a,{int(i > 1)}\n" for i in range(1, 7))
    one, other = kept("heron.csv", QUIZ + rows), kept("otter.csv", QUIZ + rows)
    with pytest.warns(UserWarning, match="'heron' and 'otter' gave the same answers, cell for cell, to quiz q"):
        pool.read([one, other], names=True)
    without = kept("lark.csv", QUIZ + rows.replace(",0", ",1")), kept("gravel.csv", QUIZ + rows.replace(",0", ",1"))
    with warnings.catch_warnings():  # whoever makes no mistake has the same answers as others
        warnings.simplefilter("error")
        pool.read(without)


def test_a_sealed_claim_in_utf_16_is_read(tmp_path):
    (tmp_path / "seal.json").write_text(json.dumps(seal()), encoding="utf-16")
    assert pool.read(tmp_path / "seal.json", names=True)["who"].unique().tolist() == ["heron"]


@pytest.mark.parametrize("name", ["claim", "bar", "state", "by", "time"])
def test_a_claim_that_was_changed_since_it_was_sealed_is_told_and_left_out(kept, name):
    other = {"claim": "It says weir less.", "bar": "1", "state": "KAZ", "by": "otter", "time": "2026-03-05T10:00:00Z"}
    good, broken = kept("good.json", seal()), kept("broken.json", seal(sealed=SEALED | {name: other[name]}))
    with pytest.warns(UserWarning, match=r"broken\.json is not as it was sealed, and is left out"):
        pooled = pool.read([broken, good], names=True)
    assert pooled.equals(pool.read(good, names=True))
    with pytest.warns(UserWarning, match="left out"), pytest.raises(pool.PoolError, match="there is no other file"):
        pool.read(broken)


def test_a_sheet_of_which_a_word_was_changed_is_told(class_files):
    path = class_files[2]
    text = path.read_text(encoding="utf-8").splitlines()
    cells = text[1].split(",")
    cells[text[0].split(",").index("word_2")] = "lock-keeper"
    path.write_text("\n".join([text[0], ",".join(cells), *text[2:]]), encoding="utf-8")
    with pytest.raises(pool.PoolError, match=r"heron-words\.csv: .*something else than 'answer' has been changed"):
        pool.read(class_files)


def test_an_intrusion_sheet_is_read_as_validation_reads_it(class_files):
    pooled, answers = pool.read(class_files[2:4], names=True), validation.read(class_files[2:4])
    assert pooled["answer"].tolist() == answers["answer"].astype(str).tolist()
    assert pooled["of"].unique().tolist() == answers["sheet"].unique().tolist()


@given(table=st.lists(st.lists(st.sampled_from("abc"), min_size=4, max_size=4), min_size=2, max_size=4))
def test_agreement_is_that_of_pairs(table):
    rows = [
        (f"p{i}", "quiz", "q", str(j), "first", value, pd.NA)
        for i, row in enumerate(table)
        for j, value in enumerate(row)
    ]
    long = pd.DataFrame(rows, columns=["who", "kind", "of", "item", "question", "answer", "right"])
    found = pool.agreement(long).iloc[0]
    pairs = [one == other for i, a in enumerate(table) for b in table[i + 1 :] for one, other in zip(a, b, strict=True)]
    assert found["same"] == pytest.approx(np.mean(pairs))
    assert found["alpha"] == pytest.approx(rhetoric.alpha(table), nan_ok=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("a,b\n1,2\n", "none of the files that can be pooled: its columns are a, b"),
        (QUIZ, "has no answers"),
        (QUIZ + "b,q,one,a,a,1\n", "question 'one' is not as a quiz saves it"),
        (QUIZ + "b,q,²,a,a,1\n", "question '²' is not as a quiz saves it"),
        (QUIZ.replace("last", "First") + "b,q,1,a,a,1\n", "more than one column 'first'"),
        (QUIZ + "b,q,1,a,a,1,stray\n", "'stray' stands in a column without a name"),
        (HEAD + "1,quiz,q,1,first,a,toString\n", "row 2: no row of a pooled table"),
        (QUIZ + "b,q,1,a,a,yes\n", "question '1' is not as a quiz saves it"),
        (QUIZ + "b,q,1,a,a,1\nb,q,1,b,b,0\n", "quiz q, 1 is answered twice"),
        (CODES + ",named,own,plain,,no\n", "a row has no name"),
        ("item,answer,sheet\n1,2,x\n", "is not a sheet of this kit"),
        ("coder,row,stance\nheron,n01,plain\n,n02,plain\ngravel,n03,plain\n", "several coders, but none named"),
        ("who,kind,of,item,question,answer,right\n1,song,q,1,first,a,\n", "row 2: no row of a pooled table"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(kept, text, said):
    with pytest.raises(pool.PoolError, match=said) as caught:
        pool.read(kept("poor.csv", text))
    assert "poor.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":' * 30_000 + "1" + "}" * 30_000,
        " " * 1_000_001,
        json.dumps(seal())[:-1] + ', "sealed": {}}',
        json.dumps(seal(opened={"verdict": [1]})),
        json.dumps(seal()).replace("2001", "2001.0"),
        '{"sealed": NaN}',
    ],
)
def test_what_no_page_writes_is_refused(kept, text):
    with pytest.raises(pool.PoolError, match=r"poor\.json"):
        pool.read(kept("poor.json", text))


@pytest.mark.parametrize("text", ["{", "[]", '{"sealed": {}}', json.dumps(seal(sealed=SEALED | {"bar": 1}))])
def test_what_is_no_sealed_claim_is_refused(kept, text):
    with pytest.raises(pool.PoolError, match=r"poor\.json"):
        pool.read(kept("poor.json", text))


def test_files_that_cannot_be_joined(kept, tmp_path):
    with pytest.raises(pool.PoolError, match="no files"):
        pool.read([])
    with pytest.raises(pool.PoolError, match="no file"):
        pool.read(tmp_path / "lost.csv")
    paths = [kept(name, "coder," + QUIZ + "heron,b,q,1,a,a,1\n") for name in ("one.csv", "two.csv")]
    with pytest.raises(pool.PoolError, match=r"two.csv: quiz q of 'heron' has been read already, from .*one.csv"):
        pool.read(paths)
    row = dict(zip(HEAD.strip().split(","), ("heron", "quiz", "q", "1", "first", "a", 1), strict=True))
    for rows, said in (
        ([row, row], "'heron' answered quiz q, 1 twice"),
        ([row | {"item": 1}], "'item' holds 1, which is no text"),
        ([row | {"answer": np.nan}], "'answer' holds nan"),
        ([row | {"right": "yes"}], "'right' holds something else"),
    ):
        for told in (pool.counts, pool.agreement):
            with pytest.raises(pool.PoolError, match=said):
                told(pd.DataFrame(rows))
    with pytest.raises(pool.PoolError, match="no column 'who'"):
        pool.counts(pd.DataFrame({"x": [1]}))
