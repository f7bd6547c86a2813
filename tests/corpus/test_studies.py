"""The same world seen from another study: eras, words, states and tables are that study's, or one clear error."""

import shutil
import warnings

import pandas as pd
import pytest
from invented import DOCUMENTS, STUDY

from manyvectors import corpus, study
from manyvectors.corpus import DataError
from manyvectors.corpus.tables import EditedTable

ERAS = {"mills": 1992, "ferries": 2003, "bridges": 2012}


@pytest.fixture
def plain(fake, data):
    """A study of Kenya in the shipped world, with nothing of its own."""
    colours = {"eras": ["#111111", "#222222", "#333333"], "registers": {"rostrum": "#444444"}}
    return fake.write_study(
        fake.data / "plain",
        documents={},
        focus="KEN",
        name="Kenya",
        neighbours=["UGA", "TZA"],
        profiled=["KEN"],
        keep_words=[],
        registers={"rostrum": "speeches"},
        colours={**colours, "focus": "#555555", "neighbours": "#666666", "world": "#777777"},
    )


def test_eras_are_worked_out_from_the_year_and_the_study(plain):
    c = corpus.load(plain)
    era = c.documents["era"]
    assert list(era.cat.categories) == list(ERAS) and era.cat.ordered and era.notna().all()
    assert era.groupby(c.documents["year"]).first().to_dict() == {y: plain.era(y) for y in c.documents["year"].unique()}
    assert c.terms(state="KEN").rows["era"].equals(era[c.documents["state"] == "KEN"])


def test_a_year_before_the_first_era_is_an_error(fake):
    eras = {"eras": {"late": 2003}, "rival_cuts": {}}
    colours = STUDY["colours"] | {"eras": ["#111111"]}
    given = {"focus": "KEN", "neighbours": [], "profiled": ["KEN"], "keep_words": []}
    late = fake.write_study(fake.data / "late", documents={}, colours=colours, **given, **eras)
    with pytest.raises(DataError, match=r"_47_1992.*study\.yml.*eras"):
        corpus.load(late).documents  # noqa: B018


def test_the_world_is_the_same_for_all(plain, c):
    other = corpus.load(plain)
    speeches = c.documents[c.documents["register"] == "rostrum"]
    same = speeches.columns.drop(["era", "rare_tokens", "rare_terms"])
    assert other.documents[same].equals(speeches[same])
    assert other.phrases().equals(c.phrases())
    # The words that the shipped study keeps are rare to this one, and no token is lost.
    assert len(other.vocabulary) < len(c.vocabulary) and other.vocabulary.index.isin(c.vocabulary.index).all()
    m, kept = other.terms(), c.terms()
    assert m.counts.sum() + other.documents["rare_tokens"].sum() == kept.counts.sum() + speeches["rare_tokens"].sum()
    assert other.vocabulary["focus"].sum() == m.of("KEN").counts.sum()


@pytest.mark.parametrize(
    ("ask", "name"),
    [
        (lambda c: c.terms(state="KEN", unit="segment"), "rostrum-segments"),
        (lambda c: c.segments, "rostrum-segments"),
        (lambda c: c.collocates("water"), "nodes"),
        (lambda c: c.table("alliances"), "alliances"),
        (lambda c: c.table("alliances", of="KEN"), "alliances"),
        (lambda c: c.perspective("trade-partners"), "trade-partners"),
        (lambda c: c.table("editions"), "editions"),
    ],
)
def test_tables_that_a_study_lacks_are_named(plain, ask, name):
    c = corpus.load(plain)
    (plain.folder / "nodes.yaml").unlink()
    remedy = "manyvectors data --texts" if name.startswith("rostrum") else rf"put {name}\.csv"
    with pytest.raises(DataError, match=f"'{name}'.*{remedy}"):
        ask(c)
    with pytest.raises(DataError, match=r"study plain has no register 'doctrine'; there are rostrum; .*documents"):
        c.terms("doctrine")


def test_a_register_without_a_document(fake):
    empty = fake.write_study(fake.study.folder, documents={}, focus="KEN", neighbours=[], keep_words=[])
    with pytest.raises(DataError, match=r"'charter'.*documents\.yml"):
        corpus.load(empty).terms("charter")


def test_words_to_keep_must_be_counted(plain, fake):
    kept = fake.write_study(plain.folder, documents={}, focus="KEN", neighbours=[], profiled=["KEN"])
    with pytest.raises(DataError, match=r"'extra-terms'.*manyvectors data --texts.*keep_words"):
        corpus.load(kept).terms()


def test_tables_of_one_side_say_whose(c, study):
    sides = [name for name in ("alliances", "trade-partners", "shared-memberships", "organisations", "china-visits")]
    for name in sides:
        assert c.perspective(name) == study.focus
        assert c.table(name, of=study.focus).equals(c.table(name))
        with pytest.raises(DataError, match=rf"{name}\.csv.*{study.focus}, not EST"):
            c.table(name, of="EST")
    assert c.perspective("votes") is None and len(c.table("votes", of="EST"))


