"""The shipped schemas: valid themselves, in the order of the contract, strict about what they describe; errors too."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from rural_forecast.errors import InputError, OutputError, Place
from rural_forecast.render.error import as_json, plain
from rural_forecast.render.formats import render
from rural_forecast.render.schemas import NAMES, schema
from tests.render.documents import EMPTY, FOUNDING
from tests.schemas import errors

BOUNDS = "lower_80 upper_80 lower_95 upper_95"
COLUMNS = {
    "forecast": f"series_id period kind model value {BOUNDS} growth_pct unit",
    "compare": f"series_id model period value {BOUNDS} weight backtest_smape backtest_n status reason",
    "backtest": "series_id model horizon n smape mase owa msis_95 crps coverage_80 coverage_95",
    "backtest-detail": f"series_id model origin period forecast actual {BOUNDS}",
    "growth": "series_id period value growth_pct index derived unit",
    "precedents": "series_id rank precedent source from_period to_period distance horizon growth_pct",
    "size": f"item stage period value {BOUNDS} variance_share unit",
    "series-list": "series_id alias title measure unit first last n publisher",
    "models": "model title role min_points spreadsheet reference",
    "series-show": "series_id period value qualifier status used published_growth_pct source note unit",
    "series-sources": "source_id publisher title date reach url",
    "series-read": "period value status unit source note series_id growth_pct measure definition author qualifier "
    "published_on doubtful low high level",
    "series-check": "series_id period severity code text path line column",
    "model-parameters": "model parameter meaning unit lower upper",
    "error": "code message hint exit_code path line column value",
    "panel": f"series_id period kind model value {BOUNDS} growth_pct unit parent base_value",
    "score": f"series_id author origin period horizon forecast actual error_pct {BOUNDS} held_80 held_95",
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


@pytest.mark.parametrize(
    ("name", "row", "said"),
    [
        ("forecast", {"period": "2017"}, "'2017' is not of type 'integer'"),
        ("forecast", {"period": 0}, "0 is less than the minimum of 1"),
        ("forecast", {"kind": "guess"}, "'guess' is not one of"),
        ("forecast", {"value": None}, "None is not of type 'number'"),
        ("forecast", {"lower_100": 1.0}, "'lower_100' does not match any of the regexes"),
        ("forecast", {"surprise": 1}, "'surprise' does not match any of the regexes"),
        ("backtest", {"coverage_80": 80.0}, "80.0 is greater than the maximum of 1"),
        ("backtest", {"coverage_95": 80.0}, "80.0 is greater than the maximum of 1"),
        ("compare", {"status": "winner"}, "'winner' is not one of ['consensus'"),
    ],
)
def test_a_row_that_breaks_the_contract_is_refused(name: str, row: dict[str, object], said: str) -> None:
    found = errors(name, FOUNDING_ROW | row if name == "forecast" else row)
    assert sum(message.startswith(said) for message in found) == 1
    assert name != "forecast" or len(found) == 1


def test_the_document_checks_the_rows_of_its_command_and_other_levels_fit_too() -> None:
    assert not errors("forecast", FOUNDING_ROW)
    other = {key.replace("80", "50").replace("95", "9"): value for key, value in FOUNDING_ROW.items()}
    assert not errors("forecast", other)
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


def test_people_read_an_error_in_two_lines_whose_labels_alone_are_coloured_and_programs_one_object() -> None:
    assert plain("No series 'rurl'.", "Did you mean it?") == "error: No series 'rurl'.\nhint: Did you mean it?"
    assert plain("It failed.") == "error: It failed."
    colored = plain("bad \x1b[5mcell\x07\nvalue", "mend it", color=True)
    assert colored == "\x1b[1;31merror:\x1b[0m bad cell value\n\x1b[36mhint:\x1b[0m mend it"
    place = Place("a.csv:3", "a.csv", 3, 2)
    written = as_json(InputError('column value: "x" \x1b乡 is not a number', place=place, value="x"))
    assert not {"\n", "\x1b"} & {*written}
    read = json.loads(written)
    assert errors("error", read) == []
    assert read == {
        "code": "cell", "message": 'a.csv:3: column value: "x" \x1b乡 is not a number', "hint": "", "exit_code": 3,
        "path": "a.csv", "line": 3, "column": 2, "value": "x",
    }  # fmt: skip
    assert json.loads(as_json(OutputError("It is full.")))["line"] is None
