"""Every kind of figure, drawn with the colours and eras of an invented study; and what goes with it as CSV."""

import io
import re
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import yaml

from manyvectors import figures, inference, messages, study
from manyvectors.figures import drawn

GIVEN = {
    "title": "The Ferry Book",
    "focus": "FRA",
    "name": "France",
    "adjective": "French",
    "forms": ["france", "french"],
    "region": "the canals",
    "neighbours": ["BEL", "ESP"],
    "eras": {"mills": 1992, "ferries": 2003, "bridges": 2012},
    "registers": {"rostrum": "speeches", "songs": "what ferrymen sing"},
    "colours": {
        "eras": ["#102030", "#405060", "#708090"],
        "registers": {"rostrum": "#a01010", "songs": "#10a010"},
        **{"focus": "#aa2211", "neighbours": "#22aa11", "world": "#777799"},
    },
}


@pytest.fixture
def ferries(tmp_path):
    """Return a way to make the invented study, with some fields changed."""

    def made(**fields):
        (tmp_path / "study.yml").write_text(yaml.safe_dump(GIVEN | fields, sort_keys=False), encoding="utf-8")
        (tmp_path / "documents.yml").write_text("documents: {}\n", encoding="utf-8")
        return study.read(tmp_path)

    return made


@pytest.fixture(autouse=True)
def style():
    """Leave the style, and no open figure, to other tests."""
    with mpl.rc_context():
        yield
    plt.close("all")


def svg(draw, rows=1):
    """Draw on new axes and return the picture: SVG, its text as text."""
    with mpl.rc_context({"svg.fonttype": "none"}):
        figure, axes = plt.subplots(rows)
        draw(axes)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    return out.getvalue()


LINE = pd.DataFrame(
    {"estimate": [1.0, 2, 3, 2], "low": [0.5, 1, 2, 1], "high": [2.0, 3, 4, 3]}, [1992, 2000, 2008, 2016]
)
GRID = pd.DataFrame([[0.1, np.nan, np.nan], [0.2, 0.1, np.nan], [0.6, 0.5, 0.1]], list("abc"), list("abc"))
CARDS = pd.DataFrame({"row": [0, 0, 1], "column": [0, 1, 0]}, index=["w", "f", "l"])
BARS = pd.DataFrame({"start": pd.to_datetime(["1992-01-01", "2003-05-01"]), "end": pd.to_datetime(["2003-05-01"] * 2)})

# Each kind of figure: how it is drawn, the words and the colours that must stand in it.
KINDS = {
    "band": (lambda ax, look: figures.band(ax, LINE.index, LINE, look.focus, "barges"), ["barges"], ["focus"]),
    "cards": (
        lambda ax, look: figures.cards(
            ax, CARDS, ["Water", "Ferry", "Lock"], ["w", "f", "l"], [1, 0, 0.5], look.focus, ["f"]
        ),
        ["Water", "Ferry", "Lock"],
        ["focus"],
    ),
    "dots": (
        lambda ax, look: figures.dots(ax, LINE.set_axis(list("abcd")), look.neighbours, ["b"]),
        ["d"],
        ["neighbours"],
    ),
    "edition_key": (lambda ax, look: look.edition_key(ax, "Opened in"), ["Opened in"], []),
    "editions": (lambda ax, look: look.editions(ax), [], []),
    "heat": (lambda ax, look: figures.heat(ax, GRID, look.focus, stars={("c", "a")}), [".60*", ".20"], ["focus"]),
    "key": (
        lambda ax, look: figures.key(ax, look.groups),
        ["neighbours", "world"],
        ["focus", "neighbours", "world"],
    ),
    "name_line": (lambda ax, look: figures.name_line(ax, 1, 1, "a name", look.world), ["a name"], ["world"]),
    "ranges": (
        lambda ax, look: figures.ranges(ax, BARS, [look.focus, look.world], [True, False]),
        [],
        ["focus", "world"],
    ),
    "tiles": (
        lambda ax, look: figures.tiles(
            ax, pd.DataFrame({1: ["in", None], 2: ["out", "in"]}), {"in": look.focus, "out": look.world}
        ),
        [],
        ["focus", "world"],
    ),
}


