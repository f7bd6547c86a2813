"""Whatever is wrong with the texts or the registries is one clear line, from the builder and from the command line."""

import re
import shutil
import tarfile

import pytest
from invented import DOCUMENTS, SPEAKERS

from manyvectors.__main__ import main
from manyvectors.build import archive, count
from manyvectors.build.archive import SourceError


def _not_utf8(fake):
    path = fake.texts / "TXT" / "Session 69 - 2014" / "FRA_69_2014.txt"
    path.write_bytes(b"caf\xe9 on the canal")


def _old_layout(fake):
    fake.write_spreadsheet(fake.texts / archive.SPEAKERS, [["Year", "Name"], [1992, "Ms. Tasova"]])


def _empty(fake):
    shutil.rmtree(fake.texts)
    fake.texts.mkdir()


def _truncate(fake):
    archive = fake.texts.with_suffix(".tar.gz")
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(fake.texts, "UNGDC")
    archive.write_bytes(archive.read_bytes()[:2000])
    fake.texts = archive


def _header_only(fake):
    fake.write_spreadsheet(fake.texts / archive.SPEAKERS, SPEAKERS[:1])


def _number(column, value):
    def spoil(fake):
        row = list(SPEAKERS[2])
        row[SPEAKERS[0].index(column)] = value
        fake.write_spreadsheet(fake.texts / archive.SPEAKERS, [*SPEAKERS, row])

    return spoil


def _record(content):
    return lambda fake: (fake.texts / archive.RECORD).write_bytes(content)


def _spoilt_byte(fake):
    archive = fake.texts.with_suffix(".tar.gz")
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(fake.texts, "UNGDC")
    raw = bytearray(archive.read_bytes())
    raw[-6] ^= 1  # the checksum at its end
    archive.write_bytes(raw)
    fake.texts = archive


def _one_table(fake):
    fake.texts = fake.texts.with_suffix(".csv")
    fake.texts.write_text("session,year,country,text\n69,2014,FRA,A canal.\n")


MISTAKES = [
    pytest.param(_header_only, r"Speakers_by_session\.xlsx holds no row since 1992", id="no speakers"),
    pytest.param(_number("Session", 69.5), "holds a session that is no whole number", id="half a session"),
    pytest.param(_number("Session", 0), "holds a session that is no whole number from 1", id="session 0"),
    pytest.param(_number("Year", 10**300), "holds a year that is no whole number", id="a year beyond numbers"),
    pytest.param(_record(b"{}"), r"SOURCE\.json .*delete that file", id="an empty record"),
    pytest.param(_record(b"[]"), r"SOURCE\.json .*delete that file", id="a record that is a list"),
    pytest.param(_record(b"[" * 100_000), r"SOURCE\.json .*delete that file", id="a record without an end"),
    pytest.param(_spoilt_byte, r"texts\.tar\.gz is not a readable archive", id="a spoilt checksum"),
    pytest.param(_one_table, r"texts\.csv holds no Speakers_by_session\.xlsx.*archive or folder", id="one table"),
    pytest.param(_empty, "holds no speech since 1992", id="empty folder"),
    pytest.param(
        lambda fake: (fake.texts / archive.SPEAKERS).unlink(),
        r"texts holds no Speakers_by_session\.xlsx",
        id="no table of speakers",
    ),
    pytest.param(_old_layout, r"Speakers_by_session\.xlsx has no column \['Country'", id="another table of speakers"),
    pytest.param(
        lambda fake: (fake.texts / archive.SPEAKERS).write_bytes(b"not a spreadsheet"),
        r"Speakers_by_session\.xlsx",
        id="a table of speakers that is none",
    ),
    pytest.param(_truncate, r"texts\.tar\.gz is not a readable archive", id="truncated archive"),
    pytest.param(lambda fake: shutil.rmtree(fake.texts), "no texts at", id="nothing there"),
    pytest.param(_not_utf8, r"FRA_69_2014.*not UTF-8.*0xe9", id="a speech in another encoding"),
    pytest.param(
        lambda fake: fake.edit(fake.world / "states.csv", "KGZ,Kyrgyzstan\n", ""),
        r"study\.yml: profiled names \['KGZ'\].*states\.csv",
        id="the study names a state without a name",
    ),
    pytest.param(
        lambda fake: (fake.texts / "ZZZ_69_2014.txt").write_text("A canal."),
        r"states\.csv has no name for \['ZZZ'\]",
        id="state without a name",
    ),
    pytest.param(
        lambda fake: (fake.study.folder / "nodes.csv").unlink(), r"nodes\.csv cannot be used", id="registry missing"
    ),
    pytest.param(
        lambda fake: fake.edit(fake.world / "phrases.csv", "phrase,lists", "phrase,list"),
        r"phrases\.csv cannot be used",
        id="registry of another layout",
    ),
    pytest.param(
        lambda fake: fake.edit(fake.world / "phrases.csv", "never said,", "*,"),
        "'\\*' is not a phrase",
        id="phrase without a letter",
    ),
    pytest.param(lambda fake: shutil.rmtree(fake.other), "no folder .*other", id="no other documents"),
]


