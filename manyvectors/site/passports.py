"""The passport of a number: where it was worked out, from what, with which seed and grade, and what it was before.

Every number glued into prose, and every figure, has one. While a page is read, each number is marked with its chapter
and name; what stands in its passport comes from :mod:`manyvectors.export.passports`. The passports of a chapter are a
script beside the pages, which a page loads when a reader first asks: from a folder a page may load scripts, and cannot
fetch files.
"""

import json
import posixpath
import re
import shutil
from pathlib import Path

import nbformat
from docutils import nodes
from myst_nb.ext.glue.roles import PasteTextRole

from ..messages import say, told
from ..study import GRADES
from . import brought
from .book import chapter, notebooks, page_called, title

FOLDER = "_static/passports"
ROWS = ("where", "as", "counted", "claim", "seed", "recipe", "grade", "before", "what", "interval", "name")
FINDINGS = "findings"  # what the passports of the findings' numbers are called, as others by their chapter
CITING, NAMED = "how-to-cite", "a-chapter-a-figure-a-number"  # the page, and its part on numbers
FEW = 3  # recipes, or tables of one grade, that a passport lists


def register(app):
    """Mark what is glued as text."""
    app.add_node(glued, html=(visit_glued, lambda self, node: self.body.append("</span>")))
    app.add_role_to_domain("glue", "text", GluedText(), override=True)


class glued(nodes.inline):
    """A number in prose: ``of`` names its chapter and itself, such as ``"03_what/n_kaz"``."""


class GluedText(PasteTextRole):
    """As myst-nb's role, with a mark round what it pastes."""

    def run(self):
        """Return the nodes of the role."""
        pasted, messages = super().run()
        where, _, rest = self.text.rpartition("::")
        page = where or self.document.settings.env.docname
        name = f"{posixpath.basename(page).removesuffix('.ipynb')}/{rest.partition(':')[0]}"
        here = [part for one in pasted for part in (one.children if isinstance(one, nodes.inline) else [one])]
        return [glued("", "", *here, of=name)] if pasted else [], messages


def visit_glued(self, node):
    """Open a number that a reader may ask for its passport; not inside a link, which has a purpose of its own."""
    inside = node.parent
    while inside is not None and not isinstance(inside, nodes.reference):
        inside = inside.parent
    known = inside is None and (node.get("known") or node["of"] in _known(self.builder.env))
    self.body.append(f'<span class="mv-n" data-n="{node["of"]}">' if known else "<span>")


def _noted(env):
    if not hasattr(env, "manyvectors_passports"):
        env.manyvectors_passports = {}
    return env.manyvectors_passports


def _known(env):
    return {name for found in _noted(env).values() for name in found}


def note(app, doctree):
    """Note the numbers and figures of a page with the grade beside each, and give the cells that it shows a place."""
    page, found = app.env.docname, {}
    source = Path(app.env.doc2path(page))
    if source.suffix == ".ipynb":
        cells = nbformat.read(source, as_version=4).cells
        for box in doctree.findall(nodes.container):
            if box.get("nb_element") == "cell_code":
                box["ids"].append(place_of(cells[box["cell_index"]].get("id", str(box["cell_index"]))))
    whole = _grade_of_page(doctree)
    for number in doctree.findall(glued):
        found.setdefault(number["of"], _grade_beside(number) or whole)
    for figure in doctree.findall(nodes.figure):
        caption = next(figure.findall(nodes.caption), None)
        if figure["ids"] and caption is not None:
            found[figure_name(page, figure["ids"][0])] = _letter(caption.astext()) or whole
    if found:
        _noted(app.env)[page] = found


def forget(app, env, page):
    """Forget the numbers of a page that is read again."""
    _noted(env).pop(page, None)


def join(app, env, pages, other):
    """Take over what another process has read."""
    _noted(env).update({page: found for page, found in _noted(other).items() if page in pages})


def place_of(cell):
    """Return the anchor of a cell on its page."""
    return nodes.make_id(f"cell-{cell}")


def figure_name(page, name):
    """Return what the passport of a figure is called."""
    return f"{posixpath.basename(page)}/{name}"


def _letter(text):
    found = re.search(r"\b[Gg]rade ([A-D])\b", text)
    return found and found[1]


def _grade_beside(number):
    """Return the grade that the block round a number names: the next one after it, or else the last before."""
    block = number.parent
    while block.parent is not None and not isinstance(block, nodes.paragraph | nodes.caption | nodes.entry):
        block = block.parent
    before, found = True, [None, None]
    for part in block.findall():
        before = before and part is not number
        letter = _letter(part) if isinstance(part, nodes.Text) else None
        if letter and (before or found[1] is None):
            found[not before] = letter
    return found[1] or found[0]


def _grade_of_page(doctree):
    """Return the grade that the page names first: in its box, or before the first result."""
    return _letter(doctree.astext())


# --- What a passport says ---------------------------------------------------------------------------------------------


