"""Count the texts: from an archive of speeches to every derived table of the world and of a study."""

import gc
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from .. import text
from ..common import one_line
from ..corpus import FLOOR, tables
from ..corpus.states import of_folder
from . import archive, chunks, others, speakers
from .archive import SourceError
from .segmented import profile, used
from .words import Chunks
from .workers import workers

FORMS = "studies"  # folder of the world with the descriptions of the tables that are made for a study
# Speeches encoded together: enough to keep every thread busy, few enough to spare memory.
BATCH, MOST = 400, 16_000_000  # how many, and in bytes
ENCODERS = 2  # threads beside the one that reads; they share one interpreter, so that more would wait
AHEAD = 4  # batches that may wait for a thread; more would only fill the memory

_MENDED = {
    "bom": "files with a byte order mark",
    "crlf": "files with Windows line ends",
    "nfkc": "files changed by Unicode NFKC",
    "controls": "control characters",
    "spellings": "spellings of {}",
    "line_ends": "words or numbers broken at a line end",
}


@dataclass(frozen=True)
class Counted:
    """Derived tables, and what they were counted with.

    ``world``, ``study`` (dict): name to pandas.DataFrame. ``world_with`` (dict): what the world's description notes:
    first year, floor and spellings. ``names`` (dict): tables (tuple of str) to the names that stood in them, in the
    order by which cells give them.
    """

    world: dict
    study: dict
    world_with: dict
    names: dict


def build(texts, world, study, other=None):
    """Build every derived table.

    ``texts``: the UNGDC archive or folder. ``world``: folder of the world: its registries ``states`` and ``phrases``
    are inputs, and what it says that it was counted with is kept: a study adds spellings, and takes none away.
    ``study`` (Study): its registry ``nodes`` is an input. States under ``profiled`` get segments and collocates; the
    words of those under ``keep_words`` are kept under the floor. ``other``: folder or folders of the study's documents
    that are not speeches. Without it their counts are carried over. Returns Counted. SourceError if the texts are not
    the corpus, or what should be carried over is not there.
    """
    collecting = gc.isenabled()
    gc.disable()  # millions of small lists live until the end, and none of them is garbage
    try:
        return _build(texts, Path(world), study, other)
    finally:
        if collecting:
            gc.enable()


def _build(texts, world, study, other):
    states, phrases = (_registry(name, world) for name in ("states", "phrases"))
    study.check_states(set(states["state"]), of_folder(world).hint)
    nodes = _registry("nodes", study.folder)["node"].tolist() if (study.folder / "nodes.yaml").is_file() else []
    phrases = phrases["phrase"].tolist()
    counted_with = _counted_with(world, study)
    first_year, spellings = counted_with["first_year"], counted_with["spellings"]

    # Threads read and cut: most of the time they leave the interpreter free for each other. What would not, and needs
    # little sent to and fro, goes to one process beside this one.
    beside = workers(1)
    read = _Archive(texts, first_year, spellings, beside)
    report = _report(read, spellings)
    types = Chunks(read.types, read.ids, read.starts)
    own = np.flatnonzero(read.frame["state"].isin(study.profiled))
    chosen = used(types.written, [types.ids[slice(*types.starts[i : i + 2])] for i in own])
    profiled = beside.submit(profile, *chosen, nodes)
    with ThreadPoolExecutor(1) as side:  # most of what both do leaves the interpreter free for the other
        phrased = side.submit(types.phrases, phrases)
        counts = types.tokens()
        vocabulary, kept, extra, rare = _vocabulary(counts, types.terms, read.frame["state"].isin(study.keep_words))
        joined = [*vocabulary["term"], *extra["term"]]
        speeches = _documents(read, states.set_index("state")["name"], counts, kept, world)
        segments, segment_terms, collocates = _profiles(profiled.result(), own, joined, speeches["doc_id"])
        phrased = _long(phrased.result(), "document", "phrase")

    report += _report_of_counts(types, counts.shape[1] - len(joined), speeches, rare)
    of_world = {
        "documents": speeches,
        "speakers": read.speakers,
        "hyphens": types.hyphens,
        "rostrum-years": read.years,
        "rostrum-vocabulary": vocabulary,
        "rostrum-terms": _long(kept, "document", "term"),
        "rostrum-phrases": phrased,
    }
    of_study = {
        "extra-terms": _extra(extra["term"], rare, speeches["doc_id"]),
        "rostrum-segments": segments,
        "rostrum-segment-terms": segment_terms,
        "rostrum-collocates": collocates,
        "report": pd.DataFrame(
            [(step, what, int(n), "; ".join(sorted(cases)[:3])) for step, what, n, cases in report],
            columns=["step", "what", "count", "example"],
        ),
    }
    listed = {
        ("documents",): speeches["doc_id"].tolist(),
        ("rostrum-vocabulary",): vocabulary["term"].tolist(),
        ("rostrum-vocabulary", "extra-terms"): joined,
        ("phrases",): phrases,
        ("rostrum-segments",): segments["segment_id"].tolist(),
        ("nodes",): nodes,
    }
    beside_speeches, also_listed = others.of_study(other, study, phrases, world / FORMS)
    of_study |= beside_speeches
    return Counted(_typed(of_world, world), _typed(of_study, world / FORMS), counted_with, listed | also_listed)


