"""The works of the bibliography as a reader meets them: letters part works of one author and year.

In the file of entries a year is a year, which every program that reads BibTeX takes: ``{2017}``, and none where none
is known. What a citation says for it, "2017a" or "n.d.", is worked out here, from all entries, before any is cited.
"""

import re
from collections import defaultdict
from string import ascii_lowercase

from pybtex.plugin import find_plugin

from ..messages import say

FEW = 2  # authors whom a citation names; of more it names the first


def tell_years(app):
    """Give every entry that Sphinx has read the year that citations and the list of works say; a book may cite none."""
    if "cite" not in app.env.domains:
        return
    entries = app.env.get_domain("cite").bibdata.data.entries
    for key, said in years(entries).items():
        entries[key].fields["year"] = said


def years(entries):
    """Return what is said for the year of each entry: dict, its key to str.

    ``entries``: key to ``pybtex.database.Entry``. Works that a citation would call alike get letters, in the order in
    which the list of works has them; so the answer is the same where it was given before.
    """
    order = find_plugin("pybtex.style.sorting", "author_year_title")().sorting_key
    alike = defaultdict(list)
    for key, entry in entries.items():
        year = re.match(r"\d{4}", entry.fields.get("year", ""))
        alike[cited_names(entry), year[0] if year else say("cite.no-year")].append(key)
    said = {}
    for (_, year), keys in alike.items():
        # The title, and not the year, which may have its letter already.
        keys.sort(key=lambda key: (order(entries[key])[::2], key))
        dash = "" if year[-1].isdigit() else "-"
        letters = [f"{dash}{letter}" for letter in ascii_lowercase] if len(keys) > 1 else [""]
        said |= {key: f"{year}{letter}" for key, letter in zip(keys, letters, strict=False)}
    return said


def cited_names(entry):
    """Return the names by which a citation calls a work: tuple of str; its title where it has no author."""
    people = entry.persons.get("author") or entry.persons.get("editor") or ()
    names = [" ".join([*one.prelast_names, *one.last_names]) for one in people]
    if not names:
        return (entry.fields.get("title", ""),)
    return tuple(names if len(names) <= FEW else [names[0], ...])
