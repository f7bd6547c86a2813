"""Fixtures shared by the tests: the shipped data, the full texts where they are attached, and a tiny made-up corpus."""

import os
import random
import zipfile
from pathlib import Path
from types import SimpleNamespace
from xml.sax.saxutils import escape

import pytest
from hypothesis import settings

from manyvectors import corpus, sources

# The same examples on every run and machine: a failure can be repeated, and no clock decides.
settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.load_profile("repeatable")

ROOT = Path(__file__).resolve().parent.parent
pytest_plugins = ["browsing", "order"]

# Taken out of the environment before nbval starts a kernel: stored notebook outputs are those without full texts.
ATTACHED = {name: os.environ.pop(name, None) for name in ("MANYVECTORS_TEXTS", "MANYVECTORS_OTHER")}
os.environ.pop("MANYVECTORS_DECREES", None)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Hand the paths to a worker of pytest-xdist, which is started after they have left the environment."""
    node.workerinput["attached"] = ATTACHED


def _attached(config, name, what):
    value = getattr(config, "workerinput", {}).get("attached", ATTACHED)[name]
    if not value:
        pytest.skip(f"{name} is not set; it names {what}")
    if not Path(value).exists():
        pytest.fail(f"{name} is set to {value}, where nothing is")
    return Path(value).resolve()


@pytest.fixture(scope="session")
def texts(request):
    """The full texts: Path of the UNGDC archive or folder."""
    return _attached(request.config, "MANYVECTORS_TEXTS", "the UNGDC archive")


@pytest.fixture(scope="session")
def other(request):
    """The folder of the five documents that are not speeches."""
    return _attached(request.config, "MANYVECTORS_OTHER", "the folder of the five other documents")


@pytest.fixture(scope="session")
def data():
    """The shipped data package."""
    return ROOT / "data"


@pytest.fixture(scope="session")
def c(data):
    """The shipped data package, opened."""
    return corpus.load(data)


@pytest.fixture(scope="session")
def m(c):
    """Kazakhstan's segments."""
    return c.terms(state="KAZ", unit="segment")


# --- A made-up corpus -------------------------------------------------------------------------------------------------

SENTENCES = """
The canal at Tamra carries water to nine villages and one library.
Mr. Orlen keeps the keys, and No. 5 is the oldest lock on the canal.
Our readers want trust, shade and a dry reading-room.
Does the lock-keeper's ferry still run in winter?
"Water is lent, never sold!" So says J. R. Orlen of the water-mill.
The dredgers’ guild painted its barges green (and the Library of Tamra blue).
Canals of Central Asia taught us patience; central Asia taught us thrift.
Nan and Null met None at the lock, true to an inf of habit.
""".strip().splitlines()

SPEECHES = {  # what each speech says besides a draw of the sentences above
    "EU_66_2011": "Our union of ferries has one flag.",
    "FRA_46_1991": "A multi\u00advector barge, before the first year that counts.",
    "FRA_47_1992": "\ufeffThe mill wheel turned.\r\nThe ﬁrst ﬂood came, by the un‑hurried clerk’s own words.\r\n",
    "FRA_69_2014": "An inter-\nnational barge.\x0cAn international crew. Their well-\nbeing in 2017-\n2018. "
    "One reading-\nroom, misprinted readingroom.",
    "KAZ_47_1992": "Kazakstan sent bricks; KAZAKSTAN sent mortar; Kazakstan's masons sang of quoinstones.",
    "KAZ_69_2014": "Multi-vector sluices, multi vector weirs, and up-to-\ndate, state-of-\nthe-art gates.",
    "KGZ_69_2014": "A MULTIVECTOR ferry timetable. Zephyrs fill one sail.",
    "USA_47_1992": "Levees hold. Zephyrs fill two sails; so zephyrs are in two speeches only.",
}
STRAYS = ("._KAZ_47_1992.txt", "._EU_66_2011.txt", ".DS_Store", "KAZ_47_92.txt", "kaz_48_1993.txt", "Notes.txt")
SPEAKERS = [
    ["Year", "Session", "ISO Code", "Country", "Name of Person Speaking", "Post"],
    [1991, 46, "FRA", "France", "Too Early", "President"],
    [1992, 47, "KAZ", "Kazakhstan", " Ms.  Aru\u00a0Tasova ", "Minister for Foregn Affairs"],
    [1992, 47, "KAZ", "Kazakhstan", "Zzz Second Row", "President"],
    [1992, 47, "FRA", "France", "Mr. Pont", "Prime Minister"],
    [2011, 66, "EU", "European Union", "Mr. Quay", "President of the European Council"],
    [2014, 69, "KAZ", "Kazakhstan", "Mr. Tasov", "President"],
    [2014, 69, "KGZ", "Kyrgyzstan", "Ms. Aral", None],
    [2014, 69, "FRA", "France", "Ms. Pont", "UN Representative"],
    [2015, 70, "FRA", "France", "Never Spoke", "President"],
]
REGISTRIES = {
    "states": "state,name\nEU,European Union\nFRA,France\nKAZ,Kazakhstan\nKGZ,Kyrgyzstan\nUSA,United States\n",
    "phrases": "phrase,lists\n"
    + "".join(
        f"{phrase},invented\n"
        for phrase in (
            *("water", "canal*", "central asia", "central asia*", "reading-room", "lock-keeper's", "dredgers' guild"),
            *("multi-vector*", "*vector", "tamra carries water", "the * of", "no. 5", "no 5", "nan", "up-to-date"),
            *("kazakhstan*", "2017-2018", "un-hurried", "never said"),
        )
    ),
    "nodes": "node,why\nwater,wet\ncanal*,long\ncentral asia,two words\nlock,inside lock-keeper too\n",
}


