"""What instruments may be told: kinds of parameters, words for states of the study, variants by a generator."""

import pytest

from manyvectors import claims
from manyvectors.claims import instruments
from manyvectors.claims.instruments import INSTRUMENTS
from manyvectors.claims.parameters import INSTRUMENTS as REGISTERED
from manyvectors.claims.parameters import changes

STEP = {"category": "balance", "early": [1992, 2013], "late": [2014, 2024]}


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("rate_step", {}, "rate_step needs the parameter 'early'; add it"),
        ("rate_step", STEP | {"windo": 3}, "no parameter 'windo'; it has early, late"),
        ("rate_step", STEP | {"early": 1992}, "'early' is 1992; give the first and the last year"),
        ("rate_step", STEP | {"early": [2013, 1992]}, "'early' is .*; give the first and the last year"),
        ("rate_step", STEP | {"early": ["1992", "2013"]}, "'early' is"),
        ("rate_step", STEP | {"category": "courage"}, "'category' is 'courage'; name one category of .*balance"),
        ("rate_step", STEP | {"without_top": 1}, "'without_top' is 1; give true or false"),
        ("rate_step", STEP | {"leave_out": 2020}, "'leave_out' is 2020; give a list"),
        (
            "joint_step",
            {"early": [1992, 2013], "late": [2014, 2024], "categories": []},
            "'categories' is .*; give a list",
        ),
        ("rate_step", STEP | {"unlike": ["RUSSIA"]}, "'unlike' is 'RUSSIA'; name states by their codes, blocs"),
        ("rate_step", STEP | {"unlike": ["KAZ"]}, "'unlike' is .*; leave out KAZ, the study's focus"),
        ("break_at", {"cut": 2020.0}, "'cut' is 2020.0; give a whole number"),
        ("break_at", {"cut": True}, "'cut' is True"),
        ("rank_agreement", {"cut": 2022, "level": "word"}, "'level' is 'word'; choose one of place, vector"),
        ("share_step", {"vector": "Mars", "early": [2000, 2009], "late": [2010, 2015]}, "'vector' is 'Mars'; name one"),
        ("phrase_uses", {"phrases": ["middle earth*"], "cut": 2020}, "'phrases' is 'middle earth.*phrases.csv"),
        ("agreement_trend", {"group": ["RUS", "CHN"], "years": [2000, 2001]}, "'group' is .*focus, belongs to"),
        ("agreement_axis", {"near": [], "others": ["DEU"], "years": [2000, 2001]}, "give codes of states"),
        ("vote_share", {"conflicts": ["Ukraine"], "like": "powers"}, "'like' is .*name one state"),
        ("topic_step", {"topics": ["x"], "early": [1992, 2000], "late": [2001, 2002], "again": [1]}, "'again' is"),
        ("datings", {"readings": [["C1"]], "acts": {"2014": "May"}}, "'acts' is 'May'; give a whole number"),
    ],
)
def test_bad_parameters_are_one_clear_line(e, name, given, said):
    with pytest.raises(claims.ParameterError, match=said) as caught:
        INSTRUMENTS[name](e, **given)
    assert "\n" not in str(caught.value) and str(caught.value).startswith(name)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda e: instruments.rate_step(e, early=(1992, 2013), late=(2014, 2024)), "a category or a vector"),
        (lambda e: instruments.rate_step(e, category="balance", early=(1980, 1985), late=(2014, 2024)), "no speech"),
        (
            lambda e: instruments.rate_step(e, category="balance", early=(1992, 1992), late=(2014, 2024)),
            "1 year.s. before 2014, need two",
        ),
        (lambda e: instruments.vote_share(e, conflicts=["Ukraine"]), "'answer' or 'like'"),
        (lambda e: instruments.vote_share(e, conflicts=["Atlantis"], answer="yes"), "no vote of KAZ"),
        (lambda e: instruments.topic_step(e, topics=["x"], early=(1992, 2000), late=(2001, 2024)), "labelled"),
        (lambda e: instruments.topic_move(e, cut=1992), "both sides of 1992"),
        (lambda e: instruments.break_at(e, cut=2023), "both sides of 2023"),
        (lambda e: instruments.rank_agreement(e, cut=2024), "around 2024"),
        (
            lambda e: instruments.diversity_change(e, spans=[(2000, 2004)], trade=[(1997, 2003), (2014, 2019)]),
            "two spans",
        ),
        (lambda e: instruments.steadiness(e, years=(1900, 1950)), "no roll calls from 1900"),
        (lambda e: instruments.agreement_axis(e, near=["TUR"], others=["USA"], years=(2007, 2016)), "no powers of"),
        (
            lambda e: instruments.agreement_axis(e, near=["RUS"], others=["USA"], years=(2007, 2016)),
            "no vectors of the mapping",
        ),
    ],
)
def test_what_cannot_be_measured_is_said(e, call, said):
    with pytest.raises(ValueError, match=said):
        call(e)


