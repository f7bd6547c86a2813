"""Public functions with one argument that makes no sense, the others in order.

Every parameter of every public function and method takes each of these values in turn. What must come of it is a result
where the value is one that somebody could mean, and else a TypeError or a ValueError, on one line, raised by a line of
this package. ``cases()`` gives what to try; ``tried(case)`` says what went wrong, or nothing. By hand, every case there
is: `python tests/faulty/functions.py`, or of some faces: `python tests/faulty/functions.py corpus text`.
"""

import importlib
import inspect
import io
import os
import random
import resource
import signal
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from contextlib import redirect_stdout
from functools import cache, wraps
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from manyvectors import claims, compare, corpus, figures, inference, practice, rhetoric, topics, validation

FACES = ("claims", "compare", "corpus", "figures", "homework", "inference", "pool", "practice", "rhetoric", "study")
FACES += ("text", "topics", "validation", "vectors")
SECONDS, BYTES = 10, 2**30  # of processor time and of memory, for one call


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
        ("compare.drawn_divergence", "counts"): [3, 1, 0],
        ("compare.drawn_divergence", "other"): [1, 1, 2],
        ("compare.drawn_divergence", "words"): 2,
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
        ("compare.excerpts", "words"): 20,
        ("compare.excerpts", "parts"): 2,
        **{
            ("compare.told_apart", name): value
            for name, value in (("old", table[:4]), ("new", table[4:]), ("words", 20), ("parts", 2), ("deals", 5))
        },
        ("inference.expanded_level", "documents"): 9,
        **{("inference.expected_count", name): 5 for name in ("hits", "tokens", "length")},
        ("inference.times_drawn", "rng"): np.random.default_rng(0),
        ("inference.times_drawn", "n"): 5,
        ("inference.correlation", "one"): pd.Series(np.arange(12.0), range(2000, 2012)),
        ("inference.correlation", "other"): pd.Series(np.arange(12.0) ** 2, range(2000, 2012)),
        **{
            (f"inference.{name}", column): value
            for name in ("panel_change", "panel_coverage", "panel_deals")
            for column, value in (
                ("y", np.random.default_rng(0).random(48)),
                ("states", np.repeat(list("ABCD"), 12)),
                ("years", np.tile(range(2000, 2012), 4)),
                ("cut", 2006),
            )
        },
        **{
            (f"inference.{name}", "panel"): pd.DataFrame({"t": [1.0, 2, 3], "se": 1.0, "df": 6.0}, list("ABC"))
            for name in ("panel_reach", "panel_luck")
        },
        ("inference.panel_luck", "state"): "A",
        ("inference.panel_deals", "state"): "A",
        ("inference.permutation_p", "groups"): (table["a"], table["b"]),
        ("inference.permutation_sums", "groups"): (table[["a", "b"]], table[["c", "d"]]),
        ("inference.bootstrap_sums", "statistic"): lambda sums: sums[..., 0],
        ("inference.contrast_sums", "statistic"): lambda sums: sums[..., 0],
        ("inference.contrast_sums", "groups"): (table[["a", "b"]], table[["c", "d"]]),
        ("inference.contrast_sums", "weights"): (-1, 1),
        ("inference.longest_run", "hits"): [True, False, False],
        **{
            (f"inference.{name}", part): value
            for name in ("run_chance", "end_chance")
            for part, value in (("size", 5), ("hits", 2), ("length", 3))
        },
        **{
            ("inference.panel_trend", column): value
            for column, value in (
                ("y", np.random.default_rng(0).random(48)),
                ("states", np.repeat(list("ABCD"), 12)),
                ("years", np.tile(range(2000, 2012), 4)),
            )
        },
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
        ("homework.check", "label"): "ex-02-sklearn",
        ("homework.check", "value"): 12,
        ("practice.profile", "states"): ["KAZ", "UZB"],
        ("practice.IdealPoints.fit", "codes"): _ballots(),
        ("practice.IdealPoints.resample", "numbers"): [0],
        ("practice.partner_share", "partner"): "CHN",
        ("practice.supplier_share", "supplier"): "RUS",
        ("practice.abstentions", "state"): "KAZ",
        ("practice.hhi_bounds", "shares"): [0.4, 0.2],
        **{(f"vectors.{name}", side): table[side] for name in ("beyond_chance", "kendall") for side in "ab"},
        ("topics.average_jaccard", "a"): ["a", "b"],
        ("topics.average_jaccard", "b"): ["a", "c"],
        ("claims.between", "first"): 2001,
        ("claims.between", "last"): 2004,
        ("figures.Look.spans", "last"): 2024,
        ("claims.between", "table"): m.rows,
        ("claims.holds", "numbers"): {"low": 0.1, "p": 0.2},
        ("claims.verdict", "rule"): "estimate > 0",
        ("claims.verdict", "numbers"): {"estimate": 0.2, "d": 0.1, "states": 0.0}
        | {f"{end}{level}": value for level in ("", "_90", "_80") for end, value in (("low", 0.1), ("high", 0.3))},
        ("corpus.read", "path"): _file("texts.csv", "text,party\nThe lock is open.,left\nNo barge.,right\n"),
        ("corpus.from_counts", "table"): table,
        ("corpus.TermMatrix.from_table", "table"): table,
        ("corpus.TermMatrix.occurrences", "term"): "a",
        ("corpus.TermMatrix.select", "rows"): [True, False] * 4,
        ("corpus.Corpus.kwic", "pattern"): "lock*",
        ("corpus.OwnCorpus.passage", "name"): "1",
        ("study.read", "path"): c.study.folder,
        ("topics.prevalence_change", "topic"): 0,
        ("topics.prevalence_change_p", "topic"): 0,
        ("topics.Recipe.words", "name"): "english",
        ("topics.label", "table"): pd.DataFrame(columns=["recipe", "topics", *LABELS]),
        **{
            (f"rhetoric.{name}", part): value
            for name in ("by_register", "register_difference")
            for part, value in (("counts", table), ("tokens", table.sum(axis=1)), ("register", m.rows["era"]))
        },
        ("rhetoric.register_difference", "one"): "a",
        ("rhetoric.register_difference", "other"): "b",
        ("rhetoric.Dictionary.read", "path"): _file("d.yml", "one: [a]\n"),
        ("rhetoric.Dictionary.write", "path"): _folder() / "made.yml",
        ("rhetoric.Dictionary.write_sheet", "c"): own(),
        ("rhetoric.Dictionary.sheet", "c"): own(),
        ("rhetoric.Dictionary.without", "entries"): [("one", "a")],
        ("rhetoric.Dictionary.machine_coded", "rows"): pd.DataFrame({"entry": ["one"], "pattern": "a", "sense": "yes"}),
        ("rhetoric.read_sheets", "paths"): _file("aru.csv", "id,sentence,one\n1,The lock.,1\n"),
        ("validation.against_machine", "sheet_files"): {"aru": _file("leanings_part1.csv", "row,whose,stance,sense\n")},
        ("validation.against_machine", "key"): _file("coded.csv", "row,sheet\n"),
        ("validation.read", "paths"): _file("bek.csv", "id,a\n"),
        ("pool.read", "paths"): _file("heron.csv", "book,quiz,question,first,last,right_at_first\nb,q,1,a,b,0\n"),
        **{(f"pool.{name}", "pooled"): _pooled() for name in ("agreement", "counts", "write")},
        ("pool.write", "path"): _folder() / "class.csv",
        ("validation.write", "path"): _folder() / "sheet.csv",
        ("figures.band", "x"): [0, 1],
        ("figures.cards", "places"): pd.DataFrame({"row": [0], "column": [0]}, index=["a"]),
        ("claims.waiting_words", "texts"): {"ru": {2014: "Глава 1. О воде\n1) чинить шлюз;"}},
        ("text.language_of", "languages"): c.study.languages,
        ("text.stemmed", "language"): "en",
        ("rhetoric.Dictionary.stemmed", "language"): "en",
        ("text.judge_line_ends", "broken"): {("inter", "national"): 1},
        ("topics.prevalence_change", "before"): _spoken(m)[:4],
        ("topics.prevalence_change", "after"): _spoken(m)[4:],
        ("topics.prevalence_change_p", "before"): _spoken(m)[:4],
        ("topics.prevalence_change_p", "after"): _spoken(m)[4:],
    }
    full = f"{face}.{name}"
    if (full, parameter) in special:
        return special[full, parameter]
    usual = {
        **drawn(),
        "claim": 20,
        "rule": "low > 0",
        "texts": ["The lock is open.", "No barge, no lock."],
        "text": "The lock is open. No barge, no lock.",
        "raw": "The lock is open. No barge, no lock.",
        "document": "One paragraph.\n\nAnother one.",
        "token": "lock",
        "word": "lock",
        "phrase": "lock*",
        "pattern": "lock*",
        "phrases": ["lock*", "no barge"],
        "first": ["lock"],
        "second": ["barge"],
        "language": "english",
        "whole": {"international": 3},
        "ends": pd.DataFrame({"left": ["inter"], "right": ["national"], "joined": [True]}),
        "models": [fitted(0), fitted(1)],
        "model": fitted(),
        "reference": fitted(2),
        "sheet": validation.word_intrusion(fitted(), n_terms=3),
        "answers": validation.word_intrusion(fitted(), n_terms=3).assign(coder="aru", answer="1"),
        "ks": [2],
        "seeds": 5,
        "topic": 0,
        "rollcalls": [int(_rollcalls(c)[0])],
        "found": _places(c),
        "name": "states",
        "field": "register",
        "node": "sovereignty",
        "segment_id": "KAZ_47_1992_01",
        "known": set(c.states.index),
        "year": 2000,
        "terms": ["a", "b"],
        "source": m,
        "category": "one",
        "categories": {"one": ["a"]},
        "sample": {"aru": _coded().sheet.assign(one="1", two="0")},
        "key": _coded().key,
        "folder": _folder(),
        "path": _folder() / "nothing",
        "n_components": 2,
        "study": c.study,
        "code": "KAZ",
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


LABELS = ("label", "terms", "exemplars", "argument", "seeds", "recipes", "coherence", "noise")


@cache
def drawn():
    """Return what figures draw on."""
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots()
    estimates = pd.DataFrame({"estimate": [0.1, 0.2], "low": [0, 0.1], "high": [0.2, 0.3]}, index=["a", "b"])
    return {
        "figure": figure,
        "ax": ax,
        "data": estimates.rename_axis("name"),
        "x": 1,
        "y": 2,
        "colour": "#1b3a5c",
        "colours": {"yes": "#1b3a5c"},
        "frame": pd.DataFrame({2000: ["yes"], 2001: ["no"]}, index=["a"]),
        "estimate": estimates,
        "heads": ["one"],
        "bodies": ["two"],
        "shades": [0.5],
        "bars": pd.DataFrame({"start": [pd.Timestamp(2000, 1, 1)], "end": [pd.Timestamp(2001, 1, 1)]}, index=["a"]),
        "full": [True],
        "table": estimates,
        "title": "a title",
        "grid": pd.DataFrame([[0.1, np.nan], [0.2, 0.1]], index=["a", "b"], columns=["a", "b"]),
    }


@cache
def _folder():
    return Path(tempfile.mkdtemp(prefix="faulty-"))


def _file(name, content):
    path = _folder() / name
    if not path.exists():
        path.write_text(content, encoding="utf-8")
    return path


@cache
def _pooled():
    rows = [(who, "quiz", "q", "1", "first", said, 1) for who, said in (("1", "a"), ("2", "b"))]
    return pd.DataFrame(rows, columns=["who", "kind", "of", "item", "question", "answer", "right"])


@cache
def _rollcalls(c):
    from manyvectors import practice

    return practice.votes(c).rollcalls.index


@cache
def _places(c):
    from manyvectors import vectors

    return vectors.places(c, "KAZ")


@cache
def _coded():
    sheet, key = rhetoric.Dictionary({"one": ["lock"], "two": ["barge"]}).sheet(own(), n=12)
    return SimpleNamespace(sheet=sheet, key=key)


def _spoken(m):
    return m.rows.assign(**{"0": 0.5}).rename(columns={"0": 0})


class Case(NamedTuple):
    """One call: a function by name, the parameter that is wrong, and how."""

    face: str
    name: str
    parameter: str
    what: str


def functions():
    """Yield (face, name, function) of everything public: functions, estimators (made and fitted), methods."""
    for face in FACES:
        module = importlib.import_module(f"manyvectors.{face}")
        for name in getattr(module, "__all__", None) or vars(module):
            thing = getattr(module, name)
            ours = inspect.isfunction(thing) and thing.__module__.startswith("manyvectors.")
            if ours and name[0] != "_" and (hasattr(module, "__all__") or thing.__module__ == module.__name__):
                yield face, name, thing
    for face, thing in objects():
        yield from _methods(face, type(thing).__name__, thing)
    table, m, _ = world()
    yield "compare", "Wordfish", _made(compare.Wordfish, lambda made: made.fit(table, "d0", "d7"))
    yield "compare", "Wordscores", _made(compare.Wordscores, lambda made: made.fit(table, {"d0": -1, "d7": 1}))
    yield "practice", "IdealPoints", _made(practice.IdealPoints, lambda made: made.fit(_ballots()))
    yield "topics", "TopicModel", _made(topics.TopicModel, lambda made: made.fit(m))
    yield "topics", "Recipe", _made(topics.Recipe, lambda made: made.apply(m))
    yield "rhetoric", "Dictionary", rhetoric.Dictionary
    yield "rhetoric", "Dictionary.read", rhetoric.Dictionary.read
    yield "corpus", "TermMatrix.from_table", corpus.TermMatrix.from_table
    yield "claims", "Evidence", claims.Evidence
    yield "figures", "Look", figures.Look


def _methods(face, name, thing):
    for method, one in inspect.getmembers(type(thing), inspect.isfunction):
        if method[0] != "_" and one.__module__.startswith("manyvectors."):
            yield face, f"{name}.{method}", getattr(thing, method)


def _made(kind, use):
    """Return a function that makes an estimator and uses it: what it is told is looked at then, as in scikit-learn."""

    @wraps(kind.__init__)
    def make(**given):
        return use(kind(**given))

    parameters = list(inspect.signature(kind).parameters.values())
    make.__signature__ = inspect.Signature(parameters)
    return make


@cache
def objects():
    """Return (face, object) of each public class that has methods."""
    table, m, c = world()
    return (
        ("corpus", m),
        ("corpus", c),
        ("corpus", own()),
        ("study", c.study),
        ("study", next(iter(c.study.blocs.values()))),
        ("topics", topics.Recipe(min_share=0)),
        ("topics", fitted()),
        ("rhetoric", rhetoric.Dictionary({"one": ["a", "b"], "two": ["c"]})),
        ("compare", compare.Wordfish(n_resamples=3).fit(table, "d0", "d7")),
        ("compare", compare.Wordscores().fit(table, {"d0": -1, "d7": 1})),
        ("practice", practice.IdealPoints().fit(_ballots())),
        ("figures", figures.Look(c.study)),
    )


def _ballots():
    """Return six roll calls of four voters."""
    return np.array([[1, 1, 1, 3], [1, 1, 3, 3], [1, 2, 3, 3], [1, 1, 2, 3], [3, 1, 1, 1], [1, 1, 1, 2]])


@cache
def own():
    """Make a corpus of one's own, of twelve short texts."""
    texts = [f"The lock number {i} is open. No barge waits, no water runs; {'mills turn ' * i}on." for i in range(12)]
    about = pd.DataFrame({"year": range(2000, 2012), "era": ["a", "b"] * 6, "state": "KAZ"})
    return corpus.from_texts(texts, about)


@cache
def fitted(seed=0):
    """Fit a topic model."""
    return topics.TopicModel(2, random_state=seed, recipe=topics.Recipe(drop=(), min_share=0)).fit(world()[1])


@cache
def callables():
    """Return functions by face and name, with an argument in order for each required parameter, and the names of all.

    LookupError for a required parameter that has none: a new one wants a line in :func:`good`.
    """
    kept = {}
    for face, name, thing in functions():
        parameters = inspect.signature(thing).parameters.values()
        needed = {
            one.name: good(face, name, one.name)
            for one in parameters
            if one.default is one.empty and one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)
        }
        spread = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        kept[face, name] = thing, needed, [one.name for one in parameters if one.kind not in spread]
    return kept


