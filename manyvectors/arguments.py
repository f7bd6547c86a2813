"""Arguments of public functions, looked at once where a face hands a function out.

What a parameter must be follows from its name, which means the same all over the package, and from its default: where
that is ``None``, ``None`` may be given. A face says what is otherwise. Inside the package nothing is looked at twice:
rooms call each other past this.
"""

import functools
import importlib
import inspect
import os
from collections import Counter
from collections.abc import Callable, Collection, Container, Hashable, Iterable, Iterator, Mapping
from numbers import Integral

MOST = 10_000_000


class _Late:
    """A package that is imported when it is first asked for something: a guarded face may take no time to load."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, part):
        return getattr(importlib.import_module(self._name), part)


np, pd, sparse = map(_Late, ("numpy", "pandas", "scipy.sparse"))


class ArgumentError(TypeError, ValueError):
    """An argument is of the wrong type. It is caught as either: a value of a wrong type is a wrong value, too."""


def whole(name, value, default):
    """Refuse what is no whole number from 0 up, or more than anybody means; some functions ask for 1 and say so."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise _wrong(name, "a whole number from 0 up", value)
    if not 0 <= value <= MOST:
        raise ValueError(f"{name} must be a whole number from 0 to {MOST:,}, got {value!r}")


def seed(name, value, default):
    """Refuse what is no whole number from 0 up: a result without a seed cannot be had again."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise _wrong(name, "a whole number from 0 up", value)
    if not 0 <= value < 2**32:
        raise ValueError(f"{name} must be a whole number from 0 to {2**32 - 1}, got {value!r}")


def seeds(name, value, default):
    """Refuse what is neither a number of seeds nor some seeds."""
    if isinstance(value, (str, Integral)) or not isinstance(value, Collection) or getattr(value, "ndim", 1) == 0:
        whole(name, value, 1)
        return
    for one in value:
        seed(name, one, default)


def share(name, value, default):
    """Refuse what is no number between 0 and 1, the ends left out."""
    number(name, value, default)
    if not 0 < value < 1:
        raise ValueError(f"{name} must be between 0 and 1, got {value!r}")


def number(name, value, default):
    """Refuse what is no finite number."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise _wrong(name, "a number", value)
    if not abs(value) < 1e15:
        raise ValueError(f"{name} must be a finite number, got {value!r}")


