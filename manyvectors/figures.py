"""One look for every figure: colours with fixed meanings, edition marks, direct labels, vector output.

What a colour means is the study's to say. Colours that it leaves open follow Okabe and Ito's palette, which stays apart
for colour-blind readers; every figure also says with words or position what its colours say.
"""

import datetime
import re
import textwrap

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.category import StrCategoryFormatter
from matplotlib_inline.backend_inline import set_matplotlib_formats

from . import arguments, messages

__all__ = [
    "Look",
    "as_csv",
    "band",
    "cards",
    "dots",
    "heat",
    "key",
    "name_line",
    "ranges",
    "show",
    "tiles",
    "use",
]

RANK_COLOURS = {
    "head of state": "#1b3a5c",
    "head of government": "#3f7fbf",
    "minister": "#9cc3e6",
    "deputy minister": "#e69f00",
    "representative": "#d55e00",
    "unknown": "#bdbdbd",
}

GREY = "#4d4d4d"  # axes, edition marks, outlines
OKABE_ITO = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#6b6b6b", "#f0e442")
# How normal, red-blind, green-blind and blue-blind eyes see linear RGB (Machado, Oliveira and Fernandes 2009).
EYES = np.array(
    [
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ]
)

# Small enough that ten-point letters stay legible when a phone shrinks the figure to its width.
WIDTH = 5.2


def use(study=None):
    """Set the book's style, with SVG that is the same on every run; return the :class:`Look` of a study, if given."""
    mpl.rcParams.update(
        {
            "figure.figsize": (WIDTH, 3.4),
            "figure.constrained_layout.use": True,
            "font.size": 10,
            "axes.titlesize": 10,
            "axes.titlelocation": "left",
            "axes.labelsize": 10,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": GREY,
            "xtick.color": GREY,
            "ytick.color": GREY,
            "lines.linewidth": 1.8,
            "svg.hashsalt": "many-vectors",
        }
    )
    set_matplotlib_formats("svg", bbox_inches=None, metadata={"Date": None, "Creator": None})
    return Look(study) if study is not None else None


class Look:
    """The colours of a study, one for each meaning, and the marks of its eras.

    ``study``: manyvectors.study.Study. ``focus``, ``neighbours``, ``world``: colours of the state studied, of its
    neighbours, and of all others. ``groups`` (dict): the same three by name: the state's, "neighbours", "world".
    ``eras``, ``registers`` (dict): era or register to colour. Eras without a colour in the study get further ones that
    stay apart.
    """

    def __init__(self, study):
        self._study, given = study, study.colours
        self.focus, self.neighbours, self.world = (given[name] for name in ("focus", "neighbours", "world"))
        self.groups = {study.focus_name: self.focus, "neighbours": self.neighbours, "world": self.world}
        self.registers = dict(given["registers"])
        coloured = [given["eras"][era] for era in study.eras if era in given["eras"]]
        rest = iter(_further(coloured, len(study.eras) - len(coloured)))
        self.eras = {era: given["eras"].get(era) or next(rest) for era in study.eras}

    def state(self, code):
        """Return the colour of a state: that of the focus, of its neighbours, or of the world."""
        own = {self._study.focus: self.focus} | dict.fromkeys(self._study.neighbours, self.neighbours)
        return own.get(code, self.world)

    def editions(self, ax, label=True):
        """Mark the first General Debate under each edition, an era after the first, with a dashed line.

        The axes have calendar years on the horizontal axis; with ``label`` the era's name stands at the top, after
        the words "Concept of".
        """
        if label and len(self._study.eras) > 1:
            first = list(self._study.eras.values())[1]
            _above(ax, first - 0.5, "Concept of", -2, "right")
        for name, year in list(self._study.eras.items())[1:]:
            ax.axvline(year - 0.5, color=GREY, linewidth=0.8, linestyle=(0, (3, 3)), zorder=0)
            if label:
                _above(ax, year - 0.5, name, 2, "left")

    def spans(self, last):
        """Return the years of each era in words, for axes on which the name of an era would look like a year.

        ``last``: int, the last year that is shown. Returns dict, era to str such as "2001–04". ValueError if the last
        era begins after ``last``.

        >>> from manyvectors import study
        >>> Look(study.load()).spans(2024)["2001"]
        '2001–04'
        """
        first = list(self._study.eras.values())
        if last < first[-1]:
            raise ValueError(
                f"the last era of the study begins in {first[-1]}; name that year or a later one, not {last}"
            )
        ends = [*(year - 1 for year in first[1:]), last]
        return {era: _years(*pair) for era, pair in zip(self._study.eras, zip(first, ends, strict=True), strict=True)}

    def edition_key(self, ax, title):
        """Use an empty panel beside small ones to say which edition each dashed line stands for, under a title."""
        self.editions(ax, label=False)
        marked = list(self._study.eras.items())[1:]
        step = min(0.2, 0.8 / max(1, len(marked) - 1))
        for place, (name, year) in enumerate(marked):
            ax.text(year, 0.9 - step * place, name, transform=ax.get_xaxis_transform(), fontsize=8, color=GREY)
        ax.spines[:].set_visible(False)
        ax.tick_params(left=False, bottom=False, labelleft=False)
        ax.set_title(title, fontsize=8, color=GREY)


