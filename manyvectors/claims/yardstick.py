"""A doctrine whose texts are held: do the methods find in it what is known to be true, and how short may it be?

The controls are a table, written before a rate or a distance was looked at. What came of them, and how often each
method would have missed a change in shorter texts, is worked out here and shipped as tables.
"""

from fnmatch import fnmatchcase

import numpy as np
import pandas as pd
from scipy import sparse

from .. import corpus
from ..corpus.recipe import Recipe
from ..methods import breaks, distance, editions, effects, excerpts, keyness, novelty
from .evidence import Evidence

REGISTER = "yardstick"
CONTROLS, FOUND, POWER, MENDED = "controls", "yardstick-controls", "yardstick-power", "yardstick-mended"
# Words with a subject, in two of a thousand paragraphs: the recipe of the chapters on speeches, as far as it fits.
RECIPE = Recipe(drop="english", min_share=0.002)
EQUAL = 5000  # words drawn of each edition, less than half of the shortest
SMOOTH = 1e-4  # added to shares of words for novelty
WINDOW = 3  # editions on either side of a cut
LENGTHS = (500, 1000, 4000, EQUAL)  # and the median speech
TEXTS = 5  # on either side, as in the chapter on the speeches
KEPT_FROM, NEW_BELOW = 0.1, 0.05  # share of paragraphs that came back
LEVEL = 0.95


def paragraphs(c=None):
    """Return the counts of the yardstick's paragraphs: TermMatrix, all words. ``c``: Corpus."""
    return corpus.opened(c).terms(register=REGISTER, unit="segment")


def by_edition(m):
    """Return the paragraphs of each edition: dict, doc_id to TermMatrix, in order of time. ``m``: TermMatrix."""
    documents = m.rows["doc_id"].to_numpy()
    return {name: m.select(documents == name) for name in pd.unique(documents)}


def neighbours(c=None):
    """Return the pairs of neighbouring editions and whether they are of two presidents, as the controls say.

    ``c``: Corpus. Returns pandas.Series of bool: index ``old``, ``new``.
    """
    table = corpus.opened(c).table(CONTROLS)
    pairs = table[(table["kind"] == "pair") & table["expected"].isin(["apart", "near"])]
    pairs = pairs.sort_values("old")
    return pairs.set_index(["old", "new"])["expected"].eq("apart").rename("change")


def at_equal_length(m, pairs, words=EQUAL, n=100, seed=0):
    """Return how far neighbouring editions are apart when as many words are drawn of each.

    ``m`` (TermMatrix): paragraphs. ``pairs``: iterable of (old, new). ``words``, ``n``, ``seed``: as for
    :func:`manyvectors.compare.excerpts`. Returns pandas.DataFrame: draws x pairs, divergence in bits.
    """
    own = by_edition(m)
    drawn = [excerpts.excerpts(one, words, n, seed=seed + k).counts for k, one in enumerate(own.values())]
    first = {name: k * n + np.arange(n) for k, name in enumerate(own)}
    both = corpus.TermMatrix(pd.DataFrame(index=range(n * len(drawn))), m.vocabulary, sparse.vstack(drawn).tocsr())
    found = {(old, new): distance.divergences(both, first[old], first[new]) for old, new in pairs}
    return pd.DataFrame(found).rename_axis("draw").rename_axis(columns=["old", "new"])


