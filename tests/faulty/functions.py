"""Public functions with one argument that makes no sense, the others in order.

Every parameter of every public function and method takes each of these values in turn. What must come of it is a result
where the value is one that somebody could mean, and else a TypeError or a ValueError, on one line, raised by a line of
this package. ``cases()`` gives what to try; ``tried(case)`` says what went wrong, or nothing.
"""

import importlib
import inspect
import os
import random
import traceback
import warnings
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from manyvectors import corpus

FACES = ("compare", "inference", "practice", "rhetoric", "topics", "validation", "vectors")


class Odd:
    """Something that no function expects."""

    def __repr__(self):
        return "Odd()"


# Never right, whatever the parameter is.
WRONG = {"an object": Odd(), "a class": int, "bytes": b"\xff\xfe", "a complex number": 1j, "nested": {"a": [{}]}}
# Wrong for most parameters: a result is allowed where the parameter takes such a thing.
UNLIKELY = {
    "no": "no",
    "nothing": None,
    "an empty text": "",
    "zero": 0,
    "below zero": -1,
    "half": 0.5,
    "much": 10**30,
    "no number": float("nan"),
    "endless": float("inf"),
    "true": True,
    "an empty list": [],
    "an empty dict": {},
    "a set": {1},
    "texts": ["a", None],
    "numbers": [1.0, float("nan")],
    "a table": pd.DataFrame({"x": ["y"]}),
    "an empty table": pd.DataFrame(),
    "an array": np.array([[np.nan, -1.0]]),
    "a single array": np.array(1.0),
    "an empty array": np.empty(0),
    "a generator": (i for i in ()),
    "a function": len,
}
NUMERIC = ("no", "an empty text", "an empty list", "an empty dict", "a set", "texts", "a table", "a function", "true")
NOT_OF = {  # what a parameter of this name can never be
    **dict.fromkeys(
        ("n", "seed", "random_state", "window", "least", "n_resamples", "max_iter"), (*NUMERIC, "half", "no number")
    ),
    **dict.fromkeys(("level", "coverage"), ("zero", "below zero", "much", "no number", "endless", "true")),
    **dict.fromkeys(("universal", "overwrite", "variants"), ("no", "zero", "half", "texts", "a table")),
    **dict.fromkeys(("m", "model", "groups"), ("no", "zero", "half", "true", "a function")),
    **dict.fromkeys(("counts", "tokens", "p", "q"), ("no", "no number", "texts", "numbers", "a function")),
}


@cache
def world():
    """Make what the arguments in order are made of."""
    rng = np.random.default_rng(0)
    rows = pd.DataFrame({"tokens": 200, "era": ["a", "b"] * 4, "year": range(2000, 2008), "state": "KAZ"})
    rows.index = pd.Index([f"d{i}" for i in range(8)], name="doc_id")
    table = pd.DataFrame(rng.poisson(3, (8, 12)) + 1, index=rows.index, columns=list("abcdefghijkl"))
    m = corpus.TermMatrix(rows, table.columns, sparse.csr_matrix(table.to_numpy()))
    return table, m, corpus.load()


