"""Build the tables of the data package from the texts, and verify shipped tables against a rebuild.

What makes it fast: a token never crosses white space. So a text is first split at white space only, each
*chunk* ("(Kazakhstan's," with its punctuation) is numbered, and the slow work, finding tokens and phrases, is
done once for each of some 130,000 different chunks instead of for each of 13 million.
"""

import gc
import io
import json
import re
import tempfile
from bisect import bisect_left
from collections import Counter
from hashlib import sha256
from pathlib import Path

import loky
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import python_calamine
from scipy import sparse

from . import __version__, chunks, schemas, sources, text
from .common import one_line
from .sources import SourceError

FLOOR = 3  # a term in fewer speeches is left out of the tables, unless Kazakhstan uses it
BATCH = 400  # speeches encoded together: enough to keep every process busy, few enough to spare memory

_MENDED = {
    "bom": "files with a byte order mark",
    "crlf": "files with Windows line ends",
    "nfkc": "files changed by Unicode NFKC",
    "controls": "control characters",
    "kazakstan": "spellings of Kazakstan",
    "line_ends": "words or numbers broken at a line end",
}
_DIGITS = re.compile(r"\d[\d.,]*")
_VECTOR = (b"vector", b"Vector", b"VECTOR")  # quick to rule out before the pattern is tried
_MULTI_VECTOR = re.compile(r"multi[-\u2010\u2011\u00ad\s]*vector", re.IGNORECASE)


def build(texts, data, other=None):
    """Build every derived table.

    Parameters
    ----------
    texts : path-like
        The UNGDC archive or folder.
    data : path-like
        Folder of the data package: its registries ``states``, ``phrases`` and ``nodes`` are inputs.
    other : path-like, optional
        Folder of the five documents that are not speeches. Without it their rows and counts are carried over
        from ``data``.

    Returns
    -------
    dict
        Table name (see :data:`manyvectors.schemas.DERIVED`) to pandas.DataFrame.

    Raises
    ------
    SourceError
        If the texts are not the corpus, or what should be carried over is not there.
    """
    collecting = gc.isenabled()
    gc.disable()  # millions of small lists live until the end: to look through them again and again finds nothing
    try:
        return _build(texts, data, other)
    finally:
        if collecting:
            gc.enable()


def _build(texts, data, other):
    states, phrases, nodes = (_registry(name, data) for name in ("states", "phrases", "nodes"))
    states = states.set_index("state")["name"]
    phrases, nodes = phrases["phrase"].tolist(), nodes["node"].tolist()

    archive = _Archive(texts)
    report = _report(archive)
    types = _Chunks(archive)
    cleaned = {name: " ".join(text.mend(body, types.words).split()) for name, body in archive.profiled.items()}
    profiles = [loky.get_reusable_executor().submit(chunks.profile, part, nodes) for part in _parts(cleaned)]
    counts = types.tokens()
    vocabulary, kept = _vocabulary(counts, types.terms, archive.frame["state"].to_numpy() == "KAZ")
    position = {term: i for i, term in enumerate(vocabulary["term"])}
    documents = _documents(archive, states, counts, kept)
    rows = pd.Series(range(len(documents)), index=documents["doc_id"])
    phrase_counts = types.phrases(phrases)
    segments, segment_terms, collocates = _profiles(profiles, position, rows)
    others = _other(other, phrases) if other else _carried(data, phrases)

    joined = types.hyphens.loc[types.hyphens["joined"]]
    report += [
        ("clean", "of these, rejoined without the hyphen", joined["times"].sum(), joined["left"] + joined["right"]),
        ("count", "numbers, which are not tokens", types.numbers, []),
        ("count", "terms under the floor, left out of the tables", counts.shape[1] - len(vocabulary), []),
        ("count", "tokens under the floor", documents["rare_tokens"].sum(), []),
        ("count", "speeches without a row in the table of speakers", *_which(documents, documents["speaker"] == "")),
        ("count", "speakers whose post is not given", *_which(documents, documents["rank"] == "unknown")),
    ]
    tables = {
        "documents": pd.concat([documents, others[0]], ignore_index=True),
        "speakers": archive.speakers,
        "hyphens": types.hyphens,
        "rostrum-years": archive.years,
        "rostrum-vocabulary": vocabulary,
        "rostrum-terms": _long(kept, "document", "term"),
        "rostrum-phrases": _long(phrase_counts, "document", "phrase"),
        "rostrum-segments": segments,
        "rostrum-segment-terms": segment_terms,
        "rostrum-collocates": collocates,
        "other-terms": others[1],
        "other-phrases": others[2],
        "extract-terms": others[3],
        "report": pd.DataFrame(
            [(step, what, int(n), "; ".join(sorted(cases)[:3])) for step, what, n, cases in report],
            columns=["step", "what", "count", "example"],
        ),
    }
    return {
        name: table if name in schemas.PARQUET else schemas.SCHEMAS[name].validate(table)
        for name, table in tables.items()
    }