def _counted_with(world, study):
    """Return the first year, the floor and the spellings with which the texts are counted."""
    before = tables.noted(world).get("counted", {})
    return {
        "first_year": before.get("first_year", study.first_year),
        "floor": FLOOR,
        "spellings": {**before.get("spellings", {}), **study.spellings},
    }


def _typed(made, folder):
    return {name: tables.table(name, folder).typed(table) for name, table in made.items()}


def _registry(name, folder):
    """Read a registry kept by hand; whatever is wrong with it becomes one message."""
    try:
        table = tables.read(name, folder)
        for phrase in table.iloc[:, 0] if name in ("phrases", "nodes") else ():
            text.phrase_pattern(phrase)
    except Exception as error:
        raise SourceError(f"{Path(folder) / name}.csv cannot be used: {one_line(error)}") from None
    return table


class _Archive:
    """The speeches, encoded as numbered chunks by other threads while the archive is being read."""

    def __init__(self, texts, first_year, spellings, process):
        self.first_year = first_year
        self.skipped, self.process, self.speakers, yearly = Counter(), process, None, {}
        spellings, jobs, parts = dict(spellings), deque(), []
        with ThreadPoolExecutor(ENCODERS) as beside:
            try:
                for batch in self._batches(texts, yearly):
                    jobs.append(beside.submit(chunks.encode, batch, spellings))
                    if len(jobs) > AHEAD:
                        parts.append(jobs.popleft().result())
                parts += [job.result() for job in jobs]
            finally:
                beside.shutdown(cancel_futures=True)
        rows = [row for part, _ in parts for row in part]
        if not rows:
            raise SourceError(f"{texts} holds no speech since {first_year} named STATE_SESSION_YEAR.txt")
        if self.speakers is None:
            raise archive.no_speakers(texts)
        self.speakers = self.speakers.result()
        for row in rows:
            _note_year(yearly, row["doc_id"], row["named"])
        self.years = _years(yearly)
        frame = pd.DataFrame(rows, columns=["doc_id", "state", "sha256", "chunks", *_MENDED])
        frame = frame.fillna(dict.fromkeys(_MENDED, 0)).astype(dict.fromkeys(_MENDED, int))
        order = np.argsort(frame["doc_id"].to_numpy(), kind="stable")
        self.frame = frame.iloc[order].reset_index(drop=True)
        self.starts = np.cumsum([0, *self.frame["chunks"]])
        places = np.empty(len(order), int)  # where each speech begins, in the order in which they were read
        places[order] = self.starts[:-1]
        self.types, self.ids = _numbered([part for _, part in parts], places, frame["chunks"].to_numpy())

    def _batches(self, texts, yearly):
        """Yield the speeches since the first year in batches; note the rest on the way."""
        names, batch, size = set(), [], 0
        for path, raw in archive.files(texts):
            kind = archive.kind(path)
            if kind == "speakers":
                self.speakers = self.process.submit(speakers.read, raw, self.first_year)
                continue
            if kind == "record":
                # What `fetch` left out of the archive counts as left out, so that either way gives the same report.
                self.skipped.update(archive.left_out(raw))
                continue
            name = path.rpartition("/")[2].removesuffix(".txt")
            if kind == "speech" and name in names:
                kind = "second file of the same name"
            if kind != "speech":
                self.skipped[kind] += 1
                continue
            names.add(name)
            if int(name[-4:]) < self.first_year:
                _note_year(yearly, name, chunks.multi_vector(raw))
                continue
            batch.append((name, raw))
            size += len(raw)
            if len(batch) == BATCH or size > MOST:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch


def _numbered(parts, places, sizes):
    """Number the chunks of several batches of texts as one: list of the different ones, and numpy.ndarray of int.

    ``parts`` (list of pyarrow.DictionaryArray): see :func:`manyvectors.build.chunks.encode`. ``places``, ``sizes``
    (numpy.ndarray of int): where each text is to begin, and how many chunks it has.
    """
    together = pa.concat_arrays([part.dictionary for part in parts]).dictionary_encode()
    numbers, first = together.indices.to_numpy(), 0
    ids = np.empty(sizes.sum(), np.int32)
    texts = zip(places.tolist(), sizes.tolist(), strict=True)
    for part in parts:
        own = numbers[first : first + len(part.dictionary)][part.indices.to_numpy()]
        first, done = first + len(part.dictionary), 0
        while done < len(own):
            place, size = next(texts)
            ids[place : place + size] = own[done : done + size]
            done += size
    return together.dictionary.to_pylist(), ids


def _note_year(yearly, name, named):
    """Count a speech of any year, and whether it says multi-vector in any spelling."""
    row = yearly.setdefault(int(name[-4:]), {"session": int(name[-7:-5]), "speeches": 0, "spoken_by": []})
    row["speeches"] += 1
    if named:
        row["spoken_by"].append(name[:-8])


def _years(yearly):
    frame = pd.DataFrame([{"year": year, **yearly[year]} for year in sorted(yearly)])
    frame.insert(3, "multi_vector", frame["spoken_by"].str.len())
    frame["spoken_by"] = [" ".join(sorted(states)) for states in frame["spoken_by"]]
    return frame


def _report(archive, spellings):
    """List what was left out or mended while reading: (step, what, count, cases)."""
    frame, speakers = archive.frame, archive.speakers
    repeated = speakers[speakers.duplicated(["year", "state"])]
    unspoken = speakers[~_key(speakers).isin(set(frame["doc_id"]))]
    return [
        *(("read", f"left out: {kind}", n, []) for kind, n in sorted(archive.skipped.items())),
        ("read", "second rows of one speaker's key, first kept", len(repeated), _key(repeated)),
        ("read", "rows of the table of speakers without a speech", len(unspoken), _key(unspoken)),
        *(
            (
                "clean",
                what.format(", ".join(spellings) or "no word"),
                frame[kind].sum(),
                frame["doc_id"][frame[kind] > 0],
            )
            for kind, what in _MENDED.items()
        ),
    ]


def _report_of_counts(types, dropped, speeches, rare):
    """List what counting left out or could not say, as :func:`_report`. ``dropped``: terms that no table keeps."""
    mended = types.hyphens.loc[types.hyphens["joined"]]
    return [
        ("clean", "of these, rejoined without the hyphen", mended["times"].sum(), mended["left"] + mended["right"]),
        ("count", "numbers, which are not tokens", types.numbers, []),
        ("count", "terms under the floor, left out of the tables", dropped, []),
        ("count", "tokens under the floor", speeches["rare_tokens"].sum() - rare.sum(), []),
        ("count", "speeches without a row in the table of speakers", *_which(speeches, speeches["speaker"] == "")),
        ("count", "speakers whose post is not given", *_which(speeches, speeches["rank"] == "unknown")),
    ]


def _which(documents, chosen):
    return chosen.sum(), documents["doc_id"][chosen]


def _key(speakers):
    """Return the doc_id that each row of the table of speakers belongs to."""
    session = speakers["session"].astype(int).astype(str).str.zfill(2)
    return speakers["state"] + "_" + session + "_" + speakers["year"].astype(int).astype(str)


def _vocabulary(counts, terms, kept):
    """Split the terms: those of three speeches and more, and those under this floor that a kept state uses.

    Returns ``vocabulary`` (pandas.DataFrame): term, documents, tokens; commonest first, then by alphabet;
    ``counts`` (scipy.sparse.csr_matrix): of those terms; ``extra`` (pandas.DataFrame): the same of the terms
    under the floor; and ``rare`` (scipy.sparse.csr_matrix): their counts.
    """
    documents = np.diff(counts.indptr)
    used = kept.to_numpy().astype(np.int32) @ counts
    frame = pd.DataFrame({"term": terms, "documents": documents, "tokens": _sum(counts, 0)})
    found = []
    for chosen in (documents >= FLOOR, (documents < FLOOR) & (used > 0)):
        part = frame[chosen].sort_values(["documents", "term"], ascending=[False, True])
        found += [part.reset_index(drop=True), counts[:, part.index.to_numpy()].tocsr()]
    return found


