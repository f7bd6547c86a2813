"""A study's own documents without page furniture, their sections, and acts that a reader has fetched."""

import json
import os
from pathlib import Path

import pytest
from invented import DOCUMENTS

from manyvectors.build import documents, others
from manyvectors.build.archive import SourceError


def test_other_texts_come_without_page_furniture(fake):
    found = documents.texts(fake.other, fake.study)
    assert list(found) == [*DOCUMENTS, "POST_001", "POST_002"]
    for doc_id in DOCUMENTS:
        raw, body = found[doc_id]
        assert raw == (fake.other / DOCUMENTS[doc_id]["file"]).read_bytes()
        assert body
        assert not {"Menu", "Footer"} & set(body.splitlines())
        marks = (DOCUMENTS[doc_id].get("begin"), DOCUMENTS[doc_id].get("end"))
        assert not any(line.startswith(mark) for mark in marks if mark for line in body.splitlines())


def test_another_copy_of_an_other_text(fake):
    entry = DOCUMENTS["CHARTER_2012"]
    (fake.other / entry["file"]).write_text("Something else.", encoding="utf-8")
    with pytest.raises(SourceError, match=r"CHARTER_2012.*'Home - Locks'"):
        documents.texts(fake.other, fake.study)
    (fake.other / entry["file"]).unlink()
    with pytest.raises(SourceError, match=f"CHARTER_2012.*{entry['file']}"):
        documents.texts(fake.other, fake.study)


# --- Several folders, and files of many texts -------------------------------------------------------------------------


def test_a_document_is_looked_for_in_every_folder(fake, tmp_path):
    whole = documents.texts(fake.other, fake.study)
    beside = tmp_path / "beside"
    beside.mkdir()
    for name in ("posts.jsonl", "notice.txt"):
        (fake.other / name).rename(beside / name)
    for given in (f"{fake.other}{os.pathsep}{beside}", [fake.other, beside], Path(f"{beside}{os.pathsep}{fake.other}")):
        assert documents.texts(given, fake.study) == whole
    with pytest.raises(SourceError, match=r"NOTICE_2004: no file notice\.txt in .*other"):
        documents.texts(fake.other, fake.study)
    with pytest.raises(SourceError, match=r"no folder .*nowhere.*--other"):
        documents.texts(f"{fake.other}{os.pathsep}{tmp_path / 'nowhere'}", fake.study)


def test_a_collection_is_told_apart_by_its_records(fake):
    found = documents.texts(fake.other, fake.study)
    said = {name: fake.study.documents[name]["record"] for name in ("POST_001", "POST_002")}
    lines = (fake.other / "posts.jsonl").read_text(encoding="utf-8").splitlines()
    assert {name: found[name][1] for name in said} == {
        name: next(json.loads(line)["text"] for line in lines if json.loads(line)["id"] == record)
        for name, record in said.items()
    }


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda lines: [lines[0], lines[1][:40]], r"posts\.jsonl, line 2: is no record in JSON"),
        (lambda lines: ["[" * 100_000, *lines], r"posts\.jsonl, line 1: is no record in JSON"),
        (lambda lines: [lines[0], '{"id": "a1"}'], r"line 2: is no record in JSON with id and text"),
        (lambda lines: [lines[0], '{"id": 7, "text": "A lock."}'], "line 2: is no record"),
        (lambda lines: [lines[0], "", lines[1].replace("a1", "b2")], r"line 3: the record 'b2' stands there twice"),
        (lambda lines: lines[:1], r"other records than posts\.csv lists: 'a1' is in one of both only"),
        (lambda lines: [*lines, '{"id": "c3", "text": "A lock."}'], "'c3' is in one of both only"),
        (lambda lines: lines[::-1], "they stand in another order"),
    ],
)
def test_a_damaged_collection(fake, spoil, said):
    path = fake.other / "posts.jsonl"
    path.write_text("\n".join(spoil(path.read_text(encoding="utf-8").splitlines())), encoding="utf-8")
    with pytest.raises(SourceError, match=said):
        documents.texts(fake.other, fake.study)


