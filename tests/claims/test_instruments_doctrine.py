"""Instruments on the doctrine held, counted again; each way of a rule can be reached, and intervals cover."""

import numpy as np
import pandas as pd
import pytest
from counting import hits

from manyvectors import claims
from manyvectors.claims import few, scale
from manyvectors.claims.instruments import INSTRUMENTS


def word(rule, found):
    """Judge by the scale what an instrument found, with d and the share of states of its halves."""
    numbers = dict(found)
    for name, half in found.halves.items():
        numbers["d" if name == "estimate" else f"{name}_d"] = half.d
    side, (half, *_) = scale.sides(rule)[0], found.halves.values()
    numbers["states"] = (half.others - side.bar >= max(half.estimate - side.bar, half.d)).mean()
    return scale.verdict(rule, numbers)


def test_a15_red_lines(found, e, c):
    extract = c.documents.query("register == 'doctrine'")
    assert len(extract) == 1
    tokens = extract["tokens"].iloc[0]
    own = c.documents.query("register == 'rostrum' and state == 'KAZ'")
    said = hits(e, "red lines")
    numbers = found("A15")
    usual = 1e4 * said[own.index].sum() / own["tokens"].sum()
    assert numbers["rate_usual"] == pytest.approx(usual)
    assert numbers["expected"] == pytest.approx(usual * tokens / 1e4)
    assert numbers["estimate"] == pytest.approx(1e4 * numbers["hits"] / tokens - usual)
    # An absence from so few words says nothing: it lies within what one would expect of the speeches.
    assert numbers["hits"] == 0 and numbers["expected"] < 0.1 and numbers["low"] < 0 < numbers["high"]
    # The others are the rates of states that spoke about as often, and have no part of the state itself.
    half, about = numbers.halves["estimate"], c.documents.query("register == 'rostrum'")
    years = about[about["year"].isin(own["year"])].groupby("state")["year"].nunique()
    assert set(half.others.index) == set(years.index[years >= 0.75 * len(own)]) - {"KAZ"}
    rates = 1e4 * said.groupby(about["state"]).sum() / about.groupby("state")["tokens"].sum()
    assert half.others.to_numpy() == pytest.approx((rates[half.others.index] - usual).to_numpy())
    assert half.d == pytest.approx(np.median(np.abs(half.others - np.median(half.others))))


@pytest.mark.parametrize(
    ("hits", "expected"),
    [
        ((12, 20), "supported"),
        ((0, 9000), "contradicted"),
        ((0, 20), "open"),
        ((90, 630), "no change above d"),
    ],
)
def test_every_way_of_a_rate_is_reached(hits, expected):
    """In texts of one or ten thousand words and seventy thousand, among states that differ by twenty per 10,000."""
    others = pd.Series(np.linspace(-40, 40, 81))
    found = claims.halves.found(estimate=few.RateGap.of_hits(hits, (0.1 if hits[0] < 50 else 1.0, 7.0), others))
    assert word("estimate > 0", found) == expected


def test_a_rate_gap_against_published_intervals():
    """Garwood's interval of 12 is 6.201 to 20.962, that of 0 ends at 3.689, as in every table of them."""
    far = few.RateGap.of_hits((12, 0), (1.0, 1e9))
    assert far.ends[0] == pytest.approx([6.201, 20.962], abs=1e-3)
    assert few.RateGap.of_hits((0, 0), (1.0, 1e9)).ends[0] == pytest.approx([0, 3.689], abs=1e-3)
    for level in range(2):
        assert far.ends[level, 0] < far.ends[level + 1, 0] and far.ends[level, 1] > far.ends[level + 1, 1]
    with pytest.raises(ValueError, match="text with words"):
        few.RateGap.of_hits((0, 1), (0.0, 1.0))