def _registry(name, data):
    """Read a registry kept by hand; whatever is wrong with it becomes one message."""
    try:
        table = schemas.read(name, data)
        for phrase in table.iloc[:, 0] if name in ("phrases", "nodes") else ():
            text.phrase_pattern(phrase)
    except Exception as error:
        raise SourceError(f"{Path(data) / schemas.file_name(name)} cannot be used: {one_line(error)}") from None
    return table


class _Archive:
    """The speeches since 1992, encoded as numbered chunks by other processes while the archive is being read."""

    def __init__(self, texts):
        self.skipped, self.speakers, yearly = Counter(), None, {}
        # loky's workers start afresh and do not import the caller's script, as those of multiprocessing would.
        workers = loky.get_reusable_executor()
        jobs = [workers.submit(chunks.encode, batch) for batch in self._batches(texts, yearly)]
        parts = [job.result() for job in jobs]
        rows = [row for part, _, _ in parts for row in part]
        if not rows:
            raise SourceError(f"{texts} holds no speech since {sources.FIRST_YEAR} named like KAZ_47_1992.txt")
        if self.speakers is None:
            raise SourceError(f"{texts} holds no {sources.SPEAKERS}; put the corpus's table of speakers beside TXT/")
        self.years = _years(yearly)
        frame = pd.DataFrame(rows, columns=["doc_id", "state", "sha256", "chunks", *_MENDED])
        frame = frame.fillna(dict.fromkeys(_MENDED, 0)).astype(dict.fromkeys(_MENDED, int))
        self.order = np.argsort(frame["doc_id"].to_numpy(), kind="stable")
        self.starts = np.concatenate([[0], np.cumsum(frame["chunks"].to_numpy())])
        self.frame = frame.iloc[self.order].reset_index(drop=True)
        self.profiled = dict(sorted(item for _, _, profiled in parts for item in profiled.items()))
        numbered = pa.chunked_array([part for _, part, _ in parts]).unify_dictionaries()
        self.types = numbered.chunk(0).dictionary.to_pylist()
        self.ids = np.concatenate([part.indices.to_numpy() for part in numbered.chunks])

    def _batches(self, texts, yearly):
        """Yield the speeches since 1992 in batches; note the rest on the way."""
        names, batch = set(), []
        for path, raw in sources.files(texts):
            kind = sources.kind(path)
            if kind == "speakers":
                self.speakers = _speakers(raw)
                continue
            if kind == "record":
                # What `fetch` left out of the archive counts as left out, so that either way gives the same report.
                self.skipped.update(json.loads(raw)["skipped"])
                continue
            name = path.rpartition("/")[2].removesuffix(".txt")
            if kind == "speech" and name in names:
                kind = "second file of the same name"
            if kind != "speech":
                self.skipped[kind] += 1
                continue
            names.add(name)
            _note_year(yearly, name, raw)
            if int(name[-4:]) >= sources.FIRST_YEAR:
                batch.append((name, raw))
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch


