"""Building, writing and verifying the tables: on a made-up corpus, recounted here by other means."""

import random
import re
import shutil
import tarfile
import unicodedata
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest
from manyvectors.sources import SourceError

from manyvectors import corpus, counts, download, schemas, sources
from manyvectors.__main__ import main

WORD = r"[^\W\d_]+(?:[-'’][^\W\d_]+)*"


# --- A second count, from the definitions alone -----------------------------------------------------------------------


def _roughly_clean(raw):
    """Clean a speech but for words broken at a line end, whose hyphens become NUL."""
    plain = unicodedata.normalize("NFKC", raw.decode("utf-8-sig"))
    plain = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "\n", plain).replace("\u2010", "-")
    plain = plain.replace("Kazakstan", "Kazakhstan").replace("KAZAKSTAN", "KAZAKHSTAN")
    return re.sub(r"(?<=\w)-[ \t]*\n\s*(?=\w)", "\0", plain)


class Recount:
    """Tokens, phrases, segments and collocates of the speeches since 1992."""

    def __init__(self, speeches, phrases, nodes):
        rough = {doc_id: _roughly_clean(raw) for doc_id, raw in sorted(speeches.items()) if doc_id[-4:] >= "1992"}
        elsewhere = " ".join(re.sub(r"\S*\0\S*", "", body) for body in rough.values())
        known = Counter(self.words(elsewhere))
        self.breaks = Counter()
        self.texts = {doc_id: " ".join(self._mend(body, known).split()) for doc_id, body in rough.items()}
        self.tokens = {doc_id: self.words(body) for doc_id, body in self.texts.items()}
        self.terms = {doc_id: Counter(tokens) for doc_id, tokens in self.tokens.items()}
        self.documents = Counter(term for found in self.terms.values() for term in found)
        self.total = sum(self.terms.values(), Counter())
        self.kazakhstan = sum((n for doc_id, n in self.terms.items() if doc_id.startswith("KAZ")), Counter())
        self.kept = {term for term, n in self.documents.items() if n >= 3} | set(self.kazakhstan)
        self.phrases = {(d, p): n for d, body in self.texts.items() for p in phrases if (n := len(self.find(p, body)))}
        profiled = {d: body for d, body in self.texts.items() if d[:-8] in sources.PROFILED}
        self.segments = {
            f"{doc_id}_{number:02d}": segment
            for doc_id, body in profiled.items()
            for number, segment in enumerate(self._segments(body), start=1)
        }
        self.collocates = Counter(
            (doc_id, node, word)
            for doc_id, body in profiled.items()
            for node in nodes
            for begin, end in self.find(node, body)
            for word in self._around(body, begin, end)
        )

    def _mend(self, body, known):
        first, *rest = body.split("\0")
        for piece in rest:
            left, right = re.search(r"[^\W\d_]*$", first)[0].lower(), re.match(r"[^\W\d_]*", piece)[0].lower()
            joined = bool(left and right) and known[left + right] > known[f"{left}-{right}"]
            if left and right:
                self.breaks[left, right, known[left + right], known[f"{left}-{right}"], joined] += 1
            # "\1" and "\2" hold the place, so that the left part of the next break does not grow over this one.
            first += ("\1" if joined else "\2") + piece
        return first.replace("\1", "").replace("\2", "-")

    @classmethod
    def _around(cls, body, begin, end):
        # By characters, since a node need not end with a token ("lock" in "lock's").
        spans = [match.span() for match in re.finditer(WORD, body)]
        left, right = [s for s in spans if s[1] <= begin][-5:], [s for s in spans if s[0] >= end][:5]
        return [cls.words(body[start:stop])[0] for start, stop in left + right]

    @staticmethod
    def words(body):
        return [word.replace("’", "'").lower() for word in re.findall(WORD, body)]

    @staticmethod
    def find(phrase, body):
        pattern = re.escape(phrase).replace(r"\*", r"[\w-]*").replace("'", "['’]")
        return [match.span() for match in re.finditer(rf"(?<![\w-]){pattern}(?![\w-])", body.lower())]

    def _segments(self, body):
        """Pack sentences by stepping through the words."""
        segments, sentence, sentences = [], [], []
        chunks = body.split(" ")
        for chunk, following in zip(chunks, [*chunks[1:], None], strict=True):
            sentence.append(chunk)
            bare = chunk.rstrip("\"'”’)]")
            ends = bare.endswith((".", "!", "?")) and following and re.match(r"[\"'“‘(\[]*[A-Z0-9À-Þ]", following)
            if not following or (ends and not re.fullmatch(r"[\"(]*(Mr|No|[A-Z])\.", bare)):
                sentences.append(" ".join(sentence))
                sentence = []
        for sentence in sentences:
            if not segments or len(self.words(segments[-1])) >= 120:
                segments.append(sentence)
            else:
                segments[-1] += " " + sentence
        if len(segments) > 1 and len(self.words(segments[-1])) < 60:
            segments[-2:] = [" ".join(segments[-2:])]
        return segments


