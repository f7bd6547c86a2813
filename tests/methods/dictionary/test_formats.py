"""Dictionaries on file: quanteda's YAML, LIWC's .dic and Lexicoder's .lc3, read and written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors.rhetoric import Dictionary, DictionaryError

YAML = """\
# a comment of the file
Balance:
  - balance of interests  # weighing
  - "*vector"   #   quoted, since * means something in YAML
  - no  # not the word for false
region:
  place: [tamra, 'old sea']  # of the line, not of an entry
  bodies:
    - C5+1
mixed:
  - water
  - narrower:
      - canal*
none: []
"""


def test_quanteda_yaml(tmp_path):
    (tmp_path / "d.yml").write_text(YAML, encoding="utf-8-sig")
    d = Dictionary.read(tmp_path / "d.yml")
    assert d.categories == ["Balance", "region.place", "region.bodies", "mixed", "mixed.narrower", "none"]
    assert dict(zip(d.entries["entry"], d.entries["reason"], strict=True)) == {
        "balance of interests": "weighing",
        "*vector": "quoted, since * means something in YAML",
        "no": "not the word for false",
        **dict.fromkeys(["tamra", "old sea", "c5+1", "water", "canal*"], ""),
    }
    d.write(tmp_path / "e.yaml")
    assert Dictionary.read(tmp_path / "e.yaml") == d
    assert '  - "*vector"  # quoted' in (tmp_path / "e.yaml").read_text("utf-8")


LIWC = (
    "%\n01\taffect (Feeling)\n\t02\tposemo\n\t03\tnegemo\n04\twork\n%\n\n"
    "happy*\t01\t02\nsad\t1\t3\nfeel\t1\njob loss\t1 3\t4\n"
)


def test_liwc(tmp_path):
    (tmp_path / "d.dic").write_text(LIWC)
    d = Dictionary.read(tmp_path / "d.dic")
    assert {c: set(part["entry"]) for c, part in d.entries.groupby("category")} == {
        "affect (Feeling)": {"feel"},
        "affect (Feeling).posemo": {"happy*"},
        "affect (Feeling).negemo": {"sad", "job loss"},
        "work": {"job loss"},
    }
    d.write(tmp_path / "e.dic")
    assert Dictionary.read(tmp_path / "e.dic") == d
    assert "\nhappy*\t1\t2\n" in (tmp_path / "e.dic").read_text()


def test_lexicoder(tmp_path):
    (tmp_path / "d.lc3").write_text("+NEGATIVE\nabandon*\na lie\n\n+POSITIVE.mild\nnice\n")
    d = Dictionary.read(tmp_path / "d.lc3")
    assert d == Dictionary({"NEGATIVE": ["abandon*", "a lie"], "POSITIVE": {"mild": ["nice"]}})
    d.write(tmp_path / "e.lc3")
    assert (tmp_path / "e.lc3").read_text() == "+NEGATIVE\nabandon*\na lie\n+POSITIVE.mild\nnice\n"


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("d.yml", "a:\n  - x\n  - *vector\n", "line 3: .*quotes"),
        ("d.yml", "a:\n  - x\n  - y: [\n", "line 4: "),
        ("d.yml", "a:\n  - x\nb:\n  - y\na:\n  - z\n", "line 6: .*'a'.*twice"),
        ("d.yml", "a:\n  - x\n  - x\n", "line 3: .*'x'.*twice"),
        ("d.yml", "a:\n  - (x)\n", r"line 2: '\(x\)'"),
        ("d.yml", "a:\n  - [x, y]\n", "line 2: .*one entry a line"),
        ("d.yml", "- x\n", "mapping"),
        ("d.yml", "", "mapping"),
        ("d.yml", "? [a, b]\n: [x]\n", "line 1: .*words"),
        ("d.dic", "1\ta\nx\t1\n", "two lines with %"),
        ("d.dic", "%\na\t1\n%\nx\t1\n", "line 2: .*a number, a tab"),
        ("d.dic", "%\n1\ta\n1\tb\n%\nx\t1\n", "line 3: .*1 is used twice"),
        ("d.dic", "%\n1\ta\n\t\t2\tb\n%\nx\t1\n", "line 3: 'b'"),
        ("d.dic", "%\n1\ta\n%\nx 1\n", "line 4: .*by a tab"),
        ("d.dic", "%\n1\ta\n%\nx\t2\n", "line 4: .*number 2"),
        ("d.dic", "%\n1\ta\n%\nlike\t(2 3)1\n", "line 4: .*conditions"),
        ("d.lc3", "x\n+A\ny\n", "line 1: 'x'.*NAME"),
        ("d.lc3", "+A\ny\n+A\n", "line 3: .*'A'.*twice"),
        ("d.txt", "x", "quanteda"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, name, body, message):
    (tmp_path / name).write_text(body)
    with pytest.raises(DictionaryError, match=message) as error:
        Dictionary.read(tmp_path / name, strict=True)
    assert str(tmp_path / name) in str(error.value)


def test_a_file_that_is_not_utf8(tmp_path):
    (tmp_path / "d.lc3").write_bytes(b"+A\ncaf\xe9\n")
    with pytest.raises(DictionaryError, match="not UTF-8"):
        Dictionary.read(tmp_path / "d.lc3")


def test_what_a_format_cannot_hold_is_refused(tmp_path):
    d = Dictionary({"a": ["x"]}, reasons={("a", "x"): "why"})
    for ending in ("dic", "lc3"):
        path = tmp_path / f"d.{ending}"
        path.write_text("kept")
        with pytest.raises(DictionaryError, match="reasons=False"):
            d.write(path)
        assert path.read_text() == "kept"
        d.write(path, reasons=False)
        assert Dictionary.read(path) == Dictionary({"a": ["x"]})
    with pytest.raises(DictionaryError, match="quanteda"):
        d.write(tmp_path / "d.csv")
    with pytest.raises(DictionaryError, match="cannot write"):
        d.write(tmp_path / "nowhere" / "d.yml")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d.dic", "d.lc3"]


def is_entry(words):
    try:
        return bool(Dictionary({"a": [words]}))
    except DictionaryError:
        return False


parts = st.text("abyno*'-1é", min_size=1, max_size=6).filter(is_entry)
listed = st.lists(st.lists(parts, min_size=1, max_size=3).map(" ".join), max_size=4, unique=True)
names = st.text("abAB é#:%+-'\"[]{}&*!|>@`~0123", min_size=1, max_size=8).map(str.strip).filter(bool)
words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)


@st.composite
def dictionaries(draw):
    tree = draw(
        st.dictionaries(
            names, st.one_of(listed, st.dictionaries(names, listed, min_size=1, max_size=2)), min_size=1, max_size=3
        )
    )
    d = Dictionary(tree)
    keys = [tuple(row) for row in d.entries[["category", "entry"]].to_numpy()]
    reasons = draw(st.dictionaries(st.sampled_from(keys), words, max_size=4)) if keys else {}
    return Dictionary(tree), Dictionary(tree, reasons)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("dictionaries")


@given(dictionaries())
def test_round_trips(folder, made):
    plain, reasoned = made
    reasoned.write(folder / "d.yml")
    assert Dictionary.read(folder / "d.yml") == reasoned
    for ending in ("dic", "lc3", "yaml"):
        plain.write(folder / f"d.{ending}")
        assert Dictionary.read(folder / f"d.{ending}") == plain