def _parts(mapping, n=4):
    """Split a dict into some of about the same size, in order."""
    items = list(mapping.items())
    size = -(-len(items) // n) or 1
    return [dict(items[i : i + size]) for i in range(0, len(items), size)]


def _note_year(yearly, name, raw):
    """Count a speech of any year, and whether it says multi-vector in any spelling."""
    row = yearly.setdefault(int(name[-4:]), {"session": int(name[-7:-5]), "speeches": 0, "spoken_by": []})
    row["speeches"] += 1
    if any(part in raw for part in _VECTOR) and _MULTI_VECTOR.search(raw.decode("utf-8", "replace")):
        row["spoken_by"].append(name[:-8])


def _years(yearly):
    frame = pd.DataFrame([{"year": year, **yearly[year]} for year in sorted(yearly)])
    frame.insert(3, "multi_vector", frame["spoken_by"].str.len())
    frame["spoken_by"] = [" ".join(sorted(states)) for states in frame["spoken_by"]]
    return frame


def _speakers(raw):
    """Read the corpus's table of speakers."""
    wanted = {
        **{"Year": "year", "Session": "session", "ISO Code": "state", "Country": "country"},
        **{"Name of Person Speaking": "speaker", "Post": "post"},
    }
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        header, *rows = workbook.get_sheet_by_index(0).to_python()
    except (python_calamine.CalamineError, ValueError) as error:
        raise SourceError(f"{sources.SPEAKERS} is not a readable workbook ({error}); fetch it again") from None
    missing = set(wanted) - set(header)
    if missing:
        raise SourceError(f"{sources.SPEAKERS} has no column {sorted(missing)}; its layout has changed")
    frame = pd.DataFrame(rows, columns=header)[list(wanted)].rename(columns=wanted)
    frame = frame[pd.to_numeric(frame["year"], errors="coerce") >= sources.FIRST_YEAR]
    for column in ("state", "country", "speaker", "post"):
        frame[column] = [" ".join(str(value).split()) for value in frame[column]]
    return frame.sort_values(["year", "state", "speaker"], kind="stable", ignore_index=True)


def _report(archive):
    """List what was left out or mended while reading: (step, what, count, cases)."""
    frame, speakers = archive.frame, archive.speakers
    repeated = speakers[speakers.duplicated(["year", "state"])]
    unspoken = speakers[~_key(speakers).isin(set(frame["doc_id"]))]
    return [
        *(("read", f"left out: {kind}", n, []) for kind, n in sorted(archive.skipped.items())),
        ("read", "second rows of one speaker's key, first kept", len(repeated), _key(repeated)),
        ("read", "rows of the table of speakers without a speech", len(unspoken), _key(unspoken)),
        *(("clean", what, frame[kind].sum(), frame["doc_id"][frame[kind] > 0]) for kind, what in _MENDED.items()),
    ]


def _which(documents, chosen):
    return chosen.sum(), documents["doc_id"][chosen]


def _key(speakers):
    """Return the doc_id that each row of the table of speakers belongs to."""
    session = speakers["session"].astype(int).astype(str).str.zfill(2)
    return speakers["state"] + "_" + session + "_" + speakers["year"].astype(int).astype(str)


class _Chunks:
    """The different chunks of the corpus, and what each is made of."""

    def __init__(self, archive):
        self.ids, self.starts, self.order = archive.ids, archive.starts, archive.order
        broken = {i for i, chunk in enumerate(archive.types) if text.LINE_HYPHEN in chunk}
        # One search over all chunks, a line each, is several times faster than a search per chunk.
        tokens = _tokenise_lines("" if i in broken else chunk for i, chunk in enumerate(archive.types))
        times = np.bincount(self.ids, minlength=len(tokens))
        digits = [len(_DIGITS.findall(chunk)) for chunk in archive.types]
        self.numbers = int(times @ np.array(digits))
        self.hyphens = _hyphens([(archive.types[i], int(times[i])) for i in sorted(broken)], tokens, times)
        joined = self.hyphens[self.hyphens["joined"]]
        self.words = set(joined["left"] + joined["right"])
        forms = list(archive.types)
        for i in broken:
            forms[i] = text.mend(forms[i], self.words)
            tokens[i] = text.tokenise(forms[i])
        self.forms = [form.lower() for form in forms]
        index = {}
        columns = [index.setdefault(token, len(index)) for found in tokens for token in found]
        self.terms = np.array(list(index), dtype=object)
        bounds = np.concatenate([[0], np.cumsum([len(found) for found in tokens])])
        self.made_of = sparse.csr_matrix((np.ones(len(columns), np.int32), columns, bounds), (len(tokens), len(index)))

        ones = np.ones(len(self.ids), np.int32)
        self.speeches = sparse.csr_matrix((ones, self.ids, self.starts), (len(self.starts) - 1, len(forms)))

    def _sum(self, per_chunk):
        """Add up a property of chunks (chunk types x properties) over each speech; speeches in order of doc_id."""
        return (self.speeches @ per_chunk)[self.order]

    def tokens(self):
        """Count tokens: speeches x terms."""
        return self._sum(self.made_of)

    def phrases(self, phrases):
        """Count registered phrases: speeches x phrases."""
        find = _WordFinder(self.forms)
        single, longer = [], []
        for column, phrase in enumerate(phrases):
            words = phrase.split(" ")
            if len(words) == 1:
                single += [(i, column, 1) for i, _, _ in find.places(phrase)]
            else:
                longer.append((column, find.roles(words)))
        i, column, times = np.array(single, np.int32).reshape(-1, 3).T
        counted = self._sum(sparse.csr_matrix((times, (i, column)), (len(self.forms), len(phrases)))).tocoo()
        rows, columns, values = [counted.row], [counted.col], [counted.data]
        rank = np.argsort(self.order)  # from order of reading to order of doc_id
        for column, positions in self._sequences(longer):
            rows.append(rank[np.searchsorted(self.starts, positions, "right") - 1])
            columns.append(np.full(len(positions), column))
            values.append(np.ones(len(positions), np.int32))
        cells = np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))
        total = sparse.coo_matrix(cells, counted.shape).tocsr()
        total.eliminate_zeros()
        return total

    def _sequences(self, phrases):
        """Yield (column, positions of the first chunk) for phrases of several words."""
        begins = np.zeros(len(self.forms), bool)
        for _, roles in phrases:
            begins[roles[0]] = True
        at = np.flatnonzero(begins[self.ids])
        at = at[np.argsort(self.ids[at], kind="stable")]
        types = np.arange(len(self.forms) + 1, dtype=self.ids.dtype)
        edges = np.searchsorted(self.ids[at], types)  # where the positions of each chunk type begin
        last = self.starts[np.searchsorted(self.starts, at, "right")]  # end of the speech each position lies in
        for column, roles in phrases:
            spans = [slice(edges[i], edges[i + 1]) for i in roles[0]]
            here = np.concatenate([at[s] for s in spans] or [at[:0]])
            end = np.concatenate([last[s] for s in spans] or [at[:0]])
            here = here[here + len(roles) <= end]
            for step, allowed in enumerate(roles[1:], start=1):
                here = here[np.isin(self.ids[here + step], allowed)]
            yield column, here


