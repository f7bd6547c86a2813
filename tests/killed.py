"""Kill a rebuild at a chosen step, and say what the next runs make of what it left."""

import os
import signal
from pathlib import Path

STEPS = ("replace", "rename", "link", "unlink", "rmdir", "mkdir")  # of os; each changes what lies on the disk


def killed_at(step, work):
    """Run a function in a child that is killed without warning before its n-th change of the disk.

    ``step`` (int): from 1. ``work``: callable. Returns bool: whether the child was killed; False if it ended before.
    """
    child = os.fork()
    if child == 0:  # nothing of the parent's may run in it but the work
        status = 1
        try:
            _count_down(step)
            work()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise AssertionError(f"the work failed by itself at step {step}")
    return os.WIFSIGNALED(status)


def _count_down(step):
    left = iter(range(step - 1))

    def counted(function):
        def wrapped(*args, **options):
            if next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*args, **options)

        return wrapped

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))
    Path.write_text = counted(Path.write_text)
