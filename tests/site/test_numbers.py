"""What the page about the numbers finds out."""

import csv
import hashlib
import json
import re
import subprocess
import tomllib
from datetime import date

import pytest
from building import ROOT

from manyvectors.messages import day
from manyvectors.site import book, numbers

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_every_file_of_the_data_has_a_checksum():
    found = numbers.checksums()
    assert {name.rpartition("/")[2] for name in found} >= {"documents.csv", "study.yml", "datapackage.json"}
    for name, path in book.data_files().items():
        assert found[name] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_line_break_inside_a_field_starts_no_row(tmp_path):
    (tmp_path / "locks.csv").write_text('lock,why\nTamra,"two\nlines"\nOrlen,one\n', encoding="utf-8")
    (tmp_path / "note.yml").write_text("a: 1\n", encoding="utf-8")
    assert numbers.rows(tmp_path / "locks.csv") == 2
    assert numbers.rows(tmp_path / "note.yml") is None


def test_rows_are_those_that_pandas_reads(c):
    for name in ("rostrum-years.csv", "rostrum-phrases.parquet", "rollcalls.csv"):
        assert numbers.rows(book.data_file(name)) == len(c.table(name.partition(".")[0]))


def test_a_file_that_is_missing_is_named():
    with pytest.raises(FileNotFoundError, match=r"nowhere\.csv"):
        book.data_file("nowhere.csv")


def test_packages_and_lock(tmp_path):
    found = {name: version for name, version, _ in numbers.packages({"dependencies": ["numpy>=1", "nosuchpackage"]})}
    assert found["nosuchpackage"] == "missing"
    assert re.match(r"\d+\.\d+", found["numpy"])
    lock = tmp_path / "requirements.txt"
    lock.write_text(
        f"numpy=={found['numpy']} \\\n    --hash=sha256:0a\n    # via x\n\npandas==0.1\nnosuch==1\n"
        "absent==1 ; sys_platform == 'nowhere'\n-e .\n",
        encoding="utf-8",
    )
    same, differ = numbers.against_lock(lock)
    assert same == 1
    assert [line.split()[0] for line in differ] == ["pandas", "nosuch"]
    assert "instead of 0.1" in differ[0]


def test_days_are_written_in_one_language():
    assert day(date(2020, 3, 6)) == "6 March 2020"


@pytest.mark.parametrize(
    ("noted", "named", "said", "where"),
    [
        ({}, False, "not attached", []),
        ({}, True, "attached", []),
        ({"04": [False], "06": [False]}, True, "not attached", []),
        ({"04": [True], "06": [True, True]}, True, "attached", ["04", "06"]),
        ({"04": [True], "06": [True, False]}, True, "attached in some", ["06"]),
    ],
)
def test_texts_are_attached_only_where_pages_show_them(noted, named, said, where):
    """Cells kept from an earlier build may have been executed without the texts that the environment names now."""
    told, pages = numbers.texts(noted, named)
    assert told.startswith(said) and pages == where
    assert said != "attached" or told == "attached"


def test_the_page_says_of_the_texts_what_the_chapters_print(site, soup):
    row = next(row for row in soup("book/about-the-numbers.html").select("tr") if "Full texts" in row.get_text())
    printed = soup("notebooks/04_can_we_reproduce_a_published_result.html").article.get_text()
    assert ("not attached" in row.get_text()) == (numbers.NONE_HELD in printed)


def test_the_built_page_says_what_the_files_say(site, soup):
    """Every fact of the built page stands in the files, and no file of the data is left out."""
    page = soup("book/about-the-numbers.html")
    said = " ".join(page.article.get_text(" ").split())
    assert f"Version of the book {PROJECT['version']}" in said
    for name, digest in numbers.checksums().items():
        assert f"{name.removeprefix('data/')} " in said
        assert digest[:12] in said
    for name, version, _ in numbers.packages(PROJECT):
        assert f"{name} {version}" in said
    assert "Draws without a seed: none" in said
    handed = json.loads((site.parent / "hand-over" / "numbers.json").read_text(encoding="utf-8"))
    assert all(recipe["digest"] in said for recipe in handed["recipes"])


def test_what_differs_between_two_builds_stands_beside_the_site(site):
    with (site.parent / "seconds.csv").open(encoding="utf-8", newline="") as file:
        taken = {row["notebook"]: float(row["seconds"]) for row in csv.DictReader(file)}
    assert {f"notebooks/{path.stem}" for path in (ROOT / "notebooks").glob("*.ipynb")} <= set(taken)
    assert min(taken.values()) > 0
    assert not (site / ".buildinfo").exists()


def test_checksums_are_those_of_the_data(site):
    """The list that a reader downloads is the one that sha256sum reads."""
    command = ["sha256sum", "--strict", "-c", str(site / "checksums.sha256")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(": OK") == len(book.data_files())
