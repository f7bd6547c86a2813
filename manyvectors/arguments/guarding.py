"""Functions that look at their arguments: which kind belongs to which name, and how a face puts them in place."""

import functools
import inspect

from .arrays import frame, numbers, text_or_series
from .many import paths, seeds, text_or_values, texts, values
from .single import (
    boolean,
    function,
    number,
    path,
    seed,
    share,
    text,
    text_or_boolean,
    text_or_number,
    whole,
    whole_or_none,
)
from .things import corpus, fitted, models


def _named(kind, names):
    return dict.fromkeys(names.split(), kind)


KINDS = {
    **_named(text_or_series, "mapping"),
    **_named(text_or_values, "by periods"),
    "correction": text_or_boolean,
    "edition": text_or_number,
    "thin": whole_or_none,
    **_named(whole, "n window least remainder starts max_iter n_components permutations block n_terms n_items size"),
    **_named(whole, "n_resamples columns starts"),
    **_named(seed, "seed random_state"),
    **_named(seeds, "seeds"),
    **_named(share, "level coverage"),
    **_named(number, "strength zero balance part smooth base"),
    **_named(boolean, "universal variants without_top overwrite reasons contested"),
    **_named(text, "text phrase pattern term variant variance measure coding alternative effect order flow register"),
    **_named(text, "encoding errors scope unit method field node word issue conflict within"),
    **_named(texts, "state states lists"),
    **_named(path, "path folder"),
    **_named(paths, "paths"),
    **_named(function, "statistic"),
    **_named(numbers, "counts tokens p_values codes"),
    **_named(values, "groups by_group"),
    **_named(frame, "sheet rows"),
    **_named(corpus, "c"),
    **_named(fitted, "model"),
    **_named(models, "models"),
}


def look(thing, names):
    """Look at attributes of an estimator, which scikit-learn wants to be taken as they are until it is fitted."""
    for name in names.split():
        KINDS[name](name, getattr(thing, name), None)


def checked(**kinds):
    """Return a decorator: the function looks at its arguments before it does what it did.

    ``kinds``: parameters that are otherwise than :data:`KINDS` says.
    """
    return lambda thing: _looking(thing, KINDS | kinds)


def _looking(thing, kinds):
    parameters = inspect.signature(thing).parameters.values()
    known = {one.name: (one.name, kinds[one.name], one.default) for one in parameters if one.name in kinds}
    placed = [known.get(one.name) for one in parameters if one.kind <= one.POSITIONAL_OR_KEYWORD]
    asked = {one.name: known[one.name] for one in parameters if one.name in known and one.kind in _NAMED}

    # Looked at without binding, which would take longer than many of the functions do.
    @functools.wraps(thing)
    def looked_at(*given, **named):
        for one, value in zip(placed, given, strict=False):
            if one is not None:
                _look(one, value)
        for name, value in named.items():
            if name in asked:
                _look(asked[name], value)
        return thing(*given, **named)

    looked_at.looked_at = True
    return looked_at


_NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def _look(one, value):
    name, kind, default = one
    if value is not default and (value is not None or default is not None):
        kind(name, value, default)


def guard(face, special=None):
    """Put checked functions in the place of those that a face hands out, and of the methods of its classes.

    ``face`` (dict): its names, with ``__all__``. ``special`` (mapping): name of a function, or of a class and its
    method with a dot between, to the parameters that are otherwise than :data:`KINDS` says.
    """
    special = special or {}
    for name in face["__all__"]:
        thing = face.get(name)
        if inspect.isfunction(thing):
            face[name] = thing if hasattr(thing, "looked_at") else _looking(thing, KINDS | special.get(name, {}))
            face[name].__module__ = face["__name__"]  # where another process finds it
        elif inspect.isclass(thing) and not issubclass(thing, (Exception, tuple)):
            for owner, method, one in _methods(thing, special):
                bare = getattr(one, "__func__", one)
                new = _looking(bare, KINDS | special.get(f"{name}.{method}", {}))
                setattr(owner, method, type(one)(new) if bare is not one else new)


def _methods(thing, special):
    """Yield (class, name, method) of the methods of a class that nobody guards yet, its parents' too: of those that are
    public, or for which something special is said.
    """
    for owner in thing.__mro__:
        if owner.__module__.partition(".")[0] == __package__.partition(".")[0]:
            for method, one in list(vars(owner).items()):
                bare = getattr(one, "__func__", one)
                asked = method[0] != "_" or f"{thing.__name__}.{method}" in special
                if asked and inspect.isfunction(bare) and not hasattr(bare, "looked_at"):
                    yield owner, method, one
