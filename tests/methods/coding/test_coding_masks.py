"""What coders must not see: in invented speeches, and in every real context where texts are attached."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyvectors.methods.coding import masks, prepared, sheets
from manyvectors.methods.filled import read

FORMS, CAPITALS, PERSONS = ("norland", "norlandic", "norlander"), ("Quayton",), ("Aru", "Tasova")
MASKS = masks.Masks(FORMS, CAPITALS, PERSONS, places={"sudmark", "norland"}, others={"norlandia"})
NAMING = [
    *("Norland", "the Republic of Norland", "NORLANDIC", "Norland-based", "Norlanders", "SudmarkNorland", "Quayton"),
    *("Tasova", "Aru Tasova", "TASOVA", "President Bek Orlen", "Mr. J. R. Orlen", "Secretary-General Ilm al-Dun"),
    *("2014", "1998-2001", "1990s", "11 September", "September 11, 2001", "3 to 5 May 2007", "l993", "2030"),
    *("the sixty-first session", "its 25th anniversary", "fifteen years", "A/RES/55/2", "09-52470", "193 members"),
]
SHOWN = re.compile(r"norland|quayton|tasova|orlen|ilm|\d|septem|sixty|fifteen", re.IGNORECASE)


@given(st.lists(st.sampled_from(NAMING), min_size=1, max_size=6), st.lists(st.sampled_from(NAMING), max_size=4))
def test_nothing_that_names_speaker_person_or_time_is_left(before, after):
    start = "We say: " + ", then ".join(before) + ", and to "
    body = start + "Sudmark we add " + ", then ".join(after) + "."
    shown = MASKS.apply(body, len(start), len(start) + len("Sudmark"))
    assert shown.count("[[Sudmark]]") == 1
    assert not SHOWN.search(shown)


def test_what_is_not_hidden_stays():
    body = "We thank Sudmark, Norlandia and the Minister of Trade; a plan of three parts may follow in May."
    assert MASKS.apply(body, 9, 16) == body.replace("Sudmark", "[[Sudmark]]")


def test_a_mention_keeps_its_own_numbers_and_hides_the_speaker_in_it():
    body = "In 2014 the G20 met; the Norland-Sudmark line of 2001 opened."
    assert MASKS.apply(body, 12, 15) == "In [YEAR] the [[G20]] met; [STATE]-Sudmark line of [YEAR] opened."
    at = body.index("Norland-")
    assert "[[[STATE]-Sudmark]] line" in MASKS.apply(body, at, at + len("Norland-Sudmark"))


def test_titles_hide_names_and_not_offices_or_states():
    body = "Mr. President, Mr. Orlen of Sudmark and President Sudmark spoke."
    assert MASKS.apply(body, 0, 3) == "[[Mr.]] President, Mr. [PERSON] of Sudmark and President Sudmark spoke."


@pytest.fixture(scope="module")
def written(attached, tmp_path_factory):
    folder, c = tmp_path_factory.mktemp("sheets"), attached
    paths = prepared.write(c, folder, seed=5)
    rows = pd.concat([read(path, ValueError).assign(sheet=path.name) for path in paths])
    return c, folder, rows.merge(sheets.read_key(folder / "secret" / "key.csv"), on=["row", "kind", "sheet"])


def test_no_real_context_shows_year_speaker_or_president(written, study):
    c, _, rows = written
    book = prepared.codebook(c)
    persons = [name for lists in book.hidden.values() for name in lists.get("persons", ())]
    hidden = re.compile(rf"\b(?:{'|'.join(map(re.escape, persons))})\b")
    year = re.compile(r"(?<![\d/])(?:1[89]|20)\d\d(?!\d)")
    session = re.compile(r"\b(?:\w+ieth|\w+ty-\w+(?:th|st|nd|rd)) (?:\w+ )?session\b")
    gazetteer = c.table("gazetteer")
    for state, part in rows.groupby("state"):
        own = gazetteer.loc[gazetteer["place"].eq(state) & gazetteer["kind"].isin(["state", "demonym"]), "phrase"]
        forms = [*own, *book.hidden[state].get("forms", ()), *map(str.lower, book.hidden[state]["capitals"])]
        named = re.compile("|".join(map(re.escape, forms)))
        shown = part["context"]
        assert not shown.str.lower().map(named.search).any()
        assert not shown.map(hidden.search).any() and not shown.map(year.search).any()
        assert not shown.map(session.search).any()
        assert (shown.str.count(r"\[\[") >= 1).all() and (shown.str.count(r"\]\]") >= 1).all()


def test_every_hit_and_every_mention_is_there_once(written, study):
    from manyvectors import rhetoric, vectors

    c, _, rows = written
    dictionary = rhetoric.Dictionary.read(study.folder / "dictionary.yml")
    focus = rows[rows["state"] == study.focus]
    documents = c.terms(state=study.focus).rows.index
    counted = dictionary.count(c.texts[documents])[prepared.codebook(c).leanings]
    hits = focus[focus["kind"] == "leaning"].groupby(["doc_id", "entry"]).size().unstack(fill_value=0)
    assert (hits.reindex(index=counted.index, columns=counted.columns, fill_value=0) == counted).all(axis=None)
    places = vectors.mentions(c, study.focus, "places", universal=False)
    universal = c.table("vectors").query("book == @study.universal")["place"]
    places = places.drop(columns=list(universal), errors="ignore")
    found = focus[focus["kind"] == "named"].groupby(["doc_id", "entry"]).size().unstack(fill_value=0)
    assert (found.reindex(index=places.index, columns=places.columns, fill_value=0) == places).all(axis=None)
    assert not rows.duplicated(["segment_id", "kind", "entry", "pattern", "n"]).any()


def test_a_mention_stands_in_its_segment(written):
    c, _, rows = written
    for one in rows[rows["kind"] == "leaning"].head(40).itertuples():
        said = one.context[one.context.index("[[") + 2 : one.context.index("]]")]
        assert said in c.passage(one.segment_id)


def test_order_and_names_of_rows_say_nothing(written, tmp_path):
    c, folder, rows = written
    again = prepared.write(c, tmp_path / "again", seed=5)
    assert all(path.read_bytes() == (folder / path.name).read_bytes() for path in again)
    part = rows[rows["sheet"].str.startswith("named_") & rows["state"].eq(c.study.focus)]
    years = part["doc_id"].str[-4:].astype(int)
    assert abs(years.reset_index(drop=True).corr(pd.Series(range(len(years))))) < 0.15
    assert abs(years.reset_index(drop=True).corr(part["row"].rank().reset_index(drop=True))) < 0.15


def test_sheets_are_not_written_into_a_repository(attached, study):
    with pytest.raises(ValueError, match="inside a repository"):
        prepared.write(attached, study.folder / "sheets")


def test_sheets_need_texts(c, tmp_path):
    with pytest.raises(ValueError, match="no texts are attached"):
        prepared.write(c, tmp_path)
    assert not list(tmp_path.iterdir())
