"""What a reader may call a state, a group of states or a word in another language: data of both explorers."""

from .. import corpus

TABLES = ("states", "state-aliases", "state-groups", "word-translations")
CODES = ("ISO number", "COW number")  # what nobody types


def names(c, known):
    """Return the script ``names``: what else the states are called, and a table of words in other languages.

    ``c``: manyvectors.corpus.Corpus. ``known`` (container of str): codes of states on the page. Returns dict of lists.
    """
    aliases = _table(c, "state-aliases")
    found = {}
    if aliases is not None:
        for alias, state, system in aliases[["alias", "state", "system"]].itertuples(index=False, name=None):
            if state in known and system not in CODES and alias not in known:
                found.setdefault(state, []).append(alias)
    words = _table(c, "word-translations")
    said = [] if words is None else words[["word", "english"]].to_numpy().tolist()
    return {"aliases": list(found.items()), "words": said}


def groups(c, known):
    """Return groups of states that are one button: list of [short name, what it is, codes of two or more states]."""
    study, found = c.study, []
    table = _table(c, "state-groups")
    if table is not None:
        table = table[table["of"].isin(["", study.focus])]
        for (group, _), rows in table.groupby(["group", "name"], sort=False):
            own = [study.focus] if rows["of"].iloc[0] else []  # neighbours are shown beside the state whose they are
            found.append([group, rows["name"].iloc[0], own + rows["state"].tolist()])
        found.sort(key=lambda group: len(group[2]))
    found += [[name, bloc.name, list(bloc)] for name, bloc in study.blocs.items()]
    kept = [[name, what, [state for state in members if state in known]] for name, what, members in found]
    return [group for group in kept if len(group[2]) > 1]


def paths(c):
    """Return where those tables of :data:`TABLES` lie that the corpus has: list of pathlib.Path."""
    found = []
    for table in TABLES:
        try:
            found.append(c.path(table))
        except corpus.DataError:  # a world of one's own need not have it
            continue
    return found


def _table(c, name):
    try:
        return c.table(name)
    except (corpus.DataError, AttributeError):
        return None
