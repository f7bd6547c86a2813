"""What the files of a study are called, where the data lie, and what the grades of evidence mean."""

import re
from pathlib import Path

FILE, DOCUMENTS = "study.yml", "documents.yml"
SPEECHES_IN = "en"  # language of the speeches, of the registered phrases, and of documents that name no other
_PACKAGE = Path(__file__).resolve().parents[1]
# An installed wheel carries the data inside the package; in the repository they stand beside it.
DATA = _PACKAGE / "data" if (_PACKAGE / "data").is_dir() else _PACKAGE.parent / "data"
GRADES = {
    "A": "counted from a complete text",
    "B": "counted from an extract, a translation or a third party's copy",
    "C": "coded from secondary sources",
    "D": "reported, unverified",
}
CODE = re.compile(r"[A-Z]{2,3}")  # of a state
