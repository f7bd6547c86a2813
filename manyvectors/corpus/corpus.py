"""The corpus: the world's tables and a study's, opened as they are asked for; with texts attached, passages."""

import os
import warnings
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from .. import study as studies
from ..common import one_line
from . import states, tables
from .attached import Attached
from .cells import Cells
from .counted import is_counted, open_counts
from .matrix import DataError, TermMatrix, need_kind

FLOOR = 3  # a term in fewer speeches is left out of the world's tables; a study may keep the words of its states
UNITS = ("document", "segment")
_REMEDY = "restore it with `git checkout -- data` or `make data`"


def load(study=None, data=None, texts=None):
    """Open the world's data and a study's, or count tables of one's own.

    Nothing of the book's is read before it is asked for.

    Parameters
    ----------
    study : Study or path-like, optional
        The study or its folder; by default, as :func:`manyvectors.study.load`. Or a folder that ``python -m manyvectors
        counts`` wrote.
    data : path-like, optional
        Folder that holds ``world/``. By default the environment variable ``MANYVECTORS_DATA``, else the repository's
        ``data/``.
    texts : path-like, optional
        UNGDC archive or folder, for concordances and passages. By default the environment variable
        ``MANYVECTORS_TEXTS``; without either, no texts are attached.

    Returns
    -------
    Corpus
        An OwnCorpus, without texts, for a folder of counts.

    Raises
    ------
    DataError
        If there are no data, or counts that do not fit each other, or no texts where they should be.
    StudyError
        If there is no study, or it cannot be used.
    """
    need_kind("study", study, studies.Study, str, os.PathLike, None, what="a study or a folder")
    if isinstance(study, (str, os.PathLike)) and not (Path(study) / studies.FILE).exists() and is_counted(study):
        if data is not None or texts is not None:
            raise DataError(f"{study} holds counts of your own; leave data and texts out, or name a study")
        return open_counts(study)
    folder = Path(data or os.environ.get("MANYVECTORS_DATA") or studies.DATA)
    world = folder / "world"
    if not (world / tables.PACKAGE).is_file():
        raise DataError(
            f"no data package in {world} ({tables.PACKAGE} is missing); run from a clone, or set MANYVECTORS_DATA"
        )
    if not isinstance(study, studies.Study):
        if study is not None and Path(study).exists() and not (Path(study) / studies.FILE).exists():
            raise studies.StudyError(
                f"{study} is neither a study (it has no {studies.FILE}) nor counts; texts of your own are read by "
                "corpus.read(PATH)"
            )
        study = studies.load(data) if study is None else studies.read(study)
    texts = texts or os.environ.get("MANYVECTORS_TEXTS") or None
    if texts is not None and not Path(texts).exists():
        raise DataError(f"no texts at {texts}; `python -m manyvectors fetch ungdc` brings them")
    return Corpus(world, study, Path(texts) if texts else None)


_OPENED = {}


def opened(c=None):
    """Return a corpus that is given, or the shipped one, opened once for every folder, study and texts.

    ``c``: Corpus. Returns Corpus. DataError, StudyError as :func:`load`.
    """
    if c is not None:
        return c
    fresh = load()
    return _OPENED.setdefault((fresh.world, fresh.study, fresh._texts), fresh)