@pytest.mark.parametrize("whose", ["ferries", "second"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_figure_is_the_studys_own(ferries, kind, whose):
    draw, words, colours = KINDS[kind]
    s = ferries() if whose == "ferries" else study.read(Path(__file__).parent / whose)
    words = words + {"key": [s.focus_name], "editions": list(s.eras)[1:], "edition_key": list(s.eras)[1:]}.get(kind, [])
    look, ours = figures.use(s), figures.Look(study.load())
    picture = svg(lambda ax: draw(ax, look))
    assert picture == svg(lambda ax: draw(ax, look)), "the same on every run"
    assert [word for word in words if word not in picture] == []
    assert [name for name in colours if getattr(look, name) not in picture] == []
    theirs = {ours.focus, ours.neighbours, ours.world, *ours.eras.values(), *ours.registers.values()} - {figures.GREY}
    assert [colour for colour in theirs if colour in picture] == []
    assert study.load().focus_name not in picture


def test_every_function_that_draws_is_drawn_above():
    drawn = {name for name, value in vars(figures).items() if callable(value) and name[0].islower()}
    drawn = {name for name in drawn if getattr(figures, name).__module__ == figures.__name__}
    assert drawn - {"use", "show", "as_csv"} == set(KINDS) - {"editions", "edition_key"}


def test_the_colours_of_a_study(ferries):
    s = ferries()
    look = figures.Look(s)
    assert look.eras == {"mills": "#102030", "ferries": "#405060", "bridges": "#708090"}
    assert look.groups == {"France": "#aa2211", "neighbours": "#22aa11", "world": "#777799"}
    assert look.registers == GIVEN["colours"]["registers"]
    assert [look.state(code) for code in ("FRA", "BEL", "TUV")] == ["#aa2211", "#22aa11", "#777799"]


def test_the_colours_of_this_book_are_those_of_its_study():
    s = study.load()
    look = figures.Look(s)
    assert look.eras == s.colours["eras"] and list(look.eras) == list(s.eras)
    assert look.registers == s.colours["registers"] and look.groups[s.focus_name] == s.colours["focus"]


@pytest.mark.parametrize(("given", "number"), [(0, 3), (1, 3), (2, 3), (0, 14), (1, 8), (3, 8), (3, 20)])
def test_any_number_of_eras_has_colours_that_stay_apart(ferries, given, number):
    eras = {f"era {i}": 1992 + i for i in range(number)}
    colours = GIVEN["colours"] | {"eras": GIVEN["colours"]["eras"][:given]}
    found = list(figures.Look(ferries(eras=eras, colours=colours)).eras.values())
    assert found[:given] == GIVEN["colours"]["eras"][:given] and len(found) == number
    further = np.array([mpl.colors.to_rgb(colour) for colour in found[given:]])
    apart = np.abs(further[:, None] - further).max(axis=-1) + np.eye(len(further))
    assert (apart > 0.1).all()
    assert (further.mean(axis=1) < 0.8).all(), "legible on white"
    light = further @ [0.3, 0.6, 0.1]  # what is left for an eye without colours
    assert np.ptp(light) > 0.2 or len(further) < 4


def test_the_style_alone_knows_no_study():
    assert figures.use() is None
    assert mpl.rcParams["svg.hashsalt"] and mpl.rcParams["figure.figsize"][0] == figures.WIDTH


def test_a_band_takes_an_estimate(ferries):
    look = figures.use(ferries())
    one = inference.Estimate(*LINE[["estimate", "low", "high"]].to_numpy().T, np.zeros((2, 4)))
    assert svg(lambda ax: figures.band(ax, LINE.index, one, look.focus)) == svg(
        lambda ax: figures.band(ax, LINE.index, LINE, look.focus)
    )


def test_rows_stand_from_the_top():
    _, ax = plt.subplots()
    figures.dots(ax, LINE.set_axis(list("abcd")), "black")
    low, high = ax.get_ylim()
    assert low > high and [label.get_text() for label in ax.get_yticklabels()] == list("abcd")


# --- What goes with a figure ------------------------------------------------------------------------------------------


def test_show_says_what_is_counted_and_why_there_is_no_interval(monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: None)
    figure, _ = plt.subplots()
    figures.show(figure, LINE.assign(n=3).rename_axis("year"), counted="barges")
    assert figure._repr_mimebundle_()[1] == {"text/csv": {"counted": "barges"}}
    figures.show(figure, LINE[["estimate"]].rename_axis("year"), no_interval="whole")
    assert figure._repr_mimebundle_()[1] == {"text/csv": {"no_interval": "whole"}}
    told = {"no_interval": {"estimate": "cases"}, "no_n": {"estimate": "counts"}}
    figures.show(figure, LINE[["estimate"]].rename_axis("year"), **told)
    assert figure._repr_mimebundle_()[1] == {"text/csv": told}


@pytest.mark.parametrize(
    ("columns", "how", "wrong"),
    [
        (["estimate", "low"], {}, "has low alone"),
        (["barges", "barges_high"], {}, "has barges_high alone"),
        (["estimate"], {"no_interval": "because"}, "must be one of whole, facts"),
        (["estimate"], {"no_interval": {"estimate": "because"}}, "must be one of whole, facts"),
        (["estimate"], {"no_n": "whole"}, "no_n must be one of facts, counts"),
        (["estimate"], {"no_n": {"barges": "facts"}}, "no_n names 'barges'; the columns are estimate"),
    ],
)
def test_show_refuses_an_interval_with_one_end_and_an_unknown_reason(monkeypatch, columns, how, wrong):
    monkeypatch.setattr(plt, "show", lambda: None)
    figure, _ = plt.subplots()
    with pytest.raises(ValueError, match=wrong):
        figures.show(figure, pd.DataFrame([[1.0] * len(columns)] * 2, columns=columns), **how)
    figures.show(figure, pd.DataFrame({"flow": [1.0], "below": [2.0]}))  # these are no ends


def test_every_reason_has_a_sentence():
    assert {f"interval.none.{reason}" for reason in figures.kept.NO_INTERVAL} <= set(messages.english())
    assert {f"n.none.{reason}" for reason in figures.kept.NO_N} <= set(messages.english())


def test_show_keeps_the_numbers_with_the_picture(monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: None)
    figure, _ = plt.subplots()
    table = pd.DataFrame({"estimate": [1 / 3, 1e-17], "count": [0, 1]}, index=pd.Index(["a", 'b "c"'], name="word"))
    figures.show(figure, table, unit="bits")
    bundle, about = figure._repr_mimebundle_(include=None, exclude=None)
    assert about == {}
    assert bundle == {"text/csv": 'word,estimate,count,unit\na,0.333333,0,bits\n"b ""c""",0,1,bits\n'}


def test_last_digits_do_not_change_a_picture():
    """As they differ between processors; a change that can be seen is another picture, with other names in it."""
    figures.use()

    def picture(shift):
        figure, ax = plt.subplots()
        x = np.linspace(0, 1, 40)
        ax.plot(x + shift, x**2 * (1 + shift), "o-")
        return drawn.svg(figure)

    one, other = picture(0), picture(0.05)
    assert all(picture(shift) == one for shift in (1e-13, -1e-11, 3e-10, 1e-9))
    names = [set(re.findall(r'\sid="([a-z]\d+-\w+)"', drawing)) for drawing in (one, other)]
    assert all(names) and not names[0] & names[1]
    for drawing, own in zip((one, other), names, strict=True):
        assert set(re.findall(r"(?:href=\"|url\()#([a-z]\d+-\w+)", drawing)) == own


def test_tables_of_a_dict_stand_below_each_other():
    tables = {"ours": pd.Series([1, 2], [1992, 1993], name="n"), "theirs": pd.Series([3], [1992], name="n")}
    assert figures.as_csv(tables, "whose", "year") == "whose,year,n\nours,1992,1\nours,1993,2\ntheirs,1992,3\n"


def test_estimates_of_a_dict_become_rows():
    one = inference.Estimate(0.5, 0.25, 0.75, np.zeros(3))
    assert figures.as_csv({("a", "b"): one}, "x", "y") == "x,y,estimate,low,high\na,b,0.5,0.25,0.75\n"


def test_noise_has_no_sign_and_rows_that_are_only_numbered_no_name():
    assert figures.as_csv(pd.DataFrame({"x": [-1e-18, 1234567.0]})) == "x\n0\n1.23457e+06\n"


@pytest.mark.parametrize(
    ("data", "sign"),
    [
        (pd.Series([1.0], ["a"], name="n"), "None"),
        (pd.Series([1.0], pd.Index(["a"], name="word")), "0"),
        (pd.DataFrame({0.1: [1]}), "0.1"),
        (pd.DataFrame({"5 %": [1]}), "5 %"),
        (pd.DataFrame({"слово": [1]}), "слово"),
    ],
    ids=["level", "series", "number", "sign", "letters"],
)
def test_a_column_without_a_name_is_refused(data, sign):
    with pytest.raises(ValueError, match=f"named .*{sign}"):
        figures.as_csv(data)


def test_an_era_is_written_as_its_years():
    """The name of an era is the year of an edition; on an axis it would look like a year."""
    s = study.load()
    spans = figures.Look(s).spans(2024)
    assert list(spans) == list(s.eras)
    assert spans["2001"] == "2001–04" and spans["1995"] == "1995–2000"
    assert figures.Look(s).spans(2020)["2020"] == "2020"
    with pytest.raises(ValueError, match="the last era of the study begins in 2020"):
        figures.Look(s).spans(2019)


def test_colours_of_names_are_legible():
    for colour in figures.Look(study.load()).groups.values():
        rgb = np.array(mpl.colors.to_rgb(colour))
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        assert 1.05 / (linear @ [0.2126, 0.7152, 0.0722] + 0.05) >= 4.5


# --- What a reader cannot make out ------------------------------------------------------------------------------------


def warned(draw, recwarn, monkeypatch):
    """Show what is drawn on axes in the book's style; return what the warning says, "" without one."""
    monkeypatch.setattr(plt, "show", lambda: None)
    figures.use()
    figure, ax = plt.subplots(figsize=(figures.WIDTH, 2.5))
    ax.plot(range(2000, 2010), range(10), color="#0072b2")
    draw(ax)
    figures.show(figure, LINE.rename_axis("year"))
    return " ".join(str(one.message) for one in recwarn)


def one_above_the_other(ax):
    ax.text(2004, 5, "barges")
    ax.text(2004, 5.2, "ferries")


def turned_the_same_way(ax):
    """Boxes of turned words overlap, and their letters do not."""
    ax.set_xticks(range(2000, 2010), [f"{year} to {year + 1}" for year in range(2000, 2010)], rotation=60, ha="right")


def ticks_beyond_the_axes(ax):
    """Ticks beyond the ends of an axis are made and not drawn."""
    ax.set(xlim=(2001, 2008.5), ylim=(1, 8.5))
    ax.lines[0].set_data(range(2001, 2009), range(1, 9))


FAULTS = {
    "labels on each other": (one_above_the_other, "'barges' lies on 'ferries'"),
    "a label on a tick's": (lambda ax: ax.text(-0.06, 0, "many barges", transform=ax.transAxes), "lies on"),
    "turned labels on each other": (
        lambda ax: [ax.text(2004, height, "many barges", rotation=60) for height in (3, 3.6)],
        "'many barges' lies on 'many barges'",
    ),
    "words beyond the figure": (lambda ax: ax.figure.text(0.9, 0.5, "many barges"), "beyond the figure"),
    "a swatch like the ground": (
        lambda ax: figures.key(ax, {"barges": "#ffffff", "ferries": "#1b3a5c"}),
        "the colour of 'barges' in the key cannot be seen",
    ),
    "a line cut off": (lambda ax: ax.set_ylim(0, 6), "a line or an area is cut off at the top"),
    "a band cut off": (
        lambda ax: (ax.fill_between([2000, 2009], [-4, 0], [2, 3]), ax.set_ylim(-1, 10)),
        "cut off at the bottom",
    ),
    "a bar cut off": (lambda ax: (ax.bar(2005, 30), ax.set_ylim(0, 12)), "cut off at the top"),
    "half a dot": (
        lambda ax: (ax.plot([2003, 2004], [0, 0], "o", markersize=9), ax.set_ylim(0, 10)),
        "a dot or its edge is cut off at the bottom",
    ),
    "a dot without a name": (lambda ax: ax.plot(2002, 8, "D", color="black"), "the dot at (2002.0, 8.0) has no name"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_made_out_is_said(fault, recwarn, monkeypatch):
    draw, said = FAULTS[fault]
    assert said in warned(draw, recwarn, monkeypatch)


FINE = {
    "names apart": lambda ax: (ax.text(2004, 2, "barges"), ax.text(2001, 7, "ferries")),
    "turned the same way": turned_the_same_way,
    "ticks beyond": ticks_beyond_the_axes,
    "a pale swatch with an edge": lambda ax: ax.legend([plt.Rectangle((0, 0), 1, 1, fc="white", ec="black")], ["none"]),
    "a dot with its name": lambda ax: (ax.plot(2002, 8, "D", color="black"), figures.name_line(ax, 2002, 8, "a", "k")),
    "one of several dots": lambda ax: [ax.plot(year, 8, "D", color="black") for year in (2001, 2005)],
    "bars on a logarithmic axis": lambda ax: (ax.bar(2005, 3), ax.set_yscale("log"), ax.set_ylim(0.5, 20)),
    "a dot that may reach out": lambda ax: (ax.plot([2003, 2004], [0, 0], "o", clip_on=False), ax.set_ylim(0, 10)),
    "no axes": lambda ax: ax.set_axis_off(),
}


@pytest.mark.parametrize("case", FINE)
def test_what_can_be_made_out_is_not_complained_of(case, recwarn, monkeypatch):
    assert warned(FINE[case], recwarn, monkeypatch) == ""
