"""The last step of the build: light pages that ask no other address for anything.

Jupyter Book's pages load 2.3 MB of styles, scripts and fonts, most of it never used. When all pages are written,
this part gives them one style sheet with the rules they use, one deferred script, icons drawn in place, and pictures
with their sizes; what no page uses any more leaves the folder. Pages that Sphinx did not write again are left right,
so that a second build has the same result as a clean one.
"""

import hashlib
import posixpath
import re
from collections import Counter
from pathlib import Path

from sphinx.util import logging

from . import icons, markup, packages, pictures
from .website import has_site, write

logger = logging.getLogger(__name__)

LAST = 900  # after every other part, each of which may still change pages
STYLE, SCRIPT, SEARCH = "site.css", "site.js", "site-search.js"
FONTAWESOME = "scripts/fontawesome.js"
# menus.js does the little that the pages need of bootstrap.js; drawings in the pages do what fontawesome.js does.
REPLACED = {FONTAWESOME, "scripts/bootstrap.js"}
NO_REPOSITORY = "https://github.com/executablebooks/jupyter-book"
LIVE_CODE = {"sphinx-thebe.js"}  # useful only with an address from which a server can start the book
FOR_SEARCH = {"searchtools.js", "language_data.js"}
# These share names, also with the search index; highlighting must know whether the page is the search page.
TOGETHER = ("doctools.js", "searchtools.js", "language_data.js", "sphinx_highlight.js")
# These only add buttons to code, which nobody misses at first: they are short tasks of their own, once the page has
# been drawn. A page that nobody looks at is not drawn, and has nothing to wait for.
LATER = ("clipboard.min.js", "copybutton.js")
SCHEDULE = """(() => {
  const parts = [%s];
  const next = () => {
    const part = parts.shift();
    if (!part) return;
    setTimeout(next);
    part.call(window);
  };
  document.hidden ? next() : requestAnimationFrame(() => setTimeout(next));
})();
"""
FILLED_IN = {"basic.css", "pygments.css", "documentation_options.js", "language_data.js"}  # written by Sphinx itself
PICTURES = {".png", ".svg", ".gif", ".jpg", ".webp", ".ico"}
# The solid icons are the theme's; the other two fonts are there only for rules that ask for them.
FACES = {
    "fa-regular-400": r"font:[^;}]*var\(--fa-font-regular\)|\.far\b|\.fa-regular\b",
    "fa-brands-400": r"font:[^;}]*var\(--fa-font-brands\)|\.fab\b|\.fa-brands\b",
}
SCREEN = 1200  # characters of text that fill a first screen, generously
CODE = re.compile(r'<div class="highlight"><pre>.*?</pre>', re.DOTALL)
WORD = re.compile(r"[\w-]+")
VARIABLE = re.compile(r"--[\w-]+")
LICENCES = "Icons: Font Awesome Free by Fonticons, Inc., https://fontawesome.com/license/free (CC BY 4.0, SIL OFL 1.1)"


def setup(app):
    """Connect this part to the events of a build."""
    app.connect("builder-inited", _begin)
    app.connect("build-finished", _finish, priority=LAST)


def _begin(app):
    if has_site(app):
        packages.start(app)  # while the notebooks run
        app.add_js_file("menus.js")
        if _address(app) is None and any(value for key, value in _buttons(app).items() if key != "notebook_interface"):
            logger.warning("_config.yml asks for launch_buttons without saying where the book is: add repository, url")


def _finish(app, error):
    if error is None and has_site(app):
        site = Site(app)
        site.lighten() if site.fresh else site.tidy()


def _address(app):
    # Jupyter Book names its own repository where a book names none.
    address = (app.config.html_theme_options or {}).get("repository_url")
    return None if address in (None, "", NO_REPOSITORY) else address


def _buttons(app):
    return (app.config.html_theme_options or {}).get("launch_buttons") or {}


