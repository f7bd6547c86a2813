"""Instruments on names: the number of vectors, counted again."""

import math

import numpy as np
import pytest
from counting import names_by_year


def test_c5_trend_of_the_number_of_vectors(found, c):
    named, middles, effective = names_by_year(c), [], []
    for first, last in ((1992, 1996), (1997, 2001), (2002, 2006), (2007, 2011), (2012, 2016), (2017, 2020)):
        share = named.loc[first:last].sum() / named.loc[first:last].sum().sum()
        effective.append(math.exp(-sum(p * math.log(p) for p in share if p)))
        middles.append((first + last) / 2)
    numbers = found("C5")
    assert numbers["estimate"] == pytest.approx(10 * np.polyfit(middles, effective, 1)[0])
    assert numbers["trade_low"] < numbers["trade_high"]
