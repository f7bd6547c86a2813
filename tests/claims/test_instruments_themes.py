"""Topics of all states: planted rises and moves, and every number worked out again from the model's shares."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from manyvectors import claims, topics
from manyvectors.claims import instruments

STATES, YEARS, TOPICS = [f"S{i:02}" for i in range(30)], range(2001, 2021), range(1, 6)
SECURITY = ["Conflicts abroad", "Terrorism and drugs", "Non-proliferation treaties"]
ECONOMY = ["Economic integration", "Transit and trade"]


def world(planted, seed=0):
    """Make an evidence whose topic shares are ``planted(state, year)`` and some noise; its focus is S00."""
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame([(state, year) for state in STATES for year in YEARS], columns=["state", "year"])
    shares = np.array([rng.dirichlet(300 * np.asarray(planted(*row))) for row in rows.itertuples(index=False)])
    table = pd.DataFrame(shares, columns=pd.Index(TOPICS)).join(rows)
    model = SimpleNamespace(shares_=table[list(TOPICS)])
    e = SimpleNamespace(
        focus="S00", years=np.array(YEARS), topics=lambda whose="focus", seed=0: model,
        topic_labels=pd.Series(["peace", "trade", "water", "", "law"], TOPICS),
    )  # fmt: skip
    e.kept = {("shares_of_all", "focus", 0): table}
    return e


EVEN = [0.2] * 5


def test_a_planted_rise_is_found_and_one_that_all_share_is_not():
    def rises(state, year):
        more = 0.15 * (state == "S00" and year >= 2011)
        return [0.2 + more, 0.2 - more, 0.2, 0.2, 0.2]

    given = {"topics": ["peace"], "early": (2003, 2010), "late": (2011, 2018)}
    found = instruments.topic_step(world(rises), **given, again={"written": (2013, 2014)})
    assert found["low"] > 0.05 and found["estimate"] == pytest.approx(0.15, abs=0.05)
    assert found["low"] > found.halves["estimate"].d and found["written"] > 0
    fell = instruments.topic_step(world(rises), **given | {"topics": ["trade"]})
    assert fell["high"] < 0 and fell.keys() == found.keys() - {name for name in found if name.startswith("written")}
    shared = instruments.topic_step(world(lambda state, year: rises("S00", year)), **given)
    assert shared["low"] < 0 < shared["high"]


def test_a_planted_move_is_found_in_its_year():
    def moves(state, year):
        return [0.6, 0.1, 0.1, 0.1, 0.1] if state == "S00" and year >= 2012 else EVEN

    e = world(moves)
    found = instruments.topic_move(e, cut=2012)
    assert found["low"] > found.halves["estimate"].d > 0 and found["years"] == 0
    assert found["moved"] == pytest.approx(instruments.topic_moves(e).at["S00", 2012])
    calm = instruments.topic_move(e, cut=2007)
    assert calm["low"] < 0 < calm["high"]


def test_spans_follow_each_other_and_the_cut_is_inside():
    e = world(lambda state, year: EVEN)
    with pytest.raises(ValueError, match="must begin after"):
        instruments.topic_step(e, topics=["peace"], early=(2003, 2011), late=(2010, 2015))
    with pytest.raises(ValueError, match="no topic of S00 is labelled"):
        instruments.topic_step(e, topics=["war"], early=(2003, 2010), late=(2011, 2015))
    with pytest.raises(ValueError, match="both sides of 2002"):
        instruments.topic_move(e, cut=2002)


# --- On the shipped data ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("model", "wanted"), [("focus", SECURITY), ("region", SECURITY), ("focus", ECONOMY)])
def test_a_step_is_that_of_the_model_s_shares(e, c, model, wanted):
    early, late = ((2012, 2015), (2017, 2018)) if wanted is SECURITY else ((2015, 2019), (2020, 2024))
    chosen = instruments.labelled(e, wanted, model)
    rows = c.terms().rows
    share = e.topics(model).transform(c.terms())[chosen].sum(axis=1)
    year = rows["year"]
    table = share.groupby([rows["state"].astype(str), year]).mean().unstack()
    sides = table.loc[:, early[0] : early[1]], table.loc[:, late[0] : late[1]]
    kept = np.logical_and.reduce([side.notna().mean(axis=1) >= 0.75 for side in sides])
    before, after = ((side.loc["KAZ"] - side[kept].drop("KAZ").mean()).mean() for side in sides)
    found = instruments.topic_step(e, topics=wanted, early=early, late=late, model=model).halves["estimate"]
    assert found.estimate == pytest.approx(after - before)
    assert len(found.others) == kept.sum() - 1 and found.d > 0


@pytest.mark.parametrize("model", ["focus", "region"])
def test_whole_speeches_have_nearly_the_shares_of_their_segments(e, model):
    """What is compared among all states is what chapters show of the focus state, segment by segment."""
    whole = instruments.shares_of_all(e, model)
    parts = e.by_speech("focus", model)
    numbers = list(e.topics(model).shares_)
    one, other = whole.loc[parts.index, numbers], parts[numbers]
    assert np.corrcoef(one.to_numpy().ravel(), other.to_numpy().ravel())[0, 1] > 0.9
    assert [one[n].corr(other[n]) for n in numbers] > [0.8] * len(numbers)
    assert (one - other).abs().mean().max() < 0.04


def test_a_move_is_that_of_the_shares(e):
    shares = instruments.shares_of_all(e)
    found = instruments.topic_move(e, cut=2019)
    numbers = list(e.topics().shares_)

    def move(state, cut):
        own = shares[shares["state"] == state].set_index("year")[numbers]
        return claims.evidence.compare.jensen_shannon(own.loc[cut - 2 : cut - 1].mean(), own.loc[cut : cut + 1].mean())

    moves = instruments.topic_moves(e)
    for state, cut in (("KAZ", 2019), ("KAZ", 2005), ("NOR", 1999)):
        assert moves.at[state, cut] == pytest.approx(move(state, cut))
    assert found["moved"] == pytest.approx(move("KAZ", 2019))
    assert found["low"] < found["estimate"] < found["high"]
    assert list(moves.columns) == list(range(1994, 2024))


def test_a_model_of_other_segments_gives_other_topics(e):
    assert topics.align(e.topics(), e.topics("region"))["shared"].min() < topics.SHARED
