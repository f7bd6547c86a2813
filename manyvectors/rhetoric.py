"""How does a state speak? Dictionaries, their validation by readers, agreement between coders, and evenness of shares.

A dictionary counts words, and readers decide whether the words mean what the category says [grimmer_stewart2013]. Until
they have, a category is called unvalidated wherever it is named.

>>> d = Dictionary({"balance": ["balance of interests", "even-handed*"], "red lines": ["red line*"]})
>>> d.count(["An even-handed view of the balance of interests.", "No red lines."])
   balance  red lines
0        2          0
1        0          1
>>> d.name("balance")
'balance (unvalidated)'
"""

import json
import re
import tempfile
import warnings
from collections.abc import Mapping
from functools import lru_cache
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import scipy  # loads scipy.stats, which takes half a second, when it is used
import yaml
from scipy import sparse, special

from . import entries as matching
from . import inference, study, text
from .common import short_hash
from .corpus import TermMatrix

__all__ = [
    *("Dictionary", "DictionaryError", "alpha", "alpha_interval", "effective_number", "entropy", "evenness", "hhi"),
    "read_sheets",
]

PRECISION = 0.7  # below, a category is called weak: three hits in ten mean something else
AGREEMENT = 0.667  # Krippendorff's floor for tentative conclusions [krippendorff2019]

_ENTRY = re.compile(r"(?=.*[^\W_])(?:[^\W_]|[*'])(?:[^\W_]|[ *'.,&/+-])*")
_HEADER = re.compile(r"(\t*)(\d+)\s+(\S.*)")
_REASON = re.compile(r"[ \t]+#[ \t]*([^\r\n]*)")
_CODES = {"1": 1.0, "1.0": 1.0, "yes": 1.0, "y": 1.0, "0": 0.0, "0.0": 0.0, "no": 0.0, "n": 0.0, "": np.nan}
_ASIDE = ("coder", "id", "sentence", "comment")  # columns of a filled sheet that are not categories
_ROOT = Path(__file__).resolve().parent.parent
FINAL = "adjudicated"  # the coder whose word is final


class DictionaryError(ValueError):
    """A dictionary or a coded sheet cannot be read, written or used."""


