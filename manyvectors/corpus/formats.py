"""A file, or a cell of a table, to a text: plain text, Word, PDF, CSV, Excel and Parquet, each within bounds.

Every function here raises a ValueError that says what is wrong with the file, without its name.
"""

import csv
import io
import logging
import re
import zipfile

from .. import text
from ..common import one_line
from . import workbook

# The longest speech of the book has half a megabyte. What is longer than these is no text, or is many in one file.
TEXT_LIMIT = 20_000_000  # bytes of a plain text, characters of any
FILE_LIMIT = 200_000_000  # bytes of a Word, PDF or Excel file, and of what each of its parts unpacks to
PAGE_LIMIT = 5_000  # of a PDF
_SEPARATORS = ",;\t|"
_STEP = 1 << 20  # bytes read at a time


def plain(raw, encoding=None):
    """Return the text of a plain file: str; ``encoding`` as in :func:`manyvectors.text.decode`."""
    if len(raw) > TEXT_LIMIT:
        raise ValueError(f"is longer than {TEXT_LIMIT:,} bytes; split it into its documents")
    return text.decode(raw, encoding)


def word(raw, encoding=None):
    """Return the paragraphs and tables of a Word file: str. Headers, footers, notes and boxes are left out."""
    docx = _extra("docx", "python-docx")
    bounded(raw)
    try:
        blocks = list(docx.Document(io.BytesIO(raw)).iter_inner_content())
        lines = [line for block in blocks for line in _lines(block)]
    except Exception as error:  # python-docx lets those of its parts through: KeyError, XMLSyntaxError, ...
        raise ValueError(f"cannot be read as a Word file ({one_line(error)})") from None
    return _short("\n".join(lines))


def _lines(block):
    if hasattr(block, "rows"):
        return ["\t".join(cell.text for cell in row.cells) for row in block.rows]
    return [block.text]


