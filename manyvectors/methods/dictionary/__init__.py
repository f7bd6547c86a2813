"""Dictionaries: categories of words and phrases, their counts, and how far readers confirm them."""

from .dictionary import Dictionary
from .entry import DictionaryError
from .sheets import read_sheets

__all__ = ["Dictionary", "DictionaryError", "read_sheets"]
