"""Shares of speeches, of groups, and changes: by hand, and by simulation with known truth."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression

from manyvectors import topics

# --- Shares of speeches ---


ROWS = pd.DataFrame(
    {
        "doc_id": ["A", "A", "B", "B", "C"],
        "tokens": [100, 300, 50, 50, 80],
        "state": ["KAZ", "KAZ", "UZB", "UZB", "KAZ"],
        "year": [1992, 1992, 1992, 1992, 1994],
        "rank": ["minister", "minister", "head of state", "head of state", "minister"],
    },
    index=["A1", "A2", "B1", "B2", "C1"],
)
SHARES = pd.DataFrame({1: [1.0, 0.2, 0.5, 0.5, 0.1], 2: [0.0, 0.8, 0.5, 0.5, 0.9]}, index=ROWS.index)


def test_by_speech_by_hand():
    found = topics.by_speech(SHARES, ROWS)
    assert list(found.index) == ["A", "B", "C"] and found.index.name == "doc_id"
    assert found[1].tolist() == pytest.approx([0.4, 0.5, 0.1])
    assert found[2].tolist() == pytest.approx([0.6, 0.5, 0.9])
    assert found["tokens"].tolist() == [400, 100, 80]
    mixed = [4, 2, 0, 3, 1]  # the segments of a speech need not stand together
    assert topics.by_speech(SHARES.iloc[mixed], ROWS.iloc[mixed]).loc[found.index].equals(found)
    assert list(found.columns) == [1, 2, "tokens", "state", "year", "rank"]
    assert found["rank"].tolist() == ["minister", "head of state", "minister"]
    unknown = SHARES.copy()
    unknown.loc["A1"] = np.nan  # no topic accounts for any of it
    again = topics.by_speech(unknown, ROWS)
    assert again.loc["A", [1, 2, "tokens"]].tolist() == pytest.approx([0.2, 0.8, 300])
    assert list(topics.by_speech(unknown, ROWS.drop(columns=["rank", "state"])).columns) == [1, 2, "tokens", "year"]


VALUES = st.sampled_from(["x", "y", 1, 2.5, None, True])


@given(st.lists(st.tuples(st.integers(0, 3), VALUES, VALUES), min_size=1, max_size=12))
def test_by_speech_keeps_what_is_the_same_in_all_segments_of_each_speech(segments):
    """Party, gender, treatment: whatever column a reader has of the speeches, by its own name."""
    speech, of_speech, of_segment = (list(column) for column in zip(*segments, strict=True))
    first = {name: of_speech[speech.index(name)] for name in speech}
    rows = pd.DataFrame({"doc_id": [f"d{name}" for name in speech], "tokens": 9})
    rows["партия"] = pd.Series([first[name] for name in speech], dtype=object)
    rows["of segment"] = pd.Series(of_segment, dtype=object)
    found = topics.by_speech(pd.DataFrame({1: 0.5, 2: 0.5}, rows.index), rows)
    for doc_id, value in found["партия"].items():
        assert value is first[int(doc_id[1:])] or (pd.isna(value) and first[int(doc_id[1:])] is None)
    same = rows.groupby("doc_id")["of segment"].nunique(dropna=False).max() == 1
    assert ("of segment" in found) == same


def test_by_speech_of_whole_speeches():
    speeches = ROWS.drop(columns="doc_id")
    assert topics.by_speech(SHARES, speeches)[[1, 2]].to_numpy().tolist() == SHARES.to_numpy().tolist()


@pytest.mark.parametrize("rows", [ROWS[::-1], ROWS.iloc[:4], ROWS.reset_index(drop=True)])
def test_by_speech_of_other_rows(rows):
    with pytest.raises(ValueError, match="same segments"):
        topics.by_speech(SHARES, rows)


# --- Prevalence ---


def test_prevalence_of_the_kazakh_segments(model):
    found = model.prevalence(n=400)
    assert found.index.names == ["group", "topic"]
    rows = model.rows_.assign(era=model.rows_["era"].astype(str))
    for era, part in rows.groupby("era"):
        expected = model.shares_.loc[part.index].mul(part["tokens"], axis=0).sum() / part["tokens"].sum()
        assert found.loc[era, "estimate"].tolist() == pytest.approx(expected.tolist())
        assert (found.loc[era, "documents"] == part["doc_id"].nunique()).all()
    assert found["estimate"].groupby("group").sum().to_numpy() == pytest.approx(1)
    inside = (found["low"] <= found["estimate"]) & (found["estimate"] <= found["high"])
    assert inside.all()
    again = topics.prevalence(model.shares_, model.rows_, list(model.rows_["era"]), n=400)
    pd.testing.assert_frame_equal(found.sort_index(), again.sort_index())


def test_eras_stay_in_order(c, model):
    found = model.prevalence(n=20)
    assert list(found.index.get_level_values("group").unique()) == list(c.study.eras)


def test_prevalence_by_hand():
    found = topics.prevalence(SHARES, ROWS, "state", n=200)
    kazakh = (0.4 * 400 + 0.1 * 80) / 480
    assert found.loc[("KAZ", 1), "estimate"] == pytest.approx(kazakh)
    # Two speeches: a resample is twice one of them, or the pair.
    assert found.loc[("KAZ", 1), ["low", "high"]].tolist() == pytest.approx([0.1, 0.4])
    assert found.loc[("UZB", 1)].tolist() == pytest.approx([0.5, np.nan, np.nan, 1], nan_ok=True)
    halves = topics.prevalence(SHARES, ROWS, "state", n=200, level=0.5)
    assert halves.loc[("KAZ", 1), "high"] <= 0.4
    labels = ["x", "x", None, None, "x"]
    assert set(topics.prevalence(SHARES, ROWS, labels, n=20).index.get_level_values("group")) == {"x"}


@pytest.fixture
def rng():
    return np.random.default_rng(8)


def _debate(rng, years, change=0.0, rows=6):
    """Draw segments of one speech a year: topic 1 changes by so much in the second half, and speeches differ."""
    rise = np.repeat(change * (np.arange(len(years)) >= len(years) // 2), rows)
    level = np.repeat(rng.normal(0.3, 0.06, len(years)), rows) + rng.normal(0, 0.08, len(rise)) + rise
    shares = pd.DataFrame({1: level.clip(0, 1), 2: 1 - level.clip(0, 1)})
    speech = np.repeat([f"S{i}" for i in range(len(years))], rows)
    tokens = rng.integers(80, 200, len(rise))
    return shares, pd.DataFrame({"doc_id": speech, "tokens": tokens, "year": np.repeat(years, rows)})


def test_intervals_are_made_from_speeches(rng):
    shares, rows = _debate(rng, range(1992, 2012))
    labels = ["all"] * len(rows)
    once = topics.prevalence(shares, rows, labels, n=300)
    twice = topics.prevalence(
        *(pd.concat([part, part]).sort_index(kind="stable").reset_index(drop=True) for part in (shares, rows)),
        labels * 2,
        n=300,
    )
    assert twice.to_numpy() == pytest.approx(once.to_numpy())
    # Ten times as many segments, each speech of one mind: the interval of ten times as many speeches is narrower.
    more = topics.prevalence(*_debate(rng, range(200)), ["all"] * 1200, n=300)
    width, narrow = ((found["high"] - found["low"]).iloc[0] for found in (once, more))
    assert narrow < 0.5 * width


def test_intervals_cover_the_truth(rng):
    covered = 0
    for seed in range(80):
        shares, rows = _debate(rng, range(25), rows=3)
        _, low, high, _ = topics.prevalence(shares, rows, ["all"] * len(rows), n=120, seed=seed).loc[("all", 1)]
        covered += low <= 0.3 <= high
    assert 0.86 <= covered / 80 <= 0.99


def test_windows_of_years(rng):
    years = [1992, 1993, 1994, 1997, 1998]
    shares, rows = _debate(rng, years)
    found = topics.prevalence(shares, rows, "year", window=3, n=100)
    for year in years:
        near = (rows["year"] - year).abs() <= 1
        expected = np.average(shares.loc[near, 1], weights=rows.loc[near, "tokens"])
        assert found.loc[(year, 1), "estimate"] == pytest.approx(expected)
        assert found.loc[(year, 1), "documents"] == rows.loc[near, "year"].nunique()
    assert found.index.get_level_values("group").unique().tolist() == years
    assert found.loc[(1993, 1), "low"] < found.loc[(1993, 1), "estimate"] < found.loc[(1993, 1), "high"]
    alone = topics.prevalence(shares, rows, "year", window=1, n=100)
    assert alone["documents"].eq(1).all() and alone["low"].isna().all()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"by": "zebra"}, "'zebra'.*doc_id, tokens"),
        ({"by": ["x", "y"]}, "(?i)length"),
        ({"by": "year", "window": 2}, "odd number of years"),
        ({"by": "year", "window": 0}, "odd number of years"),
        ({"by": "year", "window": -3}, "odd number of years"),
        ({"by": "year", "window": 1.5}, "odd number of years"),
        ({"by": "state", "window": 3}, "for labels that are years"),
        ({"by": [None] * len(ROWS)}, "no speech has a label"),
        ({"by": range(len(ROWS))}, "different labels"),
    ],
)
def test_prevalence_errors(options, said):
    with pytest.raises(ValueError, match=said):
        topics.prevalence(SHARES, ROWS, **options)


# --- Change ---


def _halves(rng, change, n=30):
    speeches = topics.by_speech(*_debate(rng, range(n), change, rows=2))
    return speeches.iloc[: n // 2], speeches.iloc[n // 2 :]


def _mean(speeches, topic=1):
    return np.average(speeches[topic], weights=speeches["tokens"])


def test_a_planted_rise_is_found(rng):
    before, after = _halves(rng, 0.15)
    found = topics.prevalence_change(before, after, 1, n=500)
    assert found.estimate == pytest.approx(_mean(after) - _mean(before))
    assert 0 < found.low < 0.15 < found.high
    assert topics.prevalence_change_p(before, after, 1, n=499) == 1 / 500
    fall = topics.prevalence_change(before, after, 2, n=500)
    assert (fall.low, fall.high) == pytest.approx((-found.high, -found.low))
    assert topics.prevalence_change(after, before, 1, n=50).estimate == pytest.approx(-found.estimate)


def test_topics_together(rng):
    before, after = _halves(rng, 0.15)
    assert topics.prevalence_change(before, after, [1, 2], n=50).estimate == pytest.approx(0, abs=1e-12)
    assert (
        topics.prevalence_change(before, after, [1], n=50)[:3] == topics.prevalence_change(before, after, 1, n=50)[:3]
    )
    assert topics.prevalence_change_p(before, after, [1, 2], n=99) == 1


def test_false_alarms_and_coverage(rng):
    trials, alarms, covered = 80, 0, 0
    for seed in range(trials):
        before, after = _halves(rng, 0)
        alarms += topics.prevalence_change_p(before, after, 1, n=79, seed=seed) <= 0.05
        before, after = _halves(rng, 0.1)
        found = topics.prevalence_change(before, after, 1, n=100, seed=seed)
        covered += found.low <= 0.1 <= found.high
    assert 0.01 <= alarms / trials <= 0.11
    assert 0.86 <= covered / trials <= 0.99


def test_difference_in_differences_takes_off_a_common_trend(rng):
    ours, others = _halves(rng, 0.2, 60), _halves(rng, 0.2, 60)
    alone = topics.prevalence_change(*ours, 1, n=300)
    both = topics.prevalence_change(*ours, 1, *others, n=300)
    assert alone.low > 0.1
    assert both.low < 0 < both.high
    assert both.estimate == pytest.approx(alone.estimate - (_mean(others[1]) - _mean(others[0])))
    more = topics.prevalence_change(*_halves(rng, 0.35, 60), 1, *others, n=300)
    assert more.low > 0.05 and more.estimate == pytest.approx(0.15, abs=0.05)


def _ranks_change(rng, n, heads, by_rank, by_time):
    """Draw speeches of which a part is by heads of state, whose share of the topic is higher."""
    rank = np.where(rng.random(n) < heads, "head of state", "minister")
    share = 0.2 + by_rank * (rank == "head of state") + by_time + rng.normal(0, 0.04, n)
    return pd.DataFrame({1: share.clip(0, 1), "tokens": rng.integers(800, 3000, n), "rank": rank})


def test_control_takes_off_what_is_due_to_rank(rng):
    before = _ranks_change(rng, 60, 0.2, 0.2, 0)
    after = _ranks_change(rng, 60, 0.8, 0.2, 0)
    assert topics.prevalence_change(before, after, 1, n=300).low > 0.05
    alike = topics.prevalence_change(before, after, 1, control="rank", n=300)
    assert alike.low < 0 < alike.high and abs(alike.estimate) < 0.03


def test_control_keeps_what_is_not_due_to_rank(rng):
    before = _ranks_change(rng, 60, 0.8, 0.2, 0)
    after = _ranks_change(rng, 60, 0.2, 0.2, 0.12)
    assert topics.prevalence_change(before, after, 1, n=300).low < 0.05  # hidden by the change of speakers
    alike = topics.prevalence_change(before, after, 1, control="rank", n=300)
    assert 0.05 < alike.low < 0.12 < alike.high


def test_control_is_weighted_least_squares(rng):
    before, after = _ranks_change(rng, 12, 0.4, 0.3, 0), _ranks_change(rng, 15, 0.7, 0.3, 0.1)
    before.loc[:2, "rank"], after.loc[:1, "rank"] = "observer", "envoy"  # on one side only
    both = pd.concat([before, after], ignore_index=True)
    design = pd.get_dummies(both["rank"]).assign(late=[0] * 12 + [1] * 15).astype(float)
    found = topics.prevalence_change(before, after, 1, control="rank", n=20)
    fitted = LinearRegression(fit_intercept=False).fit(design, both[1], both["tokens"])
    assert found.estimate == pytest.approx(fitted.coef_[-1])
    x, w = design.to_numpy(), both["tokens"].to_numpy()
    normal = np.linalg.solve(x.T @ (w[:, None] * x), x.T @ (w * both[1]))
    assert found.estimate == pytest.approx(normal[-1])


def test_control_with_one_value_changes_nothing(rng):
    before, after = (half.assign(rank="minister") for half in _halves(rng, 0.1))
    found = topics.prevalence_change(before, after, 1, control="rank")
    plain = topics.prevalence_change(before, after, 1)
    assert found.estimate == pytest.approx(plain.estimate)
    assert found[1:3] == pytest.approx(plain[1:3], abs=0.02)  # other draws, the same distribution


def test_draws_without_a_common_rank_are_left_out(rng):
    before, after = _ranks_change(rng, 6, 0, 0, 0), _ranks_change(rng, 6, 1, 0, 0)
    after.loc[0, "rank"] = "minister"  # in a resample it may be missing
    found = topics.prevalence_change(before, after, 1, control="rank", n=200)
    missing = np.isnan(found.draws).mean()
    assert missing == pytest.approx((5 / 6) ** 6, abs=0.12)
    assert np.isfinite(found[:3]).all()


def test_change_errors(rng):
    before, after = (half.assign(rank=name) for half, name in zip(_halves(rng, 0), ("minister", "envoy"), strict=True))
    for others in ({"other_before": before}, {"other_after": after}):
        with pytest.raises(ValueError, match="other_before and other_after"):
            topics.prevalence_change(before, after, 1, **others)
    with pytest.raises(ValueError, match="control and others"):
        topics.prevalence_change(before, after, 1, before, after, control="rank")
    with pytest.raises(ValueError, match="no rank"):
        topics.prevalence_change(before, after, 1, control="rank")


def test_a_missing_control_is_said(rng):
    before, after = (half.assign(rank=[None, *["minister"] * (len(half) - 1)]) for half in _halves(rng, 0))
    with pytest.raises(ValueError, match="no rank"):
        topics.prevalence_change(before, after, 1, control="rank")


def test_labels_of_rows_are_matched_by_name_not_by_place():
    turned = ROWS["year"].iloc[::-1]
    pd.testing.assert_frame_equal(topics.prevalence(SHARES, ROWS, turned), topics.prevalence(SHARES, ROWS, "year"))


def test_speeches_without_a_word_change_no_share():
    rows = pd.DataFrame({"tokens": [100, 300, 200, 200, 0], "rank": list("xyxyx"), "era": list("aabbb")})
    shares = pd.DataFrame({1: [0.2, 0.4, 0.5, 0.7, 0.0], 2: [0.8, 0.6, 0.5, 0.3, 0.0]})
    spoken = topics.by_speech(shares, rows)
    assert spoken[[1, 2]].isna().all(axis=1).tolist() == [False] * 4 + [True]
    before, after = spoken[:2], spoken[2:]
    for control in (None, "rank"):
        found = topics.prevalence_change(before, after, 1, control=control, n=50)
        assert found.estimate == topics.prevalence_change(before, after[:2], 1, control=control, n=50).estimate
    assert np.isfinite(topics.prevalence(shares, rows, n=50)["estimate"]).all()
