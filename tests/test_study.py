"""The study: what it says, and one clear line for whatever is wrong in it."""

import copy
import dataclasses
import os
import pickle
import shutil

import pytest
import yaml

from manyvectors import study

GIVEN = {
    "title": "The Ferry Book",
    "focus": "FRA",
    "name": "France",
    "adjective": "French",
    "forms": ["france", "french"],
    "region": "the canals",
    "neighbours": ["EU"],
    "powers": {"USA": "United States"},
    "blocs": {"Locks": {"name": "League of Locks", "members": {"FRA": 1992, "USA": 2014}}},
    "eras": {"mills": 1992, "ferries": 2003, "bridges": 2012},
    "rival_cuts": {"ferries": 2001},
    "registers": {"rostrum": "speeches"},
    "colours": {
        "eras": ["#111111", "#222222", "#333333"],
        "registers": {"rostrum": "#444444"},
        **{"focus": "#555555", "neighbours": "#666666", "world": "#777777"},
    },
}
DOCUMENTS = {"documents": {"NOTE": {"file": "n", "register": "rostrum", "grade": "B", "year": 2003, "title": "t"}}}


@pytest.fixture
def write(tmp_path):
    def write(given=GIVEN, documents=DOCUMENTS):
        (tmp_path / "study.yml").write_text(yaml.safe_dump(given, sort_keys=False), encoding="utf-8")
        (tmp_path / "documents.yml").write_text(yaml.safe_dump(documents, sort_keys=False), encoding="utf-8")
        return tmp_path

    return write


def test_the_study_of_this_book():
    s = study.load()
    assert s is study.load() and s == study.read(s.folder / "study.yml")
    assert s.focus in s.profiled and set(s.neighbours) <= set(s.peers)
    assert list(s.colours["eras"]) == list(s.eras)
    assert set(s.rival_cuts) < set(s.eras)


def test_another_study(write):
    s = study.read(write())
    assert (s.focus, s.focus_name, s.title, s.first_year) == ("FRA", "France", "The Ferry Book", 1992)
    assert [s.era(year) for year in (1992, 2002, 2003, 2011, 2012, 2030)] == (
        ["mills", "mills", "ferries", "ferries", "bridges", "bridges"]
    )
    assert s.era(2001, rival=["ferries"]) == "ferries" and s.era(2000, rival=["ferries"]) == "mills"
    assert s.blocs["Locks"].members() == ("FRA", "USA") and s.blocs["Locks"].members(2000) == ("FRA",)
    assert s.vectors == () and s.universal == ""
    assert s.peers == s.neighbours and s.profiled == s.keep_words == ("FRA",) and s.stop_names == frozenset()
    assert s.documents["NOTE"]["year"] == 2003 and s.extract is None and s.sections == ()
    assert pickle.loads(pickle.dumps(s)) == s


def test_a_study_changed_on_disk_is_read_again(write):
    folder = write()
    assert study.read(folder).title == "The Ferry Book"
    file = folder / "study.yml"
    file.write_text(file.read_text("utf-8").replace("The Ferry Book", "The Mill Book of Tamra"), encoding="utf-8")
    assert study.read(folder).title == "The Mill Book of Tamra"


def test_what_a_study_says_cannot_be_changed():
    s = study.load()
    with pytest.raises(TypeError):
        s.eras["1995"] = 1996
    with pytest.raises(AttributeError):
        s.focus = "FRA"


@pytest.mark.parametrize("year, rival", [(1991, ()), (2001, ["mills"]), (2001, ["never"])])
def test_eras_that_are_not_there(write, year, rival):
    with pytest.raises(ValueError, match=r"eras|rival"):
        study.read(write()).era(year, rival)


WRONG = {
    "title": ["", 5],
    "focus": ["fra", "FRANCE", 3, None],
    "forms": [["France"], [3]],
    "neighbours": [["EU", "EU"], ["eu"], "EU", {"EU": 1}],
    "powers": [{"usa": "United States"}, {"USA": 1}, ["USA"]],
    "blocs": [{"Locks": {"members": ["FRA"]}}, {"Locks": {"name": "n", "members": {"FRA": "long ago"}}}, {"Locks": 1}],
    "eras": [{}, {"b": 2003, "a": 1992}, {"a": 1992, "b": 1992}, {"a": "1992"}, {"a": True}, [1992]],
    "rival_cuts": [{"never": 2001}, {"ferries": 2001.5}, {"ferries": 2012}, {"mills": 2003}, {"bridges": 2001}],
    "vectors": [["mills", "mills"], [1], "mills", [""]],
    "universal": [3, "the sea"],
    "registers": [["rostrum"], {"rostrum": None}],
    "colours": [
        GIVEN["colours"] | {"eras": ["#111111"] * 4},
        GIVEN["colours"] | {"focus": "blue"},
        GIVEN["colours"] | {"registers": {}},
        GIVEN["colours"] | {"sky": "#111111"},
    ],
}


