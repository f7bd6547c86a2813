"""Seals: what was changed is found, number and verdict are those of the package's own functions, faults are told."""

import json

import numpy as np
import pytest

from manyvectors import __version__, claims, inference, practice
from manyvectors.claims import scale, seals
from manyvectors.methods.sealed import FORMAT

SEALED = {
    "book": __version__,
    "claim": "It says more of water.",
    "measure": "word",
    "of": "water",
    "state": "KAZ",
    "early": [1992, 2013],
    "late": [2014, 2024],
    "side": "more",
    "bar": "0",
    "share": "1",
    "by": "",
    "time": "2026-11-30T08:00:00Z",
    "salt": "00ff",
}


def write(path, sealed=SEALED, **held):
    """Write a file as the page does."""
    held.setdefault("seal", "" if "\ud800" in str(sealed["claim"]) else seals.digest(sealed))
    path.write_text(json.dumps({"format": FORMAT, "sealed": sealed} | held), encoding="utf-8")
    return path


@pytest.fixture
def path(tmp_path):
    return tmp_path / "seal.json"


def test_a_seal_is_true_and_says_what_came_of_it(path, e):
    said = claims.check_seal(write(path), evidence=e)
    assert said and said.intact and said.changed == () and said.sealed == SEALED
    assert said.code == seals.digest(SEALED)[:12] and said.code in str(said) and said.found["verdict"] in str(said)
    opened = {name: value for name, value in said.found.items()}
    assert claims.check_seal(write(path, opened=opened), code=said.code.upper(), evidence=e)
    assert claims.check_seal(path, code=f"{said.code[:6]} {said.code[6:]}", evidence=e)


@pytest.mark.parametrize(
    "name", ["claim", "of", "bar", "side", "share", "time", "by", "salt", "late", "early", "state"]
)
def test_whatever_was_changed_is_found(name, path, e):
    other = {
        "claim": "It says less of water.", "of": "peace", "bar": "1", "side": "less", "share": "2", "by": "somebody",
        "time": "2026-11-29T08:00:00Z", "salt": "00fe", "late": [2015, 2024], "early": [1993, 2013], "state": "UZB",
    }  # fmt: skip
    write(path, SEALED | {name: other[name]}, seal=seals.digest(SEALED))
    said = claims.check_seal(path, evidence=e)
    assert not said and said.changed == ("sealed",) and "Not as it was sealed" in str(said)


def test_another_code_or_number_is_found(path, e):
    found = claims.check_seal(write(path), evidence=e).found
    for code in ("", "0" * 12, seals.digest(SEALED)[:11]):
        assert claims.check_seal(path, code=code, evidence=e).changed == ("code",)
    for name, value in (
        ("estimate", found["estimate"] + 0.001),
        ("verdict", "supported"),
        ("d", "1"),
        ("states", True),
    ):
        if found[name] != value:
            said = claims.check_seal(write(path, opened=found | {name: value}), evidence=e)
            assert said.changed == (name,), name


@pytest.mark.parametrize("name, value", [("note", 1), ("time", "soon"), ("estimate", 10**400), ("verdict", 1)])
def test_what_the_page_does_not_write_of_a_number_counts_as_changed(name, value, path, e):
    assert claims.check_seal(write(path, opened={name: value}), evidence=e).changed == (name,)


def test_a_number_of_what_is_untestable_is_found(path, e):
    opened = {"verdict": "untestable", "estimate": 3}
    assert claims.check_seal(write(path, SEALED | {"state": "XXX"}, opened=opened), evidence=e).changed == ("estimate",)


def test_numbers_of_another_edition_are_told_apart_from_what_was_changed(path, e):
    sealed = SEALED | {"book": "0.0.1"}
    found = claims.check_seal(write(path, sealed), evidence=e)
    assert found and found.moved == () and "edition 0.0.1" in str(found)
    said = claims.check_seal(write(path, sealed, opened={"estimate": found.found["estimate"] + 1}), evidence=e)
    assert said and said.moved == ("estimate",) and "may be by the edition alone" in str(said)
    assert not claims.check_seal(write(path, sealed, opened={"note": 1}), evidence=e)


def test_a_name_that_stands_twice_is_refused(path):
    write(path)
    path.write_text(path.read_text("utf-8")[:-1] + ', "seal": ""}', encoding="utf-8")
    with pytest.raises(claims.SealError, match="a name stands in it twice"):
        claims.check_seal(path)


def test_a_change_is_that_of_the_panel(e, c):
    m = c.terms(register="rostrum")
    rate = 10_000 * m["water"] / m.rows["tokens"]
    held = m.rows["year"].between(1992, 2024)
    panel = inference.panel_change(rate[held], m.rows["state"][held], m.rows["year"][held], cut=2014)
    found = seals.judged(SEALED, e)
    own = panel.loc["KAZ"]
    assert found["estimate"] == pytest.approx(own["estimate"]) and found["comparable"] == len(panel)
    assert found["d"] == pytest.approx(panel["estimate"].drop("KAZ").abs().median())
    assert found["low"] == pytest.approx(min(own["low"], own["own_low"]))
    assert found["states"] == pytest.approx((panel["estimate"].drop("KAZ") >= own["estimate"]).mean())


