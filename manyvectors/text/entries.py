"""Count the entries of a dictionary or gazetteer so that of overlapping matches only the longest counts.

"Guinea" stands inside "Equatorial Guinea". Phrases are counted plainly, so the occurrences of an entry inside longer
entries are taken away from its count; in a text the same is done with positions. Two places are named where names
overlap without one holding the other; an idea is said once, so a dictionary counts such entries once.
"""

import re
from bisect import bisect_left
from functools import cache, lru_cache

import numpy as np
import pandas as pd
from scipy import sparse

from . import phrases
from .letters import JOINERS, MARK

_PIECES = re.compile(r"([\w*-]+)")


def inside(entries):
    """Say how often each entry stands inside each other one.

    ``entries`` (sequence of str): phrases as in ``phrases.csv``. Returns pandas.DataFrame: square: row ``"guinea"``,
    column ``"equatorial guinea"``: 1. The diagonal is 0. Where two entries match the same words ("asia*" and "asian"),
    the one that says more counts as the longer. ValueError if an entry is listed twice, or if counts cannot say which
    words were meant: two entries match some words in common and each others alone ("asi*", "as*an"), or one stands in
    some matches of another only ("approach", "balanced approach*").
    """
    return pd.DataFrame(_inside(tuple(entries)).toarray(), index=list(entries), columns=list(entries))


@lru_cache(maxsize=64)
def _inside(entries):
    twice = pd.Index(entries)[pd.Index(entries).duplicated()]
    if len(twice):
        raise ValueError(f"listed twice: {', '.join(map(repr, twice))}")
    parts = [_parts(entry) for entry in entries]
    holders, short = {}, set()
    for j, (runs, _) in enumerate(parts):
        for run in runs:
            start = _stem(run)[:3]
            holders.setdefault(start, set()).add(j)
            short |= {start} if len(start) < 3 else set()
    cells = []
    lower = [f" {entry.lower()} " for entry in entries]
    plain = [bool(re.fullmatch(r"( [\w-]+)+ ", entry)) for entry in lower]
    for i, ours in enumerate(parts):
        start = _stem(ours[0][0])[:3]
        # Words that could match begin alike, which is quicker to see. Most beginnings are of three letters.
        alike = short | {start} if len(start) == 3 else holders
        near = set().union(*(holders.get(stem, ()) for stem in alike if _near(start, stem))) - {i}
        for j in sorted(near):
            if plain[i] and plain[j] and lower[i] not in lower[j]:
                continue
            times = _times(ours, parts[j], entries[i], entries[j])
            cells += [(i, j, times)] if times else []
    rows, columns, values = np.array(cells, np.int64).reshape(-1, 3).T
    return sparse.csr_matrix((values, (rows, columns)), (len(parts), len(parts)))


def _parts(entry):
    """Take an entry apart: runs of word characters, hyphens and wildcards; and what stands around them."""
    pieces = (_PIECES if entry.isascii() else _pieces_with_marks()).split(entry.lower())
    return pieces[1::2], pieces[::2]


@cache
def _pieces_with_marks():
    return re.compile(rf"((?:[\w*-]|{MARK}|[{JOINERS}])+)")


def _stem(run):
    return run.partition("*")[0]


def _near(one, other):
    """Say whether runs that begin so could match the same word."""
    return one.startswith(other) or other.startswith(one)


def _times(ours, theirs, entry, other):
    """Return at how many places one entry stands inside another."""
    (mine, _), (yours, _) = ours, theirs
    found = 0
    for start in range(len(yours) - len(mine) + 1):
        fit = _fit(ours, theirs, start)
        if fit is None and len(mine) == len(yours) and all(map(_covers, yours, mine)):
            continue
        if fit is None:
            raise ValueError(
                f"{entry!r} stands in some matches of {other!r} but not in all; write the forms of one out"
            )
        found += fit
    return found


def _fit(ours, theirs, start):
    """Say whether one entry stands at a run of another: True, False, or None for in some of its matches only."""
    (mine, marks), (yours, their_marks) = ours, theirs
    if mine[0] != yours[start] and "*" not in mine[0] and "*" not in yours[start]:
        return False  # most pairs end here
    end = start + len(mine)
    between = [*marks[1:-1]] == [*their_marks[start + 1 : end]]
    if not (between and their_marks[start].endswith(marks[0]) and their_marks[end].startswith(marks[-1])):
        return False
    pairs = list(zip(mine, yours[start:end], strict=True))
    if all(_covers(one, two) for one, two in pairs):
        return True
    return None if all(_meets(one, two) for one, two in pairs) else False


