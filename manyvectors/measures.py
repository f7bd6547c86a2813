"""The measures behind the claims: each counts something and returns named numbers for a rule to judge.

Every measure takes the :class:`Evidence` and, by keyword, the choice that a variant makes otherwise (a rival date,
another seed, another coding). Where chapters build a measure step by step, this is the same measure once more, whole.
"""

import functools
import inspect
from functools import cached_property
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import sparse, special
from threadpoolctl import ThreadpoolController

# What needs scikit-learn, which takes a second to load, is imported by the measures that need it.
from . import compare, corpus, inference, practice, rhetoric, study, vectors
from .common import plain_strings
from .recipe import STOP_WORDS, Recipe

MEASURES, VARIANTS = {}, {}
AS_DELIVERED = (2020, 2021, 2024)  # transcripts of those years are as delivered, the others as written
FIVE = ("KAZ", *study.load().neighbours)
# Words of scikit-learn's list that carry a subject are no function words.
_SUBJECTS = {
    *("amount", "bill", "computer", "cry", "detail", "fire"),
    *("interest", "mill", "mine", "serious", "sincere", "system"),
}
FUNCTION_WORDS = STOP_WORDS["english"] - _SUBJECTS


def measure(*claims, variants=()):
    """Register a function as the measure of some claims, with the keywords of its variants (or a way to list them)."""

    def register(function):
        for claim in claims:
            MEASURES[claim] = function
            VARIANTS[claim] = variants if callable(variants) else lambda e: list(variants)
        return function

    return register


threads = functools.cache(ThreadpoolController)  # to find the libraries takes longer than most measures


def once(method):
    """Keep what a method of :class:`Evidence` returns, for each set of arguments, as long as its evidence lives."""
    signature = inspect.signature(method)

    @functools.wraps(method)
    def kept(self, *args, **kwargs):
        bound = signature.bind(self, *args, **kwargs)
        bound.apply_defaults()
        given = list(bound.arguments.values())[1:]
        key = method.__name__, *(tuple(sorted(part.items())) if isinstance(part, dict) else part for part in given)
        if key not in self.kept:
            self.kept[key] = method(self, *args, **kwargs)
        return self.kept[key]

    return kept


