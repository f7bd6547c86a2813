"""Invented coders: what they agree in and differ in is planted, put together, opened, and scored by invented people."""

import shutil

import numpy as np
import pandas as pd
import pytest

from manyvectors import __main__ as command
from manyvectors import corpus, rhetoric, validation
from manyvectors.methods.coding import codes, found, merge, prepared, sheets
from manyvectors.methods.coding.codebook import Codebook, CodingError

pytestmark = pytest.mark.filterwarnings("ignore::manyvectors.corpus.tables.EditedTable")  # codes are put in by hand


@pytest.fixture(scope="module")
def book(c):
    return prepared.codebook(c)


@pytest.fixture(scope="module")
def key(c, study):
    """A key of two sheets over segments of the focus state: mentions that nobody made."""
    ids = c.segments.query("state == @study.focus").index[:240]
    leaning = np.arange(240) < 60
    about = pd.DataFrame({"segment_id": ids, "kind": np.where(leaning, "leaning", "named"), "n": 1})
    about["entry"] = np.where(leaning, "balance", "FRA")
    about["pattern"] = np.where(leaning, "balanced approach", "")
    about["row"] = [f"r{i:05d}" for i in range(240)]
    about["sheet"] = np.where(leaning, "leanings_part1.csv", "named_part1.csv")
    about["state"], about["doc_id"], about["check"] = study.focus, ids.str.rpartition("_").get_level_values(0), ""
    about["doc_id"] = c.segments.loc[ids, "doc_id"].to_numpy()
    about["segmentation"] = found.segmentation(c, study.focus)
    return about[list(sheets.KEY)]


@pytest.fixture
def folder(tmp_path, key, book):
    """Two passes that differ in every tenth row of the mentions, in stance only; and a third reading of these."""
    rng = np.random.default_rng(1)
    (tmp_path / "secret").mkdir()
    key.to_csv(tmp_path / "secret" / "key.csv", index=False)
    for sheet, part in key.groupby("sheet"):
        kind = book.kinds[part["kind"].iat[0]]
        table = pd.DataFrame({code: rng.choice(list(values), len(part)) for code, values in kind.items()}, part["row"])
        other, odd = table.sample(frac=1, random_state=2), []
        if sheet.startswith("named"):
            table["stance"], odd = "plain", list(table.index[::10])
            other = table.sample(frac=1, random_state=2)
            other.loc[odd, "stance"] = "praise"
        for name, made in (("passA", table), ("passB", other), ("third", table.loc[odd].assign(stance="thanks"))):
            (tmp_path / name).mkdir(exist_ok=True)
            if len(made):
                made.to_csv(tmp_path / name / sheet)
        part.assign(target="", context="")[["row", "kind", "target", "context"]].to_csv(tmp_path / sheet, index=False)
    return tmp_path


@pytest.fixture
def merged(folder, key, book):
    return merge.merge(folder / "passA", folder / "passB", folder / "third", key, book)


@pytest.fixture
def opened(tmp_path, study, merged, book):
    """The shipped study, with the invented codes in it."""
    own = tmp_path / "study"
    shutil.copytree(study.folder, own)
    (own / "datapackage.json").unlink()  # it says how many codes the shipped table has
    merged.to_csv(own / "machine-codes.csv", index=False)
    (own / "machine-codes.yaml").write_text(prepared.form(corpus.load(study), book), encoding="utf-8")
    return corpus.load(own)


def test_the_third_reading_decides_and_stands_only_where_it_did(merged):
    assert len(merged) == 240
    named = merged[merged["kind"] == "named"]
    differ = named["stance_first"] != named["stance_second"]
    assert differ.sum() == 18
    assert (named.loc[differ, "stance_final"] == "thanks").all() and (named.loc[~differ, "stance_third"] == "").all()
    assert (named["stance_final"].where(~differ, "plain") == named["stance_first"]).all()
    assert (named["whose_final"] == named["whose_first"]).all() and (named["whose_third"] == "").all()
    assert (named[[name for name in named if name.startswith("sense")]] == "").all(axis=None)
    assert (merged.loc[merged["kind"] == "leaning", "sense_final"] != "").all()


