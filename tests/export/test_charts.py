"""What the small charts of the findings show."""

import pytest

from manyvectors import claims
from manyvectors.claims.evidence import Evidence
from manyvectors.common import read_yaml
from manyvectors.export import charts


@pytest.fixture(scope="module")
def evidence(c):
    return Evidence(c)


NUMBERS = {"votes": 0.1, "votes_low": 0.05, "votes_high": 0.2, "x_estimate": -3.0, "x_low": -4.0, "x_high": -1.0}


def test_every_finding_asks_for_a_chart_that_there_is(evidence):
    asked = read_yaml((evidence.study.folder / "findings.yml").read_text(encoding="utf-8"))
    assert len(asked) == 10
    assert {how["chart"]["kind"] for how in asked.values()} <= set(charts.KINDS)


def test_shares_are_shown_in_points_and_rates_as_they_are(evidence):
    rows = [{"label": "a", "of": "votes"}, {"label": "b", "of": "x", "unit": "words"}]
    made = charts.chart(evidence, "t", {"kind": "intervals", "unit": "points", "rows": rows}, NUMBERS)["rows"]
    assert [made[0][key] for key in ("value", "low", "high")] == pytest.approx([10, 5, 20])
    assert [made[1][key] for key in ("value", "low", "high")] == [-3, -4, -1]


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "pie"},
        {"kind": "intervals", "unit": "points", "rows": [{"label": "a", "of": "nothing"}]},
        {"kind": "bars", "rows": []},
        {"kind": "shares", "partner": "Atlantis", "spans": [[2010, 2014]]},
    ],
)
def test_a_chart_that_cannot_be_made_is_named(evidence, asked):
    with pytest.raises(claims.FindingError, match="t: its chart"):
        charts.chart(evidence, "t", asked, NUMBERS)


def test_every_claim_has_one_kind_of_verdict(evidence, monkeypatch):
    """The verdicts are counted as the claims' own words say, and none twice."""
    ledger = claims.ledger(evidence=evidence, variants="shipped")
    asked = []
    monkeypatch.setattr(claims, "ledger", lambda **given: asked.append(given) or ledger)  # worked out once, not twice
    words, counted = ledger["verdict"].tolist(), charts.verdicts(evidence)
    assert asked == [{"evidence": evidence, "variants": "shipped"}]
    assert counted.pop("claims") == len(claims.table()) == sum(counted.values())
    assert counted["untestable"] == words.count("untestable")
    assert counted["leaning"] == words.count("leaning for") + words.count("leaning against")


def test_no_chart_where_none_is_asked_for(evidence):
    assert charts.chart(evidence, "t", None, {}) is None


def test_the_years_of_silence_are_those_of_the_gazetteers_counts(evidence, c, study):
    """Counted anew from the mentions of each speech, not from the instrument."""
    from manyvectors import vectors

    made = charts.years(evidence, {"run_first": 2018, "run_named_before": 20}, "names one")
    places = vectors.places(c, state=study.focus)
    own = places[[*study.powers, *study.neighbours]].sum(axis=1)
    years = c.documents.loc[own.index, "year"]
    assert {row["year"]: row["hit"] for row in made["rows"]} == {
        int(years[doc]): bool(n) for doc, n in own.items() if c.documents.at[doc, "register"] == "rostrum"
    }
    with pytest.raises(ValueError, match="do not add up"):
        charts.years(evidence, {"run_first": 2018, "run_named_before": 3}, "names one")


def test_shares_are_means_of_the_lists(evidence, c):
    made = charts.shares(evidence, {}, "China", [[2022, 2023]])["rows"]
    table = c.table("trade-partners").query("partner == 'China' and year in (2022, 2023) and share.notna()")
    for row in made:
        own = table[table["flow"] == row["label"].split()[0]]
        assert row["value"] == pytest.approx(own["share"].mean())


def test_days_of_an_edition_are_its_rows(evidence, c):
    rows = charts.days(evidence, {}, "2020", ["draft", "approved"], 11)["rows"]
    table = c.table("editions")
    dated = table[(table["edition"] == "2020") & table["fact"].isin(["draft", "approved"]) & (table["earliest"] != "")]
    one = {"imemo_abstract_ru": "kurmanguzhin_chebotarev2023", "ptrk19822": "kz_decree280_2020"}
    one |= {"ptrk19802": "kz_decree280_2020"}  # two abstracts of one article, three translations of one decree
    works = dated.assign(source=dated["source"].replace(one)).drop_duplicates(["fact", "value", "source"])
    assert len(dated) - len(works) == 3
    assert {row["label"]: row["sources"] for row in rows} == works["value"].value_counts().to_dict()
    assert [row["label"] for row in rows if row["seen"]] == ["6 March 2020"]


def test_how_sure_a_finding_is_stands_in_the_ledger(evidence):
    asked = claims.findings(evidence)["claims"]
    every = claims.ledger(evidence=evidence, only=sorted(set(asked.sum())), variants="shipped").set_index("claim")
    known = charts.sure(evidence, list(every.index))
    assert {claim: one["verdict"] for claim, one in known.items()} == every["verdict"].to_dict()
    for claim, one in known.items():
        row = every.loc[claim]
        assert ("variants" in one) == (row["verdict"] in claims.DECIDED)
        assert one.get("stands", 0) == pytest.approx(one.get("variants", 0) * row["robustness"], abs=0.01)
        assert one.get("states") == (row["states"] if row["verdict"] == "shared" else None)
    assert charts.sure(evidence, []) == {}
