"""A second study, invented, with the real archive: it loads, counts and judges, and nothing of the first is in it."""

import csv
import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
import yaml

from manyvectors import claims, corpus, figures, practice, study, text, vectors
from manyvectors.__main__ import main
from manyvectors.build import archive
from manyvectors.claims import instruments
from manyvectors.claims.ledger import measured

SECOND = Path(__file__).resolve().parent / "second"
ROOT = SECOND.parents[1]
CUTS = (2003, 2012)  # the years in which its second and its last third begin


@pytest.fixture(scope="module")
def theirs():
    """The corpus, seen from the second study."""
    return corpus.load(study=SECOND)


@pytest.fixture(scope="module")
def evidence(theirs):
    return claims.Evidence(theirs)


@pytest.fixture
def copied(tmp_path):
    """A copy of the study in a folder whose way has a space, outside the repository, to be changed."""
    return Path(shutil.copytree(SECOND, tmp_path / "a study of ours" / "second"))


@pytest.fixture(scope="module")
def world(data, tmp_path_factory):
    """A copy of the data without a study, to be written into."""
    folder = tmp_path_factory.mktemp("data")
    shutil.copytree(data / "world", folder / "world")
    return folder


def run(capsys, *argv):
    """Run a command; return its exit status and what it said, on the output and as an error."""
    status = main([str(part) for part in argv])
    return status, *capsys.readouterr()


# --- What it is -------------------------------------------------------------------------------------------------------


def test_every_file_says_that_it_is_invented(theirs):
    for name in (*("study.yml", "documents.yml", "dictionary.yml", "package.yaml"), "vectors.yaml", "claims.yaml"):
        assert "invented" in (SECOND / name).read_text(encoding="utf-8").lower(), name
    for name, column in (("claims", "wording"), ("vectors", "why"), ("nodes", "why")):
        assert theirs.table(name)[column].str.startswith("Invented: ").all(), name
    for path in (SECOND / "book").rglob("*.ipynb"):
        assert "is invented" in nbformat.read(path, as_version=4).cells[0].source, path.name


def test_it_is_small_and_knows_nothing_of_the_first(study):
    files = [path for path in SECOND.rglob("*") if path.is_file() and "_build" not in path.parts]
    assert sum(path.stat().st_size for path in files) < 30_000
    for path in files:
        written = path.read_text(encoding="utf-8")
        assert not re.search(study.focus_name[:6], written, re.IGNORECASE), path.name
        assert study.focus not in re.findall(r"\w+", written), path.name


def test_eras_are_its_own_and_none_is_missing(theirs):
    s, rows = theirs.study, theirs.documents
    assert list(rows["era"].cat.categories) == list(s.eras) and rows["era"].notna().all()
    expected = np.digitize(rows["year"], CUTS)
    assert (rows["era"].cat.codes == expected).all() and set(expected) == {0, 1, 2}
    assert s.era(2002) != s.era(2002, rival=s.rival_cuts)
    assert list(figures.Look(s).eras.values()) == list(s.colours["eras"].values())


def test_matrices_are_of_its_state_and_in_its_eras(theirs):
    own = theirs.terms(state=theirs.study.focus)
    assert set(own.rows["state"]) == {"KEN"} and len(own.rows) == own.counts.shape[0] > 30
    assert own.rows["era"].value_counts()[list(theirs.study.eras)].tolist() == [11, 9, 12]
    assert own.stop_names == theirs.study.stop_names != corpus.load().study.stop_names
    assert (theirs.vocabulary["focus"].to_numpy() == np.asarray(own.counts.sum(axis=0)).ravel()).all()


# --- Its words, vectors and claims ------------------------------------------------------------------------------------


def test_the_first_claim_is_what_a_recount_of_its_speeches_gives(theirs, evidence):
    own = theirs.terms()
    soil = own.vocabulary.str.fullmatch(r"(?:soil|farm|desert|drought)[\w'’-]*")
    hits, tokens = np.asarray(own.counts[:, soil].sum(axis=1)).ravel(), theirs.documents.loc[own.rows.index, "tokens"]
    found = claims.measure(1, evidence)
    assert found["estimate"] == pytest.approx(beyond_others(theirs, 1e4 * hits / tokens, "KEN"))
    assert found["low"] < found["estimate"] < found["high"]


