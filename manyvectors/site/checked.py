"""Below an exercise in Python whose answer can be checked: how, and what is handed in."""

import csv
import functools

from docutils import nodes

from ..messages import say
from .book import data_file, paragraph
from .messages import pieces

TABLE, TRACK = "homework.csv", "Python"


def tell(app, doctree):
    """Say below an exercise, if it is one for Python, how its answer is checked."""
    for exercise in list(doctree.findall(nodes.Admonition)):
        key, track = _keys().get(exercise.get("label")), next(exercise.findall(nodes.emphasis), None)
        if key and "title" in exercise and track is not None and track.astext().startswith(TRACK):
            call = f'manyvectors.check("{exercise["label"]}", value)'
            said = pieces("homework.how", call=nodes.literal(call, call), asks=say(f"{key}.asks"))
            exercise[-1] += paragraph(*said)


@functools.cache
def _keys():
    """Return the keys of the sentences about each exercise that can be checked: dict, empty for a study without."""
    try:
        lines = data_file(TABLE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    return {row["label"]: row["says"] for row in csv.DictReader(lines)}
