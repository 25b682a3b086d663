"""Findings are values: the domain names codes and fields, and every sentence is in the views."""

from __future__ import annotations

import pickle

import pytest

import rural_forecast as rf
from rural_forecast.notes import Note
from rural_forecast.text.wording import for_readers
from rural_forecast.views import notes as words
from rural_forecast.views import phrases


def test_a_note_is_a_value() -> None:
    (note,) = (one for one in rf.forecast(rf.read("mofcom")).notes if one.code == "inexact")
    assert note == Note("inexact", {"qualifier": "~", "values": ((3000.0, 2025),)})
    assert len({note, Note("inexact", dict(note.fields))}) == 1
    assert pickle.loads(pickle.dumps(note)) == note
    assert str(note) == "3,000 (2025) is rounded, used as if exact."
    assert str(note.about("a").about("b")) == f"b: a: {note}"


def test_words_follow_the_number_of_things() -> None:
    missing = [words.text(Note("missing", {"file": "a.csv", "count": count})) for count in (1, 2, 1200)]
    assert missing[0] == "1 value of a.csv is missing."
    assert missing[1:] == ["2 values of a.csv are missing.", "1,200 values of a.csv are missing."]
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
    assert phrases.taken("{a:?{b}|} {c:{d:number} one|several}") == {"a": True, "b": True, "c": False, "d": False}


@pytest.mark.parametrize("value", [0.0, -1.5])
def test_a_number_of_nought_is_there(value: float) -> None:
    assert phrases.filled("{at:?at {at:number}|nowhere}", {"at": value}) == f"at {value:g}"
    assert phrases.filled("{at:?at {at}|nowhere}{more:?, more|}", {"at": None}) == "nowhere"
