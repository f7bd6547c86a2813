"""Write the folder of a new study: whole, or not at all."""

import csv
import io
import json
import shutil
import tempfile
from datetime import date
from pathlib import Path
from string import Template

from .. import claims, corpus
from .. import study as studies
from ..common import unfolded
from .examples import examples
from .guess import VECTOR_OF_OTHERS, VECTOR_OF_REGION, VECTOR_OF_UNIVERSAL, guess
from .placed import WORLD, chapters

TEMPLATES = Path(__file__).with_name("templates")
NODES = {"security": "a word of the dictionary that most speeches use", "our region": "where the neighbours come in"}


def new(state, to, data=None):
    """Begin a study of a state: write its folder.

    Parameters
    ----------
    state : str
        Code of the state, as in ``states.csv``.
    to : path-like
        The folder, which must not be there yet; folders above it are made.
    data : path-like, optional
        Folder that holds ``world/``, as for :func:`manyvectors.corpus.load`.

    Returns
    -------
    Study
        As it was read from the folder, with its claims checked.

    Raises
    ------
    ValueError
        In one line, and nothing is written: no such state, one with fewer than ten speeches, a folder that is there or
        that cannot be made.
    """
    if not str(to).strip():
        raise ValueError("the path of the new study is empty; name a folder that is not there yet")
    folder = unfolded(to).absolute()
    if folder.exists() or folder.is_symlink():
        raise ValueError(f"{folder} is there already; name a folder that is not, or take that one away")
    guessed = guess(_world(data), state)
    made = []  # folders above it that had to be made
    try:
        for above in reversed(folder.parents):
            if not above.exists():
                above.mkdir()
                made.append(above)
        _move_in(folder, files(guessed), data)
    except OSError as error:
        _take_away(made)
        raise ValueError(f"{folder} cannot be made ({error.strerror}); name a folder where you may write") from None
    except BaseException:
        _take_away(made)
        raise
    return studies.read(folder)


def _world(data):
    """Return a corpus from which a study can be guessed, whatever studies the data hold."""
    world = Path(data or studies.DATA) / "world"
    if not world.is_dir():
        raise ValueError(f"no folder {world}; give the folder that holds world/ as data")
    return corpus.load(data=data)


def _move_in(folder, texts, data):
    """Write all files beside the folder, see whether the study can be used, and give it its name."""
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        made = work / folder.name
        for name, text in texts.items():
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        claims.check(claims.Evidence(corpus.load(made, data)))
        made.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _take_away(made):
    for above in reversed(made):
        above.rmdir()


def files(guessed, day=None):
    """Return the files of a study: dict, name to text.

    ``guessed``: Guess. ``day`` (datetime.date): on which the rules are written; today by default.
    """
    rows = examples(guessed, (day or date.today()).isoformat())
    said = _said(guessed)
    found = {path.relative_to(TEMPLATES).as_posix(): path for path in sorted(TEMPLATES.rglob("*")) if path.is_file()}
    texts = {name: Template(path.read_text(encoding="utf-8")).substitute(said) for name, path in found.items()}
    texts["book/.gitignore"] = f"# Chapters that a build puts there, and what it makes.\n/{WORLD}/\n/_build/\n"
    texts["claims.csv"] = _csv(list(rows[0]), [row.values() for row in rows])
    labels = studies.fields.yaml_file(TEMPLATES / "topic-labels.yaml")["schema"]["fields"]
    texts["topic-labels.csv"] = _csv([field["name"] for field in labels], [])
    why = {VECTOR_OF_REGION: "the state itself or one of its region", VECTOR_OF_OTHERS: "a state elsewhere"}
    why |= {VECTOR_OF_UNIVERSAL: "every speaker names it"} | dict.fromkeys(guessed.powers.values(), "a power by itself")
    texts["vectors.csv"] = _csv(
        ["place", "plain", "why"], [(place, vector, why[vector]) for place, vector in guessed.vectors.items()]
    )
    texts["nodes.csv"] = _csv(["node", "why"], NODES.items())
    return texts


def _said(guessed):
    """Return what stands in the templates: dict of str."""
    name, vectors = guessed.name, set(guessed.vectors.values())
    named = [*guessed.powers.values(), VECTOR_OF_REGION, VECTOR_OF_OTHERS, VECTOR_OF_UNIVERSAL]
    own = f"{name}'" if name.endswith("s") else f"{name}'s"
    listed = [f"      - file: {WORLD}/{chapter}" for chapter in chapters()]
    return {
        "focus": guessed.state,
        "name": json.dumps(name, ensure_ascii=False),
        "plain_name": name,
        "possessive": own,
        "title": json.dumps(f"{name} in its own words: a study", ensure_ascii=False),
        "plain_title": f"{name} in its own words",
        "slug": f"study-of-{guessed.state.lower()}",
        "adjective": json.dumps(guessed.adjective, ensure_ascii=False),
        "forms": _flow(guessed.forms),
        "region": guessed.region,
        "why_region": guessed.why,
        "bloc": json.dumps(f"{name} and the other states of {guessed.region}", ensure_ascii=False),
        "neighbours": f"[{', '.join(guessed.near)}]",
        "members": f"[{', '.join(sorted([guessed.state, *guessed.near]))}]",
        "powers": f"{{{', '.join(f'{code}: {name}' for code, name in guessed.powers.items())}}}",
        "eras": f"{{{', '.join(f'{era}: {year}' for era, year in guessed.eras.items())}}}",
        "stop_names": _flow(guessed.stop_names),
        "vectors": _flow(vector for vector in named if vector in vectors),
        "universal": VECTOR_OF_UNIVERSAL,
        "chapters": "\n".join(listed),
    }


def _flow(words):
    return json.dumps(list(words), ensure_ascii=False)


def _csv(heads, rows):
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerows([heads, *rows])
    return file.getvalue()
