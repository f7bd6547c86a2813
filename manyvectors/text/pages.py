"""Pages: paragraphs out of a text that was taken from a PDF, where page heads, page numbers and breaks stand in it."""

import re
from collections import Counter
from itertools import pairwise
from string import ascii_lowercase

from .clean import LINE_HYPHEN
from .tokens import plain, tokenise

KINDS = ("heads", "numbers", "contents", "marks", "joined", "line_ends", "spaces", "letters")
RECUR = 3  # a line that stands at so many page breaks is furniture
NEAR = 6  # two page numbers that confirm one another are no more page breaks apart: some breaks are not of pages
SHORT = 12  # words of a heading at most
RARE = 50  # a part of a word stands no more often than this in the texts: what is more frequent is a word itself
_PAGE = re.compile(r"\n(?:[^\S\n]*\n){3,}")
_BLOCK = re.compile(r"\n(?:[^\S\n]*\n)+")
_LEADER = re.compile(r"(?:\.\s?){3,}\s*(?:\d+|[ivxl]+)\b")  # "Trade . . . 12"
_OUTLINE = re.compile(r"(?:\bpage\s+\d+\s*){3,}", re.IGNORECASE)  # what a viewer shows beside the pages
_MARK = re.compile(r"(?:[*•·▪■–—-]|[o0](?=\s+[A-Z]))\s+|[*•·▪■–—-]+$")
_NUMBER = r"(\d{1,3}|[ivxl]{1,6})"
_ONLY, _FIRST, _LAST = (re.compile(p) for p in (rf"^{_NUMBER}$", rf"^{_NUMBER}\s+(?=\S)", rf"(?<=\S)\s+{_NUMBER}$"))
_ENDED = re.compile(r"[.!?:;][\"'”’)\]]*$")
_HYPHEN_END = re.compile(r"(?<=[^\W\d_])-$")
_PAIR = re.compile(r"(?<![\w'’-])([^\W\d_]+) (?=([^\W\d_]+)(?![\w'’-]))")
_BREAK = re.compile(rf"([^\W\d_]+){LINE_HYPHEN}([^\W\d_]+)")


def paragraphs(raw, known=None):
    """Return the paragraphs of a text that was taken from a PDF, and what was mended in it.

    Pages are what three or more empty lines part, blocks what one or two part. Taken out are lines that recur at page
    breaks, page numbers (where another at a break nearby goes on with the count), entries of a table of contents (dots
    before a number) and list marks. A block goes on with the one before if that did not end, or if it begins with a
    small letter itself; a heading goes to the paragraph under it. A word is mended only where what comes out is a word
    of the texts, and one of the parts is not.

    ``raw`` (str). ``known``: what :func:`words` returned for several texts that belong together; by default the text
    itself says what is a word. Returns (list of str, dict): paragraphs, each on one line; counts by :data:`KINDS`:
    lines taken out as ``heads``, ``numbers``, blocks of ``contents``, list ``marks``, blocks ``joined`` to another,
    words mended at ``line_ends``, with ``spaces`` inside, and with a space where one of their ``letters`` is lost.
    ValueError if ``raw`` is no string.

    >>> paragraphs("The lake rises\\n\\n\\n\\n12\\nin spring.\\n\\n\\n\\n13\\nNobody is here.")[0]
    ['The lake rises in spring.', 'Nobody is here.']
    """
    if not isinstance(raw, str):
        raise ValueError(f"a text of pages is a string, got {type(raw).__name__}; decode the file first")
    found, notes = _put_together(raw)
    known = _words([found]) if known is None else known
    return [_mended(one, known, notes) for one in found], {kind: notes[kind] for kind in KINDS}


def words(raws):
    """Return what is a word in texts that belong together, for :func:`paragraphs`.

    ``raws`` (iterable of str). Returns (collections.Counter, collections.Counter): how often each token stands there,
    and how often where it would not make another word with a neighbour ("i" and "mproved" do).
    """
    return _words(_put_together(raw)[0] for raw in raws)


def _words(texts):
    whole, pairs = Counter(), Counter()
    for text in texts:
        for one in text:
            whole.update(tokenise(one.replace(LINE_HYPHEN, "- ")))
            pairs.update((plain(a), plain(b)) for a, b in _PAIR.findall(one))
    free = whole.copy()
    for (left, right), n in pairs.items():
        if min(whole[left], whole[right]) <= RARE and _fill(left, right, whole)[1]:
            free[left] -= n
            free[right] -= n
    return whole, free


def _put_together(raw):
    notes = Counter()
    text = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").replace("\f", "\n\n\n\n")
    text = text.replace(LINE_HYPHEN, " ")
    pages = [_without_contents(page, notes) for page in _PAGE.split(text)]
    pages = _without_numbers(_without_heads([page for page in pages if any(page)], notes), notes)
    found, item, heading = [], False, False
    for block in (block for page in pages for block in _BLOCK.split("\n".join(page).strip())):
        block, marks = _MARK.subn("", block, count=1) if _MARK.match(block) else (block, 0)
        notes["marks"] += marks
        item = item or bool(marks)
        if not tokenise(block):
            continue
        block = " ".join(_HYPHEN_END.sub(LINE_HYPHEN, line.strip()) for line in block.split("\n"))
        block = re.sub(rf"\s+|(?<={LINE_HYPHEN})\s+", " ", block).replace(LINE_HYPHEN + " ", LINE_HYPHEN)
        if found and not item and (heading or _goes_on(found[-1], block)):
            found[-1] = (found[-1] + " " + block).replace(LINE_HYPHEN + " ", LINE_HYPHEN)
            notes["joined"] += 1
        else:
            found.append(block)
        heading = _is_heading(found[-1])
        item = False
    return found, notes


