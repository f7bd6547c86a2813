"""Who wrote a text, as far as its kind and the source it names can say."""

from __future__ import annotations

__all__ = ["author_class"]


def author_class(kind: str, source: str, rules: list[dict]) -> str:
    """Return the class of the first rule that a text's kind and source keep.

    ``rules`` is a list of dictionaries, tried in order: ``class`` is what is returned; ``kinds`` (a list) and
    ``sources`` (a list of words looked for in the source, without regard to case, ``""`` for a source that is empty)
    are the conditions, and one that is left out always holds.

    Raises ``ValueError`` if no rule holds: the last rule should have no condition.
    """
    said = source.strip().casefold()
    for rule in rules:
        named = any(word.casefold() in said if word else not said for word in rule.get("sources", [""]))
        if kind in rule.get("kinds", [kind]) and (named or "sources" not in rule):
            return rule["class"]
    raise ValueError(f"no rule covers kind {kind!r} with source {source!r}: end the rules with one without conditions")
