"""Sheets as files: whole or not at all, and read back however they were saved."""

import csv
from pathlib import Path

import pandas as pd
import pytest
from coding import filled, options

from manyvectors import validation
from manyvectors.methods.intrusion.sheet import signed
from manyvectors.validation import SheetError


@pytest.mark.parametrize("name", ["words", "segments"])
def test_there_and_back(request, name, tmp_path):
    sheet = request.getfixturevalue(name)
    path = filled(sheet, tmp_path / "simulated.csv", ["2", *[""] * (len(sheet) - 2), "4"])
    assert path.read_bytes().startswith(b"\xef\xbb\xbfitem,question,")
    assert [file.name for file in tmp_path.iterdir()] == ["simulated.csv"]
    answers = validation.read(path)
    assert list(answers) == ["coder", *sheet]
    assert (answers["coder"] == "simulated").all()
    assert answers["answer"].dtype == "Int64" and answers["answer"].dropna().tolist() == [2, 4]
    pd.testing.assert_frame_equal(answers.drop(columns=["coder", "answer"]), sheet.drop(columns="answer"))


def test_answers_may_be_numbers_words_or_columns(words, tmp_path):
    said = ["1", " 2 ", "3.0", "4,0", "word_5", "Word 6", *words.loc[6:, "word_3"]]
    said[8] = f" {said[8].upper()} "
    answers = validation.read(filled(words, tmp_path / "simulated.csv", said))
    assert answers["answer"].tolist() == [1, 2, 3, 4, 5, 6, *[3] * 8]


def test_answers_to_topic_sheets(segments, tmp_path):
    said = ["1", "topic_2", "3.0", segments.at[3, "topic_4"].upper(), *[""] * 26]
    answers = validation.read(filled(segments, tmp_path / "simulated.csv", said))
    assert answers["answer"].dropna().tolist() == [1, 2, 3, 4]


def _saved(sheet, **how):
    return sheet.to_csv(index=False, **how).encode()


# What a program makes of the bytes that were written; none of them starts with the mark, if not said so.
SPREADSHEETS = {
    "no BOM": lambda sheet: _saved(sheet),
    "CRLF": lambda sheet: _saved(sheet, lineterminator="\r\n"),
    "old line ends": lambda sheet: _saved(sheet, lineterminator="\r"),
    "semicolons": lambda sheet: _saved(sheet, sep=";"),
    "semicolons, BOM and CRLF": lambda sheet: b"\xef\xbb\xbf" + _saved(sheet, sep=";", lineterminator="\r\n"),
    "tabs": lambda sheet: _saved(sheet, sep="\t"),
    "capitals": lambda sheet: _saved(sheet).upper(),
    "everything quoted": lambda sheet: _saved(sheet, quoting=csv.QUOTE_ALL),
    "blank rows": lambda sheet: b"\n,,,,\n" + _saved(sheet) + b",,,,\n\n",
    "blank columns": lambda sheet: _saved(sheet).replace(b"\n", b",,\n"),
    "numbers with a point": lambda sheet: _saved(sheet.astype({"item": float})),
    "sorted anew": lambda sheet: _saved(sheet.assign(item=sheet["item"].astype(str)).sort_values("item")),
}


@pytest.mark.parametrize("saved", SPREADSHEETS.values(), ids=SPREADSHEETS)
@pytest.mark.parametrize("name", ["words", "segments"])
def test_what_spreadsheet_programs_do(request, name, saved, tmp_path):
    sheet = request.getfixturevalue(name)
    said = ["3", "", *["1"] * (len(sheet) - 2)]
    path = filled(sheet, tmp_path / "simulated.csv", said)
    expected = validation.read(path)
    path.write_bytes(saved(sheet.assign(answer=said)))
    found = validation.read(path).sort_values("item", ignore_index=True)
    same = ["coder", "item", *options(sheet), "answer", "sheet"]
    pd.testing.assert_frame_equal(found[same], expected[same])


def test_sorted_by_the_coder_with_notes_beside(words, tmp_path):
    sheet = words.assign(answer="5", notes="hard, this one").sort_values("word_1")
    validation.write(sheet, tmp_path / "simulated.csv")
    answers = validation.read(tmp_path / "simulated.csv")
    assert "notes" not in answers and answers["item"].tolist() == sheet["item"].tolist()