class Corpus(Attached, Cells):
    """Documents and counts of the world, seen from a study; made by :func:`load`.

    ``world`` (pathlib.Path): folder of the world's tables. ``study`` (Study): whose policy it is, and which dates cut
    it; its own tables lie in ``study.folder``.
    """

    def __init__(self, world, study, texts=None):
        self.world, self.study = world, study
        self._texts = texts
        self._tables, self._registers, self._matrices = {}, {}, {}
        self._orders, self._unchanged, self._carries = {}, {}, {}
        self._all_phrases = None

    def __repr__(self):
        texts = f"texts from {self._texts}" if self._texts else "no texts attached"
        return f"Corpus({self.world}, study {self.study.name}, {texts})"

    def table(self, name, of=None):
        """Return a table of the study or, if it has none of that name, of the world, as shipped.

        ``name``: of a file with a description beside it, for instance ``"rostrum-years"``. ``of``: code of the state
        whose side is wanted, of a table that holds one state's side alone. Returns pandas.DataFrame: a copy; fields as
        described in ``<name>.yaml``. DataError if there is no such table, its file is missing or damaged, or it holds
        another state's side than the one that is wanted: by default, that of the study's focus.
        """
        held, wanted = self.perspective(name), self.study.focus if of is None else of
        if held not in (None, wanted):
            raise DataError(
                f"{self.path(name)} holds only what concerns {held}, not {wanted}; "
                f"a study of {wanted} needs a table of its own, or ask for of={held!r}"
            )
        return self._table(name).copy(deep=False)  # pandas copies what is shared when one of both is changed

    def path(self, name):
        """Return where a table lies: pathlib.Path; raises DataError as :meth:`table`."""
        return self._described(name).path

    def perspective(self, name):
        """Return the code of the state whose side alone a table holds, or None; raises DataError as :meth:`table`."""
        return self._described(name).perspective

    def choices(self, name, field):
        """Return the values that a field of a table may have, in order: tuple.

        DataError as :meth:`table`, or for a field that may have any value.
        """
        listed = {
            key: one.constraints["enum"]
            for key, one in self._described(name).fields.items()
            if "enum" in one.constraints
        }
        if field not in listed:
            some = ", ".join(listed) or "none"
            raise DataError(f"field {field!r} of {name} has no list of values; of its fields these have: {some}")
        return tuple(listed[field])

    def _folder(self, name):
        """Return the folder with the description of a table."""
        own = self.study.folder
        for folder in (own, self.world):
            if (folder / f"{name}.yaml").is_file():
                return folder
        made = (self.world / "studies" / f"{name}.yaml").is_file()
        step = "power" if name in ("power", "bars", "bar-power") else "data --texts PATH"
        build = f"`python -m manyvectors {step} --study {own}` counts it"
        raise DataError(
            f"study {self.study.name} has no table {name!r}; "
            f"{build if made else f'put {name}.csv with its description {name}.yaml into {own}'}"
            f"{', or let keep_words in study.yml be []' if name == 'extra-terms' else ''}; "
            f"there are {', '.join(sorted({*tables.names(own), *tables.names(self.world)}))}"
        )

    def _described(self, name):
        try:
            return tables.table(name, self._folder(name))
        except tables.TableError as error:
            raise DataError(f"{error}") from None

    def _table(self, name):
        if name not in self._tables:
            folder = self._folder(name)
            self._settled()
            known = self._known(name)
            frame = self._reading(name, lambda: tables.read(name, folder, None, known))
            self._tables[name] = self._fitted(name, frame)
            if not known:
                self._warn_edited(name)
        return self._tables[name]

    def _reading(self, name, read):
        """Call a function that reads a table; whatever is wrong becomes one message with a remedy."""
        folder, path = self._folder(name), self.path(name)
        try:
            return read()
        except FileNotFoundError:
            raise DataError(f"{path} is missing; {self._remedy(folder)}") from None
        except tables.TableError as error:
            raise DataError(f"{error}, or {self._remedy(folder)}") from None
        except Exception as error:
            raise DataError(f"{path} is damaged ({one_line(error)}); {self._remedy(folder)}") from None

    def _settled(self):
        """Raise if a rebuild was cut short while it put its tables in place: some are new and some are old."""
        if (self.world / tables.SWAP).exists():
            raise DataError(
                f"{self.world} holds tables of two builds, since `python -m manyvectors data` was cut short or "
                "is still at work; run `make data` again, or `python -m manyvectors describe`, which ends what it began"
            )

    def _remedy(self, folder):
        """Return how to have a file again: this repository keeps those of ``data``."""
        return _REMEDY if folder.parent == self.world.parent else "put a sound copy in its place"

    @property
    def documents(self):
        """Every document: DataFrame, index ``doc_id``; the fields of ``documents.csv``, ``language``, and ``era``.

        Speeches come first, then the study's other documents. Eras are the study's, worked out from the year, in order
        of time; a document that is older than the first has none. Speeches are in English.
        """
        return self._documents.copy(deep=False)

    @cached_property
    def _documents(self):
        self.study.check_states(set(self.states.index), lambda given: states.names(self).hint(given))
        speeches = self._table("documents").copy(deep=False)
        extra, size = self._extra, len(speeches)
        kept = np.bincount(extra["document"], extra["count"], size), np.bincount(extra["document"], minlength=size)
        for name, more in zip(("rare_tokens", "rare_terms"), kept, strict=True):
            speeches[name] = speeches[name] - more.astype(speeches[name].dtype)
        speeches.insert(speeches.columns.get_loc("state") + 1, "language", studies.SPEECHES_IN)
        parts = [speeches, *([self._table("other-documents")] if self.study.documents else [])]
        frame = pd.concat(parts, ignore_index=True).set_index("doc_id")
        years, first = frame["year"].unique(), self.study.first_year
        eras = {year: self.study.era(year) for year in years if year >= first}
        if size and speeches["year"].min() < first:
            raise DataError(
                f"{frame['year'].head(size).idxmin()} is of {speeches['year'].min()}, before the first era of "
                f"{self.study.folder / studies.FILE}; let the first of its eras begin in that year or earlier"
            )
        kind = pd.CategoricalDtype(list(self.study.eras), ordered=True)
        frame.insert(frame.columns.get_loc("date") + 1, "era", frame["year"].map(eras).astype(kind))
        return frame

    @cached_property
    def _extra(self):
        """Cells of the terms that the study keeps under the floor: DataFrame; document, term, count, and the name."""
        if not self.study.keep_words:
            return pd.DataFrame({"document": [], "term": [], "count": [], "name": []}).astype(
                {"document": int, "term": int, "count": "int32", "name": object}
            )
        cells = self._table("extra-terms").rename(columns={"term": "name"})
        terms = cells.groupby("name")["count"].agg(["size", "sum"]).reset_index()
        terms = terms.sort_values(["size", "name"], ascending=[False, True], ignore_index=True)
        world = pd.Index(self._table("rostrum-vocabulary")["term"])
        places = pd.Index(self._table("documents")["doc_id"]).get_indexer(cells["doc_id"])
        if (places < 0).any() or terms["name"].isin(world).any():
            self._unfit(
                "extra-terms", "has a document that is not in documents.csv or a term of rostrum-vocabulary.csv"
            )
        order = pd.Index(terms["name"]).get_indexer(cells["name"])
        return cells.assign(document=places, term=order + len(world)).sort_values(["document", "term"])

    @cached_property
    def segments(self):
        """Every segment of a speech: DataFrame, index ``segment_id``, with the fields of its document."""
        return self._with_documents(self._table("rostrum-segments"))

    @cached_property
    def _other_segments(self):
        """Every segment of the documents that are no speeches, as :attr:`segments`; with its ``label`` in the text."""
        return self._with_documents(self._table("other-segments").assign(rare_tokens=np.int32(0)))

    def _with_documents(self, segments):
        about = self._documents.drop(columns=["tokens", "rare_tokens", "terms", "rare_terms"])
        return segments.set_index("segment_id").join(about, on="doc_id")

    @cached_property
    def states(self):
        """Short English names of states: Series, index state code."""
        return self._table("states").set_index("state")["name"]

    @cached_property
    def _vocabulary(self):
        world = self._table("rostrum-vocabulary").set_index("term")
        extra = self._extra
        if not len(extra):
            return world
        places = extra["term"].to_numpy() - len(world)
        named = extra.drop_duplicates("term").sort_values("term")["name"]
        own = {"documents": np.bincount(places), "tokens": np.bincount(places, extra["count"])}
        own = pd.DataFrame(own, index=named.to_numpy()).astype(world.dtypes)
        return pd.concat([world, own]).rename_axis("term")

    @cached_property
    def vocabulary(self):
        """The rostrum's terms: DataFrame, index ``term``; documents, tokens, focus (times the focus state says it).

        The world's terms come first, in three speeches or more; then those that the study keeps besides.
        """
        focus = self.terms(state=self.study.focus).counts
        return self._vocabulary.assign(focus=np.asarray(focus.sum(axis=0), np.int32).ravel())

    def terms(self, register="rostrum", state=None, unit="document", language=None):
        """Return counts of terms.

        Parameters
        ----------
        register : str
            ``"rostrum"``, or another of the study's registers.
        state : str or sequence of str, optional
            State codes; all by default.
        unit : {"document", "segment"}
            Segments exist for the speeches of the states that the study profiles, and for the documents that
            ``documents.yml`` cuts: acts by provision, with its own number as ``label``.
        language : str, optional
            Code of a language, such as ``"ru"``; by default every document counts, each in its own.

        Returns
        -------
        TermMatrix

        Raises
        ------
        DataError
            For an unknown register, state, unit or language, or a damaged table.
        """
        chosen = self._choose(register, state, language)
        if unit not in UNITS:
            raise DataError(f"no unit {unit!r}; there are {', '.join(UNITS)}")
        if register != "rostrum":
            return self._other_terms(chosen, unit, register)
        if unit == "document":
            return self._matrix(chosen, self._cells("rostrum-terms", self._places(chosen)))
        if state is not None:
            self._need_profiled(chosen, "segments")
        rows = self.segments[self.segments["doc_id"].isin(chosen.index)]
        counts = self._cells("rostrum-segment-terms", self.segments.index.get_indexer(rows.index))
        return self._matrix(rows, counts)

    def _matrix(self, rows, counts, vocabulary=None):
        terms = self._vocabulary.index if vocabulary is None else vocabulary
        return TermMatrix(rows, terms, counts, self.study.stop_names)

    def phrases(self, register="rostrum", state=None, lists=None, language=None):
        """Return counts of registered phrases, which are English, in English documents.

        Parameters
        ----------
        register, state, language
            As in :meth:`terms`; documents in other languages are left out.
        lists : str or sequence of str, optional
            Keep the phrases of these lists of ``phrases.csv``.

        Returns
        -------
        pandas.DataFrame
            Documents x phrases, whole numbers.

        Raises
        ------
        DataError
            For an unknown register, state, language or list, documents none of which is in English, or a list with a
            phrase that was added and is not counted yet; without lists, such phrases are left out with a warning.
        """
        chosen = self._choose(register, state, language)
        wanted = self._table("phrases")["phrase"].tolist() if lists is None else self._listed(lists)
        if register == "rostrum":
            everything = state is None and lists is None
            if everything and self._all_phrases is not None:
                return self._all_phrases.copy(deep=False)
            names = self._listed_by("rostrum-phrases", "phrase")
            columns = self._counted_phrases(wanted, names, lists)
            cells = self._cells("rostrum-phrases", self._places(chosen))
            if list(columns) != names:
                cells = cells[:, pd.Index(names).get_indexer(columns)]
            found = pd.DataFrame(cells.toarray(), index=chosen.index, columns=columns, copy=False)
            if everything:
                self._all_phrases = found
                return found.copy(deep=False)
            return found
        english = chosen[chosen["language"] == studies.SPEECHES_IN]
        if not len(english):
            there = ", ".join(chosen["language"].unique())
            raise DataError(f"phrases are counted in English texts, and these of register {register!r} are in {there}")
        names = self._listed_by("other-phrases", "phrase")
        columns = self._counted_phrases(wanted, names, lists)
        cells = self._cells("other-phrases", self._other_places(english))[:, pd.Index(names).get_indexer(columns)]
        return pd.DataFrame(cells.toarray(), index=english.index, columns=columns, copy=False)

    def _counted_phrases(self, wanted, counted, lists):
        """Return those phrases that were counted; the others are an error where they are asked for by their list."""
        counted = set(counted)
        missing = [phrase for phrase in wanted if phrase not in counted]
        if missing:
            some = f"{', '.join(map(repr, missing[:3]))}{f' and {len(missing) - 3} more' if len(missing) > 3 else ''}"
            said = f"{some} of {self.path('phrases')}: not counted yet; rebuild by `make data TEXTS=PATH`"
            if lists is not None:
                raise DataError(said)
            warnings.warn(said, tables.EditedTable, stacklevel=3)
        return pd.Index([phrase for phrase in wanted if phrase in counted], name="phrase")

    def _listed(self, lists):
        registry = self._table("phrases")
        lists = {lists} if isinstance(lists, str) else set(lists)
        belongs = registry["lists"].str.split(";").map(set)
        unknown = lists - set().union(*belongs)
        if unknown:
            raise DataError(f"no list {sorted(unknown)} in phrases.csv; there are {sorted(set().union(*belongs))}")
        return registry.loc[belongs.map(lambda b: bool(b & lists)), "phrase"].tolist()

    def collocates(self, node, state=None):
        """Return how often each term stands within five tokens of a node term.

        ``node``: a node of ``nodes.csv``. ``state`` (str or sequence of str): among the states that the study profiles;
        all of them by default. Returns pandas.DataFrame: documents x terms, whole numbers; only documents and terms
        that occur. DataError if the node is not registered or a state has no collocates.
        """
        nodes = self._table("nodes")["node"]
        if node not in set(nodes):
            raise DataError(f"no collocates for {node!r}; nodes.csv has {', '.join(nodes)}")
        chosen = self._choose("rostrum", self._profiled if state is None else state)
        self._need_profiled(chosen, "collocates")
        counted = self._listed_by("rostrum-collocates", "node")
        if node not in counted:
            raise DataError(f"{node!r} of {self.path('nodes')}: not counted yet; rebuild by `make data TEXTS=PATH`")
        cells = self._table("rostrum-collocates")
        cells = cells[(cells["node"] == counted.index(node)) & cells["document"].isin(self._places(chosen))]
        frame = cells.pivot(index="document", columns="term", values="count").fillna(0).astype(int)
        frame.index = pd.Index(self._rostrum.index[frame.index], name="doc_id")
        frame.columns = pd.Index(self._vocabulary.index[frame.columns], name="term")
        return frame[frame.sum().sort_values(ascending=False, kind="stable").index]

    @cached_property
    def _rostrum(self):
        return self._of("rostrum")

    def _of(self, register):
        """Return the documents of a register, chosen once: with some 6,000 speeches it takes its time."""
        if register not in self._registers:
            self._registers[register] = self._documents[self._documents["register"] == register]
        return self._registers[register]

    def _choose(self, register, state, language=None):
        if register not in self.study.registers:
            raise DataError(
                f"study {self.study.name} has no register {register!r}; there are {', '.join(self.study.registers)}; "
                f"add it and its documents to {studies.FILE} and {studies.DOCUMENTS}"
            )
        rows = self._of(register)
        if not len(rows):
            raise DataError(f"study {self.study.name} has no document of register {register!r}; see its documents.yml")
        if language is not None:
            there = rows["language"].unique()
            if language not in set(there):
                said = ", ".join(there)
                raise DataError(f"register {register!r} has no document in language {language!r}; there are {said}")
            rows = rows[rows["language"] == language]
        if state is None:
            return rows.copy(deep=False)
        several = hasattr(state, "__iter__") and not isinstance(state, str)
        wanted, only = list(state) if several else [state], set(rows["state"].unique())
        unknown = [s for s in wanted if s not in only]
        if unknown:
            known = f"; it has {', '.join(sorted(only))}" if len(only) < 5 else ""
            raise DataError(f"{states.unknown(self, unknown[0], only, f'in register {register!r}')}{known}")
        return rows[rows["state"].isin(wanted)]

    def _need_profiled(self, chosen, what):
        missing = sorted(set(chosen["state"]) - set(self._profiled))
        if missing:
            raise DataError(
                f"no {what} for {missing}; there are for {', '.join(self._profiled)}; "
                f"`python -m manyvectors data --texts PATH --study {self.study.folder} --add {' '.join(missing)}` "
                "counts them"
            )

    def _places(self, chosen):
        """Return the positions of documents among the rostrum's, by which the tables of cells name them."""
        return self._rostrum.index.get_indexer(chosen.index)

    @property
    def _profiled(self):
        """The states that have segments: those that the study profiles and whose speeches were counted so."""
        counted = set(self.segments["state"])
        return [state for state in self.study.profiled if state in counted]

    def _other_places(self, chosen):
        return pd.Index(self._table("other-documents")["doc_id"]).get_indexer(chosen.index)

    def _other_terms(self, rows, unit, register):
        """Return the counts of documents that are no speeches: their own terms only, by alphabet."""
        if unit == "document":
            counts = self._cells("other-terms", self._other_places(rows))
        else:
            segments = self._other_segments
            rows = segments[segments["doc_id"].isin(rows.index)]
            if not len(rows):
                raise DataError(f"register {register!r} has no segments; use unit='document'")
            counts = self._cells("other-segment-terms", segments.index.get_indexer(rows.index))
        terms = pd.Index(self._table("other-vocabulary")["term"], name="term")
        used = np.flatnonzero(np.bincount(counts.indices, minlength=counts.shape[1]))
        used = used[np.argsort(terms[used].to_numpy(str), kind="stable")]
        counts = counts[:, used]
        counts.sort_indices()
        return self._matrix(rows, counts, terms[used])
