"""The shipped schemas: valid themselves, in the order of the contract, strict about what they describe."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from rural_forecast.render.formats import render
from rural_forecast.render.schemas import NAMES, schema
from tests.render.documents import EMPTY, FOUNDING
from tests.schemas import errors

COLUMNS = {
    "forecast": "series_id period kind model value lower_80 upper_80 lower_95 upper_95 growth_pct unit",
    "compare": (
        "series_id model period value lower_80 upper_80 lower_95 upper_95 "
        "weight backtest_smape backtest_n status reason"
    ),
    "backtest": "series_id model horizon n smape mase owa msis_95 crps coverage_80 coverage_95",
    "backtest-detail": "series_id model origin period forecast actual lower_80 upper_80 lower_95 upper_95",
    "growth": "series_id period value growth_pct index derived unit",
    "precedents": "series_id rank precedent source from_period to_period distance horizon growth_pct",
    "size": "item stage period value lower_80 upper_80 lower_95 upper_95 variance_share unit",
    "series-list": "series_id alias title measure unit first last n publisher",
    "models": "model title role min_points spreadsheet reference",
    "series-show": "series_id period value qualifier status used published_growth_pct source note unit",
    "series-sources": "source_id publisher title date reach url",
    "series-read": "period value status unit source note series_id growth_pct measure definition author qualifier "
    "published_on doubtful low high level",
    "series-check": "series_id period severity code text path line column",
    "model-parameters": "model parameter meaning unit lower upper",
    "error": "code message hint exit_code path line column value",
    "panel": "series_id period kind model value lower_80 upper_80 lower_95 upper_95 growth_pct unit parent base_value",
    "score": "series_id author origin period horizon forecast actual error_pct lower_80 upper_80 lower_95 upper_95 "
    "held_80 held_95",
    "triangulate": "series_id argument period value lower_80 upper_80 weight held_80 n definition why",
    "revise": "series_id period step value lower_80 upper_80 change detail",
    "chances": "series_id target period chance chance_by",
    "document": "schema_version command series rows figures inputs notes provenance",
}


FOUNDING_ROW: dict[str, Any] = json.loads(str(render(FOUNDING, "ndjson")).split("\n")[0])


@pytest.mark.parametrize("name", NAMES)
def test_schema_is_valid_and_follows_the_contract(name: str) -> None:
    found = schema(name)
    Draft202012Validator.check_schema(found)
    assert list(found["properties"]) == COLUMNS[name].split()
    assert found["title"]
    assert all("description" in given for given in found["properties"].values())


def test_a_row_fits_and_other_levels_fit_too() -> None:
    assert not errors("forecast", FOUNDING_ROW)
    other = {key.replace("80", "50").replace("95", "9"): value for key, value in FOUNDING_ROW.items()}
    assert not errors("forecast", other)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"period": "2017"}, "'2017' is not of type 'integer'"),
        ({"period": 0}, "0 is less than the minimum of 1"),
        ({"kind": "guess"}, "'guess' is not one of"),
        ({"value": None}, "None is not of type 'number'"),
        ({"lower_100": 1.0}, "'lower_100' does not match any of the regexes"),
        ({"surprise": 1}, "'surprise' does not match any of the regexes"),
    ],
)
def test_a_row_that_breaks_the_contract_is_refused(change: dict[str, object], said: str) -> None:
    found = errors("forecast", FOUNDING_ROW | change)
    assert len(found) == 1
    assert found[0].startswith(said)


def test_the_document_checks_the_rows_of_its_command() -> None:
    assert not errors("document", json.loads(str(render(EMPTY, "json"))))
    whole = json.loads(str(render(FOUNDING, "json")))
    assert not errors("document", whole)
    whole["rows"][0]["value"] = "602"
    [problem] = errors("document", whole)
    assert "'602'" in problem
    whole["command"] = "another"
    assert not errors("document", whole)
    del whole["notes"]
    assert errors("document", whole) == ["'notes' is a required property"]


def test_coverage_is_a_share_and_the_part_of_a_model_is_named() -> None:
    said = [message for key in ("coverage_80", "coverage_95") for message in errors("backtest", {key: 80.0})]
    assert sum("80.0 is greater than the maximum of 1" in message for message in said) == 2
    assert any("'winner' is not one of ['consensus'" in message for message in errors("compare", {"status": "winner"}))
