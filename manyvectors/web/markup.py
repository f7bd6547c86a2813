"""Written pages as tags with their places, so that a few can be changed and every other character stays as it was."""

import html
import re
from html.parser import HTMLParser
from typing import NamedTuple

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


class Tag(NamedTuple):
    """A start tag: name, attributes in order (a value is None where there is none), and where the tag stands."""

    name: str
    attributes: dict
    start: int
    end: int
    close: int  # where the element ends, for elements that hold text alone; else the end of the tag
    before: int  # characters of text in the main part of the page before the tag; -1 outside of it


class Page(HTMLParser):
    """The tags of a page in `tags`, and its changes: each is a stretch of the text and what shall stand there."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.text, self.tags, self._edits = text, [], []
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._read, self._main = 0, None
        self.feed(text)
        self.close()

    def handle_starttag(self, name, attributes):
        start = self._offset()
        end = start + len(self.get_starttag_text())
        if name == "main":
            self._main = 0
        before = -1 if self._main is None else self._main
        self.tags.append(Tag(name, dict(attributes), start, end, self._close(name, end), before))

    def handle_endtag(self, name):
        if name == "main":
            self._main = None

    def handle_data(self, data):
        if self._main is not None:
            self._main += len(data.strip())

    def _offset(self):
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _close(self, name, end):
        if name in VOID:
            return end
        match = re.compile(rf"[^<]*</{re.escape(name)}\s*>", re.IGNORECASE).match(self.text, end)
        if match is None and name == "script":
            match = re.compile(r".*?</script\s*>", re.IGNORECASE | re.DOTALL).match(self.text, end)
        return match.end() if match else end

    def content(self, tag):
        """Return what an element that holds text alone holds, as it is written."""
        return self.text[tag.end : tag.close].rpartition("</")[0]

    def replace(self, tag, text):
        """Put ``text`` in the place of an element (which must hold text alone) and, if it is "", of its line's rest."""
        end = tag.close
        if not text and self.text[end : end + 1] == "\n":
            end += 1
        self._edits.append((tag.start, end, text))

    def change(self, tag, **attributes):
        """Give a tag further attributes; None takes one away, "" leaves one without a value."""
        merged = {**tag.attributes, **{key.rstrip("_"): value for key, value in attributes.items()}}
        kept = {key: value for key, value in merged.items() if key not in attributes or value is not None}
        self._edits.append((tag.start, tag.end, write(tag.name, kept)))

    def result(self):
        """Return the text with all changes made."""
        parts, here = [], 0
        for start, end, text in sorted(self._edits):
            parts += [self.text[here:start], text]
            here = end
        return "".join([*parts, self.text[here:]])


def write(name, attributes):
    """Return a start tag."""
    parts = [name]
    for key, value in attributes.items():
        parts.append(key if value in (None, "") and key != "alt" else f'{key}="{html.escape(value or "")}"')
    return f"<{' '.join(parts)}>"
