"""What the findings say, and what their small charts show: numbers only; the site draws them.

``chart`` of a finding in ``findings.yml`` names one of :data:`KINDS` and what it needs. Every chart is a dict that JSON
can hold: ``kind``; ``rows``, which are also its table; and what all rows share.
"""

import json

from .. import claims, corpus
from ..claims.evidence import Evidence
from ..claims.findings import FILE
from ..claims.instruments.reports import of_works
from ..claims.instruments.silence import names_by_year
from ..claims.instruments.votes import pair_agreement
from ..common import read_yaml
from ..messages import say
from . import passports


def everything(evidence=None):
    """Return all findings with their charts.

    ``evidence`` (manyvectors.claims.evidence.Evidence): the shipped data by default. Returns list of dict: ``name``,
    ``head`` (what to remember of it; empty if ``findings.yml`` has none), ``sentence``, both also as ``head_parts`` and
    ``sentence_parts`` (lists of a text, and its number's name or None), ``grade``, ``chapter``, ``claims``,
    ``found`` and ``opens`` (see :func:`manyvectors.claims.findings.findings`), ``verdicts`` (see :func:`sure`),
    ``passports`` (see :func:`.passports.of_findings`), ``chart`` (None where ``findings.yml`` asks for none).
    manyvectors.claims.FindingError if a finding or its chart cannot be made.
    """
    evidence = evidence or Evidence(corpus.opened())
    asked = read_yaml((evidence.study.folder / FILE).read_text(encoding="utf-8"))
    found = claims.findings(evidence)
    known = sure(evidence, sorted(set(found["claims"].sum())))
    made = passports.of_findings(found, evidence.study)
    return [
        {
            "name": row.Index,
            **{field: getattr(row, field) for field in ("head", "sentence", "grade", "chapter", "found", "opens")},
            **{
                f"{field}_parts": [part[:2] for part in getattr(row, f"{field}_parts")]
                for field in ("head", "sentence")
            },
            "claims": list(map(int, row.claims)),
            "verdicts": [known[claim] for claim in row.claims],
            "passports": made[row.Index],
            "chart": chart(evidence, row.Index, asked[row.Index].get("chart"), row.numbers),
        }
        for row in found.itertuples()
    ]


def sure(evidence, only):
    """Say what the ledger says of some claims: dict, number to dict.

    ``only`` (list of int). Each has ``claim``, ``verdict``; of a decided one ``stands`` and ``variants``, in how many
    of how many other choices the verdict is the same; of one that is shared ``states``, the share that show as much.
    """
    found = {}
    for row in claims.ledger(evidence=evidence, only=only, variants="shipped").itertuples() if only else ():
        one = found[int(row.claim)] = {"claim": int(row.claim), "verdict": row.verdict}
        if row.verdict in claims.DECIDED and row.variants:
            one |= {"stands": round(row.robustness * row.variants), "variants": int(row.variants)}
        if row.verdict == "shared":
            one |= {"states": float(row.states)}
    return found


def write(evidence, path):
    """Write :func:`everything` to a file of JSON."""
    path.write_text(json.dumps(everything(evidence), ensure_ascii=False, indent=1, default=float), encoding="utf-8")


def verdicts(evidence=None):
    """Count the verdicts of the ledger: dict of ``claims``, ``decided``, ``leaning``, ``open`` and ``untestable``.

    ``evidence`` (manyvectors.claims.evidence.Evidence): the shipped data by default.
    """
    words = claims.ledger(evidence=evidence or Evidence(corpus.opened()), variants="shipped")["verdict"]
    counted = {word: int((words == word).sum()) for word in ("open", "untestable")}
    decided, leaning = words.isin(claims.DECIDED), words.str.startswith("leaning")
    return {"claims": len(words), "decided": int(decided.sum()), "leaning": int(leaning.sum()), **counted}


def write_verdicts(evidence, path):
    """Write :func:`verdicts` to a file of JSON."""
    path.write_text(json.dumps(verdicts(evidence)), encoding="utf-8")


def chart(evidence, name, asked, numbers):
    """Return the chart of a finding: dict; None if none is asked for.

    ``asked`` (dict): ``kind`` and what that kind needs. ``numbers`` (dict): those of the finding.
    manyvectors.claims.FindingError for an unknown kind, or numbers that it needs and the finding has not.
    """
    if asked is None:
        return None
    more = {key: value for key, value in asked.items() if key != "kind"}
    try:
        return {"kind": asked["kind"], **KINDS[asked["kind"]](evidence, numbers, **more)}
    except (KeyError, TypeError, ValueError) as error:
        raise claims.FindingError(f"{FILE}, {name}: its chart {asked} cannot be made ({error})") from None


