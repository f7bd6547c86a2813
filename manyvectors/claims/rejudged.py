"""How the verdicts moved when the scale took the place of the first edition's rules: the same evidence, both words."""

import html

import pandas as pd

from .. import corpus
from . import scale
from .evidence import Evidence
from .ledger import ledger
from .page import anchor

TABLE = "verdicts"
OLD = ("supported", "contradicted", "undecided", "untestable")
# Words that said how it is, of either edition.
SAID = {*scale.DECIDED, "supported", "contradicted"}


def rejudged(found=None, c=None):
    """Set the old rule on the old data beside the new rule on the old data, claim by claim.

    Parameters
    ----------
    found : pandas.DataFrame, optional
        From :func:`manyvectors.claims.ledger`; worked out if it is left out.
    c : manyvectors.corpus.Corpus, optional

    Returns
    -------
    pandas.DataFrame
        Index ``claim``; ``old`` (letter), ``wording``, ``was`` and ``now`` (verdicts), ``moved`` (bool: whether the
        word is another), ``why``, ``old_rule``, ``new_rule`` (in words), ``old_written``, ``new_written`` (when each
        rule was fixed), ``chapter``.

    Raises
    ------
    manyvectors.corpus.DataError
        If the study has no table of old verdicts.
    """
    c = corpus.opened(c)
    before = c.table(TABLE).set_index("claim")
    found = (ledger(evidence=Evidence(c), variants=False) if found is None else found).set_index("claim")
    before = before.loc[found.index]
    old_rule = "supported if " + _or_never(before["supported_if"])
    old_rule += "; contradicted if " + _or_never(before["contradicted_if"])
    new_rule = found["rule"] + found["contrary"].map(lambda rule: f"; contradicted if {rule}" if rule else "")
    return pd.DataFrame(
        {
            **{name: found[name] for name in ("old", "wording")},
            **{"was": before["word"], "now": found["verdict"], "moved": before["word"] != found["verdict"]},
            "why": before["why"],
            "old_rule": old_rule.where(before["word"] != "untestable", ""),
            "new_rule": new_rule,
            **{"old_written": before["written"], "new_written": found["written"], "chapter": found["chapter"]},
        }
    )


def _or_never(rules):
    return rules.where(rules != "", "never")


def counted(table):
    """Return how many claims went from which word to which: pandas.DataFrame, old words x new words, with totals.

    ``table`` (pandas.DataFrame): from :func:`rejudged`.
    """
    found = pd.crosstab(table["was"], table["now"])
    found = found.reindex(index=[word for word in OLD if word in found.index])
    found = found[[word for word in scale.VERDICTS if word in found]]
    return found.assign(all=found.sum(axis=1)).pipe(lambda frame: pd.concat([frame, frame.sum().to_frame("all").T]))


def said(table):
    """Say in a sentence how many claims each set of rules decided: str. ``table``: from :func:`rejudged`."""
    was, now = (table[column].isin(SAID).sum() for column in ("was", "now"))
    leaning = table["now"].str.startswith("leaning").sum()
    open_, untestable = (table["now"] == "open").sum(), (table["now"] == "untestable").sum()
    return (
        f"Of {len(table)} claims the rules of the first edition decided {was}. The scale decides {now} on the same "
        f"evidence; {leaning} lean to one side, which decides nothing, {open_} stay open, and {untestable} cannot be "
        f"tested on what is held."
    )


def page(table, changes="what-would-change.html"):
    """Return the comparison as HTML: a row for each claim, with both words, and why.

    ``table``: from :func:`rejudged`. ``changes``: address of the page of :func:`manyvectors.claims.page.changes`.
    Returns str; every field is escaped.
    """
    names = ("Claim", "First edition", "Now, on the same evidence", "Why")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = "\n".join(_row(row, html.escape(changes)) for row in table.itertuples())
    return f'<table class="table rejudged"><thead><tr>{head}</tr></thead><tbody>\n{rows}\n</tbody></table>'


def _row(row, changes):
    text = {name: html.escape(str(value)) for name, value in row._asdict().items()}
    name = f"{row.Index} ({text['old']})" if row.old else f"{row.Index}"
    link = f'<a href="{changes}#{anchor(row.Index)}">{name}</a>'
    was = f"{text['was']}<br><small>{text['old_rule']}{_fixed(text['old_written'])}</small>"
    now = f"<b>{text['now']}</b>" if row.moved else text["now"]
    now += f"<br><small>{text['new_rule']}{_fixed(text['new_written'])}</small>"
    return f'<tr><th scope="row">{link} {text["wording"]}</th><td>{was}</td><td>{now}</td><td>{text["why"]}</td></tr>'


def _fixed(written):
    return f" (written: {written})" if written else ""
