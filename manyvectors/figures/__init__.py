"""One look for every figure: colours with fixed meanings, edition marks, direct labels, vector output.

What a colour means is the study's to say. Colours that it leaves open follow Okabe and Ito's palette, which stays apart
for colour-blind readers; every figure also says with words or position what its colours say.
"""

from .. import arguments
from . import asked
from .colours import GREY, OKABE_ITO, RANK_COLOURS
from .kept import as_csv, show
from .look import WIDTH, Look, use
from .marks import band, cards, dots, heat, key, name_line, ranges, tiles

__all__ = [
    "GREY",
    "OKABE_ITO",
    "RANK_COLOURS",
    "WIDTH",
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

_KINDS = {
    **{
        "ax": asked.axes,
        "figure": asked.figure,
        "data": asked.data,
        "study": arguments.a_study,
        "unit": arguments.text,
    },
    **{
        "colour": asked.colour,
        "colours": asked.colours,
        "empty": asked.colour,
        "estimate": asked.estimates,
        "x": asked.place,
        "y": asked.place,
    },
    **{
        "columns": arguments.some,
        "frame": asked.tiles,
        "grid": asked.grid,
        "shades": asked.shades,
        "code": arguments.text,
    },
    **dict.fromkeys(("text", "label", "title", "counted"), arguments.text),
    **dict.fromkeys(("no_interval", "no_n"), asked.reason),
    **dict.fromkeys(("heads", "bodies"), arguments.text_each),
    **dict.fromkeys(("hollow", "dashed", "stars"), asked.marked),
    "places": asked.table_of("row", "column"),
    "table": asked.table_of("estimate", "low", "high"),
    "bars": asked.table_of("start", "end"),
    "full": arguments.one_each,
}
arguments.guard(
    globals(),
    {
        **dict.fromkeys(__all__, _KINDS),
        "band": {**_KINDS, "x": asked.places},
        "ranges": {**_KINDS, "colours": asked.colour_each},
        "Look.__init__": _KINDS,
        **{f"Look.{name}": _KINDS for name in ("state", "edition_key")},
        "Look.spans": {**_KINDS, "last": arguments.year},
        "Look.editions": {**_KINDS, "label": arguments.boolean},
    },
)
