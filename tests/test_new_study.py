"""A study of any state is begun with one command: it can be used as it is, or nothing was written."""

import csv
import json
import os
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import store_printed
import yaml
from hypothesis import given
from hypothesis import strategies as st

from manyvectors import claims, corpus, study
from manyvectors.__main__ import main
from manyvectors.starting import placed
from manyvectors.starting.claim import add
from manyvectors.starting.guess import guess, halves
from manyvectors.starting.new import files, new

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "book" / "your-study.md"
# Three unlike states; one that does not vote, a union of states, two that began late, one silent in too many years.
STATES = ("EST", "UZB", "KEN", "VAT", "EU", "SSD", "MNE", "SAU")


def run(capsys, *argv):
    """Run a command; return its exit status and what it said, on the output and as an error."""
    status = main([str(part) for part in argv])
    return status, *capsys.readouterr()


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """The studies, each in its folder: dict, by state."""
    folder = tmp_path_factory.mktemp("studies")
    return {state: new(state, folder / "some" / state.lower()) for state in STATES}


@pytest.fixture
def estonia(tmp_path):
    """A study of its own, to be changed."""
    return new("EST", tmp_path / "estonia").folder


# --- What is written --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
def test_it_is_a_study_of_that_state_whose_claims_are_judged(begun, state):
    s = begun[state]
    assert (s.focus, s.first_year, s.registers.keys()) == (state, 1992, {"rostrum"})
    ledger = claims.ledger(corpus.load(s), variants=False)
    assert len(ledger) == 2 and set(ledger["verdict"]) <= set(claims.VERDICTS)
    assert ledger["wording"].str.contains(s.focus_name, regex=False).all()
    tested = ledger[ledger["verdict"] != "untestable"]
    assert len(tested) == (1 if state == "SAU" else 2)
    assert np.isfinite(tested[["estimate", "low", "high", "d"]].to_numpy(float)).all()
    assert ("votes" in set(ledger["theme"])) == (state not in ("VAT", "EU"))


@pytest.mark.parametrize("state", STATES)
def test_peers_are_those_of_the_region_that_spoke_often_enough(begun, c, state):
    s, places = begun[state], c.table("state-regions").set_index("state")
    spoke = c.documents.query("register == 'rostrum'")["state"].value_counts()
    assert len(s.peers) >= 3 and state not in s.peers and (spoke[list(s.peers)] >= 10).all()
    column = "continent" if state == "EU" else "region"
    assert s.region == places.at[state, column] and set(places.loc[list(s.peers), column]) == {s.region}
    if state == "EU":
        assert not set(s.peers) & set(c.table("state-groups").query("group == 'EU'")["state"])
    else:
        assert set(s.peers) | {state} >= set(places.index[places["region"] == s.region]) & set(spoke.index[spoke >= 10])


def test_every_file_is_neutral_and_says_that_it_is_a_beginning(begun):
    for state, s in begun.items():
        said = "\n".join(path.read_text(encoding="utf-8") for path in s.folder.rglob("*") if path.is_file())
        assert "kazakh" not in said.lower(), state
        assert "first guess" in said and "nobody has made" in said
        assert not re.search(r"\$\w|\$\{|\bNone\b(?! yet)", said), state
    dictionaries = {(s.folder / "dictionary.yml").read_bytes() for s in begun.values()}
    assert len(dictionaries) == 1, "no category is chosen by what a state says"


def test_a_study_without_texts_says_what_it_lacks(begun):
    with pytest.raises(corpus.DataError, match=r"rostrum-segments.*data --texts PATH --study"):
        claims.Evidence(corpus.load(begun["EST"])).topics()


def test_its_tables_are_described_and_keep_their_rules(capsys, estonia, data, tmp_path):
    shutil.copytree(data / "world", tmp_path / "data" / "world")
    status, said, wrong = run(capsys, "describe", "--study", estonia, "--data", tmp_path / "data")
    assert (status, wrong) == (0, "") and "every table keeps its rules" in said
    assert corpus.load(estonia).table("topic-labels").empty
    with (estonia / "topic-labels.csv").open(encoding="utf-8", newline="") as file:
        assert {"terms", "exemplars", "argument", "seeds", "recipes", "noise"} <= set(next(csv.reader(file)))