@pytest.fixture(scope="module")
def tables(shared_fake):
    return counts.build(shared_fake.texts, shared_fake.data, shared_fake.other)


@pytest.fixture(scope="module")
def recount(shared_fake):
    phrases, nodes = (schemas.read(name, shared_fake.data).iloc[:, 0] for name in ("phrases", "nodes"))
    return Recount(shared_fake.speeches, list(phrases), list(nodes))


@pytest.fixture
def package(fake, tables):
    """The made-up corpus with its tables written."""
    counts.write(tables, fake.data)
    return fake


def _named(cells, **names):
    """Turn a table of cells into a dict, with names in place of positions."""
    columns = [pd.Index(names[column])[cells[column]] for column in cells.columns.drop("count")]
    assert not cells.duplicated(list(cells.columns.drop("count"))).any()
    return dict(zip(zip(*columns, strict=True), cells["count"], strict=True))


def test_documents(shared_fake, tables, recount):
    documents = tables["documents"].set_index("doc_id")
    rostrum = documents[documents["register"] == "rostrum"]
    assert list(rostrum.index) == sorted(recount.texts) == list(documents.index[: len(rostrum)])
    assert list(documents.index[len(rostrum) :]) == list(sources.OTHER)
    for doc_id, row in rostrum.iterrows():
        terms = recount.terms[doc_id]
        rare = {term: n for term, n in terms.items() if term not in recount.kept}
        expected = (terms.total(), len(terms), sum(rare.values()), len(rare))
        assert tuple(row[["tokens", "terms", "rare_tokens", "rare_terms"]]) == expected
        assert row["sha256"] == sha256(shared_fake.speeches[doc_id]).hexdigest()
        assert (row["state"], row["session"], row["year"]) == (doc_id[:-8], int(doc_id[-7:-5]), int(doc_id[-4:]))
        assert row["source_file"] == f"{doc_id}.txt"
    for doc_id, row in documents.iloc[len(rostrum) :].iterrows():
        entry = sources.OTHER[doc_id]
        assert row["sha256"] == sha256((shared_fake.other / entry["file"]).read_bytes()).hexdigest()
        assert (row["register"], row["year"], row["grade"]) == (entry["register"], entry["year"], entry["grade"])


@pytest.mark.parametrize(
    ("doc_id", "speaker", "post", "rank"),
    [
        ("KAZ_47_1992", "Ms. Aru Tasova", "Minister for Foregn Affairs", "minister"),  # the first of two rows
        ("EU_66_2011", "Mr. Quay", "President of the European Council", "head of government"),
        ("KGZ_69_2014", "Ms. Aral", "", "unknown"),
        ("USA_47_1992", "", "", "unknown"),
    ],
)
def test_speakers_of_speeches(tables, doc_id, speaker, post, rank):
    row = tables["documents"].set_index("doc_id").loc[doc_id]
    if doc_id == "EU_66_2011":  # who presides a council is for sources.rank to say, and for its own test
        rank = sources.rank(post)
    assert (row["speaker"], row["post"], row["rank"]) == (speaker, post, rank)


