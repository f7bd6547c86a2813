"""What people bring who come for the first time: what is read of it, and what they are told."""

import warnings
from html import escape

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors import compare, corpus, text, topics
from manyvectors.corpus import formats, workbook
from manyvectors.study import StudyError

SCRIPTS = {
    "cp1251": "Шлюз открыт, а мост закрыт до самой весны.",
    "cp1254": "Savak bugün açık, ama köprü ilkbahara kadar kapalı.",
    "latin-1": "L'écluse est ouverte, et la forêt est fermée.",
    "gb18030": "水门 今天 开放",
    "utf-8": "Жоғарғы шлюз ашық, көпір жабық.",
}


def told(ask, *args, **options):
    """Return what a refusal says, on its one line."""
    with pytest.raises(ValueError) as error:
        ask(*args, **options)
    assert len(str(error.value).splitlines()) == 1
    return str(error.value)


def page(body, head=""):
    return (
        f"<!DOCTYPE html><html><head>{head}<title>Locks</title><script>var hidden = 1;</script></head><body>"
        f"<nav><a href='/'>Home</a></nav><article>{body}</article><footer>Cookies</footer></body></html>"
    )


# --- Web pages and Markdown -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", SCRIPTS)
def test_a_page_is_read_in_the_encoding_that_it_names(tmp_path, encoding):
    paragraphs = "".join(f"<p>{SCRIPTS[encoding]}</p>" for _ in range(3))
    (tmp_path / "a.html").write_bytes(page(paragraphs, f"<meta charset={encoding}>").encode(encoding))
    (tmp_path / "b.HTM").write_bytes(page(paragraphs).encode(encoding))
    own = corpus.read(tmp_path, encoding=encoding)
    for body in own.texts:
        assert body.count(text.clean(SCRIPTS[encoding])) == 3
        assert not {"hidden", "cookies", "script", "p"} & set(text.tokenise(body))
    (tmp_path / "b.HTM").unlink()
    assert corpus.read(tmp_path).texts["a"] == own.texts["a"]


def test_a_page_that_names_another_encoding_than_its_own_or_holds_nothing(tmp_path):
    (tmp_path / "a.html").write_bytes(page("<p>Шлюз</p>", "<meta charset='utf-8'>").encode("cp1251"))
    assert "a.html not utf-8: byte 0xd8" in told(corpus.read, tmp_path)
    for body in ("", page(""), page("<!-- lock -->"), "<nav>lock</nav>"):
        (tmp_path / "a.html").write_text(body)
        assert "a.html holds no word" in told(corpus.read, tmp_path)
    (tmp_path / "a.html").write_text("<p>A weir.</p>" + "<div>" * 100_000 + "lock")
    assert "a.html cannot be read as a page (its parts hold each other without end)" in told(corpus.read, tmp_path)


@given(st.lists(st.sampled_from([*SCRIPTS.values(), "A lock.", "12", "Nav & footer"]), min_size=1, max_size=30))
def test_every_word_of_a_page_is_counted_and_none_of_what_stands_around_it(paragraphs):
    parts = ["<p>{}</p>", "<div><i>{}</i></div>", "<ul><li>{}</ul>", "<table><tr><td>{}</td></tr></table>", "{}<br>"]
    body = "".join(parts[i % len(parts)].format(escape(said)) for i, said in enumerate(paragraphs))
    read = formats.page(page(body).encode())
    assert text.tokenise(text.clean(read)) == text.tokenise(text.clean(" ".join(paragraphs)))


@pytest.mark.parametrize("start", ["", "<?xml version='1.0' encoding='ISO-8859-1'?>", "<!-- one --><!DOCTYPE html>"])
@pytest.mark.parametrize("body", ["<p>Déjà vu</p>", "Déjà vu", "<html><body><p>D&eacute;j&agrave;&nbsp;vu</body>"])
def test_pages_of_any_make(start, body):
    assert (
        text.clean(formats.page((start + body).encode("latin-1"), None if "xml" in start else "latin-1")) == "Déjà vu"
    )


