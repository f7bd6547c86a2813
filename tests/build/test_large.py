"""Counting texts of one's own to tables: the same counts as of texts in memory, whoever counts them and however cut."""

import json
import os
import sys
import zipfile
from collections import Counter
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from killed import killed_at
from own_speeches import speeches
from strategies import few

from manyvectors import __main__, compare, corpus, text, topics
from manyvectors.build import batch, crew, large, spill
from manyvectors.corpus import DataError, entries, files, tables

PHRASES = ["lock and", "the *", "canal", "inter-national", "international water"]
BROKEN = "The inter-\nnational wa-\nter of the well-\nbeing. International water, and well-being!"


def texts_of(n=30):
    many = [speeches(language, n // 3).assign(language=language) for language in ("english", "russian", "kazakh")]
    frame = pd.concat(many, ignore_index=True)
    frame["doc_id"] = [f"s{i:02d}" for i in range(len(frame))]
    frame.loc[::7, "text"] = [f"{BROKEN} {body}" for body in frame.loc[::7, "text"]]
    frame["weight"] = [i / 4 for i in range(len(frame))]
    frame.loc[3, "party"] = None
    return frame


def source(tmp_path, kind):
    """Write the same speeches in a form that people have them in; return where."""
    frame, path = texts_of(), tmp_path / f"speeches.{kind}"
    if kind == "csv":
        frame.to_csv(path, index=False)
    elif kind == "parquet":
        frame.to_parquet(path)
    else:
        folder = tmp_path / "folder"
        for row in frame.itertuples():
            (folder / row.language).mkdir(parents=True, exist_ok=True)
            (folder / row.language / f"{row.doc_id}.txt").write_text(row.text, encoding="utf-8")
        if kind == "folder":
            return folder
        with zipfile.ZipFile(path, "w") as archive:
            for file in sorted(folder.rglob("*.txt")):
                archive.write(file, file.relative_to(tmp_path))
    return path


def content(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def left(folder):
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("kind", ["folder", "zip", "csv", "parquet"])
def test_tables_hold_what_the_texts_hold(tmp_path, kind):
    path = source(tmp_path, kind)
    done = large.counts(path, tmp_path / "counts", phrases=PHRASES, workers=1)
    opened, own = corpus.load(tmp_path / "counts"), corpus.read(path)
    pd.testing.assert_frame_equal(opened.documents, own.documents, check_dtype=False)
    m, n = opened.terms(), own.terms()
    assert m.vocabulary.equals(n.vocabulary) and (m.counts != n.counts).nnz == 0
    assert {"international", "water", "well-being"} <= set(m.vocabulary) and "inter-national" not in m.vocabulary
    pd.testing.assert_frame_equal(opened.phrases(PHRASES), own.phrases(PHRASES))
    where = {"folder": "english"} if kind in ("folder", "zip") else {"party": "mill"}
    pd.testing.assert_frame_equal(opened.phrases(["canal"], where=where), own.phrases(["canal"], where=where))
    assert done["documents"] == len(own.documents) and done["tokens"] == n.counts.sum() and not left(tmp_path)
    vocabulary = tables.read("vocabulary", tmp_path / "counts")
    assert vocabulary["documents"].tolist() == (n.counts > 0).sum(axis=0).A1.tolist()
    assert vocabulary["tokens"].tolist() == n.counts.sum(axis=0).A1.tolist()


def test_methods_take_them(tmp_path):
    path = source(tmp_path, "csv")
    large.counts(path, tmp_path / "counts", workers=1)
    opened, own = corpus.load(tmp_path / "counts"), corpus.read(path)
    found = [compare.keyness(c.terms(), c.documents["party"], n=9) for c in (opened, own)]
    pd.testing.assert_frame_equal(*found)
    recipe = topics.Recipe(drop=(), min_share=0.1)
    models = [topics.TopicModel(3, recipe=recipe).fit(c.terms()) for c in (opened, own)]
    assert np.array_equal(models[0].components_, models[1].components_)


bodies = few | st.lists(
    st.sampled_from(
        ["lock", "Lock-\nkeeper", "lockkeeper", "Шлюз", "гос-\nударство", "государство", "O‘zbek", "null", "1"]
    ),
    min_size=1,
    max_size=9,
).map(" ".join)


@settings(max_examples=25)
@given(st.lists(bodies, min_size=1, max_size=9), st.data())
def test_how_texts_are_cut_into_parts_leaves_no_trace(tmp_path_factory, raws, data):
    kept = [raw for raw in raws if not entries.fault_of(raw)]
    if not kept:
        return
    folder = tmp_path_factory.mktemp("cut")
    pd.DataFrame({"text": kept}).to_parquet(folder / "texts.parquet")
    whole, cut = folder / "whole", folder / "cut" / "whole"
    options = {"phrases": ["lock", "шлюз lock*"], "workers": 1, "floor": data.draw(st.integers(1, 3))}
    large.counts(folder / "texts.parquet", whole, **options)
    size = st.integers(1, 30)
    with (
        patch.object(files, "ROWS", data.draw(size)),
        patch.object(files, "CHARACTERS", data.draw(size)),
        patch.object(batch, "TOGETHER", data.draw(size)),
        patch.multiple(spill, PENDING=data.draw(size), AT_ONCE=data.draw(size)),
    ):
        large.counts(folder / "texts.parquet", cut, **options)
    assert content(whole) == content(cut)
    cleaned = text.clean_all(kept)
    counted = [Counter(text.tokenise(body)) for body in cleaned]
    number = Counter(term for counts in counted for term in counts)
    terms = sorted(term for term, n in number.items() if n >= options["floor"])
    m = corpus.load(whole).terms()
    assert m.vocabulary.tolist() == terms
    assert m.counts.toarray().tolist() == [[counts[term] for term in terms] for counts in counted]
    assert m.rows["tokens"].tolist() == [sum(counts.values()) for counts in counted]
    assert corpus.load(whole).phrases(["lock"])["lock"].tolist() == [
        text.count_phrases(body, ["lock"])["lock"] for body in cleaned
    ]


def test_groups_of_cells_do_not_follow_the_parts(tmp_path, monkeypatch):
    path = source(tmp_path, "csv")
    monkeypatch.setattr(spill, "GROUP", 7)
    large.counts(path, tmp_path / "a" / "counts", phrases=PHRASES, workers=1)
    monkeypatch.setattr(files, "ROWS", 4)
    large.counts(path, tmp_path / "b" / "counts", phrases=PHRASES, workers=1)
    assert content(tmp_path / "a" / "counts") == content(tmp_path / "b" / "counts")
    assert (corpus.load(tmp_path / "a" / "counts").terms().counts != corpus.read(path).terms().counts).nnz == 0


def test_words_that_a_reader_of_tables_takes_for_nothing(tmp_path):
    frame = pd.DataFrame({"doc_id": ["007", "nan"], "text": ["null nan none NA", "inf true null"], "code": ["01", ""]})
    frame.to_csv(tmp_path / "a.csv", index=False)
    large.counts(tmp_path / "a.csv", tmp_path / "counts", workers=1)
    opened = corpus.load(tmp_path / "counts")
    assert opened.terms().vocabulary.tolist() == ["inf", "na", "nan", "none", "null", "true"]
    assert opened.documents.index.tolist() == ["007", "nan"] and opened.documents["code"].tolist() == ["01", None]


def test_rare_terms_are_left_out_and_counted(tmp_path):
    pd.DataFrame({"text": ["a lock, a weir", "a lock"], "rare_terms": [7, 8]}).to_csv(tmp_path / "a.csv", index=False)
    large.counts(tmp_path / "a.csv", tmp_path / "counts", floor=2, workers=1)
    opened = corpus.load(tmp_path / "counts")
    assert opened.terms().vocabulary.tolist() == ["a", "lock"]
    rows = opened.documents[["tokens", "terms", "rare_tokens", "rare_terms", "own_rare_terms"]]
    assert rows.to_numpy().tolist() == [[4, 3, 1, 1, 7], [2, 2, 0, 0, 8]]


def test_columns_from_a_table_beside_the_files(tmp_path):
    folder, about = source(tmp_path, "folder"), tmp_path / "about.csv"
    names = [file.relative_to(folder).as_posix() for file in folder.rglob("*.txt")]
    pd.DataFrame({"doc_id": names, "length": [len(name) for name in names]}).to_csv(about, index=False)
    large.counts(folder, tmp_path / "counts", about=about, workers=1)
    expected = corpus.read(folder, about=about).documents
    pd.testing.assert_frame_equal(corpus.load(tmp_path / "counts").documents, expected, check_dtype=False)


def test_every_table_keeps_its_description(tmp_path):
    folder = source(tmp_path, "folder")
    (folder / "english" / "empty.txt").write_text(" ")
    large.counts(folder, tmp_path / "counts", errors="skip", phrases=PHRASES, workers=1)
    names = ["documents", "hyphens", "phrase-counts", "phrases", "skipped", "terms", "vocabulary"]
    assert tables.names(tmp_path / "counts") == names
    for name in names[1:]:  # the rules for the book's own documents are others
        assert len(tables.read(name, tmp_path / "counts", None, False))
    assert all(tables.unchanged(name, tmp_path / "counts") for name in names)
    package = json.loads((tmp_path / "counts" / "datapackage.json").read_text(encoding="utf-8"))
    assert package["counted"]["floor"] == 1 and "licenses" not in package
    assert tables.table("terms", tmp_path / "counts").names().keys() == {"document", "term"}


# What is refused, and what is left ------------------------------------------------------------------------------------


def test_what_cannot_be_read(tmp_path):
    folder = source(tmp_path, "folder")
    (folder / "english" / "odd.txt").write_bytes("Ж".encode("cp1251") * 9)
    with pytest.raises(DataError, match=r"english/odd\.txt"):
        large.counts(folder, tmp_path / "counts", workers=1)
    assert not (tmp_path / "counts").exists() and not left(tmp_path)
    done = large.counts(folder, tmp_path / "counts", errors="skip", workers=1)
    assert [place for place, _ in done["skipped"]] == ["english/odd.txt"]
    assert corpus.load(tmp_path / "counts").skipped["file"].tolist() == ["english/odd.txt"]
    with pytest.raises(DataError, match="none is left"):
        large.counts(folder / "english" / "odd.txt", tmp_path / "none", errors="skip", workers=1)


def test_the_command_speaks_of_its_options(tmp_path, capsys):
    """Whoever types a command is not told of arguments of Python."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "odd.txt").write_bytes("Колодец у моста опять сухой.".encode("cp1251"))
    assert __main__.main(["counts", str(tmp_path / "texts"), "--out", str(tmp_path / "counts")]) == 1
    said = capsys.readouterr().err
    assert "--encoding cp1251" in said and "--errors skip" in said and "=" not in said


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda out: out.write_text("mine"), "is no folder"),
        (lambda out: (out.mkdir(), (out / "mine.txt").write_text("mine")), "is there and holds no counts"),
        (
            lambda out: (large.counts(out.parent / "speeches.csv", out, workers=1), (out / "mine.txt").touch()),
            "also holds 'mine.txt'",
        ),
    ],
)
def test_a_folder_of_another_kind_is_left_alone(tmp_path, prepare, said):
    path, out = source(tmp_path, "csv"), tmp_path / "counts"
    prepare(out)
    before = content(out) if out.is_dir() else out.read_text()
    with pytest.raises(DataError, match=said):
        large.counts(path, out, workers=1)
    assert before == (content(out) if out.is_dir() else out.read_text())


def test_counts_are_not_written_among_the_texts(tmp_path):
    folder = source(tmp_path, "folder")
    with pytest.raises(DataError, match="inside the folder that is read"):
        large.counts(folder, folder / "counts", workers=1)


def test_counts_are_replaced_whole(tmp_path):
    path, out = source(tmp_path, "csv"), tmp_path / "new" / "counts"
    out.mkdir(parents=True)  # an empty folder will do
    large.counts(path, out, phrases=PHRASES, workers=1, scratch=tmp_path / "scratch")
    assert not (tmp_path / "scratch").exists() and (out / "phrases.csv").is_file()
    large.counts(path, out, workers=1)
    assert not (out / "phrases.csv").exists() and not left(out.parent)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"floor": 0}, "floor must be a whole number from 1 up"),
        ({"workers": 0}, "workers must be"),
        ({"phrases": ["... !"]}, "no phrase"),
        ({"text": "body"}, "no column 'body'"),
        ({"errors": "ignore"}, "errors must be"),
        ({"scheduler": 8786}, "scheduler must be"),
    ],
)
def test_options_without_sense(tmp_path, options, said):
    path = source(tmp_path, "csv")
    with pytest.raises(DataError, match=said):
        large.counts(path, tmp_path / "counts", **({"workers": 1} | options))
    assert [file.name for file in tmp_path.iterdir()] == ["folder"] * (path.name == "folder") + ["speeches.csv"]


def test_half_of_a_character_is_named(tmp_path):
    part = files.Part(tmp_path, (files.Entry("x", "x", "lock \udc80", {}),))
    with pytest.raises(DataError, match="x holds half of a character"):
        batch.count(part)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_kill_leaves_nothing_that_the_next_run_does_not_clear(tmp_path, capsys):
    pd.DataFrame({"text": ["a lock", "a weir"]}).to_csv(tmp_path / "old.csv", index=False)
    path, out = source(tmp_path, "csv"), tmp_path / "counts"
    large.counts(path, tmp_path / "expected" / "counts", phrases=PHRASES, workers=1)
    large.counts(tmp_path / "old.csv", out, workers=1)
    old, new = content(out), content(tmp_path / "expected" / "counts")
    step = 1
    while killed_at(step, lambda: large.counts(path, out, phrases=PHRASES, workers=1)):
        if out.exists():
            assert content(out) in (old, new)
        large.counts(tmp_path / "old.csv", out, workers=1)
        assert content(out) == old and not left(tmp_path)
        step += 3
    assert step > 20 and content(out) == new


# Who counts -----------------------------------------------------------------------------------------------------------


def test_several_processes_count_the_same(tmp_path, monkeypatch):
    path = source(tmp_path, "folder")
    large.counts(path, tmp_path / "one" / "counts", phrases=PHRASES, workers=1)
    monkeypatch.setattr(files, "FILES", 4)
    large.counts(path, tmp_path / "two" / "counts", phrases=PHRASES, workers=2)
    assert content(tmp_path / "one" / "counts") == content(tmp_path / "two" / "counts")


def test_a_zip_of_many_files_is_opened_few_times(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for i in range(30):
            archive.writestr(f"{i:02d}.txt", f"lock {i}")
    monkeypatch.setattr(files, "FILES", 1)
    monkeypatch.setattr(files, "MOST_OPENED", 7)
    assert [len(part.entries) for part in files.parts(tmp_path / "a.zip")] == [4] * 7 + [2]


def test_few_jobs_are_under_way_at_once():
    begun, ended = [], []

    class Job:
        def __init__(self, n):
            begun.append(n)
            self.n = n

        def result(self):
            ended.append(self.n)
            assert len(begun) - len(ended) <= crew.AHEAD * 3
            return self.n

        def cancel(self):
            ended.append(self.n)

    hands = crew.Crew(3, lambda function, n: Job(function(n)))
    assert list(hands.map(abs, ((n,) for n in range(50)))) == list(range(50))
    few_done = hands.map(abs, ((n,) for n in range(50)))
    next(few_done)
    few_done.close()
    assert sorted(begun) == sorted(ended)  # what nobody waits for is called off


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip("distributed", reason="needs dask: pip install 'manyvectors[cluster]'")
    import dask

    spawned = {"distributed.worker.multiprocessing-method": "spawn", "distributed.comm.timeouts.connect": "60s"}
    with (
        dask.config.set(spawned),
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as made,
    ):
        yield made


@pytest.mark.parametrize("kind", ["folder", "zip", "csv"])
def test_a_cluster_writes_the_same_tables(tmp_path, cluster, monkeypatch, kind):
    path = source(tmp_path, kind)
    large.counts(path, tmp_path / "here" / "counts", phrases=PHRASES, workers=1)
    monkeypatch.setattr(files, "FILES", 4)
    monkeypatch.setattr(files, "ROWS", 4)
    options = {"phrases": PHRASES, "scheduler": cluster.scheduler_address}
    done = large.counts(path, tmp_path / "there" / "counts", **options)
    assert content(tmp_path / "here" / "counts") == content(tmp_path / "there" / "counts")
    assert done["documents"] == 30 and not left(tmp_path / "there")
    (tmp_path / "empty.csv").write_text("doc_id,text\na,lock\nb,\n")
    with pytest.raises(DataError, match=r"row 3 holds no word"):
        large.counts(tmp_path / "empty.csv", tmp_path / "none", scheduler=cluster.scheduler_address)


def test_workers_that_would_count_otherwise_are_refused(tmp_path, cluster, monkeypatch):
    monkeypatch.setattr(batch, "__version__", "0.0.1")
    with pytest.raises(DataError, match=r"the worker at tcp://.* has manyvectors .*, and here is manyvectors 0\.0\.1"):
        large.counts(source(tmp_path, "csv"), tmp_path / "counts", scheduler=cluster.scheduler_address)
    assert not left(tmp_path)


def test_no_scheduler(tmp_path, monkeypatch):
    pytest.importorskip("distributed", reason="needs dask: pip install 'manyvectors[cluster]'")
    path = source(tmp_path, "csv")
    monkeypatch.setattr(crew, "ANSWER", "1s")
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        with pytest.raises(DataError, match=f"no dask scheduler answers at {address}"):
            large.counts(path, tmp_path / "counts", scheduler=address)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(DataError, match=r"pip install 'manyvectors\[cluster\]'"):
        large.counts(path, tmp_path / "counts", scheduler="tcp://127.0.0.1:9")


# The command line -----------------------------------------------------------------------------------------------------


def test_the_command(tmp_path, capsys):
    path, listed = source(tmp_path, "csv"), tmp_path / "phrases.txt"
    listed.write_text("canal\n\nthe lock\n", encoding="utf-8")
    command = ["counts", str(path), "--out", str(tmp_path / "counts"), "--workers", "1"]
    assert __main__.main([*command, "--phrases", str(listed), "--floor", "2"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("counted 30 documents, ") and f"corpus.load({str(tmp_path / 'counts')!r})" in said.out
    assert not said.err  # no bar where nobody watches
    assert corpus.load(tmp_path / "counts").phrases(["canal"])["canal"].sum() > 0
    with pytest.raises(DataError, match="'weir' was not counted with these texts"):
        corpus.load(tmp_path / "counts").phrases(["weir"])
    for wrong in (["--doc-id", "name"], ["--phrases", str(tmp_path / "no.txt")], ["--errors", "skip", "--text", "x"]):
        assert __main__.main([*command, *wrong]) == 1
        assert capsys.readouterr().err.startswith("error: ")
    assert __main__.main(["counts", str(tmp_path / "none"), "--out", str(tmp_path / "counts")]) == 1


@pytest.mark.parametrize("kind", ["folder", "zip", "csv", "parquet"])
def test_a_bar_for_whoever_watches(tmp_path, capsys, monkeypatch, kind):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert (
        __main__.main(["counts", str(source(tmp_path, kind)), "--out", str(tmp_path / "counts"), "--workers", "1"]) == 0
    )
    shown = capsys.readouterr().err
    assert "30.0/30.0" in shown and "documents/s" in shown and "M characters" in shown
