"""The silence: counted again word by word, with its chances by another way, and in the full texts."""

import re
from functools import cache

import numpy as np
import pytest

from manyvectors import claims, vectors
from manyvectors.claims import instruments
from manyvectors.claims.forecasts import forecasts

POWERS, NEAR = ["RUS", "CHN", "USA"], ["KGZ", "TJK", "TKM", "UZB"]
CAPITALS = ("moscow", "kremlin", "beijing", "washington", "bishkek", "tashkent", "dushanbe", "ashgabat")
WORDS = re.compile(r"(anti-|one-|inter-)?(russia|china|chinese|kyrgyz|tajik|turkmen|uzbek)\w*")


@pytest.fixture(scope="module")
def found(e):
    return instruments.silence(e, since=2018)


@pytest.fixture(scope="module")
def every(c):
    """Whether each speech names a power: DataFrame ``state``, ``year``, ``hit``, counted from the places."""
    named = vectors.places(c)[POWERS].gt(0).any(axis=1)
    return c.documents.loc[named.index, ["state", "year"]].assign(hit=named).sort_values(["state", "year"])


def orders_with_a_run(size, hits, length):
    """Return the part of all orders with a run without a hit, item by item."""

    @cache
    def without(left, hits, run):
        if run == length or hits < 0 or hits > left:
            return 0
        return 1 if not left else without(left - 1, hits - 1, 0) + without(left - 1, hits, run + 1)

    @cache
    def all_orders(left, hits):
        if hits < 0 or hits > left:
            return 0
        return 1 if not left else all_orders(left - 1, hits - 1) + all_orders(left - 1, hits)

    return 1 - without(size, hits, 0) / all_orders(size, hits)


def test_no_word_of_theirs_stands_in_the_speeches_since_2018(c):
    m = c.terms(state="KAZ")
    late = (m.rows["year"] >= 2018).to_numpy()
    used = m.vocabulary[np.asarray(m.counts[late].sum(axis=0)).ravel() > 0]
    assert late.sum() == 7 and not [word for word in used if WORDS.fullmatch(word)] and not set(used) & set(CAPITALS)
    earlier = m.vocabulary[np.asarray(m.counts[~late].sum(axis=0)).ravel() > 0]
    assert len([word for word in earlier if WORDS.fullmatch(word)]) > 8
    phrases = c.phrases(state="KAZ", lists="gazetteer")
    phrases = phrases[c.documents.loc[phrases.index, "year"] >= 2018]
    assert not phrases[["united states", "u.s.", "usa"]].to_numpy().any()
    assert phrases["belt and road"].astype(bool).tolist()[-1]  # 2024


def test_the_numbers_of_the_focus_state(found, c):
    named = vectors.places(c, "KAZ")
    year = c.documents.loc[named.index, "year"].to_numpy()
    for names, before in ((POWERS + NEAR, 20), (POWERS, 17)):
        hits = named[names].to_numpy().any(axis=1)
        assert hits[year < 2018].sum() == before and not hits[year >= 2018].any()
        numbers = instruments.silence(claims.Evidence(c), since=2018, neighbours=names != POWERS)
        assert (numbers["before"], numbers["named_before"]) == (26, before)
        assert (numbers["speeches"], numbers["named"]) == (7, 0)
        assert (numbers["run"], numbers["first"], numbers["last"]) == (7, 2018, 2024)
        assert numbers["p_searched"] == pytest.approx(orders_with_a_run(33, before, 7))
        assert numbers["p"] == pytest.approx(np.prod([(26 - before + 7 - i) / (33 - i) for i in range(7)]))
    assert found["p"] < found["p_searched"] < 0.01
    named = vectors.places(c, "KAZ")[POWERS + NEAR]
    year = c.documents.loc[named.index, "year"]
    assert found["gone"] == min(year[named[name] > 0].max() for name in named if named[name].any()) < 2018


