"""Slides on a template: its fonts, its colours and its layout, and charts that can be edited."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

import rural_forecast as rf
from rural_forecast.document.picture import Look, Picture
from rural_forecast.errors import InputError, UsageError
from rural_forecast.render import native
from rural_forecast.render.native_chart import NativeChart
from rural_forecast.render.page import slides
from rural_forecast.views import chart, compare, scenario, several
from tests.gate.situations import case
from tests.inside import Cli

pptx = pytest.importorskip("pptx")
GREEN = "0B6B4F"


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A presentation with an accent of its own, a title placed by itself, and one slide."""
    from pptx.util import Inches

    show = pptx.Presentation()
    show.slide_width, show.slide_height = Inches(13.333), Inches(7.5)
    relations = show.slide_master.part.rels.values()
    theme = next(one.target_part for one in relations if one.reltype.endswith("/theme"))
    accent = f'<a:accent1><a:srgbClr val="{GREEN}"/></a:accent1>'
    theme._blob = re.sub(
        rb"<a:accent1>.*?</a:accent1>", accent.encode(), theme.blob, flags=re.DOTALL
    )
    layout = show.slide_layouts[5]
    title = next(one for one in layout.placeholders if one.placeholder_format.idx == 0)
    title.left, title.top, title.width, title.height = map(Inches, (0.8, 0.5, 10, 0.8))
    show.slides.add_slide(layout).shapes.title.text = "An example"
    file = tmp_path / "company.pptx"
    show.save(file)
    return file


def slides_of(picture: Picture, template: Path) -> list[Any]:
    look = Look(template=str(template))
    return [*pptx.Presentation(BytesIO(slides.render(picture._replace(look=look)))).slides]


def test_a_template_gives_its_layout_and_colours_and_none_of_its_slides(template: Path) -> None:
    (slide,) = slides_of(chart.picture(rf.forecast("mofcom", year=2030)), template)
    assert slide.shapes.title.text.startswith("Rural online retail sales")
    assert slide.shapes.title.left.inches == pytest.approx(0.8, abs=0.01)
    (drawn,) = (shape.chart for shape in slide.shapes if shape.has_chart)
    assert GREEN in drawn.part.blob.decode().upper()
    assert "0F4C8A" not in drawn.part.blob.decode().upper()


def test_nothing_on_a_slide_of_a_template_is_left_to_be_filled_in(template: Path) -> None:
    (slide,) = slides_of(chart.picture(rf.forecast("mofcom", year=2030)), template)
    assert [shape.placeholder_format.idx for shape in slide.placeholders] == [0]


@pytest.mark.slow
def test_rows_on_one_axis_are_a_chart_that_can_be_edited() -> None:
    picture = compare.picture(rf.compare("mofcom", year=2030))
    (slide,) = pptx.Presentation(BytesIO(slides.render(picture))).slides
    (drawn,) = (shape.chart for shape in slide.shapes if shape.has_chart)
    answer = rf.forecast("mofcom", year=2030).best
    ranges = [series for series in drawn.plots[0].series if series.name == "80 %"]
    blue = ranges[-1]
    assert min(drawn_values(blue, "xVal")) * picture.amounts.factor == pytest.approx(
        answer.lower[0, -1]
    )


def drawn_values(series: Any, axis: str) -> list[float]:
    """Read the values behind a series of points along one axis."""
    (values,) = (child for child in series._element if child.tag.endswith(axis))
    return [float(point.v.text) for point in values.iter() if point.tag.endswith("}pt")]


@pytest.mark.parametrize("kind", ["score", "size", "compare"])
@pytest.mark.slow
def test_all_series_of_points_are_as_long_as_the_longest_or_some_programs_lose_them(
    kind: str,
) -> None:
    (slide,) = pptx.Presentation(BytesIO(slides.render(case(kind).picture))).slides
    (drawn,) = (shape.chart for shape in slide.shapes if shape.has_chart)
    xml = drawn.part.blob.decode()
    counts = re.findall(r'<c:formatCode>General</c:formatCode><c:ptCount val="(\d+)"/>', xml)
    assert len(counts) > 4
    assert len(set(counts)) == 1


@pytest.mark.slow
def test_similar_histories_are_lines_of_a_chart_each_named_at_its_end() -> None:
    picture = case("precedents").picture
    (slide,) = pptx.Presentation(BytesIO(slides.render(picture))).slides
    (drawn,) = (shape.chart for shape in slide.shapes if shape.has_chart)
    names = [series.name for plot in drawn.plots for series in plot.series]
    assert {f"{label.amount} {label.name}" for label in picture.plot.labels} <= set(names)


@pytest.mark.slow
def test_a_scenario_is_drawn_over_the_years_with_its_range_behind_its_name() -> None:
    result = rf.scenario("mofcom", rf.Scenario("slow", growth=(2.0, 8.0)), year=2030)
    picture = scenario.picture(result)
    (slide,) = pptx.Presentation(BytesIO(slides.render(picture))).slides
    (drawn,) = (shape.chart for shape in slide.shapes if shape.has_chart)
    names = [series.name for plot in drawn.plots for series in plot.series]
    (end,) = (end for end in picture.plot.ends if end.name == "slow")
    assert f"{end.amount} slow ({' to '.join(end.texts)})" in names


