"""Does a category tell one state from others, or is it what everybody says, and by which of its entries?"""

import warnings

import numpy as np
import pandas as pd

from ...corpus import TermMatrix
from ..resample import bootstrap_sums, expanded_level
from . import matching
from .entry import DictionaryError


def commonplaces(lists, source, phrases=None, share=0.5):
    """Return the entries that many states say: see :meth:`Dictionary.commonplaces`."""
    if not isinstance(source, TermMatrix) or "state" not in source.rows:
        raise DictionaryError("commonplaces are looked for in a TermMatrix of several states' speeches: c.terms()")
    states = source.rows["state"].to_numpy()
    parts = []
    for category, cells in matching.matches(lists, source, phrases)[1].items():
        said = pd.DataFrame(cells > 0).groupby(states).any().mean().to_numpy()
        hits = cells.sum(axis=0)
        part = pd.DataFrame({"category": category, "entry": lists[category], "states": said})
        part["share"] = hits / max(hits.sum(), 1)
        parts.append(part[part["states"] >= share].sort_values("states", ascending=False, kind="stable"))
    return pd.concat(parts, ignore_index=True)


def separates(dictionary, source, phrases=None, of=None, near=None, n=2000, level=0.95, seed=0, study=None):
    """Ask whether categories tell a state from others: see :meth:`Dictionary.separates`."""
    if not isinstance(source, TermMatrix) or not {"state", "tokens"} <= set(source.rows):
        raise DictionaryError("the comparison needs a TermMatrix of several states' speeches: c.terms()")
    of = study.focus if of is None and study is not None else of
    # The neighbours of a study are those of its own state, and nobody else's.
    near = study.neighbours if near is None and study is not None and of == study.focus else near
    if of is None or near is None:
        whose = f" ({study.focus} and its own)" if study is not None else ""
        raise DictionaryError(f"name the state and its neighbours: of=..., near=[...], or study=c.study{whose}")
    near = [near] if isinstance(near, str) else list(near)
    counts = dictionary.count(source, phrases)
    states = source.rows["state"].to_numpy()
    missing = [state for state in (of, *near) if state not in set(states)]
    if missing or of in near or not near:
        raise DictionaryError(
            f"{of!r} and its neighbours must be different states of the source; check {missing or [of]}, and give "
            "codes that m.rows['state'] has"
        )
    table = np.column_stack([counts.to_numpy(float), source.rows["tokens"].to_numpy(float)])
    rest = ~np.isin(states, [of, *near])
    by_state = pd.DataFrame(table).groupby(states).sum()
    world = by_state.loc[sorted(set(states[rest]))].to_numpy()
    groups = [table[states == of], *(table[states == state] for state in near), world]

    def ratios(own, *others):
        sums = (own, sum(others[:-1]), others[-1])
        rates = [1e4 * s[..., :-1] / s[..., -1:] for s in sums]
        return np.concatenate([*rates, rates[0] / rates[1], rates[0] / rates[2]], axis=-1)

    wide = expanded_level(level, len(groups[0]))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a category that somebody never says has no interval
        found = bootstrap_sums(ratios, groups, n, wide, seed)
    k = len(counts.columns)
    estimate = np.asarray(found.estimate).reshape(5, k)
    low, high = _ends(found.draws.reshape(-1, 5, k)[:, 3:], wide)
    rates = by_state.drop(index=of).to_numpy()
    rates = rates[rates[:, -1] > 0]  # a state that said no word at all has no rate
    rates = 1e4 * rates[:, :-1] / rates[:, -1:]
    result = pd.DataFrame(index=pd.Index(counts.columns, name="category"))
    for name, values in zip(("rate", "rate_near", "rate_world"), estimate, strict=False):
        result[name] = values
    for i, name in enumerate(("ratio_near", "ratio_world")):
        result[name], result[f"{name}_low"], result[f"{name}_high"] = estimate[3 + i], low[i], high[i]
    result["lower"] = (rates < estimate[0] - 1e-12).mean(axis=0)
    apart = (low > 1).all(axis=0) | (high < 1).all(axis=0)
    result["separates"] = np.where((estimate[:3] > 0).all(axis=0), np.where(apart, "yes", "no"), "unknown")
    return result


def _ends(draws, level):
    """Return the ends of percentile intervals along the first axis; draws may be infinite, NaN is left out."""
    low, high = np.full((2, *draws.shape[1:]), np.nan)
    for place in np.ndindex(draws.shape[1:]):
        known = np.sort(draws[(slice(None), *place)])
        known = known[~np.isnan(known)]
        if len(known):
            tail = (1 - level) / 2
            low[place], high[place] = np.quantile(known, [tail, 1 - tail], method="nearest")
    return low, high