def _hyphens(broken, tokens, times):
    """Decide for each word broken at a line end whether the hyphen was the printer's.

    It was, if the joined word occurs elsewhere in the corpus more often than the hyphenated one. To occur at all would
    not be enough: "secretarygeneral" does, as a misprint.
    """
    pairs = Counter()
    for chunk, n in broken:
        for left, right in text.broken_words(chunk):
            if left and right:
                pairs[text.plain(left), text.plain(right)] += n
    elsewhere = dict.fromkeys([f"{left}{sign}{right}" for left, right in pairs for sign in ("", "-")], 0)
    for found, n in zip(tokens, times, strict=True):
        for token in found:
            if token in elsewhere:
                elsewhere[token] += int(n)
    rows = [
        (left, right, n, elsewhere[left + right], elsewhere[f"{left}-{right}"])
        for (left, right), n in sorted(pairs.items())
    ]
    frame = pd.DataFrame(rows, columns=["left", "right", "times", "as_one", "hyphenated"])
    return frame.assign(joined=frame["as_one"] > frame["hyphenated"])


class _WordFinder:
    """Finds the chunk types that hold a word of a phrase.

    A phrase is matched whole, so a word of it is a whole run of word characters and hyphens; an index of all runs
    answers for most words without a search.
    """

    def __init__(self, forms):
        self.forms = forms
        self.runs = {}
        for i, form in enumerate(forms):
            for run in text.RUN.finditer(form):
                self.runs.setdefault(run[0], []).append((i, run.start() == 0, run.end() == len(form)))
        self.ordered = sorted(self.runs)

    def places(self, word):
        """Return (chunk type, whether it begins with the word, whether it ends with it) for every occurrence."""
        if text.RUN.fullmatch(word):
            return self.runs.get(word, [])
        pattern = re.compile(text.word_expression(word))
        if text.RUN.fullmatch(word.replace("*", "")):
            start = word.partition("*")[0]
            first, last = (bisect_left(self.ordered, end) for end in (start, start + "\U0010ffff"))
            found = (run for run in self.ordered[first:last] if pattern.fullmatch(run))
            return [place for run in found for place in self.runs[run]]
        whole = re.compile(rf"(?<![\w-]){pattern.pattern}(?![\w-])")
        literal = max(re.split(r"\W", word), key=len)
        return [
            (i, match.start() == 0, match.end() == len(form))
            for i, form in enumerate(self.forms)
            if literal in form
            for match in whole.finditer(form)
        ]

    def roles(self, words):
        """Return, for each word of a phrase, the chunk types that can stand in its place."""
        last = len(words) - 1
        return [np.array(sorted(self._fit(word, k == 0, k == last)), int) for k, word in enumerate(words)]

    def _fit(self, word, first, last):
        """Return the chunk types that hold a word and, but for the ends of the phrase, nothing else."""
        return {i for i, starts, ends in self.places(word) if (starts or first) and (ends or last)}