@pytest.mark.parametrize("truth", [0.0, 3.0, 25.0])
def test_intervals_of_a_rate_gap_cover(truth):
    half = few.RateGap.of_hits((1, 40), (0.5, 7.0))
    _, ends = half.redrawn(truth, 4000, np.random.default_rng(1))
    for level, (low, high) in zip((0.95, 0.9, 0.8), ends[:3], strict=True):
        assert ((low <= truth) & (truth <= high)).mean() > level - 0.02


def test_what_few_counts_would_show():
    """With no hit expected, about 1.6 must be for one to be there in four texts of five; of fewer than none none is."""
    half = few.RateGap.of_hits((0, 1), (0.08, 7.0))
    assert half.smallest(1, 0.0, 0.2) == pytest.approx(-np.log(0.2) / 0.08, rel=0.15)
    assert np.isnan(half.smallest(-1, 0.0, 0.2))
    ratio = few.Ratio.of_parts([3, 1, 0, 1], [2, 2, 1, 1])
    _, ends = ratio.redrawn(1 + ratio.smallest(1, 1.0, 0.1), 4000, np.random.default_rng(5))
    assert (ends[0, 0] > 1).mean() == pytest.approx(0.8, abs=0.03)
    assert ratio.smallest(1, 1.0, 9.0) > ratio.smallest(1, 1.0, 0.1)


@pytest.mark.parametrize("ratio", [0.4, 1.0, 2.5])
def test_intervals_of_a_ratio_cover(ratio):
    """Sections of unlike sizes, each with a leaning of its own: the interval holds the ratio as often as it says."""
    rng, held = np.random.default_rng(2), 0
    for _ in range(600):
        size = rng.integers(20, 60, 6)
        part = ratio * np.exp(rng.normal(-0.02, 0.2, 6))
        above = rng.poisson(size * part / (1 + part))
        half = few.Ratio.of_parts(above, rng.poisson(size / (1 + part)) + 1e-9)
        held += half.ends[0, 0] <= ratio <= half.ends[0, 1]
    assert 0.9 < held / 600 <= 0.99


def test_a_ratio():
    half = few.Ratio.of_parts([3, 1, 0, 1], [2, 2, 1, 1])
    # Linearised by hand: residuals 4/3, -2/3, -5/6 and 1/6, their squares 2.944; three degrees of freedom.
    spread = np.sqrt(4 / 3 * 2.9444) / 5
    assert half.estimate == pytest.approx(5 / 6)
    assert half.ends[0] == pytest.approx(5 / 6 * np.exp(np.array([-1, 1]) * 3.18245 * spread), rel=1e-4)
    values, ends = half.redrawn(2.0, 4000, np.random.default_rng(0))
    assert np.median(values) == pytest.approx(2, rel=0.05)
    assert ((ends[0, 0] <= 2) & (ends[0, 1] >= 2)).mean() == pytest.approx(0.95, abs=0.01)
    for parts in (([1], [1]), ([0, 0], [1, 2]), ([1, 2], [0, 0])):
        with pytest.raises(ValueError, match="two parts"):
            few.Ratio.of_parts(*parts)


@pytest.mark.parametrize(("above", "expected"), [(30, "supported"), (2, "contradicted"), (10, "no change above d")])
def test_every_way_of_a_ratio_is_reached(above, expected):
    others = pd.Series(np.linspace(0.2, 1.4, 13))
    half = few.Ratio.of_parts([above, above + 1, above, above - 1], [10, 10, 10, 10], others)
    assert word("estimate > 1", claims.halves.found(estimate=half)) == expected


