"""Pictures as files, as the gate wants them, with numbers where they belong."""

import re
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from rich.cells import cell_len
from rich.text import Text

import rural_forecast as rf
from rural_forecast.document.picture import (
    Course,
    Line,
    Look,
    Panels,
    Part,
    Picture,
    Ranges,
    Row,
    Stack,
)
from rural_forecast.errors import UsageError
from rural_forecast.render import drawing, image
from rural_forecast.render import scale as scales
from rural_forecast.render.drawing import svg
from rural_forecast.render.formats import PICTURES
from rural_forecast.render.formats import render as draw
from rural_forecast.sizing.attribution import swings
from rural_forecast.text.numbers import tick_texts
from rural_forecast.text.style import PHONE, WIDE, Size
from rural_forecast.views import backtest, chart, size
from rural_forecast.views.several import several
from tests.gate.situations import CASES, case, fanned, judged
from tests.observed import build
from tests.render.documents import MARKUP, fan, ranges
from tests.render.measured import Drawing, axes, findings, measured

SVG = "{http://www.w3.org/2000/svg}"
CHINESE = "农村网络零售额"


@pytest.fixture
def no_system_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the font that comes with the extra alone."""
    resvg_py = pytest.importorskip("resvg_py")
    whole = resvg_py.svg_to_bytes
    monkeypatch.setattr(
        resvg_py, "svg_to_bytes", lambda **options: whole(skip_system_fonts=True, **options)
    )


def texts(picture: Picture) -> list[str]:
    root = ET.fromstring(drawing.svg(picture).encode())
    return ["".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")]


FAN_WORDS = {
    "Rural online shopping",
    "bn CNY",
    "Source: a trade article.",
    "2014",
    "2018",
    "published by AliResearch",
}
ROW_WORDS = {
    "consensus",
    "Random walk with drift",
    "Last value",
    "482",
    "bn CNY",
    "consensus, 786",
}


@pytest.mark.parametrize(
    ("picture", "words"), [(fan(), FAN_WORDS), (ranges(), ROW_WORDS)], ids=["fan", "ranges"]
)
def test_every_end_is_labelled(picture: Picture, words: set[str]) -> None:
    assert words <= set(texts(picture))


def test_an_svg_is_an_image_with_a_title_and_a_description() -> None:
    root = ET.fromstring(drawing.svg(fan()).encode())
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Rural online shopping"
    assert root.findtext(f"{SVG}desc") == "A fan chart."


def test_markup_in_a_text_is_text() -> None:
    title = next(text for text in texts(fan(title=MARKUP)) if text.startswith("<script>"))
    assert title.startswith("<script>alert(1)</script> &")
    assert "$x^2$" in title


@pytest.mark.slow
@pytest.mark.parametrize("picture", [fan(), ranges()], ids=["fan", "ranges"])
@pytest.mark.parametrize("form", PICTURES)
def test_the_same_picture_gives_the_same_bytes(picture: Picture, form: str) -> None:
    first = draw(picture, form)
    assert first == draw(picture, form)
    start = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF", "pptx": b"PK"}[form]
    assert (first.encode() if isinstance(first, str) else first).startswith(start)


@pytest.mark.parametrize(
    ("theme", "accent", "other_paper"),
    [("light", "#0f4c8a", "#161616"), ("dark", "#d9ecff", "#fff")],
)
def test_the_colours_of_a_file_are_those_of_its_theme(
    theme: Any, accent: str, other_paper: str
) -> None:
    text = drawing.svg(fan()._replace(look=Look(theme)))
    assert "var(" not in text
    assert accent in text
    assert other_paper not in text


def test_a_png_is_as_wide_as_asked_for() -> None:
    png = image.render(fan()._replace(look=Look(pixels=321)), "png")
    assert isinstance(png, bytes)
    assert int.from_bytes(png[16:20], "big") == 321


@pytest.mark.slow
@pytest.mark.usefixtures("no_system_fonts")
def test_texts_are_drawn_without_fonts_of_the_system() -> None:
    assert image.render(fan(), "png") != image.render(fan(title="Other"), "png")


@pytest.mark.slow
@pytest.mark.usefixtures("no_system_fonts")
@pytest.mark.parametrize("form", ["png", "pdf"])
def test_characters_of_no_font_are_refused(form: str) -> None:
    with pytest.raises(UsageError, match="No installed font has the characters 农") as refused:
        image.render(fan(title=CHINESE), form)
    assert "fonts-wqy-microhei" in refused.value.hint


def test_an_svg_has_text_as_text() -> None:
    assert CHINESE in drawing.svg(fan(title=CHINESE))


@pytest.mark.filterwarnings("ignore:.*getdata:DeprecationWarning")  # in a library
def test_an_image_on_a_terminal_is_as_wide_as_asked_for_and_blocks_where_it_shows_none() -> None:
    lines = image.on_terminal(fan(), 40).splitlines()
    assert len(lines) > 8
    assert all(cell_len(Text.from_ansi(line).plain) == 40 for line in lines)


def drawn(name: str, **look: Any) -> Drawing:
    return measured(svg(case(name).picture._replace(look=Look(**look))))


@pytest.mark.slow
@pytest.mark.parametrize("medium", [WIDE, PHONE], ids=lambda medium: medium.name)
@pytest.mark.parametrize("name", CASES)
def test_situations_and_commands_are_drawn_as_the_gate_wants(name: str, medium: Any) -> None:
    assert list(judged(case(name), medium)) == []


@pytest.mark.parametrize("medium", [WIDE, PHONE], ids=lambda medium: medium.name)
def test_lines_of_several_models_cover_no_text(medium: Any) -> None:
    picture = chart.picture(rf.forecast("mofcom", models=("drift", "theta", "naive", "cagr")))
    assert list(findings(measured(svg(picture, medium)))) == []


def test_rows_without_a_reference_have_a_logarithmic_axis_too() -> None:
    picture = ranges()
    plot = picture.plot
    assert isinstance(plot, Ranges)
    plain = plot._replace(reference=None, reference_text="")
    assert "logarithmic axis" in svg(picture._replace(plot=plain, logarithmic=True))


@pytest.mark.parametrize("ratio", [16 / 9, 1.0])
@pytest.mark.parametrize("name", ["founding", "size", "columns"])
def test_a_picture_of_any_ratio_has_it(name: str, ratio: float) -> None:
    shown = drawn(name, ratio=ratio)
    assert shown.width / shown.height == pytest.approx(ratio, rel=0.03)
    assert list(findings(shown)) == []


@pytest.mark.parametrize("name", ["negative", "crossing", "thirty smooth"])
def test_a_fan_is_drawn_where_its_values_belong(name: str) -> None:
    shown = drawn(name)
    result = case(name).forecast
    assert result is not None
    x, y = axes(shown)
    slack = abs(y(0) - y(1.5))
    factor = chart.picture(result).amounts.factor
    years = list(result.history.years)
    assert len(years) > 2
    (observed,) = [line for line in shown.of("line", "ink") if len(line.points) == len(years)]
    expected = result.history.values / factor
    assert [y(down) for _, down in observed.points] == pytest.approx(expected.tolist(), abs=slack)
    assert [x(across) for across, _ in observed.points] == pytest.approx(years, abs=0.05)
    ahead = shown.of("line", "accent")[0]
    _, *forecasts = [y(down) for _, down in ahead.points]
    assert forecasts == pytest.approx((result.best.values / factor).tolist(), abs=slack)
    band = shown.of("area", "band80")[0]
    last = [y(down) for across, down in band.points if abs(x(across) - result.target) < 0.05]
    low, high = result.best.ends(0)
    assert [min(last), max(last)] == pytest.approx([low / factor, high / factor], abs=slack)


def test_the_axis_follows_history_and_the_range_of_80_percent() -> None:
    shown = drawn("founding")
    result = case("founding").forecast
    assert result is not None
    ticks = [text.words for text in shown.texts if text.anchor == "end" and text.colour == "quiet"]
    top = max(float(words.replace(",", "")) for words in ticks if words[0].isdigit())
    assert top <= 1.3 * result.best.ends(0)[1]


def test_a_band_beyond_the_axis_fades_with_its_bound_as_text() -> None:
    shown = drawn("founding")
    assert len(shown.of("fade")) == 1
    assert any(words.endswith("↑") for words in shown.words)
    assert not drawn("decline").of("fade")


def test_a_wide_span_has_a_logarithmic_axis_that_says_so() -> None:
    texts = drawn("millionfold").words
    assert any("logarithmic axis" in words for words in texts)
    assert not any("e-" in words or "e+" in words for words in texts)


@pytest.mark.parametrize(
    ("medium", "in_one_row"), [(WIDE, False), (PHONE, True)], ids=["inside bands", "in a key"]
)
def test_bands_have_names(medium: Any, in_one_row: bool) -> None:
    shown = measured(svg(case("founding").picture, medium))
    names = [text for text in shown.texts if text.words in ("50 %", "80 %", "95 %")]
    assert len(names) == 3
    assert (len({text.y for text in names}) == 1) == in_one_row


def test_published_figures_are_drawn_last() -> None:
    shown = drawn("founding")
    (mark,) = shown.of("published")
    assert mark.order == max(shape.order for shape in shown.shapes)
    assert "600 published" in shown.words


def test_every_year_is_written_and_three_in_full() -> None:
    shown = drawn("project")
    foot = max(text.y for text in shown.texts if text.anchor == "middle")
    years = [text.words for text in shown.texts if text.anchor == "middle" and text.y == foot]
    assert sorted(int(year) % 100 for year in years) == list(range(16, 31))
    assert {year for year in years if len(year) == 4} == {"2016", "2025", "2030"}


def test_columns_start_at_zero_and_each_has_its_label() -> None:
    shown = drawn("columns")
    values = case("project").forecast
    assert values is not None
    colours = ("total", "axis", "band80", "band50")
    bars = [rect.box for rect in shown.of("rect") if rect.colour in colours]
    assert len({round(bar.bottom) for bar in bars}) == 1
    earlier = [observation.value for observation in values.history.on_earlier_bases]
    expected = [*earlier, *values.history.values.tolist(), *values.best.values.tolist()]
    heights = [(bar.bottom - bar.top) / max(expected) for bar in bars]
    assert [height / max(heights) for height in heights] == pytest.approx(
        [value / max(expected) for value in expected], abs=0.01
    )
    for bar in bars:
        assert any(
            bar.left - 6 < text.box.left < text.box.right < bar.right + 6
            and bar.top - 22 < text.box.bottom <= bar.top
            for text in shown.texts
        )


def test_published_figures_of_the_last_year_are_named_right_of_the_end(tmp_path: Path) -> None:
    rows = "".join(f"{year},{value},,a\n" for year, value in ((2021, 30), (2022, 33), (2023, 35)))
    views = "2026,50,forecast,Statista\n2026,45.5,forecast,IDC\n2026,45,forecast,Ministry plan\n"
    file = tmp_path / "cars.csv"
    file.write_text(f"year,value,status,source\n{rows}{views}")
    picture = chart.picture(rf.forecast(file, year=2026))
    shown = measured(svg(picture))
    diamonds = [mark.box for mark in shown.of("published")]
    (ring,) = [dot.box for dot in shown.of("dot") if dot.colour == "paper"]
    assert len(diamonds) == 3
    assert not any(diamond.meets(ring) for diamond in diamonds)
    assert all(diamond.left > ring.right for diamond in diamonds)
    assert {"Statista", "IDC", "Ministry plan"} <= set(shown.words)
    for one, other in combinations(diamonds, 2):
        assert not one.meets(other)


def test_a_sizing_has_ranges_a_tornado_and_a_waterfall_around_the_answer() -> None:
    result = rf.size("rural_online_retail", year=2028, draws=2000)
    plot = size.picture(result).plot
    assert isinstance(plot, Ranges)
    assert plot.reference == result.main.estimates[-1].value
    tornado = [row.bar for row in plot.rows if all(row.ends)]
    assert tornado == list(swings(result).values())
    steps = [row for row in plot.rows if row.joins is not None]
    assert steps[0].bar is not None
    assert steps[0].bar[0] == 0
    for before, after in zip(steps, plot.rows[plot.rows.index(steps[0]) + 1 :], strict=False):
        assert after.bar is not None
        assert before.joins == pytest.approx(after.bar[1] if after.bar[0] == 0 else after.bar[0])


def test_parts_are_five_and_the_rest_and_add_up_as_printed() -> None:
    stack = case("panel of regions").picture.plot
    assert isinstance(stack, Stack)
    assert [part.name for part in stack.parts] == [
        "North",
        "South",
        "East",
        "Centre",
        "West",
        "2 others",
    ]
    assert sum(float(part.texts[0]) for part in stack.parts) == pytest.approx(
        float(stack.whole.texts[0])
    )


def test_an_svg_file_brings_its_font_in_the_two_weights_that_its_texts_have() -> None:
    drawn = str(image.render(fan(), "svg"))
    weights = set(re.findall(r'font-weight="(\d+)"', drawn))
    assert set(re.findall(r"@font-face \{.*?font-weight: (\d+);", drawn)) == weights | {"400"}


def test_chinese_in_an_svg_needs_no_more_of_the_font() -> None:
    size = len(str(image.render(fan(), "svg")))
    assert len(str(image.render(fan(title=CHINESE), "svg"))) < 1.05 * size


def test_no_two_parts_share_a_colour() -> None:
    parts = tuple(Part(name, (1.0, 2.0), ("2",)) for name in "ABCDEF")
    stack = Stack(
        (2024, 2025), parts, Part("Total", (6.0, 12.0), ("12",)), (11.0, 13.0), ("",), 2024
    )
    drawn = drawing.svg(Picture(stack, "Six parts"))
    areas = re.findall(r'<path class="f-(part\d) s-paper"', drawn)
    assert len(set(areas)) == len(parts)


def test_a_share_has_a_linear_axis_from_zero_however_small_it_was_once() -> None:
    shares = (0.2, 5.0, 40.0, 90.0)
    plot = Course((Line("observed", (2022, 2023, 2024, 2025), shares),), origin=2025)
    share = Picture(plot, "Electric cars", unit="%", is_share=True)
    assert scales.of(share, 6).texts == ("0", "20", "40", "60", "80", "100")
    assert scales.of(share._replace(is_share=False), 6).logarithmic


def test_a_share_is_drawn_from_zero_to_its_whole_with_one_label_for_all_bounds_at_100() -> None:
    values = (1.2, 3.0, 6.5, 14.0, 27.0, 45.0, 62.0, 76.0, 84.0, 89.0)
    history = dict(enumerate(values, 2016))
    series = rf.series(history, title="EV share of new cars", unit="percent", measure="rate")
    drawn = chart.picture(rf.forecast(series, year=2030))
    assert isinstance(drawn.plot, Course)
    assert not drawn.by_factors
    assert [label.amount for label in drawn.plot.labels].count("100") == 1


def test_panels_with_axes_of_their_own_all_start_at_zero() -> None:
    markets = [
        rf.series({2023: size, 2024: 1.02 * size}, title=f"Market {size}") for size in (1, 70)
    ]
    drawn = several([rf.forecast(market, year=2026) for market in markets * 4])
    assert isinstance(drawn.plot, Panels)
    assert "own, from zero" in drawn.about
    assert {scales.of(panel, 4).low for panel in drawn.plot.pictures} == {0}


def test_a_logarithmic_axis_of_two_ticks_writes_no_idle_decimals() -> None:
    assert tick_texts([0.1, 10.0], logarithmic=True) == ["0.1", "10"]


@pytest.mark.slow
def test_a_method_that_was_closer_is_drawn_and_says_how_far_off_both_were() -> None:
    values = (10, 12.1, 14, 15.9, 18, 20.1, 22, 24.1, 26, 27.9)
    market = rf.series(dict(enumerate(values, 2016)), title="Parcels sent", unit="bn USD")
    drawn = backtest.picture(rf.backtest(market))
    assert isinstance(drawn.plot, Ranges)
    assert "has been closer" in drawn.title
    assert drawn.plot.signs[-1] == "rival"
    assert drawn.plot.heads[-1] in drawn.title
    assert all(row.rival is not None for row in drawn.plot.rows)
    assert "off on average" in drawn.plot.rows[0].group
    crosses = re.findall(r'<path class="s-quiet" stroke-width="2.4"', drawing.svg(drawn))
    assert len(crosses) == 2 * (len(drawn.plot.rows) + 1), "one of each row and one of the key"


@pytest.mark.parametrize("medium", [WIDE, PHONE], ids=lambda medium: medium.name)
def test_every_sign_of_rows_is_named_where_its_column_is_left_out_too(medium: Size) -> None:
    rows = tuple(
        Row(str(year), 3.0, ((80, 1.0, 9.0),), ("3", "4", "5"), other=4.0, rival=5.0)
        for year in (2024, 2025)
    )
    plot = Ranges(
        rows, ("forecast", "observed", "straight line"), signs=("value", "other", "rival")
    )
    picture = drawing.svg(Picture(plot, "Rows", unit="tn yuan"), medium)
    shown = {text.words for text in measured(picture).texts}
    assert {"tn yuan", *plot.heads} <= shown
    assert not [*findings(measured(picture))]


def test_the_first_tick_of_rows_is_written_however_long_the_unit_is() -> None:
    rows = tuple(Row(name, 3.0, ((80, 1.0, 9.0),), ("3",)) for name in ("A", "B"))
    plot = Ranges((*rows, Row("C", bar=(0.0, 5.0), ends=("", "5"))))
    picture = Picture(plot, "Rows", unit="tn yuan")
    assert {"0", "tn yuan"} <= set(texts(picture))


def test_rows_fill_a_stated_ratio_with_their_unit_above_the_axis() -> None:
    rows = tuple(Row(f"{year}", 3.0, ((80, 1.0, 9.0),), ("3",)) for year in range(2010, 2020))
    picture = Picture(Ranges((*rows, Row("", bar=(0.0, 5.0)))), "Rows", unit="tn yuan")
    drawn = drawing.svg(picture._replace(look=Look(ratio=16 / 9)))
    wide = float(re.findall(r'viewBox="0 0 ([\d.]+)', drawn)[0])
    assert wide < 1.5 * WIDE.width, "a wider drawing has smaller texts"


def test_columns_draw_an_earlier_basis_lighter_than_the_one_that_is_used() -> None:
    shown = drawn("columns")
    values = case("project").forecast
    assert values is not None
    colours = [rect.colour for rect in shown.of("rect") if rect.colour in ("total", "axis")]
    assert colours == ["total"] * len(values.history.on_earlier_bases) + ["axis"]
    assert "earlier bases" in shown.words


def test_a_fan_names_the_first_year_of_a_new_basis() -> None:
    assert "new basis 2025" in drawn("project").words


def test_the_answers_of_a_revision_have_their_ranges_on_their_bars() -> None:
    picture = case("revise").picture
    assert isinstance(picture.plot, Ranges)
    first, *_, last = picture.plot.rows
    assert [len(row.bounds) for row in (first, last)] == [1, 1]
    strokes = [line for line in drawn("revise").of("line", "ink") if len(line.points) == 2]
    flat = [line for line in strokes if line.points[0][1] == line.points[1][1]]
    assert len(flat) == 2


def test_an_axis_of_shares_ends_at_100_where_a_wide_range_nears_it() -> None:
    values = (0.1, 0.2, 0.3, 0.4, 0.7, 1.0, 1.8, 6.7, 13.6, 17.7, 18.4, 13.5)
    observed_shares = build.market("cars", values, 2014, unit="percent", measure="rate")
    picture = chart.picture(rf.forecast(observed_shares, year=2033))
    shown = measured(svg(picture))
    assert not picture.by_factors
    assert {"0", "100"} <= set(shown.words)
    assert not any("↑" in words for words in shown.words)


def test_years_of_two_digits_are_all_written_or_none(tmp_path: Path) -> None:
    rows = "".join(f"{year},{30 + year % 7}\n" for year in range(2003, 2025))
    path = tmp_path / "long.csv"
    path.write_text(f"year,value\n{rows}")
    for width in (640, 700, 760, 820, 900):
        shown = measured(svg(fanned(str(path), year=2028).picture, WIDE._replace(width=width)))
        foot = max(text.y for text in shown.texts if text.anchor == "middle")
        years = [text.words for text in shown.texts if text.anchor == "middle" and text.y == foot]
        brief = [year for year in years if len(year) == 2]
        assert len(brief) in (0, 2028 - 2003 + 1 - 3)


def test_published_figures_stand_right_of_the_bounds_and_cross_no_leader(tmp_path: Path) -> None:
    rows = "".join(f"{year},{100 + 9 * (year - 2016)},,a\n" for year in range(2016, 2026))
    views = "".join(f"2030,{value},forecast,View {value}\n" for value in (300, 260, 225))
    path = tmp_path / "views.csv"
    path.write_text(f"year,value,status,source\n{rows}{views}")
    case_of = fanned(str(path), year=2030)
    shown = measured(svg(case_of.picture))
    bounds = {label.amount for label in case_of.picture.plot.labels if label.level}
    right = max(text.box.right for text in shown.texts if text.words in bounds)
    assert all(mark.box.left > right for mark in shown.of("published"))
    assert not [*findings(shown)]
