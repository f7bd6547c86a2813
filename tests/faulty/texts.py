"""Faulty texts and studies: speeches, a study's documents and its YAML, as people and programs leave them."""

import random
import re
import shutil

import loky
from invented import make

from manyvectors.__main__ import main
from manyvectors.build import count, write

PARTS = ("speech", "document", "study.yml", "documents.yml")


def prepared(folder):
    """Return a made-up corpus with its tables written."""
    package = make(folder / "made")
    counted = count.build(package.texts, package.world, package.study, package.other)
    loky.get_reusable_executor().shutdown()  # a copy of this process cannot use its workers
    write.write(package.world, package.study.folder, counted)
    return package


def case(part, number, seed, base, folder):
    """Spoil one copy; return what was done, the calls to make, and the folder that must stay whole."""
    draw = random.Random(f"{part} {number} {seed}")
    places = {name: folder / name for name in ("data", "texts", "other")}
    for name, place in places.items():
        shutil.copytree(getattr(base, name), place)
    study = places["data"] / "canals"
    if part in ("speech", "document"):
        path = draw.choice(sorted((places["texts"] / "TXT").rglob("???_*.txt")))
        path = path if part == "speech" else draw.choice(sorted(places["other"].iterdir()))
        spoil = TEXTS[number % len(TEXTS)]
        path.write_bytes(spoil(path.read_bytes(), draw))
    else:
        path, spoil = study / part, YAML[number % len(YAML)]
        path.write_bytes(spoil(path.read_text("utf-8"), draw).encode("utf-8", "surrogatepass"))
    given = ["--data", str(places["data"]), "--study", str(study)]
    texts = ["--texts", str(places["texts"]), "--other", str(places["other"])]
    calls = [lambda: main(["data", *texts, *given])]
    if part.endswith(".yml"):
        calls.insert(0, lambda: main(["describe", *given]))
    return f"{path.name}: {spoil.__name__.strip('_')}", calls, places["data"]


def useful(kind, said):
    """Say whether a refusal helps: it names what it is about, and dumps nothing of a library."""
    return kind != "refused" or (not re.search(r"Traceback|<class|object at 0x", said) and len(said) < 900)


# --- Texts ------------------------------------------------------------------------------------------------------------


def _empty(raw, draw):
    return b""


def _blank(raw, draw):
    return draw.choice([" ", "\n" * 99, "\u00a0\u2003", "\ufeff", "\u200b", "\u2028"]).encode() * draw.randrange(1, 9)


def _digits(raw, draw):
    return " ".join(str(draw.randrange(10**9)) for _ in range(400)).encode()


def _signs(raw, draw):
    return "".join(draw.choices("–—…«»“”№§%&()[]{}<>|/\\'\"*+=~^.,;:!?-_", k=2_000)).encode()


def _other_encoding(raw, draw):
    text = raw.decode("utf-8-sig") + " Éire, ўзбек"
    return text.encode(draw.choice(["cp1251", "cp1252", "utf-16", "utf-16-le", "utf-32", "shift_jis"]), "replace")


def _half_a_character(raw, draw):
    return raw + "ў".encode()[:1]


def _rubbish(raw, draw):
    return draw.randbytes(draw.randrange(1, 20_000))


def _any_characters(raw, draw):
    points = (draw.choice([draw.randrange(0x20, 0x500), draw.randrange(0x20, 0x110000)]) for _ in range(3_000))
    return "".join(chr(point) for point in points if not 0xD800 <= point < 0xE000).encode()


def _one_long_word(raw, draw):
    return draw.choice(["a", "ў", "a-", "a'", "a\u0301", "İ", "ﬁ"]).encode() * 300_000


def _initials(raw, draw):
    return draw.choice(["A. ", "U.N. ", "Mr. A. ", "... ", "a.b.", "No. 5. "]).encode() * 60_000


def _hyphens_at_line_ends(raw, draw):
    return draw.choice(["in-\nter", "a-\n", "-\n", "\u00ad\n", "a-\n-\n"]).encode() * 60_000


def _large(raw, draw):
    return b"A canal and a lock. " * draw.choice([200_000, 250_001])


def _many_words(raw, draw):
    return " ".join(f"w{draw.randrange(10**7):x}ord" for _ in range(150_000)).encode()


def _decomposed(raw, draw):
    return ("\ufdfa" * 2_000 + "é" * 20_000 + "\u0301" * 50_000).encode()


TEXTS = [_empty, _blank, _digits, _signs, _other_encoding, _half_a_character, _rubbish, _any_characters, _one_long_word]
TEXTS += [_initials, _hyphens_at_line_ends, _large, _many_words, _decomposed]


# --- YAML -------------------------------------------------------------------------------------------------------------


def _line_gone(text, draw):
    lines = text.splitlines(keepends=True)
    del lines[draw.randrange(len(lines))]
    return "".join(lines)


def _line_twice(text, draw):
    lines = text.splitlines(keepends=True)
    at = draw.randrange(len(lines))
    return "".join([*lines[: at + 1], *lines[at:]])


def _lines_moved(text, draw):
    lines = text.splitlines(keepends=True)
    draw.shuffle(lines)
    return "".join(lines)


def _other_value(text, draw):
    odd = [
        "",
        "null",
        "[]",
        "{}",
        "yes",
        "-1",
        "9" * 5_000,
        "0x" + "f" * 99,
        "1e999",
        ".nan",
        "2020-13-45",
        "!!set {a}",
    ]
    odd += [
        "'",
        "- - -",
        "&a [*a]",
        "*a",
        "!!python/name:os.system ''",
        "\ud800",
        "x" * 100_000,
        "KAZ",
        "[" * 9_000,
        "~",
    ]
    values = list(re.finditer(r": (\S.*)$", text, re.MULTILINE))
    place = draw.choice(values)
    return text[: place.start(1)] + draw.choice(odd) + text[place.end(1) :]


def _other_key(text, draw):
    keys = list(re.finditer(r"^\s*(\w+):", text, re.MULTILINE))
    place = draw.choice(keys)
    odd = draw.choice(["", "null", "1", "[a]", "{a: 1}", "'", "x" * 5_000, "<<", "__class__", draw.choice(keys)[1]])
    return text[: place.start(1)] + odd + text[place.end(1) :]


def _bomb(text, draw):
    return text + "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]\n" for n in range(1, 12))


def _deep(text, draw):
    return text + "deep: " + draw.choice(["[", "{a: ", "- ", "\n- ", "? "]) * 100_000


def _character(text, draw):
    at = draw.randrange(len(text))
    return text[:at] + draw.choice("\t\0\x1b\u2028:#{}[]&*!|>'\"%@`-?,\ufeff") + text[at + draw.randrange(2) :]


def _cut(text, draw):
    return text[: draw.randrange(len(text))]


def _windows(text, draw):
    return "\ufeff" + text.replace("\n", "\r\n")


def _not_a_mapping(text, draw):
    return draw.choice(["", "- a\n", "a", "1", "null", "---\na: 1\n---\nb: 2\n", "%YAML 9.9\n---\na: 1\n"])


def _moved_years(text, draw):
    return re.sub(r"\b(19|20)\d\d\b", lambda _: str(draw.choice([0, 1, 1992, 2003, 2012, 9999, 10**9])), text)


YAML = [_line_gone, _line_twice, _lines_moved, _other_value, _other_value, _other_key, _bomb, _deep, _character, _cut]
YAML += [_windows, _not_a_mapping, _moved_years]
