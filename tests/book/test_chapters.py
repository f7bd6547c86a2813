"""Every chapter keeps the contract, and runs with full texts as without."""

import ast
import json
import re
from pathlib import Path

import invented_acts
import nbformat
import pytest
import yaml
from nbclient import NotebookClient

from manyvectors.export.statements import gives, uses

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


CONTRACT = ("What you will learn", "What would change our mind", "In short", "## Exercises", "## Further reading")
# A result typed into prose: a decimal, a percentage or a p-value outside code, roles and links.
TYPED = re.compile(r"(?<![\w.{`/-])(?:\d+\.\d+|\d+(?:\.\d+)?\s?(?:%|per cent|percent)|p\s?[<=]\s?\.?\d)")
NOT_PROSE = re.compile(r"```.*?```|`[^`]*`|\{[^}]*\}`[^`]*`|\]\([^)]*\)", re.DOTALL)


def test_contents_name_every_chapter():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    listed = [toc["root"], *(chapter["file"] for part in toc["parts"] for chapter in part["chapters"])]
    assert all(list(ROOT.glob(f"{name}.*")) for name in listed)
    chapters, stored = (
        [Path(name).name for name in listed if name.startswith("notebooks/")],
        [p.stem for p in NOTEBOOKS],
    )
    assert sorted(chapters) == stored
    assert [name for name in chapters if name[0].isdigit()] == [name for name in stored if name[0].isdigit()]


def test_readme_commands_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", readme, re.MULTILINE))
    assert {"book", "test"} <= named <= targets
    assert all((ROOT / link.partition("#")[0]).exists() for link in re.findall(r"\]\(([^)]+)\)", readme))


def test_readme_code_runs(capsys, monkeypatch):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    assert blocks
    monkeypatch.chdir(ROOT)
    for block in blocks:
        assert len(block.split("\n\n")[-1].strip().splitlines()) <= 6
        exec(compile(block, "README.md", "exec"), {})
    assert "fish" in capsys.readouterr().out


def _lines(cell):
    return [line for line in cell.source.splitlines() if line.strip() and not line.lstrip().startswith("#")]


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def test_contract(notebook):
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert re.match(r"# .+\?\n", prose), "the title is a question"
    places = [prose.find(part) for part in CONTRACT]
    assert min(places) >= 0
    assert places == sorted(places), "the parts stand in the fixed order"
    exercises = re.findall(r"```\{exercise\}\n:label: (\S+)", prose)
    assert 3 <= len(exercises) <= 5
    marked = re.findall(r":label: \S+\n\*(?:Paper|Explorer|Python), \d+ minutes, (?:easy|medium|hard)\.\* ", prose)
    assert len(marked) == len(exercises), "an exercise says what it takes: paper, explorer or Python, minutes, level"
    assert re.findall(r"```\{solution-start\} (\S+)\n:class: dropdown", prose) == exercises
    assert "**Time:**" in prose
    assert "**Evidence:**" in prose
    assert not TYPED.findall(NOT_PROSE.sub(" ", prose))


def test_cells_are_short_and_run_in_order(notebook):
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    sizes = [len(_lines(cell)) for cell in code]
    assert max(sizes) <= 12
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert not any("execution" in cell.metadata for cell in code)


def test_what_only_prepares_is_folded_before_the_first_section(notebook):
    """A reader on a telephone comes to the answer before the code; one line that a reader may change stays open."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and re.search(r"^## ", cell.source, re.MULTILINE):
            break
        if cell.cell_type == "code" and len(_lines(cell)) > 1 and not cell.outputs:
            assert {"hide-input", "remove-cell"} & set(cell.metadata.get("tags", ())), cell.id


def test_figures_speak(notebook):
    """In a caption and in words; what cannot be made out in a figure `figures.show` measures, and says in a warning."""
    for cell in notebook.cells:
        outputs = cell.get("outputs", [])
        assert not any(
            output.output_type in ("error", "stream") and output.get("name") == "stderr" for output in outputs
        )
        if any("image/svg+xml" in output.get("data", {}) for output in outputs):
            shown = cell.metadata["mystnb"]
            assert "Grade" in shown["figure"]["caption"]
            assert "Source: " in shown["figure"]["caption"]
            assert len(shown["image"]["alt"]) > 100


def test_captions_hold_no_fingerprint(notebook):
    """A caption says what was found; the recipe of topics stands in the passport of a figure's numbers."""
    captions = [cell.metadata["mystnb"]["figure"]["caption"] for cell in notebook.cells if "mystnb" in cell.metadata]
    assert not [caption for caption in captions if re.search(r"\b[Rr]ecipe [0-9a-f]{8}\b", caption)]


def test_solutions_hold_executed_code(notebook):
    executed = None  # None outside a solution
    for cell in notebook.cells:
        if cell.cell_type == "code" and executed is not None:
            executed |= bool(cell.outputs)
        for mark in re.findall(r"\{solution-(start|end)\}", cell.source):
            assert mark == "start" or executed
            executed = False if mark == "start" else None


# What looks at texts, or writes what it took from them. A chapter whose code names none of it cannot tell whether texts
# are attached; that it gives what is stored is seen when nbval runs it.
LOOKS = re.compile(r"has_texts|\.texts\b|check_texts|\b(?:passage|kwic|exemplars|\w*intrusion|\w*sheets?|acts)\(")
LOOKING = {
    path: looks[-1]
    for path in NOTEBOOKS
    for cells in [json.loads(path.read_text(encoding="utf-8"))["cells"]]
    for looks in [
        [i for i, cell in enumerate(cells) if cell["cell_type"] == "code" and LOOKS.search("".join(cell["source"]))]
    ]
    if looks
}


