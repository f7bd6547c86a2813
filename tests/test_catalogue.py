"""What a page says stands in the catalogue: no sentence beside it, no key that nobody says, none that is missing."""

import ast
import functools
import re
from pathlib import Path
from string import Formatter

import pytest

from manyvectors import messages
from manyvectors.claims import VERDICTS
from manyvectors.methods import rollcalls
from manyvectors.site import messages as site_messages

ROOT = Path(__file__).resolve().parent.parent
CODE = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "manyvectors").rglob("*.py"))}
SCRIPTS = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "book/web/static").rglob("*.js"))}
TEMPLATES = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "book/web/templates").rglob("*.html"))}
ENGLISH = messages.english()
WORD = r"[^\W\d_]{2,}"
SENTENCE = re.compile(rf"(?<![\w.#\[:\-]){WORD},? {WORD}(?![\w\-=\[(])")
IN_TEMPLATE = re.compile(r"\bsay\(\s*(?P<mark>['\"])(?P<key>[\w-]+\.[\w.-]+)(?P=mark)\s*(?P<more>~)?")


# --- Sentences beside the catalogue -----------------------------------------------------------------------------------

# Who reads what these are given: whoever builds the book, in a terminal; or a parser.
FOR_BUILDERS = {"error", "info", "warning", "print", "exit", "ArgumentParser", "add_argument", "add_parser"}
FOR_PARSERS = {
    "compile",
    "find",
    "find_all",
    "findall",
    "finditer",
    "fullmatch",
    "select",
    "select_one",
    "sub",
    "search",
}
# What is compared with words that stand elsewhere, and what is said to whoever builds a book.
SPARED = {
    "brought.py": {"npm ended with status {}"},
    "exercises.py": {"import manyvectors"},
    "numbers.py": {"must be given", "No texts attached"},
    "page.py": set(VERDICTS),
    "pdf.py": {"MANYVECTORS_BROWSER names {}, which cannot be run", "no Chromium was found"},
    "share.py": {"What you will learn"},
    "take.py": {"import sys, setuptools.build_meta as b; b.build_wheel(sys.argv[1])"},
    "writing.py": {' aria-label="Toggle hidden content"'},
}
# What tables and findings.yml say in their cells, and code compares.
OF_TABLES = {"per cent", "official text seen", "foreign minister", "head of state"}
OF_TABLES |= {"ISO number", "COW number", "COW letters", "former code"}
COMMANDS = {"translations.py"}  # speaks in a terminal only
READ = sorted((ROOT / "manyvectors/site").glob("*.py")) + [
    ROOT / "manyvectors/claims" / name for name in ("page.py", "rejudged.py")
]


def _spared(tree):
    """Return the ids of nodes that hold docstrings, errors, and what only builders or parsers read."""
    found = set()
    for node in ast.walk(tree):
        called = getattr(node, "func", None)
        name = getattr(called, "attr", getattr(called, "id", ""))
        if isinstance(node, ast.Raise) or name in FOR_BUILDERS | FOR_PARSERS or name.endswith("Error"):
            found |= {id(part) for part in ast.walk(node)}
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            found.add(id(body[0].value))  # a docstring
    return found


def _texts(tree):
    """Yield every text that code holds; what an f-string puts in is ``{}``."""
    spared = _spared(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and id(node) not in spared:
            spared |= {id(part) for part in node.values}
            yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spared:
            yield node.value


def told(text):
    """Return the sentences in a text that may be markup, a template, a style sheet or a script: list of str."""
    if "=>" in text or re.search(r"\{[^{}]+:[^{}]+;\s*\}|, [.#\[]", text):  # a script, a style sheet, a selector
        return []
    inside = re.findall(r"\{\{.*?\}\}|\{%.*?%\}", text, re.DOTALL)
    quoted = [found for part in inside for found in re.findall(r"\"([^\"]*)\"|'([^']*)'", part)]
    bare = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "{}", text, flags=re.DOTALL)
    read = re.findall(r"(?:aria-label|title|alt|data-label)=\"([^\"]*)\"", bare)
    shown = re.sub(r"<[^<>]*>|<[^<>]*$|^[^<>]*/?>", " | ", bare) if "<" in bare else bare
    # In markup a word alone is read as well; a text without any may be a name.
    alone = [shown] if "<" in bare and re.search(WORD, re.sub(r"\{\w*\}|&\w+;", "", shown)) else []
    every = [*alone, shown, *read, *("".join(pair) for pair in quoted)]
    return [one for one in dict.fromkeys(every) if one in alone or SENTENCE.search(one)]


def beside(name, source):
    """Return the sentences of a room that are not in the catalogue: list of str."""
    texts = [] if name in COMMANDS else _texts(ast.parse(source))
    return [text for text in texts if text not in OF_TABLES | SPARED.get(name, set()) and told(text)]