# --- Dictionaries -----------------------------------------------------------------------------------------------------


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
        self._fill(_rows(categories, ()))
        for (category, entry), reason in (reasons or {}).items():
            if entry not in self._own.get(category, ()):
                raise DictionaryError(f"a reason is given for {entry!r} in {category!r}, where it is not an entry")
            self._reasons[category, entry] = _line(reason, "the reason for " + repr(entry))

    @classmethod
    def _of(cls, rows):
        made = cls.__new__(cls)
        made._fill(rows)
        return made

    def _fill(self, rows):
        """Take (path, entry or None, reason, where) one after the other; None declares a category."""
        own, self._reasons, self._validation = {}, {}, None
        for path, entry, reason, where in rows:
            path = tuple(_line(part, f"{where}the name of a category") for part in path)
            category = ".".join(path)
            if entry is None:
                if category in own:
                    raise DictionaryError(f"{where}category {category!r} is there twice; merge the two")
                own[category] = []
                continue
            entry = _entry(entry, where)
            if entry in own[category]:
                raise DictionaryError(f"{where}{entry!r} is listed twice in {category!r}; delete one")
            own[category].append(entry)
            if reason:
                self._reasons[category, entry] = _line(reason, f"{where}the reason for {entry!r}")
        if not own:
            raise DictionaryError("the dictionary has no categories")
        for category, listed in own.items():
            for wider in _wider(category):
                for entry in set(own.get(wider, ())) & set(listed):
                    raise DictionaryError(
                        f"{entry!r} is in {category!r} and also in {wider!r}, which includes it; delete it from one"
                    )
        self._own = own

    def __repr__(self):
        return f"Dictionary({len(self._own)} categories, {sum(map(len, self._own.values()))} entries)"

    def __eq__(self, other):
        """Say whether categories, entries and reasons are the same, in whatever order."""
        if not isinstance(other, Dictionary):
            return NotImplemented
        mine, theirs = ({name: set(listed) for name, listed in d._own.items()} for d in (self, other))
        return mine == theirs and self._reasons == other._reasons

    __hash__ = None

    @property
    def categories(self):
        """Names of the categories that have entries of their own, or none at all: list of str, in their order."""
        return list(self._own)

    @property
    def entries(self):
        """Every entry: DataFrame ``category``, ``entry``, ``reason`` (empty if none)."""
        rows = [(c, entry, self._reasons.get((c, entry), "")) for c, listed in self._own.items() for entry in listed]
        return pd.DataFrame(rows, columns=["category", "entry", "reason"], dtype=object)

    # Files ------------------------------------------------------------------------------------------------------------

    @classmethod
    def read(cls, path):
        """Read a dictionary, in the format that the ending of the file's name says.

        Parameters
        ----------
        path : path-like
            ``.yml`` or ``.yaml``: YAML as quanteda reads it [benoit2018]; a comment behind an entry on its own line is
            kept as its reason. ``.dic``: LIWC [pennebaker2015], categories narrower by a tab nested. ``.lc3``:
            Lexicoder [young_soroka2012], a line ``+NAME`` before the entries of each category.

        Returns
        -------
        Dictionary

        Raises
        ------
        DictionaryError
            With file and line, for what the format or an entry does not allow.
        FileNotFoundError
            If there is no such file.

        Notes
        -----
        A full stop in a name means nesting in every format. In LIWC's files an entry of a narrower category also
        carries the numbers of the wider ones; these are implied here. LIWC's conditions, in brackets, are refused.
        """
        path = Path(path)
        reader = {".yml": _read_yaml, ".yaml": _read_yaml, ".dic": _read_liwc, ".lc3": _read_lexicoder}.get(path.suffix)
        if reader is None:
            raise DictionaryError(f"{path}: a dictionary ends in .yml, .yaml (quanteda), .dic (LIWC), .lc3 (Lexicoder)")
        try:
            body = text.decode(path.read_bytes())
        except ValueError as error:
            raise DictionaryError(f"{path}: {error}") from None
        return cls._of(reader(body, path))

    def write(self, path, reasons=True):
        """Write the dictionary, in the format that the ending of the file's name says: whole, or not at all.

        Parameters
        ----------
        path : path-like
            As for :meth:`read`.
        reasons : bool
            Write the reasons too. LIWC's and Lexicoder's formats cannot hold them: pass False to leave them out.

        Raises
        ------
        DictionaryError
            If the format is unknown or cannot hold the reasons, or nothing can be written there.

        Notes
        -----
        Lexicoder's format has no nesting: nested categories are written by path, and read back as nested. Order within
        a category may change in LIWC's, where an entry of two categories stands once. Results of validation are not
        part of a dictionary's file.
        """
        path = Path(path)
        kept = self._reasons if reasons else {}
        if path.suffix in (".yml", ".yaml"):
            lines = _yaml_lines(self._tree(), kept)
        elif path.suffix not in (".dic", ".lc3"):
            raise DictionaryError(f"{path}: a dictionary ends in .yml, .yaml (quanteda), .dic (LIWC), .lc3 (Lexicoder)")
        elif kept:
            raise DictionaryError(
                f"{path}: {path.suffix} has no place for reasons, of which there are {len(kept)}; "
                "pass reasons=False to leave them out, or write .yml"
            )
        else:
            lines = self._liwc_lines() if path.suffix == ".dic" else self._lexicoder_lines()
        _write_whole(path, "\n".join(lines) + "\n")

    def _tree(self):
        tree = {"path": "", "entries": None, "narrower": {}}
        for category, listed in self._own.items():
            node = tree
            for part in category.split("."):
                path = f"{node['path']}.{part}".lstrip(".")
                node = node["narrower"].setdefault(part, {"path": path, "entries": None, "narrower": {}})
            node["entries"] = listed
        return tree

    def _liwc_lines(self):
        numbers, head = {}, []

        def number(node, depth):
            for part, narrower in node["narrower"].items():
                numbers[narrower["path"]] = len(numbers) + 1
                head.append("\t" * depth + f"{len(numbers)}\t{part}")
                number(narrower, depth + 1)

        number(self._tree(), 0)
        belongs = {}
        for category, listed in self._own.items():
            for entry in listed:
                belongs.setdefault(entry, set()).update(numbers[name] for name in (category, *_wider(category)))
        body = ["\t".join([entry, *map(str, sorted(found))]) for entry, found in belongs.items()]
        return ["%", *head, "%", *body]

    def _lexicoder_lines(self):
        return [line for category, listed in self._own.items() for line in (f"+{category}", *listed)]

    # Counting ---------------------------------------------------------------------------------------------------------

    def count(self, source, phrases=None, level=None):
        """Count the matches of each category.

        Parameters
        ----------
        source : manyvectors.corpus.TermMatrix, pandas.Series or sequence of str
            A term matrix, or texts from :func:`manyvectors.text.clean`.
        phrases : pandas.DataFrame, optional
            With a term matrix: documents x phrases from :meth:`manyvectors.corpus.Corpus.phrases`. Needed if an entry
            has several words or a digit.
        level : int, optional
            Merge categories nested deeper than this: 1 leaves the top ones. By default a category's column counts its
            own entries only.

        Returns
        -------
        pandas.DataFrame
            Rows of the source x categories, whole numbers.

        Raises
        ------
        DictionaryError
            If an entry is not among the phrases or they lack a row; if entries of a category overlap such that counts
            cannot say which was meant; if the source is none.

        Notes
        -----
        Within a category overlapping matches count once, the longest. A match may count for several categories. From a
        term matrix single words and single-word globs are matched against its vocabulary, possessive endings ignored:
        terms under the floor (in fewer than three speeches, and in none of Kazakhstan's) are not in it, so counts can
        be a little lower than in the texts, and words that touch a number or a dash can count either way.
        """
        index, found = self._matches(source, phrases, level)
        return pd.DataFrame({name: frame.sum(axis=1) for name, frame in found.items()}, index=index)

    def _merged(self, level):
        if level is None:
            return self._own
        if not isinstance(level, int) or level < 1:
            raise DictionaryError(f"level must be a whole number from 1, got {level!r}")
        merged = {}
        for category, listed in self._own.items():
            into = merged.setdefault(".".join(category.split(".")[:level]), {})
            into.update(dict.fromkeys(listed))
        return {category: list(listed) for category, listed in merged.items()}

    def _matches(self, source, phrases=None, level=None):
        """Return the index, and for each category a frame of rows x entries: matches that no longer one holds."""
        categories = self._merged(level)
        if isinstance(source, TermMatrix):
            return source.rows.index, _in_counts(source, phrases, categories)
        if isinstance(source, (str, Mapping)) or not hasattr(source, "__iter__"):
            raise DictionaryError("count in a TermMatrix, or in a list or Series of texts")
        texts = pd.Series(source, dtype=object)
        if not texts.map(lambda body: isinstance(body, str)).all():
            raise DictionaryError("texts must be strings; count in a TermMatrix, or in a list or Series of texts")
        return texts.index, _in_texts(texts, categories)

    def coverage(self, source, phrases=None):
        """Say what each entry contributes.

        Parameters
        ----------
        source, phrases
            As in :meth:`count`.

        Returns
        -------
        pandas.DataFrame
            ``category``, ``entry``, ``hits`` (matches that no longer one of the category holds), ``documents`` (rows
            with a hit), ``share`` (of the category's hits, 0 to 1; NaN without any). Most hits first in each category.
        """
        parts = []
        for category, frame in self._matches(source, phrases)[1].items():
            hits = frame.sum()
            part = pd.DataFrame({"entry": frame.columns, "hits": hits.to_numpy(int)})
            part["documents"] = (frame > 0).sum().to_numpy(int)
            part["share"] = part["hits"] / max(hits.sum(), 1) if hits.sum() else np.nan
            part.insert(0, "category", category)
            parts.append(part.sort_values("hits", ascending=False, kind="stable"))
        return pd.concat(parts, ignore_index=True)

    def summary(self, source, phrases=None):
        """Say how wide and how lopsided each category is.

        Parameters
        ----------
        source, phrases
            As in :meth:`count`.

        Returns
        -------
        pandas.DataFrame
            Index ``category``; ``entries``, ``hits``, ``documents`` (share of rows with a hit, 0 to 1), ``top_entry``
            (empty without hits) and ``top_share`` (its part of the hits, 0 to 1; NaN without any).
        """
        rows = {}
        for category, frame in self._matches(source, phrases)[1].items():
            hits = frame.sum()
            total = int(hits.sum())
            top = (hits.idxmax(), hits.max() / total) if total else ("", np.nan)
            share = float((frame.sum(axis=1) > 0).mean()) if len(frame) else np.nan
            rows[category] = (frame.shape[1], total, share, *top)
        columns = ["entries", "hits", "documents", "top_entry", "top_share"]
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("category")

    def separates(self, source, phrases=None, of="KAZ", near=study.load().neighbours, n=2000, level=0.95, seed=0):
        """Ask whether a category tells a state from others, or is what everybody says (boilerplate).

        Parameters
        ----------
        source : manyvectors.corpus.TermMatrix
            Of all states.
        phrases : pandas.DataFrame, optional
            As in :meth:`count`.
        of : str
            The state.
        near : sequence of str
            Its neighbours.
        n, level, seed
            As in :func:`manyvectors.inference.bootstrap`.

        Returns
        -------
        pandas.DataFrame
            Index ``category``; ``rate``, ``rate_near``, ``rate_world`` per 10,000 tokens (of the state, of its
            neighbours together, of all others together); ``ratio_near``, ``ratio_world`` (the state's rate divided by
            theirs), each with ``_low`` and ``_high``; ``lower`` (part of all other states whose rate is lower, 0 to
            1); ``separates``: "yes" if both intervals lie on the same side of 1, "unknown" if the state, the neighbours
            or the world never say it, else "no".

        Raises
        ------
        DictionaryError
            As in :meth:`count`; if the source is not of documents of several states.
        ValueError
            As in :func:`manyvectors.inference.bootstrap`.

        Notes
        -----
        One state's speeches belong together. For the world, states are drawn as wholes, with all their speeches: the
        question is whether the state differs from what states are like. The neighbours are drawn speech by speech
        within each state: they are all there are, not a sample of neighbours, and four could not be resampled. The
        state's own interval is widened for its few speeches [hesterberg2015]. A ratio is not a test of meaning: words
        that separate may still be the wrong words.
        """
        if not isinstance(source, TermMatrix) or not {"state", "tokens"} <= set(source.rows):
            raise DictionaryError("the comparison needs a TermMatrix of several states' speeches: c.terms()")
        counts = self.count(source, phrases)
        states = source.rows["state"].to_numpy()
        near = [near] if isinstance(near, str) else list(near)
        missing = [state for state in (of, *near) if state not in set(states)]
        if missing or of in near or not near:
            raise DictionaryError(f"{of!r} and its neighbours must be different states of the source; check {missing}")
        table = np.column_stack([counts.to_numpy(float), source.rows["tokens"].to_numpy(float)])
        rest = ~np.isin(states, [of, *near])
        by_state = pd.DataFrame(table).groupby(states).sum()
        world = by_state.loc[sorted(set(states[rest]))].to_numpy()
        groups = [table[states == of], *(table[states == state] for state in near), world]

        def ratios(own, *others):
            sums = (own, sum(others[:-1]), others[-1])
            rates = [1e4 * s[..., :-1] / s[..., -1:] for s in sums]
            return np.concatenate([*rates, rates[0] / rates[1], rates[0] / rates[2]], axis=-1)

        wide = inference.expanded_level(level, len(groups[0]))
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a category that somebody never says has no interval
            found = inference.bootstrap_sums(ratios, groups, n, wide, seed)
        k = len(counts.columns)
        estimate = np.asarray(found.estimate).reshape(5, k)
        low, high = _ends(found.draws.reshape(-1, 5, k)[:, 3:], wide)
        rates = by_state.drop(index=of).to_numpy()
        rates = 1e4 * rates[:, :-1] / rates[:, -1:]
        result = pd.DataFrame(index=pd.Index(counts.columns, name="category"))
        for name, values in zip(("rate", "rate_near", "rate_world"), estimate, strict=False):
            result[name] = values
        for i, name in enumerate(("ratio_near", "ratio_world")):
            result[name], result[f"{name}_low"], result[f"{name}_high"] = estimate[3 + i], low[i], high[i]
        result["lower"] = (rates < estimate[0] - 1e-12).mean(axis=0)
        apart = (low > 1).all(axis=0) | (high < 1).all(axis=0)
        result["separates"] = np.where((estimate[:3] > 0).all(axis=0), np.where(apart, "yes", "no"), "unknown")
        return result

    # Validation -------------------------------------------------------------------------------------------------------

    @property
    def status(self):
        """Whether readers have confirmed each category: Series of "unvalidated", "weak" or "validated".

        Validated is a category with a precision of at least 0.7 and an alpha of at least 0.667; weak is one that was
        coded by two or more readers and falls short; all else is unvalidated.
        """
        found = pd.Series("unvalidated", index=pd.Index(self.categories, name="category"), name="status", dtype=object)
        if self._validation is not None:
            table = self._validation[["precision", "alpha"]].dropna()
            good = (table["precision"] >= PRECISION) & (table["alpha"] >= AGREEMENT)
            found[table.index] = np.where(good, "validated", "weak")
        return found

    def name(self, category):
        """Return a category's name for headings: "balance (unvalidated)", until it is validated.

        Raises
        ------
        DictionaryError
            If there is no such category.
        """
        if category not in self._own:
            raise DictionaryError(f"no category {category!r}; there are {', '.join(self._own)}")
        status = self.status[category]
        return category if status == "validated" else f"{category} ({status})"

    def validated(self, table):
        """Return a copy that carries results of :meth:`validate`.

        Raises
        ------
        DictionaryError
            If the table has a category that is not there, or whose entries have changed since it was coded.
        """
        if not isinstance(table, pd.DataFrame) or not {"precision", "alpha", "mark"} <= set(table):
            raise DictionaryError("this is not a table from validate()")
        for category, mark in table["mark"].items():
            if category not in self._own:
                raise DictionaryError(f"no category {category!r}; there are {', '.join(self._own)}")
            if mark != self._mark(category):
                raise DictionaryError(f"{category!r} has other entries than those that were validated; code it again")
        copy = Dictionary.__new__(Dictionary)
        copy._own, copy._reasons, copy._validation = self._own, self._reasons, table.copy()
        return copy

    def _mark(self, category):
        return short_hash([category, sorted(self._own[category])])

    def sheet(self, c, n=100, seed=0, state="KAZ", categories=None):
        """Draw sentences for readers to code.

        Parameters
        ----------
        c : manyvectors.corpus.Corpus
            With texts attached.
        n : int
            Number of sentences.
        seed : int
        state : str or sequence of str, optional
            Whose speeches to draw from; None for all states, which takes minutes.
        categories : sequence of str, optional
            All by default. With a dozen, 100 sentences hold about four hits of each: too few for a judgement on any.

        Returns
        -------
        sheet : pandas.DataFrame
            ``id``, ``sentence``, and an empty column for each category, in random order. It does not say what the
            dictionary found. It holds sentences of others and must not be published.
        key : pandas.DataFrame
            ``id``, ``doc_id``, ``number`` (of the sentence in the speech, from 1), ``check`` (of its wording),
            ``era``, ``stratum``, ``weight`` (sentences that this one stands for), ``dictionary`` (which one), and for
            each category 1 where the dictionary found it, else 0. It holds no wording. Coders must not see it.

        Raises
        ------
        manyvectors.corpus.DataError
            If no texts are attached, or for an unknown state.
        DictionaryError
            For an unknown category, or more or fewer sentences than can be drawn.

        Notes
        -----
        A sentence's stratum is the rarest category it hits, or "none". Half of the sheet is dealt equally among the
        categories, half to "none": there the misses are, on which recall rests. Within a stratum the draw is systematic
        along the eras, so that each has its part. A sentence of "none" stands for many: one miss among them moves
        recall a great deal, and its interval says so.
        """
        names = self._some(categories)
        documents = c.terms(state=state).rows
        bodies = c.texts.reindex(documents.index).dropna()
        rows = [
            (doc_id, number, sentence)
            for doc_id, body in bodies.items()
            for number, sentence in enumerate(text.sentences(body), start=1)
            if text.tokenise(sentence)
        ]
        every = pd.DataFrame(rows, columns=["doc_id", "number", "sentence"])
        calls = (self._count_some(every["sentence"], names) > 0).astype(int)
        common = calls.sum()
        rarest = calls.mul(-1 - common, axis=1).where(calls > 0, -np.inf)
        every["stratum"] = np.where(calls.any(axis=1), rarest.idxmax(axis=1), "none")
        every["era"] = documents["era"].reindex(every["doc_id"]).to_numpy()
        rng = np.random.default_rng(seed)
        chosen = _draw(every, n, rng)
        drawn = every.loc[chosen.index].assign(weight=chosen)
        width = len(str(n))
        drawn.insert(0, "id", [f"s{i:0{width}d}" for i in range(1, len(drawn) + 1)])
        drawn["check"] = drawn["sentence"].map(_check)
        drawn["dictionary"] = short_hash([self._mark(name) for name in names])
        sheet = drawn[["id", "sentence"]].assign(**dict.fromkeys(names, ""))
        key = drawn[["id", "doc_id", "number", "check", "era", "stratum", "weight", "dictionary"]]
        return sheet.reset_index(drop=True), key.join(calls).reset_index(drop=True)

    def _some(self, categories):
        names = self.categories if categories is None else list(categories)
        unknown = [name for name in names if name not in self._own]
        if unknown or not names:
            raise DictionaryError(f"no category {unknown}; there are {', '.join(self._own)}")
        clash = {*_ASIDE, "doc_id", "number", "check", "era", "stratum", "weight", "dictionary"} & set(names)
        if clash:
            raise DictionaryError(
                f"a category called {sorted(clash)} would be taken for a column of the sheet; rename it"
            )
        return names

    def _count_some(self, texts, names):
        found = _in_texts(texts, {name: self._own[name] for name in names})
        return pd.DataFrame({name: frame.sum(axis=1) for name, frame in found.items()}, index=texts.index)

    def write_sheet(self, folder, c, n=100, seed=0, state="KAZ", categories=None):
        """Draw sentences as :meth:`sheet` does and write ``sheet.csv`` and ``key.csv``.

        Give each coder a copy of the sheet, named after the coder: ``aru.csv``, ``bek.csv``. They write 1 where the
        category applies and 0 where it does not, each alone.

        Parameters
        ----------
        folder : path-like
            Outside any repository: the sheet holds sentences of others.
        c, n, seed, state, categories
            As in :meth:`sheet`.

        Returns
        -------
        (pathlib.Path, pathlib.Path)
            The sheet and the key.

        Raises
        ------
        DictionaryError
            If the folder is inside a repository, is missing, or already holds such files.
        manyvectors.corpus.DataError
            As in :meth:`sheet`.
        """
        folder = Path(folder).resolve()
        around = [folder, *folder.parents]
        if _ROOT in around or any((place / ".git").exists() for place in around):
            raise DictionaryError(f"{folder} is inside a repository; sentences of speeches must not get there")
        paths = folder / "sheet.csv", folder / "key.csv"
        for path in paths:
            if path.exists():
                raise DictionaryError(f"{path} exists and may hold somebody's work; choose another folder")
        for path, table in zip(paths, self.sheet(c, n, seed, state, categories), strict=True):
            # The byte-order mark tells spreadsheet programs that typographic quotes are UTF-8.
            _write_whole(path, table.to_csv(index=False, lineterminator="\n"), "utf-8-sig")
        return paths

    def validate(self, sample, key, n=2000, level=0.95, seed=0):
        """Compare the dictionary with readers, and the readers with each other.

        Parameters
        ----------
        sample : DataFrame, mapping or sequence of path-like
            Filled sheets: files, one for each coder; or coder to DataFrame; or one DataFrame with a column ``coder``
            and either a column for each category or columns ``category`` and ``code``. Codes are 1 or 0, yes or no;
            a blank is uncoded.
        key : DataFrame or path-like
            From :meth:`sheet`.
        n, level, seed
            As in :func:`manyvectors.inference.bootstrap`; sentences are resampled within strata.

        Returns
        -------
        pandas.DataFrame
            Index ``category``; ``n`` (sentences with a verdict), ``coders``, ``uncoded`` (cells), ``ties`` (sentences
            on which as many coders said yes as no), ``hits`` (of the dictionary among the n), ``precision`` (part of
            the hits that readers confirm), ``recall`` (part of what readers find that was hit), ``f1``, ``alpha``
            (Krippendorff's, nominal), each 0 to 1 (alpha to -1) with ``_low`` and ``_high``; ``note`` (why something is
            NaN); ``mark`` (of the entries).

        Raises
        ------
        DictionaryError
            If the key is another dictionary's, or a sheet has unknown or missing columns, ids or codes, an altered
            sentence, a sentence twice, or nothing coded.

        Notes
        -----
        The verdict is that of the coder "adjudicated" if there is one, for the sentences this coder decided; else the
        majority's. A tie counts as half a yes, so that precision and recall lie between what either decision would
        give; adjudicate when ties are many. The adjudicator does not enter alpha, which is for independent readings.

        Precision and recall weight each sentence by how many it stands for; alpha does not, and describes agreement on
        this sheet, which is richer in hits than the speeches are. Where all sentences agree, precision and recall have
        Wilson's interval [wilson1927], since resampling would see no doubt.
        """
        key = pd.read_csv(key, keep_default_na=False, encoding="utf-8-sig") if _is_path(key) else key
        fixed = {"id", "check", "stratum", "weight", "dictionary"}
        if not isinstance(key, pd.DataFrame) or not fixed <= set(key):
            raise DictionaryError("this is not a key from sheet()")
        names = [name for name in key if name not in fixed | {"doc_id", "number", "era"}]
        unknown = [name for name in names if name not in self._own]
        if unknown or key["dictionary"].ne(short_hash([self._mark(name) for name in names if name in self._own])).any():
            raise DictionaryError(
                "the key is of another dictionary, or its entries have changed since; read the one it was drawn with, "
                "or draw a new sheet"
            )
        codes = _codes(sample, key, names)
        rows = {}
        for name in names:
            ratings = np.array([codes[coder][name].to_numpy(float) for coder in codes])
            final = codes[FINAL][name].to_numpy(float) if FINAL in codes else np.full(len(key), np.nan)
            independent = ratings[[coder != FINAL for coder in codes]]
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)  # sentences that nobody coded have no mean
                part = np.nanmean(independent, axis=0) if len(independent) else final
            ties = np.isnan(final) & (part == 0.5)
            verdict = np.where(np.isnan(final), np.where(ties, 0.5, np.round(part)), final)
            notes = []
            row = {
                "n": int((~np.isnan(verdict)).sum()),
                "coders": int((~np.isnan(independent)).any(axis=1).sum()),
                "uncoded": int(np.isnan(independent).sum()),
                "ties": int(ties.sum()),
            }
            row |= _accuracy(key, key[name].to_numpy(float), verdict, n, level, seed, notes)
            row |= _reliability(independent, key["stratum"].to_numpy(), n, level, seed, notes)
            rows[name] = row | {"note": "; ".join(notes), "mark": self._mark(name)}
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("category")


