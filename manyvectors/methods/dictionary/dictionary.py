"""The dictionary itself: categories, entries, counts, and what readers made of it."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ... import text
from ...common import one_line, short_hash, whole_number
from . import boilerplate, entry, formats, matching, recall, sheets
from . import validate as validation
from .entry import DictionaryError

MACHINE = "machine-coded"  # between unvalidated and what people have read


class Dictionary:
    """Categories of words and phrases.

    Parameters
    ----------
    categories : mapping
        Name to list of entries, or to a mapping of narrower categories. A list may hold mappings beside entries, for a
        category with entries of its own and narrower ones. A nested one is called by its path: ``"region.bodies"``.
    reasons : mapping, optional
        (category, entry) to the reason for the entry, one line.

    Raises
    ------
    DictionaryError
        For an entry that is none, is listed twice in a category, or is also in a wider one, and for names that are
        empty or used twice.

    Notes
    -----
    An entry is one that :func:`manyvectors.text.phrase_pattern` takes: words separated by spaces, ``*`` for any run of
    letters, digits and hyphens. Case and typographic apostrophes are made plain.
    """

    def __init__(self, categories, reasons=None):
        if not isinstance(categories, Mapping):
            raise DictionaryError(f"categories must be a mapping of name to entries, not {type(categories).__name__}")
        self._fill(entry.rows(categories), entry.Source())
        for pair, reason in (reasons or {}).items():
            if not isinstance(pair, tuple) or len(pair) != 2:
                raise DictionaryError(f"reasons must be named by (category, entry), got {one_line(repr(pair))[:60]}")
            category, word = pair
            if word not in self._lists.get(category, ()):
                raise DictionaryError(f"a reason is given for {word!r} in {category!r}, where it is not an entry")
            self._reasons[category, word] = entry.line(reason, "the reason for " + repr(word))

    def _fill(self, rows, source):
        """Take (path, entry or None, reason, line) one after the other; None declares a category."""
        lists, names, self._reasons, self._validation, self._machine = {}, {}, {}, None, ()
        for path, word, reason, line in rows:
            try:
                category = names.get(path) or names.setdefault(path, entry.name(path))
                word = None if word is None else entry.entry(word)
                reason = reason and entry.line(reason, f"the reason for {word!r}")
            except DictionaryError as error:
                (source.leave if path in names else source.fail)(str(error), line)
                continue
            if word is None:
                if category in lists:
                    source.leave(f"category {category!r} is there twice; merge the two", line)
                lists.setdefault(category, {})
            elif word in lists.setdefault(category, {}):
                source.leave(f"{word!r} is listed twice in {category!r}; delete one", line)
            else:
                lists[category][word] = None
                if reason:
                    self._reasons[category, word] = reason
        if not lists:
            source.fail("the dictionary has no categories")
        for category, listed in lists.items():
            for wider in entry.wider(category):
                for word in lists.get(wider, {}).keys() & listed.keys():
                    source.leave(
                        f"{word!r} is in {category!r} and also in {wider!r}, which includes it; delete it from one"
                    )
                    del lists[wider][word]
                    self._reasons.pop((wider, word), None)
        self._lists = {category: list(listed) for category, listed in lists.items()}
        self._left_out = tuple(source.left_out)

    def __repr__(self):
        return f"Dictionary({len(self._lists)} categories, {sum(map(len, self._lists.values()))} entries)"

    def __eq__(self, other):
        """Say whether categories, entries and reasons are the same, in whatever order."""
        if not isinstance(other, Dictionary):
            return NotImplemented
        mine, theirs = ({name: set(listed) for name, listed in d._lists.items()} for d in (self, other))
        return mine == theirs and self._reasons == other._reasons

    __hash__ = None

    @property
    def categories(self):
        """Names of the categories that have entries of their own, or none at all: list of str, in their order."""
        return list(self._lists)

    @property
    def entries(self):
        """Every entry: DataFrame ``category``, ``entry``, ``reason`` (empty if none)."""
        rows = [(c, word, self._reasons.get((c, word), "")) for c, listed in self._lists.items() for word in listed]
        return pd.DataFrame(rows, columns=["category", "entry", "reason"], dtype=object)

    @property
    def phrases(self):
        """What must be counted beside single words so that the dictionary can be counted in counts: list of str.

        The entries of several words or with digits, and the phrases in which two entries of a category overlap without
        one holding the other: of "our sovereignty" and "sovereignty and independence" it is "our sovereignty and
        independence", which :meth:`count` takes for one match; at every level. DictionaryError if two overlap in some
        matches only.
        """
        deepest = max(category.count(".") for category in self._lists) + 1
        levels = [self._lists, *map(self.to_dict, range(deepest - 1, 0, -1))]
        return list(dict.fromkeys(phrase for lists in levels for phrase in matching.to_count(lists)))

    @property
    def left_out(self):
        """What :meth:`read` could not take as it stood in the file: list of str, one line each; empty if nothing."""
        return list(self._left_out)

    def to_dict(self, level=None):
        """Return category to list of entries; ``level`` as in :meth:`count`."""
        if level is None:
            return {category: list(listed) for category, listed in self._lists.items()}
        level = whole_number("level", level, 1, DictionaryError)
        merged = {}
        for category, listed in self._lists.items():
            into = merged.setdefault(".".join(category.split(".")[:level]), {})
            into.update(dict.fromkeys(listed))
        return {category: list(listed) for category, listed in merged.items()}

    def stemmed(self, language):
        """Return a dictionary of stems, to be counted in texts of :func:`manyvectors.text.stemmed`.

        ``language``: code of ISO 639-1. Words with ``*`` stay as they are; entries that become one are one, and reasons
        are not taken along. Returns Dictionary, to be counted in texts: a term matrix holds no stems. ValueError for a
        language without a stemmer.

        >>> Dictionary({"balance": ["сбалансированная политика"]}).stemmed("ru").entries["entry"].tolist()
        ['сбалансирова политик']
        """
        stems = {
            word: " ".join(part if "*" in part else text.stemmed(part, language) for part in word.split())
            for listed in self._lists.values()
            for word in listed
        }
        return Dictionary({name: list(dict.fromkeys(map(stems.get, listed))) for name, listed in self._lists.items()})

    # Files ------------------------------------------------------------------------------------------------------------

    @classmethod
    def read(cls, path, strict=None, encoding=None):
        """Read a dictionary, in the format that the ending of the file's name says.

        Parameters
        ----------
        path : path-like
            ``.yml`` or ``.yaml``: YAML as quanteda reads it [benoit2018]; a comment behind an entry on its own line is
            kept as its reason. ``.dic``: LIWC [pennebaker2015], categories nested by tabs. ``.lc3``, ``.lcd``:
            Lexicoder [young_soroka2012], a line ``+NAME`` before the entries of each category, or its older XML.
            ``.cat``: WordStat, categories nested by tabs, entries with a weight in brackets, which is not used.
            ``.ykd``: Yoshikoder.
        strict : bool, optional
            What to do with an entry that cannot be used as it stands: refuse the file, or read the rest and give one
            warning that lists what was left out (:attr:`left_out`). By default YAML, which is written by hand here, is
            read strictly, and files of other programs are not: they are distributed with blanks for tabs, repeated
            entries, categories that are not defined, conditions in brackets, or in cp1252.
        encoding : str, optional
            UTF-8 by default.

        Raises
        ------
        DictionaryError
            With file and line, for what the format or an entry does not allow.

        Notes
        -----
        A full stop in a name means nesting in every format. LIWC lists an entry of a narrower category under the wider
        ones too, which is implied here. Conditions of LIWC, rules of WordStat and scores cannot be counted and are left
        out. Of an entry that is listed in a category and in a narrower one the narrower is kept.
        """
        made = cls.__new__(cls)
        rows, source = formats.read(path, strict, encoding)
        made._fill(rows, source)
        formats.warn(source, stacklevel=2)
        return made

    def write(self, path, reasons=True):
        """Write the dictionary, in the format that the ending of the file's name says: whole, or not at all.

        Lexicoder's format has no nesting: nested categories are written by path, and read back as nested. LIWC's can
        change the order within a category. Results of validation are not part of a file.

        ``path``: as for :meth:`read`. ``reasons``: write the reasons too. LIWC's and Lexicoder's formats cannot hold
        them: pass False to leave them out. DictionaryError if the format is unknown or cannot hold the reasons, or
        nothing can be written there.
        """
        formats.write(path, self._lists, self._reasons if reasons else {})

    # Counting ---------------------------------------------------------------------------------------------------------

    def count(self, source, phrases=None, level=None, scope="category"):
        """Count the matches of each category.

        ``source`` (manyvectors.corpus.TermMatrix, Corpus or OwnCorpus with texts, pandas.Series or sequence of str): a
        term matrix, or texts, which are cleaned first (:func:`manyvectors.text.clean`) unless they are clean.
        ``phrases`` (pandas.DataFrame): with a term matrix: documents x phrases from
        :meth:`manyvectors.corpus.Corpus.phrases`. Needed if an entry has several words or a digit. ``level``: merge
        categories nested deeper than this: 1 leaves the top ones. By default a category's column counts its own entries
        only. ``scope``: "category": overlapping matches within a category count once, as the longest if it holds the
        others, else as the first, and a match may count for several categories; "dictionary": a longer match of one
        category also takes the shorter of another away ("trade war" under conflict, "trade" under economy), and only an
        entry listed in several categories counts for each.

        Returns pandas.DataFrame: rows of the source x categories, whole numbers. DictionaryError if an entry, a phrase
        in which two overlap (:attr:`phrases`) or a row was not counted among the phrases, or if entries overlap such
        that counts cannot say which was meant.

        A term matrix lacks terms under the vocabulary's floor, so its counts can be a little lower than those of
        texts, and words that touch a number or a dash can count either way.
        """
        index, found = matching.matches(self.to_dict(level), source, phrases, scope)
        return pd.DataFrame({name: cells.sum(axis=1) for name, cells in found.items()}, index=index)

    def coverage(self, source, phrases=None, scope="category"):
        """Say what each entry contributes; ``source``, ``phrases`` and ``scope`` as in :meth:`count`.

        Returns pandas.DataFrame: ``category``, ``entry``, ``hits`` (matches that no longer one of the category holds),
        ``documents`` (rows with a hit), ``share`` (of the category's hits, 0 to 1; NaN without any). Most hits first in
        each category.
        """
        parts = []
        for category, cells in matching.matches(self._lists, source, phrases, scope)[1].items():
            hits = cells.sum(axis=0)
            part = pd.DataFrame({"entry": pd.Series(self._lists[category], dtype=object), "hits": hits.astype(int)})
            part["documents"] = (cells > 0).sum(axis=0).astype(int)
            part["share"] = part["hits"] / max(hits.sum(), 1) if hits.sum() else np.nan
            part.insert(0, "category", category)
            parts.append(part.sort_values("hits", ascending=False, kind="stable"))
        return pd.concat(parts, ignore_index=True)

    def summary(self, source, phrases=None, scope="category"):
        """Say how wide and how lopsided each category is; ``source``, ``phrases`` and ``scope`` as in :meth:`count`.

        Returns pandas.DataFrame: index ``category``; ``entries``, ``hits``, ``documents`` (share of rows with a hit, 0
        to 1), ``top_entry`` (empty without hits) and ``top_share`` (its part of the hits, 0 to 1; NaN without any).
        """
        rows = {}
        for category, cells in matching.matches(self._lists, source, phrases, scope)[1].items():
            hits = cells.sum(axis=0)
            total = int(hits.sum())
            top = (self._lists[category][hits.argmax()], hits.max() / total) if total else ("", np.nan)
            share = float((cells.sum(axis=1) > 0).mean()) if len(cells) else np.nan
            rows[category] = (cells.shape[1], total, share, *top)
        columns = ["entries", "hits", "documents", "top_entry", "top_share"]
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("category")

    def separates(self, source, phrases=None, of=None, near=None, n=2000, level=0.95, seed=0, study=None):
        """Ask whether a category tells a state from others, or is what everybody says (boilerplate).

        ``source``, ``phrases``: as in :meth:`count`; a term matrix of all states. ``of``, ``near``: the state and its
        neighbours; by default those of ``study``; neighbours must be named for any other state than its own. ``n``,
        ``level``, ``seed``: as in :func:`manyvectors.inference.bootstrap`.

        Returns pandas.DataFrame: index ``category``; ``rate``, ``rate_near``, ``rate_world`` per 10,000 tokens (of the
        state, of its neighbours together, of all others together); ``ratio_near``, ``ratio_world`` (the state's rate
        divided by theirs), each with ``_low`` and ``_high``; ``lower`` (part of all other states whose rate is lower, 0
        to 1); ``separates``: "yes" if both intervals lie on the same side of 1, "unknown" if the state, the neighbours
        or the world never say it, else "no". DictionaryError without a state or its neighbours, or if the source does
        not hold them all.

        The world's states are drawn as wholes, with all their speeches; the neighbours, who are all there are, speech
        by speech within each. The state's own interval is widened for its few speeches [hesterberg2015]. Words that
        separate may still be the wrong words.
        """
        return boilerplate.separates(self, source, phrases, of, near, n, level, seed, study)

    def commonplaces(self, source, phrases=None, share=0.5):
        """List the entries that many states say: words that do not tell one's leaning, whoever says them.

        ``source`` (manyvectors.corpus.TermMatrix), ``phrases``: as in :meth:`count`; of all states. ``share``: of the
        states that have said an entry at least once, between 0 and 1. Returns pandas.DataFrame: ``category``,
        ``entry``, ``states`` (share of them), ``share`` (of the category's hits); most states first in each category.
        DictionaryError for a source without states.
        """
        return boilerplate.commonplaces(self._lists, source, phrases, share)

    def without(self, entries):
        """Return a dictionary without some entries, and without the categories that have none left.

        ``entries`` (iterable of (str, str)): categories and entries, such as the rows of :meth:`commonplaces`.
        DictionaryError for one that is not in the dictionary, or if nothing is left. Results of validation are not
        taken along.
        """
        out = {tuple(pair) if np.iterable(pair) else (pair, "") for pair in entries}
        unknown = out - {(name, word) for name, listed in self._lists.items() for word in listed}
        if unknown:
            pair = entry.shown(min(unknown, key=str))
            raise DictionaryError(f"no (category, entry) {pair}; name them as the rows of .entries do")
        left = {name: [word for word in listed if (name, word) not in out] for name, listed in self._lists.items()}
        left = {name: listed for name, listed in left.items() if listed or not self._lists[name]}
        kept = {pair: reason for pair, reason in self._reasons.items() if pair not in out}
        return Dictionary(left, kept)

    def near_misses(self, texts, stop=None):
        """Count what may have been missed: words like those of the entries, in sentences without a hit.

        ``texts`` (manyvectors.corpus.Corpus or OwnCorpus with texts, pandas.Series or sequence of str). ``stop``
        (container of str): words that say nothing; most of the English stop list by default.

        Returns pandas.DataFrame: ``category``; ``stem`` (at most six letters, of the rarest word of an entry);
        ``term`` (the word found, with the one beside it if that says something); ``sentences`` (without a hit of the
        category, in which the term stands); ``documents``. Most sentences first in each category. It holds no sentence.
        DictionaryError for anything but texts. Most near misses are none: the words mean something else there.
        """
        texts = texts.texts if callable(getattr(texts, "passage", None)) else texts
        return recall.near_misses(self._lists, texts, recall.STOP if stop is None else stop)

    # Validation -------------------------------------------------------------------------------------------------------

    @property
    def status(self):
        """Whether readers have confirmed each category: Series of "unvalidated", "machine-coded", "weak", "validated".

        Validated is a category with a precision of at least 0.7 and an alpha of at least 0.667; weak is one that was
        coded by two or more readers and falls short; machine-coded is one whose hits a language model has read, and no
        person (:meth:`machine_coded`); all else is unvalidated.
        """
        found = pd.Series("unvalidated", index=pd.Index(self.categories, name="category"), name="status", dtype=object)
        found[list(self._machine)] = MACHINE
        if self._validation is not None:
            table = self._validation[["precision", "alpha"]].dropna()
            good = (table["precision"] >= validation.PRECISION) & (table["alpha"] >= validation.AGREEMENT)
            found[table.index] = np.where(good, "validated", "weak")
        return found

    def name(self, category):
        """Return a category's name for headings: "balance (unvalidated)", until it is validated."""
        self._known(category)
        status = self.status[category]
        return category if status == "validated" else f"{category} ({status})"

    def fingerprint(self, category):
        """Return a short hash of the category's entries: str. It changes when they do."""
        self._known(category)
        return short_hash([category, sorted(self._lists[category])])

    def _known(self, category):
        if category not in self._lists:
            raise DictionaryError(f"no category {category!r}; there are {', '.join(self._lists)}")

    def validated(self, table):
        """Return a copy that carries results of :meth:`validate`, if the entries have not changed since."""
        if not isinstance(table, pd.DataFrame) or not {"precision", "alpha", "mark"} <= set(table):
            raise DictionaryError("this is not a table from validate()")
        for category, mark in table["mark"].items():
            if mark != self.fingerprint(category):
                raise DictionaryError(f"{category!r} has other entries than those that were validated; code it again")
        copy = self._copy()
        copy._validation = table.copy()
        return copy

    def machine_coded(self, rows):
        """Return a copy that knows which categories a language model has read.

        ``rows`` (pandas.DataFrame): from :func:`manyvectors.rhetoric.coded`, of the kind "leaning". DictionaryError if
        they are none, or code entries that the dictionary does not have.
        """
        if not isinstance(rows, pd.DataFrame) or not {"entry", "pattern", "sense"} <= set(rows):
            raise DictionaryError("these are no codes of hits; give rhetoric.coded(c, kind='leaning')")
        for category, pattern in rows[["entry", "pattern"]].drop_duplicates().itertuples(index=False):
            if pattern not in self._lists.get(category, ()):
                raise DictionaryError(f"{pattern!r} in {category!r} was coded and is no entry now; code the hits again")
        copy = self._copy()
        copy._machine = tuple(rows["entry"].drop_duplicates())
        return copy

    def _copy(self):
        copy = Dictionary.__new__(Dictionary)
        copy._lists, copy._reasons, copy._left_out = self._lists, self._reasons, self._left_out
        copy._validation, copy._machine = self._validation, self._machine
        return copy

    def sheet(self, c, n=100, seed=0, state=None, categories=None, where=None):
        """Draw sentences for readers to code.

        ``c``: manyvectors.corpus.Corpus or OwnCorpus, with texts; or texts as pandas.Series or mapping of name to text.
        ``n``: number of sentences. ``state``: whose speeches of the book's corpus to draw from: the focus of its study
        by default; "all" for every state's, which takes minutes. ``where``: which documents of one's own corpus, as in
        its ``terms``; all by default; such a sheet has no eras. ``categories``: all by default. With a dozen, 100
        sentences hold about four hits of each: too few for a judgement on any.

        Returns ``sheet`` (pandas.DataFrame): ``id``, ``sentence``, and an empty column for each category, in random
        order; it does not say what the dictionary found, holds sentences of others and must not be published; and
        ``key`` (pandas.DataFrame): ``id``, ``doc_id``, ``number`` (of the sentence in the speech, from 1), ``check``
        (of its wording), ``era``, ``stratum``, ``weight`` (sentences that this one stands for), ``dictionary`` (which
        one), and for each category 1 where the dictionary found it, else 0; it holds no wording, and coders must not
        see it.

        A sentence's stratum is the rarest category it hits, or "none". Half of the sheet is dealt equally among the
        categories, half to "none", where the misses are on which recall rests. Within a stratum the draw is systematic
        along the eras.
        """
        return sheets.draw(self, c, n, seed, state, categories, where)

    def write_sheet(self, folder, c, n=100, seed=0, state=None, categories=None, where=None):
        """Draw sentences as :meth:`sheet` does and write ``sheet.csv`` and ``key.csv``; return both paths.

        Give each coder a copy of the sheet, named after the coder: ``aru.csv``, ``bek.csv``. They write 1 where the
        category applies and 0 where it does not, each alone. The folder must be outside any repository, since the sheet
        holds sentences of others, and must not hold such files yet.
        """
        return sheets.write(self, folder, c, n, seed, state, categories, where)

    def validate(self, sample, key, n=2000, level=0.95, seed=0, encoding=None):
        """Compare the dictionary with readers, and the readers with each other.

        ``sample``: filled sheets: files, one for each coder; or coder to DataFrame; or one DataFrame with a column
        ``coder`` and either a column for each category or columns ``category`` and ``code``. Codes are 1 or 0, yes or
        no, or the word for true or false of a spreadsheet program; a blank is uncoded. Files may be as such a program
        saves them (:func:`manyvectors.rhetoric.read_sheets`). ``key``: from :meth:`sheet`, as a table or a file.
        ``encoding``: of files that are not UTF-8. ``n``, ``level``, ``seed``: as in
        :func:`manyvectors.inference.bootstrap`; sentences are resampled within strata.

        Returns pandas.DataFrame: index ``category``; ``n`` (sentences with a verdict), ``coders``, ``uncoded`` (cells),
        ``ties`` (sentences on which as many coders said yes as no), ``hits`` (of the dictionary among the n),
        ``precision`` (part of the hits that readers confirm), ``recall`` (part of what readers find that was hit),
        ``f1``, ``alpha`` (Krippendorff's, nominal), each 0 to 1 (alpha to -1) with ``_low`` and ``_high``; ``note``
        (why something is NaN); ``mark`` (:meth:`fingerprint`). DictionaryError if the key is another dictionary's, or a
        sheet does not fit the key, has unknown codes or an altered sentence.

        The verdict is that of the coder "adjudicated" where there is one, else the majority's; the adjudicator does not
        enter alpha. A tie counts as half a yes: adjudicate when ties are many. Precision and recall weight each
        sentence by how many it stands for; alpha does not, and describes agreement on this sheet, which is richer in
        hits than the speeches are. Where all sentences agree, precision and recall have Wilson's interval [wilson1927].
        """
        return validation.validate(self, sample, key, n, level, seed, encoding)