def good(face, name, parameter):
    """Return an argument in order, by the name of the parameter and of its function."""
    table, m, c = world()
    special = {
        ("compare.divergences", "first"): [0, 1],
        ("compare.divergences", "second"): [2, 3],
        ("compare.Wordfish.fit", "left"): "d0",
        ("compare.Wordfish.fit", "right"): "d7",
        ("compare.Wordfish.fit_transform", "left"): "d0",
        ("compare.Wordfish.fit_transform", "right"): "d7",
        ("compare.g2", "c"): 3,
        **{("inference.rate_by", name): table["a"] for name in ("counts", "tokens", "by")},
        ("compare.novelty", "shares"): np.full((8, 2), 0.5),
        ("compare.novelty", "window"): 2,
        ("compare.placebo_breaks", "window"): 2,
        ("compare.rendering_noise", "renderings"): pd.DataFrame(
            {"x": [3, 1, 2, 2], "y": [1, 3, 2, 2]}, index=["one", "two", "three", "four"]
        ),
        ("compare.excerpt_noise", "renderings"): pd.DataFrame(
            {"x": [3, 1, 2, 2], "y": [1, 3, 2, 2]}, index=["one", "two", "three", "four"]
        ),
        ("compare.excerpt_noise", "words"): 3,
        ("inference.expanded_level", "documents"): 9,
        ("inference.times_drawn", "rng"): np.random.default_rng(0),
        ("inference.times_drawn", "n"): 5,
        ("inference.correlation", "one"): pd.Series(np.arange(12.0), range(2000, 2012)),
        ("inference.correlation", "other"): pd.Series(np.arange(12.0) ** 2, range(2000, 2012)),
        ("inference.permutation_p", "groups"): (table["a"], table["b"]),
        ("inference.permutation_sums", "groups"): (table[["a", "b"]], table[["c", "d"]]),
        ("inference.bootstrap_sums", "statistic"): lambda sums: sums[..., 0],
        ("inference.bootstrap_sums", "groups"): (table[["a", "b"]],),
        ("inference.permutation_sums", "statistic"): lambda one, other: one[..., 0] - other[..., 0],
        ("inference.permutation_p", "statistic"): lambda one, other: float(np.mean(one) - np.mean(other)),
        ("inference.bootstrap", "statistic"): lambda one: float(np.mean(one)),
        ("inference.of_sums", "statistic"): lambda sums: sums[..., 0],
        ("practice.agreement", "a"): "KAZ",
        ("practice.agreement_interval", "a"): "KAZ",
        ("practice.agreement_interval", "b"): "CHN",
        ("practice.cohesion", "states"): ["KAZ", "UZB", "CHN"],
        ("practice.cohesion_by_rollcall", "states"): ["KAZ", "UZB", "CHN"],
        ("practice.profile", "states"): ["KAZ", "UZB"],
        ("practice.partner_share", "partner"): "CHN",
        ("practice.abstentions", "state"): "KAZ",
        ("practice.hhi_bounds", "shares"): [0.4, 0.2],
        ("vectors.kendall", "a"): table["a"],
        ("vectors.kendall", "b"): table["b"],
        ("topics.average_jaccard", "a"): ["a", "b"],
        ("topics.average_jaccard", "b"): ["a", "c"],
    }
    full = f"{face}.{name}"
    if (full, parameter) in special:
        return special[full, parameter]
    usual = {
        "m": m,
        "groups": [0, 1] * 4,
        "c": c,
        "state": "KAZ",
        "a": 3,
        "b": 4,
        "d": 7,
        "n_a": 90,
        "n_b": 80,
        "p": [0.5, 0.5],
        "q": [0.4, 0.6],
        "counts": [3, 4, 5, 6],
        "tokens": [30, 40, 50, 60],
        "y_i": [3, 4, 5],
        "y_j": [5, 4, 3],
        "prior": 0.5,
        "pairwise": 1 - np.eye(8),
        "years": range(2000, 2008),
        "document": "One paragraph.\n\nAnother one.",
        "old": "One paragraph.\n\nAnother one.",
        "new": "One paragraph.\n\nA third one.",
        "scores": {"d0": -1, "d7": 1},
        "level": 0.9,
        "p_values": [0.01, 0.5],
        "before": pd.DataFrame({"count": [1, 2, 3], "tokens": 100}),
        "after": pd.DataFrame({"count": [3, 2, 5], "tokens": 100}),
        "by": ["a", "a", "b", "b"],
        "size": 4,
        "one": np.array([1, 3, 1]),
        "other": np.array([1, 1, 3]),
        "own": np.array([1, 1, 3]),
        "codes": np.array([[1, 1, 3], [1, 2, 3]]),
        "ratings": [[1, 2, 3, 3], [1, 2, 3, 1]],
        "term": "nations",
        "weights": np.array([[0.2, 0.8], [0.6, 0.4]]),
        "top_terms": [["a", "b"], ["c", "d"]],
        "shares": pd.DataFrame({0: [0.5] * 8, 1: [0.5] * 8}, index=m.rows.index),
        "rows": m.rows,
    }
    if parameter in usual:
        return usual[parameter]
    raise LookupError(f"{full}: no argument in order for {parameter}")


