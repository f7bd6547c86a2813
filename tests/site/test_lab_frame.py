"""What the labs share: the directive, whose scripts a page loads, numpy's random numbers and sheets in a browser."""

from types import SimpleNamespace

import numpy as np
import pytest
from building import ROOT
from docutils import nodes
from labs import opened
from sphinx.util.docutils import SphinxDirective

from manyvectors.export import labs
from manyvectors.site import lab as room

LAB = "deal-again"
LABS = sorted(path.stem for path in (ROOT / "book" / "labs").glob("*.md"))


def asked_for(name, temp_data=None, docname="book/labs/page"):
    """What the directive makes of a name: str."""
    env = SimpleNamespace(temp_data={} if temp_data is None else temp_data, docname=docname)
    env.config = SimpleNamespace(html_title="Canals: A Book")
    document = SimpleNamespace(settings=SimpleNamespace(env=env))
    machine = SimpleNamespace(reporter=SimpleNamespace(error=None))
    made = room.Lab("lab", [name], {}, [], 1, 0, "", SimpleNamespace(document=document), machine)
    assert isinstance(made, SphinxDirective)
    made.error = ValueError
    [node] = made.run()
    assert isinstance(node, nodes.raw)
    return node.astext()


def test_every_page_of_a_lab_has_its_lab_and_its_script():
    for name in LABS:
        text = (ROOT / "book" / "labs" / f"{name}.md").read_text(encoding="utf-8")
        assert room.asked([text]) == [name]
        assert f'data-lab="{name}"' in asked_for(name)
    assert set(labs.names()) <= set(LABS) and set(room.NEEDS) >= {name for name in LABS if room.needs_words(name)}


def test_a_lab_says_where_its_data_are_and_what_is_kept():
    text = asked_for("deal-again")
    assert 'data-source="../../_static/labs/data/"' in text and 'data-words="../../_static/explorer/data/"' in text
    assert 'data-store="canals-' in text and "<noscript>" in text
    assert 'data-source="_static/labs/data/"' in asked_for("deal-again", docname="page")


def test_an_unknown_lab_and_a_second_one_are_refused():
    with pytest.raises(ValueError, match="no script"):
        asked_for("weigh-again")
    page = {}
    asked_for("deal-again", page)
    with pytest.raises(ValueError, match="page of its own"):
        asked_for("draw-again", page)


def test_a_page_loads_the_scripts_of_its_lab_and_no_other():
    assert room.files("<p>No lab</p>", ["chart.js"]) == []
    found = room.files(asked_for("deal-again"), ["chart.js"])
    assert found[-2:] == ["labs/deal-again.css", "labs/deal-again.js"] and "explorer/vocabulary.js" in found
    order = ["explorer/numbers.js", "explorer/page.js", "labs/random.js", "labs/lab.js", "labs/speeches.js"]
    assert [name for name in found if name in order] == order and "chart.js" not in found
    asking = asked_for("deal-again").replace("deal-again", "build-a-dictionary")
    assert "chart.js" in room.files(asking, ["chart.js"])


def test_labs_are_found_in_prose():
    prose = "Text\n\n```{lab} deal-again\n```\n\n:::{lab} draw-again\n:::\n\nand {lab} in words\n"
    assert room.asked([prose, "none"]) == ["deal-again", "draw-again"]


def test_data_of_an_unknown_lab_are_refused():
    with pytest.raises(KeyError, match="no data for a lab 'weigh-again'"):
        labs.data("weigh-again", None)


def test_random_numbers_are_numpy_s(lab):
    seeds = [0, 1, 7, 2**31, 2**32 - 1, *np.random.default_rng(0).integers(2**32, size=15).tolist()]
    found = lab.evaluate(
        """seeds => seeds.map((seed) => {
          const random = manyVectorsLab.generator(seed);
          const some = (n, make) => Array.from({length: n}, make);
          return [some(301, () => random.below(33)), some(50, () => random.random()),
            some(64, () => random.below(2 ** 31 + 1)), random.below(1), some(9, () => random.below(5)),
            random.random()];
        })""",
        seeds,
    )
    for seed, said in zip(seeds, found, strict=True):
        rng = np.random.default_rng(seed)
        drawn = [
            rng.integers(33, size=301),
            rng.random(50),
            rng.integers(2**31 + 1, size=64),
            0,
            rng.integers(5, size=9),
        ]
        assert said == [np.asarray(part).tolist() for part in drawn] + [rng.random()]


