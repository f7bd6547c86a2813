"""The code behind *Many Vectors*: a corpus, its counts, and what can honestly be said with them."""

__version__ = "0.2.0"


def __getattr__(name):  # so that to import the package stays quick
    if name == "check":
        from .homework import check

        return check
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted({*globals(), "check"})
