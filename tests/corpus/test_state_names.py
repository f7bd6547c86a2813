"""Which state was meant: one hint, wherever a state is asked for."""

import pytest

from manyvectors import corpus, practice, vectors
from manyvectors.corpus.states import Names


@pytest.mark.parametrize(
    ("given", "code"),
    [
        *(("GER", "DEU"), ("UK", "GBR"), ("ROM", "ROU"), ("Venezuela, Bolivarian Republic of", "VEN")),
        *(("255", "DEU"), ("276", "DEU"), ("de", "DEU"), ("Federal Republic of Germany", "DEU"), ("deu", "DEU")),
        *(("GMY", "DEU"), ("ROK", "KOR"), ("Burma", "MMR"), ("Turkey", "TUR"), ("Cote d'Ivoire", "CIV")),
        *(("Democratic Republic of the Congo", "COD"), ("Bolivia (Plurinational State of)", "BOL"), ("Grmany", "DEU")),
        *(("Iran, Islamic Republic of", "IRN"), ("Republic of Korea", "KOR"), ("U.S.A.", "USA"), (2, "USA")),
    ],
)
def test_what_is_meant(c, given, code):
    assert corpus.states.names(c).meant(given)[0] == code


@pytest.mark.parametrize(
    "ask",
    [
        lambda c: practice.agreement("EST", "GER", c=c),
        lambda c: practice.profile(["GER"], c=c),
        lambda c: practice.cohesion(["GER", "FRA"], c=c),
        lambda c: practice.equidistance("GER", c=c),
        lambda c: practice.trade("GER", c=c),
        lambda c: practice.alliances("GER", c=c),
        lambda c: vectors.compare_states(c, ["GER"]),
        lambda c: vectors.places(c, "GER"),
        lambda c: c.terms(state="GER"),
        lambda c: c.phrases(state=["FRA", "GER"]),
        lambda c: c.collocates("nuclear", "GER"),
    ],
)
def test_every_function_names_it(c, ask):
    with pytest.raises(ValueError, match=r"no state 'GER'.*; nearest codes: DEU \(Germany\)"):
        ask(c)


def test_nonsense_is_told_in_one_line(c):
    for given in ("", "XQZ", None, 3.5, "x" * 10_000, "\n", ("a",), object()):
        said = corpus.states.unknown(c, given)
        assert "\n" not in said and len(said) < 300


def test_names_without_aliases():
    made = Names({"TAM": "Tamra", "ORL": "Orlia"}, [("The Republic of Tamra", "TAM"), ("gone", "XXX")])
    assert made.meant("tamra republic") == ["TAM"] and made.meant("gone") == []
    assert made.hint("Orlya") == "nearest codes: ORL (Orlia)" and "ORL, TAM" in made.hint("?")


def test_aliases_name_no_state_by_its_own_code(c):
    table = c.table("state-aliases")
    assert (table["alias"] != table["state"]).all() and set(table["state"]) <= set(c.states.index)
    assert set(c.states.index) == set(table["state"])
