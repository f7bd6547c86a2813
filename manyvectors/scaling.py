"""Where does a text stand between others? Wordscores and Wordfish, with intervals from resampling."""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .methods.wordfish import Wordfish
    from .methods.wordscores import Wordscores

__all__ = ["Wordfish", "Wordscores"]


def __getattr__(name):
    # Late, since an estimator needs scikit-learn, which takes a second to load.
    if name in __all__:
        return getattr(importlib.import_module(f".methods.{name.lower()}", __package__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return __all__
