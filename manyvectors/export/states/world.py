"""What the pages of all states are worked out from, each part once."""

import functools
from functools import cached_property

import numpy as np
import pandas as pd

from ... import practice, text, vectors
from ...claims.states import speakers
from ...corpus.matrix import DataError
from ...corpus.recipe import Recipe
from ...methods import rollcalls
from ...methods.agreement import ABSTAIN, NO, YES

SINCE = 10  # speeches that a state with a page has given
SMALL = 5  # states under which a region gives way to its continent
POWERS = "Powers"  # the group of states.csv that everybody is set beside
CAST = YES, ABSTAIN, NO
DRAWS = 1000
SEED = 0  # of every resample
LEVEL = 0.95
SHARE = 0.005  # of all speeches that hold a word which sets a state apart
LATE = 10  # last years in which neighbours by votes and words are looked for


class World:
    """The record of all states. ``c``: manyvectors.corpus.Corpus."""

    def __init__(self, c):
        self.c, self._drawn_places, self._not_own = c, {}, {}

    @cached_property
    def speeches(self):
        """All speeches: DataFrame, index doc_id; state, year, tokens, rank, in the order of the counts."""
        rows = self.c.documents
        return rows.loc[rows["register"] == "rostrum", ["state", "year", "tokens", "rank"]].astype({"state": str})

    @cached_property
    def states(self):
        """Codes of the states that have a page: list of str, in order."""
        return speakers(self.c, SINCE)

    @cached_property
    def rows_of(self):
        """Places of the speeches of each state: dict of str to array, in order of years."""
        order = np.argsort(self.speeches["year"].to_numpy(), kind="stable")
        states = self.speeches["state"].to_numpy()[order]
        return {state: order[states == state] for state in dict.fromkeys(sorted(states))}

    @cached_property
    def span(self):
        """First and last year of the speeches."""
        return int(self.speeches["year"].min()), int(self.speeches["year"].max())

    @cached_property
    def spans(self):
        """Spans of years by their names: the whole, as "", and the decades."""
        return {"": self.span} | decades(*self.span)

    @cached_property
    def powers(self):
        """Codes of the powers that every state is set beside: list of str. DataError if the world names none."""
        groups = self.c.table("state-groups")
        found = sorted(groups.loc[groups["group"] == POWERS, "state"])
        if not found:
            raise DataError(f"{self.c.path('state-groups')} has no group {POWERS!r}; add the states to compare with")
        return found

    @cached_property
    def regions(self):
        """The region of each state, and the states of it: dict of str to (name, list of str).

        A region with fewer than :data:`SMALL` states that have a page gives way to its continent.
        """
        table = self.c.table("state-regions").set_index("state").reindex(self.states).fillna("")
        whole = {name: list(part.index) for name, part in table.groupby("continent")}
        parts = {name: list(part.index) for name, part in table.groupby("region") if name and len(part) >= SMALL}
        found = {}
        for state, row in table.iterrows():
            region = row["region"] if row["region"] in parts else row["continent"]
            found[state] = region, parts[region] if region in parts else whole[region]
        return found

    def others_of_region(self, state):
        """The other states of a state's region: list of str."""
        return [other for other in self.regions[state][1] if other != state]

    # --- Words --------------------------------------------------------------------------------------------------------

    @cached_property
    def words(self):
        """Counts of all words but stop words and ceremony, in one speech of two hundred or more: TermMatrix."""
        return Recipe(drop=("ceremony", "english"), min_share=SHARE).apply(self.c.terms(register="rostrum"))

    @cached_property
    def word_counts(self):
        """The counts of :attr:`words` as numbers with a point: CSR matrix."""
        return self.words.counts.tocsr().astype(float)

    @cached_property
    def word_columns(self):
        """The same by columns: CSC matrix."""
        return self.word_counts.tocsc()

    @cached_property
    def word_sums(self):
        """Of every span the number of speeches, and the sums of :attr:`words` in them: list of (int, array)."""
        years, found = self.speeches["year"].to_numpy(), []
        for span in self.spans.values():
            here = held(years, span)
            found.append((int(here.sum()), np.asarray(self.word_counts[here].sum(axis=0)).ravel()))
        return found

    @cached_property
    def word_tokens(self):
        """The length of every speech: array."""
        return self.words.rows["tokens"].to_numpy(float)

    @cached_property
    def word_rates(self):
        """How often each state with a page says each word, all its speeches together: array, states x words."""
        sums = [np.asarray(self.word_counts[self.rows_of[s]].sum(axis=0)).ravel() for s in self.states]
        return np.array(sums) / np.array([[self.word_tokens[self.rows_of[s]].sum()] for s in self.states])

    def not_own(self, state):
        """Return which of :attr:`words` are none of the state's own names: array of bool."""
        if state not in self._not_own:
            names = self.own_names(state)
            self._not_own = {state: ~np.array([term in names or bare in names for term, bare in self._bare_terms])}
        return self._not_own[state]

    @cached_property
    def _bare_terms(self):
        return [(term, term.removesuffix("'s")) for term in self.words.vocabulary.tolist()]

    @cached_property
    def all_names(self):
        """Words that name a state, its people or capital: dict of place to set of str."""
        gazetteer, found = self.c.table("gazetteer"), {}
        kinds = gazetteer["kind"].isin(["state", "demonym", "capital"])
        for phrase, places in gazetteer.loc[kinds, ["phrase", "place"]].itertuples(index=False, name=None):
            for place in places.split(";"):
                found.setdefault(place, set()).update(phrase.split())
        for state, name in self.c.states.items():
            found.setdefault(state, set()).update(text.tokenise(name.lower()))
        return found

    @cached_property
    def _speakers(self):
        table = self.c.table("speakers")
        return table.groupby("state")["speaker"].agg(lambda names: set(text.tokenise(" ".join(names).lower())))

    def own_names(self, state):
        """Words that a state is called by, and its speakers: frozenset of str, left out of what sets it apart."""
        listed = self.c.table("own-places")
        places = [state, *listed.loc[listed["state"] == state, "place"]]
        named = set().union(*(self.all_names.get(place, set()) for place in places))
        return frozenset(named | self._speakers.get(state, set()))

    @cached_property
    def places(self):
        """Mentions of every place in every speech, universal bodies left out: DataFrame."""
        return vectors.by_vector(self.c, vectors.places(self.c), "places", universal=False)

    @cached_property
    def thinned(self):
        """The effective number of places in a few mentions of every state: dict of str to float."""
        from .named import thinned

        return thinned(self.c, self.places).to_dict()

    @cached_property
    def place_names(self):
        """All words that name a state: frozenset of str."""
        return frozenset().union(*self.all_names.values())

    @cached_property
    def weighted(self):
        """The words of every speech, weighted, names of states left out: see near.weighted."""
        from .near import weighted

        return weighted(self.c, self.place_names)

    @cached_property
    def late(self):
        """How many last years neighbours are looked for in."""
        return LATE

    @cached_property
    def alike(self):
        """Cosines of the speeches of the last years, and which are whose: see near.alike."""
        from .near import alike

        return alike(self)

    @cached_property
    def centres(self):
        """Cosines of states: see near.centres."""
        from .near import centres

        return centres(*self.alike)

    # --- Topics -------------------------------------------------------------------------------------------------------

    @cached_property
    def topics(self):
        """Topics of all states' speeches: manyvectors.topics.TopicModel."""
        from .themed import model

        return model(self)

    @cached_property
    def topic_shares(self):
        """Shares of these topics in every speech: array, speeches x topics."""
        return self.topics.shares_.loc[self.speeches.index].to_numpy()

    @cached_property
    def topic_means(self):
        """The share of each topic in the mean speech: list of float."""
        return [float(x) for x in np.nanmean(self.topic_shares, axis=0)]

    @cached_property
    def topic_words(self):
        """The words by which each topic is called: see themed.called."""
        from .themed import called

        return called(self.topics)

    @cached_property
    def topic_marks(self):
        """Words of topics' names that are no subject: see themed.marked; none if the world has no table of them."""
        from .themed import marked

        try:
            table = self.c.table("topic-marks")
        except DataError:
            return {}
        return marked(self.topic_words, table) if self.topic_shares.shape[1] else {}

    @cached_property
    def topics_aside(self):
        """Numbers of the topics that no summary begins with: see themed.set_aside."""
        from .themed import set_aside

        return set_aside(self.topic_marks)

    @cached_property
    def own_topics(self):
        """Topics of every state's own segments, as shipped: DataFrame; None if the world has none."""
        try:
            return self.c.table("state-topics")
        except DataError:
            return None

    # --- Votes --------------------------------------------------------------------------------------------------------

    @cached_property
    def grid(self):
        """Roll calls and votes, and the voters: see manyvectors.methods.rollcalls."""
        return rollcalls.grid(self.c)

    @cached_property
    def votes(self):
        """Roll calls and votes: manyvectors.practice.Votes."""
        return self.grid.votes

    @cached_property
    def voters(self):
        """The place of each voter among the columns of the votes: dict of str to int."""
        return {state: place for place, state in enumerate(self.votes.states)}

    @cached_property
    def voted(self):
        """Spans of years of the roll calls by their names: the whole, as "", and the decades."""
        years = self.votes.rollcalls["year"]
        span = int(years.min()), int(years.max())
        return {"": span} | decades(*span)

    @cached_property
    def cells(self):
        """The roll calls of years and spans: see voted.cells."""
        from .voted import cells

        return cells(self)

    @cached_property
    def few(self):
        """Joint votes under which a share is not followed from year to year."""
        return practice.FEW

    @cached_property
    def late_votes(self):
        """The roll calls of the last years: voted.Cell."""
        from .voted import Cell

        last = self.voted[""][1]
        return Cell(self, (last - LATE + 1, last), False)

    @cached_property
    def points(self):
        """Ideal points of all states by year: DataFrame."""
        return practice.ideal_points(c=self.c)

    @cached_property
    def cast(self):
        """Votes that each voter cast in each year, yes, no or abstention: DataFrame, index year, columns states."""
        voted = pd.DataFrame(np.isin(self.votes.codes, CAST), columns=list(self.voters))
        return voted.groupby(self.votes.rollcalls["year"].to_numpy()).sum()

    def drawn_places(self, year):
        """Return the places of states on the line of a year, by resamples: see voted.drawn_places."""
        from .voted import drawn_places

        if year not in self._drawn_places:
            self._drawn_places[year] = drawn_places(self.points, self._draws, year)
        return self._drawn_places[year]

    @property
    def refits(self):
        """How many refits the intervals of ideal points come from."""
        return len(self._draws.columns)

    @cached_property
    def _draws(self):
        return practice.ideal_draws(c=self.c)

    # --- Breaks -------------------------------------------------------------------------------------------------------

    @cached_property
    def series(self):
        """What is followed from year to year: see turned.series."""
        from .turned import series

        return series(self)

    @cached_property
    def followed(self):
        """In how many years each state has a value, of every series: dict of dicts."""
        return {key: f.dropna(subset="value")["state"].value_counts().to_dict() for key, f in self.series.items()}

    @cached_property
    def panels(self):
        """Changes of all states at dates that are not given: see turned.panels."""
        from .turned import panels

        return panels(self)

    @cached_property
    def moves(self):
        """By how much every state's own series moved at its date: see turned.moves."""
        from .turned import moves

        return moves(self)


