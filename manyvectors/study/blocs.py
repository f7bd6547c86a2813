"""Groups of states, with the year in which each joined."""

from collections.abc import Mapping
from dataclasses import dataclass

from .. import arguments


@dataclass(frozen=True)
class Bloc(Mapping):
    """A group of states: a mapping from state code to the first year of membership."""

    name: str
    since: Mapping
    source: str = ""

    def __getitem__(self, state):
        return self.since[state]

    def __iter__(self):
        return iter(self.since)

    def __len__(self):
        return len(self.since)

    @arguments.checked(year=arguments.year)
    def members(self, year=None):
        """Return the codes of those that belong in a year, or ever: tuple of str."""
        return tuple(state for state, first in self.since.items() if year is None or first <= year)
