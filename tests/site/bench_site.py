"""How fast the site is. Run by ``make bench`` on a machine without other work; ``make test`` does not collect it."""

import json

import pytest
from browsing import FLAGS, node_modules
from building import ROOT

from manyvectors.site import brought

GOALS = {"performance": 95, "accessibility": 100, "best-practices": 100}
FAST_ENOUGH = 1000  # Lighthouse's index of a machine's speed; below, slowing it down four times is too much for a phone
WORDS = ("nuclear", "central asia", "prototype")


@pytest.fixture(scope="module")
def heaviest(browser, address, pages):
    """The five pages that load most bytes, and all that work numbers out in the browser."""
    sizes, working, page = {}, set(), browser.new_page()
    for name in pages:
        loaded = []
        page.on(
            "response", lambda response, loaded=loaded: loaded.append(int(response.headers.get("content-length", 0)))
        )
        page.goto(f"{address}/{name}")
        page.wait_for_load_state("networkidle")
        sizes[name] = sum(loaded)
        if page.locator(".explorer").count():
            working.add(name)
    page.close()
    return sorted(working.union(sorted(sizes, key=sizes.get, reverse=True)[:5]))


def scores(chromium, addresses):
    """Return what Lighthouse says of some addresses."""
    job = {"addresses": addresses, "browser": chromium, "flags": FLAGS}
    return json.loads(brought.run(ROOT / "tests" / "lighthouse" / "run.cjs", job, node_modules("lighthouse")))


def short(result):
    """Return the scores that miss their goal."""
    return {key: (score, GOALS[key]) for key, score in result["scores"].items() if score < GOALS[key]}


def test_lighthouse(chromium, address, heaviest):
    """On a phone of middling speed the heaviest pages, and those that work numbers out, reach the goals."""
    results = scores(chromium, [f"{address}/{name}" for name in heaviest])
    again = [place for place, result in results.items() if short(result)]
    if again:  # other work on the machine can only lower a score
        for place, result in scores(chromium, again).items():
            results[place] = max(results[place], result, key=lambda one: one["scores"]["performance"])
    for place, result in results.items():
        print(place.removeprefix(address), result["scores"], result["times"])
    missed = {place: found for place, result in results.items() if (found := short(result))}
    if missed and min(results[place]["benchmark"] for place in missed) < FAST_ENOUGH:
        assert {key for found in missed.values() for key in found} == {"performance"}, missed
        pytest.skip(f"this machine is too slow or too busy to judge the speed of a page: {missed}")
    assert missed == {}, {place: results[place]["wanting"] for place in missed}


def test_explorer_answers(browser, address, benchmark):
    """From a word and a key to its table."""
    page = browser.new_page()
    page.goto(f"{address}/book/explorer.html#term=water&who=KAZ,UZB,world")
    page.wait_for_function("document.getElementById('explorer').dataset.shown")

    def ask():
        for word in WORDS:
            page.locator("#explorer-term").fill(word)
            page.locator("#explorer-show").click()
            page.wait_for_function(
                "word => document.getElementById('explorer').dataset.shown.startsWith(word)", arg=word
            )

    benchmark.pedantic(ask, rounds=5)
    page.close()
