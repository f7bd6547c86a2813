"""Faulty sheets that people filled in, and their keys: by what people and spreadsheet programs do to them."""

import csv
import io
import random
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pandas as pd

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "methods" / name) for name in ("intrusion", "dictionary")]

from coding import invented  # noqa: E402
from stories import STORIES, code  # noqa: E402

from manyvectors import validation  # noqa: E402
from manyvectors.rhetoric import Dictionary, DictionaryError  # noqa: E402

PARTS = ("codes", "key", "intrusion")
# What may be done to a file without the answers changing: these must be read, and give what the sound file gives.
HARMLESS = ("european", "sep", "tabs", "marked", "utf16", "returns", "blank_rows", "quoted", "empty_columns")


def prepared(folder):
    """Return sheets of made-up speeches, filled, and what they score."""
    bodies = {f"TAM_{i}_{1990 + i}": " ".join(STORIES[j] for j in range(5) if (i + j) % 3) for i in range(40)}
    rows = pd.DataFrame({"era": pd.Categorical(["one"] * 40), "state": "TAM"}, index=list(bodies))
    told = SimpleNamespace(
        terms=lambda state=None: SimpleNamespace(rows=rows),
        texts=pd.Series(bodies),
        study=SimpleNamespace(focus="TAM"),
    )
    coding = Dictionary({"balance": ["balance"], "limits": ["red line*"]})
    sheet, key = coding.sheet(told, n=24)
    words = validation.word_intrusion(invented())
    base = SimpleNamespace(coding=coding, key=key, codes=code(sheet, balance="fair", limits="red"))
    base.words = words.assign(answer=[str(1 + i % 6) for i in range(len(words))])
    base.scores = coding.validate({"aru": base.codes}, key, n=50)
    validation.write(base.words, folder / "aru.csv")
    base.answers = validation.read(folder / "aru.csv")["answer"].tolist()
    return base


def case(part, number, seed, base, folder):
    """Spoil a file; return what was done, the call to make, and the folder that must stay whole."""
    draw = random.Random(f"{part} {number} {seed}")
    frame = {"codes": base.codes, "key": base.key, "intrusion": base.words}[part]
    names = list(SPOILED)
    name = names[number % len(names)]
    raw = SPOILED[name](frame.to_csv(index=False, lineterminator="\n"), draw)
    path = folder / "aru.csv"
    path.mkdir() if raw is None else path.write_bytes(raw if isinstance(raw, bytes) else raw.encode("utf-8"))
    return name, [lambda: _used(part, path, base, name in HARMLESS)], folder


def _used(part, path, base, harmless):
    try:
        if part == "intrusion":
            same = validation.read(path)["answer"].fillna(0).tolist() == base.answers
        else:
            sheets, key = ([path], base.key) if part == "codes" else ({"aru": base.codes}, path)
            found = base.coding.validate(sheets, key, n=50)
            same = found.equals(base.scores)
    except (DictionaryError, validation.SheetError) as error:
        assert not harmless, str(error)
        print(f"refused: {error}", file=sys.stderr)
        return 1
    assert same or not harmless
    return "ok"


def useful(kind, said):
    """Say whether a refusal says where and what to do."""
    return kind != "refused" or ((len(said) < 1_000 and "; " in said and "aru" in said) or "key" in said)


def _rows(text):
    return list(csv.reader(io.StringIO(text)))


def _text(rows, separator=",", quoting=csv.QUOTE_MINIMAL):
    out = io.StringIO()
    csv.writer(out, delimiter=separator, quoting=quoting, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _european(text, draw):
    """Semicolons and decimal commas: what Excel writes in much of Europe."""
    rows = [[re.sub(r"^([0-9]+)\.([0-9]+)$", r"\1,\2", cell) for cell in row] for row in _rows(text)]
    return b"\xef\xbb\xbf" + _text(rows, ";").encode()


def _sep(text, draw):
    mark = draw.choice(";,\t|")
    return f"sep={mark}\n" + _text(_rows(text), mark)


def _cell(text, draw):
    rows = _rows(text)
    row = draw.choice(rows[1:])
    said = ["", "x", "-1", "2", "1e9", "NaN", "#NAME?", "=A1", "1" * 5_000, "ИСТИНА", "½", "\u0660", "a\nb", "9" * 30]
    row[draw.randrange(len(row))] = draw.choice(said)
    return _text(rows)


def _column_gone(text, draw):
    place = draw.randrange(len(_rows(text)[0]))
    return _text([row[:place] + row[place + 1 :] for row in _rows(text)])


def _column_twice(text, draw):
    place = draw.randrange(len(_rows(text)[0]))
    return _text([[*row, row[place]] for row in _rows(text)])


def _column_renamed(text, draw):
    rows = _rows(text)
    rows[0][draw.randrange(len(rows[0]))] = draw.choice(["", "x", "идентификатор", "=1", " "])
    return _text(rows)


def _row_gone(text, draw):
    rows = _rows(text)
    del rows[draw.randrange(len(rows))]
    return _text(rows)


def _row_twice(text, draw):
    rows = _rows(text)
    return _text([*rows, draw.choice(rows)])


def _stray(text, draw):
    rows = _rows(text)
    draw.choice(rows[1:]).append("1")
    return _text(rows)


def _sorted(text, draw):
    rows = _rows(text)
    column = sorted(row[-1] for row in rows[1:])
    return _text([rows[0], *([*row[:-1], cell] for row, cell in zip(rows[1:], column, strict=True))])


def _page(text, draw):
    changed = text.replace("balance", draw.choice(["équilibre", "равновесие"]))
    return changed.encode(draw.choice(["cp1251", "cp1252", "utf-16-le", "koi8_r"]), "replace")


def _cut(text, draw):
    return text[: draw.randrange(len(text))]


def _byte(text, draw):
    raw, place = text.encode(), draw.randrange(len(text))
    return raw[:place] + draw.choice([b"\x00", b"\xff", b'"', b"\r", b"\n", b";", b"\xe9"]) + raw[place:]


def _other(text, draw):
    noise = draw.randbytes(3_000)
    return draw.choice([b"", b"\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{}", b"%PDF", noise, b"a" * 500_000])


SPOILED = {
    "european": _european,
    "sep": _sep,
    "tabs": lambda text, draw: _text(_rows(text), "\t"),
    "marked": lambda text, draw: b"\xef\xbb\xbf" + text.encode(),
    "utf16": lambda text, draw: _text(_rows(text), "\t").encode("utf-16"),
    "returns": lambda text, draw: text.replace("\n", draw.choice(["\r", "\r\n"])),
    "blank_rows": lambda text, draw: text + "\n\n" + "," * text.split("\n")[0].count(",") + "\n",
    "quoted": lambda text, draw: _text(_rows(text), quoting=csv.QUOTE_ALL),
    "empty_columns": lambda text, draw: _text([[*row, "", ""] for row in _rows(text)]),
    "cell": _cell,
    "cell again": _cell,
    "column gone": _column_gone,
    "column twice": _column_twice,
    "column renamed": _column_renamed,
    "row gone": _row_gone,
    "row twice": _row_twice,
    "stray": _stray,
    "sorted": _sorted,
    "page": _page,
    "cut": _cut,
    "byte": _byte,
    "other": _other,
    "folder": lambda text, draw: None,
    "answers gone": lambda text, draw: _text([[*row[:-1], ""] for row in _rows(text)]),
    "huge cell": lambda text, draw: text.replace("balance", "b" * 200_000, 1),
}
