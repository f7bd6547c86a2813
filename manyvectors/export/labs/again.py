"""The answers to what the sheets of *Deal again* and *Draw again* ask, at the states of the labs to which they lead.

Word, state, cut and stream are those of the first link of each sheet: nothing is typed twice.
"""

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl

from ... import inference

SHEETS = Path(__file__).resolve().parents[3] / "book" / "labs"
DEALS, DRAWS = 1000, 2000  # how many the sheets ask for
LINK = re.compile(r'<a href="#(word=[^"]+)">')


def answers(c):
    """Return how rare so large a difference is by deals, and the ends of the interval from draws: list of dict."""
    if not SHEETS.is_dir():
        return []  # the package without its book
    deal, draw = _linked("deal-again"), _linked("draw-again")
    counts, year = _speeches(c, deal)
    since = year >= int(deal["cut"])
    p = inference.permutation_sums(_change, [counts[~since], counts[since]], n=DEALS, seed=int(deal["seed"]))
    latest = _speeches(c, draw)[0][-int(draw["speeches"]) :]
    drawn = inference.rate(*latest.T, n=DRAWS, seed=int(draw["seed"]))
    ends = {"low": float(drawn.low), "high": float(drawn.high)}
    return [
        {"exercise": "lab-deal-p", "kind": "number", "step": 0.01, "around": 1, "value": {"": float(p)}},
        {"exercise": "lab-draw-ends", "kind": "number", "step": 0.1, "around": 1, "value": ends},
    ]


def _linked(name):
    """Return the state of a lab to which the first link of its sheet leads: dict."""
    return dict(parse_qsl(unescape(LINK.search((SHEETS / f"{name}.md").read_text(encoding="utf-8"))[1])))


def _speeches(c, asked):
    """Return occurrences of the word and all words of each speech of the state, and the speeches' years."""
    m = c.terms(register="rostrum", state=asked["who"])
    return m.occurrences(asked["word"]).to_numpy(float), m.rows["year"].to_numpy()


def _change(before, since):
    return since[..., 0] / since[..., 1] - before[..., 0] / before[..., 1]
