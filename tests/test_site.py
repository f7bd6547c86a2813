"""The published site in a real browser."""


def test_cover_opens(browser, address):
    page = browser.new_page()
    page.goto(f"{address}/book/cover.html")
    assert "Many Vectors" in page.title()
