"""An input that somebody writes, replaces or deletes while it is read: no numbers of neither version."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from rural_forecast.cli.batch_streams import Encode
from rural_forecast.cli.loading import unchanged
from rural_forecast.errors import InputError
from tests.forecasting.batch.panels import in_pieces
from tests.inside import Cli
from tests.programs import hidden, panel

EARLIER = "the earlier result\n"


def overwrite(file: Path) -> None:
    """The same size, as an editor in place may leave it."""
    with file.open("r+b") as there:
        there.seek(file.stat().st_size // 2)
        there.write(b"\0,x\n9")


CHANGES: dict[str, Callable[[Path], object]] = {
    "truncate": lambda file: os.truncate(file, file.stat().st_size // 2 + 3),
    "append": lambda file: file.write_text(f"{file.read_text()}late,2022,1\nlate,2023,2\n"),
    "overwrite": overwrite,
    "replace": lambda file: panel(file.with_name("new"), 10).replace(file),
    "delete": Path.unlink,
}


@pytest.mark.parametrize(
    ("change", "suffix"),
    [
        *((change, "csv") for change in CHANGES),
        *((change, "parquet") for change in ("truncate", "overwrite", "delete")),
    ],
)
def test_a_batch_refuses_it_and_keeps_the_earlier_output(
    change: str, suffix: str, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The change comes when the first rows are there; most of the file is not read yet."""
    source, out = panel(tmp_path / "panel.csv", 300), tmp_path / "out.csv"
    if suffix == "parquet":
        pd.read_csv(source).to_parquet(source.with_suffix(".parquet"))
        source.unlink()
        source = source.with_suffix(".parquet")
    out.write_text(EARLIER)
    in_pieces(monkeypatch, 100)
    encode, changed = Encode.__call__, []

    def changing(encoder: Encode, rows: Any) -> Any:
        if not changed:
            CHANGES[change](source)
            changed.append(source)
        return encode(encoder, rows)

    monkeypatch.setattr(Encode, "__call__", changing)
    done = cli("batch", source, "-q", "-o", out)
    assert changed
    assert done.code == 3, done.err
    assert ("disappeared" if change == "delete" else "changed") in done.err
    assert out.read_text() == EARLIER
    assert not hidden(tmp_path)


def test_a_folder_that_gets_another_file_has_changed(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").touch()
    with pytest.raises(InputError, match="changed while it was read"), unchanged(str(tmp_path)):
        (tmp_path / "b.parquet").touch()
    with unchanged(str(tmp_path)):
        (tmp_path / "_note.parquet").touch()


def test_what_is_wrong_with_a_file_that_stays_is_told_as_ever(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x")
    with pytest.raises(ZeroDivisionError), unchanged(str(tmp_path / "a.csv")):
        raise ZeroDivisionError
    with pytest.raises(InputError, match="no column"), unchanged(str(tmp_path / "a.csv")):
        raise InputError("no column")