def year(name, value, default):
    """Refuse what is no year."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise _wrong(name, "a year", value)


def boolean(name, value, default):
    """Refuse what is neither True nor False: the text "False" would count as true."""
    if not isinstance(value, bool) and not isinstance(value, np.bool_):
        raise _wrong(name, "True or False", value)


def text(name, value, default):
    """Refuse what is no text."""
    if not isinstance(value, str):
        raise _wrong(name, "a text", value)


def names(name, value, default):
    """Refuse what is no collection of texts, nor a mapping that has them as keys."""
    if isinstance(value, str):
        raise _wrong(name, "several texts", value)
    texts(name, list(value) if isinstance(value, Mapping) else value, default)


def texts(name, value, default):
    """Refuse what is neither a text nor several."""
    if isinstance(value, str) or hasattr(value, "members"):  # a bloc of the study is several states
        return
    if isinstance(value, (bytes, Mapping, pd.DataFrame)) or not isinstance(value, Collection):
        raise _wrong(name, "a text or several", value)
    if getattr(value, "ndim", 1) == 0:
        raise _wrong(name, "a text or several", value)
    for one in value:
        if not isinstance(one, str):
            raise _wrong(name, "a text or several texts", one)


def path(name, value, default):
    """Refuse what is no path."""
    if not isinstance(value, (str, os.PathLike)):
        raise _wrong(name, "a path", value)


def paths(name, value, default):
    """Refuse what is neither a path nor several."""
    if not isinstance(value, (str, os.PathLike)):
        if isinstance(value, (bytes, Mapping)) or not isinstance(value, Collection) or getattr(value, "ndim", 1) == 0:
            raise _wrong(name, "a path or several", value)
        for one in value:
            path(name, one, default)


def function(name, value, default):
    """Refuse what cannot be called."""
    if not isinstance(value, Callable):
        raise _wrong(name, "a function", value)


def numeric(name, value, default):
    """Refuse what is no number and no array of numbers; return it as an array."""
    what = "a number, or an array of numbers"
    if sparse.issparse(value):
        return value.data
    if value is None or isinstance(value, (Mapping, set, frozenset)):
        raise _wrong(name, what, value)
    try:
        held = np.asarray(value, float)
        kind = np.asarray(value).dtype.kind
    except (TypeError, ValueError, OverflowError):
        raise _wrong(name, what, value) from None
    if kind in "USMm" or (kind == "O" and held.ndim == 0):
        raise _wrong(name, what, value)
    return held


def numbers(name, value, default):
    """Refuse what is no number and holds none, or holds some that are missing or infinite."""
    held = numeric(name, value, default)
    if not np.isfinite(held).all():
        raise ValueError(f"{name} must hold finite numbers; it holds {held[~np.isfinite(held)].ravel()[0]}")


def documents(name, value, default):
    """Refuse what is no array of numbers, nor a tuple or list of such arrays."""
    if isinstance(value, (tuple, list)):
        for i, one in enumerate(value):
            numbers(f"{name}[{i}]" if np.ndim(one) else name, one, default)
    else:
        array(name, value, default)


def array(name, value, default):
    """Refuse what is no array of finite numbers."""
    numbers(name, value, default)
    if np.ndim(value) == 0 and not sparse.issparse(value):
        raise _wrong(name, "an array of numbers", value)


def values(name, value, default):
    """Refuse what is no sequence of values."""
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, (Collection, np.ndarray, pd.Series, pd.Index)):
        raise _wrong(name, "a sequence, one value for each row", value)
    if isinstance(value, (set, frozenset)) or (hasattr(value, "ndim") and value.ndim != 1):
        raise _wrong(name, "a sequence, one value for each row", value)


def frame(name, value, default):
    """Refuse what is no DataFrame."""
    if not isinstance(value, pd.DataFrame):
        raise _wrong(name, "a DataFrame", value)


def mapping(name, value, default):
    """Refuse what maps nothing to anything."""
    if not isinstance(value, (Mapping, pd.Series)):
        raise _wrong(name, "a mapping, such as a dict", value)


def corpus(name, value, default):
    """Refuse what is no corpus."""
    # Its class is asked, since to ask the corpus would open its tables.
    known = {*dir(type(value)), *getattr(value, "__dict__", ())}
    if isinstance(value, pd.DataFrame) or not known & {"documents", "terms", "phrases"}:
        raise _wrong(name, "a corpus, as from corpus.load() or corpus.read()", value)


def fitted(name, value, default):
    """Refuse what is neither a topic model nor a table of its terms."""
    if isinstance(value, type) or not (
        isinstance(value, pd.DataFrame) or any(hasattr(value, one) for one in ("n_components", "components_"))
    ):
        raise _wrong(name, "a TopicModel", value)


def models(name, value, default):
    """Refuse what is no sequence of topic models."""
    if (
        isinstance(value, (str, Mapping))
        or not isinstance(value, Collection)
        or getattr(value, "ndim", 1) == 0
        or not len(value)
    ):
        raise _wrong(name, "a sequence of TopicModels", value)
    for one in value:
        fitted(name, one, default)


def topic_model(name, value, default):
    """Refuse what is no topic model: what has no topics."""
    if isinstance(value, type) or (not hasattr(value, "components_") and not hasattr(value, "top_terms")):
        raise _wrong(name, "a TopicModel", value)


def topic_models(name, value, default):
    """Refuse what is no sequence of topic models."""
    models(name, value, default)
    for one in value:
        topic_model(name, one, default)


def recipe(name, value, default):
    """Refuse what is no recipe."""
    if isinstance(value, type) or not hasattr(value, "keeps"):
        raise _wrong(name, "a Recipe", value)


def recipe_source(name, value, default):
    """Refuse what brings no names for a recipe."""
    if isinstance(value, type) or not hasattr(value, "stop_names"):
        raise _wrong(name, "a TermMatrix or a study", value)


def stop_lists(name, value, default):
    """Refuse what is neither the name of a stop list nor names and sets of words."""
    if not isinstance(value, str):
        if isinstance(value, (bytes, Mapping)) or not isinstance(value, Collection) or getattr(value, "ndim", 1) == 0:
            raise _wrong(name, "names of stop lists, and sets of words", value)
        for one in value:
            if not isinstance(one, str):
                words(name, one, default)  # what is in them, the recipe looks at


def workers(name, value, default):
    """Refuse what is no number of workers, as joblib counts them: 1 up, or below 0 from all cores down."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise _wrong(name, "a whole number, such as 4, or -1 for all cores", value)
    if not 0 < abs(value) <= 1000:
        raise ValueError(f"{name} must be from 1 to 1,000, or -1 for all cores, got {value!r}")