class Site:
    """The written pages of a book and the assets they name, all by their path below ``_static``."""

    def __init__(self, app):
        self.app = app
        self.out = Path(app.outdir)
        self.static = self.out / "_static"
        self.live = _address(app) is not None and bool(_buttons(app).get("thebe"))
        self._remove_orphans()
        paths = sorted(path for path in self.out.rglob("*.html") if self.static not in path.parents)
        self.plain, self.colours = _plain_code(self.static / "pygments.css")
        self.pages = {path.relative_to(self.out).as_posix(): self._plainer(_read(path)) for path in paths}
        self.pages.pop("index.html", None)
        self.parsed = {name: markup.Page(text) for name, text in self.pages.items()}
        self.drawn = set()  # (page, place) of each icon that is replaced by its drawing
        # Pages that Sphinx wrote in this build name style sheets of their own.
        self.fresh = [
            name
            for name, page in self.parsed.items()
            if any(asset != STYLE for tag in page.tags if (asset := _style(tag)))
        ]

    def _remove_orphans(self):
        # Sphinx leaves the pages of documents that are no longer in the book; their assets are gone.
        for source in [path for path in (self.out / "_sources").rglob("*.*") if path.is_file()]:
            name = source.relative_to(self.out / "_sources").with_suffix("").as_posix()
            if name not in self.app.env.found_docs:
                source.unlink()
                (self.out / f"{name}.html").unlink(missing_ok=True)

    def lighten(self):
        """Change the pages, write what they share, and remove what they no longer name."""
        sheets = self._sheets()
        shared = self._shared_scripts()
        extra = {name: self._extra_scripts(name, shared) for name in self.parsed}
        self._draw_icons()
        made = self._make(sheets, shared, extra)
        digests = {name: _digest(text) for name, text in made.items()}
        for name, text in made.items():
            write(self.static / name, text)
        for name, page in self.parsed.items():
            self._mend_head(name, page, extra[name], digests)
            self._mend_pictures(name, page)
            write(self.out / name, page.result())
        self._lighten_pictures()
        self._remove_unused(made)

    def tidy(self):
        """Remove what a build that wrote no page has brought back all the same."""
        named = {asset for name in self.parsed for kind in (_style, _script) for asset in self._named(name, kind)}
        self._remove_unused({asset: _read(path) for asset in named if (path := self.static / asset).is_file()})

    def _plainer(self, text):
        # A third of the elements of a chapter are names and brackets of code, in the colour that all code has.
        return CODE.sub(lambda block: self.plain.sub(r"\1", block[0]), text) if self.plain else text

    def _sheets(self):
        # A sheet of one page only comes after the sheets of all. Pages left from the build before know theirs no more,
        # so the shared sheet says what it was made of.
        order = {}
        for name in sorted(self.fresh, key=lambda name: len(self._named(name, _style))):
            order.update(dict.fromkeys(self._named(name, _style)))
        if len(self.fresh) < len(self.parsed):
            order.update(dict.fromkeys(self._made_of()))
        order.pop(STYLE, None)
        return [sheet for sheet in order if self.live or sheet != "sphinx-thebe.css"]

    def _made_of(self):
        sheet = self.static / STYLE
        found = re.match(r"/\* Made of (.*?)\. ", _read(sheet)) if sheet.is_file() else None
        return found[1].split(", ") if found else []

    def _named(self, name, kind):
        return [asset for tag in self.parsed[name].tags if (asset := kind(tag))]

    def _shared_scripts(self):
        lists = [self._needed(name) for name in self.fresh if not self._searches(name)]
        counted = Counter(script for scripts in lists for script in scripts)
        return [script for script, count in counted.items() if count == len(lists)]

    def _searches(self, name):
        return name == "search.html"

    def _needed(self, name):
        dropped = REPLACED | {SCRIPT, SEARCH, "documentation_options.js"}
        if not self._searches(name) and not (self.app.config.html_theme_options or {}).get("search_as_you_type"):
            dropped |= FOR_SEARCH
        if not self.live:
            dropped |= LIVE_CODE
        if not any("data-sync-id" in text for text in self.pages.values()):
            dropped.add("design-tabs.js")  # tabs work without it; it only keeps several in step
        return [script for script in dict.fromkeys(self._named(name, _script)) if script not in dropped]

    def _extra_scripts(self, name, shared):
        return [script for script in self._needed(name) if script not in shared]

    def _draw_icons(self):
        drawn = icons.read(_read(self.static / FONTAWESOME))
        for name, page in self.parsed.items():
            for tag in page.tags:
                if tag.name not in ("i", "span") or tag.close == tag.end or page.content(tag).strip():
                    continue
                try:
                    drawing = icons.draw(drawn, tag.attributes)
                except KeyError as missing:
                    logger.warning("no icon of the theme is named %s; see https://fontawesome.com/v6/search", missing,
                                   location=name)  # fmt: skip
                    continue
                if drawing:
                    page.replace(tag, drawing)
                    self.drawn.add((name, tag.start))

    def _make(self, sheets, shared, extra):
        scripts = {SCRIPT: shared}
        scripts.update({SEARCH: [*shared, *extra.get("search.html", ())]} if "search.html" in extra else {})
        own = dict.fromkeys(script for name in extra if not self._searches(name) for script in extra[name])
        texts = {name: self._bundle(parts) for name, parts in scripts.items()}
        texts.update({script: _read(self.static / script) for script in own})
        css = "\n".join([*(self._sheet(sheet) for sheet in sheets), self.colours])
        answer = packages.run(
            self.app,
            Path(self.app.srcdir, "book", "web", "lighten.cjs"),
            {"css": css, "scripts": texts, **self._found(texts)},
        ) or {"css": css, "scripts": texts}
        style = self._with_icons(answer["css"])
        made = {STYLE: f"/* Made of {', '.join(sheets)}. {LICENCES} */\n{style}"}
        for name, text in answer["scripts"].items():
            made[name] = re.sub(r"\n?//# sourceMappingURL=\S+", "", text)
        return made

    def _bundle(self, scripts):
        texts = {script: _read(self.static / script) for script in scripts}
        first = [script for script in TOGETHER if script in texts]
        then = [script for script in texts if script not in (*TOGETHER, *LATER)]
        later = [f"function () {{\n{texts[script]}\n}}" for script in LATER if script in texts]
        # The theme's own scripts measure the page: before others add to it, or it would be laid out twice.
        then.sort(key=lambda script: "scripts/" not in script)
        # A semicolon keeps the "use strict" of one script from reaching the others.
        parts = [*(f";\n{texts[script]}\n" for script in (*first, *then)), ";\n"]
        return "".join([*parts, SCHEDULE.replace("%s", ",\n".join(later))] if later else parts)

    def _sheet(self, sheet):
        # As one sheet below _static: with what it imports, and with addresses seen from there.
        folder = posixpath.dirname(sheet)
        text = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", _read(self.static / sheet)).removeprefix("\ufeff")
        text = re.sub(
            r"""@import\s*(?:url\()?["']?([^"')]+)["']?\)?\s*;""",
            lambda match: self._sheet(posixpath.normpath(posixpath.join(folder, match[1]))),
            text,
        )
        return re.sub(
            r"""url\(\s*(["']?)(?!data:|#|[a-z]+:|/)([^"')]+)\1\s*\)""",
            lambda match: f"url({posixpath.normpath(posixpath.join(folder, match[2]))})",
            text,
        )

    def _found(self, texts):
        tags, classes, ids, attributes, words = {"svg", "path"}, {icons.DRAWN}, set(), set(), set()
        for name, page in self.parsed.items():
            for tag in page.tags:
                tags.add(tag.name)
                attributes.update(tag.attributes)
                named = (tag.attributes.get("class") or "").split()
                # A drawn icon needs no rule with its letter in a font; what else it is called may still say its size.
                classes.update(icons.sizes(named) if (name, tag.start) in self.drawn else named)
                ids.add(tag.attributes.get("id") or "")
                if tag.name == "script":
                    words.update(WORD.findall(page.content(tag)))
        # Scripts add elements and classes while a page is read: any word in them may be one.
        for text in texts.values():
            words.update(WORD.findall(text))
        variables = {name for text in (*texts.values(), *self.pages.values()) for name in VARIABLE.findall(text)}
        found = {"tags": tags, "classes": classes, "ids": ids, "attributes": attributes, "words": words}
        return {"found": {key: sorted(value) for key, value in found.items()}, "variables": sorted(variables)}

    def _with_icons(self, css):
        points = {int(point, 16) for point in icons.PRIVATE.findall(css)}
        # A minifier may write the character itself.
        points |= {ord(letter) for letter in css if "\ue000" <= letter <= "\uf8ff"}

        def small(match):
            source = re.search(r"(?:\.\./)?vendor/[^)\"']+?\.ttf", match[0])
            if source is None:
                return match[0]
            asked = FACES.get(Path(source[0]).stem)
            if asked and not re.search(asked, css):
                return ""
            address = icons.subset(self.static / source[0].removeprefix("../"), points)
            return re.sub(r"src:.*?(?=[;}]\s*(?:[\w-]+\s*:|$)|\})", f'src:url({address})format("woff")', match[0])

        return re.sub(r"@font-face\s*\{[^}]*\}", small, css)

    def _mend_head(self, name, page, extra, digests):
        first_style = first_script = True
        seen = set()
        bare = not any(tag.name == "link" and "icon" in (tag.attributes.get("rel") or "").split() for tag in page.tags)
        search = self._searches(name)
        scripts = [SEARCH] if search else [SCRIPT, *extra]
        for tag in page.tags:
            attributes = tag.attributes
            if _style(tag):
                prefix = attributes["href"].partition("_static/")[0]
                link = f'<link rel="stylesheet" href="{prefix}_static/{STYLE}?v={digests[STYLE]}">'
                # Without an icon of the site every browser asks for one in vain.
                page.replace(tag, link + ('\n<link rel="icon" href="data:,">' if bare else "") if first_style else "")
                first_style = False
            elif tag.name == "link" and attributes.get("rel") == "preload":
                page.replace(tag, "")
            elif tag.name == "meta" and attributes.get("name") == "viewport":
                if "viewport" in seen:
                    page.replace(tag, "")
                seen.add("viewport")
            elif _script(tag):
                prefix = attributes["src"].partition("_static/")[0]
                lines = [f'<script defer src="{prefix}_static/{part}?v={digests[part]}"></script>' for part in scripts]
                options = "documentation_options.js"
                text = "\n".join(lines) if first_script else ""
                if _script(tag) == options:
                    # The page's own lines in its head add to this object, and they run at once.
                    inline = re.sub(r"\s+", " ", _read(self.static / options))
                    text = f"<script>{inline}</script>\n{text}".rstrip()
                page.replace(tag, text)
                first_script = False
            elif tag.name == "script" and (attributes.get("src") or "").partition("?")[0].endswith("searchindex.js"):
                version = _digest(_read(self.out / "searchindex.js"))
                source = attributes["src"].partition("?")[0]
                page.replace(tag, f'<script defer src="{source}?v={version}"></script>' if search else "")
            elif tag.name == "script" and not attributes.get("src"):
                self._mend_inline(page, tag, seen)
            elif tag.name in ("button", "a") and attributes.get("data-bs-toggle") == "tooltip":
                # The browser's own tooltip says the same without a script.
                title = attributes.get("title") or attributes.get("data-bs-title")
                page.change(tag, title=title, **{"data-bs-toggle": None, "data-bs-placement": None})

    def _mend_inline(self, page, tag, seen):
        text = page.content(tag).strip()
        live = "THEBE_JS_URL" in text or tag.attributes.get("type") == "text/x-thebe-config" or "kernelName" in text
        once = text.startswith(("const THEBE_JS_URL", "var togglebuttonSelector"))
        if (live and not self.live) or (once and text in seen):
            page.replace(tag, "")
        elif 'dataset.theme = localStorage.getItem("theme") || "";' in text:
            # Colours hang on the theme: without a choice of the reader the system's holds from the first paint on.
            system = '(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")'
            first = text.replace('getItem("theme") || ""', f'getItem("theme") || {system}')
            first = first.replace('getItem("mode") || ""', 'getItem("mode") || "auto"')
            page.replace(tag, f"<script>{first}</script>")
        seen.add(text)

    def _mend_pictures(self, name, page):
        for tag in page.tags:
            source = tag.attributes.get("src") or ""
            if tag.name != "img" or re.match(r"[a-z]+:|/", source):
                continue
            path = self.out / posixpath.normpath(posixpath.join(posixpath.dirname(name), source.partition("?")[0]))
            added = {} if "width" in tag.attributes or "height" in tag.attributes else _sides(path)
            if tag.before < 0 or tag.before > SCREEN:
                added["loading"] = "lazy"
            added["decoding"] = "async"
            if any(tag.attributes.get(key) != value for key, value in added.items()):
                page.change(tag, **added)

    def _lighten_pictures(self):
        for path in self.out.glob("_images/*.svg"):
            text = _read(path)
            if text.startswith("<?xml"):  # as matplotlib writes it, not yet lightened
                write(path, pictures.lighten(text))

    def _remove_unused(self, made):
        # Only what Sphinx copies here, again in each build: files that other parts write are theirs.
        theme = [Path(folder, "static") for folder in self.app.builder.theme.get_theme_dirs()]
        own = [Path(self.app.confdir, folder) for folder in self.app.config.html_static_path]
        text = "\n".join([*self.pages.values(), *made.values()])
        known = {*FILLED_IN, *self._made_of()}

        def copied(name):
            sources = [folder / name.parent / f"{name.name}{end}" for folder in (*theme, *own) for end in ("", "_t")]
            return name.as_posix() in known or any(source.is_file() for source in sources)

        for path in sorted(self.static.rglob("*"), reverse=True):
            name = path.relative_to(self.static)
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif name.as_posix() in made or (name.suffix in PICTURES and name.name in text):
                continue
            elif copied(name) and not name.name.endswith("LICENSE.txt"):
                path.unlink()


