"""Arguments that make no sense end in one line of ours; those that do pass as they are."""

import inspect
import pickle
import random
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from manyvectors import arguments, claims, compare, corpus, figures, inference, practice, rhetoric, text, topics

sys.path.insert(0, str(Path(__file__).parent / "faulty"))
import functions

CASES = [
    case
    for face in functions.FACES
    for case in random.Random(f"15 {face}").sample([one for one in functions.cases() if one.face == face], 25)
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: ".".join(map(str, case)))
def test_nonsense(case):
    assert functions.tried(case) is None


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: compare.keyness(functions.world()[0], [0, 1] * 4, n=-1), "n must be a whole number"),
        (lambda: compare.keyness(functions.world()[0], [0, 1] * 4, n=10**9), "n must be a whole number"),
        (lambda: compare.keyness(functions.world()[0], [0, 1] * 4, seed="1"), "seed must be a whole number"),
        (lambda: compare.keyness(functions.world()[0], [0, 1] * 4, level=True), "level must be a number"),
        (lambda: compare.keyness(functions.world()[0], [0, 1] * 4, level=1.0), "level must be between 0 and 1"),
        (lambda: compare.keyness("texts", [0, 1] * 4), "need counts, got texts"),
        (lambda: inference.bootstrap(np.mean, [1.0, np.nan, 2.0]), "groups must hold finite numbers; it holds nan"),
        (lambda: inference.bootstrap(np.mean, ([1.0, 2.0], [1.0, np.inf])), r"groups\[1\] must hold finite .* inf"),
        (lambda: inference.bootstrap("mean", [1.0, 2.0]), "statistic must be a function"),
        (lambda: inference.rate([1, np.nan], [100, 100]), "counts must hold finite numbers"),
        (lambda: rhetoric.effective_number(["a", "b"]), "counts must be a number, or an array"),
        (lambda: practice.agreement("KAZ", 7), "b must be a text or several"),
        (lambda: text.tokenise(7), "text must be a text, got 7"),
        (lambda: text.segment("A lock.", least="5"), "least must be a whole number"),
        (lambda: text.count_phrases("A lock.", "lock"), "phrases must be several texts, got 'lock'"),
        (lambda: corpus.read(7), "path must be a path"),
        (lambda: functions.world()[1].of(7), "state must be a text or several"),
        (lambda: functions.world()[1].select(["no"] * 8), "rows must be a sequence of True and False"),
        (lambda: functions.world()[2].kwic("lock", year=1.5), "no speeches of 1.5; a year is a whole number"),
        (lambda: functions.world()[2].choices("states", "name"), "field 'name' of states has no list of values"),
        (lambda: claims.measure(1, functions.own()), "a corpus of your own texts has no 'study'"),
        (lambda: claims.ledger(functions.own()), "a corpus of your own texts has no 'study'"),
        (lambda: claims.measure(1, {}), "evidence is a dict; give claims.Evidence"),
        (lambda: claims.judge(pd.DataFrame({"x": [1]})), "^no claim x 0 1; they are numbered"),
        (lambda: topics.TopicModel(2, recipe="english").fit(functions.world()[1]), "recipe must be a Recipe"),
        (lambda: topics.Recipe(fold="no"), "fold must be True or False"),
        (lambda: topics.fit_all([topics.TopicModel(2)], functions.world()[1], n_jobs=0), "n_jobs must be from 1 to"),
        (lambda: compare.Wordfish(level="high").fit(functions.world()[0], "d0", "d7"), "level must be a number"),
        (lambda: figures.key("ax", {}), "ax must be axes, as from plt.subplots"),
        (
            lambda: rhetoric.Dictionary({"a": ["b"]}, reasons={"b": "why"}),
            r"reasons must be named by \(category, entry",
        ),
    ],
)
def test_what_is_said(call, said):
    with pytest.raises((TypeError, ValueError), match=said):
        call()


def test_a_function_keeps_its_face():
    assert list(inspect.signature(compare.keyness).parameters)[:3] == ["m", "groups", "prior"]
    assert compare.keyness.__doc__.startswith("Compare the use of every term")
    assert pickle.loads(pickle.dumps(compare.keyness)) is compare.keyness
    assert isinstance(vars(rhetoric.Dictionary)["read"], (classmethod, staticmethod))
    assert not set(vars(arguments)["KINDS"]) & {"self"}
    assert pickle.loads(pickle.dumps(text.tokenise)) is text.tokenise


def test_every_function_has_arguments_in_order():
    assert {face for face, _ in functions.callables()} == set(functions.FACES) and len(functions.cases()) > 15_000


def test_what_is_looked_at_is_given_on_as_it_is():
    seen = arguments.checked(n=arguments.whole)(lambda n, *rest, n_terms=None, **more: (n, rest, n_terms, more))
    assert seen(1, 2, 3, n_terms=4, other="x") == (1, (2, 3), 4, {"other": "x"})
    with pytest.raises(TypeError, match="n_terms must be a whole number"):
        seen(1, n_terms="4")
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'n'"):
        seen()


def test_an_error_of_type_is_caught_as_either():
    assert issubclass(arguments.ArgumentError, TypeError) and issubclass(arguments.ArgumentError, ValueError)
    error = pickle.loads(pickle.dumps(arguments.ArgumentError("n must be ...")))
    assert str(error) == "n must be ..."


def test_long_values_are_cut_and_stay_on_one_line():
    with pytest.raises(TypeError, match=r"^c must be a corpus.*\.\.\. \(DataFrame\)$") as said:
        practice.votes(c=pd.DataFrame(np.ones((99, 9))))
    assert "\n" not in str(said.value) and len(str(said.value)) < 200
