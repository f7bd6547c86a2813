"""Dictionaries, coded sheets, agreement and evenness: against hand-made texts, published examples and simulation."""

import itertools
import re
import time
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from manyvectors import corpus, counts, rhetoric, text
from manyvectors.corpus import TermMatrix
from manyvectors.rhetoric import Dictionary, DictionaryError

NAN = np.nan
SMALL = {
    "balance": ["balance of interests", "even-handed*"],
    "region": {"place": ["tamra"], "bodies": ["c5*", "guild"]},
}


@pytest.fixture(scope="module")
def shipped(data):
    return Dictionary.read(data / "dictionary.yml")


# --- Dictionaries -----------------------------------------------------------------------------------------------------


def test_categories_and_entries():
    d = Dictionary(SMALL, reasons={("region.place", "tamra"): "a town"})
    assert d.categories == ["balance", "region.place", "region.bodies"]
    assert d.entries.to_dict("list") == {
        "category": ["balance", "balance", "region.place", "region.bodies", "region.bodies"],
        "entry": ["balance of interests", "even-handed*", "tamra", "c5*", "guild"],
        "reason": ["", "", "a town", "", ""],
    }
    assert repr(d) == "Dictionary(3 categories, 5 entries)"
    assert Dictionary({"A": [" Old  Sea ", "Guild’s"]}).entries["entry"].tolist() == ["old sea", "guild's"]
    assert Dictionary({"a.b": ["x"]}) == Dictionary({"a": {"b": ["x"]}}) == Dictionary({"a": [{"b": ["x"]}]})
    assert Dictionary({"a": ["x", "y"]}) == Dictionary({"a": ["y", "x"]}) != Dictionary({"a": ["x"]})


@pytest.mark.parametrize(
    ("categories", "message"),
    [
        ({}, "no categories"),
        ([("a", ["x"])], "must be a mapping"),
        ({"a": "x"}, "'a' must be a list of entries"),
        ({"a": ["x", "X"]}, "'x' is listed twice in 'a'"),
        ({"a": ["x", {"b": ["x"]}]}, "'x' is in 'a.b' and also in 'a'"),
        ({"a": ["*"]}, "is not an entry"),
        ({"a": ["like (of)"]}, "is not an entry"),
        ({"a": [3]}, "must be words, not 3"),
        ({"a..b": ["x"]}, "name of a category is empty"),
        ({"a": {"b": ["x"]}, "a.b": ["y"]}, "'a.b' is there twice"),
    ],
)
def test_dictionaries_that_cannot_be(categories, message):
    with pytest.raises(DictionaryError, match=message):
        Dictionary(categories)
    with pytest.raises(DictionaryError, match="where it is not an entry"):
        Dictionary({"a": ["x"]}, reasons={("a", "y"): "why"})


# --- Files ------------------------------------------------------------------------------------------------------------

YAML = """\
# a comment of the file
Balance:
  - balance of interests  # weighing
  - "*vector"   #   quoted, since * means something in YAML
  - no  # not the word for false
region:
  place: [tamra, 'old sea']  # of the line, not of an entry
  bodies:
    - C5+1
mixed:
  - water
  - narrower:
      - canal*
none: []
"""


def test_quanteda_yaml(tmp_path):
    (tmp_path / "d.yml").write_text(YAML, encoding="utf-8-sig")
    d = Dictionary.read(tmp_path / "d.yml")
    assert d.categories == ["Balance", "region.place", "region.bodies", "mixed", "mixed.narrower", "none"]
    assert dict(zip(d.entries["entry"], d.entries["reason"], strict=True)) == {
        "balance of interests": "weighing",
        "*vector": "quoted, since * means something in YAML",
        "no": "not the word for false",
        **dict.fromkeys(["tamra", "old sea", "c5+1", "water", "canal*"], ""),
    }
    d.write(tmp_path / "e.yaml")
    assert Dictionary.read(tmp_path / "e.yaml") == d
    assert '  - "*vector"  # quoted' in (tmp_path / "e.yaml").read_text("utf-8")


LIWC = (
    "%\n01\taffect (Feeling)\n\t02\tposemo\n\t03\tnegemo\n04\twork\n%\n\n"
    "happy*\t01\t02\nsad\t1\t3\nfeel\t1\njob loss\t1 3\t4\n"
)


def test_liwc(tmp_path):
    (tmp_path / "d.dic").write_text(LIWC)
    d = Dictionary.read(tmp_path / "d.dic")
    assert {c: set(part["entry"]) for c, part in d.entries.groupby("category")} == {
        "affect (Feeling)": {"feel"},
        "affect (Feeling).posemo": {"happy*"},
        "affect (Feeling).negemo": {"sad", "job loss"},
        "work": {"job loss"},
    }
    d.write(tmp_path / "e.dic")
    assert Dictionary.read(tmp_path / "e.dic") == d
    assert "\nhappy*\t1\t2\n" in (tmp_path / "e.dic").read_text()


