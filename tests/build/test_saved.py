"""Pages of acts saved from a browser: under any name, as web page, web archive or text; which is which is read."""

import json
import plistlib
from email.message import EmailMessage

import pytest
from invented_acts import RU, edition

from manyvectors.__main__ import main
from manyvectors.build import documents, saved
from manyvectors.build.archive import SourceError

ACTS = {2014: ("U1400000741", "741"), 2020: ("U2000000280", "280")}


def body(language, year):
    """An invented edition, long enough, whose later one names the earlier one's number further down."""
    text = edition(language, year, ACTS[year][1], new=8 if year == 2020 else 0, targets=24)
    return text + ("\n5) № 741 жарлықтың күші жойылды деп танылсын;" if year == 2020 else "")


def page(text, charset="utf-8"):
    """A page as a legal database shows it, with furniture around it."""
    lines = "".join(f"<p>{line}</p>" for line in text.splitlines())
    menu = "".join(f"<li><a href='/{n}'>Menu {n}</a></li>" for n in range(9))
    return (
        f"<!DOCTYPE html><html><head><meta charset='{charset}'></head><body><nav><ul>{menu}</ul></nav>"
        f"<div class='content'><article>{lines}</article></div><footer><p>All rights to the imitation.</p></footer>"
        "</body></html>"
    ).encode(charset)


def archive(text):
    """The same page in one file, as browsers of one family save it."""
    message = EmailMessage()
    message["Snapshot-Content-Location"] = "https://example.org/rus/docs"
    message.make_related()
    message.add_related(page(text), "text", "html", cte="quoted-printable")
    message.add_related(b"\x89PNG", "image", "png")
    return message.as_bytes()


def safari(text):
    """The same page in one file, as Safari saves it."""
    return plistlib.dumps({"WebMainResource": {"WebResourceData": page(text)}}, fmt=plistlib.FMT_BINARY)


@pytest.fixture
def folder(tmp_path):
    """Four pages in four forms, under names that a browser gives, beside something else of the reader's."""
    (tmp_path / "Указ 741.html").write_bytes(page(body("ru", 2014)))
    (tmp_path / "download.mht").write_bytes(archive(body("ru", 2020)))
    (tmp_path / "U1400000741 (1).webarchive").write_bytes(safari(body("kk", 2014)))
    (tmp_path / "copied.txt").write_text(body("kk", 2020), encoding="utf-8-sig")
    (tmp_path / "shopping.txt").write_text("хлеб, молоко", encoding="utf-8")
    (tmp_path / "old.txt").write_bytes("заметки".encode("cp1251"))
    (tmp_path / "Указ 741_files").mkdir()
    (tmp_path / "Указ 741_files" / "U1400000741.html").write_bytes(b"no page")
    return tmp_path


def test_pages_are_known_by_what_they_say(folder, study):
    found = documents.acts(folder, study)
    assert {code: list(texts) for code, texts in found.items()} == {"ru": [2014, 2020], "kk": [2014, 2020]}
    for code, texts in found.items():
        for year, text in texts.items():
            lines = [line for line in body(code, year).splitlines() if line]
            assert not [line for line in lines if line.lstrip("0123456789) ") not in text]
            assert "Menu" not in text and "imitation" not in text


def test_what_fetch_wrote_goes_before_a_saved_page(folder, study):
    (folder / "U1400000741.rus.txt").write_text("старый", encoding="utf-8")
    assert documents.decrees(folder, study, "rus")[2014] == "старый"
    assert RU.common[0] in documents.decrees(folder, study, "rus")[2020]


def test_another_states_text_is_taken_if_it_is_there(folder, study):
    assert 2013 not in documents.decrees(folder, study, "rus")
    said = "Концепция внешней политики Российской Федерации (выдуманная), 12 февраля 2013 года\n" + "\n".join(RU.other)
    (folder / "another.html").write_bytes(page(said))
    assert RU.other[0] in documents.decrees(folder, study, "rus")[2013]
    assert 2013 not in documents.decrees(folder, study, "kaz")


