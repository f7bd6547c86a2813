"""Novelty, transience, resonance: against a loop, and the null against every order."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from manyvectors import compare

# --- Novelty ----------------------------------------------------------------------------------------------------------


def novelty_by_loop(shares, window):
    """Equations of [barron2018]: mean surprise at a document, given those before and those after."""
    shares = [np.array(row) / np.sum(row) for row in shares]
    rows = []
    for i in range(len(shares)):
        if i < window or i + window >= len(shares):
            rows.append([np.nan] * 3)
            continue
        surprise = {
            j: sum(a * np.log2(a / b) for a, b in zip(shares[i], shares[j], strict=True) if a > 0)
            for j in range(i - window, i + window + 1)
        }
        before = np.mean([surprise[i - d] for d in range(1, window + 1)])
        after = np.mean([surprise[i + d] for d in range(1, window + 1)])
        rows.append([before, after, before - after])
    return np.array(rows)


def test_novelty_of_a_small_example():
    found = compare.novelty([[0.7, 0.2, 0.1], [0.2, 0.7, 0.1], [0.1, 0.2, 0.7]], window=1)
    assert list(found.columns) == ["novelty", "transience", "resonance"]
    assert found.loc[1].round(4).tolist() == [0.9037, 1.1844, -0.2807]
    assert found.loc[[0, 2]].isna().all(axis=None)


@pytest.mark.parametrize("window", [1, 2, 3])
def test_novelty_against_a_loop(rng, window):
    shares = rng.dirichlet(np.ones(5), 9)
    found = compare.novelty(shares, window)
    assert found.to_numpy() == pytest.approx(novelty_by_loop(shares, window), nan_ok=True)
    frame = pd.DataFrame(shares * 40, index=[f"d{i}" for i in range(9)])
    assert compare.novelty(frame, window).index.equals(frame.index)
    assert compare.novelty(frame, window).to_numpy() == pytest.approx(found.to_numpy(), nan_ok=True)
    # Time turned round: what was new is what will not last.
    turned = compare.novelty(shares[::-1], window).to_numpy()[::-1]
    assert turned[:, 0] == pytest.approx(found["transience"].to_numpy(), nan_ok=True)
    assert turned[:, 2] == pytest.approx(-found["resonance"].to_numpy(), nan_ok=True)


def test_smoothing(rng):
    shares = rng.dirichlet(np.ones(4), 7)
    shares[3] = [1, 0, 0, 0]
    found = compare.novelty(shares, 2, smooth=0.01)
    assert found.to_numpy() == pytest.approx(novelty_by_loop(shares + 0.01, 2), nan_ok=True)
    shares[1] = [0, 1, 0, 0]
    assert compare.novelty(shares, 2).loc[3, "novelty"] == np.inf
    assert np.isfinite(compare.novelty(shares, 2, smooth=0.01).loc[2:4]).all(axis=None)


def test_the_band_of_the_null(rng):
    # Two tones and one turn: documents at the turn are new, those inside a tone are not.
    shares = np.vstack([rng.dirichlet([30, 5, 5], 12), rng.dirichlet([5, 5, 30], 12)])
    found = compare.novelty(shares, 5, n=400)
    names = ["novelty", "transience", "resonance"]
    assert list(found.columns) == names + [f"{name}_{part}" for name in names for part in ("low", "high", "p")]
    pd.testing.assert_frame_equal(found[names], compare.novelty(shares, 5))
    inside = found.loc[5:18]
    assert found.drop(index=inside.index).isna().all(axis=None) and inside.notna().all(axis=None)
    for name in names:
        assert (inside[f"{name}_low"] <= inside[f"{name}_high"]).all()
        assert inside[f"{name}_p"].between(1 / 401, 1).all()
    # The document after the turn is unlike those before and like those after: no exchange of neighbours shows more.
    assert found.loc[12, "resonance"] >= found.loc[12, "resonance_high"] and found.loc[12, "resonance_p"] < 0.05
    assert found.loc[11, "resonance"] <= found.loc[11, "resonance_low"] and found.loc[11, "resonance_p"] < 0.05
    assert found.loc[6, "novelty"] < found.loc[6, "novelty_low"] and found.loc[6, "novelty_p"] < 0.05
    # Its own neighbours are one tone: exchanging them changes little, whatever the rest of the series is.
    assert found.loc[6, "resonance_high"] < 0.2 * found.loc[12, "resonance_high"]
    wide, narrow = (compare.novelty(shares, 5, n=300, level=level).loc[5:18] for level in (0.99, 0.5))
    assert (wide["novelty_high"] > narrow["novelty_high"]).all() and (wide["novelty_low"] < narrow["novelty_low"]).all()
    one, again, other = (compare.novelty(shares, 3, n=50, seed=seed) for seed in (1, 1, 2))
    assert one.equals(again) and not one.equals(other)


def test_p_of_novelty_where_time_does_not_matter(rng):
    found = []
    for trial in range(60):
        table = compare.novelty(rng.dirichlet(np.ones(4), 15), 3, n=99, seed=trial)
        found += [table.loc[7, f"{name}_p"] for name in ("novelty", "resonance")]
    assert np.mean(np.array(found) <= 0.1) <= stats.binom.ppf(0.999, 120, 0.1) / 120
    assert np.mean(np.array(found) <= 0.5) > 0.3


def test_p_of_novelty_against_every_order():
    shares = np.array([[6, 1, 1], [5, 2, 1], [1, 6, 2], [1, 5, 3], [2, 2, 6.0]])
    rows = shares / shares.sum(axis=1, keepdims=True)
    surprise = {j: (rows[2] * np.log2(rows[2] / rows[j])).sum() for j in (0, 1, 3, 4)}
    pairs = [(np.mean([surprise[j] for j in pair]), pair) for pair in combinations(surprise, 2)]
    seen = np.mean([surprise[0], surprise[1]])
    above = np.mean([value >= seen - 1e-9 for value, _ in pairs])
    below = np.mean([value <= seen + 1e-9 for value, _ in pairs])
    found = compare.novelty(shares, 2, n=6000)
    assert found.loc[2, "novelty_p"] == pytest.approx(min(1, 2 * min(above, below)), abs=0.03)
    # All other documents are its neighbours here, so that the null of resonance is made of the same six pairs.
    rest = [np.mean([surprise[j] for j in surprise if j not in pair]) for _, pair in pairs]
    gaps = np.array([value for value, _ in pairs]) - rest
    seen = found.loc[2, "resonance"]
    tail = min(np.mean(gaps >= seen - 1e-9), np.mean(gaps <= seen + 1e-9))
    assert found.loc[2, "resonance_p"] == pytest.approx(min(1, 2 * tail), abs=0.03)


@pytest.mark.parametrize(
    ("shares", "window", "options", "said"),
    [
        ([[1, -1], [1, 1], [1, 1]], 1, {}, "from 0 up"),
        ([[1, np.nan], [1, 1], [1, 1]], 1, {}, "from 0 up"),
        ([1, 2, 3], 1, {}, "topics"),
        ([[0, 0], [1, 1], [1, 1]], 1, {}, "leave it out"),
        ([[1, 1]] * 4, 2, {}, "too few"),
        ([[1, 1]] * 3, 0, {}, "window must be"),
        ([[1, 1]] * 3, 1, {"n": -1}, "n must be"),
        ([[1, 1]] * 3, 1, {"smooth": -0.1}, "smooth"),
        ([[1, 1]] * 3, 1, {"level": 1}, "level"),
    ],
)
def test_novelty_errors(shares, window, options, said):
    with pytest.raises(ValueError, match=said):
        compare.novelty(shares, window, **options)
