"""What is drawn on axes: lines with intervals, dots, tiles, bars, cards, and their names."""

import textwrap

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np

from .colours import GREY


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