def test_the_day_is_the_only_thing_that_changes(c):
    guessed = guess(c, "KEN")
    one, other = (files(guessed, date(2026, 3, day)) for day in (6, 7))
    assert {name for name in one if one[name] != other[name]} == {"claims.csv"}
    assert one["claims.csv"].replace("2026-03-06", "2026-03-07") == other["claims.csv"]


@given(st.sets(st.integers(1992, 2024), min_size=10))
def test_two_halves_can_be_compared(years):
    years = sorted(years)
    found = halves(years)
    if found is None:
        return
    (first, last), (since, until) = found
    assert (first, until) == (years[0], years[-1]) and since == last + 1
    for low, high in found:
        spoken = sum(low <= year <= high for year in years)
        assert spoken >= 5 and spoken >= 0.75 * (high - low + 1)


@pytest.mark.parametrize(("years", "expected"), [(range(1992, 2025), ((1992, 2007), (2008, 2024))), ((1, 50), None)])
def test_halves_are_as_equal_as_they_can_be(years, expected):
    assert halves(list(years)) == expected


# --- What cannot be begun ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("XXX", ["no state 'XXX'", "codes"]),
        ("est", ["no state 'est'", "EST (Estonia)"]),
        ("Kenya", ["KEN (Kenya)"]),
        ("YUG", ["Yugoslavia spoke 5 times", "10 speeches", "another state"]),
        ("", ["no state ''"]),
    ],
)
def test_a_state_that_cannot_be_studied(capsys, tmp_path, state, words):
    status, said, wrong = run(capsys, "study", "new", state, "--to", tmp_path / "above" / "study")
    assert (status, said, wrong.count("\n")) == (1, "", 1)
    assert [word for word in words if word not in wrong] == [], wrong
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_nothing_is_written_over(capsys, tmp_path, kind):
    there = tmp_path / "study"
    {"folder": there.mkdir, "file": there.touch, "link": lambda: there.symlink_to(tmp_path / "nowhere")}[kind]()
    status, _, wrong = run(capsys, "study", "new", "EST", "--to", there)
    assert status == 1 and "is there already; name a folder that is not" in wrong and wrong.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["study"] and not (there.is_dir() and list(there.iterdir()))


def test_a_place_where_nothing_can_be_written(capsys, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    status, _, wrong = run(capsys, "study", "new", "EST", "--to", tmp_path / "file" / "study")
    assert status == 1 and "name a folder where you may write" in wrong and wrong.count("\n") == 1
    monkeypatch.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    status, _, wrong = run(capsys, "study", "new", "EST", "--to", tmp_path / "above" / "study")
    assert status == 1 and "Permission denied" in wrong and wrong.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="this user may write everywhere")
def test_a_folder_that_is_closed(capsys, tmp_path):
    tmp_path.chmod(0o500)
    status, _, wrong = run(capsys, "study", "new", "EST", "--to", tmp_path / "study")
    tmp_path.chmod(0o700)
    assert status == 1 and "name a folder where you may write" in wrong and list(tmp_path.iterdir()) == []


