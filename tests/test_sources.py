"""Eras, ranks, and reading an archive or a folder."""

import tarfile
from collections import Counter

import pytest
from manyvectors.sources import SourceError

from manyvectors import download, sources


@pytest.mark.parametrize(
    ("year", "rival", "expected"),
    [
        *[(1992, (), "before"), (1994, (), "before"), (1995, (), "1995"), (2000, (), "1995"), (2001, (), "2001")],
        *[(2004, (), "2001"), (2005, (), "2005"), (2013, (), "2005"), (2014, (), "2014"), (2019, (), "2014")],
        *[(2020, (), "2020"), (2030, (), "2020")],
        *[(2000, ["2001"], "2001"), (1999, ["2001"], "1995"), (2004, ["2005"], "2005"), (2004, ["2001"], "2001")],
        *[(2003, ["2001", "2005"], "2001"), (2004, ["2001", "2005"], "2005")],
    ],
)
def test_eras(year, rival, expected):
    assert sources.era(year, rival) == expected


@pytest.mark.parametrize(("year", "rival", "said"), [(1991, (), "1992, got 1991"), (2000, ["2014"], "2014.*2001")])
def test_no_such_era(year, rival, said):
    with pytest.raises(ValueError, match=said):
        sources.era(year, rival)


@pytest.mark.parametrize(
    ("post", "expected"),
    [
        *[("President", "head of state"), ("King", "head of state"), ("Crown Prince", "head of state")],
        *[("Prime Minister", "head of government"), ("President of the Government", "head of government")],
        ("Prime Minister and Minister for Foreign Affairs", "head of government"),
        *[("Minister for Foregn Affairs", "minister"), ("Vice-President", "minister")],
        *[("Deputy Prime Minister", "minister"), ("Secretary of State", "minister")],
        *[("Deputy Minister for Foreign Affairs", "deputy minister"), ("Minister of State", "deputy minister")],
        *[("UN Representative", "representative"), ("Chairman of the delegation", "representative")],
        *[("", "unknown"), (" - ", "unknown"), ("Not indicated", "unknown"), (None, "unknown"), ("Poet", "unknown")],
        (float("nan"), "unknown"),
    ],
)
def test_ranks(post, expected):
    assert sources.rank(post) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *[("TXT/Session 47 - 1992/KAZ_47_1992.txt", "speech"), ("EU_66_2011.txt", "speech")],
        *[("a/Speakers_by_session.xlsx", "speakers"), ("a/._KAZ_47_1992.txt", "AppleDouble file")],
        *[("._Speakers_by_session.xlsx", "AppleDouble file"), ("TXT/.DS_Store", "hidden file")],
        *[(".Rhistory", "hidden file"), ("KAZ_47_92.txt", "other file"), ("kaz_47_1992.txt", "other file")],
        *[
            ("KAZ_47_1992.txt.bak", "other file"),
            ("KAZ_47_1992 (2).txt", "other file"),
            ("E_66_2011.txt", "other file"),
        ],
        ("KAZA_47_1992.txt", "other file"),
    ],
)
def test_kinds_of_files(name, expected):
    assert sources.kind(name) == expected


@pytest.fixture
def archive(fake):
    """The made-up corpus, packed."""
    path = fake.texts.with_suffix(".tar.gz")
    with tarfile.open(path, "w:gz") as tar:
        tar.add(fake.texts, "UNGDC")
    return path


@pytest.mark.parametrize("packed", [False, True])
def test_speeches(fake, archive, packed):
    path = archive if packed else fake.texts
    counted = {doc_id: raw for doc_id, raw in fake.speeches.items() if doc_id[-4:] >= "1992"}
    assert dict(sources.speeches(path)) == counted
    assert set(dict(sources.speeches(path, {"FRA"}, 1946))) == {"FRA_46_1991", "FRA_47_1992", "FRA_69_2014"}
    kinds = {"speech": 9, "speakers": 1, "AppleDouble file": 2, "hidden file": 1, "other file": 3}
    assert Counter(sources.kind(name) for name, _ in sources.files(path)) == kinds


