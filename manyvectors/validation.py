"""Do readers see what the model sees? Intrusion tests: sheets for coders out, answers in, scores with intervals out.

A stranger is put among the leading terms of a topic, or among the topics of a passage. Somebody who does not know
which one it is has to find it [chang2009]. Finding it shows that a topic hangs together for readers. It does not show
that its name is right or that it measures what it is used for; that needs tests of other kinds [ying2022].

A score needs people: the book ships sheets, never answers. At least two coders, each alone with a copy, should fill in
the column ``answer``, without having seen the model.

>>> from manyvectors import corpus, topics, validation
>>> model = topics.TopicModel(14, starts=3).fit(corpus.load().terms(state="KAZ", unit="segment"))
>>> sheet = validation.word_intrusion(model)
>>> sheet.shape
(14, 10)

Then ``validation.write(sheet, "words.csv")``; and, once copies have come back from two coders,
``print(validation.score(validation.read(["aru.csv", "bek.csv"]), model))``.
"""

import csv
import io
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfTransformer

from . import inference
from .common import short_hash, whole_number
from .topics import TOP, fold_plural

__all__ = ["Score", "SheetError", "key", "read", "score", "topic_intrusion", "word_intrusion", "write"]

FAR = 50  # an intruding word is not among so many leading terms
SHOWN = 3  # topics of a segment that are shown beside the intruder
PRESENT = 0.05  # a topic is shown as a segment's own from this share on: less of it could hardly be seen
ABSENT = 0.01  # and intrudes only up to this one
LABEL = 8  # leading terms that stand for a topic
CHARACTERISTIC = 20  # terms that stand for a passage

_NUMBER = re.compile(r"(\d{1,9})(?:[.,]0+)?")  # spreadsheets turn 3 into 3.0
_ID = re.compile(r"(?:words|topics)-([0-9a-f]{8})-([0-9a-f]{8})")


class SheetError(ValueError):
    """A sheet cannot be made, read, written or scored."""


# --- Sheets -----------------------------------------------------------------------------------------------------------


