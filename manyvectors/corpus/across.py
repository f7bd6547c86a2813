"""Rules over several tables of a corpus: keys that refer to other folders, and totals that must add up."""

import numpy as np
import pandas as pd

from ..study import SPEECHES_IN
from . import tables
from .corpus import FLOOR
from .matrix import DataError


def check(c):
    """Check that the tables of a world and a study fit each other.

    ``c``: Corpus. Every table is read, and checked by its own rules unless it is as it was described. Returns None.
    DataError in one line for the first value that does not fit: table, row, column, value, what it should be.
    """
    for name in WORLD:
        c.path(name)
    described = {name for folder in (c.world, c.study.folder) for name in tables.names(folder)}
    for name in sorted(described):
        frame, found = c._table(name), c._described(name)
        if found.positions:
            c._once(name, {key: frame[key].to_numpy() for key in found.positions})
        for key, field in found.fields.items():
            if field.refers.get("by") == "value":
                _refers(c, name, frame[key], field.refers)
    for needs, rule in RULES:
        if needs <= described and (needs != {"extra-terms"} or c.study.keep_words):
            rule(c)


def left_over(c):
    """Say what is no fault and still not as it could be: registered names not counted yet, another state's side.

    ``c``: Corpus. Returns list of str, one line each.
    """
    said = []
    for name, key in (("rostrum-phrases", "phrase"), ("other-phrases", "phrase"), ("rostrum-collocates", "node")):
        if not any(name in tables.names(folder) for folder in (c.world, c.study.folder)):
            continue
        registry = c._described(name).positions[key].refers["to"][0]
        counted = set(c._listed_by(name, key))
        new = [value for value in c._table(registry).iloc[:, 0] if value not in counted]
        if new:
            more = f" and {len(new) - 3} more" if len(new) > 3 else ""
            some = f"{', '.join(map(repr, new[:3]))}{more}"
            said.append(f"{c.path(registry)}: {some} not counted yet; rebuild by `make data TEXTS=PATH`")
    for name in tables.names(c.study.folder):
        held = c.perspective(name)
        if held not in (None, c.study.focus):
            said.append(f"{c.path(name)} holds {held}'s side, of no use to a study of {c.study.focus}")
    return said


APART = "rollcalls-"  # so begins the name of a table of roll calls that is not joined to rollcalls.csv
TALLIED = {"yes": 1, "abstain": 2, "no": 3, "absent": 8}  # columns of such a table, and the codes that they count

# What every corpus reads; without one of them no study of the world can be opened.
WORLD = ("documents", "states", "phrases", "rostrum-vocabulary", "rostrum-terms", "rostrum-phrases")


def _fail(c, name, frame, holds, column, said):
    """Raise for the first row that does not hold; ``said`` (callable or str): what its value should be."""
    holds = np.asarray(holds, bool)
    if holds.all():
        return
    row = int(np.flatnonzero(~holds)[0])
    value = frame[column].iloc[row]
    value = value.item() if isinstance(value, np.generic) else value
    text = said(row) if callable(said) else said
    raise DataError(
        f"{c.path(name)}, row {row + 2}, column {column}: {value!r} {text}; {c._remedy(c._folder(name))}, "
        "or mend it and run `python -m manyvectors describe`"
    )


def _refers(c, name, values, refers):
    [other] = refers["to"]
    known = c._table(other).iloc[:, 0]
    holds = values.isin(known) | (values == "")
    if "but" in refers:
        holds |= values.str.fullmatch(refers["but"])
    _fail(c, name, values.to_frame(), holds, values.name, f"does not stand in {c.path(other).name}")


def _sums(cells, by, size):
    """Return how many cells and how many counts each row has: two arrays."""
    rows = cells[by].to_numpy()
    return np.bincount(rows, minlength=size), np.bincount(rows, cells["count"], size).astype(np.int64)


def _equal(c, name, column, found, where):
    """Check that a column is what another table adds up to."""
    frame = c._table(name)
    wanted = np.asarray(found)
    _fail(c, name, frame, frame[column].to_numpy() == wanted, column, lambda row: f"is {wanted[row]} by {where}")


def _speeches(c):
    documents, cells = c._table("documents"), c._table("rostrum-terms")
    number, total = _sums(cells, "document", len(documents))
    where = "rostrum-terms.parquet"
    _equal(c, "documents", "terms", documents["rare_terms"] + number, f"{where} and rare_terms")
    _equal(c, "documents", "tokens", documents["rare_tokens"] + total, f"{where} and rare_tokens")