def _tokenise_lines(lines):
    """Tokenise many texts that hold no line break."""
    joined = "\n".join(lines)
    lowered = text.plain(joined)
    # Lower-casing first is faster, and gives the same tokens unless a letter becomes two characters (Turkish dotted I).
    same = len(lowered) == len(joined)
    found = [[]]
    for token in re.findall(rf"{text.TOKEN.pattern}|\n", lowered if same else joined):
        if token == "\n":
            found.append([])
        else:
            found[-1].append(token if same else text.plain(token))
    return found


def _vocabulary(counts, terms, kazakh):
    """Choose the terms to keep, commonest first; return the table and the counts of those terms."""
    documents = np.bincount(counts.indices, minlength=counts.shape[1])
    used = np.asarray(counts[kazakh].sum(axis=0)).ravel()
    frame = pd.DataFrame({"term": terms, "documents": documents, "tokens": _sum(counts, 0), "kazakhstan": used})
    frame = frame[(documents >= FLOOR) | (used > 0)].sort_values(["documents", "term"], ascending=[False, True])
    kept = counts[:, frame.index.to_numpy()]
    kept.sort_indices()
    return frame.reset_index(drop=True), kept


def _sum(matrix, axis):
    return np.asarray(matrix.sum(axis=axis)).ravel()