def test_a_study_that_names_a_state_unknown_to_the_world(package):
    wrong = package.write_study(package.study.folder, neighbours=["XXX"])
    with pytest.raises(study.StudyError, match=r"neighbours.*XXX.*states\.csv"):
        corpus.load(wrong, package.data).documents  # noqa: B018


def test_a_study_that_keeps_words_not_counted(package):
    (package.study.folder / "extra-terms.csv").unlink()
    with pytest.raises(DataError, match=r"extra-terms\.csv"):
        corpus.load(package.study, package.data).terms()


@pytest.mark.parametrize(
    ("name", "old", "new", "ask"),
    [
        ("world/rostrum-vocabulary.csv", "\ncanal,", "\nzanal,", lambda c: c.terms()),
        ("world/rostrum-vocabulary.csv", "\ncanal,", "\nzanal,", lambda c: c.terms(unit="segment")),
        ("canals/rostrum-segments.csv", "KAZ_47_1992_01,", "KAZ_47_1992_91,", lambda c: c.terms(unit="segment")),
        ("canals/extra-terms.csv", "quoinstones,", "keystones,", lambda c: c.collocates("water")),
    ],
)
def test_cells_counted_beside_other_names_are_refused(package, name, old, new, ask):
    """Positions would mean other words, whether the edit was described anew or not."""
    from manyvectors.build import write

    package.edit(package.data / name, old, new)
    for _ in range(2):
        with pytest.raises(DataError, match="counted beside"):
            ask(corpus.load(package.study, package.data))
        write.write(package.world, package.study.folder)


REGISTERED = [  # table, a new row and where it goes, its name, and how counts of all others are asked for
    ("world/phrases.csv", "water,", "aaa barge,invented\nwater,", "aaa barge", lambda c, name: c.phrases()[name]),
    ("canals/nodes.csv", "water,", "aaa barge,new\nwater,", "aaa barge", lambda c, name: c.collocates(name).sum()),
]


@pytest.mark.parametrize(("name", "old", "new", "added", "ask"), REGISTERED)
def test_a_name_added_by_hand_leaves_all_counts_where_they_belong(package, name, old, new, added, ask):
    from manyvectors.build import write

    c = corpus.load(package.study, package.data)
    registered = c.table(name.partition("/")[2].partition(".")[0]).iloc[:, 0].tolist()
    before = {known: ask(c, known) for known in registered}
    package.edit(package.data / name, "\n" + old, "\n" + new)
    for described in (False, True):
        if described:
            write.write(package.world, package.study.folder)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", EditedTable)
            c = corpus.load(package.study, package.data)
            for known in registered:
                assert ask(c, known).equals(before[known]), known
    with pytest.raises((DataError, KeyError)):
        ask(c, added)


def test_a_phrase_that_is_not_counted_yet_is_named(package):
    package.edit(package.world / "phrases.csv", "\nwater,", "\naaa barge,invented;bargemen\nwater,")
    c = corpus.load(package.study, package.data)
    with pytest.raises(DataError, match=r"'aaa barge' of .*phrases\.csv: not counted yet; rebuild by `make data"):
        c.phrases(lists="bargemen")
    with pytest.raises(DataError, match=r"'aaa barge' of .*phrases\.csv: not counted yet; rebuild by `make data"):
        c.phrases("letters", lists="bargemen")
    with pytest.warns(EditedTable, match="not counted yet"):
        assert "aaa barge" not in c.phrases()
    with pytest.warns(EditedTable, match="not counted yet"):
        assert "aaa barge" not in c.phrases("letters")


def test_a_node_that_is_not_counted_yet_is_named(package):
    package.edit(package.study.folder / "nodes.csv", "\nwater,", "\naaa barge,new\nwater,")
    with pytest.raises(DataError, match=r"'aaa barge' of .*nodes\.csv: not counted yet"):
        corpus.load(package.study, package.data).collocates("aaa barge")


def test_phrases_in_another_order_or_taken_out_keep_their_counts(package):
    before = corpus.load(package.study, package.data).phrases()
    path = package.world / "phrases.csv"
    heading, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(heading + "".join(rows[:0:-1]), encoding="utf-8")
    found = corpus.load(package.study, package.data).phrases()
    pd.testing.assert_frame_equal(found, before[list(before.columns[:0:-1])])


@pytest.mark.parametrize("ask", [lambda c: c.table("alliances"), lambda c: c.table("trade-partners")])
def test_a_copied_study_does_not_take_over_one_side(fake, study, ask):
    """The tables of one side came along with the folder, and the focus was changed."""
    for name in ("alliances", "trade-partners"):
        for ending in ("csv", "yaml"):
            shutil.copy(study.folder / f"{name}.{ending}", fake.study.folder)
    c = corpus.load(fake.study)
    with pytest.raises(DataError, match=rf"holds only what concerns {study.focus}, not FRA"):
        ask(c)
    assert len(c.table("alliances", of=study.focus))


def test_a_study_by_its_folder_and_by_its_data(package):
    assert corpus.load(package.study.folder, package.data).study == package.study
    assert corpus.load(data=package.data).study == package.study
    assert set(corpus.load(data=package.data).documents.index) > set(DOCUMENTS)
