"""Tables that people fill in: read however a spreadsheet program has saved them, refused with a remedy."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors.methods import filled


class SheetFault(ValueError):
    pass


cells = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=8)
tables = st.integers(2, 4).flatmap(
    lambda width: st.tuples(
        st.lists(cells, min_size=width, max_size=width, unique=True),
        st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=4),
    )
)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("filled") / "aru.csv"


encodings, ends = st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.sampled_from(["\n", "\r\n"])


@given(tables, st.sampled_from(",;\t"), encodings, ends)
def test_what_spreadsheets_write(path, table, separator, encoding, end):
    head, rows = table
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([head, [""] * len(head), *rows])
    path.write_bytes(f"sep={separator}{end}{out.getvalue()}".encode(encoding))
    found = filled.read(path, SheetFault)
    assert list(found) == head and found.to_numpy().tolist() == rows


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"PK\x03\x04", "workbook, not text in UTF-8; save it again"),
        ("имя,оценка\nслово,да\n".encode("cp1251") * 20, "UTF-8.*'CSV UTF-8', or read it with encoding='cp1251'"),
        ("a,b\nx,1\n".encode("utf-16-le"), "bytes of zero"),
        (b"", "empty"),
        (b"a,a\n1,2\n", "more than one column 'a'"),
        (b"a,b\n1,2\n3,4,5\n", "row 3: '5' stands in a column without a name"),
        (b"a" * 200_000, "damaged"),
    ],
)
def test_what_cannot_be_read(tmp_path, raw, message):
    (tmp_path / "aru.csv").write_bytes(raw)
    with pytest.raises(SheetFault, match=rf"aru\.csv.*{message}"):
        filled.read(tmp_path / "aru.csv", SheetFault)


def test_another_encoding_is_read_if_it_is_named(tmp_path):
    (tmp_path / "aru.csv").write_bytes("слово;1\nмост;0\n".encode("cp1251"))
    assert list(filled.read(tmp_path / "aru.csv", SheetFault, "cp1251")) == ["слово", "1"]
    for wrong in ("utf-8", "nonsense"):
        with pytest.raises(SheetFault, match="name"):
            filled.read(tmp_path / "aru.csv", SheetFault, wrong)
    with pytest.raises(SheetFault, match="no file"):
        filled.read(tmp_path, SheetFault)
