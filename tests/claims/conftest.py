"""The evidence of the shipped data, and the numbers of its claims."""

import pickle

import numpy as np
import pandas as pd
import pytest

from manyvectors import claims
from manyvectors.claims.instruments import INSTRUMENTS
from manyvectors.claims.ledger import measured


@pytest.fixture(scope="session")
def e(c):
    return claims.Evidence(c)


@pytest.fixture(scope="session")
def tried(e, request, tmp_path_factory):
    """The same evidence, asked of every claim under every choice; what a worker was told the others need not ask."""
    told = tmp_path_factory.getbasetemp()
    told = (told.parent if hasattr(request.config, "workerinput") else told) / "told.pickle"
    if told.is_file():
        e.kept |= pickle.loads(told.read_bytes())
    claims.ledger(evidence=e)
    if not told.is_file():
        whole = tmp_path_factory.mktemp("told") / told.name
        whole.write_bytes(pickle.dumps({asked: kept for asked, kept in e.kept.items() if asked[0] in INSTRUMENTS}))
        whole.replace(told)  # at once, since another worker may be reading
    return e


@pytest.fixture(scope="session")
def found(e):
    """Return the numbers of a claim, as the ledger takes them, with their halves."""
    return lambda claim: measured(claim, e)


@pytest.fixture(scope="session")
def cast(c):
    """Raw codes of the votes: DataFrame, rcid x state; the year of each roll call: Series."""
    rollcalls, voters, votes = (c.table(name) for name in ("rollcalls", "voters", "votes"))
    codes = votes.pivot(index="rollcall", columns="voter", values="vote").set_axis(voters["state"], axis=1)
    return codes.set_axis(rollcalls["rcid"]), pd.Series(rollcalls["date"].str[:4].astype(int).to_numpy(), codes.index)


@pytest.fixture(scope="session")
def on_territory(c):
    """Raw codes of the votes on chosen texts, from whichever table holds them: DataFrame, rcid x state."""
    parts, chosen = [], c.table("integrity-votes")
    for held, names in chosen.groupby("held", sort=False)["rcid"]:
        rollcalls, voters, votes = (c.table(name) for name in (held, "voters", held.replace("rollcalls", "votes")))
        wide = votes.pivot(index="rollcall", columns="voter", values="vote").set_axis(voters["state"], axis=1)
        parts.append(wide.set_axis(rollcalls["rcid"]).loc[names])
    return pd.concat(parts).loc[chosen["rcid"]]


@pytest.fixture
def rng():
    return np.random.default_rng(16)
