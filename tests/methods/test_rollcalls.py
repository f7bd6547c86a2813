"""Roll calls: the tables, defects, published tallies, and damage."""

import re
import shutil

import pandas as pd
import pytest

from manyvectors import corpus, practice

TABLES = ("rollcalls", "voters", "votes", "trade-partners", "shared-memberships", "alliances", "organisations")


def test_the_grid_is_full_and_in_order(c):
    rollcalls, voters, votes = (c.table(name) for name in ("rollcalls", "voters", "votes"))
    assert (len(rollcalls), len(voters), len(votes)) == (2833, 193, 2833 * 193)
    order = rollcalls[["date", "rcid"]].apply(tuple, axis=1).tolist()
    assert order == sorted(order)
    assert voters["state"].is_monotonic_increasing and "TWN" not in set(voters["state"])
    assert votes["vote"].value_counts().to_dict() == {1: 388913, 2: 58286, 8: 58282, 3: 33356, 9: 7932}


def test_defects_are_noted_and_kept(c):
    rollcalls = c.table("rollcalls").set_index("rcid")
    wrong = rollcalls.loc[[411, 427, 449, 495]]
    assert (wrong["date"] > "2023-11").all() and (wrong["resolution"] == "").all() and (wrong["note"] != "").all()
    later = rollcalls[rollcalls["date"] >= f"{practice.MERGED}"]
    assert (later["co"] == later["ec"]).all() and later["co"].sum() > 50
    assert (rollcalls["co"] != rollcalls["ec"]).groupby(rollcalls["date"].str[:4]).any().loc["1992":"2018"].all()
    assert rollcalls["note"].str.contains("entered twice").sum() == 3


def test_titles_are_short(c):
    assert c.table("rollcalls")["title"].str.split().str.len().max() <= 9
    assert c.table("integrity-votes")["text"].str.split().str.len().max() <= 8
    assert c.table("rollcalls-2025")["subject"].str.split().str.len().max() <= 8


def test_sources_are_in_the_bibliography(c, data):
    keys = set(re.findall(r"^@\w+\{([^,\s]+),", (data.parent / "book/references.bib").read_text("utf-8"), re.MULTILINE))
    assert set(c.table("integrity-votes")["source"]) | set(c.table("investment")["source"]) <= keys
    assert {"eaeu_members", "sco_members", "un_members", "cia_factbook", "aiddata_dashboard"} <= keys
    assert {"un_voting", "sipri_arms", "wits"} <= keys


# --- Votes ---


def test_votes_left_out(c):
    found = practice.votes(c)
    year, turkey = found.rollcalls["year"].to_numpy(), found.codes[:, found.states.get_loc("TUR")]
    assert (turkey[year >= 2023] == practice.NOT_MEMBER).all()
    assert (turkey[year == 2022] <= practice.NO).any()
    assert "lost" in found.left_out["TUR"]
    date = found.rollcalls["date"].to_numpy()
    for state, admitted in {"CHE": "2002-09-03", "SSD": "2011-07-14", "SRB": "2000-11-01"}.items():
        early = found.codes[date < admitted, found.states.get_loc(state)]
        assert (early != practice.ABSENT).all(), state
    assert found.codes.shape == (len(found.rollcalls), len(found.states))


def test_votes_cannot_be_changed_for_others(c):
    found = practice.votes(c)
    with pytest.raises(ValueError, match="read-only"):
        found.codes[0, 0] = 1
    found.rollcalls["year"] = 0
    assert practice.votes(c).rollcalls["year"].min() == 1992


def test_clusters(c):
    rollcalls = practice.votes(c).rollcalls
    known = rollcalls["resolution"] != ""
    assert (rollcalls["cluster"] == rollcalls["resolution"])[known].all()
    assert (rollcalls["cluster"] == rollcalls["date"])[~known].all()


# --- Territorial integrity ---


# Where the votes of the source differ from the published tally: yes, no, abstain.
DIFFER = {4828: (38, 7, 101), 4829: (13, 11, 106), 5866: (33, 66, 54), 5489: (70, 25, 77), 5546: (80, 13, 61)}


def test_tallies_are_those_published(c):
    table = practice.integrity(c=c)
    found = practice.tally(table.index, c)
    for rcid, row in table.iterrows():
        published = row["yes"], row["no"], row["abstain"]
        # A vote of Turkey is left out from 2023 on.
        turkey = {9356: (1, 0, 0), 9340: (1, 0, 0)}.get(rcid, (0, 0, 0))
        counted = tuple(found.loc[rcid, ["yes", "no", "abstain"]].to_numpy() + turkey)
        assert counted == DIFFER.get(rcid, published), rcid
        assert (rcid in DIFFER) == ("in the votes" in row["why"])
    assert tuple(table.loc[5309, ["yes", "no", "abstain"]]) == (100, 11, 58)


