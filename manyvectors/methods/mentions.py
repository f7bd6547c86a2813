"""Whom does a speech name? Mentions of places, and of vectors, which are groups of places."""

from functools import lru_cache

import numpy as np
import pandas as pd
from scipy import sparse

from ..corpus import DataError
from ..study import FILE
from ..text import entries


def places(c, state=None, register="rostrum"):
    """Count how often each text names each place, of overlapping names only the longest, its own state left out.

    Parameters
    ----------
    c : manyvectors.corpus.Corpus
    state : str or sequence of str, optional
        Speakers, by state code; all by default.
    register : str
        Speeches by default, or another of the study's registers: of its documents, those in English.

    Returns
    -------
    pandas.DataFrame
        Documents x places (those of ``vectors.csv``, which need not be all of the gazetteer's), whole numbers. The
        speaker's own code and what ``own-places.csv`` lists for it are 0.

    Raises
    ------
    manyvectors.corpus.DataError
        For an unknown state or register, one without English documents, if the counts lack a phrase of the gazetteer,
        or if it lacks a place of ``vectors.csv``.

    Notes
    -----
    A name that holds two places ("Tajik-Afghan") counts for both. Not counted: US in capitals, which looks like the
    pronoun; the West and the Commonwealth alone; regions inside states. Counted though unsaid: the state of a
    vice-president who takes the chair, where the transcript notes it.
    """
    gazetteer, names = c.table("gazetteer"), c.table("vectors")["place"]
    counted = c.phrases(register=register, state=state, lists="gazetteer")
    missing = set(gazetteer["phrase"]) ^ set(counted.columns)
    if missing:
        raise DataError(f"gazetteer.csv and the list gazetteer of phrases.csv differ, as in {min(missing)!r}")
    unknown = set(names) - set(gazetteer["place"].str.split(";").explode())
    if unknown:
        raise DataError(f"{c.path('vectors')} names {min(unknown)!r}; name places as in the world's gazetteer.csv")
    weights = _weights(tuple(gazetteer["phrase"]), tuple(gazetteer["place"]), tuple(names))
    plain = sparse.csr_matrix(counted[list(gazetteer["phrase"])].to_numpy())
    values = (plain @ weights).toarray()
    speakers = c.documents["state"].loc[counted.index]
    column = {name: j for j, name in enumerate(names)}
    listed = c.table("own-places").groupby("state")["place"].agg(list)
    for speaker, rows in speakers.groupby(speakers).indices.items():
        own = [column[name] for name in (speaker, *listed.get(speaker, ())) if name in column]
        values[np.ix_(rows, own)] = 0
    return pd.DataFrame(values, index=counted.index, columns=pd.Index(names, name="place"))


@lru_cache(maxsize=2)
def _weights(phrases, named, names):
    """Return the matrix that turns counts of phrases into mentions of places.

    What :func:`manyvectors.text.entries.longest` does is linear in the counts, so it can be done to the weights once
    instead of to every speech.
    """
    column = {name: j for j, name in enumerate(names)}
    # A name without a vector of its own still hides the shorter ones inside it.
    cells = [(i, column[name]) for i, several in enumerate(named) for name in several.split(";") if name in column]
    rows, columns = np.array(cells, int).reshape(-1, 2).T
    of_phrase = sparse.csr_matrix((np.ones(len(rows), np.int64), (rows, columns)), (len(phrases), len(names)))
    within = sparse.csr_matrix(entries.inside(phrases).to_numpy().T)
    # An occurrence counts for its own place, less for the places of the entries inside it, which it brings along.
    weights, before = of_phrase, None
    while before is None or (weights != before).nnz:
        weights, before = of_phrase - within @ weights, weights
    return weights


def mappings(c):
    """Return how places can be grouped into vectors: a dict of mapping to its vectors, in their order.

    A mapping is a column of the study's ``vectors.csv`` between ``place`` and ``why``; the first is the default.
    Vectors stand in the order that the study gives, those that it does not list after them in the order of the table.

    Raises
    ------
    manyvectors.corpus.DataError
        If the table has no such column or no place, or lacks one of the vectors that the study lists.
    """
    table = c.table("vectors").drop(columns=["place", "why"], errors="ignore")
    if table.empty:
        raise DataError(f"{c.path('vectors')} holds no mapping; give places, and a column with the vector of each")
    unused = sorted(set(c.study.vectors) - set(table.to_numpy().ravel()))
    if unused:
        raise DataError(
            f"{FILE}: vectors lists {unused[0]!r}, which vectors.csv does not hold; mend or take out the name"
        )
    return {name: _in_order(c, table[name]) for name in table}


def _in_order(c, vector):
    used = list(dict.fromkeys(name for name in vector if name))
    listed = [name for name in c.study.vectors if name in used]
    return (*listed, *(name for name in used if name not in listed))


