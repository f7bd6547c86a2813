"""What is on a sheet: names of its columns, checksums of its questions and of its model."""

import re

from ...common import short_hash
from ..topics.terms import TOP

SHOWN = 3  # topics of a segment that are shown beside the intruder
PRESENT = 0.05  # a topic is shown as a segment's own from this share on: less of it could hardly be seen
ABSENT = 0.01  # and intrudes only up to this one
LABEL = 8  # leading terms that stand for a topic
ID = re.compile(r"(?:words|topics)-([0-9a-f]{8})-([0-9a-f]{8})")


class SheetError(ValueError):
    """A sheet cannot be made, read, written or scored."""


def option_names(sheet, where="the sheet"):
    """Return "word" or "topic" and the names of the columns to choose among, or say which columns are missing."""
    for prefix in ("word", "topic"):
        count = sum(re.fullmatch(rf"{prefix}_\d+", str(name)) is not None for name in sheet)
        if count:
            break
    else:
        raise SheetError(
            f"{where} is not a sheet of this kit: it has no columns word_1 ... or topic_1 ...; give a sheet as written"
        )
    options = [f"{prefix}_{i}" for i in range(1, max(count, SHOWN if prefix == "word" else SHOWN + 1) + 1)]
    about = ["item", "question", *(["segment", "text"] if prefix == "topic" else []), *options, "answer", "sheet"]
    missing = [name for name in about if name not in sheet]
    if missing:
        raise SheetError(f"{where} lacks the column(s) {', '.join(missing)}; put them back from the sheet as written")
    return prefix, options


def signed(sheet, model):
    """Add the empty answers, and the checksums of model and questions."""
    sheet["answer"] = sheet["sheet"] = ""
    prefix, options = option_names(sheet)
    sheet["sheet"] = f"{prefix}s-{model_checksum(model)}-{checksum(sheet, options)}"
    return sheet


def model_checksum(model):
    """Return a checksum of recipe, method, number of topics, seed, starts and leading terms."""
    # Sets of terms, not ranks: another machine's arithmetic may swap two terms that weigh nearly the same.
    leading = model.top_terms(n=min(TOP, len(model.vocabulary_))).to_numpy().tolist()
    numbers = [int(number) for number in (model.n_components, model.random_state, model.starts)]
    facts = [model.recipe_.digest, model.method, *numbers]
    return short_hash([facts, [sorted(terms) for terms in leading]])


def checksum(sheet, options):
    """Return a checksum of the questions in the order of their numbers; ``text``, which is long, is left out."""
    columns = [name for name in ("question", "segment", *options) if name in sheet]
    rows = sheet[["item", *columns]].itertuples(index=False, name=None)
    return short_hash(sorted([int(row[0]), *(plain(cell) for cell in row[1:])] for row in rows))


def plain(cell):
    """Return a cell in lower case, with single spaces: how cells are compared."""
    return " ".join(str(cell).split()).lower()
