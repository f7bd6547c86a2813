"""How much of each topic, and when? Shares of speeches, of groups of speeches, and changes between two."""

import math

import numpy as np
import pandas as pd

from ..rates import pairs, ratio_change
from ..resample import bootstrap, bootstrap_sums, of_sums, permutation_p

_COUNTED = ("doc_id", "tokens", "terms", "rare_tokens", "rare_terms")  # of a segment, not of its speech


def speech_of(rows):
    """Return the speech of each row: ``doc_id`` of segments, else the row itself."""
    return rows.get("doc_id", rows.index).to_numpy()


def by_speech(shares, rows):
    """Add up the shares of segments to shares of speeches.

    ``shares`` (pandas.DataFrame): rows x topics, as ``TopicModel.shares_``. ``rows`` (pandas.DataFrame): the same rows
    with ``tokens`` and, for segments, ``doc_id``. Returns pandas.DataFrame: one row for each speech: the topics'
    shares, segments weighted by their tokens; ``tokens``; and every column of ``rows`` that is the same in all segments
    of each speech, numbers of terms apart. Segments without a share are left out. ValueError if shares and rows do not
    have one index, or a topic is called as a column of the rows is.
    """
    speeches, first = _added_up(shares, rows)
    speech = speech_of(rows)
    place = pd.Index(speech[first]).get_indexer(speech)
    held = place >= 0
    kept = [name for name in rows if name not in _COUNTED and _is_constant(rows[name][held], place[held], len(first))]
    clash = speeches.columns.intersection(kept)
    if len(clash):
        raise ValueError(f"{clash[0]!r} is the name of a topic and of a column of the rows; rename one")
    return speeches.join(rows[kept].iloc[first].set_axis(speeches.index))


def _added_up(shares, rows):
    """Return the shares and tokens of speeches, and the place of a row of each."""
    if not isinstance(shares, pd.DataFrame) or not isinstance(rows, pd.DataFrame) or "tokens" not in rows:
        raise ValueError(
            "shares must be a DataFrame as shares_ of a model, and rows the rows of its matrix with tokens"
        )
    if not shares.index.equals(rows.index):
        raise ValueError("shares and rows must be of the same segments, in one order")
    known = shares.notna().all(axis=1).to_numpy()
    values, tokens = shares.to_numpy()[known], rows["tokens"].to_numpy()[known]
    place, names = pd.factorize(speech_of(rows)[known])
    total = np.zeros((len(names), values.shape[1] + 1))
    np.add.at(total, place, np.column_stack([values * tokens[:, None], tokens]))
    sums = np.where(total[:, -1:] > 0, total[:, -1:], np.nan)  # a speech without a word has no shares
    speeches = pd.DataFrame(total[:, :-1] / sums, index=pd.Index(names, name="doc_id"), columns=shares.columns)
    first = np.flatnonzero(known)[np.unique(place, return_index=True)[1]]
    return speeches.assign(tokens=total[:, -1].astype(int)), first


def _is_constant(column, place, speeches):
    """Say whether a column has one value, or none, in all rows of each speech."""
    try:
        codes = pd.factorize(column)[0]
    except TypeError:  # lists and dicts of the reader's own are no labels
        return False
    value = np.empty(speeches, codes.dtype)
    value[place] = codes
    return bool((value[place] == codes).all())


def prevalence(shares, rows, by="era", window=None, n=1000, level=0.95, seed=0):
    """Estimate what part of the weighted wording each topic accounts for, with intervals from resampled speeches.

    ``shares``, ``rows``: as in :func:`by_speech`. ``by`` (str or sequence): a column of ``rows``, or one label for each
    row. ``window``: for labels that are years: pool the speeches of so many years around each, an odd number. One
    speech a year has no interval of its own. ``n``, ``level``, ``seed``: as in :func:`manyvectors.inference.bootstrap`.

    Returns pandas.DataFrame: index (group, topic); ``estimate``, ``low``, ``high`` (shares, 0 to 1), ``documents``. A
    group of one speech has no interval (NaN). ValueError if ``by`` is neither a column nor of the right length, differs
    within a speech or is missing everywhere, or the window is not an odd number of years.

    The topics themselves are taken as given: doubt about them is another matter (:func:`recurrence`).
    """
    if isinstance(by, str):
        if by not in rows:
            raise ValueError(f"no column {by!r} in the rows; there are {', '.join(map(str, rows.columns))}")
        by = rows[by]
    if len(by) != len(rows) and not isinstance(by, pd.Series):
        raise ValueError(f"by has length {len(by)}, for {len(rows)} rows; give one label for each")
    labels = by.reindex(rows.index) if isinstance(by, pd.Series) else pd.Series(by, rows.index)
    if window is not None and (window < 1 or window % 2 != 1 or not pd.api.types.is_numeric_dtype(labels)):
        raise ValueError(f"a window is an odd number of years, for labels that are years; got {window}")
    speeches, _ = _added_up(shares, rows)
    several = labels.set_axis(speech_of(rows)).groupby(level=0, sort=False)
    if (several.nunique() > 1).any():
        raise ValueError("the segments of one speech have different labels; speeches are what is resampled")
    groups = several.first().reindex(speeches.index)
    if groups.isna().all():
        raise ValueError("no speech has a label")
    tokens = speeches["tokens"].to_numpy()[:, None]
    spoken = np.where(tokens > 0, speeches[shares.columns].to_numpy() * tokens, 0)  # without a word, no shares
    values = np.hstack([spoken, tokens])
    frames = {}
    for group in groups.dropna().sort_values().unique():  # eras in their own order
        near = (groups == group) if window is None else (groups - group).abs() <= window // 2
        chosen = values[near.to_numpy()]
        if len(chosen) > 1:
            middle, low, high, _ = bootstrap_sums(_mean_share, chosen, n, level, seed)
        else:
            middle = _mean_share(chosen.sum(axis=0))
            low = high = np.full(len(middle), np.nan)
        frames[group] = pd.DataFrame(
            {"estimate": middle, "low": low, "high": high, "documents": len(chosen)}, index=shares.columns
        )
    return pd.concat(frames, names=["group", "topic"])