def test_words_for_states_of_the_study(e):
    years = {"years": [2007, 2016], "near": ["RUS", "CHN"], "mapping": "powers"}
    near = claims.instruments.agreement_axis(e, others="neighbours", **years)
    assert near == claims.instruments.agreement_axis(e, others=list(e.study.neighbours), **years)
    bloc = {"years": [2000, 2005]}
    assert instruments.agreement_trend(e, group="region", **bloc) == instruments.agreement_trend(
        e, group=["focus", "neighbours"], **bloc
    )
    members = e.study.blocs["EAEU"].members()
    assert instruments.agreement_trend(e, group="EAEU", **bloc) == instruments.agreement_trend(e, group=members, **bloc)


def test_what_is_worked_out_is_kept_and_cannot_be_spoilt(e):
    first = instruments.break_at(e, cut=2020)
    again = instruments.break_at(e, cut=2020, window=5)
    first["estimate"] = 0
    assert again == instruments.break_at(e, cut=2020) != first


@pytest.mark.parametrize(
    ("name", "given", "every", "expected"),
    [
        ("break_at", {}, {"window": 3}, [{"window": 3}]),
        ("topic_move", {}, {"every": "seed", "last": 2}, [{"seed": 1}, {"seed": 2}]),
        ("agreement_axis", {}, {"every": "coding"}, [{"coding": "half"}, {"coding": "cast"}]),
        ("agreement_axis", {"coding": "cast"}, {"every": "coding"}, [{"coding": "same"}, {"coding": "half"}]),
        ("share_step", {}, {"every": "mapping"}, [{"mapping": name} for name in ("states", "powers", "rival")]),
    ],
)
def test_every_value_of_a_parameter(e, name, given, every, expected):
    assert changes(name, given, [every], e) == expected


def test_every_work_that_speaks_in_a_conflict(e, c):
    plain = changes("rival_readings", {"conflict": "C10"}, [{"every": "without"}], e)
    sources = c.table("editions").query("conflict == 'C10'")["source"]
    assert [change["without"] for change in plain] == sorted(sources.unique())
    one = {source: "one_work" for source in sources}
    told = {"conflict": "C10", "versions": one}
    assert changes("rival_readings", told, [{"every": "without"}], e) == [{"without": "one_work"}]
    whole = instruments.rival_readings(e, **told, reading="A")
    assert (whole["works"], instruments.rival_readings(e, **told, reading="A", without="one_work")["works"]) == (1, 0)


@pytest.mark.parametrize("every", [{"every": "cut"}, {"every": "widow"}, {"every": "seed"}, {"every": "seed", "to": 3}])
def test_a_parameter_without_a_list_of_values(e, every):
    with pytest.raises(claims.ParameterError, match="topic_move: 'every: "):
        changes("topic_move", {"cut": 2019}, [every], e)


def test_the_face_has_every_instrument():
    assert INSTRUMENTS is REGISTERED
    assert all(getattr(instruments, name) is one for name, one in INSTRUMENTS.items())
