"""The face of topics: every public name is there and explained."""

import inspect

from manyvectors import topics


def test_public_names_are_explained():
    assert sorted(topics.__all__) == sorted(set(topics.__all__))
    for name in topics.__all__:
        thing = getattr(topics, name)
        assert inspect.getdoc(thing), name
    public = {name for name, thing in vars(topics).items() if inspect.isroutine(thing) or inspect.isclass(thing)}
    assert public == {name for name in topics.__all__ if callable(getattr(topics, name))}
