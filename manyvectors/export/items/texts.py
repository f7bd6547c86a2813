"""Questions about how a text becomes numbers: tokens, rare and common words, weights. The sentences are invented."""

import math
import re

import pandas as pd

from ...text import tokenise
from .. import trained
from .drawn import Found, collected, need

SENTENCE = re.compile(r"(?<=[.?!])\s+")


def _sentence(draw):
    texts = pd.read_csv(trained.FOLDER / "speeches.csv", dtype=str)["text"]
    sentence = draw.choice(SENTENCE.split(draw.choice(texts.tolist())))
    need(12 <= len(sentence.split()) <= 22)
    return sentence


def tokens_of_a_sentence(d, draw):
    """How many tokens a sentence has."""
    sentence = _sentence(draw)
    tokens = tokenise(sentence)
    wrong = [
        len(set(tokens)),
        len([token for token in tokens if len(token) > 3]),
        len(re.findall(r"\w+|[^\w\s]", sentence)),
    ]
    near = (len(tokens) + 1, len(tokens) - 1, len(tokens) + 2)
    return Found({"sentence": sentence}, len(tokens), wrong, {"sentence": sentence}, more=near)


def words_of_a_sentence(d, draw):
    """How many different tokens a sentence has."""
    sentence = _sentence(draw)
    tokens = tokenise(sentence)
    right = len(set(tokens))
    need(right < len(tokens))
    once = [token for token in set(tokens) if tokens.count(token) == 1]
    near = (right + 1, right - 2, right + 2, right - 1)
    return Found({"sentence": sentence}, right, [len(tokens), len(once)], {"sentence": sentence}, more=near)


def weight_of_a_count(d, draw):
    """What a count weighs that is dampened by a logarithm."""
    n = draw.randint(3, 60)
    right = 1 + math.log(n)
    return Found({"n": n}, right, [math.log(n), 1 + math.log10(n), math.sqrt(n)], {"n": n}, "{:.2f}")


def weight_of_a_rare_word(d, draw):
    """How much more a rare word weighs than a common one, by the idf of the book's recipe."""
    pair = draw.sample(d.words, 2)
    n = len(d.speeches)
    held = [int((d.uses(word) > 0).sum()) for word in pair]
    (rare, few), (common, many) = sorted(zip(pair, held, strict=True), key=lambda one: one[1])
    need(many > 1.5 * few)

    def idf(df):
        return 1 + math.log((1 + n) / (1 + df))

    right = idf(few) / idf(many)
    wrong = [many / few, idf(many) / idf(few), idf(few) - idf(many)]
    said = {"rare": rare, "common": common, "few": few, "many": many, "n": n}
    return Found({"rare": rare, "common": common}, right, wrong, said, "{:.2f}")


def share_explained(d, draw):
    """How a passage's amounts of two topics become shares."""
    first, second = draw.randint(1, 9), draw.randint(1, 9)
    sizes = [draw.randint(3, 9), draw.randint(3, 9)]
    need(first != second and sizes[0] != sizes[1])
    parts = [first * sizes[0], second * sizes[1]]
    right = 100 * parts[0] / sum(parts)
    wrong = [100 * first / (first + second), 100 * parts[1] / sum(parts), 100 * sizes[0] / sum(sizes)]
    said = {"first": first, "second": second, "size_a": sizes[0], "size_b": sizes[1]}
    return Found(said, right, wrong, said, "{:.0f} %")


ALL = [
    *collected("02", tokens_of_a_sentence, words_of_a_sentence),
    *collected("06", weight_of_a_count, weight_of_a_rare_word, share_explained),
]
