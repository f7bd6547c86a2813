"""What a course hands out and has to be worked out from data: ``python -m manyvectors.export --handouts WEEKS.yml``.

A handout of the course's file of weeks that says ``data`` names one of the functions in :data:`MAKERS`, and may give it
values under ``with``. Each returns a dict: ``kind`` (``table`` or ``slips``) with what it holds, and where there is one
a ``key`` for the teacher alone. :mod:`manyvectors.site.handouts` makes pages of them. No handout holds a sentence of a
source: words, codes and counts only, and passages of our own invention.
"""

import ast
import json
import random
import re
from pathlib import Path
from string import ascii_uppercase

import pandas as pd
import yaml

from .. import claims, practice, topics, vectors
from ..corpus import DataError
from ..figures.look import Look
from ..messages import say
from ..methods.coding import codebook as codebooks
from ..text import tokenise
from . import charts, trained

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
SPEECHES = trained.FOLDER / "speeches.csv"
STATE = re.compile(r"""["']([A-Z]{3})["']""")  # a state's code in a line of Python


def asked(course):
    """Return the handouts of a course that are made of data: dict, name (``week-3/published-rule``) to their entry.

    ``course`` (dict): a file of weeks, read.
    """
    found = {}
    for week in course["weeks"]:
        for entry in week["hand"]:
            if "data" in entry:
                found[f"week-{week['week']}/{entry['id']}"] = entry
    return found


def everything(path, evidence):
    """Return what the handouts of a course hold: dict by name, as of :func:`asked`.

    ``path``: of the file of weeks. ``evidence``: manyvectors.claims.Evidence. manyvectors.corpus.DataError if a handout
    asks for data that nothing here makes.
    """
    made = {}
    for name, entry in asked(yaml.safe_load(Path(path).read_text(encoding="utf-8"))).items():
        if entry["data"] not in MAKERS:
            raise DataError(
                f"{path}, {name}: no data {entry['data']!r} for a handout; take {', '.join(sorted(MAKERS))}"
            )
        made[name] = MAKERS[entry["data"]](evidence, **entry.get("with", {}))
    return made


def write(path, target):
    """Write :func:`everything` of a course's file ``path`` as JSON to ``target`` (pathlib.Path)."""
    found = everything(path, claims.Evidence())
    target.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


# --- What they hold ---------------------------------------------------------------------------------------------------


def invented_speech(evidence, speech):
    """Return an invented speech, and in the key how many words it has and which are said most often."""
    rows = pd.read_csv(SPEECHES, dtype=str, index_col="doc_id")
    words = pd.Series(tokenise(rows.at[speech, "text"])).value_counts(sort=False)
    words = words.sort_values(ascending=False, kind="stable")
    common = [[word, str(n)] for word, n in words.head(12).items()]
    key = _table(_heads("word", "times"), [*common, [say("handouts.all-words"), str(words.sum())]])
    return {"kind": "text", "text": rows.at[speech, "text"], "key": key}


def term_lists(evidence, lists):
    """Return lists of terms of the data, one in a row: ``lists``, their names."""
    c = evidence.c
    return _table(_heads("list", "terms"), [[name, ", ".join(c.phrases(lists=name).columns)] for name in lists])


def eras_to_draw(evidence, words):
    """Return a table to draw in: a row for each word and for the state, its neighbours and the world; eras across."""
    study, spans = evidence.study, _spans(evidence)
    whose = [study.focus_name, say("handouts.neighbours"), say("handouts.world")]
    return _table(
        [*_heads("word", "whose"), *spans], [[word, who, *[""] * len(spans)] for word in words for who in whose]
    )


