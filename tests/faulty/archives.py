"""Faulty archives and folders of speeches: cut, spoilt, hostile or odd, as downloads and other programs leave them."""

import csv
import gzip
import io
import random
import re
import shutil
import sys
import tarfile
import warnings
import zipfile

import loky
from invented import make

from manyvectors import corpus
from manyvectors.__main__ import main
from manyvectors.build import archive, count, write

PARTS = ("tar.gz", "tar", "zip", "csv", "folder", "speakers")


def prepared(folder):
    """Return a made-up corpus with its tables written, and packed in each form: bytes by form."""
    package = make(folder / "made")
    write.write(
        package.world, package.study.folder, count.build(package.texts, package.world, package.study, package.other)
    )
    files = [
        (str(path.relative_to(package.texts)), path.read_bytes())
        for path in sorted(package.texts.rglob("*"))
        if path.is_file()
    ]
    tar, zipped, table = io.BytesIO(), io.BytesIO(), io.StringIO()
    with tarfile.open(fileobj=tar, mode="w") as packed:
        for name, raw in files:
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            packed.addfile(info, io.BytesIO(raw))
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, raw in files:
            packed.writestr(name, raw)
    rows = csv.writer(table)
    rows.writerow(["session", "year", "country", "text"])
    for name, raw in package.speeches.items():
        rows.writerow([name[-7:-5], name[-4:], name[:-8], raw.decode()])
    loky.get_reusable_executor().shutdown()  # a copy of this process cannot use its workers
    package.packed = {
        **{"tar": tar.getvalue(), "tar.gz": gzip.compress(tar.getvalue())},
        **{"zip": zipped.getvalue(), "csv": table.getvalue().encode()},
    }
    return package


def case(part, number, seed, base, folder):
    """Spoil one copy; return what was done, the calls to make, and the folder that must stay whole."""
    draw = random.Random(f"{part} {number} {seed}")
    data, cache, path = folder / "data", folder / "cache", folder / f"corpus.{part}"
    shutil.copytree(base.data, data)
    if part in base.packed:
        ways = SPOILED["bytes"] + SPOILED.get(part, [])
        spoil = ways[number % len(ways)]
        path.write_bytes(spoil(base.packed[part], draw))
    else:
        path = folder / "texts"
        shutil.copytree(base.texts, path)
        spoil = SPOILED[part][number % len(SPOILED[part])]
        spoil(path, draw)
    given = ["--texts", str(path), "--data", str(data), "--study", str(data / "canals"), "--other", str(base.other)]
    calls = [
        lambda: _load(path, data, base),
        lambda: _verify(given),
        lambda: main(["fetch", "ungdc", "--from", str(path), "--to", str(cache)]),
    ]
    return f"{spoil.__name__.strip('_')}", calls if number % 4 == 0 else [calls[0], calls[2]], data


def useful(kind, said):
    """Say whether a refusal helps: it names what it is about, and dumps nothing of a library."""
    return kind != "refused" or (not re.search(r"Traceback|<class|object at 0x", said) and len(said) < 900)


def _verify(given):
    """Run the command; that it finds differences is no refusal."""
    status = main(["verify", *given])
    return "ok" if status == 1 and not sys.stderr.getvalue() else status


def _load(path, data, base):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            texts = corpus.load(base.study, data, texts=path).texts
        except (corpus.DataError, archive.SourceError) as error:
            assert "\n" not in str(error), error
            return "ok"
    # What is read is read whole: a speech of the corpus is there as it was, or the reader is told.
    named = {name for name in base.speeches if name[-4:] >= "1992"}
    may_lack = path.is_dir() or path.suffix == ".csv"  # which carry no checksum: what is gone is not missed
    assert may_lack or set(texts.index) >= named, "read in part"
    return "ok"


# --- Bytes ------------------------------------------------------------------------------------------------------------


def _cut(raw, draw):
    return raw[: draw.randrange(len(raw))]


def _cut_near_the_end(raw, draw):
    return raw[: -draw.randrange(1, min(len(raw), 40))]