def _above(ax, year, text, shift, side):
    place = {"xycoords": ("data", "axes fraction"), "xytext": (shift, 1), "textcoords": "offset points"}
    ax.annotate(text, (year, 1), fontsize=8, color=GREY, va="bottom", ha=side, **place)


def _years(first, last):
    """Write a span of years: 1999, 1999–2003, 2001–04."""
    short = f"{last % 100:02d}" if first // 100 == last // 100 else last
    return str(first) if first == last else f"{first}–{short}"


def _further(taken, number):
    """Return colours that stay apart from those taken and from each other, for colour-blind readers too."""
    steps = [f"{step:02x}" for step in range(0, 256, 51)]
    pools = [OKABE_ITO, tuple(f"#{r}{g}{b}" for r in steps for g in steps for b in steps)]
    pools = [[colour for colour in pool if 0.02 < _luminance(colour) < 0.475] for pool in pools]  # legible on white
    found = []
    for _ in range(number):
        seen = _seen([*taken, *found])
        for pool in pools:
            apart = [min((_distance(one, other) for other in seen), default=np.inf) for one in _seen(pool)]
            best = int(np.argmax(apart))
            if apart[best] > 12:
                break
        found.append(pool[best])
    return found


def _luminance(colour):
    return float(_linear([colour])[0] @ [0.2126, 0.7152, 0.0722])


def _linear(colours):
    rgb = np.array([mpl.colors.to_rgb(colour) for colour in colours]).reshape(-1, 3)
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def _seen(colours):
    """Return colours in CIELAB as four kinds of eyes see them: shape (colours, eyes, 3)."""
    rgb = np.clip(np.einsum("eij,cj->cei", EYES, _linear(colours)), 0, 1)
    xyz = rgb @ np.array([[0.4124, 0.2126, 0.0193], [0.3576, 0.7152, 0.1192], [0.1805, 0.0722, 0.9505]])
    xyz = xyz / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def _distance(one, other):
    return np.linalg.norm(one - other, axis=-1).min()


def show(figure, data, *levels, unit=None):
    """Show a figure and keep the numbers it draws beside it.

    In a notebook the output of the cell then holds the table as ``text/csv``; the website offers it below the figure.

    ``figure``: matplotlib.figure.Figure. ``data`` (pandas.DataFrame, pandas.Series or dict): what is drawn. A dict of
    tables, or of :class:`manyvectors.inference.Estimate`, becomes one table with the keys in front. ``*levels``: names
    for the levels of the index, which become the first columns. Without them the index must have names; rows that are
    only numbered need none. ``unit``: of all numbers; a column of its own.

    ValueError if a column or level has no name, or one that is not letters, digits and underscores.
    """
    text = as_csv(data, *levels, unit=unit)
    figure._repr_mimebundle_ = lambda **_: {"text/csv": text}
    _translate(figure)
    plt.show()


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
    parts = ("estimate", "low", "high")
    return pd.DataFrame({key: [getattr(one, part) for part in parts] for key, one in tables.items()}, index=parts).T


