"""Dictionaries of other programs: WordStat, Yoshikoder, LIWC as it is distributed; what is left out is told once."""

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors.rhetoric import Dictionary, DictionaryError


def read(path, body, **options):
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        return Dictionary.read(path, **options), [str(warning.message) for warning in told]


def pairs(d):
    return {name: set(listed) for name, listed in d.to_dict().items()}


def test_wordstat(tmp_path):
    body = "WATER\n\tRIVERS\n\t\tCANAL* (1)\n\t\tOLD_SEA (1)\n\tWELL (1)\nTOWN\n\tGUILD (1)\n"
    d, told = read(tmp_path / "d.cat", body)
    assert told == [] and d.left_out == [] and d.categories == ["WATER.RIVERS", "WATER", "TOWN"]
    assert pairs(d) == {"WATER.RIVERS": {"canal*", "old sea"}, "WATER": {"well"}, "TOWN": {"guild"}}
    blanks, _ = read(tmp_path / "e.cat", body.replace("\t", "   "))
    assert blanks == d
    bare, _ = read(tmp_path / "f.cat", body.replace(" (1)", ""))
    assert bare == d
    d, [told] = read(tmp_path / "g.cat", body.replace("GUILD (1)", "GUILD (0.5)\n\t@NEAR [A B] (1)\n\tEMPTY"))
    assert "weights other than 1" in told and "rule" in told and "'EMPTY'" in told and len(d.left_out) == 3
    assert d.to_dict()["TOWN"] == ["guild"] and d.to_dict()["TOWN.EMPTY"] == []
    with pytest.raises(DictionaryError, match=r"g\.cat, line 8: .*rule"):
        Dictionary.read(tmp_path / "g.cat", strict=True)


@pytest.mark.parametrize("ending", ["ykd", "lcd"])
def test_yoshikoder(tmp_path, ending):
    body = (
        '<?xml version="1.0" encoding="iso-8859-1"?><dictionary patternengine="substring"><cnode name="water" desc="">'
        '<pnode name=" canal* "/><cnode name="mills"><pnode name="café"/></cnode><cnode name="none"/>'
        "</cnode></dictionary>"
    )
    d, told = read(tmp_path / f"d.{ending}", body.encode("latin-1"))
    assert told == [] and pairs(d) == {"water": {"canal*"}, "water.mills": {"café"}, "water.none": set()}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('<!DOCTYPE d [<!ENTITY a "ha">]><dictionary/>', "line 1: .*document type"),
        ("<html/>", "<html>"),
        ("<dictionary>", "not XML"),
        ("", "not XML"),
        ('<dictionary><pnode name="x"/></dictionary>', "outside any category"),
        ('<dictionary patternengine="regexp"/>', "regular expressions"),
        ("<dictionary>" + '<cnode name="a">' * 60, "more than 30"),
    ],
)
def test_xml_that_cannot_be_read(tmp_path, body, message):
    with pytest.raises(DictionaryError, match=rf"d\.ykd.*{message}"):
        read(tmp_path / "d.ykd", body)


HEAD = "%\n1\tjoy\n2\tfear\n12\twork\n%\n"


@pytest.mark.parametrize(
    ("lines", "expected", "told"),
    [
        ("glad*   1\njob loss  2 12\n", {"joy": {"glad*"}, "fear": {"job loss"}, "work": {"job loss"}}, "blanks"),
        ("odd\t1\nodd\t1\t2\n", {"joy": {"odd"}, "fear": {"odd"}, "work": set()}, "'odd' stands a second time"),
        ("glad\t1\t7\n", {"joy": {"glad"}, "fear": set(), "work": set()}, "number 7, of 'glad'"),
        ("kind\t(02 1)1\t2\n", {"joy": set(), "fear": {"kind"}, "work": set()}, "condition"),
        ("like\t<of>1/2\t12\n", {"joy": set(), "fear": set(), "work": {"like"}}, "condition"),
        ("glad\t1\n(x)\t1\n", {"joy": {"glad"}, "fear": set(), "work": set()}, "not an entry"),
    ],
)
def test_liwc_as_it_is_distributed(tmp_path, lines, expected, told):
    d, [warning] = read(tmp_path / "d.dic", HEAD + lines)
    assert pairs(d) == expected and told in warning and str(tmp_path / "d.dic") in warning and "\n" not in warning
    with pytest.raises(DictionaryError, match=r"line [67]: "):
        Dictionary.read(tmp_path / "d.dic", strict=True)