def test_a_collection_in_another_encoding(fake):
    path = fake.other / "posts.jsonl"
    path.write_bytes(path.read_bytes().replace(b"Post.", b"P\xf6st.", 1))
    with pytest.raises(SourceError, match=r"posts\.jsonl, line 1"):
        documents.texts(fake.other, fake.study)


def test_a_note_that_is_not_there(fake):
    fake.edit(fake.other / "notice.txt", "(копия)", "")
    with pytest.raises(SourceError, match=r"NOTICE_2004: '\(копия\)' is not there; this is another copy"):
        documents.texts(fake.other, fake.study)


def test_an_act_of_headings_alone(fake):
    (fake.other / "notice.txt").write_text("# Locks\n[(копия)]\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"NOTICE_2004: notice\.txt holds no word"):
        others.counted(fake.other, fake.study, ["water"])


HEADINGS = list(DOCUMENTS["CHARTER_2012"]["sections"].values())


def test_sections_of_the_extract(shared_fake):
    study = shared_fake.study
    lines = [f"{mark} policy\n\n{i}) water\n" for i, mark in enumerate(HEADINGS)]
    assert (study.extract, study.sections) == ("CHARTER_2012", ("aims", "tolls"))
    for before in ("", "\n \n"):
        cut = documents.sections(before + "".join(lines), study)
        assert cut == dict(zip(study.sections, [line.rstrip("\n") for line in lines], strict=True))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (HEADINGS[:1], "no line begins with 'Tolls and fees'"),
        (HEADINGS[::-1], "the headings are in another order"),
        (["Preamble", *HEADINGS], "words stand before the first"),
    ],
)
def test_another_extract(shared_fake, lines, said):
    with pytest.raises(SourceError, match=f"CHARTER_2012: .*{said}"):
        documents.sections("\n".join(lines), shared_fake.study)


def test_marks_of_the_shipped_study_are_short(study):
    assert study.sections
    assert all(len(mark.split()) <= 4 for mark in study.documents[study.extract]["sections"].values())


# --- Acts, where a reader has them ------------------------------------------------------------------------------------


def test_acts_are_read_from_their_folder_or_the_one_above(tmp_path, study):
    folder = tmp_path / "decrees"
    folder.mkdir()
    for name, body in (("U1400000741", "старый"), ("U2000000280", "новый")):
        (folder / f"{name}.rus.txt").write_text("\ufeff" + body, encoding="utf-8")
    found = documents.decrees(folder, study, "rus")
    assert list(found.items()) == [(2014, "старый"), (2020, "новый")]
    assert documents.decrees(tmp_path, study, "rus") == found


def test_a_missing_act_is_named_with_its_remedy(tmp_path, study):
    with pytest.raises(SourceError, match=r"2014.*U1400000741\.kaz\.txt.*fetch decrees"):
        documents.decrees(tmp_path, study, "kaz")


def test_an_act_that_is_no_text_is_refused(tmp_path, study):
    (tmp_path / "U1400000741.rus.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SourceError, match="UTF-8"):
        documents.decrees(tmp_path, study, "rus")


def test_a_language_without_an_act(tmp_path, study):
    with pytest.raises(SourceError, match="'deu'"):
        documents.decrees(tmp_path, study, "deu")


def test_heads_of_acts(study):
    texts = {2014: "Указ от 21 января 2014 года № 741\n" + "шлюз " * 100 + "280", 2020: "Указ № 741, 6 марта 2020 года"}
    found = documents.heads(texts | {1999: "none of ours"}, study)
    assert found.index.tolist() == [2014, 2020]
    assert found["number"].tolist() == [True, False] and found["day"].tolist() == [True, True]
    assert found.loc[2014, "words"] == 104
    assert documents.heads({2013: "Текст"}, study).loc[2013].isna().tolist() == [False, True, True]
    assert documents.heads({}, study).empty