def write(app):
    """Write the passports of each chapter as a script."""
    folder = Path(app.outdir, FOLDER)
    shutil.rmtree(folder, ignore_errors=True)
    held, grades = brought.numbers(app).get("passports", {}), {}
    for found in _noted(app.env).values():
        grades |= {name: letter for name, letter in found.items() if letter or name not in grades}
    pages = {path.stem: name for name, path in notebooks(app).items()}
    for stem, made in held.items():
        every = made["numbers"] | made["figures"]
        said = {
            name: rows(app, pages[stem], passport, grades[f"{stem}/{name}"])
            for name, passport in every.items()
            if f"{stem}/{name}" in grades
        }
        _script(app, stem, said)
    _script(app, FINDINGS, _of_findings(app))


def _script(app, stem, said):
    if not said:
        return
    citing = page_called(app, CITING)
    held = {
        "labels": [say(f"passport.row.{name}") for name in ROWS],
        "cite": f"{app.builder.get_target_uri(citing)}#{NAMED}" if citing else "",
        "of": said,
    }
    told = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
    path = Path(app.outdir, FOLDER, f"{stem}.js")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'manyvectorsPassports("{stem}",{told})\n', encoding="utf-8", newline="\n")


def _of_findings(app):
    """Return the passports of the numbers in the findings, of a book that tells them: name to rows."""
    return {
        f"{finding['name']}.{name}": rows(app, page_called(app, finding["chapter"]), passport, finding["grade"])
        for finding in brought.findings(app)
        for name, passport in finding["passports"].items()
    }


def rows(app, page, passport, grade):
    """Return the rows of a passport: lists of the place of a label, what is said, and an address where there is one.

    ``page`` (str): document of the chapter. ``passport`` (dict): as :mod:`manyvectors.export.passports` makes it.
    ``grade`` (str or None): the letter on its page, for what the passport knows no grade of.
    """
    named, says = chapter(page), []
    named = say("passport.chapter", number=named) if named else title(app.env, page)
    named, address = named[0].upper() + named[1:], app.builder.get_target_uri(page)
    if "cell" in passport:
        own = passport["cell"] == passport["shown"]
        named = say("passport.cell" if own else "passport.hidden", page=named, cell=passport["cell"])
        address = f"{address}#{place_of(passport['shown'])}" if passport["shown"] else ""
    says.append(["where", named, address])
    ends = passport.get("interval")
    says.append(["interval", say("passport.interval", low=ends[0], high=ends[1]) if ends else ""])
    says.append(["what", passport.get("what", "")])
    says.append(["as", passport.get("code", "")])
    says.append(["counted", "; ".join(counted(passport))])
    claims = ", ".join(map(str, passport.get("claims", ())))
    says.append(["claim", claims and say("passport.claims", numbers=claims)])
    says.append(["seed", ", ".join(seeds(passport)) or say("passport.no-seed")])
    recipes = passport.get("recipes", ())
    many = say("passport.recipes", n=len(recipes)) if len(recipes) > FEW else ""
    says.append(["recipe", many or ", ".join(recipes)])
    says.append(["grade", graded(passport, grade)])
    says.append(["before", before(passport)])
    return [[ROWS.index(label), *row] for label, *row in says if row[0]]


def counted(passport):
    """Return what a passport says was counted: list of str."""
    said = []
    for register, state, unit, n in passport.get("counts", ()):
        what = say(f"passport.count.{unit}", n=n, number=f"{n:,}", register=register)
        said.append(say("passport.of", what=what, state=state) if state else what)
    tables = [say("passport.rows", table=name, n=n, number=f"{n:,}") for name, n in passport.get("tables", {}).items()]
    return said + tables


def seeds(passport):
    """Return what a passport says of chance: list of str, the seeds of its code and those of tables that were drawn."""
    drawn = (say("passport.drawn", seed=seed, table=name) for name, seed in passport.get("drawn", {}).items())
    return [*passport.get("seeds", ()), *drawn]


def graded(passport, grade):
    """Return what a passport says of grades: the lowest of what is counted, and for what the others are.

    ``grade`` (str or None): what is said where the passport knows none.
    """
    first, *others = [*passport.get("grades", {})] or [grade]
    if first is None:
        return say("passport.grades")
    said = say("passport.letter", letter=first, says=told(f"grade.{first}", GRADES[first]))
    others = [say("passport.other", letter=one, what=what) for one in others if (what := _of(passport, one))]
    return "; ".join([say("passport.lowest", said=said, what=_of(passport, first)) if others else said, *others])


def _of(passport, letter):
    named = passport["grades"][letter]
    return ", ".join([*named[:FEW], *(["\u2026"] if len(named) > FEW else [])])


def before(passport):
    """Return what a passport says of the last release: "" for a figure, or where there was none."""
    if "release" not in passport:
        return ""
    if "was" not in passport:
        return say("passport.new", release=passport["release"])
    if passport["was"] == passport["now"]:
        return say("passport.same", release=passport["release"])
    return say("passport.moved", was=passport["was"], release=passport["release"])