def _wider(category):
    parts = category.split(".")
    return [".".join(parts[:i]) for i in range(1, len(parts))]


def _rows(content, path):
    """Yield the rows of a nested mapping, as :meth:`Dictionary._fill` takes them."""
    if isinstance(content, Mapping) and (content or not path):
        for name, inner in content.items():
            yield from _rows(inner, (*path, *str(name).split(".")))
        return
    if isinstance(content, (str, bytes)) or not hasattr(content, "__iter__"):
        raise DictionaryError(f"category {'.'.join(path)!r} must be a list of entries or a mapping, not {content!r}")
    content = list(content)
    inner = [item for item in content if isinstance(item, Mapping)]
    if len(inner) < len(content) or not content:
        yield path, None, "", ""
    yield from ((path, item, "", "") for item in content if not isinstance(item, Mapping))
    for item in inner:
        yield from _rows(item, path)


def _line(words, what):
    words = " ".join(str(words).split())
    if not words or not words.isprintable():
        raise DictionaryError(f"{what} is {'empty' if not words else 'not printable'}; give it words")
    return words


def _entry(entry, where=""):
    if not isinstance(entry, str):
        raise DictionaryError(f"{where}an entry must be words, not {entry!r}; put it in quotes")
    plain = " ".join(text.plain(entry).split())
    if not _ENTRY.fullmatch(plain):
        raise DictionaryError(
            f"{where}{entry!r} is not an entry: words separated by spaces, of letters, digits, hyphens and "
            "apostrophes, with * for any ending"
        )
    return plain