def word_intrusion(model, n_terms=5, seed=0):
    """Make a sheet that asks, for every topic, which word does not belong.

    Parameters
    ----------
    model : manyvectors.topics.TopicModel
        Fitted.
    n_terms : int
        Leading terms shown of each topic, at least 2.
    seed : int
        Of the intruders and of all orders.

    Returns
    -------
    pandas.DataFrame
        One row for each topic, in random order: ``item`` (from 1), ``question``, ``word_1`` to ``word_6`` (the leading
        terms by weight and the intruder, in random order; one more than ``n_terms``), ``answer`` (empty), ``sheet``
        (which model and which sheet this is; see Notes).

    Raises
    ------
    SheetError
        If the vocabulary is too small for so many terms, two topics have the same leading terms, or a topic has no
        possible intruder.

    Notes
    -----
    As in [chang2009], an intruder is drawn from terms that are low in the topic and high in another. Low: outside the
    leading 50 (or the leading half of a small vocabulary), with a weight not above the median of the topic's weights,
    which in NMF is often 0. High: among the leading ten of another topic (the leading twenty if no other is left;
    both grow with more than five terms). Terms shown as any topic's own are not drawn, or a word that appears twice in
    the sheet would give itself away in one of its rows; each intruder is used once as long as there are enough; and it
    is not the singular or plural of a shown term. What a sly coder can still use: a word that leads several topics is
    seen in several rows, and is no intruder.

    ``sheet`` holds two checksums. The first is of the model (recipe, method, number of topics, seed, starts, leading
    terms), the second of the questions. Neither gives an answer away; :func:`key` finds the answers from the model.
    """
    n_terms = whole_number("n_terms", n_terms, 2, SheetError)
    weights, size = model.weights.to_numpy(), len(model.vocabulary)
    far = min(FAR, size // 2)
    near = min(max(TOP, 2 * n_terms), far)
    if 2 * n_terms > far:
        raise SheetError(
            f"n_terms must be at most {far // 2} with {size:,} terms, got {n_terms}: the ranks after those shown "
            "are where intruders come from"
        )
    own = _own_terms(model, n_terms)
    rank = np.argsort(np.argsort(-weights, axis=1, kind="stable"), axis=1)
    best = np.where(weights > 0, rank, size).min(axis=0)
    hidden = np.flatnonzero((best >= n_terms) & (best < min(2 * near, far)))
    names = model.vocabulary.to_numpy(object)
    rng = np.random.default_rng(seed)
    rows, used = [], set()
    for place in rng.permutation(len(weights)):
        low = (rank[place] >= far) & (weights[place] <= np.median(weights[place]))
        stems = {fold_plural(term) for term in own[place]}
        pool = [i for i in hidden if low[i] and fold_plural(names[i]) not in stems]
        if not pool:
            raise SheetError(
                f"topic {model.weights.index[place]}: no term is low in it and high in another topic, "
                "so nothing can intrude; try another n_terms, or a model with more topics or terms"
            )
        fresh = [i for i in pool if i not in used]
        intruder = rng.choice([i for i in fresh if best[i] < near] or fresh or pool)
        used.add(intruder)
        rows.append(rng.permutation([*own[place], names[intruder]]))
    options = [f"word_{i}" for i in range(1, n_terms + 2)]
    sheet = pd.DataFrame(rows, columns=options, dtype=str)
    sheet.insert(0, "item", range(1, len(sheet) + 1))
    sheet.insert(
        1,
        "question",
        f"Write under 'answer' the one word, or its number from 1 to {len(options)}, that does not belong with the "
        "others; if unsure, guess.",
    )
    return _signed(sheet, model)


def topic_intrusion(model, n_items=30, seed=0, passages=None):
    """Make a sheet that asks, for some segments, which topic does not belong.

    Parameters
    ----------
    model : manyvectors.topics.TopicModel
        Fitted on segments, four topics or more.
    n_items : int
        Number of segments.
    seed : int
        Of the segments, the intruders and all orders.
    passages : manyvectors.corpus.Corpus, optional
        With texts attached: coders read the passages. Such a sheet holds texts of others and must not be published.

    Returns
    -------
    pandas.DataFrame
        ``item`` (from 1), ``question``, ``segment`` (row of the model), ``text`` (the passage, or else its 20 most
        characteristic terms by tf-idf, in alphabetical order), ``topic_1`` to ``topic_4`` (eight leading terms each),
        ``answer`` (empty), ``sheet`` (as in :func:`word_intrusion`).

    Raises
    ------
    SheetError
        For fewer than four topics, two topics with the same leading terms, or more items than suitable segments.
    manyvectors.corpus.DataError
        If ``passages`` has no texts.

    Notes
    -----
    As in [chang2009], three topics are those with the largest shares in the segment, and the intruder is drawn from
    those with nearly none: at least 5 % for each of the three, at most 1 % for the intruder. Segments on one or two
    subjects only cannot be asked about, nor those without shares. Of the others, every leading topic gets as equal a
    number of items as possible, so that a score is an average over topics rather than over segments.

    Without passages this is another test, and a weaker one: terms can be matched with terms, nothing read. Its scores
    cannot be compared with those of passages.
    """
    n_items = whole_number("n_items", n_items, 1, SheetError)
    shares = model.shares.dropna().sort_index()  # the same sheet in whatever order the rows came
    if shares.shape[1] <= SHOWN:
        raise SheetError(f"topic intrusion needs at least {SHOWN + 1} topics, this model has {shares.shape[1]}")
    labels = [", ".join(terms) for terms in _own_terms(model, LABEL)]
    values = shares.to_numpy()
    suitable = ((values >= PRESENT).sum(axis=1) >= SHOWN) & (values <= ABSENT).any(axis=1)
    if n_items > suitable.sum():
        raise SheetError(
            f"{n_items} items asked of {int(suitable.sum())} suitable segments: {SHOWN} topics of {PRESENT:.0%} or "
            f"more, and one of {ABSENT:.0%} or less; ask for fewer, or use another model"
        )
    rng = np.random.default_rng(seed)
    mixed = rng.permutation(np.flatnonzero(suitable))
    # Rounds in which every leading topic deals one of its segments.
    turn = pd.Series(values[mixed].argmax(axis=1)).pipe(lambda leading: leading.groupby(leading).cumcount())
    chosen = rng.permutation(mixed[np.argsort(turn.to_numpy(), kind="stable")[:n_items]])
    rows = []
    for place in chosen:
        own = np.argsort(-values[place], kind="stable")[:SHOWN]
        intruder = rng.choice(np.flatnonzero(values[place] <= ABSENT))
        rows.append([labels[topic] for topic in rng.permutation([*own, intruder])])
    options = [f"topic_{i}" for i in range(1, SHOWN + 2)]
    sheet = pd.DataFrame(rows, columns=options, dtype=str)
    segments = shares.index[chosen]
    shown = "these words, which stand out in one passage of a speech" if passages is None else "the passage"
    sheet.insert(0, "item", range(1, n_items + 1))
    sheet.insert(
        1,
        "question",
        f"Read {shown}, and write under 'answer' the number, from 1 to {len(options)}, of the word list that has "
        "least to do with it; if unsure, guess.",
    )
    sheet.insert(2, "segment", segments.astype(str))
    if passages is None:
        sheet.insert(3, "text", _characteristic(model, segments))
    else:
        sheet.insert(3, "text", [" ".join(passages.passage(segment).split()) for segment in segments])
    return _signed(sheet, model)


def _characteristic(model, segments):
    """Return the terms that tell segments from the others, as strings; the topics have no say in it."""
    tfidf = TfidfTransformer(sublinear_tf=True).fit_transform(model.counts.counts)
    found = []
    for place in model.rows.index.get_indexer(segments):
        row = tfidf[[place]]
        best = row.indices[np.lexsort((row.indices, -row.data))[:CHARACTERISTIC]]
        found.append(", ".join(sorted(model.vocabulary[best])))
    return found


def _own_terms(model, n):
    """Return the n leading terms of every topic, shape (topics, n), each topic told from the others by them."""
    if n > len(model.vocabulary):
        raise SheetError(f"a topic is shown by {n} terms, but the model knows only {len(model.vocabulary)}")
    own = model.top_terms(n=n)
    known = {}
    for topic, terms in own.T.items():
        twin = known.setdefault(frozenset(terms), topic)
        if twin != topic:
            raise SheetError(f"topics {twin} and {topic} have the same {n} leading terms; nobody can tell them apart")
    return own.to_numpy(object)


def _signed(sheet, model):
    """Add the empty answers, and the checksums of model and questions."""
    sheet["answer"] = sheet["sheet"] = ""
    prefix, options = _options(sheet)
    sheet["sheet"] = f"{prefix}s-{_mark(model)}-{_content(sheet, options)}"
    return sheet


def _mark(model):
    # Sets of terms, not ranks: another machine's arithmetic may swap two terms that weigh nearly the same.
    leading = model.top_terms(n=min(TOP, len(model.vocabulary))).to_numpy().tolist()
    facts = [model.used_recipe.digest, model.method, *(int(v) for v in (model.n_topics, model.seed, model.starts))]
    return short_hash([facts, [sorted(terms) for terms in leading]])


def _content(sheet, options):
    """Return a checksum of the questions in the order of their numbers; ``text``, which is long, is left out."""
    columns = [name for name in ("question", "segment", *options) if name in sheet]
    rows = sheet[["item", *columns]].itertuples(index=False, name=None)
    return short_hash(sorted([int(row[0]), *(_plain(cell) for cell in row[1:])] for row in rows))


def _plain(cell):
    return " ".join(str(cell).split()).lower()


# --- Files ------------------------------------------------------------------------------------------------------------


def write(sheet, path, overwrite=False):
    """Write a sheet as CSV: whole, or not at all.

    Parameters
    ----------
    sheet : pandas.DataFrame
        From :func:`word_intrusion` or :func:`topic_intrusion`.
    path : path-like
    overwrite : bool
        Replace whatever file is there. By default only a sheet without answers is replaced.

    Raises
    ------
    SheetError
        If it is not a sheet, if a file is there that holds answers or is no sheet, or if nothing can be written there.

    Notes
    -----
    UTF-8 with a byte-order mark, without which spreadsheet programs take typographic quotes for something else.
    """
    path = Path(path)
    _options(sheet, "what is to be written")
    if path.exists() and not overwrite:
        try:
            there = _load(path)
            _options(there, path)
        except SheetError:
            raise SheetError(
                f"{path} exists and is not a sheet; choose another name, or replace it with overwrite=True"
            ) from None
        answered = int(there["answer"].ne("").sum())
        if answered:
            raise SheetError(
                f"{path} holds {answered} answer(s); choose another name, or lose them with overwrite=True"
            )
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".sheet-") as made:
            new = Path(made) / "sheet.csv"
            sheet.to_csv(new, index=False, lineterminator="\n", encoding="utf-8-sig")
            new.replace(path)
    except OSError as error:
        raise SheetError(f"cannot write {path} ({error.strerror or error}); choose another folder or name") from None


