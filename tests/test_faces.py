"""The faces: every name is explained, no argument hides one, and loading stays quick."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from manyvectors import compare, homework, inference, pool, practice, rhetoric, scaling, topics, validation, vectors

ROOT = Path(__file__).resolve().parent.parent
FACES = {
    face.__name__.removeprefix("manyvectors."): face
    for face in (compare, homework, inference, pool, practice, rhetoric, scaling, topics, validation, vectors)
}
QUICK = ("claims", "compare", "corpus", "homework", "inference", "practice", "scaling", "vectors")


def signatures(face):
    for name in face.__all__:
        thing = getattr(face, name)
        for function in filter(callable, [thing, getattr(thing, "fit", None), getattr(thing, "transform", None)]):
            yield name, set(inspect.signature(function).parameters)


@pytest.mark.parametrize("face", FACES.values(), ids=FACES)
def test_public_names_are_explained(face):
    assert len(face.__all__) == len(set(face.__all__))
    for name in face.__all__:
        thing = getattr(face, name)
        assert not callable(thing) or inspect.getdoc(thing), name
    with pytest.raises(AttributeError, match="no_such_method"):
        _ = face.no_such_method


@pytest.mark.parametrize("face", [compare, inference, scaling])
def test_no_argument_bears_the_name_of_a_function(face):
    assert not {(name, hidden) for name, found in signatures(face) for hidden in found & set(face.__all__)}


def test_scaling_is_at_hand_in_compare():
    assert compare.Wordscores is scaling.Wordscores
    assert compare.Wordfish is scaling.Wordfish


def test_every_method_names_its_source():
    known = set(re.findall(r"^@\w+\{(\w+),", (ROOT / "book" / "references.bib").read_text(encoding="utf-8"), re.M))
    cited = set()
    for name in compare.__all__:
        for keys in re.findall(r"\[([a-z_,\s]+\d{4}[a-z0-9_,\s]*)\]", inspect.getdoc(getattr(compare, name))):
            cited |= set(re.split(r",\s+", keys))
    sources = {"dunning1993", "rayson_garside2000", "hardie2014", "monroe2008", "gries2008", "barron2018"}
    assert sources | {"laver2003", "slapin_proksch2008", "hesterberg2015"} <= cited
    assert cited <= known


@pytest.mark.parametrize("face", QUICK)
def test_heavy_packages_wait_until_they_are_needed(face):
    script = (
        f"import sys, manyvectors.{face}; print(*{{'sklearn', 'scipy.stats', 'pandera', 'isal'}} & set(sys.modules))"
    )
    assert subprocess.check_output([sys.executable, "-c", script], cwd=ROOT, text=True) == "\n"
