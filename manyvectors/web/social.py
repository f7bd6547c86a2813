"""(to be written)"""


def setup(app):
    """Connect this part to the events of a build."""
