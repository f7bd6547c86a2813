"""The fields of every shipped table: names, types, descriptions and rules, written once.

The builder writes ``datapackage.json`` from these schemas, with the hash of every file; the loader checks tables
against them unless they still have that hash; the tests check both.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from .sources import ERAS, GRADES, RANKS, REGISTERS, SECTIONS


@dataclass(frozen=True)
class Column:
    """A field of a table: its type (of Python or pandas), what it is, and pandera's checks on it."""

    kind: type | str
    description: str
    checks: tuple
    unique: bool
    nullable: bool


@dataclass(frozen=True)
class Table:
    """What is known of a table: what it is, rules over several fields, and its columns by name."""

    description: str
    checks: tuple
    columns: dict

    @cached_property
    def _schema(self):
        # Takes a third of a second to load, which readers of unchanged files need not pay.
        import pandera.pandas as pa

        def checks(of):
            return [make(pa.Check) for make in of.checks]

        columns = {
            name: pa.Column(
                column.kind, checks=checks(column), nullable=column.nullable, unique=column.unique, coerce=True
            )
            for name, column in self.columns.items()
        }
        return pa.DataFrameSchema(columns, checks=checks(self), strict=True, ordered=True)

    def validate(self, frame):
        """Return a table with the types of its columns.

        Raises
        ------
        pandera.errors.SchemaError
            If a column is missing, is one too many, stands in another place, or holds what it must not.
        """
        return self._schema.validate(frame)


def _check(name, *args, **kwargs):
    """Return what makes one of pandera's checks, by its name."""
    return lambda check: getattr(check, name)(*args, **kwargs)


def _rule(holds, error):
    """Return what makes a check of our own: a function of the table, and what is wrong where it is not true."""
    return lambda check: check(holds, error=error)


SHA256 = _check("str_matches", r"^[0-9a-f]{64}$")
COUNT = _check("ge", 0)
POSITIVE = _check("ge", 1)
YEAR = _check("in_range", 1946, 2100)
FILLED = _check("str_length", min_value=1)
PART = _check("in_range", 0, 1)
FLAG = _check("isin", (0, 1))
INTEGRITY_KINDS = ("resolution", "motion")

