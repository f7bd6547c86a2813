"""How large a picture is drawn."""

import re
from functools import lru_cache
from typing import NamedTuple

from PIL import Image

SMALLEST = 9  # CSS pixels: the letters of a figure are not shrunk below this, the figure scrolls instead
MAGNIFIED = 1.15  # ... unless they are drawn so small that it would have to be blown up further than this
UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}  # in CSS pixels


class Size(NamedTuple):
    """Width and height, and the least width at which the letters can be read (0 without letters), in CSS pixels."""

    width: int
    height: int
    least: int = 0


def size(path):
    """Return the :class:`Size` of a picture, or None where there is no file or it does not say."""
    return _size(path, path.stat().st_mtime_ns) if path.is_file() else None


@lru_cache(maxsize=256)
def _size(path, changed):
    if path.suffix != ".svg":
        with Image.open(path) as picture:
            return Size(*picture.size)
    text = path.read_text(encoding="utf-8")
    head = re.search(r"<svg\b[^>]*>", text, re.DOTALL)
    found = [re.search(rf'\s{side}="([\d.]+)([a-z]*)"', head[0]) if head else None for side in ("width", "height")]
    if not all(found) or any(match[2] not in UNITS for match in found):
        return None
    width, height = (float(match[1]) * UNITS[match[2]] for match in found)
    # matplotlib draws letters from outlines of 100 units, scaled to the size of the font in points.
    letters = [float(scale) * 100 * 4 / 3 for scale in re.findall(r"scale\(([\d.]+) -[\d.]+\)", text)]
    least = min(SMALLEST / min(letters), MAGNIFIED) * width if letters else 0
    return Size(round(width), round(height), round(least))
