"""The data of the explorer of votes, cut into small scripts (see :mod:`manyvectors.export.handed`):

- ``index``: the voters; of each roll call its year, recurring text, issue areas and tally; what else intervals need;
- ``names``: what else the states are called;
- ``state-AAA`` and so on: what one state did in each roll call, and its ideal points;
- ``texts``: what was voted on in each roll call;
- ``apart-NAME``: roll calls that are held apart, with every state's votes and their licence.
"""

import string
from pathlib import Path

import numpy as np
import yaml

from .. import __version__, practice
from ..messages import say
from ..methods import agreement as pairs
from ..methods import positions, recurring, rollcalls, voting
from . import called, handed

TABLES = ("rollcalls", "votes", "voters", "ideal-points")
LEVEL = 0.95
ANSWERS = (practice.NOT_MEMBER, practice.YES, practice.ABSTAIN, practice.NO, practice.ABSENT)  # in the order of 0 to 4
CAST = ANSWERS[1:4]
FINE = 1000  # parts of one in which ideal points are told


def write(c, folder):
    """Write the explorer's scripts, unless they are there for these data.

    ``c``: manyvectors.corpus.Corpus. ``folder`` (pathlib.Path): made if need be; scripts of other data in it are
    deleted. Returns bool: whether anything was written.
    """
    apart = [f"{table}-{source}" for source in practice.sources(c) for table in ("rollcalls", "votes")]
    tables = [*map(c.path, (*TABLES, *apart)), *called.paths(c)]
    rooms = [Path(room.__file__) for room in (called, handed, pairs, positions, recurring, rollcalls, voting)]
    stamp = handed.version([*tables, *rooms, Path(__file__)], handed.study_says(c.study))
    return handed.write(folder, stamp, lambda: scripts(c))


def scripts(c):
    """Return the explorer's data: a dict from the names of scripts to what they hold, the index last."""
    found, voters = rollcalls.grid(c)
    known = set(found.states)
    points = practice.ideal_points(c=c).set_index("state")
    scripts_ = {"names": called.names(c, known), "texts": _texts(found.rollcalls)}
    for place, state in enumerate(found.states):
        own = points.loc[points.index == state, ["year", "estimate", "low", "high"]].to_numpy(float)
        own[:, 1:] = np.round(FINE * own[:, 1:])
        scripts_[f"state-{state}"] = [pack_answers(found.codes[:, place]), own.astype(int).tolist()]
    for source in practice.sources(c):
        scripts_[f"apart-{source}"] = _apart(c, source)
    rows, study = found.rollcalls, c.study
    years = rows["year"].value_counts().sort_index()
    scripts_["index"] = {
        "book": __version__,
        "source": _licence(c, "votes"),
        **handed.study_says(study),
        "span": [int(years.index[0]), int(years.index[-1])],
        "states": [[state, voters.at[state, "name"]] for state in found.states],
        "notes": found.left_out.to_dict(),
        "groups": called.groups(c, known),
        "years": years.reindex(range(years.index[0], years.index[-1] + 1), fill_value=0).tolist(),
        **_packed(found),
        "issues": [[key, say(f"issue.{key}")] for key in practice.ISSUES],
        "areas": handed.pack_numbers(rows[list(practice.ISSUES)].to_numpy() @ (1 << np.arange(len(practice.ISSUES)))),
        "merged": [["co", "ec"], rollcalls.MERGED],
        "emergency": list(practice.EMERGENCY),
        "codings": {name: np.where(np.isnan(table), -1, table).tolist() for name, table in practice.CODINGS.items()},
        "quarter": pairs.QUARTER,
        "few": practice.FEW,
        "fine": FINE,
        "levels": [LEVEL],  # as practice.agreement_interval reads them, not widened for few texts
        "level": LEVEL,
        "apart": practice.sources(c),
        "first": {"who": [study.focus, *study.powers]},
    }
    return scripts_


def _packed(found):
    """Return of each roll call the first one on its text, as roll calls back, and how many voted which way."""
    rows = found.rollcalls
    back = np.arange(len(rows)) - rows.index.get_indexer(rows["text"])
    counts = np.stack([(found.codes == code).sum(axis=1) for code in CAST], axis=1)
    return {"texts": handed.pack_numbers(back), "tallies": handed.pack_numbers(counts.ravel())}


def _texts(rows):
    """Return the symbol and the title of each roll call, as far as they are known."""
    return [rows["resolution"].tolist(), rows["title"].tolist()]


def _licence(c, table):
    """Return the licence of a table as its description words it."""
    described = yaml.safe_load(c.path(table).with_suffix(".yaml").read_text(encoding="utf-8"))
    return "; ".join(licence["title"] for licence in described["licenses"])


def _apart(c, source):
    found = practice.votes(c, source)
    rows = found.rollcalls
    return {
        "year": int(rows["year"].iloc[0]),
        "licence": _licence(c, f"votes-{source}"),
        "votes": [[state, pack_answers(codes)] for state, codes in zip(found.states, found.codes.T, strict=True)],
        "called": [rows["resolution"].tolist(), rows["subject"].tolist()],
        "rollcalls": len(rows),
        **_packed(found),
        "notes": found.left_out.to_dict(),
    }


def pack_answers(codes):
    """Pack what a state did in each roll call: two answers, each 0 to 4, to a letter.

    ``codes`` (array-like of int): codes of votes. Returns str: 0 stands for no member, 1 yes, 2 abstain, 3 no, 4
    absent. ValueError for a code of none of these.

    >>> pack_answers([1, 3, 9])
    'QA'
    """
    codes = np.asarray(codes)
    answers = np.full(len(codes) + len(codes) % 2, 0)
    for place, code in enumerate(ANSWERS):
        answers[: len(codes)][codes == code] = place
    if not np.isin(codes, ANSWERS).all():
        raise ValueError(f"codes of votes are {sorted(ANSWERS)}, got {sorted(set(codes.tolist()) - set(ANSWERS))}")
    letters = string.ascii_uppercase
    return "".join(letters[one + len(ANSWERS) * other] for one, other in answers.reshape(-1, 2))
