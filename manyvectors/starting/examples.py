"""Two worked examples of claims, the same for every state: they show how a row is written, and nobody has made them."""

COLUMNS = (
    *("claim", "old", "wording", "who", "when", "source", "theme", "evidence", "grade", "unit", "measure"),
    *("instrument", "with", "variants", "kind", "rule", "contrary", "pool", "halves", "written", "mended"),
    *("untestable", "chapter", "settle", "blind"),
)
CHAPTER = "the_ledger"
NOBODY = "nobody: an example"


def examples(guessed, day):
    """Return the rows of ``claims.csv``: list of dict.

    ``guessed``: :class:`manyvectors.starting.guess.Guess`. ``day`` (str): on which the rules are written.
    """
    second = _votes(guessed) if guessed.voted and len(guessed.powers) > 2 else _words(guessed, "law", "the law")
    told = {"who": NOBODY, "when": day, "source": NOBODY, "chapter": CHAPTER}
    told["written"] = f"{day}, by `study new`, which looks at no number"
    rows = [_words(guessed, "climate", "climate change"), second]
    return [
        dict.fromkeys(COLUMNS, "") | told | {"claim": number} | ({"written": ""} if "untestable" in row else {}) | row
        for number, row in enumerate(rows, start=1)
    ]


def _words(guessed, category, what):
    about = {"theme": "words", "evidence": "speeches", "grade": "A"}
    about |= {
        "settle": "A text that the state wrote for itself, such as a doctrine, in full and from both spans of years.",
        "blind": "What is meant by sentences that use none of the words of the category.",
    }
    if not guessed.spans:
        return about | {
            "wording": f"Example: {guessed.name} came to speak more of {what}.",
            "grade": "",
            "untestable": "It spoke in too few years of either half of the record to be compared with other states.",
        }
    (first, last), (since, until) = guessed.spans
    return about | {
        "wording": f"Example: from {since} on, {guessed.name} speaks more of {what} than before.",
        "unit": "per 10,000 words",
        "measure": f"mean yearly rate of the category {category} from {since} on, minus that before, minus that of all "
        "other comparable states; rank among states",
        "instrument": "rate_step",
        "with": f"{{category: {category}, early: [{first}, {last}], late: [{since}, {until}]}}",
        "variants": "[{without_top: true}]",
        "kind": "change",
        "rule": "estimate > 0",
        "pool": "all states",
    }


def _votes(guessed):
    near, *others, far = guessed.powers
    return {
        "wording": f"Example: in the General Assembly {guessed.name} votes more often as {guessed.powers[near]} does "
        "than as any other power.",
        "theme": "votes",
        "evidence": "votes",
        "grade": "A",
        "unit": "share of votes",
        "measure": f"agreement with {guessed.powers[near]} less the highest with another power of the study",
        "instrument": "agreement_rank",
        "with": f"{{nearest: {near}, others: [{', '.join(others)}], farthest: {far}, "
        f"years: [{guessed.voted[0]}, {guessed.voted[1]}]}}",
        "variants": "[{every: coding}, {contested: true}]",
        "kind": "level",
        "rule": "estimate > 0",
        "pool": "all states",
        "settle": "Statements by which the state explains its votes, or drafts that it sponsored with others.",
        "blind": "What was agreed before a vote, and texts that pass without one.",
    }
