"""The code of the labs' pages on seals and bars runs as they print it."""

import json
import re
from pathlib import Path

from manyvectors import claims
from manyvectors.claims import seals
from manyvectors.methods.sealed import FORMAT

LABS = Path(__file__).resolve().parents[2] / "book" / "labs"


def code(name):
    """Return the Python that a lab's page prints: str."""
    return "\n".join(re.findall(r"```python\n(.*?)```", (LABS / f"{name}.md").read_text(encoding="utf-8"), re.DOTALL))


def test_the_code_of_move_the_bar_says_what_the_ledger_says(capsys, e):
    exec(code("move-the-bar"), {})
    first, *power, last = capsys.readouterr().out.splitlines()
    assert first == claims.judge(14, **claims.measure(14, e)) and last == "supported" and len(power) > 10


def test_the_code_of_seal_before_you_look_checks_a_folder(capsys, tmp_path, monkeypatch):
    sealed = {"book": "0.2.0", "claim": "It rose.", "measure": "agreement", "of": "CHN", "state": "KAZ", "by": ""}
    sealed |= {"early": [1992, 2013], "late": [2014, 2023], "side": "more", "bar": "0", "share": "1"}
    sealed |= {"time": "2026-11-30T08:00:00Z", "salt": "0a"}
    (tmp_path / "handed-in").mkdir()
    held = {"format": FORMAT, "sealed": sealed, "seal": seals.digest(sealed)}
    (tmp_path / "handed-in" / "one.json").write_text(json.dumps(held), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec(code("seal-before-you-look"), {})
    said = capsys.readouterr().out
    assert said.startswith("one.json Nothing was changed") and "It rose." in said
