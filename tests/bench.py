"""Speed and memory, side by side with a standard tool. Run by ``make bench``; not collected by ``make test``.

The build is compared with scikit-learn's CountVectorizer on the same decoded texts, in pairs: each pair runs within
a few seconds on the same machine in the same state, so that the ratio holds where single times would not.
"""

import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import nbformat
import numpy as np
import pandas as pd
import pytest
from nbclient import NotebookClient
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

from manyvectors import claims, compare, corpus, inference, practice, text, topics
from manyvectors import study as studies
from manyvectors.build import archive, count, write
from manyvectors.corpus import TermMatrix

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
LINES = []

# VmHWM and not getrusage: that would start from the size of the process that forked this one.
BUILD = """
import os
import re
from pathlib import Path
from manyvectors import study
from manyvectors.build import count, write
write.write(WORLD, STUDY, count.build(TEXTS, WORLD, study.read(STUDY)))
children = [path.read_text().split() for path in Path("/proc/self/task").glob("*/children")]
pids = [os.getpid(), *(pid for found in children for pid in found)]
peaks = [re.search(r"VmHWM:\\s+(\\d+) kB", Path(f"/proc/{pid}/status").read_text()) for pid in pids]
print(max(int(peak[1]) for peak in peaks if peak) / 1024)
"""
LOAD = """
import time
from manyvectors import corpus
began = time.perf_counter()
c = corpus.load(data=DATA)
c.documents, c.terms(state="KAZ")
print(time.perf_counter() - began)
"""


@pytest.fixture(scope="module", autouse=True)
def report(request):
    """Print what the tests noted, as one table at the end."""
    yield
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print("\n")
        for what, value in LINES:
            print(f"  {what:58s} {value:>22s}")


def note(what, value):
    LINES.append((what, value))


def _run(code, **values):
    """Run a piece of code in a fresh interpreter and return the number it prints."""
    for name, value in values.items():
        code = code.replace(name, repr(str(value)))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return float(done.stdout)


def _seconds(function):
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


@pytest.fixture
def folders(data, study, tmp_path):
    """A copy of the shipped data, to be written over: folders of the world and of the study."""
    shutil.copytree(data, tmp_path / "data")
    return tmp_path / "data/world", tmp_path / "data" / study.folder.name


def test_build_against_count_vectorizer(texts, folders):
    world, study = folders
    # Those that the build counts, not all that it reads.
    since = studies.read(study).first_year
    bodies = [raw.decode("utf-8-sig") for _, raw in archive.speeches(texts, first_year=since)]

    def build():
        write.write(world, study, count.build(texts, world, studies.read(study)))

    def vectorise():
        CountVectorizer().fit_transform(bodies)

    build(), vectorise()  # warm: files in memory, patterns compiled
    pairs = [(_seconds(build), _seconds(vectorise)) for _ in range(ROUNDS)]
    note("archive to all tables (median, s)", f"{median(ours for ours, _ in pairs):.2f}")
    note("CountVectorizer on the decoded texts (median, s)", f"{median(theirs for _, theirs in pairs):.2f}")
    ratios = sorted(ours / theirs for ours, theirs in pairs)
    note("  ratio within pairs (median, range)", f"{median(ratios):.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f})")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc, which only Linux has")
def test_peak_memory_of_a_build(texts, folders):
    world, study = folders
    note("peak memory of a build, largest process (MB)", f"{_run(BUILD, TEXTS=texts, WORLD=world, STUDY=study):.0f}")


def test_load(benchmark, data):
    def load():
        c = corpus.load(data=data)
        return c.documents, c.terms(state="KAZ")

    documents, matrix = benchmark.pedantic(load, rounds=10, warmup_rounds=1)
    assert (len(documents), len(matrix.rows)) == (6209, 33)
    first = min(_run(LOAD, DATA=data) for _ in range(ROUNDS))
    assert first < 1
    note("documents and Kazakhstan's matrix, new process (best, s)", f"{first:.2f}")
    note("the same again, new Corpus (median, s)", f"{benchmark.stats.stats.median:.2f}")


@pytest.mark.parametrize(
    ("what", "piece"), [("initials", "A. B. "), ("a chain of initials", "A."), ("brackets", '.")"'), ("quotes", "!“")]
)
def test_sentences_take_time_in_proportion_to_their_text(what, piece):
    short, long = (
        min(_seconds(lambda n=n: text.sentence_spans(piece * n)) for _ in range(3)) for n in (50_000, 400_000)
    )
    note(f"sentences of {what}, 8 times as long (times)", f"{long / short:.1f}")
    assert long < 20 * short


KS, SEEDS = (5, 10, 15, 20), range(20)


