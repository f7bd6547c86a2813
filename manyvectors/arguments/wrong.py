"""What is said of an argument of a wrong type, in one line."""


class ArgumentError(TypeError, ValueError):
    """An argument is of the wrong type. It is caught as either: a value of a wrong type is a wrong value, too."""


def wrong(name, what, value):
    """Return the error: ``name`` must be ``what``, and ``value`` is not."""
    said = " ".join(repr(value).split())
    said = said if len(said) <= 60 else said[:57] + "..."
    return ArgumentError(f"{name} must be {what}, got {said} ({type(value).__name__})")
