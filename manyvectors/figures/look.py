"""The look of a study's figures: its colours, each with one meaning, and the marks of its eras."""

import sys

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure
from matplotlib_inline.backend_inline import set_matplotlib_formats

from .colours import GREY, further
from .drawn import svg

# Small enough that ten-point letters stay legible when a phone shrinks the figure to its width.
WIDTH = 5.2


def use(study=None):
    """Set the book's style; return the :class:`Look` of a study, if given.

    In a notebook figures are then shown as SVG that is the same on every run and processor (see :mod:`.drawn`), and a
    Series that ends a cell as a table, as a DataFrame is.
    """
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
    set_matplotlib_formats("svg")
    _show_in_a_notebook()
    return Look(study) if study is not None else None


def _show_in_a_notebook():
    python = sys.modules.get("IPython")  # not loaded, there is no notebook
    shell = python and python.get_ipython()
    if shell:
        shell.display_formatter.formatters["image/svg+xml"].for_type(Figure, svg)
        shell.display_formatter.formatters["text/html"].for_type(pd.Series, as_table)


def as_table(series):
    """Return the HTML of a Series, with its name above its values and that of the index above its labels.

    Long ones are cut in the middle, as pandas cuts them (``display.max_rows``).

    >>> import pandas as pd
    >>> "<th>share</th>" in as_table(pd.Series([0.5], ["KAZ"], name="share"))
    True
    """
    named = series.name is not None or any(name is not None for name in series.index.names)
    frame = series.to_frame("" if series.name is None else series.name)
    return frame.to_html(header=named, max_rows=pd.get_option("display.max_rows"))


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
        rest = iter(further(coloured, len(study.eras) - len(coloured)))
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
