"""The processes that work beside this one."""

import os
import signal
import threading

import loky


def workers(number=None):
    """Return loky's executor, whose processes have been started and do not hear Ctrl-C.

    ``number`` (int): of processes; by default, one for each core. The process that asked for them hears it, and ends
    them; one that is stopped while it starts would print what no reader can use.
    """
    executor = loky.get_reusable_executor(max_workers=number)
    ours = threading.current_thread() is threading.main_thread()  # signals are set by the main thread alone
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN) if ours else None
    try:
        executor.submit(os.getpid)  # the first task starts them all
    finally:
        if heard is not None:
            signal.signal(signal.SIGINT, heard)
    return executor
