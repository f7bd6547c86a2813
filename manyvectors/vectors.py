"""Whom does a speech name? Mentions of places, their vectors, and how evenly they are spread.

A *place* is a state, an organisation or a region of ``gazetteer.csv``; a *vector* is a group of places in
``vectors.csv``. To name a place is not to side with it: Afghanistan is mostly named as a war. What is measured here is
attention, and its spread.

The vectors are drawn around Kazakhstan: a speaker from Africa names its own neighbours in *others*. To compare states
from all over the world, count the places themselves (``mapping="places"``).

>>> from manyvectors import corpus, vectors
>>> c = corpus.load()
>>> vectors.mentions(c, "KAZ").shape
(33, 8)
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from . import corpus, entries, inference, rhetoric, study

VECTORS = corpus.opened().choices("vectors", "book")
MAPPINGS = {
    "book": VECTORS,
    "states": VECTORS,
    "powers": corpus.opened().choices("vectors", "powers"),
    "rival": VECTORS,
}
UNIVERSAL = "universal bodies"
PEERS = ("KAZ", *study.load().neighbours, "MNG", "AZE", "GEO", "BLR")
MEASURES = ("effective", "evenness", "hhi")

# What a speaker names when it names itself, besides the place of its own code: initiatives of its own, shared names,
# and the parts or the whole of a state that has dissolved.
SELF = {
    "KAZ": ("CICA", "Euro-Asian Union", "IOFS"),
    "COD": ("Congo",),
    "COG": ("Congo",),
    "CSK": ("CZE", "SVK"),
    "EU": ("Europe",),
    "KOR": ("Korea",),
    "PRK": ("Korea",),
    "YUG": ("SRB", "MNE"),
}
SPEECHES = "speeches"
_THINNED = 400  # samples over which a thinned number is averaged; they err by a twentieth of their spread


class Kendall(NamedTuple):
    """Agreement of two rankings, with its interval and the p-value of no change."""

    tau: float
    low: float
    high: float
    p: float
    items: int


def places(c, state=None):
    """Count how often each speech names each place, of overlapping names only the longest, itself left out.

    Parameters
    ----------
    c : manyvectors.corpus.Corpus
    state : str or sequence of str, optional
        Speakers, by state code; all by default.

    Returns
    -------
    pandas.DataFrame
        Speeches x places (as in ``vectors.csv``), whole numbers. What :data:`SELF` and the speaker's own code say is 0.

    Raises
    ------
    manyvectors.corpus.DataError
        For an unknown state, or if the counts lack a phrase of the gazetteer.

    Notes
    -----
    A name that holds two places ("Tajik-Afghan") counts for both. Not counted: US in capitals, which cannot be told
    from the pronoun; the West and the Commonwealth alone; regions inside states. Counted though the speaker did not
    say it: the state of a vice-president who takes the chair, where the transcript notes it.
    """
    gazetteer, names = c.table("gazetteer"), c.table("vectors")["place"]
    counted = c.phrases(state=state, lists="gazetteer")
    missing = set(gazetteer["phrase"]) ^ set(counted.columns)
    if missing:
        raise corpus.DataError(f"gazetteer.csv and the list gazetteer of phrases.csv differ, as in {min(missing)!r}")
    weights = _weights(tuple(gazetteer["phrase"]), tuple(gazetteer["place"]), tuple(names))
    plain = sparse.csr_matrix(counted[list(gazetteer["phrase"])].to_numpy())
    values = (plain @ weights).toarray()
    speakers = c.documents["state"].loc[counted.index]
    column = {name: j for j, name in enumerate(names)}
    for speaker, rows in speakers.groupby(speakers).indices.items():
        own = [column[name] for name in (speaker, *SELF.get(speaker, ())) if name in column]
        values[np.ix_(rows, own)] = 0
    return pd.DataFrame(values, index=counted.index, columns=pd.Index(names, name="place"))


@lru_cache(maxsize=2)
def _weights(phrases, named, names):
    """Return the matrix that turns counts of phrases into mentions of places.

    What :func:`manyvectors.entries.longest` does is linear in the counts, so it can be done to the weights once instead
    of to every speech.
    """
    column = {name: j for j, name in enumerate(names)}
    cells = [(i, column[name]) for i, several in enumerate(named) if several for name in several.split(";")]
    rows, columns = zip(*cells, strict=True)
    of_phrase = sparse.csr_matrix((np.ones(len(rows), np.int64), (rows, columns)), (len(phrases), len(names)))
    within = sparse.csr_matrix(entries.inside(phrases).to_numpy().T)
    # An occurrence counts for its own place, less for the places of the entries inside it, which it brings along.
    weights, before = of_phrase, None
    while before is None or (weights != before).nnz:
        weights, before = of_phrase - within @ weights, weights
    return weights


def mentions(c, state=None, mapping="book"):
    """Count how often each speech names each vector.

    Parameters
    ----------
    c, state
        As in :func:`places`.
    mapping : str or pandas.Series
        A key of :data:`MAPPINGS`; ``"places"``, to keep every place apart; or vectors of your own, indexed by place.
        Places without a vector (empty, missing or not in the Series) are left out.

    Returns
    -------
    pandas.DataFrame
        Speeches x vectors, whole numbers. Vectors in the order of :data:`MAPPINGS`, or of first appearance.

    Raises
    ------
    manyvectors.corpus.DataError
        As in :func:`places`; for an unknown mapping, or a Series with a place that the gazetteer does not have.
    """
    return by_vector(c, places(c, state), mapping)


def by_vector(c, found, mapping="book"):
    """Add up mentions of places to mentions of vectors.

    Parameters
    ----------
    c : manyvectors.corpus.Corpus
    found : pandas.DataFrame
        Speeches x places, from :func:`places`.
    mapping : str or pandas.Series
        As in :func:`mentions`.

    Returns
    -------
    pandas.DataFrame
        As of :func:`mentions`.

    Raises
    ------
    manyvectors.corpus.DataError
        For an unknown mapping, or a Series with a place that the gazetteer does not have.
    """
    if isinstance(mapping, str) and mapping == "places":
        return found
    vector = _vectors(c, mapping)
    order = MAPPINGS[mapping] if isinstance(mapping, str) else tuple(dict.fromkeys(vector))
    belongs = (vector.to_numpy()[:, None] == np.array(order, object)).astype(np.int64)
    values = found[vector.index].to_numpy() @ belongs
    return pd.DataFrame(values, index=found.index, columns=pd.Index(order, name="vector"))


def _vectors(c, mapping):
    """Return the vector of each place that has one: Series, index place."""
    table = c.table("vectors").set_index("place")
    if not isinstance(mapping, str):
        unknown = set(mapping.index) - set(table.index)
        if unknown or mapping.index.duplicated().any():
            twice = mapping.index[mapping.index.duplicated()].tolist()
            raise corpus.DataError(f"a mapping needs places of vectors.csv, each once; got {sorted(unknown) or twice}")
        return mapping[mapping.notna() & (mapping != "")]
    if mapping not in MAPPINGS:
        raise corpus.DataError(f"no mapping {mapping!r}; there are {', '.join(MAPPINGS)} and places, or give a Series")
    return table.loc[table[mapping] != "", mapping]


def _counted(c, state, mapping, universal):
    """Return mentions, without universal bodies unless they are asked for."""
    found = mentions(c, state, mapping)
    if universal:
        return found
    table = c.table("vectors")
    return found.drop(columns=[UNIVERSAL, *table.loc[table["book"] == UNIVERSAL, "place"]], errors="ignore")


def _groups(rows, by, window):
    """Return the groups of speeches: label to positions. ``by="year"`` gives centred windows, which overlap."""
    if isinstance(by, str) and by == "year":
        if window < 1 or window % 2 == 0:
            raise ValueError(f"a centred window has an odd number of years, got {window}")
        years = rows["year"].to_numpy()
        return {int(y): np.flatnonzero(np.abs(years - y) <= window // 2) for y in np.unique(years)}
    return _by_code(*_labels(rows, by))


def _by_code(codes, labels):
    return {labels[code]: np.flatnonzero(codes == code) for code in np.unique(codes[codes >= 0])}


def _labels(rows, by):
    """Return the number of the group of each speech, -1 for none, and the groups in order."""
    if isinstance(by, str) and by != "era":
        raise ValueError(f"by must be 'era', 'year' or one label for each speech, got {by!r}")
    if isinstance(by, pd.Series):
        if not rows.index.isin(by.index).all():
            raise ValueError("by lacks a label for some speeches; its index must hold their doc_id")
        by = by.loc[rows.index].array
    labels = rows["era"].array if isinstance(by, str) else by
    if len(labels) != len(rows):
        raise ValueError(f"by needs one label for each of {len(rows)} speeches, got {len(labels)}")
    labels = pd.Series(labels, index=range(len(rows)))
    if isinstance(labels.dtype, pd.CategoricalDtype):
        return labels.cat.codes.to_numpy(), labels.cat.categories
    return pd.factorize(labels, sort=True)


def shares(c, state, by="era", window=5, mapping="book", universal=False):
    """Return which part of its mentions a state gives to each vector.

    Parameters
    ----------
    c, state, by, window, mapping, universal
        As in :func:`diversity`.

    Returns
    -------
    pandas.DataFrame
        Groups x vectors; rows sum to 1, or are NaN where nothing is named.

    Raises
    ------
    ValueError, manyvectors.corpus.DataError
        As in :func:`diversity`.
    """
    found = _counted(c, state, mapping, universal)
    groups = _groups(c.documents[["year", "era"]].loc[found.index], by, window)
    sums = pd.DataFrame({label: found.iloc[chosen].sum() for label, chosen in groups.items()}).T
    return sums.div(sums.sum(axis=1).replace(0, np.nan), axis=0)


def diversity(
    c,
    state,
    by="era",
    window=5,
    mapping="book",
    universal=False,
    correction=None,
    thin=None,
    n=2000,
    level=0.95,
    seed=0,
):
    """Measure how evenly a state's mentions are spread over vectors.

    Parameters
    ----------
    c : manyvectors.corpus.Corpus
    state : str or sequence of str
    by : {"era", "year"} or array-like
        Groups of speeches; ``"year"`` takes the speeches of ``window`` years around each, fewer at the ends. A Series
        is matched by ``doc_id``, anything else by order.
    window : int
        Odd number of years.
    mapping : str or pandas.Series
        As in :func:`mentions`.
    universal : bool
        Whether to count universal bodies. Every speech names the United Nations, so they are left out by default.
    correction : {None, "speeches", "miller-madow", "chao"}
        For vectors that were missed by chance. ``"speeches"`` takes off all three numbers the bias that resampled
        speeches show; the others correct the effective number as if mentions were independent, see
        :func:`manyvectors.rhetoric.effective_number`.
    thin : int, optional
        Draw this many mentions from each group (rarefaction [hurlbert1971]), so that groups with many are not called
        broader for it; a group with fewer has no numbers (NaN).
    n, level, seed
        As in :func:`manyvectors.inference.bootstrap_sums`; the level is that of few speeches
        (:func:`manyvectors.inference.expanded_level`).

    Returns
    -------
    pandas.DataFrame
        Index: groups in their order. ``effective`` (number of vectors, 1 to as many as there are), ``evenness``
        (0 to 1) and ``hhi`` (1 over the number of vectors, to 1), each followed by ``_low`` and ``_high``;
        ``speeches`` and ``mentions``. A group of one speech has no interval (NaN).

    Raises
    ------
    ValueError
        If ``by``, ``window``, ``correction`` or ``thin`` make no sense, or both of the last two are given.
    manyvectors.corpus.DataError
        As in :func:`mentions`.

    Notes
    -----
    The effective number is the exponential of Shannon's entropy [shannon1948], the HHI the sum of squared shares
    [hirschman1964]. Few speeches miss vectors by chance, so the number comes out too low; a resample of them misses
    more in turn, and by as much too low. Intervals are therefore percentiles of the draws moved up by twice that bias
    [efron1979, hesterberg2015], and widened where they would not hold the number itself. In simulations of nine
    speeches whose mentions cluster they held the truth in nine of ten cases, and plain percentiles in seven.

    For one state over time prefer ``correction="speeches"``: mentions cluster in speeches, so the bias is larger than
    corrections for independent mentions take it to be, and thinning would throw mentions away. To compare states,
    whose mentions differ tenfold, prefer ``thin``: it asks the same effort of all and needs no model of what was not
    said.
    """
    _check_thin(thin, correction)
    found = _counted(c, state, mapping, universal)
    rows = {}
    for label, chosen in _groups(c.documents[["year", "era"]].loc[found.index], by, window).items():
        group, rng = found.iloc[chosen].to_numpy(), np.random.default_rng(seed)
        total = int(group.sum())
        estimate = _measure(group.sum(axis=0), None if correction == SPEECHES else correction, thin, rng)
        low = high = np.full(len(MEASURES), np.nan)
        if len(group) > 1 and np.isfinite(estimate).all():
            drawn = inference.bootstrap_sums(lambda sums: sums, group, n, level, seed).draws
            draws = _measure(drawn, None if correction == SPEECHES else correction, thin, rng, samples=1)
            middle, low, high = _moved(estimate, draws, inference.expanded_level(level, len(group)))
            floor, ceiling = [1, 0, 1 / group.shape[1]], [group.shape[1], 1, 1]
            estimate = middle if correction == SPEECHES else estimate
            estimate, low, high = (ends.clip(floor, ceiling) for ends in (estimate, low, high))
        rows[label] = [*np.column_stack([estimate, low, high]).ravel(), len(group), total]
    names = [f"{measure}{end}" for measure in MEASURES for end in ("", "_low", "_high")]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=[*names, "speeches", "mentions"])
    return frame.astype({"speeches": int, "mentions": int})


def _check_thin(thin, correction):
    if thin is not None and correction is not None:
        raise ValueError("thin and correction are two remedies for the same ill; give one of them")
    if thin is not None and thin < 2:
        raise ValueError(f"need thin >= 2 mentions, got {thin}")


def _measure(sums, correction, thin, rng, samples=_THINNED, measures=MEASURES):
    """Return measures of counts of shape (..., k), shape (..., measures)."""
    sums = np.asarray(sums)
    if thin is not None:
        flat = sums.reshape(-1, sums.shape[-1]).astype(np.int64)
        values = np.full((len(flat), len(measures)), np.nan)
        for i in np.flatnonzero(flat.sum(axis=1) >= thin):
            # What is not named is not drawn either.
            drawn = rng.multivariate_hypergeometric(flat[i, flat[i] > 0], thin, samples, method="count")
            values[i] = _measures(drawn, None, measures, flat.shape[1]).mean(axis=0)
        return values.reshape(*sums.shape[:-1], len(measures))
    return _measures(sums, correction, measures, sums.shape[-1])


def _measures(counts, correction, measures, possible):
    ways = {
        # A correction looks for categories not seen; there cannot be more than are listed.
        "effective": lambda: np.minimum(rhetoric.effective_number(counts, correction), possible),
        "evenness": lambda: rhetoric.evenness(counts, possible),
        "hhi": lambda: rhetoric.hhi(counts),
    }
    return np.stack([ways[name]() for name in measures], axis=-1)


def _moved(estimate, draws, level):
    """Return an estimate less its bias, and the ends of an interval around it that holds the estimate as well.

    By how much resamples fall short of the sample is by how much the sample falls short of what it was drawn from.
    """
    draws = np.where(np.isfinite(draws), draws, np.nan)
    bias = np.nanmean(draws, axis=0) - estimate
    tail = 100 * (1 - level) / 2
    low, high = np.nanpercentile(draws - 2 * bias, [tail, 100 - tail], axis=0)
    return estimate - bias, np.minimum(low, estimate), np.maximum(high, estimate)


def compare_states(
    c,
    states=PEERS,
    by="era",
    measure="effective",
    window=5,
    mapping="places",
    universal=False,
    correction=None,
    thin=50,
    seed=0,
):
    """Set a state's number beside that of every other state in the same period.

    Parameters
    ----------
    c : manyvectors.corpus.Corpus
    states : sequence of str, optional
        Whose rows to return, Kazakhstan and its peers by default; None for all.
    by, window, universal, correction
        As in :func:`diversity`, without ``"speeches"``; ``by`` is ``"era"``, ``"year"`` or a Series indexed by
        ``doc_id``.
    measure : {"effective", "evenness", "hhi"}
    mapping : str or pandas.Series
        As in :func:`mentions`. By default places: vectors are drawn around Kazakhstan and would flatter it.
    thin : int or None
        Mentions drawn from each state and period, so that all are judged on the same number; those with fewer are
        left out.
    seed : int

    Returns
    -------
    pandas.DataFrame
        Index: ``period``, ``state``. ``value``; ``speeches``; ``mentions``; ``lower``, the part of the other states
        with a value in that period whose value is lower (ties count half); ``others``, how many these are.

    Raises
    ------
    ValueError
        As in :func:`diversity`; for an unknown measure.
    manyvectors.corpus.DataError
        As in :func:`mentions`; for an unknown state.
    """
    _check_thin(thin, correction)
    if correction == SPEECHES:
        raise ValueError("speeches are not resampled here: give thin, or one of the other corrections")
    if measure not in MEASURES:
        raise ValueError(f"measure must be one of {', '.join(MEASURES)}, got {measure!r}")
    if not isinstance(by, (str, pd.Series)):
        raise ValueError("by must be 'era', 'year' or a Series indexed by doc_id: states differ in their speeches")
    found = _counted(c, None, mapping, universal)
    documents = c.documents[["state", "year", "era"]].loc[found.index]
    wanted = list(dict.fromkeys(documents["state"])) if states is None else list(states)
    unknown = set(wanted) - set(documents["state"])
    if unknown:
        raise corpus.DataError(f"no state {sorted(unknown)}; use the codes of c.states, in capital letters")
    rng, values = np.random.default_rng(seed), found.to_numpy()
    codes, labels = (None, None) if isinstance(by, str) and by == "year" else _labels(documents, by)
    rows, sums = [], []
    for state, chosen in documents.groupby("state").indices.items():
        groups = _groups(documents.iloc[chosen], by, window) if codes is None else _by_code(codes[chosen], labels)
        for period, inner in groups.items():
            sums.append(values[chosen[inner]].sum(axis=0))
            rows.append((period, state, len(inner), int(sums[-1].sum())))
    table = pd.DataFrame(rows, columns=["period", "state", "speeches", "mentions"])
    table.insert(2, "value", _measure(np.array(sums), correction, thin, rng, measures=(measure,))[:, 0])
    known = table["value"].notna()
    place = table["value"].groupby(table["period"], observed=True).rank(method="average")
    others = known.groupby(table["period"], observed=True).transform("sum") - 1
    table["lower"] = ((place - 1) / others.where(others > 0)).where(known)
    table["others"] = others.where(known, 0).astype(int)
    table = table[table["state"].isin(wanted)]
    if not isinstance(by, str) or by == "era":
        order = pd.Index(dict.fromkeys(_groups(documents, by, window)))
        table = table.assign(period=pd.Categorical(table["period"], order, ordered=True))
    spoken = pd.Categorical(table["state"], wanted, ordered=True)
    return (
        table.assign(state=spoken)
        .sort_values(["period", "state"])
        .astype({"state": str})
        .set_index(["period", "state"])
    )


def ranks(c, state, periods="era", level="place", mapping="book", universal=False):
    """Rank what a state names in each period, 1 for what it names most.

    Parameters
    ----------
    c, state, mapping, universal
        As in :func:`diversity`; the mapping matters for vectors only.
    periods : "era" or array-like
        As ``by`` in :func:`diversity`, without windows.
    level : {"place", "vector"}

    Returns
    -------
    pandas.DataFrame
        Items x periods; ties share their mean rank. Items that no period names are left out.

    Raises
    ------
    ValueError
        For an unknown level, or periods that make no sense.
    manyvectors.corpus.DataError
        As in :func:`mentions`.
    """
    found = _ranked(c, state, level, mapping, universal)
    if isinstance(periods, str) and periods != "era":
        raise ValueError(f"periods must be 'era' or one label for each speech, got {periods!r}")
    groups = _groups(c.documents[["year", "era"]].loc[found.index], periods, 1)
    sums = pd.DataFrame({label: found.iloc[chosen].sum() for label, chosen in groups.items()})
    return sums[sums.sum(axis=1) > 0].rank(ascending=False)


def _ranked(c, state, level, mapping="book", universal=False):
    if level not in ("place", "vector"):
        raise ValueError(f"level must be 'place' or 'vector', got {level!r}")
    return _counted(c, state, "places" if level == "place" else mapping, universal)


def kendall(a, b, n=2000, permutations=1999, level=0.95, seed=0):
    """Compare the ranking of mentions in two sets of speeches by Kendall's tau-b.

    Parameters
    ----------
    a, b : pandas.DataFrame or array-like
        Speeches x items (places or vectors), mentions, with the same items in both.
    n : int
        Resamples of the speeches of each set, for the interval.
    permutations : int
        Random dealings of the speeches to the two sets, for the p-value.
    level, seed
        As in :func:`diversity`.

    Returns
    -------
    Kendall
        ``tau`` from -1 to 1 [kendall1938], ties allowed for [kendall1945]; ``low`` and ``high`` from resampled
        speeches, NaN if a set has fewer than two; ``p``, how often speeches dealt at random agree as little as
        these [phipson_smyth2010]; ``items``, how many either set names. Numbers are NaN if a set names nothing or
        everything equally often.

    Raises
    ------
    ValueError
        If the sets have different items, or one of them no speech.

    Notes
    -----
    A resample ranks less steadily than the speeches themselves, so its draws of tau are moved as in
    :func:`diversity`. Two short sets agree badly for want of mentions alone: read tau beside the p-value.
    """
    if isinstance(a, pd.DataFrame) and isinstance(b, pd.DataFrame) and list(a.columns) != list(b.columns):
        raise ValueError("the two sets must have the same items, in the same order")
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1] or not len(a) or not len(b):
        raise ValueError(f"need two sets of speeches x the same items, none empty, got shapes {a.shape} and {b.shape}")
    named = (a.sum(axis=0) + b.sum(axis=0)) > 0
    a, b, items = a[:, named], b[:, named], int(named.sum())
    tau = float(_tau(a.sum(axis=0), b.sum(axis=0)))
    if not np.isfinite(tau):
        return Kendall(np.nan, np.nan, np.nan, np.nan, items)
    low = high = np.nan
    few = min(len(a), len(b))
    if few > 1:
        draws = inference.bootstrap_sums(_tau, (a, b), n, level, seed).draws
        low, high = np.clip(_moved(tau, draws, inference.expanded_level(level, few))[1:], -1, 1)
    p = inference.permutation_sums(_disagreement, (a, b), permutations, seed, "greater")
    return Kendall(tau, float(low), float(high), p, items)


def _disagreement(a, b):
    """Return 1 - tau of sums of two sets of speeches; a dealing that cannot be ranked counts as full disagreement."""
    tau = _tau(a, b)
    return np.where(np.isfinite(tau), 1 - tau, 2.0)


def _tau(a, b):
    """Return tau-b of sums of shape (..., items), over the last axis; NaN where one side is all ties."""
    a, b = np.broadcast_arrays(a, b)
    flat = [x.reshape(-1, x.shape[-1]) for x in (a, b)]
    first, second = _pairs(a.shape[-1])
    step = max(1, 4_000_000 // max(1, len(first)))
    parts = []
    for i in range(0, len(flat[0]), step):
        x, y = (np.sign(side[i : i + step, first] - side[i : i + step, second]).astype(np.float32) for side in flat)
        untied = (x * x).sum(axis=1, dtype=float) * (y * y).sum(axis=1, dtype=float)
        with np.errstate(invalid="ignore", divide="ignore"):
            parts.append((x * y).sum(axis=1, dtype=float) / np.sqrt(untied))
    return np.concatenate(parts).reshape(a.shape[:-1])


_pairs = lru_cache(maxsize=8)(lambda size: np.triu_indices(size, 1))


def turning(c, state, window=5, level="place", mapping="book", universal=False, n=1000, permutations=999, seed=0):
    """Compare the ranking of mentions before and from each year: where it turns, tau is low.

    Parameters
    ----------
    c, state, level, mapping, universal
        As in :func:`ranks`.
    window : int
        Years on either side; the year itself belongs to the later side. Years without full windows are left out.
    n, permutations, seed
        As in :func:`kendall`.

    Returns
    -------
    pandas.DataFrame
        Index: year. ``tau``, ``low``, ``high``, ``p`` and ``items`` as in :class:`Kendall`; ``before`` and ``after``,
        numbers of speeches. Windows overlap from year to year: neighbouring rows are not independent.

    Raises
    ------
    ValueError, manyvectors.corpus.DataError
        As in :func:`ranks`; if ``window`` is below 1.
    """
    if window < 1:
        raise ValueError(f"need window >= 1 year, got {window}")
    found = _ranked(c, state, level, mapping, universal)
    years = c.documents["year"].loc[found.index].to_numpy()
    rows, values = {}, found.to_numpy()
    for year in range(years.min() + window, years.max() - window + 2):
        before = values[(years >= year - window) & (years < year)]
        after = values[(years >= year) & (years < year + window)]
        if len(before) and len(after):
            rows[year] = (*kendall(before, after, n, permutations, seed=seed), len(before), len(after))
    return pd.DataFrame.from_dict(rows, orient="index", columns=[*Kendall._fields, "before", "after"])
