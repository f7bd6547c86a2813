"""Compare a dictionary with readers, and the readers with each other."""

import warnings

import numpy as np
import pandas as pd
import scipy  # loads scipy.stats, which takes half a second, when it is used

from ..alpha import alpha_interval
from ..resample import bootstrap_sums
from .entry import DictionaryError
from .sheets import fingerprint, read_codes, read_key

PRECISION = 0.7  # below, a category is called weak: three hits in ten mean something else
AGREEMENT = 0.667  # Krippendorff's floor for tentative conclusions [krippendorff2019]
FINAL = "adjudicated"  # the coder whose word is final


def validate(dictionary, sample, key, n=2000, level=0.95, seed=0, encoding=None):
    """Score filled sheets: see :meth:`Dictionary.validate`."""
    key, names = read_key(key, encoding)
    known = [name for name in names if name in dictionary.categories]
    if known != names or key["dictionary"].ne(fingerprint(dictionary, names)).any():
        raise DictionaryError(
            "the key is of another dictionary, or its entries have changed since; read the one it was drawn with, "
            "or draw a new sheet"
        )
    codes = read_codes(sample, key, names, encoding)
    rows = {}
    for name in names:
        ratings = np.array([codes[coder][name].to_numpy(float) for coder in codes])
        final = codes[FINAL][name].to_numpy(float) if FINAL in codes else np.full(len(key), np.nan)
        independent = ratings[[coder != FINAL for coder in codes]]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # sentences that nobody coded have no mean
            part = np.nanmean(independent, axis=0) if len(independent) else final
        ties = np.isnan(final) & (part == 0.5)
        verdict = np.where(np.isnan(final), np.where(ties, 0.5, np.round(part)), final)
        notes = []
        row = {
            "n": int((~np.isnan(verdict)).sum()),
            "coders": int((~np.isnan(independent)).any(axis=1).sum()),
            "uncoded": int(np.isnan(independent).sum()),
            "ties": int(ties.sum()),
        }
        row |= _accuracy(key, key[name].to_numpy(float), verdict, n, level, seed, notes)
        row |= _reliability(independent, key["stratum"].to_numpy(), n, level, seed, notes)
        rows[name] = row | {"note": "; ".join(notes), "mark": dictionary.fingerprint(name)}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("category")


def _accuracy(key, calls, verdict, n, level, seed, notes):
    """Return precision, recall and F1 with their intervals, by resampling sentences within strata."""
    known = ~np.isnan(verdict)
    strata, weight = key["stratum"].to_numpy(), key["weight"].to_numpy(float)
    groups, still = [], np.zeros((1, 3))
    for stratum in pd.unique(strata):
        here = strata == stratum
        coded = here & known
        if not coded.any():
            notes.append(f"no verdict in stratum {stratum}")
            continue
        # What is coded of a stratum stands for all of it.
        w = weight[coded] * here.sum() / coded.sum()
        hit, yes = calls[coded], verdict[coded]
        rows = np.column_stack([w * hit * yes, w * hit, w * yes])
        if len(rows) > 1:
            groups.append(rows)
        else:
            still = still + rows

    def scores(*sums):
        right, hits, yes = np.moveaxis(sum(sums) + still[0], -1, 0)
        return np.stack([right / hits, right / yes, 2 * right / (hits + yes)], axis=-1)

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        middle = scores(*(rows.sum(axis=0) for rows in groups)) if groups else scores(np.zeros(3))
        low, high = np.full((2, 3), np.nan)
        if groups:
            found = bootstrap_sums(scores, groups, n, level, seed)
            low, high = np.array(found.low), np.array(found.high)
    for i, of in enumerate((calls[known], verdict[known])):
        size = int(of.sum())
        if size and middle[i] in (0, 1):
            ends = scipy.stats.binomtest(round(middle[i] * size), size).proportion_ci(level, "wilson")
            low[i], high[i] = ends.low, ends.high
    if not calls[known].any():
        notes.append("no hit of the dictionary was coded: precision unknown")
    if not verdict[known].any():
        notes.append("readers found no case: recall unknown")
    row = {"hits": int(calls[known].sum())}
    for i, name in enumerate(("precision", "recall", "f1")):
        row |= {name: float(middle[i]), f"{name}_low": float(low[i]), f"{name}_high": float(high[i])}
    return row


def _reliability(ratings, strata, n, level, seed, notes):
    nothing = {"alpha": np.nan, "alpha_low": np.nan, "alpha_high": np.nan}
    coded = ratings[(~np.isnan(ratings)).any(axis=1)] if len(ratings) else ratings
    if len(coded) < 2:
        notes.append("fewer than two coders: alpha unknown")
        return nothing
    if ((~np.isnan(coded)).sum(axis=0) < 2).all():
        notes.append("no sentence was coded by two: alpha unknown")
        return nothing
    found = alpha_interval(coded, n=n, coverage=level, seed=seed, strata=strata)
    if np.isnan(found.estimate):
        notes.append("all codes alike: alpha unknown")
    return {"alpha": float(found.estimate), "alpha_low": float(found.low), "alpha_high": float(found.high)}