def test_lexicoder(tmp_path):
    (tmp_path / "d.lc3").write_text("+NEGATIVE\nabandon*\na lie\n\n+POSITIVE.mild\nnice\n")
    d = Dictionary.read(tmp_path / "d.lc3")
    assert d == Dictionary({"NEGATIVE": ["abandon*", "a lie"], "POSITIVE": {"mild": ["nice"]}})
    d.write(tmp_path / "e.lc3")
    assert (tmp_path / "e.lc3").read_text() == "+NEGATIVE\nabandon*\na lie\n+POSITIVE.mild\nnice\n"


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("d.yml", "a:\n  - x\n  - *vector\n", "line 3: .*quotes"),
        ("d.yml", "a:\n  - x\n  - y: [\n", "line 4: "),
        ("d.yml", "a:\n  - x\nb:\n  - y\na:\n  - z\n", "line 6: category 'a' is there twice"),
        ("d.yml", "a:\n  - x\n  - x\n", "line 3: 'x' is listed twice"),
        ("d.yml", "a:\n  - (x)\n", r"line 2: '\(x\)' is not an entry"),
        ("d.yml", "a:\n  - [x, y]\n", "line 2: a list within a list"),
        ("d.yml", "- x\n", "is a mapping"),
        ("d.yml", "", "is a mapping"),
        ("d.yml", "? [a, b]\n: [x]\n", "line 1: the name of a category must be words"),
        ("d.dic", "1\ta\nx\t1\n", "between two lines with %"),
        ("d.dic", "%\na\t1\n%\nx\t1\n", "line 2: 'a\\\\t1' is not a category"),
        ("d.dic", "%\n1\ta\n1\tb\n%\nx\t1\n", "line 3: the number 1 is used twice"),
        ("d.dic", "%\n1\ta\n\t\t2\tb\n%\nx\t1\n", "line 3: 'b' is indented"),
        ("d.dic", "%\n1\ta\n%\nx 1\n", "line 4: no category numbers"),
        ("d.dic", "%\n1\ta\n%\nx\t2\n", "line 4: no category has the number 2"),
        ("d.dic", "%\n1\ta\n%\nlike\t(2 3)1\n", "line 4: .*conditions"),
        ("d.lc3", "x\n+A\ny\n", "line 1: 'x' comes before any category"),
        ("d.lc3", "+A\ny\n+A\n", "line 3: category 'A' is there twice"),
        ("d.txt", "x", "a dictionary ends in"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, name, body, message):
    (tmp_path / name).write_text(body)
    with pytest.raises(DictionaryError, match=message) as error:
        Dictionary.read(tmp_path / name)
    assert str(tmp_path / name) in str(error.value)


def test_a_file_that_is_not_utf8(tmp_path):
    (tmp_path / "d.lc3").write_bytes(b"+A\ncaf\xe9\n")
    with pytest.raises(DictionaryError, match="not UTF-8"):
        Dictionary.read(tmp_path / "d.lc3")


def test_what_a_format_cannot_hold_is_refused(tmp_path):
    d = Dictionary({"a": ["x"]}, reasons={("a", "x"): "why"})
    for ending in ("dic", "lc3"):
        path = tmp_path / f"d.{ending}"
        path.write_text("kept")
        with pytest.raises(DictionaryError, match="no place for reasons"):
            d.write(path)
        assert path.read_text() == "kept"
        d.write(path, reasons=False)
        assert Dictionary.read(path) == Dictionary({"a": ["x"]})
    with pytest.raises(DictionaryError, match="a dictionary ends in"):
        d.write(tmp_path / "d.csv")
    with pytest.raises(DictionaryError, match="cannot write"):
        d.write(tmp_path / "nowhere" / "d.yml")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d.dic", "d.lc3"]


parts = st.text("abyno*'-1é", min_size=1, max_size=6).filter(lambda w: rhetoric._ENTRY.fullmatch(w))
listed = st.lists(st.lists(parts, min_size=1, max_size=3).map(" ".join), max_size=4, unique=True)
names = st.text("abAB é#:%+-'\"[]{}&*!|>@`~0123", min_size=1, max_size=8).map(str.strip).filter(bool)
words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)


@st.composite
def dictionaries(draw):
    tree = draw(
        st.dictionaries(
            names, st.one_of(listed, st.dictionaries(names, listed, min_size=1, max_size=2)), min_size=1, max_size=3
        )
    )
    d = Dictionary(tree)
    keys = [tuple(row) for row in d.entries[["category", "entry"]].to_numpy()]
    reasons = draw(st.dictionaries(st.sampled_from(keys), words, max_size=4)) if keys else {}
    return Dictionary(tree), Dictionary(tree, reasons)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("dictionaries")


@given(dictionaries())
def test_round_trips(folder, made):
    plain, reasoned = made
    reasoned.write(folder / "d.yml")
    assert Dictionary.read(folder / "d.yml") == reasoned
    for ending in ("dic", "lc3", "yaml"):
        plain.write(folder / f"d.{ending}")
        assert Dictionary.read(folder / f"d.{ending}") == plain


# --- Counting ---------------------------------------------------------------------------------------------------------

TRAPS = {
    "balance": ["balance", "balance of interests"],
    "pay": ["balance of payments", "trust fund*"],
    "peace": ["peace", "peace-loving"],
    "leadership": ["lead", "leader*"],
}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("The balance of interests, not the balance of payments.", [2, 1, 0, 0]),
        ("Balance's price; off-balance items; a balance-sheet.", [1, 0, 0, 0]),
        ("Peacekeeping is not peace; peace-loving States.", [0, 0, 2, 0]),
        ("A lead pipe, leaders, a leader's lead, misleading.", [0, 0, 0, 4]),
        ("Trust funds. TRUST FUND! Mistrust fund.", [0, 2, 0, 0]),
        ("", [0, 0, 0, 0]),
    ],
)
def test_traps(body, expected):
    assert Dictionary(TRAPS).count([body]).iloc[0].tolist() == expected