@pytest.mark.parametrize(("spoil", "said"), MISTAKES)
def test_clear_errors(fake, spoil, said):
    spoil(fake)
    with pytest.raises((SourceError, ValueError), match=said):
        count.build(fake.texts, fake.world, fake.study, fake.other)


ODD = {"KAZ_48_1993.txt": b"", "KAZ_49_1994.txt": b" \n\t\xc2\xa0\r\n", "KAZ_50_1995.txt": b"1995 12 7\n3.5"}
ODD |= {"KAZ_51_1996.txt": b"\xef\xbb\xbf", "KAZ_52_1997.txt": b"--- ... !", "KAZ_53_1998.txt": b"\x01\x02\x7f"}


@pytest.mark.parametrize("only", [False, True])
@pytest.mark.parametrize("name", ODD)
def test_a_speech_without_a_word_is_named(fake, name, only):
    if only:
        for path in fake.texts.rglob("???_*.txt"):
            path.unlink()
    (fake.texts / "TXT" / name).write_bytes(ODD[name])
    with pytest.raises(SourceError, match=rf"^{name} holds no word \(1 such\); put the speech there"):
        count.build(fake.texts, fake.world, fake.study, fake.other)


def test_a_new_phrase_must_be_counted_in_the_other_documents_too(package):
    with (package.world / "phrases.csv").open("a", encoding="utf-8") as file:
        file.write("brand new,invented\n")
    with pytest.raises(SourceError, match=r"'brand new'.*--other"):
        count.build(package.texts, package.world, package.study)


def test_a_new_document_must_be_counted(package):
    entry = {"file": "more.txt", "register": "letters", "grade": "B", "year": 2012, "title": "More"}
    study = package.write_study(package.study.folder, documents=DOCUMENTS | {"MORE_2012": entry})
    with pytest.raises(SourceError, match=r"'MORE_2012'.*--other"):
        count.build(package.texts, package.world, study)


def test_a_document_that_is_no_more_must_be_counted_without(package):
    fewer = {name: entry for name, entry in DOCUMENTS.items() if name != "LETTER_2003"}
    study = package.write_study(package.study.folder, documents=fewer)
    with pytest.raises(SourceError, match=r"'LETTER_2003'.*--other"):
        count.build(package.texts, package.world, study)


def test_what_documents_yml_says_is_carried_over_as_it_stands_now(package):
    entry = DOCUMENTS["LETTER_2003"] | {"title": "Another title"}
    study = package.write_study(package.study.folder, documents=DOCUMENTS | {"LETTER_2003": entry})
    rows = count.build(package.texts, package.world, study).study["other-documents"].set_index("doc_id")
    assert rows.at["LETTER_2003", "title"] == "Another title" and rows.at["LETTER_2003", "tokens"] > 50


def test_damaged_counts_are_not_carried_over(package):
    path = package.study.folder / "other-terms.parquet"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(SourceError, match=r"--other"):
        count.build(package.texts, package.world, package.study)


def test_counts_of_other_words_are_not_carried_over(package):
    package.edit(package.study.folder / "other-vocabulary.csv", "\ncanal,", "\nkanal,")
    with pytest.raises(SourceError, match=r"counted beside other terms; .*--other"):
        count.build(package.texts, package.world, package.study)


def test_nothing_to_carry_over(fake):
    with pytest.raises(SourceError, match=r"other-documents\.\w+.*--other"):
        count.build(fake.texts, fake.world, fake.study)


# --- The command line -------------------------------------------------------------------------------------------------


def _arguments(command, fake, other=True):
    places = ["--texts", str(fake.texts), "--data", str(fake.data)]
    return [command, *places, *(["--other", str(fake.other)] if other else [])]


def _bytes(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_commands(fake, capsys):
    assert main(_arguments("data", fake)) == 0
    assert re.search(rf"wrote \d+ tables to {fake.world} and \d+ to {fake.study.folder}", capsys.readouterr().out)
    assert main(_arguments("verify", fake, other=False)) == 0
    assert capsys.readouterr().out == "every table equals its rebuild, byte for byte\n"
    fake.edit(fake.world / "speakers.csv", "Ms. Aral,", "Ms. Aral,Poet")
    assert main(_arguments("verify", fake)) == 1
    said = capsys.readouterr().out.splitlines()
    assert said == ["speakers: 2014 / KGZ / Ms. Aral: post: shipped 'Poet', rebuilt ''", "1 lines differ"]
    assert main(["describe", "--data", str(fake.data), "--study", str(fake.study.folder)]) == 0
    assert "datapackage.json" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["data", "verify"])
@pytest.mark.parametrize(("spoil", "said"), MISTAKES)
def test_commands_print_an_error_once(fake, capsys, command, spoil, said):
    spoil(fake)
    before = _bytes(fake.data)
    assert main(_arguments(command, fake)) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.fullmatch(rf"error: [^\n]*{said}[^\n]*\n", printed.err)
    assert _bytes(fake.data) == before


def test_unusable_arguments(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["verify"])
    assert stopped.value.code == 2
    assert "--texts" in capsys.readouterr().err