def test_table_of_speakers(tables):
    speakers = tables["speakers"]
    assert len(speakers) == 8
    assert speakers["year"].min() == 1992
    assert list(speakers.loc[speakers["state"] == "KAZ", "speaker"]) == [
        "Ms. Aru Tasova",
        "Zzz Second Row",
        "Mr. Tasov",
    ]


def test_vocabulary_and_terms(tables, recount):
    vocabulary = tables["rostrum-vocabulary"].set_index("term")
    assert set(vocabulary.index) == recount.kept
    assert list(vocabulary.index) == sorted(recount.kept, key=lambda term: (-recount.documents[term], term))
    for name in ("documents", "tokens", "kazakhstan"):
        counted = {"documents": recount.documents, "tokens": recount.total, "kazakhstan": recount.kazakhstan}[name]
        assert vocabulary[name].to_dict() == {term: counted[term] for term in recount.kept}
    found = _named(tables["rostrum-terms"], document=tables["documents"]["doc_id"], term=vocabulary.index)
    assert found == {(d, t): n for d, terms in recount.terms.items() for t, n in terms.items() if t in recount.kept}


def test_the_floor(tables, recount):
    kept = set(tables["rostrum-vocabulary"]["term"])
    assert recount.documents["zephyrs"] == 2 and "zephyrs" not in kept  # in two speeches, neither of Kazakhstan
    assert recount.documents["quoinstones"] == 1 and "quoinstones" in kept  # in one, of Kazakhstan
    assert {"nan", "null", "none", "true", "inf"} <= kept


def test_phrases(tables, shared_fake, recount):
    registered = schemas.read("phrases", shared_fake.data)["phrase"]
    found = _named(tables["rostrum-phrases"], document=tables["documents"]["doc_id"], phrase=registered)
    assert found == recount.phrases
    never = set(registered) - {phrase for _, phrase in found}
    assert never == {"never said", "no 5"}  # every other pattern was put to the test


def test_segments_and_their_terms(tables, recount):
    segments = tables["rostrum-segments"].set_index("segment_id")
    assert list(segments.index) == list(recount.segments)
    assert {d: (segments["doc_id"] == d).sum() for d in ("KAZ_47_1992", "KGZ_69_2014")}["KAZ_47_1992"] > 1
    words = {segment_id: Counter(recount.words(body)) for segment_id, body in recount.segments.items()}
    assert segments["tokens"].to_dict() == {s: n.total() for s, n in words.items()}
    rare = {s: sum(k for term, k in n.items() if term not in recount.kept) for s, n in words.items()}
    assert segments["rare_tokens"].to_dict() == rare
    found = _named(tables["rostrum-segment-terms"], segment=segments.index, term=tables["rostrum-vocabulary"]["term"])
    assert found == {(s, term): k for s, n in words.items() for term, k in n.items() if term in recount.kept}


def test_collocates(tables, shared_fake, recount):
    names = {
        "document": tables["documents"]["doc_id"],
        "node": schemas.read("nodes", shared_fake.data)["node"],
        "term": tables["rostrum-vocabulary"]["term"],
    }
    found = _named(tables["rostrum-collocates"], **names)
    assert found == {key: n for key, n in recount.collocates.items() if key[2] in recount.kept}
    assert {node for _, node, _ in found} == set(names["node"])


def test_hyphens(tables, recount):
    hyphens = tables["hyphens"].set_index(["left", "right"])
    found = hyphens.set_index(["as_one", "hyphenated", "joined"], append=True)["times"].to_dict()
    assert found == recount.breaks
    # Unknown as one word, known as one, and known as both but less often as one.
    assert hyphens.loc[[("well", "being"), ("inter", "national"), ("reading", "room")], "joined"].tolist() == [
        *(False, True, False)
    ]


def test_years(tables, shared_fake):
    years = tables["rostrum-years"].set_index("year")
    assert years["speeches"].to_dict() == Counter(int(doc_id[-4:]) for doc_id in shared_fake.speeches)
    assert years["session"].to_dict() == {1991: 46, 1992: 47, 2011: 66, 2014: 69}
    # With a soft hyphen; with a hyphen and with a space, but in one speech; in capitals.
    assert years["spoken_by"].to_dict() == {1991: "FRA", 1992: "", 2011: "", 2014: "KAZ KGZ"}
    assert years["multi_vector"].to_dict() == {1991: 1, 1992: 0, 2011: 0, 2014: 2}


