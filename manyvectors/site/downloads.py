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
from sphinx.util.osutil import relative_uri

from ..common import without_formulas
from ..messages import say
from . import brought, packaged, passports, pictures, take
from .book import data_files, markup, notebooks, page_called, put, slug, title

FIGURES = "_downloads/figures"
FOLDER = "downloads"
PAGE = "downloads"
# What belongs to the data package besides the folder ``data``.
PAPERS = ("LICENSE", "CITATION.cff")

# Everything that comes from notebooks, captions and titles goes through these, which escape it.
TEMPLATES = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
TEMPLATES.globals["say"] = say
LINK = TEMPLATES.from_string(
    """\
<span class="mv-figure-data d-print-none">
{%- for kind in ("csv", "svg", "png") if kind in one.kinds -%}
{%- set said = say("downloads.kind." ~ kind) -%}
{{ " · " if not loop.first -}}
<a href="{{ one.address }}.{{ kind }}" download aria-label="
{{- say("downloads.of", kind=said, figure=one.figure) }}">{{ said }}</a>
{%- endfor -%}
{%- if one.passport %} · <span class="mv-n" data-n="{{ one.passport }}">
{{- say("downloads.about", figure=one.figure) }}</span>{% endif -%}
</span>"""
)
CHAPTER = TEMPLATES.from_string(
    """\
<p class="mv-take d-print-none">{{ say("downloads.take") }} <a href="{{ notebook }}" download>
{{- say("downloads.its-notebook") }}</a>
{%- if student %}, <a href="{{ student }}" download>{{ say("downloads.for-students") }}</a>{% endif %}
{%- for one in figures %}
{{ ", " if not loop.first else say("downloads.its-numbers") -}}
<a href="{{ one.address }}.csv" download aria-label="
{{- say("downloads.numbers-of", figure=one.figure) }}">{{ one.figure }}</a>
{%- endfor %}
{%- if all %}; <a href="{{ all }}">{{ say("downloads.everything") }}</a>{% endif %}.</p>
"""
)
NOTEBOOKS = TEMPLATES.from_string(
    """\
<ul class="mv-downloads">
{% for one in pages %}
<li><a href="{{ one.notebook }}" download>{{ one.title }}</a> ({{ one.size }})
{%- if one.student %}; <a href="{{ one.student }}" download aria-label="
{{- say("downloads.for-students-of", title=one.title) }}">{{ say("downloads.for-students") }}</a>{% endif %}</li>
{% endfor %}
</ul>
"""
)
TABLE = TEMPLATES.from_string(
    """\
<table class="table mv-downloads">
<thead><tr><th scope="col">{{ say("downloads.head.figure") }}</th><th scope="col">{{ say("downloads.head.rows") }}</th>
{#- #}<th scope="col">{{ say("downloads.head.files") }}</th></tr></thead>
{% for page in pages %}
<tbody>
<tr><th scope="rowgroup" colspan="3"><a href="{{ page.address }}">{{ page.title }}</a></th></tr>
{% for one in page.figures %}
<tr><th scope="row"><a href="{{ page.address }}#{{ one.id }}">{{ one.figure }}</a> {{ one.says }}</th>
<td>{{ one.rows }}</td><td>
{%- for kind in one.kinds %}
{{ ", " if not loop.first -}}
<a href="{{ one.address }}.{{ kind }}" download>{{ one.id ~ "." if loop.first }}{{ kind }}</a>
{%- endfor -%}
</td></tr>
{% endfor %}
</tbody>
{% endfor %}
</table>
"""
)
FILE = TEMPLATES.from_string(
    '<span data-download="{{ name }}">'
    '{% if size %}<a href="{{ address }}" download>{{ name }}</a> ({{ size }})'
    '{% else %}{{ say("downloads.missing", name=name) }}{% endif %}</span>'
)
MARK = re.compile(r'<span data-download="?([\w.-]+)"?>.*?</span>', re.DOTALL)  # such a place, on a finished page


def register(app):
    """Add the directive, and keep the tables of figures."""
    # The entry point that myst-nb offers for this would only work after a reinstallation.
    if FigureData not in load_mime_renders():
        load_mime_renders().append(FigureData)
    app.add_node(take_along)
    app.add_directive("downloads", Downloads)


class FigureData:
    """Keeps the CSV of a figure in the document tree, where no writer prints it."""

    mime_priority_overrides = ()

    @staticmethod
    def handle_mime(renderer, data, inline):
        """Return the nodes of an output of a cell; None if it is not CSV."""
        if data.mime_type != "text/csv":
            return None
        return [nodes.raw("", data.string, format="csv", about=data.output_metadata.get("text/csv", {}))]


