"""False alarms of a claim of several halves: the others must be there for sure while one lies at its bar."""

import numpy as np
import pytest

from manyvectors import claims
from manyvectors.claims import halves
from manyvectors.claims.halves import Half
from manyvectors.claims.ledger import ALONE
from manyvectors.claims.power import false_alarms


def test_the_others_are_far_however_small_d_is():
    """Where other states hardly move, ten times d is less than any measure would see."""
    sure = Half.of_mean(0.0, 1.0, 1e6, [1e-6, -1e-6])
    borne_out, _ = false_alarms(halves.found(a=sure, b=sure), "a > 0 and b > 0")
    assert borne_out == pytest.approx(0.025, abs=0.004)


def test_without_others_too():
    sure = Half.of_mean(0.0, 1.0, 1e6)
    borne_out, _ = false_alarms(halves.found(a=sure, b=sure), "a > 0 and b < 0", alone=False)
    assert borne_out == pytest.approx(0.025, abs=0.004)


def test_no_claim_of_the_ledger_errs_more_often_than_one_in_twenty(found):
    table = claims.table()
    sampled = table[(table["untestable"] == "") & (table["kind"] != "report")]
    errs = {row.old: false_alarms(found(claim), row["rule"], row["pool"] in ALONE) for claim, row in sampled.iterrows()}
    assert max(map(max, errs.values())) <= 0.05, {old: np.round(both, 3) for old, both in errs.items()}
