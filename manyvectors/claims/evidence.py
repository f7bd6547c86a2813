"""What instruments draw on, each part worked out once."""

import functools
import inspect
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property

import numpy as np
import pandas as pd
from threadpoolctl import ThreadpoolController

# What needs scikit-learn, which takes a second to load, is imported by the parts that need it.
from .. import compare, corpus, practice, rhetoric, vectors
from ..common import plain_strings
from ..corpus.recipe import Recipe

TOPICS = 14  # topics of the book's own models


_threads = functools.cache(ThreadpoolController)  # to find the libraries takes longer than most instruments


@contextmanager
def undisturbed():
    """Return a context in which small matrices are not shared among threads, which cost more than they bring."""
    with _threads().limit(limits=1, user_api="blas"), plain_strings():
        yield


def frozen(value):
    """Return what a dict can have as a key for what an instrument was told: tuples in place of lists and dicts."""
    if isinstance(value, Mapping):
        return tuple((key, frozen(part)) for key, part in value.items())
    return tuple(map(frozen, value)) if isinstance(value, list | tuple) else value


def once(method):
    """Keep what a method of :class:`Evidence` returns, for each set of arguments, as long as its evidence lives."""
    signature = inspect.signature(method)

    @functools.wraps(method)
    def kept(self, *args, **kwargs):
        bound = signature.bind(self, *args, **kwargs)
        bound.apply_defaults()
        key = method.__name__, *frozen(list(bound.arguments.values())[1:])
        if key not in self.kept:
            with undisturbed():
                self.kept[key] = method(self, *args, **kwargs)
        return self.kept[key]

    return kept


def between(table, first, last):
    """Return the rows of some years, both ends included; ValueError if the table has no column ``year``."""
    if "year" not in table:
        raise ValueError(f"the table has no column 'year'; it has {', '.join(map(str, table)) or 'none'}")
    return table[table["year"].between(first, last)]


