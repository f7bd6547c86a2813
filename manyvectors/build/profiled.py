"""Add a state to those that a study profiles, with segments and collocates."""

import re
from dataclasses import replace

from .. import study as studies

_LIST = re.compile(r"(?m)^profiled: *\[([^\]]*)\]")


def add(study, states):
    """Return a study that profiles some states besides, and its ``study.yml`` with their codes.

    ``study``: Study. ``states`` (sequence of str): state codes; those that are profiled already stay as they are.
    Returns (Study, str). StudyError if ``study.yml`` does not hold ``profiled: [...]`` as one list.
    """
    file = study.folder / studies.FILE
    profiled = tuple(dict.fromkeys([*study.profiled, *states]))
    content = file.read_text(encoding="utf-8")
    written, n = _LIST.subn(f"profiled: [{', '.join(profiled)}]", content)
    if n != 1:
        raise studies.StudyError(f"{file}: profiled is not written as [A, B]; add {', '.join(states)} to it by hand")
    return replace(study, profiled=profiled), written
