"""Another focus state gets its own numbers or one clear error, never the old focus state's."""

import re
from contextlib import redirect_stdout
from io import StringIO

import pytest
import yaml

from manyvectors import claims, corpus, practice, study
from manyvectors.__main__ import main
from manyvectors.claims import states
from manyvectors.claims.ledger import measured
from manyvectors.claims.states import answers, borrowed, faults, seen_from, speakers

BESIDE = {"UZB": ("KAZ", "KGZ", "TJK", "TKM"), "EST": ("LVA", "LTU", "FIN"), "KEN": ("UGA", "TZA", "ETH")}
COMMANDED = "KEN"


@pytest.fixture(scope="module")
def ours(tried):
    """What :func:`answers` gives, of evidence that other tests ask, too."""
    return {claim: claims.measure(claim, tried) for claim in claims.table().query("untestable == ''").index}


@pytest.fixture(scope="module")
def asked(c, ours):
    """What the command prints of one state, and its answers; those of the study's own state are there already."""
    found = {c.study.focus: ours}

    def once(other):
        state = other.study.focus
        if state not in found:
            found[state] = answers(other)
        return found[state]

    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()) as said:
        patch.setattr(states, "answers", once)
        assert main(["claims-of-states", COMMANDED]) == 0
    return said.getvalue(), found[COMMANDED]


@pytest.fixture(scope="module")
def others(c, asked, tmp_path_factory):
    """Studies of other states: the folder as it is, but for whose policy it is and beside whom; and their answers.

    One is that of which the command asked: the same tables, seen from it.
    """
    found = {COMMANDED: (seen_from(c, COMMANDED, BESIDE[COMMANDED]), asked[1])}
    for state, near in BESIDE.items():
        if state in found:
            continue
        folder = tmp_path_factory.mktemp("study") / state.lower()
        folder.mkdir()
        for path in c.study.folder.iterdir():
            (folder / path.name).symlink_to(path)
        (folder / study.FILE).unlink()
        fields = yaml.safe_load((c.study.folder / study.FILE).read_text(encoding="utf-8"))
        name = c.states[state]
        fields |= {"focus": state, "name": name, "adjective": name, "forms": [name.lower()]}
        fields |= {"neighbours": list(near), "peers": list(near)}
        (folder / study.FILE).write_text(yaml.safe_dump(fields, allow_unicode=True, sort_keys=False), encoding="utf-8")
        theirs = corpus.load(study=study.read(folder))
        found[state] = theirs, answers(theirs)
    return found


@pytest.fixture(params=BESIDE)
def other(request, others):
    return request.param, others[request.param][0]


@pytest.mark.parametrize("state", BESIDE)
def test_a_number_or_one_clear_error(others, state):
    c, found = others[state]
    assert faults(found, c) == []
    assert sum(isinstance(answer, dict) for answer in found.values()) >= 15


def test_numbers_of_that_state(other):
    state, c = other
    evidence = claims.Evidence(c)
    lead = claims.measure("C1", evidence)
    year = practice.votes(c).rollcalls["year"]
    rates = {
        power: practice.agreement(state, power, by=year.between(2007, 2022), c=c).at[True, "agreement"]
        for power in ("CHN", "RUS", "DEU", "USA")
    }
    assert lead["estimate"] == pytest.approx(rates.pop("CHN") - max(rates.values()))
    # A change is that of the state's own rate, less the mean of those it is compared with, year by year.
    found = measured("A4", evidence)
    about = evidence.per_word("mutual benefit")
    rates = (
        (1e4 * about["count"] / about["size"]).groupby([about["state"].astype(str), about["year"]]).mean().unstack(0)
    )
    beyond = rates[state] - rates[list(found.halves["estimate"].others.index)].mean(axis=1)
    assert found["estimate"] == pytest.approx(beyond.loc[2014:].mean() - beyond.loc[:2013].mean())


@pytest.mark.parametrize(("claim", "word"), [("A10", "editions"), ("C15", "trade-partners"), ("A24", "organisations")])
def test_what_was_collected_on_one_state_is_no_other_s(other, claim, word):
    state, c = other
    with pytest.raises(ValueError, match=f"{word}.*{state}"):
        claims.measure(claim, claims.Evidence(c))


def test_no_instrument_keeps_to_the_old_focus_state(c, ours, others):
    assert borrowed({state: found for state, (_, found) in others.items()}, ours, c) == []


def test_a_borrowed_number_and_an_unclear_error_are_seen(c, ours):
    other = seen_from(c, "KEN", BESIDE["KEN"])
    assert faults({40: "it failed; mend it"}, other) == faults({40: "KEN has none"}, other) == []
    assert ["unclear" in fault for fault in faults({40: "it failed", 42: "KEN\nhas none"}, other)] == [True, True]
    assert faults({9: ours[9], 40: ours[40]}, other) == ["KEN: claim 9: a number coded for another state"]
    changed = {claim: numbers | {"estimate": -1.0} for claim, numbers in ours.items()}
    assert borrowed({"UZB": changed, "EST": changed, "KEN": ours}, ours, c) == []
    said = borrowed({"UZB": changed, "EST": ours, "KEN": ours}, ours, c)
    assert said[0].startswith("claim 2:") and len(said) > 20
    # The world's number and a group's are the same for all that they concern.
    assert not any(line.startswith(("claim 29:", "claim 43:")) for line in said)


def test_the_states_that_are_asked(c, asked, capsys):
    everyone = speakers(c)
    assert len(everyone) == 196 and c.study.focus in everyone
    said, _ = asked
    given, refused = map(int, re.search(rf"{COMMANDED}: (\d+) numbers, (\d+) errors", said).groups())
    assert (
        given >= 15
        and given + refused == (claims.table(c)["untestable"] == "").sum()
        and "every number is the state's own" in said
    )
