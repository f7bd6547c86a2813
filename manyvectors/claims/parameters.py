"""What an instrument may be told: the kinds of its parameters, read from a chapter's call or a cell of ``claims.csv``.

A kind stands where a type would, as the annotation of a parameter. It turns what was written into what the instrument
works with, or says what to write instead.
"""

import functools
import inspect
from collections.abc import Mapping
from numbers import Integral

from .. import practice
from ..corpus import states
from .evidence import frozen, undisturbed

INSTRUMENTS = {}
# Words that stand for states of the study, so that a claim can be asked of another focus state.
SYMBOLS = ("focus", "neighbours", "region", "peers", "powers")


class ParameterError(ValueError):
    """A parameter of an instrument is missing, unknown or wrong; the message names it and the remedy."""


class UnfitError(ValueError):
    """What was written does not fit the kind of a parameter; the message says what to write."""


class Kind:
    """A kind of parameter.

    ``read``: from what was written and the evidence to what is used; raises UnfitError with the remedy. ``others``:
    from the value in use, the evidence, the other parameters and options to the values that ``every`` stands for in the
    column ``variants``.
    """

    def __init__(self, read, others=None):
        self.read, self.others = read, others


def _need(fits, value, remedy):
    if not fits:
        raise UnfitError(f"is {value!r}; {remedy}")
    return value


def _is_whole(value):
    return isinstance(value, Integral) and not isinstance(value, bool)


def _is_list(value):
    return isinstance(value, list | tuple)


def _span(value, e):
    fits = _is_list(value) and len(value) == 2 and all(map(_is_whole, value)) and value[0] <= value[1]
    return tuple(_need(fits, value, "give the first and the last year, as [1992, 2013]"))


def _listed(one):
    def read(value, e):
        _need(_is_list(value) and len(value) > 0, value, "give a list")
        return tuple(one(part, e) for part in value)

    return read


def _text(value, e):
    return _need(isinstance(value, str) and value.strip(), value, "give a text; put quotation marks round a number")


def _named(value, e):
    _need(isinstance(value, Mapping) and value, value, "give names with a value each, as {written: [2022, 2023]}")
    return value


def choice(*among):
    """Return the kind of a parameter that is one of a few words."""

    def read(value, e):
        return _need(value in among, value, f"choose one of {', '.join(among)}")

    return Kind(read, lambda value, e, given: [other for other in among if other != value])


def whole(least):
    """Return the kind of a whole number from ``least`` up."""
    return Kind(lambda value, e: _need(_is_whole(value) and value >= least, value, f"give a whole number from {least}"))


def _states(value, e):
    """Read codes of states and words for states of the study: tuple of codes, each once."""
    found = []
    for part in [value] if isinstance(value, str) else _need(_is_list(value) and value, value, "give codes of states"):
        found += _codes(part, e)
    return tuple(dict.fromkeys(found))


def _codes(name, e):
    study = e.study
    known = {
        "focus": (study.focus,),
        "neighbours": study.neighbours,
        "region": (study.focus, *study.neighbours),
        "peers": study.peers,
        "powers": tuple(study.powers),
    }
    if name in known:
        return known[name]
    if name in study.blocs:
        return study.blocs[name].members()
    remedy = f"name states by their codes, blocs of study.yml ({', '.join(study.blocs)}) or {', '.join(SYMBOLS)}"
    if name not in e.c.states.index and name not in e.votes.states:
        named = states.names(e.c)
        _need(False, name, f"{remedy}; {named.hint(name)}" if named.meant(name) else remedy)
    return (name,)


def _state(value, e):
    found = _states(value, e)
    _need(len(found) == 1, value, "name one state")
    return found[0]


def _others(value, e):
    found = _states(value, e)
    fits = e.study.focus not in found
    _need(fits, value, f"leave out {e.study.focus}, the study's focus: it is what the others are compared with")
    return found


def _other(value, e):
    found = _others(value, e)
    _need(len(found) == 1, value, "name one state")
    return found[0]


def _members(value, e):
    found = _states(value, e)
    fits = e.study.focus in found
    return _need(fits, value, f"name a group that {e.study.focus}, the study's focus, belongs to") and found


def _among(known, what, value):
    return _need(value in known, value, f"name one {what} of {', '.join(map(str, known))}")


def _category(value, e):
    return _among(e.words.columns, "category", value)


def _vector(value, e):
    known = dict.fromkeys(vector for mapping in e.mappings.values() for vector in mapping)
    return _among([vector for vector in known if vector != e.study.universal], "vector", value)


def _mapping(value, e):
    return _among(e.mappings, "mapping", value)


