"""What people see of the catalogue and of the models on a terminal of 80 columns."""

from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.document.table import Document, Table
from rural_forecast.forecasting import registry
from rural_forecast.render.formats import render
from rural_forecast.series.catalogue import load
from rural_forecast.series.source import read
from rural_forecast.text.numbers import BLOCKS, LONGEST, sparkline
from rural_forecast.views import lookup
from rural_forecast.views.table import row_columns


def lines(document: object, width: int | None = 80) -> list[str]:
    text = render(document, "table", width=width)  # type: ignore[arg-type]
    assert isinstance(text, str)
    return text.splitlines()


def test_every_name_can_be_copied_from_the_list() -> None:
    known = load().every()
    shown = {line.partition(" ")[0] for line in lines(lookup.listing(known))}
    assert {one.label for one in known} <= shown


def test_notes_and_addresses_stand_under_their_rows_and_no_sign_says_exactly() -> None:
    shown = lines(lookup.everything(read("turnover"))._replace(brief=""))
    row = next(place for place, line in enumerate(shown) if line.startswith("2015") and " yes " in line)
    assert shown[row].split() == ["2015", "353", "actual", "yes", "xfa20160411"]
    assert shown[row + 1] == "  Ministry of Commerce figure; implied by 482/1.366 = 352.9"
    assert any(line.split()[:3] == ["2016", "460", ">"] for line in shown)
    assert "  http://finance.ce.cn/rolling/201410/13/t20141013_3692152.shtml" in shown


def test_a_search_that_finds_nothing_says_so() -> None:
    assert any(line.startswith("No series holds every word.") for line in lines(lookup.listing(())))


def test_the_bounds_of_parameters_have_one_number_of_decimals() -> None:
    shown = lines(lookup.one_model(registry.get("damped_holt")))
    assert [line.split()[-2:] for line in shown if line.startswith(("alpha ", "phi ")) and "one-step" not in line] == [
        ["0.000", "1.000"],
        ["0.800", "0.995"],
    ]
    assert "Needs: 1 point or more." in lines(lookup.one_model(registry.get("naive")))


def test_forecasts_of_many_series_have_headings_for_people() -> None:
    columns = row_columns((80,))
    row = ("north", 2027, "forecast", "consensus", 5.0, 4.0, 6.0, 3.2, "bn CNY")
    heading = lines(Document("batch", Table(columns, (row,))))[0]
    assert heading == "Series  Year  Kind      Model      Value  80 % range  Growth  Unit"


@given(st.lists(st.floats(-1e9, 1e9), max_size=40))
def test_heights_follow_the_values(values: list[float]) -> None:
    word, shown = sparkline(values), values[-LONGEST:]
    assert len(word) == len(shown)
    heights = [BLOCKS.index(sign) for sign in word]
    assert all(heights[i] <= heights[j] for i, a in enumerate(shown) for j, b in enumerate(shown) if a < b)


def test_a_common_scale_can_be_given() -> None:
    assert sparkline([1, 2], low=0, high=8) == "▂▃"


def test_courses_hold_whole_years_alone() -> None:
    assert lookup.listing([read("turnover")]).sections[0].rows[0][-1] == "▁▅█"
