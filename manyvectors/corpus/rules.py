"""Rules over several fields of a table, which its description cannot say: by name, (what holds, what it says)."""


def _rival(frame):
    return (frame["conflict"] == "") == (frame["reading"] == "")


def _named(frame):
    return (frame["mark"] != "conflicting") | (frame["conflict"] != "")


_READINGS = (
    (_rival, "a conflict needs a reading and a reading a conflict"),
    (_named, "a row marked conflicting must name the conflict"),
)


def _dates(frame):
    return ((frame["earliest"] == "") == (frame["latest"] == "")) & (frame["earliest"] <= frame["latest"])


def _decoys(frame):
    return (frame["kind"] == "decoy") == (frame["place"] == "")


def _shared(frame):
    return frame["shared"] <= frame["full"]


def _ruled(frame):
    untestable = frame["untestable"] != ""
    return (
        (untestable == (frame["supported_if"] + frame["contradicted_if"] == ""))
        & (untestable == (frame["measure"] == ""))
        & (untestable == (frame["written"] == ""))
    )


RULES = {
    "claims": ((_ruled, "a claim has a measure and rules, or a reason why it is untestable, and not both"),),
    "editions": (*_READINGS, (_dates, "earliest and latest must both be given, in this order, or neither")),
    "gazetteer": ((_decoys, "a decoy names no place and every other entry names one"),),
    "provisions": _READINGS,
    "shared-memberships": ((_shared, "more shared memberships than memberships"),),
    "triads": _READINGS,
}
