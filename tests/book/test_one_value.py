"""One number, one value: what is worked out by the same code has the same digits wherever the book says it.

The prose and the numbers behind a figure say the same, too; ``tests/site/test_pdf.py`` looks at the printed book.
"""

import io
import json
import re
import sys
from pathlib import Path

import nbformat
import pandas as pd
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


# --- The numbers behind figures ---------------------------------------------------------------------------------------

ENDS = ("estimate", "low", "high")
# What a chapter glues and a figure of it draws: name, figure, row, columns in the order of the text, scale.
DRAWN = [
    *[
        ("01", f"greet_{year}", "fig-greetings", {"year": year}, ("greeted_percent",), 1)
        for year in (2019, 2020, 2021, 2024)
    ],
    ("03", "nuclear_2005", "fig-words", {"word": "nuclear", "group": "Kazakhstan", "era": "2005"}, ENDS, 1),
    ("03", "nuclear_neighbours", "fig-words", {"word": "nuclear", "group": "neighbours", "era": "2005"}, ENDS, 1),
    *[
        ("05", name + end, "fig-planted", {"compared": compared}, (column,), 1)
        for name, compared in (
            ("boats", "boats: Harbour / Upland"),
            ("water", "water: Upland / Harbour"),
            ("school", "school: Upland / Harbour"),
            ("bridge", "bridge: Upland / Harbour"),
            ("toll", "toll: Upland, 2023 / before"),
        )
        for end, column in (("", "estimate"), ("_low", "low"), ("_high", "high"))
    ],
    *[
        ("07", f"{kind}_{measure}", "fig-k", {"text": text, "measure": measure, "topics": 14}, ENDS, 1)
        for kind, text in (("real", "speeches"), ("null", "bag of words"))
        for measure in ("coherence_npmi", "exclusivity", "stability")
    ],
    ("07", "tone", "fig-stability", {"label": "(no name)"}, ("share_of_seeds", "share_of_recipes"), 100),
    ("14", "kaz_2020", "fig-placebo-cuts", {"first_year_after": 2020}, ("estimate",), 1),
    *[
        ("16", name, "fig-registers", {"texts": texts}, columns, 1)
        for name, texts, columns in (
            ("rate_ministry", "embassy's own", ("estimate",)),
            ("rate_ministry_ends", "embassy's own", ("low", "high")),
            ("rate_expertise", "experts", ("estimate",)),
            ("rate_expertise_ends", "experts", ("low", "high")),
            ("rate_doctrine", "Concept of 2020", ("estimate",)),
            ("law_high", "acts, in Russian", ("high",)),
            ("now_high", "speeches 2016–19", ("high",)),
            ("ever_high", "all speeches", ("high",)),
            ("own_n", "embassy's own", ("n",)),
            ("own_with", "embassy's own", ("documents_with",)),
            ("law_n", "acts, in Russian", ("n",)),
        )
    ],
    ("16", "region_world", "fig-boilerplate", {"against": "world", "category": "region"}, ("estimate",), 1),
    ("16", "region_near", "fig-boilerplate", {"against": "neighbours", "category": "region"}, ("estimate",), 1),
    ("22", "rus_2", "fig-arms", {"recipient": "Kazakhstan"}, ("before",), 100),
    ("22", "rus_3", "fig-arms", {"recipient": "Kazakhstan"}, ("after",), 100),
    *[
        ("22", f"{flow}_{place}", "fig-china", {"year": year}, (f"wits_{flow}",), 100)
        for flow in ("exports", "imports")
        for place, year in enumerate((1995, 2020))
    ],
    *[("22", f"w{year}", "fig-china", {"year": year}, ("wits_imports",), 100) for year in (2017, 2019)],
    *[("22", f"f{year}", "fig-china", {"year": year}, ("factbook_imports",), 100) for year in (2017, 2019)],
    ("22", "cn_2023", "fig-china", {"year": 2023}, ("factbook_imports",), 100),
    *[
        ("22", name, "fig-deeds", {"kind": kind, "period": period}, columns, 1)
        for name, kind, period, columns in (
            ("words_before", "words", "2008-13", ENDS),
            ("words_last", "words", "2020-23", ENDS),
            ("ex_low", "exports", "2020-23", ("low",)),
            ("ex_high", "exports", "2020-23", ("high",)),
            ("im_low", "imports", "2020-23", ("low",)),
            ("im_high", "imports", "2020-23", ("high",)),
            ("inv_low", "investment", "2021", ("low",)),
            ("inv_high", "investment", "2021", ("high",)),
            ("eff_1", "arms", "2008-13", ("low",)),
            ("eff_3", "arms", "2020-23", ("low",)),
        )
    ],
]


def tables(path):
    """Return the numbers behind the figures of a notebook: dict, figure to DataFrame of text."""
    found = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", ()):
            text = output.get("data", {}).get("text/csv")
            if text:
                found[cell["metadata"]["mystnb"]["figure"]["name"]] = pd.read_csv(io.StringIO("".join(text)), dtype=str)
    return found


def unlike(text, table, row, columns, scale):
    """Return the numbers of a text that are not those of a row of a table, rounded alike: list of pairs."""
    held = table[(table[list(row)] == pd.Series(row).astype(str)).all(axis=1)]
    assert len(held) == 1, row
    said = re.findall(r"\d+(?:\.\d+)?", text.replace(",", ""))
    pairs = zip(said, (scale * float(held[column].item()) for column in columns), strict=True)
    return [
        (one, other) for one, other in pairs if abs(float(one) - abs(other)) > 0.5001 / 10 ** len(one.partition(".")[2])
    ]


@pytest.fixture(scope="module")
def chapters():
    """Glued values and tables of figures of each chapter, by its number."""
    paths = {path.stem[:2]: path for path in (ROOT / "notebooks").glob("[0-9]*.ipynb")}
    return {number: (dict(numbers.glued_in(path)), tables(path)) for number, path in paths.items()}


@pytest.mark.parametrize("one", DRAWN, ids=lambda one: f"{one[0]}-{one[1]}")
def test_the_prose_and_the_numbers_of_a_figure_say_the_same(chapters, one):
    chapter, name, figure, row, columns, scale = one
    said, drawn = chapters[chapter]
    assert unlike(said[name], drawn[figure], row, columns, scale) == []


def test_the_verdicts_that_the_prose_counts_are_those_of_the_figure(chapters):
    said, drawn = chapters["23"]
    verdicts = drawn["fig-verdicts"]["verdict"]
    assert len(verdicts) == int(said["claims"])
    for name, words in {
        "untestable": ["untestable"],
        "open": ["open"],
        "leaning": ["leaning for", "leaning against"],
    }.items():
        assert verdicts.isin(words).sum() == int(said[name])


def test_a_figure_with_another_value_is_noticed():
    table = pd.DataFrame({"year": ["1992", "1993"], "estimate": ["0.3749", "1"], "low": ["-0.2", "1"]})
    assert unlike("37 % (from −20)", table, {"year": 1992}, ("estimate", "low"), 100) == []
    assert unlike("37.5", table, {"year": 1992}, ("estimate",), 100) == []
    assert unlike("38", table, {"year": 1992}, ("estimate",), 100) == [("38", pytest.approx(37.49))]
