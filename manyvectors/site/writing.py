"""How nodes are written as HTML where Sphinx, the theme or an extension leaves something out."""

import html
import posixpath
from urllib.parse import quote

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode, depart_HideCellInput, visit_HideCellInput

from ..messages import say, told
from ..study import GRADES
from .accessible import grade, shape
from .book import drawn


def register(app):
    """Replace the ways in which these nodes are written."""
    app.add_node(drawn, html=(visit_drawn, depart_drawn))
    app.add_node(grade, html=(visit_grade, lambda self, node: self.body.append("</a>")))
    app.add_node(nodes.table, override=True, html=(visit_table, depart_table))
    app.add_node(
        nodes.entry, override=True, html=(visit_entry, lambda self, node: self.body.append(self.context.pop()))
    )
    app.add_node(nodes.image, override=True, html=(visit_image, depart_image))
    app.add_node(nodes.citation, override=True, html=(visit_citation, depart_citation))
    app.add_node(HideCodeCellNode, override=True, html=(visit_hidden_code, depart_HideCellInput))


def visit_grade(self, node):
    """Write a link to what the grade means, which shows it under a pointer, too."""
    letter = node["grade"]
    self.body.append(
        f'<a class="mv-grade" data-grade="{letter}" data-says="{html.escape(told(f"grade.{letter}", GRADES[letter]))}" '
        f'href="{html.escape(node["refuri"])}" aria-describedby="mv-grade-{letter.lower()}">'
    )


def visit_drawn(self, node):
    """Write a drawing, and open its caption."""
    self.body.append(f'<figure class="{" ".join(node["classes"])}">{node["svg"]}<figcaption>')


def depart_drawn(self, node):
    """Close the caption and its drawing."""
    self.body.append("</figcaption></figure>\n")


def visit_table(self, node):
    """Write a table in a box that scrolls."""
    self._table_row_indices.append(0)
    classes = ["table", *([f"table-{node['align']}"] if "align" in node else [])]
    style = {"style": f"width: {node['width']}"} if "width" in node else {}
    self.body.append(
        f'<div class="mv-scroll mv-table" data-label="{html.escape(node.get("label") or say("box.unnumbered"))}">'
    )
    self.body.append(self.starttag(node, "table", CLASS=" ".join(classes), **style))


def depart_table(self, node):
    """Close the table and its box."""
    self._table_row_indices.pop()
    self.body.append("</table></div>\n")
    self.report_messages(node)


def visit_entry(self, node):
    """Write a cell; a header says in which direction it heads, and an empty one is none."""
    head, stub = isinstance(node.parent.parent, nodes.thead), node.parent.parent.parent.stubs[node.parent.column]
    spans = {"row": node.get("morerows", 0) + 1, "col": node.get("morecols", 0) + 1}
    node.parent.column += spans["col"]
    given = {f"{way}span": n for way, n in spans.items() if n > 1}
    classes = ["head"] * head + ["stub"] * bool(stub)
    marked = shape(node.astext())
    name = "th" if classes and node.astext().strip() else "td"
    if name == "th":
        way = "col" if head else "row"
        given["scope"] = f"{way}group" if spans[way] > 1 else way
    self.body.append(self.starttag(node, name, "", classes=classes + marked, **given))
    self.context.append(f"</{name}>\n")


def visit_image(self, node):
    """Write a picture with its size; those below the first screen are loaded when they come near it."""
    if "width" in node or "height" in node or "scale" in node or not node.get("size"):
        type(self).visit_image(self, node)
        return
    if node["uri"] in self.builder.images:
        node["uri"] = posixpath.join(self.builder.imgpath, quote(self.builder.images[node["uri"]]))
    width, height = node["size"]
    given = {"alt": node.get("alt", ""), "src": node["uri"], "width": width, "height": height}
    if node["later"]:
        given["loading"] = "lazy"
    picture = self.emptytag(node, "img", "", decoding="async", **given)
    if "label" in node:
        picture = f'<div class="mv-scroll mv-picture" data-label="{html.escape(node["label"])}">{picture}</div>'
    self.body.append(picture)
    node["written"] = True


def depart_image(self, node):
    """Close a picture."""
    if not node.get("written"):
        type(self).depart_image(self, node)


def visit_citation(self, node):
    """Open an entry of the references as an item of their list; the role that docutils gives is out of use."""
    if not isinstance(node.previous_sibling(), nodes.citation):
        self.body.append('<div role="list" class="citation-list">\n')
    self.body.append(self.starttag(node, "div", classes=[node.tagname], role="listitem"))


def depart_citation(self, node):
    """Close it, and after the last one the list."""
    type(self).depart_citation(self, node)


def visit_hidden_code(self, node):
    """Open a folded cell, named by the words that it shows."""
    visit_HideCellInput(self, node)
    self.body[-4:] = [part.replace(' aria-label="Toggle hidden content"', "") for part in self.body[-4:]]
