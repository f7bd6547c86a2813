"""The study: whose policy it is, beside whom it is judged, and which dates cut it; read and checked once.

Nothing else in the package knows what country this is. A study is a folder with ``study.yml``, ``documents.yml`` and
its own tables.

>>> from manyvectors import study
>>> s = study.load()
>>> s.era(s.first_year) == list(s.eras)[0]
True
"""

from .blocs import Bloc
from .fields import StudyError
from .names import DATA, DOCUMENTS, FILE, GRADES, SPEECHES_IN
from .reading import load, read
from .study import Study

__all__ = ["DATA", "DOCUMENTS", "FILE", "GRADES", "SPEECHES_IN", "Bloc", "Study", "StudyError", "load", "read"]
