"""The ledger as a page: a table that a browser filters by itself, without a server."""

import base64
import html
from urllib.parse import quote

import pandas as pd

from ..common import read_yaml, without_formulas
from ..messages import say, told
from ..written import texts
from . import scale

_COLUMNS = ("claim", "verdict", "estimate", "detectable", "others", "false-alarm", "grade", "stands", "chapter")
# What claims.csv says in words; a book in another language has them in its catalogue.
WORDED = ("wording", "who", "when", "unit", "measure", "settle", "blind", "untestable", "mended")
_SIGNS = {
    "supported": "\u2713",
    "shared": "\u2713",
    "contradicted": "\u2717",
    "halves disagree": "\u00bd",
    "no change above d": "=",
    "leaning for": "\u2197",
    "leaning against": "\u2198",
    "open": "?",
    "untestable": "\u2013",
}

# On a narrow screen a row becomes a card, with the name of each column before its cell.
_STYLE = """
#ledger table {border-collapse: collapse; width: 100%; font-size: .85rem;}
#ledger th, #ledger td {text-align: left; vertical-align: top; padding: .35rem .5rem; border-bottom: 1px solid #bbb;}
#ledger tbody th {font-weight: normal; min-width: 14rem;}
#ledger .filters {display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: end; margin: .5rem 0 1rem;}
#ledger select {font: inherit; max-width: 100%;}
#ledger .verdict {font-weight: 600; white-space: nowrap;}
#ledger .small {opacity: .8; font-size: .9em;}
@media (max-width: 40rem) {
  #ledger thead {display: none;}
  #ledger tr:not([hidden]), #ledger tbody th, #ledger td {display: block; border: 0; padding: .1rem 0;}
  #ledger tr:not([hidden]) {border-bottom: 1px solid #bbb; padding: .6rem 0;}
  #ledger td::before {content: attr(data-name) ": "; opacity: .8;}
}
"""

# Rows stay in the page; the script only hides them, so that print and text browsers show the whole ledger.
_SCRIPT = """
(() => {
  const root = document.getElementById("ledger");
  const rows = [...root.querySelectorAll("tbody tr")];
  const picks = [...root.querySelectorAll("select")];
  const said = root.querySelector("output");
  const apply = () => {
    let shown = 0;
    for (const row of rows) {
      row.hidden = picks.some(pick => pick.value && row.dataset[pick.name] !== pick.value);
      shown += !row.hidden;
    }
    said.value = `SHOWN`;
  };
  picks.forEach(pick => pick.addEventListener("change", apply));
  apply();
})();
"""


def table(found, changes="../book/what-would-change.html"):
    """Return the ledger as HTML: verdicts at a glance, filters by theme and verdict, links to chapters, the CSV.

    ``found`` (pandas.DataFrame): from :func:`manyvectors.claims.ledger`. ``changes``: address of the page that shows
    :func:`changes`, as seen from the chapters. Returns str: one ``section`` with its style and script; every field of
    the table is escaped. Without scripts all rows show.
    """
    rows = "\n".join(_row(row, html.escape(changes)) for row in found.itertuples())
    heads = "".join(f'<th scope="col">{html.escape(say(f"ledger.head.{name}"))}</th>' for name in _COLUMNS)
    return f"""<section id="ledger" aria-label="{html.escape(say("ledger.label"))}"><style>{_STYLE}</style>
<div class="filters">{_pick("theme", found["theme"])}{_pick("verdict", found["verdict"], scale.VERDICTS)}
<output aria-live="polite">{html.escape(say("ledger.all", n=len(found)))}</output>
<a download="ledger.csv" href="{csv_link(found)}">{html.escape(say("ledger.download"))}</a></div>
<table>
<thead><tr>{heads}</tr></thead>
<tbody>
{rows}
</tbody></table><script>{_script()}</script></section>"""


def _script():
    shown = say("ledger.shown", shown="${shown}", all="${rows.length}").replace("`", "'").replace("<", "‹")
    return _SCRIPT.replace("SHOWN", shown)


def verdict(word):
    """Return a verdict as a reader is told it, in the language of the book: str."""
    return told(f"verdict.{word}", word)


def csv_link(found):
    """Return a table as a link that holds the whole CSV file, so that it downloads without a server."""
    text = without_formulas(found.to_csv(index=False, lineterminator="\n", float_format="%.4f"))
    return "data:text/csv;charset=utf-8;base64," + base64.b64encode(text.encode()).decode()


def _pick(name, values, order=None):
    counts = values.value_counts()
    names = [value for value in order or sorted(counts.index) if value in counts]
    options = "".join(
        f'<option value="{html.escape(v)}">{html.escape(told(f"{name}.{v}", v))} ({counts[v]})</option>' for v in names
    )
    every = f'<option value="">{html.escape(say("ledger.every"))} ({len(values)})</option>'
    return f'<label>{html.escape(say(f"ledger.{name}"))} <select name="{name}">{every}{options}</select></label>'