def test_an_archive_without_compression(fake):
    path = fake.texts.with_suffix(".tar")
    with tarfile.open(path, "w") as tar:
        tar.add(fake.texts, "UNGDC")
    assert dict(sources.files(path)).keys() == {f"UNGDC/{name}" for name, _ in sources.files(fake.texts)}


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_truncated_archive(archive, share):
    archive.write_bytes(archive.read_bytes()[: int(share * archive.stat().st_size)])
    with pytest.raises(SourceError, match=r"texts\.tar\.gz is not a readable archive.*fetch it again"):
        list(sources.files(archive))


@pytest.mark.parametrize("name", ["texts.tar.gz", "texts.tgz", "texts.tar", "texts.txt"])
@pytest.mark.parametrize("content", [b"", b"<html>Not found</html>"], ids=["empty", "html"])
def test_something_else_than_an_archive(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError, match=f"{name} is not a readable archive"):
        list(sources.files(path))


def test_nothing_there(tmp_path):
    with pytest.raises(SourceError, match=r"no texts at .*/nowhere; give the UNGDC archive or folder"):
        list(sources.files(tmp_path / "nowhere"))


def test_other_texts_come_without_page_furniture(fake):
    found = sources.other_texts(fake.other)
    assert list(found) == list(sources.OTHER)
    for doc_id, (raw, body) in found.items():
        assert raw == (fake.other / sources.OTHER[doc_id]["file"]).read_bytes()
        assert body
        assert not {"Menu", "Footer"} & set(body.splitlines())
        marks = (sources.OTHER[doc_id]["begin"], sources.OTHER[doc_id]["end"])
        assert not any(line.startswith(mark) for mark in marks if mark for line in body.splitlines())


def test_another_copy_of_an_other_text(fake):
    entry = sources.OTHER["MEMO_2023_ABSTRACT"]
    (fake.other / entry["file"]).write_text("Something else.", encoding="utf-8")
    with pytest.raises(SourceError, match="MEMO_2023_ABSTRACT: no line begins with 'Abstract'"):
        sources.other_texts(fake.other)
    (fake.other / entry["file"]).unlink()
    with pytest.raises(SourceError, match=f"MEMO_2023_ABSTRACT: no file {entry['file']}"):
        sources.other_texts(fake.other)


HEADINGS = list(sources.OTHER[sources.EXTRACT]["sections"].values())


def test_sections_of_the_extract():
    lines = [f"{mark} policy\n\n{i}) water\n" for i, mark in enumerate(HEADINGS)]
    assert sources.SECTIONS == ("situation", "principles", "goals", "tasks")
    for before in ("", "\n \n"):
        cut = sources.sections(before + "".join(lines))
        assert cut == dict(zip(sources.SECTIONS, [line.rstrip("\n") for line in lines], strict=True))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (HEADINGS[:3], "no line begins with 'Achievement of the goals'"),
        (HEADINGS[::-1], "the headings are in another order"),
        (["Preamble", *HEADINGS], "words stand before the first"),
    ],
)
def test_another_extract(lines, said):
    with pytest.raises(SourceError, match=f"{sources.EXTRACT}: .*{said}"):
        sources.sections("\n".join(lines))


def test_marks_of_sections_are_short():
    assert all(len(mark.split()) <= 4 for mark in HEADINGS)


# --- The decrees, where a reader has them -----------------------------------------------------------------------------


def test_decrees_are_read_from_their_folder_or_the_one_above(tmp_path):
    folder = tmp_path / "decrees"
    folder.mkdir()
    for name, body in (("U1400000741", "старый"), ("U2000000280", "новый")):
        (folder / f"{name}.rus.txt").write_text("\ufeff" + body, encoding="utf-8")
    assert sources.decrees(folder) == sources.decrees(tmp_path) == {2014: "старый", 2020: "новый"}


def test_a_missing_decree_is_named_with_its_remedy(tmp_path):
    with pytest.raises(sources.SourceError, match=r"2014.*U1400000741\.kaz\.txt.*fetch decrees"):
        sources.decrees(tmp_path, language="kaz")


def test_a_decree_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "U1400000741.rus.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(sources.SourceError, match="UTF-8"):
        sources.decrees(tmp_path)


def test_decrees_are_named_as_they_are_fetched():
    assert set(sources.EDITION_FILES.values()) == set(download.DECREES)
    assert all(download.DECREES[name]["date"].startswith(str(year)) for year, name in sources.EDITION_FILES.items())
