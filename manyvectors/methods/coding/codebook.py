"""The codebook: which kinds of passage are coded, with which values, and what the coders are told."""

from pathlib import Path

from ...common import read_yaml

FILE = "codebook.yml"
_NEEDED = ("version", "date", "task", "masked", "doubt", "kinds", "hidden", "leanings")


class CodingError(ValueError):
    """A codebook, a sheet or a table of codes cannot be used."""


class Codebook:
    """Kinds, codes and values, and the instruction, as they stand in a file.

    ``kinds`` (dict): kind to its codes, each a dict of value to what it means. ``hidden`` (dict): state to the words
    that are masked besides the forms of its name. ``leanings`` (list of str): categories of the dictionary whose hits
    are coded. ``version``, ``date``: str.
    """

    def __init__(self, content, where="the codebook"):
        lacking = [name for name in _NEEDED if not isinstance(content, dict) or name not in content]
        if lacking:
            raise CodingError(f"{where} lacks {', '.join(lacking)}; write what each kind and value means there")
        self.version, self.date = str(content["version"]), str(content["date"])
        self.about, self.hidden, self.leanings = content, content["hidden"], list(content["leanings"])
        self.kinds = {}
        for kind, one in content["kinds"].items():
            for example in one["examples"]:
                odd = {*one["codes"], "context", "why"} ^ set(example)
                wrong = [code for code, values in one["codes"].items() if example.get(code) not in values]
                if odd or wrong:
                    raise CodingError(
                        f"{where}: an example of {kind} has {sorted(odd) or wrong} wrong; put it in quotes"
                    )
            self.kinds[kind] = {code: dict(values) for code, values in one["codes"].items()}
            for code, values in self.kinds[kind].items():
                if len(values) < 2 or not all(isinstance(value, str) for value in values):
                    raise CodingError(f"{where}: {kind}, {code} needs two values or more, each a word in quotes")

    @classmethod
    def read(cls, path):
        """Read a codebook in YAML. ``path``: path-like. CodingError if it is none."""
        path = Path(path)
        try:
            return cls(read_yaml(path.read_text(encoding="utf-8")), str(path))
        except (OSError, UnicodeDecodeError) as error:
            raise CodingError(f"{path} cannot be read ({error}); give the codebook of the study") from None

    def codes(self, kind):
        """Return the names of the codes of a kind, in order: list of str. CodingError for an unknown kind."""
        if kind not in self.kinds:
            raise CodingError(f"no kind {kind!r} in the codebook; it has {', '.join(self.kinds)}")
        return list(self.kinds[kind])

    @property
    def instruction(self):
        """All that a coder is told, in Markdown: str."""
        about = self.about
        lines = [f"# Codebook, version {self.version}, {self.date}", "", about["task"].strip(), ""]
        lines += ["## What is masked", "", about["masked"].strip(), ""]
        for kind, one in about["kinds"].items():
            lines += [f"## Rows of the kind `{kind}`", "", one["about"].strip(), ""]
            lines += [f"Return a CSV file with exactly these columns: `row,{','.join(self.codes(kind))}`.", ""]
            for code, values in self.kinds[kind].items():
                lines += [f"### `{code}`: {one['questions'][code]}", ""]
                lines += [f"- `{value}`: {' '.join(meaning.split())}" for value, meaning in values.items()] + [""]
            lines += ["### Invented examples", ""]
            for example in one["examples"]:
                given = ", ".join(f"{code} `{example[code]}`" for code in self.codes(kind))
                lines += [f"- {example['context']}  ", f"  {given}. {example['why']}"]
            lines += [""]
        return "\n".join([*lines, "## In doubt", "", *(f"- {' '.join(rule.split())}" for rule in about["doubt"]), ""])
