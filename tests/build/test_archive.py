"""Kinds of files, ranks, and reading an archive or a folder."""

import tarfile
from collections import Counter

import pytest

from manyvectors.build import archive
from manyvectors.build.archive import SourceError


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
    assert archive.rank(post) == expected


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
    assert archive.kind(name) == expected


@pytest.fixture
def packed(fake):
    """The made-up corpus, packed."""
    path = fake.texts.with_suffix(".tar.gz")
    with tarfile.open(path, "w:gz") as tar:
        tar.add(fake.texts, "UNGDC")
    return path


@pytest.mark.parametrize("whole", [False, True])
def test_speeches(fake, packed, whole):
    path = packed if whole else fake.texts
    counted = {doc_id: raw for doc_id, raw in fake.speeches.items() if doc_id[-4:] >= "1992"}
    assert dict(archive.speeches(path)) == fake.speeches
    assert dict(archive.speeches(path, first_year=1992)) == counted
    assert set(dict(archive.speeches(path, {"FRA"}))) == {"FRA_46_1991", "FRA_47_1992", "FRA_69_2014"}
    kinds = {"speech": 9, "speakers": 1, "AppleDouble file": 2, "hidden file": 1, "other file": 3}
    assert Counter(archive.kind(name) for name, _ in archive.files(path)) == kinds


def test_an_archive_without_compression(fake):
    path = fake.texts.with_suffix(".tar")
    with tarfile.open(path, "w") as tar:
        tar.add(fake.texts, "UNGDC")
    assert dict(archive.files(path)).keys() == {f"UNGDC/{name}" for name, _ in archive.files(fake.texts)}


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_truncated_archive(packed, share):
    packed.write_bytes(packed.read_bytes()[: int(share * packed.stat().st_size)])
    with pytest.raises(SourceError, match=r"texts\.tar\.gz.*fetch it again"):
        list(archive.files(packed))


@pytest.mark.parametrize("name", ["texts.tar.gz", "texts.tgz", "texts.tar", "texts.txt"])
@pytest.mark.parametrize("content", [b"", b"<html>Not found</html>"], ids=["empty", "html"])
def test_something_else_than_an_archive(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError, match=name):
        list(archive.files(path))


def test_nothing_there(tmp_path):
    with pytest.raises(SourceError, match="nowhere"):
        list(archive.files(tmp_path / "nowhere"))
