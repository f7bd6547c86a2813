"""The doctrine held, beside speeches: ideas it names, rates of rare words, ratios; and of whom a term is said."""

from fnmatch import fnmatchcase

import numpy as np
import pandas as pd

from ..few import RateGap, Ratio
from ..halves import found
from ..parameters import CATEGORIES, CATEGORY, PHRASES, TEXT, TEXTS, YEAR, instrument
from .steps import PER

OFTEN = 0.75  # of the years in which the state spoke: who spoke as often is comparable


@instrument(of="study")
def key_terms(e, section: TEXT, within: TEXTS, anywhere: PHRASES, otherwise: CATEGORIES = ()):
    """Count which ideas a summary names are in a doctrine: some within one section, a last one anywhere.

    ``section``: as in ``extract-terms.csv``. ``within``: terms to look for in the section, each an idea. ``anywhere``:
    phrases of ``phrases.csv``, any of which says the last idea. ``otherwise``: categories of the dictionary that say it
    in other words. Returns estimate (ideas found); terms: how many of them by the terms themselves; speeches: share of
    other states' speeches that hold all of them, said anywhere.
    """
    own = e.doctrine.rows.index
    there = e.sections.query("section == @section").set_index("term")["count"]
    named = sum(bool(there.get(term)) for term in within)
    phrases = e.c.phrases("doctrine").loc[own]
    literal = bool(phrases[list(anywhere)].to_numpy().any())
    counted = e.dictionary.count(e.doctrine, phrases)[list(otherwise)]
    said = literal or bool(counted.to_numpy().any())
    return found(estimate=named + said, terms=named + literal, speeches=_holding_all(e, within, anywhere, otherwise))


def _holding_all(e, within, anywhere, otherwise):
    """Return the share of other states' speeches that hold every idea."""
    counts = e.c.terms()
    theirs = (counts.rows["state"] != e.focus).to_numpy()
    held = (e.c.phrases()[list(anywhere)].to_numpy() > 0).any(axis=1)
    held |= (e.words[list(otherwise)].to_numpy() > 0).any(axis=1)
    for term in within:
        held &= np.asarray(counts[term]) > 0 if term in counts.vocabulary else False
    return held[theirs].mean()


@instrument(of="study")
def rate_against_usual(e, category: CATEGORY):
    """Compare the rate of a category in the doctrine with the rate in the state's speeches, and with other states'.

    ``category``: of the dictionary. Returns halves: estimate (per 10,000 words, the doctrine's less the speeches');
    its others are the rates in the speeches of the states that spoke in three quarters of the years in which the state
    did, less the same. And numbers: hits; expected: how many there would be at the speeches' rate; rate_usual.
    """
    doctrine = e.doctrine
    hits = int(e.dictionary.count(doctrine, e.c.phrases("doctrine").loc[doctrine.rows.index])[category].sum())
    rows = e.per_word(category)
    sums = rows.groupby("state", observed=True)[["count", "size"]].sum().loc[lambda table: table["size"] > 0]
    own, size = sums.loc[e.focus], doctrine.rows["tokens"].sum() / PER
    usual = PER * own["count"] / own["size"]
    others = PER * sums["count"] / sums["size"] - usual
    gap = RateGap.of_hits((hits, own["count"]), (size, own["size"] / PER), others[_comparable(e, others)])
    return found(estimate=gap, hits=hits, expected=usual * size, rate_usual=usual)


