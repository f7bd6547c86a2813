"""Provisions and editions: planted changes in made-up rules in three languages; renderings."""

from collections import Counter
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyvectors import compare, corpus, text

# --- Provisions and editions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "number", "body"),
    [
        ("1) Boats keep right.", "1", "Boats keep right."),
        ("12. Boats keep right.", "12", "Boats keep right."),
        ("2.1. Boats keep right.", "2.1", "Boats keep right."),
        ("2.1 Boats keep right.", "2.1", "Boats keep right."),
        ("3.2.1) Boats keep right.", "3.2.1", "Boats keep right."),
        ("4-1) Boats keep right.", "4-1", "Boats keep right."),
        ("IV. Boats keep right.", "IV", "Boats keep right."),
        ("a) Boats keep right.", "a", "Boats keep right."),
        ("§ 5. Boats keep right.", "5", "Boats keep right."),
        ("§ 5 Boats keep right.", "5", "Boats keep right."),
        ("  7)\u00a0 Boats keep right. ", "7", "Boats keep right."),
        ("б) Лодки держатся справа.", "б", "Лодки держатся справа."),
        ("ғ) Қайықтар оң жақпен жүреді.", "ғ", "Қайықтар оң жақпен жүреді."),
        ("Boats keep right.", "", "Boats keep right."),
        ("2030 boats keep right.", "", "2030 boats keep right."),
        ("Boats (see 1) keep right.", "", "Boats (see 1) keep right."),
    ],
)
def test_numbering(line, number, body):
    found = compare.provisions(line)
    assert found["number"].tolist() == [number]
    assert found["text"].tolist() == [body]


def test_provisions_of_a_document():
    document = "Rules of the canal\r\n1) Boats keep right.\r\n2) 2030\r\n* * *\r\n3) Tolls are paid at Tamra.\n"
    found = compare.provisions(document)
    assert found.index.tolist() == [1, 2, 3] and found.index.name == "position"
    assert found["number"].tolist() == ["", "1", "3"]
    assert found["text"].tolist() == ["Rules of the canal", "Boats keep right.", "Tolls are paid at Tamra."]


@pytest.mark.parametrize("before", ["", "\n", "\n\n", " \n \n"])
@pytest.mark.parametrize("after", ["", "\n", "\n\n", "\r\n\r\n\r\n"])
def test_empty_lines_at_the_ends_wrap_nothing(before, after):
    found = compare.provisions(f"{before}Boats keep right.\nTolls are paid.{after}")
    assert found["text"].tolist() == ["Boats keep right.", "Tolls are paid."]


def test_provisions_of_wrapped_lines():
    document = "\nRules of the\ncanal\n\n1) Boats keep\n   right.\n2) Tolls are\npaid.\n\nDone at Tamra\n"
    assert compare.provisions(document)["text"].tolist() == [
        "Rules of the canal",
        "Boats keep right.",
        "Tolls are paid.",
        "Done at Tamra",
    ]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("", "no paragraph"),
        ("\n 1) 2030 \n\n***", "no paragraph"),
        (None, "NoneType"),
        (["Boats keep right."], "list"),
        (b"Boats keep right.", "bytes"),
    ],
)
def test_provisions_errors(document, said):
    with pytest.raises(ValueError, match=said):
        compare.provisions(document)


