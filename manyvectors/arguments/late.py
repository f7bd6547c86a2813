"""Packages that are imported when they are first asked for something: a guarded face may take no time to load."""

import importlib


class Late:
    def __init__(self, name):
        self._name = name

    def __getattr__(self, part):
        return getattr(importlib.import_module(self._name), part)


np, pd, sparse = map(Late, ("numpy", "pandas", "scipy.sparse"))
