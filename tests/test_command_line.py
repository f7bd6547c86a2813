"""What the command line owes whatever is asked of it: one line, an exit status, nothing by halves."""

import os
import signal
import subprocess
import sys
from concurrent.futures import BrokenExecutor

import pytest

from manyvectors import __main__ as line

MODULE = [sys.executable, "-m", "manyvectors"]


def run(*words, **environment):
    """Run a command in a process of its own."""
    given = {"capture_output": True, "check": False, "env": os.environ | environment}
    return subprocess.run([*MODULE, *words], timeout=900, **given)


def test_a_ledger_in_a_file_on_windows():
    """cp1251, as in Central Asia, lacks the minus sign; other encodings are tried on the function that prints."""
    done = run("ledger", "--quick", "2", PYTHONIOENCODING="cp1251")
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode("cp1251").splitlines()[-1].startswith("1 ")


@pytest.mark.skipif(os.name == "nt", reason="pipes of Windows end otherwise")
def test_a_reader_who_has_enough():
    read, write = os.pipe()
    os.close(read)
    given = {"stdout": write, "stderr": subprocess.PIPE, "timeout": 120, "check": False}
    done = subprocess.run([*MODULE, "ledger", "--quick", "2"], **given)
    os.close(write)
    assert (done.returncode, done.stderr) == (line.PIPE, b"")


def raising(error):
    def raises(_):
        raise error

    return raises


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (KeyboardInterrupt(), 130, "stopped; nothing was written by halves\n"),
        (MemoryError(), 1, "error: there is not enough memory; close other programs and try again\n"),
        (BrokenExecutor("two\nlines"), 1, "error: a worker process was ended from outside; "),
        (ValueError("two\nlines"), 1, "error: two lines\n"),
        (PermissionError(13, "Access is denied", "x.csv"), 1, "error: [Errno 13] Access is denied: 'x.csv'\n"),
    ],
)
def test_whatever_happens_is_one_line(monkeypatch, capsys, error, status, said):
    monkeypatch.setattr(line, "_ledger", raising(error))
    assert line.main(["ledger"]) == status
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.startswith(said) and printed.err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["data", "--texts", ""], 2, "argument --texts: the path is empty; name one"),
        (["verify", "--texts", " "], 2, "argument --texts: the path is empty"),
        (["data", "--texts", "x", "--other", ""], 2, "argument --other: the path is empty"),
        (["ledger", "--study", ""], 2, "argument --study: the path is empty"),
        (["data", "--texts", "~nosuchuser/x"], 2, "names the home folder of a user who has none here"),
        (["fetch", "ungdc", "--to", "~nosuchuser"], 1, "names the home folder of a user who has none here"),
        (["fetch", "ungdc", "--to", ""], 1, "the folder given with --to is empty"),
        (["fetch", "ungdc", "--from", "~nosuchuser/x", "--to", "x"], 1, "names the home folder"),
        (["ledger", "--data", "nowhere"], 1, "no folder world in nowhere; give the folder of the data with --data"),
        (["describe", "--data", "nowhere"], 1, "no folder world in nowhere"),
        (["data", "--texts", "a\0b"], 1, "the path of the texts is none"),
        (["ledger", "--study", "nowhere"], 1, "there is no such file; name a folder that holds study.yml"),
    ],
)
def test_paths_that_name_nothing(monkeypatch, tmp_path, capsys, words, status, said):
    monkeypatch.chdir(tmp_path)
    try:
        ended = line.main(words)
    except SystemExit as stopped:
        ended = stopped.code
    err = capsys.readouterr().err
    assert ended == status and said in err.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


WAITING = """
import signal, sys, time
from manyvectors.__main__ import main
from manyvectors.build import archive, count

def files(path, whole=archive.files):
    yield from whole(path)
    print("read", flush=True)
    time.sleep(900)  # the signal ends it

# Who runs tests in the background of a shell hands on that the signal is to be ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
archive.files, count.BATCH = files, 1
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C reaches processes of Windows in another way")
def test_ctrl_c_while_counting(package):
    """All processes of the command get the signal, as they do from a terminal, when the workers have been started."""
    before = {path: path.read_bytes() for path in package.data.rglob("*") if path.is_file()}
    given = ["data", "--texts", str(package.texts), "--other", str(package.other), "--data", str(package.data)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "start_new_session": True}
    with subprocess.Popen([sys.executable, "-c", WAITING, *given], **pipes) as work:
        assert work.stdout.readline() == b"read\n"
        os.killpg(work.pid, signal.SIGINT)
        out, err = work.communicate(timeout=600)  # no busy machine fails it
    assert (work.returncode, out) == (line.INTERRUPTED, b"")
    assert err.decode() == "stopped; nothing was written by halves\n"
    assert {path: path.read_bytes() for path in package.data.rglob("*") if path.is_file()} == before
    assert not list(package.data.rglob(".*-*"))