# Made up for this test: old and new edition of some rules; in the new one a rule comes first that the old one lacks,
# one rule stands elsewhere, one is reworded, one has lost its place.
RULES = {
    "English": (
        [
            "The lock-keepers open the northern gate at sunrise on every working day of the year",
            "Barges that carry grain or flour pay no toll between May and September",
            "The library of Tamra keeps a register of every boat, its owner and its colour",
            "Swimming near the great weir is forbidden to children and to dogs",
        ],
        [
            "A school of canoe building shall be founded beside the old mill",
            "The library of Tamra keeps a register of every boat, its owner and its colour",
            "The lock-keepers open the northern gate at sunrise on every working day of the year",
            "Barges that carry timber, salt or wool pay half of the usual toll from April until October",
        ],
    ),
    "Russian": (
        [
            "Смотрители шлюза открывают северные ворота на рассвете каждого рабочего дня года",
            "Баржи, перевозящие зерно или муку, не платят пошлину с мая по сентябрь",
            "Библиотека Тамры ведёт список всех лодок, их владельцев и цветов",
            "Купаться возле большой плотины запрещено детям и собакам",
        ],
        [
            "Рядом со старой мельницей создаётся школа строителей каноэ",
            "Библиотека Тамры ведёт список всех лодок, их владельцев и цветов",
            "Смотрители шлюза открывают северные ворота на рассвете каждого рабочего дня года",
            "Баржи, перевозящие лес, соль или шерсть, платят половину обычного сбора с апреля по октябрь",
        ],
    ),
    "Kazakh": (
        [
            "Шлюз күзетшілері солтүстік қақпаны жылдың әр жұмыс күні таң ата ашады",
            "Астық немесе ұн тасыған баржалар мамырдан қыркүйекке дейін алым төлемейді",
            "Тамра кітапханасы барлық қайықтың, оның иесі мен түсінің тізімін жүргізеді",
            "Үлкен бөгеттің жанында балалар мен иттерге шомылуға тыйым салынады",
        ],
        [
            "Ескі диірменнің қасынан есу шеберлерінің мектебі құрылсын",
            "Тамра кітапханасы барлық қайықтың, оның иесі мен түсінің тізімін жүргізеді",
            "Шлюз күзетшілері солтүстік қақпаны жылдың әр жұмыс күні таң ата ашады",
            "Ағаш, тұз немесе жүн тасыған баржалар сәуірден қазанға дейін алымның жартысын төлейді",
        ],
    ),
}
STYLES = {"list": None, "1)": "{}) {}.", "1.": "{}. {}.", "2.1.": "2.{}. {}.", "bare": "{1}."}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("language", RULES)
def test_planted_changes_are_found(language, style):
    old, new = RULES[language]
    if STYLES[style]:
        old, new = ("\n".join(STYLES[style].format(i, rule) for i, rule in enumerate(part, 1)) for part in (old, new))
    found = compare.editions(old, new)
    assert list(found.columns) == ["status", "similarity", "old", "new", "old_text", "new_text"]
    assert found["status"].tolist() == ["added", "kept", "kept", "changed", "dropped"]
    assert found["old"].tolist() == [pd.NA, 3, 1, 2, 4]
    assert found["new"].tolist() == [1, 2, 3, 4, pd.NA]
    assert found["similarity"].isna().tolist() == [True, False, False, False, True]
    assert found["similarity"].iloc[1:3].tolist() == pytest.approx([1, 1])
    assert found.attrs["match"] <= found["similarity"].iloc[3] < found.attrs["kept"] == compare.KEPT
    assert found["old_text"].iloc[0] == "" == found["new_text"].iloc[4]
    assert list(found["status"].cat.categories) == ["kept", "changed", "added", "dropped"]


def test_the_texts_of_a_pair_are_those_given():
    old, new = RULES["English"]
    found = compare.editions(old, new)
    assert found["old_text"].tolist() == ["", old[2], old[0], old[1], old[3]]
    assert found["new_text"].tolist() == [*new, ""]


def test_an_edition_and_itself():
    rules = RULES["Russian"][0]
    found = compare.editions(rules, rules[::-1])
    assert (found["status"] == "kept").all()
    assert found["old"].tolist() == [4, 3, 2, 1] and found["new"].tolist() == [1, 2, 3, 4]
    assert compare.editions(rules[:1], rules[:1])["status"].tolist() == ["kept"]