def test_markdown_is_plain_text(tmp_path):
    (tmp_path / "a.md").write_text("# Of locks\n\nThe **lock** is open.\n")
    assert corpus.read(tmp_path).terms()["lock"].tolist() == [1]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.doc", "save it as .docx"),
        ("a.xls", "save it as .xlsx or CSV"),
        ("a.jsonl", r"pandas.read_json(PATH, lines=True)"),
        ("a.7z", "pack it as .zip"),
    ],
)
def test_what_is_not_read_has_a_way_in(tmp_path, name, said):
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0")
    assert said in told(corpus.read, tmp_path)
    assert said in told(corpus.read, tmp_path / name)


# --- A table about the texts ------------------------------------------------------------------------------------------


def test_a_table_about_the_texts_names_them_in_any_column(tmp_path):
    (tmp_path / "speeches").mkdir()
    for i in range(3):
        (tmp_path / "speeches" / f"речь_{i}.txt").write_bytes(SCRIPTS["cp1251"].encode("cp1251"))
    rows = [f"Запад;речь_{i}.txt;{2010 + i};{i},5" for i in (2, 0, 1)]
    (tmp_path / "list.csv").write_bytes("\r\n".join(["партия;файл;год;минут", *rows]).encode("cp1251"))
    ask = {"path": tmp_path / "speeches", "encoding": "cp1251", "about": tmp_path / "list.csv"}
    assert told(corpus.read, **ask).endswith(
        "list.csv has no column 'doc_id'; name the column with the names of the documents: doc_id='файл'"
    )
    own = corpus.read(**ask, doc_id="файл")
    assert own.documents["год"].to_dict() == {"речь_0": 2010, "речь_1": 2011, "речь_2": 2012}
    assert list(own.documents) == ["партия", "год", "минут", "tokens", "terms"]
    (tmp_path / "list.csv").write_text("party;year\nleft;2010\n")
    assert told(corpus.read, **ask).endswith("doc_id=, of party, year")


def test_every_sheet_of_a_workbook_is_told(tmp_path, monkeypatch):
    sheets = {"codes": [["question", "label"]], "empty": [], "answers": [["ID", "Answer"], [1, "A lock."]]}
    monkeypatch.setattr(workbook, "sheets", lambda raw, name: sheets)
    (tmp_path / "survey.xlsx").write_bytes(b"")
    assert told(corpus.read, tmp_path / "survey.xlsx").endswith(
        "survey.xlsx has no column 'text'; name the one with the texts as text=: "
        "survey.xlsx, sheet codes: question, label; survey.xlsx, sheet answers: ID, Answer"
    )
    assert corpus.read(tmp_path / "survey.xlsx", text="Answer", doc_id="ID").texts.to_dict() == {"1": "A lock."}


# --- Encodings --------------------------------------------------------------------------------------------------------


@given(st.sampled_from(["koi8-r", "cp866", "latin-1"]), st.sampled_from([*SCRIPTS.values()]))
def test_a_file_in_utf_8_among_others_is_told(tmp_path_factory, encoding, other):
    folder = tmp_path_factory.mktemp("mixed")
    (folder / "a.txt").write_text("The lock is open.")
    (folder / "b.txt").write_bytes(other.encode())
    with pytest.warns(UserWarning, match=rf"b\.txt was read as {encoding}, .* seems to be UTF-8"):
        corpus.read(folder, encoding=encoding)
    (folder / "b.txt").unlink()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        corpus.read(folder, encoding=encoding)


def test_a_folder_in_several_encodings_is_read_in_parts_and_joined(tmp_path):
    for name, body in SCRIPTS.items():
        (tmp_path / f"{name}.txt").write_bytes(body.encode(name))
    with pytest.warns(UserWarning, match="4 file"):
        parts = [corpus.read(tmp_path, errors="skip")]
    rest = [name for name in SCRIPTS if name != "utf-8"]
    parts += [corpus.read(tmp_path / f"{name}.txt", encoding=name) for name in rest]
    own = corpus.from_texts(pd.concat([part.texts for part in parts]))
    assert own.texts.to_dict() == {name: text.clean(body) for name, body in SCRIPTS.items()}


