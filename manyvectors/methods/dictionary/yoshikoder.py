"""Yoshikoder's format, and Lexicoder's older one: XML, categories ``cnode`` that hold entries ``pnode``."""

from xml.parsers import expat

from .entry import DEEPEST, DictionaryError

_REMEDY = "mend it, or save it again from the program it comes from"


def read(body, source):
    """Yield rows from a ``.ykd`` or ``.lcd`` file, as bytes or text.

    What the document type of XML can do (entities that grow without end, other files) is refused before it is done.
    """
    reader = _Reader(source)
    try:
        reader.parser.Parse(body, True)
    except expat.ExpatError as error:
        source.fail(f"it is not XML ({expat.errors.messages.get(error.code, error)}); {_REMEDY}", error.lineno)
    except DictionaryError:
        raise
    except (LookupError, ValueError) as error:
        source.fail(f"it is not XML ({error}); {_REMEDY}")
    yield from reader.rows


class _Reader:
    """Rows of a dictionary, gathered as its elements begin and end."""

    def __init__(self, source):
        self.source, self.rows, self.path, self.open, self.weighed = source, [], [], [], False
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _fail(self, fault):
        self.source.fail(fault, self.parser.CurrentLineNumber)

    def _doctype(self, *_):
        self._fail("it declares a document type, which no dictionary needs; delete <!DOCTYPE ...>")

    def _start(self, element, about):
        line = self.parser.CurrentLineNumber
        if not self.open:
            if element != "dictionary":
                self._fail(f"it begins with <{element[:60]}>, not <dictionary>; {_REMEDY}")
            if about.get("patternengine", "").lower().startswith("reg"):
                self._fail("its entries are regular expressions, which cannot be read; write words with *")
        elif element == "cnode":
            if len(self.open) > DEEPEST:
                self._fail(f"a category lies within more than {DEEPEST} others; nest less")
            self.path.append((tuple(about.get("name", "").split(".")), line, len(self.rows)))
        elif element == "pnode":
            if not self.path:
                self._fail("an entry stands outside any category; put it into a <cnode>")
            if about.get("score", "1") not in ("", "1", "1.0") and not self.weighed:
                self.weighed = True
                self.source.leave("scores of entries, which are not used", line)
            self.rows.append((self._name(), about.get("name", "").strip(), "", line))
        self.open.append(element)

    def _end(self, element):
        self.open.pop()
        if element == "cnode":
            _, line, before = self.path[-1]
            if len(self.rows) == before:
                self.rows.append((self._name(), None, "", line))
            self.path.pop()

    def _name(self):
        return tuple(part for parts, *_ in self.path for part in parts)