class Evidence:
    """What measures draw on, each part worked out once.

    Parameters
    ----------
    c : manyvectors.corpus.Corpus, optional
        The shipped data package by default.
    """

    def __init__(self, c=None):
        self.c = c or corpus.load()
        self.kept = {}

    def result(self, claim, **variant):
        """Return the numbers of a claim's measure, worked out once for each variant."""
        return dict(self._result(claim, tuple(sorted(variant.items()))))

    @once
    def _result(self, claim, variant):
        # Matrices are small here: threads that wait for each other cost more than they bring.
        with threads().limit(limits=1, user_api="blas"), plain_strings():
            return MEASURES[claim](self, **dict(variant))

    @cached_property
    def world(self):
        """Counts of every state's speeches after the book's recipe: TermMatrix."""
        return Recipe().apply(self.c.terms())

    @cached_property
    def speeches(self):
        """Kazakhstan's speeches: DataFrame, fields as in ``documents.csv``."""
        return self.c.documents.query("register == 'rostrum' and state == 'KAZ'")

    def of_state(self, state):
        """The part of :attr:`world` that is one state's: TermMatrix."""
        place, m = self._rows_of[state], self.world
        return corpus.TermMatrix(m.rows.iloc[place], m.vocabulary, m.counts[place])

    @cached_property
    def always(self):
        """States that spoke in every year, Kazakhstan among them: Index."""
        spoke = self.world.rows["state"].value_counts()
        return spoke.index[spoke == len(self.speeches)]

    @cached_property
    def _rows_of(self):
        return self.world.rows.groupby("state").indices

    @cached_property
    def _always(self):
        """Positions of the speeches of the states that spoke in every year, states x years."""
        return np.array([self._rows_of[state] for state in self.always])

    @cached_property
    def distances(self):
        """Jensen-Shannon divergences between Kazakhstan's speeches, in bits: DataFrame."""
        return compare.distances(self.of_state("KAZ"))

    @cached_property
    def steps(self):
        """Divergence of each speech from the next of the states that always spoke, in bits: array, states x steps."""
        before, after = self._always[:, :-1], self._always[:, 1:]
        return compare.divergences(self.world, before.ravel(), after.ravel()).reshape(before.shape)

    def cut_of_all(self, year, window=5):
        """How far both sides of one cut lie apart beyond the spread within, as :func:`compare.placebo_breaks` has it.

        Returns
        -------
        pandas.Series
            In bits, by state, of those that always spoke.

        Raises
        ------
        ValueError
            If the year has no full window on both sides.
        """
        years = self.world.rows["year"].to_numpy()[self._always[0]]
        near = self._always[:, (years >= year - window) & (years < year + window)]
        if near.shape[1] < 2 * window:
            raise ValueError(f"{year} has not {window} years on both sides within {years[0]} to {years[-1]}")
        one, other = np.triu_indices(2 * window, 1)
        found = compare.divergences(self.world, near[:, one].ravel(), near[:, other].ravel()).reshape(len(near), -1)
        across = (one < window) & (other >= window)
        return pd.Series(found[:, across].mean(axis=1) - found[:, ~across].mean(axis=1), self.always)

    @once
    def leanings(self, **how):
        """Changes of the four leanings (see :func:`leanings`)."""
        return leanings(self, **how)

    @once
    def topics(self, states="KAZ", seed=0):
        """A topic model of the segments of Kazakhstan or of Central Asia, as chapter 07 fits it."""
        from . import topics

        five = states != "KAZ"
        m = self.c.terms(state=list(FIVE) if five else "KAZ", unit="segment")
        # The book's own models are the best of several starts; other seeds are taken as they come.
        return topics.TopicModel(14, seed=seed, starts=1 if seed else 2 if five else 3).fit(m)

    @cached_property
    def topic_labels(self):
        """What the topics of Kazakhstan's model are about: Series, index topic."""
        from . import topics

        return topics.label(self.topics(), self.c.table("topic-labels"))["label"]

    def pace(self, quiet):
        """Mean change of words from one year to the next of the states that always spoke, raw and allowing for length.

        Parameters
        ----------
        quiet : numpy.ndarray of bool
            Which of the steps from year to year to average.

        Returns
        -------
        (pandas.Series, pandas.Series)
            In bits, by state: the mean; and what is left of it after a line through the logarithm of the mean length.
        """
        pace = pd.Series(self.steps[:, quiet].mean(axis=1), self.always)
        tokens = pd.Series(np.asarray(self.world.counts.sum(axis=1)).ravel(), self.world.rows.index)
        length = np.log(tokens.groupby(self.world.rows["state"]).mean()[pace.index])
        return pace, pace - np.polyval(np.polyfit(length, pace, 1), length)

    @cached_property
    def far(self):
        """Distances of the five states' speeches from the 2020 extract, in bits: state to DataFrame by year.

        ``given``: of the speeches as they are; ``equal``: of 250 words drawn from each, mean of five draws.
        """
        extract = self.c.terms(register="doctrine").totals().reindex(self.world.vocabulary).fillna(0).to_numpy()
        found = {}
        for code in FIVE:
            theirs = self.of_state(code)
            counts, rng = theirs.counts.toarray(), np.random.default_rng(0)
            draws = [[rng.multivariate_hypergeometric(row, 250, method="count") for row in counts] for _ in range(5)]
            equal = compare.jensen_shannon(np.array(draws), extract).mean(axis=0)
            given = compare.jensen_shannon(counts, extract)
            found[code] = pd.DataFrame({"given": given, "equal": equal}, theirs.rows["year"])
        return found

    @cached_property
    def dictionary(self):
        """The book's own dictionary."""
        return rhetoric.Dictionary.read(self.c.study.folder / "dictionary.yml")

    @cached_property
    def words(self):
        """Hits of every category of the dictionary in every speech: DataFrame."""
        return self.dictionary.count(self.c.terms(), self.c.phrases(lists="dictionary"))

    @cached_property
    def words_without_top(self):
        """As :attr:`words`, the commonest entry of every category left out."""
        counted = self.c.terms(), self.c.phrases(lists="dictionary")
        cover = self.dictionary.coverage(*counted)
        rest = cover.drop(cover.groupby("category")["hits"].idxmax())
        rest = rhetoric.Dictionary(rest.groupby("category")["entry"].agg(list).to_dict())
        return rest.count(*counted)

    @cached_property
    def _all_places(self):
        return vectors.places(self.c)

    @cached_property
    def places(self):
        """Mentions of every place in every speech, universal bodies left out: DataFrame."""
        return vectors.by_vector(self.c, self._all_places, "places", universal=False)

    @once
    def named(self, mapping="book"):
        """Mentions of every vector in every speech, universal bodies left out: DataFrame."""
        return vectors.by_vector(self.c, self._all_places, mapping, universal=False)

    @cached_property
    def eurasian(self):
        """Mentions of Eurasian bodies beside the length of each speech (see :meth:`rates`)."""
        kinds = self.c.table("gazetteer").groupby("place")["kind"].agg(set)
        mapped = self.c.table("vectors").set_index("place")["book"]
        bodies = [p for p in mapped.index[mapped == "Russia and Eurasian bodies"] if "organisation" in kinds.get(p, ())]
        return self.rates(self.places[bodies].sum(axis=1))

    @cached_property
    def votes(self):
        """Roll calls and votes of all states (see ``practice.votes``)."""
        return practice.votes(self.c)

    @cached_property
    def rollcalls(self):
        """Year, areas and resolution (``cluster``) of every roll call, as numbers alone: DataFrame in order of date."""
        # They are selected and grouped two hundred times, which strings would slow down.
        every = self.votes.rollcalls
        numbered = pd.factorize(every["cluster"], sort=True)[0]
        return every[["year", *practice.ISSUES]].assign(cluster=numbered)

    def votes_of(self, states, first, last):
        """Return the roll calls of some years (year, areas, cluster) and some states' votes in them, a column each."""
        rows = slice(*self.rollcalls["year"].searchsorted([first, last + 1]))
        return self.rollcalls.iloc[rows], self.votes.codes[rows, self.votes.states.get_indexer(states)]

    @cached_property
    def trade(self):
        """Bounds of trade concentration by flow and year (see ``practice.trade``)."""
        return practice.trade(c=self.c)

    @cached_property
    def china(self):
        """China's share of trade by flow and year (see ``practice.partner_share``)."""
        return practice.partner_share("China", c=self.c)

    @cached_property
    def _about(self):
        # Codes of states as categories: they are compared and sorted a hundred times.
        rows = self.c.documents.loc[self.c.documents["register"] == "rostrum", ["state", "year", "era", "tokens"]]
        return rows.astype({"state": "category", "tokens": float})

    def rates(self, counts, sizes=None):
        """Put counts and what they are counted in beside the state and year of each speech: DataFrame.

        Sizes are lengths in tokens unless others are given.
        """
        rows = self._about if counts.index.equals(self._about.index) else self._about.loc[counts.index]
        size = rows["tokens"] if sizes is None else sizes
        return rows.drop(columns="tokens").assign(count=counts.to_numpy(), size=size.to_numpy())

    @once
    def per_word(self, category, without_top=False):
        """Hits of a category beside the length of each speech (see :meth:`rates`), on request without its top entry."""
        counts = (self.words_without_top if without_top else self.words)[category]
        return self.rates(counts)

    @once
    def per_vector(self, vector, mapping="book"):
        """Mentions of a vector beside those of all vectors in each speech (see :meth:`rates`)."""
        named = self.named(mapping)
        return self.rates(named[vector], named.sum(axis=1))


# Steps: what changed at a date, and how unusual that is -------------------------------------------------------------


def between(table, first, last):
    """Return the rows of some years, both ends included."""
    return table[table["year"].between(first, last)]


def expanded(*sets):
    """Return the level at which to read the ends of an interval from few speeches; short of 1, which has no ends."""
    return min(inference.expanded_level(0.95, min(map(len, sets))), 1 - 1e-9)


def change(before, after, *others, per=1.0, n=1000, seed=0):
    """Change of a rate between two sets of speeches, less that of others, with an expanded percentile interval."""
    groups = [part[["count", "size"]].to_numpy(float) for part in (before, after, *others)]
    level = expanded(*groups)
    return inference.bootstrap_sums(lambda *s: per * inference.ratio_change(*s), groups, n, level, seed)


def change_p(before, after, n=1999, seed=0):
    """P-value of a change of rate: how often speeches dealt at random differ as much."""
    groups = [part[["count", "size"]].to_numpy(float) for part in (before, after)]
    return inference.permutation_sums(inference.ratio_change, groups, n, seed)


def by_state(before, after, state="KAZ"):
    """Return the change of rate of every state that spoke, on either side, three times in four when ``state`` did."""
    both = pd.concat([before, after])
    code, names = pd.factorize(both["state"], sort=True)
    side = np.repeat([0, 1], [len(before), len(after)])
    cells = 2 * code + side
    spoke, hits, size = (
        np.bincount(cells, weights, 2 * len(names)).reshape(-1, 2)
        for weights in (None, both["count"].to_numpy(), both["size"].to_numpy())
    )
    often = (spoke >= 0.75 * spoke[names.get_loc(state)]).all(axis=1) & (size > 0).all(axis=1)
    rates = hits[often] / size[often]
    return pd.Series(rates[:, 1] - rates[:, 0], names[often])


def share_of_states(before, after, state="KAZ"):
    """Return the share of other states whose rate rose at least as much: a base rate for one state's rise."""
    return rarer(by_state(before, after, state), state)


def rarer(rises, state="KAZ"):
    """Return the share of other states that rose at least as much as one, from :func:`by_state`."""
    return float((rises.drop(state) >= rises[state]).mean())


