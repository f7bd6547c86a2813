"""What several modules share: YAML without its traps, files replaced in one step, output in any encoding."""

import io
import sys

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from manyvectors import common

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN)
def test_yaml_is_read_as_the_library_reads_it(content):
    written = yaml.safe_dump(content, allow_unicode=True)
    if "&" in written and "*id" in written:
        return  # the same object twice, which the library writes as an alias
    assert common.read_yaml(written) == yaml.safe_load(written)


BOMB = "a: &a [x, x]\n" + "".join(f"{n}: &{n} [*{p}, *{p}]\n" for p, n in zip("abcdefgh", "bcdefghi", strict=True))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, r"line 2: the alias '\*a'"),
        ("a: &a [*a]", r"line 1: the alias '\*a'"),
        ("base: &b {x: 1}\nmore:\n  <<: *b\n", r"line 3: the alias '\*b'"),
        ("- " * 100_000 + "a", "more than 50 levels"),
        ("[" * 100_000, "more than 50 levels"),
        ("{a: " * 51 + "1" + "}" * 51, "more than 50 levels"),
        (f"year: 1\ncount: {'9' * 5_000}\n", "line 2: a number of 5,000 digits"),
        (f"a: 0x{'f' * 5_000}", "a number of 5,002 digits"),
        ("a: 1\nb: 2\na: 3\n", "line 3: the key 'a' stands twice"),
        ("x:\n  1: a\n  1: b\n", "line 3: the key '1' stands twice"),
        ("day: 2020-13-45", "month"),
        ("a: [1", "while parsing"),
        ("? [a]\n: 1\n", "unhashable"),
        ("a: \x00", "unacceptable|not allowed|control"),
        ("!!python/object/apply:os.getcwd []", "could not determine a constructor"),
        ("a: !!int words", "invalid literal"),
        ("a: !!timestamp words", "timestamp|NoneType"),
        ("a: !!bool words", "words"),
    ],
)
def test_yaml_that_is_refused_in_one_line(text, said):
    with pytest.raises(common.YAMLFault, match=said) as error:
        common.read_yaml(text)
    assert "\n" not in str(error.value) and len(str(error.value)) < 300
    assert isinstance(error.value, yaml.YAMLError) and isinstance(error.value, ValueError)


def test_yaml_of_too_many_characters(monkeypatch):
    monkeypatch.setattr(common, "YAML_LENGTH", 10)
    with pytest.raises(common.YAMLFault, match="more than 10 characters"):
        common.read_yaml("a: 12345678")


def test_a_file_that_another_program_holds_open(tmp_path, monkeypatch):
    new, target = tmp_path / "new.csv", tmp_path / "table.csv"
    new.write_text("new")
    target.write_text("old")
    with monkeypatch.context() as patch:
        patch.setattr(common.Path, "replace", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Access is denied")))
        with pytest.raises(PermissionError, match=r"^.*table\.csv cannot be replaced; .*Excel, close it"):
            common.replace(new, target)
    assert target.read_text() == "old"
    common.replace(new, target)
    assert target.read_text() == "new" and not new.exists()


@pytest.mark.parametrize("encoding", ["cp1251", "cp1252", "ascii", "utf-8", "cp932"])
def test_output_in_any_encoding(monkeypatch, encoding):
    kept = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(kept, encoding=encoding, newline=""))
    common.printable_anywhere()
    line = "−0.5 – “Côte d’Ivoire” … № ғ"
    print(line, flush=True)
    said = kept.getvalue().decode(encoding).rstrip("\n")
    assert said == line if encoding == "utf-8" else said[1:4] == "0.5"
    if encoding == "ascii":
        assert said == "-0.5 - ?Cote d'Ivoire? ... N ?"