# What is ignored, as scikit-learn's own estimators ignore it, and what is looked up or sorted whatever it is.
TAKING = {
    *(("rhetoric.Dictionary.count", "level"), ("rhetoric.Dictionary.to_dict", "level")),  # however deep
    *(("topics.TopicModel.fit", "y"), ("topics.TopicModel.fit_transform", "y"), ("text.closest", "stop")),
    *(("text.clean", "raw"), ("text.prepare", "raw"), ("text.decode", "raw"), ("text.clean", "words")),
    *(
        ("rhetoric.Dictionary", "categories"),
        ("inference.of_sums", "statistic"),
        ("text.mend", "words"),
        ("study.Study.check_states", "hint"),
    ),
}
MEASURED = ("groups", "counts", "tokens", "before", "after", "other_before", "other_after")
MISSING = ("no number", "endless", "numbers", "an array")
# What a function of one's own raises is its author's to read.
OWN = ("statistic",)


def cases():
    """Return every case."""
    return [
        Case(face, name, parameter, what)
        for (face, name), (_, _, parameters) in callables().items()
        for parameter in parameters
        for what in WRONG | UNLIKELY
    ]


def tried(case):
    """Return what is wrong with how a case ends, in one line, or None."""
    thing, needed, parameters = callables()[case.face, case.name]
    given = dict(needed)
    given |= {name: 5 for name in ("n", "permutations") if name in parameters and name not in needed}
    value = (WRONG | UNLIKELY)[case.what]
    given[case.parameter] = value
    here = Path.cwd()
    os.chdir(_folder())  # some values are names of files, and some functions write
    default = inspect.signature(thing).parameters[case.parameter].default
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"), redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            found = thing(**given)
    except (TypeError, ValueError) as error:
        if case.parameter in OWN and callable(value):
            return None
        frame = traceback.extract_tb(error.__traceback__)[-1]
        ours = f"{os.sep}manyvectors{os.sep}" in frame.filename and frame.line.startswith("raise")
        if not ours:
            return f"{type(error).__name__}, not ours: {str(error)[:60]!r} ({Path(frame.filename).name}:{frame.lineno})"
        if "\n" in str(error):
            return f"more than one line: {error}"
        if len(str(error)) > 2_000:
            return f"a message of {len(str(error)):,} characters: {str(error)[:80]}"
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {str(error)[:80]!r} ({Path(frame.filename).name}:{frame.lineno})"
    else:
        never = case.what in WRONG or case.what in NOT_OF.get(case.parameter, ())
        if never and value is not default and (f"{case.face}.{case.name}", case.parameter) not in TAKING:
            return "taken without a word"
        measured = case.what in MISSING and case.parameter in MEASURED and isinstance(found, inference.Estimate)
        if measured and np.isfinite([found.low, found.high]).any():
            return "a finite interval of numbers that are missing"
    finally:
        os.chdir(here)
    return None


