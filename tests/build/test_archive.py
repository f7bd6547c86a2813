"""Kinds of files, ranks, and reading an archive or a folder."""

import csv
import io
import tarfile
import zipfile
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors.build import archive
from manyvectors.build.archive import SourceError
from manyvectors.build.packed import members


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


@given(
    st.lists(st.sampled_from(["a", "é", "b" * 99, "c" * 100, "d" * 150, "e" * 90 + "/" + "f" * 90]), max_size=6),
    st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]),
    st.booleans(),
)
def test_members_of_any_names_are_read(names, form, folders):
    """Headers that are read here and those that are left to tarfile may follow each other in any order."""
    packed, given_in = io.BytesIO(), []
    with tarfile.open(fileobj=packed, mode="w", format=form) as tar:
        for i, name in enumerate(names):
            member = tarfile.TarInfo(f"{i}{name}")
            member.type = tarfile.DIRTYPE if folders and i % 2 else tarfile.REGTYPE
            content = b"" if member.isdir() else f"{name} {i}".encode() * 300 * i
            member.size = len(content)
            try:
                tar.addfile(member, io.BytesIO(content))
            except ValueError:  # too long for this form
                continue
            given_in.append((member.name, None if member.isdir() else content))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "packed.tar"
        path.write_bytes(packed.getvalue())
        assert [(name, read and read()) for name, read in members(path)] == given_in
        assert [name for name, _ in members(path)] == [name for name, _ in given_in]  # and passed over


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


# --- Other forms of the corpus ----------------------------------------------------------------------------------------


def _zip(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)
    return path


def _table(fake, separator=",", header="session,year,country,text"):
    """The made-up corpus as one table: its bytes."""
    out = io.StringIO()
    rows = csv.writer(out, delimiter=separator)
    rows.writerow(header.split(","))
    for doc_id, raw in fake.speeches.items():
        state, session, year = doc_id.split("_")
        rows.writerow([session, year, state, raw.decode()])
    return out.getvalue().encode()


def test_a_zip(fake, tmp_path):
    files = [(path.relative_to(fake.texts), path) for path in fake.texts.rglob("*") if path.is_file()]
    packed = _zip(tmp_path / "corpus.zip", [(f"UNGDC\\{name!s}", path.read_bytes()) for name, path in files])
    assert dict(archive.speeches(packed)) == fake.speeches
    assert Counter(archive.kind(name) for name, _ in archive.files(packed))["speakers"] == 1


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("header", ["session,year,country,text", '\ufeffSession,YEAR,"ISO Code",speech'])
def test_one_table(fake, tmp_path, separator, header):
    content = _table(fake, separator).replace(b"session,year,country,text".replace(b",", separator.encode()), b"HEAD")
    content = content.replace(b"HEAD", header.replace(",", separator).encode())
    (tmp_path / "table.csv").write_bytes(content)
    assert dict(archive.speeches(tmp_path / "table.csv")) == fake.speeches
    (tmp_path / "folder" / "in").mkdir(parents=True)
    (tmp_path / "folder" / "in" / "Speeches.CSV").write_bytes(content)
    (tmp_path / "folder" / "readme.txt").write_text("Notes.")
    assert dict(archive.speeches(tmp_path / "folder")) == fake.speeches
    packed = _zip(tmp_path / "table.zip", [("readme.txt", b"Notes."), ("un.csv", content)])
    assert dict(archive.speeches(packed, first_year=2014)).keys() == {"FRA_69_2014", "KAZ_69_2014", "KGZ_69_2014"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "session, year, country, text is missing"),
        (b"session,year,text\n", "country is missing"),
        (b"session,year,country,text,text\n", "text is missing or there twice"),
        (b"session,year,country,text\n72,2017,Estonia,Peace.\n", "row 2: country is 'Estonia', which is not a code"),
        (b"session,year,country,text\n72,MMXVII,EST,Peace.\n", "row 2: year is 'MMXVII'"),
        (b"session,year,country,text\n72,2017,EST,Peace.\n,2017,EST,x\n", "row 3: session is ''"),
        (b"session,year,country,text\n72,2017,EST\n", "row 2: it has 3 cells, the header 4"),
        (b'session,year,country,text\n72,2017,EST,"cut off', "unexpected end of data"),
        (b"session,year,country,text\n72,2017,EST,\xff\n", "not UTF-8: byte 0xff; save the table as UTF-8"),
        (b"session,year,country,text\n72,2017,EST," + b"x" * 5_000_001, "field larger than field limit"),
    ],
)
def test_a_table_that_cannot_serve(tmp_path, content, said):
    (tmp_path / "un.csv").write_bytes(content)
    with pytest.raises(SourceError, match=r"un\.csv cannot be used as a table of speeches: ") as error:
        list(archive.files(tmp_path / "un.csv"))
    assert said in str(error.value) and "\n" not in str(error.value)


