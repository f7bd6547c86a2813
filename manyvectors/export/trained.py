"""What coders are trained with: passages of our own with their codes, and how far a program without sense agrees.

The programs are rules and no coders: one gives the commonest value to every passage, one looks for a word. They show
what agreement is worth before anybody has coded. ``python -m manyvectors.export.trained`` writes their table after a
change of the passages.
"""

from pathlib import Path

import pandas as pd

from ..methods.alpha import alpha

FOLDER = Path(__file__).resolve().parents[2] / "data" / "invented"
PASSAGES, PROGRAMS = FOLDER / "practice-sentences.csv", FOLDER / "practice-programs.csv"
QUESTIONS = {"named": ("whose", "stance", "action"), "leaning": ("whose", "stance", "sense")}
WORDS = {"thank": "thanks", "welcome": "praise", "blame": "blame", "concern": "concern"}  # the first that is found


def passages():
    """Return the passages in their order: DataFrame of str, empty where a question is not asked."""
    return pd.read_csv(PASSAGES, dtype=str, keep_default_na=False, index_col="row")


def agreement(table):
    """Compare two programs without sense with the codes of ``table``, as :func:`passages` returns it.

    Returns DataFrame: ``kind``, ``question``, ``program`` (``commonest`` or ``word``), ``equal`` (share of passages)
    and ``alpha``, both with four digits.
    """
    found = []
    for kind, questions in QUESTIONS.items():
        rows = table[table["kind"] == kind]
        for question in questions:
            codes = rows[question].tolist()
            commonest = max(sorted(set(codes)), key=codes.count)
            found.append(_compared(kind, question, "commonest", codes, [commonest] * len(codes)))
    rows = table[table["kind"] == "named"]
    by_word = [next((code for word, code in WORDS.items() if word in text), "plain") for text in rows["context"]]
    found.append(_compared("named", "stance", "word", rows["stance"].tolist(), by_word))
    return pd.DataFrame(found).round(4)


def _compared(kind, question, program, codes, given):
    equal = sum(one == other for one, other in zip(codes, given, strict=True)) / len(codes)
    same = {"kind": kind, "question": question, "program": program}
    return same | {"equal": equal, "alpha": alpha([codes, given])}


if __name__ == "__main__":
    agreement(passages()).to_csv(PROGRAMS, index=False, lineterminator="\n")
