"""The fields of every shipped table: names, types, descriptions and rules, written once.

The builder writes ``datapackage.json`` from these schemas, the loader checks tables against them, the
tests check both.
"""

import json
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
import pyarrow.parquet as pq

from .sources import ERAS, GRADES, RANKS, REGISTERS

SHA256 = pa.Check.str_matches(r"^[0-9a-f]{64}$")
COUNT = pa.Check.ge(0)
POSITIVE = pa.Check.ge(1)
YEAR = pa.Check.in_range(1946, 2100)
FILLED = pa.Check.str_length(min_value=1)
PART = pa.Check.in_range(0, 1)


def _column(kind, about, *checks, key=False, missing=False):
    return pa.Column(kind, checks=list(checks), description=about, unique=key, nullable=missing, coerce=True)


def _table(about, **columns):
    return pa.DataFrameSchema(columns, description=about, strict=True, ordered=True)


_DOCUMENT = "position of the document among the rostrum's rows of documents.csv, from 0"
_TERM = "position of the term in rostrum-vocabulary.csv, from 0"

SCHEMAS = {
    "documents": _table(
        "Every document of the book: all UN General Debate speeches 1992-2024, the 2020 Concept's extract, four "
        "texts by experts.",
        doc_id=_column(str, "STATE_SESSION_YEAR for a speech, a name for the others", key=True),
        register=_column(str, "doctrine, rostrum or expertise", pa.Check.isin(REGISTERS)),
        state=_column(str, "ISO 3166-1 alpha-3 code as in the corpus; EU for the European Union"),
        session=_column("Int16", "session of the General Assembly", pa.Check.in_range(1, 200), missing=True),
        year=_column("int16", "year of the debate or of the document", YEAR),
        date=_column(
            str,
            "ISO 8601 date, of reduced precision where the day is unknown",
            pa.Check.str_matches(r"^\d{4}(-\d\d){0,2}$"),
        ),
        era=_column(str, "edition of the Concept in force when the state spoke", pa.Check.isin(ERAS)),
        speaker=_column(str, "name as in the corpus's table of speakers; empty if it has no row"),
        post=_column(str, "post as in the corpus's table of speakers; empty if it has no row"),
        rank=_column(str, "the post sorted into six ranks by a rule of ours", pa.Check.isin(RANKS)),
        title=_column(str, "what the document is, in our words"),
        tokens=_column("int32", "number of tokens", POSITIVE),
        terms=_column("int32", "number of different tokens", POSITIVE),
        rare_tokens=_column("int32", "tokens whose term is under the floor and not in the term tables", COUNT),
        rare_terms=_column("int32", "number of such terms", COUNT),
        grade=_column(str, "grade of evidence of what is counted from it", pa.Check.isin(GRADES)),
        licence=_column(str, "licence of the text, as stated"),
        citation=_column(str, "key in book/references.bib; empty if none"),
        source=_column(str, "where the text was published"),
        source_file=_column(str, "name of the file that was counted"),
        sha256=_column(str, "SHA-256 of that file as counted", SHA256),
    ),
    "speakers": _table(
        "The corpus's table of speakers since 1992, white space collapsed.",
        year=_column("int16", "year of the debate", YEAR),
        session=_column("int16", "session of the General Assembly"),
        state=_column(str, "state code"),
        country=_column(str, "country as written in the source"),
        speaker=_column(str, "name as written in the source"),
        post=_column(str, "post as written in the source; empty if none"),
    ),
    "states": _table(
        "Names of the states and observers that spoke since 1992.",
        state=_column(str, "state code", key=True),
        name=_column(str, "short English name"),
    ),
    "phrases": _table(
        "The registered multiword terms and globs that are counted in every document.",
        phrase=_column(str, "lower-case words; * stands for any run of word characters and hyphens", key=True),
        lists=_column(str, "names of the lists it belongs to, separated by semicolons"),
    ),
    "nodes": _table(
        "The node terms whose collocates are counted.",
        node=_column(str, "a phrase, written as in phrases.csv", key=True),
        why=_column(str, "why it is a node"),
    ),
    "topic-labels": _table(
        "What the topics of chapters 05 to 07 were taken to be about, and on what evidence.",
        recipe=_column(str, "hash of the preprocessing recipe", pa.Check.str_matches(r"^[0-9a-f]{8}$")),
        topics=_column("int16", "number of topics of the model", POSITIVE),
        label=_column(str, "name in our words; empty if none fits"),
        terms=_column(str, "leading FREX terms it was read from, separated by semicolons", FILLED),
        exemplars=_column(str, "leading segments it was read from, separated by semicolons", FILLED),
        argument=_column(str, "why this name, or why none", FILLED, key=True),
        seeds=_column(float, "part of twenty other seeds in which the topic recurs", PART),
        recipes=_column(float, "part of sixteen recipes in which the topic recurs", PART),
        coherence=_column(float, "NPMI of its ten leading terms over the segments", pa.Check.in_range(-1, 1)),
        noise=_column(float, "largest NPMI of any topic of shuffled words", pa.Check.in_range(-1, 1)),
    ),
    "hyphens": _table(
        "Words broken at a line end in the speeches since 1992, and what became of them.",
        left=_column(str, "part before the line end"),
        right=_column(str, "part after it"),
        times=_column("int32", "how often", POSITIVE),
        as_one=_column("int32", "how often the joined word stands elsewhere in the corpus", COUNT),
        hyphenated=_column("int32", "how often the hyphenated word stands elsewhere", COUNT),
        joined=_column(bool, "true: rejoined without the hyphen, since elsewhere it is mostly written as one"),
    ),
    "rostrum-years": _table(
        "Speeches a year in the whole archive since 1946, and the word that is hardly ever said.",
        year=_column("int16", "year of the debate", YEAR, key=True),
        session=_column("int16", "session of the General Assembly"),
        speeches=_column("int16", "speeches in the archive", POSITIVE),
        multi_vector=_column("int16", "speeches with multi-vector in any spelling", COUNT),
        spoken_by=_column(str, "states that said it, separated by spaces"),
    ),
    "rostrum-vocabulary": _table(
        "Terms kept in the rostrum's tables: in three or more speeches, or in any of Kazakhstan's.",
        term=_column(str, "lower-case token", key=True),
        documents=_column("int32", "speeches in which it occurs", POSITIVE),
        tokens=_column("int32", "times it occurs", POSITIVE),
        kazakhstan=_column("int32", "times it occurs in Kazakhstan's speeches", COUNT),
    ),
    "rostrum-terms": _table(
        "How often each term occurs in each speech.",
        document=_column("int32", _DOCUMENT, COUNT),
        term=_column("int32", _TERM, COUNT),
        count=_column("int32", "occurrences", POSITIVE),
    ),
    "rostrum-phrases": _table(
        "How often each registered phrase occurs in each speech.",
        document=_column("int32", _DOCUMENT, COUNT),
        phrase=_column("int32", "position of the phrase in phrases.csv, from 0", COUNT),
        count=_column("int32", "occurrences", POSITIVE),
    ),
    "rostrum-segments": _table(
        "Segments (whole sentences, 120 tokens or more) of the speeches of eight states.",
        segment_id=_column(str, "doc_id and number of the segment in it, from 1", key=True),
        doc_id=_column(str, "the speech"),
        tokens=_column("int32", "number of tokens", POSITIVE),
        rare_tokens=_column("int32", "tokens whose term is under the floor", COUNT),
    ),
    "rostrum-segment-terms": _table(
        "How often each term occurs in each segment.",
        segment=_column("int32", "position of the segment in rostrum-segments.csv, from 0", COUNT),
        term=_column("int32", _TERM, COUNT),
        count=_column("int32", "occurrences", POSITIVE),
    ),
    "rostrum-collocates": _table(
        "How often each term stands within five tokens of a node, in the speeches of eight states.",
        document=_column("int32", _DOCUMENT, COUNT),
        node=_column("int32", "position of the node in nodes.csv, from 0", COUNT),
        term=_column("int32", _TERM, COUNT),
        count=_column("int32", "occurrences", POSITIVE),
    ),
    "other-terms": _table(
        "How often each term occurs in each document that is not a speech.",
        doc_id=_column(str, "the document"),
        term=_column(str, "lower-case token"),
        count=_column("int32", "occurrences", POSITIVE),
    ),
    "other-phrases": _table(
        "How often each registered phrase occurs in each document that is not a speech, zeros included.",
        doc_id=_column(str, "the document"),
        phrase=_column(str, "phrase as in phrases.csv"),
        count=_column("int32", "occurrences", COUNT),
    ),
    "report": _table(
        "What the builder dropped, mended or found missing.",
        step=_column(str, "stage of the work"),
        what=_column(str, "what was done or found"),
        count=_column("int32", "how many", COUNT),
        example=_column(str, "up to three cases"),
    ),
    "lancet-countdown-2023": _table(
        "Published counts to replicate: speeches a year that mention climate change, health, and both.",
        year=_column("int16", "year of the debate", YEAR, key=True),
        speeches=_column("int16", "speeches", POSITIVE),
        climate=_column("int16", "speeches that mention climate change", COUNT),
        health=_column("int16", "speeches that mention health", COUNT),
        intersection=_column("int16", "speeches that mention both within 25 words", COUNT),
    ),
}