@instrument(of="study")
def word_ratio(e, words: TEXTS, to: TEXTS):
    """Divide the occurrences of some words in the doctrine held by those of others.

    Returns a half: estimate; each section is drawn as a whole; its others are the same ratio in all speeches of each
    state that spoke in three quarters of the years in which the state did. And numbers: ``words``, ``to``: how often.
    """
    extract = e.sections
    names = dict.fromkeys(words, "words") | dict.fromkeys(to, "to")
    kinds = extract["term"].map(names)
    sums = extract.groupby(["section", kinds])["count"].sum().unstack(fill_value=0)
    # A section without any of the words is a section all the same.
    sums = sums.reindex(extract["section"].unique(), fill_value=0).reindex(columns=["words", "to"], fill_value=0)
    spoken = e.c.terms()
    counts = {name: spoken.counts[:, spoken.vocabulary.isin(listed)] for name, listed in (("words", words), ("to", to))}
    both = pd.DataFrame({name: np.asarray(part.sum(axis=1)).ravel() for name, part in counts.items()})
    both = both.groupby(spoken.rows["state"].to_numpy()).sum().loc[lambda table: table["to"] > 0]
    others = both["words"] / both["to"]
    ratio = Ratio.of_parts(sums["words"], sums["to"], others[_comparable(e, others)])
    return found(estimate=ratio, words=sums["words"].sum(), to=sums["to"].sum())


def _comparable(e, others):
    """Return the states that spoke about as often as the focus state, itself left out: Index."""
    rows = e.world.rows
    years = rows[rows["year"].isin(e.years)].groupby("state")["year"].nunique()
    often = years.index[years >= OFTEN * len(e.years)]
    return others.index[others.index.isin(often) & (others.index != e.focus)]


@instrument(of="study")
def words_together(e, act: TEXT, words: TEXTS, without: TEXTS = ()):
    """Count how many of some words stand together in one provision of an act, and how often others stand in the act.

    ``act``: a document of the register of law. ``words``, ``without``: concepts of ``law-terms.csv``, looked for by
    their patterns in the language of the act. Returns estimate (of the words, in the provision with most of them),
    without (occurrences), tokens (of the act), year. ValueError if there is no such act, or no pattern for a word.
    """
    counts, patterns = e.c.terms(register="law", unit="segment"), e.own("law-terms")
    parts = counts.select((counts.rows["doc_id"] == act).to_numpy())
    if parts.rows.empty:
        raise ValueError(f"no act {act!r} in the register of law; see documents.yml")
    about = e.c.documents.loc[act]
    own = patterns[patterns["language"] == about["language"]].set_index("concept")["pattern"]
    lacking = sorted({*words, *without} - set(own.index))
    if lacking:
        raise ValueError(f"law-terms.csv has no pattern for {lacking[0]!r} in the language of {act}; add one")

    def times(word):
        fits = [fnmatchcase(term, own[word]) for term in parts.vocabulary]
        return np.asarray(parts.counts[:, np.flatnonzero(fits)].sum(axis=1)).ravel()

    together = sum((times(word) > 0).astype(int) for word in words)
    others = sum(int(times(word).sum()) for word in without)
    return found(estimate=int(together.max()), without=others, tokens=about["tokens"], year=about["year"])


@instrument(of="study")
def phrase_uses(e, phrases: PHRASES, cut: YEAR, codes: TEXT):
    """Count the state's speeches with one of some phrases, and of whom it is said by a coded table.

    ``phrases``: of ``phrases.csv``. ``cut``: first year counted. ``codes``: table of the study with one row for each
    use since then: ``doc_id``, ``aligned`` (1 if the speech takes the side of those who are called so), ``itself`` (1
    if the state calls itself so). Returns estimate (speeches since), before; aligned, itself (speeches); states, others
    (how many other states have used a phrase since, and how many spoke). ValueError if the codes are of other uses.
    """
    uses = e.c.phrases()[list(phrases)].sum(axis=1)
    about = e.c.documents.loc[uses.index]
    own, since = (about["state"] == e.focus), (about["year"] >= cut)
    coded = e.own(codes).groupby("doc_id").agg({"aligned": "max", "itself": "max", "use": "size"})
    held = uses[own & since & (uses > 0)]
    if not coded["use"].sort_index().equals(held.sort_index().rename("use").astype(coded["use"].dtype)):
        raise ValueError(f"{codes} codes {coded['use'].to_dict()}, but the uses are {held.to_dict()}; code each use")
    return found(
        estimate=len(held),
        before=(own & ~since & (uses > 0)).sum(),
        aligned=coded["aligned"].sum(),
        itself=coded["itself"].sum(),
        states=about.loc[~own & since & (uses > 0), "state"].nunique(),
        others=about.loc[~own & since, "state"].nunique(),
    )
