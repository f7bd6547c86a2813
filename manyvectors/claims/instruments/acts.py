"""Exact counts in the editions of an act: where a term stands, who is named first, what was kept, added, dropped."""

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import special

from ... import compare, text
from ...methods.chapters import chapters
from ...text import entries

LEAST = 15  # different words of a provision, from which what renderings of one text share is known
NOISE = 0.05  # of pairs of such renderings that are less alike than compare.KEPT
WINDOW = 100  # words in which different ones are counted, so that lengths do not matter
YEAR, NUMBER = "9999", "9"  # what stands for any year and for any other number in entries
_NUMBERS = re.compile(r"\d+(?: \d{3}(?!\d))*(?:[.,]\d+)*")
_A_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Words:
    """What is looked for in one language: ``dictionary`` and ``language`` (code of ISO 639-1)."""

    dictionary: object
    language: str

    @cached_property
    def _matched(self):
        stems = self.language in text.STEMMERS
        return self.dictionary.stemmed(self.language) if stems else self.dictionary

    def prepare(self, body):
        """Return a text as entries match it: numbers made plain, and stems if there is a stemmer."""
        body = " ".join(_NUMBERS.sub(_plain, text.clean(body)).replace("%", " percent").split())
        return text.stemmed(body, self.language) if self.language in text.STEMMERS else text.lower(body)

    def count(self, bodies, within=None):
        """Count categories in texts; ``within``: of one wider category, in which a longer match takes a shorter away.

        Returns pandas.DataFrame: texts x categories.
        """
        matched, scope = self._matched, "category"
        if within:
            matched, scope = type(matched)(self._lists(within)), "dictionary"
        found = matched.count([self.prepare(body) for body in bodies], scope=scope)
        return found.rename(columns=lambda name: name.removeprefix(f"{within}.")) if within else found

    def order(self, body, within):
        """Return the categories within a wider one in the order in which a text names them: list of str."""
        owner = {entry: name for name, listed in self._lists(within).items() for entry in listed}
        found = entries.find(self.prepare(body), [*owner])
        return [owner[entry].removeprefix(f"{within}.") for _, _, entry in found]

    def _lists(self, within):
        return {name: listed for name, listed in self._matched.to_dict().items() if name.startswith(f"{within}.")}


def _plain(match):
    return YEAR if _A_YEAR.fullmatch(match.group()) else NUMBER


@dataclass(frozen=True)
class Act:
    """One edition, as its counts need it. ``body``: its text; ``words`` (Words)."""

    body: str
    words: Words

    @cached_property
    def rows(self):
        """Its provisions: DataFrame ``chapter``, ``number``, ``text``, ``tokens``."""
        rows = chapters(self.body)
        return rows.assign(tokens=[len(text.tokenise(body)) for body in rows["text"]])

    @cached_property
    def counts(self):
        """Categories in its provisions: DataFrame."""
        return self.words.count(self.rows["text"]).set_axis(self.rows.index)

    @cached_property
    def places(self):
        """Places that its provisions name: DataFrame."""
        return self.words.count(self.rows["text"], "places").set_axis(self.rows.index).drop(columns="none")

    @cached_property
    def stems(self):
        """Its words in order, as stems if there is a stemmer: list of str."""
        return text.tokenise(self.words.prepare(" ".join(self.rows["text"])))

    def under(self, headings):
        """Say of each provision whether its chapter's heading names one of some things: array of bool."""
        titles = self.rows["chapter"].drop_duplicates()
        named = self.words.count(titles, "headings")[list(headings)].sum(axis=1) > 0
        return self.rows["chapter"].map(dict(zip(titles, named, strict=True))).to_numpy(bool)

    @property
    def inner(self):
        """Whether each provision stands in a chapter; in an act without chapters, all do: array of bool."""
        inner = (self.rows["chapter"] != "").to_numpy()
        return inner if inner.any() else ~inner


def term_under(acts, year, category, headings):
    """Count a category under some headings of an edition, and elsewhere in its chapters.

    ``acts``: year to Act. ``headings``: of the dictionary. Returns dict: ``estimate`` (under them), ``provisions``
    under them, ``elsewhere``, ``words`` of the edition, ``expected``: hits in the whole edition at the rate of all
    other editions, NaN without one.
    """
    act = acts[year]
    under, hits = act.under(headings), act.counts[category].to_numpy()
    others = [other for when, other in acts.items() if when != year]
    size, there = sum(o.rows["tokens"].sum() for o in others), sum(o.counts[category].sum() for o in others)
    words = act.rows["tokens"].sum()
    return {
        "estimate": int(hits[under].sum()),
        "provisions": int(under.sum()),
        "elsewhere": int(hits[~under & act.inner].sum()),
        "words": int(words),
        "expected": float(there * words / size) if size else np.nan,
    }


def moved(acts, first, second):
    """Count by how many provisions two editions differ beyond what two translators of one text would.

    Provisions of at least fifteen different words. Returns dict: ``estimate``: changed, added and dropped ones; ``n``:
    all; ``expected``: how many renderings of one text would be less alike than the threshold; ``bar``: the number that
    they would exceed in one case of twenty.
    """
    table = _aligned(acts, first, second)
    long = [max(len(set(text.tokenise(body))) for body in pair) >= LEAST for pair in _pairs(table)]
    status, n = table["status"][long], int(sum(long))
    bar = next((k for k in range(n + 1) if special.bdtr(k, n, NOISE) >= 1 - NOISE), 0)
    return {"estimate": int((status != "kept").sum()), "n": n, "expected": NOISE * n, "bar": bar}