class take_along(nodes.General, nodes.Element):
    """The place of a list of downloads, until all pages are known."""


class Downloads(Directive):
    """List downloads: ``notebooks``, ``figures``, ``wheel``, or the name of a file in the site's ``downloads``."""

    required_arguments = 1

    def run(self):
        """Return the nodes of the directive."""
        return [take_along(kind=self.arguments[0])]


def figures(env):
    """Return the figures that have data, as :func:`note_figures` notes them: dict of page to list of dict."""
    if not hasattr(env, "manyvectors_figures"):
        env.manyvectors_figures = {}
    return env.manyvectors_figures


def note_figures(app, doctree):
    """Note the figures of a page that have data: id, caption, CSV, and the chart with what is seen on it."""
    found = []
    for figure in doctree.findall(nodes.figure):
        data = next((raw for raw in figure.findall(nodes.raw) if raw["format"] == "csv"), None)
        caption = next(figure.findall(nodes.caption), None)
        if data is not None and caption and figure["ids"]:
            image = next(figure.findall(nodes.image), {"uri": ""})
            chart = Path(app.srcdir, image["uri"])
            found.append(
                {
                    "id": figure["ids"][0],
                    "caption": caption.astext(),
                    "csv": data.astext(),
                    "about": data.get("about", {}),
                    "alt": image.get("alt", ""),
                    "image": image["uri"],
                    "svg": chart.read_text(encoding="utf-8") if chart.suffix == ".svg" and chart.is_file() else None,
                }
            )
    if found:
        figures(app.env)[app.env.docname] = found


def forget(app, env, page):
    """Forget the figures of a page that is read again."""
    figures(env).pop(page, None)


def join(app, env, pages, other):
    """Take over what another process has read."""
    figures(env).update({page: found for page, found in figures(other).items() if page in pages})


def write(app):
    """Write the files of the figures, the package of all of them, and the data package."""
    folder = Path(app.outdir, FIGURES)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    made = {page: found for page, found in sorted(figures(app.env).items())}
    charts = {}
    for one in (one for found in made.values() for one in found):
        put(folder / f"{one['id']}.csv", without_formulas(one["csv"]))
        if one["svg"]:
            put(folder / f"{one['id']}.svg", one["svg"])
            charts[folder / f"{one['id']}.svg"] = folder / f"{one['id']}.png"
    pictures.draw(charts)
    name = slug(app.config.html_title)
    if made:
        packaged.write(app, folder, made)
        members = {path.name: path for path in folder.iterdir()}
        _zip(
            Path(app.outdir, FOLDER, f"{name}-figures.zip"),
            {f"{name}-figures/{key}": path for key, path in members.items()},
        )
    if page_called(app, PAGE):
        zip_data(Path(app.srcdir), Path(app.outdir, FOLDER, f"{name}-data.zip"))


def zip_site(app):
    """Zip the finished site and fill in what its page of downloads says of the files."""
    page = page_called(app, PAGE)
    if page:
        finish(Path(app.outdir), app.builder.get_target_uri(page), f"{slug(app.config.html_title)}-site.zip")


def fill(app, document, page):
    """Put the lists where their marks are, and below figures and chapters the links to take them along."""
    here = _Page(app, page)
    for place in list(document.findall(take_along)):
        place.replace_self([markup(here.list(place["kind"]))])
    about = here.describe(page)
    links = {one["id"]: one for one in about["figures"]}
    for figure in list(document.findall(nodes.figure)):
        if figure["ids"] and figure["ids"][0] in links:
            figure += nodes.legend("", markup(LINK.render(one=links[figure["ids"][0]])))
    if about["notebook"] and isinstance(document[0], nodes.section):
        every = page_called(app, PAGE)
        address = here.address(app.builder.get_target_uri(every)) if every else None
        document[0] += markup(CHAPTER.render(about, all=address))