# What is known of the Concepts themselves, of which only one could be read in part: codes of ours and their meaning.
EDITIONS = ("1995", "2001", "2005", "2009", "2014", "2020")
FACTS = {
    "year": "year that a source gives the edition",
    "first": "which edition a source takes for the first",
    "act": "number of the approving decree",
    "approved": "when the edition was approved",
    "published": "when the text came out",
    "in force": "from when the edition holds",
    "repealed": "what ended it, and when",
    "term": "years for which it was meant to hold",
    "signatory": "who signed it",
    "minister": "foreign minister of the time",
    "author": "who wrote it",
    "ordered": "when the president asked for a new edition",
    "draft": "what is known of its draft",
    "public": "whether the text was open to the public",
    "languages": "languages in which it came out",
    "length": "how long it is",
    "genre": "what it was likened to",
    "chapters": "number of chapters",
    "structure": "what its parts are, or lack",
    "ranking": "whether it ranks partners",
    "later": "what was said of it afterwards",
    "practice": "what the policy of its years was said to be",
    "foundations": "what came before the first Concept",
    "foreign service": "when the ministry got its statute",
    "setting": "relations when the first Concept was made",
    "multi-vectorism begins": "when the course or its name is said to begin",
    "nuclear arms gone": "when the Soviet nuclear arms had left",
    "diplomatic partners": "number of states with diplomatic relations",
    "OECD": "standing in the Organisation for Economic Co-operation and Development",
}
CATEGORIES = {
    "situation": "an element of the picture of the world",
    "principle": "a principle",
    "goal": "a goal",
    "task": "a task",
    "partner": "a partner, with its place or label",
    "instrument": "a means of carrying the edition out",
    "feature": "anything else that is said to mark the edition",
}
THEMES = (
    *("sovereignty", "security and peace", "threats", "order and multilateralism", "Central Asia", "Russia", "China"),
    *("West", "other partners", "economy", "citizens and diaspora", "identity and image"),
    *("multi-vectorism and balance", "pragmatism and interests", "equality and benefit", "continuity"),
    "implementation",
)
STATUSES = {
    "text": "read in a translation of the act",
    "draft": "reported of the draft, not of the final text",
    "reported": "reported by others",
}
CODINGS = ("", "order of mention", "declared focus", "label")
KINDS = {
    "document": "read in the document",
    "report": "a report or an article on it",
    "expert": "a scholar or a university",
    "official": "an office-holder",
}
MARKS = {
    "official text seen": "read in a translation of the act",
    "secondary": "reported by a scholar, a journalist, an official or a textbook",
    "conflicting": "reported so, and otherwise by another source",
}
CLAIM_THEMES = (
    *("editions", "words", "vectors", "region", "votes", "trade and ties", "security", "integration"),
    "style and standing",
)
WRITTEN = {
    "": "no rule, untestable",
    "before": "before any of its numbers was computed",
    "outcome known": "before, but its source or the news had told the outcome",
    "with the tables in view": "by hand, the coded reports having been read",
    "outcome known, mended": "the same, and mended when the numbers of a first draft were known",
    "after a draft": "when the numbers of a first draft were known",
}
PLACE_KINDS = {
    "state": "a state or disputed territory, by any of its names",
    "capital": "a city or seat that mostly stands for the government",
    "demonym": "a people or an adjective; hyphenated pairs name two places",
    "organisation": "a body, group or initiative",
    "region": "a part of the world",
    "decoy": "words that are no mention of a place, listed to take shorter entries away",
}
VECTORS = (
    *("Russia and Eurasian bodies", "China", "West", "Central Asia", "Turkic and Islamic", "Asia-Pacific", "others"),
    "universal bodies",
)
POWERS = (
    *("Russia", "China", "United States", "Europe and other West", "Central Asia", "Turkic and Islamic"),
    *("Asia-Pacific", "others", "universal bodies"),
)
DAY = _check("str_matches", r"^(\d{4}-\d\d-\d\d)?$")


def _column(kind, about, *checks, key=False, missing=False):
    return Column(kind, about, checks, key, missing)


def _table(about, *checks, **columns):
    return Table(about, checks, columns)


def _rival():
    """Columns that say which reading of which conflict between sources a row is."""
    return {
        "conflict": _column(
            str,
            "number of the conflict between sources, C1 to C13; empty if none",
            _check("str_matches", r"^(C\d\d?)?$"),
        ),
        "reading": _column(
            str,
            "which of the rival readings of the conflict this row gives, from A; the same letter in every table",
            _check("str_matches", r"^[A-Z]?$"),
        ),
    }


def _evidence():
    """Columns that say where a coded row was read and how far it can be trusted."""
    return {
        "source": _column(str, "key in book/references.bib of what was read", FILLED),
        "mark": _column(str, f"how it is known: {_meanings(MARKS)}", _check("isin", MARKS)),
        "grade": _column(str, "grade of evidence", _check("isin", GRADES)),
    }


def _meanings(codes):
    return "; ".join(f"{code} ({meaning})" for code, meaning in codes.items())


def _rendering(where):
    return _column("int16", f"times in the translation at {where}", COUNT)


_READINGS = _rule(
    lambda frame: (frame["conflict"] == "") == (frame["reading"] == ""),
    error="a conflict needs a reading and a reading a conflict",
)
_CONFLICTING = _rule(
    lambda frame: (frame["mark"] != "conflicting") | (frame["conflict"] != ""),
    error="a row marked conflicting must name the conflict",
)
_RANGE = _rule(
    lambda frame: ((frame["earliest"] == "") == (frame["latest"] == "")) & (frame["earliest"] <= frame["latest"]),
    error="earliest and latest must both be given, in this order, or neither",
)


_RULED = _rule(
    lambda frame: (
        ((frame["untestable"] == "") == (frame["supported_if"] + frame["contradicted_if"] != ""))
        & ((frame["untestable"] == "") == (frame["measure"] != ""))
        & ((frame["untestable"] == "") == (frame["written"] != ""))
    ),
    error="a claim has a measure and rules, or a reason why it is untestable, and not both",
)