@pytest.mark.parametrize("path", READ, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_code_says_no_sentence_beside_the_catalogue(path):
    assert beside(path.name, CODE[path]) == []


@pytest.mark.parametrize("name", sorted(SPARED))
def test_what_is_spared_stands_there(name):
    source = next(text for path, text in CODE.items() if path in READ and path.name == name)
    texts = set(_texts(ast.parse(source)))
    assert SPARED[name] & texts and (SPARED[name] <= texts or name == "page.py")


def test_what_tables_say_stands_in_them():
    held = [path.read_text(encoding="utf-8") for path in (ROOT / "data").rglob("*.[cy][sm][vl]")]
    assert {words for words in OF_TABLES if any(words in text for text in held)} == OF_TABLES


@pytest.mark.parametrize(
    "code",
    [
        'said = "Cite this page"',
        'SAID = {"figure": "Report what is wrong"}',
        'return f"All {n} packages are installed."',
        "html = '<th scope=\"col\">Figure</th>'",
        'html = f\'<a href="{x}" aria-label="Show the map">{y}</a>\'',
        'T = env.from_string(\'{{ ", " if x else "; the numbers of " }}\')',
    ],
)
def test_a_sentence_in_code_is_found(code):
    assert beside("new.py", f"def f(n, x, y, env):\n    {code}\n")


@pytest.mark.parametrize(
    "code",
    [
        '"""A docstring of some words."""',
        'raise ExtensionError(f"the table {n} is missing; build it")',
        'logger.warning("the site stays heavier")',
        'tree.select("tbody tr")',
        'html = f\'<div class="mv-scroll mv-table" data-label="{n}">{x}</div>\'',
        'box = "mv-scroll mv-table"',
        "T = env.from_string('<b>{{ say(\"page.all\") }}</b>')",
    ],
)
def test_what_is_no_sentence_of_a_page_is_left_alone(code):
    assert not beside("new.py", f"def f(n, x, tree, env, logger):\n    {code}\n")


KEYS = {"Ctrl", "K"}  # of a keyboard


def beside_in_template(template):
    """Return the words of a template that are not in the catalogue: list of str."""
    bare = re.sub(r"<(script|style)\b.*?</\1>", "", template, flags=re.DOTALL)
    return [word for text in told(bare) for word in re.findall(WORD, text) if word not in KEYS]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_says_no_sentence_beside_the_catalogue(path):
    assert beside_in_template(TEMPLATES[path]) == []


def test_a_sentence_in_a_template_is_found():
    assert beside_in_template('<p>{{ say("page.all") }} <b>Found</b></p>') == ["Found"]
    assert beside_in_template('<a title="Show the map">{{ title }}</a>') == ["Show", "the", "map"]


STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`")
REGEX = re.compile(r"(?<=[(,=:]) ?/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
SELECTORS = r"\b(?:querySelector(?:All)?|closest|matches|each)(?:\?\.)?\(\s*$"


def _strings(script):
    """Return the texts that a script holds, without comments, selectors and the errors that it throws: list of str."""
    bare = re.sub(r"/\*.*?\*/|^\s*//.*$|(?<=[;,{}()]) //.*$", "", script, flags=re.DOTALL | re.MULTILINE)
    bare = re.sub(r"throw new Error\([^\n]*\);", "", REGEX.sub("0", bare))
    found = ((match[0], bare[: match.start()]) for match in STRING.finditer(bare))
    return [text[1:-1] for text, before in found if not re.search(SELECTORS, before[-40:])]


def beside_in_script(script):
    """Return the sentences of a script that are not in the catalogue: list of str."""
    texts = [re.sub(r"\$\{[^{}]*\}", "{}", text) for text in _strings(script)]
    return [text for text in texts if told(text) and text != "use strict"]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_says_no_sentence_beside_the_catalogue(path):
    assert beside_in_script(SCRIPTS[path]) == []


@pytest.mark.parametrize(
    "script",
    [
        'const SAY = {more: "Show more"};',
        "button.textContent = 'All entries in full';",
        "said.textContent = `${n} results in the book`;",
        'const at = text.replace(/"/g, "&quot;"), said = "It was found";',
        "part.innerHTML = `<b>Found</b>`;",
    ],
)
def test_a_sentence_in_a_script_is_found(script):
    assert beside_in_script(script)


def test_what_is_no_sentence_of_a_script_is_left_alone():
    script = '"use strict"; // says what is what\n/* some words */ each("article section", f); '
    script += 'throw new Error("no such view");'
    assert not beside_in_script(script + ' box.className = "mv-code-switch d-print-none"; say("page.fold");')


# --- Keys -------------------------------------------------------------------------------------------------------------

# Heads of tables (tests/site/test_heads.py looks that each stands in one); what sphinx-exercise calls its boxes, made
# into a key; what the rows of homework.csv name; templates of questions,
# which have the names of their functions (tests/export/test_items.py looks that each has both of its sentences).
BY_OTHERS = {"column.", "exercise.", "homework.ex-", "homework.lab-", "items."}


def _literals(node):
    """Return the texts that an argument may be: as it stands, or one of two."""
    if isinstance(node, ast.IfExp):
        return _literals(node.body) + _literals(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _pattern(node):
    """Return what an f-string may be, as a pattern with a group for each place; None if it begins with a place."""
    first = node.values[0]
    if not isinstance(first, ast.Constant) or not re.match(r"[a-z-]+\.", first.value):
        return None
    return "".join(re.escape(part.value) if isinstance(part, ast.Constant) else "(.+)" for part in node.values)


@functools.cache
def _in_code():
    """Return what code asks for by name, patterns of names, those of them in ``say``, and every text: sets of str."""
    asked, made, begun, held = set(), set(), set(), set()
    for source in CODE.values():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in ("say", "pieces", "form"):
                    asked |= set(_literals(node.args[0]))
                    begun |= {_pattern(node.args[0])} if isinstance(node.args[0], ast.JoinedStr) else set()
            elif isinstance(node, ast.JoinedStr):
                made.add(_pattern(node))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                held.add(node.value)
    for text in [*held, *TEMPLATES.values()]:
        for found in IN_TEMPLATE.finditer(text):
            (made if found["more"] else asked).add(f"{re.escape(found['key'])}(.+)" if found["more"] else found["key"])
    return asked, made - {None}, begun - {None}, held


@functools.cache
def _of_scripts():
    """Return what scripts ask for by name, patterns of names that they make, and what they may ask for: sets of str."""
    asked, made, may = set(), set(), set()
    for text in SCRIPTS.values():
        named = set(re.findall(r"[\"']([\w.-]+)[\"']", text))
        direct = set(re.findall(r"\bsay\(\s*\"([\w.-]+)\"", text))
        patterns = [re.split(r"\$\{.*?\}(?=[`.\w$-])", one) for one in re.findall(r"\bsay\((`.*?`)[,)]", text)]
        patterns = {"(.+)".join(re.escape(part.strip("`")) for part in one) for one in patterns}
        parts = site_messages.GROUP.findall(text)
        asked |= {f"{part}.{name}" for part in parts for name in direct} if parts else direct
        made |= {rf"{re.escape(part)}\.{pattern}" for part in parts for pattern in patterns}
        may |= named & set(ENGLISH)
        for key in ENGLISH:
            for name in (key.removeprefix(f"{part}.") for part in parts if key.startswith(f"{part}.")):
                found = [match.groups() for pattern in patterns if (match := re.fullmatch(pattern, name))]
                # A name that begins with a place begins with a word that the script holds.
                if name in named or any(not name.startswith(places[0]) or places[0] in named for places in found):
                    may.add(key)
    return asked, made, may


