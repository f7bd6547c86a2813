"""The book of the second study, built as strictly as ours, and what of the first study could be in it."""

import csv
import io
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from bs4 import BeautifulSoup
from building import ROOT, build, try_build
from same import differences

from manyvectors import claims, corpus, figures
from manyvectors import study as studies
from manyvectors.claims import instruments
from manyvectors.site import book, cover

TEXT = {".html", ".js", ".css", ".json", ".csv", ".svg", ".md", ".ipynb", ".xml", ".txt", ".sha256"}
CHAPTERS = ("chapters/01_what_is_said.html", "chapters/02_who_is_near.html")


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    """The study, copied to a folder whose way has a space, and the pages of its book."""
    folder = tmp_path_factory.mktemp("of ours") / "second"
    shutil.copytree(ROOT / "tests" / "second", folder)
    return SimpleNamespace(folder=folder, site=build(folder / "book", MANYVECTORS_STUDY=str(folder)))


@pytest.fixture(scope="module")
def files(second):
    """The text of every file of the site: dict, by name."""
    paths = [path for path in second.site.rglob("*") if path.suffix in TEXT]
    return {path.relative_to(second.site).as_posix(): path.read_text(encoding="utf-8") for path in paths}


@pytest.fixture(scope="module")
def pages(files):
    """Every page, parsed: dict, by name."""
    return {name: BeautifulSoup(said, "lxml") for name, said in files.items() if name.endswith(".html")}


@pytest.fixture(scope="module")
def evidence(second):
    return claims.Evidence(corpus.load(second.folder))


def colours(study):
    """Return all colours of a study but the grey that every figure's axes have: set of str."""
    given = study.colours
    named = {given["focus"], given["neighbours"], given["world"], *given["eras"].values(), *given["registers"].values()}
    return named - {figures.GREY}


def test_no_file_has_a_word_of_the_first_study(files, study):
    assert len(files) > 15 and {Path(name).suffix for name in files} >= {".html", ".js", ".css", ".csv", ".svg"}
    words = re.compile(
        rf"kazakh|{study.focus_name}|{study.focus}\b|Foreign Policy Concept|edition of the Concept", re.I
    )
    assert {name: found[0] for name, said in files.items() if (found := words.search(said))} == {}


def test_no_file_has_a_colour_of_the_first_study(files, study, evidence):
    theirs = colours(study)
    assert not theirs & colours(evidence.study)
    assert {
        name: found for name, said in files.items() if (found := theirs & set(re.findall("#[0-9a-f]{6}", said.lower())))
    } == {}


def test_no_page_or_table_has_an_era_of_the_first_study(files, pages, study, evidence):
    for name, page in pages.items():
        cells = {cell.get_text(strip=True) for cell in page.select("td, th, text, figcaption, option")}
        assert not cells & set(study.eras), name
    rows = list(csv.DictReader(io.StringIO(files["_downloads/figures/fig-soil.csv"])))
    assert [row["era"] for row in rows] == [evidence.study.era(int(row["year"])) for row in rows]
    assert {row["era"] for row in rows} == set(evidence.study.eras)


def test_the_cover_is_its_own(pages, evidence):
    cover, given = pages["cover.html"], evidence.study.colours
    drawn = {part["fill"] for part in cover.select("svg.mv-fan-drawing g[stroke]")}
    assert drawn == set(given["eras"].values())
    assert len(cover.select("svg.mv-fan-drawing g[stroke]")) == len(evidence.speeches)
    assert "The Second Study" in cover.title.get_text()
    linked = [link["href"] for link in cover.select("ul.mv-chapters a[href]")]
    assert [name for name in CHAPTERS if name not in linked] == []


def test_a_build_elsewhere_is_the_same(second, tmp_path):
    """In another folder, at another hour, with sets in another order."""
    folder = shutil.copytree(second.folder, tmp_path / "elsewhere" / "second", ignore=shutil.ignore_patterns("_build"))
    site = build(folder / "book", MANYVECTORS_STUDY=str(folder), PYTHONHASHSEED="7")
    assert differences(second.site, site) == []


