"""Keys and scores: whose sheet it is, and scores of simulated coders worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from coding import MAKERS, filled, options, simulated, skilled
from scipy import stats

from manyvectors import inference, validation
from manyvectors.methods.intrusion.sheet import signed
from manyvectors.topics import Recipe, TopicModel
from manyvectors.validation import SheetError


@pytest.mark.parametrize(
    "change",
    [
        {"random_state": 1},
        {"n_components": 7},
        {"recipe": Recipe(fold=True)},
        {"method": "lda", "max_iter": 1},
        {"starts": 2},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_sheet_of_another_model(m, small, change):
    other = TopicModel(**({"n_components": 6} | change)).fit(m)
    for make in MAKERS.values():
        sheet = make(small, seed=8)
        assert len(validation.key(small, sheet)) == len(sheet)
        with pytest.raises(SheetError, match="fit the model"):
            validation.key(other, sheet)
        with pytest.raises(SheetError, match="not made from"):
            validation.score(simulated(sheet, simulated=[1] * len(sheet)), other)


def test_a_changed_sheet_has_no_key(model, words, segments):
    with pytest.raises(SheetError, match="items are missing"):
        validation.key(model, words.iloc[1:])
    with pytest.raises(SheetError, match="has been changed"):
        validation.key(model, words.assign(word_3="sea"))
    with pytest.raises(SheetError, match="column 'sheet'"):
        validation.key(model, words.assign(sheet="mine"))
    with pytest.raises(SheetError, match="empty"):
        validation.key(model, words.iloc[:0])
    with pytest.raises(SheetError, match="segment, sheet"):
        validation.key(model, segments.drop(columns=["segment", "sheet"]))


def test_a_signed_sheet_of_other_content_has_no_key(model, words, segments):
    strange = signed(words.drop(columns=["answer", "sheet"]).assign(word_1="sea", word_2="aral"), model)
    with pytest.raises(SheetError, match="item 1"):
        validation.key(model, strange)
    for changed in ({"segment": "KAZ_47_1992_99"}, {"topic_1": segments["topic_2"]}, {"topic_1": "sea, aral"}):
        strange = signed(segments.drop(columns=["answer", "sheet"]).assign(**changed), model)
        with pytest.raises(SheetError, match="item 1: KAZ_"):
            validation.key(model, strange)


def test_the_key_needs_no_seed_and_no_order(model, words, segments):
    for sheet in (words, segments):
        mixed = sheet.sample(frac=1, random_state=4).astype({"item": str})
        found = validation.key(model, mixed)
        found.index = found.index.astype(int)
        pd.testing.assert_frame_equal(found.sort_index(), validation.key(model, sheet))


# --- Scores ---


def test_a_simulated_perfect_coder(model, words, segments):
    for sheet, items in ((words, 14), (segments, 30)):
        found = validation.score(simulated(sheet, simulated=validation.key(model, sheet)["position"]), model, n=200)
        assert found.precision.estimate == 1 and (found.by_topic["precision"] == 1).all()
        # Resampling cannot see that fewer than all might have been right: Wilson's interval does.
        wilson = stats.binomtest(items, items).proportion_ci(method="wilson")
        assert found.precision[1:3] == pytest.approx((wilson.low, wilson.high))
        assert found.answers["correct"].all()
        assert (found.items, found.answered, found.resampled) == (items, items, "items")
        assert np.isnan(found.agreement) and "agreement  unknown" in str(found)
        if found.kind == "topics":
            assert found.log_odds.estimate == 0 and np.isnan(found.log_odds.low) and np.isnan(found.log_odds.high)
        else:
            assert found.log_odds is None and "log odds" not in str(found)


def test_a_simulated_coder_who_is_always_wrong(model, words):
    wrong = validation.key(model, words)["position"] % 6 + 1
    found = validation.score(simulated(words, simulated=wrong), model, n=200)
    wilson = stats.binomtest(0, 14).proportion_ci(method="wilson")
    assert found.precision[:3] == pytest.approx((0, wilson.low, wilson.high))


@pytest.mark.parametrize("kind", MAKERS)
def test_simulated_coders_who_guess(model, kind):
    sheet = MAKERS[kind](model)
    n = len(options(sheet))
    guesses = np.random.default_rng(6).integers(1, n + 1, size=(40, len(sheet)))
    found = validation.score(simulated(sheet, **{f"simulated {i}": row for i, row in enumerate(guesses)}), model, n=200)
    assert found.chance == 1 / n
    assert found.precision.low < found.chance < found.precision.high
    assert found.precision.estimate == pytest.approx(found.chance, abs=4 * np.sqrt(0.2 / guesses.size))
    assert found.agreement == pytest.approx(found.chance, abs=0.03)


@pytest.mark.parametrize("coders", [1, 3])
def test_the_interval_covers_the_truth_for_simulated_coders(model, words, coders):
    key, truth, covered, trials = validation.key(model, words), 0.7, 0, 30
    for trial in range(trials):
        rng = np.random.default_rng(trial)
        answers = skilled(words, key, rng.random((14, coders)) < truth, rng)
        low, high = validation.score(answers, model, n=100, seed=trial).precision[1:3]
        covered += low <= truth <= high
    assert covered / trials >= 0.88


def test_coders_must_be_resampled_too(model, segments):
    """Simulated coders of different skill, items of different difficulty: resampling items alone is too sure."""
    key, covered, naive, trials = validation.key(model, segments), 0, 0, 20
    truth = stats.norm.cdf(0.5 / np.sqrt(1 + 0.7**2 + 0.7**2))
    for trial in range(trials):
        rng = np.random.default_rng(trial)
        ease = 0.5 + rng.normal(0, 0.7, size=(30, 1)) + rng.normal(0, 0.7, size=(1, 8))
        right = rng.random((30, 8)) < stats.norm.cdf(ease)
        found = validation.score(skilled(segments, key, right, rng), model, n=100, seed=trial)
        assert found.precision.estimate == pytest.approx(right.mean())
        covered += found.precision.low <= truth <= found.precision.high
        alone = inference.bootstrap(np.mean, right.mean(axis=1), n=100, seed=trial)
        naive += alone.low <= truth <= alone.high
    assert covered / trials >= 0.85 > naive / trials


def test_scores_by_hand(made_up):
    """Four items about four made-up topics, two simulated coders, one blank."""
    sheet = validation.word_intrusion(made_up)
    key = validation.key(made_up, sheet).sort_values("topic")
    item = dict(zip(key["topic"], key.index, strict=True))
    right = key.set_index("topic")["position"]
    wrong, other = right % 6 + 1, (right + 1) % 6 + 1
    chosen = {
        "simulated A": {item[1]: right[1], item[2]: right[2], item[3]: wrong[3], item[4]: None},
        "simulated B": {item[1]: right[1], item[2]: wrong[2], item[3]: wrong[3], item[4]: other[4]},
        "simulated C": {item[1]: right[1], item[2]: right[2], item[3]: other[3], item[4]: None},
    }
    answers = simulated(sheet, **{name: [given[i] for i in sheet["item"]] for name, given in chosen.items()})
    found = validation.score(answers, made_up, n=400)
    assert found.coders == ("simulated A", "simulated B", "simulated C")
    assert (found.items, found.answered, found.chance) == (4, 10, 1 / 6)
    assert found.by_topic["topic"].tolist() == [1, 2, 3, 4]
    assert found.by_topic["coded"].tolist() == [3, 3, 3, 1]
    assert found.by_topic["precision"].tolist() == pytest.approx([1, 2 / 3, 0, 0])
    assert found.precision.estimate == pytest.approx((1 + 2 / 3) / 4)
    for row, (k, n) in zip(found.by_topic.itertuples(), [(3, 3), (2, 3), (0, 3), (0, 1)], strict=True):
        wilson = stats.binomtest(k, n).proportion_ci(method="wilson")
        assert (row.low, row.high) == pytest.approx((wilson.low, wilson.high), abs=1e-12)
    # Pairs that agree: three of three, one of three, one of three; no pair for the last item.
    assert found.agreement == pytest.approx(5 / 9)
    assert found.precision.low <= found.precision.estimate <= found.precision.high
    assert found.resampled == "items and coders" and "items and coders" in str(found)
    assert "4 items, 3 coder(s) (simulated A, simulated B, simulated C), 10 of 12 answers given" in str(found)
    first = found.answers[(found.answers["item"] == item[2]) & (found.answers["coder"] == "simulated B")].iloc[0]
    assert first["chosen"] == sheet.set_index("item").at[item[2], f"word_{wrong[2]}"] and not first["correct"]
    assert first["intruder"] == key.at[item[2], "intruder"]


def test_log_odds_by_hand(made_up):
    """Shares of SHARES, the smallest positive 0.05, so zeros stand at 0.025; simulated coders."""
    sheet = validation.topic_intrusion(made_up, 5)
    key = validation.key(made_up, sheet)
    assert dict(zip(key["segment"], key["intruder"], strict=True)) == {"a": 4, "b": 1, "c": 2, "d": 4, "f": 1}
    choose = {"a": (4, 3), "b": (2, 2), "c": (2, 2), "d": (1, 2), "f": (4, None)}  # topics
    expected = {
        "a": (0, np.log(0.025 / 0.20)),
        "b": (np.log(0.025 / 0.60), np.log(0.025 / 0.60)),
        "c": (0, 0),
        "d": (np.log(0.025 / 0.05), np.log(0.025 / 0.45)),
        "f": (np.log(0.025 / 0.50), None),
    }

    def place(row, topic):
        return None if topic is None else [row[f"topic_{i}"] for i in range(1, 5)].index(topic) + 1

    chosen = [[place(row, choose[row["segment"]][j]) for _, row in key.iterrows()] for j in (0, 1)]
    found = validation.score(simulated(sheet, **{"simulated A": chosen[0], "simulated B": chosen[1]}), made_up, n=300)
    for row in found.answers.itertuples():
        assert row.log_odds == pytest.approx(expected[row.segment][row.coder == "simulated B"])
        assert row.chosen == choose[row.segment][row.coder == "simulated B"]
    of_items = {name: np.mean([v for v in values if v is not None]) for name, values in expected.items()}
    assert found.log_odds.estimate == pytest.approx(np.mean(list(of_items.values())))
    assert found.log_odds.low < found.log_odds.estimate < found.log_odds.high <= 0
    assert found.precision.estimate == pytest.approx((0.5 + 0 + 1 + 0 + 0) / 5)
    assert found.agreement == pytest.approx(2 / 4)
    # By leading topic: a; b; d (c leads with a tie of 3 and 4, and counts for the first); f.
    leading = {1: "a", 2: "b", 4: "f"}
    table = found.by_topic.set_index("topic")
    assert list(table) == ["items", "coded", "precision", "low", "high", "log_odds"]
    assert table["items"].to_dict() == {1: 1, 2: 1, 3: 2, 4: 1}
    assert table["coded"].to_dict() == {1: 2, 2: 2, 3: 4, 4: 1}
    for topic, segment in leading.items():
        assert table.at[topic, "log_odds"] == pytest.approx(of_items[segment])
    assert table.at[3, "log_odds"] == pytest.approx((of_items["c"] + of_items["d"]) / 2)
    assert table.at[3, "precision"] == 0.5
    wilson = stats.binomtest(1, 2).proportion_ci(method="wilson")
    assert tuple(table.loc[3, ["low", "high"]]) == pytest.approx((wilson.low, wilson.high))


def test_a_half_filled_sheet(model, words, tmp_path):
    key = validation.key(model, words)
    said = [str(place) if item <= 7 else "" for item, place in key["position"].items()]
    found = validation.score(validation.read(filled(words, tmp_path / "simulated.csv", said)), model, n=100)
    assert found.answered == 7 and found.items == 14 and found.precision.estimate == 1
    blank = found.by_topic[~found.by_topic["topic"].isin(key["topic"][:7])]
    assert (blank["coded"] == 0).all() and blank[["precision", "low", "high"]].isna().all(axis=None)
    assert "7 of 14 answers given" in str(found)


def test_one_answer_has_no_interval(model, words):
    found = validation.score(simulated(words, simulated=[3, *[None] * 13]), model, n=50)
    assert found.precision.estimate in (0, 1) and np.isnan(found.precision.low) and np.isnan(found.precision.high)
    apart = simulated(words, **{"simulated A": [3, *[None] * 13], "simulated B": [None, 3, *[None] * 12]})
    assert np.isnan(validation.score(apart, model, n=50).agreement)


def test_files_of_several_simulated_coders_are_scored(model, segments, tmp_path):
    key = validation.key(model, segments)
    said = {"A": key["position"], "B": key["position"] % 4 + 1, "C": key["position"].where(key.index <= 10, 0)}
    paths = [
        filled(segments, tmp_path / f"simulated {name}.csv", [str(place or "") for place in given])
        for name, given in said.items()
    ]
    found = validation.score(validation.read(paths), model, n=100)
    assert found.answered == 70
    assert found.precision.estimate == pytest.approx((10 * 2 / 3 + 20 * 1 / 2) / 30)
    assert found.agreement == pytest.approx(10 / (10 * 3 + 20))
    assert found.log_odds.estimate < 0
    assert found.sheet == segments["sheet"][0]


def test_what_are_no_answers_is_not_scored(model, words):
    for wrong in (words, words.assign(coder="simulated"), words.assign(coder="simulated", answer="2")):
        with pytest.raises(SheetError, match=r"read\(\)"):
            validation.score(wrong, model)


def test_scores_are_repeatable(model, words):
    key = validation.key(model, words)
    rng = np.random.default_rng(2)
    answers = skilled(words, key, rng.random((14, 2)) < 0.6, rng)
    one, again = (validation.score(answers, model, n=50, seed=3) for _ in range(2))
    assert one.precision[:3] == again.precision[:3]
    assert np.array_equal(one.precision.draws, again.precision.draws)
    mixed = validation.score(answers.sample(frac=1, random_state=1), model, n=50, seed=3)
    assert mixed.precision.estimate == pytest.approx(one.precision.estimate)
    pd.testing.assert_frame_equal(mixed.by_topic, one.by_topic)
