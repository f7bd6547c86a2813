"""A state's place in topics of the whole world, and the topics of its own segments."""

from .rows import Row, lacking
from .world import mean_interval

VIEW = "topics"
TOPICS = 20
TOPICS_OWN, WORDS_OWN = 8, 8  # topics of a state's own segments, and words of each
HEAVY = 10  # words of a topic, among which its name is looked for
CALLED = 3  # of these, by which it is called
SEEDS = 4  # starts that these were found from


def model(w):
    """Fit the topics of all states' speeches, each a document; names of states are left out: TopicModel."""
    from ... import topics
    from ...corpus.recipe import Recipe

    recipe = Recipe(names=w.place_names)
    return topics.TopicModel(TOPICS, random_state=0, recipe=recipe).fit(w.c.terms(register="rostrum"))


def called(model):
    """Return the heaviest words of every topic, those first that are its own rather than other topics', too.

    ``model`` (TopicModel). Returns list of list of str. By weight alone a topic may be called by half a phrase that
    stands everywhere, such as the "cent" of "per cent"; by :func:`manyvectors.topics.frex` alone, by a rarity.
    """
    from ...methods.topics.terms import frex, leading

    weights, terms = model.components_.to_numpy(), model.components_.columns.to_numpy()
    scores = frex(weights)
    return [
        terms[sorted(heavy, key=lambda j: -own[j])].tolist()
        for heavy, own in zip(leading(weights, HEAVY), scores, strict=True)
    ]


def marked(names, marks):
    """Return the words of topics' names that stand in the table of marks: dict of number of the topic to DataFrame.

    ``names`` (list of list of str): as of :func:`called`. ``marks`` (DataFrame): the table ``topic-marks``.
    """
    table = marks.set_index("word")
    held = {n: [word for word in name[:CALLED] if word in table.index] for n, name in enumerate(names, 1)}
    return {n: table.loc[words] for n, words in held.items() if words}


def set_aside(held):
    """Return the topics that are called by marks more than by other words: frozenset of str, their numbers.

    ``held``: as of :func:`marked`. Such a topic tells of a time (who was in office, how a word was spelt) rather than
    of a subject, so that no summary begins with it.
    """
    return frozenset(str(topic) for topic, marks in held.items() if 2 * len(marks) > CALLED)


def rows(w, state):
    """Return the rows of one state: list of Row."""
    return [*_world(w, state), *_own(w, state)]


def _world(w, state):
    shares = w.topic_shares[w.rows_of[state]]
    found = []
    for topic, numbers in enumerate(zip(*mean_interval(shares), strict=True), 1):
        ends = (float(end) for end in numbers)
        found.append(Row(VIEW, "world", str(topic), "", *ends, len(shares), ranked=True))
    return found


def _own(w, state):
    table = w.own_topics
    own = None if table is None else table[table["state"] == state]
    if own is None or own.empty:
        return [lacking(VIEW, "own", "not-segmented" if own is None else "few-segments")]
    found = []
    for row in own.itertuples():
        more = ("words", " ".join(row[-WORDS_OWN:])), ("stability", float(row.stability))
        ends = float(row.share), float(row.low), float(row.high)
        found.append(Row(VIEW, "own", str(row.topic), "", *ends, int(row.segments), more=more))
    return found
