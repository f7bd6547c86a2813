"""From full texts to the tables of ``data/``: fetch, unpack, count, write, verify.

Nothing is imported here, since most of it takes long to load: ``from manyvectors.build import count, verify, write``.
"""