def _mean_share(sums):
    return sums[..., :-1] / np.where(sums[..., -1:] > 0, sums[..., -1:], np.nan)


def prevalence_change(
    before, after, topic, other_before=None, other_after=None, control=None, n=2000, level=0.95, seed=0
):
    """Estimate by how much a topic's share differs between two sets of speeches.

    ``before``, ``after``: speeches as from :func:`by_speech`. ``topic``: column of the frames, or a list of several
    whose shares are added. ``other_before``, ``other_after``: speeches of others, whose change is taken off: a
    difference in differences. ``control``: a column such as ``"rank"``: compare only speeches alike in it, by least
    squares with one level for each of its values; not together with others. ``n``, ``level``, ``seed``: as in
    :func:`manyvectors.inference.bootstrap`; each set is resampled on its own.

    Returns manyvectors.inference.Estimate: in shares (0.05 is five parts in a hundred), speeches weighted by their
    tokens. ValueError if only one set of others is given, or both others and control; if a topic or the control is no
    column of the speeches; if the control is missing in a speech or has no value that both sets share.
    """
    sets = [_sums(part, topic) for part in pairs(before, after, other_before, other_after)]
    if control is None:
        return bootstrap_sums(ratio_change, sets, n, level, seed)
    if len(sets) > 2:
        raise ValueError("control and others cannot be combined here")
    for speeches in (before, after):
        _need_columns(speeches, [control])
    if before[control].isna().any() or after[control].isna().any():
        raise ValueError(f"some speeches have no {control}; leave them out first")
    common = set(before[control]) & set(after[control])
    if not common:
        raise ValueError(f"no {control} occurs both before and after; nothing can be compared")
    levels = sorted(set(before[control]) | set(after[control]))
    sets = [
        np.column_stack([part, *((frame[control] == name).to_numpy(float) for name in levels)])
        for part, frame in zip(sets, (before, after), strict=True)
    ]
    return bootstrap(_controlled_change, sets, n, level, seed)


def prevalence_change_p(before, after, topic, n=1999, seed=0):
    """Return the permutation p-value of :func:`prevalence_change`: could speeches be exchanged between the two sets?

    ``before``, ``after``, ``topic``: as in :func:`prevalence_change`. ``n``, ``seed``: as in
    :func:`manyvectors.inference.permutation_p`.
    """
    return permutation_p(of_sums(ratio_change), [_sums(part, topic) for part in (before, after)], n, seed)


def _sums(speeches, topic):
    """Return, for each speech, the tokens of the topic and all tokens."""
    topic = topic if isinstance(topic, list) else [topic]
    _need_columns(speeches, [*topic, "tokens"])
    tokens = speeches["tokens"]
    return np.column_stack([(speeches[topic].sum(axis=1) * tokens).where(tokens > 0, 0), tokens])


def _need_columns(speeches, names):
    if not isinstance(speeches, pd.DataFrame):
        raise ValueError(f"speeches must be a DataFrame as from by_speech(), got {type(speeches).__name__}")
    unknown = [name for name in names if name not in speeches]
    if unknown:
        there = ", ".join(map(str, speeches.columns))
        raise ValueError(f"no column {unknown[0]!r} in the speeches; there are {there}")


def _controlled_change(before, after):
    both = np.vstack([before, after])
    late = np.r_[np.zeros(len(before)), np.ones(len(after))]
    both, late = both[both[:, 1] > 0], late[both[:, 1] > 0]  # a speech without a word has no shares
    levels = both[:, 2:]
    levels = levels[:, levels.any(axis=0)]
    design = np.column_stack([late, levels])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return math.nan  # in this draw no level occurs on both sides
    root = np.sqrt(both[:, 1])
    return np.linalg.lstsq(design * root[:, None], both[:, 0] / both[:, 1] * root)[0][0]