def _documents(archive, states, counts, kept):
    """Return the rostrum's rows of documents.csv, in order of doc_id."""
    frame = archive.frame[["doc_id", "state", "sha256"]].copy()
    unknown = set(frame["state"]) - set(states.index)
    if unknown:
        raise SourceError(f"states.csv has no name for {sorted(unknown)}; add a row for each")
    frame["session"] = frame["doc_id"].str[-7:-5].astype("Int16")
    frame["year"] = frame["doc_id"].str[-4:].astype(int)
    spoke = archive.speakers.assign(doc_id=_key(archive.speakers)).drop_duplicates("doc_id").set_index("doc_id")
    spoke = spoke.reindex(frame["doc_id"])[["speaker", "post"]].fillna("")
    tokens, terms = _sum(counts, 1), np.diff(counts.indptr)
    frame = frame.assign(
        register="rostrum",
        date=frame["year"].astype(str),
        era=[sources.era(year) for year in frame["year"]],
        speaker=spoke["speaker"].to_numpy(),
        post=spoke["post"].to_numpy(),
        rank=[sources.rank(post) for post in spoke["post"]],
        title=frame["state"].map(states) + " in the General Debate of " + frame["year"].astype(str),
        tokens=tokens,
        terms=terms,
        rare_tokens=tokens - _sum(kept, 1),
        rare_terms=terms - np.diff(kept.indptr),
        source_file=frame["doc_id"] + ".txt",
        **sources.UNGDC,
    )
    return frame[list(schemas.SCHEMAS["documents"].columns)]


def _profiles(profiles, position, rows):
    """Count what :func:`manyvectors.chunks.profile` found: the table of segments, its terms, the collocates."""
    profiles = [job.result() for job in profiles]
    segments = [segment for found, _ in profiles for segment in found]
    around = [near for _, found in profiles for near in found]
    counts, rare = _matrix([tokens for _, tokens in segments], position)
    table = pd.DataFrame({"doc_id": [doc_id for doc_id, _ in segments]})
    number = (table.groupby("doc_id").cumcount() + 1).astype(str).str.zfill(2)
    table.insert(0, "segment_id", table["doc_id"] + "_" + number)
    table = table.assign(tokens=[len(tokens) for _, tokens in segments], rare_tokens=rare)
    collocates = _long(_matrix([tokens for _, _, tokens in around], position)[0], "pair", "term")
    keys = np.array([(rows[doc_id], node) for doc_id, node, _ in around], np.int32).reshape(-1, 2)
    keys = keys[collocates.pop("pair")]
    collocates.insert(0, "document", keys[:, 0])
    collocates.insert(1, "node", keys[:, 1])
    return table, _long(counts, "segment", "term"), collocates


def _matrix(rows, position):
    """Count tokens of the vocabulary in lists of tokens; return the matrix and the tokens outside it, per row."""
    columns = [[position[token] for token in row if token in position] for row in rows]
    bounds = np.concatenate([[0], np.cumsum([len(row) for row in columns])])
    flat = np.array([column for row in columns for column in row], np.int32)
    counts = sparse.csr_matrix((np.ones(len(flat), np.int32), flat, bounds), (len(rows), len(position)))
    counts.sum_duplicates()
    return counts, np.array([len(row) for row in rows]) - np.diff(bounds)


def _long(matrix, rows, columns):
    """Turn a sparse matrix into a table of its non-zero cells, row by row, columns ascending."""
    matrix.sort_indices()
    row = np.repeat(np.arange(matrix.shape[0], dtype=np.int32), np.diff(matrix.indptr))
    return pd.DataFrame({rows: row, columns: matrix.indices.astype(np.int32), "count": matrix.data.astype(np.int32)})


