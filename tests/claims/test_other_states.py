"""Another focus state gets its own numbers or one clear error, never the old focus state's."""

import shutil

import pytest
import yaml

from manyvectors import claims, corpus, practice, study
from manyvectors.__main__ import main
from manyvectors.claims.states import answers, ask, faults, seen_from, speakers

BESIDE = {"UZB": ("KAZ", "KGZ", "TJK", "TKM"), "EST": ("LVA", "LTU", "FIN"), "KEN": ("UGA", "TZA", "ETH")}


@pytest.fixture(scope="module")
def ours(c):
    return answers(c)


@pytest.fixture(scope="module", params=BESIDE)
def other(request, c, tmp_path_factory):
    """A study of another state: the folder as it is, but for whose policy it is and beside whom."""
    folder, state = tmp_path_factory.mktemp("study") / request.param.lower(), request.param
    folder.mkdir()
    for path in c.study.folder.iterdir():
        (folder / path.name).symlink_to(path)
    (folder / study.FILE).unlink()
    fields = yaml.safe_load((c.study.folder / study.FILE).read_text(encoding="utf-8"))
    fields |= {
        "focus": state,
        "name": c.states[state],
        "adjective": c.states[state],
        "forms": [c.states[state].lower()],
    }
    fields |= {"neighbours": list(BESIDE[state]), "peers": list(BESIDE[state])}
    (folder / study.FILE).write_text(yaml.safe_dump(fields, allow_unicode=True, sort_keys=False), encoding="utf-8")
    yield state, corpus.load(study=study.read(folder))
    shutil.rmtree(folder)


def test_its_own_number_or_one_clear_error(other, ours):
    _, c = other
    found = answers(c)
    assert faults(found, ours, c) == []
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
    own = evidence.words.loc[evidence.speeches.index, "mutual benefit"]
    sides = [evidence.speeches["year"].between(*span) for span in ((1992, 2013), (2014, 2024))]
    early, late = (1e4 * own[side].sum() / evidence.speeches.loc[side, "tokens"].sum() for side in sides)
    assert claims.measure("A4", evidence)["estimate"] == pytest.approx(late - early)


@pytest.mark.parametrize(("claim", "word"), [("A10", "editions"), ("C15", "trade-partners"), ("A24", "organisations")])
def test_what_was_collected_on_one_state_is_no_other_s(other, claim, word):
    state, c = other
    with pytest.raises(ValueError, match=f"{word}.*{state}"):
        claims.measure(claim, claims.Evidence(c))


def test_a_borrowed_number_and_an_unclear_error_are_seen(c, ours):
    other = seen_from(c, "KEN", BESIDE["KEN"])
    assert faults(ours, ours, other)
    assert any("claim 40: another" in fault for fault in faults({40: ours[40]}, ours, other))
    assert any("claim 9: a number coded" in fault for fault in faults({9: ours[9]}, ours, other))
    assert any("claim 40: unclear" in fault for fault in faults({40: "it failed"}, ours, other))
    assert faults({40: "it failed; mend it"}, ours, other) == faults({40: "KEN has none"}, ours, other) == []
    # Equal small whole numbers and least p-values are no sign.
    assert faults({46: ours[46]}, ours, other) == []


def test_the_states_that_are_asked(c, capsys):
    everyone = speakers(c)
    assert len(everyone) == 196 and c.study.focus in everyone
    ((state, given, refused, wrong),) = ask(c, ["MNG"])
    assert (state, wrong) == ("MNG", []) and given >= 15 and given + refused == 42
    assert main(["states", "MNG"]) == 0
    assert f"MNG: {given} numbers, {refused} errors" in capsys.readouterr().out
