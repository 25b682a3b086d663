"""Every format for people and programs, over documents that stand for what commands say."""

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from rural_forecast.document.table import Document
from rural_forecast.render.formats import render
from tests.render.documents import ALL, FOUNDING, NASTY


class TextFile(SingleFileSnapshotExtension):
    """One readable file a snapshot."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.fixture
def text(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(TextFile)


@pytest.mark.parametrize("name", ["csv", "tsv", "json", "ndjson", "markdown", "table"])
@pytest.mark.parametrize("document", ALL.values(), ids=ALL.keys())
def test_format(document: Document, name: str, text: SnapshotAssertion) -> None:
    assert render(document, name) == text


@pytest.mark.parametrize("width", [40, 60, 80, 140])
@pytest.mark.parametrize("document", ALL.values(), ids=ALL.keys())
def test_table_on_a_terminal(document: Document, width: int, text: SnapshotAssertion) -> None:
    assert render(document, "table", width=width) == text


def test_table_in_colour(text: SnapshotAssertion) -> None:
    colored = render(FOUNDING, "table", width=80, color=True)
    assert isinstance(colored, str)
    assert colored.replace("\x1b", "ESC") == text


@pytest.mark.parametrize("document", [FOUNDING, NASTY], ids=["founding", "nasty"])
def test_table_in_ascii(document: Document, text: SnapshotAssertion) -> None:
    plain = render(document, "table", width=80, unicode=False)
    assert isinstance(plain, str)
    assert plain.isascii()
    assert plain == text