def _other(folder, phrases):
    """Count the documents that are not speeches: rows of documents.csv, terms, phrases, terms of the extract."""
    documents, terms, counted, extract = [], [], [], []
    for doc_id, (raw, body) in sources.other_texts(folder).items():
        if doc_id == sources.EXTRACT:
            extract = _sections(body)
        entry, body = sources.OTHER[doc_id], text.clean(body)
        counts = Counter(text.tokenise(body))
        year = entry["year"]
        documents.append(
            {
                **{"doc_id": doc_id, "state": "KAZ", "session": pd.NA, "era": sources.era(year)},
                **{key: entry[key] for key in ("register", "year", "date", "title", "grade", "licence", "citation")},
                **{"speaker": "", "post": "", "rank": "unknown", "source": entry["source"]},
                **{"tokens": counts.total(), "terms": len(counts), "rare_tokens": 0, "rare_terms": 0},
                **{"source_file": entry["file"], "sha256": sha256(raw).hexdigest()},
            }
        )
        terms += [(doc_id, term, n) for term, n in sorted(counts.items())]
        counted += [(doc_id, phrase, n) for phrase, n in text.count_phrases(body, phrases).items()]
    return (
        pd.DataFrame(documents)[list(schemas.SCHEMAS["documents"].columns)].astype({"session": "Int16"}),
        pd.DataFrame(terms, columns=["doc_id", "term", "count"]),
        pd.DataFrame(counted, columns=["doc_id", "phrase", "count"]),
        pd.DataFrame(extract, columns=["section", "term", "count"]),
    )


def _sections(body):
    """Count the terms of each section of the extract: (section, term, count)."""
    return [
        (section, term, n)
        for section, part in sources.sections(body).items()
        for term, n in sorted(Counter(text.tokenise(text.clean(part))).items())
    ]


def _carried(data, phrases):
    """Take the counts of documents whose texts are not given from the shipped tables."""
    try:
        documents, terms, counted, extract = (
            schemas.read(name, data) for name in ("documents", "other-terms", "other-phrases", "extract-terms")
        )
    except FileNotFoundError as error:
        raise SourceError(f"{error.filename} is missing, so the five other documents cannot be carried over") from None
    new = set(phrases) - set(counted["phrase"])
    if new:
        raise SourceError(
            f"phrases.csv has {len(new)} phrases (such as {min(new)!r}) never counted in the five other documents; "
            "give their folder as well (--other)"
        )
    order = {phrase: i for i, phrase in enumerate(phrases)}
    counted = counted[counted["phrase"].isin(order)]
    counted = counted.sort_values("phrase", key=lambda p: p.map(order), kind="stable")
    counted = counted.sort_values("doc_id", key=lambda d: d.map(list(sources.OTHER).index), kind="stable")
    return documents[documents["register"] != "rostrum"], terms, counted.reset_index(drop=True), extract


def write(tables, folder, kept=None):
    """Write tables and ``datapackage.json`` into a folder: all of them, or, on any error, none.

    Parameters
    ----------
    tables : dict
        From :func:`build`; without any, only the description is written anew.
    folder : path-like
        Existing files of the same names are replaced, one rename each, after every file has been written.
    kept : path-like, optional
        Folder of the tables kept by hand, which the description names too: by default ``folder``.

    Raises
    ------
    ValueError
        If a table that is not written anew cannot be read or breaks the rules of :mod:`manyvectors.schemas`.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    kept = Path(kept or folder)
    # What the description notes the hash of is not checked again when it is read, so it is checked here.
    for name in schemas.SCHEMAS.keys() - tables.keys():
        path = kept / schemas.file_name(name)
        if not path.is_file():
            continue
        try:
            schemas.read(name, kept)
        except Exception as error:
            raise ValueError(f"{path} breaks the rules of its table ({one_line(error)}); nothing was written") from None
    with tempfile.TemporaryDirectory(dir=folder, prefix=".build-") as made:
        for name, table in tables.items():
            path = Path(made) / schemas.file_name(name)
            if name in schemas.PARQUET:
                _write_parquet(table, path)
            else:
                table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
        described = schemas.package_json(__version__, made, kept)
        (Path(made) / "datapackage.json").write_text(described, encoding="utf-8", newline="\n")
        _swap_in(Path(made), folder)


def _swap_in(made, folder):
    """Move every file of one folder into another; put the old ones back if any move fails."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".old-") as kept:
        done = []
        try:
            for path in sorted(made.iterdir()):
                target, old = folder / path.name, Path(kept) / path.name
                if target.exists():
                    target.replace(old)
                done.append((target, old))
                path.replace(target)
        except BaseException:
            for target, old in done:
                target.unlink(missing_ok=True)
                if old.exists():
                    old.replace(target)
            raise


