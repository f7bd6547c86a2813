"""What the pages of states show is what the instruments say: twenty states drawn at random, and planted effects."""

import csv
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from babel import Locale
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import sparse, stats

from manyvectors import compare, corpus, inference, practice, vectors
from manyvectors.__main__ import main
from manyvectors.claims import VERDICTS
from manyvectors.claims.evidence import Evidence
from manyvectors.claims.instruments.silence import longest
from manyvectors.claims.instruments.votes import of_agreement, pair_sums
from manyvectors.claims.states import seen_from, speakers
from manyvectors.corpus.recipe import Recipe
from manyvectors.export.states import (
    indexed,
    named,
    near,
    rows,
    segmented,
    spoken,
    themed,
    turned,
    voted,
    worded,
    written,
)
from manyvectors.export.states.world import DRAWS, SHARE, SMALL, World
from manyvectors.messages import english
from manyvectors.methods.resample import expanded_level

DRAWN = 20
VIEWS = {"speeches": spoken, "words": worded, "topics": themed, "names": named, "votes": voted, "near": near}


def _world(c):
    """A world whose topics cost nothing: parts of the vocabulary stand for them."""
    w = World(c)
    groups = np.arange(w.word_counts.shape[1]) % themed.TOPICS
    sums = w.word_counts @ np.eye(themed.TOPICS)[groups]
    w.__dict__["topic_shares"] = sums / sums.sum(axis=1, keepdims=True)
    weights = np.random.default_rng(0).random((themed.TOPICS, themed.HEAVY))
    w.__dict__["topics"] = SimpleNamespace(components_=pd.DataFrame(weights, columns=list("abcdefghij")))
    return w


@pytest.fixture(scope="module")
def w(c):
    return _world(c)


@pytest.fixture(scope="module")
def drawn(w):
    """Twenty states, drawn by a seed, and whatever has no vote."""
    states = np.random.default_rng(19).choice(w.states, DRAWN, replace=False).tolist()
    return sorted({*states, *(state for state in w.states if state not in w.voters)})


@pytest.fixture(scope="module")
def found(w, drawn):
    """The rows of these states, but for their words, by view."""
    return {state: [row for name in VIEWS if name != "words" for row in VIEWS[name].rows(w, state)] for state in drawn}


def _numbers(own, view, measure, year=None):
    """Return the rows of a measure that have an estimate: dict of (part, year) to row."""
    chosen = [row for row in own if row[:2] == (view, measure) and not row.why and year in (None, row.year)]
    return {(row.part, row.year): row for row in chosen}


def _same(row, *numbers):
    assert [row.estimate, row.low, row.high] == pytest.approx([float(x) for x in numbers], rel=1e-12, abs=1e-12)


def test_a_page_for_whoever_spoke_often_enough(w, c):
    assert w.states == speakers(c, 10) and len(w.states) == 196


def test_speeches(w, c, drawn, found):
    for state in drawn:
        own = c.documents.query("register == 'rostrum' and state == @state")
        table = _numbers(found[state], "speeches", "speech")
        assert {int(year): row.estimate for (_, year), row in table.items()} == dict(
            zip(own["year"], own["tokens"], strict=True)
        )
        _same(
            _numbers(found[state], "speeches", "length", "")["", ""],
            *inference.bootstrap_sums(
                lambda s: s[..., 0] / s[..., 1],
                own[["tokens"]].assign(n=1).sort_index().to_numpy(),
                DRAWS,
                expanded_level(0.95, len(own)),
            )[:3],
        )


@pytest.mark.parametrize("place", range(2))
def test_words_are_those_of_keyness(w, drawn, c, place):
    state = drawn[place * 7]
    recipe = Recipe(drop=("ceremony", "english", w.own_names(state)), min_share=SHARE)
    m = recipe.apply(c.terms(register="rostrum"))
    region = [state, *w.others_of_region(state)]
    for name, span in list(w.spans.items())[:: 4 if place else 1]:
        here = m.rows["year"].between(*span) & m.rows["state"].isin(region)
        part = m.select(here.to_numpy())
        expected = compare.keyness(part, part.rows["state"].eq(state), effect="ratio", n=DRAWS)
        table = [row for row in worded.rows(w, state) if row.measure == "region" and row.year == name and not row.why]
        assert table and all(row.of == len(expected) for row in table)
        for row in table:
            one = expected.loc[row.part]
            _same(row, one["effect"], one["low"], one["high"])
            more = dict(row.more)
            assert [more["rate"], more["reference"]] == pytest.approx([one["rate"], one["reference"]])


