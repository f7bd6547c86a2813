"""Counting the texts: a made-up corpus, recounted here by other means."""

import random
import re
import shutil
import tarfile
import unicodedata
from collections import Counter
from hashlib import sha256

import pandas as pd
import pytest
from invented import DOCUMENTS

from manyvectors import corpus
from manyvectors.build import archive, count, documents, fetch, verify, write
from manyvectors.corpus import tables

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

    def __init__(self, speeches, phrases, nodes, profiled, keep):
        rough = {doc_id: _roughly_clean(raw) for doc_id, raw in sorted(speeches.items()) if doc_id[-4:] >= "1992"}
        elsewhere = " ".join(re.sub(r"\S*\0\S*", "", body) for body in rough.values())
        known = Counter(self.words(elsewhere))
        self.breaks = Counter()
        self.texts = {doc_id: " ".join(self._mend(body, known).split()) for doc_id, body in rough.items()}
        self.tokens = {doc_id: self.words(body) for doc_id, body in self.texts.items()}
        self.terms = {doc_id: Counter(tokens) for doc_id, tokens in self.tokens.items()}
        self.documents = Counter(term for found in self.terms.values() for term in found)
        self.total = sum(self.terms.values(), Counter())
        kept = sum((n for doc_id, n in self.terms.items() if doc_id[:-8] in keep), Counter())
        self.common = {term for term, n in self.documents.items() if n >= 3}
        self.kept = self.common | set(kept)
        self.phrases = {(d, p): n for d, body in self.texts.items() for p in phrases if (n := len(self.find(p, body)))}
        own = {d: body for d, body in self.texts.items() if d[:-8] in profiled}
        self.segments = {
            f"{doc_id}_{number:02d}": segment
            for doc_id, body in own.items()
            for number, segment in enumerate(self._segments(body), start=1)
        }
        self.collocates = Counter(
            (doc_id, node, word)
            for doc_id, body in own.items()
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


def _recount(fake, study):
    phrases, nodes = tables.read("phrases", fake.world), tables.read("nodes", study.folder)
    return Recount(fake.speeches, list(phrases["phrase"]), list(nodes["node"]), study.profiled, study.keep_words)


@pytest.fixture(scope="module")
def recount(shared_fake):
    return _recount(shared_fake, shared_fake.study)


def _named(cells, **names):
    """Turn a table of cells into a dict, with names in place of positions."""
    columns = [pd.Index(names[column])[cells[column]] for column in cells.columns.drop("count")]
    assert not cells.duplicated(list(cells.columns.drop("count"))).any()
    return dict(zip(zip(*columns, strict=True), cells["count"], strict=True))


def test_documents(shared_fake, made, recount):
    rostrum = made["documents"].set_index("doc_id")
    assert list(rostrum.index) == sorted(recount.texts)
    assert "era" not in rostrum  # it is the study's to say
    for doc_id, row in rostrum.iterrows():
        terms = recount.terms[doc_id]
        rare = {term: n for term, n in terms.items() if term not in recount.common}
        expected = (terms.total(), len(terms), sum(rare.values()), len(rare))
        assert tuple(row[["tokens", "terms", "rare_tokens", "rare_terms"]]) == expected
        assert row["sha256"] == sha256(shared_fake.speeches[doc_id]).hexdigest()
        assert (row["state"], row["session"], row["year"]) == (doc_id[:-8], int(doc_id[-7:-5]), int(doc_id[-4:]))
        assert row["source_file"] == f"{doc_id}.txt"
    others = made["other-documents"].set_index("doc_id")
    assert list(others.index) == [*DOCUMENTS, "POST_001", "POST_002"]
    assert others["date"][-2:].tolist() == ["2013-05-01", "2012"]
    for doc_id, row in others.iterrows():
        entry = shared_fake.study.documents[doc_id]
        assert row["sha256"] == sha256((shared_fake.other / entry["file"]).read_bytes()).hexdigest()
        assert (row["register"], row["year"], row["grade"]) == (entry["register"], entry["year"], entry["grade"])
        assert (row["state"], row["date"]) == ("FRA", entry.get("date", str(entry["year"])))


@pytest.mark.parametrize(
    ("doc_id", "speaker", "post", "rank"),
    [
        ("KAZ_47_1992", "Ms. Aru Tasova", "Minister for Foregn Affairs", "minister"),  # the first of two rows
        ("EU_66_2011", "Mr. Quay", "President of the European Council", "head of government"),
        ("KGZ_69_2014", "Ms. Aral", "", "unknown"),
        ("USA_47_1992", "", "", "unknown"),
    ],
)
def test_speakers_of_speeches(made, doc_id, speaker, post, rank):
    row = made["documents"].set_index("doc_id").loc[doc_id]
    if doc_id == "EU_66_2011":  # who presides a council is for archive.rank to say, and for its own test
        rank = archive.rank(post)
    assert (row["speaker"], row["post"], row["rank"]) == (speaker, post, rank)


def test_table_of_speakers(made):
    speakers = made["speakers"]
    assert len(speakers) == 8
    assert speakers["year"].min() == 1992
    assert list(speakers.loc[speakers["state"] == "KAZ", "speaker"]) == [
        "Ms. Aru Tasova",
        "Zzz Second Row",
        "Mr. Tasov",
    ]


def test_vocabulary_and_terms(made, recount):
    vocabulary = made["rostrum-vocabulary"].set_index("term")
    assert list(vocabulary.index) == sorted(recount.common, key=lambda term: (-recount.documents[term], term))
    for name, counted in {"documents": recount.documents, "tokens": recount.total}.items():
        assert vocabulary[name].to_dict() == {term: counted[term] for term in recount.common}
    found = _named(made["rostrum-terms"], document=made["documents"]["doc_id"], term=vocabulary.index)
    assert found == {(d, t): n for d, terms in recount.terms.items() for t, n in terms.items() if t in recount.common}


def test_the_floor(made, recount):
    kept = set(made["rostrum-vocabulary"]["term"])
    assert recount.documents["zephyrs"] == 2 and recount.documents["quoinstones"] == 1
    assert not {"zephyrs", "quoinstones"} & kept
    assert {"nan", "null", "none", "true", "inf"} <= kept


def _joined(made):
    """The terms by position: the world's, then the study's."""
    return [*made["rostrum-vocabulary"]["term"], *made["extra-terms"]["term"].drop_duplicates()]


def _extra(made):
    return list(made["extra-terms"].itertuples(index=False, name=None))


def test_a_study_keeps_the_words_of_the_states_it_names(made, recount):
    order = sorted(recount.kept - recount.common, key=lambda term: (-recount.documents[term], term))
    assert "quoinstones" in order and "zephyrs" not in order
    # Of every state that says them, not only of the one they are kept for.
    assert _extra(made) == [
        (doc_id, term, terms[term]) for term in order for doc_id, terms in sorted(recount.terms.items()) if terms[term]
    ]


@pytest.mark.parametrize(("keep", "kept"), [("", set()), ("USA", {"zephyrs", "levees"}), ("KGZ FRA", {"zephyrs"})])
def test_another_study_keeps_the_words_of_its_own(fake, made, keep, kept):
    focus = {"focus": "USA", "name": "United States", "profiled": ["FRA"]}
    study = fake.write_study(fake.data / "canals", keep_words=keep.split(), **focus)
    other = count.build(fake.texts, fake.world, study, fake.other)
    recount = _recount(fake, study)
    assert {term for _, term, _ in _extra(other.study)} == recount.kept - recount.common >= kept
    assert all(other.world[name].equals(made[name]) for name in other.world)  # the world is the same
    write.write(fake.world, study.folder, other)
    c = corpus.load(study, fake.data)
    m = c.terms()
    assert m.counts.sum() + c.documents["rare_tokens"].sum() == sum(n.total() for n in recount.terms.values())
    assert set(m.vocabulary) == recount.kept == set(c.terms(unit="segment").vocabulary)
    assert {t: m[t]["USA_47_1992"] for t in kept} == {t: recount.terms["USA_47_1992"][t] for t in kept}
    assert c.vocabulary["focus"].to_dict() == {t: recount.terms["USA_47_1992"][t] for t in m.vocabulary}


def test_phrases(made, shared_fake, recount):
    registered = tables.read("phrases", shared_fake.world)["phrase"]
    found = _named(made["rostrum-phrases"], document=made["documents"]["doc_id"], phrase=registered)
    assert found == recount.phrases
    never = set(registered) - {phrase for _, phrase in found}
    assert never == {"never said", "no 5"}  # every other pattern was put to the test


def test_segments_and_their_terms(made, recount):
    segments = made["rostrum-segments"].set_index("segment_id")
    assert list(segments.index) == list(recount.segments)
    assert {d: (segments["doc_id"] == d).sum() for d in ("KAZ_47_1992", "KGZ_69_2014")}["KAZ_47_1992"] > 1
    words = {segment_id: Counter(recount.words(body)) for segment_id, body in recount.segments.items()}
    assert segments["tokens"].to_dict() == {s: n.total() for s, n in words.items()}
    rare = {s: sum(k for term, k in n.items() if term not in recount.kept) for s, n in words.items()}
    assert segments["rare_tokens"].to_dict() == rare
    found = _named(made["rostrum-segment-terms"], segment=segments.index, term=_joined(made))
    assert found == {(s, term): k for s, n in words.items() for term, k in n.items() if term in recount.kept}


def test_collocates(made, shared_fake, recount):
    names = {
        "document": made["documents"]["doc_id"],
        "node": tables.read("nodes", shared_fake.study.folder)["node"],
        "term": _joined(made),
    }
    found = _named(made["rostrum-collocates"], **names)
    assert found == {key: n for key, n in recount.collocates.items() if key[2] in recount.kept}
    assert {node for _, node, _ in found} == set(names["node"])


def test_hyphens(made, recount):
    hyphens = made["hyphens"].set_index(["left", "right"])
    found = hyphens.set_index(["as_one", "hyphenated", "joined"], append=True)["times"].to_dict()
    assert found == recount.breaks
    # Unknown as one word, known as one, and known as both but less often as one.
    assert hyphens.loc[[("well", "being"), ("inter", "national"), ("reading", "room")], "joined"].tolist() == [
        *(False, True, False)
    ]


def test_years(made, shared_fake):
    years = made["rostrum-years"].set_index("year")
    assert years["speeches"].to_dict() == Counter(int(doc_id[-4:]) for doc_id in shared_fake.speeches)
    assert years["session"].to_dict() == {1991: 46, 1992: 47, 2011: 66, 2014: 69}
    # With a soft hyphen; with a hyphen and with a space, but in one speech; in capitals.
    assert years["spoken_by"].to_dict() == {1991: "FRA", 1992: "", 2011: "", 2014: "KAZ KGZ"}
    assert years["multi_vector"].to_dict() == {1991: 1, 1992: 0, 2011: 0, 2014: 2}


def test_other_documents(made, shared_fake):
    phrases = tables.read("phrases", shared_fake.world)["phrase"]
    rows = made["other-documents"].set_index("doc_id")
    terms, counted = of_others(made), made["other-phrases"]
    for place, (doc_id, (_, body)) in enumerate(documents.texts(shared_fake.other, shared_fake.study).items()):
        body = re.sub(r"(?m)^[#\[].*$", "", body)  # headings and notes of the copy, in an act
        body = " ".join(_roughly_clean(body.encode()).split())
        expected = Counter(Recount.words(body))
        own = terms[terms["doc_id"] == doc_id]
        assert dict(zip(own["term"], own["count"], strict=True)) == expected
        assert rows.loc[doc_id, "tokens"] == expected.total()
        own = counted[counted["document"] == place].set_index("phrase")["count"]
        found = own.reindex(range(len(phrases)), fill_value=0).tolist()
        english = rows.loc[doc_id, "language"] == "en"
        assert found == [len(Recount.find(p, body)) if english else 0 for p in phrases]


def of_others(made):
    """Return the cells of other-terms with names in place of positions."""
    cells = made["other-terms"]
    names = {"doc_id": made["other-documents"]["doc_id"].to_numpy()[cells["document"]]}
    return pd.DataFrame(names | {"term": made["other-vocabulary"]["term"].to_numpy()[cells["term"]]}).assign(
        count=cells["count"]
    )


def test_report(made, recount):
    report = made["report"].set_index("what")
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
        archive.SPEAKERS: next(fake.texts.rglob(archive.SPEAKERS)).read_bytes(),
    }
    for name, raw in (odd | good).items():
        (tmp_path / "all" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "all" / name).write_bytes(raw)
    packed = tmp_path / "UNGDC.tar.gz"
    with tarfile.open(packed, "w:gz") as tar:
        tar.add(tmp_path / "all", "UNGDC")
    fetched = fetch.fetch_ungdc(tmp_path, from_file=packed, progress=False)
    one, other = (count.build(path, fake.world, fake.study, fake.other) for path in (fetched, packed))
    assert all(one.world[name].equals(table) for name, table in other.world.items())
    assert all(one.study[name].equals(table) for name, table in other.study.items())