def test_codes_are_opened_with_speech_and_status(opened, merged, study):
    table = rhetoric.coded(opened)
    assert set(table["status"]) == {"machine-coded"} and len(table) == len(merged)
    assert (table["segment_id"].str.startswith(study.focus)).all() and table["speaker"].ne("").all()
    assert set(rhetoric.coded(opened, "leaning")["kind"]) == {"leaning"}
    assert "stance_third" in rhetoric.coded(opened, passes=True) and "stance_third" not in table
    with pytest.raises(corpus.DataError, match="no codes of kind 'mood'"):
        rhetoric.coded(opened, "mood")
    with pytest.raises(corpus.DataError, match="no codes of FRA"):
        rhetoric.coded(opened, state="FRA")


def test_codes_of_another_segmentation_are_refused(opened):
    path = opened.study.folder / "machine-codes.csv"
    table = pd.read_csv(path, keep_default_na=False).assign(segmentation="00000000")
    table.to_csv(path, index=False)
    with pytest.raises(corpus.DataError, match="other segments than when they were coded"):
        rhetoric.coded(corpus.load(opened.study.folder))


def test_repeatability_is_what_was_planted(opened):
    table = rhetoric.repeatability(opened, n=200)
    assert table.loc[("named", "stance"), "equal"] == pytest.approx(0.9)
    assert table.loc[("named", "whose"), "equal"] == 1 and np.isnan(table.loc[("named", "whose"), "equal_low"])
    assert table.loc[("leaning", "sense"), "alpha"] == 1
    # One coder says one value only: agreement beyond chance is none, however much they agree.
    assert table.loc[("named", "stance"), "kappa"] == pytest.approx(0)
    one = table.loc[("named", "stance")]
    assert one["equal_low"] <= one["equal"] <= one["equal_high"]


def test_alpha_is_that_of_the_room_of_its_own():
    rng = np.random.default_rng(3)
    one, other = rng.choice(list("abc"), (2, 90), p=[0.6, 0.3, 0.1])
    other = np.where(rng.random(90) < 0.7, one, other)
    found_ = codes.agreement(pd.Series(one), pd.Series(other), np.repeat(range(30), 3), n=300)
    assert found_["alpha"] == pytest.approx(rhetoric.alpha([one, other]))
    assert found_["alpha_low"] < found_["alpha"] < found_["alpha_high"]
    sklearn = pytest.importorskip("sklearn.metrics")
    assert found_["kappa"] == pytest.approx(sklearn.cohen_kappa_score(one, other))


def test_a_category_is_machine_coded_until_people_have_read_it(opened, study):
    d = rhetoric.Dictionary.read(study.folder / "dictionary.yml")
    read = d.machine_coded(rhetoric.coded(opened, "leaning"))
    assert read.name("balance") == "balance (machine-coded)" and read.name("region") == "region (unvalidated)"
    assert d.name("balance") == "balance (unvalidated)"
    table = pd.DataFrame({"precision": [0.9], "alpha": [0.8], "mark": [d.fingerprint("balance")]}, ["balance"])
    assert read.validated(table).name("balance") == "balance"
    with pytest.raises(rhetoric.DictionaryError, match="was coded and is no entry now"):
        rhetoric.Dictionary({"balance": ["even"]}).machine_coded(rhetoric.coded(opened, "leaning"))
    with pytest.raises(rhetoric.DictionaryError, match="no codes of hits"):
        d.machine_coded(table)


def test_people_who_say_as_the_machine_confirm_it(opened, folder, merged, key):
    people = folder / "people" / "aru"
    people.mkdir(parents=True)
    final = key.merge(merged, on=list(found.KEYS))
    final = final[final["kind"] == "named"].set_index("row")
    codes_ = final[[f"{code}_final" for code in ("whose", "stance", "action")]]
    codes_ = codes_.rename(columns=lambda name: name.removesuffix("_final"))
    codes_.to_csv(people / "named_part1.csv")
    same = validation.against_machine(opened, {"aru": people / "named_part1.csv"}, folder / "secret" / "key.csv", n=50)
    used = same[same["machine"] > 0]
    assert (used["precision"] == 1).all() and (used["recall"] == 1).all() and same["alpha_people"].isna().all()
    # A second reader for whom nothing is ever thanked, and whose word is final.
    (folder / "people" / "final").mkdir()
    codes_.replace({"stance": {"thanks": "plain"}}).to_csv(folder / "people" / "final" / "named_part1.csv")
    both = {"aru": people / "named_part1.csv", "adjudicated": folder / "people" / "final" / "named_part1.csv"}
    other = validation.against_machine(opened, both, folder / "secret" / "key.csv", n=50)
    assert other.loc[("named", "stance", "thanks"), "precision"] == 0
    assert np.isnan(other.loc[("named", "stance", "thanks"), "recall"])
    assert other.loc[("named", "stance", "plain"), "recall"] == pytest.approx(162 / 180)
    with pytest.raises(CodingError, match="no filled sheets"):
        validation.against_machine(opened, {}, folder / "secret" / "key.csv")


