"""The code to take home: the zip of the repository, the wheel, notebooks that run with it, the lock of JupyterLab."""

import io
import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import alone
import nbformat
import pytest
from building import ROOT
from sphinx.errors import ExtensionError

from manyvectors import __version__
from manyvectors.site import git, take

FOLDER = Path(take.CODE).stem


def inside(content):
    """Return the files of a zip: dict, name to bytes."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {entry.filename: file.read(entry) for entry in file.infolist() if not entry.is_dir()}


@pytest.fixture(scope="module")
def files():
    """The files of the last commit."""
    return git.committed(ROOT)


@pytest.fixture(scope="module")
def code(files):
    """The zip of the repository."""
    return take.zipped(files, FOLDER)


@pytest.fixture(scope="module")
def wheel(code):
    """The wheel."""
    return take.built(code, take.CACHE)


# --- The zip ----------------------------------------------------------------------------------------------------------


def test_the_zip_is_the_commit_and_nothing_else(files, code):
    listed = git.ask(ROOT, "ls-tree", "-r", "--name-only", "HEAD")
    if listed is None:
        pytest.skip("not a git checkout: no list of the repository's files")
    assert set(files) == set(listed.splitlines())
    held = inside(code)
    assert held == {f"{FOLDER}/{name}": content for name, (content, _) in files.items()}
    assert not any(".git/" in name or name.endswith((".pyc", ".tar.gz", ".whl")) for name in held)
    assert f"{FOLDER}/data/world/datapackage.json" in held


def test_the_zip_is_the_same_every_time_and_small_enough_to_carry(files, code):
    assert take.zipped(dict(reversed(files.items())), FOLDER) == code
    assert len(code) < 30e6


def test_what_may_be_run_may_be_run_when_it_is_unpacked():
    made = take.zipped({"a.sh": (b"true", True), "b.md": (b"", False)}, "x")
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        assert [entry.external_attr >> 16 & 0o777 for entry in file.infolist()] == [0o755, 0o644]


def test_uncommitted_changes_are_not_handed_on(tmp_path):
    who = ["git", "-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
    (tmp_path / "Ж.txt").write_text("old", encoding="utf-8")
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "Locks"]):
        subprocess.run([*who, *words], cwd=tmp_path, check=True)
    (tmp_path / "Ж.txt").write_text("new", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("mine", encoding="utf-8")
    assert git.committed(tmp_path) == {"Ж.txt": (b"old", False)}


def test_a_copy_without_git_hands_on_all_but_what_is_ignored(tmp_path):
    (tmp_path / ".gitignore").write_text(".venv\n_build/\n*.egg-info/\n", encoding="utf-8")
    for name in (".venv/bin/python", "_build/html/a.html", "x.egg-info/PKG", "book/a.md", ".ci/run"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    (tmp_path / "link").symlink_to("/etc/passwd")
    assert set(git.committed(tmp_path)) == {".gitignore", "book/a.md", ".ci/run"}


def test_the_book_can_be_made_from_the_unpacked_zip(code, tmp_path):
    if shutil.which("make") is None:
        pytest.skip("no make on this machine")
    with zipfile.ZipFile(io.BytesIO(code)) as file:
        file.extractall(tmp_path)
    done = subprocess.run(["make", "-n", "book"], cwd=tmp_path / FOLDER, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "jupyter-book build" in done.stdout


# --- The wheel --------------------------------------------------------------------------------------------------------


def test_the_wheel_holds_the_package_and_the_data(files, wheel):
    held = {name: content for name, content in inside(wheel).items() if ".dist-info/" not in name}
    wanted = {
        name: content
        for name, (content, _) in files.items()
        if re.match(r"manyvectors/(.*\.(py|json)|starting/templates/.*)$", name)
    }
    wanted |= {f"manyvectors/{name}": content for name, (content, _) in files.items() if name.startswith("data/")}
    assert held == wanted
    assert any(name.endswith("licenses/LICENSE") for name in inside(wheel))


def test_the_wheel_is_the_same_every_time(code, wheel, tmp_path):
    assert take.built(code, tmp_path) == wheel
    (kept,) = tmp_path.rglob("*.whl")
    before = kept.stat().st_mtime_ns
    assert (take.built(code, tmp_path), kept.stat().st_mtime_ns) == (wheel, before), "built once for one commit"


def test_a_wheel_that_cannot_be_built_stops_the_site(tmp_path):
    with pytest.raises(ExtensionError, match=r"manyvectors-.*whl could not be built"):
        take.built(take.zipped({"pyproject.toml": (b"[project]\n", False)}, FOLDER), tmp_path)


def test_chapters_run_in_an_empty_folder_with_the_wheel_alone(tmp_path):
    """The quick variant of ``make alone``: the packages are those of the lock, ours is what pip makes of the wheel."""
    stored = alone.hand_out(tmp_path, alone.CHAPTERS[:2])
    place = tmp_path / "installed"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile", "--target"]
    subprocess.run([*install, str(place), "--disable-pip-version-check", str(tmp_path / take.WHEEL)], check=True)
    tools = Path(sys.executable).parent
    where = [sys.executable, "-c", "import manyvectors.study as s; print(s.DATA)"]
    said = subprocess.run(
        where, env={"PYTHONPATH": str(place)}, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert Path(said.stdout.strip()) == place / "manyvectors" / "data"
    alone.execute(tmp_path, stored, tools / "jupyter-execute", PYTHONPATH=str(place))
    assert alone.differences(tmp_path, stored) == []
    compared = [printed for notebook in stored.values() for printed in alone.shown(notebook).values()]
    assert sum(map(any, compared)) > 20


def test_an_output_that_differs_is_found(tmp_path):
    cell = nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("stream", name="stdout", text="1")])
    notebook = nbformat.v4.new_notebook(cells=[cell])
    nbformat.write(notebook, tmp_path / "a.ipynb")
    assert alone.differences(tmp_path, {"a.ipynb": notebook}) == []
    pieces = nbformat.from_dict(json.loads(nbformat.writes(notebook)))
    pieces.cells[0].outputs = [nbformat.v4.new_output("stream", name="stdout", text=part) for part in ("1", "")]
    assert alone.differences(tmp_path, {"a.ipynb": pieces}) == []
    changed = nbformat.from_dict(json.loads(nbformat.writes(notebook)))
    changed.cells[0].outputs[0].text = "2"
    assert alone.differences(tmp_path, {"a.ipynb": changed}) == [("a.ipynb", cell.id)]


# --- Notebooks --------------------------------------------------------------------------------------------------------


def test_no_notebook_needs_a_file_beside_it(notebooks):
    for path in notebooks:
        for cell in nbformat.read(path, as_version=4).cells:
            assert cell.cell_type != "code" or "../" not in cell.source, f"{path.name}, {cell.id}"


@pytest.mark.parametrize("source", [None, "https://a.b/c/downloads.html"])
def test_the_first_cell_says_how_to_run_it(notebooks, source):
    path = notebooks[0]
    before = path.read_text(encoding="utf-8")
    made = take.introduced(before, path.name, source)
    assert take.introduced(made, path.name, source) == made
    notebook = nbformat.reads(made, as_version=4)
    nbformat.validate(notebook)
    first, *others = notebook.cells
    assert others == nbformat.reads(before, as_version=4).cells
    for said in (f'"./{take.WHEEL}[lab]"', f"lab {path.name}", "{glue:text}", "python3 -m venv"):
        assert said in first.source
    assert (source in first.source) if source else ("http" not in first.source)


def test_the_wheel_has_what_notebooks_import(notebooks):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {re.split(r"[<>=\[]", one)[0] for one in project["dependencies"] + project["optional-dependencies"]["lab"]}
    known = {"scikit-learn": "sklearn", "myst-nb": "myst_nb", "ipykernel": "IPython"}
    allowed = {known.get(name, name) for name in named} | set(sys.stdlib_module_names) | {"manyvectors"}
    code = "\n".join(
        cell.source
        for path in notebooks
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code"
    )
    assert set(re.findall(r"^(?:from|import) (\w+)", code, re.MULTILINE)) <= allowed


# --- JupyterLab -------------------------------------------------------------------------------------------------------


def locked(name):
    """Return the packages of a lock: dict, name to version."""
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))


def test_the_window_has_a_lock_of_its_own_that_fits_the_other():
    lean, lab = locked("requirements.txt"), locked("requirements-lab.txt")
    assert "jupyterlab" in lab and "jupyterlab" not in lean
    assert {name: lab[name] for name in lab.keys() & lean.keys()} == {name: lean[name] for name in lab.keys() & lean}
    text = (ROOT / "requirements-lab.txt").read_text(encoding="utf-8")
    assert all("--hash=sha256:" in part for part in re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:])


# --- The built site ---------------------------------------------------------------------------------------------------


def test_the_site_carries_both(site, soup):
    offered = {Path(link["href"]).name for link in soup("book/downloads.html").select("[data-download] a")}
    assert {take.CODE, take.WHEEL} <= offered
    held = inside((site / take.FOLDER / take.CODE).read_bytes())
    assert f"{FOLDER}/Makefile" in held and not any("/.git/" in name for name in held)
    assert f"manyvectors-{__version__}" in take.WHEEL
    assert "manyvectors/data/world/datapackage.json" in inside((site / take.FOLDER / take.WHEEL).read_bytes())


def test_every_notebook_of_the_site_says_how_it_is_run(site, notebooks):
    for path in notebooks:
        held = json.loads((site / "_sources" / "notebooks" / path.name).read_text(encoding="utf-8"))
        assert held["cells"][0]["id"] == take.CELL
        assert path.name in "".join(held["cells"][0]["source"])


def test_every_chapter_is_also_offered_without_solutions(site, soup, notebooks):
    links = soup("book/downloads.html").select("ul.mv-downloads a[href*='/students/']")
    assert [Path(link["href"]).stem for link in links] == sorted(path.stem for path in notebooks)
    for link in links:
        text = (site / "book" / link["href"]).read_text(encoding="utf-8")
        assert "{solution" not in text and json.loads(text)["cells"][0]["id"] == take.CELL


def test_what_the_course_hands_out_is_linked_and_there(site, soup):
    links = soup("book/course/syllabus.html").select("a[href*='handouts/']")
    assert len(links) > 30
    for link in links:
        address, _, anchor = link["href"].partition("#")
        page = (site / "book" / "course" / address).read_text(encoding="utf-8")
        assert not anchor or f'id="{anchor}"' in page


def test_without_a_repository_the_pages_say_where_the_code_is(site, soup, config):
    assert "repository" not in config
    page = soup("book/how-to-read.html")
    (link,) = page.select(f"a[href$='{take.CODE}']")
    assert (site / "book" / link["href"]).is_file()
    steps = [block.get_text() for block in soup("book/downloads.html").select("pre")]
    assert any(f"{take.WHEEL}[lab]" in text for text in steps)
