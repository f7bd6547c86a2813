"""What the pages need of the data and the methods, written to files: ``python -m manyvectors.export``.

The website's extension (:mod:`manyvectors.site`) runs this in a process of its own while the notebooks are executed,
and reads the files. So it imports no method, and pages can be built again without computing anything.

``OUT/numbers.json``
    What the code says of its seeds, draws and recipes, and the numerical libraries: see :mod:`.code`; and what
    each number in the chapters goes back to: see :mod:`.passports`.
``OUT/findings.json``
    What the book found, and what its small charts show, where a page asks for it: see :mod:`.charts`.
``OUT/static/explorer/data/*.js``
    The word explorer's data, where the book has that page: see :mod:`.explorer`.
``OUT/static/explorer/data/states/*``
    What the pages of all states show, where the book has that page: see :mod:`.states`.
``OUT/static/labs/data/*.js``
    What the labs of the book show: see :mod:`.labs`.
"""