def test_two_definitions_are_two_charts_side_by_side_each_below_its_name() -> None:
    results = [rf.forecast(name, year=2027) for name in ("turnover", "mofcom")]
    picture = several.several(results)
    (slide,) = pptx.Presentation(BytesIO(slides.render(picture))).slides
    left, right = (shape for shape in slide.shapes if shape.has_chart)
    assert left.left + left.width < right.left
    assert left.top == right.top
    assert not [shape for shape in slide.shapes if hasattr(shape, "image")]
    assert {panel.title for panel in picture.plot.pictures} <= first_runs(slide)


def first_runs(slide: Any) -> set[str]:
    """The first run of each text of a slide: a remark may be behind it."""
    frames = [shape.text_frame for shape in slide.shapes if shape.has_text_frame]
    return {frame.paragraphs[0].runs[0].text for frame in frames}


@pytest.mark.slow
def test_twelve_panels_are_twelve_charts_in_rows_each_with_its_name_and_range() -> None:
    picture = case("twelve series").picture
    (slide,) = pptx.Presentation(BytesIO(slides.render(picture))).slides
    charts = [shape for shape in slide.shapes if shape.has_chart]
    assert len(charts) == 12
    assert len({shape.left for shape in charts}) == 4
    assert len({shape.top for shape in charts}) == 3
    assert not [shape for shape in slide.shapes if hasattr(shape, "image")]
    assert {panel.title for panel in picture.plot.pictures} <= first_runs(slide)


def test_more_panels_than_a_slide_has_room_for_are_an_image() -> None:
    picture = case("twelve series").picture
    plot = picture.plot
    more = picture._replace(plot=plot._replace(pictures=(*plot.pictures, *plot.pictures)))
    (slide,) = pptx.Presentation(BytesIO(slides.render(more))).slides
    assert [shape for shape in slide.shapes if hasattr(shape, "image")]


def test_a_logarithmic_axis_is_one_in_the_chart_too() -> None:
    results = [rf.forecast(name, year=2027) for name in ("turnover", "mofcom")]
    (panel, _) = several.several(results).plot.pictures
    assert panel.by_factors
    chart_of_panel = native.chart_of(panel, 14)
    assert isinstance(chart_of_panel, NativeChart)
    lines = [series for series in chart_of_panel.series if series.name == "grid"]
    ticks = [line.values[0] for line in lines]
    assert ticks == [tick / chart_of_panel.factor for tick in chart_of_panel.scale.ticks]
    assert set(chart_of_panel.scale.texts) <= set(chart_of_panel.words)
    bands = [series for series in chart_of_panel.series if series.kind == "area"]
    tops = [sum(values) for values in zip(*(series.values for series in bands), strict=True)]
    (widest,) = [band for band in panel.plot.bands if band.level == 80]
    assert tops[-1] * chart_of_panel.factor == pytest.approx(widest.upper[-1])


def test_a_slide_names_no_program_as_its_author(template: Path) -> None:
    picture = chart.picture(rf.forecast("mofcom", year=2030))
    about = pptx.Presentation(BytesIO(slides.render(picture))).core_properties
    assert "python" not in f"{about.comments}{about.author}{about.last_modified_by}".casefold()


def test_a_template_that_is_not_there_or_no_presentation_is_refused(tmp_path: Path) -> None:
    picture = chart.picture(rf.forecast("mofcom", year=2030))
    with pytest.raises(InputError, match="is not there"):
        slides_of(picture, tmp_path / "no.pptx")
    text = tmp_path / "text.pptx"
    text.write_text("no presentation")
    with pytest.raises(InputError, match="no PowerPoint presentation"):
        slides_of(picture, text)


def test_a_template_without_room_below_its_titles_is_refused(
    template: Path, tmp_path: Path
) -> None:
    from pptx.util import Inches

    show = pptx.Presentation(str(template))
    for layout in show.slide_layouts:
        for shape in layout.placeholders:
            if shape.placeholder_format.idx == 0:
                shape.left, shape.top, shape.width, shape.height = map(Inches, (1, 1, 8, 5))
    full = tmp_path / "full.pptx"
    show.save(full)
    with pytest.raises(UsageError, match="no room"):
        slides_of(chart.picture(rf.forecast("mofcom", year=2030)), full)


def test_a_template_is_for_slides_and_is_never_overwritten(cli: Cli, template: Path) -> None:
    given = ("exhibit", "mofcom", "--template", str(template))
    pdf = cli(*given, "-o", str(template.with_suffix(".pdf")))
    assert pdf.code == 2
    assert pdf.err.startswith("error: --template is for slides.")
    before = template.read_bytes()
    over = cli(*given, "-o", str(template))
    assert over.code == 2
    assert "is an input" in over.err
    assert template.read_bytes() == before


def dotted(drawn: Any) -> list[Any]:
    return [line for line in drawn.plots[-1].series if line.name in ("earlier bases", "observed")]


def test_an_earlier_basis_is_grey_in_a_native_chart(template: Path) -> None:
    (slide,) = slides_of(chart.picture(rf.forecast("mofcom", year=2030)), template)
    (drawn,) = (shape.chart for shape in slide.shapes if shape.has_chart)
    colours = {series.name: series.marker.format.fill.fore_color for series in dotted(drawn)}
    earlier = bytes.fromhex(str(colours["earlier bases"].rgb))
    observed = bytes.fromhex(str(colours["observed"].rgb))
    assert len(set(earlier)) == 1
    assert earlier > observed
