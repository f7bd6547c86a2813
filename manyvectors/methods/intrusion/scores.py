"""The right answers to a sheet, and how well coders found them."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

from ..resample import Estimate, bootstrap
from .sheet import ABSENT, ID, LABEL, PRESENT, SHOWN, SheetError, checksum, model_checksum, option_names, plain


@dataclass(frozen=True, eq=False)
class Score:
    """How well coders found the intruders.

    ``kind``: "words" or "topics". ``sheet``: which model and sheet. ``coders``: tuple of str. ``items``, ``answered``:
    questions in the sheet; answers given, out of items times coders. ``precision`` (Estimate): part of the answers that
    are right, 0 to 1: within each item, then over the items that have an answer. ``chance``: what guessing would give.
    ``log_odds`` (Estimate, for topics): mean topic log odds, natural logarithm; 0 if every answer is right, else below.
    ``agreement``: of all pairs of answers to one item by two coders, the part that chose the same, right or wrong; NaN
    with one coder, or if no item has two answers.

    ``by_topic`` (pandas.DataFrame): ``topic`` (for topics: the segment's leading one), ``items`` (for topics only: with
    an answer), ``coded`` (answers), ``precision``, ``low``, ``high``, and for topics ``log_odds``; NaN where nobody
    answered. ``answers`` (pandas.DataFrame): one row for each answer: ``coder``, ``item``, ``topic``, ``intruder``,
    ``chosen`` (words, or numbers of topics), ``correct``, and for topics ``segment`` and ``log_odds``.
    """

    kind: str
    sheet: str
    coders: tuple
    items: int
    answered: int
    precision: Estimate
    chance: float
    log_odds: Estimate | None
    agreement: float
    by_topic: pd.DataFrame
    answers: pd.DataFrame

    @property
    def resampled(self):
        """What the overall intervals are from resampling: "items", or "items and coders"."""
        return "items and coders" if len(self.coders) > 1 else "items"

    def __str__(self):
        agreement = "unknown" if np.isnan(self.agreement) else f"{self.agreement:.2f}"
        lines = (
            f"{self.sheet}: {self.items} items, {len(self.coders)} coder(s) ({', '.join(self.coders)}), "
            f"{self.answered} of {self.items * len(self.coders)} answers given",
            f"  precision  {self.precision:.2f}, chance {self.chance:.2f}",
            *([f"  log odds   {self.log_odds:.2f}"] if self.log_odds is not None else []),
            f"  agreement  {agreement}",
            f"  intervals from resampling {self.resampled}",
        )
        return "\n".join(lines)


def key(model, sheet):
    """Find the right answers to a sheet.

    ``model`` (manyvectors.topics.TopicModel): the one that the sheet was made from. ``sheet`` (pandas.DataFrame): a
    sheet, or answers from :func:`read`.

    Returns pandas.DataFrame: index ``item``; ``topic`` (that the item is about; for segments the leading one),
    ``intruder`` (a word, or the number of a topic), ``position`` (of the intruder among the choices, from 1), for
    segments also ``segment`` and ``topic_1`` to ``topic_4`` (their numbers). SheetError if the sheet is not this
    model's, or has been changed.

    Found from what the sheet shows, without its seed: the word that is not among the topic's own, the topic that is not
    in the segment. It unblinds whoever looks at it.
    """
    prefix, options = option_names(sheet)
    sheet = sheet.drop_duplicates("item").sort_values("item")
    mark = ID.fullmatch(str(sheet["sheet"].iat[0])) if len(sheet) else None
    if mark is None:
        raise SheetError("the sheet is empty, or its column 'sheet' has been changed; take it as written")
    if mark[1] != model_checksum(model):
        raise SheetError(
            f"sheet {mark[0]} was not made from {model!r}; fit the model it was made from, with the same data, recipe, "
            "method, number of topics, seed and starts"
        )
    if mark[2] != checksum(sheet, options):
        raise SheetError(f"sheet {mark[0]}: items are missing, or something else than 'answer' has been changed")
    found = _word_key(model, sheet, options) if prefix == "word" else _topic_key(model, sheet, options)
    return found.set_index("item")


def _word_key(model, sheet, options):
    own = {frozenset(map(plain, terms)): topic for topic, terms in model.top_terms(n=len(options) - 1).T.items()}
    rows = []
    for item, *words in sheet[["item", *options]].itertuples(index=False):
        words = [plain(word) for word in words]
        # Left out one after the other; without the intruder, what remains is a topic's own.
        without = [frozenset(words[:i] + words[i + 1 :]) for i in range(len(words))]
        places = [i for i, rest in enumerate(without) if rest in own]
        if len(places) != 1:
            raise SheetError(f"item {item}: all words but one should lead a topic of this model, and do not")
        rows.append((item, own[without[places[0]]], words[places[0]], places[0] + 1))
    return pd.DataFrame(rows, columns=["item", "topic", "intruder", "position"])


def _topic_key(model, sheet, options):
    values, segments = model.shares_.to_numpy(), model.rows_.index.astype(str)
    places = {_label(terms): place for place, terms in enumerate(model.top_terms(n=LABEL).to_numpy())}
    numbers = model.shares_.columns
    rows = []
    for item, segment, *lists in sheet[["item", "segment", *options]].itertuples(index=False):
        row = segments.get_indexer([segment])[0]
        shown = np.array([places.get(_label(terms.split(",")), -1) for terms in lists])
        share = values[row, shown]
        fits = (share <= ABSENT).sum() == 1 and (share >= PRESENT).sum() == SHOWN
        if row < 0 or shown.min() < 0 or len(set(shown)) < len(shown) or not fits:
            raise SheetError(f"item {item}: {segment} should hold all topics but one by this model, and does not")
        place = int(share.argmin())
        leading = numbers[values[row].argmax()]
        rows.append((item, leading, numbers[shown[place]], place + 1, segment, *numbers[shown]))
    return pd.DataFrame(rows, columns=["item", "topic", "intruder", "position", "segment", *options])


def _label(terms):
    return frozenset(plain(term) for term in terms)


def score(answers, model, n=2000, level=0.95, seed=0):
    """Score coders' answers against the model that the sheet was made from.

    ``answers`` (pandas.DataFrame): from :func:`read`. ``model``: manyvectors.topics.TopicModel. ``n``, ``level``,
    ``seed``: as in :func:`manyvectors.inference.bootstrap`. Returns Score. SheetError if these are not answers as read,
    or the sheet is not this model's.

    Model precision and topic log odds are those of [chang2009]. The log odds of an answer are the log share of the
    intruder minus the log share of the topic chosen, in that segment. NMF shares can be exactly 0, which has no
    logarithm: half the model's smallest positive share is put in their place. Their size, unlike their order, depends
    on that floor.

    Overall intervals come from resampling items; with two or more coders from resampling both items and coders, each on
    its own [owen2007]. They are too narrow if two or three coders stand for many who differ in skill; with one coder
    they speak of that coder only. One item has no interval (NaN). If all answers are right, or none is, the interval of
    precision is Wilson's [wilson1927] for so many items, and that of the log odds is unknown (NaN).

    Intervals by topic are Wilson's: for words of a topic's one item, over coders; for topics over the items of a
    leading topic, whose coders are averaged first.

    A blank is missing, not wrong. Coders who leave blank what they do not know score too high: mind ``answered``.
    """
    if not {"coder", "answer"} <= set(answers) or str(answers["answer"].dtype) != "Int64":
        raise SheetError("these are not answers; write the sheet, have it filled in, and take what read() returns")
    prefix, options = option_names(answers)
    right = key(model, answers)
    given = answers[answers["answer"].notna()]
    known = right.loc[given["item"]]
    shown = (given if prefix == "word" else known)[options].to_numpy(object)
    place = given["answer"].to_numpy(int)
    columns = {
        "coder": given["coder"].to_numpy(),
        "item": given["item"].to_numpy(),
        "topic": known["topic"].to_numpy(),
        "intruder": known["intruder"].to_numpy(),
        "chosen": shown[np.arange(len(given)), place - 1],
        "correct": place == known["position"].to_numpy(),
    }
    if prefix == "topic":
        columns |= {"segment": known["segment"].to_numpy()}
    long = pd.DataFrame(columns).infer_objects()
    if prefix == "topic":
        long["log_odds"] = _log_odds(model.shares_, long)
    coders = tuple(answers["coder"].unique())
    return Score(
        kind=f"{prefix}s",
        sheet=answers["sheet"].iat[0],
        coders=coders,
        items=len(right),
        answered=len(long),
        precision=_overall(long, "correct", n, level, seed),
        chance=1 / len(options),
        log_odds=_overall(long, "log_odds", n, level, seed) if prefix == "topic" else None,
        agreement=_agreement(long),
        by_topic=_by_topic(long, right, prefix, level),
        answers=long,
    )


def _log_odds(shares, long):
    values = shares.to_numpy()
    floor = values[values > 0].min() / 2
    logs = np.log(np.maximum(values, floor))
    row = shares.index.astype(str).get_indexer(long["segment"])
    intruder, chosen = (shares.columns.get_indexer(long[name]) for name in ("intruder", "chosen"))
    return logs[row, intruder] - logs[row, chosen]


def _overall(long, column, n, level, seed):
    """Estimate the mean over items of the mean over coders."""
    values = long.pivot(index="item", columns="coder", values=column).to_numpy(float)
    items, coders = (np.arange(size) for size in values.shape)
    middle = _mean(values, items, coders)
    if len(items) < 2:
        return Estimate(middle, np.nan, np.nan, np.full(n, np.nan))
    if len(coders) > 1:
        found = bootstrap(lambda i, c: _mean(values, i, c), [items, coders], n, level, seed)
    else:
        found = bootstrap(lambda i: _mean(values, i, coders), [items], n, level, seed)
    if np.nanmin(values) < np.nanmax(values):
        return found
    low, high = map(float, _wilson(middle, len(items), level)) if column == "correct" else (np.nan, np.nan)
    return Estimate(middle, low, high, found.draws)


def _mean(values, items, coders):
    block = values[np.ix_(items, coders)]
    known = ~np.isnan(block)
    count = known.sum(axis=1)
    total = np.where(known, block, 0).sum(axis=1)
    return float((total[count > 0] / count[count > 0]).mean()) if count.any() else np.nan


def _wilson(p, n, level):
    """Return the ends of Wilson's interval [wilson1927] of proportions p of n; NaN of none."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    n = np.where(np.asarray(n) > 0, n, np.nan)
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    low, high = ((p + z**2 / (2 * n) + side * half) / (1 + z**2 / n) for side in (-1, 1))
    return np.maximum(low, 0), np.minimum(high, 1)


def _agreement(long):
    same = long.groupby(["item", "chosen"]).size()
    answers = long.groupby("item").size()
    pairs = (answers * (answers - 1)).sum()
    return float((same * (same - 1)).sum() / pairs) if pairs else np.nan


def _by_topic(long, right, prefix, level):
    measures = ["correct", "log_odds"] if prefix == "topic" else ["correct"]
    of_items = long.groupby("item")[measures].mean()
    by = of_items.groupby(right["topic"].reindex(of_items.index))
    topics = pd.Index(sorted(right["topic"].unique()), name="topic")
    means = by.mean().reindex(topics)
    items, coded = (sizes.reindex(topics, fill_value=0) for sizes in (by.size(), long.groupby("topic").size()))
    low, high = _wilson(means["correct"], items if prefix == "topic" else coded, level)
    table = pd.DataFrame({"items": items, "coded": coded, "precision": means["correct"], "low": low, "high": high})
    table = table.join(means["log_odds"]) if prefix == "topic" else table.drop(columns="items")
    return table.reset_index()