# Tables the builder makes; the rest are inputs kept by hand.
DERIVED = (
    *("documents", "speakers", "hyphens", "rostrum-years", "rostrum-vocabulary", "rostrum-terms", "rostrum-phrases"),
    *("rostrum-segments", "rostrum-segment-terms", "rostrum-collocates", "other-terms", "other-phrases", "report"),
)
PARQUET = ("rostrum-terms", "rostrum-phrases", "rostrum-segment-terms", "rostrum-collocates")
_FRICTIONLESS = {"str": "string", "string": "string", "bool": "boolean", "float64": "number"}


def file_name(table):
    """Return the file name of a table."""
    return f"{table}.{'parquet' if table in PARQUET else 'csv'}"


def read(table, folder):
    """Read one table and check it against its schema.

    Parameters
    ----------
    table : str
        A key of :data:`SCHEMAS`.
    folder : path-like

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    FileNotFoundError, ValueError, pandera.errors.SchemaError, pyarrow.ArrowInvalid
        As they come; :func:`manyvectors.corpus.load` turns them into one message with a remedy.
    """
    path = Path(folder) / file_name(table)
    if table in PARQUET:
        # Positions are checked by the corpus, which knows the lengths of the tables they refer to.
        return pq.read_table(path, columns=list(SCHEMAS[table].columns)).to_pandas()
    # "null", "nan" and "none" are words here: only the empty field of an integer column means missing.
    frame = pd.read_csv(path, keep_default_na=False, na_values={"session": [""]}, encoding="utf-8")
    return SCHEMAS[table].validate(frame)


