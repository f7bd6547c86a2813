"""The drawing on the cover."""

from manyvectors import study
from manyvectors.site import cover


def test_the_fan_draws_every_speech_as_long_as_it_is():
    drawing = cover.fan([(1992, 100, "a"), (1993, 50, "b"), (1994, 200, "b")], {"a": "#111111", "b": "#222222"})
    assert drawing.count('<g fill="#') == 3
    assert "A fan of 3 arrows" in drawing
    assert [year for year in ("1992", "1993", "1994") if f">{year}</text>" in drawing] == ["1992", "1993", "1994"]


def test_the_cover_draws_the_speeches_of_the_study(soup, c):
    drawing, ours = soup("book/cover.html").select_one("svg.mv-fan-drawing"), study.load()
    speeches = c.documents.query("register == 'rostrum' and state == @ours.focus")
    assert len(drawing.select("g[stroke]")) == len(speeches)
    assert {group["fill"] for group in drawing.select("g[stroke]")} <= set(ours.colours["eras"].values())
