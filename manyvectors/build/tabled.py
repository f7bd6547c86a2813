"""Counts of texts of one's own as a folder: tables, the description of each, and a data package over all."""

import pandas as pd
import pyarrow.compute as pc
import yaml

from .. import __version__
from ..corpus import reading, tables
from .batch import made_of
from .write import write_table

SIZES = {
    "tokens": "tokens, repeated ones included",
    "terms": "different tokens",
    "rare_tokens": "of the tokens, those of terms under the floor, which are left out of terms.parquet",
    "rare_terms": "of the different tokens, those under the floor",
}


def write(folder, spill, path, floor, phrases, hyphens, about, encoding, doc_id):
    """Write the tables of a :class:`manyvectors.build.spill.Spill` into an empty folder.

    ``folder``, ``path`` (pathlib.Path): where to, and what was read. ``hyphens`` (pandas.DataFrame or None): as
    :func:`text.line_ends`. The rest as :func:`manyvectors.build.large.counts`, and so what is returned.
    """
    found = spill.vocabulary.table().sort_by("term")
    kept = found.filter(pc.greater_equal(found["documents"], floor))
    known = _about(spill, path, about, encoding, doc_id)
    sizes = spill.write(folder, kept, phrases)
    sizes = sizes if floor > 1 else sizes[["tokens", "terms"]]
    own = reading.renamed(known, {"doc_id", *sizes.columns})
    documents = pd.concat([sizes, own], axis=1).reset_index()
    described = {"documents": _documents(documents, set(sizes)), "vocabulary": _VOCABULARY, "terms": _TERMS}
    write_table(documents, folder / "documents.csv")
    write_table(kept.to_pandas(), folder / "vocabulary.csv")
    if phrases:
        described |= {"phrases": _PHRASES, "phrase-counts": _PHRASE_COUNTS}
        write_table(pd.DataFrame({"phrase": phrases}), folder / "phrases.csv")
    if hyphens is not None:
        described["hyphens"] = _HYPHENS
        write_table(hyphens, folder / "hyphens.csv")
    if spill.skipped:
        described["skipped"] = _SKIPPED
        write_table(pd.DataFrame(spill.skipped, columns=["file", "reason"]), folder / "skipped.csv")
    for name, (said, fields, keys) in described.items():
        _describe(folder, name, said, fields, keys)
    order = {"documents": tables.order(documents["doc_id"]), "terms": tables.order(kept["term"].to_pylist())}
    counted = {"order": order, "floor": floor, "characters": spill.characters, "unicode": made_of()["unicode"]}
    package = tables.package(folder, __version__, counted)
    about = {
        "name": "counts",
        "title": f"Counts of the texts in {path.name}",
        "description": "How often each word stands in each document, as `python -m manyvectors counts` counted it. "
        "Whoever passes the tables on states a licence here: none is given with them.",
    }
    text = tables.as_json(
        {"profile": package.pop("profile"), **about, **{k: v for k, v in package.items() if k not in about}}
    )
    (folder / tables.PACKAGE).write_text(text, encoding="utf-8", newline="\n")
    return {
        "documents": len(documents),
        "terms": len(found),
        "tokens": int(sizes["tokens"].sum()),
        "characters": spill.characters,
        "skipped": spill.skipped,
    }


def _about(spill, path, about, encoding, doc_id):
    """Return the reader's columns, in their types."""
    known = reading.typed(spill.columns.frame())
    if about is None:
        return known
    spill.skipped = [pair for pair in spill.skipped if not reading._is_file(about, path, pair[0])]
    return reading._joined(known, about, encoding, doc_id)


def _field(name, kind, said, unit=None, dtype=None, refers=None, **constraints):
    entry = {"name": name, "type": kind, "dtype": dtype, "unit": unit, "refers": refers, "description": said}
    entry = {key: value for key, value in entry.items() if value is not None}
    return entry | ({"constraints": constraints} if constraints else {})


def _whole(name, said, unit, least=0, dtype="int64", **rest):
    return _field(name, "integer", said, unit, dtype, required=True, minimum=least, **rest)


def _place(name, of, by):
    said = f"position of the {name} in {of}.csv, from 0"
    return _whole(name, said, "position", 0, "int32", refers={"to": [of], "by": by})


_COUNT = _whole("count", "occurrences", "occurrences", 1, "int32")
_VOCABULARY = (
    "The different terms, in alphabetical order.",
    [
        _field("term", "string", "a token, in lower case", required=True),
        _whole("documents", "documents that hold it", "documents", 1),
        _whole("tokens", "times that it occurs", "tokens", 1),
    ],
    ["term"],
)
_TERMS = (
    "How often each term of vocabulary.csv occurs in each document.",
    [_place("document", "documents", "hash"), _place("term", "vocabulary", "hash"), _COUNT],
    ["document", "term"],
)
_PHRASES = (
    "The phrases that were counted.",
    [_field("phrase", "string", "* for any ending", required=True)],
    ["phrase"],
)
_PHRASE_COUNTS = (
    "How often each phrase of phrases.csv occurs in each document.",
    [_place("document", "documents", "hash"), _place("phrase", "phrases", "names"), _COUNT],
    ["document", "phrase"],
)
_HYPHENS = (
    "Words broken at a line end, and whether they are written as one.",
    [
        _field("left", "string", "letters before the hyphen", required=True),
        _field("right", "string", "letters at the start of the next line", required=True),
        _whole("times", "times that the word is broken there", "occurrences", 1),
        _whole("as_one", "times that the joined word stands elsewhere", "occurrences"),
        _whole("hyphenated", "times that the hyphenated word stands elsewhere", "occurrences"),
        _field("joined", "boolean", "whether it is counted without the hyphen", required=True),
    ],
    ["left", "right"],
)
_SKIPPED = (
    "What was not read.",
    [_field("file", "string", "the file or row", required=True), _field("reason", "string", "why", required=True)],
    [],
)


def _documents(frame, sizes):
    """Return the description of the documents, by the types of their columns."""
    fields = [_field("doc_id", "string", "name of the document: its file, or its row", required=True)]
    for name in frame.columns[1:]:
        if name in sizes:
            fields.append(_whole(name, SIZES[name], "tokens"))
        else:
            kind = {"i": "integer", "u": "integer", "f": "number", "b": "boolean"}.get(frame[name].dtype.kind, "string")
            dtype = str(frame[name].dtype) if kind == "integer" else None
            fields.append(_field(name, kind, "as it was given", dtype=dtype))
    return "The documents, in the order in which they were read.", fields, ["doc_id"]


def _describe(folder, name, said, fields, keys):
    ending = "parquet" if name in ("terms", "phrase-counts") else "csv"
    found = {"name": name, "path": f"{name}.{ending}", "description": said}
    found["minimumRows"] = 0
    found["schema"] = {"fields": fields, "missingValues": [""]} | ({"primaryKey": keys} if keys else {})
    content = yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=120)
    (folder / f"{name}.yaml").write_text(content, encoding="utf-8", newline="\n")