def test_old_code_pages(tmp_path):
    body = HEAD + "félicité\t1\n"
    d, [warning] = read(tmp_path / "d.dic", body.encode("cp1252"))
    assert d.to_dict()["joy"] == ["félicité"] and "cp1252" in warning and "'félicité'" in warning
    cyrillic = (HEAD + "радость\t1\nстрах*\t2\n").encode("cp1251")
    with pytest.raises(DictionaryError, match="encoding="):  # never read as something else
        read(tmp_path / "d.dic", cyrillic)
    with pytest.raises(DictionaryError, match="nonsense"):
        Dictionary.read(tmp_path / "d.dic", encoding="nonsense")


def test_many_things_left_out_are_one_warning(tmp_path):
    d, [warning] = read(tmp_path / "d.dic", HEAD + "".join(f"w{chr(97 + i % 26) * 3}{i}\t99\n" for i in range(500)))
    assert "and 492 more" in warning and len(d.left_out) == 500 and len(warning) < 2_000


def test_what_is_written_by_hand_is_read_strictly(tmp_path):
    (tmp_path / "d.yml").write_text("a:\n  - x\n  - (y)\n")
    with pytest.raises(DictionaryError, match="line 3"):
        Dictionary.read(tmp_path / "d.yml")
    d, [warning] = read(tmp_path / "d.yml", "a:\n  - x\n  - (y)\n", strict=False)
    assert d.to_dict() == {"a": ["x"]} and "line 3" in warning


def test_yaml_that_would_grow_or_sink(tmp_path):
    for body in ("a: &a [x]\nb: *a\n", "a: &a\n  b: *a\n", "a: " + "[" * 5_000, "a" + ".a" * 100 + ": [x]\n"):
        with pytest.raises(DictionaryError, match=r"quotes|more than"):
            read(tmp_path / "d.yml", body)
    made = {"a": ["x"]}
    made["b"] = made
    with pytest.raises(DictionaryError, match="nest less"):
        Dictionary(made)


def test_a_longer_match_takes_a_shorter_one_of_another_category_away():
    d = Dictionary({"economy": ["trade", "job*"], "conflict": ["trade war", "war"], "both": ["trade"]})
    bodies = ["The trade war and trade; jobs."]
    assert d.count(bodies).iloc[0].to_dict() == {"economy": 3, "conflict": 1, "both": 2}
    assert d.count(bodies, scope="dictionary").iloc[0].to_dict() == {"economy": 2, "conflict": 1, "both": 1}
    assert d.coverage(bodies, scope="dictionary")["hits"].sum() == 4
    with pytest.raises(DictionaryError, match="scope"):
        d.count(bodies, scope="all")


@pytest.mark.parametrize("body", ["the old\nbridge", "old  bridge", "OLD\xa0BRIDGE", " old\tbridge", "o\xadld bridge"])
def test_texts_that_were_not_cleaned(body):
    assert Dictionary({"a": ["old bridge"]}).count([body])["a"].tolist() == [1]


@given(
    st.lists(st.sampled_from(["old", "bridge", "мост", "köprü"]), min_size=2, max_size=12),
    st.data(),
)
def test_what_stands_between_words_does_not_change_a_count(words, data):
    blanks = st.text(st.sampled_from(" \n\r\t\x0b\xa0\u2003\u3000"), min_size=1, max_size=3)
    body = words[0] + "".join(data.draw(blanks) + word for word in words[1:])
    d = Dictionary({"two": ["old bridge"], "many": ["мост köprü", "bridge"]})
    assert d.count([body]).equals(d.count([" ".join(words)]))


def test_words_of_other_scripts():
    d = Dictionary({"hindi": ["हिन्द"], "uzbek": ["o'zbek"], "accent": ["cafe\u0301"]})
    bodies = ["हिन्दी हिन्द", "o‘zbek oʻzbek O’ZBEK", "CAFÉ café"]
    assert d.count(bodies).to_numpy().tolist() == [[1, 0, 0], [0, 3, 0], [0, 0, 2]]
