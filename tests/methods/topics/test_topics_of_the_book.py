"""The book's own model: what is shipped is what is computed."""

from pathlib import Path

import pandas as pd
import pytest

from manyvectors import topics, validation
from manyvectors.topics import TopicModel

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def book(m):
    return TopicModel(14, starts=3).fit(m)


def test_the_shipped_labels_rest_on_what_is_measured(c, m, book):
    stored = topics.label(book, c.table("topic-labels"))
    assert (stored["terms"] != "").all(), "every topic has been read"
    by_seed = topics.fit_all([TopicModel(14, random_state=seed) for seed in range(5, 25)], m)
    by_recipe = [
        TopicModel(14, random_state=30 + 2 * i, starts=2, recipe=recipe) for i, recipe in enumerate(topics.recipes())
    ]
    by_recipe = topics.fit_all(by_recipe, m)
    bags = [topics.shuffle(m, seed) for seed in range(10)]
    measured = pd.DataFrame(
        {
            "seeds": topics.recurrence(book, by_seed),
            "recipes": topics.recurrence(book, by_recipe),
            "coherence": topics.coherence(book.top_terms(), m),
            "noise": max(topics.coherence(TopicModel(14).fit(bag).top_terms(), bag).max() for bag in bags),
        }
    )
    pd.testing.assert_frame_equal(stored[list(measured)], measured, atol=1e-4)


@pytest.mark.parametrize("seed", [11, 12])
def test_noise_does_not_carry(c, m, seed):
    """Topics of shuffled words recur, too; the shipped bar of coherence keeps them out."""
    bag = topics.shuffle(m, seed)
    noise = topics.fit_all([TopicModel(14, random_state=start) for start in range(6)], bag)
    back = topics.recurrence(noise[0], noise[1:]) >= topics.CARRIED
    assert back.sum() > 3, "recurrence alone would let noise in"
    coherent = topics.coherence(noise[0].top_terms(), bag) > c.table("topic-labels")["noise"].max()
    assert (back & coherent).sum() <= 1


@pytest.mark.parametrize("kind", ["word", "topic"])
def test_the_shipped_sheets_are_the_blank_ones_of_the_model(book, tmp_path, kind):
    sheet = {"word": validation.word_intrusion, "topic": validation.topic_intrusion}[kind](book)
    validation.write(sheet, tmp_path / "sheet.csv")
    shipped = ROOT / "book" / "sheets" / f"{kind}-intrusion.csv"
    assert shipped.read_bytes() == (tmp_path / "sheet.csv").read_bytes()
    assert (sheet["answer"] == "").all()
