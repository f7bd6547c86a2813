"""What version control knows of a copy of the book."""

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from building import ROOT

from manyvectors.site import numbers
from manyvectors.site.git import last_changes, version_control


def git(folder, *words):
    """Run git with a name of its own."""
    who = ("-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def folder(tmp_path):
    """A folder with two files, not under version control."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "note.yml").write_text("a: 1\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def clone(folder):
    """The same, with one commit."""
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "Locks")
    return folder


def test_a_commit_is_named_only_where_it_is_the_books_own(folder):
    assert version_control(folder) == {}
    git(folder, "init", "-q")
    assert version_control(folder) == {}, "no commit yet"
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "Locks")
    found = version_control(folder)
    assert re.fullmatch(r"[0-9a-f]{40}", found["commit"])
    assert found["commit"].startswith(found["short"])
    assert found["changed"] == 0
    # A copy of the files inside somebody else's repository has not that repository's commit.
    assert version_control(folder / "data") == {}


def test_the_page_says_so_in_words(clone):
    def said():
        return "".join(
            part if isinstance(part, str) else part.astext() for part in numbers.commit(version_control(clone))
        )

    assert version_control(clone)["short"] in said()
    assert "uncommitted" not in said()
    (clone / "new.md").write_text("a file that git does not know", encoding="utf-8")
    assert "with uncommitted changes in 1 file" in said()
    (clone / "data" / "note.yml").write_text("a: 2\n", encoding="utf-8")
    assert "in 2 files" in said()
    assert numbers.commit({})[0].startswith("unknown")


def test_without_git_the_commit_is_unknown(clone, monkeypatch):
    monkeypatch.setenv("PATH", str(clone))
    assert version_control(clone) == {}


def test_names_are_read_as_git_writes_them(clone):
    """Whatever the encoding of the machine's locale."""
    (clone / "каналы.md").write_text("text", encoding="utf-8")
    git(clone, "add", ".")
    git(clone, "commit", "-qm", "Әлия")
    code = f"from manyvectors.site.git import last_changes; print(ascii(sorted(last_changes({str(clone)!r}))))"
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | plain, capture_output=True, check=True)
    assert ascii("каналы.md").encode() in done.stdout


def test_last_changes_come_from_full_histories_only(clone):
    assert date.fromisoformat(last_changes(clone)["data/note.yml"])
    git(clone, "clone", "-q", "--depth", "1", f"file://{clone}", str(clone / "shallow"))
    assert last_changes(clone / "shallow") == {}
    assert last_changes(Path("/")) == {}