def test_words_beside_the_world(w, drawn, c):
    """With the words that are shown alone, so that it does not take a minute; their numbers hang on no other word."""
    for state in drawn[:2]:
        own = [row for row in worded.rows(w, state) if row.measure == "world" and not row.year]
        m = c.terms(register="rostrum")
        shown = m.vocabulary.isin([row.part for row in own])
        small = pd.DataFrame(m.counts[:, shown].toarray(), m.rows.index, m.vocabulary[shown])
        matrix = SimpleNamespace(rows=m.rows, vocabulary=small.columns, counts=m.counts[:, shown])
        expected = compare.keyness(matrix, m.rows["state"].eq(state), effect="ratio", n=DRAWS)
        for row in own:
            _same(row, *expected.loc[row.part, ["effect", "low", "high"]])
        # The evidence orders them as it orders all.
        assert [row.rank for row in own[: worded.MANY]] == sorted(row.rank for row in own[: worded.MANY])
        assert not w.own_names(state) & {row.part for row in own}


def test_a_ratio_is_that_of_the_rates_beside_it_and_nought_has_an_exact_end(w, drawn):
    kinds, left = set(), iter(drawn)
    while kinds != {0, np.inf, "between"}:  # one state has them all, or two
        state = next(left)
        for row in worded.rows(w, state):
            if row.why or row.year:
                continue
            more = dict(row.more)
            of_rates = more["rate"] / more["reference"] if more["reference"] else np.inf
            assert row.estimate == pytest.approx(of_rates) and row.low <= row.estimate <= row.high
            kinds.add(row.estimate if row.estimate in (0, np.inf) else "between")
            own = w.speeches.iloc[w.rows_of[state]]["tokens"].sum()
            region = np.concatenate([w.rows_of[other] for other in w.others_of_region(state)])
            rest = w.word_tokens.sum() - own if row.measure == "world" else w.word_tokens[region].sum()
            if row.estimate == 0:  # the exact end of a share of nought, turned into a ratio
                others = round(more["reference"] / 1e4 * rest)
                share = stats.binomtest(0, others).proportion_ci(method="exact").high
                assert row.high == pytest.approx(share / (1 - share) * rest / own, rel=1e-6) and row.low == 0
            # How many other states say it oftener, all their speeches together.
            counts = w.words.counts[:, [w.words.vocabulary.get_loc(row.part)]].toarray().ravel()
            sums = pd.DataFrame({"n": counts, "tokens": w.word_tokens}).groupby(w.speeches["state"].to_numpy()).sum()
            rates = (sums["n"] / sums["tokens"]).loc[w.states]
            assert more["oftener"] == (rates > rates[state]).sum()


def test_a_topic_is_called_by_heavy_words_of_its_own():
    weights = np.random.default_rng(0).gamma(0.3, size=(6, 200))
    weights[:, 0] = 2 * weights.max()  # a word that is the heaviest everywhere, such as the "cent" of "per cent"
    terms = [f"word{j}" for j in range(200)]
    names = themed.called(SimpleNamespace(components_=pd.DataFrame(weights, columns=terms)))
    for name, own in zip(names, weights, strict=True):
        assert set(name) == {terms[j] for j in np.argsort(-own)[: themed.HEAVY]} and name[0] != "word0"