@pytest.mark.parametrize("key, value", [(key, value) for key, values in WRONG.items() for value in values])
def test_a_wrong_field_is_one_line_with_file_field_and_remedy(write, key, value):
    folder = write(copy.deepcopy(GIVEN) | {key: value})
    with pytest.raises(study.StudyError) as caught:
        study.read(folder)
    said = str(caught.value)
    assert "\n" not in said and str(folder / "study.yml") in said and "; " in said
    assert f": {key}" in said


@pytest.mark.parametrize("key", [key for key in GIVEN if key not in ("powers", "blocs", "rival_cuts")])
def test_a_missing_field(write, key):
    with pytest.raises(study.StudyError, match=key):
        study.read(write({name: value for name, value in GIVEN.items() if name != key}))


def test_a_field_that_is_none(write):
    with pytest.raises(study.StudyError, match="neighbors"):
        study.read(write(GIVEN | {"neighbors": ["EU"]}))


@pytest.mark.parametrize("change", [{"register": "letters"}, {"grade": "E"}])
def test_a_document_of_an_unknown_register_or_grade(write, change):
    documents = {"documents": {"NOTE": DOCUMENTS["documents"]["NOTE"] | change}}
    with pytest.raises(study.StudyError, match=r"documents\.yml.*NOTE"):
        study.read(write(documents=documents))


@pytest.mark.parametrize("body", [b"", b"- a list", b"title: [", b"\xff\xfe"])
def test_a_file_that_is_no_study(tmp_path, body):
    (tmp_path / "study.yml").write_bytes(body)
    with pytest.raises(study.StudyError, match=r"study\.yml"):
        study.read(tmp_path)


def test_a_key_that_stands_twice(write):
    folder = write()
    with (folder / "study.yml").open("a", encoding="utf-8") as file:
        file.write("focus: KGZ\n")
    with pytest.raises(study.StudyError, match=r"study\.yml: .*the key 'focus' stands twice"):
        study.read(folder)


@pytest.mark.parametrize("rivals", [{"ferries": 2011}, {"ferries": 1993}, {"ferries": 2011, "bridges": 2012}])
def test_rival_dates_that_keep_the_order(write, rivals):
    found = study.read(write(GIVEN | {"rival_cuts": rivals}))
    assert found.era(2020, rival=rivals) == "bridges" and found.era(1992, rival=rivals) == "mills"


def test_rival_dates_that_together_change_the_order(write):
    rivals = {"ferries": 2010, "bridges": 2009}
    with pytest.raises(study.StudyError, match="ferries begin in 2010 and bridges in 2009; keep the eras in their"):
        study.read(write(GIVEN | {"rival_cuts": rivals}))


ACT = {"number": "12", "date": "2001-02-03", "languages": ["eng"], "address": "https://example.org/{language}"}


@pytest.mark.parametrize(
    ("name", "change"),
    [
        *[("../../act", {}), ("a/b", {}), ("ACT", {"languages": ["../eng"]}), ("ACT", {"languages": "eng"})],
        *[
            ("ACT", {"number": 12}),
            ("ACT", {"date": "3 February"}),
            ("ACT", {"address": ["x"]}),
            ("ACT", {"date": 2001}),
        ],
    ],
)
def test_an_act_that_cannot_be_fetched(write, name, change):
    with pytest.raises(study.StudyError, match=r"documents\.yml: decrees: .*; (give|use)"):
        study.read(write(documents=DOCUMENTS | {"decrees": {name: ACT | change}}))
    assert study.read(write(documents=DOCUMENTS | {"decrees": {"ACT": ACT}})).decrees


@pytest.mark.parametrize(
    "change", [{"register": {}}, {"grade": ["B"]}, {"year": "2003"}, {"sections": ["a"]}, {"begin": 1}, {"title": None}]
)
def test_a_document_of_another_kind(write, change):
    documents = {"documents": {"NOTE": DOCUMENTS["documents"]["NOTE"] | change}}
    with pytest.raises(study.StudyError, match=r"documents: NOTE: .*; give"):
        study.read(write(documents=documents))


@pytest.mark.parametrize("path", ["", " ", "~nosuchuser/study"])
def test_a_path_that_names_nothing(path):
    with pytest.raises(study.StudyError, match=r"name a folder|write the whole path"):
        study.read(path)


def test_states_that_the_world_does_not_know(write):
    s = study.read(write())
    s.check_states({"FRA", "EU", "USA"})
    with pytest.raises(study.StudyError, match=r"study\.yml: blocs: Locks: members.*USA"):
        study.read(write(GIVEN | {"powers": {}})).check_states({"FRA", "EU"})


