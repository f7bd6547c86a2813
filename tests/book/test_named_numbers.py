"""What chapters 18 and 19 say of the codes is what the shipped table says, counted here without the package."""

from pathlib import Path

import pandas as pd
import pytest

from manyvectors.claims import numbers

ROOT = Path(__file__).resolve().parents[2]
STORED = numbers.glued()
POWERS, NEIGHBOURS = ["RUS", "CHN", "USA"], ["KGZ", "TJK", "TKM", "UZB"]


@pytest.fixture(scope="module")
def codes():
    table = pd.read_csv(ROOT / "data/kazakhstan/machine-codes.csv", dtype=str, keep_default_na=False)
    parts = table["segment_id"].str.extract(r"^(?P<state>[A-Z]{3})_\d+_(?P<year>\d{4})_\d+$")
    return table.assign(state=parts["state"], year=parts["year"].astype(int))


def per_cent(mask):
    return f"{100 * mask.mean():.0f}"


def test_chapter_18_counts_what_the_table_holds(codes):
    said, named = STORED["18_how_are_they_named"], codes[(codes["kind"] == "named") & (codes["state"] == "KAZ")]
    stance, whose = named["stance_final"], named["whose_final"]
    seven, late = named["entry"].isin(POWERS + NEIGHBOURS), named["year"] >= 2018
    kind = stance.isin(["praise", "thanks"])
    counted = {
        "mentions": len(named),
        "plain": per_cent(stance == "plain"),
        "kind": per_cent(kind),
        "concern": per_cent(stance == "concern"),
        "blame": (stance == "blame").sum(),
        "blame_nuclear": ((stance == "blame") & named["entry"].isin(["IND", "PAK", "PRK"])).sum(),
        "blame_last": named.loc[stance == "blame", "year"].max(),
        "seven": seven.sum(),
        "seven_kind": per_cent(kind[seven]),
        "rest_kind": per_cent(kind[~seven]),
        "seven_now": (seven & late).sum(),
        "joint_seven": (whose[seven] == "joint").sum(),
        "theirs_seven": (whose[seven] == "theirs").sum(),
        "asked": (named["action_final"] == "yes").sum(),
        "ca_now": (late & (named["entry"] == "Central Asia")).sum(),
        "ca_own": (late & (named["entry"] == "Central Asia") & (whose == "own")).sum(),
        "ca_praise": (late & (named["entry"] == "Central Asia") & (stance == "praise")).sum(),
        "afg_now": (late & (named["entry"] == "AFG")).sum(),
        "afg_own": (late & (named["entry"] == "AFG") & (whose == "own")).sum(),
        "afg_worry": (late & (named["entry"] == "AFG") & (stance == "concern")).sum(),
        "filled": per_cent(named.loc[late, "entry"].isin(["Central Asia", "AFG"])),
        "filled_before": per_cent(named.loc[~late, "entry"].isin(["Central Asia", "AFG"])),
        "seven_due": f"{seven.sum() / (~late).sum() * late.sum():.0f}",
    }
    counted |= {f"w_{name}": per_cent(whose == name) for name in ("own", "joint", "theirs", "none")}
    assert {name: str(value) for name, value in counted.items()} == {name: str(said[name]) for name in counted}
    assert not (stance[seven] == "blame").any()


def test_chapter_19_counts_what_the_table_holds(codes):
    said, hits = STORED["19_balance_and_pragmatism"], codes[codes["kind"] == "leaning"]
    sense = hits["sense_final"] == "yes"
    own, kaz = sense & (hits["whose_final"] == "own"), hits["state"] == "KAZ"
    counted = {
        "hits_all": kaz.sum(),
        "sense_all": (kaz & sense).sum(),
        "own_all": (kaz & own).sum(),
        "near_all": (~kaz).sum(),
        "near_own": (~kaz & own).sum(),
        "own_interests": (kaz & own & (hits["entry"] == "defence of interests")).sum(),
        "own_pragmatism": (kaz & own & (hits["entry"] == "pragmatism")).sum(),
        "own_early": (kaz & own & (hits["year"] < 2014)).sum(),
        "own_late": (kaz & own & (hits["year"] >= 2014)).sum(),
    }
    assert {name: str(value) for name, value in counted.items()} == {name: str(said[name]) for name in counted}


@pytest.mark.parametrize("stem", ["16_who_says_multi_vector", "18_how_are_they_named", "19_balance_and_pragmatism"])
def test_a_page_with_codes_says_who_read(stem):
    page = (ROOT / "notebooks" / f"{stem}.ipynb").read_text(encoding="utf-8")
    assert "language model" in page and "no person has" in page and "machine-coded" in page
