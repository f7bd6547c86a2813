"""The data of the lab in which readers draw their own map of vectors: what every speech names, place by place.

What a lab shows is :func:`manyvectors.vectors.diversity` and :func:`manyvectors.vectors.compare_states` of a mapping of
the reader's own, with ``universal=True``: universal bodies are left out as long as the reader leaves them out.
"""

import numpy as np
from scipy import sparse

from ... import inference, vectors
from .. import called, handed

LEVEL = 0.95
THIN = 50  # names drawn from each state, as by compare_states


def data(c):
    """Return what the script hands over: dict. ``c``: manyvectors.corpus.Corpus."""
    study, places = c.study, vectors.places(c)
    about = c.documents.loc[places.index]
    # The browser finds a speech by its place among those of its state.
    order = np.lexsort([about["year"], about["state"]])
    about, places = about.iloc[order], places.iloc[order]
    table = c.table("vectors").set_index("place")
    first, last = int(about["year"].min()), int(about["year"].max())
    maps = vectors.mappings(c)
    every = list(dict.fromkeys(name for used in maps.values() for name in used))
    known, most = set(about["state"]), int(about["state"].value_counts().max())
    return {
        **handed.study_says(study),
        "span": [first, last],
        "states": [
            [code, str(c.states[code]), handed.pack_numbers(np.diff(own["year"], prepend=first))]
            for code, own in about.groupby("state", sort=True)
        ],
        "groups": called.groups(c, known),
        "aliases": called.names(c, known)["aliases"],
        "places": [[place, str(c.states.get(place, place))] for place in table.index],
        "counts": handed.pack(sparse.csc_matrix(places[table.index].to_numpy())),
        "vectors": every,
        "maps": [[name, [every.index(one) if one else -1 for one in table[name]]] for name in maps],
        "universal": every.index(study.universal) if study.universal in every else -1,
        "reasons": table["why"].tolist() if "why" in table else [],
        "levels": [round(inference.expanded_level(LEVEL, n), 12) for n in range(2, most + 1)],
        "level": LEVEL,
        "thin": THIN,
    }