def years(e, numbers, told):
    """Say of each speech whether it names one of the states that a silence is about."""
    asked = [*e.study.powers, *e.study.neighbours]
    names = e.c.states
    named = names_by_year(e)[asked]
    rows = [
        {"year": int(year), "hit": bool(row.sum()), "what": ", ".join(names[s] for s in asked if row[s])}
        for year, row in named.iterrows()
    ]
    since = numbers["run_first"]
    if sum(row["hit"] for row in rows if row["year"] < since) != numbers["run_named_before"]:
        raise ValueError("the years do not add up to the numbers of the finding")
    return {"told": told, "rows": rows}


def intervals(e, numbers, rows, unit, own_scale=False):
    """Give numbers with their 95 % intervals; ``of`` names each, and ``unit`` may differ by row."""
    found = []
    for row in rows:
        of, mine = row["of"], row.get("unit", unit)
        value = numbers[of] if of in numbers else numbers[f"{of}_estimate"]
        found.append({"label": row["label"], "unit": mine, "value": value, **_ends(numbers, of)})
    return {"own_scale": own_scale, "rows": [_scaled(row) for row in found]}


def _ends(numbers, of):
    return {end: numbers[f"{of}_{end}"] for end in ("low", "high")}


def _scaled(row):
    """Shares are shown in points or in per cent."""
    times = 100 if row["unit"] in ("points", "per cent") else 1
    return {key: times * float(part) if isinstance(part, int | float) else part for key, part in row.items()}


def bars(e, numbers, rows, unit):
    """Give amounts; where ``less`` names a second number, the first without it."""
    found = [
        {"label": row["label"], "unit": unit, "value": numbers[row["of"]] - numbers.get(row.get("less"), 0)}
        for row in rows
    ]
    return {"rows": [_scaled(row) for row in found]}


def shares(e, numbers, partner, spans):
    """Give a partner's mean share of exports and of imports in some spans."""
    table, rows = e.partner(partner)["share"].dropna(), []
    for flow in ("imports", "exports"):
        for first, last in spans:
            part = table.xs(flow).loc[first:last]
            label = say(f"chart.share.{flow}", first=first, last=f"{last % 100:02d}")
            rows.append({"label": label, "unit": "per cent", "value": 100 * float(part.mean())})
    return {"rows": rows}


def places(e, numbers, states, years):
    """Give the places of some states among all by agreement of votes with the focus state."""
    others = e.votes.states.drop(e.focus, errors="ignore")
    every = pair_agreement(e, [(e.focus, other) for other in others], *years, "same", False).dropna()
    rows = [
        {
            "label": e.c.states[state],
            "place": int((every > every[e.focus, state]).sum() + 1),
            "value": 100 * float(every[e.focus, state]),
        }
        for state in states
    ]
    if rows[0]["place"] != numbers["near_place"]:
        raise ValueError("the first place is not that of the finding")
    return {"of": len(every), "years": list(years), "rows": rows}


def words(e, numbers, act, words):
    """Count some words in an act."""
    from ..claims.instruments.doctrine import words_together

    rows = []
    for word in words:
        found = words_together(e, act=act, words=[word], without=[word])
        rows.append({"label": word, "n": int(found["without"]), "of": None})
    return {"rows": rows}


def reported(e, claim):
    """Return what sources report of the editions: DataFrame, the table ``editions`` and the ``work`` each stands in.

    ``claim`` (int): whose instrument is told which sources are versions of one work.
    """
    return of_works(e.own("editions"), read_yaml(claims.table(e.c).at[claim, "with"]).get("versions", {}))


def days(e, numbers, edition, facts, claim):
    """Give the days that sources report of an edition: once for each value, with how many works give it.

    ``claim``: as of :func:`reported`; versions of one work count once.
    """
    table = reported(e, claim).query("edition == @edition and fact in @facts and earliest.notna() and earliest != ''")
    rows = [
        {
            "label": said,
            "fact": fact,
            "begin": begin,
            "end": end,
            "sources": part["work"].nunique(),
            "seen": "seen" in mark,
        }
        for (fact, said, begin, end, mark), part in table.groupby(
            ["fact", "value", "earliest", "latest", "mark"], sort=False
        )
    ]
    return {"rows": sorted(rows, key=lambda row: (row["begin"], row["end"]))}


KINDS = {
    kind.__name__: kind for kind in (years, intervals, bars, shares, places, words, days)
}  # by the names in findings.yml