def matrix(bodies, phrases=(), floor=1, **fields):
    """Count texts as the builder does: terms found in fewer texts than the floor are left out."""
    tokens = [text.tokenise(body) for body in bodies]
    vocabulary = sorted({t for t in itertools.chain(*tokens) if sum(t in other for other in tokens) >= floor})
    place = {term: j for j, term in enumerate(vocabulary)}
    cells = np.zeros((len(bodies), len(vocabulary)), int)
    for i, found in enumerate(tokens):
        for token in found:
            if token in place:
                cells[i, place[token]] += 1
    rows = pd.DataFrame({"tokens": list(map(len, tokens))} | fields, index=[f"d{i}" for i in range(len(bodies))])
    counted = pd.DataFrame([text.count_phrases(body, phrases) for body in bodies], index=rows.index)
    return TermMatrix(rows, pd.Index(vocabulary, dtype=object), sparse.csr_matrix(cells)), counted


pieces = st.sampled_from(["balance", "balance of interests", "leader", "leader's", "peace", "peace-loving", ",", "x"])


@given(st.lists(st.lists(pieces, max_size=12).map(" ".join), min_size=1, max_size=4))
def test_both_ways_of_counting_agree(bodies):
    d = Dictionary(TRAPS)
    m, phrases = matrix(bodies, ["balance of interests", "balance of payments", "trust fund*"])
    expected = d.count(pd.Series(bodies, index=m.rows.index))
    pd.testing.assert_frame_equal(d.count(m, phrases.iloc[::-1]), expected, check_dtype=False)


def test_a_built_corpus(fake):
    counts.write(counts.build(fake.texts, fake.data, fake.other), fake.data)
    c = corpus.load(fake.data, fake.texts)
    d = Dictionary(
        {
            "water": ["water", "canal*", "tamra carries water"],
            "asia": ["central asia"],
            "lock": ["lock-keeper's", "lock"],
        }
    )
    shipped = d.count(c.terms(), c.phrases())
    same = {"check_dtype": False, "check_index_type": False, "check_names": False}
    pd.testing.assert_frame_equal(shipped, d.count(c.texts), **same)
    assert (shipped.sum() > 0).all()


def test_merged_categories_count_a_match_once():
    d = Dictionary({"region": {"a": ["old sea", "port"], "b": ["sea", "port"]}, "c": ["sea"]})
    bodies = ["The old sea port."]
    assert d.count(bodies).iloc[0].to_dict() == {"region.a": 2, "region.b": 2, "c": 1}
    assert d.count(bodies, level=1).iloc[0].to_dict() == {"region": 2, "c": 1}
    assert d.count(bodies, level=2).equals(d.count(bodies))
    with pytest.raises(DictionaryError, match="level must be"):
        d.count(bodies, level=0)


def test_terms_under_the_floor():
    m, phrases = matrix(["rare sea", "sea sea", "sea"], ["rare sea"], floor=2)
    d = Dictionary({"a": ["rare", "rare sea"], "b": ["rare"]})
    assert d.count(m, phrases)["a"].tolist() == [1, 0, 0]
    assert d.count(m, phrases)["b"].sum() == 0


def test_sources_that_cannot_be_counted():
    m, phrases = matrix(["old sea", "c5 and sea"], ["old sea"])
    with pytest.raises(DictionaryError, match="'old sea' and 0 other entries are not single words"):
        Dictionary({"a": ["old sea"]}).count(m)
    with pytest.raises(DictionaryError, match=r"not counted: 'c5'; add to phrases\.csv"):
        Dictionary({"a": ["c5"]}).count(m, phrases)
    with pytest.raises(DictionaryError, match="no row 'd1'"):
        Dictionary({"a": ["old sea"]}).count(m, phrases.iloc[:1])
    for source in ("text", 3, {"a": "text"}, ["text", None]):
        with pytest.raises(DictionaryError, match="a TermMatrix, or in a list"):
            Dictionary({"a": ["sea"]}).count(source)


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        (["as*an", "asi*"], "stands in some matches"),
        (["asian", "old asia*"], "stands in some matches"),
        (["old asian", "asian sea", "asian"], "'asian' stands where"),
    ],
)
def test_overlaps_that_counts_cannot_resolve(listed, message):
    m, phrases = matrix(["the old asian sea"], [entry for entry in listed if " " in entry] or ["x"])
    with pytest.raises(DictionaryError, match=message):
        Dictionary({"a": listed}).count(m, phrases)


def test_coverage_and_summary():
    m, phrases = matrix(["old sea, sea", "sea sea", "port"], ["old sea"])
    d = Dictionary({"a": ["sea", "old sea", "moon"], "none": ["moon"]})
    table = d.coverage(m, phrases)
    assert table.loc[table["category"] == "a", "entry"].tolist() == ["sea", "old sea", "moon"]
    assert table["hits"].tolist() == [3, 1, 0, 0] and table["documents"].tolist() == [2, 1, 0, 0]
    assert table["share"].tolist()[:3] == [0.75, 0.25, 0] and np.isnan(table["share"].iat[3])
    summary = d.summary(m, phrases)
    assert summary.loc["a"].tolist() == [3, 4, pytest.approx(2 / 3), "sea", 0.75]
    assert summary.loc["none", ["hits", "documents", "top_entry"]].tolist() == [0, 0, ""]


# --- Boilerplate ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def speeches():
    rng = np.random.default_rng(4)
    bodies, states = [], []
    for state, rate in {"KAZ": 6, "KGZ": 2, "UZB": 2, **{f"S{i:02d}": 2 for i in range(20)}}.items():
        for _ in range(12):
            told = ["own"] * rng.poisson(rate) + ["all"] * rng.poisson(3) + ["gone"] * (state == "KAZ")
            bodies.append(" ".join(told + ["filler"] * 200))
            states.append(state)
    return matrix(bodies, state=states)[0]