def anchor(claim):
    """Return the ``id`` of a claim on the ledger's pages; its letter in the first edition is another one."""
    return f"claim-{claim:d}"


def _old_id(text):
    return f' id="{text["old"]}"' if text["old"] else ""


def _page(chapter):
    """Return the address of a chapter, in which no colon of the table can make a script of it."""
    return f"{quote(str(chapter))}.html"


def _escaped(row):
    """Return the fields of a row as text that cannot be read as markup."""
    said = {name: str(value) for name, value in row._asdict().items()}
    said |= {name: told(f"claim.{row.claim}.{name}", said[name]) for name in WORDED if said.get(name)}
    said["pool"] = told(f"pool.{said['pool']}", said["pool"]) if said.get("pool") else ""
    return {name: html.escape(value) for name, value in said.items()}


def _row(row, changes):
    text = _escaped(row)
    chapter = text["chapter"]
    cells = (
        f"<span class='verdict'>{_SIGNS.get(row.verdict, '')} {html.escape(verdict(row.verdict))}</span>",
        estimate(row.estimate, row.low, row.high, text["unit"]) or text["untestable"] or say("ledger.no-number"),
        "\u2013" if pd.isna(row.detectable) else _number(row.detectable),
        _percent(row.states),
        _percent(row.false_alarm),
        text["grade"] or "\u2013",
        "\u2013" if pd.isna(row.robustness) else _of(round(row.robustness * row.variants), row.variants),
        f'<a href="{_page(row.chapter)}">{chapter[:2]}</a>',
    )
    why = f'<a href="{changes}#{anchor(row.claim)}"{_old_id(text)}>{text["claim"]}</a>'
    said = f"{text['wording']} <span class='small'>{text['who']}, {text['when']}</span>"
    head = f'<th scope="row" id="{anchor(row.claim)}">{why} {said}</th>'
    named = [html.escape(say(f"ledger.head.{name}")) for name in _COLUMNS[1:]]
    rest = "".join(f'<td data-name="{name}">{cell}</td>' for name, cell in zip(named, cells, strict=True))
    return f'<tr data-theme="{text["theme"]}" data-verdict="{text["verdict"]}">{head}{rest}</tr>'


def _of(part, whole):
    return html.escape(say("ledger.of", part=part, whole=whole))


def estimate(middle, low, high, unit):
    """Write an estimate with its interval for a reader.

    Returns str: such as ``"1.3 (0.2 to 2.4) per 10,000 words"``; empty without an estimate.
    """
    if pd.isna(middle):
        return ""
    if pd.isna(low):
        return say("claim.estimate", middle=_number(middle), unit=unit)
    middle, low, high = texts([middle, low, high])
    return say("claim.interval", middle=middle, low=low, high=high, unit=unit)


def _number(value):
    return texts([value])[0]


def _percent(share):
    return "\u2013" if pd.isna(share) else f"{100 * share:.0f} %"


def seen(row):
    """Say in a sentence what a test could have seen.

    ``row``: one of :func:`manyvectors.claims.ledger`, such as ``ledger.loc[4]``. Returns str; empty for a claim that
    nothing was sampled for.
    """
    if pd.isna(row["detectable"]):
        return ""
    unit = told(f"claim.{row['claim']}.unit", row["unit"]) if "claim" in row else row["unit"]
    part = "half" if " and " in row["rule"] else "whole"
    said = say(f"claim.seen.{part}", size=say("claim.estimate", middle=_number(row["detectable"]), unit=unit))
    if pd.isna(row["d"]):
        return say("claim.seen.alone", seen=said)
    what = "groups" if "groups" in row["pool"] else "states"
    how = "move" if row["kind"] == "change" else "lie"
    return say(f"claim.seen.{what}-{how}", seen=said, d=_number(row["d"]))


def changes(found, chapters="../notebooks/", power=None):
    """Return as HTML what would change each verdict: rule, numbers, the evidence that would settle it, the blind spot.

    Parameters
    ----------
    found : pandas.DataFrame
        From :func:`manyvectors.claims.ledger`.
    chapters : str
        Address of the folder of the chapters, as seen from this page.
    power : pandas.DataFrame, optional
        The table ``power`` of the study: then each article draws its curve.

    Returns
    -------
    str
        One ``article`` for each claim, with :func:`anchor` and its old letter as ids; every field is escaped.
    """
    curves = {} if power is None else dict(iter(power.groupby("claim")))
    return "\n".join(_article(row, html.escape(chapters), curves.get(row.claim)) for row in found.itertuples())


