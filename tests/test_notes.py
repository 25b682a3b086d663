"""Notes are values: a code for programs, a sentence for people."""

from __future__ import annotations

import pickle

import rural_forecast as rf
from rural_forecast.notes import Note


def test_a_note_is_a_value() -> None:
    (note,) = (one for one in rf.forecast(rf.read("mofcom")).notes if one.code == "inexact")
    assert note == Note("inexact", "3,000 (2025) is rounded, used as if exact.")
    assert len({note, Note(note.code, note.text)}) == 1
    assert pickle.loads(pickle.dumps(note)) == note
    assert str(note) == note.text
    assert str(note.about("a").about("b")) == f"b: a: {note}"