def wholes(name, value, default):
    """Refuse what is no sequence of whole numbers; what can be gone through only once is left to the function."""
    if isinstance(value, Iterator):
        return
    values(name, value, default)
    for one in value:
        whole(name, one, default)


def text_each(name, value, default):
    """Refuse what is no sequence of texts."""
    values(name, value, default)
    for one in value:
        text(f"every one of {name}", one, default)


def columns_of(name, value, default):
    """Refuse what is neither the name of a column nor a list of names."""
    for one in value if isinstance(value, list) else [value]:
        label(name, one, default)


def a_study(name, value, default):
    """Refuse what is no study."""
    if isinstance(value, type) or not hasattr(value, "focus"):
        raise _wrong(name, "a study, as from study.load()", value)


def samples(name, value, default):
    """Refuse what holds no rows."""
    several(name, value, default)
    if isinstance(value, (Mapping, set, frozenset)):
        raise _wrong(name, "a table or an array, a row for each document", value)


def series(name, value, default):
    """Refuse what is no Series."""
    if not isinstance(value, pd.Series):
        raise _wrong(name, "a Series, labelled by document", value)


def several(name, value, default):
    """Refuse what does not hold several things."""
    if isinstance(value, (str, bytes)) or not isinstance(value, Collection) or getattr(value, "ndim", 1) == 0:
        raise _wrong(name, "a sequence", value)


def text_or_values(name, value, default):
    """Refuse what is neither the name of a field nor a value for each row."""
    if not isinstance(value, str):
        values(name, value, default)


def text_or_series(name, value, default):
    """Refuse what is neither a name nor a Series."""
    if not isinstance(value, (str, pd.Series)):
        raise _wrong(name, "a name or a Series", value)


def some(name, value, default):
    """Refuse what is no whole number from 1 up."""
    whole(name, value, default)
    if value < 1:
        raise ValueError(f"{name} must be a whole number from 1 up, got {value!r}")


def grid(name, value, default):
    """Refuse what is no array of finite numbers with one axis or more, and something in it."""
    array(name, value, default)
    if not np.size(value):
        raise ValueError(f"{name} holds nothing")


def lists(name, value, default):
    """Refuse what is neither a list of texts nor a table or lists of them."""
    if isinstance(value, pd.DataFrame):
        if value.empty:
            raise _wrong(name, "lists of terms", value)
        return
    several(name, value, default)
    for one in value.values() if isinstance(value, Mapping) else value:
        if not isinstance(one, str):
            several(f"every part of {name}", one, default)


def text_or_number(name, value, default):
    """Refuse what is neither a text nor a number."""
    if not isinstance(value, str):
        number(name, value, default)


def codes(name, value, default):
    """Refuse what is no array of whole numbers."""
    held = numeric(name, value, default)
    if held.ndim == 0 or not held.size or (held % 1 != 0).any() or (np.abs(held) > MOST).any():
        raise _wrong(name, "an array of codes, whole numbers", value)


def measured(name, value, default):
    """Refuse what is no array of numbers; some may be missing."""
    if numeric(name, value, default).ndim == 0:
        raise _wrong(name, "an array of numbers", value)


