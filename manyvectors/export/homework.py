"""The hashes of the answers to exercises, made from the stored outputs of their solutions, and of those to the labs'
task sheets, which :func:`manyvectors.export.labs.answers` works out; nothing is typed.

A solution cell says in its metadata what of its output is an answer: ``answers`` is a list, each with

- ``exercise``: the label;
- ``kind``: number, word or set;
- ``find``: a regular expression on the output as text, in which ``value`` names the answer and, where it has parts,
  ``part`` names the part; without ``value`` every named group is a part by its own name;
- ``step`` and ``around``, of a number: width of the grid on which it is compared, and how many cells beside the right
  one are right, too.
"""

import csv
import io
import json
import re
from pathlib import Path

from .. import corpus
from ..corpus import DataError
from ..methods import answers
from . import labs

TABLE = "homework"
FIELDS = ("label", "part", "kind", "step", "around", "salt", "digest", "says")
NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def solutions(notebooks=None):
    """Yield the solutions that hold an answer: what their cell's metadata say of it (dict), and its output (str).

    ``notebooks``: folder; the repository's by default. manyvectors.corpus.DataError if a notebook cannot be read.
    """
    for path in sorted(Path(notebooks or NOTEBOOKS).glob("*.ipynb")):
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        except (ValueError, KeyError) as error:
            raise DataError(f"{path} is no notebook ({error!r}); restore it with `git checkout -- notebooks`") from None
        for cell in cells:
            yield from ((asked, _printed(cell)) for asked in cell["metadata"].get("answers", ()))


def _printed(cell):
    texts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell["outputs"]]
    return "\n".join("".join(text) for text in texts)


def values(text, pattern, kind):
    """Return the answer that an output holds: dict, name of the part (empty if there is one value) to the value.

    ``text``: the output. ``pattern``, ``kind``: as ``find`` and ``kind`` above. The dict is empty if nothing is found.
    """
    matches = list(re.finditer(pattern, text, re.MULTILINE))
    typed = float if kind == answers.NUMBER else str
    if not matches:
        return {}
    groups = matches[0].groupdict()
    if kind == answers.SET:
        return {"": [match["value"] for match in matches]}
    if "part" in groups:
        return {match["part"].strip(): typed(match["value"]) for match in matches}
    if "value" in groups:
        return {"": typed(groups["value"])}
    return {name: typed(value) for name, value in groups.items()}


def made(notebooks=None, c=None):
    """Return the table of hashes as the text of a CSV file: str.

    ``notebooks``: folder; the repository's by default. ``c``: manyvectors.corpus.Corpus, for the labs.
    manyvectors.corpus.DataError if an output has no answer where one is said to be, or a notebook cannot be read.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FIELDS)
    for asked, text in solutions(notebooks):
        found = values(text, asked["find"], asked["kind"])
        if not found:
            raise DataError(
                f"the solution of {asked['exercise']} prints no answer that its `find` would find; mend either"
            )
        writer.writerows(_rows(asked, found))
    for asked in labs.answers(corpus.opened(c)):
        writer.writerows(_rows(asked, asked["value"]))
    return out.getvalue()


def _rows(asked, found):
    """Yield a row of the table for each part of an answer."""
    label, kind, step = asked["exercise"], asked["kind"], asked.get("step")
    for part, value in found.items():
        salt = answers.salt(label, part)
        right = answers.digest(answers.kept(value, kind, step), salt)
        yield label, part, kind, step, asked.get("around", 0), salt, right, f"homework.{label}"