class Case(NamedTuple):
    """One call: a function by name, the parameter that is wrong, and how."""

    face: str
    name: str
    parameter: str
    what: str


def functions():
    """Yield (face, name, function) of everything public that can be called with arguments known here."""
    for face in FACES:
        module = importlib.import_module(f"manyvectors.{face}")
        for name in module.__all__:
            thing = getattr(module, name)
            if inspect.isfunction(thing):
                yield face, name, thing
    from manyvectors import compare

    table, _, _ = world()
    fish = compare.Wordfish(n_resamples=3).fit(table, "d0", "d7")
    scores = compare.Wordscores().fit(table, {"d0": -1, "d7": 1})
    for model in (fish, scores):
        for method in ("fit", "transform"):
            yield "compare", f"{type(model).__name__}.{method}", getattr(model, method)


@cache
def callables():
    """Return functions whose required parameters all have an argument in order, by name."""
    kept = {}
    for face, name, thing in functions():
        parameters = inspect.signature(thing).parameters.values()
        try:
            needed = {
                one.name: good(face, name, one.name)
                for one in parameters
                if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD
            }
        except LookupError:
            continue
        kept[face, name] = thing, needed, [one.name for one in parameters if one.kind is not one.VAR_POSITIONAL]
    return kept


# A statistic of one's own raises what it likes; `pairs` only sorts what it is given.
FREE = {("statistic", None), ("before", "pairs"), ("after", "pairs")}


def cases():
    """Return every case."""
    return [
        Case(face, name, parameter, what)
        for (face, name), (_, _, parameters) in callables().items()
        for parameter in parameters
        if not {(parameter, None), (parameter, name)} & FREE
        for what in WRONG | UNLIKELY
    ]


def tried(case):
    """Return what is wrong with how a case ends, in one line, or None."""
    thing, needed, parameters = callables()[case.face, case.name]
    given = dict(needed)
    given |= {name: 5 for name in ("n", "permutations") if name in parameters and name not in needed}
    value = (WRONG | UNLIKELY)[case.what]
    given[case.parameter] = value
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            thing(**given)
    except (TypeError, ValueError) as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        ours = f"{os.sep}manyvectors{os.sep}" in frame.filename and frame.line.startswith("raise")
        if not ours:
            return f"{type(error).__name__}, not ours: {str(error)[:60]!r} ({Path(frame.filename).name}:{frame.lineno})"
        if "\n" in str(error):
            return f"more than one line: {error}"
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {str(error)[:80]!r} ({Path(frame.filename).name}:{frame.lineno})"
    else:
        never = case.what in WRONG or case.what in NOT_OF.get(case.parameter, ())
        if never and value is not inspect.signature(thing).parameters[case.parameter].default:
            return "taken without a word"
    return None


# --- As a door of run.py ----------------------------------------------------------------------------------------------

PARTS = FACES


def prepared(folder):
    """Begin from nothing: arguments need no folder."""
    world()


def case(part, number, seed, base, folder):
    """Return (what was done, a function to call, no folder)."""
    of_part = [one for one in cases() if one.face == part]
    one = random.Random(f"{seed} {part} {number}").choice(of_part)

    def work():
        wrong = tried(one)
        if wrong:
            raise AssertionError(wrong)
        return "ok"

    return f"{one.face}.{one.name}({one.parameter}: {one.what})", work, None
