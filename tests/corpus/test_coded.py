"""The tables of the editions: sources, rival readings, and what may be said of texts that nobody here read."""

import re
from datetime import date

import pandas as pd
import pytest
from scipy.spatial.distance import jensenshannon

from manyvectors.corpus import tables

CODED = ("editions", "provisions", "triads")
CONFLICTS = [f"C{n}" for n in range(1, 14)]
# What a row says; the rest says where it was read.
SAYS = {
    "editions": ["edition", "value", "earliest", "latest"],
    "provisions": ["edition", "number", "provision"],
    "triads": ["words"],
}


@pytest.fixture(scope="module")
def coded(c):
    return {name: c.table(name) for name in CODED}


def _runs(words, length):
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def _words(body):
    return [word.replace("’", "'") for word in re.findall(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", body.lower())]


# --- Sources ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CODED)
@pytest.mark.parametrize("column", ["source", "mark"])
def test_a_row_without_source_or_mark_is_refused(coded, study, name, column):
    table = coded[name]
    assert table[column].str.strip().ne("").all()
    table = table.copy()
    table.loc[3, column] = ""
    with pytest.raises(Exception, match=column):
        tables.table(name, study.folder).check(table)


@pytest.mark.parametrize("name", CODED)
def test_every_source_is_in_the_bibliography(coded, data, name):
    bibliography = (data.parent / "book/references.bib").read_text("utf-8")
    assert set(coded[name]["source"]) <= set(re.findall(r"^@\w+\{([^,\s]+),", bibliography, re.MULTILINE))


@pytest.mark.parametrize("name", CODED)
def test_a_row_is_given_once(coded, name):
    table = coded[name]
    assert not table[table.duplicated()].to_dict("records")


def test_no_edition_before_2020_was_seen(coded):
    """Of 2014, only what the repeal clause of Decree 280 says; of the rest, nothing."""
    for name, table in coded.items():
        seen = table[(table["mark"] == "official text seen") & (table["edition"] != "2020")]
        if name == "editions":
            assert set(seen["edition"]) == {"2014"}
            assert set(seen["fact"]) == {"act", "approved", "repealed", "term"}
        else:
            assert seen.empty, name


def test_grades_follow_from_what_was_read(coded):
    for table in coded.values():
        assert (table["grade"].eq("B") == table["mark"].eq("official text seen")).all()
        assert set(table["grade"]) <= {"B", "C", "D"}
    assert (coded["provisions"]["status"].eq("text") == coded["provisions"]["mark"].eq("official text seen")).all()


@pytest.mark.parametrize("name", CODED)
def test_no_run_of_words_is_copied(coded, other, study, name):
    # Not the yardstick: among so many words of another state's every turn of phrase stands somewhere.
    ours = {entry["file"] for entry in study.documents.values() if entry["register"] != "yardstick"}
    files = [path for folder in other for path in folder.glob("*.txt") if path.name in ours]
    known = set().union(*(_runs(_words(path.read_text("utf-8-sig")), 5) for path in files))
    assert len(known) > 1000
    for column in coded[name].select_dtypes("str"):
        for cell in coded[name][column].unique():
            assert not known & _runs(_words(cell), 5), f"{column}: {cell!r}"


# --- Rival readings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("conflict", CONFLICTS)
def test_every_conflict_has_rival_readings(coded, conflict):
    tables = [name for name in CODED if (coded[name]["conflict"] == conflict).any()]
    assert tables
    rivals = 0
    for name in tables:
        rows = coded[name][coded[name]["conflict"] == conflict]
        said = {
            reading: frozenset(map(tuple, own[SAYS[name]].astype("string").fillna("").to_numpy()))
            for reading, own in rows.groupby("reading")
        }
        assert len(set(said.values())) == len(said), f"two readings of {name} say the same"
        rivals = max(rivals, len(said))
        sources_of = rows.groupby("reading")["source"].agg(set)
        assert len(set().union(*sources_of)) >= len(sources_of)
    assert rivals >= 2


def test_there_are_thirteen_conflicts(coded):
    found = set().union(*(table["conflict"] for table in coded.values())) - {""}
    assert found == set(CONFLICTS)


def test_readings_are_lettered_from_a(coded):
    both = pd.concat([table[["conflict", "reading"]] for table in coded.values()])
    for conflict, own in both[both["conflict"] != ""].groupby("conflict"):
        letters = sorted(own["reading"].unique())
        assert letters == [chr(ord("A") + i) for i in range(len(letters))], conflict


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("reading", "A", "a conflict needs a reading"),
        ("mark", "conflicting", "must name the conflict"),
        ("latest", "1900-01-01", "in this order"),
        ("latest", "", "or neither"),
        ("edition", "1999", "column edition: '1999' is not one of 1995"),
        ("fact", "weather", "column fact: 'weather' is not one of year"),
    ],
)
def test_the_description_refuses(coded, study, column, value, said):
    table = coded["editions"].copy()
    assert (table.loc[0, "conflict"], table.loc[0, "earliest"]) == ("", "1992-05-01")
    table.loc[0, column] = value
    with pytest.raises(Exception, match=said):
        tables.table("editions", study.folder).check(table)