def test_integrity_votes_fit_the_roll_calls(c):
    table = practice.integrity(c=c)
    rollcalls = pd.concat([practice.votes(c).rollcalls, practice.votes(c, source="2025").rollcalls])
    assert table["date"].is_monotonic_increasing
    assert (rollcalls.loc[table.index, "resolution"] == table["resolution"]).all()
    assert (rollcalls.loc[table.index, "date"] != table["date"]).sum() == 1  # 62/249
    assert (table["held"] == "rollcalls-2025").equals(table["date"] > "2025")
    assert set(practice.integrity("Ukraine", c)["conflict"]) == {"Ukraine"}


def test_the_emergency_session_is_not_in_the_source(c):
    rollcalls = practice.votes(c).rollcalls
    found = practice.tally(rollcalls.index[rollcalls["year"].isin(practice.EMERGENCY)], c)
    tallies = set(found[["yes", "no", "abstain"]].apply(tuple, axis=1))
    assert not tallies & {(141, 5, 35), (143, 5, 35)}


def test_profile(c):
    found = practice.profile(["KAZ", "RUS"], [5309, 5489, 9356], c)
    assert found["KAZ"].tolist() == ["abstain", "no", "yes"]
    assert found["RUS"].tolist() == ["no", "no", "no"]
    assert practice.profile("TUR", [9356], c).to_numpy().tolist() == [["not a member"]]
    every = practice.abstentions("KAZ", c=c)
    assert every.sum() == len(practice.integrity(c=c)) and list(every.index) == list(practice.MEANINGS.values())
    assert practice.abstentions("KAZ", [5309, 5489], c)[["abstain", "no"]].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda c: practice.tally([1], c), "no roll call"),
        (lambda c: practice.profile("KAZ", [1], c), "no roll call"),
        (lambda c: practice.profile("china", c=c), "codes: CHN"),
        (lambda c: practice.integrity("Cyprus", c), "conflict 'Cyprus'"),
    ],
)
def test_errors(c, call, said):
    with pytest.raises(ValueError, match=said):
        call(c)


# --- Damage ---


@pytest.fixture
def copied(c, tmp_path):
    """The tables of practice in a folder of their own, to be damaged."""
    # Without the table of its texts a collection of documents.yml cannot be read.
    texts = [c.path("ministry-texts"), c.path("ministry-texts").with_suffix(".yaml")]
    files = [path for name in TABLES for path in (c.path(name), c.path(name).with_suffix(".yaml"))]
    for path in [
        *files,
        c.path("states"),
        c.path("states").with_suffix(".yaml"),
        *c.study.folder.glob("*.yml"),
        *texts,
    ]:
        folder = tmp_path / path.parent.name
        folder.mkdir(exist_ok=True)
        shutil.copy(path, folder)
        (folder / "datapackage.json").write_text("{}", encoding="utf-8")
    return tmp_path


def _rewrite(folder, name, change):
    [path] = [path for path in folder.glob(f"*/{name}.*") if path.suffix != ".yaml"]
    if path.suffix == ".csv":
        path.write_text(change(path.read_text("utf-8")), encoding="utf-8", newline="\n")
    else:
        change(pd.read_parquet(path)).to_parquet(path, index=False)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("votes", lambda t: t.iloc[:-1], "does not fit"),
        ("votes", lambda t: t.iloc[::-1], "does not fit"),
        ("votes", lambda t: t.assign(vote=t["vote"].replace(3, 4).astype("int32")), "column vote"),
        ("votes", lambda t: t[["rollcall", "voter"]], "damaged"),
        ("rollcalls", lambda t: t[: t.rindex("\n", 0, -1) + 1], "does not fit"),
        ("rollcalls", lambda t: t.replace("1992-08-03", "in summer"), "damaged"),
        ("voters", lambda t: t.replace("ZWE,", "ZW,"), "damaged"),
        ("voters", lambda t: t[: t.rindex("\n", 0, -1) + 1], "does not fit"),
    ],
)
def test_damaged_votes(copied, name, change, said):
    _rewrite(copied, name, change)
    with pytest.raises(corpus.DataError, match=said):
        practice.agreement("KAZ", "CHN", c=corpus.load(data=copied))


@pytest.mark.parametrize(
    ("name", "change", "call"),
    [
        ("trade-partners", lambda t: t.replace("48.7", "487"), practice.trade),
        ("trade-partners", lambda t: t + t.splitlines()[-1] + "\n", practice.trade),
        ("shared-memberships", lambda t: t.replace("1991,CHN,2,", "1991,CHN,9,"), practice.memberships),
        ("alliances", lambda t: t.replace("1991,KGZ,0", "1991,KGZ,7"), practice.alliances),
        ("organisations", lambda t: t.replace("2001,WTrO,", "2001,,"), practice.organisations),
    ],
)
def test_damaged_tables(copied, name, change, call):
    _rewrite(copied, name, change)
    with pytest.raises(corpus.DataError):
        call(c=corpus.load(data=copied))


def test_missing_votes(copied):
    (copied / "world" / "votes.parquet").unlink()
    with pytest.raises(corpus.DataError, match=r"votes\.parquet"):
        practice.votes(corpus.load(data=copied))


def test_the_default_corpus(c):
    pd.testing.assert_frame_equal(practice.agreement("KAZ", "CHN"), practice.agreement("KAZ", "CHN", c=c))
