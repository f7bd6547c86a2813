"""Silence: a run of speeches that name none of the powers nor a neighbour, and how unlikely it is."""

import numpy as np
import pandas as pd

from ... import inference
from ..evidence import once
from ..halves import Half, found
from ..parameters import FLAG, TEXTS, YEAR, instrument

SPOKE = 0.75  # part of the years on each side in which a comparable state spoke


@once
def names_by_year(e, capitals=()):
    """Count whom the focus state names in each year: the powers, the neighbours, the region as a whole.

    ``capitals``: words that stand for a government as well, such as ``("moscow", "beijing")``. Returns
    pandas.DataFrame: index ``year``; a column of mentions for each power and each neighbour, by code; ``region``,
    mentions of the study's region by its own name; ``capitals``, occurrences of these words, whatever they stand for;
    ``words``, tokens; ``speaker``, ``post``. ValueError if a word is in no speech of any state.
    """
    own = e.speeches.index
    named = e.places.loc[own, [*e.study.powers, *e.study.neighbours]]
    table = named.assign(
        region=e.places.loc[own, e.study.region] if e.study.region in e.places else 0,
        capitals=_capitals(e, capitals).loc[own],
        words=e.speeches["tokens"],
    )
    who = e.c.table("speakers").query("state == @e.focus").set_index("year")[["speaker", "post"]]
    table.index = e.speeches["year"]
    return table.sort_index().join(who)


def _capitals(e, capitals):
    """Count some words in every speech: Series."""
    counted = e.c.terms()
    unknown = [word for word in capitals if word not in counted.vocabulary]
    if unknown:
        raise ValueError(f"no speech holds the word {unknown[0]!r}; write it in lower case, as it is counted")
    chosen = counted.vocabulary.isin(capitals)
    return pd.Series(np.asarray(counted.counts[:, chosen].sum(axis=1)).ravel(), counted.rows.index)