def name_line(ax, x, y, text, colour, **place):
    """Write the name of a line or point beside it, in its colour."""
    place = {"xytext": (4, 0), "textcoords": "offset points", "va": "center"} | place
    ax.annotate(text, (x, y), color=colour, **place)


def tiles(ax, frame, colours, empty="none"):
    """Draw a table of categories as coloured tiles: rows downwards, columns along the horizontal axis.

    ``frame`` holds categories, its columns are numbers, one apart; ``colours`` maps category to colour. Missing cells
    are filled with ``empty`` and have a thin outline.
    """
    for row, (_, cells) in enumerate(frame.iterrows()):
        for column, value in cells.items():
            known = value in colours
            face, edge = (colours[value], "white") if known else (empty, "#bdbdbd")
            ax.add_patch(
                plt.Rectangle((column - 0.5, row - 0.45), 1, 0.9, facecolor=face, edgecolor=edge, linewidth=0.6)
            )
    ax.set_xlim(min(frame.columns) - 0.6, max(frame.columns) + 0.6)
    ax.set_yticks(range(len(frame)), frame.index)
    _rows(ax, len(frame))


def _rows(ax, number):
    """Leave room for rows of a figure, first row on top, without the vertical axis."""
    ax.set_ylim(number - 0.4, -0.6)
    ax.tick_params(left=False)
    ax.spines["left"].set_visible(False)


def key(ax, colours, columns=2):
    """Explain colours in words, below the axes."""
    handles = [plt.Rectangle((0, 0), 1, 1, facecolor=colour) for colour in colours.values()]
    ax.figure.legend(handles, list(colours), loc="outside lower center", ncols=columns, frameon=False, fontsize=9)


def band(ax, x, estimate, colour, label=None):
    """Draw a line with its interval, and its label at its end.

    ``estimate`` is a DataFrame or :class:`manyvectors.inference.Estimate` with ``estimate``, ``low`` and ``high`` of
    the shape of ``x``, (n,).
    """
    low, high, middle = (np.asarray(getattr(estimate, part)) for part in ("low", "high", "estimate"))
    if len(x) != np.size(middle) or not len(x):
        raise ValueError(f"need a place on the axis for each of {np.size(middle)} estimates, got {len(x)}")
    ax.fill_between(x, low, high, color=colour, alpha=0.18, linewidth=0)
    ax.plot(x, middle, color=colour)
    if label:
        name_line(ax, np.asarray(x)[-1], middle[-1], label, colour)


def cards(ax, places, heads, bodies, shades, colour, dashed=()):
    """Lay out short texts as a map of cards.

    ``ax``: matplotlib.axes.Axes. ``places`` (pandas.DataFrame): ``row`` and ``column`` of each card, from 0. ``heads``,
    ``bodies`` (sequence of str): a title and a text for each card, in the order of ``places``; wrapped to fit.
    ``shades`` (sequence of float): 0 (white) to 1 (full) for each card; kept pale, so that the texts stay legible.
    ``colour``: str. ``dashed`` (container): index labels of cards drawn with a dashed outline.
    """
    if not len(places) == len(heads) == len(bodies) == len(shades):
        raise ValueError(f"need a head, a body and a shade for each of {len(places)} places")
    for (name, row, column), head, body, shade in zip(places.itertuples(), heads, bodies, shades, strict=True):
        face = mpl.colors.to_rgba(colour, 0.42 * shade)
        style = {"linestyle": (0, (4, 3)), "edgecolor": GREY} if name in dashed else {"edgecolor": "#bdbdbd"}
        ax.add_patch(plt.Rectangle((column + 0.02, row + 0.03), 0.96, 0.94, facecolor=face, linewidth=1, **style))
        ax.text(column + 0.06, row + 0.1, _wrap(head, 19), va="top", fontsize=9.5, fontweight="bold")
        ax.text(column + 0.06, row + 0.92, _wrap(body, 21), va="bottom", fontsize=9, color="#333333")
    ax.set(xlim=(0, places["column"].max() + 1), ylim=(places["row"].max() + 1, 0))
    ax.axis("off")