def _area(value, e):
    return _among(practice.ISSUES, "issue area", value)


def _phrase(value, e):
    known = set(e.c.table("phrases")["phrase"])
    return _need(value in known, value, "name a phrase as it stands in phrases.csv")


def _seeds(value, e, given, last):
    return range(1, last + 1)


YEAR = whole(1)
COUNT = whole(1)
SEED = Kind(whole(0).read, _seeds)
FLAG = Kind(lambda value, e: _need(isinstance(value, bool), value, "give true or false"))
NUMBER = Kind(lambda value, e: _need(isinstance(value, int | float), value, "give a number"))
YEARS = Kind(_listed(YEAR.read))
SPAN = Kind(_span)
SPANS = Kind(_listed(_span))
NAMED_SPANS = Kind(lambda value, e: {name: _span(part, e) for name, part in _named(value, e).items()})
TEXT = Kind(_text)
TEXTS = Kind(_listed(_text))
PAIRS = Kind(lambda value, e: tuple(_listed(_text)(pair, e) for pair in _listed(lambda p, e: p)(value, e)))
NAMES = Kind(lambda value, e: {_text(name, e): _text(part, e) for name, part in _named(value, e).items()})
NAMED_YEARS = Kind(lambda value, e: {str(name): YEAR.read(part, e) for name, part in _named(value, e).items()})
STATE, STATES = Kind(_state), Kind(_states)
OTHER, OTHERS, MEMBERS = Kind(_other), Kind(_others), Kind(_members)
CATEGORY, CATEGORIES = Kind(_category), Kind(_listed(_category))
VECTOR, PHRASES, AREAS = Kind(_vector), Kind(_listed(_phrase)), Kind(_listed(_area))
MAPPING = Kind(_mapping, lambda value, e, given: [other for other in e.mappings if other != (value or e.mapping)])
CODING = choice(*practice.CODINGS)


def instrument(of):
    """Register a function as an instrument, with its parameters checked and what it returns kept by the evidence.

    ``of`` ({"focus", "group", "world", "study"}): whose number it is: the focus state's, a group's that it belongs to,
    the world's (the same for every study), or one coded for the study's own state.
    """

    def register(function):
        kinds = {name: part for name, part in inspect.signature(function).parameters.items() if name != "e"}

        @functools.wraps(function)
        def instrument(e, **given):
            read = _read(function.__name__, kinds, e, given)
            key = function.__name__, frozen(read)
            if key not in e.kept:
                with undisturbed():
                    e.kept[key] = function(e, **read)
            return e.kept[key].copy()

        instrument.of, instrument.kinds = of, kinds
        instrument.read = functools.partial(_read, function.__name__, kinds)
        INSTRUMENTS[function.__name__] = instrument
        return instrument

    return register


def _read(name, kinds, e, given):
    """Return the parameters as the instrument works with them."""
    unknown = sorted(set(given) - set(kinds))
    if unknown:
        raise ParameterError(f"{name} has no parameter {unknown[0]!r}; it has {', '.join(kinds)}")
    found = {}
    for key, part in kinds.items():
        if key not in given:
            if part.default is part.empty:
                raise ParameterError(f"{name} needs the parameter {key!r}; add it")
        elif given[key] is not None or part.default is not None:
            try:
                found[key] = part.annotation.read(given[key], e)
            except UnfitError as error:  # other errors are the study's, whatever the parameter
                raise ParameterError(f"{name}: the parameter {key!r} {error}") from None
    return found


def changes(name, given, variants, e):
    """Return what each variant of a claim changes: list of dict.

    ``name``: of the instrument. ``given`` (dict): its parameters. ``variants`` (list): dicts of changed parameters, or
    ``{"every": parameter, ...}`` for all other values that its kind knows. ``e``: manyvectors.claims.Evidence.
    ParameterError if ``every`` names a parameter that has no list of values.
    """
    kinds, found = INSTRUMENTS[name].kinds, []
    for change in variants:
        if "every" not in change:
            found.append(change)
            continue
        options = {key: value for key, value in change.items() if key != "every"}
        key = change["every"]
        if key not in kinds or kinds[key].annotation.others is None:
            able = [own for own, part in kinds.items() if part.annotation.others is not None]
            raise ParameterError(f"{name}: 'every: {key}' names no parameter with a list of values; it has {able}")
        others = kinds[key].annotation.others
        if set(options) != set(list(inspect.signature(others).parameters)[3:]):
            raise ParameterError(f"{name}: 'every: {key}' cannot be told {options}; write it as in the other claims")
        value = given.get(key, kinds[key].default)
        found += [{key: other} for other in others(value, e, given, **options)]
    return found