def test_a_level_is_that_of_the_yearly_numbers(e, c):
    sealed = SEALED | {"measure": "agreement", "of": "CHN", "early": None, "late": [2005, 2013]}
    found = seals.judged(sealed, e)
    table = practice.agreement("CHN", c=c)["agreement"].unstack(0).loc[2005:2013]
    kept = table.loc[:, table.notna().sum() >= 0.75 * len(table)]
    others = kept.drop(columns="KAZ").mean()
    assert found["estimate"] == pytest.approx(kept["KAZ"].mean() - others.median())
    assert found["comparable"] == kept.shape[1] and found["d"] == pytest.approx(
        (others - others.median()).abs().median()
    )
    se = kept["KAZ"].std() / np.sqrt(len(kept))
    assert found["high"] - found["estimate"] == pytest.approx(2.306004 * se, rel=1e-5)  # Student's t, 8 degrees


def test_a_bar_and_no_difference_are_judged_by_the_scale(e):
    base = SEALED | {"measure": "agreement", "of": "CHN", "late": [2014, 2023]}
    found = seals.judged(base, e)
    words = {bar: seals.judged(base | {"bar": bar}, e)["verdict"] for bar in ("0", "0.05", "0.5")}
    assert words["0.5"] == "contradicted" and set(words.values()) <= set(scale.VERDICTS)
    assert seals.judged(base | {"side": "less", "bar": "0.5"}, e)["verdict"] in (
        "contradicted",
        "open",
        "leaning against",
    )
    same = seals.judged(base | {"side": "same"}, e)
    assert same["estimate"] == found["estimate"] and same["states"] == pytest.approx(1 - found["states"], abs=0.4)


def test_a_state_without_values_is_untestable(path, e):
    for state, early in (("SSD", [1992, 2013]), ("SSD", [1992, 1992]), ("XXX", [1992, 2013])):
        said = claims.check_seal(write(path, SEALED | {"state": state, "early": early}), evidence=e)
        assert said and said.found["verdict"] == "untestable" and "Untestable" in str(said)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"of": "zzzqqq"}, "no word or registered phrase 'zzzqqq' is counted"),
        ({"measure": "agreement", "of": "XXX"}, "no votes of 'XXX'"),
        ({"measure": "mood"}, "no seal .'measure' is not as the page writes it"),
        ({"side": "up"}, "'side'"),
        ({"bar": "-1"}, "'bar'"),
        ({"bar": 1}, "'bar'"),
        ({"share": "3"}, "'share'"),
        ({"early": [2013, 1992]}, "“early” must be two years"),
        ({"early": [1992, 2014]}, "“early” must be two years"),
        ({"late": [2014.5, 2024]}, "“late” must be two years"),
        ({"late": [2014.0, 2024]}, "“late” must be two years as whole numbers .2014, not 2014.0."),
        ({"late": None}, "“late” must be two years"),
        ({"time": "yesterday"}, "'time'"),
        ({"time": "2026-99-01T08:00:00Z"}, "'time'"),
        ({"time": "2026-02-30T08:00:00Z"}, "'time'"),
        ({"time": "2026-11-30T08:00:٠٠Z"}, "'time'"),
        ({"bar": "١"}, "'bar'"),
        ({"claim": "x" * 1001}, "'claim' is no text of at most 1000 letters"),
        ({"claim": None}, "'claim'"),
        ({"claim": "half a letter \ud800"}, "'claim'"),
        ({"side": []}, "'side'"),
        ({"more": 1}, "it holds 'more', or lacks it"),
    ],
)
def test_what_is_no_seal_is_told_in_one_line(path, e, change, said):
    with pytest.raises(claims.SealError, match=said) as error:
        claims.check_seal(write(path, SEALED | change), evidence=e)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"format": "many-vectors seal 1"}', "\ud7ff", "{" * 3000, "1e999", "NaN", '{"a":' * 30_000],
)
def test_what_is_no_file_of_the_page_is_told(path, content):
    path.write_text(content, encoding="utf-8")
    with pytest.raises(claims.SealError, match="give a file that the page has saved"):
        claims.check_seal(path)


def test_a_file_that_is_not_there_or_too_large(path):
    with pytest.raises(claims.SealError, match=r"seal\.json cannot be read"):
        claims.check_seal(path)
    path.write_bytes(b" " * 1_000_001)
    with pytest.raises(claims.SealError, match="larger than any seal"):
        claims.check_seal(path)
