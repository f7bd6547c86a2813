"""Arguments that make no sense end in one line of ours; those that do pass as they are."""

import inspect
import pickle
import random
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from manyvectors import arguments, compare, inference, practice, rhetoric

sys.path.insert(0, str(Path(__file__).parent / "faulty"))
import functions

CASES = random.Random(15).sample(functions.cases(), 200)


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
    ],
)
def test_what_is_said(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_a_function_keeps_its_face():
    assert list(inspect.signature(compare.keyness).parameters)[:3] == ["m", "groups", "prior"]
    assert compare.keyness.__doc__.startswith("Compare the use of every term")
    assert pickle.loads(pickle.dumps(compare.keyness)) is compare.keyness
    assert isinstance(vars(rhetoric.Dictionary)["read"], (classmethod, staticmethod))
    assert not set(vars(arguments)["KINDS"]) & {"self"}


def test_an_error_of_type_is_caught_as_either():
    assert issubclass(arguments.ArgumentError, TypeError) and issubclass(arguments.ArgumentError, ValueError)
    error = pickle.loads(pickle.dumps(arguments.ArgumentError("n must be ...")))
    assert str(error) == "n must be ..."


def test_long_values_are_cut_and_stay_on_one_line():
    with pytest.raises(TypeError, match=r"^c must be a corpus.*\.\.\. \(DataFrame\)$") as said:
        practice.votes(c=pd.DataFrame(np.ones((99, 9))))
    assert "\n" not in str(said.value) and len(str(said.value)) < 200