def test_a16_three_ideas(found, c, e):
    principles = c.table("extract-terms").query("section == 'principles'")
    said = {term for term in principles.loc[principles["count"] > 0, "term"]}
    interest = c.phrases("doctrine")["national interest*"].sum() > 0
    numbers = found("A16")
    assert numbers["estimate"] == ("multi-vectorism" in said) + ("pragmatism" in said) + interest == 2
    # The third is said in other words, of its category of the dictionary.
    otherwise = e.dictionary.to_dict()["defence of interests"]
    assert any(c.phrases("doctrine").loc["CONCEPT_2020_EXTRACT", otherwise] > 0)
    asked = {"section": "principles", "within": ["multi-vectorism", "pragmatism"], "anywhere": ["national interest*"]}
    wider = INSTRUMENTS["key_terms"](e, **asked, otherwise=["defence of interests"])
    assert (wider["terms"], wider["estimate"]) == (2, 3)
    none = INSTRUMENTS["key_terms"](e, section="goals", within=["pragmatism"], anywhere=["middle power*"])
    assert none["estimate"] == none["terms"] == 0
    # Who else would hold all of them? Counted from the phrases and terms of every speech.
    terms = c.terms()
    held = (np.asarray(terms["pragmatism"]) > 0) & (c.phrases()["national interest*"].to_numpy() > 0)
    wide = INSTRUMENTS["key_terms"](e, section="principles", within=["pragmatism"], anywhere=["national interest*"])
    assert wide["speeches"] == held[(terms.rows["state"] != "KAZ").to_numpy()].mean() > 0


def test_a28_people_and_state(found, c):
    people = {
        *("citizen", "citizens", "compatriots", "people", "persons", "diaspora", "youth", "women", "students"),
        *("business", "businesses", "businessmen", "entrepreneur", "entrepreneurs", "entrepreneurship", "investors"),
    }
    state = {
        *("state", "government", "governments", "authorities", "president", "parliament", "ministry", "ministries"),
        *("institutions", "agencies", "bodies"),
    }
    totals = {}
    for section, term, count in c.table("extract-terms").itertuples(index=False):
        pair = totals.setdefault(section, [0, 0])
        pair[0] += count * (term in people)
        pair[1] += count * (term in state)
    above, below = (sum(pair[i] for pair in totals.values()) for i in (0, 1))
    numbers = found("A28")
    assert (numbers["estimate"], numbers["words"], numbers["to"]) == (above / below, above, below)
    again = few.Ratio.of_parts(*zip(*totals.values(), strict=True))
    assert [numbers["low"], numbers["high"]] == pytest.approx(again.ends[0].tolist())
    assert len(totals) == 4
    # The others: all speeches of each state that spoke as often.
    terms = c.terms()
    theirs = (terms.rows["state"] == "NOR").to_numpy()
    spoken = [terms.counts[theirs][:, terms.vocabulary.isin(listed)].sum() for listed in (people, state)]
    assert numbers.halves["estimate"].others["NOR"] == pytest.approx(spoken[0] / spoken[1])
    assert "KAZ" not in numbers.halves["estimate"].others


def test_c17_middle_power(found, c, e):
    phrases = c.phrases()
    said = phrases[["middle power*", "middle-power*"]].any(axis=1)
    about = c.documents.loc[phrases.index]
    own, since = about["state"] == "KAZ", about["year"] > 2019
    numbers = found("C17")
    assert numbers["estimate"] == (said & own & since).sum()
    assert numbers["before"] == (said & own & ~since).sum()
    assert numbers["states"] == about.loc[said & ~own & since, "state"].nunique()
    assert numbers["others"] == about.loc[~own & since, "state"].nunique()
    # Every use is coded, in few words of ours, and it says by whom.
    coded = c.table("middle-power")
    assert coded["doc_id"].tolist() == said.index[said & own & since].tolist()
    assert coded["said"].str.split().str.len().max() <= 14
    assert (numbers["aligned"], numbers["itself"]) == (coded["aligned"].sum(), coded["itself"].sum())
    for aligned, itself, expected in ((2, 1, "supported"), (0, 0, "contradicted"), (2, 0, "open")):
        assert scale.of_report("itself >= 1", "aligned == 0", {"aligned": aligned, "itself": itself}) == expected
    with pytest.raises(ValueError, match="code each use"):
        INSTRUMENTS["phrase_uses"](e, phrases=["middle power*"], cut=2024, codes="middle-power")