def share_of_years(table, cut, width_before, width_after, state="KAZ"):
    """Return the share of other cut years at which a state's rate rose at least as much as at ``cut``."""
    own = table[table["state"] == state]
    first, last = own["year"].min(), own["year"].max()
    by_year = own.groupby("year")[["count", "size"]].sum().reindex(range(first, last + 1), fill_value=0).to_numpy(float)
    sums = np.vstack([[0, 0], by_year.cumsum(axis=0)])
    years = np.arange(first + width_before, last - width_after + 2)
    middle = years - first
    old, new = sums[middle] - sums[middle - width_before], sums[middle + width_after] - sums[middle]
    rises = pd.Series(new[:, 0] / new[:, 1] - old[:, 0] / old[:, 1], years)
    return float((rises.drop(cut) >= rises[cut]).mean())


def numbers(estimate, **more):
    """Return an Estimate, or one number without an interval, as named numbers."""
    if isinstance(estimate, inference.Estimate):
        found = {name: float(getattr(estimate, name)) for name in ("estimate", "low", "high")}
    else:
        found = {"estimate": float(estimate), "low": np.nan, "high": np.nan}
    return found | {name: float(value) for name, value in more.items()}


# Reports on the editions (chapters 08 and 09) -----------------------------------------------------------------------


def readings(reports, conflict):
    """Say of each rival reading of a conflict whether it was read in the act, and how many works give it."""
    rows = reports[reports["conflict"] == conflict]
    # Versions of one work are one work.
    told = pd.DataFrame({"official": rows["mark"] == "official text seen", "works": rows["source"].replace(SAME_WORK)})
    by_reading = told.groupby(rows["reading"])
    return pd.DataFrame({"official": by_reading["official"].any(), "works": by_reading["works"].nunique()})


SAME_WORK = {
    "imemo_abstract_ru": "kurmanguzhin_chebotarev2023",
    "ptrk19822": "kz_decree280_2020",
    "ptrk19802": "kz_decree280_2020",
}
CONFLICTS = {"A10": ("C6", "C"), "A11": ("C10", "A"), "B4": ("C1", "B")}
FOUR = {"1995": ("C1", "A"), "2000": ("C2", "A"), "2005": ("C3", "A")}


def _reading(reports, conflict, reading):
    found = readings(reports, conflict)
    own = found.reindex([reading]).iloc[0]
    return numbers(
        len(found),
        rivals=len(found),
        official=found["official"].any(),
        seen=own["official"] is True or own["official"] == 1,
        works=0 if pd.isna(own["works"]) else own["works"],
    )


def _without(e, source):
    reports = e.c.table("editions")
    return reports[reports["source"].replace(SAME_WORK) != source]


def _conflict(claim):
    def one(e, without=None):
        return _reading(_without(e, without), *CONFLICTS[claim])

    one.__doc__ = f"Count the rival readings of conflict {CONFLICTS[claim][0]}, with one source left out on request."
    return one


def _each_work(*conflicts):
    """Return variants that leave out one work after another of those that speak in some conflicts."""

    def variants(e):
        reports = e.c.table("editions")
        works = reports.loc[reports["conflict"].isin(conflicts), "source"].replace(SAME_WORK)
        return [{"without": work} for work in sorted(works.unique())]

    return variants


for _claim, (_which, _) in CONFLICTS.items():
    measure(_claim, variants=_each_work(_which))(_conflict(_claim))


@measure("A9", variants=_each_work(*(conflict for conflict, _ in FOUR.values())))
def four_editions(e, without=None):
    """Count how many of the four datings of the editions the reports bear out, and how many they refute."""
    reports = _without(e, without)
    parts = [_reading(reports, *which) for which in FOUR.values()]
    wrong = sum(part["official"] == 1 and part["seen"] == 0 for part in parts)
    right = sum(
        part["seen"] == 1 or (part["official"] == 0 and part["rivals"] == 1 and part["works"] >= 2) for part in parts
    )
    act = reports[(reports["edition"] == "2014") & (reports["fact"] == "act")]
    of_2014 = len(act) > 0 and act["earliest"].str.startswith("2014").all()
    return numbers(right + of_2014, wrong=wrong + (len(act) > 0 and not of_2014))


@measure("A13")
def leading_state(e):
    """Count the rival readings of which edition first aimed at a leading place; say if earlier goals were read."""
    return _part_read(e, "C9", "goal")


@measure("B1", "B2")
def partners_of_2014(e):
    """Count the rival readings of the order of partners in 2014, and say if that order was read in the text."""
    return _part_read(e, "C7", "partner")


def _part_read(e, conflict, category):
    coded = e.c.table("provisions")
    rivals = coded.loc[coded["conflict"] == conflict, "reading"].nunique()
    read = coded.query("edition == '2014' and category == @category and status == 'text'")
    return numbers(rivals, read=len(read) > 0, holds=np.nan)


@measure("A16")
def three_principles(e):
    """Count which of three key terms the 2020 extract has: two among its principles, the third anywhere."""
    extract = e.c.table("extract-terms").query("section == 'principles'").set_index("term")["count"]
    interest = e.c.phrases("doctrine")["national interest*"].sum()
    return numbers(sum(map(bool, (extract.get("multi-vectorism"), extract.get("pragmatism"), interest))))


@measure("B7")
def place_of_the_region(e):
    """Count in how many codings of the list of 2014 the region stands lower than in the draft of 2020."""
    partners = e.c.table("provisions").query("category == 'partner' and coding != 'label'")
    region = partners[partners["theme"] == "Central Asia"].set_index("source")["number"]
    china = partners.query("source == 'sorbello2014' and theme == 'China'")["number"].iloc[0]
    then = region["sorbello2014"], china, region["voloshin2014"]
    return numbers(sum(region["orient_tm_2020"] < place for place in then))


# Topics (chapter 07) ------------------------------------------------------------------------------------------------

SECURITY = ("Conflicts abroad", "Terrorism and drugs", "Non-proliferation treaties")
ECONOMY = ("Economic integration", "Transit and trade")
SEEDS = [{"seed": seed} for seed in (1, 2)]


def _found(e, labels, other):
    """Return the numbers of labelled topics, or of those in another model that they are aligned with."""
    from . import topics

    reference, named = e.topics(), e.topic_labels
    wanted = named.index[named.isin(labels)]
    if other is reference:
        return list(wanted)
    pairs = topics.align(reference, other)
    match = pairs.loc[pairs["shared"] >= topics.SHARED, "match"].astype(int)
    return sorted(match[[topic for topic in wanted if topic in match]])


@measure("A20", variants=SEEDS[:1])
def council_seat(e, seed=0):
    """Estimate by how much security topics rose in the years of the seat, beyond the neighbours' rise."""
    from . import topics

    region = e.topics("five", seed)
    texts = [e.c.terms(state=states, unit="segment") for states in ("KAZ", list(study.load().neighbours))]
    found = [topics.by_speech(region.transform(m), m.rows) for m in texts]
    topic = _found(e, SECURITY, region)
    sides = [between(part, *years) for part in found for years in ((2012, 2015), (2017, 2018))]
    return numbers(topics.change(*sides[:2], topic, *sides[2:]))