def _without_contents(page, notes):
    """Return the lines of a page, an empty one between blocks, without those of a table of contents."""
    page, outlines = _OUTLINE.subn("\n\n", page)
    notes["contents"] += outlines
    blocks = _BLOCK.split(page.strip())
    kept = [block for block in blocks if not _is_contents(block)]
    notes["contents"] += len(blocks) - len(kept)
    return [line.strip() for line in "\n\n".join(kept).split("\n")]


def _is_contents(block):
    entries = len(_LEADER.findall(block))
    return entries > 1 or (entries == 1 and len(block.split()) <= 2 * SHORT)


def _is_heading(block):
    return len(block.split()) <= SHORT and not _ENDED.search(block)


def _goes_on(before, block):
    if before.endswith(LINE_HYPHEN) or not _ENDED.search(before):
        return True
    return block[0].islower() and before[-1] not in ":;"


def _key(line):
    """A head as it recurs: without its number, and whatever its spacing and capitals."""
    return "".join(letter for letter in line.lower() if letter.isalpha())


def _without_heads(pages, notes):
    """Take the lines that recur at page breaks out, again until none does: a head may have two lines."""
    while True:
        counted = Counter(key for page in pages for key in _keys(page))
        heads = {key for key, n in counted.items() if key and n >= RECUR}
        before = notes["heads"]
        pages = [stripped for page in pages if any(stripped := _stripped(page, heads, notes))]
        if notes["heads"] == before:
            return pages


def _keys(page):
    """What may be a head of a page, each once."""
    return {_key(head) for end in (0, -1) for head in [page[end], *_beside_number(page[end], end)]}


def _beside_number(line, end):
    """What may be a head in a line with a paragraph: few words at the page's edge with its number.

    Longest first: a head may have any number of words.
    """
    several = line.split()
    if end == 0:
        return [
            " ".join(several[:n]) for n in range(SHORT, 1, -1) if re.fullmatch(_NUMBER, "".join(several[n : n + 1]))
        ]
    found = [several[-n:] for n in range(SHORT, 1, -1) if re.fullmatch(_NUMBER, "".join(several[-n - 1 : -n]))]
    if several and re.fullmatch(_NUMBER, several[-1]):
        found += [several[-n:] for n in range(SHORT, 2, -1)]
    return [" ".join(part) for part in found]


def _stripped(page, heads, notes):
    for end in (0, -1):
        if not page:
            break
        line = " ".join(page[end].split())
        head = next((head for head in [line, *_beside_number(line, end)] if _key(head) in heads), "")
        if head and not _ENDED.search(head):
            notes["heads"] += 1
            rest, number = (line[len(head) :], _FIRST) if end == 0 else (line[: -len(head)], _LAST)
            page = [*page]
            page[end] = number.sub("", rest.strip())
            page = "\n".join(page).strip("\n").split("\n")
    return page


def _without_numbers(pages, notes):
    """Take page numbers out: alone on the first or last line of a page, or at its very start or end."""
    seen, kept = [_numbers(page) for page in pages], []
    for k, page in enumerate(pages):
        page = [*page]
        near = [(j - k, *number) for j in range(max(0, k - NEAR), min(len(pages), k + NEAR + 1)) for number in seen[j]]
        for end, pattern, kind, value in seen[k]:
            # Further on by no more than there are breaks between, for some breaks are not of pages.
            if any(of == kind and d and 0 < (v - value) * d <= d * d for d, _, _, of, v in near):
                page[end] = pattern.sub("", page[end])
                notes["numbers"] += 1
        page = "\n".join(page).strip("\n").split("\n")
        kept += [page] if any(page) else []
    return kept


def _numbers(page):
    """What may be the number of a page: (0 or -1 for the line, pattern, kind of number, its value), one a line."""
    found = []
    for end, patterns in ((0, (_ONLY, _FIRST)), (-1, (_ONLY, _LAST))):
        match = next((match for pattern in patterns if (match := pattern.search(page[end]))), None)
        if match and not (len(page) == 1 and found):
            found.append((end, match.re, *_value(match[1])))
    return found


def _value(number):
    """A number with what it is written in: arabic or roman."""
    if number.isdigit():
        return "arabic", int(number)
    values = [{"i": 1, "v": 5, "x": 10, "l": 50}[letter] for letter in number]
    return "roman", sum(-a if a < b else a for a, b in pairwise([*values, 0]))


def _mended(text, known, notes):
    whole, free = known

    def at_line_end(match):
        left, right = match.groups()
        joined = plain(left + right)
        if whole[joined] > whole[f"{plain(left)}-{plain(right)}"]:
            notes["line_ends"] += 1
            return left + right
        return f"{left}-{right}"

    text = _BREAK.sub(at_line_end, text).replace(LINE_HYPHEN, "-")
    parts, end = [], 0
    for match in _PAIR.finditer(text):
        if match.start() < end:
            continue  # its first part went to the word before
        left, right = plain(match[1]), plain(match[2])
        if min(free[left], free[right]) > 0:
            continue
        fill, kind = _fill(left, right, whole)
        if kind:
            notes[kind] += 1
            parts += [text[end : match.end() - 1], fill]
            end = match.end()
    return "".join(parts) + text[end:]


def _fill(left, right, whole):
    """What makes one word of two parts: nothing, or the one letter that can stand between; and the kind of mend."""
    if len(left + right) < 4:
        return "", None
    if whole[left + right] > max(1, whole[f"{left}-{right}"]):
        return "", "spaces"
    letters = [letter for letter in ascii_lowercase if whole[left + letter + right] > 1]
    return (letters[0], "letters") if len(letters) == 1 else ("", None)