def _plain_code(sheet):
    """Return what to look for to unwrap code that has the colour of all code, and rules that keep that colour.

    Both are empty where the sheet of the code's colours is missing, as in a build that writes no page.
    """
    text = _read(sheet) if sheet.is_file() else ""
    colours = re.findall(r"^(.*)\.highlight \{.*?\bcolor: (#\w+)", text, re.MULTILINE)
    if not colours:
        return None, ""
    rules = dict.fromkeys(re.findall(r"\.highlight \.(\w+) \{", text))
    same = [
        name
        for name in rules
        if all(f"{scheme}.highlight .{name} {{ color: {colour} }}" in text for scheme, colour in colours)
    ]
    kept = "\n".join(f"{scheme}.highlight pre {{ color: {colour} }}" for scheme, colour in colours)
    return re.compile(rf'<span class="(?:{"|".join(same)})">([^<]*)</span>'), kept


def _below_static(address):
    # Pages name assets from where they stand; a 404 page may do it from the root of the site.
    before, found, asset = (address or "").partition("?")[0].partition("_static/")
    return asset if found and "://" not in before and not before.startswith("//") else None


def _style(tag):
    if tag.name == "link" and "stylesheet" in (tag.attributes.get("rel") or "").split():
        return _below_static(tag.attributes.get("href"))
    return None


def _script(tag):
    return _below_static(tag.attributes.get("src")) if tag.name == "script" else None


def _sides(path):
    if not path.is_file():
        return {}
    found = pictures.size(path)
    return {"width": str(found[0]), "height": str(found[1])} if found else {}


def _digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _read(path):
    return path.read_text(encoding="utf-8")