# --- Damage and size --------------------------------------------------------------------------------------------------


def _spoil(raw, at):
    return raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :]


@given(st.data())
def test_a_spoilt_or_cut_archive_is_never_read_in_part(spoilt, data):
    """Whatever byte changes or is missing: an error, or every speech as it was."""
    form = data.draw(st.sampled_from(sorted(spoilt.whole)))
    raw = spoilt.whole[form]
    at = data.draw(st.integers(0, len(raw) - 1))
    path = spoilt.folder / form
    path.write_bytes(_spoil(raw, at) if data.draw(st.booleans()) else raw[:at])
    try:
        found = dict(archive.speeches(path))
    except SourceError as error:
        assert form in str(error) and "\n" not in str(error)
    else:
        assert found.keys() == spoilt.speeches.keys()
        assert found == spoilt.speeches or form == "corpus.tar"  # which has no checksum over what it holds


@pytest.fixture(scope="module")
def spoilt(shared_fake, tmp_path_factory):
    """The made-up corpus in three forms: bytes by name; a folder to write into; the speeches."""
    folder = tmp_path_factory.mktemp("spoilt")
    members = sorted((f"TXT/{doc_id}.txt", raw) for doc_id, raw in shared_fake.speeches.items())
    _zip(folder / "corpus.zip", members)
    for name, mode in (("corpus.tar.gz", "w:gz"), ("corpus.tar", "w")):
        with tarfile.open(folder / name, mode) as tar:
            for inside, raw in members:
                info = tarfile.TarInfo(inside)
                info.size = len(raw)
                tar.addfile(info, io.BytesIO(raw))
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}
    return SimpleNamespace(folder=folder, whole=whole, speeches=shared_fake.speeches)


def test_what_is_no_speech_is_not_read(fake, monkeypatch):
    film = fake.texts / "film.mp4"
    with film.open("wb") as file:
        file.truncate(8_000_000_000)  # it takes no room on the disk
    assert dict(archive.files(fake.texts))["film.mp4"] is None
    assert dict(archive.speeches(fake.texts)) == fake.speeches


def test_a_speech_beyond_measure(fake, packed):
    with (fake.texts / "TXT" / "KAZ_49_1994.txt").open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(SourceError, match=r"KAZ_49_1994\.txt is larger than 5,000,000 bytes"):
        list(archive.speeches(fake.texts))


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_texts_beyond_measure(fake, tmp_path, monkeypatch, form):
    monkeypatch.setattr(archive.packed, "MOST_TEXT", 5_000)
    path = fake.texts
    if form == "zip":
        path = _zip(tmp_path / "corpus.zip", [(f"{name}.txt", raw) for name, raw in fake.speeches.items()])
    with pytest.raises(SourceError, match="more than 5,000 bytes"):
        list(archive.speeches(path))


def test_more_files_than_a_corpus_has(fake, monkeypatch):
    monkeypatch.setattr(archive.packed, "MOST_MEMBERS", 10)
    with pytest.raises(SourceError, match="more than 10 files; give the folder of the corpus alone"):
        list(archive.speeches(fake.texts))


@pytest.mark.parametrize("name", ["KAZ_00_1992.txt", "KAZ_47_0000.txt", "KAZ_47_1945.txt", "KAZ_47_9999.txt"])
def test_sessions_and_years_that_never_were(fake, name):
    (fake.texts / "TXT" / name).write_bytes(b"A canal.")
    assert archive.kind(name) == "impossible session or year"
    assert dict(archive.speeches(fake.texts)) == fake.speeches


def test_of_two_files_of_one_name_the_first_counts(fake):
    (fake.texts / "ZZZ").mkdir()
    (fake.texts / "ZZZ" / "KAZ_69_2014.txt").write_bytes(b"Another.")
    assert dict(archive.speeches(fake.texts)) == fake.speeches


@pytest.mark.parametrize("path", ["", "  ", "~nosuchuser/texts", "a\0b"])
def test_paths_that_name_nothing(path):
    with pytest.raises(SourceError) as error:
        list(archive.files(path))
    assert "\n" not in str(error.value)


def test_the_record_of_fetching():
    assert archive.left_out(b'{"skipped": {"other file": 3}, "more": 1}') == {"other file": 3}


@pytest.mark.parametrize(
    "raw",
    [
        *(b"", b"{}", b"[]", b"1", b'{"skipped": 1}', b'{"skipped": {"a": "x"}}', b'{"skipped": {"a": -1}}', b"\xff"),
        *(b"[" * 100_000, b'{"skipped": {"a": ' + b"9" * 5_000 + b"}}"),
    ],
)
def test_a_record_that_is_none(raw):
    with pytest.raises(SourceError, match=r"SOURCE\.json .*fetch them again, or delete that file"):
        archive.left_out(raw)
