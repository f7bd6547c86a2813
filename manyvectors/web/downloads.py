"""What a reader can take along: the numbers of each figure, each notebook, the data package and the whole site.

The numbers come from the notebooks as this build executed them (or took them from its cache): each figure that
:func:`manyvectors.figures.show` shows has its table as CSV among its outputs.
"""

import csv
import io
import re
import shutil
import zipfile
import zlib
from pathlib import Path

import jinja2
from docutils import nodes
from docutils.parsers.rst import Directive
from myst_nb.core.render import load_mime_renders
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import relative_uri

from .website import has_site

FIGURES = "_downloads/figures"
FOLDER = "downloads"
DATA, SITE = "many-vectors-data.zip", "many-vectors-site.zip"
PAGE = "book/downloads.html"
# What belongs to the data package besides the folder ``data``.
PAPERS = ("LICENSE", "CITATION.cff")
# Compressed already: a second compression costs time and gains nothing.
PACKED = {".gz", ".jpg", ".parquet", ".pdf", ".png", ".webp", ".woff2", ".zip"}

# Everything that comes from notebooks, captions and titles goes through these, which escape it.
TEMPLATES = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
LINK = TEMPLATES.from_string(
    '<a class="mv-figure-data d-print-none" href="{{ address }}" download'
    ' aria-label="Data (CSV) of {{ figure }}">Data (CSV)</a>'
)
CHAPTER = TEMPLATES.from_string(
    """\
<p class="mv-take d-print-none">Take this chapter with you: <a href="{{ notebook }}" download>its notebook (.ipynb)</a>
{%- for one in figures %}
{{ ", " if not loop.first else "; the numbers (CSV) of " -}}
<a href="{{ one.address }}" download aria-label="{{ one.figure }}: numbers (CSV)">{{ one.figure }}</a>
{%- endfor %}
{%- if all %}; <a href="{{ all }}">everything else</a>{% endif %}.</p>
"""
)
NOTEBOOKS = TEMPLATES.from_string(
    """\
<ul class="mv-downloads">
{% for one in pages %}
<li><a href="{{ one.notebook }}" download>{{ one.title }}</a> ({{ one.size }})</li>
{% endfor %}
</ul>
"""
)
TABLE = TEMPLATES.from_string(
    """\
<table class="table mv-downloads">
<thead><tr><th scope="col">Figure</th><th scope="col">Rows</th><th scope="col">Numbers</th></tr></thead>
{% for page in pages %}
<tbody>
<tr><th scope="rowgroup" colspan="3"><a href="{{ page.address }}">{{ page.title }}</a></th></tr>
{% for one in page.figures %}
<tr><th scope="row"><a href="{{ page.address }}#{{ one.id }}">{{ one.figure }}</a> {{ one.says }}</th>
<td>{{ one.rows }}</td><td><a href="{{ one.address }}" download>{{ one.id }}.csv</a></td></tr>
{% endfor %}
</tbody>
{% endfor %}
</table>
"""
)
FILE = TEMPLATES.from_string(
    '<span data-download="{{ name }}">'
    '{% if size %}<a href="{{ address }}" download>{{ name }}</a> ({{ size }})'
    "{% else %}{{ name }} is not part of this copy of the site{% endif %}</span>"
)


def setup(app):
    """Connect this part to the events of a build."""
    # The entry point that myst-nb offers for this would only work after a reinstallation.
    if FigureData not in load_mime_renders():
        load_mime_renders().append(FigureData)
    app.add_node(take_along)
    app.add_directive("downloads", Downloads)
    app.add_post_transform(TakeAlong)
    app.connect("doctree-read", _collect)
    app.connect("env-purge-doc", lambda app, env, page: _figures(env).pop(page, None))
    app.connect("env-merge-info", lambda app, env, pages, other: _figures(env).update(_of(other, pages)))
    app.connect("env-updated", _write)
    # After whatever else changes files of the site.
    app.connect("build-finished", _finish, priority=990)