def test_editions_turned_round():
    old, new = RULES["English"]
    one, two = compare.editions(old, new), compare.editions(new, old)
    assert two["status"].value_counts().to_dict() == one["status"].value_counts().to_dict()
    pairs = one.dropna(subset=["old", "new"])
    turned = two.dropna(subset=["old", "new"]).set_index("new")
    for pair in pairs.itertuples():
        assert turned.loc[pair.old, "old"] == pair.new
        assert turned.loc[pair.old, "similarity"] == pytest.approx(pair.similarity)


def test_duplicates_are_paired_once():
    old = RULES["English"][0]
    found = compare.editions([*old, old[0]], old)
    assert found["status"].value_counts().to_dict() == {"kept": 4, "dropped": 1, "changed": 0, "added": 0}
    assert found.loc[found["status"] == "dropped", "old"].item() in (1, 5)
    grown = compare.editions(old, [old[0], *old])
    assert grown["status"].value_counts().to_dict() == {"kept": 4, "added": 1, "changed": 0, "dropped": 0}


def test_capitals_stops_and_numbers_of_provisions_do_not_matter():
    old = RULES["English"][0]
    numbered = "\n".join(f"{i}) {rule.upper()}!" for i, rule in enumerate(old, 5))
    assert compare.editions("\n".join(old), numbered)["similarity"].tolist() == pytest.approx([1] * 4)


def test_thresholds():
    old, new = RULES["English"]
    strict = compare.editions(old, new, kept=1, match=0.9)
    assert strict["status"].tolist() == ["added", "kept", "kept", "added", "dropped", "dropped"]
    assert strict.attrs == {"kept": 1.0, "match": 0.9}
    changed = compare.editions(old, new)["similarity"].iloc[3]
    lax = compare.editions(old, new, kept=changed, match=changed)
    assert lax["status"].tolist() == ["added", "kept", "kept", "kept", "dropped"]
    everything = compare.editions(old, new, kept=1, match=0)
    assert everything["status"].isin(["kept", "changed"]).all()
    assert compare.editions(old, new, kept=0.05).attrs["match"] == 0.05


def test_provisions_of_one_form_must_share_more():
    # Rules that differ by a name are alike without being one rule: their own likeness is the threshold.
    form = "The lock of {} opens at dawn and closes at dusk".format
    old = [form(name) for name in ("Tamra", "Orlen", "Quay", "Zephyr")]
    own = [compare.editions([a], [b], kept=1, match=0)["similarity"].item() for a, b in combinations(old, 2)]
    found = compare.editions(old, [*old, form("Bazaar")])
    assert found.attrs["match"] > compare.MATCH
    assert found.attrs["match"] == pytest.approx(compare.KEPT) or min(own) <= found.attrs["match"] <= max(own)
    assert found["status"].tolist() == ["kept"] * 4 + ["added"]
    unlike = compare.editions(RULES["English"][0], RULES["English"][0])
    assert unlike.attrs["match"] == compare.MATCH


def test_a_pair_too_unlike_to_count_parts_no_other_pair():
    # One rule stays word for word; its last word alone is also a new rule, too unlike it to be its successor.
    same = "Barges that carry grain, flour or wool pay no toll at the lower lock of Tamra, except for quinces"
    near = "Barges that carry grain, flour or wool pay no toll at the lower lock of Tamra"
    found = compare.editions([same, near], [same, "Except for quinces"], kept=0.9, match=0.5)
    assert found["status"].tolist() == ["kept", "added", "dropped"]
    assert found["similarity"].iloc[0] == pytest.approx(1)
    assert found["old"].tolist() == [1, pd.NA, 2]


LETTERS = {"English": "Latin", "Russian": "Russian", "Kazakh": "Turkic Cyrillic"}


@pytest.mark.parametrize(("old", "new"), [("English", "Russian"), ("Russian", "Kazakh"), ("Kazakh", "English")])
def test_languages_are_not_mixed(old, new):
    with pytest.raises(ValueError, match=f"{LETTERS[old]}.*{LETTERS[new]}"):
        compare.editions(RULES[old][0], "\n".join(RULES[new][1]))