# --- Every case there is, by hand; each with bounds -------------------------------------------------------------------


class Hang(BaseException):
    """A case took too long."""


def _bounded(case, seconds=SECONDS):
    """Return what is wrong with a case, or that it took too much time or memory."""

    def late(*_):
        raise Hang

    signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return tried(case)
    except Hang:
        return f"hang: more than {seconds} seconds of processor time"
    except MemoryError:
        return "memory: more than 1 GB"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def main(faces):
    """Try every case of some faces; print what is wrong and a table; return how many are wrong."""
    every = [case for case in cases() if case.face in faces]
    used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (used + BYTES, used + BYTES))
    counts = Counter()
    for case in every:
        counts[case.face, "functions"] = len({one.name for one in every if one.face == case.face})
        counts[case.face, "inputs"] += 1
        wrong = _bounded(case)
        if wrong:
            counts[case.face, wrong.split(":")[0] if wrong.startswith(("hang", "memory")) else "wrong"] += 1
            print(f"{case.face}.{case.name}({case.parameter}: {case.what}): {wrong}", flush=True)
    kinds = ("functions", "inputs", "wrong", "hang", "memory")
    print(
        "\n".join(f"{face:>10s}  " + "  ".join(f"{kind} {counts[face, kind]:6,}" for kind in kinds) for face in faces)
    )
    return sum(counts[face, kind] for face in faces for kind in kinds[2:])


# --- As a door of run.py ----------------------------------------------------------------------------------------------

PARTS = FACES


def prepared(folder):
    """Begin from nothing: arguments need no folder."""
    callables()


def case(part, number, seed, base, folder):
    """Return (what was done, the call to make, no folder)."""
    of_part = [one for one in cases() if one.face == part]
    one = random.Random(f"{seed} {part} {number}").choice(of_part)

    def work():
        wrong = tried(one)
        if wrong:
            raise AssertionError(wrong)
        return "ok"

    return f"{one.face}.{one.name}({one.parameter}: {one.what})", [work], None


def useful(kind, said):
    """Say whether what was said is of use: ``tried`` looks at that itself."""
    return True


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:] or FACES), 99))
