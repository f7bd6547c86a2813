"""The pages of states: all that they show of 196 states, worked out once and handed over as files.

``python -m manyvectors states`` writes into ``_build/hand-over/static/explorer/data/states`` (``--out`` names another
folder), as ``make book`` does when data or code have changed:

``index.js``, ``world.js``, ``AAA.js``
    Scripts, so that they load from a folder, too: see :func:`manyvectors.export.handed.script`; they are handed over
    under the names ``index``, ``world`` and every state's code.
``states.zip``
    ``AAA.csv`` of every state: all its rows in long form, with the further columns that are named below.
    ``usual.csv``: what is usual among all states, as charts show it beside one.
``states.csv``
    The rows of all states that have a rank, for all years taken together.

A row is ``view, measure, part, year, estimate, low, high, n, rank, of, among, grade, why``: see :class:`.rows.Row`.
``low`` and ``high`` are the ends of a 95 % interval, speeches drawn again (of votes: recurring texts; of shares of
speeches: exact). ``year`` is a year, a span such as ``1992-1999``, or empty for all. ``rank`` counts from 1, the
largest value of all states first, among ``of`` states with a value; what else it may be stands below, and ``among``
says what is counted: ``states``, ``words``, ``places``, or ``others``, this state's partners. ``why`` says why there is
no estimate, and is the end of a key ``state.why...`` of the catalogue of messages. Numbers are rounded so that whoever
rounds them again, for a page, gets what the number itself would have given (:func:`.rows.short`). Above the head of a
table stand lines that begin with ``#``: edition, sources, licence.

What stands in ``AAA.js``
    ``code``, ``book`` (edition), ``region`` (its name), ``others`` (codes of the other states of it), ``tables``,
    ``missing``. ``tables`` holds for each ``"view.measure"`` the number of ``rows`` and their columns ``part,
    year, estimate, low, high, n, rank, of, grade`` and what is named below. A column is an array; or one value that all
    rows share; or ``{of, at}``, where each character of ``at`` is a digit in base 36: the place of the row's value in
    ``of``; or ``{thousandths}``, an array a thousand times as large; it is left out if it is empty. ``missing`` lists
    ``[view, measure, part, year, why]``.

Views and measures (part; n; further columns)
    ``speeches``: ``count``; ``length``, mean words of a speech; ``heads``, share of speeches given by a head of state
    or of government; each but the first for all years and by decade, n speeches. ``speech``: words of each speech (rank
    of the speaker; year).

    ``words``: ``world`` and ``region``, words that set it apart from all other states, or from those of its region
    (word; speeches of its own that hold it; ``rate`` and ``reference`` per 10,000 words, its own and theirs;
    ``oftener``, how many other states say it at a higher rate in all years), for all years and by decade. The estimate
    is ``rate / reference``: how many times as often. It is 0 with an exact upper end for a word that the state
    never says, and has no value and an exact lower end for one that the others never say. Its own names and those of
    its speakers are left out, and stop words. ``rank`` is the place by evidence among ``of`` words.

    ``topics``: ``world``, share of a topic of all states' speeches (number of the topic, whose words ``world.js``
    holds). ``own``, topics of its own segments (number; segments; ``words``, ``stability`` of the topic over seeds).

    ``names``: ``place``, share of its mentions of places (code or name; mentions; rank among the places it names;
    ``often``, for the first three, of how many states the place is among the three, this one among them);
    ``rest``, the others, without interval, for the map. ``effective``, effective number of places; ``evenness``, 0 to
    1; both for all years and by decade, n mentions, without a place. ``thinned``: the effective number in fifty
    mentions, by which alone states are ranked. ``power``: share of speeches that name a power (code; speeches;
    ``hits``, ``y`` or ``n`` for each speech in the order of ``speeches.speech``). ``silence``: the chance of a run
    without the power as long as the longest, at any place (code; speeches of the run; year: its first and last;
    ``kind``: ``stopped``, ``began``, ``paused`` or ``never``); rank 1 is the most unlikely. ``least``: the smallest of
    these chances (``power``: of which; n powers), ranked among the smallest of every state, since it was chosen.

    ``votes``: ``agreement``, share of joint votes alike, over all years and by decade (code of a power, or ``region``:
    the mean over its states; joint votes); ``contested``, the same of contested roll calls alone; both with ``often``,
    for the power that it agrees with most and the one least: of how many states the power is so, this one among them;
    ``yearly``, of each year, without ranks.

    ``ideal``: ``point``, where it stands in each year (votes that it cast); ``place``, its place in the last year with
    the interval of the place.

    ``near``: ``votes-near``, ``votes-far``, share of joint votes alike in the last ten years (code; joint votes);
    ``words-near``, ``words-far``, how alike speeches of the last ten years are: the mean cosine of one of its and one
    of the other's, divided by that of two of one state (code; speeches of the other). ``often``: of how many states the
    other is one of the ten, this one among them. ``rank`` is the place among ``of`` states, the nearest first.

    ``breaks``: the largest change at a date that nobody gave, beyond the mean of other states: ``length`` (logarithm),
    ``effective``, ``named`` (code; mentions per 10,000 words), ``topic`` (number), ``ideal``, ``agreement`` (code).
    ``year`` is the first of the later side, n the years with a value, rank 1 the largest change for its spread among
    ``of`` comparable states; ``own_p`` from its own years alone, ``t``; ``moved``, by how much its own number moved, so
    that ``moved - estimate`` is what the others did. ``most``: the smallest ``rank / of`` of its series (``series``: of
    which; n series), ranked among the smallest of every state, since it was chosen. Topics set ``aside`` (see
    ``world.js``) are not among its series.

What stands in ``index.js``
    ``book``, ``source``, ``focus`` (the state of the study). ``states``: of each that has a page ``code, name, also,
    ru, kk, codes, region, votes`` (whether it does) and ``speeches``; ``also``: official, short and old names; ``ru``,
    ``kk``: names in these languages; ``codes``: of other systems. A state's ``code`` is also its name in the outlines
    of the map. ``without``: states that spoke too seldom. ``regions``: ``[name, codes]``. ``groups``: ``[short, name,
    codes]``. ``places``: names of what is no state and can be named.

What stands in ``world.js``
    ``level, span, spans, voted, voted_spans`` (years of speeches and of votes), ``powers`` (codes), ``powers_are``
    (what they are), ``late`` (years), ``few`` (joint votes), ``speakers`` (states that spoke in each year), ``lengths``
    (quartiles of each year), ``topics`` (the words by which each is called, of which the first ``called`` are shown),
    ``topic_marks`` (of a topic, which of these words are no subject, as the table ``topic-marks`` has them), ``aside``
    (topics called by such words more than by others: no summary begins with them), ``passport`` (by what each view is
    made), ``line_ends`` (states at both ends of the line of votes), ``topic_mean``, ``agreement`` (of each power and
    year the quartiles of all states).
"""

from . import segmented
from .written import files, write

__all__ = ["files", "segmented", "write"]
