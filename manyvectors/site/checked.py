"""Below an exercise whose answer can be checked: a field that checks it, and how that is done in Python."""

from docutils import nodes

from ..messages import say
from .answer import asked, form
from .book import markup, paragraph
from .exercises import PYTHON
from .messages import pieces


def tell(app, doctree):
    """Put the field, and for one in Python the call, below each exercise whose answer can be checked."""
    for exercise in list(doctree.findall(nodes.Admonition)):
        label, track = exercise.get("label"), next(exercise.findall(nodes.emphasis), None)
        if label not in asked() or "title" not in exercise or track is None:
            continue
        if track.astext().startswith(PYTHON):
            call = f'manyvectors.check("{label}", value)'
            says = say(f"{asked()[label][0]['says']}.asks")
            exercise[-1] += paragraph(*pieces("homework.how", call=nodes.literal(call, call), asks=says))
        if app.builder.format == "html":
            exercise[-1] += markup(form(label))


def keys():
    """Return the keys of the sentences about each exercise that can be checked: dict, empty for a study without."""
    return {label: rows[0]["says"] for label, rows in asked().items()}
