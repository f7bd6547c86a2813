"""Texts for hypothesis: few letters, so that words recur and phrases are found, and characters that need care."""

from hypothesis import strategies as st

LETTERS = "abAB"
CARE = [*"-'’. \n1é(—İﬁ", "\u00a0", "-\n", "‑", "\x0c", "\r\n", ", ", "Kazakstan", "\ufeff"]
dense = st.lists(st.sampled_from([*LETTERS, *LETTERS, *CARE]), max_size=60).map("".join)
# So few words that phrases occur, and overlap.
few = st.lists(st.sampled_from(["a", "a", "b", "a-b", "a’b", "b,"]), max_size=12).map(" ".join)
words = st.sampled_from(["a", "a", "b", "ab", "a*", "*b", "a*b", "a-b", "b'a", "1"])
phrases = st.lists(words, min_size=1, max_size=3).map(" ".join)
prose = st.lists(
    st.sampled_from(
        ["Ferries wait.", "Mr. Quay rows", "on No. 5,", "slowly!", '"Why?"', "It is 3 p.m. now.", "—", "7."]
    ),
    max_size=80,
).map(" ".join)
vocabularies = st.frozensets(st.text("ab", min_size=1, max_size=4), max_size=8)