def test_what_separates(speeches):
    d = Dictionary({"own": ["own"], "all": ["all"], "gone": ["gone"], "never": ["never"]})
    found = d.separates(speeches, near=("KGZ", "UZB"), n=400)
    assert found["separates"].to_dict() == {"own": "yes", "all": "no", "gone": "unknown", "never": "unknown"}
    own = found.loc["own"]
    kaz = speeches.select(speeches.rows["state"] == "KAZ")
    assert own["rate"] == pytest.approx(1e4 * kaz["own"].sum() / kaz.rows["tokens"].sum())
    assert own["ratio_near"] == pytest.approx(own["rate"] / own["rate_near"])
    assert own["ratio_near_low"] < own["ratio_near"] < own["ratio_near_high"]
    assert own["ratio_world_low"] < own["ratio_world"] < own["ratio_world_high"]
    assert own["lower"] == 1 and 0 < found.at["all", "lower"] < 1
    pd.testing.assert_frame_equal(found, d.separates(speeches, near=("KGZ", "UZB"), n=400))
    assert found.loc["own", "ratio_near_low"] != d.separates(speeches, near=["KGZ"], n=400).loc["own", "ratio_near_low"]


def test_comparisons_that_cannot_be_made(speeches):
    d = Dictionary({"own": ["own"]})
    for of, near in (("XXX", ["KGZ"]), ("KAZ", ["XXX"]), ("KAZ", ["KAZ"]), ("KAZ", [])):
        with pytest.raises(DictionaryError, match="must be different states"):
            d.separates(speeches, of=of, near=near)
    with pytest.raises(DictionaryError, match="needs a TermMatrix"):
        d.separates(["own"])


# --- Coded sheets -----------------------------------------------------------------------------------------------------

STORIES = [
    "The guild wants a fair balance here.",
    "Water runs to the old mill.",
    "No red line was drawn on the barge.",
    "Nobody keeps the keys of the lock.",
    "The balance of the ferry was off.",
]


@pytest.fixture(scope="module")
def told():
    """A made-up corpus with texts: forty speeches of five sentences in two eras."""
    bodies = {f"KAZ_{i}_{1990 + i}": " ".join(STORIES[j] for j in range(5) if (i + j) % 3) for i in range(40)}
    eras = pd.Categorical(["before"] * 20 + ["2020"] * 20, ["before", "2020"], ordered=True)
    rows = pd.DataFrame({"era": eras}, index=list(bodies))
    return SimpleNamespace(terms=lambda state=None: SimpleNamespace(rows=rows), texts=pd.Series(bodies), has_texts=True)


@pytest.fixture(scope="module")
def coding():
    return Dictionary({"balance": ["balance"], "limits": ["red line*"], "moon": ["moon"]})


def test_the_sheet_is_blind(told, coding):
    sheet, key = coding.sheet(told, n=40, seed=3)
    assert list(sheet) == ["id", "sentence", "balance", "limits", "moon"]
    assert (sheet[["balance", "limits", "moon"]] == "").all(axis=None)
    assert sheet["id"].tolist() == key["id"].tolist() and sheet["id"].is_unique
    assert set(sheet["sentence"]) <= set(STORIES)
    assert not set(sheet["sentence"]) & set(key.astype(str).to_numpy().ravel())
    assert key["balance"].tolist() == sheet["sentence"].str.contains("balance").astype(int).tolist()
    assert key["stratum"].value_counts().to_dict() == {"none": 20, "balance": 10, "limits": 10}
    assert key["stratum"].ne(key["stratum"].sort_values().to_numpy()).any()
    again, other = coding.sheet(told, n=40, seed=3), coding.sheet(told, n=40, seed=4)
    assert again[0].equals(sheet) and again[1].equals(key) and not other[0].equals(sheet)


def test_weights_add_up_to_the_speeches_and_eras_are_spread(told, coding):
    _, key = coding.sheet(told, n=40)
    every = pd.Series([s for body in told.texts for s in text.sentences(body)])
    assert key["weight"].sum() == pytest.approx(len(every))
    assert (key["weight"] * key["balance"]).sum() == pytest.approx(every.str.contains("balance").sum())
    for _, part in key.groupby("stratum"):
        by_era = part["era"].astype(str).value_counts()
        assert abs(by_era["before"] - by_era["2020"]) <= 1


def test_every_sentence_has_the_same_chance_within_its_stratum(told, coding):
    drawn = pd.concat([coding.sheet(told, n=24, seed=seed)[1] for seed in range(60)])
    share = drawn.groupby(["stratum", "doc_id", "number"]).size() / 60
    expected = 1 / drawn.groupby(["stratum", "doc_id", "number"])["weight"].mean()
    assert (share - expected).abs().max() < 5 * np.sqrt(0.25 / 60)
    assert (share - expected).mean() == pytest.approx(0, abs=0.02)


def test_sheets_that_cannot_be_drawn(told, coding, c):
    with pytest.raises(corpus.DataError, match="no texts attached"):
        coding.sheet(c)
    with pytest.raises(DictionaryError, match=r"no category \['sun'\]"):
        coding.sheet(told, categories=["sun"])
    for n in (3, 1000):
        with pytest.raises(DictionaryError, match=f"{n} sentences cannot be drawn"):
            coding.sheet(told, n=n)
    with pytest.raises(DictionaryError, match="taken for a column of the sheet"):
        Dictionary({"id": ["x"]}).sheet(told)
    whole, key = coding.sheet(told, n=sum(len(text.sentences(body)) for body in told.texts))
    assert (key["weight"] == 1).all() and len(whole) == len(key)