def beyond_others(theirs, y, state):
    """Count again by how much a state's yearly value rose in the second third, less the mean of the others."""
    about = theirs.documents.loc[y.index].assign(y=y)
    wide = about[about["year"] < CUTS[1]].pivot_table(index="state", columns="year", values="y")
    late = wide.columns >= CUTS[0]
    wide = wide[(wide.notna().loc[:, late].mean(axis=1) >= 0.75) & (wide.notna().loc[:, ~late].mean(axis=1) >= 0.75)]
    left = wide.loc[state] - wide.drop(state).mean()
    return left[late].mean() - left[~late].mean()


def test_the_second_claim_is_what_its_votes_give(evidence):
    found, year = claims.measure(2, evidence), practice.votes(evidence.c).rollcalls["year"]
    with_each = [
        practice.agreement("KEN", power, by=year.between(1992, 2022), c=evidence.c).at[True, "agreement"]
        for power in ("GHA", "CHN", "GBR")
    ]
    assert found["estimate"] == pytest.approx(with_each[0] - max(with_each[1:]))
    assert found["usa"] == pytest.approx(min(with_each[:2]) - with_each[2])


def test_both_claims_are_judged_by_their_rules(evidence):
    for sign, word in ((1, "supported"), (-1, "contradicted")):
        ends = {
            f"{end}{level}": sign * 2 + width
            for level in ("", "_90", "_80")
            for end, width in (("low", -1), ("high", 1))
        }
        assert claims.judge(1, evidence.c, estimate=sign * 2, d=1.5, states=0.01, **ends) == word
    ledger = claims.ledger(evidence=evidence)
    assert ledger["claim"].tolist() == [1, 2] and ledger["variants"].tolist() == [2, 2]
    for row in ledger.itertuples():
        assert row.verdict == claims.judge(row.claim, evidence.c, **claims.measure(row.claim, evidence))
        # Judged among the states beside its own, and not the first study's.
        others = measured(row.claim, evidence).halves["estimate"].others
        assert evidence.focus not in others.index and len(others) > 80
        assert row.d == pytest.approx(others.sub(0 if row.kind == "change" else others.median()).abs().median())
        assert row.written == "2026-11-29, first number known" and 0 <= row.states <= 1
    assert not ledger.drop(columns="claim").astype(str).map(lambda cell: "kazakh" in cell.lower()).any(axis=None)


def test_both_claims_stand_on_the_ledger_s_pages(evidence):
    ledger = claims.ledger(evidence=evidence)
    page = claims.page.table(ledger, changes="there.html")
    changes = claims.page.changes(ledger, chapters="said/")
    for row in ledger.itertuples():
        anchor = claims.page.anchor(row.claim)
        assert f'href="there.html#{anchor}"' in page and f'<article id="{anchor}">' in changes
        assert f'href="said/{row.chapter}.html"' in changes and row.verdict in page and row.theme in page
    assert "what-would-change" not in page and "notebooks" not in changes


def test_places_without_a_vector_are_left_out(theirs, c):
    named, every = vectors.places(theirs), vectors.places(c)
    assert set(named) == set(theirs.table("vectors")["place"]) < set(every)
    assert named.equals(every[named.columns]), "a longer name hides a shorter one whether it has a vector or not"
    shares = vectors.shares(theirs, "KEN")
    assert list(shares.index) == list(theirs.study.eras) and list(shares) == ["lakes", "powers", "oceans"]
    assert vectors.shares(theirs, "KEN", mapping="wide")["oceans"].ge(shares["oceans"]).all()


def test_a_share_of_its_vectors(theirs, evidence):
    found = instruments.share_step(evidence, vector="lakes", early=[1992, 2002], late=[2003, 2011])
    named = vectors.by_vector(theirs, vectors.places(theirs), None, universal=False)
    assert found["estimate"] == pytest.approx(beyond_others(theirs, named["lakes"] / named.sum(axis=1), "KEN"))


def test_every_instrument_gives_its_number_or_one_clear_line(c, evidence):
    """Asked with the parameters of the first study's claims, of which many name what the second has not."""
    given = 0
    for row in claims.table(c).query("instrument != ''").to_dict("records"):
        try:
            instruments.INSTRUMENTS[row["instrument"]](evidence, **yaml.safe_load(row["with"] or "{}"))
            given += 1
        except ValueError as error:
            said = str(error)
            assert "\n" not in said and "; " in said, said
    assert given >= 9


