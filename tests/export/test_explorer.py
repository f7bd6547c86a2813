"""The word explorer's data."""

import json

import numpy as np
import pandas as pd
import pytest
from explorer_data import small, unpacked, unpacked_numbers
from scipy import sparse

from manyvectors import corpus
from manyvectors.export import __main__ as command
from manyvectors.export import called, explorer, handed


def test_columns_are_packed_without_loss():
    rng = np.random.default_rng(3)
    table = rng.integers(0, 4, (9000, 7)) * (rng.random((9000, 7)) < [0.9, 0.5, 0.1, 0.01, 0.001, 0.0002, 0])
    table[[0, 8999], 4] = 1, 40_000  # the first row, the last, and a count of three bytes
    for column, packed in zip(table.T, handed.pack(sparse.csc_matrix(table)), strict=True):
        assert (unpacked(packed, 9000) == column).all()
    assert handed.pack(sparse.csc_matrix((5, 2), dtype=int)) == ["", ""]


@pytest.mark.parametrize("text_", ["</script><script>bad()</script>", "<!--", "\u2028", "қазақ", '"\\'])
def test_scripts_hand_over_text_that_cannot_end_them(text_):
    written = handed.script("terms-000", "abc", [text_])
    assert "<" not in written and written.isascii()
    arguments = json.loads(f"[{written[written.index('(') + 1 : written.rindex(')')]}]")
    assert arguments == ["terms-000", "abc", [text_]]


def test_small_data_say_who_said_what_when():
    found = explorer.scripts(small())
    index = found["index"]
    assert index["span"] == [1992, 1994] and [state[0] for state in index["states"]] == ["KAZ", "XYZ"]
    terms, packed = found["terms-000"]
    assert terms == ["never said", "quiet", "quiet hills", "the", "zeal"]  # a phrase that is a term is not told twice
    said = dict(zip(terms, packed, strict=True))
    assert unpacked(said["the"], 6).tolist() == [5, 1, 3, 4, 0, 2]  # by state, then by year
    assert unpacked(said["quiet hills"], 6).tolist() == [2, 0, 1, 0, 0, 0]
    assert said["never said"] == ""
    assert found["suggest-q"] == [["quiet", "quiet hills"], [3, 2]]
    assert list(found)[-1] == "index"


def test_a_year_without_a_speech_is_an_empty_place():
    made = small()
    matrix = made.terms("rostrum")
    made.terms = lambda register: matrix.select(np.arange(6) != 2)
    phrases = made.phrases("rostrum").drop(index=2)
    made.phrases = lambda register: phrases
    assert explorer.scripts(made)["index"]["states"][0][2] == [1000, 0, 1000]


def test_data_are_written_once_and_again_when_they_change(tmp_path):
    folder = tmp_path / "data"
    assert explorer.write(small(), folder)
    (folder / "terms-999.js").write_text("of older data", encoding="ascii")
    assert not explorer.write(small(), folder)
    before = (folder / "index.js").read_text(encoding="ascii")
    assert explorer.write(small(focus="XYZ"), folder)
    assert not (folder / "terms-999.js").exists()
    assert (folder / "index.js").read_text(encoding="ascii").split(",")[1] != before.split(",")[1]


def test_the_first_view_is_the_study_s():
    index = explorer.scripts(small(focus="XYZ", focus_name="Xylia", eras={"then": 1990}))["index"]
    assert (index["focus"], index["focus_name"], index["eras"]) == ("XYZ", "Xylia", [["then", 1990]])
    assert index["first"]["who"] == ["XYZ", "world"]


def test_opening_term_is_what_the_state_says_more():
    rows = pd.DataFrame({"state": ["ABC"] * 2 + ["XYZ"] * 6, "tokens": 100})
    counts = np.array([[9, 5, 3, 0], [9, 5, 3, 70], [9, 1, 1, 0], [9, 1, 1, 0], *[[9, 0, 0, 0]] * 4])
    matrix = corpus.TermMatrix(rows, pd.Index(["the", "peace", "water", "own"]), sparse.csr_matrix(counts))
    assert explorer.telling(matrix, "ABC") == "peace"  # not "the", common everywhere, nor "own", said once
    assert explorer.telling(matrix.select(rows["state"] == "XYZ"), "ABC") == "the"


def test_numbers_are_packed_without_loss():
    numbers = [0, 1, 127, 128, 300, 2**21, 2**40]
    assert unpacked_numbers(handed.pack_numbers(numbers)) == numbers
    assert handed.pack_numbers([]) == ""


def test_words_of_other_languages_lead_to_words_that_are_counted(c):
    words = c.table("word-translations")
    assert set(words["english"]) <= {*c.terms().vocabulary, *c.phrases().columns}
    assert (words["word"] == words["word"].str.lower()).all()


def test_states_are_called_by_names_not_by_codes_of_other_systems(c):
    aliases = dict(called.names(c, set(c.states.index))["aliases"])
    assert {"UK", "Britain", "Великобритания", "Ұлыбритания"} <= set(aliases["GBR"])
    assert {"Russian Federation", "РФ", "Ресей"} <= set(aliases["RUS"])
    assert "AUS" not in aliases["AUT"]  # Austria's letters elsewhere are Australia's here
    assert not {"643", "365"} & set(aliases["RUS"])


def test_groups_are_those_of_the_world_and_of_the_study(c, study):
    groups = {name: members for name, _, members in called.groups(c, set(c.states.index))}
    assert len(groups["P5"]) == 5 and len(groups["EU"]) == 27 and groups["Bordering states"][0] == study.focus
    assert set(study.blocs) < set(groups) and groups["Central Asia"] == list(study.blocs["Central Asia"])
    assert called.groups(c, {"KAZ", "UZB"})[-1][0] == "Central Asia"  # of one member is no group
    assert called.groups(small(), {"KAZ", "XYZ"}) == []


def test_the_command_writes_what_the_site_reads_and_only_when_something_changed(tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(
        command.code, "everything", lambda package, notebooks, _: made.append(notebooks) or {"draws": []}
    )
    monkeypatch.setattr(command.explorer, "write", lambda c, folder: made.append(folder))
    notebook = tmp_path / "01_a.ipynb"
    notebook.write_text(json.dumps({"cells": []}), encoding="utf-8")
    order = ["--out", str(tmp_path / "out"), str(notebook)]
    assert command.main(order) == 0 and command.main(order) == 0
    assert made == [[notebook]]
    assert json.loads((tmp_path / "out" / "numbers.json").read_text(encoding="utf-8"))["draws"] == []
    notebook.write_text(json.dumps({"cells": [], "metadata": {}}), encoding="utf-8")
    monkeypatch.setattr(command.votes, "write", lambda c, folder: made.append(folder))
    command.main([*order, "--explorer", "--votes"])
    data = tmp_path / "out" / "static" / "explorer" / "data"
    assert made[1:] == [[notebook], data, data / "votes"]
