"""Errors and notes are values: a code, a sentence, and a place where one is to blame."""

import pickle
from pathlib import Path

import pytest

import rural_forecast as rf
from rural_forecast import errors
from rural_forecast.errors import InputError, Place, Problem, UsageError
from rural_forecast.notes import Note
from tests.inside import Cli


@pytest.mark.parametrize(
    ("text", "code", "place", "value"),
    [
        ("year,value\n2020,1\n2021,many\n", "cell", (3, 2), "many"),
        ("year,value\n2020,1\n2022,2\n", "gap", (3, 2), None),
        ("id,year,value\na,2020,1\nb,2020,2\n", "choice_needed", None, None),
        ("year,value\n", "input", (0, 0), None),
    ],
)
def test_an_error_of_a_file_has_its_place(
    text: str, code: str, place: tuple[int, int] | None, value: object, tmp_path: Path
) -> None:
    path = tmp_path / "market.csv"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        rf.read(path)
    error = pickle.loads(pickle.dumps(caught.value))  # as from a worker
    assert (error.code, error.value, error.place.path) == (code, value, str(path))
    if place is not None:
        assert (error.place.line, error.place.column) == place


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("project nosuch", "unknown_name"),
        ("project --model nosuch", "unknown_name"),
        ("project --nosuch", "unknown_name"),
        ("nosuch", "unknown_name"),
        ("project nowhere.csv", "not_found"),
        ("project --year soon", "usage"),
        ("project turnover --model gompertz --until 2015", "model"),
    ],
)
def test_codes_of_commands(line: str, code: str, cli: Cli) -> None:
    assert f'"code": "{code}"' in cli(*line.split(), "--format", "json").err


def test_a_place_that_is_known_stays() -> None:
    with pytest.raises(InputError) as caught, errors.of_file("outer.csv"):
        raise InputError("is wrong", place=Place("inner.csv:3", "inner.csv", 3))
    assert caught.value.place.path == "inner.csv"


def test_a_problem_becomes_an_error_at_its_place() -> None:
    error = InputError.of(Problem("20 is no level.", "Write 90."), place=Place("a.csv:3", "a.csv", 3))
    assert (str(error), error.hint, error.code) == ("a.csv:3: 20 is no level.", "Write 90.", "cell")


def test_a_hint_names_arguments_in_python_and_options_on_the_command_line(cli: Cli) -> None:
    with pytest.raises(UsageError) as refused:
        rf.forecast(rf.read("turnover"), levels=[29])
    assert pickle.loads(pickle.dumps(refused.value)).hint == "Give whole percents, such as levels=[90]."
    assert "--level 90" in cli("project", "turnover", "--level", "29").err


def test_a_note_is_a_value() -> None:
    (note,) = (one for one in rf.forecast(rf.read("mofcom")).notes if one.code == "inexact")
    assert len({note, Note(note.code, note.text)}) == 1
    assert pickle.loads(pickle.dumps(note)) == note
    assert str(note.about("a").about("b")) == f"b: a: {note}"
