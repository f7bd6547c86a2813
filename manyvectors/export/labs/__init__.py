"""The data of the labs: one module here for each lab that has data of its own, called as the lab with underscores.

A lab's module has a function ``data(c)``, which takes a :class:`manyvectors.corpus.Corpus` and returns what the lab's
script is given (see :mod:`manyvectors.export.handed`), as JSON can hold it. A module may have ``answers(c)``, too: the
answers to what a task sheet asks, of which the book keeps hashes (:mod:`manyvectors.export.homework`).
"""

import importlib
import pkgutil

from .. import handed


def names():
    """Return the names of the labs that have data of their own: sorted list of str."""
    return [name.replace("_", "-") for name in _rooms("data")]


def data(name, c):
    """Return what the script of a lab is given.

    ``name`` (str): of the lab, such as ``"deal-again"``. ``c``: manyvectors.corpus.Corpus. KeyError for a lab without
    data of its own.
    """
    if name not in names():
        raise KeyError(f"no data for a lab {name!r}; there are those of {', '.join(names())}")
    return _room(name.replace("-", "_")).data(c)


def answers(c):
    """Return the answers to what the labs' task sheets ask: list of dict, in the order of the modules' names.

    ``c``: manyvectors.corpus.Corpus. Each has ``exercise`` (the label, which begins with ``lab-``), ``kind``, of a
    number ``step`` and maybe ``around``, and ``value`` (dict: part to value, with an empty name where there is one).
    """
    return [asked for name in _rooms("answers") for asked in _room(name).answers(c)]


def write(name, c, path):
    """Write the script of data of a lab.

    ``name`` (str): of the lab. ``c``: manyvectors.corpus.Corpus. ``path`` (pathlib.Path): in a folder that is there.
    KeyError as of :func:`data`.
    """
    held = data(name, c)
    path.write_text(handed.script(name, handed.version([], held), held), encoding="ascii")


def _rooms(function):
    """Return the names of the modules that have a function: sorted list of str."""
    found = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [name for name in found if hasattr(_room(name), function)]


def _room(name):
    return importlib.import_module(f".{name}", __name__)
