"""Icons: the theme brings some 2,000 in a script of 1.49 MB and in two fonts; a page gets the few that it shows.

Where a page says ``<i class="fa-solid fa-bars"></i>``, the drawing itself is written into the page, as the theme's
script would do it while the page is read. Style sheets that write icons before or after an element need a
font: they get one of just these icons, inside the sheet.
"""

import base64
import html
import io
import logging as plain_logging
import re
from typing import NamedTuple

PACKS = {
    "fas": "fas",
    "fa-solid": "fas",
    "fa": "fas",
    "far": "far",
    "fa-regular": "far",
    "fab": "fab",
    "fa-brands": "fab",
}
# Classes that say how large an icon is or how it is turned, not which it is.
SIZES = frozenset({"2xs", "xs", "sm", "lg", "xl", "2xl", "1x", "2x", "3x", "fw", "spin", "rotate-90", "rotate-180"})
DRAWN = "svg-inline--fa"  # the theme's name for an icon that is a drawing
ICON = re.compile(r'[{,]"?([a-z0-9-]+)"?:\[(\d+),(\d+),\[([^\]]*)\],"([0-9a-f]+)","([^"]+)"')
PACK_END = re.compile(r'\("(fa[brs])",\w+\),')
PRIVATE = re.compile(r"\\([ef][0-9a-f]{3})\b")  # code points that stand for icons, as style sheets write them


class Icon(NamedTuple):
    """A drawing: name, width and height of its box, and the path."""

    name: str
    width: int
    height: int
    path: str


def read(script):
    """Return the icons in the text of the theme's ``fontawesome.js``: (pack, name or alias) -> Icon.

    Raises ValueError when the script is not written as expected, for instance after a change of the theme.
    """
    ends = [(match.start(), match[1]) for match in PACK_END.finditer(script)]
    found = {}
    for match in ICON.finditer(script):
        pack = next((name for place, name in ends if place > match.start()), None)
        icon = Icon(match[1], int(match[2]), int(match[3]), match[6])
        for name in [match[1], *re.findall(r'"([^"]+)"', match[4])]:
            found.setdefault((pack, name), icon)
    if not found or (None in {pack for pack, _ in found}):
        raise ValueError(
            "no icons could be read out of the theme's fontawesome.js: it is written in another way than "
            "manyvectors/web/icons.py expects; compare the patterns ICON and PACK_END with the script"
        )
    return found


def wanted(classes):
    """Return (pack, names) of an element with these classes, or None if it is no icon."""
    pack = next((PACKS[name] for name in classes if name in PACKS), None)
    names = [name[3:] for name in classes if name.startswith("fa-") and name not in sizes(classes)]
    return (pack, names) if pack and names else None


def sizes(classes):
    """Return the classes that a drawn icon keeps: those that do not name it."""
    return [name for name in classes if not name.startswith("fa-") or name in PACKS or name[3:] in SIZES]


def draw(icons, attributes):
    """Return the inline drawing for an element with these attributes, or None where it is no icon.

    Raises KeyError with the classes when no icon has the name.
    """
    classes = (attributes.get("class") or "").split()
    want = wanted(classes)
    if want is None:
        return None
    pack, names = want
    if (pack, names[0]) not in icons:
        raise KeyError(" ".join(classes))
    icon = icons[pack, names[0]]
    label = attributes.get("aria-label") or attributes.get("title")
    kept = {key: value for key, value in attributes.items() if key not in ("class", "aria-hidden", "title")}
    shown = {
        "class": " ".join([DRAWN, *sizes(classes)]),
        "data-icon": icon.name,
        **kept,
        **({"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}),
        "viewBox": f"0 0 {icon.width} {icon.height}",
    }
    words = " ".join(f'{key}="{html.escape(value or "")}"' for key, value in shown.items())
    return f'<svg {words}><path fill="currentColor" d="{icon.path}"/></svg>'


def subset(font, points):
    """Return a WOFF font with just these code points, as a ``data:`` address for a style sheet."""
    from fontTools import subset as tools

    plain_logging.getLogger("fontTools.subset").setLevel(plain_logging.ERROR)
    options = tools.Options(flavor="woff", hinting=False, desubroutinize=True, notdef_outline=True, glyph_names=False)
    options.name_IDs = [0, 1, 2, 13]  # what the licence asks to keep, and the family
    with tools.load_font(str(font), options) as loaded:
        worker = tools.Subsetter(options)
        worker.populate(unicodes=points)
        worker.subset(loaded)
        saved = io.BytesIO()
        loaded.flavor = "woff"
        loaded.save(saved)
    return "data:font/woff;base64," + base64.b64encode(saved.getvalue()).decode()