def test_several_coders(words, tmp_path):
    paths = [filled(words, tmp_path / f"simulated {name}.csv", name) for name in "123"]
    answers = validation.read(paths)
    assert answers.groupby("coder", sort=False)["answer"].unique().map(list).to_dict() == {
        f"simulated {i}": [i] for i in (1, 2, 3)
    }
    assert validation.read(str(paths[0])).equals(answers.iloc[: len(words)])


def test_the_coders_name_may_stand_in_the_sheet(words, tmp_path):
    both = pd.concat([words.assign(coder=name, answer="1") for name in ("simulated A", "simulated B")])
    validation.write(both, tmp_path / "all.csv")
    assert validation.read(tmp_path / "all.csv")["coder"].unique().tolist() == ["simulated A", "simulated B"]
    first = words.assign(coder=["simulated C", *[""] * 13], answer="1")
    validation.write(first, tmp_path / "returned.csv")
    assert validation.read(tmp_path / "returned.csv")["coder"].unique().tolist() == ["simulated C"]
    both.iloc[3, both.columns.get_loc("coder")] = ""
    validation.write(both, tmp_path / "partly.csv")
    with pytest.raises(SheetError, match=r"partly\.csv.*item 4"):
        validation.read(tmp_path / "partly.csv")


def _edit(old, new, times=1):
    def edited(content):
        assert old in content
        return content.replace(old, new, times)

    return edited


BAD_FILES = {
    "empty": (lambda content: b"", r"bad\.csv.*empty"),
    "only a mark": (lambda content: b"\xef\xbb\xbf\r\n", r"bad\.csv.*empty"),
    "not text": (lambda content: b"PK\x03\x04\xff\xfe", r"bad\.csv.*UTF-8; save it again"),
    "another table": (lambda content: b"state,name\nKAZ,Kazakhstan\n", r"bad\.csv.*not a sheet"),
    "no answers column": (_edit(b",answer,", b",reply,"), r"bad\.csv lacks the column\(s\) answer"),
    "no signature": (_edit(b",answer,sheet", b",answer,leaf"), r"bad\.csv lacks the column\(s\) sheet"),
    "a word column renamed": (_edit(b"word_3", b"word_9"), r"bad\.csv lacks the column\(s\) word_3"),
    "a column twice": (_edit(b"word_3", b"word_2"), "'word_2'"),
    "no rows": (lambda content: content.splitlines()[0], r"bad\.csv has no items"),
    "a row lost": (lambda content: b"\n".join(content.splitlines()[:-1]), r"bad\.csv: items are missing"),
    "a row twice": (lambda content: content + content.splitlines()[-1], r"bad\.csv: item 14 is there twice"),
    "no item number": (_edit(b"\n3,", b"\nthree,"), r"'three' is not the number of an item"),
    "a question changed": (_edit(b"does not belong", b"belongs"), r"something else than 'answer' has been changed"),
    "another signature": (_edit(b"words-", b"worlds-"), r"the column 'sheet' has been changed"),
    "two signatures": (_edit(b",2,words-", b",2,words-0"), r"the column 'sheet' has been changed"),
    "an answer astray": (
        lambda content: content.replace(b"\n", b",4\n", 3).replace(b",4", b",", 1),
        "row 2: '4'",
    ),
    "a number too large": (
        _edit(b",2,words-", b",7,words-"),
        r"bad\.csv, item 1: .*'7'",
    ),
    "no number at all": (_edit(b",2,words-", b",0,words-"), "item 1: .*'0'"),
    "another word": (_edit(b",2,words-", b",Atlantis,words-"), "item 1: .*'Atlantis'"),
    "all blank": (_edit(b",2,words-", b",,words-", 14), r"bad\.csv.*leave it out"),
    "a quote too many": (_edit(b"\n3,", b'\n"3,'), r"bad\.csv"),
}


@pytest.mark.parametrize(("spoil", "message"), BAD_FILES.values(), ids=BAD_FILES)
def test_bad_files(words, spoil, message, tmp_path):
    path = filled(words, tmp_path / "bad.csv", "2")
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(SheetError, match=message):
        validation.read(path)