def test_sheets_stay_out_of_repositories(told, coding, tmp_path):
    with pytest.raises(DictionaryError, match="inside a repository"):
        coding.write_sheet(rhetoric._ROOT / "data", told, n=40)
    (tmp_path / "clone" / ".git").mkdir(parents=True)
    (tmp_path / "clone" / "deep").mkdir()
    with pytest.raises(DictionaryError, match="inside a repository"):
        coding.write_sheet(tmp_path / "clone" / "deep", told, n=40)
    paths = coding.write_sheet(tmp_path, told, n=40)
    assert [path.name for path in paths] == ["sheet.csv", "key.csv"]
    with pytest.raises(DictionaryError, match=r"sheet\.csv exists"):
        coding.write_sheet(tmp_path, told, n=40)
    with pytest.raises(DictionaryError, match="cannot write"):
        coding.write_sheet(tmp_path / "missing", told, n=40)


def code(sheet, **rules):
    """Fill a sheet by made-up rules: category to a pattern that this coder takes for the category."""
    filled = sheet.copy()
    for category in filled.columns[2:]:
        filled[category] = (
            filled["sentence"].str.contains(rules.get(category, "nothing at all")).astype(int).astype(str)
        )
    return filled


def test_validation_from_files(told, coding, tmp_path):
    sheet, key = coding.write_sheet(tmp_path, told, n=60)
    blank = pd.read_csv(sheet, keep_default_na=False, encoding="utf-8-sig")
    # These readers take the ferry's balance for something else, and a key for a limit.
    for coder in ("aru", "bek"):
        filled = code(blank, balance="fair balance", limits="red line|keys")
        filled.to_csv(tmp_path / f"{coder}.csv", index=False)
    table = coding.validate([tmp_path / "aru.csv", tmp_path / "bek.csv"], key)
    every = pd.Series([s for body in told.texts for s in text.sentences(body)])
    truth, hits = every.str.contains("fair balance"), every.str.contains("balance")
    assert table.at["balance", "precision"] == pytest.approx(truth.sum() / hits.sum(), abs=0.12)
    assert table.at["balance", "recall"] == 1 and 0.5 < table.at["balance", "recall_low"] < 1
    expected = every.str.contains("red line").sum() / every.str.contains("red line|keys").sum()
    assert table.at["limits", "recall"] == pytest.approx(expected, abs=0.12)
    assert table.at["limits", "recall_low"] < table.at["limits", "recall"] < table.at["limits", "recall_high"]
    assert table.at["limits", "precision"] == 1
    assert table.loc[["balance", "limits"], "alpha"].tolist() == [1, 1]
    assert table["n"].tolist() == [60] * 3 and table["coders"].tolist() == [2] * 3
    assert np.isnan(table.loc["moon", ["precision", "recall", "alpha"]].astype(float)).all()
    assert "precision unknown" in table.at["moon", "note"] and "all codes alike" in table.at["moon", "note"]

    d = coding.validated(table)
    assert coding.status.eq("unvalidated").all() and coding.name("balance") == "balance (unvalidated)"
    assert d.status.to_dict() == {"balance": "weak", "limits": "validated", "moon": "unvalidated"}
    assert [d.name(name) for name in d.categories] == ["balance (weak)", "limits", "moon (unvalidated)"]
    assert d == coding
    changed = Dictionary({"balance": ["balance", "scales"], "limits": ["red line*"], "moon": ["moon"]})
    with pytest.raises(DictionaryError, match="'balance' has other entries"):
        changed.validated(table)
    with pytest.raises(DictionaryError, match="another dictionary"):
        changed.validate([tmp_path / "aru.csv"], key)
    with pytest.raises(DictionaryError, match="no category 'sun'"):
        d.name("sun")
    with pytest.raises(DictionaryError, match="not a table from validate"):
        d.validated(table[["n"]])


def test_exact_scores(told):
    d = Dictionary({"balance": ["balance"]})
    sheet, key = d.sheet(told, n=40)
    filled = {name: code(sheet, balance="fair balance|keys") for name in ("aru", "bek")}
    table = d.validate(filled, key)
    calls, gold, w = key["balance"], sheet["sentence"].str.contains("fair balance|keys"), key["weight"]
    precision, recall = (w * calls * gold).sum() / (w * calls).sum(), (w * calls * gold).sum() / (w * gold).sum()
    assert table.at["balance", "precision"] == pytest.approx(precision)
    assert table.at["balance", "recall"] == pytest.approx(recall)
    assert table.at["balance", "f1"] == pytest.approx(2 * precision * recall / (precision + recall))
    assert table.at["balance", "hits"] == calls.sum()


def test_disagreement_and_adjudication(told):
    d = Dictionary({"balance": ["balance"]})
    sheet, key = d.sheet(told, n=40)
    yes, no = code(sheet, balance="balance"), code(sheet)
    split = d.validate({"aru": yes, "bek": no}, key).loc["balance"]
    assert split["precision"] == 0.5 and split["ties"] == key["balance"].sum() and split["alpha"] < 0
    assert d.validate({"aru": yes, "bek": no, "cem": yes}, key).at["balance", "precision"] == 1
    assert d.validate({"aru": yes, "bek": no, "cem": no}, key).at["balance", "precision"] == 0
    final = d.validate({"aru": yes, "bek": no, "adjudicated": yes}, key).loc["balance"]
    assert final["precision"] == 1 and final["ties"] == 0
    assert final["alpha"] == split["alpha"] and final["coders"] == 2
    one = d.validate({"aru": yes}, key).loc["balance"]
    assert one["precision"] == 1 and np.isnan(one["alpha"]) and "fewer than two coders" in one["note"]
    assert d.validated(d.validate({"aru": yes}, key)).status["balance"] == "unvalidated"


