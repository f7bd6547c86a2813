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


def _totals(frame):
    return (
        (frame["tokens"] >= frame["terms"])
        & (frame["terms"] >= frame["rare_terms"])
        & (frame["tokens"] >= frame["rare_tokens"])
        & (frame["rare_tokens"] >= frame["rare_terms"])
    )


def _speech(frame):
    return frame["doc_id"] == frame["state"] + "_" + frame["session"].astype(str) + "_" + frame["year"].astype(str)


def _dated(frame):
    return frame["date"].str[:4] == frame["year"].astype(str)


def _often(frame):
    return frame["tokens"] >= frame["documents"]


def _part(frame):
    return frame["segment_id"].str.rpartition("_")[0] == frame["doc_id"]


def _segment(frame):
    return (frame["rare_tokens"] <= frame["tokens"]) & _part(frame)


def _ruled(frame):
    untestable, rule = frame["untestable"] != "", frame["rule"] != ""
    return (
        (untestable == (frame["measure"] == ""))
        & (untestable != rule)
        & (rule == (frame["written"] != ""))
        & (rule == (frame["kind"] != ""))
        & ((frame["contrary"] != "") == (frame["kind"] == "report"))
    )


_COUNTED = (_totals, "tokens, terms and those of them under the floor (rare_tokens, rare_terms) do not fit each other")
_OF_YEAR = (_dated, "date and year are not of the same year")

RULES = {
    "claims": (
        (
            _ruled,
            "a claim has a measure and a rule, or a reason why it is untestable; one on reports, a contrary rule too",
        ),
    ),
    "documents": (_COUNTED, _OF_YEAR, (_speech, "doc_id must be STATE_SESSION_YEAR, as in the columns beside it")),
    "editions": (*_READINGS, (_dates, "earliest and latest must both be given, in this order, or neither")),
    "gazetteer": ((_decoys, "a decoy names no place and every other entry names one"),),
    "other-documents": (_COUNTED, _OF_YEAR),
    "other-segments": ((_part, "segment_id must be doc_id_NN"),),
    "other-vocabulary": ((_often, "a term cannot be in more documents than it has tokens"),),
    "provisions": _READINGS,
    "rostrum-segments": ((_segment, "segment_id must be doc_id_NN, and rare_tokens not more than tokens"),),
    "rostrum-vocabulary": ((_often, "a term cannot be in more documents than it has tokens"),),
    "shared-memberships": ((_shared, "more shared memberships than memberships"),),
    "triads": _READINGS,
}
