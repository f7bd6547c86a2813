"""The code behind *Many Vectors*: a corpus, its counts, and what can honestly be said with them."""

__version__ = "0.1.0"