def _vocabulary(c):
    number, total = _sums(c._table("rostrum-terms"), "term", len(c._table("rostrum-vocabulary")))
    _equal(c, "rostrum-vocabulary", "documents", number, "rostrum-terms.parquet")
    _equal(c, "rostrum-vocabulary", "tokens", total, "rostrum-terms.parquet")
    frame = c._table("rostrum-vocabulary")
    _fail(c, "rostrum-vocabulary", frame, frame["documents"] >= FLOOR, "documents", f"is under the floor of {FLOOR}")


def _phrases(c):
    cells, documents = c._table("rostrum-phrases"), c._table("documents")
    most = documents["tokens"].to_numpy()[cells["document"]]
    _fail(c, "rostrum-phrases", cells, cells["count"] <= most, "count", "is more than its speech has tokens")


def _years(c):
    years, counted = c._table("rostrum-years"), c._table("documents")["year"].value_counts()
    found = counted.reindex(years["year"]).fillna(0).to_numpy(int)
    inside = years["year"].to_numpy() >= counted.index.min()
    said = "is {} by documents.csv"
    _fail(
        c, "rostrum-years", years, ~inside | (years["speeches"] == found), "speeches", lambda i: said.format(found[i])
    )


def _extra(c):
    extra, documents = c._table("extra-terms"), c._table("documents").set_index("doc_id")
    known = extra["term"].isin(c._table("rostrum-vocabulary")["term"])
    _fail(c, "extra-terms", extra, ~known, "term", "stands in rostrum-vocabulary.csv already")
    under = extra.groupby("term")["doc_id"].transform("size") < FLOOR
    _fail(c, "extra-terms", extra, under, "term", f"is in {FLOOR} speeches or more, so it is no rare one")
    sums = extra.groupby("doc_id")["count"].agg(["size", "sum"]).reindex(extra["doc_id"])
    rare = documents.loc[extra["doc_id"]]
    fits = (sums["sum"].to_numpy() <= rare["rare_tokens"].to_numpy()) & (
        sums["size"].to_numpy() <= rare["rare_terms"].to_numpy()
    )
    _fail(c, "extra-terms", extra, fits, "count", "adds up to more than the rare words of its speech in documents.csv")


def _numbered(c, name, documents):
    """Check that segments stand in the order of their documents, and are numbered from 1 in each."""
    segments = c._table(name)
    number = segments["segment_id"].str.replace(".*_", "", regex=True)
    in_turn = number == (segments.groupby("doc_id").cumcount() + 1).astype(str).str.zfill(2)
    _fail(c, name, segments, in_turn, "segment_id", "is out of turn: segments are numbered from 01")
    places = pd.Series(documents.get_indexer(segments["doc_id"]))
    said = "is out of turn: segments stand in the order of their documents"
    _fail(c, name, segments, places.diff().fillna(0) >= 0, "doc_id", said)


def _segments(c):
    segments, documents = c._table("rostrum-segments"), c._documents
    _numbered(c, "rostrum-segments", documents.index)
    for column in ("tokens", "rare_tokens"):
        sums = segments.groupby("doc_id")[column].transform("sum").to_numpy()
        wanted = documents[column].reindex(segments["doc_id"]).to_numpy()
        said = f"and the other segments of its speech do not add up to {column} of the speech"
        _fail(c, "rostrum-segments", segments, sums == wanted, column, said)


def _segment_terms(c):
    segments = c._table("rostrum-segments")
    _, total = _sums(c._table("rostrum-segment-terms"), "segment", len(segments))
    where = "rostrum-segment-terms.parquet and rare_tokens"
    _equal(c, "rostrum-segments", "tokens", segments["rare_tokens"].to_numpy() + total, where)


def _collocates(c):
    cells, documents = c._table("rostrum-collocates"), c._table("documents")
    profiled = documents["state"].isin(c.study.profiled).to_numpy()
    said = "is a speech of a state that study.yml does not profile"
    _fail(c, "rostrum-collocates", cells, profiled[cells["document"]], "document", said)


def _others(c):
    documents, terms = c._table("other-documents"), c._table("other-terms")
    known = documents["doc_id"].isin(c.study.documents)
    _fail(c, "other-documents", documents, known, "doc_id", "does not stand in documents.yml")
    missing = sorted(set(c.study.documents) - set(documents["doc_id"]))
    if missing:
        raise DataError(
            f"{c.path('other-documents')}: has no row for {missing[0]!r} of documents.yml; "
            "rebuild by `make data TEXTS=PATH` with MANYVECTORS_OTHER"
        )
    number, total = _sums(terms, "document", len(documents))
    _equal(c, "other-documents", "terms", number, "other-terms.parquet")
    _equal(c, "other-documents", "tokens", total, "other-terms.parquet")