def test_a_sheet_that_is_saved_is_read_again(lab):
    columns = ["name", "note, more", "n"]
    rows = [["=1+1", 'says "so"', "-3"], ["# first", "a;b", ""], ["two\nlines", "ключ", "2.5"]]
    found = lab.evaluate(
        """([columns, rows]) => manyVectorsLab.readSheet(
          manyVectorsExplorer.engine.sheet(['a head, with "marks"'], columns, rows))""",
        [columns, rows],
    )
    assert found == {"columns": columns, "rows": [dict(zip(columns, row, strict=True)) for row in rows]}
    others = lab.evaluate(
        "texts => texts.map(text => manyVectorsLab.readSheet(text))",
        ["\ufeffa;b\r\n1;2,5\r\n\r\n", "a\tb\n1\t2", "", "a,b\n1"],
    )
    assert others[0] == {"columns": ["a", "b"], "rows": [{"a": "1", "b": "2,5"}]}
    assert others[1] == {"columns": ["a", "b"], "rows": [{"a": "1", "b": "2"}]}
    assert others[2] == {"columns": [], "rows": []} and others[3]["rows"] == [{"a": "1", "b": ""}]


def test_files_are_read_and_what_was_done_is_kept(lab):
    lab.evaluate(
        """() => document.body.append(manyVectorsLab.askFiles({ label: "Files", accept: ".csv",
          read: (files) => manyVectorsLab.kept.put("read", files) }))"""
    )
    files = [{"name": f"{i}.csv", "mimeType": "text/csv", "buffer": b"a,b"} for i in range(2)]
    lab.set_input_files("input[type=file]", files)
    lab.wait_for_function("manyVectorsLab.kept.get('read')?.length === 2")
    assert lab.evaluate("manyVectorsLab.kept.get('read')")[1] == {"name": "1.csv", "text": "a,b"}
    assert lab.evaluate("Object.keys(localStorage).filter(key => key.endsWith('|lab|deal-again|read')).length") == 1
    lab.evaluate("manyVectorsLab.kept.forget('read')")
    assert lab.evaluate("manyVectorsLab.kept.get('read')") is None


def test_a_state_that_no_address_can_have_is_left_out(lab):
    lab.evaluate("location.hash = '#cut=abc&deals=-4&who=nobody&word=nuclear'")
    lab.wait_for_function("document.getElementById('explorer').dataset.shown.includes('word=nuclear')")
    shown = lab.get_attribute("#explorer", "data-shown")
    assert "deals=0" in shown and "who=KAZ" in shown
    before = shown
    lab.evaluate("location.hash = '#what-this-lab-cannot-show'")  # a heading of the page is no state
    assert lab.get_attribute("#explorer", "data-shown") == before


def test_a_link_of_the_task_sheet_leads_to_what_it_changes(lab):
    lab.evaluate("location.hash = '#cut=1999&deals=3&word=water'")
    lab.wait_for_function("document.getElementById('explorer').dataset.shown.includes('cut=1999')")
    lab.locator("article a[href^='#word=']").first.click()
    lab.wait_for_function("document.getElementById('explorer').dataset.shown.includes('cut=2014')")
    box = lab.locator("#explorer-status").bounding_box()
    assert 0 <= box["y"] < 300 and "nuclear" in lab.text_content("#explorer-status")


def test_in_a_frame_the_lab_stands_alone(browser, address):
    page = opened(browser, address, LAB, "?embed#word=nuclear&who=KAZ&cut=2014&deals=10")
    assert page.is_hidden("#explorer-form") and page.is_hidden("h1") and page.is_visible(".lab-drawing")
    assert page.is_visible("#explorer-actions") and page.is_visible("#explorer-whole")
    page.close()


def test_a_lab_opens_from_a_folder(browser, site):
    page = browser.new_page()
    page.goto((site / "book" / "labs" / f"{LAB}.html").as_uri() + "#word=nuclear&who=KAZ&cut=2014&deals=10")
    page.wait_for_function("document.getElementById('explorer')?.dataset.shown")
    assert "p = (" in page.text_content("#explorer-status")
    page.close()
