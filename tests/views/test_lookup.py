"""Series and models as people look them up: the list, every value, parameters and headings."""

import rural_forecast as rf
from rural_forecast.document.table import Document, Table
from rural_forecast.forecasting import registry
from rural_forecast.observed.catalogue import load
from rural_forecast.render.formats import render
from rural_forecast.views import lookup, models
from rural_forecast.views.table import row_columns


def lines(document: Document) -> list[str]:
    text = render(document, "table", width=80)
    assert isinstance(text, str)
    return text.splitlines()


def test_every_name_can_be_copied_from_the_list() -> None:
    every = load().every()
    first_words = {line.partition(" ")[0] for line in lines(lookup.listing(every))}
    assert {series.label for series in every} <= first_words


def test_a_search_without_a_result_says_so() -> None:
    shown = lines(lookup.listing(()))
    assert any(line.startswith("No series holds every word.") for line in shown)


def test_the_list_draws_whole_years() -> None:
    assert lookup.listing([rf.read("turnover")]).sections[0].rows[0][-1] == "▁▅█"


def values_of_turnover() -> list[str]:
    return lines(lookup.everything(rf.read("turnover"))._replace(brief=""))


def test_a_note_is_below_its_value() -> None:
    shown = values_of_turnover()
    row = next(
        index for index, line in enumerate(shown) if line.startswith("2015") and " yes " in line
    )
    assert shown[row].split() == ["2015", "353", "actual", "yes", "xfa20160411"]
    assert shown[row + 1] == "  Ministry of Commerce figure; implied by 482/1.366 = 352.9"


def test_a_bound_has_its_qualifier() -> None:
    assert any(line.split()[:3] == ["2016", "460", ">"] for line in values_of_turnover())


def test_the_address_of_a_source_is_on_a_line_of_its_own() -> None:
    address = "  http://finance.ce.cn/rolling/201410/13/t20141013_3692152.shtml"
    assert address in values_of_turnover()


def test_all_bounds_of_parameters_have_the_same_decimals() -> None:
    bounds = {}
    for line in lines(models.one_model(registry.get("damped_holt"))):
        name, _, rest = line.partition(" ")
        if name in ("alpha", "phi") and "one-step" not in line:
            bounds[name] = rest.split()[-2:]
    assert bounds == {"alpha": ["0.000", "1.000"], "phi": ["0.800", "0.995"]}


def test_a_model_names_the_points_that_it_needs() -> None:
    assert "Needs: 1 point or more." in lines(models.one_model(registry.get("naive")))


def test_machine_rows_have_headings_for_people() -> None:
    row = ("north", 2027, "forecast", "consensus", 5.0, 4.0, 6.0, 3.2, "bn CNY")
    heading = lines(Document("batch", Table(row_columns((80,)), (row,))))[0]
    assert heading == "Series  Year  Kind      Model      Value  80 % range  Growth  Unit"
