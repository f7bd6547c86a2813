"""A study's own documents without page furniture, their sections, and acts that a reader has fetched."""

import pytest
from invented import DOCUMENTS

from manyvectors.build import documents
from manyvectors.build.archive import SourceError


def test_other_texts_come_without_page_furniture(fake):
    found = documents.texts(fake.other, fake.study)
    assert list(found) == list(DOCUMENTS)
    for doc_id, (raw, body) in found.items():
        assert raw == (fake.other / DOCUMENTS[doc_id]["file"]).read_bytes()
        assert body
        assert not {"Menu", "Footer"} & set(body.splitlines())
        marks = (DOCUMENTS[doc_id]["begin"], DOCUMENTS[doc_id]["end"])
        assert not any(line.startswith(mark) for mark in marks if mark for line in body.splitlines())


def test_another_copy_of_an_other_text(fake):
    entry = DOCUMENTS["CHARTER_2012"]
    (fake.other / entry["file"]).write_text("Something else.", encoding="utf-8")
    with pytest.raises(SourceError, match=r"CHARTER_2012.*'Home - Locks'"):
        documents.texts(fake.other, fake.study)
    (fake.other / entry["file"]).unlink()
    with pytest.raises(SourceError, match=f"CHARTER_2012.*{entry['file']}"):
        documents.texts(fake.other, fake.study)


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
