"""What a study is: the state, those it stands beside, the eras, the documents, the colours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .. import arguments
from .fields import fail
from .names import FILE


@dataclass(frozen=True)
class Study:
    """One state's foreign policy as a subject: names, states, dates, documents, colours.

    ``folder``: where it and its tables lie. ``title``: of the book. ``focus``, ``focus_name``, ``adjective``: code of
    the state studied, its short English name, and the adjective. ``forms``: lower-case words by which it is named.
    ``region``: name of the region of ``focus`` and ``neighbours``.

    ``neighbours``, ``peers``, ``profiled``, ``keep_words`` (tuples of codes): neighbours; states it is compared with;
    states with segments and collocates; states all of whose words stay in the vocabulary. ``powers``: code to name, in
    the order in which they are shown. ``blocs``: short name to :class:`Bloc`. ``eras``, ``rival_cuts``: era to its
    first year, in order of time; era to the first year that other sources give. ``registers``: register to what it
    holds.

    ``spellings``: spelling in the sources to the one that is counted. ``stop_names``: lower-case names that topics
    leave out. ``vectors``: values of ``vectors.csv`` in the order of tables and figures, or empty; ``universal``: the
    one of them that is counted and is no vector, or empty. ``languages``: ISO 639-1 code to ``name``, ``script`` and
    ``letters`` (those that only this language has in its script). ``documents``, ``decrees``: the documents that are
    not speeches, those of collections (a document for each row of a table) after the others, and acts a reader can
    fetch: fields as in ``documents.yml``. ``colours``: ``eras`` and ``registers``
    (name to colour), ``focus``, ``neighbours``, ``world``: ``#rrggbb``.
    """

    folder: Path
    title: str
    focus: str
    focus_name: str
    adjective: str
    forms: tuple
    region: str
    neighbours: tuple
    peers: tuple
    profiled: tuple
    keep_words: tuple
    powers: Mapping
    blocs: Mapping
    eras: Mapping
    rival_cuts: Mapping
    registers: Mapping
    spellings: Mapping
    stop_names: frozenset
    vectors: tuple
    universal: str
    languages: Mapping
    colours: Mapping
    documents: Mapping = field(repr=False)
    decrees: Mapping = field(repr=False)

    # Nobody is a neighbour of itself: so that a study of another focus state, made from this one, has its own.
    def __post_init__(self):
        for key in ("neighbours", "peers"):
            object.__setattr__(self, key, tuple(state for state in getattr(self, key) if state != self.focus))

    # Two studies of one folder are one: what is worked out for a study can be kept by it.
    def __hash__(self):
        return hash((self.folder, self.focus))

    # What is read from a folder is sent to another process as that folder.
    def __reduce__(self):
        from .reading import read  # which makes studies, and therefore knows this room

        return read, (self.folder,)

    @property
    def name(self):
        """Name of its folder: str."""
        return self.folder.name

    @property
    def first_year(self):
        """Year in which the first era begins: int."""
        return next(iter(self.eras.values()))

    @property
    def extract(self):
        """The document that is held by sections: its ``doc_id``, or None."""
        return next((name for name, entry in self.documents.items() if entry.get("sections")), None)

    @property
    def sections(self):
        """Names of the sections of :attr:`extract`: tuple of str."""
        return tuple(self.documents[self.extract]["sections"]) if self.extract else ()

    @arguments.checked(year=arguments.year, rival=arguments.names)
    def era(self, year, rival=()):
        """Return the era in which a state spoke in the General Debate of a year.

        ``year``: int. ``rival`` (iterable of str): eras to begin at the rival date that other sources give. ValueError
        for a year before the first era, or an era without a rival date.

        >>> from manyvectors import study
        >>> s = study.load()
        >>> s.era(2000), s.era(2000, rival=["2001"])
        ('1995', '2001')
        """
        unknown = sorted(set(rival) - set(self.rival_cuts))
        if unknown:
            raise ValueError(f"no rival date for era {unknown}; {FILE} has one for {sorted(self.rival_cuts)}")
        if year < self.first_year:
            raise ValueError(f"the eras of {self.folder / FILE} begin in {self.first_year}, got {year}")
        starts = dict(self.eras) | {name: self.rival_cuts[name] for name in rival}
        return max((name for name in starts if starts[name] <= year), key=starts.get)

    @arguments.checked(known=arguments.words, hint=arguments.function)
    def check_states(self, known, hint=None):
        """Raise :class:`StudyError` for the first field that names a state outside ``known``, a collection of codes.

        ``hint`` (function of str): what to say of a code that is none, for instance which one is meant.
        """
        named = {"focus": [self.focus], "powers": self.powers}
        named |= {key: getattr(self, key) for key in ("neighbours", "peers", "profiled", "keep_words")}
        named |= {f"blocs: {short}: members": bloc for short, bloc in self.blocs.items()}
        for key, codes in named.items():
            unknown = [code for code in codes if code not in known]
            if unknown:
                remedy = f"use codes of states.csv{f'; {hint(unknown[0])}' if hint else ''}"
                fail(self.folder / FILE, key, f"names {unknown}", remedy)