def _gensim(kept):
    """Fit gensim's LdaModel at its defaults: one pass over the segments."""
    models = pytest.importorskip("gensim.models", reason="`make bench` installs gensim")
    counts, words = kept.counts, dict(enumerate(kept.vocabulary))
    documents = [list(zip(row.indices.tolist(), row.data.tolist(), strict=True)) for row in counts]
    for k in KS:
        for seed in SEEDS:
            model = models.LdaModel(documents, num_topics=k, id2word=words, random_state=seed)
            yield [[word for word, _ in model.show_topic(topic, topics.TOP)] for topic in range(k)]


def _tomotopy(kept, iterations):
    """Fit tomotopy's LDAModel; 100 iterations are those of its documentation, 1,000 those of its own example file."""
    tomotopy = pytest.importorskip("tomotopy", reason="`make bench` installs tomotopy")
    words = kept.vocabulary.tolist()
    documents = [
        [words[i] for i, n in zip(row.indices, row.data, strict=True) for _ in range(n)] for row in kept.counts
    ]
    for k in KS:
        for seed in SEEDS:
            model = tomotopy.LDAModel(k=k, seed=seed)
            for document in documents:
                model.add_doc(document)
            model.train(iterations)
            yield [[word for word, _ in model.get_topic_words(topic, topics.TOP)] for topic in range(k)]


def test_topic_sweep_against_gensim_and_tomotopy(data):
    """80 fits each, on the same words; ours with all metrics and the null left out, theirs without any metric."""
    m = corpus.load(data=data).terms(state="KAZ", unit="segment")
    kept = topics.Recipe().apply(m)
    topics.select_k(m, [2], 5)  # warm
    began = time.perf_counter()
    scores = topics.select_k(m, KS, SEEDS)
    ours = time.perf_counter() - began
    note("sweep of 80 fits, all metrics, all cores (s)", f"{ours:.1f}")
    note("  NPMI, mean of the fits", f"{scores['coherence_npmi'].mean():.3f}")
    for name, fits in (
        ("gensim LDA, one pass", _gensim(kept)),
        ("tomotopy LDA, 100 iterations", _tomotopy(kept, 100)),
        ("tomotopy LDA, 1,000 iterations", _tomotopy(kept, 1000)),
    ):
        began = time.perf_counter()
        found = list(fits)
        theirs = time.perf_counter() - began
        npmi = sum(topics.coherence(lists, m).mean() for lists in found) / len(found)
        note(f"{name}: 80 fits (s), ours / theirs", f"{theirs:.1f}, {ours / theirs:.2f}")
        note("  NPMI, mean of the fits", f"{npmi:.3f}")


def _bursty(documents, terms):
    """Draw speeches with few common terms and many rare ones; each is said once at least, or it would not count."""
    rng = np.random.default_rng(0)
    rates = 5e-3 / np.linspace(1, 1000, terms) * rng.gamma(0.5, 2, (documents, terms))
    tokens = rng.integers(1200, 3200, documents)
    found = rng.poisson(tokens[:, None] * rates)
    found[rng.integers(documents, size=terms), np.arange(terms)] += 1
    rows = pd.DataFrame({"tokens": np.maximum(tokens, found.sum(axis=1))})
    return TermMatrix(rows, pd.Index([f"w{i:05d}" for i in range(terms)], name="term"), sparse.csr_matrix(found))


def _term_by_term(m, second, n):
    """Do as keyness does, with numpy, one term at a time: the same draws for all terms, the same prior and ends."""
    rng, tokens = np.random.default_rng(0), m.rows["tokens"].to_numpy(float)
    sides = np.flatnonzero(~second), np.flatnonzero(second)
    drawn = [rng.choice(side, (n, len(side))) for side in sides]
    deals = np.array([rng.permutation(len(second))[: len(sides[1])] for _ in range(n)])
    lengths, dealt = [tokens[d].sum(axis=1) for d in drawn], tokens[deals].sum(axis=1)
    whole, share = tokens.mean(), tokens[second].sum() / tokens.sum()
    tail = 50 * (1 - inference.expanded_level(0.95, min(map(len, sides))))
    columns, rows = m.counts.tocsc(), []
    for i in range(columns.shape[1]):
        x = columns[:, [i]].toarray().ravel()
        a = whole * x.sum() / tokens.sum()
        said = [x[d].sum(axis=1) + a for d in drawn]
        odds = [np.log(s / (k + whole - s)) for s, k in zip(said, lengths, strict=True)]
        low, high = np.percentile(odds[1] - odds[0], [tail, 100 - tail])
        seen = abs(x[second].sum() - x.sum() * share)
        beyond = np.abs(x[deals].sum(axis=1) - x.sum() * dealt / tokens.sum()) >= seen - 1e-9
        rows.append((low, high, (beyond.sum() + 1) / (n + 1)))
    return pd.DataFrame(rows, columns=["low", "high", "p"], index=m.vocabulary)