@pytest.mark.parametrize(
    ("old", "new", "options", "said"),
    [
        ([], ["Boats keep right."], {}, "the old edition"),
        (["Boats keep right."], [], {}, "the new edition"),
        (["Boats keep right.", "12"], ["Boats keep right."], {}, "the old edition"),
        (["Boats keep right."], [""], {}, "the new edition"),
        ("", "Boats keep right.", {}, "no paragraph"),
        (["Boats keep right."], ["Boats keep left."], {"kept": 1.1}, "kept=1.1"),
        (["Boats keep right."], ["Boats keep left."], {"kept": 0.3, "match": 0.4}, "match <= kept"),
        (["Boats keep right."], ["Boats keep left."], {"match": -0.1}, "match=-0.1"),
        (["Boats keep right."], ["Boats keep left."], {"kept": np.nan}, "kept must be a finite"),
        (["Boats keep right."], [7], {}, "edition"),
        (["Boats keep right."], None, {}, "edition"),
    ],
)
def test_editions_errors(old, new, options, said):
    with pytest.raises(ValueError, match=said):
        compare.editions(old, new, **options)


def test_a_table_of_provisions_is_not_read_by_its_headings():
    old, new = ("\n".join(part) for part in RULES["English"])
    tables = compare.provisions(old), compare.provisions(new)
    try:
        found = compare.editions(*tables)
    except ValueError:
        return  # refusing it is as good as reading it
    assert found["status"].tolist() == compare.editions(old, new)["status"].tolist()


# --- By counts --------------------------------------------------------------------------------------------------------


def counted(rules, names=None):
    words = [text.tokenise(rule) for rule in rules]
    table = pd.DataFrame([Counter(each) for each in words], index=names).fillna(0).astype(int)
    return table.rename_axis("name")


@pytest.mark.parametrize("language", RULES)
def test_counts_of_words_give_what_the_texts_give(language):
    old, new = RULES[language]
    by_text, by_counts = compare.editions(old, new), compare.editions(counted(old), counted(new))
    same = ["status", "similarity", "old", "new"]
    pd.testing.assert_frame_equal(by_counts[same], by_text[same])
    assert by_counts.attrs == pytest.approx(by_text.attrs)
    matrices = [corpus.from_counts(counted(part)) for part in (old, new)]
    pd.testing.assert_frame_equal(compare.editions(*matrices), by_counts)


WORDS = ["boat", "boats", "lock", "keeper", "text", "toll", "opens", "dawn", "weir", "grain", "salt", "o'clock", "a"]
rules = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join), min_size=1, max_size=6)


@settings(max_examples=30)
@given(rules, rules)
def test_any_counts_of_words_are_as_alike_as_the_texts(old, new):
    for options in ({}, {"match": 0}):
        by_text, by_counts = (
            compare.editions(old, new, **options),
            compare.editions(*map(counted, (old, new)), **options),
        )
        assert by_counts.attrs == pytest.approx(by_text.attrs)
        # Where several pairings share as much, either may come of it.
        assert by_counts["similarity"].sum() == pytest.approx(by_text["similarity"].sum())


