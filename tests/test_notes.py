"""Findings are values: the domain names codes and fields, and every sentence is in the views."""

from __future__ import annotations

import ast
import pickle
import re
from collections.abc import Mapping
from functools import cache

import pytest

import rural_forecast as rf
from rural_forecast.notes import Note
from rural_forecast.text.wording import for_readers
from rural_forecast.views import notes as words
from rural_forecast.views import phrases
from tests.sources import nodes

DOMAIN = ("series", "models", "forecasting", "nowcasting", "panels", "sizing", "scenarios")
MADE_IN_VIEWS = {"unreadable"}
"""Codes of findings that only the check makes, of what is refused."""
OPTION = re.compile(r"--[a-z][a-z-]+|'rural-forecast ")


@cache
def made() -> list[tuple[str, str, ast.Call]]:
    """Every note that the domain and the views make with a code in place, or with a name for one of the same file.

    Each is the file, the code and the call.
    """
    return [
        (name, code, call)
        for name, every in nodes().items()
        if name.split("/")[0] in (*DOMAIN, "views")
        for names in [texts(every)]
        for call in every
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Note"
        if (code := getattr(call.args[0], "value", None) or names.get(ast.unparse(call.args[0])))
    ]


def texts(every: tuple[ast.AST, ...]) -> dict[str, str]:
    """The texts that a file has names for."""
    return {
        node.targets[0].id: node.value.value
        for node in every
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


def fields(name: str, call: ast.Call) -> set[str] | None:
    """Names of the fields of a note; None where they are made elsewhere."""
    if len(call.args) < 2:
        return set()
    given = call.args[1]
    if isinstance(given, ast.Name):
        before = [
            node
            for node in nodes()[name]
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == given.id and node.lineno < call.lineno
        ]
        given = max(before, key=lambda node: node.lineno).value
    if not isinstance(given, ast.Dict):
        return None
    return {str(key.value) for key in given.keys if isinstance(key, ast.Constant)}


def test_every_code_has_words_and_all_words_have_a_code() -> None:
    worded = {code for room in words.ROOMS for code in words.of_room(room)}
    domain = (every for name, every in nodes().items() if name.split("/")[0] in DOMAIN)
    texts = {node.value for every in domain for node in every if isinstance(node, ast.Constant)}
    assert {code for _, code, _ in made()} <= worded <= texts | MADE_IN_VIEWS


def test_a_code_is_worded_once() -> None:
    every = [code for room in words.ROOMS for code in words.of_room(room)]
    assert len(every) == len(set(every))


def test_the_fields_of_a_note_are_what_its_words_take() -> None:
    for name, code, call in made():
        given = fields(name, call)
        if given is not None:
            taken = phrases.taken(words.words(code))
            needed = {field for field, optional in taken.items() if not optional}
            assert needed <= given <= taken.keys(), (name, code, given)


def test_no_note_of_the_domain_holds_a_sentence() -> None:
    """Neither an option nor a text that is put together stands within a note."""
    for name, code, call in made():
        if not name.startswith("views"):
            assert " " not in code, (name, code)
            assert not OPTION.search(ast.unparse(call)), (name, ast.unparse(call))


def test_a_note_is_a_value() -> None:
    (note,) = (one for one in rf.forecast(rf.read("mofcom")).notes if one.code == "inexact")
    assert note == Note("inexact", {"qualifier": "~", "values": ((3000.0, 2025),)})
    assert len({note, Note("inexact", dict(note.fields))}) == 1
    assert pickle.loads(pickle.dumps(note)) == note
    assert str(note) == "3,000 (2025) is rounded, used as if exact."
    assert str(note.about("a").about("b")) == f"b: a: {note}"


@pytest.mark.parametrize("name", ["turnover", "mofcom", "users", "towns"])
def test_fields_are_values_that_can_be_compared(name: str) -> None:
    for note in rf.forecast(rf.read(name)).notes:
        assert isinstance(note.fields, Mapping)
        assert hash(note) == hash(Note(note.code, dict(note.fields), note.warning, note.subject))


def test_words_follow_the_number_of_things() -> None:
    missing = [words.text(Note("missing", {"file": "a.csv", "count": count})) for count in (1, 2, 1200)]
    assert missing[0] == "1 value of a.csv is missing."
    assert missing[1:] == ["2 values of a.csv are missing.", "1,200 values of a.csv are missing."]
    answers = [words.text(Note("no_answer", {"models": models})) for models in (("a",), ("a", "b"))]
    assert answers == ["a answers from none of these origins.", "a and b answer from none of these origins."]
    for caveat, end in (("a census", "not used (a census)."), ("", "not used.")):
        basis = {"start": 2016, "unused": (2014, 2015), "caveat": caveat}
        assert words.text(Note("earlier_basis", basis)).endswith(f"2014 and 2015 are on the earlier one and {end}")


def test_words_follow_whether_a_field_is_there() -> None:
    about = {"year": 2016, "name": "sales", "caveat": "", "published": True}
    changes = [words.text(Note("basis_change", about | {"base": base})) for base in (False, True)]
    assert [change.endswith("; the growth of 2016 is as published.") for change in changes] == [True, False]
    assert changes[1].endswith("; --base 2016 indexes the new basis.")
    with for_readers():
        assert words.text(Note("basis_change", about | {"base": True})) == changes[0]
    wholes = [words.text(Note("wholes_given", {"count": n, "node": "a|b", "missed": m})) for n, m in ((1, 1), (2, 0))]
    assert wholes[0] == "a|b is read as the whole of others, not as one more part."
    assert wholes[1].startswith("2 series, first a|b, are read")
    assert wholes[1].endswith("and the parts add up to them.")
    assert phrases.taken("{a:?{b}|} {c:{d:number} one|several}") == {"a": True, "b": True, "c": False, "d": False}


@pytest.mark.parametrize("value", [0.0, -1.5])
def test_a_number_of_nought_is_there(value: float) -> None:
    assert phrases.filled("{at:?at {at:number}|nowhere}", {"at": value}) == f"at {value:g}"
    assert phrases.filled("{at:?at {at}|nowhere}{more:?, more|}", {"at": None}) == "nowhere"
