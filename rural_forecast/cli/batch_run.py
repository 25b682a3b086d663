"""Run a batch: input, output, list of refused series, progress."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from rural_forecast.cli import streams
from rural_forecast.cli.batch_sink import Encode, open_sink
from rural_forecast.cli.running import Run
from rural_forecast.cli.unchanged import unchanged
from rural_forecast.errors import InputError, PartialError, UsageError
from rural_forecast.forecasting.batch.panel import Refusal
from rural_forecast.forecasting.batch.parquet_source import files_of
from rural_forecast.forecasting.batch.request import Request
from rural_forecast.forecasting.batch.run import Progress, Sink, Summary
from rural_forecast.forecasting.batch.run import run as forecast_file
from rural_forecast.notes import Note
from rural_forecast.render import formats
from rural_forecast.render.formats.separated import field
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.reading.files import format_of, is_pipe, known_as, name_of, pieces_of_pipe
from rural_forecast.series.reading.grid import shown
from rural_forecast.system import inputs
from rural_forecast.system.atomic import is_device, replacing_both
from rural_forecast.system.scratch import temporary_folder
from rural_forecast.text.harmless import one_line
from rural_forecast.version import __version__
from rural_forecast.views.notes import remarks

MOST_TOLD = 10
_HEADER = "series_id,line,reason\n"


class Where(NamedTuple):
    """What runs the batch."""

    engine: str
    workers: int | None
    scheduler: str | None
    master: str | None


def carry_out(
    file: str, options: ReadOptions, asked: Request, run: Run, where: Where, *, strict: bool, calibrate: bool
) -> None:
    """Forecast a file of series.

    Raises
    ------
    PartialError : some series were refused; the output is there
    InputError : the file is refused, or with `strict` one of its series
    """
    if where.engine != "local" and file == "-":
        raise UsageError("Engines read files, not standard input.", "Name a file, or leave --engine out.")
    listed = None if run.output is None or is_device(run.output) else refused_path(run.output)
    if run.output is not None:
        _require_elsewhere(run.output, file)
    for name in files_of(file) if os.path.isdir(file) else [file]:  # noqa: PTH112 - Path.is_dir raises for a name too long
        inputs.record(inputs.STANDARD_INPUT if name == "-" else name)
    run.protect_inputs()
    if listed is not None:
        inputs.protect_from(listed)
        _require_list(listed)
    with _input(file, options) as (path, options), replacing_both(run.output, listed) as (part, beside):
        with unchanged(path):
            summary = _fill(part, path, options, asked, run, where, file, strict=strict, calibrate=calibrate)
        if listed is not None and (summary.refused or listed.exists()):
            _list(summary.refused, beside)
    _tell(summary, name_of(file), listed, run)


def _fill(
    part: Path,
    path: str,
    options: ReadOptions,
    asked: Request,
    run: Run,
    where: Where,
    named: str,
    *,
    strict: bool,
    calibrate: bool,
) -> Summary:
    notes: tuple[Note, ...] = ()
    if calibrate:
        asked, notes = _calibrated(path, options, asked, run)
    with closing(open_sink(part, run.format, asked.levels, run.terminal)) as sink:
        summary = _forecast(path, options, asked, run, where, sink, strict=strict)
        findings = summary.doubts.notes(summary.series + len(summary.refused), named)
        summary = summary._replace(notes=(*summary.notes, *findings))
        sink.finish(remarks((*notes, *summary.notes)), _provenance(path, run.format, asked, summary))
    return summary


def _forecast(
    path: str, options: ReadOptions, asked: Request, run: Run, where: Where, sink: Sink, *, strict: bool
) -> Summary:
    encode = Encode(run.format, asked.levels)
    if where.engine != "local":
        return _on_engine(path, options, asked, where, sink, encode, strict=strict)
    with streams.progress(quiet=run.quiet) as (total, advance):
        progress = Progress(run.say, total, advance)
        return forecast_file(
            path, options, asked, sink, encode, workers=where.workers, strict=strict, progress=progress
        )


def _on_engine(
    path: str, options: ReadOptions, asked: Request, where: Where, sink: Sink, encode: Encode, *, strict: bool
) -> Summary:
    """Forecast on Dask or Spark."""
    from rural_forecast.forecasting.batch import engines

    table = engines.table(path, options)

    def frames() -> Iterator[Any]:
        if where.engine == "dask":
            from rural_forecast.forecasting.batch import dask

            return dask.forecasts(table, asked, where.scheduler)
        from rural_forecast.forecasting.batch import spark

        return spark.forecasts(table, asked, where.master)

    return engines.into_sink(frames, asked, sink, encode, strict=strict, table=table)


@contextmanager
def _input(file: str, options: ReadOptions) -> Iterator[tuple[str, ReadOptions]]:
    """A path that can be read twice; standard input and pipes are copied to a temporary file."""
    piped = file != "-" and is_pipe(file)
    if file != "-" and not piped:
        yield file, options
        return
    if sys.stdin is None and not piped:
        raise InputError("Standard input is closed", "Pipe the data in, or name a file.")
    options = options._replace(input_format=format_of(file, options.input_format))
    with temporary_folder() as folder:
        path = folder / "input"
        with path.open("wb") as kept:
            if piped:
                kept.writelines(pieces_of_pipe(file))
            else:
                shutil.copyfileobj(sys.stdin.buffer, kept)
        with known_as(str(path), file):
            yield str(path), options


def _calibrated(path: str, options: ReadOptions, asked: Request, run: Run) -> tuple[Request, tuple[Note, ...]]:
    from rural_forecast.forecasting.batch.calibrate import calibrate

    found = calibrate(path, options, asked)
    for line in found.report:
        run.say(str(line))
    return asked._replace(factors=found.factors), found.report


def _provenance(path: str, name: str, asked: Request, summary: Summary) -> dict[str, Any]:
    """What is needed to reproduce the numbers, for formats with provenance."""
    if not formats.BY_NAME[name].has_provenance:
        return {}
    chosen = {key: value for key, value in asked._asdict().items() if value not in (None, (), False)}
    return {
        "version": __version__,
        "data_digest": f"sha256:{_digest(path)}",
        "series": summary.series,
        "refused": len(summary.refused),
        "seed": None,
        "options": chosen,
    }


def _digest(path: str) -> str:
    """Of the bytes of the input, file after file."""
    from hashlib import sha256

    whole_input = sha256()
    for file in files_of(path):
        with file.open("rb") as stream:
            while data := stream.read(1 << 20):
                whole_input.update(data)
    return whole_input.hexdigest()


def refused_path(output: Path) -> Path:
    """Where the refused series of an output are listed; outputs of different formats have lists of their own.

    >>> refused_path(Path("out.csv")).name, refused_path(Path("out.json")).name
    ('out.refused.csv', 'out.json.refused.csv')
    """
    return output.with_name(f"{output.name.removesuffix('.csv')}.refused.csv")


def _tell(summary: Summary, file: str, listed: Path | None, run: Run) -> None:
    """Report the counts and the refused series: the file that lists them, or the first ones on standard error."""
    # standard error holds one object then
    one_object = bool(summary.refused) and run.record.errors_as_json
    if not one_object:
        run.warn(remarks(summary.notes))
    if not summary.refused:
        run.say(f"{_count(summary.series)} forecast")
        return
    count = len(summary.refused)
    said = f"{_count(summary.series)} forecast, {count:,} refused"
    doubts = "".join(f" {note}" for note in summary.notes if note.warning and one_object)
    if listed is not None:
        raise PartialError(f"{said}.{doubts}", f"See {listed} for the line and the reason of each.")
    told = [
        f"{file}{f' line {refusal.row}' if refusal.row > 0 else ''}, series {shown(refusal.series_id)}: "
        f"{refusal.reason}"
        for refusal in summary.refused[:MOST_TOLD]
    ]
    advice = "Name a file with -o to get all of them listed beside it."
    if one_object:
        raise PartialError(f"{said}: {' '.join(told)}{doubts}", advice)
    for line in told:
        streams.say(one_line(f"refused: {line}", names=True))
    raise PartialError(f"{said}.", advice)


def _count(series: int) -> str:
    return f"{series:,} series"


def _require_elsewhere(output: Path, folder: str) -> None:
    """Refuse an output that the next run of the same folder would read.

    Raises
    ------
    UsageError : it is a Parquet file of the folder
    """
    within = Path(os.path.realpath(folder)) in Path(os.path.realpath(output)).parents
    if within and output.suffix.lower() == ".parquet" and os.path.isdir(folder):  # noqa: PTH112
        raise UsageError(f"{output} is in the folder that is read.", "Name a file elsewhere with -o.")


def _require_list(path: Path) -> None:
    """Refuse to write over a file that happens to have the name of the list of refused series.

    Raises
    ------
    UsageError : the file is not empty and not such a list
    """
    if not path.is_file():
        return
    try:
        with path.open("rb") as file:
            start = file.read(len(_HEADER))
    except OSError:
        return  # writing fails as well, and says why
    if start not in (b"", _HEADER.encode()):
        raise UsageError(
            f"{path} is not a list of refused series, and this run would write one there.",
            "Move that file, or name another output with -o.",
        )


def _list(refused: Sequence[Refusal], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(_HEADER)
        for refusal in refused:
            line = str(refusal.row) if refusal.row > 0 else ""
            file.write(f"{field(refusal.series_id)},{line},{field(refusal.reason)}\n")