def _other_byte(raw, draw):
    at = draw.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ draw.randrange(1, 256)]) + raw[at + 1 :]


def _zeros(raw, draw):
    at, n = draw.randrange(len(raw)), draw.randrange(1, 2_000)
    return raw[:at] + bytes(min(n, len(raw) - at)) + raw[at + n :]


def _piece_missing(raw, draw):
    at = draw.randrange(len(raw))
    return raw[:at] + raw[at + draw.randrange(1, 700) :]


def _piece_twice(raw, draw):
    at = draw.randrange(len(raw))
    return raw[:at] + raw[max(0, at - 300) : at] + raw[at:]


def _rubbish_behind(raw, draw):
    return raw + draw.randbytes(draw.randrange(1, 3_000))


def _rubbish_before(raw, draw):
    return draw.randbytes(draw.randrange(1, 600)) + raw


def _rubbish(raw, draw):
    return draw.randbytes(draw.randrange(3_000))


def _page(raw, draw):
    return b"<!DOCTYPE html><html><body>Please sign the guestbook.</body></html>"


def _nothing(raw, draw):
    return b""


def _as_text(raw, draw):
    """Sent as text: every line break became two characters."""
    return raw.replace(b"\n", b"\r\n")


# --- tar --------------------------------------------------------------------------------------------------------------


def _header(name, size=0, kind=tarfile.REGTYPE, link="", pax=None):
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = size, kind, link
    if pax:
        info.pax_headers = pax
        return info.tobuf(tarfile.PAX_FORMAT)
    return info.tobuf(tarfile.GNU_FORMAT)


NAME = "TXT/Session 69 - 2014/KEN_69_2014.txt"


