"""Instruments on words and names: estimates worked out again from the counts, in plain Python and pandas."""

import math
import re

import numpy as np
import pandas as pd
import pytest

from manyvectors import compare, vectors

LEANINGS = ("balance", "pragmatism", "mutual benefit", "defence of interests")


def _named(c, mapping="book"):
    """Return what Kazakhstan names, by year."""
    own = vectors.mentions(c, "KAZ", mapping).drop(columns="universal bodies")
    return own.set_axis(c.documents.loc[own.index, "year"])


def _share(named, vector, first, last):
    part = named.loc[first:last].sum()
    return part[vector] / part.sum()


@pytest.mark.parametrize(
    ("claim", "vector", "early", "late"),
    [("A14", "Central Asia", (2014, 2019), (2020, 2024)), ("C13", "China", (2005, 2013), (2014, 2024))],
)
def test_a14_and_c13_share_of_a_vector(found, c, claim, vector, early, late):
    named = _named(c)
    if claim == "C13":
        project = vectors.places(c, "KAZ")["Belt and Road"]
        named[vector] -= project.to_numpy()
    assert list(named.index) == list(range(1992, 2025))
    assert found(claim)["estimate"] == pytest.approx(_share(named, vector, *late) - _share(named, vector, *early))
    before, after = (last - first + 1 for first, last in (early, late))
    rises = {
        year: _share(named, vector, year, year + after - 1) - _share(named, vector, year - before, year - 1)
        for year in range(1992 + before, 2024 - after + 2)
    }
    own = rises.pop(late[0])
    assert found(claim)["years"] == pytest.approx(np.mean([rise >= own for rise in rises.values()]))


def test_c5_trend_of_the_number_of_vectors(found, c):
    named, middles, effective = _named(c), [], []
    for first, last in ((1992, 1996), (1997, 2001), (2002, 2006), (2007, 2011), (2012, 2016), (2017, 2020)):
        share = named.loc[first:last].sum() / named.loc[first:last].sum().sum()
        effective.append(math.exp(-sum(p * math.log(p) for p in share if p)))
        middles.append((first + last) / 2)
    numbers = found("C5")
    assert numbers["estimate"] == pytest.approx(10 * np.polyfit(middles, effective, 1)[0])
    assert numbers["trade_low"] < numbers["trade_high"]


def test_c10_eurasian_bodies(found, c):
    bodies = vectors.places(c, "KAZ")[["CIS", "CSTO", "EAEU", "SCO"]].sum(axis=1)
    about = c.documents.loc[bodies.index]
    late, early = about["year"].between(2010, 2015), about["year"].between(2000, 2009)
    rates = [1e4 * bodies[side].sum() / about.loc[side, "tokens"].sum() for side in (late, early)]
    assert found("C10")["estimate"] == pytest.approx(rates[0] - rates[1])


def _hits(e, category):
    """Count a category in every speech, entry by entry: words among the terms, other entries among the phrases."""
    terms, phrases, total = e.c.terms(), e.c.phrases(), 0
    lower = terms.vocabulary.str.replace("\u2019", "'")
    for entry in e.dictionary.entries.query("category == @category")["entry"]:
        if " " in entry:
            total = total + phrases[entry].to_numpy()
        else:
            pattern = re.compile(re.escape(entry).replace(r"\*", r"[^ ]*") + "(?:'s|')?")
            chosen = np.array([bool(pattern.fullmatch(word)) for word in lower])
            total = total + np.asarray(terms.counts[:, chosen].sum(axis=1)).ravel()
    return pd.Series(total, terms.rows.index)


@pytest.fixture(scope="module")
def rises(e, c):
    """By how much each leaning rose in 2014, in hits per 10,000 words; speeches on either side."""
    about = c.documents.loc[c.terms().rows.index]
    late = about["year"] >= 2014
    rates = {}
    for category in LEANINGS:
        table = pd.DataFrame({"hits": _hits(e, category), "tokens": about["tokens"], "state": about["state"]})
        before, after = (part.groupby("state")[["hits", "tokens"]].sum() for part in (table[~late], table[late]))
        rates[category] = 1e4 * (after["hits"] / after["tokens"] - before["hits"] / before["tokens"])
    spoke = [about.loc[side, "state"].value_counts() for side in (~late, late)]
    return pd.DataFrame(rates), pd.concat(spoke, axis=1, keys=["before", "after"])


