"""Errors for people and for programs."""

import json

from jsonschema import Draft202012Validator

from rural_forecast.errors import InputError, OutputError, Place
from rural_forecast.render.error import as_json, plain
from rural_forecast.render.schemas import schema


def test_people_read_two_lines_whose_labels_alone_are_coloured_and_data_brings_no_escapes() -> None:
    assert plain("No series 'rurl'.", "Did you mean it?") == "error: No series 'rurl'.\nhint: Did you mean it?"
    assert plain("It failed.") == "error: It failed."
    colored = plain("bad \x1b[5mcell\x07\nvalue", "mend it", color=True)
    assert colored == "\x1b[1;31merror:\x1b[0m bad cell value\n\x1b[36mhint:\x1b[0m mend it"


def test_programs_read_one_object() -> None:
    place = Place("a.csv:3", "a.csv", 3, 2)
    written = as_json(InputError('column value: "x" \x1b乡 is not a number', place=place, value="x"))
    assert "\n" not in written
    assert "\x1b" not in written
    read = json.loads(written)
    Draft202012Validator(schema("error")).validate(read)
    assert read == {
        "code": "cell", "message": 'a.csv:3: column value: "x" \x1b乡 is not a number', "hint": "", "exit_code": 3,
        "path": "a.csv", "line": 3, "column": 2, "value": "x",
    }  # fmt: skip
    assert json.loads(as_json(OutputError("It is full.")))["line"] is None
