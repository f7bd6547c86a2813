"""The chapters that hold for any study: kept once, in this house, and put into the book of a study when it is built."""

import json
import re
import shutil
from pathlib import Path

import yaml

from .. import study as studies
from ..common import read_yaml

WORLD = "world"  # folder of a study's book that a build fills
CHAPTERS = ("what_the_study_sees", "24_your_state", "appendix_world", "04_can_we_reproduce_a_published_result")
LEDGER, GLOSSARY = "the_ledger", "glossary"
REFERENCES = "references.bib"
_ROLE = re.compile(r"\{(doc|term|download)\}`([^`<]+?)(?:\s*<([^>`]+)>)?`")
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|mailto:|#)[^)\s]+\)")
_QUIZ = re.compile(r"(?m)^(```\{quiz\} \S+\n):from: (\S+)\n")
_STATE = re.compile(r'(?m)^(STATE = )"[A-Z]{2,3}"')


def house():
    """Return the folder of this repository; ValueError where only the package is installed."""
    found = studies.DATA.parent
    if not (found / "notebooks").is_dir():
        raise ValueError(
            f"{found} holds no chapters, which do not come with the package; build the book in a clone of the "
            "repository, with `make book STUDY=<folder>`"
        )
    return found


def chapters():
    """Return the names of the chapters that hold for any study, but for the ledger, in order: list of str.

    All of them where only the package is installed.
    """
    try:
        return [name for name in CHAPTERS if _source(name)]
    except ValueError:
        return list(CHAPTERS)


def _source(name):
    """Return the notebook of a chapter in this house: Path, or None."""
    paths = [house() / "book" / "study" / f"{name}.ipynb", house() / "notebooks" / f"{name}.ipynb"]
    return next((path for path in paths if path.is_file()), None)


def place(book):
    """Put the chapters that the ``_toc.yml`` of a study's book names into its folder ``world``.

    Parameters
    ----------
    book : path-like
        The folder ``book`` of a study. A chapter is there called ``world/NAME``; it stands once, in this repository, as
        a notebook without the study. Its links to pages that the book lacks become plain text.

    Returns
    -------
    list of str
        Names of the pages that were written; those that stand there already, as they would be, are left alone.

    Raises
    ------
    ValueError
        In one line: there is no ``_toc.yml``, or no such chapter.
    """
    book = Path(book)
    pages = _pages(book)
    study, written, wanted, found = studies.read(book.parent), [], {}, {}
    for page in pages:
        folder, _, name = page.rpartition("/")
        if folder == WORLD and name != GLOSSARY:
            path = _source(name)
            if path is None:
                known = ", ".join([*chapters(), LEDGER, GLOSSARY])
                raise ValueError(f"{book / '_toc.yml'}: there is no chapter {name} for any study; there are {known}")
            found[name] = _asking(json.loads(path.read_text(encoding="utf-8")), path.parent)
    if not found:
        return []
    terms = {}
    if f"{WORLD}/{GLOSSARY}" in pages:
        terms = _explained(house() / "book" / f"{GLOSSARY}.md", found.values())
        wanted[f"{GLOSSARY}.md"] = _glossary(terms, pages)
    for name, notebook in found.items():
        notebook = fitted(notebook, pages, study.focus, terms)
        wanted[f"{name}.ipynb"] = f"{json.dumps(notebook, ensure_ascii=False, indent=1)}\n"
    wanted[REFERENCES] = (house() / "book" / REFERENCES).read_text(encoding="utf-8")
    folder = book / WORLD
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        if old.name not in wanted:
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    for name, text in wanted.items():
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text:
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
            written.append(name)
    return written


def _asking(notebook, folder):
    """Return a notebook with the questions of its quizzes, whose files another book has not; changed in place."""

    def written(quiz):
        return quiz[1] + (folder / quiz[2]).read_text(encoding="utf-8")

    for cell in notebook["cells"]:
        cell["source"] = _QUIZ.sub(written, "".join(cell["source"]))
    return notebook


def _pages(book):
    """Return the names of all pages of a book, from its table of contents: list of str."""
    path = book / "_toc.yml"
    try:
        toc = read_yaml(path.read_text(encoding="utf-8"))
        return [toc["root"], *(page["file"] for part in toc.get("parts", []) for page in part["chapters"])]
    except FileNotFoundError:
        raise ValueError(f"{book} holds no book: _toc.yml and _config.yml are missing") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError, LookupError, TypeError, AttributeError) as error:
        said = " ".join(str(error).split())
        raise ValueError(f"{path}: is no table of contents ({said}); write root, parts, chapters, file") from None


def fitted(notebook, pages, state, terms=()):
    """Return a notebook as a chapter of another book: of its state, with links to its pages alone, not executed.

    ``notebook`` (dict): as Jupyter writes it; changed in place. ``pages`` (sequence of str): of that book. ``state``:
    code of its focus state, which a line ``STATE = "XXX"`` is set to. ``terms`` (collection of str): which its glossary
    explains, in lower case.
    """
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
            cell["source"] = _STATE.sub(rf'\1"{state}"', source)
        else:
            cell["source"] = _linked(source, pages, terms)
    return notebook


def _linked(text, pages, terms):
    """Return a text with its links to other pages, and to terms that nobody explains, as plain words."""
    there = {page.rpartition("/")[2]: page for page in pages}

    def role(match):
        kind, said, target = match.groups()
        if kind == "term":
            return match[0] if _meant(match) in terms else said
        name = (target or said).strip().rpartition("/")[2].removesuffix(".md").removesuffix(".ipynb")
        if kind == "doc" and name in there:
            return f"{{doc}}`{said} </{there[name]}>`" if target else f"{{doc}}`/{there[name]}`"
        return f"{said} of *Many Vectors*" if kind == "doc" and said.isdigit() else said

    return _LINK.sub(r"\1", _ROLE.sub(role, text))


def _meant(match):
    """Return the term that a role is about, in lower case."""
    return " ".join((match[3] or match[2]).split()).lower()


def _explained(path, notebooks):
    """Return what the house's glossary says of the terms of some chapters: dict, term in lower case to its entry.

    Entries that speak of the house's own study are left out, and so are translations.
    """
    first = studies.read(next(studies.DATA.glob(f"*/{studies.FILE}")))
    cells = ["".join(cell["source"]) for notebook in notebooks for cell in notebook["cells"]]
    used = {_meant(match) for text in cells for match in _ROLE.finditer(text) if match[1] == "term"}
    found = {}
    for block in re.findall(r"```\{glossary\}\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
        for entry in re.split(r"\n\n(?=\S)", block.strip("\n")):
            lines = [line for line in entry.splitlines() if not line.strip().startswith("Russian:")]
            names = [line for line in lines if line[:1].strip() and " ".join(line.split()).lower() in used]
            said = "\n".join(line for line in lines if not line[:1].strip()).rstrip()
            if names and not any(word in said.lower() for word in first.forms):
                found |= dict.fromkeys((name.lower() for name in names), "\n".join([*names, said]))
    return found


def _glossary(terms, pages):
    """Write a page of the entries of a glossary: str."""
    text = _linked("\n\n".join(dict.fromkeys(terms.values())), pages, terms)
    return f"# Glossary\n\nWhat the chapters of this book mean by a word.\n\n```{{glossary}}\n{text}\n```\n"
