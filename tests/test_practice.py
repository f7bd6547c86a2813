"""The face of practice: every public name is there and explained, and nothing heavy is loaded."""

import inspect
import subprocess
import sys

from manyvectors import practice


def test_public_names():
    assert len(practice.__all__) == len(set(practice.__all__))
    for name in practice.__all__:
        thing = getattr(practice, name)
        assert not callable(thing) or inspect.getdoc(thing), name


def test_scikit_learn_is_not_loaded():
    script = "import sys, manyvectors.practice; print(*{'sklearn', 'scipy.stats', 'pandera'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "\n"