def _covers(general, special):
    """Say whether whatever one run of a phrase matches, another matches too."""
    if "*" not in general:
        return general == special
    # A wildcard of the special one is a letter that only a wildcard of the general one can stand for.
    return _glob(general).fullmatch(special) is not None


@lru_cache(maxsize=4096)
def _glob(run):
    first, *parts, last = map(re.escape, re.sub(r"\*+", "*", run).split("*"))
    return re.compile(first + "".join(f"(?>.*?{part})" for part in parts) + rf"(?>.*?{last}\Z)", re.DOTALL)


def _meets(one, other):
    """Say whether two runs of phrases can match the same word."""
    if "*" not in one:
        return _covers(other, one)
    if "*" not in other:
        return _covers(one, other)
    # Between its first and its last wildcard each can take in whatever the other demands there.
    heads, tails = (one.partition("*")[0], other.partition("*")[0]), (one.rpartition("*")[2], other.rpartition("*")[2])
    longer_tail = max(tails, key=len)
    return _near(*heads) and longer_tail.endswith(min(tails, key=len))


def longest(counts):
    """Take the occurrences of each entry inside longer ones away from its count.

    ``counts`` (pandas.DataFrame): rows x entries: how often each entry occurs, inside others or not, as
    :meth:`Corpus.phrases` gives it. Returns pandas.DataFrame: same shape, whole numbers: every entry counts where no
    longer one holds it. Entries that overlap without one holding the other ("a b", "b c" in "a b c") both count.

    Entries are refused as in :func:`inside`. A word that stands where two longer entries overlap ("b" in "a b" and "b
    c") is taken off twice; a count below zero is a sign of it, or of a word whose single occurrences were not counted.
    Where such words could meet, compare with :func:`find` on texts.
    """
    within = _inside(tuple(counts.columns)).T.tocsr()
    if not within.nnz:
        return counts.astype(np.int64)
    plain = sparse.csr_matrix(counts.to_numpy())
    # counts = alone + alone @ within. Entries get longer from step to step, so a few steps solve it exactly.
    alone, before = plain, None
    while before is None or (alone != before).nnz:
        alone, before = plain - alone @ within, alone
    return pd.DataFrame(alone.toarray(), index=counts.index, columns=counts.columns)


def joined(entries):
    """Return the phrases in which two entries overlap without one holding the other.

    ``entries``: as for :func:`inside`. Returns list of (str, str): the phrase and the entry that it begins with: of
    "a b" and "b c" it is ("a b c", "a b"). Where a third entry stands between two, only the two pairs of neighbours are
    given. ValueError as :func:`inside`.
    """
    return list(_joined(tuple(entries)))


@lru_cache(maxsize=64)
def _joined(entries):
    parts = [_parts(entry) for entry in entries]
    begins = {}  # by how their first run begins, so that most pairs are never looked at
    for j, (runs, _) in enumerate(parts):
        begins.setdefault(_stem(runs[0])[:3], []).append(j)
    found = {}
    for i, (runs, _) in enumerate(parts):
        for k in range(1, len(runs)):
            for j in _beginning_like(runs[-k], begins):
                join = _join(parts[i], parts[j], k, entries[i], entries[j])
                if join and (join not in found or found[join][:2] < (len(runs), len(parts[j][0]))):
                    found[join] = (len(runs), len(parts[j][0]), entries[i])
    return tuple(
        (join, first) for join, (*sizes, first) in found.items() if _neighbours(join, *sizes, entries, parts, begins)
    )


def _beginning_like(run, begins):
    """Return the places of entries whose first run could match what a run matches."""
    start = _stem(run)[:3]
    if len(start) == 3:
        keys = [start, start[:2], start[:1], ""]  # most beginnings are of three letters
        return [place for key in keys for place in begins.get(key, ())]
    return [place for key, places in begins.items() if _near(key, start) for place in places]