class FigureData:
    """Keeps the CSV of a figure in the document tree, where no writer prints it."""

    mime_priority_overrides = ()

    @staticmethod
    def handle_mime(renderer, data, inline):
        """Return the nodes of an output of a cell; None if it is not CSV."""
        return [nodes.raw("", data.string, format="csv")] if data.mime_type == "text/csv" else None


class take_along(nodes.General, nodes.Element):
    """The place of a list of downloads, until all pages are known."""


class Downloads(Directive):
    """List downloads: ``notebooks``, ``figures``, or the name of a file in the site's folder ``downloads``."""

    required_arguments = 1

    def run(self):
        """Return the nodes of the directive."""
        return [take_along(kind=self.arguments[0])]


def _figures(env):
    if not hasattr(env, "manyvectors_figures"):
        env.manyvectors_figures = {}
    return env.manyvectors_figures


def _of(env, pages):
    return {page: found for page, found in _figures(env).items() if page in pages}


def _collect(app, doctree):
    """Note the figures of a page that have data: id, caption and CSV."""
    found = []
    for figure in doctree.findall(nodes.figure):
        data = next((raw.astext() for raw in figure.findall(nodes.raw) if raw["format"] == "csv"), None)
        caption = next(figure.findall(nodes.caption), None)
        if data and caption and figure["ids"]:
            found.append({"id": figure["ids"][0], "caption": caption.astext(), "csv": data})
    if found:
        _figures(app.env)[app.env.docname] = found


def _write(app, env):
    """Write the CSV files and the data package; return the pages whose lists may have changed."""
    if not has_site(app):
        return []
    folder = Path(app.outdir, FIGURES)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for found in _figures(env).values():
        for one in found:
            (folder / f"{one['id']}.csv").write_text(one["csv"], encoding="utf-8", newline="\n")
    if Path(app.srcdir, "data").is_dir():
        zip_data(Path(app.srcdir), Path(app.outdir, FOLDER, DATA))
    page = PAGE.removesuffix(".html")
    return [page] if page in env.all_docs else []


class TakeAlong(SphinxPostTransform):
    """Put the links on the pages of the website; elsewhere leave nothing."""

    default_priority = 3

    def run(self, **kwargs):
        """Change one page."""
        site = has_site(self.app)
        for place in list(self.document.findall(take_along)):
            place.replace_self([_html(self.list(place["kind"]))] if site else [])
        if not site:
            return
        page = self.env.docname
        about = self.page(page)
        links = {one["id"]: one for one in about["figures"]}
        for figure in list(self.document.findall(nodes.figure)):
            if figure["ids"] and figure["ids"][0] in links:
                figure += nodes.legend("", _html(LINK.render(links[figure["ids"][0]])))
        if about["notebook"] and isinstance(self.document[0], nodes.section):
            listed = PAGE.removesuffix(".html") in self.env.all_docs
            self.document[0] += _html(CHAPTER.render(about, all=self.address(PAGE) if listed else None))

    def address(self, path):
        """Return the way from this page to a file of the site."""
        return relative_uri(self.app.builder.get_target_uri(self.env.docname), path)

    def page(self, page):
        """Describe a page: title, addresses, its figures that have data."""
        source = Path(self.env.doc2path(page))
        notebook = source.suffix == ".ipynb"
        return {
            "title": self.env.titles[page].astext() if page in self.env.titles else page,
            "address": self.address(self.app.builder.get_target_uri(page)),
            "notebook": self.address(f"_sources/{page}.ipynb") if notebook else None,
            "size": size(source.stat().st_size),
            "figures": [self.figure(page, one) for one in _figures(self.env).get(page, [])],
        }

    def figure(self, page, one):
        """Describe a figure: number, what its caption says first, where its CSV is, how many rows it has."""
        number = self.env.toc_fignumbers.get(page, {}).get("figure", {}).get(one["id"], ())
        return {
            "id": one["id"],
            "figure": self.config.numfig_format["figure"] % ".".join(map(str, number)) if number else one["id"],
            "says": re.split(r"(?<=[.?!])\s", one["caption"], maxsplit=1)[0],
            "address": self.address(f"{FIGURES}/{one['id']}.csv"),
            "rows": sum(1 for _ in csv.reader(io.StringIO(one["csv"]))) - 1,
        }

    def list(self, kind):
        """Return a list of downloads as HTML."""
        if kind == "figures":
            return TABLE.render(pages=[self.page(page) for page in sorted(_figures(self.env))])
        if kind == "notebooks":
            paths = {page: self.env.doc2path(page) for page in sorted(self.env.all_docs)}
            return NOTEBOOKS.render(pages=[self.page(page) for page, path in paths.items() if path.endswith(".ipynb")])
        return f"<p>{FILE.render(name=kind)}</p>"


