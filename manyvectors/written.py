"""How numbers of claims are written: one quantity has the same digits in the ledger, in a sentence and in a chart."""

import math
from decimal import Decimal

# The largest of an estimate and its ends, and how many digits stand behind the point below it.
STEPS = ((0.1, 3), (5, 2), (50, 1), (math.inf, 0))
MOST = 3


def digits(values):
    """Return how many digits behind the point an estimate and its interval have, all of them alike: int.

    ``values`` (iterable of float): the estimate and its ends, as many as there are; NaN counts for nothing. Whole
    numbers have none. A number other than nought is not written as nought while three digits suffice: its side tells.

    >>> digits([0.12, 0.057, 0.18]), digits([0.037, 0.007, 0.066]), digits([-1.6, -11.25, 8]), digits([3])
    (2, 3, 1, 0)
    """
    sizes = [abs(float(value)) for value in values if not math.isnan(value)]
    if all(size.is_integer() for size in sizes):
        return 0
    found = next(behind for bound, behind in STEPS if max(sizes) < bound)
    while found < MOST and any(size and not round(size, found) for size in sizes):
        found += 1
    return found


def texts(values, parts=1, beside=()):
    """Write an estimate and its ends with the same digits, and a true minus.

    Parameters
    ----------
    values : sequence of float
    parts : int
        In how many parts of one they are given, a power of ten: 100 for percentage points. What the ledger writes of
        shares as ``0.037`` is ``3.7`` then.
    beside : iterable of float
        Numbers of the same quantity that stand elsewhere and have a say in the digits.

    Returns
    -------
    list of str

    Examples
    --------
    >>> texts([0.0368, 0.0068, 0.0660]), texts([3.68, 0.68, 6.60], parts=100)
    (['0.037', '0.007', '0.066'], ['3.7', '0.7', '6.6'])
    """
    steps = round(math.log10(parts))
    behind = max(steps, digits([value / parts for value in (*values, *beside)]))
    return [minus(f"{Decimal(f'{value / parts:z.{behind}f}').scaleb(steps):f}") for value in values]


def minus(text):
    """Return a number that was formatted with a true minus: str."""
    return text.replace("-", "\u2212")
