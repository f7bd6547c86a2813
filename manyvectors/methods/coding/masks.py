"""What a coder must not see: who speaks, of which person, in which year."""

import re
from functools import lru_cache

STATE, CAPITAL, PERSON, YEAR, NUMBER = "[STATE]", "[CAPITAL]", "[PERSON]", "[YEAR]", "[NUMBER]"
COMMON = 200  # speeches: a name that so many say is also a common word ("Islam"), and hides nobody

_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_FULL = r"(?:1[5-9]|20)\d\d"
_DATES = re.compile(
    rf"\b{_DAY}(?: and {_DAY}| to {_DAY}|[-–]{_DAY})?(?: of)? {_MONTH}\b(?:,? {_FULL}\b)?"
    rf"|\b{_MONTH} {_DAY}\b(?:,? {_FULL}\b)?|\b{_MONTH},? {_FULL}\b|\b9/11\b"
    rf"|(?<![^\W\d_])[lI]\d{{3}}\b"  # a scanned 1
    rf"|(?<!\d){_FULL}(?:[-–/](?:{_FULL}|\d\d)|s)?(?!\d)|['’]\d0s\b"
)
_UNITS = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_FIRST = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\\w+teenth|\\w+tieth"
_ORDINAL = rf"(?:(?:{_TENS})[- ](?:{_FIRST})|{_FIRST}|\d+(?:st|nd|rd|th))"
_CARDINAL = rf"(?:(?:{_TENS})[- ](?:{_UNITS})|{_UNITS}|{_TEENS}|{_TENS}|\d+)"
_NUMBERS = re.compile(
    rf"\b{_ORDINAL}(?= (?:\w+[- ]){{0,2}}(?:session|anniversary|Assembly|meeting|jubilee|summit|year|birthday)\b)"
    rf"|\b{_CARDINAL}(?=[- ](?:\w+ )?(?:years?|decades?)\b)"
    r"|\b\d+(?:st|nd|rd|th)\b"
    r"|\b\d\d-\d{5}\b"  # what stands at the foot of a page of a transcript
    r"|\b[A-Z]+/(?:[\w.-]+/)*[\w.-]*\d[\w.-]*"  # symbols of documents
    r"|(?<![\w+-])(?<![Gg]roup of )\d[\d,./]*\b(?![\w+])",
    re.IGNORECASE,
)
_TITLES = (
    r"(?:Mr|Mrs|Ms|Messrs|Dr|Sir|Madam|Prof|President|Presidents|Secretary-General|Secretary General|Ambassador"
    r"|Minister|Chancellor|King|Queen|Emir|Sultan|Pope|Sheikh|Shaikh|Excellency)\.?"
)
_NAME = r"(?:[A-Z]\.|(?:al-|el-|Al-|El-)?[A-ZÀ-ÖØ-ÞŠŽČ][\w’'-]+|de|bin|ibn|von|van)"
_TITLED = re.compile(rf"\b{_TITLES}((?: {_NAME}){{1,5}})")
_NO_NAME = {
    *("president", "vice-president", "secretary-general", "secretary", "general", "minister", "speaker", "chairman"),
    *("madam", "sir", "excellency", "the", "i", "we", "our", "his", "her", "on", "in", "it", "this", "for", "and"),
    *("at", "as", "my", "of", "united", "nations", "assembly", "state", "republic", "prime", "foreign", "allow"),
}


def _any(words):
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