def test_other_documents(tables, shared_fake):
    phrases = schemas.read("phrases", shared_fake.data)["phrase"]
    documents = tables["documents"].set_index("doc_id")
    terms, counted = tables["other-terms"], tables["other-phrases"]
    for doc_id, (_, body) in sources.other_texts(shared_fake.other).items():
        body = " ".join(_roughly_clean(body.encode()).split())
        expected = Counter(Recount.words(body))
        own = terms[terms["doc_id"] == doc_id]
        assert dict(zip(own["term"], own["count"], strict=True)) == expected
        assert documents.loc[doc_id, "tokens"] == expected.total()
        own = counted[counted["doc_id"] == doc_id]
        assert list(zip(own["phrase"], own["count"], strict=True)) == [(p, len(Recount.find(p, body))) for p in phrases]


def test_report(tables, recount):
    report = tables["report"].set_index("what")
    rare = [term for term in recount.documents if term not in recount.kept]
    assert report["count"].to_dict() == {
        "left out: AppleDouble file": 2,
        "left out: hidden file": 1,
        "left out: other file": 3,
        "left out: second file of the same name": 1,
        "second rows of one speaker's key, first kept": 1,
        "rows of the table of speakers without a speech": 1,
        "files with a byte order mark": 1,
        "files with Windows line ends": 1,
        "files changed by Unicode NFKC": 1,
        "control characters": 3,  # two carriage returns, one form feed
        "spellings of Kazakstan": 3,
        "words or numbers broken at a line end": 6,
        "of these, rejoined without the hyphen": 1,
        "numbers, which are not tokens": sum(len(re.findall(r"\d[\d.,]*", body)) for body in recount.texts.values()),
        "terms under the floor, left out of the tables": len(rare),
        "tokens under the floor": sum(recount.total[term] for term in rare),
        "speeches without a row in the table of speakers": 1,
        "speakers whose post is not given": 2,
    }
    examples = {
        "second rows of one speaker's key, first kept": "KAZ_47_1992",
        "rows of the table of speakers without a speech": "FRA_70_2015",
        "files with a byte order mark": "FRA_47_1992",
        "of these, rejoined without the hyphen": "international",
        "speeches without a row in the table of speakers": "USA_47_1992",
    }
    assert report.loc[list(examples), "example"].to_dict() == examples


def test_a_fetched_folder_gives_the_tables_of_its_archive(fake, tmp_path):
    speech = "TXT/Session 47 - 1992/KAZ_47_1992.txt"
    odd = {"TXT/Session 47 - 1992/._KAZ_47_1992.txt": b"1", "TXT/.Rhistory": b"2", "README.txt": b"3"}
    good = {
        speech: fake.speeches["KAZ_47_1992"],
        sources.SPEAKERS: next(fake.texts.rglob(sources.SPEAKERS)).read_bytes(),
    }
    for name, raw in (odd | good).items():
        (tmp_path / "all" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "all" / name).write_bytes(raw)
    archive = tmp_path / "UNGDC.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(tmp_path / "all", "UNGDC")
    fetched = download.fetch_ungdc(tmp_path, from_file=archive, progress=False)
    tables = [counts.build(path, fake.data, fake.other) for path in (fetched, archive)]
    assert all(tables[0][name].equals(tables[1][name]) for name in schemas.DERIVED)


def test_two_letter_codes(tables):
    assert tables["documents"].set_index("doc_id").loc["EU_66_2011", ["state", "title"]].tolist() == [
        "EU",
        "European Union in the General Debate of 2011",
    ]


# --- The same tables again --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_files_does_not_matter(fake, tables, seed):
    files = [path for path in fake.texts.rglob("*") if path.is_file()]
    random.Random(seed).shuffle(files)
    archive = fake.texts.with_suffix(".tar.gz")
    with tarfile.open(archive, "w:gz") as tar:
        for path in files:
            tar.add(path, f"UNGDC/{path.relative_to(fake.texts)}")
    packed = counts.build(archive, fake.data, fake.other)
    assert packed.keys() == tables.keys() == set(schemas.DERIVED)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(packed[name], table, obj=name)


