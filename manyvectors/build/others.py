"""Count a study's documents that are not speeches, or carry their counts over where the texts are not given."""

from collections import Counter
from hashlib import sha256

import numpy as np
import pandas as pd
from scipy import sparse

from .. import text
from ..common import one_line
from ..corpus import tables
from ..study import SPEECHES_IN
from . import documents
from .archive import SourceError

CELLS = ("other-terms", "other-phrases", "other-segment-terms")
LISTED = ("other-documents", "other-vocabulary", "other-segments")  # tables whose rows cells give by position
_COUNTED = ["tokens", "terms", "rare_tokens", "rare_terms", "source_file", "sha256"]


def of_study(folder, study, phrases, forms):
    """Count a study's documents, or carry their counts over: all that the build makes of them.

    ``folder``: as for :func:`counted`, or None: carried over. ``study``, ``phrases``: as there. ``forms``: folder of
    the descriptions of tables that are made for a study. Returns dict of tables, and dict of the names that stood in
    those which cells refer to, as ``Counted.names``; both are empty for a study without documents. SourceError as
    :func:`carried`.
    """
    if not study.documents:
        return {}, {}
    found = counted(folder, study, phrases) if folder else carried(study, phrases)
    fields = tables.table("other-documents", forms).fields
    found["other-documents"] = found["other-documents"][list(fields)]
    return found, {(name,): found[name].iloc[:, 0].tolist() for name in LISTED}


def counted(folder, study, phrases):
    """Count the documents: their rows, terms, phrases and segments, and the terms of the extract.

    ``folder``: as for :func:`manyvectors.build.documents.folders`. ``study``: Study. ``phrases`` (list of str): to be
    counted in the documents in the language that they are in. Returns dict: name of a table to pandas.DataFrame.
    """
    rows, terms, phrased, parts, in_parts, extract = [], [], [], [], [], []
    found = documents.texts(folder, study)
    known = documents.known_words(found, study)
    for doc_id, (raw, body) in found.items():
        entry = study.documents[doc_id]
        if doc_id == study.extract:
            extract = _sections(body, study)
        cut, body = _cut(doc_id, entry, body, study.spellings, known.get(entry["register"]))
        counts = Counter(text.tokenise(body))
        own = {"tokens": counts.total(), "terms": len(counts), "rare_tokens": 0, "rare_terms": 0}
        rows.append({**_described(doc_id, entry, study), **own, "source_file": entry["file"], "sha256": _hash(raw)})
        terms.append(counts)
        english = entry.get("language", SPEECHES_IN) == SPEECHES_IN
        phrased.append(text.count_phrases(body, phrases) if english else {})
        for number, (label, part) in enumerate(cut, start=1):
            counts = Counter(text.tokenise(part))
            parts.append((f"{doc_id}_{number:02d}", doc_id, label, counts.total()))
            in_parts.append(counts)
    vocabulary = _vocabulary(terms)
    found = {
        "other-documents": pd.DataFrame(rows).astype({"session": "Int16"}),
        "other-vocabulary": vocabulary,
        "other-terms": _cells("document", "term", terms, vocabulary["term"]),
        "other-phrases": _cells("document", "phrase", phrased, phrases),
        "other-segments": pd.DataFrame(parts, columns=["segment_id", "doc_id", "label", "tokens"]),
        "other-segment-terms": _cells("segment", "term", in_parts, vocabulary["term"]),
    }
    return found | _extract(extract, study)


def _cut(doc_id, entry, body, spellings, known):
    """Return the segments of a document, (number in the text, clean text), and its whole clean text.

    Of one that is cut by provisions or paragraphs the text is those that hold a word, one after the other.
    """
    parts = documents.segments(entry, body, known)
    if parts is None:
        body = text.clean(body, spellings=spellings)
        packed = text.segment(body) if entry.get("segments") == "packed" else []
        return [("", part) for part in packed], body
    cleaned = [(label, text.clean(part, spellings=spellings)) for label, part in parts]
    cleaned = [(label, part) for label, part in cleaned if text.tokenise(part)]
    if not cleaned:
        raise SourceError(f"{doc_id}: {entry['file']} holds no word between its marks; get the file again")
    return cleaned, " ".join(part for _, part in cleaned)