# --- Files ------------------------------------------------------------------------------------------------------------


def _write_whole(path, body, encoding="utf-8"):
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".dictionary-") as made:
            new = Path(made) / "new"
            new.write_text(body, encoding=encoding, newline="\n")
            new.replace(path)
    except OSError as error:
        raise DictionaryError(
            f"cannot write {path} ({error.strerror or error}); choose another folder or name"
        ) from None


def _read_yaml(body, path):
    try:
        node = yaml.compose(body, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        hint = "; put entries that begin with * in quotes" if "alias" in str(error.problem) else ""
        raise DictionaryError(f"{path}, line {mark.line + 1}: {error.problem or error.context}{hint}") from None
    except yaml.YAMLError as error:
        raise DictionaryError(f"{path} is not YAML: {error}") from None
    if not isinstance(node, yaml.MappingNode):
        raise DictionaryError(f"{path}: a dictionary is a mapping of category to entries, and this is not one")
    yield from _yaml_rows(node, (), body, path)


def _yaml_rows(node, path, body, file):
    def where(at):
        return f"{file}, line {at.start_mark.line + 1}: "

    if isinstance(node, yaml.MappingNode) and (node.value or not path):
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise DictionaryError(f"{where(key)}the name of a category must be words")
            yield from _yaml_rows(value, (*path, *key.value.split(".")), body, file)
        return
    empty = isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")
    items = node.value if isinstance(node, yaml.SequenceNode) else [] if empty or not node.value else [node]
    inner = [item for item in items if isinstance(item, yaml.MappingNode)]
    if len(inner) < len(items) or not items:
        yield path, None, "", where(node)
    for item in items:
        if isinstance(item, yaml.SequenceNode):
            raise DictionaryError(f"{where(item)}a list within a list; write one entry a line")
        if isinstance(item, yaml.ScalarNode):
            comment = _REASON.match(body, item.end_mark.index)
            yield path, item.value, comment[1].strip() if comment else "", where(item)
    for item in inner:
        yield from _yaml_rows(item, path, body, file)


def _yaml_lines(node, reasons, depth=0):
    lines, pad = [], "  " * depth
    for part, narrower in node["narrower"].items():
        listed, name = narrower["entries"], _scalar(part, "{}: 1", lambda s: {s: 1})
        if listed is None:
            lines += [f"{pad}{name}:", *_yaml_lines(narrower, reasons, depth + 1)]
            continue
        lines.append(f"{pad}{name}:" if listed or narrower["narrower"] else f"{pad}{name}: []")
        for entry in listed:
            reason = reasons.get((narrower["path"], entry))
            lines.append(f"{pad}  - {_scalar(entry, '- {}', lambda s: [s])}" + (f"  # {reason}" if reason else ""))
        if narrower["narrower"]:
            first, *rest = _yaml_lines(narrower, reasons, depth + 2)
            lines += [f"{pad}  - {first.strip()}", *rest]
    return lines


def _scalar(words, frame, expected):
    """Return words as YAML, in quotes if they would mean something else without."""
    try:
        plain = yaml.safe_load(frame.format(words)) == expected(words)
    except (yaml.YAMLError, ValueError):
        plain = False
    return words if plain and not words.startswith("*") else json.dumps(words, ensure_ascii=False)


def _read_liwc(body, path):
    lines = list(enumerate(body.splitlines(), start=1))
    marks = [i for i, (_, line) in enumerate(lines) if line.strip() == "%"]
    if len(marks) != 2 or any(line.strip() for _, line in lines[: marks[0]]):
        raise DictionaryError(f"{path}: the categories must stand at the top, between two lines with % alone")
    paths, above = {}, []
    for number, line in lines[marks[0] + 1 : marks[1]]:
        if not line.strip():
            continue
        where = f"{path}, line {number}: "
        head = _HEADER.fullmatch(line.rstrip())
        if head is None:
            raise DictionaryError(f"{where}{line.strip()!r} is not a category: a number, a tab, and a name")
        depth = len(head[1])
        if depth > len(above):
            raise DictionaryError(f"{where}{head[3]!r} is indented by more tabs than the line before allows")
        if int(head[2]) in paths:
            raise DictionaryError(f"{where}the number {head[2]} is used twice; number the categories differently")
        above = [*above[:depth], *head[3].split(".")]
        paths[int(head[2])] = (tuple(above), where)
    found = {number: [] for number in paths}
    for number, line in lines[marks[1] + 1 :]:
        if line.strip():
            where = f"{path}, line {number}: "
            entry, *fields = re.split(r"\t+", line.strip())
            given = _liwc_numbers(" ".join(fields).split(), paths, where)
            wider = {p[:i] for p in (paths[g][0] for g in given) for i in range(1, len(p))}
            for one in given:
                if paths[one][0] not in wider:
                    found[one].append((paths[one][0], entry, "", where))
    holders = {p[:i] for p, _ in paths.values() for i in range(1, len(p))}
    for number, (name, where) in paths.items():
        if found[number] or name not in holders:
            yield name, None, "", where
        yield from found[number]


def _liwc_numbers(fields, paths, where):
    if not fields:
        raise DictionaryError(f"{where}no category numbers; separate them from the entry by a tab")
    for field in fields:
        if not field.isdecimal():
            raise DictionaryError(f"{where}{field!r} is not a category number; conditions are not supported")
        if int(field) not in paths:
            raise DictionaryError(f"{where}no category has the number {field}; add it at the top")
    return list(dict.fromkeys(map(int, fields)))


def _read_lexicoder(body, path):
    name = None
    for number, line in enumerate(body.splitlines(), start=1):
        line, where = line.strip(), f"{path}, line {number}: "
        if line.startswith("+"):
            name = tuple(line[1:].split("."))
            yield name, None, "", where
        elif line and name is None:
            raise DictionaryError(f"{where}{line!r} comes before any category; begin with a line +NAME")
        elif line:
            yield name, line, "", where


# --- Matching ---------------------------------------------------------------------------------------------------------


def _in_texts(texts, categories):
    found = {name: np.zeros((len(texts), len(listed)), np.int64) for name, listed in categories.items()}
    places = {name: {entry: j for j, entry in enumerate(listed)} for name, listed in categories.items()}
    for i, body in enumerate(texts):
        for name, listed in categories.items():
            for _, _, entry in matching.find(body, listed):
                found[name][i, places[name][entry]] += 1
    return {
        name: pd.DataFrame(found[name], index=texts.index, columns=pd.Index(listed, dtype=object))
        for name, listed in categories.items()
    }


def _in_counts(m, phrases, categories):
    every = list(dict.fromkeys(entry for listed in categories.values() for entry in listed))
    words = [entry for entry in every if _is_token(entry)]
    others = [entry for entry in every if not _is_token(entry)]
    if others and phrases is None:
        raise DictionaryError(
            f"{others[0]!r} and {len(others) - 1} other entries are not single words: pass phrases=c.phrases() as well"
        )
    lacking = [entry for entry in others if entry not in phrases.columns]
    if lacking:
        raise DictionaryError(f"not counted: {', '.join(map(repr, lacking))}; add to phrases.csv and run `make data`")
    plain = pd.DataFrame(_count_words(m, words, categories), index=m.rows.index, columns=pd.Index(words, dtype=object))
    if others:
        absent = m.rows.index.difference(phrases.index)
        if len(absent):
            raise DictionaryError(f"the phrases have no row {absent[0]!r}; take both of the same register and unit")
        plain = plain.join(phrases.loc[m.rows.index, others])
    return {name: _alone(plain[listed], tuple(listed)) for name, listed in categories.items()}


def _is_token(entry):
    """Say whether whatever the entry matches is one token, so that the vocabulary can tell."""
    filled = entry.replace("*", "a")
    return text.tokenise(filled) == [filled]


def _count_words(m, words, categories):
    """Count single words and globs by matching them against the vocabulary as if it were a text."""
    body = "\n".join(m.vocabulary.tolist())
    rows = [_terms(body, word) for word in words]
    columns = np.repeat(np.arange(len(words)), list(map(len, rows)))
    rows = np.concatenate(rows or [[]]).astype(int)
    # Few terms are any entry's: the others need not be multiplied.
    used, rows = np.unique(rows, return_inverse=True)
    where = sparse.csr_matrix((np.ones(len(rows), np.int64), (rows, columns)), (len(used), len(words)))
    return np.asarray((m.counts[:, used] @ where).toarray(), np.int64)


@lru_cache(maxsize=512)
def _terms(body, word):
    """Return the places, in a vocabulary joined by line ends, of the terms that an entry matches."""
    begins = _begins(body)
    return np.searchsorted(begins, [span[0] for span in text.phrase_spans(body, word)], side="right") - 1


@lru_cache(maxsize=2)
def _begins(body):
    return np.cumsum([0, *(len(term) + 1 for term in body.split("\n"))])


def _alone(plain, listed):
    clash = _unclear(listed)
    if clash:
        raise DictionaryError(clash)
    try:
        alone = matching.longest(plain)
    except ValueError as error:
        raise DictionaryError(str(error)) from None
    # A term under the floor is not counted alone but is inside a phrase: below zero stands for none.
    return alone.clip(lower=0) if (alone.to_numpy() < 0).any() else alone


@lru_cache(maxsize=64)
def _unclear(listed):
    """Describe the first entries that overlap such that counts cannot say how often each stands alone, or return ""."""
    phrases = [entry.split() for entry in listed if " " in entry]
    for one, other in product(phrases, phrases):
        for k in range(1, min(len(one), len(other))):
            if not all(_alike(a, b) for a, b in zip(one[-k:], other[:k], strict=True)):
                continue
            common = " ".join(other[:k]).replace("*", "")
            for entry in listed:
                if text.phrase_pattern(entry).search(common):  # it would be taken away twice
                    a, b = " ".join(one), " ".join(other)
                    return f"{entry!r} stands where {a!r} and {b!r} overlap, so counts cannot tell; leave one out"
    return ""


def _alike(one, other):
    return any(re.fullmatch(text.word_expression(a), b) for a, b in ((one, other), (other, one)))


def _ends(draws, level):
    """Return the ends of percentile intervals along the first axis; draws may be infinite, NaN is left out."""
    low, high = np.full((2, *draws.shape[1:]), np.nan)
    for place in np.ndindex(draws.shape[1:]):
        known = np.sort(draws[(slice(None), *place)])
        known = known[~np.isnan(known)]
        if len(known):
            tail = (1 - level) / 2
            low[place], high[place] = np.quantile(known, [tail, 1 - tail], method="nearest")
    return low, high


# --- Coded sheets -----------------------------------------------------------------------------------------------------


def _check(sentence):
    return short_hash(" ".join(str(sentence).split()))


def _is_path(thing):
    return isinstance(thing, (str, Path))


def _draw(every, n, rng):
    """Choose n sentences by stratum: Series of weights, in random order, index as in ``every``."""
    sizes = every["stratum"].value_counts().sort_index()
    hit = sizes.drop("none", errors="ignore")
    needed = int(np.minimum(hit, 2).sum() + min(2, sizes.get("none", 0)))
    if not needed <= n <= len(every):
        raise DictionaryError(
            f"{n} sentences cannot be drawn: at least {needed} are needed, two for each category found, and there are "
            f"{len(every)}"
        )
    quota = dict.fromkeys(hit.index, 0)
    target = max(n // 2, needed - min(2, sizes.get("none", 0)), n - sizes.get("none", 0))
    while sum(quota.values()) < min(target, hit.sum()):
        open_ = [name for name in quota if quota[name] < hit[name]]
        quota[min(open_, key=lambda name: (quota[name], name))] += 1
    quota["none"] = n - sum(quota.values())
    parts = []
    for name, size in quota.items():
        if size:
            own = every.index[every["stratum"] == name].to_numpy()
            order = own[rng.permutation(len(own))]
            order = order[np.argsort(pd.Categorical(every.loc[order, "era"]).codes, kind="stable")]
            picked = np.floor((rng.random() + np.arange(size)) * len(own) / size).astype(int)
            parts.append(pd.Series(len(own) / size, index=order[picked]))
    chosen = pd.concat(parts)
    return chosen.iloc[rng.permutation(len(chosen))]


def read_sheets(paths):
    """Read filled sheets, one file for each coder, who is named after it.

    Parameters
    ----------
    paths : sequence of path-like

    Returns
    -------
    dict
        Coder to DataFrame, all cells as text.

    Raises
    ------
    DictionaryError
        If there are none, one cannot be read, or two have one name.
    """
    paths = [Path(path) for path in ([paths] if _is_path(paths) else paths)]
    if not paths:
        raise DictionaryError("no coded sheets; give at least one")
    found = {}
    for path in paths:
        if path.stem in found:
            raise DictionaryError(f"two sheets are called {path.stem!r}; name each after its coder")
        try:
            found[path.stem] = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        except (OSError, ValueError) as error:
            raise DictionaryError(f"{path} cannot be read ({error}); save it as CSV in UTF-8") from None
    return found


def _codes(sample, key, names):
    """Return coder to DataFrame of codes (1, 0, NaN), rows as in the key."""
    if isinstance(sample, pd.DataFrame):
        if "coder" not in sample or "id" not in sample:
            raise DictionaryError("one table of all coders needs the columns 'coder' and 'id'")
        sheets = {str(coder): part.drop(columns="coder") for coder, part in sample.groupby("coder", sort=False)}
        if {"category", "code"} <= set(sample):
            sheets = {coder: _wide(part, coder, names) for coder, part in sheets.items()}
    else:
        sheets = dict(sample) if isinstance(sample, Mapping) else read_sheets(sample)
    if not sheets:
        raise DictionaryError("no coded sheets; give at least one")
    return {coder: _checked(sheet, coder, key, names) for coder, sheet in sheets.items()}


def _wide(part, coder, names):
    unknown = sorted(set(part["category"]) - set(names))
    if unknown:
        raise DictionaryError(f"{coder}: no category {unknown} in the key; it has {', '.join(names)}")
    twice = part[part.duplicated(["id", "category"])]
    if len(twice):
        raise DictionaryError(
            f"{coder}: {twice['id'].iat[0]!r} is coded twice for {twice['category'].iat[0]!r}; keep one"
        )
    return part.pivot(index="id", columns="category", values="code").reindex(columns=names).reset_index()


def _checked(sheet, coder, key, names):
    missing = [name for name in ("id", *names) if name not in sheet]
    unknown = [name for name in sheet if name not in (*_ASIDE, *names)]
    if missing or unknown:
        raise DictionaryError(
            f"{coder}: the sheet lacks {missing} and has {unknown}, which the key does not; keep the columns as they "
            "were, and put remarks under 'comment'"
        )
    ids = sheet["id"].astype(str).str.strip()
    if ids.duplicated().any():
        raise DictionaryError(f"{coder}: {ids[ids.duplicated()].iat[0]!r} is there twice; keep one row")
    strange = sorted(set(ids) - set(key["id"]))
    if strange:
        raise DictionaryError(f"{coder}: no sentence {strange[0]!r} in the key; is it another sheet's?")
    sheet = sheet.set_axis(ids, axis=0)
    if "sentence" in sheet:
        altered = sheet["sentence"].map(_check).ne(key.set_index("id")["check"].reindex(ids))
        if altered.any():
            raise DictionaryError(f"{coder}: sentence {altered.idxmax()!r} has been altered; copy it again")
    codes = sheet[names].map(lambda cell: "" if pd.isna(cell) else str(cell).strip().lower())
    wrong = ~codes.isin(list(_CODES))
    if wrong.any(axis=None):
        row, name = wrong.stack().idxmax()
        raise DictionaryError(f"{coder}, sentence {row!r}, {name!r}: {codes.at[row, name]!r} is no code; write 1 or 0")
    codes = codes.map(_CODES.get).astype(float)
    if codes.isna().all(axis=None):
        raise DictionaryError(f"{coder} has coded nothing; leave the sheet out")
    return codes.reindex(key["id"].astype(str))


def _accuracy(key, calls, verdict, n, level, seed, notes):
    """Return precision, recall and F1 with their intervals, by resampling sentences within strata."""
    known = ~np.isnan(verdict)
    strata, weight = key["stratum"].to_numpy(), key["weight"].to_numpy(float)
    groups, still = [], np.zeros((1, 3))
    for stratum in pd.unique(strata):
        here = strata == stratum
        coded = here & known
        if not coded.any():
            notes.append(f"no verdict in stratum {stratum}")
            continue
        # What is coded of a stratum stands for all of it.
        w = weight[coded] * here.sum() / coded.sum()
        hit, yes = calls[coded], verdict[coded]
        rows = np.column_stack([w * hit * yes, w * hit, w * yes])
        if len(rows) > 1:
            groups.append(rows)
        else:
            still = still + rows

    def scores(*sums):
        right, hits, yes = np.moveaxis(sum(sums) + still[0], -1, 0)
        return np.stack([right / hits, right / yes, 2 * right / (hits + yes)], axis=-1)

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        middle = scores(*(rows.sum(axis=0) for rows in groups)) if groups else scores(np.zeros(3))
        low, high = np.full((2, 3), np.nan)
        if groups:
            found = inference.bootstrap_sums(scores, groups, n, level, seed)
            low, high = np.array(found.low), np.array(found.high)
    for i, of in enumerate((calls[known], verdict[known])):
        size = int(of.sum())
        if size and middle[i] in (0, 1):
            ends = scipy.stats.binomtest(round(middle[i] * size), size).proportion_ci(level, "wilson")
            low[i], high[i] = ends.low, ends.high
    if not calls[known].any():
        notes.append("no hit of the dictionary was coded: precision unknown")
    if not verdict[known].any():
        notes.append("readers found no case: recall unknown")
    row = {"hits": int(calls[known].sum())}
    for i, name in enumerate(("precision", "recall", "f1")):
        row |= {name: float(middle[i]), f"{name}_low": float(low[i]), f"{name}_high": float(high[i])}
    return row


def _reliability(ratings, strata, n, level, seed, notes):
    nothing = {"alpha": np.nan, "alpha_low": np.nan, "alpha_high": np.nan}
    coded = ratings[(~np.isnan(ratings)).any(axis=1)] if len(ratings) else ratings
    if len(coded) < 2:
        notes.append("fewer than two coders: alpha unknown")
        return nothing
    if ((~np.isnan(coded)).sum(axis=0) < 2).all():
        notes.append("no sentence was coded by two: alpha unknown")
        return nothing
    found = alpha_interval(coded, n=n, coverage=level, seed=seed, strata=strata)
    if np.isnan(found.estimate):
        notes.append("all codes alike: alpha unknown")
    return {"alpha": float(found.estimate), "alpha_low": float(found.low), "alpha_high": float(found.high)}


# --- Agreement --------------------------------------------------------------------------------------------------------


def alpha(ratings, level="nominal"):
    """Krippendorff's alpha: how far coders agree beyond what chance would bring.

    Parameters
    ----------
    ratings : array-like
        Coders x units; numbers, NaN where a coder left a unit out. For nominal ratings words will do as well, with None
        or NaN where missing.
    level : {"nominal", "ordinal", "interval", "ratio"}
        What differences between values mean.

    Returns
    -------
    float
        1 for full agreement, about 0 for chance, below 0 for systematic disagreement. NaN if all values that can be
        paired are alike: then nothing tells agreement from habit.

    Raises
    ------
    ValueError
        For an unknown level, ratings that are not coders x units, no unit with two values, or values that the level
        does not allow.

    Notes
    -----
    From coincidences: the pairs of values within units, each unit weighted so that its values count once
    [hayes_krippendorff2007, krippendorff2019].

    Examples
    --------
    >>> round(alpha([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]), 3)
    0.095
    """
    coincidences, values, _ = _coincidences(ratings, level)
    return float(_alpha_of(coincidences.sum(axis=0), values, level))


def alpha_interval(ratings, level="nominal", n=2000, coverage=0.95, seed=0, strata=None):
    """Krippendorff's alpha with an interval from resampled units.

    Parameters
    ----------
    ratings, level
        As in :func:`alpha`.
    n, coverage, seed
        As ``n``, ``level`` and ``seed`` of :func:`manyvectors.inference.bootstrap`.
    strata : array-like, optional
        One value for each unit; units are resampled within it.

    Returns
    -------
    manyvectors.inference.Estimate
        Resamples in which all values are alike are left out; the ends are NaN if there are fewer than two units that
        can be resampled, or if alpha is 1, about which resampling sees no doubt.

    Raises
    ------
    ValueError
        As in :func:`alpha`, or as in :func:`manyvectors.inference.bootstrap`.
    """
    coincidences, values, kept = _coincidences(ratings, level)
    strata = np.zeros(len(kept)) if strata is None else np.asarray(strata)
    if len(strata) != len(kept):
        raise ValueError(f"strata must have one value for each of {len(kept)} units, got {len(strata)}")
    parts = [coincidences[strata[kept] == stratum] for stratum in pd.unique(strata[kept])]
    groups = [part for part in parts if len(part) > 1]
    still = sum((part[0] for part in parts if len(part) == 1), np.zeros(coincidences.shape[1]))
    estimate = float(_alpha_of(coincidences.sum(axis=0), values, level))
    if not groups:
        return inference.Estimate(estimate, np.nan, np.nan, np.full(n, np.nan))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        found = inference.bootstrap_sums(
            lambda *sums: _alpha_of(sum(sums) + still, values, level), groups, n, coverage, seed
        )
    low, high = (np.nan, np.nan) if estimate == 1 else map(float, (found.low, found.high))
    return inference.Estimate(estimate, low, high, found.draws)


def _coincidences(ratings, level):
    """Return units x (values * values) coincidences, the values, and which units have two values or more."""
    if level not in ("nominal", "ordinal", "interval", "ratio"):
        raise ValueError(f"level must be nominal, ordinal, interval or ratio, got {level!r}")
    table = np.array(ratings.to_numpy() if hasattr(ratings, "to_numpy") else ratings, dtype=object)
    if table.ndim != 2:
        raise ValueError("ratings must be coders x units, one row for each coder")
    missing = pd.isna(table)
    kept = (~missing).sum(axis=0) >= 2
    if not kept.any():
        raise ValueError("no unit has two ratings: agreement needs at least two coders on the same units")
    table, missing = table[:, kept], missing[:, kept]
    try:
        given = table[~missing] if level == "nominal" else table[~missing].astype(float)
        values, places = np.unique(given, return_inverse=True)
    except (TypeError, ValueError):
        need = "values of one kind" if level == "nominal" else "numbers"
        raise ValueError(f"{level} ratings must be {need}") from None
    if level != "nominal" and not np.isfinite(values).all():
        raise ValueError(f"{level} ratings must be finite numbers")
    if level == "ratio" and (values < 0).any():
        raise ValueError("ratio ratings must not be negative")
    counts = np.zeros((table.shape[1], len(values)))
    np.add.at(counts, (np.nonzero(~missing)[1], places), 1)
    size = counts.sum(axis=1)
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(len(values))
    return (pairs / (size - 1)[:, None, None]).reshape(len(counts), -1), values, kept


def _alpha_of(coincidences, values, level):
    """Return alpha of summed coincidences, shape (..., values * values)."""
    k = len(values)
    square = coincidences.reshape(*coincidences.shape[:-1], k, k)
    totals = square.sum(axis=-1)
    size = totals.sum(axis=-1)
    if level == "nominal":
        difference = 1 - np.eye(k)
    elif level == "ordinal":
        middle = totals.cumsum(axis=-1) - totals / 2
        difference = (middle[..., :, None] - middle[..., None, :]) ** 2
    else:
        difference = (values[:, None] - values) ** 2
        if level == "ratio":
            together = (values[:, None] + values) ** 2
            difference = np.divide(difference, together, out=np.zeros((k, k)), where=together > 0)
    observed = (square * difference).sum(axis=(-2, -1))
    expected = (totals[..., :, None] * totals[..., None, :] * difference).sum(axis=(-2, -1))
    with np.errstate(all="ignore"):
        found = 1 - (size - 1) * observed / expected
    return np.where(expected > 0, found, np.nan)


# --- Evenness ---------------------------------------------------------------------------------------------------------


def entropy(counts, correction=None):
    """Shannon entropy of shares, in nats.

    Parameters
    ----------
    counts : array-like
        Shape (..., k): how often each of k categories occurs.
    correction : {None, "miller-madow", "chao"} or bool
        In small samples the entropy of the observed shares is too low. ``"miller-madow"`` adds
        (observed categories - 1) / (2 * total) [miller1955]; ``"chao"``, or True, is the estimator of [chao2013], which
        reads what is missing off the categories seen once and twice.

    Returns
    -------
    numpy.ndarray or float
        Shape (...); NaN where all counts are 0.

    Raises
    ------
    ValueError
        For negative, infinite or missing counts, an unknown correction, or a correction of counts that are not whole.

    Notes
    -----
    Corrected values allow for categories not seen, and can exceed log(k). The corrections suppose independent draws;
    mentions within a speech are not, so resample speeches for an interval.

    Examples
    --------
    >>> round(float(entropy([1, 1, 2])), 4)
    1.0397
    """
    counts = _counts(counts)
    correction = {True: "chao", False: None}.get(correction, correction) if isinstance(correction, bool) else correction
    if correction not in (None, "miller-madow", "chao"):
        raise ValueError(f"correction must be None, 'miller-madow' or 'chao', got {correction!r}")
    total = counts.sum(axis=-1)
    if correction and (counts != np.round(counts)).any():
        raise ValueError("only whole counts can be corrected; give counts, not rates or shares")
    with np.errstate(all="ignore"):
        found = _chao(counts, total) if correction == "chao" else _plug_in(counts, total)
        if correction == "miller-madow":
            found = found + ((counts > 0).sum(axis=-1) - 1) / (2 * total)
    found = np.where(total > 0, found, np.nan)
    return found if found.ndim else float(found)


def _counts(counts):
    counts = np.asarray(counts, float)
    if counts.ndim < 1 or counts.shape[-1] < 1:
        raise ValueError("counts must have at least one category along the last axis")
    if not np.isfinite(counts).all() or (counts < 0).any():
        raise ValueError("counts must be finite and not negative")
    return counts


def _plug_in(counts, total):
    return special.entr(counts / total[..., None]).sum(axis=-1)


def _chao(counts, total):
    n = total[..., None]
    seen = np.where(counts > 0, counts / n * (special.digamma(n) - special.digamma(np.maximum(counts, 1))), 0).sum(
        axis=-1
    )
    once, twice = ((counts == times).sum(axis=-1) for times in (1, 2))
    some = np.where(twice > 0, 2 * twice, 2)
    rest = (total - 1) * np.where(twice > 0, once, once - 1)
    part = np.where(once > 0, some / (rest + some), 1.0)
    return seen + once / total * np.vectorize(_unseen, otypes=[float])(total, part)


def _unseen(n, a):
    """Return (1 - a) ** (1 - n) * (-log(a) - sum of (1 - a) ** r / r for r below n), without loss of digits."""
    if not 0 < a < 1 or n < 1:
        return 0.0
    q = 1 - a
    if n * a < 10:
        r = np.arange(1, int(n))
        return float(np.exp((1 - n) * np.log1p(-a)) * (-np.log(a) - (np.exp(r * np.log1p(-a)) / r).sum()))
    # The same as a sum of what is left, of which the terms die out before 40 / a.
    j = np.arange(int(40 / a) + 2)
    return float(q * (np.exp(j * np.log1p(-a)) / (n + j)).sum())


def effective_number(counts, correction=None):
    """Return how many equally common categories would be as diverse: exp(entropy), the Hill number of order 1.

    Parameters
    ----------
    counts, correction
        As in :func:`entropy`.

    Returns
    -------
    numpy.ndarray or float
        Shape (...); without correction from 1 to k; NaN where all counts are 0.

    Raises
    ------
    ValueError
        As in :func:`entropy`.

    Notes
    -----
    [hill1973, jost2006]. Unlike entropy it doubles when every category is split into two equal ones.

    Examples
    --------
    >>> round(float(effective_number([5, 5, 5, 0])), 2)
    3.0
    """
    found = np.exp(entropy(counts, correction))
    return found if np.ndim(found) else float(found)


def evenness(counts, of="possible"):
    """Return how near shares come to equal ones (Pielou's J): entropy divided by its largest value.

    Parameters
    ----------
    counts : array-like
        Shape (..., k).
    of : {"possible", "observed"} or int
        Of all k categories, or of those with a count; a number, if more are possible than are listed.

    Returns
    -------
    numpy.ndarray or float
        Shape (...), 0 to 1; NaN where all counts are 0 or only one category is possible (or observed).

    Raises
    ------
    ValueError
        For bad counts as in :func:`entropy`, an unknown ``of``, or a number below k.

    Notes
    -----
    [pielou1966] divides by the logarithm of the number of species, which in nature is not known beforehand. Here a list
    of partners is: a state that names two of five partners equally often is not even in all directions, and "possible"
    says so, where "observed" gives 1.
    """
    counts = _counts(counts)
    if of not in ("possible", "observed") and not (isinstance(of, int) and of >= counts.shape[-1]):
        raise ValueError(f"of must be 'possible', 'observed' or a whole number from {counts.shape[-1]} up, got {of!r}")
    possible = counts.shape[-1] if of == "possible" else of
    size = (counts > 0).sum(axis=-1) if of == "observed" else np.full(counts.shape[:-1], possible)
    with np.errstate(all="ignore"):
        found = np.where(size > 1, entropy(counts) / np.log(size), np.nan)
    return found if found.ndim else float(found)


def hhi(counts):
    """Return the concentration of shares: the sum of their squares (Hirschman-Herfindahl index).

    Parameters
    ----------
    counts : array-like
        Shape (..., k).

    Returns
    -------
    numpy.ndarray or float
        Shape (...), 1/k (equal shares) to 1 (all in one); NaN where all counts are 0.

    Raises
    ------
    ValueError
        For bad counts as in :func:`entropy`.

    Notes
    -----
    [hirschman1964] tells whose index it is.
    """
    counts = _counts(counts)
    total = counts.sum(axis=-1, keepdims=True)
    with np.errstate(all="ignore"):
        found = ((counts / total) ** 2).sum(axis=-1)
    return found if found.ndim else float(found)
