"""A made-up corpus and a made-up study, built anew for every test that asks."""

import json
import random
import shutil
import zipfile
from pathlib import Path
from types import SimpleNamespace
from xml.sax.saxutils import escape

import yaml

from manyvectors import study as studies
from manyvectors.build import archive

WORLD = Path(__file__).resolve().parent.parent / "data" / "world"

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
}
NODES = "node,why\nwater,wet\ncanal*,long\ncentral asia,two words\nlock,inside lock-keeper too\n"
# A study of France, which keeps the words of another state and profiles three.
STUDY = {
    "title": "The Book of Canals",
    "focus": "FRA",
    "name": "France",
    "adjective": "French",
    "forms": ["france", "french"],
    "region": "the canals",
    "neighbours": ["EU"],
    "profiled": ["KAZ", "KGZ", "USA"],
    "keep_words": ["KAZ"],
    "eras": {"mills": 1992, "ferries": 2003, "bridges": 2012},
    "rival_cuts": {"ferries": 2001},
    "registers": {"charter": "rules of the locks", "rostrum": "speeches", "letters": "letters to the library"},
    "spellings": {"Kazakstan": "Kazakhstan"},
    "languages": {"en": {"name": "English"}, "ru": {"name": "Russian", "script": "Cyrillic"}},
    "stop_names": ["france", "orlen"],
    "colours": {
        "eras": ["#111111", "#222222", "#333333"],
        "registers": {"charter": "#444444", "rostrum": "#555555", "letters": "#666666"},
        **{"focus": "#777777", "neighbours": "#888888", "world": "#999999"},
    },
}
DOCUMENTS = {
    "CHARTER_2012": {
        **{"file": "charter.txt", "register": "charter", "grade": "B", "year": 2012, "date": "2012-05-01"},
        **{
            "title": "Rules of the locks",
            "source": "https://example.org/locks",
            "licence": "none",
            "citation": "orlen",
        },
        **{
            "begin": "Home - Locks",
            "end": "Share this",
            "sections": {"aims": "Aims of the", "tolls": "Tolls and fees"},
        },
    },
    "LETTER_2003": {
        **{"file": "letter.txt", "register": "letters", "grade": "B", "year": 2003, "title": "Letter to the library"},
        **{"source": "https://example.org/letter", "licence": "none", "begin": None, "end": None},
    },
    "NOTICE_2004": {
        **{"file": "notice.txt", "register": "charter", "grade": "B", "year": 2004, "title": "Notice in Russian"},
        **{"language": "ru", "segments": "provisions", "source": "https://example.org/notice", "notes": ["(копия)"]},
        "licence": "none",
    },
}
NOTICE = """# О каналах
[сверено]
1. Шлюз закрыт (копия) ночью:
   1) для барж;
   2) для лодок.
2. Вода принадлежит всем, canal тоже.
"""
COLLECTIONS = {
    "POST": {
        **{"file": "posts.jsonl", "table": "posts", "register": "letters", "grade": "B", "segments": "packed"},
        **{"source": "https://example.org/posts", "licence": "none stated"},
    },
}
POSTS = "doc_id,record,date,language,title\nPOST_001,b2,2013-05-01,,Second post\nPOST_002,a1,2012,en,First post\n"


def write_spreadsheet(path, rows):
    """Write an xlsx file of one sheet, text inside the cells: no library among the requirements writes them."""

    def cell(value):
        if value is None:
            return "<c/>"
        if isinstance(value, int | float):
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


def make(folder):
    """Write the corpus and the study into a folder; see the fixture ``fake``."""
    made = SimpleNamespace(
        texts=folder / "texts",
        other=folder / "other",
        data=folder / "data",
        write_study=write_study,
        edit=edit,
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
    write_spreadsheet(made.texts / archive.SPEAKERS, SPEAKERS)
    made.other.mkdir()
    (made.other / "notice.txt").write_text(NOTICE, encoding="utf-8")
    posts = [
        {"id": name, "text": f"Post.\n\n{' '.join(random.Random(name).choices(SENTENCES, k=n))}"}
        for name, n in (("b2", 30), ("a1", 4))
    ]
    lines = "".join(json.dumps(post, ensure_ascii=False) + "\n" for post in posts)
    (made.other / "posts.jsonl").write_text(lines, encoding="utf-8")
    for doc_id, entry in DOCUMENTS.items():
        if doc_id == "NOTICE_2004":
            continue
        drawn = random.Random(doc_id).choices(SENTENCES, k=12)
        body = "\n".join([f"{mark}\n{drawn.pop()}" for mark in entry.get("sections", {}).values()] + [" ".join(drawn)])
        lines = [*(["Menu", entry["begin"]] if entry["begin"] else []), body]
        lines += [f"{entry['end']} and more", "Footer"] if entry["end"] else []
        (made.other / entry["file"]).write_text("\n".join(lines), encoding="utf-8")
    made.world, folder = made.data / "world", made.data / "canals"
    describe_world(made.world)
    for name, table in REGISTRIES.items():
        (made.world / f"{name}.csv").write_text(table, encoding="utf-8")
    made.study = write_study(folder)
    return made


COUNTED = "documents speakers states phrases hyphens rostrum-years rostrum-vocabulary rostrum-terms rostrum-phrases"


def describe_world(folder, names=COUNTED):
    """Copy the descriptions of some of the world's tables, and of what is made for a study, into a new folder."""
    shutil.copytree(WORLD / "studies", folder / "studies")
    for name in ("package", *names.split()):
        shutil.copy(WORLD / f"{name}.yaml", folder)


def write_study(folder, documents=DOCUMENTS, nodes=NODES, collections=COLLECTIONS, **changes):
    """Write a made-up study, with some fields changed, and read it."""
    folder.mkdir(exist_ok=True)
    listed = {"documents": documents} | ({"collections": collections} if collections and documents else {})
    given = {"study.yml": STUDY | changes, "documents.yml": listed}
    (folder / "posts.csv").write_text(POSTS, encoding="utf-8")
    for name, content in (given | {"package.yaml": {"name": "canals", "title": "The canals"}}).items():
        (folder / name).write_text(yaml.safe_dump(content, sort_keys=False, default_flow_style=None), encoding="utf-8")
    shutil.copy(studies.load().folder / "nodes.yaml", folder)
    (folder / "nodes.csv").write_text(nodes, encoding="utf-8")
    return studies.read(folder)


def edit(path, old, new):
    """Replace what stands once in a text file."""
    content = path.read_text(encoding="utf-8")
    assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in {path.name}"
    path.write_text(content.replace(old, new), encoding="utf-8", newline="\n")