def _described(doc_id, entry, study):
    """Return what documents.yml says of a document: dict, the first fields of its row."""
    return {
        **{"doc_id": doc_id, "register": entry["register"], "state": entry.get("state", study.focus)},
        **{"language": entry.get("language", SPEECHES_IN), "session": pd.NA, "year": entry["year"]},
        **{"date": entry.get("date", str(entry["year"])), "speaker": "", "post": "", "rank": "unknown"},
        **{"title": entry["title"], "grade": entry["grade"]},
        **{key: entry.get(key, "") for key in ("licence", "citation", "source")},
    }


def _hash(raw):
    return sha256(raw).hexdigest()


def _vocabulary(terms):
    """Return the terms, those of most documents first, then by alphabet: DataFrame; term, documents, tokens."""
    several, tokens = Counter(), Counter()
    for counts in terms:
        several.update(counts.keys())
        tokens.update(counts)
    order = sorted(several, key=lambda term: (-several[term], term))
    return pd.DataFrame(
        {"term": order, "documents": [several[term] for term in order], "tokens": [tokens[term] for term in order]}
    )


def _cells(row, column, counts, names):
    """Return a table of cells: for each of some mappings, name to count, those above zero in the order of names."""
    place = {name: i for i, name in enumerate(names)}
    found = [
        (i, j, n)
        for i, of_row in enumerate(counts)
        for j, n in sorted((place[name], n) for name, n in of_row.items() if n)
    ]
    return pd.DataFrame(np.array(found, np.int32).reshape(-1, 3), columns=[row, column, "count"])


def _sections(body, study):
    """Count the terms of each section of the extract: (section, term, count)."""
    return [
        (section, term, n)
        for section, part in documents.sections(body, study).items()
        for term, n in sorted(Counter(text.tokenise(text.clean(part, spellings=study.spellings))).items())
    ]


def _extract(rows, study):
    if not study.extract:
        return {}
    return {"extract-terms": pd.DataFrame(rows, columns=["section", "term", "count"])}


def carried(study, phrases):
    """Take the counts of documents whose texts are not given from the shipped tables; what documents.yml says is new.

    ``study``, ``phrases``, and returns: as of :func:`counted`. SourceError if a table is missing or does not fit, or a
    document or a phrase was never counted.
    """
    remedy = "give the folder of its documents as well (--other)"
    names = [*LISTED, *CELLS]
    names += ["extract-terms"] if study.extract else []
    try:
        found = {name: tables.read(name, study.folder) for name in names}
        said = {name: tables.table(name, study.folder).names() for name in CELLS}
    except FileNotFoundError as error:
        raise SourceError(
            f"{error.filename} is missing, so the study's own documents cannot be carried over; {remedy}"
        ) from None
    except (ValueError, OSError) as error:  # a table that breaks its rules says so itself
        said = str(error) if isinstance(error, tables.TableError) else f"a table cannot be read ({one_line(error)})"
        raise SourceError(f"{said}; or {remedy}") from None
    rows, before = found["other-documents"], said["other-phrases"].get("phrase", [])
    asked = {"phrases": set(phrases) - set(before), "documents": set(study.documents) ^ set(rows["doc_id"])}
    for what, new in asked.items():
        if new:
            raise SourceError(
                f"{len(new)} {what} (such as {min(new)!r}) were never counted for study {study.name}, or are no longer "
                f"in its documents.yml; {remedy}"
            )
    for name in CELLS:
        form = tables.table(name, study.folder)
        for key, field in form.positions.items():
            listed = before if key == "phrase" else found[field.refers["to"][0]].iloc[:, 0]
            places = found[name][key]
            fits = key == "phrase" or said[name].get(key) == tables.order(listed)
            if not fits or not places.between(0, len(listed) - 1).all():
                raise SourceError(f"{form.path} was counted beside other {key}s; {remedy}")
    described = pd.DataFrame([_described(doc_id, study.documents[doc_id], study) for doc_id in rows["doc_id"]])
    found["other-documents"] = described.join(rows[_COUNTED]).astype({"session": "Int16"})
    return found | {"other-phrases": _renamed(found["other-phrases"], before, phrases, len(rows))}


def _renamed(cells, before, phrases, size):
    """Return cells of phrases by their positions among others; those that are no longer registered go."""
    form = sparse.csr_matrix((cells["count"], (cells["document"], cells["phrase"])), (size, len(before)))
    place = {phrase: i for i, phrase in enumerate(before)}
    form = sparse.coo_matrix(form[:, [place[phrase] for phrase in phrases]].sorted_indices())
    found = {"document": form.row, "phrase": form.col, "count": form.data}
    return pd.DataFrame({key: values.astype(np.int32) for key, values in found.items()})