def test_places_and_their_spread(w, c, drawn, found):
    for state in drawn:
        counted = vectors.by_vector(c, vectors.places(c, state), "places", universal=False)
        total = counted.sum()
        told = _numbers(found[state], "names", "place") | _numbers(found[state], "names", "rest")
        assert {part: row.n for (part, _), row in told.items()} == total[total > 0].to_dict()
        assert sum(row.estimate for row in told.values()) == pytest.approx(1)
        by = pd.Series("all", index=counted.index)
        spread = vectors.diversity(c, state, by=by, mapping="places", n=DRAWS).loc["all"]
        # Ranked as the instrument compares states: on as many mentions each, in no other way.
        assert not any(row.ranked for row in found[state] if row.measure in ("effective", "evenness"))
        for row in _numbers(found[state], "names", "thinned").values():
            assert row.low <= row.estimate <= row.high and row.high - row.low > 0
        for measure in ("effective", "evenness"):
            numbers = spread[[measure, f"{measure}_low", f"{measure}_high"]]
            _same(_numbers(found[state], "names", measure, "")["", ""], *numbers)


def test_silence_is_that_of_the_instrument(w, c, drawn, found):
    e = Evidence(c)
    for state in drawn:
        rows_ = _numbers(found[state], "names", "silence")
        for power in w.powers:
            spoken_ = e.rates(e.places[power]).query("state == @state").sort_values("year")
            expected = longest(spoken_)
            if power == state or not expected["run"]:
                assert not any(part == power for part, _ in rows_)
                continue
            [row] = [row for (part, _), row in rows_.items() if part == power]
            assert row.year == f"{expected['first']}-{expected['last']}"
            assert (row.n, row.estimate) == (expected["run"], pytest.approx(expected["chance"]))


def test_the_least_likely_run_is_beside_those_of_others_that_were_chosen_alike(w):
    found = {state: named.rows(w, state) for state in w.states[::10]}
    least = {}
    for state, own in found.items():
        chances = [row.estimate for (_, _), row in _numbers(own, "names", "silence").items()]
        [row] = [row for row in own if row.measure == "least"]
        assert row.why or (row.estimate, row.n) == (min(chances), len(chances))
        if not row.why:
            least[state] = row.estimate
    ranked = rows.ranked(found)
    for state, chance in least.items():
        [row] = [row for row in ranked[state] if row.measure == "least"]
        assert (row.rank - 1, row.of) == (sum(other < chance for other in least.values()), len(least))


def test_agreement_is_that_of_practice(w, c, drawn, found):
    rng = np.random.default_rng(0)
    for state in drawn:
        if state not in w.voters:
            assert all(row.why == "no-vote" for row in found[state] if row.view in ("votes", "ideal"))
            continue
        power = rng.choice([power for power in w.powers if power != state])
        whole = {"agreement": False, "contested": True}
        for measure, contested in whole.items():
            expected = practice.agreement_interval(state, power, by="all", n=DRAWS, contested=contested, c=c).loc["all"]
            row = _numbers(found[state], "votes", measure, "")[power, ""]
            _same(row, *expected[["estimate", "low", "high"]])
            assert row.n == expected["n"]
        years = practice.agreement_interval(state, power, n=DRAWS, c=c)
        yearly = {
            int(year): row for (part, year), row in _numbers(found[state], "votes", "yearly").items() if part == power
        }
        assert set(yearly) == set(years.index[years["n"] > 0])
        for year in rng.choice(sorted(yearly), 4):
            _same(yearly[year], *years.loc[year, ["estimate", "low", "high"]].fillna(np.nan))


def test_the_region_as_the_instruments_have_it(w, c, drawn, found):
    e = Evidence(c)
    for state in [one for one in drawn if one in w.voters][:6]:
        others = [other for other in w.others_of_region(state) if other in w.voters]
        sums = pair_sums(e, [(state, other) for other in others], *w.voted[""])
        expected = of_agreement(lambda s: s.mean(axis=-1), sums, DRAWS)
        _same(_numbers(found[state], "votes", "agreement", "")["region", ""], *expected[:3])


def test_ideal_points_are_those_shipped(w, c, drawn, found):
    points, votes = practice.ideal_points(c=c).set_index(["state", "year"]), practice.votes(c)
    years = votes.rollcalls["year"].to_numpy()
    for state in drawn:
        rows_ = _numbers(found[state], "ideal", "point")
        assert len(rows_) == (points.index.get_level_values("state") == state).sum()
        for (_, year), row in rows_.items():
            _same(row, *points.loc[(state, int(year)), ["estimate", "low", "high"]])
            codes = votes.codes[years == int(year), list(votes.states).index(state)]
            assert row.n == np.isin(codes, [1, 2, 3]).sum()
        for row in _numbers(found[state], "ideal", "place").values():
            own = points.xs(int(row.year), level="year")["estimate"]
            assert row.estimate == (own > own[state]).sum() + 1 and row.of == len(own)
            assert row.low <= row.estimate <= row.high


