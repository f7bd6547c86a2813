"""Pictures: their size on the page, and smaller files for the charts that the notebooks draw."""

import re

from lxml import etree
from PIL import Image

SVG = "{http://www.w3.org/2000/svg}"
SIZE = re.compile(r"<svg\b[^>]*>", re.DOTALL)
UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}  # in CSS pixels
NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
LONG_COLOUR = re.compile(r"#([0-9a-f])\1([0-9a-f])\2([0-9a-f])\3\b")
GEOMETRY = ("d", "transform", "points", "x", "y", "width", "height", "cx", "cy", "r", "x1", "x2", "y1", "y2")
SPOKEN = ("text", "tspan", "style", "title", "desc")  # elements whose white space may matter


def size(path):
    """Return the width and height of a picture in CSS pixels, or None where the file does not say."""
    if path.suffix != ".svg":
        with Image.open(path) as picture:
            return picture.size
    head = SIZE.search(path.read_text(encoding="utf-8"))
    found = [re.search(rf'\s{side}="([\d.]+)([a-z]*)"', head[0]) if head else None for side in ("width", "height")]
    if not all(found) or any(match[2] not in UNITS for match in found):
        return None
    return tuple(round(float(match[1]) * UNITS[match[2]]) for match in found)


def lighten(text):
    """Return a drawing of matplotlib without what nobody sees: comments, metadata, unused names, and decimals.

    Two decimals of a point are kept, a hundredth of what a screen can show. Names that the drawing uses itself stay.
    """
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, resolve_entities=False, no_network=True)
    root = etree.fromstring(text.encode(), parser)
    for extra in root.findall(f"{SVG}metadata"):
        root.remove(extra)
    used = set(re.findall(r'(?:href="|url\()#([^")]+)', text))
    for element in root.iter(f"{SVG}*"):
        if element.get("id") not in used:
            element.attrib.pop("id", None)
        for key, value in element.attrib.items():
            if key in GEOMETRY:
                element.set(key, _path(value) if key == "d" else NUMBER.sub(_short, value))
            elif key == "style":
                element.set(key, LONG_COLOUR.sub(r"#\1\2\3", re.sub(r"\s*([:;])\s*", r"\1", value)))
        _trim(element)
    _unwrap(root)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode")


def _short(match):
    text = f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
    return {"-0": "0"}.get(text, text)


def _path(value):
    # "M 1.50 2 \nL 3 4 \nz" says the same as "M1.5 2L3 4z"; a line straight on says one number.
    parts, here = [], (None, None)
    for command, numbers in re.findall(r"([MLQCZmlqcz])([^MLQCZmlqcz]*)", value):
        values = NUMBER.sub(_short, numbers).split()
        if command == "L" and len(values) == 2 and here[0] is not None:
            same = [old == new for old, new in zip(here, values, strict=True)]
            if same[1]:
                command, shown = "H", values[:1]
            elif same[0]:
                command, shown = "V", values[1:]
            else:
                shown = values
        else:
            shown = values
        here = tuple(values[-2:]) if command in "MLQCHV" and len(values) >= 2 else (None, None)
        parts.append(command + " ".join(shown))
    return "".join(parts)


def _trim(element):
    name = etree.QName(element).localname
    if name not in SPOKEN and element.text and not element.text.strip():
        element.text = None
    if element.tail and not element.tail.strip() and etree.QName(element.getparent()).localname not in SPOKEN:
        element.tail = None


def _unwrap(root):
    # Groups without a name or a style only indent.
    for group in [
        element for element in root.iter(f"{SVG}g") if not element.attrib and element.getparent() is not None
    ]:
        parent = group.getparent()
        place = parent.index(group)
        parent[place : place + 1] = list(group)
