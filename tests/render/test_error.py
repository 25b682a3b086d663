"""Errors for people and for programs."""

from __future__ import annotations

import json

from jsonschema import Draft202012Validator

from rural_forecast.render.error import as_json, plain
from rural_forecast.render.schemas import schema


def test_people_read_two_lines() -> None:
    assert (
        plain("No series 'rurl'.", "Did you mean 'rural'?") == "error: No series 'rurl'.\nhint: Did you mean 'rural'?"
    )
    assert plain("It failed.") == "error: It failed."


def test_colour_marks_the_labels_alone_and_data_brings_none() -> None:
    colored = plain("bad \x1b[5mcell\x07\nvalue", "mend it", color=True)
    assert colored == "\x1b[1;31merror:\x1b[0m bad cell value\n\x1b[36mhint:\x1b[0m mend it"


def test_programs_read_one_object() -> None:
    written = as_json("input", 'line 3: "x" \x1b乡', "", 3)
    assert "\n" not in written
    assert "\x1b" not in written
    read = json.loads(written)
    Draft202012Validator(schema("error")).validate(read)
    assert list(read) == ["code", "message", "hint", "exit_code"]
    assert read["message"] == 'line 3: "x" \x1b乡'