def assigned(evidence, chapter, name, rows, columns):
    """Return a small table that a chapter types out: the literals called ``name``, ``rows`` and ``columns`` in it."""
    (path,) = NOTEBOOKS.glob(f"{chapter}_*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and f"{name} =" in source:
            held = {
                target.id: ast.literal_eval(line.value)
                for line in ast.parse(source).body
                if isinstance(line, ast.Assign) and isinstance(line.value, ast.List)
                for target in line.targets
            }
            body = [[row, *map(str, numbers)] for row, numbers in zip(rows, held[name], strict=True)]
            return _table([*_heads("passage"), *held[columns]], body)
    raise DataError(f"{path.name} assigns no {name}; say in the course's file what it is called now")


def leading_words(evidence, n):
    """Return the leading words of all topics without their names, and the names in the key. ``n``: how many words."""
    model = evidence.topics()
    labels = topics.label(model, evidence.c.table("topic-labels"))["label"]
    heavy, own = model.top_terms(n=n).agg(", ".join, axis=1), model.top_terms(by="frex", n=n).agg(", ".join, axis=1)
    body = [[str(topic), heavy[topic], own[topic], ""] for topic in heavy.index]
    names = [[str(topic), labels[topic] or say("handouts.no-name")] for topic in heavy.index]
    return _table(_heads("topic", "heavy", "exclusive", "your-name"), body, key=_table(_heads("topic", "name"), names))


def slips_to_deal(evidence, sets, seed):
    """Return sets of six slips with invented numbers, three for each of two eras. ``sets``: how many; ``seed``."""
    draw, slips = random.Random(seed), []
    for number in range(sets):
        for era, middle in (("A", 20), ("B", 26)):
            slips += [
                say("handouts.slip", set=ascii_uppercase[number], era=era, value=max(1, round(draw.gauss(middle, 6))))
                for _ in range(3)
            ]
    return {"kind": "slips", "slips": slips}


def reports(evidence, claim, conflicts):
    """Return what sources report on disputed facts, works by letters, and in the key the verdict on each reading.

    ``claim``: number of the claim whose instrument counts readings; it also says which sources are versions of one
    work. ``conflicts``: as in the table ``editions``.
    """
    rows = charts.reported(evidence, claim)
    rows = rows[rows["conflict"].isin(conflicts)]
    letters = dict(zip(sorted(rows["work"].unique()), ascii_uppercase, strict=False))
    body, key = [], []
    for place, conflict in enumerate(conflicts, 1):
        asked_of = rows[rows["conflict"] == conflict]
        for row in asked_of.itertuples():
            seen = say("handouts.seen") if row.mark == "official text seen" else say("handouts.reported")
            body.append([str(place), row.reading, row.value, letters[row.work], seen, row.grade])
        for reading in sorted(asked_of["reading"].unique()):
            found = claims.measure(claim, evidence, conflict=conflict, reading=reading)
            key.append([str(place), reading, claims.judge(claim, **found)])
    return _table(
        _heads("question", "reading", "said", "work", "act", "grade"),
        body,
        key=_table(_heads("question", "reading", "verdict"), key),
    )


def practice_sentences(evidence, kind):
    """Return the passages that coders are trained with, with empty cells for their codes, and the values above them.

    ``kind``: which of the passages.
    """
    rows, questions = trained.passages(), trained.QUESTIONS[kind]
    values = _codebook(evidence).kinds[kind]
    allowed = [say("handouts.values", code=code, values=" · ".join(values[code])) for code in questions]
    rows = rows[rows["kind"] == kind]
    body = [[row, text, *[""] * len(questions)] for row, text in rows["context"].items()]
    return _table([*_heads("number", "passage"), *questions], body) | {"before": allowed}


def codebook(evidence, kind):
    """Return the questions of the codebook on one ``kind`` of passage, with the values and what each means.

    What to do in doubt stands above; what is said of files is for those who code on a computer and is left out.
    """
    book = _codebook(evidence)
    told, values = book.about["kinds"][kind], book.kinds[kind]
    body = [
        [f"{code}: {told['questions'][code]}" if first else "", value, " ".join(meaning.split())]
        for code in book.codes(kind)
        for first, (value, meaning) in zip([True, *[False] * len(values[code])], values[code].items(), strict=False)
    ]
    doubt = [" ".join(rule.split()) for rule in book.about["doubt"] if " file " not in rule]
    return _table(_heads("question", "value", "meaning"), body) | {"before": doubt, "filled": True}


def _codebook(evidence):
    return codebooks.Codebook.read(evidence.study.folder / codebooks.FILE)


def territory(evidence, states, named):
    """Return the votes on texts about territory: of each text the last vote. ``named``: whether the texts have names.

    ``states``: whose votes stand in the columns.
    """
    texts, votes = practice.integrity(), practice.profile(states)
    last = texts.join(votes).drop_duplicates("text", keep="last").sort_values("date")
    called = evidence.c.states
    body = [
        [
            letter,
            *([row["text"], row["conflict"], str(row["date"])[:4]] if named else []),
            *(row[s] or "–" for s in states),
        ]
        for letter, (_, row) in zip(_letters(len(last)), last.fillna("").iterrows(), strict=True)
    ]
    heads = _heads("text", *(["what", "conflict", "year"] if named else []))
    return _table([*heads, *(called[state] for state in states)], body)


def places(evidence, n):
    """Return the names of the ``n`` states that the focus has named in most of its speeches: slips."""
    c = evidence.c
    named = (vectors.places(c, state=evidence.study.focus) > 0).sum()
    named = named[named.index.isin(c.states.index)].sort_values(ascending=False, kind="stable")
    return {"kind": "slips", "slips": [c.states[state] for state in sorted(named.index[:n], key=c.states.get)]}


def states(evidence, share):
    """Return the states that spoke in at least a ``share`` of the years: slips, without those with a part in a chapter.

    Whoever draws a state should meet it fresh: those that the study names (the focus, neighbours, peers, powers, blocs)
    and those whose code the code of a numbered chapter has are left out.
    """
    spoken = evidence.c.documents.query("register == 'rostrum'")
    often = spoken.groupby("state")["year"].nunique() >= share * spoken["year"].nunique()
    called, told = evidence.c.states, _told(evidence.study)
    names = sorted(called[state] for state in often.index[often] if state in called.index and state not in told)
    return {"kind": "slips", "slips": names}


def _told(study):
    """Return the codes of the states with a part in a chapter or in the study: set of str."""
    told = {study.focus, *study.neighbours, *study.peers, *study.profiled, *study.powers}
    told |= {state for bloc in study.blocs.values() for state in bloc}
    for path in NOTEBOOKS.glob("[0-9]*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                told |= set(STATE.findall("".join(cell["source"])))
    return told


MAKERS = {
    function.__name__.replace("_", "-"): function
    for function in (
        invented_speech,
        term_lists,
        eras_to_draw,
        assigned,
        leading_words,
        slips_to_deal,
        reports,
        practice_sentences,
        codebook,
        territory,
        places,
        states,
    )
}


def _table(heads, rows, key=None):
    return {"kind": "table", "heads": heads, "rows": rows} | ({"key": key} if key else {})


def _heads(*names):
    return [say(f"handouts.head.{name}") for name in names]


def _spans(evidence):
    years = evidence.c.documents.query("register == 'rostrum'")["year"]
    return list(Look(evidence.study).spans(int(years.max())).values())


def _letters(n):
    return [ascii_uppercase[k % 26] * (k // 26 + 1) for k in range(n)]