class Masks:
    """What is hidden in the speeches of one state.

    ``forms``: of its name, in lower case; whatever word begins so is hidden. ``capitals``, ``persons``: as written.
    ``places``: words of the gazetteer, which are no names of persons. ``others``: names of other states, which stay
    though they may begin as a form does.
    """

    def __init__(self, forms, capitals=(), persons=(), places=(), others=()):
        self.forms, self.capitals, self.persons = tuple(forms), tuple(capitals), tuple(persons)
        self._others = frozenset(others)
        self._places = frozenset(places) | _NO_NAME
        self._patterns = [
            (re.compile(rf"\b(?:the )?(?:republic of )?(?:{_any(forms)})\w*", re.IGNORECASE), STATE, True),
            (re.compile(rf"(?<=[a-z])(?:{_any(form.title() for form in forms)})\w*"), STATE, True),  # a lost hyphen
        ]
        if capitals:
            self._patterns.append((re.compile(rf"\b(?:{_any(capitals)})\w*", re.IGNORECASE), CAPITAL, True))
        if persons:
            written = {form for name in persons for form in (name, name.title(), name.upper())}
            self._patterns.append((re.compile(rf"\b(?:{_any(written)})\b"), PERSON, True))
        self._patterns += [(_DATES, YEAR, False), (_NUMBERS, NUMBER, False)]

    def spans(self, body):
        """Return what is hidden in a text: list of (start, end, label, whether also inside a mention), apart."""
        found = [
            (*match.span(), label, inside)
            for pattern, label, inside in self._patterns
            for match in pattern.finditer(body)
            if label != STATE or match[0].lower().removeprefix("the ") not in self._others
        ]
        for match in _TITLED.finditer(body):
            start, end = match.start(1) + 1, match.start(1)
            for word in re.finditer(r" (\S+)", match[1]):
                if word[1].lower().strip(".,’'") in self._places or any(
                    part in self._places for part in word[1].lower().split("-") if len(part) > 3
                ):
                    break
                end = match.start(1) + word.end()
            if end > start:
                found.append((start, end, PERSON, False))
        found.sort(key=lambda one: (one[0], -one[1]))
        kept, reach = [], -1
        for one in found:
            if one[0] >= reach:
                kept.append(one)
                reach = one[1]
            elif one[1] > reach:  # two that overlap are hidden together
                start, _, label, inside = kept.pop()
                kept.append((start, one[1], label, inside and one[3]))
                reach = one[1]
        return kept

    def apply(self, body, start, end):
        """Return a text masked, with ``[[ ]]`` around the mention from ``start`` to ``end``, in characters.

        Within the mention only the speaker and persons are hidden: years and numbers belong to names of bodies.
        """
        spans = self.spans(body)
        within = [span for span in spans if span[3]]
        before, mention, after = (
            _hidden(body, part, *ends)
            for part, ends in ((spans, (0, start)), (within, (start, end)), (spans, (end, len(body))))
        )
        return f"{before}[[{mention}]]{after}"


def _hidden(body, spans, low, high):
    """Return a stretch of a text with what lies in it hidden."""
    out, at = [], low
    for start, end, label, _ in spans:
        start, end = max(start, low), min(end, high)
        if start < end:
            out += [body[at:start], label]
            at = end
    return "".join([*out, body[at:high]])


@lru_cache(maxsize=16)
def of_state(c, state, hidden):
    """Return the masks of a state.

    ``c``: manyvectors.corpus.Corpus. ``hidden`` (tuple of (name, tuple of str)): forms, capitals and persons of the
    state, and persons of everybody, as the codebook lists them. Returns Masks. Speakers are hidden besides.
    """
    listed = dict(hidden)
    gazetteer = c.table("gazetteer")
    own = gazetteer["place"].str.split(";").map(lambda places: places == [state])
    forms = {*gazetteer.loc[own & gazetteer["kind"].ne("capital"), "phrase"], c.states[state].lower()}
    forms = {form.removeprefix("republic of ").removeprefix("inter-") for form in forms} | set(listed.get("forms", ()))
    capitals = {*listed.get("capitals", ()), *gazetteer.loc[own & gazetteer["kind"].eq("capital"), "phrase"]}
    places = {word for phrase in gazetteer["phrase"] for word in re.split(r"[ -]", phrase) if len(word) > 2}
    speakers = c.table("speakers").query("state == @state")["speaker"]
    said = c.vocabulary["documents"]
    names = {word for name in speakers for word in re.findall(r"[^\W\d_]{4,}", name)}
    rare = {name for name in names if said.get(name.lower(), 0) <= COMMON and name.lower() not in places}
    others = gazetteer.loc[~gazetteer["place"].str.split(";").map(lambda named: state in named), "phrase"]
    return Masks(sorted(forms), sorted(capitals), sorted({*rare, *listed.get("persons", ())}), places, others)
