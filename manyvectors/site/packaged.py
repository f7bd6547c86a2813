"""All figures as one package of data, by the Frictionless standard: numbers, pictures, sources, licences, a readme.

What a figure rests on comes from its passport: the tables that its code opens, and their licences.
"""

import csv
import hashlib
import io
import json
import re
from pathlib import Path

from ..common import without_formulas
from ..messages import drawn, say
from . import brought, cite
from .book import data_files, notebooks, put, short_title, slug, the_study
from .share import page_address

NOT_COMMERCIAL = "other-nc"
FIELDS = {"estimate", "low", "high", "unit", "n", "year", "state", "era"}  # columns of figures that are explained
PART = re.compile(r"(?<=_)(?:estimate|low|high|n)$")
KINDS = {"svg": "image/svg+xml", "png": "image/png"}


def numbered(app, page, name):
    """Return the number of a figure, "" where it has none, and what it is called: such as ``("31", "Fig. 31")``."""
    number = app.env.toc_fignumbers.get(page, {}).get("figure", {}).get(name, ())
    number = ".".join(map(str, number))
    return number, app.config.numfig_format["figure"] % number if number else name


def write(app, folder, figures):
    """Write ``datapackage.json`` and ``README.md`` beside the files of the figures.

    ``folder`` (pathlib.Path): holds the files. ``figures`` (dict): page to figures, each with ``id``, ``caption``,
    ``csv``, ``alt`` and ``about``, which says what ``n`` counts and why there is no interval.
    """
    held, (tables, own) = brought.numbers(app).get("passports", {}), _tables()
    book = _book(app)
    stems = {name: path.stem for name, path in notebooks(app).items()}
    resources, lines = [], []
    for page, found in figures.items():
        for one in found:
            passport = held.get(stems.get(page), {}).get("figures", {}).get(one["id"], {})
            named = [name for name in passport.get("tables", ()) if name in tables]
            licences = _licences(tables, named) or own
            number, figure = numbered(app, page, one["id"])
            where = page_address(app, page) or app.builder.get_target_uri(page)
            about = {
                "title": figure,
                "description": one["caption"],
                "alt": one["alt"],
                "figure": number,
                "page": f"{where}#{one['id']}",
                "version": book["version"],
                "licenses": licences,
                "sources": [{"title": tables[name]["title"], "path": tables[name]["path"]} for name in named]
                or [{"title": say("figures.own"), "path": where}],
            }
            about |= {"recipes": passport["recipes"]} if "recipes" in passport else {}
            about |= {name: said for name in ("interval", "n") if (said := _none(name, one["about"]))}
            resources.append(_numbers(folder, one, about))
            resources += _drawn(folder, one, about)
            source = say("figures.tables", n=len(named), tables=", ".join(named)) if named else say("figures.own")
            told = {"figure": figure, "id": one["id"], "says": one["caption"], "source": source, "page": about["page"]}
            told |= {"book": book["title"], "version": book["version"]}
            line = say("figures.line", **told, licence="; ".join(part["title"] for part in licences))
            lines.append(" ".join([line, *_sure(one["about"])]))
    whole = say("figures.title", book=short_title(app.config.html_title))
    package = {
        "name": f"{slug(app.config.html_title)}-figures",
        "profile": "data-package",
        "title": whole,
        "description": say("figures.described"),
        "version": book["version"],
        "licenses": own,
        "contributors": [{"title": name, "role": "author"} for name in book["authors"]],
        "resources": resources,
    }
    put(folder / "datapackage.json", json.dumps(package, ensure_ascii=False, indent=1) + "\n")
    parts = [f"# {whole}", say("figures.described"), say("figures.readme"), *(f"- {line}" for line in lines)]
    put(folder / "README.md", "\n\n".join(parts) + "\n")


def _book(app):
    """Return title, version and authors, as ``CITATION.cff`` has them, or as the configuration where there is none."""
    if Path(app.confdir, "CITATION.cff").is_file():
        return cite.work(app.confdir)
    version = app.config.version or say("figures.no-version")
    return {"title": app.config.html_title, "version": version, "authors": [app.config.author]}


def _tables():
    """Return the tables of the data packages, by name (``title``, ``path``, ``licences``), and the study's licences."""
    found, own = {}, []
    for name, path in data_files().items():
        if path.name == "datapackage.json":
            package = json.loads(path.read_text(encoding="utf-8"))
            own = package.get("licenses", []) if path.parent == the_study().folder else own
            for one in package["resources"]:
                found[one["name"]] = {
                    "title": one.get("description", one["name"]),
                    "path": f"{name.rpartition('/')[0]}/{one['path']}",
                    "licences": one.get("licenses", []),
                }
    return found, own


def _licences(tables, named):
    """Return the licences of tables that may not be used commercially, which then hold for the figure."""
    limited = {
        part["title"]: part for name in named for part in tables[name]["licences"] if part["name"] == NOT_COMMERCIAL
    }
    return [*limited.values()]


def _file(folder, name):
    content = (folder / name).read_bytes()
    return {"path": name, "bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}


def _none(name, about):
    """Say why a figure, or some of its columns, has no interval or no ``n``; None where it has."""
    given = about.get(f"no_{name}")
    if not isinstance(given, dict):
        return _why(name, given) if given else None
    columns = {reason: [column for column in given if given[column] == reason] for reason in given.values()}
    said = {", ".join(named): _why(name, reason) for reason, named in columns.items()}
    return " ".join(say("figures.of-columns", columns=named, said=one) for named, one in said.items())


def _why(name, reason):
    return say(f"interval.none.{reason}") if name == "interval" else say(f"n.none.{reason}")


def _counted(about):
    """Say what the column ``n`` counts; None where there is none."""
    return say("interval.n", what=drawn(about["counted"])) if "counted" in about else None


def _sure(about):
    """Return the sentences that say how sure the numbers of a figure are."""
    return filter(None, (_counted(about), _none("n", about), _none("interval", about)))


def _numbers(folder, one, about):
    rows = list(csv.reader(io.StringIO(without_formulas(one["csv"]))))
    columns = dict(zip(rows[0], zip(*rows[1:], strict=True), strict=True))
    fields = [{"name": name, "type": _kind(cells)} for name, cells in columns.items()]
    for field in fields:
        kind = PART.search(field["name"])
        kind = kind[0] if kind else field["name"]  # the end of an estimate that has a name has the name in front
        told = _counted(one["about"]) if kind == "n" else None
        if told or kind in FIELDS:
            field["description"] = told or say(f"figures.field.{kind}")
    return {
        "name": one["id"],
        "profile": "tabular-data-resource",
        **_file(folder, f"{one['id']}.csv"),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **about,
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _drawn(folder, one, about):
    for kind, media in KINDS.items():
        if (folder / f"{one['id']}.{kind}").is_file():
            yield {
                "name": f"{one['id']}-{kind}",
                **_file(folder, f"{one['id']}.{kind}"),
                "format": kind,
                "mediatype": media,
                **about,
            }


def _kind(cells):
    """Return the type of a column by the Table Schema."""
    held = [cell for cell in cells if cell]
    for kind, reads in (("integer", int), ("number", float)):
        try:
            return (list(map(reads, held)) and kind) or "string"
        except ValueError:
            continue
    return "boolean" if set(held) <= {"True", "False"} else "string"