@once
def powers_by_state(e, since, capitals=()):
    """Find for every comparable state how often it names one of the powers, before a year and since.

    ``since``: first year of the later side. ``capitals``: as in :func:`names_by_year`. Comparable are the states that
    spoke in three quarters of the years on each side in which the focus state did, but for the powers themselves.
    Returns pandas.DataFrame: index ``state``; ``before``, ``since``: share of speeches that name a power; ``change``;
    ``run``: the longest run of speeches that name none, and ``first``, ``last``, its years; ``chance`` of one as long,
    anywhere, had the same speeches come in any order; ``next_silent``, ``next``: of how many times that a run had
    lasted as long as the focus state's and another speech followed, and how often that was silent too. ValueError if
    the focus state did not speak on one of the sides.
    """
    spoken = e.rates(((e.places[list(e.study.powers)].sum(axis=1) + _capitals(e, capitals)) > 0).astype(int))
    spoken = spoken[spoken["year"].isin(e.years) & ~spoken["state"].isin(list(e.study.powers))]
    early = (e.years < since).sum()
    needed = SPOKE * np.array([early, len(e.years) - early])
    if not needed.all():
        raise ValueError(
            f"{e.focus} did not speak on both sides of {since}; its years are {e.years[0]} to {e.years[-1]}"
        )
    parts = {state: part.sort_values("year") for state, part in spoken.groupby("state", observed=True)}
    rows, own = {}, longest(parts[e.focus])["run"] if e.focus in parts else 0
    for state, part in parts.items():
        hits, sides = part["count"].to_numpy(), (part["year"] < since).to_numpy()
        if (np.array([sides.sum(), (~sides).sum()]) < needed).any():
            continue
        before, after = hits[sides].mean(), hits[~sides].mean()
        followed = [hits[at] for at in range(own, len(hits)) if own and not hits[at - own : at].any()]
        rows[str(state)] = {
            **{"before": before, "since": after, "change": after - before, **longest(part)},
            **{"next": len(followed), "next_silent": len(followed) - int(sum(followed))},
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("state")


def longest(spoken):
    """Return the longest run without a mention, its years, and the chance of one as long: dict.

    ``spoken`` (pandas.DataFrame): speeches of one state in order, with ``year`` and ``count``.
    """
    hits = spoken["count"].to_numpy() > 0
    run, first, last = inference.longest_run(hits)
    years = spoken["year"].to_numpy()
    chance = inference.run_chance(len(hits), int(hits.sum()), run) if run else 1.0
    return {"run": run, "first": years[first] if run else 0, "last": years[last] if run else 0, "chance": chance}


@instrument(of="focus")
def silence(e, since: YEAR, neighbours: FLAG = True, capitals: TEXTS = ()):
    """Measure a run of speeches that name none of the powers, nor a neighbour, and how unlikely it is.

    ``since``: first year of the silence, as it was noticed. ``neighbours``: whether their names break it as well.
    ``capitals``: words that break it as well (see :func:`names_by_year`).

    Returns, of the focus state: ``run``, ``first``, ``last``: its longest run of silence; ``before``, ``named_before``,
    ``speeches``, ``named``: speeches before ``since`` and from then on, and how many of them name one; ``p``, the
    chance that silence falls on these last speeches, had they come in any order; ``p_searched``, that of a run as long
    at any place. Of the powers alone, against all comparable states: ``estimate``, ``low``, ``high``: the change of the
    share of speeches that name one, less that of the others; ``others``, how many these are; ``dropped``, how many fell
    as far; ``share_before``, ``share_since``: the focus state's own share; ``gone``: the last year of the name that
    went first, of those that were ever said; ``silent``, how many named none since; ``unlikely``, the share with a
    longest run as unlikely as the focus state's; ``followed``, ``kept``: how often a run of theirs was as long as its
    and a speech followed, and the share of these that were
    silent too. ValueError if the focus state is a power, or did not speak on both sides.
    """
    if e.focus in e.study.powers:
        raise ValueError(f"silence: {e.focus} is itself one of the powers; name others in study.yml")
    series = names_by_year(e, capitals)
    asked = [*e.study.powers, *(e.study.neighbours if neighbours else ()), "capitals"]
    hits = (series[asked].sum(axis=1) > 0).rename("count").reset_index()
    run = longest(hits)
    sides = [hits.loc[late, "count"] for late in (hits["year"] < since, hits["year"] >= since)]
    world = powers_by_state(e, since, capitals)
    others, own = world.drop(e.focus), world.loc[e.focus]
    named = int(hits["count"].sum())
    followed = others["next"].sum()
    return found(
        estimate=Half.of_panel(_panel(e, since, capitals), e.focus),
        **{key: run[key] for key in ("run", "first", "last")},
        before=len(sides[0]),
        named_before=sides[0].sum(),
        speeches=len(sides[1]),
        named=sides[1].sum(),
        gone=min((series.index[series[name] > 0].max() for name in asked if series[name].any()), default=np.nan),
        p=inference.end_chance(len(hits), named, len(sides[1])) if not sides[1].any() else 1.0,
        p_searched=run["chance"],
        others=len(others),
        dropped=(others["change"] <= own["change"] + 1e-12).sum(),
        share_before=own["before"],
        share_since=own["since"],
        silent=(others["since"] == 0).sum(),
        unlikely=(others["chance"] <= own["chance"] + 1e-12).mean(),
        followed=followed,
        kept=others["next_silent"].sum() / followed if followed else np.nan,
    )


@instrument(of="focus")
def names_in(e, year: YEAR, neighbours: FLAG = True, capitals: TEXTS = ()):
    """Count whom the speech of one year names.

    ``neighbours``, ``capitals``: as in :func:`silence`. Returns estimate: mentions of the powers and the neighbours;
    region: of the region by its own name. ValueError if no speech of that year is held.
    """
    series = names_by_year(e, capitals)
    if year not in series.index:
        raise ValueError(f"no speech of {e.focus} of {year} is held; the last is of {series.index.max()}")
    asked = [*e.study.powers, *(e.study.neighbours if neighbours else ()), "capitals"]
    return found(estimate=series.loc[year, asked].sum(), region=series.at[year, "region"])


def _panel(e, since, capitals):
    """Return the changes of the share of speeches that name a power, of all states but the powers."""
    named = (e.places[list(e.study.powers)].sum(axis=1) + _capitals(e, capitals)) > 0
    table = e.rates(named.astype(int))
    table = table[table["year"].isin(e.years) & ~table["state"].isin(list(e.study.powers))]
    return inference.panel_change(table["count"], table["state"].astype(str), table["year"], since)
