"""A TOML file by its path, or by the bare name of one that ships."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from os.path import isdir, isfile
from pathlib import Path

from rural_forecast.errors import InputError, UsageError
from rural_forecast.series.reading.files import is_pipe

_DATA = Path(__file__).parents[1] / "data"


def shipped(kind: str) -> dict[str, Path]:
    """The files of a kind (`sizing`, `scenarios`) that ship with the program, by name."""
    folder = _DATA if _DATA.is_dir() else _DATA.parents[1] / "data"
    return {path.stem: path for path in sorted((folder / kind).glob("*.toml"))}


def find(source: str, known: Mapping[str, Path], what: str, advice: str) -> Path:
    """The file of a source.

    Parameters
    ----------
    known : the files that ship, by name
    what : how messages call such a file
    advice : what to do where nothing is close

    Raises
    ------
    UsageError : a bare name that neither ships nor is a file
    InputError : a path where there is no file
    """
    if source in known:
        return known[source]
    path = Path(source)
    if isfile(source) or is_pipe(source):  # noqa: PTH113 - pathlib raises where a name is too long
        return path
    if isdir(source):  # noqa: PTH112
        raise InputError(f"{source} is a folder.", "Name a file in it.")
    beside = path.with_name(path.name + ".toml") if path.name else path
    there = isfile(beside)  # noqa: PTH113
    close = [str(beside)] if there else get_close_matches(source.removesuffix(".toml"), known, 1, 0.6)
    hint = f"Did you mean {close[0]}? {advice}" if close else advice
    if path.name == source and not path.suffix:
        raise UsageError(f"There is no {what} named '{source}'.", hint)
    raise InputError(f"There is no {what} '{source}'.", hint)