def test_whoever_stops_it_finds_nothing_by_halves(tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(claims, "check", stop)
    with pytest.raises(KeyboardInterrupt):
        new("EST", tmp_path / "one" / "two" / "study")
    assert list(tmp_path.iterdir()) == []


def test_a_path_that_is_none(tmp_path):
    with pytest.raises(ValueError, match="path of the new study is empty"):
        new("EST", "  ")


# --- A claim is added -------------------------------------------------------------------------------------------------

SPANS = "early: [1992, 2003], late: [2004, 2024]"
OWN = {"wording": "It speaks less of the climate.", "who": "we", "when": "2026", "source": "notes"}


def test_a_claim_is_a_row_like_another_but_for_what_is_set(estonia):
    number, kept = add(estonia, 1, OWN | {"rule": "estimate < 0"}, date(2026, 3, 6))
    assert number == 3 and "instrument" in kept and "rule" not in kept
    c = corpus.load(estonia)
    rows = claims.table(c)
    assert rows.at[3, "written"] == "2026-03-06, before its number was looked at"
    assert rows.loc[3, list(OWN)].to_dict() == OWN
    first, third = (claims.measure(claim, claims.Evidence(c)) for claim in (1, 3))
    for part in ("estimate", "low", "high", "d", "p"):  # what could have been seen depends on the rule
        assert first[part] == pytest.approx(third[part])


@pytest.mark.parametrize(
    ("like", "cells", "words"),
    [
        (9, OWN, "no claim 9 to be like; it has 1, 2"),
        (1, OWN | {"wordin": "x"}, "no column 'wordin'"),
        (1, OWN | {"claim": "7"}, "no column 'claim'"),
        (1, {"wording": "x"}, "its own who, when, source"),
        (1, OWN | {"with": "{category: climate}"}, "its own measure"),
        (1, OWN | {"measure": "m", "with": f"{{category: climat, {SPANS}}}"}, "not added: .*claim 3.*climat.*rights"),
        (1, OWN | {"measure": "m", "with": "{category"}, "not added.*claim 3.*YAML"),
        (1, OWN | {"rule": "more"}, "not added.*claim 3"),
        (1, OWN | {"grade": "E"}, "not added.*grade"),
        (2, OWN | {"measure": "m", "instrument": "guess"}, "not added.*guess"),
    ],
)
def test_a_claim_that_cannot_be_judged_is_not_added(estonia, like, cells, words):
    before = (estonia / "claims.csv").read_bytes()
    with pytest.raises(ValueError, match=words) as error:
        add(estonia, like, cells)
    assert "\n" not in str(error.value) and (estonia / "claims.csv").read_bytes() == before
    assert not [path for path in estonia.iterdir() if path.name.startswith(".")]


def test_a_cell_that_is_set_to_nothing_in_particular(capsys, estonia):
    status, _, wrong = run(capsys, "study", "claim", estonia, "--set", "wording")
    assert status == 1 and wrong == "error: --set wording sets nothing; write it as --set column='text'\n"


def test_a_rule_that_is_not_set_is_said_to_be_the_other_claims(capsys, estonia):
    own = [part for name, text in OWN.items() for part in ("--set", f"{name}={text}")]
    _, said, _ = run(capsys, "study", "claim", estonia, *own)
    assert "\nrule: estimate > 0, as in claim 1\n" in said
    _, said, _ = run(capsys, "study", "claim", estonia, *own, "--set", "rule=estimate < 0")
    assert "\nrule: estimate < 0\n" in said


def test_the_parts_of_a_study_are_those_that_claims_may_name(capsys, estonia):
    status, said, wrong = run(capsys, "study", "parts", estonia)
    parts = dict(line.split(": ", 1) for line in said.splitlines())
    dictionary = yaml.safe_load((estonia / "dictionary.yml").read_text(encoding="utf-8"))
    with (estonia / "vectors.csv").open(encoding="utf-8", newline="") as file:
        named = {row["plain"] for row in csv.DictReader(file)}
    assert (status, wrong) == (0, "") and list(parts) == ["powers", "peers", "eras", "categories", "vectors"]
    assert parts["categories"].split(", ") == list(dictionary) and set(parts["vectors"].split(", ")) == named
    assert "LVA (Latvia)" in parts["peers"] and "1990s from 1992" in parts["eras"]


# --- Its book ---------------------------------------------------------------------------------------------------------


def test_the_book_lists_chapters_that_are_there(estonia):
    toc = yaml.safe_load((estonia / "book" / "_toc.yml").read_text(encoding="utf-8"))
    pages = [page["file"] for part in toc["parts"] for page in part["chapters"]]
    placed.place(estonia / "book")
    for page in [toc["root"], *pages]:
        assert any((estonia / "book" / f"{page}{ending}").is_file() for ending in (".md", ".ipynb")), page
    assert placed.place(estonia / "book") == [], "what stands there is left alone"


def test_chapters_are_not_kept_twice(estonia):
    (estonia / "book" / "world").mkdir()
    (estonia / "book" / "world" / "old.ipynb").touch()
    placed.place(estonia / "book")
    assert "/world/" in (estonia / "book" / ".gitignore").read_text(encoding="utf-8")
    assert not (estonia / "book" / "world" / "old.ipynb").exists()
    names = {path.stem for path in (estonia / "book" / "world").glob("*.ipynb")}
    assert names == {*placed.chapters(), placed.LEDGER}


def test_the_glossary_explains_what_chapters_link_and_nothing_else(estonia):
    placed.place(estonia / "book")
    folder, role = estonia / "book" / "world", re.compile(r"\{term\}`(?:[^`<]*<)?([^`>]+)>?`")
    glossary = (folder / "glossary.md").read_text(encoding="utf-8")
    terms = {
        line.lower()
        for line in re.search(r"\{glossary\}\n(.*?)```", glossary, re.DOTALL)[1].splitlines()
        if line[:1].strip()
    }
    linked = {
        name.lower()
        for path in folder.glob("*.ipynb")
        for name in role.findall(
            "".join("".join(cell["source"]) for cell in json.loads(path.read_text("utf-8"))["cells"])
        )
    }
    assert {name.lower() for name in role.findall(glossary)} <= terms == linked and "general debate" in terms
    assert "Russian" not in glossary and "azakh" not in glossary


@pytest.mark.parametrize(
    ("page", "words"), [("world/none", "no chapter none for any study; there are"), (None, "_toc.yml and _config.yml")]
)
def test_a_book_that_cannot_be_filled(capsys, estonia, page, words):
    toc = estonia / "book" / "_toc.yml"
    if page:
        toc.write_text(toc.read_text("utf-8").replace("world/the_ledger", page), encoding="utf-8")
    else:
        toc.unlink()
    status, _, wrong = run(capsys, "study", "chapters", estonia / "book")
    assert status == 1 and words in wrong and wrong.count("\n") == 1


def test_a_chapter_brings_its_questions_along(estonia):
    placed.place(estonia / "book")
    text = (estonia / "book" / "world" / "24_your_state.ipynb").read_text(encoding="utf-8")
    cells = ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
    (quiz,) = [cell for cell in cells if "{quiz}" in cell]
    assert re.search(r"```\{quiz\} quiz-24\n1\. .+\n   - \[[ x]\] ", quiz) and quiz.endswith("\n```")
    assert ":from:" not in quiz


def test_a_chapter_speaks_of_its_state_and_links_its_own_pages():
    source = [
        "See {doc}`the ledger <../book/the_ledger>`, {doc}`02 <02_how>`, {term}`tokens <token>`, {term}`corpus`,\n",
        "[a page](../book/x.md), [elsewhere](https://example.org), {cite:t}`grimmer_stewart2013`, {numref}`fig-one`.",
    ]
    notebook = {
        "cells": [
            {"cell_type": "markdown", "source": source},
            {"cell_type": "code", "source": 'STATE = "UZB"\nOTHER = "UZB"', "outputs": [1], "execution_count": 3},
        ]
    }
    said, code = placed.fitted(notebook, ["cover", "world/the_ledger"], "EST", {"token"})["cells"]
    assert said["source"] == (
        "See {doc}`the ledger </world/the_ledger>`, 02 of *Many Vectors*, {term}`tokens <token>`, corpus,\n"
        "a page, [elsewhere](https://example.org), {cite:t}`grimmer_stewart2013`, {numref}`fig-one`."
    )
    assert code == code | {"source": 'STATE = "EST"\nOTHER = "UZB"', "outputs": [], "execution_count": None}


# --- The page that leads through it -----------------------------------------------------------------------------------


def test_every_command_of_the_page_runs_and_prints_what_the_page_shows(tmp_path, data):
    """To store anew what is shown: ``python tests/store_printed.py``."""
    commands = store_printed.commands()
    for command in commands:
        assert command[:3] == store_printed.COMMAND or command in (
            ["make", "installed"],
            ["source", ".venv/bin/activate"],
            ["make", "book", "STUDY=studies/estonia"],
        )
    made = store_printed.printed(tmp_path, data)
    assert made == {path.name: path.read_text(encoding="utf-8") for path in store_printed.PRINTED.iterdir()}
    assert made.keys() == {"new.txt", "ledger.txt", "parts.txt", "claim.txt", "judged.txt"}
    judged = claims.ledger(corpus.load(tmp_path / "studies" / "estonia"), variants=False)
    assert judged["claim"].tolist() == [1, 2, 3, 4, 5] and (judged["verdict"] != "untestable").all()


def test_every_claim_of_the_page_has_its_rule():
    """Who preaches a rule that is written first gives it in each command."""
    adding = [command for command in store_printed.commands() if command[3:5] == ["study", "claim"]]
    assert len(adding) == 3
    for command in adding:
        assert sum(part.startswith("rule=estimate ") for part in command) == 1


def test_every_step_that_differs_has_lines_for_windows():
    page = PAGE.read_text(encoding="utf-8")
    for tabs in re.findall(r"`````\{tab-set\}\n(.*?)\n`````", page, re.DOTALL):
        assert "Windows PowerShell" in tabs and "```powershell" in tabs
    outside = re.sub(r"`````\{tab-set\}.*?\n`````", "", page, flags=re.DOTALL)
    for block in re.findall(r"```bash\n(.*?)```", outside, re.DOTALL):
        assert block.startswith("python ")


def test_the_eras_and_peers_that_the_page_writes_are_read(capsys, estonia):
    [lines] = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    path, said = estonia / "study.yml", yaml.safe_load(lines)
    text = path.read_text(encoding="utf-8")
    for line in lines.splitlines():
        name = line.partition(":")[0]
        text = re.sub(rf"(?m)^{name}: .*$", line, text)
    path.write_text(text, encoding="utf-8")
    status, out, wrong = run(capsys, "ledger", "1", "--quick", "--study", estonia)
    eras = ", ".join(f"{name} from {year}" for name, year in said["eras"].items())
    assert (status, wrong) == (0, "")
    assert out.splitlines()[0] == f"Estonia, beside {', '.join(said['peers'])}; eras: {eras}"


def test_make_would_build_the_book_of_the_page(estonia):
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    asked = ["make", "-n", "-o", ".venv/.installed", "book", f"STUDY={estonia}"]
    planned = subprocess.run(asked, cwd=ROOT, env=plain, capture_output=True, text=True, check=True).stdout
    before, build = planned.index(f'study chapters "{estonia}/book"'), planned.index("jupyter-book build")
    assert before < build


def test_the_messages_of_the_page_are_what_is_said(capsys, estonia, tmp_path):
    listed = re.findall(r"^\| `([^`]+)` \|", PAGE.read_text(encoding="utf-8").split("goes wrong")[1], re.MULTILINE)
    dictionary = estonia / "dictionary.yml"

    def phrase():
        dictionary.write_text(dictionary.read_text("utf-8").replace("- climat*", "- some phrase"), encoding="utf-8")
        return run(capsys, "ledger", "--study", estonia)

    own = [part for name, text in OWN.items() for part in ("--set", f"{name}={text}")]
    silent = ["--set", "measure=m", "--set", "with={category: law, early: [1980, 1985], late: [2004, 2024]}"]
    said = [
        run(capsys, "study", "new", "XXX", "--to", tmp_path / "a"),
        run(capsys, "study", "new", "YUG", "--to", tmp_path / "a"),
        run(capsys, "study", "new", "EST", "--to", estonia),
        run(capsys, "study", "claim", estonia, *own, "--set", "rule=more"),
        run(capsys, "study", "claim", estonia, *own, *silent),
        run(capsys, "ledger", "3", "--study", estonia),
        phrase(),
    ]
    errors = "".join(wrong for _, _, wrong in said)
    assert listed and [message for message in listed if message not in errors] == [], errors


# --- With texts -------------------------------------------------------------------------------------------------------


def test_with_texts_it_has_segments(texts, estonia, data, tmp_path):
    shutil.copytree(data / "world", tmp_path / "data" / "world")
    assert main(["data", "--texts", str(texts), "--study", str(estonia), "--data", str(tmp_path / "data")]) == 0
    c = corpus.load(estonia, tmp_path / "data")
    assert set(c.terms(unit="segment").rows["state"]) == {"EST"} and len(c.terms(unit="segment").rows) > 100
    assert study.read(estonia).profiled == ("EST",)
    assert {"security", "our region"} == set(c.table("nodes")["node"])