def mentions(c, state=None, mapping=None, universal=True, register="rostrum"):
    """Count how often each text names each vector.

    ``c``, ``state``, ``register``: as in :func:`places`. ``mapping`` (str or pandas.Series): a key of :func:`mappings`,
    by default the first; ``"places"``, to keep every place apart; or vectors of your own, indexed by place. Places
    without a vector (empty, missing or not in the Series) are left out. ``universal``: whether to count the bodies that
    every speaker names (``universal`` of the study).

    Returns pandas.DataFrame: documents x vectors, whole numbers. Vectors in the order of :func:`mappings`, or of first
    appearance. manyvectors.corpus.DataError for an unknown mapping, or a Series with a place that the gazetteer does
    not have.
    """
    return by_vector(c, places(c, state, register), mapping, universal)


def by_vector(c, found, mapping=None, universal=True):
    """Add up mentions of places, as :func:`places` gives them, to mentions of vectors, as of :func:`mentions`.

    With ``mapping="places"`` they stay as they are, universal bodies kept or left out.
    """
    table = c.table("vectors").set_index("place").drop(columns="why", errors="ignore")
    drop = []
    if not universal and c.study.universal:
        drop = [c.study.universal, *table.index[table.iloc[:, 0] == c.study.universal]]
    if isinstance(mapping, str) and mapping == "places":
        return found.drop(columns=drop, errors="ignore")
    mapping = table.columns[0] if mapping is None else mapping
    vector = _vectors(table, mapping)
    order = _in_order(c, vector) if isinstance(mapping, str) else tuple(dict.fromkeys(vector))
    belongs = (vector.to_numpy()[:, None] == np.array(order, object)).astype(np.int64)
    missing = vector.index.difference(found.columns)
    if len(missing):
        raise ValueError(f"found has no column {missing[0]!r}; give the table that places() returns")
    values = found[vector.index].to_numpy() @ belongs
    counted = pd.DataFrame(values, index=found.index, columns=pd.Index(order, name="vector"))
    return counted.drop(columns=drop, errors="ignore")


def _vectors(table, mapping):
    """Return the vector of each place that has one: Series, index place."""
    if not isinstance(mapping, str):
        unknown = set(mapping.index) - set(table.index)
        if unknown or mapping.index.duplicated().any():
            twice = mapping.index[mapping.index.duplicated()].tolist()
            raise DataError(f"a mapping needs places of vectors.csv, each once; got {sorted(unknown) or twice}")
        return mapping[mapping.notna() & (mapping != "")]
    if mapping not in table:
        raise DataError(f"no mapping {mapping!r}; there are {', '.join(table)} and places, or give a Series")
    return table.loc[table[mapping] != "", mapping]


def shares(c, state, by="era", window=5, mapping=None, universal=False):
    """Return which part of its mentions a state gives to each vector; arguments as in :func:`diversity`.

    Groups x vectors; rows sum to 1, or are NaN where nothing is named.
    """
    found = mentions(c, state, mapping, universal)
    chosen = group_rows(c.documents[["year", "era"]].loc[found.index], by, window)
    sums = pd.DataFrame({label: found.iloc[rows].sum() for label, rows in chosen.items()}).T
    return sums.div(sums.sum(axis=1).replace(0, np.nan), axis=0)


# --- Groups of speeches -----------------------------------------------------------------------------------------------


def group_rows(rows, by, window):
    """Return groups of speeches: label to positions in ``rows``; see ``by`` and ``window`` of :func:`diversity`."""
    if isinstance(by, str) and by == "year":
        if window < 1 or window % 2 == 0:
            raise ValueError(f"a centred window has an odd number of years, got {window}")
        years = rows["year"].to_numpy()
        return {int(y): np.flatnonzero(np.abs(years - y) <= window // 2) for y in np.unique(years)}
    return by_code(*label_rows(rows, by))


def by_code(codes, names):
    """Return name to positions, for the numbers of names; -1 is none."""
    return {names[code]: np.flatnonzero(codes == code) for code in np.unique(codes[codes >= 0])}


def label_rows(rows, by):
    """Return the number of the group of each speech, -1 for none, and the groups in order."""
    if isinstance(by, str) and by != "era":
        raise ValueError(f"by must be 'era', 'year' or one label for each speech, got {by!r}")
    if isinstance(by, pd.Series):
        if not rows.index.isin(by.index).all():
            raise ValueError("by lacks a label for some speeches; its index must hold their doc_id")
        by = by.loc[rows.index].array
    given = rows["era"].array if isinstance(by, str) else by
    if len(given) != len(rows):
        raise ValueError(f"by needs one label for each of {len(rows)} speeches, got {len(given)}")
    given = pd.Series(given, index=range(len(rows)))
    if isinstance(given.dtype, pd.CategoricalDtype):
        return given.cat.codes.to_numpy(), given.cat.categories
    return pd.factorize(given, sort=True)