def _wrap(text, width):
    return textwrap.fill(text, width, break_on_hyphens=False)


def ranges(ax, bars, colours, full):
    """Draw periods of time as bars on rows of their own, first row on top.

    ``bars`` has ``start`` and ``end``, days; ``full`` says of each whether it is filled, or pale with an outline.
    """
    if not len(bars) == len(colours) == len(full):
        raise ValueError(f"need a colour, and True or False, for each of {len(bars)} bars")
    for row, (start, end, colour, filled) in enumerate(zip(bars["start"], bars["end"], colours, full, strict=True)):
        style = {"facecolor": colour if filled else mpl.colors.to_rgba(colour, 0.25), "edgecolor": colour}
        # A single day would be thinner than a line.
        ax.barh(row, max((end - start).days + 1, 45), left=start, height=0.6, linewidth=0.8, **style)
    _rows(ax, len(bars))


def heat(ax, grid, colour, stars=()):
    """Draw a lower triangle of distances as shaded cells with their numbers; the diagonal, the noise, is framed.

    ``grid`` is square, with numbers on and below the diagonal; ``colour`` is that of the largest. ``stars`` holds the
    (row, column) labels of cells marked with a star.
    """
    low, high = np.nanmin(grid.to_numpy()), np.nanmax(grid.to_numpy())
    for row, name in enumerate(grid.index):
        for column, other in enumerate(grid.columns[: row + 1]):
            value = grid.at[name, other]
            face = mpl.colors.to_rgba(colour, 0.04 + 0.5 * (value - low) / (high - low))
            ax.add_patch(plt.Rectangle((column - 0.48, row - 0.48), 0.96, 0.96, facecolor=face, edgecolor="white"))
            if row == column:
                frame = {"facecolor": "none", "edgecolor": GREY, "linewidth": 1.2}
                ax.add_patch(plt.Rectangle((column - 0.44, row - 0.44), 0.88, 0.88, **frame))
            text = f"{value:.2f}".lstrip("0") + ("*" if (name, other) in stars else "")
            ax.text(column, row, text, ha="center", va="center")
    ax.set(xlim=(-0.5, len(grid) - 0.5), ylim=(len(grid) - 0.5, -0.5))
    ax.set_xticks(range(len(grid)), grid.columns)
    ax.set_yticks(range(len(grid)), grid.index)
    ax.tick_params(left=False, bottom=False)
    ax.spines[:].set_visible(False)


def dots(ax, table, colour, hollow=()):
    """Draw estimates as dots with their intervals as bars, one row each, first row on top, and a line at zero.

    ``table`` has ``estimate``, ``low`` and ``high``, its index the names of the rows; dots of the rows in ``hollow``
    are not filled.
    """
    for row, (name, estimate, low, high) in enumerate(table[["estimate", "low", "high"]].itertuples()):
        ax.plot([low, high], [row, row], color=colour, linewidth=1.2, solid_capstyle="butt")
        inside = "white" if name in hollow else colour
        ax.plot(estimate, row, "o", color=colour, markersize=5, markerfacecolor=inside)
    ax.axvline(0, color=GREY, linewidth=0.8, zorder=0)
    ax.set_yticks(range(len(table)), table.index)
    _rows(ax, len(table))


def _axes(name, value, default):
    """Refuse what is no axes of matplotlib."""
    if not isinstance(value, mpl.axes.Axes):
        raise TypeError(f"{name} must be axes, as from plt.subplots(), got {type(value).__name__}")


def _colour(name, value, default):
    """Refuse what is no colour of matplotlib."""
    if not mpl.colors.is_color_like(value):
        raise ValueError(f"{name} must be a colour, such as '#1b3a5c', got {type(value).__name__}")


def _colours(name, value, default):
    """Refuse what does not map names to colours."""
    arguments.mapping(name, value, default)
    for one in value.values() if isinstance(value, dict) else value:
        _colour(f"every value of {name}", one, default)


def _colour_each(name, value, default):
    """Refuse what is no sequence of colours."""
    arguments.values(name, value, default)
    for one in value:
        _colour(f"every one of {name}", one, default)