def decades(first, last):
    """Return the decades from one year to another, by their names: dict of str to (int, int).

    >>> decades(1996, 2004)
    {'1996-1999': (1996, 1999), '2000-2004': (2000, 2004)}
    """
    found = {}
    for start in range(first - first % 10, last + 1, 10):
        a, b = max(first, start), min(last, start + 9)
        found[f"{a}-{b}"] = a, b
    return found


@functools.lru_cache(maxsize=64)
def _drawn(size, n, seed):
    from ...methods.resample import times_drawn

    return times_drawn(size, n, np.random.default_rng(seed)).astype(float)


def mean_interval(values, n=DRAWS, level=LEVEL, seed=0):
    """Return the mean of each column with the ends of its interval, rows drawn again: three arrays (columns,).

    ``values`` (array-like): shape (rows, columns). As :func:`manyvectors.inference.bootstrap_sums` of the mean, at the
    level for few documents. With one row there are no ends (NaN).
    """
    from ...methods.resample import expanded_level

    values = np.asarray(values, float)
    middle = values.mean(axis=0)
    if len(values) < 2:
        return middle, np.full(middle.shape, np.nan), np.full(middle.shape, np.nan)
    drawn = _drawn(len(values), n, seed) @ values / len(values)
    tail = 100 * (1 - expanded_level(level, len(values))) / 2
    low, high = np.percentile(drawn, [tail, 100 - tail], axis=0)
    return middle, low, high


def held(years, span):
    """Return which years are in a span: array of bool."""
    return (np.asarray(years) >= span[0]) & (np.asarray(years) <= span[1])


def labels(years, spans):
    """Return the name of the decade of each year: array of str; spans as of :func:`decades`."""
    found = pd.Series("", index=range(len(years)))
    for name, span in spans.items():
        if name:
            found[held(years, span)] = name
    return found.to_numpy()