def _extra(terms, cells, doc_ids):
    """Return the table of the terms that a study keeps under the floor: in their order, each with its speeches."""
    long = _long(cells, "document", "term").sort_values(["term", "document"])
    return pd.DataFrame(
        {
            "doc_id": doc_ids.to_numpy()[long["document"]],
            "term": terms.to_numpy()[long["term"]],
            "count": long["count"].to_numpy(),
        }
    )


def _sum(matrix, axis):
    return np.asarray(matrix.sum(axis=axis)).ravel()


def _documents(read, states, counts, kept, world):
    """Return the rostrum's rows of documents.csv without an era, in order of doc_id."""
    frame = read.frame[["doc_id", "state", "sha256"]].copy()
    unknown = set(frame["state"]) - set(states.index)
    if unknown:
        raise SourceError(f"states.csv has no name for {sorted(unknown)}; add a row for each")
    frame["session"] = frame["doc_id"].str[-7:-5].astype("Int16")
    frame["year"] = frame["doc_id"].str[-4:].astype(int)
    spoke = read.speakers.assign(doc_id=_key(read.speakers)).drop_duplicates("doc_id").set_index("doc_id")
    spoke = spoke.reindex(frame["doc_id"])[["speaker", "post"]].fillna("")
    tokens, terms = _sum(counts, 1), np.bincount(counts.indices, minlength=counts.shape[0])
    if not tokens.all():
        empty = frame["doc_id"][tokens == 0]
        raise SourceError(
            f"{empty.iloc[0]}.txt holds no word ({len(empty)} such); put the speech there, or take the file away"
        )
    frame = frame.assign(
        register="rostrum",
        date=frame["year"].astype(str),
        speaker=spoke["speaker"].to_numpy(),
        post=spoke["post"].to_numpy(),
        rank=spoke["post"].map({post: archive.rank(post) for post in spoke["post"].unique()}).to_numpy(),
        title=frame["state"].map(states) + " in the General Debate of " + frame["year"].astype(str),
        tokens=tokens,
        terms=terms,
        rare_tokens=tokens - _sum(kept, 1),
        rare_terms=terms - np.diff(kept.indptr),
        source_file=frame["doc_id"] + ".txt",
        **archive.UNGDC,
    )
    return frame[list(tables.table("documents", world).fields)]


def _profiles(found, own, terms, doc_ids):
    """Count what :func:`manyvectors.build.segmented.profile` found: the segments, the cells of their terms, collocates.

    ``own`` (numpy.ndarray of int): which speeches are profiled.
    """
    words, (which, tokens), (pairs, near, sizes) = found
    counts = _matrix(words, tokens, terms)
    table = pd.DataFrame({"doc_id": doc_ids.to_numpy()[own[which]]}, dtype="str")
    number = (table.groupby("doc_id").cumcount() + 1).astype(str).str.zfill(2)
    table.insert(0, "segment_id", table["doc_id"] + "_" + number)
    table = table.assign(tokens=tokens, rare_tokens=tokens - _sum(counts, 1))
    collocates = _long(_matrix(words.take(pa.array(near)), sizes, terms), "pair", "term")
    pairs = pairs[collocates.pop("pair")].astype(np.int32)
    collocates.insert(0, "document", own.astype(np.int32)[pairs[:, 0]])
    collocates.insert(1, "node", pairs[:, 1])
    return table, _long(counts, "segment", "term"), collocates


def _matrix(words, sizes, terms):
    """Count the tokens of the vocabulary: scipy.sparse.csr_matrix, a row for as many tokens as ``sizes`` says."""
    column = pc.index_in(words.dictionary, pa.array(terms, pa.string())).fill_null(-1).to_numpy()
    column = column[words.indices.to_numpy()]
    row = np.repeat(np.arange(len(sizes)), sizes)[column >= 0]
    column = column[column >= 0]
    return sparse.csr_matrix((np.ones(len(row), np.int32), (row, column)), (len(sizes), len(terms)))


def _long(matrix, rows, columns):
    """Turn a sparse matrix into a table of its non-zero cells, row by row, columns ascending."""
    matrix.sort_indices()
    row = np.repeat(np.arange(matrix.shape[0], dtype=np.int32), np.diff(matrix.indptr))
    return pd.DataFrame({rows: row, columns: matrix.indices.astype(np.int32), "count": matrix.data.astype(np.int32)})
