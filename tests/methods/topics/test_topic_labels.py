"""Labels rest on their evidence, or are refused."""

import math

import pandas as pd
import pytest
from planting import table

from manyvectors import topics
from manyvectors.topics import TopicModel


@pytest.fixture(scope="module")
def evidence(model):
    """A table of labels, one row for each topic, with evidence that holds."""
    leading, rows = model.top_terms("frex", 20), model.exemplars(20)
    return pd.DataFrame(
        {
            "recipe": model.recipe_.digest,
            "topics": 8,
            "label": [f"Label {topic}" for topic in leading.index],
            "terms": ["; ".join(terms[:3]) for terms in leading.to_numpy()],
            "exemplars": ["; ".join(rows[rows["topic"] == i]["row"].iloc[[0, 19]]) for i in leading.index],
            "argument": "They say so.",
            "seeds": 1.0,
            "recipes": [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
            "coherence": 0.3,
            "noise": 0.1,
        },
        index=leading.index,
    )


def test_labels(model, evidence):
    some = evidence.loc[[6, 1, 7, 8]].copy()
    some.loc[8, "seeds"] = 0.79
    some.loc[7, "label"] = ""  # read, but no name fits
    found = topics.label(model, some)
    assert list(found.index) == list(model.components_.index)
    assert found["label"].tolist() == ["Label 1", "", "", "", "", "Label 6", "", "Label 8"]
    kept = ["label", "terms", "exemplars", "argument", "seeds", "recipes", "coherence", "noise"]
    assert list(found.columns) == [*kept, "carried"]
    assert found.loc[some.index, kept].to_numpy().tolist() == some[kept].to_numpy().tolist()
    assert found.loc[[2, 3], ["terms", "exemplars", "argument"]].eq("").all(axis=None)
    assert found.loc[[2, 3], ["seeds", "recipes"]].isna().all(axis=None)
    # Over recipes the first recurs in 0.3; the sixth reaches 0.8, the seventh has no name, the last falls short.
    assert found["carried"].tolist() == [False] * 5 + [True, False, False]
    assert not topics.label(model, evidence.iloc[:0])["carried"].any()
    assert not topics.label(model, some.assign(recipes=1.0, coherence=0.1))["carried"].any(), "no more than noise"


def test_eight_in_ten_is_carried(model, evidence):
    again = [model.top_terms()] * 8 + [table(*["abcdefghij"] * 8)] * 2
    counted = topics.recurrence(model, again)
    assert topics.label(model, evidence.assign(seeds=counted, recipes=counted))["carried"].all()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"terms": ""}, "'Label 2' .*terms, exemplars, an argument and four numbers"),
        ({"exemplars": " ; "}, "'Label 2' has no evidence"),
        ({"argument": "  "}, "'Label 2' has no evidence"),
        ({"argument": math.nan}, "'Label 2' has no evidence"),  # an empty field as pandas reads it
        ({"terms": math.nan}, "'Label 2' has no evidence"),
        ({"exemplars": None}, "'Label 2' has no evidence"),
        ({"seeds": math.nan}, "'Label 2' has no evidence"),
        ({"recipes": math.nan}, "'Label 2' has no evidence"),
        ({"recipes": 1.01}, "'Label 2' has no evidence"),
        ({"coherence": math.nan}, "'Label 2' has no evidence"),
        ({"label": "", "argument": ""}, r"row 2 \(no label\) has no evidence"),
        ({"terms": "zebra"}, "'Label 2': .* lacks zebra"),
        ({"exemplars": "KAZ_1_1946_01"}, "'Label 2': KAZ_1_1946_01 .*topic 2"),
        ({"recipe": "0badcafe"}, "recipe 0badcafe, not for TopicModel"),
        ({"topics": 9}, "'Label 2' .* 9 topics"),
    ],
)
def test_labels_without_evidence(model, evidence, change, said):
    claimed = evidence.astype(object)
    claimed.loc[2, list(change)] = list(change.values())
    with pytest.raises(topics.LabelError, match=said):
        topics.label(model, claimed)


def test_labels_at_odds(model, evidence):
    both = evidence.copy()
    both.loc[2, "terms"] = "; ".join(evidence.loc[[1, 2], "terms"])
    with pytest.raises(topics.LabelError, match=r"'Label 2': .* lacks"):
        topics.label(model, both)
    swapped = evidence.assign(exemplars=evidence["exemplars"].iloc[::-1].to_numpy())
    with pytest.raises(topics.LabelError, match=r"'Label 1': .* topic 1"):
        topics.label(model, swapped)
    twice = pd.concat([evidence, evidence.loc[[4]].assign(label="Another")])
    with pytest.raises(topics.LabelError, match=r"topic 4 .*'Label 4'.*'Another'"):
        topics.label(model, twice)


def test_a_term_of_two_topics_is_no_evidence_for_one(model, evidence):
    leading = model.top_terms("frex", 300)
    in_two = leading.stack().value_counts().loc[lambda n: n == 2].index[0]
    with pytest.raises(topics.LabelError, match="lead 2 topics"):
        topics.label(model, evidence.iloc[:1].assign(terms=in_two), n=300)


def test_labels_of_another_seed(m, evidence):
    # The same recipe and number, but other luck: the evidence is not this model's.
    with pytest.raises(topics.LabelError):
        topics.label(TopicModel(8, random_state=4).fit(m), evidence)