def test_uncoded_cells_and_long_tables(told):
    d = Dictionary({"balance": ["balance"], "limits": ["red line*"]})
    sheet, key = d.sheet(told, n=40)
    aru, bek = code(sheet, balance="balance", limits="red"), code(sheet, balance="balance", limits="red")
    aru.loc[:4, "balance"] = ""
    bek.loc[3:9, "balance"] = " "
    table = d.validate({"aru": aru, "bek": bek.sample(frac=1, random_state=1)}, key)
    assert table["n"].tolist() == [38, 40] and table["uncoded"].tolist() == [12, 0]
    wide = pd.concat({"aru": aru, "bek": bek}, names=["coder"]).reset_index(level=0).drop(columns="sentence")
    pd.testing.assert_frame_equal(d.validate(wide, key), table)
    long = wide.melt(["coder", "id"], var_name="category", value_name="code")
    long = long[long["code"].str.strip() != ""].assign(code=lambda rows: rows["code"].astype(int))
    pd.testing.assert_frame_equal(d.validate(long, key), table)
    with pytest.raises(DictionaryError, match="is coded twice"):
        d.validate(pd.concat([long, long.head(1)]), key)
    with pytest.raises(DictionaryError, match=r"no category \['sun'\]"):
        d.validate(long.assign(category="sun"), key)
    with pytest.raises(DictionaryError, match="columns 'coder' and 'id'"):
        d.validate(long.drop(columns="id"), key)
    half = d.validate({"aru": aru.head(20), "bek": bek.tail(20)}, key)
    assert half["note"].str.contains("no sentence was coded by two").all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s.rename(columns={"balance": "balanse"}), r"lacks \['balance'\] and has \['balanse'\]"),
        (lambda s: pd.concat([s, s.head(1)]), "'s01' is there twice"),
        (lambda s: s.assign(id="s99").head(1), "no sentence 's99' in the key"),
        (lambda s: s.assign(sentence="Something else."), "sentence 's01' has been altered"),
        (lambda s: s.assign(balance="maybe"), "sentence 's01', 'balance': 'maybe' is no code"),
        (lambda s: s.assign(balance=""), "has coded nothing"),
    ],
)
def test_sheets_that_cannot_be_scored(told, change, message):
    d = Dictionary({"balance": ["balance"]})
    sheet, key = d.sheet(told, n=40)
    with pytest.raises(DictionaryError, match=f"aru.*{message}"):
        d.validate({"aru": change(code(sheet, balance="balance"))}, key)


def test_files_of_coders(tmp_path):
    with pytest.raises(DictionaryError, match="no coded sheets"):
        rhetoric.read_sheets([])
    with pytest.raises(DictionaryError, match="cannot be read"):
        rhetoric.read_sheets([tmp_path / "aru.csv"])
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "aru.csv").write_text("id,balance\ns1,NA\n")
    with pytest.raises(DictionaryError, match="two sheets are called 'aru'"):
        rhetoric.read_sheets([tmp_path / "one" / "aru.csv", tmp_path / "two" / "aru.csv"])
    assert rhetoric.read_sheets(tmp_path / "one" / "aru.csv")["aru"].at[0, "balance"] == "NA"
    with pytest.raises(DictionaryError, match="not a key"):
        Dictionary({"balance": ["x"]}).validate({}, pd.DataFrame({"id": []}))


# --- Agreement --------------------------------------------------------------------------------------------------------

FOUR = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]