def _estimates(name, value, default):
    """Refuse what has no estimates with their ends."""
    if not all(hasattr(value, part) for part in ("estimate", "low", "high")):
        raise TypeError(f"{name} must have estimate, low and high, got {type(value).__name__}")


def _table_of(*columns):
    def look(name, value, default):
        arguments.frame(name, value, default)
        missing = [column for column in columns if column not in value]
        if missing or value.empty:
            raise ValueError(f"{name} has no {f'column {missing[0]!r}' if missing else 'rows'}")

    return look


def _data(name, value, default):
    """Refuse what is neither a table nor tables or estimates by name."""
    if isinstance(value, dict) and value:
        for one in value.values():
            if not isinstance(one, (pd.DataFrame, pd.Series)):
                _estimates(f"every value of {name}", one, default)
    elif not isinstance(value, (pd.DataFrame, pd.Series)):
        raise TypeError(f"{name} must be a table, or several by name, got {type(value).__name__}")


def _figure(name, value, default):
    """Refuse what is no figure of matplotlib."""
    if not isinstance(value, mpl.figure.Figure):
        raise TypeError(f"{name} must be a figure, as from plt.subplots(), got {type(value).__name__}")


def _place(name, value, default):
    """Refuse what is no place on an axis: a number, a day or a name."""
    if not isinstance(value, (str, pd.Timestamp, datetime.date, np.datetime64)):
        arguments.number(name, value, default)


def _places(name, value, default):
    """Refuse what is no sequence of places on an axis."""
    if isinstance(value, (set, frozenset, dict)) or getattr(value, "ndim", 1) != 1:
        raise TypeError(f"{name} must be a sequence of places, got {type(value).__name__}")
    arguments.several(name, list(value) if isinstance(value, range) else value, default)
    for one in value:
        _place(name, one, default)


def _marked(name, value, default):
    """Refuse what does not hold labels of what is marked."""
    if not isinstance(value, (list, tuple, set, frozenset, pd.Index)):
        raise TypeError(f"{name} must be a list or a set of labels, got {type(value).__name__}")


def _grid(name, value, default):
    """Refuse what is no square table with numbers on and below its diagonal."""
    _table_of()(name, value, default)
    held = arguments.numeric(name, value, default)
    if held.shape[0] != held.shape[1] or not np.isfinite(held[np.tril_indices(len(held))]).all():
        raise ValueError(f"{name} must be square, with numbers on and below the diagonal")


def _tiles(name, value, default):
    """Refuse what is no table whose columns are numbers."""
    _table_of()(name, value, default)
    for column in value.columns:
        arguments.number(f"every column of {name}", column, default)


def _shades(name, value, default):
    """Refuse what is no sequence of numbers from 0 to 1."""
    arguments.line(name, value, default)
    if not all(0 <= one <= 1 for one in value):
        raise ValueError(f"{name} must be numbers from 0 to 1")


_KINDS = {
    **{"ax": _axes, "figure": _figure, "data": _data, "study": arguments.a_study, "unit": arguments.text},
    **{"colour": _colour, "colours": _colours, "empty": _colour, "estimate": _estimates, "x": _place, "y": _place},
    **{"columns": arguments.some, "frame": _tiles, "grid": _grid, "shades": _shades, "code": arguments.text},
    **dict.fromkeys(("text", "label", "title"), arguments.text),
    **dict.fromkeys(("heads", "bodies"), arguments.text_each),
    **dict.fromkeys(("hollow", "dashed", "stars"), _marked),
    "places": _table_of("row", "column"),
    "table": _table_of("estimate", "low", "high"),
    "bars": _table_of("start", "end"),
    "full": arguments.one_each,
}
arguments.guard(
    globals(),
    {
        **dict.fromkeys(__all__, _KINDS),
        "band": {**_KINDS, "x": _places},
        "ranges": {**_KINDS, "colours": _colour_each},
        "Look.__init__": _KINDS,
        **{f"Look.{name}": _KINDS for name in ("state", "edition_key")},
        "Look.spans": {**_KINDS, "last": arguments.year},
        "Look.editions": {**_KINDS, "label": arguments.boolean},
    },
)
