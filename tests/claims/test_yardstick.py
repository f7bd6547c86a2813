"""The yardstick: controls recomputed from the counts by other means, its power drawn anew, what was mended."""

import re
from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from manyvectors import compare
from manyvectors.build import documents
from manyvectors.claims import yardstick

# --- What is shipped --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def m(c):
    return yardstick.paragraphs(c)


@pytest.fixture(scope="module")
def controls(c):
    return c.table("controls").set_index("control").join(c.table("yardstick-controls").set_index("control"))


@pytest.fixture(scope="module")
def power(c):
    return c.table("yardstick-power")


def of(m, name):
    return m.select((m.rows["doc_id"] == name).to_numpy())


def test_every_control_is_judged_and_was_written_in_one_go(c, controls):
    assert controls["found"].notna().all()
    assert controls["written"].nunique() == controls["known"].nunique() == 1
    assert set(controls["old"]) | set(controls["new"]) - {""} <= {*c.documents.index, ""}
    change = yardstick.neighbours(c)
    names = [*dict.fromkeys(yardstick.paragraphs(c).rows["doc_id"])]
    assert list(change.index) == list(pairwise(names))
    # The pairs that should lie apart are those of two presidents.
    assert change.sum() == 4 and len(change) == 15


def test_words_move_as_the_plain_rates_say(m, controls):
    words = controls[controls["kind"] == "word"]
    assert len(words) > 20
    for row in words.itertuples():
        pattern = re.compile(re.escape(row.term).replace(r"\*", ".*") + r"\Z")
        columns = [i for i, word in enumerate(m.vocabulary) if pattern.match(word)]
        both = []
        for name in (row.old, row.new):
            own = of(m, name)
            both.append((own.counts[:, columns].sum(), own.rows["tokens"].sum()))
        (y_1, n_1), (y_2, n_2) = both
        if y_1 and y_2:
            assert row.estimate == pytest.approx(np.log2(y_2 / n_2) - np.log2(y_1 / n_1), abs=1e-3)
        if row.found and row.expected != "holds":
            assert (y_2 / n_2 > y_1 / n_1) == (row.expected == "rises")
        if row.expected == "holds":
            assert row.found == (abs(row.estimate) < 1)
        else:
            assert row.found == (row.low > 0 if row.expected == "rises" else row.high < 0)


def divergence(p, q):
    """Jensen-Shannon divergence by its definition."""
    p, q = p / p.sum(), q / q.sum()
    middle = (p + q) / 2
    return sum((x[x > 0] * np.log2(x[x > 0] / middle[x > 0])).sum() for x in (p, q)) / 2


def drawn(own, words, rng):
    """Counts of so many words, whole paragraphs in random order."""
    order = rng.permutation(len(own.rows))
    lengths = own.rows["tokens"].to_numpy()[order].cumsum()
    return np.asarray(own.counts[order[: np.searchsorted(lengths, words)]].sum(axis=0)).ravel().astype(float)


def test_pairs_are_as_far_apart_as_an_own_draw_says(m, controls):
    subjects, rng = yardstick.RECIPE.apply(m), np.random.default_rng(1)
    pairs = controls[(controls["kind"] == "pair") & (controls["expected"] != "farthest")]
    far = []
    for row in pairs.itertuples():
        one, two = of(subjects, row.old), of(subjects, row.new)
        own = [divergence(drawn(one, 5000, rng), drawn(two, 5000, rng)) for _ in range(25)]
        far.append(np.median(own))
        assert np.median(own) == pytest.approx(row.estimate, abs=0.012)
        assert row.low < np.median(own) < row.high
    far = pd.Series(far, pairs.index)
    changed = far[pairs["expected"] == "apart"]
    assert far.nlargest(3).index.isin(changed.index).all()
    farthest = controls[controls["expected"] == "farthest"].iloc[0]
    assert farthest["found"] == (pairs.loc[far.idxmax(), ["old", "new"]].tolist() == [farthest["old"], farthest["new"]])


def test_cuts_and_novelty_by_their_definitions(m, controls):
    whole = yardstick.RECIPE.apply(m).by_document()
    names, counts = list(whole.rows.index), whole.counts.toarray().astype(float)
    far = np.array([[divergence(p, q) for q in counts] for p in counts])
    excess = {}
    for k in range(3, len(names) - 2):
        a, b = range(k - 3, k), range(k, k + 3)
        inside = [np.mean([far[i, j] for i in side for j in side if i != j]) for side in (a, b)]
        excess[names[k]] = np.mean([far[i, j] for i in a for j in b]) - np.mean(inside)
    ranks = pd.Series(excess).rank(ascending=False)
    for row in controls[controls["kind"] == "cut"].itertuples():
        assert row.estimate == ranks[row.new] and row.found == ((ranks[row.new] <= 3) == (row.expected == "break"))
    shares = counts / counts.sum(axis=1, keepdims=True) + 1e-4
    shares /= shares.sum(axis=1, keepdims=True)
    new = [(shares[k] * np.log2(shares[k] / shares[k - 1])).sum() for k in range(1, len(names) - 1)]
    new = pd.Series(new, names[1:-1])
    for row in controls[controls["kind"] == "novelty"].itertuples():
        assert row.estimate == pytest.approx(new[row.new], abs=1e-3)
        assert row.found == ((new[row.new] > new.median()) == (row.expected == "novel"))


