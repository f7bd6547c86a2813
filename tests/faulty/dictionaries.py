"""Faulty dictionaries in every format, and in memory: by what people and programs do to them, and what would hurt."""

import random
import sys
import warnings

from manyvectors.rhetoric import Dictionary, DictionaryError

PARTS = ("yaml", "liwc", "lexicoder", "wordstat", "yoshikoder", "lcd", "memory")
ENDINGS = {"yaml": "yml", "liwc": "dic", "lexicoder": "lc3", "wordstat": "cat", "yoshikoder": "ykd", "lcd": "lcd"}
_XML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<dictionary patternengine="substring">\n<cnode name="water">\n'
    '<pnode name="canal*"/>\n<pnode name="old sea" score="1"/>\n<cnode name="mills">\n<pnode name="mill"/>\n</cnode>\n'
    "</cnode>\n</dictionary>\n"
)
SOUND = {
    "yaml": "water:\n  - canal*  # a reason\n  - old sea\n  - mills:\n      - mill\ntown:\n  - guild\n",
    "liwc": "%\n1\twater\n\t2\tmills\n12\ttown\n%\ncanal*\t1\nmill\t1\t2\nguild\t12\nold sea\t1\n",
    "lexicoder": "+water\ncanal*\nold sea\n+water.mills\nmill\n+town\nguild\n",
    "wordstat": "WATER\n\tCANAL* (1)\n\tOLD_SEA (1)\n\tMILLS\n\t\tMILL (1)\nTOWN\n\tGUILD (1)\n",
    "yoshikoder": _XML,
    "lcd": _XML,
}
TEXTS = ["The old sea and the canals of the guild.", "a" * 20_000, "a-" * 5_000, "mill " * 2_000]
ODD = [
    *("*", "**", "-", "...", "'", "(x)", "a b" * 400, "a*" * 150 + "b", "*a" * 140, "[a-z]+", "=1+1", "\x00", "\x07"),
    *("\ud7ff", "\u202e", "é", "e\u0301", "हिन्दी", "😀", "a\tb", "a|b", "<b>", "&amp;", "{}", "#", "!", "@rule", "%"),
    *("null", "true", "1", "0x1f", "2020-13-45", "1" * 5_000, "~", "..", "a.b", ".", "+", "- -", ": :", "'''", '"'),
]
BYTES = [b"\xff\xfe", b"\xef\xbb\xbf", b"\xe9", b"\x00", b"\xc3", b"\xed\xa0\x80", b"\x1a", b"\x85", b"\xe2\x80\xa8"]


def prepared(folder):
    """Use a sound dictionary once: pyarrow reserves its address space when it is first needed."""
    assert _used(lambda: Dictionary({"water": ["canal*"]}), folder) == "ok"


