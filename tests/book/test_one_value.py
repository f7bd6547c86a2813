"""One number, one value: what is worked out by the same code has the same digits wherever the book says it."""

import json
import sys
from pathlib import Path

import nbformat
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from inlined import inlined, told

from manyvectors.claims import numbers
from manyvectors.export.slices import Program

ROOT = Path(__file__).resolve().parents[2]


def same_results(paths):
    """Return the values of one code: dict, code to [(chapter, name, text)]."""
    found = {}
    for path in paths:
        program, now = Program(path), dict(numbers.glued_in(path))
        for name, value in program.glued().items():
            if value.exact and name in told(json.loads(path.read_text(encoding="utf-8"))):
                found.setdefault(inlined(program, value), []).append((path.stem, name, now[name]))
    return found


def differing(found):
    return {code: values for code, values in found.items() if len({text for _, _, text in values}) > 1}


def test_one_result_has_the_same_digits_everywhere():
    found = same_results(sorted((ROOT / "notebooks").glob("*.ipynb")))
    assert len(found) > 300, "values are found in the code"
    assert differing(found) == {}


@pytest.mark.parametrize(("written", "differs"), [("{100 * part:.0f}", False), ("{100 * part:.1f}", True)])
def test_a_result_with_other_digits_is_noticed(tmp_path, written, differs):
    """Another name, and the same result with more digits."""
    for stem, name, how in (("01_a", "share", "{100 * share:.0f}"), ("02_b", "part", written)):
        text = {"share": "37", "part": "37.2" if differs else "37"}[name]
        output = nbformat.v4.new_output("display_data", {"application/papermill.record/text/plain": repr(text)})
        output.metadata["scrapbook"] = {"name": name, "mime_prefix": "application/papermill.record/"}
        cells = [
            nbformat.v4.new_code_cell(
                f"from manyvectors import corpus\n{name} = corpus.load().documents['tokens'].mean()"
            ),
            nbformat.v4.new_code_cell(f'glue("{name}", f"{how}", display=False)', outputs=[output]),
            nbformat.v4.new_markdown_cell(f"{{glue:text}}`{name}` per cent"),
        ]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / f"{stem}.ipynb")
    assert bool(differing(same_results(sorted(tmp_path.glob("*.ipynb"))))) is differs