def _html(text):
    return nodes.raw("", text, format="html")


def size(number):
    """Write a number of bytes for a reader, such as ``"3.4 MB"``."""
    return f"{number / 1e6:.1f} MB" if number >= 1e6 else f"{max(number / 1e3, 1):.0f} kB"


def _finish(app, exception):
    if exception is None and has_site(app):
        finish(Path(app.outdir))


def add(path, site):
    """Put a file, such as the PDF of the book, among the downloads of a built site.

    Parameters
    ----------
    path, site : pathlib.Path
    """
    folder = Path(site, FOLDER)
    folder.mkdir(exist_ok=True)
    shutil.copyfile(path, folder / Path(path).name)
    finish(site)


def finish(site):
    """Zip a built site, and say on its page of downloads which files there are and how large they are.

    Parameters
    ----------
    site : pathlib.Path
        Folder with the ``index.html`` of the site. Its zip unpacks to one folder; it holds all of the site but itself
        and hidden files.
    """
    site, target = Path(site), Path(site, FOLDER, SITE)
    target.parent.mkdir(exist_ok=True)
    _fill(site, without=SITE)
    paths = (path for path in site.rglob("*") if path.is_file() and path != target)
    inside = {path.relative_to(site): path for path in paths}
    shown = {name: path for name, path in inside.items() if not any(part.startswith(".") for part in name.parts)}
    _zip(target, {f"{target.stem}/{name.as_posix()}": path for name, path in shown.items()})
    _fill(site)


def _fill(site, without=None):
    page = site / PAGE
    if not page.is_file():
        return

    def fill(place):
        name = place[1]
        path = site / FOLDER / name
        found = name != without and path.is_file()
        address = relative_uri(PAGE, f"{FOLDER}/{name}")
        return FILE.render(name=name, address=address, size=size(path.stat().st_size) if found else None)

    text = page.read_text(encoding="utf-8")
    filled = re.sub(r'<span data-download="?([\w.-]+)"?>.*?</span>', fill, text, flags=re.DOTALL)
    if filled != text:
        page.write_text(filled, encoding="utf-8", newline="\n")


def zip_data(root, target):
    """Zip the data package with its licence and citation; one folder, the same bytes on every run.

    Parameters
    ----------
    root : pathlib.Path
        The repository: ``data``, ``LICENSE`` and ``CITATION.cff``.
    target : pathlib.Path
    """
    paths = [path for path in (root / "data").iterdir() if path.is_file() and not path.name.startswith(".")]
    paths += [root / name for name in PAPERS if (root / name).is_file()]
    _zip(target, {f"{target.stem}/{path.name}": path for path in paths})


def _zip(target, members):
    """Write a zip, names sorted and without dates; leave one alone that holds the same already."""
    held = {}
    if zipfile.is_zipfile(target):
        with zipfile.ZipFile(target) as file:
            held = {entry.filename: entry.CRC for entry in file.infolist()}
    contents = {name: members[name].read_bytes() for name in sorted(members)}
    if held == {name: zlib.crc32(content) for name, content in contents.items()}:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as file:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name)  # its date is the first of 1980
            entry.external_attr = 0o644 << 16
            way = zipfile.ZIP_STORED if Path(name).suffix in PACKED else zipfile.ZIP_DEFLATED
            file.writestr(entry, content, compress_type=way, compresslevel=6)
