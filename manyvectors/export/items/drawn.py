"""What templates of questions draw from, and how four options come of a right answer and of mistakes."""

from functools import cached_property
from typing import NamedTuple

import numpy as np

from ... import vectors
from ...claims import Evidence

TRIES = 500
PAPER, PAGES, PYTHON = "paper", "pages", "python"  # what an answer is looked up with
OFTEN = 25  # speeches that a state must have given
COMMON = (0.03, 0.6)  # share of speeches that must hold a word
NEAR = 0.05  # of the larger: numbers nearer to each other than this might be one, rounded


class Again(Exception):
    """What was drawn gives no question: too few cases, or two options that cannot be told apart."""


class Sources:
    """The data that questions are drawn from, each part opened once.

    ``c``: manyvectors.corpus.Corpus. ``speeches`` (pandas.DataFrame): of all states, by
    ``doc_id``. ``states`` (dict): code to name, of those that have spoken often. ``words`` (list of str): common words
    that set topics of the focus state apart. ``uses``: word to its count in each speech.
    """

    def __init__(self, c):
        self.c = c
        self.evidence = Evidence(self.c)
        self.counts = self.c.terms()
        self.speeches = self.counts.rows
        often = self.speeches.groupby("state")["year"].nunique()
        self.states = {state: self.c.states[state] for state in often.index[often >= OFTEN] if state in self.c.states}

    @cached_property
    def words(self):
        """Common words of the topics of the focus state: list of str."""
        leading = self.evidence.topics().top_terms(by="frex", n=10).to_numpy().ravel()
        share = {word: float((self.uses(word) > 0).mean()) for word in sorted(set(leading))}
        return [word for word in share if COMMON[0] <= share[word] <= COMMON[1]]

    @cached_property
    def places(self):
        """How often each speech names each state: DataFrame, speeches x states."""
        named = vectors.places(self.c)
        return named[[place for place in named.columns if place in self.c.states]]

    @cached_property
    def votes(self):
        """What each state did in each roll call: array of its codes, roll calls x :attr:`voters`."""
        return self.c.table("votes")["vote"].to_numpy().reshape(-1, len(self.voters))

    @cached_property
    def voters(self):
        """Codes of the states that vote: list of str."""
        return self.c.table("voters")["state"].tolist()

    @cached_property
    def vote_years(self):
        """The year of each roll call: array of int."""
        return self.c.table("rollcalls")["date"].astype(str).str[:4].astype(int).to_numpy()

    def uses(self, word):
        """Return how often each speech says a word: Series."""
        return self.counts[word]

    def of(self, state):
        """Return the speeches of a state in their order: DataFrame."""
        return self.speeches[self.speeches["state"] == state].sort_values("year")

    def cast(self, state, years):
        """Return what a state did in the roll calls of some years: array."""
        first, last = years
        chosen = (self.vote_years >= first) & (self.vote_years <= last)
        return self.votes[chosen, self.voters.index(state)]

    def some_states(self, draw, n=1):
        """Draw states that have spoken often: list of str."""
        return draw.sample(sorted(self.states), n)


class Found(NamedTuple):
    """What a template has drawn: ``facts`` (dict), the right answer, what mistakes give, and how both are written.

    ``said`` (dict): what stands in the places of question and reason. ``more``: further wrong answers, used in their
    order if mistakes give too few that differ.
    """

    facts: dict
    right: object
    wrong: list
    said: dict
    form: str = "{}"
    more: tuple = ()

    @property
    def right_as_written(self):
        """The right answer as an option: str."""
        return self._written(self.right)

    def _written(self, value):
        return self.form.format(value) if isinstance(value, str) else self.form.format(value).replace("-", "−")

    def options(self, draw):
        """Return four options that differ, in an order that is drawn: list of str. Again if there are fewer."""
        found = [self.right_as_written]
        if isinstance(self.right, float) and (not np.isfinite(self.right) or self._as_nought(self.right)):
            raise Again
        for one in (*self.wrong, *self.more):
            if isinstance(one, float) and not self._apart(one):
                continue
            said = self._written(one)
            if said not in found:
                found.append(said)
        if len(found) < 4:
            raise Again
        return draw.sample(found[:4], 4)

    def _apart(self, wrong):
        """Say whether a wrong number is one, is not nothing, and cannot be taken for the right one rounded."""
        far = abs(wrong - self.right) >= NEAR * max(abs(wrong), abs(self.right))
        return bool(np.isfinite(wrong)) and far and not self._as_nought(wrong)

    def _as_nought(self, number):
        """Say whether a number is written as nought, maybe with a sign: it would say nothing of what was worked out."""
        return float(self.form.format(number).strip(" %")) == 0


class Template(NamedTuple):
    """A kind of question: its name in the catalogue, the chapter that teaches it, and the function that draws one.

    ``way`` (str): what the answer is looked up with: nothing (``PAPER``), a page of the book, or ``PYTHON`` alone.
    """

    name: str
    chapter: str
    draw: object
    way: str


def collected(chapter, *functions, way=PAPER):
    """Return the templates that some functions draw, named as they are."""
    return [Template(function.__name__.replace("_", "-"), chapter, function, way) for function in functions]


def around(value, draw):
    """Return numbers near a whole number, none below 0: what somebody gets who miscounts."""
    near = [value + step for step in (-2, -1, 1, 2, 3) if value + step >= 0]
    return tuple(draw.sample(near, len(near)))


def need(condition):
    """Draw again unless a condition holds."""
    if not condition:
        raise Again