_DOCUMENT = "position of the document among the rostrum's rows of documents.csv, from 0"
_TERM = "position of the term in rostrum-vocabulary.csv, from 0"

SCHEMAS = {
    "documents": _table(
        "Every document of the book: all UN General Debate speeches 1992-2024, the 2020 Concept's extract, four "
        "texts by experts.",
        doc_id=_column(str, "STATE_SESSION_YEAR for a speech, a name for the others", key=True),
        register=_column(str, "doctrine, rostrum or expertise", _check("isin", REGISTERS)),
        state=_column(str, "ISO 3166-1 alpha-3 code as in the corpus; EU for the European Union"),
        session=_column("Int16", "session of the General Assembly", _check("in_range", 1, 200), missing=True),
        year=_column("int16", "year of the debate or of the document", YEAR),
        date=_column(
            str,
            "ISO 8601 date, of reduced precision where the day is unknown",
            _check("str_matches", r"^\d{4}(-\d\d){0,2}$"),
        ),
        era=_column(str, "edition of the Concept in force when the state spoke", _check("isin", ERAS)),
        speaker=_column(str, "name as in the corpus's table of speakers; empty if it has no row"),
        post=_column(str, "post as in the corpus's table of speakers; empty if it has no row"),
        rank=_column(str, "the post sorted into six ranks by a rule of ours", _check("isin", RANKS)),
        title=_column(str, "what the document is, in our words"),
        tokens=_column("int32", "number of tokens", POSITIVE),
        terms=_column("int32", "number of different tokens", POSITIVE),
        rare_tokens=_column("int32", "tokens whose term is under the floor and not in the term tables", COUNT),
        rare_terms=_column("int32", "number of such terms", COUNT),
        grade=_column(str, "grade of evidence of what is counted from it", _check("isin", GRADES)),
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
        recipe=_column(str, "hash of the preprocessing recipe", _check("str_matches", r"^[0-9a-f]{8}$")),
        topics=_column("int16", "number of topics of the model", POSITIVE),
        label=_column(str, "name in our words; empty if none fits"),
        terms=_column(str, "leading FREX terms it was read from, separated by semicolons", FILLED),
        exemplars=_column(str, "leading segments it was read from, separated by semicolons", FILLED),
        argument=_column(str, "why this name, or why none", FILLED, key=True),
        seeds=_column(float, "part of twenty other seeds in which the topic recurs", PART),
        recipes=_column(float, "part of sixteen recipes in which the topic recurs", PART),
        coherence=_column(float, "NPMI of its ten leading terms over the segments", _check("in_range", -1, 1)),
        noise=_column(float, "largest NPMI of any topic of shuffled words", _check("in_range", -1, 1)),
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
    "extract-terms": _table(
        "How often each term occurs in each section of the 2020 Concept's extract; the sections add up to its rows in "
        "other-terms.csv.",
        section=_column(str, "section, its heading and lead-in included", _check("isin", SECTIONS)),
        term=_column(str, "lower-case token"),
        count=_column("int32", "occurrences", POSITIVE),
    ),
    "report": _table(
        "What the builder dropped, mended or found missing.",
        step=_column(str, "stage of the work"),
        what=_column(str, "what was done or found"),
        count=_column("int32", "how many", COUNT),
        example=_column(str, "up to three cases"),
    ),
    "gazetteer": _table(
        "Which words name which place: states, their people and some capitals, organisations, regions. Of overlapping "
        "matches only the longest counts, so longer words that name no place are listed too, as decoys.",
        _rule(
            lambda frame: (frame["kind"] == "decoy") == (frame["place"] == ""),
            error="a decoy names no place and every other entry names one",
        ),
        phrase=_column(str, "lower-case words, as in phrases.csv", key=True),
        place=_column(
            str,
            "state code, or a short name; several, separated by semicolons, where the words name several; empty for "
            "a decoy",
        ),
        kind=_column(str, f"what kind of words: {_meanings(PLACE_KINDS)}", _check("isin", PLACE_KINDS)),
        why=_column(str, "why it is listed, or what to bear in mind", FILLED),
    ),
    "vectors": _table(
        "Which vector each place of the gazetteer belongs to, by four mappings that can be compared. The mapping is "
        "one of today for all years, drawn from Kazakhstan's point of view.",
        place=_column(str, "state code or short name, as in gazetteer.csv", FILLED, key=True),
        book=_column(str, "the book's mapping", _check("isin", VECTORS)),
        states=_column(
            str, "the same for states alone; empty for organisations and regions", _check("isin", (*VECTORS, ""))
        ),
        powers=_column(
            str, "Russia without bodies, and the United States apart from the other West", _check("isin", POWERS)
        ),
        rival=_column(str, "the book's mapping with the debatable places moved", _check("isin", VECTORS)),
        why=_column(str, "the argument, in our words", FILLED),
    ),
    "lancet-countdown-2023": _table(
        "Published counts to replicate: speeches a year that mention climate change, health, and both.",
        year=_column("int16", "year of the debate", YEAR, key=True),
        speeches=_column("int16", "speeches", POSITIVE),
        climate=_column("int16", "speeches that mention climate change", COUNT),
        health=_column("int16", "speeches that mention health", COUNT),
        intersection=_column("int16", "speeches that mention both within 25 words", COUNT),
    ),
    "editions": _table(
        "What is reported of the editions of the Foreign Policy Concept as documents, one row for each fact, reading "
        "and source. A fact of an edition without a row, such as the act, the day and the signatory of the editions "
        "of 1995, 2001 and 2005, was looked for and not found.",
        _READINGS,
        _CONFLICTING,
        _RANGE,
        edition=_column(
            str,
            "edition, named as its era; 2009 for the text ordered in 2008 of which no adoption is known; context for "
            "facts of no single edition",
            _check("isin", (*EDITIONS, "context")),
        ),
        fact=_column(str, f"what the row is about: {_meanings(FACTS)}", _check("isin", FACTS)),
        value=_column(str, "what the source gives: a date, a number, a name, or a few words of ours", FILLED),
        earliest=_column(str, "first day that the value allows, ISO 8601; empty if it is no date", DAY),
        latest=_column(str, "last day that the value allows, ISO 8601; empty if it is no date", DAY),
        **_rival(),
        **_evidence(),
        note=_column(str, "what to bear in mind, in our words; empty if nothing"),
    ),
    "provisions": _table(
        "What is reported of the content of the editions, one row for each provision, theme and source, in our words. "
        "No text of the editions before 2014 was seen, nor that of 2014; of 2020, an extract and the opening.",
        _READINGS,
        _CONFLICTING,
        edition=_column(
            str,
            "edition, named as its era; 2009 for the speech of November 2008 that ordered one, not a Concept",
            _check("isin", EDITIONS),
        ),
        category=_column(str, f"what the row holds: {_meanings(CATEGORIES)}", _check("isin", CATEGORIES)),
        number=_column(
            "Int16",
            "place in the order reported, from 1; the parts of one provision share it; empty if there is no order",
            POSITIVE,
            missing=True,
        ),
        provision=_column(str, "the provision in our words, of fourteen words at most", FILLED),
        theme=_column(str, "what it is about, by our coding", _check("isin", THEMES)),
        status=_column(str, f"where it stands: {_meanings(STATUSES)}", _check("isin", STATUSES)),
        coding=_column(str, "what makes the place or label of a partner; empty for the rest", _check("isin", CODINGS)),
        **_rival(),
        **_evidence(),
    ),
    "triads": _table(
        "The summaries of Kazakhstan's foreign policy in two to four words that circulate.",
        _READINGS,
        _CONFLICTING,
        year=_column("int16", "year in which it was said or written; 2022 by context", YEAR),
        edition=_column(str, "edition that it sums up; empty if none", _check("isin", (*EDITIONS, ""))),
        who=_column(str, "whose summary it is", FILLED),
        kind=_column(str, f"what kind of source: {_meanings(KINDS)}", _check("isin", KINDS)),
        words=_column(str, "the key terms in lower case, separated by semicolons", FILLED),
        **_rival(),
        **_evidence(),
    ),
    "decree280-openings": _table(
        "Terms of one passage, about 125 words from the opening of chapter 1 of the 2020 Concept, in four English "
        "renderings.",
        term=_column(str, "lower-case token", key=True),
        adilet_eng=_rendering("https://adilet.zan.kz/eng/docs/U2000000280"),
        ptrk_19822=_rendering("https://ptrk.qr-pib.kz/en/p/19822"),
        ptrk_19802=_rendering("https://ptrk.qr-pib.kz/en/p/19802"),
        times_tengri=_rendering("https://tengritimes.com/en/post/kazakhstan-s-diplomatic-influence"),
    ),
    "rollcalls": _table(
        "Roll calls of the General Assembly from August 1992 to 2023, in the order of date and number, after Voeten's "
        "data. Until 2002 the day in a date is mostly a number of the weekday, not of the month. Votes of spring and "
        "summer are few after 2015, and those of the emergency session on Ukraine are not in the source.",
        rcid=_column("int32", "number of the roll call in the source", POSITIVE, key=True),
        date=_column(str, "ISO 8601 date in the source", _check("str_matches", r"^\d{4}-\d\d-\d\d$")),
        session=_column("Int16", "session; empty if unknown", _check("in_range", 46, 100), missing=True),
        resolution=_column(str, "symbol of the resolution without A/RES/; empty if unknown, as after January 2020"),
        part=_column(
            str,
            "what was voted on, if not the whole, as far as the source marks it: not in 2014, 2015 and after 2017",
            _check("isin", ("", "paragraph", "amendment")),
        ),
        title=_column(str, "key words or the first eight words of the title in the source; empty if unknown"),
        me=_column("int8", "1 if on the Middle East", FLAG),
        nu=_column("int8", "1 if on nuclear arms and materials", FLAG),
        di=_column("int8", "1 if on arms control and disarmament", FLAG),
        hr=_column("int8", "1 if on human rights", FLAG),
        co=_column("int8", "1 if on colonialism; from 2019 the same as ec in the source", FLAG),
        ec=_column("int8", "1 if on economic development; from 2019 the same as co in the source", FLAG),
        note=_column(str, "defect of the row in the source; empty if none is known"),
    ),
    "voters": _table(
        "The states whose votes are in votes.parquet, with what is known to be wrong with a state's column.",
        state=_column(str, "state code", _check("str_matches", r"^[A-Z]{3}$"), key=True),
        name=_column(str, "short English name", FILLED),
        member_from=_column(
            str, "day of admission, if the source has absences before it that were none; else empty", DAY
        ),
        invalid_from=_column("Int16", "year from which the column is invalid; empty if it is not", YEAR, missing=True),
        why=_column(str, "what is wrong with the column in the source; empty if nothing is known"),
    ),
    "votes": _table(
        "What each state did in each roll call: the full grid, row by row.",
        rollcall=_column("int32", "position of the roll call in rollcalls.csv, from 0", COUNT),
        voter=_column("int32", "position of the state in voters.csv, from 0", COUNT),
        vote=_column(
            "int32", "1 yes, 2 abstain, 3 no, 8 absent, 9 not a member; Voeten's codes", _check("isin", (1, 2, 3, 8, 9))
        ),
    ),
    "agreement-check": _table(
        "Kazakhstan's agreement with thirteen states, computed by others from two sources: Voeten's data, and the "
        "votes in the United Nations Digital Library to 2021.",
        source=_column(str, "voeten or undl", _check("isin", ("voeten", "undl"))),
        year=_column("int16", "calendar year; 2024 and, for undl, 2021 are not whole", YEAR),
        partner=_column(str, "state code, or mean of all others", FILLED),
        rollcalls=_column("int16", "roll calls of the year", POSITIVE),
        n=_column("Int16", "joint votes; empty if not given", COUNT, missing=True),
        same=_column(float, "share of joint votes that are the same; empty if there is none", PART, missing=True),
        half=_column(float, "the same, where an abstention agrees by half", PART, missing=True),
        a_absent=_column(float, "share of roll calls without a vote of Kazakhstan", PART, missing=True),
        b_absent=_column(float, "share of roll calls without a vote of the partner", PART, missing=True),
        flag=_column(str, "what to bear in mind; empty if nothing"),
    ),
    "trade-partners": _table(
        "Kazakhstan's main trade partners as editions of the CIA World Factbook list them. The cut-off changes; a "
        "partner that is not listed is not one without trade. 2001, 2018, 2020 and 2021 are not to be had.",
        year=_column("int16", "year of the trade", YEAR),
        flow=_column(str, "exports or imports", _check("isin", ("exports", "imports"))),
        partner=_column(str, "short English name as in the source", FILLED),
        share=_column(float, "per cent of the flow; empty if not given", _check("in_range", 0, 100), missing=True),
        edition=_column("int16", "year of the edition", YEAR),
        flag=_column(
            str,
            "bloc (several states as one partner), omission (the list leaves out a large partner), slip (of the name); "
            "empty if nothing",
            _check("isin", ("", "bloc", "omission", "slip")),
        ),
        note=_column(str, "what the flag is about, in our words"),
    ),
    "shared-memberships": _table(
        "International organisations that Kazakhstan shares with thirteen states, 1991 to 2014, after the Correlates "
        "of War data on intergovernmental organisations, version 3.0, as packaged in peacesciencer.",
        _rule(lambda frame: frame["shared"] <= frame["full"], error="more shared memberships than memberships"),
        year=_column("int16", "year", YEAR),
        partner=_column(str, "state code", _check("str_matches", r"^[A-Z]{3}$")),
        shared=_column("int16", "organisations of which both are full members", COUNT),
        full=_column("int16", "organisations of which Kazakhstan is a full member", POSITIVE),
        any=_column("int16", "organisations in which Kazakhstan has any standing", POSITIVE),
        share=_column(float, "shared as a part of full, rounded", PART),
    ),
    "alliances": _table(
        "Obligations that bind Kazakhstan and another state by treaty, 1991 to 2018, after ATOP 5 as packaged in "
        "peacesciencer. Uzbekistan's defence obligation is coded without a break, which needs checking.",
        year=_column("int16", "year", YEAR),
        partner=_column(
            str,
            "state code; COW315 is Czechoslovakia, which has none",
            _check("str_matches", r"^([A-Z]{3}|COW\d+)$"),
        ),
        defence=_column("int8", "1 if each must help the other when attacked", FLAG),
        offence=_column("int8", "1 if each must help the other when attacking", FLAG),
        neutrality=_column("int8", "1 if each must stay neutral", FLAG),
        nonaggression=_column("int8", "1 if neither may attack the other", FLAG),
        consultation=_column("int8", "1 if they must consult in a crisis", FLAG),
    ),
    "organisations": _table(
        "International organisations that editions of the CIA World Factbook list for Kazakhstan.",
        edition=_column("int16", "year of the edition", YEAR),
        organisation=_column(str, "abbreviation as in the edition; some changed over the years", FILLED),
        status=_column(str, "standing as written in the edition; listed if it gives none", FILLED),
    ),
    "china-visits": _table(
        "Visits and exchanges between Kazakhstan and China a year, after AidData's dashboard of China's public "
        "diplomacy, version 2.0. Empty is not zero.",
        year=_column("int16", "year", YEAR, key=True),
        government=_column("Int16", "visits of governments", COUNT, missing=True),
        military=_column("Int16", "visits of the military", COUNT, missing=True),
        visits=_column("Int16", "visits of either kind", COUNT, missing=True),
        confucius_institutes=_column("Int16", "Confucius Institutes as the source counts them", COUNT, missing=True),
        students=_column("Int32", "students from Kazakhstan in China", COUNT, missing=True),
    ),
    "integrity-votes": _table(
        "Roll calls on the territorial integrity of Azerbaijan, Georgia and Ukraine, kept by hand: those that symbol, "
        "or date and published tally, identify without doubt. Those of the emergency session of 2022-23 are not in "
        "the source of the votes.",
        rcid=_column("int32", "number of the roll call, as in rollcalls.csv", POSITIVE, key=True),
        resolution=_column(str, "symbol, as in rollcalls.csv; empty if it has none"),
        date=_column(str, "day of the vote as published", _check("str_matches", r"^\d{4}-\d\d-\d\d$")),
        conflict=_column(str, "whose territory", _check("isin", ("Nagorno-Karabakh", "Georgia", "Ukraine"))),
        kind=_column(
            str, "resolution, or motion not to act on one (yes is a vote against it)", _check("isin", INTEGRITY_KINDS)
        ),
        text=_column(str, "what it is about, in eight words of ours at most", FILLED),
        yes=_column("int16", "published number of votes in favour", COUNT),
        no=_column("int16", "published number against", COUNT),
        abstain=_column("int16", "published number of abstentions", COUNT),
        why=_column(str, "what identifies it, and where the votes differ from the tally", FILLED),
        source=_column(str, "key in book/references.bib of where the tally was read", FILLED),
    ),
    "claims": _table(
        "The claims that the book tests, with the rules that decide; results are never stored, see claims.ledger().",
        _RULED,
        claim=_column(int, "number of the claim", _check("ge", 1), key=True),
        old=_column(
            str,
            "its name in the first edition, empty if it had none. A: read in the documents of the corpus; B: in "
            "commentary on the Concepts; C: in scholarship",
            _check("str_matches", r"^([ABC][1-9]\d?)?$"),
        ),
        wording=_column(str, "the claim in our words", FILLED),
        who=_column(str, "who makes it", FILLED),
        when=_column(str, "when, as precisely as known", FILLED),
        source=_column(str, "key in book/references.bib", FILLED),
        theme=_column(str, "what it is about", _check("isin", CLAIM_THEMES)),
        evidence=_column(str, "what it is tested on, or would have to be", FILLED),
        grade=_column(str, "grade of evidence of the test; empty if untestable", _check("isin", ("", *GRADES))),
        unit=_column(str, "unit of the estimate; empty if untestable"),
        measure=_column(str, "what is counted, the estimate first; empty if untestable"),
        instrument=_column(str, "what counts it, of manyvectors.claims.instruments; empty if untestable"),
        **{"with": _column(str, "what the instrument is told, as YAML; empty if nothing")},
        variants=_column(str, "parameters that are changed to try the test again, as a list in YAML; empty: none"),
        supported_if=_column(str, "rule on the measure's numbers; empty: no number could support it"),
        contradicted_if=_column(str, "rule on the measure's numbers; empty: no number could contradict it"),
        written=_column(str, f"when the rules were written: {_meanings(WRITTEN)}", _check("isin", WRITTEN)),
        mended=_column(str, "what the first rule or measure was, and what it said; empty if it was never changed"),
        cannot_fire=_column(str, "why its rules can say nothing but undecided, whatever the data; empty if they can"),
        untestable=_column(str, "why it cannot be tested on our evidence; empty if it can"),
        chapter=_column(str, "notebook that tests it or says why it cannot be tested", FILLED),
        settle=_column(str, "what evidence would settle it", FILLED),
        blind=_column(str, "what such a measure cannot see", FILLED),
    ),
}

# Tables the builder makes; the rest are inputs kept by hand.
DERIVED = (
    *("documents", "speakers", "hyphens", "rostrum-years", "rostrum-vocabulary", "rostrum-terms", "rostrum-phrases"),
    *("rostrum-segments", "rostrum-segment-terms", "rostrum-collocates", "other-terms", "other-phrases"),
    *("extract-terms", "report"),
)
# What is not a table: name to file and content.
FILES = {
    "dictionary": (
        "dictionary.yml",
        "Categories of foreign-policy language: words and phrases, each with the reason for it; not validated.",
    ),
}
PARQUET = ("rostrum-terms", "rostrum-phrases", "rostrum-segment-terms", "rostrum-collocates", "votes")
_FRICTIONLESS = {str: "string", bool: "boolean", float: "number"}


# Strings that stay as Python has them: chapters take few of them many times, which Arrow's are slower at.
TEXT = pd.StringDtype("python", na_value=float("nan"))


def file_name(table):
    """Return the file name of a table."""
    return f"{table}.{'parquet' if table in PARQUET else 'csv'}"


def read(table, folder, columns=None):
    """Read one table and check it against its schema.

    Parameters
    ----------
    table : str
        A key of :data:`SCHEMAS`.
    folder : path-like
    columns : list of str, optional
        Of a table of cells (:data:`PARQUET`), only these.

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    FileNotFoundError, ValueError, pandera.errors.SchemaError, pyarrow.ArrowInvalid
        As they come; :func:`manyvectors.corpus.load` turns them into one message with a remedy.

    Notes
    -----
    A file that is :func:`unchanged` since it was checked is not checked again.
    """
    path = Path(folder) / file_name(table)
    if table in PARQUET:
        # Positions are checked by the corpus, which knows the lengths of the tables they refer to.
        # Threads would leave each column in pieces, and to join them takes longer than they save.
        with pq.ParquetFile(path) as file:
            columns = columns or list(SCHEMAS[table].columns)
            return file.read(columns, use_threads=False).select(columns).to_pandas(split_blocks=True)
    columns = SCHEMAS[table].columns
    # "null", "nan" and "none" are words here: only the empty field of an integer column means missing.
    whole = {name: [""] for name, column in columns.items() if column.nullable}
    given = {"keep_default_na": False, "na_values": whole, "encoding": "utf-8"}
    kinds = {name: TEXT if column.kind is str else column.kind for name, column in columns.items()}
    if unchanged(table, folder):
        return pd.read_csv(path, dtype=kinds, **given)
    return SCHEMAS[table].validate(pd.read_csv(path, **given)).astype(kinds)


def unchanged(table, folder):
    """Say whether the file of a table is the one that was checked when ``datapackage.json`` was written.

    Parameters
    ----------
    table : str
        A key of :data:`SCHEMAS`.
    folder : path-like

    Returns
    -------
    bool
        Whether its SHA-256 is the one noted there; False if none is.
    """
    path = Path(folder) / file_name(table)
    noted, descriptor = {}, Path(folder) / "datapackage.json"
    if descriptor.is_file() and path.is_file():
        stat = descriptor.stat()
        noted = _noted(descriptor, stat.st_mtime_ns, stat.st_size)
    return path.name in noted and noted[path.name] == _hash(path)


@lru_cache(maxsize=4)
def _noted(descriptor, _time, _size):
    """Return the hashes that a descriptor notes: file name to hash."""
    try:
        resources = json.loads(descriptor.read_text(encoding="utf-8")).get("resources", [])
        return {resource["path"]: resource["hash"] for resource in resources if "hash" in resource}
    except (ValueError, AttributeError, KeyError, TypeError):
        return {}


def _hash(path):
    with path.open("rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()


def package(version, *folders):
    """Return the Frictionless data package descriptor as a dict.

    Parameters
    ----------
    version : str
        Of the book.
    *folders : path-like
        Where the files are, to note their length and hash: of each name the first that is found.
    """
    found = {}
    for folder in reversed(folders):
        found |= {path.name: path for path in Path(folder).iterdir()}
    resources = [
        *(_resource(name, table) for name, table in SCHEMAS.items()),
        *(_plain_resource(name, path, about) for name, (path, about) in FILES.items()),
    ]
    for resource in resources:
        if resource["path"] in found:
            path = found[resource["path"]]
            resource |= {"bytes": path.stat().st_size, "hash": _hash(path)}
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
        "resources": resources,
    }


def _resource(name, table):
    fields, keys = [], []
    for column, spec in table.columns.items():
        field = {"name": column, "type": _FRICTIONLESS.get(spec.kind, "integer"), "description": spec.description}
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
        "description": table.description,
        "schema": {"fields": fields, "missingValues": [""]} | ({"primaryKey": keys} if keys else {}),
    }
    return resource | ({"encoding": "utf-8"} if path.endswith(".csv") else {})


def _plain_resource(name, path, about):
    """Describe a file that is not a table."""
    return {
        "name": name,
        "path": path,
        "profile": "data-resource",
        "format": "yaml",
        "mediatype": "application/yaml",
        "description": about,
        "encoding": "utf-8",
    }


def package_json(version, *folders):
    """Return :func:`package` as the text of ``datapackage.json``."""
    return json.dumps(package(version, *folders), indent=2, ensure_ascii=False) + "\n"
