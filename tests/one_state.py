"""The chapter about one state, run for any state in this process: what all states share once, the rest for each.

What is the same for all is what no cell makes from ``STATE``. Figures are not drawn and draws are few: both have no
part in what could fail for one state and not for another, and ten states are run as they are, by a kernel.
"""

import dis
import functools
from contextlib import contextmanager
from pathlib import Path
from types import CodeType

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest

from manyvectors import compare, figures, inference, practice, vectors
from manyvectors.claims.states import speakers
from manyvectors.methods import mentions

CHAPTER = Path(__file__).resolve().parents[1] / "notebooks" / "24_your_state.ipynb"
DRAWN = ("tiles", "band", "name_line")
FEW = 20  # draws
PARTS = 8  # of the states, each a test: a fault is found in an eighth of the time


def names(code):
    """Return the names that a cell reads or sets outside its own functions' variables, and those that it sets."""
    inner = (one for one in code.co_consts if isinstance(one, CodeType))
    done = [(one.opname, one.argval) for one in dis.get_instructions(code)]
    read = {name for what, name in done if what in ("LOAD_NAME", "LOAD_GLOBAL")}  # no attribute, such as c.table
    return read.union(*(names(one)[0] for one in inner)), {name for what, name in done if what == "STORE_NAME"}


def cells():
    """Return the cells of the chapter that all states share, and those that are of one: two lists of code."""
    shared, own, of_state = [], [], {"STATE"}
    for cell in nbformat.read(CHAPTER, as_version=4).cells:
        if cell.cell_type == "code":
            code = compile(cell.source, cell.id, "exec")
            read, made = names(code)
            if (read | made & {"STATE"}) & of_state or "@STATE" in cell.source:
                of_state |= made
                own.append((cell.source, code))
            else:
                shared.append(code)
    return shared, own


def quiet(patch, draws=FEW):
    """Leave drawing out and draw few resamples, or as many as the chapter does: None. ``patch``: MonkeyPatch."""
    for name in DRAWN:
        patch.setattr(figures, name, lambda *given, **more: None)
    patch.setattr(figures, "show", _kept)
    patch.setattr(plt, "subplots", _nothing_to_draw_on)
    patch.setattr(plt, "close", lambda figure: None)
    for module, name in (
        () if draws is None else ((compare, "keyness"), (practice, "agreement_interval"), (vectors, "diversity"))
    ):
        patch.setattr(module, name, _with_few_draws(getattr(module, name)))
    if draws is not None:
        patch.setattr(mentions, "places", _counted_once(mentions.places))
        whole = inference.bootstrap_sums
        patch.setattr(inference, "bootstrap_sums", lambda f, groups, n, *more: whole(f, groups, FEW, *more))


def _kept(figure, data, *levels, unit=None, **told):
    """Make of a figure's numbers what is kept of them, and draw nothing."""
    return figures.as_csv(data, *levels, unit=unit)


def _nothing_to_draw_on(rows=1, columns=1, **more):
    axes = np.empty((rows, columns), object)
    axes.ravel()[:] = [Nothing() for _ in range(rows * columns)]
    return Nothing(), axes if axes.size > 1 else axes[0, 0]


class Nothing:
    """What can be drawn on, and shows nothing."""

    def __getattr__(self, name):
        """Return what does nothing with whatever it is given: callable."""
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *given, **more: None


def _with_few_draws(function):
    @functools.wraps(function)
    def fewer(*given, **more):
        return function(*given, **more | {"n": FEW})

    return fewer


def _counted_once(places):
    """Make of a function that counts places one that counts them for all states at once, and hands out a state's."""

    @functools.cache
    def every(c):
        return {state: part for state, part in places(c).groupby(c.documents["state"])}

    def of(c, state=None, register="rostrum"):
        return places(c, state, register) if state is None or register != "rostrum" else every(c)[state]

    return of


SHARED, OWN = cells()


@contextmanager
def worked_out_once(draws=FEW):
    """Run what all states share, with drawing left out: a context in which the names are a dict."""
    with pytest.MonkeyPatch.context() as patch:
        quiet(patch, draws)
        yield _run(SHARED, {"__name__": "__main__"})


def of_state(shared, state, powers=None):
    """Run the cells of one state: dict of all names after. ``powers`` (list of str): beside these alone."""
    chosen = compile(f"STATE = {state!r}", "STATE", "exec")
    fewer = {} if powers is None else {"powers": powers}
    return _run([chosen, *(code for _, code in OWN[1:])], shared | {"lacking": {}} | fewer)


def every(shared, states):
    """Run the cells of each of some states beside two powers, which take turns: iterator of (state, dict)."""
    powers = shared["powers"]
    for place, state in enumerate(states):
        yield state, of_state(shared, state, [powers[(2 * place + n) % len(powers)] for n in (0, 1)])


def complete(held, name):
    """See that a state has its name, and a number or a reason for every series."""
    assert held["name"] == name
    missing = {what for what in held["panels"] if what not in held["found"]}
    assert missing <= set(held["lacking"])
    assert all(why.strip() for why in held["lacking"].values())


def first_half(c):
    """Return the codes of the first half of the states: list of str."""
    states = speakers(c)
    return states[: len(states) // 2]


def second_half(c):
    """Return the codes of the second half of the states: list of str."""
    return speakers(c)[len(first_half(c)) :]


def _run(code, given):
    held = dict(given)
    for one in code:
        exec(one, held)
    return held