def test_neighbours_by_votes_and_by_words(w, c, drawn, found):
    first, last = w.voted[""][1] - w.late + 1, w.voted[""][1]
    rollcalls = practice.votes(c).rollcalls
    late = rollcalls["year"].where(rollcalls["year"].between(first, last)).notna().map({True: "late"})
    for state in drawn:
        if state in w.voters:
            table = practice.agreement(state, by=late, c=c).droplevel(1)
            table = table[table["n"] >= near.FEW].sort_values("agreement", kind="stable")
            rows_ = _numbers(found[state], "near", "votes-near")
            assert [row.estimate for row in rows_.values()] == pytest.approx(table["agreement"].iloc[:-11:-1].tolist())
            assert all(row.of == len(table) for row in rows_.values())
        for kind in ("near", "far"):
            for (part, _), row in _numbers(found[state], "near", f"words-{kind}").items():
                assert part != state and row.low - 1e-9 <= row.estimate <= row.high + 1e-9


def test_words_of_neighbours_by_hand(w):
    _, places = w.alike
    one, other = list(places)[:2]
    x = w.weighted[np.flatnonzero((w.speeches["year"] > w.span[1] - w.late).to_numpy())]
    ours, theirs = (x[places[state]].toarray() for state in (one, other))
    across = np.mean([a @ b for a in ours for b in theirs])
    within = [np.mean([a @ b for i, a in enumerate(side) for b in side[:i]]) for side in (ours, theirs)]
    names = list(places)
    assert w.centres[names.index(one), names.index(other)] == pytest.approx(across / np.sqrt(np.prod(within)), rel=1e-9)


def test_it_is_told_of_how_many_a_neighbour_is_one():
    def one(state, part):
        return rows.Row("near", "votes-far", part, estimate=0.1, n=30, rank=1, of=3)

    made = near.often({"A": [one("A", "C")], "B": [one("B", "C")], "C": [one("C", "A")]})
    assert [dict(own[0].more)["often"] for own in made.values()] == [2, 2, 1]


def test_it_is_told_of_how_many_a_place_is_among_the_first_three(w):
    every = {state: named.rows(w, state) for state in w.states[::20]}
    made = named.often(every)
    places = {state: [row for row in own if row.measure == "place" and not row.why] for state, own in every.items()}
    first = {state: [row.part for row in own[:3]] for state, own in places.items()}
    for own in made.values():
        for row in own:
            wanted = row.measure == "place" and not row.why and row.rank <= 3
            if wanted:
                assert dict(row.more)["often"] == sum(row.part in three for three in first.values())
            assert wanted or "often" not in dict(row.more)


def test_breaks_are_those_of_the_panel(w, c, drawn):
    rates = 1e4 * w.places["USA"].to_numpy() / w.speeches["tokens"].to_numpy()
    others = (w.speeches["state"] != "USA").to_numpy()
    expected = inference.panel_change(rates[others], w.speeches["state"][others], w.speeches["year"][others])
    for state in drawn:
        told = {row[1:3]: row for row in turned.rows(w, state)}
        row = told["named", "USA"]
        if state in expected.index:
            _same(row, *expected.loc[state, ["estimate", "low", "high"]])
            assert row.year == str(expected.at[state, "year"]) and row.of == len(expected)
            assert row.rank / row.of == pytest.approx(expected.at[state, "rank_p"])
            own = pd.Series(rates[others])[(w.speeches["state"][others] == state).to_numpy()]
            late = (w.speeches["year"][others][w.speeches["state"][others] == state] >= int(row.year)).to_numpy()
            assert dict(row.more)["moved"] == pytest.approx(own[late].mean() - own[~late].mean())
        else:
            assert row.why in ("itself", "too-few-years")