@pytest.mark.parametrize(
    ("level", "expected"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_krippendorffs_example(level, expected):
    assert rhetoric.alpha(FOUR, level) == pytest.approx(expected, abs=5e-4)
    assert rhetoric.alpha(pd.DataFrame(FOUR).iloc[::-1, ::-1], level) == pytest.approx(rhetoric.alpha(FOUR, level))


def test_nominal_words_of_two_observers():
    both = list("aabbdcccedda"), list("babbbccceddd")
    assert rhetoric.alpha(both) == pytest.approx(0.692, abs=5e-4)
    assert rhetoric.alpha([["a", "b", None], ["a", "b", "b"]]) == 1


def naive(ratings, metric):
    """Compute alpha from all pairs of values, as its definition says."""
    units = [[v for v in unit if not np.isnan(v)] for unit in np.transpose(ratings)]
    units = [unit for unit in units if len(unit) > 1]
    values = list(itertools.chain(*units))
    within = sum(
        sum(metric(a, b) for a, b in itertools.permutations(unit, 2)) / (len(unit) - 1) for unit in units
    ) / len(values)
    between = sum(metric(a, b) for a, b in itertools.permutations(values, 2)) / (len(values) * (len(values) - 1))
    return 1 - within / between


cells = st.one_of(st.just(NAN), st.integers(0, 3).map(float))


@given(st.integers(2, 4).flatmap(lambda k: st.lists(st.lists(cells, min_size=k, max_size=k), min_size=2, max_size=9)))
def test_alpha_is_that_of_all_pairs(units):
    ratings = np.transpose(units)
    paired = [unit for unit in units if np.isfinite(unit).sum() > 1]
    if not paired:
        with pytest.raises(ValueError, match="no unit has two ratings"):
            rhetoric.alpha(ratings)
        return
    found = rhetoric.alpha(ratings)
    if len({v for unit in paired for v in unit if not np.isnan(v)}) == 1:
        assert np.isnan(found)
        return
    assert found == pytest.approx(naive(ratings, lambda a, b: a != b)) and found <= 1
    assert rhetoric.alpha(ratings, "interval") == pytest.approx(naive(ratings, lambda a, b: (a - b) ** 2))
    ratio = naive(ratings, lambda a, b: ((a - b) / (a + b)) ** 2 if a + b else 0)
    assert rhetoric.alpha(ratings, "ratio") == pytest.approx(ratio)
    assert rhetoric.alpha(ratings[::-1]) == pytest.approx(found)
    assert rhetoric.alpha(ratings + 7) == pytest.approx(found)


def test_alpha_of_chance_and_of_perfection():
    rng = np.random.default_rng(0)
    for level in ("nominal", "ordinal", "interval", "ratio"):
        assert abs(rhetoric.alpha(rng.integers(1, 5, size=(3, 3000)), level)) < 0.03
        assert rhetoric.alpha([[1, 2, 3, 4]] * 3, level) == 1
    assert np.isnan(rhetoric.alpha(np.ones((2, 9))))


@pytest.mark.parametrize(
    ("ratings", "level", "message"),
    [
        (FOUR, "nominale", "level must be"),
        ([1, 2, 3], "nominal", "coders x units"),
        ([[1, NAN], [NAN, 2]], "nominal", "no unit has two ratings"),
        ([[1, 2, 3]], "nominal", "no unit has two ratings"),
        ([["a", "b"], ["a", "b"]], "interval", "must be numbers"),
        ([[1, "b"], [1, "b"]], "nominal", "values of one kind"),
        ([[1, np.inf], [1, 2]], "interval", "finite"),
        ([[1, -1], [1, 2]], "ratio", "negative"),
    ],
)
def test_ratings_that_have_no_alpha(ratings, level, message):
    with pytest.raises(ValueError, match=message):
        rhetoric.alpha(ratings, level)


def test_the_interval_of_alpha_covers_it():
    rng, inside = np.random.default_rng(1), 0
    truth = rng.integers(0, 2, size=(1, 40_000))
    noisy = np.where(rng.random((2, 40_000)) < 0.15, 1 - truth, truth)
    expected = rhetoric.alpha(noisy)
    for i in range(200):
        found = rhetoric.alpha_interval(noisy[:, 100 * i : 100 * i + 100], n=300, seed=i)
        inside += found.low <= expected <= found.high
    assert 0.89 <= inside / 200 <= 0.99


def test_the_interval_of_alpha():
    found = rhetoric.alpha_interval(FOUR, "ordinal", n=300)
    assert found.estimate == rhetoric.alpha(FOUR, "ordinal") and found.low < found.estimate <= found.high
    assert rhetoric.alpha_interval(FOUR, "ordinal", n=300)[:3] == found[:3]
    strata = rhetoric.alpha_interval(FOUR, n=300, strata=list("aaaabbbbbccc"))
    assert strata.estimate == rhetoric.alpha(FOUR) and len(strata.draws) == 300
    assert np.isnan(rhetoric.alpha_interval([[1, 2], [1, 2]], n=50)[1:3]).all()
    alone = rhetoric.alpha_interval([[1, 2], [1, 1]], n=50, strata=["a", "b"])
    assert np.isfinite(alone.estimate) and np.isnan(alone.low)
    with pytest.raises(ValueError, match="one value for each of 12 units"):
        rhetoric.alpha_interval(FOUR, strata=["a"])


# --- Evenness ---------------------------------------------------------------------------------------------------------

SPIDERS = [46, 22, 17, 15, 15, 9, 8, 6, 6, 4, *[2] * 4, *[1] * 12]  # the data of iNEXT's example, girdled trees


def test_published_numbers():
    assert rhetoric.effective_number(SPIDERS) == pytest.approx(12.060, abs=5e-4)
    assert rhetoric.effective_number(SPIDERS, "chao") == pytest.approx(13.826, abs=5e-4)
    assert rhetoric.entropy(SPIDERS, True) == rhetoric.entropy(SPIDERS, "chao")
    assert rhetoric.entropy(SPIDERS, False) == rhetoric.entropy(SPIDERS)


def test_exact_numbers():
    assert rhetoric.entropy([1, 1, 2]) == pytest.approx(1.5 * np.log(2))
    assert rhetoric.entropy([1, 1, 2], "miller-madow") == pytest.approx(1.5 * np.log(2) + 2 / 8)
    assert rhetoric.effective_number([3, 3, 3, 3]) == pytest.approx(4)
    assert rhetoric.effective_number([0.2, 0.2]) == pytest.approx(2)
    assert rhetoric.hhi([1, 1, 2]) == pytest.approx(0.375)
    assert rhetoric.evenness([2, 2, 0, 0]) == pytest.approx(0.5)
    assert rhetoric.evenness([2, 2, 0, 0], of="observed") == pytest.approx(1)
    assert rhetoric.evenness([2, 2], of=4) == pytest.approx(0.5) and rhetoric.evenness([7], of=3) == 0
    assert rhetoric.effective_number([7, 0, 0]) == 1 and rhetoric.hhi([7, 0, 0]) == 1
    assert np.isnan(rhetoric.evenness([7, 0, 0], of="observed")) and np.isnan(rhetoric.evenness([7]))
    assert rhetoric.entropy([5, 0], "chao") == rhetoric.entropy([1], "chao") == 0


@pytest.mark.parametrize("correction", [None, "miller-madow", "chao"])
def test_leading_axes(correction):
    table = np.random.default_rng(0).integers(0, 6, size=(3, 4, 5))
    table[1, 2] = 0
    found = rhetoric.effective_number(table, correction)
    assert found.shape == (3, 4) and np.isnan(found[1, 2]) and np.isfinite(np.delete(found.ravel(), 6)).all()
    assert found[0, 1] == pytest.approx(rhetoric.effective_number(table[0, 1], correction))
    assert rhetoric.evenness(table).shape == rhetoric.hhi(table).shape == (3, 4)
    assert np.isnan(rhetoric.evenness(table)[1, 2]) and np.isnan(rhetoric.hhi(table)[1, 2])


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12).filter(any))
def test_bounds(numbers):
    k, seen = len(numbers), np.count_nonzero(numbers)
    plain, chao = rhetoric.effective_number(numbers), rhetoric.effective_number(numbers, "chao")
    assert 1 - 1e-9 <= 1 / rhetoric.hhi(numbers) <= plain + 1e-9 <= seen + 2e-9
    assert chao >= plain - 1e-9
    if k > 1:
        assert 0 <= rhetoric.evenness(numbers) <= 1 + 1e-9
    assert rhetoric.effective_number(numbers + numbers) == pytest.approx(2 * plain)
    assert rhetoric.effective_number(numbers[::-1]) == pytest.approx(plain)
    assert rhetoric.effective_number([3 * n for n in numbers]) == pytest.approx(plain)