@pytest.mark.parametrize("documents", [33, 200])
def test_keyness_against_a_loop_over_terms(documents):
    m, second = _bursty(documents, 20_000), np.arange(documents) % 3 == 0
    few = TermMatrix(m.rows, m.vocabulary[::20], m.counts[:, ::20])
    assert len(compare.keyness(m, second, n=1)) == 20_000
    found = []
    ours = median(_seconds(lambda: found.append(compare.keyness(few, second))) for _ in range(ROUNDS))
    loop = _seconds(lambda: found.append(_term_by_term(few, second, 1000)))
    theirs = found[-1].loc[found[0].index]
    # The loop does as much work, on other draws: p is equal to within their chance. Its intervals are plainer: keyness
    # weighs each term's prior by how often the term occurs.
    assert (found[0]["p"] - theirs["p"]).abs().mean() < 0.02
    assert found[0]["low"].rank().corr(theirs["low"].rank()) > 0.5
    note(f"keyness of 1,000 terms, {documents} documents (s)", f"{ours:.2f}")
    note("  numpy, one term at a time (s), ours / theirs", f"{loop:.2f}, {ours / loop:.2f}")
    seconds = min(_seconds(lambda: compare.keyness(m, second)) for _ in range(2))
    note(f"keyness of 20,000 terms, {documents} documents (s)", f"{seconds:.2f}")
    assert seconds <= 3
    assert ours < loop


@pytest.mark.parametrize(("documents", "terms"), [(500, 6_000), (1_000, 12_000)])
def test_wordfish_of_many_speeches(documents, terms):
    """With the priors and the 200 resamples of the default; the matrix stays sparse."""
    rng = np.random.default_rng(0)
    theta, slope = rng.normal(size=documents), 0.4 * rng.normal(size=terms)
    shares = np.exp(np.outer(theta, slope) - np.log(np.arange(terms) + 10))
    counts = sparse.csr_matrix(rng.poisson(1500 * shares / shares.sum(axis=1, keepdims=True)))
    del shares
    m = TermMatrix(pd.DataFrame(index=pd.RangeIndex(documents)), pd.RangeIndex(terms).astype(str), counts)
    model = compare.Wordfish()
    seconds = _seconds(lambda: model.fit(m, int(theta.argmin()), int(theta.argmax())))
    assert model.converged_
    assert np.corrcoef(model.positions_["estimate"], theta)[0, 1] > 0.99
    note(f"Wordfish of {documents:,} documents, {terms:,} words (s)", f"{seconds:.1f}")
    assert documents > 500 or seconds <= 10


def _pair_by_pair(votes, state):
    """Do as agreement does, with pandas, one partner at a time."""
    table = pd.DataFrame(votes.codes, columns=votes.states).where(lambda codes: codes <= practice.NO)
    year, rows = votes.rollcalls["year"].to_numpy(), {}
    for other in votes.states.drop(state):
        pair = table[[state, other]].dropna()
        rows[other] = (pair[state] == pair[other]).groupby(year[pair.index]).mean()
    return pd.DataFrame(rows)


def test_agreement_against_a_loop_over_partners():
    ours = median(_seconds(lambda: practice.agreement("KAZ")) for _ in range(ROUNDS))
    found = practice.agreement("KAZ")["agreement"].unstack("partner")
    votes, theirs = practice.votes(), []
    loop = _seconds(lambda: theirs.append(_pair_by_pair(votes, "KAZ")))
    np.testing.assert_allclose(found[theirs[0].columns], theirs[0].reindex(found.index), atol=1e-12)
    note("agreement with all states, all years (s)", f"{ours:.3f}")
    note("  pandas, one partner at a time (s), ours / theirs", f"{loop:.2f}, {ours / loop:.2f}")
    assert ours <= 0.5


def test_the_ledger_from_scratch():
    seconds = _seconds(lambda: claims.ledger(corpus.load()))
    note("the ledger of 56 claims with all variants (s)", f"{seconds:.1f}")
    assert seconds <= 15


NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def _execute(path):
    """Execute a notebook; a kernel that has nothing more to do is stopped at once, as nbval does."""
    notebook, where = nbformat.read(path, as_version=4), {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=600, resources=where, shutdown_kernel="immediate").execute()


def test_the_chapters_on_rhetoric_practice_and_claims():
    """Chapters 16 to 23, two kernels at a time; the last one first, since it takes longest."""
    chapters = [path for path in reversed(NOTEBOOKS) if path.stem >= "12"]
    with ThreadPoolExecutor(2) as pool:
        seconds = median(_seconds(lambda: list(pool.map(_execute, chapters))) for _ in range(3))
    note("chapters 16 to 23, two at a time (s)", f"{seconds:.1f}")
    assert seconds <= 20


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook(benchmark, path):
    benchmark.pedantic(lambda: _execute(path), rounds=1)
    note(f"{path.name} (s)", f"{benchmark.stats.stats.median:.1f}")