def test_bad_paths(words, segments, tmp_path):
    good = filled(words, tmp_path / "simulated.csv", "2")
    with pytest.raises(SheetError, match="no sheets to read"):
        validation.read([])
    with pytest.raises(SheetError, match=r"lost\.csv"):
        validation.read([good, tmp_path / "lost.csv"])
    with pytest.raises(SheetError, match="cannot be read"):
        validation.read(tmp_path)
    (tmp_path / "again").mkdir()
    again = filled(words, tmp_path / "again" / "simulated.csv", "3")
    with pytest.raises(SheetError, match=r"simulated\.csv; rename"):
        validation.read([good, again])
    other = filled(segments, tmp_path / "other.csv", "3")
    with pytest.raises(SheetError, match=r"simulated\.csv.*other\.csv"):
        validation.read([good, other])
    blank = filled(words, tmp_path / "blank.csv", "")
    with pytest.raises(SheetError, match=r"blank\.csv.*leave it out"):
        validation.read([good, blank])


def test_a_field_that_never_ends(words, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text('item,word_1\n1,"' + "sea " * 50_000, encoding="utf-8")
    with pytest.raises(SheetError, match=r"bad\.csv"):
        validation.read(path)


def test_a_word_that_is_a_number(made_up, tmp_path):
    words = pd.DataFrame(
        [["sea", "aral", "2", "nan"], ["2", "oil", "sea", "law"]], columns=[f"word_{i}" for i in range(1, 5)]
    )
    sheet = signed(words.assign(item=[1, 2], question="Which?"), made_up)
    said = {"word_2": 2, "4": 4, "nan": 4, "sea": 1}
    for i, (answer, meant) in enumerate(said.items()):
        path = filled(sheet, tmp_path / f"simulated {i}.csv", [answer, ""])
        assert validation.read(path)["answer"][0] == meant
    with pytest.raises(SheetError, match="column"):
        validation.read(filled(sheet, tmp_path / "simulated.csv", ["2", ""]))


def test_answers_are_not_overwritten(words, tmp_path):
    path = tmp_path / "sheet.csv"
    validation.write(words, path)
    validation.write(words, path)  # nothing to lose yet
    answered = filled(words, path, ["3", *[""] * 13]).read_bytes()
    with pytest.raises(SheetError, match=r"sheet\.csv.*overwrite=True"):
        validation.write(words, path)
    assert path.read_bytes() == answered
    validation.write(words, path, overwrite=True)
    assert path.read_bytes() != answered
    for content in (b"my notes, my answers", b"", b"\xff\x00"):
        path.write_bytes(content)
        with pytest.raises(SheetError, match=r"sheet\.csv.*overwrite=True"):
            validation.write(words, path)
        assert path.read_bytes() == content
    assert [file.name for file in tmp_path.iterdir()] == ["sheet.csv"]


def test_what_is_no_sheet_is_not_written(words, tmp_path):
    with pytest.raises(SheetError, match="not a sheet"):
        validation.write(pd.DataFrame({"item": [1]}), tmp_path / "sheet.csv")
    with pytest.raises(SheetError, match="answer"):
        validation.write(words.drop(columns="answer"), tmp_path / "sheet.csv")
    assert not list(tmp_path.iterdir())


def test_nowhere_to_write(words, tmp_path):
    with pytest.raises(SheetError, match="nowhere"):
        validation.write(words, tmp_path / "nowhere" / "sheet.csv")
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(SheetError, match="cannot write"):
        validation.write(words, tmp_path / "file" / "sheet.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(SheetError, match="cannot write"):
        validation.write(words, tmp_path / "folder.csv", overwrite=True)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["file", "folder.csv"]
    assert not list((tmp_path / "folder.csv").iterdir())


@pytest.mark.parametrize("moment", ["writing", "replacing"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), PermissionError(13, "Permission denied")])
def test_a_write_that_fails_leaves_all_as_it_was(words, tmp_path, monkeypatch, moment, error):
    path = filled(words, tmp_path / "sheet.csv", "2")
    before = path.read_bytes()

    def fail(self, target, *args, **kwargs):
        if moment == "writing":
            Path(target).write_text("item,quest", encoding="utf-8")
        raise error

    monkeypatch.setattr(
        pd.DataFrame if moment == "writing" else Path, "to_csv" if moment == "writing" else "replace", fail
    )
    with pytest.raises(SheetError, match=rf"sheet\.csv \({error.strerror}\)"):
        validation.write(words, path, overwrite=True)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["sheet.csv"]


def test_no_answers_are_shipped():
    for path in (Path(validation.__file__).resolve().parent.parent / "data").rglob("*.csv"):
        with path.open(encoding="utf-8") as file:
            columns = set(file.readline().strip().split(","))
        # A table of topics names its words, too; a sheet to be coded does not say whose they are.
        assert not {"answer", "topic_1"} & columns
        assert "word_1" not in columns or "topic" in columns