def outcomes(c=None, n=999, seed=0):
    """Judge every control.

    ``c``: Corpus. ``n``: resamples of words' rates; a tenth of them draws of pairs. ``seed``: int.

    Returns pandas.DataFrame: index ``control``; ``estimate`` (bits, doublings of a rate, rank of a cut, share of
    paragraphs), ``low``, ``high`` where there is an interval, ``bar`` that it is held against, ``found`` (bool), and
    ``found_all``: the same with all words instead of those with a subject, where that is a choice.
    """
    c = corpus.opened(c)
    table = c.table(CONTROLS).set_index("control")
    m = paragraphs(c)
    change = neighbours(c)
    rows = {}
    for name, counts in (("found", RECIPE.apply(m)), ("found_all", m)):
        found = _series(table, counts, change, max(n // 10, 10), seed)
        if name == "found":
            rows = found
        else:
            for control, row in found.items():
                rows[control]["found_all"] = row["found"]
    rows |= {k: _word(row, m, n, seed) for k, row in table[table["kind"] == "word"].iterrows()}
    rows |= {k: _came_back(row, m) for k, row in table[table["kind"] == "paragraphs"].iterrows()}
    found = pd.DataFrame.from_dict(rows, orient="index").rename_axis("control").sort_index()
    found["found_all"] = found["found_all"].where(found["found_all"].notna(), found["found"])
    found = found.astype({"found": bool, "found_all": bool})
    return found.reindex(columns=["estimate", "low", "high", "bar", "found", "found_all"]).round(4)


def _series(table, counts, change, n, seed):
    """The controls on pairs, cuts and novelty, over one vocabulary."""
    apart = at_equal_length(counts, change.index, n=n, seed=seed)
    near = apart.loc[:, ~change.to_numpy()]
    middle, medians = near.median(axis=1), apart.median()
    least = medians[change.to_numpy()].min()
    whole = counts.by_document()
    names = list(whole.rows.index)
    cuts = breaks.placebo_breaks(distance.distances(whole), np.arange(len(names)), WINDOW, n=0)["excess"]
    ranks = cuts.rank(ascending=False).rename(index=dict(enumerate(names)))
    shares = pd.DataFrame(whole.counts.toarray(), index=names)
    new = novelty.novelty(shares.div(shares.sum(axis=1), axis=0), 1, SMOOTH)["novelty"]
    rows = {}
    for control, row in table.iterrows():
        if row["kind"] == "pair":
            pair = row["old"], row["new"]
            low, high = apart[pair].quantile([0.05, 0.95])
            found = {
                "apart": (middle.median(), (apart[pair] - middle).quantile(0.05) > 0),
                "near": (least, medians[pair] < least),
                "farthest": (medians.drop(pair).max(), medians.idxmax() == pair),
            }[row["expected"]]
            rows[control] = {"estimate": medians[pair], "low": low, "high": high, "bar": found[0], "found": found[1]}
        elif row["kind"] == "cut":
            rank = ranks[row["new"]]
            rows[control] = {"estimate": rank, "bar": 3, "found": (rank <= 3) == (row["expected"] == "break")}
        elif row["kind"] == "novelty":
            is_new = new[row["new"]] > new.median()
            said = row["expected"] == "novel"
            rows[control] = {"estimate": new[row["new"]], "bar": new.median(), "found": is_new == said}
    return rows


def columns(m, term):
    """Return which columns a word with ``*`` stands for: numpy.ndarray of positions. ``m``: TermMatrix."""
    return np.array([i for i, word in enumerate(m.vocabulary) if fnmatchcase(word, term)], int)


def _of_word(m, term):
    """Occurrences of a word in each row, as a matrix of one term with the rows' whole lengths."""
    counts = sparse.csr_matrix(m.counts[:, columns(m, term)].sum(axis=1))
    rows = m.rows[["tokens"]].reset_index(drop=True)
    return corpus.TermMatrix(rows, pd.Index([term]), counts)


def _side_by_side(one, other):
    rows = pd.concat([one.rows, other.rows], ignore_index=True)
    counts = sparse.vstack([one.counts, other.counts]).tocsr()
    return corpus.TermMatrix(rows, one.vocabulary, counts), np.repeat([0, 1], [len(one.rows), len(other.rows)])


def _word(row, m, n, seed):
    own = by_edition(m)
    both, groups = _side_by_side(*(_of_word(own[row[end]], row["term"]) for end in ("old", "new")))
    one = keyness.keyness(both, groups, effect="log_ratio", n=n, seed=seed).iloc[0]
    found = {"rises": one["low"] > 0, "falls": one["high"] < 0, "holds": abs(one["effect"]) < 1}[row["expected"]]
    bar = 1.0 if row["expected"] == "holds" else 0.0
    return {"estimate": one["effect"], "low": one["low"], "high": one["high"], "bar": bar, "found": found}


def _statuses(row, m):
    own = by_edition(m)
    table = editions.editions(own[row["old"]], own[row["new"]]).dropna(subset="new").sort_values("new")
    return table["status"].isin(["kept", "changed"]).to_numpy(), own[row["new"]]


def _as_expected(share, expected):
    return share >= KEPT_FROM if expected == "kept" else share < NEW_BELOW


def _came_back(row, m):
    share = _statuses(row, m)[0].mean()
    bar = KEPT_FROM if row["expected"] == "kept" else NEW_BELOW
    return {"estimate": share, "bar": bar, "found": _as_expected(share, row["expected"])}


def alike(bodies, c=None):
    """Say how many paragraphs :func:`manyvectors.compare.editions` judges alike by counts and by the text.

    ``bodies`` (mapping): doc_id to its paragraphs as texts. ``c``: Corpus. Returns pandas.DataFrame: index ``doc_id``;
    ``paragraphs`` of the edition, ``alike``, those with the same status against the edition before (missing for the
    first).
    """
    own = by_edition(paragraphs(c))
    rows = {name: {"paragraphs": len(one.rows)} for name, one in own.items()}
    for old, new in neighbours(c).index:
        pairs = [
            editions.editions(kind[old], kind[new]).dropna(subset="new").set_index("new") for kind in (bodies, own)
        ]
        rows[new]["alike"] = int((pairs[0]["status"] == pairs[1]["status"]).sum())
    return pd.DataFrame.from_dict(rows, orient="index").astype("Int64").rename_axis("doc_id")


def powers(c=None, n=200, seed=0):
    """Work out how often each method would have seen a change, or cried wolf, in texts of some length.

    ``c``: Corpus. ``n``: draws; half of them where five texts are drawn on each side. ``seed``: int.

    Returns pandas.DataFrame: ``method``; ``old``, ``new`` (the same edition twice: its paragraphs in turn, so that
    nothing changed; the state, for its speeches before and after the year in ``term``); ``term``; ``words`` in each
    short text; ``texts`` on each side; ``excess`` in bits, ``low`` and ``high``, between which nine draws in ten lie;
    ``seen``, share of draws in which the method says that something changed (paragraphs: in which it says what the
    control does); ``stands_out``, share in which the excess is above 19 in 20 of all draws from pairs of editions of
    one president.
    """
    c = corpus.opened(c)
    m = paragraphs(c)
    subjects = RECIPE.apply(m)
    speech = speech_length(c)
    change = neighbours(c)
    rows = _distances(subjects, change, speech, n, seed)
    rows += _speeches(c, seed)
    rows += _novelties(subjects, change, speech, n, seed) + _words_at_all(subjects, change, speech, n, seed)
    controls = c.table(CONTROLS)
    rows += _words_of(controls, m, speech, n, seed) + _paragraphs_of(controls, m, speech, n, seed)
    return pd.DataFrame(rows).round(4)


def speech_length(c=None):
    """Return the length of the focus state's median speech in tokens: int. ``c``: Corpus."""
    c = corpus.opened(c)
    speeches = c.documents[(c.documents["register"] == "rostrum") & (c.documents["state"] == c.study.focus)]
    return int(speeches["tokens"].median())


def of_kind(c=None):
    """Return the table of power with whose editions each row draws from: pandas.DataFrame, as of :func:`powers`.

    ``c``: Corpus. ``of`` is "two presidents", "one president" or "one edition"; missing for other pairs and for
    speeches.
    """
    c = corpus.opened(c)
    change, power = neighbours(c), c.table(POWER)
    kinds = {pair: "two presidents" if new else "one president" for pair, new in change.items()}
    kinds |= {(name, name): "one edition" for name in {name for pair in change.index for name in pair}}
    return power.assign(of=[kinds.get(pair) for pair in zip(power["old"], power["new"], strict=True)])


def _distances(m, change, speech, n, seed):
    own, rows = by_edition(m), []
    lengths = sorted({*LENGTHS, speech})
    same = {(name, name): (half(one, 0), half(one, 1)) for name, one in own.items()}
    sides = {(old, new): (own[old], own[new]) for old, new in change.index} | same
    for parts, draws in ((1, n), (TEXTS, n // 2)):
        for words in lengths if parts == 1 else [length for length in lengths if length <= speech]:
            found = {}
            for k, (pair, two) in enumerate(sides.items()):
                if min(side.rows["tokens"].sum() for side in two) >= words * max(parts, 2):
                    deals = 252 if parts > 1 else 0
                    found[pair] = excerpts.told_apart(*two, words, parts, draws, deals, seed + k)
            still = [found[pair]["excess"] for pair in change.index[~change.to_numpy()] if pair in found]
            bar = np.quantile(np.concatenate(still), LEVEL)
            rows += [_distance_row(pair, words, parts, one, bar) for pair, one in found.items()]
    return rows


def _speeches(c, seed):
    """The focus state's speeches: the five years before each cut against the five after."""
    m = Evidence(c).of_state(c.study.focus)
    cuts = breaks.placebo_breaks(distance.distances(m), m.rows["year"], TEXTS, n=252, level=0.9, seed=seed)
    row = {"method": "speeches", "old": c.study.focus, "new": c.study.focus, "words": speech_length(c), "texts": TEXTS}
    return [
        row
        | {"term": str(year), "excess": one.excess, "low": one.low, "high": one.high, "seen": float(one.p < 1 - LEVEL)}
        for year, one in cuts.iterrows()
    ]


def half(m, which):
    """Return every other paragraph of an edition, from the first or the second on. ``m``: TermMatrix."""
    return m.select(np.arange(len(m.rows)) % 2 == which)


def _distance_row(pair, words, parts, found, bar):
    if parts == 1:
        seen = found["between"] > np.quantile(found[["within_old", "within_new"]], LEVEL)
    else:
        seen = found["p"] < 1 - LEVEL
    low, middle, high = found["excess"].quantile([0.05, 0.5, 0.95])
    row = {"method": "distance", "old": pair[0], "new": pair[1], "term": "", "words": words, "texts": parts}
    row |= {"excess": middle, "low": low, "high": high, "seen": seen.mean()}
    return row | {"stands_out": (found["excess"] > bar).mean()}


def _drawn(m, pair, words, n, seed):
    own = by_edition(m)
    return [excerpts.excerpts(own[name], words, n, TEXTS, 2 * seed + k) for k, name in enumerate(pair)]


def _novelties(m, change, speech, n, seed):
    """The first text of the new after four of the old, against a fifth of the old in its place."""
    rows = []
    for k, pair in enumerate(change.index):
        shares = [_shares(one).reshape(n, TEXTS, -1) for one in _drawn(m, pair, speech, n, seed + k)]
        values = []
        for which in shares:
            series = np.concatenate([shares[0][:, 1:], which[:, :1], shares[1][:, 1:]], axis=1)
            values.append([novelty.novelty(one, TEXTS - 1, SMOOTH)["novelty"][TEXTS - 1] for one in series])
        seen = (np.array(values[1]) > np.quantile(values[0], LEVEL)).mean()
        rows.append(
            {"method": "novelty", "old": pair[0], "new": pair[1], "term": "", "words": speech, "texts": TEXTS - 1}
        )
        rows[-1]["seen"] = seen
    return rows


def _shares(m):
    counts = m.counts.toarray().astype(float)
    return counts / counts.sum(axis=1, keepdims=True)


def _words_at_all(m, change, speech, n, seed):
    """Does any single word pass once all are counted, by the test of the chapter on words?"""
    rows, draws = [], n // 4
    for k, pair in enumerate(change.index):
        drawn = _drawn(m, pair, speech, draws, seed + k)
        passed = [
            _fewest(*(one.select(one.rows["draw"] == d) for one in drawn), seed) < 1 - LEVEL for d in range(draws)
        ]
        row = {"method": "any word", "old": pair[0], "new": pair[1], "term": "", "words": speech, "texts": TEXTS}
        rows.append(row | {"seen": np.mean(passed)})
    return rows


def _fewest(one, other, seed):
    both, groups = _side_by_side(one, other)
    return keyness.keyness(both, groups, n=252, seed=seed, least=3)["p_max"].min()


def _words_of(controls, m, speech, n, seed):
    """Words that are known to rise or fall: five texts against five, resampled; one against one, by their counts."""
    rows, draws = [], n // 2
    known = controls[(controls["kind"] == "word") & controls["expected"].isin(["rises", "falls"])]
    for k, control in enumerate(known.itertuples()):
        sign = 1 if control.expected == "rises" else -1
        drawn = [_of_draws(one, control.term) for one in _drawn(m, (control.old, control.new), speech, draws, seed + k)]
        several, single = [], []
        for d in range(draws):
            both, groups = _side_by_side(*(one.select(one.rows["draw"] == d) for one in drawn))
            try:
                one = keyness.keyness(both, groups, effect="log_ratio", n=200, seed=seed).iloc[0]
                several.append(one["low"] > 0 if sign > 0 else one["high"] < 0)
            except ValueError:  # no text of the ten has the word
                several.append(False)
            y_old, y_new = (one.counts[d * TEXTS, 0] for one in drawn)
            n_old, n_new = (one.rows["tokens"].iloc[d * TEXTS] for one in drawn)
            z = effects.log_odds([y_new, n_new - y_new], [y_old, n_old - y_old], 0.5)[0]
            single.append(sign * z > 1.96)
        row = {"old": control.old, "new": control.new, "term": control.term, "words": speech}
        rows += [row | {"method": "keyness", "texts": TEXTS, "seen": np.mean(several)}]
        rows += [row | {"method": "log-odds", "texts": 1, "seen": np.mean(single)}]
    return rows


def _of_draws(m, term):
    one = _of_word(m, term)
    return corpus.TermMatrix(m.rows.reset_index(drop=True), one.vocabulary, one.counts)


def _paragraphs_of(controls, m, speech, n, seed):
    """As many paragraphs of the new edition as a speech is long, looked for in the whole of the old."""
    rows = []
    for k, control in enumerate(controls[controls["kind"] == "paragraphs"].itertuples()):
        back, new = _statuses(control._asdict() | {"old": control.old, "new": control.new}, m)
        table = pd.DataFrame({"back": back, "all": True}).astype(int)
        table = corpus.TermMatrix(new.rows[["tokens"]], table.columns, sparse.csr_matrix(table.to_numpy()))
        drawn = excerpts.excerpts(table, speech, n, seed=seed + k)
        shares = (drawn["back"] / drawn["all"]).to_numpy()
        row = {"method": "paragraphs", "old": control.old, "new": control.new, "term": "", "words": speech, "texts": 1}
        rows.append(row | {"seen": _as_expected(shares, control.expected).mean()})
    return rows