def _article(row, chapters, curve):
    text = _escaped(row)
    numbers = estimate(row.estimate, row.low, row.high, text["unit"])
    contrary = _said("contradicted-if", rule=text["contrary"]) if row.contrary else ""
    facts = {
        "rule": f"{text['rule']}{contrary}" if row.rule else _said("no-rule", why=text["untestable"]),
        "fixed": text["written"],
        "counted": f"{text['measure']}: {numbers}" if numbers else _said("nothing"),
    }
    if row.halves:
        facts["halves"] = ", ".join(
            f"<i>{html.escape(k)}</i>: {html.escape(v)}" for k, v in read_yaml(row.halves).items()
        )
    if not pd.isna(row.detectable):
        facts["seen"] = html.escape(seen(row._asdict())) + _curve(curve, row.rule)
        pool, share = text["pool"] or _said("no-pool"), _percent(row.states)
        facts["pool"] = _said("pool-half" if " and " in row.rule else "pool", pool=pool, share=share)
        facts["d"] = ", ".join(html.escape(verdict(word)) for word in (row.at_half_d, row.at_twice_d))
        rates = (row.false_alarm, row.false_contradiction, row.coverage)
        facts["not-so"] = _said(
            "not-so", **dict(zip(("alarm", "other", "coverage"), map(_percent, rates), strict=True))
        )
    facts |= {"settle": text["settle"], "blind": text["blind"]}
    if row.mended:
        facts["mended"] = text["mended"]
    items = "".join(
        f"<dt>{html.escape(say(f'claim.fact.{name}'))}</dt><dd>{value}</dd>" for name, value in facts.items()
    )
    named = _said("chapter", number=text["chapter"][:2])
    chapter = f'<a href="{chapters}{_page(row.chapter)}">{named}</a>'
    said = f"<p>{text['wording']} ({text['who']}, {text['when']}; {chapter})</p>"
    head = f"<h3{_old_id(text)}>{text['claim']}: {html.escape(verdict(row.verdict))}</h3>"
    return f'<article id="{anchor(row.claim)}">{head}{said}<dl>{items}</dl></article>'


def _said(key, **values):
    """Return what an article says; its values are escaped already."""
    return say(f"claim.{key}", **values)


_FAR = 8.0  # units of d that a curve shows, if something is found within them
_WIDTH, _HEIGHT = 320, 90  # of a curve, in pixels


def _curve(power, rule):
    """Draw how often a claim would be found, and contradicted, by what is true: an inline picture, or nothing."""
    if power is None:
        return ""
    calm = not any(side.sign for side in scale.sides(rule))
    asked = "no_change" if calm else "found"
    said = _reach(power.set_index("multiple")[asked], calm)
    seen_at = power.loc[(power["multiple"] > _FAR) & (power[asked] >= 0.8), "multiple"]
    within = power.loc[power["multiple"].between(-_FAR, _FAR), asked].max() >= 0.8 or seen_at.empty
    power = power[power["multiple"] <= (_FAR if within else seen_at.iloc[0])]
    x = power["multiple"].to_numpy()

    def along(multiple):
        return 10 + (_WIDTH - 20) * (multiple - x.min()) / (x.max() - x.min())

    lines = []
    for column, dash in ((asked, ""), ("contradicted", ' stroke-dasharray="4 3"')):
        down = 10 + (_HEIGHT - 30) * (1 - power[column].to_numpy())
        points = " ".join(f"{a:.0f},{b:.1f}" for a, b in zip(along(x), down, strict=True))
        lines.append(f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="1.5"{dash}/>')
    ticks = "".join(
        f'<text x="{along(at):.0f}" y="{_HEIGHT - 4}" '
        f'font-size="10" text-anchor="middle" fill="currentColor">{_number(at)}</text>'
        for at in (x.min(), 0, x.max())
    )
    return (
        f'<svg role="img" width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'aria-label="{html.escape(say("claim.curve.alt", said=said))}">'
        f"{''.join(lines)}{ticks}</svg><span class='small'> {html.escape(say('claim.curve.key', said=said))}</span>"
        f"{_behind(power, asked)}"
    )


def _behind(power, asked):
    """Return the numbers of a curve as a folded table."""
    names = ("true", "no-change" if asked == "no_change" else "share", "contradicted")
    heads = "".join(f'<th scope="col">{html.escape(say(f"claim.curve.head.{name}"))}</th>' for name in names)
    rows = "".join(
        f'<tr><th scope="row">{_number(at)}</th><td>{_percent(one)}</td><td>{_percent(other)}</td></tr>'
        for at, one, other in zip(power["multiple"], power[asked], power["contradicted"], strict=True)
    )
    return (
        f'<details class="mv-behind d-print-none"><summary>{html.escape(say("findings.numbers"))}</summary>'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></details>"
    )


def _reach(shares, calm):
    """Say from where on a rule tells what is true; ``shares``: shares by how much is true, in units of d."""
    if calm:
        return say("claim.curve.calm", share=_percent(shares[0.0]))
    least = shares[(shares.index > 0) & (shares >= 0.8)]
    if len(least):
        return say("claim.curve.found", least=f"{least.index[0]:g}")
    return say("claim.curve.not-found", most=f"{shares.index.max():g}")
