"""Who counts: this process, several of this machine, or the workers of a dask cluster; few jobs wait at once."""

from collections import deque
from contextlib import contextmanager

from ..corpus.matrix import DataError
from . import batch

ANSWER = "10s"  # how long a scheduler may take to answer
AHEAD = 2  # jobs for each worker: one in hand, one that waits


class Crew:
    """Some workers.

    ``size`` (int): how many. ``submit``: a function, called as ``submit(function, *arguments)``, that returns a future.
    """

    def __init__(self, size, submit):
        self.size, self.submit = size, submit

    def map(self, function, jobs):
        """Yield the results of a function in the order of its jobs; no more than a few are under way at once.

        ``jobs`` (iterable of tuple): its arguments.
        """
        waiting = deque()
        try:
            for arguments in jobs:
                waiting.append(self.submit(function, *arguments))
                if len(waiting) > AHEAD * self.size:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for job in waiting:
                job.cancel()


class _Done:
    """The result of what was done at once."""

    def __init__(self, result):
        self._result = result

    def result(self):
        return self._result

    def cancel(self):
        pass


@contextmanager
def crew(workers=None, scheduler=None):
    """Give a Crew.

    ``workers`` (int): processes of this machine, by default one for each core; 1 is this process alone. ``scheduler``
    (str): address of a dask scheduler, whose workers are taken instead. DataError if there is none, or its workers
    would count otherwise than this machine.
    """
    if scheduler is not None:
        with _client(scheduler) as client:
            yield Crew(max(1, sum(client.nthreads().values())), _far(client))
        return
    from loky import cpu_count

    from .workers import workers as processes

    workers = workers or cpu_count()
    if workers == 1:
        yield Crew(1, lambda function, *arguments: _Done(function(*arguments)))
        return
    yield Crew(workers, processes(workers).submit)


@contextmanager
def _client(scheduler):
    try:
        import distributed
    except ImportError:
        raise DataError("a scheduler needs dask; install it with `pip install 'manyvectors[cluster]'`") from None
    try:
        client = distributed.Client(scheduler, timeout=ANSWER, set_as_default=False)
    except (OSError, ValueError, ImportError) as error:
        raise DataError(f"no dask scheduler answers at {scheduler} ({type(error).__name__})") from None
    with client:
        _like_here(client, scheduler)
        try:
            yield client
        except (distributed.KilledWorker, distributed.CancelledError) as error:
            said = "its workers were ended, or lost, again and again; see their logs, and give them more memory"
            raise DataError(f"{scheduler}: {said} ({type(error).__name__})") from None


def _like_here(client, scheduler):
    """Refuse workers that would count otherwise than this machine."""
    if not client.nthreads():
        raise DataError(f"the scheduler at {scheduler} has no workers; start some with `dask worker {scheduler}`")
    try:
        found = client.run(batch.made_of)
    except Exception as error:  # whatever the workers cannot load
        raise DataError(f"the workers of {scheduler} cannot load manyvectors ({error}); install it there") from None
    for address, theirs in found.items():
        if theirs != batch.made_of():
            other = ", ".join(f"{name} {version}" for name, version in theirs.items())
            here = ", ".join(f"{name} {version}" for name, version in batch.made_of().items())
            raise DataError(f"the worker at {address} has {other}, and here is {here}; install the same there")


def _far(client):
    """Return a function that has a function called by a worker of a cluster."""

    def submit(function, first, *others):
        # Texts go to a worker directly: in the graph, which passes through the scheduler, they would be too large.
        first = client.scatter(first, hash=False)
        return client.submit(function, first, *others, pure=False)

    return submit