def test_two_letter_codes(made):
    assert made["documents"].set_index("doc_id").loc["EU_66_2011", ["state", "title"]].tolist() == [
        "EU",
        "European Union in the General Debate of 2011",
    ]


# --- The same tables again --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_files_does_not_matter(fake, made, seed):
    files = [path for path in fake.texts.rglob("*") if path.is_file()]
    random.Random(seed).shuffle(files)
    packed = fake.texts.with_suffix(".tar.gz")
    with tarfile.open(packed, "w:gz") as tar:
        for path in files:
            tar.add(path, f"UNGDC/{path.relative_to(fake.texts)}")
    other = count.build(packed, fake.world, fake.study, fake.other)
    for name, table in (other.world | other.study).items():
        pd.testing.assert_frame_equal(made[name], table, obj=name)


def test_two_builds_are_equal_byte_for_byte(package, monkeypatch):
    monkeypatch.setattr(count, "BATCH", 3)  # how the speeches are shared out must not matter
    assert verify.verify(package.texts, package.world, package.study, package.other) == []


def test_sections_of_the_extract(made, shared_fake):
    """Each section holds its heading; together they hold all that is counted of the extract."""
    body = documents.texts(shared_fake.other, shared_fake.study)["CHARTER_2012"][1]
    marks = DOCUMENTS["CHARTER_2012"]["sections"]
    parts = re.split("|".join(f"(?m:^(?={mark}))" for mark in marks.values()), body)[-2:]
    found = {
        section: own.set_index("term")["count"].to_dict() for section, own in made["extract-terms"].groupby("section")
    }
    assert list(made["extract-terms"]["section"].unique()) == list(marks)
    assert found == {name: Counter(Recount.words(part)) for name, part in zip(marks, parts, strict=True)}
    terms = of_others(made)
    whole = terms[terms["doc_id"] == "CHARTER_2012"].set_index("term")["count"].to_dict()
    assert sum(map(Counter, found.values()), Counter()) == whole


def test_carrying_over_the_other_documents(package):
    shutil.rmtree(package.other)
    assert verify.verify(package.texts, package.world, package.study) == []
    # Fewer phrases need nothing new.
    package.edit(package.world / "phrases.csv", "never said,invented\n", "")
    fewer = count.build(package.texts, package.world, package.study)
    assert "never said" not in fewer.names["phrases",]


def test_the_made_up_package_can_be_loaded(package, recount):
    c = corpus.load(package.study, package.data)
    m = c.terms(state="KAZ", unit="segment")
    for term in ("nan", "null", "none", "canal"):
        counted = [recount.words(body).count(term) for s, body in recount.segments.items() if s.startswith("KAZ")]
        assert m[term].tolist() == counted
    assert c.phrases().loc["KAZ_69_2014", "multi-vector*"] == 1
    assert corpus.load(package.study, package.data, package.texts).check_texts().empty
