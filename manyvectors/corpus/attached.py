"""What a corpus can show with full texts attached: concordances, passages, a comparison of the counts."""

from collections.abc import Hashable
from functools import cached_property

import numpy as np
import pandas as pd

from .. import text
from ..build import archive
from ..common import one_line, whole_number
from . import tables
from .matrix import DataError, need_kind


def concordance(bodies, pattern, window):
    """Show a word or phrase in context in a Series of cleaned texts: DataFrame ``doc_id``, ``left``, ``node``,
    ``right``; pattern and window are known to be sound.
    """
    rows = [
        (doc_id, left.strip(), node, right.strip())
        for doc_id, body in bodies.items()
        for left, node, right in text.lines_in_context(body, pattern, window)
    ]
    return pd.DataFrame(rows, columns=["doc_id", "left", "node", "right"])


def need_phrase(pattern, window=0):
    """Raise a DataError for a pattern without letters or digits, or a window that is no number of tokens."""
    need_kind("a phrase", pattern, str, what="a string")
    try:
        text.phrase_pattern(pattern)
    except ValueError:
        raise DataError(f"{pattern!r} is not a phrase: give at least one letter or digit") from None
    whole_number("window", window, 0, DataError)


class Attached:
    """The part of :class:`manyvectors.corpus.Corpus` that reads full texts."""

    @property
    def has_texts(self):
        """Whether full texts are attached."""
        return self._texts is not None

    @cached_property
    def texts(self):
        """Cleaned texts of the speeches: Series, index ``doc_id``.

        They are cleaned as they were when the world was counted, whatever the study.

        DataError if no texts are attached, or they cannot be read, or hold no speech.
        """
        if not self.has_texts:
            raise DataError(
                "no texts attached; load them with corpus.load(texts=PATH) after `python -m manyvectors fetch ungdc`"
            )
        hyphens = self._table("hyphens")
        words = set((hyphens["left"] + hyphens["right"])[hyphens["joined"]])
        counted = self._counted
        found, doc_id = {}, "the first file"
        try:
            for doc_id, raw in archive.speeches(self._texts, first_year=counted["first_year"]):
                found[doc_id] = text.clean(raw, words, counted["spellings"])
        except archive.SourceError as error:
            raise DataError(str(error)) from None
        except ValueError as error:
            raise DataError(f"{doc_id}.txt in {self._texts}: {error}") from None
        if not found:
            raise DataError(
                f"no speech since {counted['first_year']} in {self._texts}; give the UNGDC archive or folder"
            )
        return pd.Series(found, name="text").sort_index().rename_axis("doc_id")

    def kwic(self, pattern, window=5, state=None, year=None):
        """Show a word or phrase in context (a concordance), in the attached texts.

        Parameters
        ----------
        pattern : str
            A phrase as in ``phrases.csv``: lower-case words, ``*`` for any run of word characters and hyphens.
        window : int
            Tokens on either side.
        state : str or sequence of str, optional
        year : int or sequence of int, optional

        Returns
        -------
        pandas.DataFrame
            ``doc_id``, ``left``, ``node``, ``right``; one row for each occurrence.

        Raises
        ------
        DataError
            If no texts are attached, for an unknown state or year, or a pattern without letters or digits.
        """
        chosen = self._choose("rostrum", state)
        if year is not None:
            years = [year] if isinstance(year, str) or not np.iterable(year) else list(year)
            known = set(self._rostrum["year"])
            unknown = [one_line(repr(y))[:40] for y in years if not isinstance(y, Hashable) or y not in known]
            if unknown:
                first, last = self._rostrum["year"].min(), self._rostrum["year"].max()
                raise DataError(f"no speeches of {', '.join(unknown)}; a year is a whole number from {first} to {last}")
            chosen = chosen[chosen["year"].isin(years)]
        need_phrase(pattern, window)
        return concordance(self.texts[self.texts.index.isin(chosen.index)], pattern, window)

    def passage(self, segment_id):
        """Return the text of a segment.

        DataError if no texts are attached or there is no such segment.
        """
        if segment_id not in self.segments.index:
            known = int(self.segments["doc_id"].eq(segment_id.rpartition("_")[0]).sum())
            states = ", ".join(self.study.profiled)
            hint = f"its speech has segments 01 to {known:02d}" if known else f"there are segments for {states} only"
            raise DataError(f"no segment {segment_id!r}; {hint}, with ids like {self.segments.index[0]!r}")
        doc_id, number = self.segments.at[segment_id, "doc_id"], int(segment_id.rpartition("_")[2])
        if doc_id not in self.texts.index:
            raise DataError(f"{doc_id} is not among the attached texts ({self._texts})")
        segments = text.segment(self.texts[doc_id])
        if number > len(segments):
            raise DataError(f"the attached text of {doc_id} is not the one that was counted; see check_texts()")
        return segments[number - 1]

    def check_texts(self):
        """Compare the counts of the attached texts with the shipped ones.

        Returns pandas.DataFrame: one row for each speech that differs or is missing: ``doc_id``, ``shipped``,
        ``counted`` (tokens; 0 if missing), ``terms`` (terms whose counts differ). Empty if all agree. DataError if no
        texts are attached.
        """
        shipped, rows = self.terms(), []
        position = {term: i for i, term in enumerate(shipped.vocabulary)}
        for i, (doc_id, tokens, terms) in enumerate(shipped.rows[["tokens", "terms"]].itertuples()):
            if doc_id not in self.texts.index:
                rows.append((doc_id, tokens, 0, terms))
                continue
            found = text.tokenise(self.texts[doc_id])
            counted = np.bincount([position[t] for t in found if t in position], minlength=len(position))
            differ = int((counted != shipped.counts[[i]].toarray().ravel()).sum())
            if differ or len(found) != tokens:
                rows.append((doc_id, tokens, len(found), differ))
        return pd.DataFrame(rows, columns=["doc_id", "shipped", "counted", "terms"])

    @property
    def _counted(self):
        """What the world was counted with: first year, and spellings that were mended."""
        counted = tables.noted(self.world).get("counted", {})
        return {"first_year": self.study.first_year, "spellings": {}} | counted