@measure("A27", variants=SEEDS)
def economic_topics(e, seed=0):
    """Estimate by how much economic topics rose from 2020 on, and in the written speeches of 2022-23."""
    from . import topics

    model = e.topics("KAZ", seed)
    speeches = topics.by_speech(model.shares, model.rows)
    topic, before = _found(e, ECONOMY, model), between(speeches, 2015, 2019)
    rise, written = (topics.change(before, between(speeches, *years), topic) for years in ((2020, 2024), (2022, 2023)))
    return numbers(rise, written_low=written.low, written_high=written.high)


# Words as a whole (chapter 11) --------------------------------------------------------------------------------------


@measure("A8", variants=SEEDS)
def move_of_2019(e, seed=0):
    """Measure how far topics moved at the change of president, and how many ordinary years moved farther."""
    from . import topics

    model = e.topics("KAZ", seed)
    shares = topics.by_speech(model.shares, model.rows)
    by_year = shares[list(model.shares)].set_axis(shares["year"])
    years = range(by_year.index.min() + 2, by_year.index.max())
    moves = pd.Series(
        {y: compare.jensen_shannon(by_year.loc[y - 2 : y - 1].mean(), by_year.loc[y : y + 1].mean()) for y in years}
    )
    return numbers(moves[2019], larger=(moves.drop(2019) >= moves[2019]).mean())


EDITIONS = (*study.load().eras.values(), *study.load().rival_cuts.values())  # rival dates are no ordinary years either


@measure("A12", variants=[{"window": 3}])
def break_of_2020(e, window=5):
    """Measure how far speeches lie apart at 2020, and how many ordinary cuts and other states lie as far apart."""
    own = compare.placebo_breaks(e.distances, e.speeches["year"], window=window, n=0)["excess"]
    calm = own[~own.index.isin(EDITIONS)]
    others = e.cut_of_all(2020, window).drop("KAZ")
    return numbers(own[2020], years=(calm > own[2020]).mean(), states=(others > own[2020]).mean())


@measure("B9", variants=[{"since": 2021}, {"since": 2023}])
def drift_from_the_extract(e, since=2022):
    """Estimate how much farther from the extract Kazakhstan went than its neighbours, raw and at equal length."""
    given, equal = ({code: part[kind] for code, part in e.far.items()} for kind in ("given", "equal"))
    raw, fair = _drift(given, since), _drift(equal, since)
    return numbers(raw, equal_low=fair.low, equal_high=fair.high)


def _drift(far, since):
    far = pd.DataFrame(far)
    ahead = far["KAZ"] - far.drop(columns="KAZ").mean(axis=1)
    sides = [ahead.loc[2016 : since - 1].to_numpy(), ahead.loc[since:].to_numpy()]
    level = expanded(*sides)
    # Means are sums over counts of years, which spares a loop over resamples.
    sides = [np.column_stack([side, np.ones(len(side))]) for side in sides]
    return inference.bootstrap_sums(inference.ratio_change, sides, level=level)


@measure("C11")
def pace_of_words(e):
    """Measure the share of states whose words changed less from year to year 1999-2012, raw and allowing for length."""
    quiet = e.speeches["year"].iloc[1:].between(1999, 2012).to_numpy()
    pace, rest = e.pace(quiet)
    slower, slower_rest = ((kind.drop("KAZ") < kind["KAZ"]).mean() for kind in (pace, rest))
    return numbers(slower, rest=slower_rest)


@measure("C17")
def middle_power(e):
    """Count the speeches of Kazakhstan that say middle power, since 2020 and before."""
    said = e.c.phrases(state="KAZ")[["middle power*", "middle-power*"]].sum(axis=1) > 0
    year = e.c.documents.loc[said.index, "year"]
    return numbers((said & (year >= 2020)).sum(), before=(said & (year < 2020)).sum())


@measure("A26", variants=[{"seed": seed} for seed in range(1, 4)])
def own_style(e, seed=0):
    """Measure how well function words tell Kazakhstan's speeches from its neighbours', and its rank among the five.

    Years are kept apart: a model never sees the year it is tried on, so that the talk of a year cannot help.
    """
    from sklearn.linear_model import Ridge
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    m = e.c.terms(state=list(FIVE))
    words = m.vocabulary.isin(FUNCTION_WORDS)
    rates = 1e3 * m.counts[:, words].toarray() / m.rows["tokens"].to_numpy()[:, None]
    folds = GroupKFold(10, shuffle=True, random_state=seed)
    state, year = m.rows["state"].to_numpy(), m.rows["year"].to_numpy()
    is_state = np.column_stack([state == code for code in FIVE])
    model = make_pipeline(StandardScaler(), Ridge(alpha=100))
    scores = cross_val_predict(model, rates, is_state.astype(float), groups=year, cv=folds)
    area = pd.Series({code: roc_auc_score(is_state[:, i], scores[:, i]) for i, code in enumerate(FIVE)})
    low, high = _auc_interval(scores[state == "KAZ", 0], scores[state != "KAZ", 0])
    return numbers(area["KAZ"], rank=area.rank(ascending=False)["KAZ"]) | {"low": low, "high": high}


def _auc_interval(own, others, n=500):
    """Return the ends of an interval of the area under the curve, the texts of both sides resampled.

    The area is the share of pairs in which the own text scores higher, ties counting half.
    """
    rng, above = np.random.default_rng(0), own[:, None] - others
    higher = (above > 0) + 0.5 * (above == 0)
    ours, theirs = (inference.times_drawn(len(side), n, rng) for side in (own, others))
    low, high = np.percentile(((ours @ higher) * theirs).sum(axis=1) / higher.size, [2.5, 97.5])
    return float(low), float(high)


# The dictionary's words (chapter 14) --------------------------------------------------------------------------------

LEANINGS = {"A2": "balance", "A3": "pragmatism", "A4": "mutual benefit", "A5": "defence of interests"}
STEPS = [
    {"first": 2005, "last": 2019},
    {"first": 2004, "last": 2019},
    {"written": True},
    {"without_top": True},
]


