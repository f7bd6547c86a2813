"""Below an exercise whose answer can be checked: how in Python; or, where none is needed, a field that checks it."""

from docutils import nodes

from ..messages import say
from .answer import asked, form
from .book import markup, paragraph
from .messages import pieces

PYTHON, FIELD = "Python", ("explorer", "paper")  # how the line of an exercise begins that says how it is done


def tell(app, doctree):
    """Say below an exercise how its answer is checked, if it is one that can be."""
    for exercise in list(doctree.findall(nodes.Admonition)):
        label, track = exercise.get("label"), next(exercise.findall(nodes.emphasis), None)
        if label not in asked() or "title" not in exercise or track is None:
            continue
        if track.astext().startswith(PYTHON):
            call = f'manyvectors.check("{label}", value)'
            says = say(f"{asked()[label][0]['says']}.asks")
            exercise[-1] += paragraph(*pieces("homework.how", call=nodes.literal(call, call), asks=says))
        elif track.astext().startswith(FIELD) and app.builder.format == "html":
            exercise[-1] += markup(form(label))


def keys():
    """Return the keys of the sentences about each exercise that can be checked: dict, empty for a study without."""
    return {label: rows[0]["says"] for label, rows in asked().items()}
