"""A class's files put together: answers to quizzes, intrusion sheets, coding sheets and sealed claims.

Nobody needs a list of the class. Each student saves the files under a word drawn from a hat; whoever reads them gets
numbers in place of these words. The page on pooling does the same in a browser, without sending anything.

``pooled = pool.read(["heron.csv", "gravel.csv"])`` reads them; ``pool.agreement(pooled)`` says how far the class
agrees, ``pool.counts(pooled)`` how often each answer was given; ``pool.write`` keeps it as a file.
"""

from . import arguments
from .methods.pooled.counted import agreement, counts
from .methods.pooled.files import PoolError, read, write

__all__ = ["PoolError", "agreement", "counts", "read", "write"]

arguments.guard(
    globals(),
    {
        **{key: {"pooled": arguments.frame} for key in ("agreement", "counts", "write")},
        "read": {"names": arguments.boolean},
    },
)
