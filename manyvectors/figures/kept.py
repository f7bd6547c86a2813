"""The numbers that a figure draws, kept beside it."""

import re
import warnings

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.category import StrCategoryFormatter

from .. import messages
from . import seen

# Why numbers have no interval; ``interval.none.*`` in the catalogue says each in a sentence.
NO_INTERVAL = ("whole", "facts", "cases", "runs", "simulated", "sources", "verdicts")
# Why numbers have no n; ``n.none.*`` says each.
NO_N = ("facts", "counts", "cases", "sources", "verdicts")
ENDS = ("low", "high")
END = re.compile(r"(?<![^_])(?:low|high)$")


def show(figure, data, *levels, unit=None, counted=None, no_interval=None, no_n=None):
    """Show a figure and keep the numbers it draws beside it.

    In a notebook the output of the cell then holds the table as ``text/csv``; the website offers it below the figure.

    ``figure``: matplotlib.figure.Figure. ``data`` (pandas.DataFrame, pandas.Series or dict): what is drawn. A dict of
    tables, or of :class:`manyvectors.inference.Estimate`, becomes one table with the keys in front. ``*levels``: names
    for the levels of the index, which become the first columns. Without them the index must have names; rows that are
    only numbered need none. ``unit``: of all numbers; a column of its own.

    An estimate has its interval and its number beside it: columns ``estimate``, ``low``, ``high`` and ``n``, or the
    same after a name (``ours_low``). ``counted`` (str): what ``n`` counts, such as "speeches"; it is said where the
    table is described. ``no_interval`` (str): why a figure has none, which its line in the readme says: ``"whole"``
    (all texts or votes were counted), ``"facts"`` (dates, codes and reports), ``"cases"`` (each case is a row),
    ``"runs"`` (each run of a model is in it), ``"simulated"`` (shares of invented studies), ``"sources"`` (what several
    sources say), ``"verdicts"`` (words that rest on intervals elsewhere). ``no_n`` (str): why it has no ``n``:
    ``"facts"`` (nothing was counted), ``"counts"`` (what is drawn is itself how many there are), ``"cases"`` (each
    number is that of one text, state or year), ``"sources"`` (the sources do not say), ``"verdicts"``. Where this holds
    for some columns only, both take a dict, column to reason.

    A figure in which something cannot be made out is shown with a warning that says what: labels on each other, words
    or points that are cut off, colours of a key that are like the ground, a dot without a name.

    ValueError if a column or level has no name, or one that is not letters, digits and underscores; if an interval has
    one end only; if ``no_interval`` or ``no_n`` is none of these reasons, or names a column that is not there.
    """
    text = as_csv(data, *levels, unit=unit)
    names = text.partition("\n")[0].split(",")
    alone = [name for name in names if (end := END.search(name)) and not _both(name, end) <= set(names)]
    if alone:
        raise ValueError(f"the data of a figure has {alone[0]} alone: an interval has two ends, low and high")
    _check("no_interval", no_interval, NO_INTERVAL, names)
    _check("no_n", no_n, NO_N, names)
    about = {"counted": counted, "no_interval": no_interval, "no_n": no_n}
    about = {name: value for name, value in about.items() if value}
    figure._repr_mimebundle_ = lambda **_: ({"text/csv": text}, {"text/csv": about} if about else {})
    _translate(figure)
    plt.show()
    if found := seen.faults(figure):  # measured last: one more drawing would move what is laid out by steps
        warnings.warn(f"a reader cannot make out all of this figure: {'; '.join(found)}", stacklevel=3)


def _check(name, given, reasons, columns):
    """Refuse a reason that is none, or one for a column that is not there."""
    for column, reason in (given if isinstance(given, dict) else {None: given}).items():
        if reason not in (None, *reasons):
            raise ValueError(f"{name} must be one of {', '.join(reasons)}, got {reason!r}")
        if column not in (None, *columns):
            raise ValueError(f"{name} names {column!r}; the columns are {', '.join(columns)}")


def _both(name, end):
    """Return what both ends of an interval are called, from the name of one and where in it the end stands."""
    return {name[: end.start()] + each for each in ENDS}


_NAMING = (mpl.ticker.FixedFormatter, mpl.ticker.FuncFormatter, StrCategoryFormatter)  # axes whose ticks have names


def _translate(figure):
    """Say the words of a figure in the language of the book, those of its axes when they are drawn."""
    if not messages.translated():
        return
    for words in figure.findobj(mpl.text.Text):
        words.set_text(messages.drawn(words.get_text()))
    for axis in (axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)):
        names = axis.get_major_formatter()
        if isinstance(names, _NAMING):
            said = mpl.ticker.FuncFormatter(lambda at, place, names=names: messages.drawn(names(at, place)))
            axis.set_major_formatter(said)


def as_csv(data, *levels, unit=None):
    """Return what a figure draws as CSV; see :func:`show`.

    Numbers have six significant digits and at most nine decimals, so that they do not depend on the machine.
    """
    table = pd.DataFrame(_joined(data) if isinstance(data, dict) else data)
    if levels:
        table = table.rename_axis(list(levels))
    numbered = list(table.index.names) == [None] and pd.api.types.is_integer_dtype(table.index)
    names = [*table.columns] if numbered else [*table.index.names, *table.columns]
    wrong = [name for name in names if not re.fullmatch(r"[A-Za-z]\w*", str(name), re.ASCII) or name is None]
    if wrong:
        raise ValueError(
            f"the data of a figure has columns named {wrong}; a reader of the CSV needs a name in letters, digits and "
            "underscores for each: rename them, or name the levels of the index in figures.show(figure, data, ...)"
        )
    table = table.reset_index(drop=numbered)
    for name in table.select_dtypes("floating"):
        table[name] = table[name].astype(float).round(9) + 0.0  # no minus before a zero
    if unit:
        table["unit"] = unit
    return table.to_csv(index=False, lineterminator="\n", float_format="%.6g")


def _joined(tables):
    if all(isinstance(table, (pd.DataFrame, pd.Series)) for table in tables.values()):
        return pd.concat(tables)
    parts = ("estimate", *ENDS)
    return pd.DataFrame({key: [getattr(one, part) for part in parts] for key, one in tables.items()}, index=parts).T
