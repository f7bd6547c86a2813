"""The questions after the lessons: where they stand, what each answer is told, and that nothing gives them away."""

import re
from collections import Counter
from pathlib import Path

import nbformat
import pytest
import yaml
from test_plain_english import GLUE, MARK, ROLE, slips

from manyvectors.claims import numbers

ROOT = Path(__file__).resolve().parents[2]
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
LESSONS = [[one["file"] for one in part["chapters"]] for part in TOC if part["caption"].startswith("Part ")]
LESSONS = [[Path(file).name for file in files if file.startswith("notebooks/")] for files in LESSONS]


def name_of(stem):
    """Return what the quiz of a notebook is called: a chapter's number, or app- and an appendix's subject."""
    return stem.replace("appendix_", "app-") if stem.startswith("appendix_") else stem[:2]


CHAPTERS = {name_of(path.stem): path for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
PARTS = {f"part-{i}": name_of(names[-1]) for i, names in enumerate(LESSONS, 1)}
QUIZZES = {path.stem.removeprefix("quiz-"): path for path in sorted((ROOT / "book/quizzes").glob("*.md"))}
CELL = re.compile(r"(#+) (.+)\n\n```\{quiz\} (quiz-[\w-]+)\n:from: \.\./book/quizzes/(.+)\.md\n```")
ITALIC = re.compile(r"(?<!\*)\*([^*\n]+)\*(?!\*)")
# What a question takes for granted: if a result turns, its right answer may be another.
SUPPOSED = {
    ("03", "climate_zero"): "includes",
    ("03", "climate_verdict"): "cannot",
    ("08", "seat_verdict"): "open",
    ("09", "v_A11"): "contradicted",
    ("14", "v_A12"): "open",
    ("19", "v_A2"): "open",
    ("19", "v_A15"): "open",
    ("app-votes", "v_C7"): "open",
}


def questions(path):
    """Return the questions of a file: list of (what is asked, list of (is it right, option, reply))."""
    found = []
    for text in re.split(r"^\d\. ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        asked, *options = re.split(r"^ {3}- ", text, flags=re.MULTILINE)
        shape = [re.fullmatch(r"\[([x ])\] (.+)\n {5}- (.+)\n", option) for option in options]
        assert all(shape), f"{path.name}: {asked}"
        found.append((asked.strip(), [(one[1] == "x", one[2], one[3]) for one in shape]))
    return found


def cells(chapter):
    """Return the Markdown of a chapter, cell by cell."""
    read = nbformat.read(CHAPTERS[chapter], as_version=4).cells
    return [cell.source for cell in read if cell.cell_type == "markdown"]


def headings(chapter):
    """Return what a chapter's sections and boxes are called."""
    text = "\n".join(cells(chapter))
    return set(re.findall(r"^(?:#{2,3} |:::\{admonition\} )(.+)$", text, re.MULTILINE))


def shown(text):
    """Return what a reader sees of a text, without glued values."""
    return ROLE.sub(lambda role: role[1] or role[2] or "", GLUE.sub("", text))


NAMES = sorted(QUIZZES)


def test_every_chapter_and_part_is_asked_about():
    assert set(QUIZZES) == set(CHAPTERS) | set(PARTS)


def test_a_quiz_stands_once_and_before_the_exercises():
    placed = Counter()
    for chapter in CHAPTERS:
        sources = cells(chapter)
        at = next(i for i, source in enumerate(sources) if source.startswith("## Exercises") or "\n## Exer" in source)
        for i, source in enumerate(sources):
            if "{quiz}" not in source:
                continue
            level, heading, name, file = CELL.fullmatch(source).groups()
            assert name == file
            file = file.removeprefix("quiz-")
            assert all("{quiz}" in between for between in sources[i:at])
            assert sources[at].startswith("## Exercises")
            part = file.startswith("part-")
            assert (level, heading) == (("###", "The part as a whole") if part else ("##", "Do you follow?"))
            assert chapter == PARTS.get(file, file)
            placed[file] += 1
    assert placed == Counter(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_as_many_questions_and_options_as_a_reader_has_patience_for(name):
    asked = questions(QUIZZES[name])
    fewest, most = (4, 5) if name in PARTS else (6, 8)
    assert fewest <= len(asked) <= most
    assert len({question for question, _ in asked}) == len(asked)
    for question, options in asked:
        assert question.endswith(("?", "."))
        assert 3 <= len(options) <= 4
        assert [right for right, _, _ in options].count(True) == 1
        # A link in an option would be pressed instead of it, and a number of the book's would point to it.
        assert not any(re.search(r"\{[\w:]+\}`", said) for _, said, _ in options)


@pytest.mark.parametrize("name", NAMES)
def test_neither_place_nor_length_gives_the_answer_away(name):
    asked = [options for _, options in questions(QUIZZES[name])]
    letters = Counter([right for right, _, _ in options].index(True) for options in asked)
    assert max(letters.values()) <= 0.6 * len(asked)
    longest = [max(options, key=lambda option: len(shown(option[1])))[0] for options in asked]
    assert sum(longest) <= 0.6 * len(asked)


def test_no_two_quizzes_begin_with_the_same_letters():
    keys = [[[right for right, _, _ in options].index(True) for _, options in questions(QUIZZES[n])] for n in NAMES]
    assert len({tuple(key[:4]) for key in keys}) == len(keys)


def test_no_reply_repeats_what_the_form_says_above_it():
    for name in NAMES:
        for _, options in questions(QUIZZES[name]):
            assert not any(re.match(r"(?:Right|Wrong|Yes|Correct)\b", reply) for _, _, reply in options), name


def test_each_reply_is_its_own_over_the_chapter():
    for chapter in CHAPTERS:
        here = [name for name in NAMES if chapter == PARTS.get(name, name)]
        replies = [reply for name in here for _, options in questions(QUIZZES[name]) for _, _, reply in options]
        assert len(set(replies)) == len(replies), chapter


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_answer_is_sent_to_a_place_that_exists(name):
    own = headings(PARTS.get(name, name))
    for question, options in questions(QUIZZES[name]):
        for right, _, reply in options:
            linked = re.findall(r"\{doc\}`[^`<]+<([^>]+)>`", reply)
            assert all(list((ROOT / "notebooks").glob(f"{link}.*")) for link in linked)
            there = own.union(*(headings(name_of(link)) for link in linked if name_of(link) in CHAPTERS))
            places = [place for place in ITALIC.findall(reply) if place in there]
            assert places or right or re.search(r"\{(?:doc|numref|term)\}", reply), f"{question}: {reply}"
            # Whatever a reply tells the reader to see is there.
            assert set(re.findall(r"\bsee \*([^*]+)\*", reply, re.IGNORECASE)) <= there, reply


@pytest.mark.parametrize("name", NAMES)
def test_no_number_is_typed_and_every_glued_one_exists(name):
    text = QUIZZES[name].read_text(encoding="utf-8")
    glued = numbers.glued()[CHAPTERS[PARTS.get(name, name)].stem]
    assert {key for _, key in GLUE.findall(text)} <= set(glued)
    text = re.sub(r"^\d\. |\{doc\}`\d\d <[^`]+`|\*Step \d", "", text, flags=re.MULTILINE)
    assert not re.search(r"\d", re.sub(r"\b(?:19|20)\d\d\b", "", shown(text)))


@pytest.mark.parametrize("name", NAMES)
def test_the_language_is_plain(name):
    glued = numbers.glued()[CHAPTERS[PARTS.get(name, name)].stem]
    text = GLUE.sub(lambda found: f"{MARK}{glued[found[2]]}{MARK}", QUIZZES[name].read_text(encoding="utf-8"))
    assert not slips(ROLE.sub(lambda role: role[1] or role[2] or "", text))


def test_what_a_question_takes_for_granted_still_holds():
    for (chapter, key), value in SUPPOSED.items():
        assert numbers.glued()[CHAPTERS[chapter].stem][key] == value
        assert f"`{key}`" in QUIZZES[chapter].read_text(encoding="utf-8")