def test_paragraphs_that_came_back_share_most_of_their_words(m, controls):
    """By another measure of likeness: words in common. It must draw the line where the runs of letters draw it."""
    for row in controls[controls["kind"] == "paragraphs"].itertuples():
        old, new = (of(m, name).counts.astype(float).toarray() for name in (row.old, row.new))
        norms = [np.sqrt((part**2).sum(axis=1)) for part in (old, new)]
        best = (old @ new.T / np.outer(*norms)).max(axis=0)
        if row.expected == "kept":
            assert (best > 0.9).mean() > 0.1 and row.found
        assert row.found == (row.estimate >= 0.1 if row.expected == "kept" else row.estimate < 0.05)
        assert (best > 0.97).mean() <= row.estimate + 0.02


def test_the_power_of_one_pair_is_what_its_draws_give(c, m, power):
    change = yardstick.neighbours(c)
    own = yardstick.by_edition(yardstick.RECIPE.apply(m))
    k, pair = 11, ("NSS_2001", "NSS_2002")
    assert change.index[k] == pair
    found = compare.told_apart(own[pair[0]], own[pair[1]], 2032, n=200, seed=k)
    bar = np.quantile(found[["within_old", "within_new"]], 0.95)
    rows = power[(power["method"] == "distance") & (power["texts"] == 1)].set_index(["old", "new", "words"])
    row = rows.loc[(*pair, 2032)]
    assert yardstick.speech_length(c) == 2032
    assert row["seen"] == pytest.approx((found["between"] > bar).mean(), abs=1e-4)
    assert row["excess"] == pytest.approx(found["excess"].median(), abs=1e-4)


def test_longer_texts_see_more_and_where_nothing_changed_few_see_something(power, c):
    change = yardstick.neighbours(c)
    single = power[(power["method"] == "distance") & (power["texts"] == 1)]
    pairs = single.set_index(["old", "new"])
    real = pairs[pairs.index.isin(change.index[change])].groupby("words")["seen"].mean()
    assert real.is_monotonic_increasing and real.iloc[-1] > 0.8
    same = power[(power["method"] == "distance") & (power["old"] == power["new"])]
    assert same.groupby("texts")["seen"].mean().max() < 0.1
    # A rule that never fires and one that always does would pass the two above together only by chance.
    five = power[(power["method"] == "distance") & (power["texts"] == 5) & (power["words"] == 2032)]
    five = five.set_index(["old", "new"])["seen"]
    assert five[change.index[change]].min() > 0.9


def test_what_was_mended_is_mended_again_and_counts_judge_as_texts_do(c, other):
    bodies, mended = documents.mended(other, c.study)
    table = c.table("yardstick-mended").set_index("doc_id")
    kinds = table.drop(columns=["paragraphs", "alike"])
    pd.testing.assert_frame_equal(mended.set_index("doc_id"), kinds, check_dtype=False, check_index_type=False)
    three = {name: bodies[name] for name in ("NSS_1994", "NSS_1995")}
    pairs = compare.editions(*three.values()).dropna(subset="new")
    counted = compare.editions(*(of(yardstick.paragraphs(c), name) for name in three)).dropna(subset="new")
    alike = (pairs["status"].to_numpy() == counted["status"].to_numpy()).sum()
    assert alike == table.at["NSS_1995", "alike"] >= 0.98 * table.at["NSS_1995", "paragraphs"]


def test_nearly_every_paragraph_is_judged_by_counts_as_by_its_text(c, m):
    table = c.table("yardstick-mended").set_index("doc_id")
    assert table["paragraphs"].to_dict() == m.rows["doc_id"].value_counts().to_dict()
    assert table["alike"].isna().sum() == 1
    assert (table["alike"] / table["paragraphs"]).min() > 0.98


def test_half_an_edition_is_every_other_paragraph(m):
    one = of(m, "NSS_1993")
    parts = [yardstick.half(one, which).rows.index for which in (0, 1)]
    assert Counter([*parts[0], *parts[1]]) == Counter(one.rows.index)