class Evidence:
    """What instruments draw on, each part worked out once.

    ``c`` (manyvectors.corpus.Corpus): the shipped data package by default. ``study`` (manyvectors.study.Study): of the
    corpus. ``focus``: code of its focus state. ``region`` (tuple of str): codes of the focus state and its neighbours.
    """

    def __init__(self, c=None):
        self.c = corpus.opened(c)
        self.study = self.c.study
        self.focus, self.region = self.study.focus, (self.study.focus, *self.study.neighbours)
        self.kept = {}

    # --- Speeches ---------------------------------------------------------------------------------------------------

    @cached_property
    def world(self):
        """Counts of every state's speeches after the book's recipe: TermMatrix."""
        return Recipe().apply(self.c.terms())

    @cached_property
    def speeches(self):
        """The focus state's speeches: DataFrame, fields as in ``documents.csv``.

        ValueError if it has none.
        """
        own = self.c.documents.query("register == 'rostrum' and state == @self.focus")
        if own.empty:
            raise ValueError(f"{self.focus}, the study's focus, has no speech in the corpus; name another in study.yml")
        return own

    @cached_property
    def doctrine(self):
        """Counts of the focus state's doctrine: TermMatrix.

        ValueError if none is held.
        """
        held = self.c.terms(register="doctrine")
        own = held.select((held.rows["state"] == self.focus).to_numpy())
        if own.rows.empty:
            raise ValueError(f"no doctrine of {self.focus} is held; it would stand in documents.yml of the study")
        return own

    @property
    def sections(self):
        """Counts of terms in the sections of :attr:`doctrine`: DataFrame, with its errors."""
        self.doctrine  # noqa: B018 -- an extract of another state's doctrine is none of ours
        return self.c.table("extract-terms")

    def own(self, name):
        """Return a table of what was collected on the focus state: DataFrame.

        manyvectors.corpus.DataError if it holds another state's side, or there is none.
        """
        return self.c.table(name, of=self.focus)

    def of_state(self, state):
        """The part of :attr:`world` that is one state's: TermMatrix."""
        place, m = self._rows_of[state], self.world
        return replace(m, rows=m.rows.iloc[place], counts=m.counts[place])

    @cached_property
    def _rows_of(self):
        return self.world.rows.groupby("state").indices

    @cached_property
    def years(self):
        """The years in which the focus state spoke: array."""
        return self.speeches["year"].to_numpy()

    @cached_property
    def always(self):
        """States that spoke in every year in which the focus state did, itself among them: Index."""
        rows = self.world.rows
        spoke = rows.loc[rows["year"].isin(self.years), "state"].value_counts()
        return spoke.index[spoke == len(self.years)]

    @cached_property
    def _always(self):
        """Positions of the speeches of the states that always spoke, states x years."""
        shared = self.world.rows["year"].isin(self.years).to_numpy()
        return np.array([(place := self._rows_of[state])[shared[place]] for state in self.always])

    @cached_property
    def distances(self):
        """Jensen-Shannon divergences between the focus state's speeches, in bits: DataFrame."""
        return compare.distances(self.of_state(self.focus))

    @cached_property
    def steps(self):
        """Divergence of each speech from the next of the states that always spoke, in bits: array, states x steps."""
        before, after = self._always[:, :-1], self._always[:, 1:]
        return compare.divergences(self.world, before.ravel(), after.ravel()).reshape(before.shape)

    @once
    def cut_of_all(self, year, window=5):
        """How far both sides of one cut lie apart beyond the spread within, as :func:`compare.placebo_breaks` has it.

        Returns pandas.Series: in bits, by state, of those that always spoke. ValueError if the year has no full window
        on both sides, or the focus state spoke less than twice on one of them.
        """
        first, last = self.years[[0, -1]]
        if not first <= year - window < year + window <= last + 1:
            raise ValueError(f"{year} has not {window} years on both sides within {first} to {last}")
        near = self._always[:, (self.years >= year - window) & (self.years < year + window)]
        before = int(((self.years >= year - window) & (self.years < year)).sum())
        if min(before, near.shape[1] - before) < 2:
            raise ValueError(f"{self.focus} spoke less than twice on one side of {year}; take a wider window")
        one, other = np.triu_indices(near.shape[1], 1)
        found = compare.divergences(self.world, near[:, one].ravel(), near[:, other].ravel()).reshape(len(near), -1)
        across = (one < before) & (other >= before)
        return pd.Series(found[:, across].mean(axis=1) - found[:, ~across].mean(axis=1), self.always)

    @once
    def pace(self, first, last):
        """Mean change of words from one speech to the next of the states that always spoke, raw and by length.

        ``first``, ``last``: years of the later speech of each step. Returns (pandas.Series, pandas.Series): in bits, by
        state: the mean; and what is left of it after a line through the logarithm of the mean length.
        """
        later = self.years[1:]
        pace = pd.Series(self.steps[:, (later >= first) & (later <= last)].mean(axis=1), self.always)
        tokens = pd.Series(np.asarray(self.world.counts.sum(axis=1)).ravel(), self.world.rows.index)
        length = np.log(tokens.groupby(self.world.rows["state"]).mean()[pace.index])
        return pace, pace - np.polyval(np.polyfit(length, pace, 1), length)

    # --- Topics -----------------------------------------------------------------------------------------------------

    @once
    def topics(self, whose="focus", seed=0):
        """The book's topic model of the segments of the focus state (``"focus"``) or of the region (``"region"``)."""
        from .. import topics

        region = whose == "region"
        m = self.c.terms(state=list(self.region) if region else self.focus, unit="segment")
        # The book's own models are the best of several starts; other seeds are taken as they come.
        return topics.TopicModel(TOPICS, random_state=seed, starts=1 if seed else 2 if region else 3).fit(m)

    @once
    def by_speech(self, texts="focus", whose="focus", seed=0):
        """Topic shares by speech: of the focus state or its neighbours, in a model of the focus state or the region."""
        from .. import topics

        model = self.topics(whose, seed)
        if texts == whose == "focus":
            return topics.by_speech(model.shares_, model.rows_)
        m = self.c.terms(state=list(self.study.neighbours) if texts == "neighbours" else self.focus, unit="segment")
        return topics.by_speech(model.transform(m), m.rows)

    @cached_property
    def topic_labels(self):
        """What the topics of the focus state's model are about: Series, index topic.

        ValueError if they are labelled for another model.
        """
        from .. import topics

        try:
            return topics.label(self.topics(), self.c.table("topic-labels"))["label"]
        except topics.LabelError as error:
            said = f"topic-labels.csv does not fit the topics of {self.focus} ({error}); label those of its own model"
            raise ValueError(said) from None

    # --- Words of the dictionary ------------------------------------------------------------------------------------

    @cached_property
    def dictionary(self):
        """The study's own dictionary.

        Raises
        ------
        manyvectors.corpus.DataError
            If it has none.
        """
        path = self.study.folder / "dictionary.yml"
        if not path.is_file():
            raise corpus.DataError(
                f"study {self.study.name} has no dictionary; put its categories, each a list of words, into {path}"
            )
        return rhetoric.Dictionary.read(path)

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

    # --- Named places -----------------------------------------------------------------------------------------------

    @cached_property
    def mappings(self):
        """How places are grouped into vectors: dict, mapping to its vectors."""
        return vectors.mappings(self.c)

    @property
    def mapping(self):
        """Name of the first of them, which is meant where none is named: str."""
        return next(iter(self.mappings))

    @cached_property
    def _all_places(self):
        return vectors.places(self.c)

    @cached_property
    def places(self):
        """Mentions of every place in every speech, universal bodies left out: DataFrame."""
        return vectors.by_vector(self.c, self._all_places, "places", universal=False)

    @once
    def named(self, mapping=None):
        """Mentions of every vector of a mapping, the first by default, in every speech, universal bodies left out."""
        return vectors.by_vector(self.c, self._all_places, mapping, universal=False)

    # --- Counts beside what they are counted in ---------------------------------------------------------------------

    @cached_property
    def _about(self):
        # Codes of states as categories: they are compared and sorted a hundred times.
        rows = self.c.documents.loc[self.c.documents["register"] == "rostrum", ["state", "year", "era", "tokens"]]
        return rows.astype({"state": "category", "tokens": float})

    def rates(self, counts, sizes=None):
        """Put counts and what they are counted in beside the state and year of each speech.

        ``counts`` (pandas.Series): by speech. ``sizes`` (pandas.Series): lengths in tokens by default. Returns
        pandas.DataFrame: ``state``, ``year``, ``era``, ``count``, ``size``; one row for each speech.
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
    def per_vector(self, vector, mapping=None):
        """Mentions of a vector beside those of all vectors in each speech (see :meth:`rates`)."""
        return self.rates(self._mentions(vector, mapping), self.named(mapping).sum(axis=1))

    def _mentions(self, vector, mapping):
        named = self.named(mapping)
        if vector not in named:
            raise ValueError(
                f"the mapping {mapping or self.mapping!r} has no vector {vector!r}; it has {', '.join(named)}"
            )
        return named[vector]

    @once
    def per_word_named(self, vector, mapping=None, kind=None):
        """Mentions of a vector, or of its places of one kind of the gazetteer, beside the length of each speech.

        See :meth:`rates`.

        ValueError if the vector has no place of that kind.
        """
        if kind is None:
            return self.rates(self._mentions(vector, mapping))
        kinds = self.c.table("gazetteer").groupby("place")["kind"].agg(set)
        mapped = self.c.table("vectors").set_index("place")[mapping or self.mapping]
        chosen = [place for place in mapped.index[mapped == vector] if kind in kinds.get(place, ())]
        if not chosen:
            raise ValueError(f"no place of the vector {vector!r} is of the kind {kind!r}; see gazetteer.csv")
        return self.rates(self.places[chosen].sum(axis=1))

    # --- Practice ---------------------------------------------------------------------------------------------------

    @cached_property
    def votes(self):
        """Roll calls and votes of all states (see ``practice.votes``)."""
        return practice.votes(self.c)

    @cached_property
    def rollcalls(self):
        """Year, areas, text and whether it is contested, of every roll call: DataFrame in order of date."""
        # Numbers alone: they are selected and grouped two hundred times, which strings would slow down.
        return self.votes.rollcalls[["year", *practice.ISSUES, "text", "contested"]]

    def votes_of(self, states, first, last):
        """Return the roll calls of some years (as in :attr:`rollcalls`) and some states' votes in them, a column each.

        ValueError if a state has no votes in the data, or there is no roll call in these years.
        """
        places = self.votes.states.get_indexer(list(states))
        if (places < 0).any():
            missing = sorted({state for state, place in zip(states, places, strict=True) if place < 0})
            raise ValueError(f"no votes of {', '.join(missing)}; name states of voters.csv")
        rows = slice(*self.rollcalls["year"].searchsorted([first, last + 1]))
        if rows.start == rows.stop:
            raise ValueError(
                f"no roll calls from {first} to {last}; there are some from {self.rollcalls['year'].min()}"
            )
        return self.rollcalls.iloc[rows], self.votes.codes[rows, places]

    @cached_property
    def trade(self):
        """Bounds of trade concentration by flow and year (see ``practice.trade``)."""
        return practice.trade(c=self.c)

    @once
    def partner(self, name):
        """A partner's share of trade by flow and year (see ``practice.partner_share``)."""
        return practice.partner_share(name, c=self.c)