def _bytes(folder):
    return {path.relative_to(folder): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


def test_two_builds_are_equal_byte_for_byte(package, monkeypatch):
    before = _bytes(package.data)
    monkeypatch.setattr(counts, "BATCH", 3)  # how the speeches are shared out must not matter
    counts.write(counts.build(package.texts, package.data, package.other), package.data)
    assert _bytes(package.data) == before
    assert counts.verify(package.texts, package.data, package.other) == []


def test_sections_of_the_extract(tables, shared_fake):
    """Each section holds its heading; together they hold all that is counted of the extract."""
    body = sources.other_texts(shared_fake.other)[sources.EXTRACT][1]
    marks = sources.OTHER[sources.EXTRACT]["sections"]
    parts = re.split("|".join(f"(?m:^(?={mark}))" for mark in marks.values()), body)[-4:]
    found = {
        section: own.set_index("term")["count"].to_dict() for section, own in tables["extract-terms"].groupby("section")
    }
    assert list(tables["extract-terms"]["section"].unique()) == list(marks)
    assert found == {name: Counter(Recount.words(part)) for name, part in zip(marks, parts, strict=True)}
    terms = tables["other-terms"]
    whole = terms[terms["doc_id"] == sources.EXTRACT].set_index("term")["count"].to_dict()
    assert sum(map(Counter, found.values()), Counter()) == whole


def test_carrying_over_the_other_documents(package):
    before = _bytes(package.data)
    shutil.rmtree(package.other)
    counts.write(counts.build(package.texts, package.data), package.data)
    assert _bytes(package.data) == before
    # Fewer phrases need nothing new.
    _edit(package.data / "phrases.csv", "never said,invented\n", "")
    tables = counts.build(package.texts, package.data)
    assert "never said" not in set(tables["other-phrases"]["phrase"])


def test_the_made_up_package_can_be_loaded(package, recount):
    c = corpus.load(package.data)
    m = c.terms(state="KAZ", unit="segment")
    for term in ("nan", "null", "none", "canal"):
        counted = [recount.words(body).count(term) for s, body in recount.segments.items() if s.startswith("KAZ")]
        assert m[term].tolist() == counted
    assert c.phrases().loc["KAZ_69_2014", "multi-vector*"] == 1
    assert corpus.load(package.data, package.texts).check_texts().empty


# --- Writing all or nothing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["rostrum-terms", "report"])
def test_a_table_that_cannot_be_written_leaves_the_folder_alone(package, tables, name):
    class Unwritable:
        def __str__(self):
            raise OSError("disk full")

    before = _bytes(package.data)
    tables = {key: table.iloc[:1].copy() for key, table in tables.items()}
    tables[name] = tables[name].astype(object)
    tables[name].iloc[0, 0] = Unwritable()
    with pytest.raises(Exception):  # noqa: B017 -- whichever library stumbles first
        counts.write(tables, package.data)
    assert _bytes(package.data) == before
    assert not [path for path in package.data.iterdir() if path.is_dir()]


def test_an_error_while_files_are_put_in_place_leaves_the_folder_alone(package, tables, monkeypatch):
    before = _bytes(package.data)
    tables = {key: table.iloc[:1] for key, table in tables.items()}
    replace, left = Path.replace, iter([True] * 4 + [False])

    def stumble(self, target):
        if not next(left, True):
            raise PermissionError(13, "is open in another program", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", stumble)
    with pytest.raises(PermissionError):
        counts.write(tables, package.data)
    assert _bytes(package.data) == before


# --- Verifying --------------------------------------------------------------------------------------------------------


def _edit(path, old, new):
    content = path.read_text(encoding="utf-8")
    assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in {path.name}"
    path.write_text(content.replace(old, new), encoding="utf-8", newline="\n")


def _verify(package):
    return counts.verify(package.texts, package.data, package.other)


def test_verify_names_a_cell_of_a_parquet_table(package, tables):
    table = tables["rostrum-terms"].copy()
    place = table.index[(table["document"] == 3) & (table["count"] > 1)][0]
    old = int(table.loc[place, "count"])
    table.loc[place, "count"] = old + 7
    counts._write_parquet(table, package.data / "rostrum-terms.parquet")
    doc_id = tables["documents"]["doc_id"][3]
    term = tables["rostrum-vocabulary"]["term"][table.loc[place, "term"]]
    said = f"rostrum-terms: {doc_id} / {term}: count: shipped {old + 7}, rebuilt {old}"
    assert _verify(package) == [said]


def test_verify_names_rows_too_few_and_too_many(package, tables):
    counts._write_parquet(tables["rostrum-phrases"].iloc[1:], package.data / "rostrum-phrases.parquet")
    _edit(package.data / "other-terms.csv", "KAZNU_2016,canal,", "KAZNU_2016,canoe,")
    found = _verify(package)
    assert [line.split(":")[0] for line in found] == ["other-terms", "other-terms", "rostrum-phrases"]
    assert any(
        re.fullmatch(r"other-terms: KAZNU_2016 / canal: count: shipped nothing, rebuilt .*\d.*", x) for x in found
    )
    assert any(
        re.fullmatch(r"other-terms: KAZNU_2016 / canoe: count: shipped .*\d.*, rebuilt nothing", x) for x in found
    )


def test_verify_names_a_cell_of_a_csv_table(package):
    _edit(package.data / "speakers.csv", "Mr. Pont", "Mr. Bridge")
    _edit(package.data / "documents.csv", "Ms. Aru Tasova", "Ms. Arua Tasova")
    found = _verify(package)
    said = "documents: KAZ_47_1992: speaker: shipped 'Ms. Arua Tasova', rebuilt 'Ms. Aru Tasova'"
    assert found[0] == said
    assert any(line.startswith("speakers: 1992 / FRA / Mr. Bridge") for line in found)


def test_verify_says_how_many_more(package, tables):
    table = tables["rostrum-terms"].assign(count=99)
    counts._write_parquet(table, package.data / "rostrum-terms.parquet")
    found = _verify(package)
    assert len(found) == 6
    assert found[-1] == f"rostrum-terms: and {len(table) - 5} more"


@pytest.mark.parametrize("name", ["rostrum-terms.parquet", "hyphens.csv", "datapackage.json"])
def test_verify_names_a_missing_file(package, name):
    (package.data / name).unlink()
    assert _verify(package) == [f"{name}: missing from {package.data}"]


@pytest.mark.parametrize("name", ["rostrum-terms.parquet", "rostrum-segments.csv", "datapackage.json"])
@pytest.mark.parametrize("garbage", [b"", b"\xff\xfe garbage \x00" * 9], ids=["empty", "bytes"])
def test_verify_names_a_file_of_garbage(package, name, garbage):
    (package.data / name).write_bytes(garbage)
    found = _verify(package)
    assert len(found) >= 1
    assert all(line.startswith((name.rpartition(".")[0], "rostrum-segment-terms")) for line in found)


# --- Errors -----------------------------------------------------------------------------------------------------------


def _not_utf8(fake):
    path = fake.texts / "TXT" / "Session 69 - 2014" / "FRA_69_2014.txt"
    path.write_bytes(b"caf\xe9 on the canal")


def _old_layout(fake):
    fake.write_spreadsheet(fake.texts / sources.SPEAKERS, [["Year", "Name"], [1992, "Ms. Tasova"]])


def _empty(fake):
    shutil.rmtree(fake.texts)
    fake.texts.mkdir()


def _truncate(fake):
    archive = fake.texts.with_suffix(".tar.gz")
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(fake.texts, "UNGDC")
    archive.write_bytes(archive.read_bytes()[:2000])
    fake.texts = archive


MISTAKES = [
    pytest.param(_empty, r"holds no speech since 1992 named like KAZ_47_1992\.txt", id="empty folder"),
    pytest.param(
        lambda fake: (fake.texts / sources.SPEAKERS).unlink(),
        r"texts holds no Speakers_by_session\.xlsx",
        id="no table of speakers",
    ),
    pytest.param(_old_layout, r"Speakers_by_session\.xlsx has no column \['Country'", id="another table of speakers"),
    pytest.param(
        lambda fake: (fake.texts / sources.SPEAKERS).write_bytes(b"not a spreadsheet"),
        r"Speakers_by_session\.xlsx",
        id="a table of speakers that is none",
    ),
    pytest.param(_truncate, r"texts\.tar\.gz is not a readable archive", id="truncated archive"),
    pytest.param(lambda fake: shutil.rmtree(fake.texts), "no texts at", id="nothing there"),
    pytest.param(_not_utf8, r"FRA_69_2014.*not UTF-8.*0xe9", id="a speech in another encoding"),
    pytest.param(
        lambda fake: _edit(fake.data / "states.csv", "KGZ,Kyrgyzstan\n", ""),
        r"states\.csv has no name for \['KGZ'\]",
        id="state without a name",
    ),
    pytest.param(lambda fake: (fake.data / "nodes.csv").unlink(), r"nodes\.csv cannot be used", id="registry missing"),
    pytest.param(
        lambda fake: _edit(fake.data / "phrases.csv", "phrase,lists", "phrase,list"),
        r"phrases\.csv cannot be used",
        id="registry of another layout",
    ),
    pytest.param(
        lambda fake: _edit(fake.data / "phrases.csv", "never said,", "*,"),
        "'\\*' is not a phrase",
        id="phrase without a letter",
    ),
    pytest.param(lambda fake: shutil.rmtree(fake.other), "CONCEPT_2020_EXTRACT: no file", id="no other documents"),
]


@pytest.mark.parametrize(("spoil", "said"), MISTAKES)
def test_clear_errors(fake, spoil, said):
    spoil(fake)
    with pytest.raises(SourceError, match=said):
        counts.build(fake.texts, fake.data, fake.other)


def test_a_new_phrase_must_be_counted_in_the_other_documents_too(package):
    with (package.data / "phrases.csv").open("a", encoding="utf-8") as file:
        file.write("brand new,invented\n")
    with pytest.raises(SourceError, match=r"1 phrases \(such as 'brand new'\) never counted.*--other"):
        counts.build(package.texts, package.data)


def test_nothing_to_carry_over(fake):
    with pytest.raises(SourceError, match=r"documents\.csv is missing, so the five other documents cannot"):
        counts.build(fake.texts, fake.data)


# --- The command line -------------------------------------------------------------------------------------------------


def _arguments(command, fake, other=True):
    places = ["--texts", str(fake.texts), "--data", str(fake.data)]
    return [command, *places, *(["--other", str(fake.other)] if other else [])]


def test_commands(fake, capsys):
    assert main(_arguments("data", fake)) == 0
    assert f"wrote {len(schemas.DERIVED)} tables to {fake.data}" in capsys.readouterr().out
    assert main(_arguments("verify", fake, other=False)) == 0
    assert capsys.readouterr().out == "every table equals its rebuild, byte for byte\n"
    _edit(fake.data / "speakers.csv", "Ms. Aral,", "Ms. Aral,Poet")
    assert main(_arguments("verify", fake)) == 1
    said = capsys.readouterr().out.splitlines()
    assert said == ["speakers: 2014 / KGZ / Ms. Aral: post: shipped 'Poet', rebuilt ''", "1 lines differ"]


@pytest.mark.parametrize("command", ["data", "verify"])
@pytest.mark.parametrize(("spoil", "said"), MISTAKES)
def test_commands_print_an_error_once(fake, capsys, command, spoil, said):
    spoil(fake)
    before = _bytes(fake.data)
    assert main(_arguments(command, fake)) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.fullmatch(rf"error: [^\n]*{said}[^\n]*\n", printed.err)
    assert _bytes(fake.data) == before


def test_unusable_arguments(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["verify"])
    assert stopped.value.code == 2
    assert "--texts" in capsys.readouterr().err
