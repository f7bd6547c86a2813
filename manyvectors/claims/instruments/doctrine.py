"""The doctrine held, beside the state's own speeches: key terms, rates out of the usual range, ratios of two lists."""

from ..parameters import CATEGORY, PHRASES, TEXT, TEXTS, YEAR, instrument
from .common import numbers
from .steps import PER, of


@instrument(of="study")
def key_terms(e, section: TEXT, within: TEXTS, anywhere: PHRASES):
    """Count which key terms a doctrine has: some within one section, others anywhere.

    ``section``: as in ``extract-terms.csv``. ``within``: terms to look for in the section. ``anywhere``: phrases of
    ``phrases.csv`` to look for in all of the text. Returns estimate.
    """
    own = e.doctrine.rows.index
    terms = e.sections.query("section == @section").set_index("term")["count"]
    phrases = e.c.phrases("doctrine").loc[own, list(anywhere)].sum()
    return numbers(sum(map(bool, (*(terms.get(term) for term in within), *phrases))))


@instrument(of="study")
def rate_against_usual(e, category: CATEGORY):
    """Compare the rate of a category in the doctrine with the range of rates in the state's speeches.

    ``category``: of the dictionary. Returns estimate (per 10,000 words), hits, usual_high (the speeches' quantile of
    97.5 %).
    """
    doctrine = e.doctrine
    hits = e.dictionary.count(doctrine, e.c.phrases("doctrine").loc[doctrine.rows.index])[category].sum()
    own = of(e.per_word(category), e.focus)
    usual = PER * own["count"] / own["size"]
    return numbers(PER * hits / doctrine.rows["tokens"].sum(), hits=hits, usual_high=usual.quantile(0.975))


@instrument(of="study")
def word_ratio(e, words: TEXTS, to: TEXTS):
    """Divide the occurrences of some words in the doctrine held by those of others.

    Returns estimate; low, high: the range with one section left out.
    """
    extract = e.sections
    names = dict.fromkeys(words, "words") | dict.fromkeys(to, "to")
    sums = extract.groupby(["section", extract["term"].map(names)])["count"].sum().unstack(fill_value=0)
    ratio = sums["words"].sum() / sums["to"].sum()
    rest = [sums.drop(section) for section in sums.index]
    without = [part["words"].sum() / part["to"].sum() for part in rest]
    return numbers(ratio) | {"low": min(without), "high": max(without)}


@instrument(of="focus")
def phrase_uses(e, phrases: PHRASES, cut: YEAR):
    """Count the state's speeches with one of some phrases, since a year and before.

    ``phrases``: of ``phrases.csv``. Returns estimate (speeches since), before.
    """
    said = e.c.phrases(state=e.focus)[list(phrases)].sum(axis=1) > 0
    year = e.c.documents.loc[said.index, "year"]
    return numbers((said & (year >= cut)).sum(), before=(said & (year < cut)).sum())