def case(part, number, seed, base, folder):
    """Spoil a sound dictionary; return what was done, the call to make, and the folder that must stay whole."""
    draw = random.Random(f"{part} {number} {seed}")
    if part == "memory":
        spoil = MEMORY[number % len(MEMORY)]
        return spoil.__name__.strip("_"), [lambda: _used(lambda: Dictionary(spoil(draw)), folder)], folder
    path = folder / f"d.{ENDINGS[part]}"
    choices = [*SPOILED, *HOSTILE[part]]
    spoil = choices[number % len(choices)]
    raw = spoil(SOUND[part].encode(), draw)
    if raw is None:
        path.mkdir()
    else:
        path.write_bytes(raw)
    strict = [None, True, False][number // len(choices) % 3]
    return spoil.__name__.strip("_"), [lambda: _used(lambda: Dictionary.read(path, strict=strict), folder)], folder


def _used(make, folder):
    """Make a dictionary, count with it, write it and read it back."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            made = make()
            counted = made.count(TEXTS)
            made.count(TEXTS, scope="dictionary")
            assert counted.shape == (len(TEXTS), len(made.categories)) and (counted >= 0).all(axis=None)
            with_reasons = folder / "written"
            with_reasons.mkdir()
            made.write(with_reasons / "d.yml")
            assert Dictionary.read(with_reasons / "d.yml") == made
            for ending in ("dic", "lc3"):
                made.write(with_reasons / f"d.{ending}", reasons=False)
                again = Dictionary.read(with_reasons / f"d.{ending}", strict=True)
                assert again.to_dict().keys() == made.to_dict().keys()
        except DictionaryError as error:
            print(f"refused: {error}", file=sys.stderr)
            return 1
    lines = [str(warning.message) for warning in told]
    assert len(lines) <= 1 and all(line.count("\n") == 0 and len(line) < 3_000 for line in lines), lines
    return "warned" if lines else "ok"


def useful(kind, said):
    """Say whether a refusal is short and is no dump of a library."""
    return kind != "refused" or (len(said) < 1_500 and "Traceback" not in said and "object at 0x" not in said)


# --- What is done to a file -------------------------------------------------------------------------------------------


def _cut(raw, draw):
    return raw[: draw.randrange(len(raw))]


def _byte(raw, draw):
    place = draw.randrange(len(raw) + 1)
    return raw[:place] + draw.choice(BYTES) + raw[place + draw.randrange(2) :]


def _odd_entry(raw, draw):
    return raw.replace(draw.choice([b"canal*", b"CANAL*", b"old sea", b"mill", b"MILL"]), draw.choice(ODD).encode())


def _odd_name(raw, draw):
    return raw.replace(draw.choice([b"water", b"WATER", b"mills", b"MILLS", b"town"]), draw.choice(ODD).encode())


def _line_gone(raw, draw):
    lines = raw.splitlines(keepends=True)
    del lines[draw.randrange(len(lines))]
    return b"".join(lines)


def _line_twice(raw, draw):
    lines = raw.splitlines(keepends=True)
    place = draw.randrange(len(lines))
    return b"".join([*lines[: place + 1], *lines[place:]])


def _lines_mixed(raw, draw):
    lines = raw.splitlines(keepends=True)
    draw.shuffle(lines)
    return b"".join(lines)


def _tabs_to_blanks(raw, draw):
    return raw.replace(b"\t", b" " * draw.choice([1, 2, 4, 8]))


def _blanks_to_tabs(raw, draw):
    return raw.replace(b"  ", b"\t")


def _other_ends(raw, draw):
    return raw.replace(b"\n", draw.choice([b"\r", b"\r\n", b"\n\n", b"\n\r", b" \n", b"\x0b"]))


def _other_code_page(raw, draw):
    words = draw.choice(["félicité", "мост через реку", "köprü", "most na řece", "橋"])
    body = raw.decode().replace("old sea", words).replace("OLD_SEA", words)
    page = draw.choice(["cp1252", "cp1251", "utf-16", "utf-16-le", "utf-8", "shift_jis", "utf-32"])
    return body.encode(page, "replace")


def _empty(raw, draw):
    return draw.choice([b"", b" ", b"\n\n\n", b"\xef\xbb\xbf", b"\x00" * 50])


def _other_file(raw, draw):
    noise = draw.randbytes(2_000)
    return draw.choice([b"PK\x03\x04\x14", b"%PDF-1.7\n", b"\x89PNG\r\n", b"{}", b"[]", b"<html></html>", noise])


def _folder(raw, draw):
    return None


def _large(raw, draw):
    return raw + b"\n" * 3_000_000


def _conflict(raw, draw):
    return b"<<<<<<< ours\n" + raw + b"=======\n" + raw + b">>>>>>> theirs\n"


SPOILED = [
    *(_cut, _byte, _odd_entry, _odd_name, _line_gone, _line_twice, _lines_mixed, _tabs_to_blanks, _blanks_to_tabs),
    *(_other_ends, _other_code_page, _empty, _other_file, _folder, _large, _conflict, _odd_entry, _odd_name, _cut),
]


# --- What would hurt a reader of one format ---------------------------------------------------------------------------


def _aliases(raw, draw):
    lines = ["a: &a [x, y]"] + [f"b{i}: &b{i} [*{'a' if i == 0 else f'b{i - 1}'}, *a]" for i in range(30)]
    return "\n".join(lines).encode()


def _itself(raw, draw):
    return b"a: &a\n  b: *a\n"


def _deep_lists(raw, draw):
    return b"a: " + b"[" * draw.choice([60, 3_000, 200_000])


def _deep_names(raw, draw):
    depth = draw.choice([20, 40, 1_000])
    return "".join("  " * i + f"c{i}:\n" for i in range(depth)).encode() + b"  " * depth + b"- x\n"


def _dotted(raw, draw):
    return b"a" + b".a" * draw.choice([10, 5_000]) + b":\n  - x\n"


def _many_categories(raw, draw):
    return "".join(f"c{i}:\n  - word{i}\n" for i in range(4_000)).encode()


def _many_entries(raw, draw):
    return b"a:\n" + "".join(f"  - word{i}*\n" for i in range(10_000)).encode()


def _tags(raw, draw):
    tagged = ["a: !!python/object/apply:os.getcwd []", "a: !!int x", "? !!set {x}\n: [y]", "a: !<x> [y]"]
    return draw.choice(tagged).encode()


def _many_numbers(raw, draw):
    head = "".join(f"{i}\tc{i}\n" for i in range(1, 2_000))
    return f"%\n{head}%\nword\t{chr(9).join(map(str, range(1, 2_000)))}\n".encode()


def _long_number(raw, draw):
    return raw.replace(b"12", b"1" * draw.choice([9, 10, 5_000]))


def _conditions(raw, draw):
    said = draw.choice(["(1 2)1", "(02 134)12/1 2", "<of>1/2 12", "(" * 500, "(1", "1)", "1,2", "-1", "٣", "1.5", "()"])
    return raw + f"like\t{said}\n".encode()


def _deep_tabs(raw, draw):
    head = "".join("\t" * i + f"{i + 1}\tc{i}\n" for i in range(draw.choice([20, 300])))
    return f"%\n{head}%\nx\t1\n".encode()


def _plus_lines(raw, draw):
    return draw.choice([b"+\nx\n", b"+.\nx\n", b"+a..b\nx\n", b"x\n" + raw, b"+" * 5_000, b"+a\n" * 3_000])


def _weights(raw, draw):
    weight = draw.choice(["(0.5)", "(-1)", "(1,5)", "()", "(x)", "(1) (2)", "(1" + "0" * 400 + ")", "1", "(1e9)"])
    return raw.replace(b"(1)", weight.encode())


def _no_weights(raw, draw):
    return raw.replace(b" (1)", b"")


def _deep_cat(raw, draw):
    return "".join("\t" * i + f"C{i}\n" for i in range(draw.choice([20, 200]))).encode()


def _laughs(raw, draw):
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    return f'<!DOCTYPE d [<!ENTITY l0 "ha">{entities}]><dictionary><cnode name="&l11;"/></dictionary>'.encode()


def _outside(raw, draw):
    return b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><dictionary><cnode name="&x;"/></dictionary>'


def _deep_xml(raw, draw):
    depth = draw.choice([20, 40, 100_000])
    return b"<dictionary>" + b'<cnode name="a">' * depth + b"</cnode>" * depth + b"</dictionary>"


def _attributes(raw, draw):
    return raw.replace(b'name="mill"', draw.choice([b"", b'name=""', b'score="x"', b'name="a" name="b"', b"name=mill"]))


def _elements(raw, draw):
    return draw.choice(
        [
            raw.replace(b"dictionary", b"html"),
            raw.replace(b"UTF-8", draw.choice([b"latin-1", b"none", b"UTF-16", b"cp1251"])),
            raw.replace(b"substring", b"regexp"),
            b'<dictionary><pnode name="x"/></dictionary>',
            b"<dictionary/>",
            raw.replace(b"</cnode>", b"", 1),
        ]
    )


_YAML = (_aliases, _itself, _deep_lists, _deep_names, _dotted, _many_categories, _many_entries, _tags)
_XML_FAULTS = (_laughs, _outside, _deep_xml, _attributes, _elements)
HOSTILE = {
    "yaml": _YAML,
    "liwc": (_many_numbers, _long_number, _conditions, _conditions, _deep_tabs),
    "lexicoder": (_plus_lines, _plus_lines),
    "wordstat": (_weights, _weights, _no_weights, _deep_cat),
    "yoshikoder": _XML_FAULTS,
    "lcd": _XML_FAULTS,
}


# --- In memory --------------------------------------------------------------------------------------------------------


def _not_a_mapping(draw):
    return draw.choice([None, 3, "x", ["x"], [("a", ["x"])], {"a"}, object(), b"x", float("nan")])


def _no_list(draw):
    return {"a": draw.choice(["x", 3, None, True, object(), b"x", 1.5, {}, [], [[]], [None], [["x"]], [3.0]])}


def _odd_word(draw):
    return {"a": [draw.choice(ODD)], "b": ["old sea"]}


def _odd_category(draw):
    return {draw.choice([*ODD, "", " ", None, 3, True, ("a",), "a..b", "x" * 5_000]): ["old sea"]}


def _nested_itself(draw):
    made = {"a": ["x"]}
    made["b"] = draw.choice([made, [made], {"c": made}])
    return made


def _nested_deep(draw):
    made = ["x"]
    for _ in range(draw.choice([10, 31, 5_000])):
        made = {"a": made}
    return made


def _many(draw):
    return {f"c{i}": [f"word{i}"] for i in range(3_000)}


def _many_globs(draw):
    return {"a": [f"{'*'.join(draw.choices('ab', k=20))}*{i}" for i in range(300)]}


def _many_in_one(draw):
    return {"a": [f"word{i}" for i in range(20_000)], "b": {"c": [f"word{i}*" for i in range(500)]}}


def _twice(draw):
    return draw.choice([{"a": ["x", "X"]}, {"a": ["x", {"b": ["x"]}]}, {"a.b": ["x"], "a": {"b": ["y"]}}, {}])


MEMORY = [
    *(_not_a_mapping, _no_list, _odd_word, _odd_category, _nested_itself, _nested_deep, _odd_word, _odd_category),
    *(_many, _many_globs, _many_in_one, _twice, _odd_word, _no_list),
]