SETTINGS = re.compile(r"\bfigures\.use\(|\bset_option\(|\boptions\.")


def asked(cells, looks):
    """Return the code cells among these that look (function of its source), and those that make what these take.

    Cells that set how things are shown are kept, too. All others make no difference to these: list of NotebookNode.
    """
    kept, needed = [], set()
    for cell in reversed([cell for cell in cells if cell.cell_type == "code"]):
        body = ast.parse(cell.source).body
        if looks(cell.source) or SETTINGS.search(cell.source) or needed & set().union(*map(gives, body)):
            needed.update(*map(uses, body))
            kept.insert(0, cell)
    return kept


def test_what_a_cell_takes_is_kept_and_nothing_else():
    said = ["a = 1", "b = {}", "b['a'] = a", "c = 3", "print(c)", "look(b)", "b = 2"]
    cells = [nbformat.v4.new_code_cell(one) for one in said]
    assert [cell.source for cell in asked(cells, lambda source: "look" in source)] == [*said[:3], said[5]]


def test_chapters_that_look_at_texts_are_known():
    assert {path.stem[:2] for path in LOOKING} >= {"04", "05", "09", "10", "11", "15"}


def numberless(cell):
    """Return the outputs of a cell as text, but for its place among those that were run: str."""
    outputs = [{**one, "execution_count": None} for one in cell.get("outputs", [])]
    return json.dumps(outputs, sort_keys=True)


@pytest.mark.parametrize("path", LOOKING, ids=lambda path: path.stem)
def test_chapters_run_with_texts(path, texts, monkeypatch):
    """A reader who has fetched the texts gets the same book and more.

    The cells that look, and what they need; one chapter whole, as of all chapters nbval runs the rest without texts.
    """
    notebook = nbformat.read(path, as_version=4)
    cells = notebook.cells[: LOOKING[path] + 1]
    notebook.cells = cells if path.name.startswith("04_") else asked(cells, LOOKS.search)
    stored = [numberless(cell) for cell in notebook.cells]
    monkeypatch.setenv("MANYVECTORS_TEXTS", str(texts))
    place = {"metadata": {"path": ROOT / "notebooks"}}
    NotebookClient(notebook, timeout=900, coalesce_streams=True, resources=place).execute()
    differ = [cell for cell, before in zip(notebook.cells, stored, strict=True) if numberless(cell) != before]
    assert all("has_texts" in cell.source for cell in differ)
    printed = "".join(output.get("text", "") for cell in differ for output in cell.outputs)
    if any("stop words" in cell.source for cell in differ):  # what chapter 04 says of the fourth column
        off = {name: int(n) for name, n in re.findall(r"stop words (in|out): ([+-]\d+) speeches", printed)}
        assert off["in"] < 0 < off["out"]


# --- What a reader saved ----------------------------------------------------------------------------------------------


def executed(number, until):
    """Execute what the first cell that says ``until`` needs; return what this cell printed and showed."""
    chapter = nbformat.read(next(path for path in NOTEBOOKS if path.name.startswith(number)), as_version=4)
    last = next(i for i, cell in enumerate(chapter.cells) if cell.cell_type == "code" and until in cell.source)
    chapter.cells = asked(chapter.cells[: last + 1], lambda source: until in source)
    NotebookClient(chapter, timeout=900, resources={"metadata": {"path": ROOT / "notebooks"}}).execute()
    return "\n".join(
        output.get("text", "") or output.get("data", {}).get("text/plain", "") for output in chapter.cells[-1].outputs
    )


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("09_", ["Russian", "Kazakh", "True"]),
        ("10_", ["supported", "contradicted", "ru_numbers", "kk_numbers"]),
        ("11_", ["ru_numbers", "kk_numbers", "contradicted", "supported", "untestable"]),
    ],
)
def test_chapters_judge_what_a_reader_saved(tmp_path, monkeypatch, number, told):
    """Four pages saved by hand, of our own writing, and a third text of 2013: every waiting claim gets its word."""
    for language in invented_acts.TONGUES:
        for year, body in invented_acts.pair(language, new=1, older={"identity": True}).items():
            lines = body.replace("5 мая 2014", "21 января 2014").replace("5 мая 2020", "6 марта 2020")
            lines = lines.replace("2014 жылғы 5 мамырдағы", "2014 жылғы 21 қаңтардағы").replace(
                "5 мамырдағы", "6 наурыз"
            )
            page = "".join(f"<p>{line}</p>" for line in lines.splitlines())
            (tmp_path / f"page {language} {year}.html").write_text(f"<html><body><article>{page}", encoding="utf-8")
    other = [*invented_acts.RU.common, *invented_acts.RU.other, "Текст внешней политики Российской Федерации."]
    (tmp_path / "2013.txt").write_text("\n".join([*other, "12 февраля 2013", *other[::-1]]), encoding="utf-8")
    monkeypatch.setenv("MANYVECTORS_DECREES", str(tmp_path))
    printed = executed(number, until="documents.acts")
    assert not [part for part in told if part not in printed]
    if number == "11_":  # in each language one provision was added and one dropped
        found = re.findall(r"^(\w+)\s+(\d+)$", printed, re.MULTILINE)
        assert [int(n) for status, n in found if status in ("added", "dropped")] == [1, 1] * 2
    assert not [line for line in invented_acts.RU.common + invented_acts.KK.common if line in printed]
    assert "no decrees" not in printed
