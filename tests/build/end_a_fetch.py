"""End a fetch at every change to the disk, one after the other, and see whether what is left is whole.

Run by test_fetch.py: ``python end_a_fetch.py FOLDER JSON``. Prints how many ends were tried; exit 1 and what was wrong
after the first that left something by halves.
"""

import json
import os
import sys
from contextlib import redirect_stdout, suppress
from pathlib import Path

from manyvectors.build import fetch, staging

CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "shutil.copyfile", "os.link"}
KILLED = 9


def held(folder):
    """What a folder holds, but for the record, which has the time in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".json"
    }


def end_at(n, root):
    """End this process without a word at the n-th change to the disk under a folder."""
    left = [n]

    def hook(event, given):
        writes = event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if (event in CHANGES or writes) and str(root) in str(given[0]):
            left[0] -= 1
            if left[0] <= 0:
                os._exit(KILLED)

    sys.addaudithook(hook)


def run(target, root, archive, url):
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        if target == "ungdc":
            fetch.fetch_ungdc(root, from_file=archive)
        else:
            fetch.fetch_decrees(root, base_url=url)


def in_a_copy(function):
    """Run a function in a copy of this process; return how it ended."""
    process = os.fork()
    if not process:
        code = 1
        with suppress(BaseException):
            function()
            code = 0
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def main(folder, given):
    run(given["target"], folder / "whole", given["new"], given["url"])
    new = held(folder / "whole" / given["target"])
    for n in range(1, 1000):
        root = folder / f"run{n}"
        run("ungdc", root, given["old"], given["url"])
        if given["target"] == "decrees":
            (root / "decrees").mkdir()
            for i in range(9):
                (root / "decrees" / f"note{i}.txt").write_text("mine")
        before, kept = held(root / given["target"]), held(root / "ungdc")

        def killed(n=n, root=root):
            end_at(n, root)
            run(given["target"], root, given["new"], given["url"])

        code = in_a_copy(killed)
        if code not in (0, KILLED):
            sys.exit(f"end {n}: the run ended with {code}")
        with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
            staging.clear(root)
        expected = new if given["target"] == "ungdc" else before | new
        if held(root / given["target"]) not in (before, expected):
            sys.exit(f"end {n}: {given['target']} is neither as it was nor as it should become")
        run(given["target"], root, given["new"], given["url"])
        left = sorted(path.name for path in root.iterdir())
        if held(root / given["target"]) != expected or left not in (["ungdc"], ["decrees", "ungdc"]):
            sys.exit(f"end {n}: the next run did not heal it ({left})")
        if given["target"] == "decrees" and held(root / "ungdc") != kept:
            sys.exit(f"end {n}: the corpus was changed by a fetch of acts")
        if code == 0:
            print(n - 1, "ends, every next run whole")
            return
    sys.exit("the run never came to its end")


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
