"""The picture of a figure as SVG that is the same on any processor.

Sums come out otherwise in their last digits where a processor adds in another order, and a picture has six decimals of
a point. Hundredths are kept here: less than anybody sees.
"""

import hashlib
import re

from IPython.core.pylabtools import print_figure

PLACES = 2  # decimals of a point
# What lies just between two hundredths would still go either way. Layouts put much there, and nothing this far beside.
ASIDE = 0.00123457

_TAG = re.compile(r"<[a-zA-Z][^>]*>")
_PLACED = re.compile(r'(?<=\s)(d|x|y|x1|x2|y1|y2|points|width|height)="[^"]*"|translate\([^)]*\)')
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_HASHED = re.compile(r'(?<=\sid=")[a-z][0-9a-f]{10}(?=")')


def svg(figure):
    """Return a figure (matplotlib.figure.Figure) as SVG, text (str), with places rounded to hundredths of a point.

    Matplotlib names markers and clips by all digits of where they stand; here they are counted, with a mark of the
    whole picture behind, so that two pictures in one page share no name.
    """
    return _renamed(rounded(print_figure(figure, "svg", bbox_inches=None, metadata={"Date": None, "Creator": None})))


def rounded(picture):
    """Return SVG (str) with the places of its shapes at hundredths of a point; words, styles and scales as they were.

    >>> rounded('<use x="141.631372" style="opacity: 0.125"/><!-- 1.625 -->')
    '<use x="141.63" style="opacity: 0.125"/><!-- 1.625 -->'
    >>> rounded('<path d="M 115.539302 0.000001"/>') == rounded('<path d="M 115.539303 -0.000001"/>')
    True
    """
    return _TAG.sub(lambda tag: _PLACED.sub(lambda part: _NUMBER.sub(_round, part[0]), tag[0]), picture)


def _round(number):
    return f"{round(float(number[0]) + ASIDE, PLACES) + 0.0:.{PLACES}f}".rstrip("0").rstrip(".")


def _renamed(picture):
    names = {name: f"{name[0]}{n}" for n, name in enumerate(dict.fromkeys(_HASHED.findall(picture)), 1)}
    if not names:
        return picture
    named = re.compile("|".join(names))
    mark = hashlib.sha256(named.sub(lambda found: names[found[0]], picture).encode()).hexdigest()[:8]
    return named.sub(lambda found: f"{names[found[0]]}-{mark}", picture)