def leanings(e, cut=2014, first=1992, last=2024, written=False, without_top=False):
    """Estimate the changes of the four leanings at a date, in hits per 10,000 words.

    Parameters
    ----------
    e : Evidence
    cut : int
        First year after the step.
    first, last : int
        Years to compare.
    written : bool
        Leave out the years whose transcripts are as delivered.
    without_top : bool
        Leave the commonest entry of every category out.

    Returns
    -------
    pandas.DataFrame
        One row for each of A2 to A5: estimate, low, high; p and p_holm; beyond, beyond_low, beyond_high (less the
        neighbours' change); states (share of others that rose at least as much); spread (of the changes of states).
    """
    rows = {}
    for claim, category in LEANINGS.items():
        before, after, near_before, near_after = step_sides(e, category, cut, first, last, written, without_top)
        ours = [side[side["state"] == "KAZ"] for side in (before, after)]
        rise, beyond = change(*ours, per=1e4), change(*ours, near_before, near_after, per=1e4)
        states = by_state(before, after)
        rows[claim] = {
            **numbers(rise, p=change_p(*ours), states=rarer(states)),
            **{f"beyond{name}": value for name, value in zip(("", "_low", "_high"), beyond[:3], strict=True)},
            "spread": 1e4 * states.drop("KAZ").std(),
        }
    table = pd.DataFrame.from_dict(rows, orient="index").astype(float)
    return table.assign(p_holm=inference.holm(table["p"]))


@once
def step_sides(e, category, cut=2014, first=1992, last=2024, written=False, without_top=False):
    """Return the speeches of all states before and after a date, and those of the neighbours."""
    table = between(e.per_word(category, without_top), first, last)
    if written:
        table = table[~table["year"].isin(AS_DELIVERED)]
    sides = [table[table["year"] < cut], table[table["year"] >= cut]]
    return *sides, *(side[side["state"].isin(study.load().neighbours)] for side in sides)


def _leaning(claim):
    def one(e, **how):
        found = e.leanings(**how).loc[claim].to_dict()
        if claim != "A5":
            return found
        unlike = unlike_both(e, how.get("cut", 2014), how.get("first", 1992), how.get("last", 2024))
        return found | {"votes": unlike.estimate, "votes_low": unlike.low, "votes_high": unlike.high}

    one.__doc__ = f"Estimate by how much the category {LEANINGS[claim]} rose in 2014, and how unusual that is."
    return one


for _claim in LEANINGS:
    measure(_claim, variants=STEPS)(_leaning(_claim))


@measure("A6", variants=STEPS)
def four_together(e, n=1999, seed=0, **how):
    """Find the smallest of the four changes, in units of its spread among states, and test all four at once."""
    found = e.leanings(**how)
    cut = how.get("cut", 2014)
    tables = [pd.concat(step_sides(e, category, **how)[:2]) for category in LEANINGS.values()]
    ours = [table[table["state"] == "KAZ"].sort_index() for table in tables]
    late = (ours[0]["year"] >= cut).to_numpy()
    hits, size = np.column_stack([table["count"] for table in ours]), ours[0]["size"].to_numpy(float)
    spread = found["spread"].to_numpy()

    def least(late):
        rates = [(sides @ hits) / (sides @ size)[:, None] for sides in (late.astype(float), 1.0 - late)]
        return (1e4 * (rates[0] - rates[1]) / spread).min(axis=1)

    rng, (observed,) = np.random.default_rng(seed), least(late[None])
    beyond = (least(np.array([rng.permutation(late) for _ in range(n)])) >= observed).sum()
    rose, fell = (found["low"] > 0).sum(), (found["high"] < 0).sum()
    return numbers(observed, p=(beyond + 1) / (n + 1), rose=rose, fell=fell)


@measure("A15")
def red_lines(e):
    """Compare the rate of red lines in the 2020 extract with the range of rates in Kazakhstan's speeches."""
    doctrine = e.c.terms(register="doctrine")
    hits = e.dictionary.count(doctrine, e.c.phrases("doctrine"))["red lines"].sum()
    own = e.per_word("red lines").query("state == 'KAZ'")
    usual = 1e4 * own["count"] / own["size"]
    return numbers(1e4 * hits / doctrine.rows["tokens"].sum(), hits=hits, usual_high=usual.quantile(0.975))


PEOPLE = ("citizen", "citizens", "compatriots", "people", "persons", "business", "businesses", "businessmen")
PEOPLE += ("entrepreneur", "entrepreneurs", "entrepreneurship", "investors", "diaspora", "youth", "women", "students")
# A first draft counted "republic", which is part of the country's name here; the variant still does.
STATE = ("state", "government", "governments", "authorities", "president", "parliament", "ministry", "ministries")
STATE += ("institutions", "agencies", "bodies")


@measure("A28", variants=[{"republic": True}])
def people_and_state(e, republic=False):
    """Compare mentions of citizens and business with mentions of the state and its organs in the 2020 extract."""
    extract = e.c.table("extract-terms")
    names = dict.fromkeys(PEOPLE, "people") | dict.fromkeys((*STATE, *(["republic"] * republic)), "state")
    sums = extract.groupby(["section", extract["term"].map(names)])["count"].sum().unstack(fill_value=0)
    ratio = sums["people"].sum() / sums["state"].sum()
    rest = [sums.drop(section) for section in sums.index]
    without = [part["people"].sum() / part["state"].sum() for part in rest]
    return numbers(ratio) | {"low": min(without), "high": max(without)}


# Named vectors (chapter 13) -----------------------------------------------------------------------------------------

MAPPED = [{"mapping": name} for name in ("states", "powers", "rival")]


def _share_step(e, vector, mapping, early, late, without=None):
    """Estimate by how much a vector's share of named vectors rose between two spans, and how usual that is."""
    table = e.per_vector(vector, mapping)
    if without is not None:
        dropped = e.places[without]
        table = table.assign(count=table["count"] - dropped, size=table["size"] - dropped)
    own = table[table["state"] == "KAZ"]
    sides = between(own, *early), between(own, *late)
    years = share_of_years(table, late[0], early[1] - early[0] + 1, late[1] - late[0] + 1)
    return numbers(change(*sides), years=years, states=share_of_states(between(table, *early), between(table, *late)))


@measure("A14", variants=[*MAPPED, {"early": (2012, 2019)}, {"late": (2022, 2023)}])
def region_named(e, mapping="book", early=(2014, 2019), late=(2020, 2024)):
    """Estimate by how much Central Asia's share of named vectors rose in 2020, and its rate per 10,000 words."""
    share = _share_step(e, "Central Asia", mapping, early, late)
    named = e.named(mapping)["Central Asia"]
    own = e.rates(named).query("state == 'KAZ'")
    rate = change(between(own, *early), between(own, *late), per=1e4)
    return share | {"rate": float(rate.estimate), "rate_low": float(rate.low), "rate_high": float(rate.high)}


@measure("C13", variants=[*MAPPED, {"early": (2004, 2013)}, {"without": None}])
def china_named(e, mapping="book", early=(2005, 2013), late=(2014, 2024), without="Belt and Road"):
    """Estimate by how much the share of China among named vectors rose after the Belt and Road was announced.

    Names of that project itself, which could not occur before, are left out.
    """
    return _share_step(e, "China", mapping, early, late, without)