def _pairs(table):
    return zip(table["old_text"], table["new_text"], strict=True)


def _aligned(acts, first, second):
    old, new = (acts[year].rows["text"][acts[year].inner] for year in (first, second))
    return compare.editions(old.tolist(), new.tolist())


def carried(acts, first, second):
    """Say what share of two editions' provisions each finds again in the other, kept or changed.

    Returns dict: ``estimate``: share of the second's provisions that the first has; ``carried``: of the first's that
    the second has; ``kept``: of the second's that are word for word as alike as renderings of one text; ``added``,
    ``dropped``: how many.
    """
    status = _aligned(acts, first, second)["status"].value_counts()
    both = status["kept"] + status["changed"]
    return {
        "estimate": float(both / (both + status["added"])),
        "carried": float(both / (both + status["dropped"])),
        "kept": float(status["kept"] / (both + status["added"])),
        "added": int(status["added"]),
        "dropped": int(status["dropped"]),
    }


def new_term(acts, first, second, category, beside):
    """Count provisions in which a category stands beside another, in two editions.

    Returns dict: ``estimate`` (of the second), ``earlier`` (of the first), ``later_any``, ``earlier_any``: the
    category, whatever stands beside it; ``expected``: of the first's, at the rate of the second.
    """
    found = {}
    for name, year in (("later", second), ("earlier", first)):
        counts, inner = acts[year].counts, acts[year].inner
        hit = (counts[category] > 0).to_numpy() & inner
        found[name] = int((hit & (counts[beside] > 0).to_numpy()).sum())
        found[f"{name}_any"] = int(hit.sum())
    sizes = [acts[year].rows["tokens"].sum() for year in (first, second)]
    return {"estimate": found.pop("later"), **found, "expected": float(found["later_any"] * sizes[0] / sizes[1])}


def first_named(acts, year, place, among, headings):
    """Say in which place of the order of first mention a partner stands, under some headings if there are such.

    ``among``: partners that are compared. Returns dict: ``estimate``: its place, from 1, NaN if it is not named; the
    number of partners ``named``; ``shared``: how many others are first named in the same provision; ``provisions``:
    looked through.
    """
    act = acts[year]
    under = act.under(headings)
    bodies = act.rows["text"][under if act.places[list(among)][under].to_numpy().any() else act.inner]
    mentions = [(name, row) for row, body in bodies.items() for name in act.words.order(body, "places")]
    first = {name: row for name, row in reversed(mentions) if name in among}
    order = [name for name in dict.fromkeys(name for name, _ in mentions) if name in among]
    return {
        "estimate": order.index(place) + 1 if place in order else np.nan,
        "named": len(order),
        "shared": sum(row == first.get(place) for name, row in first.items() if name != place),
        "provisions": len(bodies),
    }


def most_words(acts, year, place):
    """Compare the words of provisions that name a part of the world with those that name any other.

    A provision counts for every part that it names. Returns dict: ``estimate``: its words; ``next``: of the other part
    that has most; ``provisions``, ``next_provisions``: the same in provisions.
    """
    act = acts[year]
    named = (act.places > 0)[act.inner]
    words = named.mul(act.rows["tokens"][act.inner], axis=0).sum()
    provisions = named.sum()
    return {
        "estimate": int(words[place]),
        "next": int(words.drop(place).max()),
        "provisions": int(provisions[place]),
        "next_provisions": int(provisions.drop(place).max()),
    }


def lengths(acts, year, beside):
    """Compare the length of two texts and how much they repeat themselves.

    ``beside``: year of the other. Returns dict: ``estimate``: words of one divided by those of the other; ``variety``,
    ``beside_variety``: mean share of different stems in windows of 100 words; ``gap``: the first less the second. NaN
    for a text shorter than a window.
    """
    own, other = acts[year], acts[beside]
    varieties = [_variety(act.stems) for act in (own, other)]
    return {
        "estimate": float(own.rows["tokens"].sum() / other.rows["tokens"].sum()),
        "variety": varieties[0],
        "beside_variety": varieties[1],
        "gap": float(varieties[0] - varieties[1]),
    }


def _variety(words):
    starts = range(len(words) - WINDOW + 1)
    return float(np.mean([len(set(words[i : i + WINDOW])) for i in starts])) / WINDOW if starts else np.nan


def targets(acts, years, category):
    """Count provisions with something that can be measured: a number with its unit, or a deadline.

    ``category``: of the dictionary, with ``units`` and ``deadlines`` in it. Returns dict: ``estimate``: the larger
    share of provisions among the editions; ``least``: the smaller; ``hits``, ``units`` (those with a unit),
    ``provisions``: in all editions together.
    """
    counts = [acts[year].counts[acts[year].inner] for year in years]
    parts = [(part[[f"{category}.units", f"{category}.deadlines"]] > 0) for part in counts]
    shares = [part.any(axis=1).mean() for part in parts]
    return {
        "estimate": float(max(shares)),
        "least": float(min(shares)),
        "hits": int(sum(part.any(axis=1).sum() for part in parts)),
        "units": int(sum(part[f"{category}.units"].sum() for part in parts)),
        "provisions": sum(map(len, parts)),
    }


MEASURES = {one.__name__: one for one in (term_under, moved, carried, new_term, first_named, most_words, lengths)}
MEASURES["targets"] = targets


def opened(texts, words):
    """Return year to Act, in order of time, from year to text."""
    return {int(year): Act(body, words) for year, body in sorted(pd.Series(texts, dtype=object).items())}
