"""Build the book twice from clean clones of one commit, in two folders, and compare all files: ``make same``.

What is compared is the last commit, so commit first. The PDF is printed and compared too, where there is a browser.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from manyvectors.site import pdf

ROOT = Path(__file__).resolve().parent.parent


def differences(first, second):
    """Return the names of files that two folders do not have alike, byte for byte: sorted list of str."""
    names = {
        path.relative_to(folder).as_posix()
        for folder in (first, second)
        for path in folder.rglob("*")
        if path.is_file()
    }
    return sorted(
        name
        for name in names
        if not ((first / name).is_file() and (second / name).is_file())
        or (first / name).read_bytes() != (second / name).read_bytes()
    )


def build(folder, commit, seed):
    """Clone the repository into a folder, build its book with a seed for the order of sets, and return the site."""
    subprocess.run(["git", "clone", "--quiet", "--no-checkout", str(ROOT), str(folder)], check=True)
    subprocess.run(["git", "checkout", "--quiet", "--detach", commit], cwd=folder, check=True)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONHASHSEED": str(seed)}
    for name in ("MANYVECTORS_TEXTS", "MANYVECTORS_DECREES", "MANYVECTORS_STUDY", "MANYVECTORS_DATA"):
        environment.pop(name, None)
    tools = Path(sys.executable).parent
    command = [str(tools / "jupyter-book"), "build", ".", "-n", "-W", "--keep-going", "--quiet"]
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    try:
        pdf.find_browser()
    except FileNotFoundError as missing:
        print(f"The PDF is not compared: {missing}")
    else:
        subprocess.run([sys.executable, "-m", "manyvectors.site.pdf"], cwd=folder, env=environment, check=True)
    return folder / "_build" / "html"


def main():
    """Return 0 if the two are the same; else name the files that differ, keep the folders, and return 1."""
    kept = Path(tempfile.mkdtemp(prefix="same-"))
    asked = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, check=True)
    commit = asked.stdout.decode().strip()
    sites = [build(kept / name, commit, seed) for name, seed in (("one", 1), ("a folder of another name", 2))]
    found = differences(*sites)
    if found:
        print(f"{len(found)} files differ; compare them in {kept}:", *found, sep="\n")
        return 1
    count = sum(1 for path in sites[0].rglob("*") if path.is_file())
    shutil.rmtree(kept)
    print(f"Two builds of one commit are the same: {count} files, byte for byte.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
