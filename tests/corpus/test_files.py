"""Texts from files: every form, script, encoding and separator; within bounds; and what cannot be read is told."""

import csv
import io
import os
import pickle
import re
import stat
import zipfile
from xml.sax.saxutils import escape

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors import corpus, text
from manyvectors.corpus import DataError, files, formats

SCRIPTS = {
    "utf-8": "Жоғарғы Палата ашық. Ο θόλος είναι ανοιχτός. 水門 開放",
    "utf-16": "Шлюз открыт. Жол ашық.",
    "utf-32": "Schleuse offen, Tür zu.",
    "cp1251": "Шлюз открыт, «мост» закрыт.",
    "koi8-r": "Шлюз открыт, мост закрыт.",
    "cp1254": "Savak açık, köprü kapalı.",
    "latin-1": "L'écluse est ouverte, là-bas.",
    "shift_jis": "水門 開放",
    "cp1256": "البوابة مفتوحة",
}


def told(ask, *args, **options):
    """Return what a refusal says, on its one line."""
    with pytest.raises(DataError) as error:
        found = ask(*args, **options)
        list(found) if hasattr(found, "__next__") else None
    assert len(str(error.value).splitlines()) == 1
    return str(error.value)


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def packed(path, members):
    """Write a zip of names and contents."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def sheet(path, rows, far=None):
    """Write a small workbook of one sheet, with a cell far away if its reference is given."""
    cells = [
        "<row>"
        + "".join(
            f"<c><v>{cell}</v></c>"
            if isinstance(cell, (int, float))
            else f'<c t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
            for cell in row
        )
        + "</row>"
        for row in rows
    ]
    cells += [f'<row r="{re.sub("[A-Z]", "", far)}"><c r="{far}"><v>1</v></c></row>'] if far else []
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return packed(
        path,
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="one" sheetId="1" '
            'r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship Id="r1" '
            f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(cells)}</sheetData>'
            "</worksheet>",
        },
    )


# --- Folders ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "speeches"
    put(root / "left" / "b.txt", "The lock is open.")
    put(root / "left" / "a.TXT", "\ufeffThe weir is shut.\r\n")
    put(root / "right" / "2011" / "c.v2.txt", "No barge.")
    for noise in (".DS_Store", "left/._b.txt", "__MACOSX/left/a.txt", ".git/x.txt", "Thumbs.db", "left/~$c.docx"):
        put(root / noise, b"\0\5\x16\7")
    return root


def test_a_folder(folder):
    found = list(files.documents(folder))
    assert [(name, about["folder"]) for name, _, about in found] == [
        *(("left/a", "left"), ("left/b", "left"), ("right/2011/c.v2", "right/2011"))
    ]
    own = corpus.read(folder)
    assert own.texts.tolist() == ["The weir is shut.", "The lock is open.", "No barge."]
    assert list(own.documents) == ["folder", "tokens", "terms"] and own.skipped.empty
    assert own.terms(where={"folder": "left"})["the"].to_dict() == {"left/a": 1, "left/b": 1}


def test_a_folder_without_sub_folders_has_no_column_for_them(folder):
    assert list(corpus.read(folder / "left").documents) == ["tokens", "terms"]
    assert corpus.read(folder / "left" / "b.txt").texts.to_dict() == {"b": "The lock is open."}


def test_texts_without_an_ending_are_read_if_there_are_no_others(folder):
    put(folder / "left" / "49960", "No lock.")
    assert "left/49960" not in [name for name, _, _ in files.documents(folder)]
    (folder / "left" / "._b.txt").unlink()
    for path in [*folder.rglob("*.txt"), *folder.rglob("*.TXT")]:
        path.rename(path.with_suffix("").with_name(path.stem.replace(".", "-")))
    assert [name for name, _, _ in files.documents(folder)] == ["left/49960", "left/a", "left/b", "right/2011/c-v2"]


def test_a_table_about_the_files(folder):
    path = put(folder / "meta.csv", "doc_id;party;code\nleft/a.txt;x;007\nleft/b;y;008\nright/2011/c.v2.txt;y;\n")
    own = corpus.read(folder, about=path)
    assert own.documents["party"].tolist() == ["x", "y", "y"] and own.skipped.empty
    assert own.documents["code"].tolist()[:2] == ["007", "008"] and own.documents["code"].isna().tolist()[2]
    path.unlink()
    frame = pd.DataFrame({"year": [3, 1, 2]}, ["right/2011/c.v2", "left/a", "left/b"])
    assert corpus.read(folder / "left" / "..", about=frame).documents["year"].tolist() == [1, 2, 3]
    said = told(corpus.read, folder, about=frame.iloc[:2])
    assert "no row for 1 of 3 documents, 'left/b'" in said and "'right/2011/c.v2'" in said
    with pytest.warns(UserWarning, match=r"1 row\(s\) of about have no text, 'z' among them"):
        corpus.read(folder, about=pd.concat([frame, pd.DataFrame({"year": [4]}, ["z"])]))
    assert "two rows 'right/2011/c.v2'" in told(corpus.read, folder, about=pd.concat([frame, frame]))
    assert "is no table" in told(corpus.read, folder, about=folder / "left" / "b.txt")
    assert "nothing to read at" in told(corpus.read, folder, about=folder / "none.csv")


def test_what_is_passed_over_is_said(folder):
    put(folder / "notes.rtf", "x")
    put(folder / "list.csv", "a,b\n1,2\n")
    with pytest.warns(UserWarning, match=r"2 file\(s\) or row\(s\) of .*speeches were not read, list.csv the first"):
        own = corpus.read(folder)
    assert own.skipped.set_index("file")["reason"].to_dict() == {
        "list.csv": "a table beside texts; give it as about= if it describes them",
        "notes.rtf": "no text by its ending '.rtf'; save it as .docx or as plain text",
    }


def test_unreadable_files_are_listed_and_left_out_only_if_asked(folder):
    put(folder / "left" / "d.txt", "Шлюз открыт".encode("cp1251"))
    put(folder / "left" / "e.txt", "")
    put(folder / "left" / "f.txt", " \n\t")
    put(folder / "left" / "g.txt", "2011, 2012.")
    put(folder / "right" / "h.docx", b"PK\3\4 no")
    put(folder / "right" / "i.pdf", b"%PDF-1.4 no")
    put(folder / "left" / "a.pdf", b"")
    said = told(corpus.read, folder)
    for name, why in (
        *(("left/d.txt", "not UTF-8: byte 0xd8 at position 0"), ("left/e.txt", "holds no word")),
        *(("left/f.txt", "holds no word"), ("left/g.txt", "holds no word"), ("right/h.docx", "is damaged")),
        *(("right/i.pdf", "cannot be read as a PDF"), ("left/a.pdf", "as an earlier one has")),
    ):
        assert re.search(rf"{re.escape(name)} [^;]*{re.escape(why)}", said), name
    assert "errors='skip'" in said
    with pytest.warns(UserWarning, match="were not read"):
        own = corpus.read(folder, errors="skip")
    assert own.texts.index.tolist() == ["left/a", "left/b", "right/2011/c.v2"] and len(own.skipped) == 7
    skipped = []
    assert len(list(files.documents(folder, errors="skip", skipped=skipped))) == 3 and len(skipped) == 7


def test_nothing_is_handed_on_after_the_first_fault(folder):
    put(folder / "left" / "aa.txt", "")
    seen = []
    with pytest.raises(DataError):
        seen.extend(name for name, _, _ in files.documents(folder))
    assert seen == ["left/a"]


def test_places_without_texts(tmp_path):
    (tmp_path / "empty").mkdir()
    put(tmp_path / "pictures" / "a.jpg", "x")
    put(tmp_path / "page.epub", "A lock.")
    assert "there is nothing" in told(files.documents, tmp_path / "empty")
    assert ".jpg (1)" in told(files.documents, tmp_path / "pictures")
    assert ".epub (1)" in told(files.documents, tmp_path / "page.epub")
    assert "nothing to read at" in told(files.documents, tmp_path / "none")
    assert "errors must be" in told(files.documents, tmp_path, errors="ignore")
    put(tmp_path / "blank" / "a.txt", "")
    assert "none is left" in told(corpus.read, tmp_path / "blank", errors="skip")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system")
def test_links_and_pipes(folder, tmp_path):
    put(tmp_path / "outside" / "z.txt", "Outside.")
    (folder / "link").symlink_to(tmp_path / "outside", target_is_directory=True)
    (folder / "round").symlink_to(folder, target_is_directory=True)
    (folder / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    os.mkfifo(folder / "pipe.txt")
    skipped = []
    assert len(list(files.documents(folder, errors="skip", skipped=skipped))) == 3
    assert {name: why for name, why in skipped} == {
        "gone.txt": "No such file or directory",
        "pipe.txt": "is no regular file",
    }
    assert "neither a folder nor a file" in told(files.documents, folder / "pipe.txt")


def test_a_name_is_one_name_in_either_normal_form(tmp_path):
    put(tmp_path / "e\u0301cluse.txt", "A lock.")
    own = corpus.read(tmp_path, about=pd.DataFrame({"year": [2011]}, ["\u00e9cluse"]))
    assert own.documents["year"].to_dict() == {"\u00e9cluse": 2011}


# --- Encodings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", SCRIPTS)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encodings_of_texts_and_tables(tmp_path, encoding, separator):
    said = SCRIPTS[encoding]
    put(tmp_path / "a.txt", said.encode(encoding))
    rows = io.StringIO(newline="")
    csv.writer(rows, delimiter=separator).writerows(
        [["doc_id", "text", "n"], ["a", f"{said}\n{said}", "1"], ["b", said, ""]]
    )
    path = put(tmp_path / "a.csv", rows.getvalue().encode(encoding))
    marked = encoding in ("utf-8", "utf-16", "utf-32")
    for name in (encoding, None) if marked else (encoding,):
        assert list(files.documents(tmp_path / "a.txt", name)) == [("a", said, {})]
        found = {key: (body, about) for key, body, about in files.documents(path, name)}
        assert {key: text.clean(body) for key, (body, _) in found.items()} == {
            "a": text.clean(f"{said} {said}"),
            "b": text.clean(said),
        }
        assert found["a"][1] == {"n": "1"}
    for place in (tmp_path / "a.txt", path):
        if not marked:
            assert re.search("not UTF-8: byte 0x.. at position .*encoding=", told(files.documents, place))


def test_an_encoding_that_is_none_or_not_the_right_one(tmp_path):
    put(tmp_path / "a.txt", "Шлюз".encode("cp1251"))
    path = put(tmp_path / "a.csv", "text\nШлюз\n".encode("cp1251"))
    for place in (tmp_path / "a.txt", path):
        assert re.search("no-such|unknown encoding|no encoding", told(files.documents, place, "no-such"))
        assert "ascii" in told(files.documents, place, "ascii")
    late = put(tmp_path / "late.csv", b"text\n" + b"A lock.\n" * 400_000 + "Шлюз\n".encode("cp1251"))
    assert f"position {5 + 8 * 400_000}" in told(files.documents, late)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_without_a_mark_are_named(tmp_path, encoding):
    put(tmp_path / "a.txt", "The lock is open.".encode(encoding))
    put(tmp_path / "b.csv", ("text,n\n" + "The lock is open.,1\n" * 90_000).encode(encoding))
    for name in ("a.txt", "b.csv"):
        said = told(files.documents, tmp_path / name)
        assert encoding[:6].upper() in said and f"encoding={encoding!r}" in said
        assert next(files.documents(tmp_path / name, encoding))[1] == "The lock is open."


@pytest.mark.parametrize("encoding", ["cp1251", "utf-16"])
@pytest.mark.parametrize("of_table", ["utf-8-sig", "the texts'"])
def test_a_table_about_texts_in_another_encoding(tmp_path, encoding, of_table):
    put(tmp_path / "t" / "a.txt", "Шлюз открыт.".encode(encoding))
    table = "doc_id;партия\na;лево\n".encode(encoding if of_table == "the texts'" else of_table)
    own = corpus.read(tmp_path / "t", encoding=encoding, about=put(tmp_path / "about.csv", table))
    assert own.documents["партия"].to_dict() == {"a": "лево"}


# --- Tables -----------------------------------------------------------------------------------------------------------

cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\",;\t|'"), max_size=20)


@given(
    st.lists(st.tuples(cells, cells), min_size=1, max_size=5),
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.booleans(),
)
def test_what_a_csv_holds_comes_back(tmp_path_factory, rows, separator, encoding, told_separator):
    rows = [(f"lock {a}", b) for a, b in rows]
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=separator)
    writer.writerow(["speech text", "party"])
    writer.writerows(rows)
    first = f"sep={separator}\r\n" if told_separator else ""
    path = put(tmp_path_factory.mktemp("csv") / "a.csv", (first + file.getvalue()).encode(encoding))
    found = list(files.documents(path, text="speech text"))
    assert [(body, about["party"]) for _, body, about in found] == rows
    assert [name for name, _, _ in found] == [str(i) for i in range(1, len(rows) + 1)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "a.csv is empty"),
        ("text\n", "holds no document"),
        ("speech,party\nA lock.,x\n", "no column 'text'; name the one with the texts as text=: speech, party"),
        ("text,party,party\nA lock.,x,y\n", "two columns 'party'"),
        ("text,party\nA lock, a weir.,x\n", "row 2 has 3 cells, the heading 2"),
        ('text,party\n"A lock.,x\n', "line 2: a quotation mark is never closed"),
        ('text,party\n"A "lock".",x\n', "line 2: "),
        ("text,party\nA lock.,x\n,y\n", "row 3 holds no word"),
        ("doc_id,text\na,A lock.\na,A weir.\n", "row 3 has the doc_id 'a', as an earlier one has"),
        ("doc_id,text\n,A lock.\n", "row 2 has no doc_id"),
    ],
)
def test_a_csv_that_cannot_be_read(tmp_path, content, said):
    assert said in told(corpus.read, put(tmp_path / "a.csv", content))


def test_what_a_spreadsheet_adds_is_no_matter(tmp_path):
    path = put(tmp_path / "a.csv", "\n;text;;n;\n;A lock.;;1,5;\n;;;;\n;A weir.;;2;\n".removeprefix("\n"))
    own = corpus.read(path)
    assert own.documents.index.tolist() == ["1", "3"] and own.documents["n"].tolist() == ["1,5", "2"]
    assert list(own.documents) == ["n", "tokens", "terms"]


def test_columns_of_a_csv_become_numbers_where_all_their_cells_are(tmp_path):
    path = put(
        tmp_path / "a.csv",
        "text,year,share,code,flag,gap,date\n"
        "A lock.,2011,0.5,007,True,1,2011-01-02\nA weir.,2012,1,008,false,,2012-01-02\n",
    )
    own = corpus.read(path).documents
    assert own["year"].tolist() == [2011, 2012] and own["year"].dtype.kind == "i"
    assert own["share"].tolist() == [0.5, 1.0] and own["code"].tolist() == ["007", "008"]
    assert own["flag"].tolist() == [True, False] and own["date"].tolist() == ["2011-01-02", "2012-01-02"]
    assert own["gap"].tolist()[0] == 1 and own["gap"].isna().tolist()[1]


def test_columns_that_are_named(tmp_path):
    path = put(tmp_path / "a.csv", "id,speech,party\n7,A lock.,x\n8,A weir.,y\n")
    own = corpus.read(path, text="speech", doc_id="id")
    assert own.texts.to_dict() == {"7": "A lock.", "8": "A weir."} and list(own.documents)[:1] == ["party"]
    assert "no column 'name'; there are id, speech, party" in told(corpus.read, path, text="speech", doc_id="name")


def test_excel_and_parquet(tmp_path):
    rows = [["doc_id", "text", "year"], [7, "Шлюз открыт.", 2011], ["b", "A “weir”\nis shut.", 2012], ["", "", ""]]
    book = sheet(tmp_path / "a.xlsx", rows)
    frame = pd.DataFrame({"doc_id": ["7", "b"], "text": [rows[1][1], rows[2][1]], "year": [2011, 2012]})
    frame.to_parquet(tmp_path / "a.parquet")
    for path in (book, tmp_path / "a.parquet"):
        own = corpus.read(path)
        assert own.texts.to_dict() == {"7": "Шлюз открыт.", "b": "A “weir” is shut."}
        assert own.documents["year"].tolist() == [2011, 2012] and own.documents["year"].dtype.kind == "i"
    put(tmp_path / "b.parquet", b"PAR1 no")
    put(tmp_path / "b.xlsx", b"PK\3\4 no")
    assert "cannot be read as Parquet" in told(corpus.read, tmp_path / "b.parquet")
    assert "b.xlsx: it is not a readable workbook" in told(corpus.read, tmp_path / "b.xlsx")
    assert "sheet one, row 2 has 5.0 where a text should be" in told(corpus.read, sheet(book, [["text"], [5]]))


@pytest.mark.parametrize("far", ["XFD1048576", "A9999999", "ZZZZZZ1", "B1048576"])
def test_a_cell_far_away_does_not_end_the_process(tmp_path, far):
    said = told(corpus.read, sheet(tmp_path / "a.xlsx", [["text"] * 1, ["A lock."]], far))
    assert "cell" in said or "row" in said or "value" in said


def test_several_tables_are_read_one_after_the_other(tmp_path):
    put(tmp_path / "2011.csv", "text,party\nA lock.,x\nA weir.,y\n")
    put(tmp_path / "2012.csv", "text;party\nNo barge.;x\n")
    own = corpus.read(tmp_path)
    assert own.documents["file"].to_dict() == {"2011/1": 2011, "2011/2": 2011, "2012/1": 2012}
    assert own.documents["party"].tolist() == ["x", "y", "x"]
    put(tmp_path / "2013.csv", "speech\nA lock.\n")
    assert "2013.csv has no column 'text'" in told(corpus.read, tmp_path)


# --- Word and PDF -----------------------------------------------------------------------------------------------------


def test_word(tmp_path):
    docx = pytest.importorskip("docx")
    made = docx.Document()
    made.add_heading("Of locks", 1)
    made.add_paragraph("Шлюз открыт.")
    made.add_table(1, 2).rows[0].cells[1].text = "A weir."
    made.save(tmp_path / "a.docx")
    assert corpus.read(tmp_path).texts.to_dict() == {"a": "Of locks Шлюз открыт. A weir."}


def pdf(words):
    """Return a PDF of one page with a line of text."""
    stream = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for i, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (i, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(out),
    )


def test_pdf(tmp_path):
    pytest.importorskip("pypdf")
    put(tmp_path / "a.pdf", pdf("The lock is open."))
    assert corpus.read(tmp_path).texts.to_dict() == {"a": "The lock is open."}
    put(tmp_path / "a.pdf", pdf(""))
    assert "no text in its pages" in told(corpus.read, tmp_path)


def test_without_the_libraries_for_them(tmp_path, monkeypatch):
    put(tmp_path / "a.docx", b"PK")
    put(tmp_path / "b.pdf", b"%PDF")
    monkeypatch.setitem(__import__("sys").modules, "docx", None)
    monkeypatch.setitem(__import__("sys").modules, "pypdf", None)
    said = told(corpus.read, tmp_path)
    assert "a.docx needs python-docx; install it with `pip install python-docx pypdf`; b.pdf needs pypdf;" in said


# --- Zips -------------------------------------------------------------------------------------------------------------


def test_a_zip_is_read_as_the_folder_that_was_packed(folder, tmp_path):
    inside = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    flat = packed(tmp_path / "flat.zip", inside)
    nested = packed(tmp_path / "nested.zip", {f"speeches/{name}": content for name, content in inside.items()})
    for path in (flat, nested):
        assert list(files.documents(path)) == list(files.documents(folder))
    tables = packed(tmp_path / "t.zip", {"a/b.csv": "text;n\nA lock.;1\n", "__MACOSX/a/._b.csv": b"\0"})
    assert list(files.documents(tables)) == [("1", "A lock.", {"n": "1"})]


def test_names_in_a_zip_that_are_not_said_to_be_utf_8(tmp_path):
    path = packed(tmp_path / "a.zip", {"a": "x"})
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("aaaaaaaa.txt", "A lock.")
    raw = path.read_bytes().replace(b"aaaaaaaa.txt", "шлюз.txt".encode())
    assert [name for name, _, _ in files.documents(put(path, raw))] == ["шлюз"]


@pytest.mark.parametrize("name", ["/etc/a.txt", "../a.txt", "b/../../a.txt", "b\\..\\a.txt", "C:/a.txt"])
def test_a_zip_with_a_way_out_is_refused(tmp_path, name):
    path = packed(tmp_path / "a.zip", {"one.txt": "A lock.", "XXXXXX": "A weir."})
    filler = "X" * len(name)
    packed(path, {"one.txt": "A lock.", filler: "A weir."})
    put(path, path.read_bytes().replace(filler.encode(), name.encode()))
    assert "which leads out of its folder" in told(files.documents, path)


def test_a_zip_that_would_fill_the_memory_is_refused(tmp_path):
    bomb = packed(tmp_path / "a.zip", {f"{i}.txt": b"a" * 15_000_000 for i in range(5)})
    assert "more than 100 times its size" in told(files.documents, bomb)
    one = packed(tmp_path / "b.zip", {"a.txt": b"a " * 12_000_000})
    assert "is longer than 20,000,000 bytes" in told(files.documents, one)
    # A size that the zip understates is no way round: no more than the size is read, and the checksum tells.
    liar = bytearray(packed(tmp_path / "c.zip", {"a.txt": b"a " * 30_000_000}).read_bytes())
    for place in (liar.find(b"PK\3\4") + 22, liar.find(b"PK\1\2") + 24):
        liar[place : place + 4] = (100).to_bytes(4, "little")
    assert "Bad CRC" in told(files.documents, put(tmp_path / "c.zip", bytes(liar)))


def test_zips_that_cannot_be_read(tmp_path):
    whole = packed(tmp_path / "a.zip", {"a.txt": b"A lock. " * 99, "b.txt": b"A weir. " * 99}).read_bytes()
    assert "is no whole zip" in told(files.documents, put(tmp_path / "cut.zip", whole[: len(whole) // 2]))
    assert "is no whole zip" in told(files.documents, put(tmp_path / "no.zip", b"A lock."))
    spoilt = bytearray(whole)
    spoilt[45:55] = bytes(10)
    assert "a.txt" in told(files.documents, put(tmp_path / "spoilt.zip", bytes(spoilt)))
    locked = bytearray(whole)
    locked[locked.find(b"PK\1\2") + 8] |= 1
    assert "locked with a password" in told(files.documents, put(tmp_path / "locked.zip", bytes(locked)))
    linked = zipfile.ZipInfo("link.txt")
    linked.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        archive.writestr(linked, "/etc/passwd")
        archive.writestr("a.txt", "A lock.")
    assert [name for name, _, _ in files.documents(tmp_path / "link.zip")] == ["a"]


# --- Parts and bounds -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["folder", "zip", "csv", "parquet"])
def test_parts_hold_the_same_documents_and_can_be_pickled(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(files, "FILES", 3)
    monkeypatch.setattr(files, "ROWS", 3)
    names = [f"{i:02d}" for i in range(10)]
    if kind in ("folder", "zip"):
        for name in names:
            put(tmp_path / "f" / f"{name}.txt", f"Lock {name}.")
        path = tmp_path / "f"
        if kind == "zip":
            path = packed(tmp_path / "f.zip", {p.name: p.read_bytes() for p in path.iterdir()})
    else:
        frame = pd.DataFrame({"doc_id": names, "text": [f"Lock {name}." for name in names], "n": "1"})
        path = tmp_path / f"f.{kind}"
        frame.to_csv(path, index=False) if kind == "csv" else frame.to_parquet(path)
    parts = list(files.parts(path))
    assert [len(part.entries) for part in parts] == [3, 3, 3, 1]
    found = [document for part in parts for document in pickle.loads(pickle.dumps(part)).read()]
    assert found == list(files.documents(path)) and [name for name, _, _ in found] == names


def test_a_part_says_what_it_cannot_read(folder):
    put(folder / "left" / "e.txt", "")
    (part,) = files.parts(folder)
    assert "left/e.txt holds no word" in told(part.read)
    (part,), skipped = files.parts(folder, errors="skip"), []
    assert len(list(part.read(skipped))) == 3 and skipped == [("left/e.txt", "holds no word")]


def test_rows_are_read_as_they_are_asked_for(tmp_path):
    path = put(tmp_path / "a.csv", "text\n" + "A lock.\n" * 5000 + '"never closed\n')
    parts = files.parts(path)
    assert len(next(parts).entries) == files.ROWS
    with pytest.raises(DataError, match="never closed"):
        list(parts)


def test_bounds(tmp_path, monkeypatch):
    monkeypatch.setattr(formats, "TEXT_LIMIT", 20)
    put(tmp_path / "a.txt", "A lock is open, and so on.")
    assert "is longer than 20 bytes" in told(corpus.read, tmp_path / "a.txt")
    put(tmp_path / "a.csv", 'text\n"A lock is open,\nand so on."\n')
    assert "holds more than 20 characters" in told(corpus.read, tmp_path / "a.csv")
    monkeypatch.setattr("manyvectors.corpus.reading.LIMIT", 10)
    put(tmp_path / "b.csv", "text\nA lock.\nA weir.\n")
    assert "python -m manyvectors counts" in told(corpus.read, tmp_path / "b.csv")