@pytest.mark.parametrize(
    ("table", "ask"),
    [
        (
            "trade-partners",
            lambda e: instruments.trade_share_step(e, partner="China", early=[1995, 2000], late=[2001, 2005]),
        ),
        ("organisations", lambda e: instruments.listed_bodies(e, bodies=["EU"])),
        ("editions", lambda e: instruments.rival_readings(e, conflict="C1", reading="A")),
        ("alliances", lambda e: practice.alliances("TZA", c=e.c)),
        ("shared-memberships", lambda e: e.own("shared-memberships")),
        ("rostrum-segments", lambda e: e.topics()),
    ],
)
def test_a_table_that_it_lacks_is_one_line_with_study_and_remedy(evidence, table, ask):
    with pytest.raises(
        corpus.DataError, match=rf"study second has no table '{table}'; .*{re.escape(str(SECOND))}"
    ) as e:
        ask(evidence)
    assert "\n" not in str(e.value)


def test_a_register_that_it_lacks(evidence):
    with pytest.raises(corpus.DataError, match=r"study second has no register 'doctrine'; .*study\.yml"):
        instruments.drift(evidence, early=[1992, 2002], late=[2003, 2011])


# --- Command line -----------------------------------------------------------------------------------------------------


def test_the_command_line_takes_it_from_anywhere(capsys, copied, tmp_path):
    status, said, wrong = run(capsys, "ledger", "--study", copied, "--quick", "--out", tmp_path / "ledger.csv")
    assert (status, wrong) == (0, "")
    assert re.findall(r"^(\d+) +(\w+)", said, re.MULTILINE)[:2] == [("1", "open"), ("2", "shared")]
    with (tmp_path / "ledger.csv").open(encoding="utf-8", newline="") as file:
        assert [row["verdict"] for row in csv.DictReader(file)] == ["open", "shared"]


def test_the_variable_takes_it_too(capsys, copied, monkeypatch):
    monkeypatch.setenv("MANYVECTORS_STUDY", str(copied))
    assert study.load().folder == copied == corpus.load().study.folder
    assert run(capsys, "ledger", "2", "--quick")[0] == 0


def test_its_tables_are_checked_and_described(capsys, copied, world, data):
    assert run(capsys, "describe", "--study", copied, "--data", world)[0] == 0
    for path in (data / "world").iterdir():
        assert not path.is_file() or path.read_bytes() == (world / "world" / path.name).read_bytes(), path.name
    described, plain = corpus.load(copied, world), corpus.load(SECOND)
    for name in ("claims", "vectors", "nodes"):
        assert described.table(name).equals(plain.table(name))


# --- Broken ones ------------------------------------------------------------------------------------------------------

SOIL = 'rate_step,"{category: soil, early: [1992, 2002], late: [2003, 2011]}"'
LAKES = 'share_step,"{vector: lakes, early: [1992, 2002], late: [2003, 2011]}"'
SPANS = "early: [1992, 2002], late: [2003, 2011]"


def field(**changes):
    """Change fields of ``study.yml``."""

    def edit(folder):
        fields = yaml.safe_load((folder / "study.yml").read_text(encoding="utf-8")) | changes
        (folder / "study.yml").write_text(yaml.safe_dump(fields, sort_keys=False), encoding="utf-8")

    return edit


def put(name, *pairs):
    """Change texts in a file."""

    def edit(folder):
        content = (folder / name).read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in content
            content = content.replace(old, new)
        (folder / name).write_text(content, encoding="utf-8")

    return edit


def lose(*names):
    """Lose files."""
    return lambda folder: [(folder / name).unlink() for name in names]


def both(*edits):
    return lambda folder: [edit(folder) for edit in edits]


