"""How often a state spoke, for how long, and who spoke for it."""

import numpy as np

from ...methods.registers import exact_share
from .rows import Row, lacking
from .world import LEVEL, held, mean_interval

VIEW = "speeches"
HEADS = ("head of state", "head of government")


def rows(w, state):
    """Return the rows of one state: list of Row."""
    own = w.speeches.iloc[w.rows_of[state]]
    years, tokens = own["year"].to_numpy(), own["tokens"].to_numpy()
    heads = own["rank"].isin(HEADS).to_numpy()
    found = [Row(VIEW, "count", estimate=len(own), n=len(own), ranked=True)]
    for name, span in w.spans.items():
        here = held(years, span)
        if not here.any():
            found += [lacking(VIEW, measure, "silent", year=name, n=0) for measure in ("length", "heads")]
            continue
        n, hits = int(here.sum()), int(heads[here].sum())
        ends = (float(end[0]) for end in mean_interval(tokens[here, None]))
        found.append(Row(VIEW, "length", "", name, *ends, n, ranked=True))
        found.append(Row(VIEW, "heads", "", name, hits / n, *exact_share(hits, n, LEVEL), n, ranked=True))
    for year, length, rank in zip(years, tokens, own["rank"], strict=True):
        found.append(Row(VIEW, "speech", rank, str(year), int(length), n=1))
    absent = np.setdiff1d(np.arange(w.span[0], w.span[1] + 1), years)
    return found + [lacking(VIEW, "speech", "no-speech", year=str(year), n=0) for year in absent]