def test_the_most_unusual_change_is_beside_those_of_others_that_were_chosen_alike(w):
    found = {state: turned.rows(w, state) for state in w.states[::10]}
    for own in found.values():
        [most] = [row for row in own if row.measure == "most"]
        series = [row for row in own if not row.why and row.measure != "most"]
        assert bool(most.why) == (not series)
        if series:
            assert most.estimate == min(row.rank / row.of for row in series) and most.n == len(series)
            assert dict(most.more)["series"] in {f"{row.measure} {row.part}".strip() for row in series}


def test_a_topic_called_mostly_by_a_time_is_set_aside(w):
    marks = pd.DataFrame({"word": ["lock", "weirs", "otter"], "kind": ["spelling", "spelling", "secretary-general"]})
    names = [["lock", "canal", "barge", "weirs"], ["weirs", "otter", "canal"], ["canal", "barge", "toll"]]
    held = themed.marked(names, marks)
    assert {topic: table.index.tolist() for topic, table in held.items()} == {1: ["lock"], 2: ["weirs", "otter"]}
    assert themed.set_aside(held) == {"2"}
    assert themed.set_aside({}) == frozenset()


def test_what_marks_a_topic_is_what_the_speeches_show(c, w):
    """A spelling has given way to its newer one; a Secretary-General is named while in office, or the autumn after."""
    m, years = c.terms(register="rostrum"), w.speeches["year"].to_numpy()

    def by_year(word):
        return pd.Series(m.counts[:, [m.vocabulary.get_loc(word)]].toarray().ravel()).groupby(years).sum()

    few = 5  # first and last years
    for row in c.table("topic-marks").itertuples():
        counts = by_year(row.word)
        if row.kind == "spelling":
            newer = by_year(row.newer)
            early, late = counts.index < w.span[0] + few, counts.index > w.span[1] - few
            assert counts[early].sum() > newer[early].sum() and counts[late].sum() < newer[late].sum()
            assert row.newer == row.word.replace("-", "")
        else:
            assert counts.loc[row.first : row.last + 1].sum() > 0.8 * counts.sum(), row