def test_the_numbers_of_all_states(found, every):
    spoke = every[~every["state"].isin(POWERS)].groupby(["state", every["year"] >= 2018])["hit"].agg(["mean", "size"])
    share, size = spoke["mean"].unstack(), spoke["size"].unstack().fillna(0)
    kept = share[(size[False] >= 0.75 * 26) & (size[True] >= 0.75 * 7)]
    others = kept.drop("KAZ")
    fell = kept[True] - kept[False]
    assert found["others"] == len(others)
    assert found["dropped"] == (fell.drop("KAZ") <= fell["KAZ"] + 1e-9).sum()
    assert (found["share_before"], found["share_since"]) == pytest.approx((kept.at["KAZ", False], kept.at["KAZ", True]))
    assert found["silent"] == (others[True] == 0).sum()
    followed, silent, unlikely = 0, 0, []
    for state in others.index:
        hits = every.loc[every["state"] == state, "hit"].tolist()
        for at in range(7, len(hits)):
            if not any(hits[at - 7 : at]):
                followed, silent = followed + 1, silent + (not hits[at])
        runs = [len(run) for run in "".join(".x"[hit] for hit in hits).split("x")]
        unlikely.append(orders_with_a_run(len(hits), sum(hits), max(runs)) if max(runs) else 1)
    assert (found["followed"], found["kept"]) == (followed, pytest.approx(silent / followed))
    assert found["unlikely"] == pytest.approx(np.mean(np.array(unlikely) <= orders_with_a_run(33, 17, 7) + 1e-9))
    half = found.halves["estimate"]
    assert found["low"] < found["estimate"] < found["high"] < 0 and len(half.others) >= 170


def test_capitals_break_silence_too(e, found):
    with_them = instruments.silence(e, since=2018, capitals=CAPITALS)
    assert with_them["named"] == 0 and with_them["named_before"] >= found["named_before"]
    assert with_them["silent"] <= found["silent"]
    series = instruments.names_by_year(e, CAPITALS)
    assert not series.loc[2018:, "capitals"].any() and (series.loc[2018:, "region"] > 0).all()
    assert series.at[2018, "post"] == "Minister for Foreign Affairs" and "Tokayev" not in series.at[2018, "speaker"]


def test_the_members_were_named_in_one_speech_of_six_and_then_in_none(e):
    series = instruments.names_by_year(e).loc[2014:]
    named = series[NEAR].sum(axis=1)
    assert named[named > 0].to_dict() == {2014: 4}
    assert (1e4 * named / series["words"]).loc[:2019].mean() == pytest.approx(2.45, abs=0.01)
    assert (series["region"] > 0).all()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda e: instruments.silence(e, since=1990), "did not speak on both sides of 1990"),
        (lambda e: instruments.silence(e, since=2018, capitals=["Moscow"]), "no speech holds the word 'Moscow'"),
        (lambda e: instruments.names_in(e, year=2025), "no speech of KAZ of 2025 is held"),
    ],
)
def test_what_cannot_be_measured_is_said(e, call, said):
    with pytest.raises(ValueError, match=said) as caught:
        call(e)
    assert "\n" not in str(caught.value)


def test_forecasts_wait_for_their_speech(e, found):
    filed = forecasts(e)
    assert (filed["standing"] == "pending").all() and (filed["year"] > e.years.max()).all()
    # As it was filed; names of papers that hold a state's name are no longer counted, which moves it by less than this.
    assert filed.at[1, "chance"] == pytest.approx(found["kept"], abs=0.01)
    hits = found["named_before"] + found["named"]
    assert filed.at[1, "rival"] == pytest.approx(1 - hits / (found["before"] + found["speeches"]), abs=0.005)
    region = (instruments.names_by_year(e)["region"] > 0).mean()
    assert filed.loc[2, ["chance", "rival"]].tolist() == pytest.approx([region, region], abs=0.005)


def test_forecasts_are_judged_once_the_speech_is_held(e, monkeypatch):
    filed = forecasts(e).drop(columns="standing").reset_index()
    for year, standing in ((2024, "came true"), (2014, "failed")):
        monkeypatch.setattr(e, "own", lambda name, year=year: filed.assign(year=year))
        assert forecasts(e).at[1, "standing"] == standing


def test_the_full_texts_are_as_silent(attached):
    c = attached
    own = c.documents.query("register == 'rostrum' and state == 'KAZ' and year >= 2018").index
    assert len(own) == 7
    for name in own:
        text = c.texts[name]
        assert not [word for word in re.findall(r"[\w-]+", text.lower()) if WORDS.fullmatch(word) or word in CAPITALS]
        assert not re.search(r"\bU\.?S\.?A?\b|United States|Putin|Jinping|Trump|Biden", text)
        assert not re.search(r"(?<!Latin )(?<!South )(?<!North )(?<!Central )\bAmerica", text)
    assert "Belt and Road" in c.texts[own[-1]]