def test_the_number_may_stand_in_the_name_alone(tmp_path, study):
    text = edition("ru", headings=False).split("\n", 1)[1]
    for name, key in (("741 rus.txt", "U1400000741"), ("my U2000000280.txt", "U2000000280")):
        assert saved.act_of(text, name.removesuffix(".txt"), study) == (key, "rus")
    assert saved.act_of(text, "notes", study) == (None, None)
    assert saved.act_of(text, "17410 lines", study) == (None, None)


def test_a_page_in_an_older_encoding(tmp_path, study):
    for year, (key, _) in ACTS.items():
        (tmp_path / f"{key}.html").write_bytes(
            page(body("ru", year).replace("деп", ""), "windows-1251") if year == 2014 else page(body("ru", year))
        )
    assert RU.common[3] in documents.decrees(tmp_path, study, "rus")[2014]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("280 again.html", page(body("ru", 2014)), "its name says U2000000280, its text U1400000741"),
        ("second.html", page(body("ru", 2014)), "are both U1400000741 in 'rus'; keep one"),
        ("741.txt", "Указ № 741".encode("cp1251"), "not UTF-8"),
        ("741 new.webarchive", b"nothing", "holds no page"),
        ("741 old.webarchive", plistlib.dumps([1]), "holds no page"),
        ("741 new.mht", b"MIME-Version: 1.0\n\nnothing", "holds no page"),
        ("741 eng.txt", b"Decree No. 741 in English, of which there is none.", "none of the languages rus, kaz"),
    ],
)
def test_what_cannot_be_used_is_named_in_one_line(folder, study, name, content, said):
    (folder / name).write_bytes(content)
    with pytest.raises(SourceError, match=said) as caught:
        documents.decrees(folder, study, "rus")
    assert "\n" not in str(caught.value) and name in str(caught.value)


def test_a_page_that_is_missing_is_named_with_its_address(folder, study):
    (folder / "Указ 741.html").unlink()
    with pytest.raises(SourceError, match=r"2014.*rus/docs/U1400000741 in a browser.*save it"):
        documents.decrees(folder, study, "rus")
    assert list(documents.acts(folder, study)) == ["kk"]
    with pytest.raises(SourceError, match=r"no text was found.*save it again"):
        documents.acts(folder / "Указ 741_files", study)


# --- fetch decrees --from ---------------------------------------------------------------------------------------------


def test_fetch_takes_a_folder_of_saved_pages(folder, tmp_path_factory, capsys, study):
    to = tmp_path_factory.mktemp("cache")
    (folder / "download.mht").unlink()
    assert main(["fetch", "decrees", "--from", str(folder), "--to", str(to)]) == 0
    said = capsys.readouterr().out
    assert "3 texts" in said and "U2000000280 in rus" in said and "U2000000280 in eng" in said
    written = {path.name for path in (to / "decrees").glob("*.txt")}
    assert written == {"U1400000741.rus.txt", "U1400000741.kaz.txt", "U2000000280.kaz.txt"}
    facts = json.loads((to / "decrees" / "U1400000741.rus.json").read_text("utf-8"))
    assert facts["file"] == "Указ 741.html" and "imitations" in facts["note"] and "url" not in facts
    assert documents.decrees(to, study, "kaz") == documents.decrees(to / "decrees", study, "kaz")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: folder / "nowhere", "is no folder"),
        (lambda folder: folder, "open https://"),
        (lambda folder: _with(folder, "U1400000741.html", page(edition("ru", kept=1))), "too few for a decree"),
    ],
)
def test_fetch_says_what_to_do_with_a_folder_that_will_not_do(tmp_path, tmp_path_factory, capsys, make, said):
    to = tmp_path_factory.mktemp("cache")
    assert main(["fetch", "decrees", "--from", str(make(tmp_path)), "--to", str(to)]) != 0
    error = capsys.readouterr().err.strip()
    assert said in error and "\n" not in error
    assert not list(to.iterdir())


def _with(folder, name, content):
    (folder / name).write_bytes(content)
    return folder


def test_help_says_how_to_do_without_a_shell(capsys):
    with pytest.raises(SystemExit):
        main(["fetch", "decrees", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "browser" in said and "--from FOLDER" in said and "MANYVECTORS_DECREES" in said