def test_rows_of_counts_keep_their_names_and_numbers_are_not_in_them():
    found = compare.editions(counted(["Toll 12 is paid"], ["OLD_01"]), counted(["Toll 30 is paid"], ["NEW_01"]))
    assert found[["status", "old_row", "new_row"]].values.tolist() == [["kept", "OLD_01", "NEW_01"]]
    assert compare.editions(["Toll 12 is paid"], ["Toll 30 is paid"])["similarity"].item() < found["similarity"].item()
    alone = compare.editions(counted(["Boats keep right"], ["A"]), counted(["Tolls are due"], ["B"]))
    assert alone["status"].tolist() == ["added", "dropped"]
    assert alone["old_row"].isna().tolist() == [True, False] and alone["new_row"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (["Boats keep right."], "counts", "one edition is of texts"),
        ("counts", pd.DataFrame({"boats": [0], "keep": [0]}, index=["A"]), "'A' has no term"),
        ("counts", pd.DataFrame({"boats": ["yes"]}), "not numbers"),
        ("counts", pd.DataFrame({"лодки": [1], "держатся": [1]}), "Latin.*Russian"),
    ],
)
def test_counts_errors(old, new, said):
    given_ = [counted(["Boats keep right."]) if isinstance(edition, str) else edition for edition in (old, new)]
    with pytest.raises(ValueError, match=said):
        compare.editions(*given_)


# --- Renderings -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def renderings(c):
    return c.table("decree280-openings").set_index("term").astype(int)


def test_rendering_noise():
    table = pd.DataFrame(
        {"one": [2, 1, 1, 0], "same": [2, 1, 1, 0], "other": [2, 1, 0, 1], "strange": [0, 0, 0, 1]},
        index=["the", "canal", "carries", "bears"],
    )
    found = compare.rendering_noise(table)
    assert list(found.index) == list(found.columns) == list(table.columns)
    assert np.diag(found) == pytest.approx(1)
    assert found.to_numpy() == pytest.approx(found.to_numpy().T)
    assert found.loc["one", "same"] == pytest.approx(1)
    assert 0 < found.loc["one", "other"] < 1
    assert found.loc["one", "strange"] == 0
    pairs = compare.rendering_noise(table[["one", "other"]]).iloc[0, 1]
    text = "the the canal carries", "the the canal bears"
    assert compare.editions([text[0]], [text[1]], match=0)["similarity"].item() == pytest.approx(pairs)
    with pytest.raises(ValueError, match="two or more"):
        compare.rendering_noise(table[["one"]])


def test_kept_is_what_renderings_of_a_provision_agree_on(renderings):
    # 19 in 20 pairs of renderings of fifteen words; of the whole passage they have more in common.
    noise = compare.excerpt_noise(renderings, 15, n=300)
    assert round(noise, 1) == compare.KEPT
    whole = compare.rendering_noise(renderings).to_numpy()
    assert whole[~np.eye(4, dtype=bool)].min() > noise
    assert 0 < compare.MATCH < compare.KEPT


def test_noise_of_excerpts(renderings):
    by_words = [compare.excerpt_noise(renderings, words, n=25) for words in (10, 20, 50)]
    assert by_words == sorted(by_words)  # one word put differently weighs more in a short text
    by_part = [compare.excerpt_noise(renderings, 20, part, n=25) for part in (0.05, 0.5, 0.9)]
    assert by_part == sorted(by_part)
    assert compare.excerpt_noise(renderings, 20, n=9) == compare.excerpt_noise(renderings, 20, n=9)
    assert compare.excerpt_noise(renderings, 20, n=9) != compare.excerpt_noise(renderings, 20, n=9, seed=1)
    # All words: every excerpt is the passage.
    pairs = compare.rendering_noise(renderings).to_numpy()[np.triu_indices(4, 1)]
    assert compare.excerpt_noise(renderings, len(renderings), 0.5, n=3) == pytest.approx(np.median(pairs))


@pytest.mark.parametrize(
    ("words", "options", "said"),
    [
        (0, {}, "words must be"),
        (108, {}, "at most 107 words"),
        (15, {"part": 0}, "part"),
        (15, {"part": 1}, "part"),
        (15, {"n": 0}, "n must be"),
    ],
)
def test_excerpt_errors(renderings, words, options, said):
    with pytest.raises(ValueError, match=said):
        compare.excerpt_noise(renderings, words, **options)
    with pytest.raises(ValueError, match="two or more"):
        compare.excerpt_noise(renderings.iloc[:, :1], 15)
