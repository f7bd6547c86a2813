"""Faulty tables of a data folder: CSV, Parquet, descriptions, data packages, by what people and programs do to them."""

import json
import os
import random
import re
import shutil
import sys
import warnings

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from invented import make

from manyvectors import corpus
from manyvectors import study as studies
from manyvectors.__main__ import main
from manyvectors.build import count, write
from manyvectors.corpus import tables

PARTS = ("csv", "parquet", "yaml", "datapackage")


def prepared(folder):
    """Return a made-up corpus with its tables written, and the sums of its counts."""
    package = make(folder / "made")
    counted = count.build(package.texts, package.world, package.study, package.other)
    write.write(package.world, package.study.folder, counted)
    package.sums = _sums(corpus.load(package.study, package.data))
    return package


def _sums(c):
    """What a reader would take from the tables: any of these that moves without a word is a lie."""
    profiled = c.terms(unit="segment")
    return [
        c.terms().counts.sum(axis=0).tolist(),
        c.phrases().sum().to_dict(),
        profiled.counts.sum(axis=0).tolist(),
        c.collocates("water").sum().to_dict(),
        c.phrases("letters").sum().to_dict(),
        c.terms("charter").totals().to_dict(),
        c.terms("charter", unit="segment", language="ru").rows[["label", "tokens"]].to_numpy().tolist(),
        c.terms("letters", unit="segment").counts.sum(axis=1).tolist(),
    ]


def case(part, number, seed, base, folder):
    """Spoil one file of a copy; return what was done, the calls to make, and the folder that must stay whole."""
    draw = random.Random(f"{part} {number} {seed}")
    data = folder / "data"
    shutil.copytree(base.data, data)
    pattern = {"csv": "*/*.csv", "parquet": "*/*.parquet", "yaml": "*/*.yaml", "datapackage": "*/datapackage.json"}[
        part
    ]
    path = draw.choice(sorted(data.glob(pattern)))
    spoil = SPOILED[part][number % len(SPOILED[part])]
    spoil(path, draw)
    named = f"{path.name}: {spoil.__name__.strip('_')}"
    return (
        named,
        [
            lambda: _load(data, base.sums),
            lambda: main(["describe", "--data", str(data), "--study", str(data / "canals")]),
        ],
        data,
    )


def useful(kind, said):
    """Say whether a refusal helps: it names a file and says what to do, and is no dump of a library."""
    if kind != "refused":
        return True
    dump = re.search(r"\{['\"]\w+['\"]: |failure_case|Traceback|<class|object at 0x", said)
    remedy = re.search(
        r"restore|mend|save|put|take|write|rebuild|resolve|run|name|leave|give|make|ask for|counts it|shorten|add", said
    )
    return not dump and bool(remedy) and bool(re.search(r"\.(csv|parquet|ya?ml|json)|table '", said))


def _load(data, sums):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            c = corpus.load(data / "canals", data)
            found = _sums(c)
            for folder in (c.world, c.study.folder):
                for name in tables.names(folder):
                    c.table(name)
        except (corpus.DataError, studies.StudyError) as error:
            print(f"refused: {error}", file=sys.stderr)
            return 1
    edited = any(issubclass(one.category, tables.EditedTable) for one in told)
    assert found == sums or edited, "counts moved without a word"
    return "warned" if edited else "ok"


# --- CSV --------------------------------------------------------------------------------------------------------------


def _lines(change):
    """Make a fault of a function of the lines of a file, the heading first."""

    def spoil(path, draw):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(change(lines, draw)), encoding="utf-8", newline="")

    spoil.__name__ = change.__name__
    return spoil


def _raw(change):
    def spoil(path, draw):
        path.write_bytes(change(path.read_bytes(), draw))

    spoil.__name__ = change.__name__
    return spoil


def _frame(change):
    """Make a fault of a function of the cells, all of them text."""

    def spoil(path, draw):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        change(frame, draw).to_csv(path, index=False, lineterminator="\n")

    spoil.__name__ = change.__name__
    return spoil


