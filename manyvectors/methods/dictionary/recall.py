"""What a dictionary may miss: words like those of its entries, in sentences in which it found nothing."""

from bisect import bisect_right
from collections import Counter, defaultdict

import pandas as pd

from ... import text
from ...text import entries as overlaps
from .entry import DictionaryError

STEM = 6  # letters by which a word is like one of an entry
COLUMNS = ("category", "stem", "term")
# Words of the English stop list that say something in diplomacy.
STOP = text.stop_words("english") - {"interest", "serious", "sincere", "system"}
SHORTEST = 4  # letters of a word that is like another


def near_misses(lists, texts, stop):
    """Count what stands where a dictionary found nothing: see :meth:`Dictionary.near_misses`."""
    if not isinstance(texts, pd.Series):
        texts = pd.Series(texts, dtype=object)
    if not len(texts) or not texts.map(lambda body: isinstance(body, str)).all():
        raise DictionaryError(
            "near misses are looked for in texts; give a list or Series of them, or a corpus's .texts"
        )
    words = {name: [_stems(entry, stop) for entry in listed] for name, listed in lists.items()}
    wanted = {stem for listed in words.values() for stems in listed for stem in stems}
    seen, where = Counter(), []
    for body in texts:
        body = body if text.is_clean(body) else text.clean(body)
        sentences = _sentences(body, wanted, stop)
        hits = {name: _hit(body, listed, sentences) for name, listed in lists.items()}
        where.append((sentences, hits))
        for _, found in sentences:
            seen.update(found.keys())
    # Of the words of an entry the rarest is the one that it is known by.
    known = {
        name: {min(stems, key=lambda stem: (seen[stem], stem)) for stems in listed if stems}
        for name, listed in words.items()
    }
    rows = defaultdict(lambda: [0, 0])
    for sentences, hits in where:
        here = defaultdict(int)
        for place, (_, found) in enumerate(sentences):
            for name, stems in known.items():
                if place not in hits[name]:
                    for stem in stems & found.keys():
                        for term in found[stem]:
                            here[name, stem, term] += 1
        for key, n in here.items():
            rows[key][0] += n
            rows[key][1] += 1
    table = pd.DataFrame([(*key, *n) for key, n in rows.items()], columns=[*COLUMNS, "sentences", "documents"])
    order = {name: place for place, name in enumerate(lists)}
    table["order"] = table["category"].map(order)
    table = table.sort_values(["order", "sentences", "stem", "term"], ascending=[True, False, True, True])
    return table.drop(columns="order").reset_index(drop=True)


def _stems(entry, stop):
    """Return the stems of the words of an entry that say something: set of str."""
    parts = [part.partition("*")[0] for part in entry.replace("-", " ").split()]
    return {part[:STEM] for part in parts if len(part) >= SHORTEST and part not in stop}


def _sentences(body, wanted, stop):
    """Return the span of every sentence, and the terms in which words like those of an entry stand: stem to set."""
    lower = text.lower(body)
    spans = text.sentence_spans(body)
    tokens = [(start, lower[start:end]) for start, end in text.token_spans(body)]
    starts = [start for start, _ in tokens]
    found = []
    for begin, end in spans:
        own = [token for _, token in tokens[bisect_right(starts, begin - 1) : bisect_right(starts, end - 1)]]
        terms = defaultdict(set)
        for i, token in enumerate(own):
            for part in token.split("-"):
                if part[:STEM] in wanted:
                    terms[part[:STEM]].add(_term(own, i, stop))
        found.append(((begin, end), terms))
    return found


def _term(tokens, i, stop):
    """Return a word with the one after it, or else before it, that says something: at most two words."""
    for pair in (tokens[i : i + 2], tokens[max(0, i - 1) : i + 1]):
        if len(pair) == 2 and not any(word in stop for word in pair):
            return " ".join(pair)
    return tokens[i]


def _hit(body, listed, sentences):
    """Return the places of the sentences in which an entry begins: set of int."""
    starts = [begin for (begin, _), _ in sentences]
    return {bisect_right(starts, start) - 1 for start, _, _ in overlaps.find(body, listed)}