def _other_vocabulary(c):
    number, total = _sums(c._table("other-terms"), "term", len(c._table("other-vocabulary")))
    _equal(c, "other-vocabulary", "documents", number, "other-terms.parquet")
    _equal(c, "other-vocabulary", "tokens", total, "other-terms.parquet")


def _other_phrases(c):
    cells, documents = c._table("other-phrases"), c._table("other-documents")
    english = (documents["language"] == SPEECHES_IN).to_numpy()
    said = "is a document in another language, in which phrases are not counted"
    _fail(c, "other-phrases", cells, english[cells["document"]], "document", said)
    most = documents["tokens"].to_numpy()[cells["document"]]
    _fail(c, "other-phrases", cells, cells["count"] <= most, "count", "is more than its document has tokens")


def _other_segments(c):
    segments, documents = c._table("other-segments"), c._table("other-documents")
    cells = c._table("other-segment-terms")
    _numbered(c, "other-segments", pd.Index(documents["doc_id"]))
    _equal(c, "other-segments", "tokens", _sums(cells, "segment", len(segments))[1], "other-segment-terms.parquet")
    # Word for word: all that is in a document that is cut is in one of its segments.
    places = pd.Index(documents["doc_id"]).get_indexer(segments["doc_id"])
    cut = pd.Series(places[cells["segment"]]).to_frame("document").assign(term=cells["term"], count=cells["count"])
    sums, whole = cut.groupby(["document", "term"])["count"].sum(), c._table("other-terms")
    whole = whole[whole["document"].isin(set(places))].set_index(["document", "term"])["count"]
    differ = sums.sub(whole, fill_value=0)
    holds = ~documents.index.isin(differ[differ != 0].index.get_level_values("document"))
    _fail(c, "other-documents", documents, holds, "doc_id", "has other terms than its segments in other-segment-terms")


def _extract(c):
    terms, other, documents = c._table("extract-terms"), c._table("other-terms"), c._table("other-documents")
    _fail(
        c, "extract-terms", terms, terms["section"].isin(c.study.sections), "section", "is no section of documents.yml"
    )
    place = pd.Index(documents["doc_id"]).get_indexer([c.study.extract])[0]
    whole = other[other["document"] == place]
    whole = pd.Series(whole["count"].to_numpy(), c._table("other-vocabulary")["term"].to_numpy()[whole["term"]])
    sums = terms.groupby("term")["count"].transform("sum")
    wanted = whole.reindex(terms["term"]).fillna(0).to_numpy(int)
    said = "and the other sections do not add up to {} in other-terms.parquet"
    _fail(c, "extract-terms", terms, sums.to_numpy() == wanted, "count", lambda row: said.format(wanted[row]))


def _chosen(c):
    chosen = c._table("integrity-votes")
    for held in chosen["held"].unique():
        known = c._table(held)["rcid"] if held in tables.names(c.world) else ()
        holds = (chosen["held"] != held) | chosen["rcid"].isin(known)
        _fail(c, "integrity-votes", chosen, holds, "rcid", f"does not stand in {held}.csv")


def _apart(c):
    """Check the roll calls that are held apart: each tally is what its votes add up to."""
    for name in (name for name in tables.names(c.world) if name.startswith(APART)):
        rollcalls, votes = c._table(name), c._table(name.replace("rollcalls", "votes", 1))
        for column, code in TALLIED.items():
            found = np.bincount(votes["rollcall"][votes["vote"] == code], minlength=len(rollcalls))
            _equal(c, name, column, found, f"{name.replace('rollcalls', 'votes', 1)}.parquet")


RULES = (
    ({"documents", "rostrum-terms"}, _speeches),
    ({"rostrum-vocabulary", "rostrum-terms"}, _vocabulary),
    ({"documents", "rostrum-phrases"}, _phrases),
    ({"documents", "rostrum-years"}, _years),
    ({"extra-terms"}, _extra),
    ({"documents", "rostrum-segments"}, _segments),
    ({"rostrum-segments", "rostrum-segment-terms"}, _segment_terms),
    ({"documents", "rostrum-collocates"}, _collocates),
    ({"other-documents", "other-terms"}, _others),
    ({"other-vocabulary", "other-terms"}, _other_vocabulary),
    ({"other-documents", "other-phrases"}, _other_phrases),
    ({"other-segments", "other-segment-terms", "other-terms"}, _other_segments),
    ({"extract-terms", "other-terms"}, _extract),
    ({"integrity-votes", "rollcalls"}, _chosen),
    ({"rollcalls", "votes"}, _apart),
)
