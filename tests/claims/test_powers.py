"""The table of power: what ships is what is worked out now; the command that makes it; what is told of it."""

import shutil

import pandas as pd
import pytest

from manyvectors import claims, corpus
from manyvectors.__main__ import main
from manyvectors.claims import powers, scale
from manyvectors.claims.power import MULTIPLES

TABLE = claims.table()
SAMPLED = TABLE.index[(TABLE["untestable"] == "") & (TABLE["kind"] != scale.REPORT)]
SHARES = ["found", "contradicted", "no_change", "halves_disagree", "leaning", "open"]


@pytest.fixture(scope="module")
def kept(c):
    found = powers.shipped(c)
    assert found is not None, "make it with `python -m manyvectors power`"
    return found


def test_the_table_is_what_is_worked_out_now(kept, tried):
    pd.testing.assert_frame_equal(powers.powers(tried).astype(kept.dtypes), kept, check_exact=True)


def test_the_table_has_every_claim_that_is_sampled(kept):
    assert kept["claim"].unique().tolist() == SAMPLED.tolist()
    assert kept[SHARES].sum(axis=1).to_numpy() == pytest.approx(1, abs=4e-4)
    assert (kept.groupby("claim")["multiple"].apply(list).map(tuple).nunique()) == 1


def test_the_power_of_a_claim_is_read_or_worked_out(kept, e):
    for claim in (20, "A20"):
        read = claims.power(claim)
        assert list(read.columns) == ["effect", *SHARES] and read.index.name == "multiple"
        assert read.to_numpy() == pytest.approx(claims.power(claim, e).to_numpy(), abs=5e-5)
    # Hardly anything is found where the opposite is true, and the more of what is true, the farther it goes.
    assert read.loc[-8.0, "found"] < 0.05 < read.loc[8.0, "found"] and read["found"].diff().min() > -0.03


@pytest.mark.parametrize(("claim", "why"), [(1, "untestable"), (9, "reports"), (99, "no claim 99")])
def test_claims_without_power(claim, why, e):
    for evidence in (None, e):
        with pytest.raises(ValueError, match=why):
            claims.power(claim, evidence)


def test_leanings_by_chance():
    table = pd.DataFrame({"claim": [1, 1, 2, 2], "multiple": [0.0, 1.0, 0.0, 1.0], "leaning": [0.15, 0.4, 0.1, 0.0]})
    assert powers.by_chance(table) == pytest.approx(0.25)


# --- The command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def copied(data, tmp_path):
    """The data beside a small study, to be written into."""
    shutil.copytree(data / "world", tmp_path / "data" / "world")
    return shutil.copytree("tests/second", tmp_path / "data" / "second"), tmp_path / "data"


def test_a_study_without_the_table(c):
    second = corpus.load(study="tests/second")
    assert powers.shipped(second) is None
    with pytest.raises(corpus.DataError, match=r"no table 'power'; `python -m manyvectors power --study .*` counts it"):
        second.table("power")


def test_the_command_writes_the_table(copied, capsys):
    study, folder = copied
    assert main(["power", "--study", str(study), "--data", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "power.csv; chance alone would give" in said and said.count(" d on") + said.count("not found") == 2
    c = corpus.load(study, folder)
    found = powers.shipped(c)
    assert found["claim"].unique().tolist() == [1, 2] and len(found) == 2 * len(MULTIPLES)
    assert (study / "power.yaml").read_bytes() == (folder / "world" / "studies" / "power.yaml").read_bytes()
    assert '"name": "power"' in (study / "datapackage.json").read_text(encoding="utf-8")
    # Once more gives the same bytes.
    before = (study / "power.csv").read_bytes()
    assert main(["power", "--study", str(study), "--data", str(folder)]) == 0
    assert (study / "power.csv").read_bytes() == before


def test_variants_that_were_tried_when_the_table_was_made(e):
    """The same as trying them now; a claim that the table lacks, and another word, are refused."""
    some = [3, 9, 22, 46, 50]
    tried, shipped = (claims.ledger(evidence=e, only=some, variants=how) for how in (True, "shipped"))
    pd.testing.assert_frame_equal(shipped, tried, check_exact=False, atol=1e-4)
    with pytest.raises(ValueError, match="variants is 'kept'; give True, False or 'shipped'"):
        claims.ledger(evidence=e, only=some, variants="kept")
