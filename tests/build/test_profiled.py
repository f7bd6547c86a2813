"""One command adds a state's segments and collocates to a study."""

import pytest

from manyvectors import corpus, study
from manyvectors.__main__ import main
from manyvectors.build import profiled, verify


def _add(package, *states):
    places = ["--texts", str(package.texts), "--data", str(package.data), "--other", str(package.other)]
    return main(["data", *places, "--add", *states])


def test_a_state_is_added(package, capsys):
    with pytest.raises(corpus.DataError, match="--add FRA"):
        corpus.load(package.study, package.data).terms(state="FRA", unit="segment")
    before = corpus.load(package.study, package.data).terms(state="KAZ", unit="segment")
    file = package.study.folder / study.FILE
    kept = file.read_text(encoding="utf-8").replace("[KAZ, KGZ, USA]", "[KAZ, KGZ, USA, FRA]")
    assert _add(package, "FRA", "KAZ") == 0
    assert file.read_text(encoding="utf-8") == kept
    added = study.read(package.study.folder)
    c = corpus.load(added, package.data)
    assert added.profiled == ("KAZ", "KGZ", "USA", "FRA")
    assert c.terms(state="FRA", unit="segment").counts.sum() > 0 and len(c.collocates("water", state="FRA"))
    assert (c.terms(state="KAZ", unit="segment").counts != before.counts).nnz == 0
    assert verify.verify(package.texts, package.world, added, package.other) == []


def test_a_state_that_is_none_changes_nothing(package, capsys):
    before = (package.study.folder / study.FILE).read_bytes()
    assert _add(package, "XXX") == 1
    assert "XXX" in capsys.readouterr().err
    assert (package.study.folder / study.FILE).read_bytes() == before


def test_a_list_written_otherwise_is_left_to_the_author(package):
    package.edit(package.study.folder / study.FILE, "profiled: [KAZ, KGZ, USA]", "profiled:\n- KAZ\n- KGZ")
    with pytest.raises(study.StudyError, match=r"study\.yml: profiled"):
        profiled.add(study.read(package.study.folder), ["FRA"])