def _join(ours, theirs, k, entry, other):
    """Return the phrase in which the last runs of one entry are the first of another, or None."""
    (mine, marks), (yours, their_marks) = ours, theirs
    if k >= len(yours) or marks[-k:-1] != their_marks[1:k]:
        return None
    if not (marks[-k - 1].endswith(their_marks[0]) and their_marks[k].startswith(marks[-1])):
        return None
    common = []
    for one, two in zip(mine[-k:], yours[:k], strict=True):
        if not (_covers(one, two) or _covers(two, one)):
            if _meets(one, two):
                raise ValueError(f"{entry!r} and {other!r} overlap in some matches only; write the forms of one out")
            return None
        common.append(two if _covers(one, two) else one)
    runs = [*mine[:-k], *common, *yours[k:]]
    between = [*marks[:-1], *their_marks[k:]]
    return between[0] + "".join(run + mark for run, mark in zip(runs, between[1:], strict=True))


def _neighbours(join, first, last, entries, parts, begins):
    """Say whether the two entries of such a phrase are each other's neighbours: none holds both or stands between."""
    whole = _parts(join)
    n = len(whole[0])
    for start, run in enumerate(whole[0][: n - last]):
        for place in _beginning_like(run, begins):
            own, end = parts[place], start + len(parts[place][0])
            if start == 0:
                if end == n and _fit(own, whole, 0):
                    return False
            elif first < end < n:
                fit = _fit(own, whole, start)
                if fit is None:
                    raise ValueError(
                        f"{entries[place]!r} stands in some matches of {join!r} but not in all; write its forms out"
                    )
                if fit:
                    return False
    return True


def once(counts, entries, others=()):
    """Count overlapping entries once, by the first of them: as :func:`find` does with ``once``, from counts.

    ``counts`` (pandas.DataFrame): rows x phrases: how often each occurs, inside others or not; a column for each entry
    and for each phrase of :func:`joined`. ``entries``: as for :func:`inside`. ``others``: more entries, which only take
    away what they hold. Returns pandas.DataFrame: rows x entries. ValueError as :func:`inside`; KeyError if a phrase
    was not counted.
    """
    joins = joined(entries)
    every = dict.fromkeys((*entries, *others, *(join for join, _ in joins)))
    alone = longest(counts[list(every)])
    found = alone[list(entries)].copy()
    for join, first in joins:
        found[first] += alone[join]
    return found


def find(body, entries, once=False):
    """Find entries in a cleaned text, of overlapping matches only the longest.

    ``body``: from :func:`manyvectors.text.clean`. ``entries``: sequence of str. ``once``: whether matches that overlap
    without one holding the other, as "a b" and "b c" in "a b c", are one, which begins with the first. Returns list of
    (int, int, str): start and end in characters, and the entry, in order of the text. ValueError for a text that is not
    clean.
    """
    found = [(*span, entry) for entry in _beginning(tuple(entries), body) for span in phrases.phrase_spans(body, entry)]
    # First the earliest, of those the longest, of those the entry that says most: what is held comes after its holder.
    found.sort(key=lambda match: (match[0], -match[1], "*" in match[2], -len(match[2])))
    kept, reach = [], -1
    for start, end, entry in found:
        if start >= reach or (end > reach and not once):
            kept.append((start, end, entry))
        reach = max(reach, end)
    return kept


@lru_cache(maxsize=1)  # several lists of entries are looked for in one text
def _runs(body):
    """Return the different runs of word characters and hyphens of a text, in order, and as a set; ValueError if it is
    not clean.
    """
    found = phrases.runs(phrases.checked(body))
    return found, frozenset(found)


def _begins(runs, start):
    """Say whether one of some runs, which are in order, begins so."""
    place = bisect_left(runs, start)
    return place < len(runs) and runs[place].startswith(start)


def _beginning(entries, body):
    """Return those entries, in their order, that begin as a run of a text does: quick to see, and most do not."""
    (in_order, runs), (whole, open_ended) = _runs(body), _starts(entries)
    # The set goes through the dict: the other way round every run of the text would be gone through.
    places = {place for run in runs.intersection(whole) for place in whole[run]}
    places.update(place for start, some in open_ended.items() if _begins(in_order, start) for place in some)
    return [entries[place] for place in sorted(places)]


@lru_cache(maxsize=64)  # so that a text takes no longer for the entries that it does not hold
def _starts(entries):
    """Return the places of entries by their first runs: of those without a wildcard; of those with one by what stands
    before it.
    """
    whole, open_ended = {}, {}
    for place, entry in enumerate(entries):
        run = next(iter(_parts(entry)[0]), None)
        if run is not None:
            (open_ended if "*" in run else whole).setdefault(_stem(run), []).append(place)
    return whole, open_ended
