"""What the tests of the explorers' pages share: how a page is opened, and what stands in its tables."""

SHOWN = "document.getElementById('explorer')?.dataset.shown"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FIRST_VIEW = 150_000  # bytes of data behind the first view, not compressed


def opened(browser, url, page, view="", **options):
    """Open the explorer's page ``page`` below an address, and wait for its first view. ``view``: with its ``#``."""
    there = browser.new_page(**options)
    there.goto(f"{url}/{page}{view}")
    there.wait_for_function(SHOWN)
    return there


def table(page, name="table"):
    """Return the head of a table of the page and its rows, cells without a value empty: two lists."""
    cells = page.eval_on_selector_all(
        f"#explorer-{name} tr", "rows => rows.map(r => [...r.cells].map(c => c.textContent))"
    )
    return cells[0], [["" if cell == "none" else cell for cell in row] for row in cells[1:]]


def too_small(page, controls):
    """Return the controls in sight, found by a selector, that a finger would miss: list of their HTML."""
    return page.eval_on_selector_all(
        controls,
        "all => all.filter(b => b.offsetParent && Math.min(b.offsetHeight, b.offsetWidth) < 44).map(b => b.outerHTML)",
    )