# What is done to it, and the words that its one line must have.
BROKEN = {
    "an unknown focus": (field(focus="XXX"), ["study.yml: focus", "XXX", "states.csv"]),
    "an unknown neighbour": (field(neighbours=["XXX"]), ["study.yml: neighbours", "XXX"]),
    "a focus that was silent": (field(focus="EU"), ["claims.csv, claim 1", "comparable states"]),
    "a focus without votes": (
        both(
            field(focus="PSE"),
            put("claims.csv", ("[1992, 2002], late", "[1998, 2002], late"), ("[1992, 2001]", "[1998, 2001]")),
        ),
        ["claims.csv, claim 2", "votes of PSE", "voters.csv"],
    ),
    "eras that begin too late": (
        field(
            eras={"a": 2003, "b": 2013},
            rival_cuts={},
            colours={
                **{"eras": [], "registers": {"rostrum": "#111111"}},
                **{"focus": "#222222", "neighbours": "#333333", "world": "#444444"},
            },
        ),
        ["1992", "study.yml", "first era"],
    ),
    "words kept but not counted": (field(keep_words=["KEN"]), ["extra-terms", "data --texts", "keep_words"]),
    "no rostrum": (
        field(
            registers={"songs": "s"},
            colours={
                **{"eras": [], "registers": {"songs": "#111111"}},
                **{"focus": "#222222", "neighbours": "#333333", "world": "#444444"},
            },
        ),
        ["no register 'rostrum'", "study.yml"],
    ),
    "a document not counted": (
        put("documents.yml", ("{}", "{N: {file: n, register: rostrum, grade: B, year: 2003, title: t}}")),
        ["other-documents", "data --texts"],
    ),
    "no study.yml": (lose("study.yml"), ["study.yml", "no such file", "name a folder"]),
    "no dictionary": (lose("dictionary.yml"), ["claim 1", "study second has no dictionary", "dictionary.yml"]),
    "a dictionary that is none": (put("dictionary.yml", ("soil:", "soil: [")), ["dictionary.yml, line"]),
    "a phrase never counted": (put("dictionary.yml", ("our region", "our sunny region")), ["sunny", "phrases.csv"]),
    "no claims": (lose("claims.csv"), ["claims.csv is missing"]),
    "claims not described": (lose("claims.yaml"), ["no table 'claims'", "claims.yaml"]),
    "one claim twice": (put("claims.csv", ("\n2,", "\n1,")), ["claims.csv, row 3, column claim"]),
    "an unknown instrument": (put("claims.csv", ("rate_step", "rate_stop")), ["claim 1", "rate_stop", "share_step"]),
    "an unknown parameter": (put("claims.csv", ("category:", "categry:")), ["claim 1", "categry", "category"]),
    "a missing parameter": (put("claims.csv", (", late: [2003, 2011]}", "}")), ["claim 1", "late", "add it"]),
    "a category that is none": (put("claims.csv", ("soil,", "toil,")), ["claim 1", "category", "toil", "company"]),
    "a span that is none": (
        put("claims.csv", ("[1992, 2002], late", "1992, late")),
        ["claim 1", "early", "1992, 2013"],
    ),
    "a span without a speech": (put("claims.csv", ("[2003, 2011]}", "[2033, 2040]}")), ["claim 1", "spans"]),
    "parameters that are no YAML": (put("claims.csv", ("soil, early", "soil early")), ["claim 1", "with", "YAML"]),
    "a variant that is none": (put("claims.csv", ("{every: coding}", "{every: others}")), ["claim 2", "every: others"]),
    "a rule on no number": (put("claims.csv", ("and usa > 0", "and ursa > 0")), ["claim 2", "'ursa'", "'usa'"]),
    "a rule that is none": (put("claims.csv", ("and usa > 0", "and usa >> 0")), ["claim 2", "usa >> 0"]),
    "a state that is none": (put("claims.csv", ("nearest: GHA", "nearest: XXX")), ["claim 2", "nearest", "XXX"]),
    "the focus beside itself": (put("claims.csv", ("nearest: GHA", "nearest: KEN")), ["claim 2", "nearest", "focus"]),
    "a table that it lacks": (
        put("claims.csv", (SOIL, f'trade_share_step,"{{partner: China, {SPANS}}}"')),
        ["claim 1", "study second has no table 'trade-partners'", "put trade-partners.csv"],
    ),
    "segments that it lacks": (
        put("claims.csv", (SOIL, f'topic_step,"{{topics: [rivers], {SPANS}}}"')),
        ["claim 1", "rostrum-segments", "data --texts"],
    ),
    "no vectors": (both(put("claims.csv", (SOIL, LAKES)), lose("vectors.csv", "vectors.yaml")), ["vectors.yaml"]),
    "a place that is none": (
        both(put("claims.csv", (SOIL, LAKES)), put("vectors.csv", ("\nIND,", "\nINDIA,"))),
        ["claim 1", "vectors.csv", "INDIA", "gazetteer.csv"],
    ),
    "a vector that is none": (
        both(put("claims.csv", (SOIL, LAKES)), put("vectors.csv", ("IND,oceans", "IND,ocean"))),
        ["vectors.csv, row 8, column plain", "ocean"],
    ),
    "a vector listed and never used": (
        both(put("claims.csv", (SOIL, LAKES)), field(vectors=["lakes", "hills", "everybody"])),
        ["claim 1", "study.yml: vectors", "hills"],
    ),
    "no place": (
        both(put("claims.csv", (SOIL, LAKES)), lambda f: (f / "vectors.csv").write_text("place,plain,wide,why\n")),
        ["vectors.csv", "no row"],
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_fault_is_one_clear_line(capsys, copied, fault):
    edit, words = BROKEN[fault]
    edit(copied)
    status, _, wrong = run(capsys, "ledger", "--study", copied)
    assert status == 1 and wrong.count("\n") == 1 and "Errno" not in wrong
    assert [word for word in words if word not in wrong] == [], wrong


@pytest.mark.parametrize("name", ["nowhere", "claims.csv"])
def test_a_folder_that_is_no_study(capsys, copied, name):
    status, _, wrong = run(capsys, "ledger", "--study", copied / name)
    assert status == 1 and wrong.count("\n") == 1 and "name a folder that holds study.yml" in wrong


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make")
def test_make_says_in_one_line_what_it_cannot_build(copied, tmp_path):
    def make(folder):
        # Not as a part of the make that runs the tests, of which it would speak.
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        asked = ["make", "-n", "book", f"STUDY={folder}"]
        done = subprocess.run(asked, cwd=ROOT, env=plain, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr.strip()

    status, planned, _ = make(SECOND)
    assert status == 0 and f'jupyter-book build "{SECOND}/book"' in planned and "-n -W --keep-going" in planned
    (tmp_path / "link").symlink_to(copied)
    shutil.rmtree(copied / "book")
    status, planned, _ = make(tmp_path / "link")
    assert status == 0 and "holds no book" in planned
    for folder, word in ((copied, "a link"), (tmp_path, "study.yml")):
        status, _, wrong = make(folder)
        assert status == 2 and wrong.count("\n") == 0 and word in wrong


# --- Its own counts, where texts are attached -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def counted(texts, world, tmp_path_factory):
    """The study with its own words kept and counted: the corpus."""
    folder = Path(shutil.copytree(SECOND, tmp_path_factory.mktemp("counted") / "second"))
    field(keep_words=["KEN"])(folder)
    assert main(["data", "--texts", str(texts), "--study", str(folder), "--data", str(world)]) == 0
    return corpus.load(folder, world)


def test_counting_a_study_leaves_the_world_as_it_is(counted, data):
    names = {path.name for path in counted.world.iterdir() if path.is_file()}
    assert names == {path.name for path in (data / "world").iterdir() if path.is_file()}
    for name in names:
        assert (counted.world / name).read_bytes() == (data / "world" / name).read_bytes(), name


def test_no_term_of_its_state_is_lost(counted, theirs, texts):
    own, before = counted.terms(state="KEN"), theirs.documents.query("state == 'KEN'")
    about = counted.documents.loc[own.rows.index]
    assert before["rare_tokens"].sum() > 0 and not about[["rare_tokens", "rare_terms"]].any(axis=None)
    assert (np.asarray(own.counts.sum(axis=1)).ravel() == about["tokens"]).all()
    assert (np.diff(own.counts.indptr) == about["terms"]).all()
    # By the texts themselves: all but words broken at a line end, which are mended with the words of the world.
    said = {path.rpartition("/")[2].removesuffix(".txt"): raw for path, raw in archive.speeches(texts, states={"KEN"})}
    doc_id = min(own.rows.index)
    words = Counter(text.tokenise(text.clean(said[doc_id].decode("utf-8-sig"))))
    row = pd.Series(own.counts[own.rows.index.get_loc(doc_id)].toarray()[0], own.vocabulary)
    assert sum((words - Counter(row[row > 0].to_dict())).values()) <= 0.01 * row.sum()


def test_its_profiled_states_have_segments_and_collocates(counted):
    assert set(counted.segments["state"]) == set(counted.study.profiled) == {"KEN", "TZA"}
    m, whole = counted.terms(state="KEN", unit="segment"), counted.terms(state="KEN")
    assert (m.totals() == whole.totals()).all()
    assert list(m.rows["era"].cat.categories) == list(counted.study.eras) and m.rows["era"].notna().all()
    near = counted.collocates("farmers", state=["KEN", "TZA"])
    assert len(near) and near.to_numpy().sum() > 0
    with pytest.raises(corpus.DataError, match=r"no segments for .*UGA.*--add"):
        counted.terms(state="UGA", unit="segment")


def test_instruments_on_segments_give_its_own_number(counted, c):
    found = instruments.topic_move(claims.Evidence(counted), cut=2012)
    assert 0 < found["estimate"] < 1 and found != instruments.topic_move(claims.Evidence(c), cut=2012)
    with pytest.raises(corpus.DataError, match=r"no segments for .*ETH.*--add"):
        claims.Evidence(counted).topics("region")


def test_what_is_counted_changes_no_claim_of_its_words(counted, evidence):
    """No word of the first claim is so rare that it was not counted before."""
    assert claims.measure(1, claims.Evidence(counted)) == claims.measure(1, evidence)