def test_a2_to_a5_rise_of_a_leaning(found, rises):
    for claim, category in zip(("A2", "A3", "A4", "A5"), rises[0], strict=True):
        assert found(claim)["estimate"] == pytest.approx(rises[0].at["KAZ", category]), claim
    p = [found(claim)["p"] for claim in ("A2", "A3", "A4", "A5")]
    holm = [found(claim)["p_holm"] for claim in ("A2", "A3", "A4", "A5")]
    assert min(holm) == pytest.approx(min(1, 4 * min(p)))


def test_a6_least_of_the_four(found, rises):
    rates, spoke = rises
    often = spoke[(spoke["before"] >= 0.75 * 22) & (spoke["after"] >= 0.75 * 11)].index
    assert spoke.loc["KAZ"].tolist() == [22, 11]
    others = rates.loc[often].drop("KAZ")
    standard = rates.loc["KAZ"] / others.std(ddof=1)
    assert found("A6")["estimate"] == pytest.approx(standard.min())
    for claim, category in zip(("A2", "A3", "A4", "A5"), rates, strict=True):
        share = (others[category] >= rates.at["KAZ", category]).mean()
        assert found(claim)["states"] == pytest.approx(share), claim


def test_a15_red_lines(found, c):
    extract = c.documents.query("register == 'doctrine'")
    assert len(extract) == 1
    assert found("A15")["estimate"] == pytest.approx(1e4 * found("A15")["hits"] / extract["tokens"].iloc[0])


def test_a16_three_terms(found, c):
    principles = c.table("extract-terms").query("section == 'principles'")
    said = {term for term in principles.loc[principles["count"] > 0, "term"]}
    interest = c.phrases("doctrine")["national interest*"].sum() > 0
    assert found("A16")["estimate"] == ("multi-vectorism" in said) + ("pragmatism" in said) + interest


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
    ratios = {}
    for left_out in (None, *totals):
        kept = [pair for section, pair in totals.items() if section != left_out]
        ratios[left_out] = sum(a for a, _ in kept) / sum(b for _, b in kept)
    whole = ratios.pop(None)
    numbers = found("A28")
    assert [numbers[name] for name in ("estimate", "low", "high")] == [
        whole,
        min(ratios.values()),
        max(ratios.values()),
    ]


def test_c17_middle_power(found, c):
    phrases = c.phrases(state="KAZ")
    said = phrases[["middle power*", "middle-power*"]].any(axis=1)
    year = c.documents.loc[phrases.index, "year"]
    assert found("C17")["estimate"] == (said & (year > 2019)).sum()
    assert found("C17")["before"] == (said & (year <= 2019)).sum()


@pytest.mark.parametrize("window", [3, 5, 6])
def test_the_cut_of_all_states_is_that_of_each(e, window):
    cuts = e.cut_of_all(2014, window)
    assert set(cuts.index) == set(e.always) and "KAZ" in cuts.index
    for state in ("KAZ", "USA", e.always[-1]):
        alone = e.of_state(state)
        wanted = compare.placebo_breaks(compare.distances(alone), alone.rows["year"], window=window, n=0)["excess"]
        assert cuts[state] == pytest.approx(wanted[2014])


def test_a_cut_needs_full_sides(e):
    with pytest.raises(ValueError, match="2022"):
        e.cut_of_all(2022)


def test_steps_run_from_each_speech_to_the_next_of_its_state(e):
    assert e.steps.shape == (len(e.always), len(e.speeches) - 1)
    for state in ("KAZ", e.always[0]):
        apart = compare.distances(e.of_state(state)).to_numpy()
        assert e.steps[e.always.get_loc(state)] == pytest.approx(np.diag(apart, 1))


def test_the_eurasian_bodies_are_those_of_the_gazetteer(e, c):
    table = e.per_word_named("Russia and Eurasian bodies", kind="organisation")
    assert set(table.columns) == {"state", "year", "era", "count", "size"}
    assert len(table) == len(c.terms().rows) and (table["count"] >= 0).all() and (table["size"] > 0).all()
    assert table.query("state == 'KAZ'")["count"].sum() == vectors.places(c, "KAZ")[["CIS", "CSTO", "EAEU", "SCO"]].sum(
        axis=None
    )


def test_the_words_are_those_of_the_dictionary(e, c):
    d = e.dictionary
    assert set(LEANINGS) <= set(d.count(c.terms(state="KAZ"), c.phrases(state="KAZ")).columns)
    whole, less = e.words.sum(), e.words_without_top.sum()
    for category in LEANINGS:
        assert less[category] < whole[category]
    assert e.region == ("KAZ", *e.study.neighbours)