def package(version):
    """Return the Frictionless data package descriptor as a dict.

    Parameters
    ----------
    version : str
        Of the book.
    """
    return {
        "profile": "data-package",
        "name": "many-vectors",
        "title": "Many Vectors: extracted features of Kazakhstan's foreign policy texts and of the UN General Debate",
        "version": version,
        "description": "Counts, not texts: how often each term occurs in each document, segment and phrase list.",
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "title": "Creative Commons Attribution 4.0",
                "path": "https://creativecommons.org/licenses/by/4.0/",
            }
        ],
        "sources": [
            {"title": "United Nations General Debate Corpus", "path": "https://doi.org/10.7910/DVN/0TJX8Y"},
            {"title": "Lancet Countdown 2023, yearly counts", "path": "https://github.com/sjankin/lancet"},
        ],
        "resources": [_resource(name, schema) for name, schema in SCHEMAS.items()],
    }


def _resource(name, schema):
    fields, keys = [], []
    for column, spec in schema.columns.items():
        kind = str(spec.dtype).lower().partition("[")[0]
        field = {"name": column, "type": _FRICTIONLESS.get(kind, "integer"), "description": spec.description}
        if not spec.nullable and field["type"] != "string":
            field["constraints"] = {"required": True}
        fields.append(field)
        if spec.unique:
            keys.append(column)
    path = file_name(name)
    resource = {
        "name": name,
        "path": path,
        "profile": "tabular-data-resource" if path.endswith(".csv") else "data-resource",
        "format": path.rpartition(".")[2],
        "description": schema.description,
        "schema": {"fields": fields, "missingValues": [""]} | ({"primaryKey": keys} if keys else {}),
    }
    return resource | ({"encoding": "utf-8"} if path.endswith(".csv") else {})


def package_json(version):
    """Return :func:`package` as the text of ``datapackage.json``."""
    return json.dumps(package(version), indent=2, ensure_ascii=False) + "\n"
