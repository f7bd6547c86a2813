"""What the labs *Name that topic* and *Code a mention* are given: sheets, passages, the codebook, and a key."""

import base64
import json

import pytest

from manyvectors import corpus, topics, validation
from manyvectors.export import handed, labs
from manyvectors.export.trained import passages
from manyvectors.methods.coding import prepared


@pytest.fixture(scope="module")
def opened():
    return corpus.opened()


def unpacked(text):
    return json.loads(base64.b64decode(text))


def test_the_key_of_the_sheets_is_that_of_the_package(opened):
    data = labs.data("name-that-topic", opened)
    key = unpacked(data["key"])
    model = topics.TopicModel(14, random_state=0, starts=3)
    model.fit(opened.terms(state=opened.study.focus, unit="segment"))
    for kind, make in (("words", validation.word_intrusion), ("topics", validation.topic_intrusion)):
        sheet, found = make(model), data["sheets"][kind]
        wanted = validation.key(model, sheet)
        assert found["sheet"] == sheet["sheet"].iat[0]
        assert key["sheets"][kind]["right"] == wanted["position"].tolist()
        assert key["sheets"][kind]["topic"] == wanted["topic"].tolist()
        assert found["items"] == sheet[["item", *found["more"], *found["options"]]].to_numpy(object).tolist()
    odds = key["sheets"]["topics"]["odds"]
    assert [row[right - 1] for row, right in zip(odds, key["sheets"]["topics"]["right"], strict=True)] == [0] * len(
        odds
    )
    assert max(map(max, odds)) == 0  # no topic that is shown has less of the passage than the intruder
    assert [topic for topic, _, _ in key["topics"]] == list(model.components_.index)
    assert {name for _, name, _ in key["topics"]} == set(opened.table("topic-labels")["label"].fillna(""))


def test_passages_come_without_codes_and_the_key_has_them(opened):
    data, table = labs.data("code-a-mention", opened), passages()
    key, book = unpacked(data["key"]), prepared.codebook(opened)
    shown = {row: context for kind in data["kinds"].values() for row, _, context in kind["passages"]}
    assert shown == table["context"].to_dict()
    for kind, told in data["kinds"].items():
        assert [code for code, _, _ in told["questions"]] == book.codes(kind)
        for code, _, values in told["questions"]:
            assert [value for value, _ in values] == list(book.kinds[kind][code])
        for row, _, _ in told["passages"]:
            assert key[row] == [table.loc[row, book.codes(kind)].tolist(), table.at[row, "why"]]
    assert not any(why in json.dumps(data) for why in table["why"])


def test_what_is_packed_is_not_read_by_accident():
    assert "intruder" not in handed.packed_text({"intruder": "weir"})
    assert unpacked(handed.packed_text({"a": [1, 0.25, "ö"]})) == {"a": [1, 0.25, "ö"]}
