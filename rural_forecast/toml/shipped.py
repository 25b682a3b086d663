"""A TOML file by its path, by the name of one that ships, or from standard input."""

from __future__ import annotations

from difflib import get_close_matches
from os.path import isdir, isfile
from pathlib import Path

from rural_forecast.errors import InputError, UsageError
from rural_forecast.series.reading.files import is_pipe, read_bytes
from rural_forecast.series.source_names import STANDARD_INPUT
from rural_forecast.system.shipped_data import data_folder
from rural_forecast.toml.file import MOST_BYTES, TomlFile


def shipped(kind: str) -> dict[str, Path]:
    """The files of a kind (`sizing`, `scenarios`) that ship with the program, by name."""
    return {path.stem: path for path in sorted((data_folder() / kind).glob("*.toml"))}


def load(source: str, kind: str, noun: str, advice: str) -> TomlFile:
    """Read a file of a kind.

    `noun`: what messages call such a file; `advice`: what to do if there is no such file. Raises UsageError if a bare
    name neither ships nor is a file; InputError if a path has no file, or the file is not TOML.
    """
    if source == "-":
        return TomlFile.read(read_bytes("-", first=MOST_BYTES + 1), STANDARD_INPUT, Path())
    known = shipped(kind)
    path = known.get(source) or _existing(source, known, noun, advice)
    name = f"{source}.toml" if source in known else source
    return TomlFile.read(read_bytes(str(path), first=MOST_BYTES + 1), name, path.parent)


def _existing(source: str, known: dict[str, Path], noun: str, advice: str) -> Path:
    path = Path(source)
    if isfile(source) or is_pipe(source):  # noqa: PTH113 - pathlib raises if a name is too long
        return path
    if isdir(source):  # noqa: PTH112
        raise InputError(f"{source} is a folder.", "Name a file in it.")
    suffixed = path.with_name(path.name + ".toml") if path.name else path
    close = [str(suffixed)] if isfile(suffixed) else get_close_matches(source.removesuffix(".toml"), known, 1)  # noqa: PTH113
    hint = f"Did you mean {close[0]}? {advice}" if close else advice
    if path.name == source and not path.suffix:
        raise UsageError(f"There is no {noun} named '{source}'.", hint, code="unknown_name")
    raise InputError(f"There is no {noun} '{source}'.", hint, code="not_found")