@measure("C14", variants=[{"level": "vector"}, {"width": 2}])
def ranks_of_2022(e, level="place", width=3):
    """Measure how alike the ranks of named places are before and after January 2022, and at other cuts."""
    cuts = vectors.turning(e.c, "KAZ", width, level, n=1, permutations=1)["tau"]
    named = e.places.loc[e.speeches.index] if level == "place" else e.named().loc[e.speeches.index]
    year = e.speeches["year"]
    found = vectors.kendall(named[year.between(2022 - width, 2021)], named[year.between(2022, 2021 + width)], 500, 199)
    years = (cuts.drop(2022) <= cuts[2022]).mean()
    return numbers(cuts[2022], years=years, p=found.p) | {"low": found.low, "high": found.high}


@measure("C10", variants=[{"early": (2004, 2009)}, {"late": (2010, 2014)}, {"late": (2010, 2019)}])
def eurasian_bodies(e, early=(2000, 2009), late=(2010, 2015)):
    """Estimate by how much Kazakhstan named Eurasian bodies more often, per 10,000 words, from 2010 on."""
    own = e.eurasian.query("state == 'KAZ'")
    return numbers(change(between(own, *early), between(own, *late), per=1e4))


def per_decade(years):
    """Return the weights that turn one value for each year into the slope of a straight line, per ten years."""
    return 10 * (years - years.mean()) / ((years - years.mean()) ** 2).sum()


@measure("C5", variants=MAPPED)
def spread_of_ties(e, mapping="book"):
    """Estimate the trend in the number of vectors named, and the bounds of the change in trade concentration."""
    own, year = _own_named(e, mapping)
    blocks = [(first, min(first + 4, 2020)) for first in range(1992, 2018, 5)]
    parts = [own[(year >= first) & (year <= last)] for first, last in blocks]
    middle = np.array([(first + last) / 2 for first, last in blocks])
    weight = per_decade(middle)
    trend = inference.bootstrap_sums(
        lambda *sums: sum(w * rhetoric.effective_number(s) for w, s in zip(weight, sums, strict=True)),
        parts,
        level=expanded(*parts),
    )
    trade = _trade_change(e, (1997, 2003), (2014, 2019))
    return numbers(trend, trade_low=trade[0], trade_high=trade[1])


@measure("C6", variants=[*MAPPED, {"early": (2004, 2013)}])
def after_the_pivots(e, mapping="book", early=(2005, 2010), late=(2015, 2019)):
    """Estimate by how much the number of vectors named changed, and the bounds of the change in trade concentration."""
    own, year = _own_named(e, mapping)
    parts = [own[(year >= first) & (year <= last)] for first, last in (early, late)]
    level = expanded(*parts)
    found = inference.bootstrap_sums(
        lambda a, b: rhetoric.effective_number(b) - rhetoric.effective_number(a), parts, level=level
    )
    trade = _trade_change(e, early, late)
    return numbers(found, trade_low=trade[0], trade_high=trade[1])


def _own_named(e, mapping):
    """Return Kazakhstan's mentions of vectors as an array, and the year of each speech."""
    own = e.named(mapping).loc[e.speeches.index]
    return own.to_numpy(float), e.speeches["year"].to_numpy()


# Votes, trade and organisations (chapter 15) ------------------------------------------------------------------------

CIS = ("ARM", "AZE", "BLR", "GEO", "KAZ", "KGZ", "MDA", "RUS", "TJK", "TKM", "UKR", "UZB")
CODED = [{"coding": "half"}, {"coding": "cast"}]


def pair_sums(e, pairs, first, last, coding="same"):
    """Add up, for each resolution of some years, joint votes and agreement of pairs of states.

    Parameters
    ----------
    e : Evidence
    pairs : sequence of (str, str)
    first, last : int
        Years, both included.
    coding : str
        As in :func:`manyvectors.practice.agreement`.

    Returns
    -------
    numpy.ndarray
        Shape (resolutions, 2 x pairs): agreement, then joint votes. Paragraphs of one resolution are voted on alike,
        so resolutions are what is resampled; where the symbol is unknown, days.
    """
    sides = list(zip(*pairs, strict=True))
    rollcalls, codes = e.votes_of([*sides[0], *sides[1]], first, last)
    agree, counted = _coded(codes[:, : len(pairs)], codes[:, len(pairs) :], coding)
    return by_resolution(rollcalls) @ np.hstack([agree, counted])


def by_resolution(rollcalls):
    """Return the sparse matrix that adds up what there is of each roll call, resolutions x roll calls."""
    which, resolution = np.unique(rollcalls["cluster"], return_inverse=True)
    places = np.arange(len(resolution))
    return sparse.csr_matrix((np.ones(len(places)), (resolution, places)), (len(which), len(places)))


def _coded(one, other, coding):
    """Return how far votes agree, 0 where they do not count, and whether they count, shape (roll calls, pairs)."""
    counted = (one <= practice.NO) & (other <= practice.NO)
    if coding == "cast":
        counted &= (one != practice.ABSTAIN) & (other != practice.ABSTAIN)
    agree = 1 - np.abs(one.astype(float) - other) / 2 if coding == "half" else one == other
    return agree * counted, counted


def of_agreement(statistic, *groups, n=1000):
    """Bootstrap a statistic of the agreement of pairs, resolutions resampled (see :func:`pair_sums`)."""

    def from_sums(*sums):
        half = sums[0].shape[-1] // 2
        return statistic(*(s[..., :half] / s[..., half:] for s in sums))

    return inference.bootstrap_sums(from_sums, list(groups), n)


def _with(state, others):
    return [(state, other) for other in others]


def _ends(found, place):
    """Take one of several statistics out of an Estimate."""
    return inference.Estimate(found.estimate[place], found.low[place], found.high[place], found.draws[:, place])


@measure("C1", variants=[*CODED, {"first": 1992}, {"last": 2023}, {"more": ("GBR", "FRA")}])
def nearest_power(e, coding="same", first=2007, last=2022, more=()):
    """Compare agreement with China with the next highest, and the lowest other with that of the United States."""
    sums = pair_sums(e, _with("KAZ", ["CHN", "RUS", "DEU", *more, "USA"]), first, last, coding)

    def ahead(score):
        china, others, usa = score[..., 0], score[..., 1:-1], score[..., -1]
        lowest = np.minimum(china, others.min(axis=-1))
        return np.stack([china - np.maximum(others.max(axis=-1), usa), lowest - usa], axis=-1)

    found = of_agreement(ahead, sums)
    usa = _ends(found, 1)
    return numbers(_ends(found, 0), usa=usa.estimate, usa_low=usa.low, usa_high=usa.high)


def _share_of(hits, series):
    """Return the share of votes that a condition holds for, with an exact interval over series of texts.

    A text that returns every year is voted on alike: it counts as one draw, a hit if most of its votes are.
    """
    hits = pd.Series(hits.to_numpy(bool), series.to_numpy())
    mostly = hits.groupby(level=0).mean() > 0.5
    n, k = len(mostly), int(mostly.sum())
    # Of Clopper and Pearson, as `scipy.stats.binomtest` has it.
    low = special.betaincinv(k, n - k + 1, 0.025) if k else 0.0
    high = special.betaincinv(k + 1, n - k, 0.975) if k < n else 1.0
    return numbers(hits.mean(), texts=len(hits), series=n) | {"low": float(low), "high": float(high)}