def line(name, value, default):
    """Refuse what is no sequence of numbers; some may be missing."""
    if numeric(name, value, default).ndim != 1:
        raise _wrong(name, "a sequence of numbers", value)


def text_or_boolean(name, value, default):
    """Refuse what is neither a text nor True nor False."""
    if not isinstance(value, (str, bool, np.bool_)):
        raise _wrong(name, "a text, True or False", value)


def whole_or_none(name, value, default):
    """Refuse what is neither None nor a whole number from 0 up."""
    if value is not None:
        whole(name, value, default)


def draws(name, value, default):
    """Refuse what is no generator of random numbers."""
    if not hasattr(value, "integers"):
        raise _wrong(name, "a generator of random numbers, as from numpy.random.default_rng()", value)


def label(name, value, default):
    """Refuse what no row can be called by."""
    if not isinstance(value, Hashable) or isinstance(value, (bytes, type)) or value is None:
        raise _wrong(name, "the label of a row", value)


def sources(name, value, default):
    """Refuse what is no collection or stream of texts; each is looked at when its turn comes."""
    wrong = isinstance(value, (str, bytes, Mapping)) or hasattr(value, "columns") or getattr(value, "ndim", 1) == 0
    if wrong or not isinstance(value, Iterable):
        raise _wrong(name, "several texts", value)


def phrases(name, value, default):
    """Refuse what is no collection or stream of phrases; one alone would be taken for its letters."""
    sources(name, value, default)
    if isinstance(value, Collection):
        for one in value:
            text(name, one, default)


def words(name, value, default):
    """Refuse what cannot say of a word whether it is in it; in a text every piece of a word is."""
    if isinstance(value, (str, bytes)) or not isinstance(value, Container):
        raise _wrong(name, "a set or list of words", value)


def word_set(name, value, default):
    """Refuse what is no set or list of words."""
    words(name, value, default)
    if getattr(value, "ndim", 1) != 1:
        raise _wrong(name, "a set or list of words", value)
    texts(name, value, default)


def spellings(name, value, default):
    """Refuse what maps no text to another, and is no sequence of pairs."""
    try:
        found = dict(value)
    except (TypeError, ValueError):
        raise _wrong(name, "a mapping of one spelling to another", value) from None
    for pair in found.items():
        for one in pair:
            if not isinstance(one, str) or not pair[0]:
                raise _wrong(name, "a mapping of one spelling to another", value)


def tally(name, value, default):
    """Refuse what does not map something to how often it is there."""
    if not isinstance(value, Mapping):
        raise _wrong(name, "a mapping to whole numbers", value)
    for one in value.values():
        whole(name, one, 0)


def counter(name, value, default):
    """Refuse what does not count what it has not seen as 0."""
    if not isinstance(value, Counter):
        raise _wrong(name, "a collections.Counter", value)


def spans(name, value, default):
    """Refuse what is no list of (start, end)."""
    if not isinstance(value, (list, tuple)):
        raise _wrong(name, "a list of (start, end), as from token_spans()", value)
    for one in value:
        if not isinstance(one, tuple) or len(one) != 2 or not all(isinstance(end, int) for end in one):
            raise _wrong(name, "a list of (start, end), as from token_spans()", value)


def one_each(name, value, default):
    """Refuse what is no sequence of True and False."""
    values(name, value, default)
    found = np.asarray(value)
    if found.dtype != bool and not (found.dtype == object and all(isinstance(one, (bool, np.bool_)) for one in found)):
        raise _wrong(name, "a sequence of True and False, one for each row", value)


def anything(name, value, default):
    """Refuse nothing: the function looks itself."""


def _wrong(name, what, value):
    said = " ".join(repr(value).split())
    said = said if len(said) <= 60 else said[:57] + "..."
    return ArgumentError(f"{name} must be {what}, got {said} ({type(value).__name__})")


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
        if owner.__module__.partition(".")[0] == __package__:
            for method, one in list(vars(owner).items()):
                bare = getattr(one, "__func__", one)
                asked = method[0] != "_" or f"{thing.__name__}.{method}" in special
                if asked and inspect.isfunction(bare) and not hasattr(bare, "looked_at"):
                    yield owner, method, one
