"""The book of a study that was begun with one command: built as strictly as ours, about its own state alone."""

import re
from types import SimpleNamespace

import nbformat
import pytest
import yaml
from browsing import faults
from bs4 import BeautifulSoup
from building import ROOT, build

from manyvectors import claims, corpus
from manyvectors.starting import placed
from manyvectors.starting.claim import add
from manyvectors.starting.new import new

# One that votes, with a claim of its own and two chapters; one that does not vote and began late, with all of them.
FEW = {"world/what_the_study_sees", "world/the_ledger"}
ADDED = {"wording": "It speaks less of the climate.", "who": "we", "when": "2026", "source": "notes"}


# Run for a state without votes, and as they stand, elsewhere (test_ten_states.py, notebooks/): here they are built.
RUN_ELSEWHERE = ("24_your_state", "appendix_world")


def with_outputs(book):
    """Give chapters that are run elsewhere the outputs of the house's, and leave them as they are."""
    for name in RUN_ELSEWHERE:
        path = book / "world" / f"{name}.ipynb"
        held = nbformat.read(ROOT / "notebooks" / path.name, as_version=4)
        outputs = {cell.id: cell.outputs for cell in held.cells if cell.cell_type == "code"}
        placed_ = nbformat.read(path, as_version=4)
        for cell in placed_.cells:
            cell.update({"outputs": outputs[cell.id]} if cell.id in outputs else {})
        nbformat.write(placed_, path)
    config = yaml.safe_load((book / "_config.yml").read_text(encoding="utf-8"))
    config.setdefault("execute", {})["exclude_patterns"] = [f"world/{name}.ipynb" for name in RUN_ELSEWHERE]
    (book / "_config.yml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")


def made(folder, state, only=None):
    """Begin a study, put the chapters there and build its book: its folder, pages and evidence."""
    study = new(state, folder / state.lower())
    book = study.folder / "book"
    if only:
        toc = yaml.safe_load((book / "_toc.yml").read_text(encoding="utf-8"))
        for part in toc["parts"]:
            part["chapters"] = [
                page for page in part["chapters"] if page["file"] in only or not page["file"].startswith("world/")
            ]
        (book / "_toc.yml").write_text(yaml.safe_dump(toc, sort_keys=False), encoding="utf-8")
        add(study.folder, 1, ADDED | {"rule": "estimate < 0"})
    placed.place(book)
    if not only:
        with_outputs(book)
    site = build(book, MANYVECTORS_STUDY=str(study.folder))
    pages = {
        path.relative_to(site).as_posix(): BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
        for path in sorted(site.rglob("*.html"))
    }
    return SimpleNamespace(
        folder=study.folder, book=book, site=site, pages=pages, evidence=claims.Evidence(corpus.load(study.folder))
    )


@pytest.fixture(scope="module")
def kenya(tmp_path_factory):
    return made(tmp_path_factory.mktemp("a study"), "KEN", FEW)


@pytest.fixture(scope="module")
def holy_see(tmp_path_factory):
    return made(tmp_path_factory.mktemp("a study"), "VAT")


@pytest.fixture(params=["kenya", "holy_see"])
def one(request):
    return request.getfixturevalue(request.param)


def text(page):
    return " ".join(page.select_one("article").get_text().split())


def test_every_page_of_its_contents_is_built(one):
    toc = yaml.safe_load((one.book / "_toc.yml").read_text(encoding="utf-8"))
    names = [toc["root"], *(page["file"] for part in toc["parts"] for page in part["chapters"])]
    assert {f"{name}.html" for name in names} <= set(one.pages)
    linked = {link["href"] for link in one.pages["cover.html"].select("ul.mv-chapters a[href]")}
    assert {f"{name}.html" for name in names if name.startswith("world/")} <= linked


def test_what_the_study_sees_is_of_its_state(one):
    said, e = text(one.pages["world/what_the_study_sees.html"]), one.evidence
    assert f"{e.study.focus_name} spoke {len(e.speeches)} times in the General Debate" in said
    assert ("it votes most like nobody" in said) == (e.focus not in e.votes.states)
    row = one.pages["world/what_the_study_sees.html"].find("th", string="climate").find_parent("tr")
    own = e.per_word("climate").query("state == @e.focus")
    assert float(row.select("td")[0].get_text()) == round(1e4 * own["count"].sum() / own["size"].sum(), 1)


def test_the_ledger_has_its_claims_with_verdicts_on_the_scale(one):
    ledger = claims.ledger(evidence=one.evidence, variants=False)
    shown = one.pages["world/the_ledger.html"].select("#ledger tbody tr")
    assert [row["data-verdict"] for row in shown] == ledger["verdict"].tolist()
    assert set(ledger["verdict"]) <= set(claims.VERDICTS)
    assert len(one.pages["what-would-change.html"].select("article article")) == len(ledger)
    decided = ledger["verdict"].isin(claims.DECIDED).sum()
    assert f"Of {len(ledger)} claims about {one.evidence.study.focus_name}, {decided} got a word" in text(
        one.pages["world/the_ledger.html"]
    )


def test_the_claim_that_was_added_is_there(kenya):
    shown = kenya.pages["world/the_ledger.html"].select("#ledger tbody tr")
    assert len(shown) == 3 and ADDED["wording"] in shown[2].get_text()


def test_a_chapter_of_any_state_is_of_this_one(holy_see):
    for path in (holy_see.book / "world").glob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            assert re.findall(r'(?m)^STATE = "(\w+)"', cell.source) in ([], ["VAT"]), path.name
    said = text(holy_see.pages["world/04_can_we_reproduce_a_published_result.html"])
    assert "For each speech of Holy See" in said and "Which state of Southern Europe" in said


def test_no_page_speaks_of_the_first_study(one, study):
    for path in one.site.rglob("*.html"):
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
        for part in page.select(".cell_output, script"):  # a table of the whole world may have every state
            part.decompose()
        assert not re.search(rf"{study.focus_name[:6]}|Foreign Policy Concept", page.get_text(), re.IGNORECASE), path


def test_every_link_inside_leads_somewhere(one):
    for path in sorted(one.site.rglob("*.html")):
        if path.name == "404.html":  # has whole addresses, since it stands for any
            continue
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
        for link in page.select("a[href], link[href], script[src], img[src]"):
            address = (link.get("href") or link.get("src")).partition("#")[0].partition("?")[0]
            if address and not re.match(r"[a-z]+:", address):
                assert (path.parent / address).is_file(), (path.name, address)


def test_a_phone_shows_every_page_whole_and_axe_finds_no_fault(holy_see, serve, browser, axe):
    address = serve(holy_see.site)
    page, asked, errors = browser.new_page(viewport={"width": 390, "height": 844}), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    for name in ("cover.html", "world/what_the_study_sees.html", "world/the_ledger.html", "what-would-change.html"):
        for scheme, rules in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):  # all else is as in the light
            page.emulate_media(color_scheme=scheme)
            page.goto(f"{address}/{name}")
            assert faults(page, axe, **rules) == [], (name, scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
    assert errors == [] and [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    page.close()
