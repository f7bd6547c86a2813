"""The link in each lab's task sheet reproduces what it says: no field of it is unknown to the lab or replaced."""

import re
from urllib.parse import parse_qs

import pytest
from building import ROOT
from labs import READY, watched

PAGES = sorted(path.stem for path in (ROOT / "book/labs").glob("*.md") if 'href="#' in path.read_text(encoding="utf-8"))


def test_every_lab_of_a_task_sheet_has_a_link():
    assert len(PAGES) == 8  # all but the page that pools files, which has no state to share


@pytest.mark.parametrize("name", PAGES)
def test_a_link_of_the_sheet_leads_to_its_state(name, browser, address):
    with watched(browser, address, name) as page:
        links = page.eval_on_selector_all("article a[href^='#'][href*='=']", "all => all.map((one) => one.hash)")
        assert links
        for link in links:
            page.evaluate(
                "hash => { document.getElementById('explorer').dataset.shown = ''; location.hash = hash; }", link
            )
            page.wait_for_function(READY)
            asked, shown = (
                parse_qs(text.removeprefix("#"), keep_blank_values=True)
                for text in (link, page.get_attribute("#explorer", "data-shown"))
            )
            assert {key: shown.get(key) for key in asked} == asked, re.sub(r"=.*", "", link)