def test_no_topic_that_is_set_aside_is_the_most_unusual_change_of_a_state(planted, w):
    planted.__dict__["cells"] = w.cells
    first = {}
    for state in w.states[:: len(w.states) // 40]:
        [most] = [row for row in turned.rows(w, state) if row.measure == "most"]
        series = dict(most.more).get("series", "")
        if series.startswith("topic "):
            first[state] = series.removeprefix("topic ")
    state, topic = next(iter(first.items()))
    assert w.topics_aside == frozenset()
    planted.__dict__ |= {"topics_aside": frozenset({topic}), "series": w.series, "panels": w.panels, "moves": w.moves}
    rows_ = turned.rows(planted, state)
    [most] = [row for row in rows_ if row.measure == "most"]
    [usual] = [row for row in turned.rows(w, state) if row.measure == "most"]
    assert dict(most.more)["series"] != f"topic {topic}" and most.n == usual.n - 1
    assert any(row[1:3] == ("topic", topic) for row in rows_)  # the table has it


def test_it_is_told_of_how_many_a_power_is_the_first_and_the_last():
    def votes(*shares, measure="agreement"):
        powers = zip(("CHN", "FRA", "USA"), shares, strict=True)
        made = [rows.Row("votes", measure, power, estimate=share, n=9) for power, share in powers]
        return [*made, rows.Row("votes", measure, "region", estimate=0.99, n=9)]

    found = {"A": votes(0.9, 0.5, 0.1), "B": votes(0.8, 0.2, 0.3), "C": votes(0.7, 0.9, 0.2)}
    found["C"] += votes(0.1, 0.2, 0.3, measure="contested")
    told = {
        state: {(row.measure, row.part): dict(row.more)["often"] for row in own if row.more}
        for state, own in voted.often(found).items()
    }
    assert told["A"] == {("agreement", "CHN"): 2, ("agreement", "USA"): 2}
    assert told["B"] == {("agreement", "CHN"): 2, ("agreement", "FRA"): 1}
    contested = {("contested", "USA"): 1, ("contested", "CHN"): 1}
    assert told["C"] == {("agreement", "FRA"): 1, ("agreement", "USA"): 2} | contested


def test_topics_are_means_of_speeches(w, drawn, found):
    for state in drawn:
        rows_ = _numbers(found[state], "topics", "world", "")
        means = w.topic_shares[w.rows_of[state]].mean(axis=0)
        assert [row.estimate for row in rows_.values()] == pytest.approx(means.tolist())


def test_every_state_has_every_part_or_a_reason(w, drawn, found):
    parts = {
        "speeches": {"count", "length", "heads", "speech"},
        "topics": {"world", "own"},
        "names": {"place", "effective", "evenness", "thinned", "power", "silence", "least"},
        "votes": {"agreement", "contested", "yearly"},
        "ideal": {"point"},
        "near": {"votes-near", "votes-far", "words-near", "words-far"},
    }
    for state in drawn:
        for view, measures in parts.items():
            assert measures <= {row.measure for row in found[state] if row.view == view}
        for row in found[state]:
            assert (row.estimate is None) == bool(row.why)
            assert row.why or row.n is not None, row
            assert (row.grade == "A") != bool(row.why)


def test_ranks_count_from_the_largest():
    one = [rows.Row("v", "m", estimate=x, ranked=True) for x in (3, 5, 5)]
    made = rows.ranked({name: [row] for name, row in zip("abc", one, strict=True)})
    assert {name: (row.rank, row.of) for name, [row] in made.items()} == {"a": (3, 3), "b": (1, 3), "c": (1, 3)}
    up = {name: [row._replace(ranked="up")] for name, row in zip("abc", one, strict=True)}
    assert [row.rank for [row] in rows.ranked(up).values()] == [1, 2, 2]


@given(st.floats(-1e4, 1e4, allow_subnormal=False), st.integers(0, 2))
def test_what_is_rounded_twice_is_what_is_rounded_once(value, digits):
    """With the decimals that a page shows: none of what is above a hundred, one above ten; per cent of a share."""
    assume(value)  # nought has a sign of its own
    kept, size = rows.short(value), abs(value)
    if digits <= (0 if size >= 100 else 1 if size >= 10 else 2):
        assert f"{kept:.{digits}f}" == f"{value:.{digits}f}"
    if size <= 1 and digits < 2:
        assert f"{100 * kept:.{digits}f}" == f"{100 * value:.{digits}f}"


def test_a_table_says_what_it_is_and_what_a_place_counts():
    lines = rows.table([rows.Row("words", "world", "sea", estimate=2.0, rank=1, of=9)], said=("a table",)).splitlines()
    assert lines[0] == "# a table" and lines[1] == ",".join(rows.COLUMNS)
    assert lines[2].split(",")[rows.COLUMNS.index("among")] == "words"


def unpacked(table):
    """Return the rows of a packed table, as a page reads them: list of dict."""

    def column(value):
        if isinstance(value, dict) and "thousandths" in value:
            moved = [one if one is None else float(f"{one}e-3") for one in value["thousandths"]]
            return [int(one) if one is not None and one.is_integer() else one for one in moved]
        if isinstance(value, dict):
            return [value["of"][int(digit, 36)] for digit in value["at"]]
        return value if isinstance(value, list) else [value] * table["rows"]

    columns = {key: column(value) for key, value in table.items() if key != "rows"}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def test_what_is_packed_is_what_the_table_has(w, drawn, found):
    for n, state in enumerate(drawn):
        every = [*found[state], *(worded.rows(w, state) if n < 2 else []), *turned.rows(w, state)]
        own = [row for row in every if not row.why]
        packed = rows.packed(every)
        assert sum(table["rows"] for table in packed.values()) == len(own)
        for name in packed:
            told = [row for row in own if f"{row.view}.{row.measure}" == name]
            for row, read in zip(told, unpacked(packed[name]), strict=True):
                for key in ("estimate", "low", "high", "n", "rank", "of"):
                    assert read.get(key) == rows.short(getattr(row, key))
                assert str(read.get("year", "")) == row.year and read.get("part", "") == row.part
                assert read["grade"] == "A"
        lines = list(csv.DictReader(rows.table(every, more=rows.MORE).splitlines()))
        assert len(lines) == len(every) and list(lines[0]) == [*rows.COLUMNS, *rows.MORE]
        # Whatever a page can show stands in the table, to the last digit.
        for name, table in packed.items():
            told = [line for line in lines if f"{line['view']}.{line['measure']}" == name and not line["why"]]
            assert set(table) - {"rows"} <= set(rows.COLUMNS) | set(rows.MORE)
            for line, read in zip(told, unpacked(table), strict=True):
                for key in {*rows.COLUMNS, *rows.MORE} - {"view", "measure", "why"}:
                    held = read.get(key)
                    assert line[key] == ("" if held is None else str(held)), (state, name, key)


@given(st.lists(st.none() | st.floats(-1, 1, allow_subnormal=False) | st.integers(0, 200), min_size=2, max_size=9))
def test_a_column_in_thousandths_is_read_as_it_was(values):
    kept = [rows.short(value) for value in values]
    assume(any(value not in (None, "") for value in kept))
    packed = rows.packed([rows.Row("v", "m", str(n), estimate=value, n=1) for n, value in enumerate(kept)])
    assert [row["estimate"] for row in unpacked(packed["v.m"])] == kept


def test_what_is_usual_is_a_table_of_what_charts_show_of_all_states(w):
    told, lines = indexed.world(w), [dict(zip(indexed.USUAL, line, strict=True)) for line in indexed.usual(w)]

    def ends(line):
        return [line[key] for key in ("quarter", "estimate", "three_quarters")]

    assert {line["year"]: ends(line) for line in lines if line["view"] == "speeches"} == told["lengths"]
    assert [line["estimate"] for line in lines if line["view"] == "topics"] == told["topic_mean"]
    for power, years in told["agreement"].items():
        own = {line["year"]: line for line in lines if line["part"] == power}
        assert {year: ends(line) for year, line in own.items()} == years
        frame = w.series["agreement", power]
        assert all(line["n"] == (frame["year"] == year).sum() for year, line in own.items())
    assert all(line["n"] and line["grade"] == "A" for line in lines)


def test_no_sentence_of_a_record_judges_a_claim():
    """The page tells numbers; words of the scale of verdicts are for claims that somebody made."""
    told = "\n".join(str(said) for key, said in english().items() if key.startswith(("state.", "state-page.")))
    assert "{share}" in told and not re.findall(rf"\b(?:{'|'.join(map(re.escape, VERDICTS))})\b", told)


def test_numbers_are_the_same_each_time(w, drawn, found):
    again = [row for name in VIEWS if name != "words" for row in VIEWS[name].rows(w, drawn[0])]
    assert again == found[drawn[0]]
    tables = {"a.csv": "x\n", "b.csv": "y\n"}
    assert written.zipped(tables) == written.zipped(dict(tables))


# --- Planted effects --------------------------------------------------------------------------------------------------


@pytest.fixture
def planted(c, w):
    made = World(c)
    made.__dict__.update(
        {key: w.__dict__[key] for key in ("speeches", "rows_of", "states", "words", "topics", "topic_shares")}
    )
    return made


def test_a_planted_silence_is_found(planted, w, drawn):
    state, power = drawn[0], w.powers[0]
    places = w.places.copy()
    own = w.rows_of[state]
    places.iloc[own, places.columns.get_loc(power)] = [2] * (len(own) - 9) + [0] * 9
    planted.__dict__["places"] = places
    years = w.speeches["year"].to_numpy()[own]
    row = _numbers(named.rows(planted, state), "names", "silence")[power, f"{years[-9]}-{years[-1]}"]
    assert dict(row.more)["kind"] == "stopped" and row.n == 9 and row.estimate < 1e-5


def test_a_planted_break_is_found_and_ranked_first(planted, w, drawn):
    state, power = next((s, p) for s in drawn for p in w.powers if s in w.panels["named", p].index)
    places = w.places.copy()
    own = w.rows_of[state]
    years = w.speeches["year"].to_numpy()[own]
    cut = years[len(years) // 2]
    places.iloc[own, places.columns.get_loc(power)] = np.where(years >= cut, 60, 0)
    planted.__dict__["places"] = places
    planted.__dict__["cells"] = w.cells
    row = {row[1:3]: row for row in turned.rows(planted, state)}["named", power]
    assert row.year == str(cut) and row.rank == 1 and row.low > 0


def test_a_planted_word_sets_a_state_apart(planted, w, drawn):
    state = drawn[1]
    place, own = int(np.flatnonzero(w.not_own(state))[7]), w.rows_of[state]
    more = (np.full(len(own), 25.0), (own, np.full(len(own), place)))
    planted.__dict__["word_counts"] = w.word_counts + sparse.csr_matrix(more, w.word_counts.shape)
    table = [row for row in worded.rows(planted, state) if not row.year and row.measure == "world"]
    assert table[0].part == w.words.vocabulary[place] and table[0].low > 0


def test_the_same_world_seen_by_another_study(c, w, drawn):
    """No number of a page hangs on whose book it is."""
    other = World(seen_from(c, drawn[0], drawn[1:3]))
    assert other.states == w.states and other.regions == w.regions
    assert spoken.rows(other, drawn[2]) == spoken.rows(w, drawn[2])
    pd.testing.assert_frame_equal(other.places, w.places)


# --- Files ------------------------------------------------------------------------------------------------------------


def test_files_are_made_once(c, tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(written, "files", lambda c, stamp, processes: made.append(1) or {"a.js": "x\n", "b.zip": b"y"})
    folder = tmp_path / "states"
    assert written.write(c, folder) and not written.write(c, folder) and len(made) == 1
    (folder / "old.js").write_text("of other data", encoding="utf-8")
    (folder / "made-of.txt").write_text("other data", encoding="utf-8")
    assert written.write(c, folder) and sorted(path.name for path in folder.iterdir()) == [
        "a.js",
        "b.zip",
        "made-of.txt",
    ]


def test_files_are_made_anew_when_what_tables_say_or_the_focus_changes(c, w, tmp_path, monkeypatch):
    monkeypatch.setattr(written, "files", lambda c, stamp, processes: {"a.js": "x\n"})
    folder = tmp_path / "states"
    assert written.write(c, folder) and not written.write(c, folder)
    told = dict(written.english())
    monkeypatch.setattr(written, "english", lambda: told | {"state.csv-columns": "other words"})
    assert written.write(c, folder) and not written.write(c, folder)
    monkeypatch.setattr(written, "english", lambda: told | {"search.none": "of another page"})
    assert written.write(c, folder)  # as at first
    assert written.write(seen_from(c, w.states[0], w.states[1:3]), folder)


def test_the_command(c, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(written, "files", lambda c, stamp, processes: {"a.js": "x\n"})
    for said in ("wrote 2 files", "nothing has changed"):
        assert main(["states", "--out", str(tmp_path / "made")]) == 0
        assert said in capsys.readouterr().out


def test_names_are_found_in_every_language(w):
    index = indexed.index(w)
    assert [state["code"] for state in index["states"]] == w.states
    assert all(state["ru"] and state["region"] for state in index["states"])
    # A name that is the same in both languages stands once; a few are written otherwise there.
    aliases = w.c.table("state-aliases").query("system == 'ISO two letters'").set_index("state")["alias"]
    for language in ("ru", "kk"):
        names = Locale(language).territories
        paged = [state for state in index["states"] if state["code"] in aliases.index]
        found = [names[aliases[state["code"]]] in {*state["ru"], *state.get("kk", ())} for state in paged]
        assert len(found) >= 195 and sum(found) > 185
        assert all(aliases[state["code"]] in state["codes"] for state in paged)
    assert {code for _, codes in index["regions"] for code in codes} == set(w.states)
    continents = set(w.c.table("state-regions")["continent"])
    assert all(len(codes) >= SMALL for name, codes in index["regions"] if name not in continents)


def test_topics_of_segments_are_those_of_the_texts(texts, data):
    """The topics of the state with the fewest segments, made again from the archive."""
    c = corpus.load(data=data, texts=texts)
    w, table = World(c), c.table("state-topics")
    state = table.loc[table["segments"].idxmin(), "state"]
    own = c.texts.reindex(w.speeches.index[w.rows_of[state]])
    made = segmented.topics_of(state, own, w.own_names(state) | w.place_names)
    shipped = table[table["state"] == state].reset_index(drop=True)
    pd.testing.assert_frame_equal(made, shipped, check_dtype=False)
