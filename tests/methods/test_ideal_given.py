"""What ideal points are fitted to may be plain lists, as well as a table."""

import numpy as np
import pandas as pd
import pytest

from manyvectors.practice import IdealPoints

VOTES = [[1, 1, 1, 3], [1, 1, 3, 3], [1, 2, 3, 3], [1, 1, 2, 3], [3, 1, 1, 1]]


@pytest.mark.parametrize("form", [list, tuple, np.array])
def test_lists_arrays_and_tables_give_the_same(form):
    whole = IdealPoints().fit(pd.DataFrame(VOTES), anchor=3)
    given = IdealPoints().fit(form(VOTES), anchor=3)
    np.testing.assert_allclose(given.points_, whole.points_)
    assert list(given.points_.index) == [0, 1, 2, 3] and list(given.thresholds_.index) == [0, 1, 2, 3, 4]
    with pytest.raises(ValueError, match="anchor"):
        IdealPoints().fit(form(VOTES), anchor=9)
