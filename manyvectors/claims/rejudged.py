"""How the verdicts moved: by another scale on the same evidence, and by the same scale on more evidence."""

import html

import pandas as pd

from .. import corpus
from ..messages import say, told
from . import scale
from .evidence import Evidence
from .ledger import ledger
from .page import anchor, verdict

TABLE = "verdicts"
OLD = ("supported", "contradicted", "undecided", "untestable")
WORDED = ("why", "added", "why_now")  # what verdicts.csv says in words; a book in another language has its own
# Words that said how it is, of either edition.
SAID = {*scale.DECIDED, "supported", "contradicted"}


def rejudged(found=None, c=None):
    """Set side by side the old rule on the old data, the new rule on the old data and the new rule on the new data.

    Parameters
    ----------
    found : pandas.DataFrame, optional
        From :func:`manyvectors.claims.ledger`; worked out if it is left out.
    c : manyvectors.corpus.Corpus, optional

    Returns
    -------
    pandas.DataFrame
        Index ``claim``; ``old`` (letter), ``wording``, ``was``, ``then`` and ``now`` (verdicts, in that order),
        ``rescaled`` (bool: whether the scale gave another word), ``moved`` (bool: whether new evidence did), ``why``,
        ``added`` (which evidence), ``why_now``, ``old_rule``, ``new_rule`` (in words), ``old_written``,
        ``new_written`` (when each rule was fixed), ``chapter``.

    Raises
    ------
    manyvectors.corpus.DataError
        If the study has no table of old verdicts.
    """
    c = corpus.opened(c)
    before = c.table(TABLE).set_index("claim")
    found = (ledger(evidence=Evidence(c), variants=False) if found is None else found).set_index("claim")
    before = before.loc[found.index]
    never = say("rejudged.never")
    rules = zip(before["supported_if"], before["contradicted_if"], strict=True)
    old_rule = [say("rejudged.old-rule", one=one or never, other=other or never) for one, other in rules]
    old_rule = pd.Series(old_rule, before.index, dtype=object)
    contrary = found["contrary"].map(lambda rule: say("claim.contradicted-if", rule=rule) if rule else "")
    new_rule = found["rule"] + contrary
    return pd.DataFrame(
        {
            **{name: found[name] for name in ("old", "wording")},
            **{"was": before["word"], "then": before["then"], "now": found["verdict"]},
            **{"rescaled": before["word"] != before["then"], "moved": before["then"] != found["verdict"]},
            **{name: before[name] for name in ("why", "added", "why_now")},
            "old_rule": old_rule.where(before["word"] != "untestable", ""),
            "new_rule": new_rule,
            **{"old_written": before["written"], "new_written": found["written"], "chapter": found["chapter"]},
        }
    )


def counted(table, was="was", now="then"):
    """Return how many claims went from which word to which: pandas.DataFrame, old words x new words, with totals.

    ``table`` (pandas.DataFrame): from :func:`rejudged`. ``was``, ``now``: two of its columns of verdicts.
    """
    found = pd.crosstab(table[was], table[now])
    found = found.reindex(index=[word for word in dict.fromkeys([*OLD, *scale.VERDICTS]) if word in found.index])
    found = found[[word for word in scale.VERDICTS if word in found]]
    return found.assign(all=found.sum(axis=1)).pipe(lambda frame: pd.concat([frame, frame.sum().to_frame("all").T]))


def said(table):
    """Say in a few sentences how many claims each set of rules decided, and what new evidence added: str.

    ``table``: from :func:`rejudged`.
    """
    was, then, now = (int(table[column].isin(SAID).sum()) for column in ("was", "then", "now"))
    leaning = int(table["now"].str.startswith("leaning").sum())
    open_, untestable = (int((table["now"] == word).sum()) for word in ("open", "untestable"))
    asked, moved = int((table["added"] != "").sum()), int(table["moved"].sum())
    numbers = {"was": was, "then": then, "asked": asked, "moved": moved, "now": now, "leaning": leaning}
    return say("rejudged.said", n=len(table), open=open_, untestable=untestable, **numbers)


def page(table, changes="what-would-change.html"):
    """Return the comparison as HTML: a row for each claim, with its three words, and why each moved.

    ``table``: from :func:`rejudged`. ``changes``: address of the page of :func:`manyvectors.claims.page.changes`.
    Returns str; every field is escaped. Where a page is narrow, each row is a card, whose parts are named.
    """
    names = [html.escape(say(f"rejudged.head.{name}")) for name in ("claim", "was", "then", "now", "why")]
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = "\n".join(_row(row, html.escape(changes), names[1:]) for row in table.itertuples())
    return f'<table class="table rejudged mv-cards"><thead><tr>{head}</tr></thead><tbody>\n{rows}\n</tbody></table>'


def _row(row, changes, names):
    words = {name: str(value) for name, value in row._asdict().items()}
    words["wording"] = told(f"claim.{row.Index}.wording", words["wording"])
    words |= {name: told(f"rejudged.{row.Index}.{name}", words[name]) for name in WORDED if words[name]}
    words |= {name: verdict(words[name]) for name in ("was", "then", "now")}
    text = {name: html.escape(value) for name, value in words.items()}
    name = f"{row.Index} ({text['old']})" if row.old else f"{row.Index}"
    link = f'<a href="{changes}#{anchor(row.Index)}">{name}</a>'
    was = f"{text['was']}<br><small>{text['old_rule']}{_fixed(text['old_written'])}</small>"
    then = _said(text["then"], row.rescaled)
    now = f"{_said(text['now'], row.moved)}<br><small>{text['new_rule']}{_fixed(text['new_written'])}</small>"
    why = f"{text['why']}" + (
        f"<br><b>{say('rejudged.added', added=text['added'])}</b> {text['why_now']}" if row.added else ""
    )
    cells = "".join(
        f'<td data-name="{name}">{cell}</td>' for name, cell in zip(names, (was, then, now, why), strict=True)
    )
    return f'<tr><th scope="row">{link} {text["wording"]}</th>{cells}</tr>'


def _said(word, other):
    return f"<b>{word}</b>" if other else word


def _fixed(written):
    return f" {say('rejudged.written', day=written)}" if written else ""