def test_every_sentence_that_is_said_is_in_the_catalogue():
    asked = _in_code()[0] | _of_scripts()[0]
    assert len(asked) > 300 and not asked - set(ENGLISH)


def test_code_fills_the_places_of_what_it_says():
    wrong = []
    for path, source in CODE.items():
        for node in ast.walk(ast.parse(source)):
            name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
            if name not in ("say", "pieces") or not node.args or any(word.arg is None for word in node.keywords):
                continue
            given = {word.arg for word in node.keywords}
            for key in _literals(node.args[0]):
                said = ENGLISH[key] if isinstance(ENGLISH[key], str) else ENGLISH[key]["other"]
                places = {place for _, place, _, _ in Formatter().parse(said) if place}
                wrong += [(path.name, key)] if places - given or given - places - {"n"} else []
    assert not wrong


def test_every_sentence_of_the_catalogue_is_said():
    asked, made, _, held = _in_code()
    said = asked | held | _of_scripts()[2]
    for key in set(ENGLISH) - said:
        places = [found.groups() for pattern in made if (found := re.fullmatch(pattern, key))]
        if any(all(part in held or part.isdigit() for part in found) for found in places):
            said.add(key)
    assert not {key for key in set(ENGLISH) - said if not any(key.startswith(part) for part in BY_OTHERS)}


def test_every_made_name_has_sentences():
    begun = _in_code()[2] | _of_scripts()[1]
    assert len(begun) > 10
    assert all(any(re.fullmatch(pattern, key) for key in ENGLISH) for pattern in begun)


def test_a_page_gets_the_sentences_of_its_scripts_and_no_other(tmp_path):
    (tmp_path / "a.js").write_text('const say = sayOf("search"); say("more");', encoding="utf-8")
    (tmp_path / "b.js").write_text(
        'label(say("page.contents")); say(hidden ? "page.code-show" : "page.code-hide");', "utf-8"
    )
    (tmp_path / "c.js").write_text("const none = 1;", encoding="utf-8")
    of = {path.name: site_messages.keys_of([path]) for path in tmp_path.iterdir()}
    assert of["a.js"] == sorted(key for key in ENGLISH if key.startswith("search."))
    assert of["b.js"] == ["page.code-hide", "page.code-show", "page.contents"] and of["c.js"] == []
    assert site_messages.for_scripts([tmp_path / "c.js"], "en") == ""


def test_every_verdict_has_a_word():
    assert {f"verdict.{word}" for word in VERDICTS} <= set(ENGLISH)


def test_issue_areas_are_said_as_the_methods_name_them():
    assert {key: messages.say(f"issue.{key}") for key in rollcalls.ISSUES} == dict(rollcalls.ISSUES)