def _series(texts):
    """Name the series that each text belongs to: what it is about, and in which conflict."""
    return texts["conflict"] + ": " + texts["text"].where(~texts["text"].str.contains("displaced"), "displaced persons")


@measure("C2", variants=[{"conflicts": ("Ukraine",)}, {"conflicts": ("Georgia",)}, {"kinds": ("resolution",)}])
def with_russia(e, conflicts=("Georgia", "Ukraine"), kinds=("resolution", "motion")):
    """Return the share of votes on conflicts of Russia in which Kazakhstan voted as Russia did, with its series."""
    texts = practice.integrity(c=e.c)
    texts = texts[texts["conflict"].isin(conflicts) & texts["kind"].isin(kinds)]
    votes = practice.profile(["KAZ", "RUS"], texts.index, e.c)
    return _share_of(votes["KAZ"].eq(votes["RUS"]) & votes["KAZ"].ne("absent"), _series(texts))


@measure("A22", variants=[{"rights": False}, {"absent": True}, {"conflicts": ("Ukraine",)}])
def for_integrity(e, rights=True, absent=False, conflicts=("Georgia", "Ukraine", "Nagorno-Karabakh")):
    """Return the share of yes in Kazakhstan's votes on texts that uphold a state's territory, with its series.

    Texts on rights in occupied territory can be left out; absences can be counted as votes that are no yes.
    """
    texts = practice.integrity(c=e.c).query("kind == 'resolution' and conflict in @conflicts")
    texts = texts[~texts["text"].str.contains("cooperation" if rights else "cooperation|rights")]
    votes = practice.profile("KAZ", texts.index, e.c)["KAZ"]
    counted = absent | votes.ne("absent")
    return _share_of(votes[counted] == "yes", _series(texts[counted]))


def unlike_both(e, cut=2014, first=1992, last=2024):
    """Estimate by how much the share of votes unlike both Russia's and China's rose at a date."""
    sums = []
    for span in ((first, cut - 1), (cut, last)):
        rollcalls, codes = e.votes_of(["KAZ", "RUS", "CHN"], *span)
        kaz, rus, chn = codes.T
        counted = (codes <= practice.NO).all(axis=1)
        apart = counted & (kaz != rus) & (kaz != chn)
        sums.append(by_resolution(rollcalls) @ np.column_stack([apart, counted]))
    return inference.bootstrap_sums(inference.ratio_change, sums, n=1000)


@measure("A25", variants=[*CODED, {"first": 1992}])
def axis(e, coding="same", first=2007, last=2016):
    """Return the share of powers farther from Kazakhstan than Russia and China are, and how often these are named."""
    powers = ["USA", "GBR", "FRA", "DEU", "JPN", "IND", "TUR", "IRN"]
    sums = pair_sums(e, _with("KAZ", ["RUS", "CHN", *powers]), first, last, coding)
    found = of_agreement(lambda s: (s[..., 2:] < s[..., :2].min(axis=-1, keepdims=True)).mean(axis=-1), sums)
    totals = e.named("powers").loc[between(e.speeches, first, last).index].sum()
    return numbers(found, named=totals[["Russia", "China"]].sum() / totals.sum())


@measure("A19", variants=[*CODED, {"last": 2021}])
def motor(e, coding="same", first=2015, last=2023):
    """Compare Kazakhstan's agreement with the Union's members with theirs, and how often each names its bodies."""
    others = [state for state in practice.EAEU if state != "KAZ"]
    pairs = [*_with("KAZ", others), *combinations(others, 2)]
    lead = of_agreement(
        lambda s: s[..., : len(others)].mean(axis=-1) - s[..., len(others) :].mean(axis=-1),
        pair_sums(e, pairs, first, last, coding),
    )
    said = between(e.eurasian, first, 2024)
    sides = [said[said["state"].isin(others)], said[said["state"] == "KAZ"]]
    words = change(*sides, per=1e4)
    return numbers(lead, words=words.estimate, words_low=words.low, words_high=words.high)


@measure("A18", variants=[{"first": 2002}, {"last": 2019}])
def steady(e, first=1992, last=2023):
    """Measure the share of states whose votes, and whose words, change less from year to year."""
    alike, joined = _with_majority(e, e.votes.states, first, last)
    enough = joined.columns[(joined >= practice.FEW).all()]
    moves = (alike / joined)[enough].diff().abs().iloc[1:].to_numpy()
    own = enough.get_loc("KAZ")

    def steadier(sums):
        return ((sums < sums[..., [own]]).sum(axis=-1)) / (sums.shape[-1] - 1)

    _, rest = e.pace(np.ones(len(e.speeches) - 1, bool))
    found = inference.bootstrap_sums(steadier, moves, n=1000)
    return numbers(found, words=(rest.drop("KAZ") < rest["KAZ"]).mean())


def _with_majority(e, states, first, last):
    """Return how often each state votes with most of them, and how often it votes: two DataFrames, years x states."""
    rollcalls, codes = e.votes_of(states, first, last)
    cast = codes <= practice.NO
    with_most = cast & (codes == practice.majority(codes)[:, None])
    year = rollcalls["year"].to_numpy()
    return tuple(pd.DataFrame(found, columns=list(states)).groupby(year).sum() for found in (with_most, cast))


@measure("A29", variants=[{"first": 2010}, {"coding": "half"}, {"last": 2020}])
def divided_powers(e, coding="same", first=2015, last=2019, n=50):
    """Measure what share of all pairs of states agree less than leading powers on either side do.

    Of Britain, France and Germany with Russia and China, the pair that agrees most. Beside it, as ``usa``, the nearer
    of Russia and China to the United States, which stands far from most states and so shows no split by itself.
    """
    states = e.votes.states
    rollcalls, votes = e.votes_of(states, first, last)
    resolution, _ = pd.factorize(rollcalls["cluster"])
    answers = [(votes == answer).astype(np.float32) for answer in (practice.YES, practice.ABSTAIN, practice.NO)]
    cast, upper = sum(answers), np.triu_indices(len(states), 1)
    rivals, powers = states.get_indexer(["RUS", "CHN"]), states.get_indexer(["USA", "GBR", "FRA", "DEU"])

    def place(weight):
        weight = weight.astype(np.float32)[:, None]
        joint = (cast * weight).T @ cast
        same = sum((answer * weight).T @ answer for answer in answers)
        if coding == "half":
            yes, abstain, no = answers
            middle = ((yes + no) * weight).T @ abstain
            same += (middle + middle.T) / 2
        score = np.divide(same, joint, out=np.full_like(same, np.nan), where=joint >= practice.FEW)
        pairs = score[upper]
        pairs = pairs[~np.isnan(pairs)]
        closest = score[np.ix_(powers, rivals)].max(axis=1)
        return [(pairs < bar).mean() for bar in (closest[0], closest[1:].max())]

    rng = np.random.default_rng(0)
    times = inference.times_drawn(resolution.max() + 1, n, rng)
    draws = np.array([place(draw[resolution]) for draw in times])
    (_, low), (_, high) = np.percentile(draws, [2.5, 97.5], axis=0)
    usa, europe = place(np.ones(len(votes)))
    return numbers(europe, usa=usa) | {"low": float(low), "high": float(high)}