class _Page:
    """What is linked from a page, seen from there."""

    def __init__(self, app, name):
        self.app, self.env, self.name = app, app.env, name

    def address(self, path):
        """Return the way from this page to a file of the site."""
        return relative_uri(self.app.builder.get_target_uri(self.name), path)

    def describe(self, page):
        """Describe a page: title, addresses, its figures that have data."""
        source = Path(self.env.doc2path(page))
        notebook = source.suffix == ".ipynb"
        return {
            "title": title(self.env, page),
            "address": self.address(self.app.builder.get_target_uri(page)),
            "notebook": self.address(f"_sources/{page}.ipynb") if notebook else None,
            "student": self.address(take.for_students(page)) if self.has_solutions(source) else None,
            "size": size(source.stat().st_size),
            "figures": [self.figure(page, one) for one in figures(self.env).get(page, [])],
        }

    def has_solutions(self, source):
        """Say whether the site also has this notebook without solutions: it writes them beside the code."""
        offered = source.suffix == ".ipynb" and page_called(self.app, PAGE) is not None
        return offered and "{solution-start}" in source.read_text(encoding="utf-8")

    def figure(self, page, one):
        """Describe a figure: number, what its caption says first, where its CSV is, how many rows it has."""
        return {
            "id": one["id"],
            "figure": packaged.numbered(self.app, page, one["id"])[1],
            "says": re.split(r"(?<=[.?!])\s", one["caption"], maxsplit=1)[0],
            "address": self.address(f"{FIGURES}/{one['id']}"),
            "kinds": [
                "csv",
                *(["svg"] if one["svg"] else []),
                *(["png"] if one["svg"] and pictures.can_draw() else []),
            ],
            "passport": passports.figure_name(page, one["id"]) if brought.numbers(self.app).get("passports") else None,
            "rows": sum(1 for _ in csv.reader(io.StringIO(one["csv"]))) - 1,
        }

    def list(self, kind):
        """Return a list of downloads as HTML."""
        if kind == "figures":
            return TABLE.render(pages=[self.describe(page) for page in sorted(figures(self.env))])
        if kind == "notebooks":
            return NOTEBOOKS.render(pages=[self.describe(page) for page in notebooks(self.app)])
        return f"<p>{FILE.render(name=take.WHEEL if kind == 'wheel' else kind)}</p>"


def size(number):
    """Write a number of bytes for a reader, such as ``"3.4 MB"``."""
    return f"{number / 1e6:.1f} MB" if number >= 1e6 else f"{max(number / 1e3, 1):.0f} kB"


def finish(site, page, name):
    """Zip a built site, and say on its page of downloads which files there are and how large they are.

    ``site`` (pathlib.Path): folder with the ``index.html`` of the site. Its zip unpacks to one folder; it holds all of
    the site but itself and hidden files. ``page``, ``name``: the page, as seen from the folder; what the zip is called.
    """
    target = site / FOLDER / name
    target.parent.mkdir(exist_ok=True)
    _fill(site, page, without=name)
    paths = (path for path in site.rglob("*") if path.is_file() and path != target)
    inside = {path.relative_to(site): path for path in paths}
    shown = {name: path for name, path in inside.items() if not any(part.startswith(".") for part in name.parts)}
    _zip(target, {f"{target.stem}/{name.as_posix()}": path for name, path in shown.items()})
    _fill(site, page)


def add(path, site):
    """Put a file, such as the PDF of the book, among the downloads of a built site, if it has a page of them.

    ``path``, ``site``: pathlib.Path.
    """
    page = next((page for page in sorted(site.rglob(f"{PAGE}.html"))), None)
    zipped = next(iter((site / FOLDER).glob("*-site.zip")), None)
    if page and zipped:
        shutil.copyfile(path, site / FOLDER / path.name)
        finish(site, page.relative_to(site).as_posix(), zipped.name)


def _fill(site, page, without=None):
    def filled(place):
        path = site / FOLDER / place[1]
        found = place[1] != without and path.is_file()
        address = relative_uri(page, f"{FOLDER}/{place[1]}")
        return FILE.render(name=place[1], address=address, size=size(path.stat().st_size) if found else None)

    text = (site / page).read_text(encoding="utf-8")
    put(site / page, MARK.sub(filled, text))


def zip_data(root, target):
    """Zip the data package with its licence and citation; one folder, the same bytes on every run.

    ``root`` (pathlib.Path): the book's folder, where its ``LICENSE`` and ``CITATION.cff`` stand, if it has them.
    ``target``: pathlib.Path.
    """
    members = {name.removeprefix("data/"): path for name, path in data_files().items()}
    members |= {name: root / name for name in PAPERS if (root / name).is_file()}
    _zip(target, {f"{target.stem}/{name}": path for name, path in members.items()})


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
            way = zipfile.ZIP_STORED if Path(name).suffix in take.PACKED else zipfile.ZIP_DEFLATED
            file.writestr(entry, content, compress_type=way, compresslevel=6)