def test_which_study_is_loaded(write, tmp_path_factory, monkeypatch):
    data = tmp_path_factory.mktemp("data")
    monkeypatch.setenv("MANYVECTORS_DATA", str(data))
    with pytest.raises(study.StudyError, match=r"no folder .*MANYVECTORS_STUDY"):
        study.load()
    shutil.copytree(write(), data / "ferries")
    assert study.load().name == "ferries"
    shutil.copytree(data / "ferries", data / "mills")
    with pytest.raises(study.StudyError, match=r"2 folders .*ferries, mills.*MANYVECTORS_STUDY"):
        study.load()
    monkeypatch.setenv("MANYVECTORS_STUDY", str(data / "mills"))
    assert study.load().name == "mills"
    monkeypatch.setenv("MANYVECTORS_STUDY", str(data / "nowhere"))
    with pytest.raises(study.StudyError, match="no such file"):
        study.load()


def test_nobody_is_a_neighbour_or_a_peer_of_itself():
    """Another state asked about by a study's defaults is not compared with itself."""
    s = study.load()
    for state in (s.focus, *s.neighbours, *s.peers):
        other = dataclasses.replace(s, focus=state)
        assert state not in other.neighbours and state not in other.peers


# --- Languages, and collections of texts ------------------------------------------------------------------------------

LANGUAGES = {"languages": {"ru": {"name": "Russian", "script": "Cyrillic"}}}
POSTS = {"file": "posts.jsonl", "register": "rostrum", "grade": "B", "table": "posts", "licence": "none"}
TABLE = "doc_id,record,date,grade,language,title\nPOST_001,x,2003-05-01,,,First\nPOST_002,y,2004,C,ru,Second\n"


@pytest.fixture
def collect(write):
    def collect(rows=TABLE, **change):
        folder = write(GIVEN | LANGUAGES, DOCUMENTS | {"collections": {"POST": POSTS | change}})
        if rows is not None:
            (folder / "posts.csv").write_text(rows, encoding="utf-8")
        return study.read(folder)

    return collect


def test_a_collection_is_a_document_for_each_row(collect):
    found = collect(segments="packed").documents
    assert list(found) == ["NOTE", "POST_001", "POST_002"]
    assert {"year": 2003, "date": "2003-05-01", "grade": "B", "language": "en", "record": "x"}.items() <= (
        found["POST_001"].items()
    )
    assert {"year": 2004, "grade": "C", "language": "ru", "segments": "packed"}.items() <= found["POST_002"].items()


def test_a_row_that_is_added_is_seen(collect):
    before = collect()
    path = before.folder / "posts.csv"
    path.write_text(TABLE + "POST_003,z,2005,,,Third\n", encoding="utf-8")
    os.utime(path, ns=(1, 1))  # whatever the clock is good for
    assert len(study.read(before.folder).documents) == len(before.documents) + 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("POST_002", "POST_003", r"row 3, column doc_id is 'POST_003'; give POST_002"),
        ("2003-05-01", "1 May", r"row 2, column date is '1 May'"),
        (",y,", ",,", r"row 3, column record is ''"),
        (",y,", ",x,", "record has a value twice"),
        ("record", "recorded", r"row 2, column record is None"),
        (",ru,", ",de,", r"POST_002: language is 'de'; name one of languages in study\.yml: ru"),
    ],
)
def test_a_table_that_lists_no_collection(collect, old, new, said):
    with pytest.raises(study.StudyError, match=said):
        collect(TABLE.replace(old, new, 1))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"table": "no/table"}, "collections: POST: table is 'no/table'; give the name of a table"),
        ({"segments": "verses"}, "segments is 'verses'; give provisions, paragraphs or packed"),
        ({"language": "RU"}, "language is 'RU'; give a code such as en"),
        ({"state": "France"}, "state is 'France'; give a state code"),
        ({"notes": "note"}, "notes is 'note'; give a list of texts"),
        ({"furniture": True}, "furniture is 'True'; give pages"),
        ({"register": "letters"}, "collections: POST has register 'letters'"),
    ],
)
def test_a_collection_of_another_kind(collect, change, said):
    with pytest.raises(study.StudyError, match=said):
        collect(**change)


def test_a_collection_without_its_table(collect):
    with pytest.raises(study.StudyError, match=r"collections: POST cannot be read from .*posts\.csv .*put its table"):
        collect(rows=None)


def test_a_language_that_the_study_does_not_name(write):
    note = DOCUMENTS["documents"]["NOTE"]
    with pytest.raises(study.StudyError, match=r"NOTE: language is 'fr'; name one of languages in study\.yml: none"):
        study.read(write(documents={"documents": {"NOTE": note | {"language": "fr"}}}))
    found = study.read(write(GIVEN | LANGUAGES, {"documents": {"NOTE": note | {"language": "ru"}}}))
    assert found.documents["NOTE"]["language"] == "ru"
