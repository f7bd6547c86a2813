"""The fields of a study's YAML files, each asked for once and checked as it is taken."""

import re
from types import MappingProxyType

import yaml

from ..common import read_yaml
from .blocs import Bloc
from .names import CODE, FILE

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_NEEDED = object()


class StudyError(ValueError):
    """A study cannot be used; the message names the file, the field and the remedy."""


def fail(file, key, fault, remedy):
    """Raise a StudyError: which field of which file, what is wrong with it, what to do."""
    raise StudyError(f"{file}: {key} {fault}; {remedy}")


def yaml_file(file):
    """Return what a YAML file holds, a dict; StudyError if there is none or it is none."""
    try:
        content = read_yaml(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise StudyError(f"{file}: there is no such file; name a folder that holds {FILE}") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        said = " ".join(str(error).split())
        raise StudyError(f"{file}: is not readable as YAML ({said}); mend the line it names") from None
    if not isinstance(content, dict):
        raise StudyError(f"{file}: holds no fields; write 'name: value' lines")
    return content


def is_year(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10_000


class Fields:
    """The fields of a YAML file, each asked for once and checked as it is taken."""

    def __init__(self, file, content, inside=""):
        self.file, self.content, self.inside = file, dict(content) if isinstance(content, dict) else {}, inside

    def within(self, key, content):
        """Return the fields of an entry, whose faults are told with the way to it."""
        return Fields(self.file, content, f"{self.inside}{key}: ")

    def fail(self, key, fault, remedy):
        fail(self.file, f"{self.inside}{key}", fault, remedy)

    def take(self, key, kind, what, default=_NEEDED):
        if key not in self.content:
            if default is _NEEDED:
                self.fail(key, "is missing", f"add it: {what}")
            return default
        value = self.content.pop(key)
        if not isinstance(value, kind) or isinstance(value, bool):
            self.fail(key, f"is {value!r}", f"give {what}")
        return value

    def finish(self):
        if self.content:
            self.fail(min(map(str, self.content)), "is no field of a study", "mend its name or take it out")

    def text(self, key):
        value = self.take(key, str, "one line of text")
        if not value.strip():
            self.fail(key, "is empty", "give one line of text")
        return value

    def code(self, key):
        return self.checked(key, [self.take(key, str, "a state code")])[0]

    def codes(self, key, default=_NEEDED):
        return self.checked(key, self.take(key, (list, tuple), "a list of state codes", default))

    def checked(self, key, codes):
        wrong = [code for code in codes if not isinstance(code, str) or not CODE.fullmatch(code)]
        if wrong or len(set(codes)) < len(codes):
            self.fail(key, f"has {wrong or 'a code twice'}", "give each state once, by its code in capitals")
        return tuple(codes)

    def words(self, key, default=_NEEDED):
        value = self.take(key, (list, tuple, str), "a list of lower-case words", default)
        words = value.split() if isinstance(value, str) else list(value)
        wrong = [word for word in words if not isinstance(word, str) or word != word.lower() or not word.strip()]
        if wrong:
            self.fail(key, f"has {wrong}", "give lower-case words, in quotation marks where YAML needs them")
        return tuple(words)

    def labels(self, key):
        found = self.take(key, list, "a list of names, or leave it out", [])
        if not all(isinstance(name, str) and name.strip() for name in found) or len(set(found)) < len(found):
            self.fail(key, f"is {found}", "give each name once, as text")
        return tuple(found)

    def years(self, key, default=_NEEDED):
        value = self.take(key, dict, "names with a year each", default)
        wrong = {name: year for name, year in value.items() if not is_year(year)}
        if wrong:
            self.fail(key, f"has {wrong}", "give whole years, such as 1995")
        return MappingProxyType({str(name): year for name, year in value.items()})

    def texts(self, key, default=_NEEDED, keys=None):
        value = self.take(key, dict, "names with a text each", default)
        wrong = [
            name
            for name, text in value.items()
            if not isinstance(name, str) or not isinstance(text, str) or (keys and not keys.fullmatch(name))
        ]
        if wrong:
            self.fail(key, f"has {wrong}", "give a text for each, and quote words that YAML takes for yes or no")
        return MappingProxyType(dict(value))

    def blocs(self, first_year):
        found = {}
        for short, entry in self.take("blocs", dict, "blocs with name and members", {}).items():
            part = self.within(f"blocs: {short}", entry)
            members = part.take("members", (dict, list), "a list of codes, or codes with their first year")
            since = members if isinstance(members, dict) else dict.fromkeys(members, first_year)
            part.checked("members", list(members))
            if not all(map(is_year, since.values())):
                part.fail("members", "has a year that is none", "give whole years")
            found[str(short)] = Bloc(
                part.text("name"), MappingProxyType(dict(since)), part.take("source", str, "a key", "")
            )
            part.finish()
        return MappingProxyType(found)

    def languages(self):
        found = {}
        for code, entry in self.take("languages", dict, "languages with their names", {}).items():
            part = self.within(f"languages: {code}", entry)
            said = {key: part.take(key, str, "text", "") for key in ("script", "letters")}
            found[str(code)] = MappingProxyType({"name": part.text("name"), **said})
            part.finish()
        return MappingProxyType(found)

    def colours(self, eras, registers):
        part = self.within("colours", self.take("colours", dict, "colours by their use"))
        given = part.take("eras", list, "a list of colours, one for each era")
        named = part.take("registers", dict, "registers with a colour each")
        found = {"eras": dict(zip(eras, given, strict=False)), "registers": dict(named)}
        found |= {key: part.text(key) for key in ("focus", "neighbours", "world")}
        part.finish()
        if len(given) > len(eras):
            part.fail("eras", f"has {len(given)} colours for {len(eras)} eras", "give one for each era, or fewer")
        if set(registers) - set(named):
            part.fail("registers", f"lacks {sorted(set(registers) - set(named))}", "give each a colour")
        for key, value in found.items():
            for colour in value.values() if isinstance(value, dict) else [value]:
                if not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
                    part.fail(key, f"has {colour!r}", "write colours as '#1b3a5c', in quotes")
        return MappingProxyType(
            {key: MappingProxyType(value) if isinstance(value, dict) else value for key, value in found.items()}
        )
