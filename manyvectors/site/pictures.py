"""How large a picture is drawn, and charts as pictures of dots for those who take them along."""

import hashlib
import re
from functools import lru_cache

from PIL import Image

from . import brought
from .book import WEB

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


WIDTH = 1560  # dots: 300 to the inch in a chart that is 5.2 inches wide, as the book's are
COLOURS = 128  # in a chart of few; lines keep their soft edges


def can_draw():
    """Say whether charts can be drawn as dots: npm brought what it takes."""
    return (brought.NPM / "node_modules" / "@resvg" / "resvg-wasm").is_dir()


def draw(pictures):
    """Draw charts as PNG, each once for all builds.

    ``pictures`` (dict): pathlib.Path of an SVG to that of the PNG. Nothing is drawn where :func:`can_draw` says no.
    """
    if not can_draw():
        return
    kept = brought.NPM / "drawn"
    kept.mkdir(parents=True, exist_ok=True)
    job = (WEB / "draw.cjs").read_bytes() + f"{WIDTH} {COLOURS}".encode()
    held = {path: kept / f"{hashlib.sha256(job + path.read_bytes()).hexdigest()[:24]}.png" for path in pictures}
    new = {str(path): str(target.with_suffix(".new")) for path, target in held.items() if not target.is_file()}
    if new:
        brought.run(WEB / "draw.cjs", {"width": WIDTH, "pictures": new}, brought.NPM / "node_modules")
    for path, target in held.items():
        if str(path) in new:
            fresh = target.with_suffix(".new")
            with Image.open(fresh) as image:
                few = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
                few.save(target, format="png", optimize=True, dpi=(300, 300))
            fresh.unlink()
        pictures[path].write_bytes(target.read_bytes())
