"""How large a picture is drawn."""

import re
from functools import lru_cache

from PIL import Image

UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}  # in CSS pixels


def size(path):
    """Return the width and height of a picture in CSS pixels, or None where there is no file or it does not say."""
    return _size(path, path.stat().st_mtime_ns) if path.is_file() else None


@lru_cache(maxsize=256)
def _size(path, changed):
    if path.suffix != ".svg":
        with Image.open(path) as picture:
            return picture.size
    text = path.read_text(encoding="utf-8")
    head = re.search(r"<svg\b[^>]*>", text, re.DOTALL)
    found = [re.search(rf'\s{side}="([\d.]+)([a-z]*)"', head[0]) if head else None for side in ("width", "height")]
    if not all(found) or any(match[2] not in UNITS for match in found):
        return None
    return tuple(round(float(match[1]) * UNITS[match[2]]) for match in found)
