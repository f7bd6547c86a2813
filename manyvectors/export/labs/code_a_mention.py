"""The lab *Code a mention*: passages of our own writing, the codebook's questions, and the codes with reasons.

The codes are a language model's. They are packed so that nobody reads them by accident.
"""

from ...methods.coding import prepared
from .. import handed, trained


def data(c):
    """Return what the lab shows.

    ``c``: manyvectors.corpus.Corpus of a study with a codebook. Returns dict: ``codebook`` (its version and date);
    ``kinds``, for each kind of passage its ``about``, its ``questions`` (code, what is asked, values with what they
    mean) and its ``passages`` (row, leaning, context with the target between double brackets); ``doubt`` (list of
    rules); ``key``, packed: row to its codes, in the order of the questions, and the reason.
    """
    book, passages = prepared.codebook(c), trained.passages()
    kinds, key = {}, {}
    for kind, part in passages.groupby("kind", sort=False):
        told = book.about["kinds"][kind]
        codes = book.codes(kind)
        kinds[kind] = {
            "about": _line(told["about"]),
            "questions": [
                [code, _line(told["questions"][code]), [[v, _line(m)] for v, m in book.kinds[kind][code].items()]]
                for code in codes
            ],
            "passages": [[row, one["leaning"], one["context"]] for row, one in part.to_dict("index").items()],
        }
        key |= {row: [[one[code] for code in codes], one["why"]] for row, one in part.to_dict("index").items()}
    return {
        "codebook": [book.version, book.date],
        "kinds": kinds,
        "doubt": [_line(rule) for rule in book.about["doubt"]],
        "key": handed.packed_text(key),
    }


def _line(text):
    return " ".join(text.split())