def test_eras_without_a_colour_have_those_of_the_figures(second, tmp_path, monkeypatch):
    folder = Path(shutil.copytree(second.folder, tmp_path / "second", ignore=shutil.ignore_patterns("book")))
    fields = yaml.safe_load((folder / "study.yml").read_text(encoding="utf-8"))
    for given in ([], fields["colours"]["eras"][:1]):
        fields["colours"]["eras"] = given
        (folder / "study.yml").write_text(yaml.safe_dump(fields, sort_keys=False), encoding="utf-8")
        monkeypatch.setenv("MANYVECTORS_STUDY", str(folder))
        found = book.era_colours()
        assert found == figures.Look(studies.load()).eras and list(found.values())[: len(given)] == given
        assert cover.fan([(1992, 3, "first third"), (2024, 2, "last third")], found)


def test_figures_are_drawn_in_its_colours(files, pages, evidence):
    given = evidence.study.colours
    for page, name, wanted in (
        (CHAPTERS[0], "fig-soil", set(given["eras"].values())),
        (CHAPTERS[1], "fig-near", {given["neighbours"], given["world"]}),
    ):
        figure = pages[page].select_one(f"figure#{name}")
        picture = files[figure.select_one("img")["src"].removeprefix("../").partition("?")[0]]
        assert [colour for colour in wanted if colour not in picture] == []
        assert figure.select_one(".mv-figure-data a")["href"] == f"../_downloads/figures/{name}.csv"


def test_numbers_are_those_of_its_instruments(files, pages, evidence):
    first, second = (claims.measure(claim, evidence) for claim in (1, 2))
    verdict = claims.judge(2, evidence.c, **second)
    assert f"moved by {first['estimate']:.2f}" in pages[CHAPTERS[0]].select_one("article").get_text()
    said = pages[CHAPTERS[1]].select_one("article").get_text()
    assert f"the lead is {second['estimate']:.3f}" in said and f"The second is {verdict}" in said
    rows = list(csv.DictReader(io.StringIO(files["_downloads/figures/fig-near.csv"])))
    pairs = [(evidence.focus, row["state"]) for row in rows]
    alike = instruments.pair_agreement(evidence, pairs, 1992, 2022)
    assert len(rows) == 6 and [float(row["agreement"]) for row in rows] == pytest.approx(alike.tolist(), abs=1e-6)


def test_the_ledger_has_its_claims_and_leads_to_what_would_change_them(pages, evidence):
    ledger = claims.ledger(evidence=evidence, variants=False)
    shown = pages[CHAPTERS[1]].select("#ledger tbody tr")
    assert [row["data-verdict"] for row in shown] == ledger["verdict"].tolist()
    assert [row["data-theme"] for row in shown] == ledger["theme"].tolist()
    assert len(pages["what-would-change.html"].select("article article")) == len(ledger)


def test_every_link_inside_leads_somewhere(second, pages):
    for name, page in pages.items():
        if name == "404.html":  # has whole addresses, since it stands for any
            continue
        for link in page.select("a[href], link[href], script[src], img[src]"):
            address, _, anchor = (link.get("href") or link.get("src")).partition("#")
            address = address.partition("?")[0]
            if re.match(r"[a-z]+:", address):
                continue
            target = (second.site / name).parent / address if address else second.site / name
            assert target.is_file(), (name, address)
            if anchor and target.suffix == ".html":
                there = pages[target.resolve().relative_to(second.site.resolve()).as_posix()]
                assert there.find(id=anchor), (name, link["href"] if link.has_attr("href") else link)


def test_a_study_that_cannot_be_read_stops_the_build_with_its_name(second):
    done = try_build(second.folder / "book", MANYVECTORS_STUDY=str(second.folder / "nowhere"))
    assert done.returncode != 0 and "nowhere/study.yml: there is no such file" in done.stdout + done.stderr


def test_the_study_of_this_book_is_the_first_one(study):
    """The variable that the build was given has not stayed behind."""
    assert studies.load() == study
