"""A build fails when it should, and says why."""

import nbformat
from building import markdown, try_build, write_book

FAULTS = {
    "document": "See {doc}`nowhere`.",
    "term": "See {term}`no such term`.",
    "citation": "As shown {cite:p}`nobody1900`.",
    "figure": "See {numref}`fig-none`.",
    "glued number": "{glue:text}`never_glued` things.",
    "answer": "```{answer} ex-03-rivals\n```",
}
SIGNS = (
    "nowhere",
    "no such term",
    "nobody1900",
    "fig-none",
    "never_glued",
    "near to it: ex-03-rival",
    "add repository, url",
)


def test_every_fault_is_named_and_stops_the_build(tmp_path):
    prose = "# A title\n\n" + "\n\n".join(FAULTS.values())
    buttons = {"colab_url": "https://colab.research.google.com"}
    done = try_build(write_book(tmp_path, {"page": [markdown(prose)]}, launch_buttons=buttons))
    assert done.returncode != 0
    assert [sign for sign in SIGNS if sign not in done.stdout + done.stderr] == []


def test_a_cell_that_raises_stops_the_build_and_a_sound_one_does_not(tmp_path):
    for name, code, failed in (
        ("sound", "1 + 1", False),
        ("broken", "raise RuntimeError('the canal is closed')", True),
    ):
        cells = [markdown("# A title\n\nText."), nbformat.v4.new_code_cell(code)]
        settings = {"execute_notebooks": "cache", "raise_on_error": True, "run_in_temp": False}
        done = try_build(write_book(tmp_path / name, {"page": cells}, execute=settings))
        assert (done.returncode != 0) == failed, done.stdout + done.stderr
        assert ("the canal is closed" in done.stdout + done.stderr) == failed