# --- What the tables hold ---------------------------------------------------------------------------------------------


def test_dates_are_ranges(coded):
    table = coded["editions"]
    dated = table[table["earliest"] != ""]
    assert (table["latest"].eq("") == table["earliest"].eq("")).all()
    for first, last in dated[["earliest", "latest"]].to_numpy():
        assert date(1991, 12, 1) <= date.fromisoformat(first) <= date.fromisoformat(last) <= date(2030, 12, 31)


def test_eras_lie_within_the_reported_years(coded, c, study):
    """An era begins at one of the reported years, its rival cut at another."""
    years = coded["editions"].query("fact == 'year' and earliest != ''")
    for era, rival in study.rival_cuts.items():
        reported = {int(day[:4]) for day in years.loc[years["edition"] == era, "earliest"]}
        assert reported == {rival, study.eras[era]}
    assert set(c.choices("triads", "edition")) == (set(study.eras) - {"before"}) | {"2009"}


def test_every_code_is_used_and_every_edition_described(coded, c):
    used = {"editions": ("fact", "edition"), "provisions": ("category", "theme"), "triads": ("kind",)}
    for name, fields in used.items():
        for field in fields:
            assert set(coded[name][field]) == set(c.choices(name, field)), field
    editions = set(c.choices("provisions", "edition"))
    assert set(coded["provisions"]["edition"]) == editions - {"2001"}, "nothing is reported of 2001"
    assert set(c.choices("editions", "edition")) == editions | {"context"}


def test_the_draft_is_never_shown_as_final(coded):
    table = coded["provisions"]
    draft = table[table["status"] == "draft"]
    assert set(draft["edition"]) == {"2020"}
    assert set(draft["category"]) <= {"partner", "feature"}
    assert not (draft["mark"] == "official text seen").any()
    final = table[(table["edition"] == "2020") & (table["category"] == "partner") & (table["status"] == "text")]
    assert final.empty, "the final order of partners was not seen"


def test_numbers_of_the_text_of_2020(coded):
    table = coded["provisions"].query("status == 'text'")
    numbers = table.groupby("category")["number"].agg(lambda own: sorted(own.dropna().unique()))
    expected = {"situation": 9, "principle": 6, "goal": 7, "task": 7}
    assert {c: numbers[c] for c in expected} == {c: list(range(1, n + 1)) for c, n in expected.items()}


def test_partners_say_how_they_were_coded(coded):
    table = coded["provisions"]
    assert (table["coding"].ne("") == table["category"].eq("partner")).all()
    assert (table["number"].isna() == table["coding"].eq("label"))[table["category"] == "partner"].all()


def test_provisions_are_short(coded):
    assert coded["provisions"]["provision"].str.split().str.len().max() <= 14
    words = coded["triads"]["words"]
    assert words.str.fullmatch(r"[a-z -]+(;[a-z -]+){1,3}").all()


# --- Counts -----------------------------------------------------------------------------------------------------------


def test_sections_of_the_extract_add_up(c, study):
    parts = c.table("extract-terms")
    assert list(parts["section"].unique()) == list(study.sections)
    assert not parts.duplicated(["section", "term"]).any()
    whole = c.terms("doctrine").totals()
    pd.testing.assert_series_equal(
        parts.groupby("term")["count"].sum(), whole.sort_index(), check_dtype=False, check_index_type=False
    )
    assert parts.groupby("section")["count"].sum()[list(study.sections)].tolist() == [258, 209, 167, 158]


@pytest.fixture(scope="module")
def renderings(c):
    return c.table("decree280-openings").set_index("term")


def test_the_four_renderings(renderings):
    assert (renderings.sum(axis=1) > 0).all()
    assert renderings.sum().to_dict() == {"adilet_eng": 130, "ptrk_19822": 124, "ptrk_19802": 124, "times_tengri": 121}


def test_renderings_differ_by_translation_alone(renderings):
    for i, one in enumerate(renderings.columns):
        for another in renderings.columns[i + 1 :]:
            distance = jensenshannon(renderings[one], renderings[another], base=2)
            assert 0.07 <= round(distance**2, 2) <= 0.12, (one, another)
