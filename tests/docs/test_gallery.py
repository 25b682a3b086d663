"""The gallery shows what its commands give."""

import re
from pathlib import Path

import pytest

from docs.generator.pictures import GALLERY, IMAGES, made, shown
from tests.docs.running import outputs
from tests.docs.test_blocks import rounded
from tests.render.fonts import has_chinese

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def test_the_gallery_shows_what_its_commands_give(tmp_path: Path) -> None:
    text = GALLERY.read_text()
    for printed in outputs(text if has_chinese() else text.replace("--title 乡村网络零售额 ", ""), tmp_path):
        assert rounded(printed.really) == rounded(printed.page), printed.what
    for name in (name for one in shown() for name in one.names if (tmp_path / name).is_file()):
        if name.endswith(".svg"):
            same((tmp_path / name).read_text(), (IMAGES / name).read_text())
        else:
            assert (tmp_path / name).stat().st_size > 5_000


def test_pictures_of_terminals_show_what_is_printed(tmp_path: Path) -> None:
    terminals = [one for one in shown() if one.names[0].startswith("terminal-")]
    assert terminals
    for one in terminals:
        for name, content in made(one, tmp_path).items():
            same(content.decode(), (IMAGES / name).read_text())


def test_every_picture_is_shown_in_the_gallery() -> None:
    elsewhere = {"notebook.png"}  # on the page of notebooks
    assert {name for one in shown() for name in one.names} == {file.name for file in IMAGES.iterdir()} - elsewhere


def same(really: str, kept: str) -> None:
    """The same but for the last digits of coordinates, which differ between processors."""
    assert _NUMBER.sub("", really) == _NUMBER.sub("", kept)
    assert numbers(really) == pytest.approx(numbers(kept), abs=0.02)


def numbers(text: str) -> list[float]:
    return [float(found) for found in _NUMBER.findall(text)]