def read(paths):
    """Read the filled sheets of one or several coders.

    Parameters
    ----------
    paths : path-like or sequence of path-like
        CSV files, all of one sheet. A file is one coder's, who is named after it, unless a column ``coder`` says
        otherwise; with several names in that column it holds one sheet for each.

    Returns
    -------
    pandas.DataFrame
        ``coder`` and the columns of the sheet, one row for each coder and item. ``answer`` is the number of the word
        or topic (Int64), missing where the coder left a blank. Columns that a coder added are left out.

    Raises
    ------
    SheetError
        With the name of the file: if it cannot be read, lacks columns, asks other questions than those written, holds
        an answer that is none of the choices or no answer at all; if two files are of different sheets or have one
        coder.

    Notes
    -----
    What spreadsheet programs do is accepted: a byte-order mark, semicolons or tabs between cells, line ends of any
    kind, other capitals, blank rows at the end. An answer may be the number, the word, or the name of its column.
    """
    paths = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    if not paths:
        raise SheetError("no sheets to read; give the path of at least one filled sheet")
    parts, sheets, names = [], {}, {}
    for path in map(Path, paths):
        for part in _by_coder(_load(path), path):
            coder, sheet = part.loc[0, ["coder", "sheet"]]
            if coder in names:
                raise SheetError(
                    f"{path}: coder {coder!r} has been read already, from {names[coder]}; rename the file, or add a "
                    "column 'coder'"
                )
            names[coder] = sheets[sheet] = path
            parts.append(part)
    if len(sheets) > 1:
        what = "; ".join(f"{path} is of {sheet}" for sheet, path in sheets.items())
        raise SheetError(f"these files are of different sheets and must be scored apart: {what}")
    return pd.concat(parts, ignore_index=True)