_CHARSET = re.compile(rb"<(?:meta\s[^>]{0,200}?charset|\?xml\s[^>]{0,200}?encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.I)


# What stands around a text, and what is no text.
_AROUND = "//nav|//aside|//footer|//script|//style|//noscript|//template|//button|//svg|//iframe|//comment()"


def page(raw, encoding=None):
    """Return the text of the body of a web page, without what its marks say stands around it (menus, footers): str.

    ``encoding``: by default UTF-8, or what a byte order mark or else the page's own heading says. Nothing is guessed to
    be the main text: programs that do leave out paragraphs that are short, or said twice.
    """
    if len(raw) > TEXT_LIMIT:
        raise ValueError(f"is longer than {TEXT_LIMIT:,} bytes; split it into its documents")
    said = _CHARSET.search(raw[:4096])
    if encoding is None and said and not raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        encoding = said[1].decode("ascii")
        # By the standard of the web these names mean the larger table of Windows.
        encoding = "cp1252" if encoding.lower() in ("iso-8859-1", "latin1", "ascii", "us-ascii") else encoding
    found = text.decode(raw, encoding)
    if not found.strip():
        return ""
    from lxml import etree, html  # take a moment to load
    from trafilatura import html2txt

    try:
        # Without huge_tree, what stands more than 255 elements deep would be dropped without a word.
        parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
        tree = html.document_fromstring(found.encode(), parser)
        if any("depth" in error.message for error in parser.error_log):
            raise ValueError("its parts hold each other without end")
        for element in tree.xpath(_AROUND):
            if element.getparent() is not None:
                element.drop_tree()
        return html2txt(tree, clean=False)
    except (etree.LxmlError, ValueError, RecursionError) as error:
        raise ValueError(f"cannot be read as a page ({one_line(error)})") from None


def pdf(raw, encoding=None):
    """Return the text of the pages of a PDF: str."""
    pypdf = _extra("pypdf", "pypdf")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is wrong is told once, by the error
    try:
        reader = pypdf.PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ValueError("is locked with a password")
        if len(reader.pages) > PAGE_LIMIT:
            raise ValueError(f"has more than {PAGE_LIMIT:,} pages; split it into its documents")
        pages, length = [], 0
        for page in reader.pages:
            pages.append(page.extract_text())
            length += len(pages[-1])
            if length > TEXT_LIMIT:
                break
    except ValueError as error:
        raise ValueError(f"{one_line(error)}") from None
    except RecursionError:
        raise ValueError("cannot be read as a PDF (its parts hold each other without end)") from None
    except Exception as error:  # a damaged file can bring any error of the parser's
        raise ValueError(f"cannot be read as a PDF ({one_line(error)})") from None
    found = _short("\n".join(pages))
    if not found.strip():
        raise ValueError("has no text in its pages, only pictures of them perhaps; run it through text recognition")
    return found


def _short(found):
    if len(found) > TEXT_LIMIT:
        raise ValueError(f"holds more than {TEXT_LIMIT:,} characters; split it into its documents")
    return found


def _extra(module, package):
    try:
        return __import__(module)
    except ImportError:
        raise ValueError(f"needs {package}; install it with `pip install python-docx pypdf`") from None


def bounded(raw):
    """Refuse an Office file, which is a zip, if a part of it says that it unpacks to too much, or it is no zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            sizes = [part.file_size for part in parts.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ValueError(f"is damaged, or not what its ending says ({one_line(error)})") from None
    if sum(sizes) > FILE_LIMIT:
        raise ValueError(f"unpacks to more than {FILE_LIMIT:,} bytes")


# Tables: each function yields the heading, then rows; each is (number as a spreadsheet counts, list of cells) --------


def comma(stream, encoding=None):
    """Yield the rows of a CSV, cells as strings.

    ``stream``: binary, seekable. The separator is that of a first line ``sep=;``, else the commonest of comma,
    semicolon, tab and bar in the heading. Quoted cells may hold line breaks.
    """
    csv.field_size_limit(max(csv.field_size_limit(), TEXT_LIMIT))
    head = stream.read(_STEP)
    stream.seek(0)
    encoding = encoding or _encoding_of(head)
    try:
        lines = io.TextIOWrapper(stream, encoding, newline="")
    except LookupError:
        raise ValueError(f"there is no encoding {encoding!r}") from None
    try:
        first = lines.readline(TEXT_LIMIT)
        first = first.removeprefix("\ufeff")
        told = re.fullmatch(r"\"?sep=(.)\"?\s*", first, re.IGNORECASE)
        separator = told[1] if told else max(_SEPARATORS, key=_outside_quotes(first).count)
        # A line that was read is put back before the others; strict, or a quotation mark never closed eats the rest.
        rows = csv.reader(lines if told else _after(first, lines), delimiter=separator, strict=True)
        yield from enumerate(rows, start=1)
    except UnicodeError as error:
        stream.seek(0)
        _tell(stream, encoding, error)
    except csv.Error as error:
        said = "a quotation mark is never closed" if "end of data" in str(error) else one_line(error)
        raise ValueError(
            f"line {rows.line_num}: {said}; put a text that holds {separator!r}, a quotation mark or a line break "
            "between quotation marks, and double those inside"
        ) from None


def _after(first, lines):
    yield first
    yield from lines


def _outside_quotes(line):
    return re.sub(r"\"[^\"]*\"", "", line)


def _encoding_of(head):
    """Return the encoding that a byte order mark names, else UTF-8; what is seen not to be that is refused."""
    for mark, name in ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if head.startswith(mark):
            return name
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if len(head) == _STEP:  # not in the middle of a letter
        head = head[: len(head) // 4 * 4 if b"\0" in head else head.rfind(b"\n") + 1]
    text.decode(head)  # says what it is if it is no UTF-8
    return "utf-8"


def _tell(stream, encoding, error):
    """Raise for bytes that are not of their encoding, with their place in the file."""
    raw = stream.read(FILE_LIMIT)
    text.decode(raw, None if encoding.startswith("utf-8") else encoding)
    raise ValueError(f"is not {encoding}: {one_line(error)}; name its encoding=")


def excel(raw):
    """Yield (name of a sheet, its rows), cells as Excel has them; empty ones are None."""
    if len(raw) > FILE_LIMIT:
        raise ValueError(f"is larger than {FILE_LIMIT:,} bytes")
    for name, rows in workbook.sheets(raw, "it").items():
        yield name, ((i, [None if cell == "" else cell for cell in row]) for i, row in enumerate(rows, start=1))


def parquet(stream, rows=500):
    """Yield the rows of a Parquet table, cells as Python has them; the heading is row 1."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 1
    try:
        with pq.ParquetFile(stream, buffer_size=_STEP, pre_buffer=False) as file:
            yield number, file.schema_arrow.names
            for group in range(file.num_row_groups):  # what one call has read stays in memory until it ends
                for batch in file.iter_batches(rows, [group], use_threads=False):
                    for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                        number += 1
                        yield number, list(cells)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise ValueError(f"cannot be read as Parquet ({one_line(error)})") from None


TEXTS = {
    **dict.fromkeys((".txt", ".text", ".md"), plain),
    **dict.fromkeys((".html", ".htm", ".xhtml"), page),
    ".docx": word,
    ".pdf": pdf,
}
# What people bring and what is not read, with what to do.
REMEDIES = {
    **dict.fromkeys((".doc", ".rtf", ".odt", ".pages", ".wpd"), "save it as .docx or as plain text"),
    **dict.fromkeys((".xls", ".xlsb", ".ods", ".numbers"), "save it as .xlsx or CSV"),
    ".jsonl": "read it with t = pandas.read_json(PATH, lines=True), and corpus.from_texts(t['text'], about=t)",
    ".json": "read it with t = pandas.read_json(PATH), and corpus.from_texts(t['text'], about=t)",
    **dict.fromkeys((".gz", ".tgz", ".tar", ".7z", ".rar", ".bz2", ".xz"), "unpack it, or pack it as .zip"),
    **dict.fromkeys((".epub", ".mobi", ".xml", ".tex", ".srt", ".vtt"), "save its text as .txt"),
}
TABLES = (".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".parquet")


def sheets(stream, ending, encoding=None):
    """Yield (name of a sheet or "", its rows) of a table; ``stream``: binary, seekable; ``ending``: one of TABLES."""
    if ending == ".parquet":
        yield "", parquet(stream)
    elif ending.startswith(".xls"):
        yield from excel(stream.read(FILE_LIMIT + 1))
    else:
        yield "", comma(stream, encoding)
