"""Instruments on the doctrine held, counted again."""

import pytest


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
