"""What the tests of the labs share: a lab's page in a browser, its states, its tables and its CSV."""

import csv
import gzip
import io
from contextlib import contextmanager
from pathlib import Path

from browsing import faults
from explorers import PHONE, SHOWN, table

FIRST_VIEW = 150 * 1024  # bytes that a lab may add to a page at its first view, as transferred
READY = f"{SHOWN} && !document.getElementById('explorer').dataset.busy"


def opened(browser, address, name, state="", **options):
    """Open the lab ``name`` at a state of it (with ``#``) and wait for it; return the page. On a phone by default."""
    page = browser.new_page(**(options or PHONE))
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.elsewhere = []
    page.on(
        "request", lambda asked: asked.url.startswith((address, "data:", "blob:")) or page.elsewhere.append(asked.url)
    )
    page.goto(f"{address}/book/labs/{name}.html{state}")
    page.wait_for_function(READY)
    return page


@contextmanager
def watched(browser, address, name, **options):
    """Open a lab as :func:`opened` does, for a context; no script may have failed, and nothing elsewhere been asked."""
    page = opened(browser, address, name, **options)
    yield page
    assert not page.faults and not page.elsewhere
    page.close()


def from_a_folder(browser, site, path):
    """Open a lab's page (its path) from a folder: return the other addresses it asked, the bytes of scripts it adds."""
    site = site.resolve()
    page, elsewhere, seen = browser.new_page(), [], []
    own = (site.as_uri(), "blob:", "data:")
    page.on("request", lambda one: None if one.url.startswith(own) else elsewhere.append(one.url))
    page.on("requestfinished", lambda one: seen.append(one.url.split("?")[0]))
    page.goto(f"{site.as_uri()}/{path}")
    page.wait_for_function("document.getElementById('explorer')?.dataset.shown")
    loaded = [site / url.removeprefix(site.as_uri() + "/") for url in seen if "/_static/" in url]
    page.close()
    added = [path for path in loaded if path.suffix == ".js" and path.name != "site.js"]
    return elsewhere, sum(len(gzip.compress(path.read_bytes(), 6)) for path in added)


def lead(page, **state):
    """Lead a lab to a state by its address, and wait for it; what is not named takes its first value."""
    hash_ = "#" + "&".join(f"{key}={value}" for key, value in state.items())
    page.evaluate(
        "hash => { document.getElementById('explorer').dataset.shown = ''; location.hash = ''; location.hash = hash; }",
        hash_,
    )
    page.wait_for_function(READY)


def settled(page, **state):
    """Wait until a lab shows a state in which these fields have these values."""
    for key, value in state.items():
        page.wait_for_function(
            "([k, v]) => new URLSearchParams(document.getElementById('explorer').dataset.shown.slice(1)).get(k) === v",
            arg=[key, str(value)],
        )
    page.wait_for_function(READY)


def rows(page, at=0):
    """Return a table of a lab, the first or a later one: list of dict."""
    names = page.eval_on_selector_all("#explorer-result table", "all => all.map(t => t.id.replace('explorer-', ''))")
    if at == 0:
        head, found = table(page, names[0])
    else:
        cells = page.eval_on_selector_all(
            f"#{names[at]} tr", "rows => rows.map(r => [...r.cells].map(c => c.textContent))"
        )
        head, found = cells[0], [["" if cell == "none" else cell for cell in row] for row in cells[1:]]
    return [dict(zip(head, row, strict=True)) for row in found]


def taken(page):
    """Return the CSV that a lab offers: its lines of comment (list of str) and its rows (list of dict)."""
    with page.expect_download() as download:
        page.click("#explorer-csv")
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    said = [line[2:] for line in lines if line.startswith("# ")]
    return said, list(csv.DictReader(io.StringIO("\n".join(line for line in lines if not line.startswith("#")))))


def violations(page, axe):
    """Return what axe-core finds in the lab, light and dark: list of str."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(f"document.documentElement.dataset.theme === '{scheme}'")
        found += [f"{scheme}: {rule}: {element}" for rule, element in faults(page, axe, "#explorer")]
    page.emulate_media(color_scheme="light")
    return found


def drag(page, selector, target, steps=4):
    """Drag what a selector finds, by its middle, to a point of the page (x, y), as a finger or a mouse does."""
    box = page.locator(selector).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(*target, steps=steps)
    page.mouse.up()


def touch(page, selector, target):
    """Drag with a finger: touch events of the browser itself, from the middle of what a selector finds to (x, y)."""
    box = page.locator(selector).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    client = page.context.new_cdp_session(page)
    points = [(x, y), *((x + (target[0] - x) * share, y + (target[1] - y) * share) for share in (0.3, 0.7, 1))]
    for kind, point in zip(("touchStart", *["touchMove"] * 3), points, strict=True):
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": point[0], "y": point[1]}]})
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    client.detach()


def weight(page, site, name):
    """Return how many bytes a lab adds to a page: its scripts, styles apart, and its data as they are transferred."""
    asked = page.evaluate("performance.getEntriesByType('resource').map(e => new URL(e.name).pathname)")
    own = [path for path in asked if "/_static/labs/" in path or "/_static/explorer/" in path]
    return sum(len(gzip.compress((site / path.lstrip("/")).read_bytes(), 6)) for path in own)