SPOILED = {
    "is no value": lambda table: table.replace({"stance": {"plain": "glad"}}),
    "'' is no value": lambda table: table.assign(whose=""),
    "is there twice": lambda table: pd.concat([table, table.iloc[:1]]),
    "more are missing": lambda table: table.iloc[3:],
    "is not of this sheet": lambda table: table.replace({"row": {table["row"].iat[0]: "rzzzz"}}),
    "they must be row,whose,stance,action": lambda table: table.drop(columns="action"),
}


@pytest.mark.parametrize("said", SPOILED)
def test_a_sheet_that_does_not_fit_is_refused_in_one_line(folder, key, book, said):
    path = folder / "passB" / "named_part1.csv"
    SPOILED[said](pd.read_csv(path)).to_csv(path, index=False)
    with pytest.raises(CodingError, match=said) as error:
        merge.merge(folder / "passA", folder / "passB", folder / "third", key, book)
    assert "\n" not in str(error.value)


def test_passes_and_third_reading_must_fit_each_other(folder, key, book):
    passes = folder / "passA", folder / "passB"
    path = folder / "third" / "named_part1.csv"
    whole = pd.read_csv(path)
    whole.iloc[1:].to_csv(path, index=False)
    with pytest.raises(CodingError, match="lacks row"):
        merge.merge(*passes, folder / "third", key, book)
    agreed = pd.read_csv(passes[0] / "named_part1.csv").iloc[[1]]
    pd.concat([whole, agreed]).to_csv(path, index=False)
    with pytest.raises(CodingError, match="though the passes agree in it"):
        merge.merge(*passes, folder / "third", key, book)
    path.unlink()
    with pytest.raises(CodingError, match="differ in 18 rows"):
        merge.merge(*passes, folder / "third", key, book)
    (passes[1] / "named_part1.csv").unlink()
    with pytest.raises(CodingError, match="in one pass only"):
        merge.merge(*passes, folder / "third", key, book)


def test_the_command_writes_what_differs_and_the_table(folder, tmp_path, data, study, capsys):
    own = tmp_path / "own"
    shutil.copytree(study.folder, own)
    assert command.main(["codes", "third", str(folder), "--study", str(own)]) == 0
    assert len(pd.read_csv(folder / "differing" / "named_part1.csv")) == 18
    assert not (folder / "differing" / "leanings_part1.csv").exists()
    assert command.main(["codes", "merge", str(folder), "--study", str(own)]) == 0, capsys.readouterr().err
    assert "wrote 240 codes" in capsys.readouterr().out
    assert len(rhetoric.coded(corpus.load(own))) == 240


def test_a_codebook_says_what_it_lacks(tmp_path, book):
    with pytest.raises(CodingError, match=r"lacks .*task"):
        Codebook({"version": 1})
    (tmp_path / "codebook.yml").write_text("version: 1\n", encoding="utf-8")
    with pytest.raises(CodingError, match=r"codebook\.yml lacks"):
        Codebook.read(tmp_path / "codebook.yml")
    with pytest.raises(CodingError, match="cannot be read"):
        Codebook.read(tmp_path / "none.yml")
    with pytest.raises(CodingError, match="no kind 'mood'"):
        book.codes("mood")
    content = {**book.about, "kinds": {"named": {**book.about["kinds"]["named"]}}}
    content["kinds"]["named"]["examples"] = [
        {"context": "A", "whose": "mine", "stance": "plain", "action": "no", "why": "B"}
    ]
    with pytest.raises(CodingError, match=r"\['whose'\] wrong"):
        Codebook(content)


def test_the_instruction_says_every_value_and_what_to_return(book):
    for kind in book.kinds:
        assert f"`row,{','.join(book.codes(kind))}`" in book.instruction
        for values in book.kinds[kind].values():
            assert all(f"- `{value}`: " in book.instruction for value in values)