@measure("C3", variants=[{"last": 2019}, {"first": 1992}, {"first": 2000, "last": 2020}, {"index": "rice"}])
def cohesion_of_the_union(e, first=2007, last=2022, index="ai"):
    """Estimate by how much the five members' cohesion changed in 2015, and find the most and least cohesive areas."""
    rollcalls, members = e.rollcalls, list(practice.EAEU)
    score = practice.cohesion_by_rollcall(members, index, e.c)
    known = score.notna()
    resolution = rollcalls["cluster"]
    sides = []
    for span in ((first, 2014), (2015, last)):
        chosen = known & rollcalls["year"].between(*span)
        part = pd.DataFrame({"sum": score[chosen], "n": 1.0})
        sides.append(part.groupby(resolution[chosen]).sum().to_numpy())
    found = inference.bootstrap_sums(inference.ratio_change, sides, n=1000)
    usable = known & rollcalls["year"].between(first, practice.MERGED - 1)
    areas = pd.Series({issue: score[usable & rollcalls[issue].eq(1)].mean() for issue in practice.ISSUES})
    return numbers(found, best=areas.idxmax() == "ec", worst=areas.idxmin() in ("nu", "di", "hr"))


@measure("C4", variants=[*CODED, {"without": "GEO"}, {"without": "TKM"}, {"without": "UZB"}])
def cis_disagreement(e, coding="same", without=None, first=1992, last=2013):
    """Estimate the trend in agreement among the CIS states; find the share that came nearer to their majority."""
    members = [state for state in CIS if state != without]
    pairs, years = list(combinations(members, 2)), np.arange(first, last + 1)
    groups = [pair_sums(e, pairs, year, year, coding) for year in years]
    weight = per_decade(years)

    def trend(*scores):
        return sum(w * np.nanmean(score, axis=-1) for w, score in zip(weight, scores, strict=True))

    with np.errstate(invalid="ignore"):
        found = of_agreement(trend, *groups, n=500)
    return numbers(found, core=_nearer_to_the_core(e, members, years))


def _nearer_to_the_core(e, members, years):
    alike, joined = _with_majority(e, members, years[0], years[-1])
    score = (alike / joined.where(joined >= practice.FEW)).to_numpy()
    slopes = [np.polyfit(years[~np.isnan(own)], own[~np.isnan(own)], 1)[0] for own in score.T]
    return float(np.mean(np.array(slopes) > 0))


@measure("C7", variants=[*CODED, {"powers": ("CHN", "RUS", "USA", "DEU", "IND", "TUR")}])
def partners_by_issue(e, coding="same", powers=("CHN", "RUS", "USA", "DEU"), first=1992, last=2018, n=499):
    """Count how many powers are nearest in some area, and test whether which power is near depends on the area.

    The test deals resolutions to areas and looks at what levels of areas and of powers leave over.
    """
    rollcalls, codes = e.votes_of(["KAZ", *powers], first, last)
    agree, counted = _coded(codes[:, :1], codes[:, 1:], coding)
    areas = rollcalls[list(practice.ISSUES)].to_numpy(float)

    # A resolution keeps its paragraphs together: the areas of its first roll call are dealt to another resolution.
    resolution, _ = pd.factorize(rollcalls["cluster"])
    first_row = np.unique(resolution, return_index=True)[1]
    sums = by_resolution(rollcalls.assign(cluster=resolution)) @ np.hstack([agree, counted])
    # Few sets of areas occur: sums over each of these are what is dealt anew.
    sets, which = np.unique(areas, axis=0, return_inverse=True)
    rng, score, dealt = np.random.default_rng(0), (areas.T @ agree) / (areas.T @ counted), []
    for _ in range(n):
        cell = which[rng.permutation(first_row)][:, None] * sums.shape[1] + np.arange(sums.shape[1])
        dealt.append(np.bincount(cell.ravel(), sums.ravel(), len(sets) * sums.shape[1]))
    agree_in, counted_in = np.split(sets.T @ np.reshape(dealt, (n, len(sets), -1)), 2, axis=-1)
    spread = _interaction(agree_in / counted_in)
    beyond = (spread >= _interaction(score)).sum()
    return numbers(len(set(score.argmax(axis=1))), p=(beyond + 1) / (n + 1))


def _interaction(score):
    """Return the spread of (..., areas, powers) that neither the level of an area nor that of a power accounts for."""
    levels = score.mean(axis=-2, keepdims=True) + score.mean(axis=-1, keepdims=True)
    return (score - levels + score.mean(axis=(-2, -1), keepdims=True)).std(axis=(-2, -1))


def _trade_change(e, early, late):
    """Return the bounds of the change of trade concentration between two spans, mean of exports and imports."""
    table = e.trade[["hhi_low", "hhi_high"]].dropna()
    year = table.index.get_level_values("year")
    old, new = (table[(year >= a) & (year <= b)].groupby(level="flow").mean().mean() for a, b in (early, late))
    return new["hhi_low"] - old["hhi_high"], new["hhi_high"] - old["hhi_low"]


ROUNDED = 0.005  # some editions give whole per cents


@measure(
    "C15",
    variants=[
        {"early": (2012, 2014)},
        {"early": (2010, 2014)},
        {"early": (2005, 2013)},
        {"early": (2014, 2019)},
        {"early": (2019, 2019)},
        {"late": (2023, 2023)},
    ],
)
def trade_with_china(e, early=(2017, 2019), late=(2022, 2023)):
    """Find the bounds of the change of China's share of exports and of imports."""
    found = {}
    for flow in practice.FLOWS:
        table = e.china.xs(flow)[["low", "high"]].dropna()
        old, new = (table.loc[a:b].mean() for a, b in (early, late))
        old, new = ({"low": side["low"] - ROUNDED, "high": side["high"] + ROUNDED} for side in (old, new))
        found |= {f"{flow}_low": new["low"] - old["high"], f"{flow}_high": new["high"] - old["low"]}
        found[flow] = (new["low"] + new["high"] - old["low"] - old["high"]) / 2
    sides = {end: np.mean([found[f"{flow}_{end}"] for flow in practice.FLOWS]) for end in ("low", "high")}
    middle = np.mean([found[flow] for flow in practice.FLOWS])
    return numbers(middle, **found) | {end: float(value) for end, value in sides.items()}


@measure("A24")
def four_bodies(e):
    """Count which of four bodies the last edition of the Factbook lists for Kazakhstan as more than an observer."""
    table = practice.organisations(c=e.c)
    last = table[(table["edition"] == table["edition"].max()) & (table["status"] == "listed")]
    return numbers(last["organisation"].isin(["UN", "SCO", "CSTO", "OECD"]).sum())