def _cell(name, values):
    """Make a fault that puts a value into a random cell, of a column of numbers if there is one."""

    def spoil(path, draw):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        numbers = [key for key in frame if frame[key].str.fullmatch(r"-?\d+(\.\d+)?").any()]
        column = draw.choice(numbers if numbers and draw.random() < 0.7 else list(frame))
        if len(frame):
            frame.loc[draw.randrange(len(frame)), column] = draw.choice(values)
        frame.to_csv(path, index=False, lineterminator="\n")

    spoil.__name__ = name
    return spoil


def header_only(lines, draw):
    return lines[:1]


def half_the_rows(lines, draw):
    return lines[: len(lines) // 2]


def a_row_twice(lines, draw):
    return [*lines, draw.choice(lines[1:] or lines)]


def a_row_less(lines, draw):
    at = draw.randrange(1, len(lines)) if len(lines) > 1 else 0
    return lines[:at] + lines[at + 1 :]


def rows_in_another_order(lines, draw):
    return lines[:1] + draw.sample(lines[1:], len(lines) - 1)


def a_row_more(lines, draw):
    row = re.sub(r"^[^,\n]+", "aaa", draw.choice(lines[1:] or lines))
    return [lines[0], row, *lines[1:]]


def merge_marks(lines, draw):
    at = draw.randrange(len(lines))
    return [*lines[:at], "<<<<<<< HEAD\n", *lines[at:], "=======\n", *lines[at:], ">>>>>>> other\n"]


def one_merge_mark(lines, draw):
    at = draw.randrange(len(lines))
    return [*lines[:at], "=======\n", *lines[at:]]


def semicolons(lines, draw):
    return [line.replace(",", ";") for line in lines]


def sep_first(lines, draw):
    return ["sep=;\n", *(line.replace(",", ";") for line in lines)]


def tabs(lines, draw):
    return [line.replace(",", "\t") for line in lines]


def an_open_quote(lines, draw):
    at = draw.randrange(len(lines))
    return [*lines[:at], '"' + lines[at], *lines[at + 1 :]]


def a_cell_more(lines, draw):
    at = draw.randrange(len(lines))
    return [*lines[:at], "x," + lines[at], *lines[at + 1 :]]


def a_cell_less(lines, draw):
    at = draw.randrange(len(lines))
    return [*lines[:at], lines[at].partition(",")[2] or "\n", *lines[at + 1 :]]


def an_empty_line(lines, draw):
    return [*lines, "\n"]


def windows_line_ends(raw, draw):
    return raw.replace(b"\n", b"\r\n")


def old_line_ends(raw, draw):
    return raw.replace(b"\n", b"\r")


def a_mark_first(raw, draw):
    return b"\xef\xbb\xbf" + raw


def utf16(raw, draw):
    return raw.decode().encode(draw.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-32"]))


def another_code_page(raw, draw):
    at = draw.randrange(len(raw))
    return raw[:at] + "Ж é".encode(draw.choice(["cp1251", "koi8-r"]), "replace") + b"\xe9\xff" + raw[at:]


def cut(raw, draw):
    return raw[: draw.randrange(len(raw))]


def empty(raw, draw):
    return draw.choice([b"", b"\n", b"\n\n  \n", b"\xef\xbb\xbf"])


def flipped_bytes(raw, draw):
    spoiled = bytearray(raw)
    for _ in range(draw.randrange(1, 6)):
        spoiled[draw.randrange(len(spoiled))] = draw.randrange(256)
    return bytes(spoiled)


def zero_bytes(raw, draw):
    at = draw.randrange(len(raw))
    return raw[:at] + b"\x00" * draw.choice([1, 100]) + raw[at:]


def another_file(raw, draw):
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    return draw.choice([b"PK\x03\x04" + raw, b"\x1f\x8b" + raw, b"PAR1" + raw, pointer, b"<html>404</html>\n"])


def a_long_cell(raw, draw):
    return raw + b"x" * draw.choice([200_000, 3_000_000]) + b"\n"


def very_large(raw, draw):
    return raw + raw[-200:] * (70 * 2**20 // 200)


def a_column_less(frame, draw):
    return frame.drop(columns=draw.choice(list(frame)))


def a_column_more(frame, draw):
    return frame.assign(**{draw.choice(["Unnamed: 0", "note2", ""]): "x"})


def columns_in_another_order(frame, draw):
    return frame[draw.sample(list(frame), len(frame.columns))]


def a_column_renamed(frame, draw):
    name = draw.choice(list(frame))
    return frame.rename(columns={name: draw.choice([name.upper(), f" {name}", name[:-1] or "x"])})


def a_column_empty(frame, draw):
    return frame.assign(**{draw.choice(list(frame)): ""})


def a_column_sorted_alone(frame, draw):
    name = draw.choice(list(frame))
    return frame.assign(**{name: sorted(frame[name])})


def gone(path, draw):
    path.unlink()


def a_folder(path, draw):
    path.unlink()
    path.mkdir()


def a_link_to_itself(path, draw):
    path.unlink()
    path.symlink_to(path.name)


def a_pipe(path, draw):
    path.unlink()
    os.mkfifo(path)


def an_endless_file(path, draw):
    path.unlink()
    path.symlink_to("/dev/zero")


_CSV = [
    *map(_lines, (header_only, half_the_rows, a_row_twice, a_row_less, rows_in_another_order, a_row_more, merge_marks)),
    *map(_lines, (one_merge_mark, semicolons, sep_first, tabs, an_open_quote, a_cell_more, a_cell_less, an_empty_line)),
    *map(_raw, (windows_line_ends, old_line_ends, a_mark_first, utf16, another_code_page, cut, cut, empty)),
    *map(_raw, (flipped_bytes, flipped_bytes, zero_bytes, another_file, a_long_cell, very_large)),
    *map(_frame, (a_column_less, a_column_more, columns_in_another_order, a_column_renamed, a_column_empty)),
    _frame(a_column_sorted_alone),
    _cell("dates", ["06.03.2020", "3/6/2020", "6-Mar-20", "43896", "2020-03-06 00:00:00", "Mar-20"]),
    _cell("decimals", ["1,5", "0,25", "1.5", "1.0", ".5", "1."]),
    _cell("thousands", ["1,234", "1.234", "1 234", "1\u00a0234", "1'234", "1,234,567", "1.234.567,5"]),
    _cell("formulas", ["#REF!", "#N/A", "=A1+1", "#DIV/0!", "#NAME?", "+A1", "@SUM(A1)"]),
    _cell("scientific", ["1E+05", "1e5", "1.2E+05", "9" * 400, "9" * 5000, "-1E-3"]),
    _cell("zeros", ["007", "01", "0", "-0", "00"]),
    _cell("wrong_numbers", ["-1", "-5", "99999999", "2147483648", "NaN", "inf", "-inf", "\u22125", "٣", "½"]),
    _cell("blanks", ["", " ", "\u00a0", "\t", " x ", "\u200b"]),
    _cell("words", ["TRUE", "WAHR", "yes", "null", "None", "NA", "x" * 5000, "a\nb", 'a"b', "\x07", "\ufffd"]),
    gone, a_folder, a_link_to_itself, a_pipe, an_endless_file,
]  # fmt: skip


# --- Parquet ----------------------------------------------------------------------------------------------------------


def _cells(change):
    """Make a fault of a function of a table of cells, written with the names that it carries."""

    def spoil(path, draw):
        form = tables.table(path.stem, path.parent)
        write.write_table(change(form.parse(), draw), path, form.names())

    spoil.__name__ = change.__name__
    return spoil


def _arrow(change):
    def spoil(path, draw):
        frame = pd.read_parquet(path)
        change(frame, draw, path)

    spoil.__name__ = change.__name__
    return spoil


def a_position_outside(frame, draw):
    column = draw.choice(list(frame.columns[:-1]))
    frame.loc[draw.randrange(len(frame)), column] = draw.choice([-1, 10**5, 2**31 - 1, -(2**31), 500])
    return frame


def a_wrong_count(frame, draw):
    frame.loc[draw.randrange(len(frame)), "count"] = draw.choice([-1, 0, 7, 2**31 - 1])
    return frame


def a_cell_twice(frame, draw):
    return pd.concat([frame, frame.sample(1, random_state=draw.randrange(99))]).sort_values(list(frame.columns[:-1]))


def cells_gone(frame, draw):
    return frame.drop(index=draw.randrange(len(frame)))


def half_the_cells(frame, draw):
    return frame[: len(frame) // 2]


def no_cells(frame, draw):
    return frame[:0]


def cells_in_another_order(frame, draw):
    return frame.sample(frac=1, random_state=draw.randrange(99))


def positions_moved(frame, draw):
    column = draw.choice(list(frame.columns[:-1]))
    return frame.assign(**{column: (frame[column] + 1).astype("int32")})


def other_types(frame, draw, path):
    kind = draw.choice(["int64", "float64", "float32", "int8", "uint32", "str", "bool", "datetime64[ns]"])
    frame.astype({draw.choice(list(frame)): kind}).to_parquet(path, index=False)


def halves(frame, draw, path):
    frame.assign(count=frame["count"] + 0.5).to_parquet(path, index=False)


def nulls(frame, draw, path):
    column = draw.choice(list(frame))
    spoiled = frame.astype({column: "Int32"})
    spoiled.loc[draw.randrange(len(frame)), column] = pd.NA
    spoiled.to_parquet(path, index=False)


def other_columns(frame, draw, path):
    names = list(frame)
    chosen = draw.choice([names[:-1], names[::-1], [*names, "index"], [f"{names[0]} ", *names[1:]]])
    wide = frame.assign(index=1)
    if chosen[0] not in names:
        wide = frame.rename(columns={names[0]: chosen[0]})
    wide[chosen].to_parquet(path, index=False)


def without_names(frame, draw, path):
    frame.to_parquet(path, index=False)


def with_other_names(frame, draw, path):
    names = draw.choice(['{"document": 1}', "[]", "{", "null", '{"document": "sha256:0", "phrase": []}', "[" * 5000])
    with pq.ParquetWriter(path, pa.Schema.from_pandas(frame, preserve_index=False)) as file:
        file.write_table(pa.Table.from_pandas(frame, preserve_index=False))
        file.add_key_value_metadata({tables.NAMES: names})


def another_name_list(frame, draw, path):
    form = tables.table(path.stem, path.parent)
    names = form.names()
    for key, value in names.items():
        if isinstance(value, list):
            names[key] = draw.choice([value[1:], value[:-1], value[::-1], [*value, value[0]], ["x", *value], []])
        else:
            names[key] = draw.choice([value, "sha256:" + "0" * 64, []])
    write.write_table(frame, path, names)


def very_many_rows(frame, draw, path):
    rows = draw.choice([11_000_000, 60_000_000])
    zeros = pa.array(np.zeros(1_000_000, np.int32))
    table = pa.table(dict.fromkeys(frame.columns, zeros))
    with pq.ParquetWriter(path, table.schema) as file:
        for _ in range(rows // 1_000_000):
            file.write_table(table)


def many_row_groups(frame, draw, path):
    frame.to_parquet(path, index=False, row_group_size=1)


def nested(frame, draw, path):
    column = pa.array([[1]] * len(frame))
    pq.write_table(pa.table({name: column for name in frame}), path)


def a_csv_inside(frame, draw, path):
    frame.to_csv(path, index=False)


def another_packing(frame, draw, path):
    frame.to_parquet(path, index=False, compression=draw.choice(["gzip", "brotli", "snappy", "none"]))


_PARQUET = [
    *map(_cells, (a_position_outside, a_position_outside, a_wrong_count, a_wrong_count, a_cell_twice, cells_gone)),
    *map(_cells, (half_the_cells, no_cells, cells_in_another_order, positions_moved)),
    *map(_arrow, (other_types, other_types, halves, nulls, other_columns, without_names, with_other_names)),
    *map(_arrow, (another_name_list, very_many_rows, many_row_groups, nested, a_csv_inside, another_packing)),
    *map(_raw, (cut, cut, empty, flipped_bytes, flipped_bytes, flipped_bytes, zero_bytes, another_file)),
    gone, a_folder, a_link_to_itself, a_pipe,
]  # fmt: skip


# --- Descriptions and data packages -----------------------------------------------------------------------------------


def _text(name, *texts):
    def spoil(path, draw):
        path.write_text(draw.choice(texts), encoding="utf-8")

    spoil.__name__ = name
    return spoil


def _within(name, *changes):
    """Make a fault of (pattern, replacement), the first of which is tried that fits."""

    def spoil(path, draw):
        content = path.read_text(encoding="utf-8")
        for pattern, new in draw.sample(changes, len(changes)):
            found = list(re.finditer(pattern, content))
            if found:
                at = draw.choice(found)
                content = content[: at.start()] + at.expand(new) + content[at.end() :]
                break
        path.write_text(content, encoding="utf-8")

    spoil.__name__ = name
    return spoil


_BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(9)
)
_YAML = [
    _text("no_description", "", "1", "- 1\n- 2\n", "name: x", "{}", "null", "name: [", "\t- x", "a: b: c"),
    _text("bombs", _BOMB, "a: &a [*a]", "&a a: *a", "[" * 10_000, "{a: " * 3_000, "- " * 5_000),
    _text("tags", "!!python/object/apply:os.system ['true']", "!!binary x", "a: !!float x", "!<tag:x> {}"),
    _text("long", "# " + "x" * 2**21, "a: " + "9" * 5000, "a: " + "x" * 900_000),
    _within("types", (r"type: string", r"type: integer"), (r"type: integer", "type: number"),
            (r"type: \w+", "type: date"), (r"dtype: \w+", "dtype: object"), (r"dtype: \w+", "dtype: datetime64"),
            (r"type: \w+", "type: []")),
    _within("constraints", (r"minimum: \d+", "minimum: many"), (r"minimum: \d+", "minimum: 9999"),
            (r"pattern: .*", "pattern: '['"), (r"required: true", "required: maybe"),
            (r"required: true", "unique: true"), (r"enum: \[", "enum: [zzz, "), (r"enum: \[.*?\]", "enum: 3"),
            (r"constraints: \{.*\}", "constraints: 3"),
            (r"required: true", "maxLength: 3"), (r"pattern: .*", "pattern: 3")),
    _within("names", (r"- name: (\w+)", r"- name: \1x"), (r"- name: \w+", "- name: 3"), (r"- name: \w+", "- nme: x"),
            (r"- name: \w+", "- name: [1]"), (r"name: ([\w-]+)", r"name: \1-2")),
    _within("paths", (r"path: [\w.-]+", "path: ../../../etc/passwd"), (r"path: [\w.-]+", "path: /etc/passwd"),
            (r"path: [\w.-]+", "path: x.csv"), (r"path: [\w.-]+", "path: 3"), (r"path: [\w.-]+", "path: ''")),
    _within("keys", (r"primaryKey: .*", "primaryKey: [zzz]"), (r"primaryKey: .*", "primaryKey: 3"),
            (r"schema:", "schema: {}\nschema2:"), (r"fields:", "fields: []\n  fields2:"),
            (r"missingValues", "foreignKeys"), (r"resource: \w+", "resource: zzz"), (r"reference:", "references:")),
    _within("refers", (r"refers: .*", "refers: {to: [zzz], by: hash}"),
            (r"refers: .*", "refers: {to: zzz, by: hash}"), (r"refers: .*", "refers: 3"),
            (r"by: hash", "by: names"), (r"by: names", "by: hash"),
            (r"by: \w+", "by: luck"), (r"description: ", "refers: {to: [states], by: value}\n      description: "),
            (r"by: value", "by: value, but: '['")),
    _within("rows", (r"schema:", "minimumRows: 99999\nschema:"), (r"schema:", "minimumRows: x\nschema:"),
            (r"schema:", "minimumRows: -1\nschema:"), (r"schema:", "perspective: [KAZ]\nschema:"),
            (r"schema:", "perspective: USA\nschema:")),
    *map(_raw, (cut, cut, flipped_bytes, flipped_bytes, zero_bytes, utf16, another_code_page, windows_line_ends)),
    *map(_raw, (a_mark_first, another_file)), _lines(merge_marks), _lines(a_row_less), _lines(rows_in_another_order),
    _lines(a_row_twice), gone, a_folder, a_link_to_itself, a_pipe, an_endless_file,
]  # fmt: skip


def _package(change):
    def spoil(path, draw):
        content = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(change(content, draw, path)), encoding="utf-8")

    spoil.__name__ = change.__name__
    return spoil


def a_wrong_hash(content, draw, path):
    draw.choice(content["resources"])["hash"] = draw.choice(["sha256:" + "0" * 64, 3, None, [], "md5:0"])
    return content


def wrong_rows(content, draw, path):
    draw.choice(content["resources"])["rows"] = draw.choice([-1, 10**9, "3", None, 1.5, [], 10**400])
    return content


def a_wrong_name(content, draw, path):
    draw.choice(content["resources"])["name"] = draw.choice([None, 3, [], {}, "zzz", "../x"])
    return content


def an_entry_gone(content, draw, path):
    content["resources"].remove(draw.choice(content["resources"]))
    return content


def entries_of_another_kind(content, draw, path):
    content["resources"] = draw.choice([None, 3, {}, "x", [1, None, "x", []], [[[]]]])
    return content


def counted_otherwise(content, draw, path):
    key = draw.choice(["first_year", "floor", "spellings"])
    wrong = draw.choice([None, "1992", [], -1, {"a": 1}, 10**400, {"a": {"b": []}}])
    content["counted"] = draw.choice([wrong, {key: wrong}, content.get("counted", {}) | {key: wrong}])
    return content


def a_forged_hash(content, draw, path):
    """A spoilt table of cells, and a package that calls it sound."""
    found = sorted(path.parent.glob("*.parquet")) or sorted(path.parent.glob("*.csv"))
    target = draw.choice(found)
    (_cells(a_position_outside) if target.suffix == ".parquet" else _lines(half_the_rows))(target, draw)
    for entry in content["resources"]:
        if entry["path"] == target.name:
            entry["hash"] = tables.sha256(target)
    return content


_DATAPACKAGE = [
    *map(_package, (a_wrong_hash, wrong_rows, a_wrong_name, an_entry_gone, entries_of_another_kind, counted_otherwise)),
    *map(_package, (counted_otherwise, counted_otherwise, a_forged_hash, a_forged_hash)),
    _text("no_package", "", "1", "[]", "{}", "null", "{", '"x"', "NaN", '{"resources": 3}', '{"counted": 3}'),
    _text("deep", "[" * 100_000, '{"a":' * 50_000, '{"resources": ' + "[" * 5_000),
    _text("long", '{"a": ' + "9" * 5000 + "}", '{"a": "' + "x" * 10**7 + '"}'),
    *map(_raw, (cut, cut, flipped_bytes, flipped_bytes, zero_bytes, utf16, another_code_page, windows_line_ends)),
    *map(_raw, (a_mark_first, another_file)), _lines(merge_marks), _lines(a_row_less),
    gone, a_folder, a_link_to_itself, a_pipe, an_endless_file,
]  # fmt: skip
SPOILED = {"csv": _CSV, "parquet": _PARQUET, "yaml": _YAML, "datapackage": _DATAPACKAGE}