@pytest.mark.parametrize(
    ("unparted", "parted"),
    [
        ("水门今天开放而驳船继续前行，风很大。", "水门 今天 开放 而 驳船 继续 前行 ， 风 很 大 。"),
        ("水門は今日も開いており、船は進む。", "水門 は 今日 も 開い て おり 、 船 は 進む 。"),
        ("ประตูน้ำเปิดวันนี้และเรือก็แล่นต่อไป", "ประตู น้ำ เปิด วัน นี้ และ เรือ ก็ แล่น ต่อ ไป"),
    ],
)
def test_scripts_without_spaces_are_told(unparted, parted):
    with pytest.warns(UserWarning, match=r"1 text\(s\), 'b' the first, are written without spaces"):
        corpus.from_texts({"a": "The lock is open.", "b": unparted})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        corpus.from_texts({"a": "The lock is open at 水門.", "b": parted, "c": SCRIPTS["utf-8"]})


# --- Mistakes of the first day ----------------------------------------------------------------------------------------


def test_the_home_of_the_user(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "a.txt").write_text("The lock is open.")
    (tmp_path / "list.csv").write_text("doc_id,year\na,2011\n")
    own = corpus.read("~/a.txt", about="~/list.csv")
    assert own.documents["year"].to_dict() == {"a": 2011}
    assert "nothing to read at " in told(corpus.read, "~/b.txt")
    assert "nothing to read at ~nosuchuser" in told(corpus.read, "~nosuchuser/a.txt")


def test_a_text_in_the_place_of_its_path():
    assert len(told(corpus.read, "The lock is open. " * 10_000)) < 300


@pytest.mark.parametrize("words", [[["lock", "weir"], ["lock"]], [["lock", "weir"], ["lock", "gate"]]])
def test_lists_of_words_are_no_texts(words):
    said = told(corpus.from_texts, words)
    assert "row 1 has ['lock', 'weir'] where a text should be; join lists of words" in said
    assert "row 2 has no text" in told(corpus.from_texts, ["The lock.", pd.NA])


def test_a_folder_of_texts_is_no_study(tmp_path):
    (tmp_path / "a.txt").write_text("The lock is open.")
    with pytest.raises(StudyError, match=r"neither a study .* corpus\.read\(PATH\)"):
        corpus.load(tmp_path)


def test_a_language_where_a_list_is_asked():
    assert "text.stop_words('russian')" in told(topics.Recipe, drop=("english", "russian"))
    assert "text.stop_words('german')" in told(topics.Recipe, drop="nolanguage")


# --- Answers of a few words -------------------------------------------------------------------------------------------


def test_short_answers_go_through(tmp_path):
    said = ["More buses and trams", "Lower the taxes and rents", "the", "Buses, buses", "taxes", "42", "", "Trams"]
    lines = [f"{i};{'fm'[i % 2]};{body}" for i, body in enumerate(said * 12)]
    (tmp_path / "survey.csv").write_text("\ufeffID;gender;Answer\r\n" + "\r\n".join(lines), encoding="utf-8")
    with pytest.warns(UserWarning, match=r"24 file\(s\) or row\(s\)"):
        own = corpus.read(tmp_path / "survey.csv", text="Answer", doc_id="ID", errors="skip")
    m = own.terms()
    with pytest.warns(UserWarning, match="12 of 72 rows hold none of the terms that count"):
        model = topics.TopicModel(2, recipe=topics.Recipe("english")).fit(m)
    shares = topics.by_speech(model.shares_, m.rows)
    assert len(shares) == 60 and set(shares["gender"]) == {"f", "m"}
    halves = [shares[shares.index.astype(int) < 48], shares[shares.index.astype(int) >= 48]]
    assert topics.prevalence_change(*halves, 1, control="gender").estimate == pytest.approx(0, abs=1e-9)
    assert topics.prevalence(model.shares_, m.rows, by="gender")["documents"].sum() == 2 * 60
    assert "buses" in compare.keyness(m, m.rows["gender"], n=50).index