def _load(path):
    """Return the cells of a CSV file as text, columns named in lower case."""
    try:
        text = path.read_bytes().decode("utf-8-sig").strip()
    except FileNotFoundError:
        raise SheetError(f"no file {path}; give the path of a filled sheet") from None
    except UnicodeDecodeError:
        raise SheetError(f"{path} is not text in UTF-8; save it again from the spreadsheet as 'CSV UTF-8'") from None
    except OSError as error:
        raise SheetError(f"{path} cannot be read ({error.strerror}); give the path of a filled sheet") from None
    if not text:
        raise SheetError(f"{path} is empty; save the filled sheet again")
    separator = max(",;\t", key=text.splitlines()[0].count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise SheetError(f"{path} is damaged ({error}); save the filled sheet again as CSV") from None
    head, *rows = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    head = [name.lower() for name in head]
    twice = sorted({name for name in head if name and head.count(name) > 1})
    if twice:
        raise SheetError(f"{path} has more than one column {', '.join(map(repr, twice))}; leave one of each")
    for number, row in enumerate(rows, start=1):
        stray = [cell for i, cell in enumerate(row) if cell and (i >= len(head) or not head[i])]
        if stray:
            raise SheetError(f"{path}, row {number}: {stray[0]!r} stands in a column without a name; move or delete it")
    filled = [(row + [""] * len(head))[: len(head)] for row in rows]
    return pd.DataFrame(filled, columns=head, dtype=str)[[name for name in head if name]]


def _options(sheet, where="the sheet"):
    """Return "word" or "topic" and the names of the columns to choose among, or say which columns are missing."""
    for prefix in ("word", "topic"):
        count = sum(re.fullmatch(rf"{prefix}_\d+", str(name)) is not None for name in sheet)
        if count:
            break
    else:
        raise SheetError(f"{where} is not a sheet of this kit: it has no columns word_1, ... or topic_1, ...")
    options = [f"{prefix}_{i}" for i in range(1, max(count, SHOWN if prefix == "word" else SHOWN + 1) + 1)]
    about = ["item", "question", *(["segment", "text"] if prefix == "topic" else []), *options, "answer", "sheet"]
    missing = [name for name in about if name not in sheet]
    if missing:
        raise SheetError(f"{where} lacks the column(s) {', '.join(missing)}; put them back from the sheet as written")
    return prefix, options


def _by_coder(frame, path):
    """Check a loaded file and return one table for each coder in it."""
    _, options = _options(frame, path)
    again = "copy the answers into a fresh copy of the sheet"
    if frame.empty:
        raise SheetError(f"{path} has no items; {again}")
    numbers = [_NUMBER.fullmatch(cell) for cell in frame["item"]]
    if None in numbers:
        raise SheetError(f"{path}: {frame['item'][numbers.index(None)]!r} is not the number of an item; {again}")
    frame["item"] = [int(number[1]) for number in numbers]
    frame["coder"] = _coders(frame, path)
    frame["sheet"] = frame["sheet"].str.lower()
    parts = []
    for coder, part in frame.groupby("coder", sort=False):
        who = str(path) if frame["coder"].nunique() == 1 else f"{path}, coder {coder!r}"
        part = part.reset_index(drop=True)
        if part["item"].duplicated().any():
            raise SheetError(f"{who}: item {part['item'][part['item'].duplicated()].iat[0]} is there twice; {again}")
        sheet = _ID.fullmatch(part.at[0, "sheet"])
        if sheet is None or part["sheet"].nunique() > 1:
            raise SheetError(f"{who}: the column 'sheet' has been changed; {again}")
        if sheet[2] != _content(part, options):
            raise SheetError(f"{who}: items are missing, or something else than 'answer' has been changed; {again}")
        part[options] = part[options].map(_plain)
        part["answer"] = pd.array(
            [_meant(row["answer"], row[options].tolist(), f"{who}, item {row['item']}") for _, row in part.iterrows()],
            dtype="Int64",
        )
        if part["answer"].isna().all():
            raise SheetError(f"{who} has no answers at all; leave it out")
        about = [name for name in ("item", "question", "segment", "text") if name in part]
        parts.append(part[["coder", *about, *options, "answer", "sheet"]])
    return parts


def _coders(frame, path):
    given = frame["coder"] if "coder" in frame else pd.Series("", index=frame.index)
    names = [name for name in given.unique() if name]
    if len(names) < 2:  # a name in the first row is meant for all
        return names[0] if names else path.stem
    if given.eq("").any():
        item = frame.loc[given.eq(""), "item"].iat[0]
        raise SheetError(f"{path}: several coders, but none named for item {item}; fill in the column 'coder'")
    return given


def _meant(said, options, where):
    """Return the number of the option that an answer means."""
    plain = _plain(said)
    if not plain:
        return pd.NA
    meant = {i for i, option in enumerate(options, start=1) if option == plain}
    number = _NUMBER.fullmatch(re.sub(r"^(?:word|topic)[_ ]", "", plain))
    if number and 1 <= int(number[1]) <= len(options):
        meant.add(int(number[1]))
    if len(meant) > 1:
        raise SheetError(f"{where}: the answer {said!r} is a word and a number; write the name of its column")
    if not meant:
        shown = f"a number from 1 to {len(options)}, or one of the choices"
        raise SheetError(f"{where}: the answer {said!r} is none of the choices; it must be {shown}")
    return meant.pop()


# --- Scores -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Score:
    """How well coders found the intruders.

    Attributes
    ----------
    kind : {"words", "topics"}
    sheet : str
        Which model and sheet.
    coders : tuple of str
    items, answered : int
        Questions in the sheet; answers given, out of items times coders.
    precision : manyvectors.inference.Estimate
        Part of the answers that are right, 0 to 1: within each item, then over the items that have an answer.
    chance : float
        What guessing would give: one out of the choices.
    log_odds : manyvectors.inference.Estimate or None
        For topics: mean topic log odds, natural logarithm; 0 if every answer is right, else below.
    agreement : float
        Of all pairs of answers to one item by two coders, the part that chose the same word or topic, right or wrong,
        0 to 1; NaN (unknown) with one coder, or if no item has two answers.
    by_topic : pandas.DataFrame
        ``topic`` (for topics: the segment's leading one), ``items`` (for topics only: with an answer), ``coded``
        (answers), ``precision``, ``low``, ``high``, and for topics ``log_odds``. NaN where nobody answered.
    answers : pandas.DataFrame
        One row for each answer: ``coder``, ``item``, ``topic``, ``intruder``, ``chosen``, ``correct``, and for topics
        ``segment`` and ``log_odds``. ``intruder`` and ``chosen`` are words, or numbers of topics.
    """

    kind: str
    sheet: str
    coders: tuple
    items: int
    answered: int
    precision: inference.Estimate
    chance: float
    log_odds: inference.Estimate | None
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

    Parameters
    ----------
    model : manyvectors.topics.TopicModel
        The one that the sheet was made from.
    sheet : pandas.DataFrame
        A sheet, or answers from :func:`read`.

    Returns
    -------
    pandas.DataFrame
        Index ``item``; ``topic`` (that the item is about; for segments the leading one), ``intruder`` (a word, or the
        number of a topic), ``position`` (of the intruder among the choices, from 1), for segments also ``segment`` and
        ``topic_1`` to ``topic_4`` (their numbers).

    Raises
    ------
    SheetError
        If the sheet is not this model's, or has been changed.

    Notes
    -----
    Found from what the sheet shows, without its seed: the word that is not among the topic's own, the topic that is
    not in the segment. It unblinds whoever looks at it.
    """
    prefix, options = _options(sheet)
    sheet = sheet.drop_duplicates("item").sort_values("item")
    mark = _ID.fullmatch(str(sheet["sheet"].iat[0])) if len(sheet) else None
    if mark is None:
        raise SheetError("the sheet is empty, or its column 'sheet' has been changed; take it as written")
    if mark[1] != _mark(model):
        raise SheetError(
            f"sheet {mark[0]} was not made from {model!r}; fit the model it was made from, with the same data, recipe, "
            "method, number of topics, seed and starts"
        )
    if mark[2] != _content(sheet, options):
        raise SheetError(f"sheet {mark[0]}: items are missing, or something else than 'answer' has been changed")
    found = _word_key(model, sheet, options) if prefix == "word" else _topic_key(model, sheet, options)
    return found.set_index("item")


def _word_key(model, sheet, options):
    own = {frozenset(map(_plain, terms)): topic for topic, terms in model.top_terms(n=len(options) - 1).T.items()}
    rows = []
    for item, *words in sheet[["item", *options]].itertuples(index=False):
        words = [_plain(word) for word in words]
        # Left out one after the other; without the intruder, what remains is a topic's own.
        without = [frozenset(words[:i] + words[i + 1 :]) for i in range(len(words))]
        places = [i for i, rest in enumerate(without) if rest in own]
        if len(places) != 1:
            raise SheetError(f"item {item}: all words but one should lead a topic of this model, and do not")
        rows.append((item, own[without[places[0]]], words[places[0]], places[0] + 1))
    return pd.DataFrame(rows, columns=["item", "topic", "intruder", "position"])


def _topic_key(model, sheet, options):
    values, segments = model.shares.to_numpy(), model.rows.index.astype(str)
    places = {_label(terms): place for place, terms in enumerate(model.top_terms(n=LABEL).to_numpy())}
    numbers = model.shares.columns
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
    return frozenset(_plain(term) for term in terms)


def score(answers, model, n=2000, level=0.95, seed=0):
    """Score coders' answers against the model that the sheet was made from.

    Parameters
    ----------
    answers : pandas.DataFrame
        From :func:`read`.
    model : manyvectors.topics.TopicModel
    n, level, seed
        As in :func:`manyvectors.inference.bootstrap`.

    Returns
    -------
    Score

    Raises
    ------
    SheetError
        If these are not answers as read, or the sheet is not this model's.

    Notes
    -----
    Model precision and topic log odds are those of [chang2009]. The log odds of an answer are the log share of the
    intruder minus the log share of the topic chosen, in that segment. NMF shares can be exactly 0, which has no
    logarithm: half the model's smallest positive share is put in their place. Their size, unlike their order, depends
    on that floor.

    Overall intervals come from resampling items; with two or more coders from resampling both items and coders, each
    on its own [owen2007]. They are too wide if coders differ by luck alone, and too narrow if two or three coders
    stand for many who differ in skill; with one coder they speak of that coder only. One item has no interval (NaN).
    If all answers are right, or none is, every resample is alike: the interval of precision is then Wilson's
    [wilson1927] for so many items, and that of the log odds is unknown (NaN).

    Intervals by topic are Wilson's. For words, of a topic's one item, over coders: would others find this intruder?
    For topics, over the items of a leading topic, whose coders are averaged first.

    A blank is missing, not wrong. Coders who leave blank what they do not know score too high: mind ``answered``.
    """
    if not {"coder", "answer"} <= set(answers) or str(answers["answer"].dtype) != "Int64":
        raise SheetError("these are not answers; write the sheet, have it filled in, and take what read() returns")
    prefix, options = _options(answers)
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
        long["log_odds"] = _log_odds(model.shares, long)
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
        return inference.Estimate(middle, np.nan, np.nan, np.full(n, np.nan))
    if len(coders) > 1:
        found = inference.bootstrap(lambda i, c: _mean(values, i, c), [items, coders], n, level, seed)
    else:
        found = inference.bootstrap(lambda i: _mean(values, i, coders), [items], n, level, seed)
    if np.nanmin(values) < np.nanmax(values):
        return found
    low, high = map(float, _wilson(middle, len(items), level)) if column == "correct" else (np.nan, np.nan)
    return inference.Estimate(middle, low, high, found.draws)


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