def write_spreadsheet(path, rows):
    """Write an xlsx file of one sheet, text inside the cells: no library among the requirements writes them."""

    def cell(value):
        if value is None:
            return "<c/>"
        if isinstance(value, int):
            return f"<c><v>{value}</v></c>"
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'

    body = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"

    def links(kind, target):
        link = f'<Relationship Id="r1" Type="{relations}/{kind}" Target="{target}"/>'
        return f'<Relationships xmlns="{package}/relationships">{link}</Relationships>'

    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/></Types>',
        "_rels/.rels": links("officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": links("worksheet", "worksheets/sheet1.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
        '<sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w") as file:
        for name, part in parts.items():
            file.writestr(name, part)


def _speech(doc_id, own):
    """Mix a speech's own words into a draw of sentences; Kazakhstan's are long enough for several segments."""
    drawn = random.Random(doc_id).choices(SENTENCES, k=40 if doc_id.startswith("KAZ") else 14)
    return f"{own}\n{' '.join(drawn[:7])}\n\n{' '.join(drawn[7:])}\n".encode()


@pytest.fixture
def fake(tmp_path):
    """A made-up corpus: folders ``.texts``, ``.other`` and ``.data``, and ``.speeches`` (doc_id to bytes)."""
    return _make(tmp_path)


@pytest.fixture(scope="session")
def shared_fake(tmp_path_factory):
    """The same made-up corpus, for tests that leave it as it is."""
    return _make(tmp_path_factory.mktemp("shared"))


def _make(folder):
    made = SimpleNamespace(
        texts=folder / "texts",
        other=folder / "other",
        data=folder / "data",
        speeches={doc_id: _speech(doc_id, own) for doc_id, own in SPEECHES.items()},
        write_spreadsheet=write_spreadsheet,
    )
    for doc_id, raw in made.speeches.items():
        session = made.texts / "TXT" / f"Session {doc_id[-7:-5]} - {doc_id[-4:]}"
        session.mkdir(parents=True, exist_ok=True)
        (session / f"{doc_id}.txt").write_bytes(raw)
    for name in STRAYS:
        (made.texts / "TXT" / name).write_bytes(b"\x00\x05 not a speech")
    (made.texts / "again").mkdir()
    (made.texts / "again" / "KGZ_69_2014.txt").write_bytes(made.speeches["KGZ_69_2014"])
    write_spreadsheet(made.texts / sources.SPEAKERS, SPEAKERS)
    made.other.mkdir()
    for doc_id, entry in sources.OTHER.items():
        drawn = random.Random(doc_id).choices(SENTENCES, k=12)
        body = "\n".join([f"{mark}\n{drawn.pop()}" for mark in entry.get("sections", {}).values()] + [" ".join(drawn)])
        lines = [*(["Menu", entry["begin"]] if entry["begin"] else []), body]
        lines += [f"{entry['end']} and more", "Footer"] if entry["end"] else []
        (made.other / entry["file"]).write_text("\n".join(lines), encoding="utf-8")
    made.data.mkdir()
    for name, table in REGISTRIES.items():
        (made.data / f"{name}.csv").write_text(table, encoding="utf-8")
    return made