@pytest.mark.parametrize("shape", ["even", "falling", "steep"])
def test_corrections_come_nearer_to_the_truth(shape):
    rng = np.random.default_rng(5)
    p = {"even": np.ones(15), "falling": 1 / np.arange(1, 16), "steep": 0.7 ** np.arange(15)}[shape]
    p = p / p.sum()
    samples = rng.multinomial(30, p, size=600)
    truth = rhetoric.entropy(p)
    bias = {c: np.mean(rhetoric.entropy(samples, c)) - truth for c in (None, "miller-madow", "chao")}
    assert bias[None] < 0
    assert abs(bias["chao"]) < abs(bias["miller-madow"]) < abs(bias[None])


@pytest.mark.parametrize(("n", "a"), [(5, 0.1), (50, 0.19), (50, 0.21), (300, 0.01), (3000, 0.5), (2, 0.5)])
def test_the_unseen_part_keeps_its_digits(n, a):
    # The sum of (1 - a) ** (j + 1) / (n + j) is the same quantity, written without differences.
    j = np.arange(200_000)
    assert rhetoric._unseen(n, a) == pytest.approx(((1 - a) ** (j + 1) / (n + j)).sum(), rel=1e-8)


@pytest.mark.parametrize(
    ("numbers", "correction", "message"),
    [
        ([1, -1], None, "not negative"),
        ([1, NAN], None, "finite"),
        ([], None, "at least one category"),
        (3, None, "at least one category"),
        ([0.5, 1], "chao", "only whole counts"),
        ([0.5, 1], "miller-madow", "only whole counts"),
        ([1, 2], "jackknife", "correction must be"),
    ],
)
def test_counts_without_entropy(numbers, correction, message):
    with pytest.raises(ValueError, match=message):
        rhetoric.effective_number(numbers, correction)
    with pytest.raises(ValueError, match="of must be"):
        rhetoric.evenness([1, 2], of="all")
    with pytest.raises(ValueError, match="a whole number from 2 up, got 1"):
        rhetoric.evenness([1, 2], of=1)


# --- The book's dictionary --------------------------------------------------------------------------------------------


def test_the_shipped_dictionary(shipped, c, data):
    assert shipped.categories == [
        *("balance", "pragmatism", "mutual benefit", "defence of interests", "leadership", "region"),
        *("multilateralism", "economization", "humanitarian diplomacy", "red lines", "middle power", "peace"),
    ]
    assert shipped.entries["reason"].str.split().str.len().ge(2).all()
    assert not shipped.entries.duplicated(["category", "entry"]).any()
    assert (shipped.status == "unvalidated").all()
    registry = c.table("phrases").set_index("phrase")["lists"].str.split(";")
    several = [entry for entry in shipped.entries["entry"] if not rhetoric._is_token(entry)]
    assert [entry for entry in several if "dictionary" not in registry.get(entry, [])] == []
    listed = {phrase for phrase, lists in registry.items() if "dictionary" in lists}
    assert listed == set(several)
    entry_lines = [line for line in (data / "dictionary.yml").read_text("utf-8").splitlines() if "- " in line[:5]]
    assert len(entry_lines) == len(shipped.entries) and all(re.search(r"\S  # \S", line) for line in entry_lines)


def test_the_shipped_dictionary_in_the_shipped_counts(shipped, c):
    m, phrases = c.terms(), c.phrases()
    started = time.perf_counter()
    found = shipped.count(m, phrases)
    assert time.perf_counter() - started < 2  # well under a second on an idle machine
    assert found.shape == (6204, 12) and (found.sum() > 0).all()
    assert shipped.coverage(m, phrases)["hits"].sum() == found.to_numpy().sum()


def test_the_shipped_dictionary_in_the_full_texts(shipped, c, data, texts):
    """Counts and texts differ by the terms under the floor, and by nothing else."""
    bodies = corpus.load(data, texts).texts
    there = shipped.count(bodies)
    here = shipped.count(c.terms(), c.phrases()).loc[there.index]
    differ = (there - here).loc[lambda frame: (frame != 0).any(axis=1)]
    known = set(c.vocabulary.index)
    single = {
        name: [entry for entry in part["entry"] if rhetoric._is_token(entry)]
        for name, part in shipped.entries.groupby("category", sort=False)
    }
    rare = bodies[differ.index].map(lambda body: " . ".join(t for t in text.tokenise(body) if t not in known))
    left = differ - Dictionary(single).count(rare)
    assert (left == 0).all(axis=None)
    assert differ.abs().to_numpy().sum() <= 0.002 * there.to_numpy().sum()