def _write_parquet(table, path):
    # Sorted integers as packed differences, then compressed: a cell of the big table takes little more than a byte.
    pq.write_table(
        pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(),
        path,
        compression="zstd",
        compression_level=3,
        use_dictionary=False,
        column_encoding=dict.fromkeys(table.columns, "DELTA_BINARY_PACKED"),
        write_statistics=False,
    )


def verify(texts, data, other=None, most=5):
    """Rebuild the tables and compare them with the shipped ones.

    Parameters
    ----------
    texts, data, other
        As for :func:`build`.
    most : int
        How many differing cells to name in each table.

    Returns
    -------
    list of str
        One line for each difference, naming table, document and term; empty if every file is equal byte for byte.
    """
    data, found = Path(data), []
    with tempfile.TemporaryDirectory() as folder:
        tables = build(texts, data, other)
        write(tables, folder, data)
        for rebuilt in sorted(Path(folder).iterdir()):
            shipped = data / rebuilt.name
            if not shipped.is_file():
                found.append(f"{rebuilt.name}: missing from {data}")
            elif shipped.read_bytes() != rebuilt.read_bytes():
                found += _differences(rebuilt.stem, data, folder, most) or [
                    f"{rebuilt.name}: same content, other bytes (written by other versions of the libraries?)"
                ]
    return found


_KEYS = {"speakers": ["year", "state", "speaker"], "hyphens": ["left", "right"], "report": ["step", "what"]}


def _differences(name, data, folder, most):
    """Name the rows in which a shipped table and its rebuild differ."""
    if name not in schemas.SCHEMAS:
        return []
    try:
        shipped = _readable(name, data, data)
    except Exception as error:
        return [f"{name}: the shipped file cannot be read ({type(error).__name__}: {str(error).splitlines()[0]})"]
    keys = _KEYS.get(name) or ([c for c in shipped if c != "count"] if "count" in shipped else [shipped.columns[0]])
    both = shipped.merge(_readable(name, folder, data), on=keys, how="outer", suffixes=("", " rebuilt"), indicator=True)
    lines = []
    for column in shipped.columns.difference(keys, sort=False):
        old, new = both[column], both[f"{column} rebuilt"]
        for i in both.index[(old != new).fillna(True) & ~(old.isna() & new.isna())]:
            where = " / ".join(str(both.at[i, key]) for key in keys)
            lines.append(f"{name}: {where}: {column}: shipped {_cell(old[i])}, rebuilt {_cell(new[i])}")
    return [*lines[:most], *([f"{name}: and {len(lines) - most} more"] if len(lines) > most else [])]


def _readable(name, folder, registries):
    """Read a table with names in place of positions."""
    frame = schemas.read(name, folder)
    refers = {
        "document": ("documents", folder),
        "term": ("rostrum-vocabulary", folder),
        "segment": ("rostrum-segments", folder),
        "phrase": ("phrases", registries),
        "node": ("nodes", registries),
    }
    if name in schemas.PARQUET:
        for column in frame.columns.intersection(list(refers)):
            names = schemas.read(refers[column][0], refers[column][1]).iloc[:, 0].to_numpy()
            frame[column] = names[frame[column]]
    return frame


def _cell(value):
    return "nothing" if pd.isna(value) else repr(value.item() if isinstance(value, np.generic) else value)
