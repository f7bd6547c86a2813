"""What tells a state from others, and what everybody says."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from stories import matrix

from manyvectors.rhetoric import Dictionary, DictionaryError


@pytest.fixture(scope="module")
def speeches():
    rng = np.random.default_rng(4)
    bodies, states = [], []
    for state, rate in {"KAZ": 6, "KGZ": 2, "UZB": 2, **{f"S{i:02d}": 2 for i in range(20)}}.items():
        for _ in range(12):
            told = ["own"] * rng.poisson(rate) + ["all"] * rng.poisson(3) + ["gone"] * (state == "KAZ")
            bodies.append(" ".join(told + ["filler"] * 200))
            states.append(state)
    return matrix(bodies, state=states)[0]


def test_what_separates(speeches):
    d = Dictionary({"own": ["own"], "all": ["all"], "gone": ["gone"], "never": ["never"]})
    found = d.separates(speeches, of="KAZ", near=("KGZ", "UZB"), n=400)
    assert found["separates"].to_dict() == {"own": "yes", "all": "no", "gone": "unknown", "never": "unknown"}
    own = found.loc["own"]
    kaz = speeches.select(speeches.rows["state"] == "KAZ")
    assert own["rate"] == pytest.approx(1e4 * kaz["own"].sum() / kaz.rows["tokens"].sum())
    assert own["ratio_near"] == pytest.approx(own["rate"] / own["rate_near"])
    assert own["ratio_near_low"] < own["ratio_near"] < own["ratio_near_high"]
    assert own["ratio_world_low"] < own["ratio_world"] < own["ratio_world_high"]
    assert own["lower"] == 1 and 0 < found.at["all", "lower"] < 1
    pd.testing.assert_frame_equal(found, d.separates(speeches, of="KAZ", near=("KGZ", "UZB"), n=400))
    one = d.separates(speeches, of="KAZ", near=["KGZ"], n=400)
    assert found.at["own", "ratio_near_low"] != one.at["own", "ratio_near_low"]


def test_a_state_without_a_word_is_not_compared(speeches):
    d = Dictionary({"own": ["own"], "all": ["all"]})
    rows, counts = speeches.rows.copy(), speeches.counts.copy()
    silent = (rows["state"] == "S00").to_numpy()
    rows.loc[silent, "tokens"] = 0
    kept = replace(speeches, rows=rows, counts=sparse.csr_matrix(counts.multiply(~silent[:, None])))
    found = d.separates(kept, of="KAZ", near=["KGZ"], n=50)
    assert found["lower"].tolist() == d.separates(kept.select(~silent), of="KAZ", near=["KGZ"], n=50)["lower"].tolist()
    assert found.at["own", "lower"] == 1


def test_two_speeches_are_few(speeches):
    """Of two speeches the expanded level is 1 but for rounding."""
    two = speeches.select((speeches.rows["state"] != "KAZ") | (speeches.rows.groupby("state").cumcount() < 2))
    found = Dictionary({"own": ["own"]}).separates(two, of="KAZ", near=["KGZ"], n=50)
    assert found.at["own", "separates"] in ("yes", "no", "unknown")


def test_comparisons_that_cannot_be_made(speeches):
    d = Dictionary({"own": ["own"]})
    for of, near in (("XXX", ["KGZ"]), ("KAZ", ["XXX"]), ("KAZ", ["KAZ"]), ("KAZ", [])):
        with pytest.raises(DictionaryError, match="different states"):
            d.separates(speeches, of=of, near=near)
    with pytest.raises(DictionaryError, match="TermMatrix"):
        d.separates(["own"], of="KAZ", near=["KGZ"])
    for named in ({}, {"of": "KAZ"}, {"near": ["KGZ"]}):
        with pytest.raises(DictionaryError, match="study="):
            d.separates(speeches, **named)


def test_the_states_of_a_study(speeches):
    d, study = Dictionary({"own": ["own"]}), SimpleNamespace(focus="UZB", neighbours=("KGZ", "KAZ"))
    expected = d.separates(speeches, of="UZB", near=["KGZ", "KAZ"], n=50)
    pd.testing.assert_frame_equal(d.separates(speeches, study=study, n=50), expected)
    with pytest.raises(DictionaryError, match="near="):  # the study's neighbours are not those of another state
        d.separates(speeches, of="S00", study=study, n=50)
    alone = d.separates(speeches, of="S00", near=["S01"], study=study, n=50)
    assert alone.at["own", "rate"] != expected.at["own", "rate"]