def _hostile_member(raw, draw):
    heads = [
        _header(draw.choice(["../out.txt", "/etc/out.txt", "C:/out.txt", "a\\b.txt", "x/../../out.txt"])),
        _header(NAME, kind=draw.choice([tarfile.SYMTYPE, tarfile.LNKTYPE]), link="/etc/passwd"),
        _header(NAME, kind=draw.choice([tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, b"?", b"S"])),
        _header(NAME, size=draw.choice([10**9, 8**11 - 1, 5_000_001, 2**40])),
        _header(NAME, pax={"size": draw.choice(["-1", "99999999999999999999", "x", "1" * 5_000])}),
        _header(NAME, pax={"path": draw.choice(["../x", "/x", "a" * 70_000, "\x1b[2J", "\0"])}),
        _header(NAME, pax={"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "9" * 12}),
        _header(NAME, pax={"GNU.sparse.map": "0,1,x", "GNU.sparse.size": "9"}),
        _header(NAME, pax={"mtime": draw.choice(["nan", "inf", "-" * 99]), "uid": "x" * 99}),
    ]
    return draw.choice(heads) + raw


def _chain(raw, draw):
    content = draw.choice([b"a\0", b"11 path=ab\n"])
    kind = tarfile.GNUTYPE_LONGNAME if content.endswith(b"\0") else tarfile.XHDTYPE
    return (_header("././@LongLink", len(content), kind) + content.ljust(512, b"\0")) * draw.choice(
        [20, 400, 5_000]
    ) + raw


def _bomb(raw, draw):
    n = 40_000_000
    return _header(draw.choice([NAME, "film.mp4"]), n) + bytes(n) + raw


def _many(raw, draw):
    return b"".join(_header(f"d/{i}") for i in range(30_000)) + raw


def _twice_over(raw, draw):
    return raw + raw


def _gzipped(change):
    def spoil(raw, draw):
        return gzip.compress(change(gzip.decompress(raw), draw), draw.choice([1, 9]))

    spoil.__name__ = change.__name__
    return spoil


def _bomb_behind(raw, draw):
    return raw + gzip.compress(bytes(100_000_000), 1) * 20


# --- zip --------------------------------------------------------------------------------------------------------------


def _rezipped(change):
    def spoil(raw, draw):
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                new.writestr(name, old.read(name))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                change(new, draw)
        return out.getvalue()

    spoil.__name__ = change.__name__
    return spoil


def _hostile_name(new, draw):
    new.writestr(
        draw.choice(["../x.txt", "/x.txt", "C:/x", "a/../../KEN_69_2014.txt", "\x1b[2J.txt", "x" * 60_000]), b"x"
    )


def _big_text(new, draw):
    new.writestr(NAME, bytes(draw.choice([5_000_001, 300_000_000])))


def _many_big_texts(new, draw):
    for n in range(120):
        new.writestr(f"KEN_69_{1992 + n}.txt" if n < 30 else f"K{chr(65 + n % 26)}A_69_2014.txt", b" " * 5_000_000)


def _link(new, draw):
    info = zipfile.ZipInfo(NAME)
    info.external_attr = 0o120777 << 16
    new.writestr(info, "/etc/passwd")


def _same_name(new, draw):
    new.writestr(new.namelist()[0], b"Another text.")


def _other_method(new, draw):
    new.writestr(NAME, b"A canal." * 99, draw.choice([zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_STORED]))


def _other_tables(new, draw):
    new.writestr("table.csv", b"session,year\n1,2\n")


# --- One table --------------------------------------------------------------------------------------------------------


def _other_cell(raw, draw):
    rows = list(csv.reader(io.StringIO(raw.decode())))
    row = draw.randrange(len(rows))
    rows[row][draw.randrange(4)] = draw.choice(
        ["", "0", "0000", "9999", "-1", "Kenya", "KENYA", "1e3", "9" * 5_000, '"', "=1+1", "\0"]
    )
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def _other_encoding(raw, draw):
    return raw.decode().encode(draw.choice(["utf-16", "utf-16-le", "cp1252", "utf-8-sig", "utf-32"]), "replace")


def _open_quote(raw, draw):
    at = draw.randrange(len(raw))
    return raw[:at] + b'"' + raw[at:]


def _long_cell(raw, draw):
    return raw + b"69,2014,KEN," + b"x" * draw.choice([5_000_001, 200_000_000]) + b"\n"


# --- Folders ----------------------------------------------------------------------------------------------------------


def _film(path, draw):
    with (path / draw.choice(["film.mp4", "TXT/notes.txt"])).open("wb") as file:
        file.truncate(8_000_000_000)


def _long_speech(path, draw):
    with (path / "TXT" / "KEN_69_2014.txt").open("wb") as file:
        file.truncate(draw.choice([5_000_001, 200_000_000, 8_000_000_000]))


def _odd_speech(path, draw):
    odd = [
        b"",
        b" \n",
        b"1 2 3",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        draw.randbytes(900),
        b"\0" * 900,
        "слово ".encode("cp1251"),
    ]
    for state in ("KAZ", "FRA", "KGZ")[: draw.randrange(1, 4)]:
        (path / "TXT" / f"{state}_70_2015.txt").write_bytes(draw.choice(odd))


def _odd_name(path, draw):
    names = [
        "KEN_00_2014.txt",
        "KEN_69_0000.txt",
        "KEN_69_1945.txt",
        "KEN_69_9999.txt",
        "ZZZ_69_2014.txt",
        "KEN_69_2014.TXT",
    ]
    names += ["ＫＥＮ_69_2014.txt", "KEN_٦٩_2014.txt", "KEN_69_2014.txt\n", "KEN_69_2014 .txt"]
    (path / "TXT" / draw.choice(names)).write_bytes(b"A canal.")


def _odd_record(path, draw):
    odd = [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"skipped": ' * 9_000,
        b'{"skipped": {"x": 1e999}}',
        b"\xff",
        bytes(6_000_000),
    ]
    (path / archive.RECORD).write_bytes(draw.choice(odd))


def _link_to_itself(path, draw):
    (path / "TXT" / "KEN_69_2014.txt").symlink_to(
        draw.choice(["KEN_69_2014.txt", "/dev/zero", "/proc/self/mem", "/nowhere"])
    )
    (path / "TXT" / "again").symlink_to(path)


def _folder_for_a_file(path, draw):
    (path / "TXT" / "KEN_69_2014.txt").mkdir()


def _all_empty(path, draw):
    for file in path.rglob("???_*.txt"):
        file.write_bytes(b"")


def _everything_gone(path, draw):
    for file in sorted(path.rglob("*"))[draw.randrange(3) :]:
        if file.is_file():
            file.unlink()


# --- The table of speakers --------------------------------------------------------------------------------------------


def _in_speakers(change):
    def spoil(path, draw):
        file = path / archive.SPEAKERS
        file.write_bytes(change(file.read_bytes(), draw))

    spoil.__name__ = change.__name__
    return spoil


def _sheet(change):
    def spoil(raw, draw):
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                content = old.read(name)
                new.writestr(name, change(content, draw) if "sheet1" in name else content)
        return out.getvalue()

    spoil.__name__ = change.__name__
    return _in_speakers(spoil)


def _far_cell(sheet, draw):
    place = draw.choice(["XFD1048576", "A1048576", "ZZZZZZ99999999", "A0", "A4294967297", "", "A-1", "XFE1", "ａ1"])
    cell = draw.choice(["<v>1</v>", "<is><t>x</t></is>", ""])
    return sheet.replace(b"</sheetData>", f'<row><c r="{place}">{cell}</c></row></sheetData>'.encode())


def _far_row(sheet, draw):
    return sheet.replace(
        b"<row>", f'<row r="{draw.choice([0, -1, 10**6, 10**20, "x"])}">'.encode(), draw.choice([1, 99])
    )


def _entities(sheet, draw):
    bomb = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
    head = b'<!DOCTYPE x [<!ENTITY a0 "lol">' + bomb + b"]>"
    return head + sheet.replace(b"</sheetData>", b"<row><c><v>&a11;</v></c></row></sheetData>")


def _deep(sheet, draw):
    return sheet.replace(b"</sheetData>", b"<a>" * 100_000 + b"</a>" * 100_000 + b"</sheetData>")


def _swollen(sheet, draw):
    return sheet.replace(b"</sheetData>", b" " * draw.choice([1_000_000, 250_000_000]) + b"</sheetData>")


def _many_cells(sheet, draw):
    row = b"<row>" + b"<c><v>1</v></c>" * 15_000 + b"</row>"
    return sheet.replace(b"</sheetData>", row * draw.choice([20, 400]) + b"</sheetData>")


def _other_values(sheet, draw):
    value = draw.choice(["1e308", "-1", "nan", "x", "1992.5", "", "0", "99999", "9" * 400]).encode()
    return sheet.replace(draw.choice([b"<v>1992</v>", b"<v>47</v>", b"<v>2014</v>"]), b"<v>" + value + b"</v>", 2)


def _no_rows(sheet, draw):
    rows = sheet.split(b"<row>")
    return b"<row>".join(rows[: draw.choice([1, 2])]) + (b"</sheetData></worksheet>")


BYTES = [_cut, _cut_near_the_end, _other_byte, _zeros, _piece_missing, _piece_twice, _rubbish_behind, _rubbish_before]
BYTES += [_rubbish, _page, _nothing, _as_text]
TAR = [_hostile_member] * 4 + [_chain, _bomb, _many, _twice_over]
SPOILED = {
    "bytes": BYTES,
    "tar": TAR,
    "tar.gz": [*map(_gzipped, [*TAR, _cut, _other_byte, _zeros]), _bomb_behind],
    "zip": [
        *map(_rezipped, [_hostile_name, _big_text, _link, _same_name, _other_method, _other_tables, _many_big_texts])
    ],
    "csv": [_other_cell, _other_cell, _other_cell, _other_encoding, _open_quote, _long_cell],
    "folder": [
        *(_film, _long_speech, _odd_speech, _odd_name, _odd_record, _link_to_itself, _folder_for_a_file, _all_empty),
        _everything_gone,
    ],
    "speakers": [
        *map(_in_speakers, BYTES),
        *map(_sheet, [_far_cell, _far_row, _entities, _deep, _swollen, _many_cells, _other_values, _no_rows]),
    ],
}
