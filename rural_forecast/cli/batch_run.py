"""Run a batch: input, output, list of refused series, progress."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from rural_forecast.cli import streams
from rural_forecast.cli.batch_sink import HEADER, PIPED, BatchSink, Encode, Piped, open_sink
from rural_forecast.cli.keeping import keep
from rural_forecast.cli.loading import unchanged
from rural_forecast.cli.options import Engines
from rural_forecast.cli.running import Run
from rural_forecast.document.table import Document, Table
from rural_forecast.errors import PartialError, UsageError
from rural_forecast.forecasting.batch.calibration import Calibration, Mode, calibration
from rural_forecast.forecasting.batch.engines import engine_of
from rural_forecast.forecasting.batch.inputs import comes_sorted
from rural_forecast.forecasting.batch.panel import Refusal
from rural_forecast.forecasting.batch.request import Request
from rural_forecast.forecasting.batch.run import Progress, Summary
from rural_forecast.forecasting.batch.run import run as forecast_file
from rural_forecast.render import formats
from rural_forecast.render.formats import Stream
from rural_forecast.render.formats.separated import guarding
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.reading.blocks import BLOCK_BYTES
from rural_forecast.series.reading.formats.parquet import files_of
from rural_forecast.series.reading.source import Pipe, is_pipe, known_as, name_of
from rural_forecast.series.source_names import is_folder, without_folders
from rural_forecast.system import inputs
from rural_forecast.system.output import is_device, replacing_both, temporary_folder
from rural_forecast.version import __version__
from rural_forecast.views.notes import remarks
from rural_forecast.views.tidy import account_lines, account_record

LISTED = ".refused.csv"
LONGEST_NAME = 255
"""Bytes of the name of a file, as file systems allow."""


class Batch(NamedTuple):
    """A batch: the file and how it is read, what is asked, and how it is run."""

    file: str
    options: ReadOptions
    asked: Request
    run: Run
    engines: Engines
    strict: bool
    calibrate: Mode
    guarded: bool
    """True if texts are kept from being formulas."""

    def carry_out(self) -> None:
        """Forecast a file of series.

        Raises PartialError if some series were refused; the output is there; InputError if the file is refused, or with
        `strict` one of its series.
        """
        file, run, output = self.file, self.run, self.run.output
        if engine_of(self.engines.engine).name != "local" and file == "-":
            raise UsageError("Engines read files, not standard input.", "Name a file, or leave --engine out.")
        listed = None if output is None or is_device(output) else refused_path(output)
        if output is not None:
            _require_elsewhere(output, file)
        for name in files_of(file) if is_folder(file) else [file]:
            inputs.record(inputs.STANDARD_INPUT if name == "-" else name)
        run.protect_inputs()
        if listed is not None:
            inputs.protect_from(listed)
            _require_list(listed)
        given = Pipe(file) if file == "-" or is_pipe(file) else None
        pipe = given if given is not None and self._is_streamed(given) else None
        as_they_come = output is None and run.format in PIPED and not self.strict
        with (
            temporary_folder() if run.folder is not None else nullcontext() as scratch,
            nullcontext((file, self.options)) if pipe else readable(file, self.options, given) as (path, options),
            nullcontext((None, None)) if as_they_come else replacing_both(output, listed) as (part, beside),
            unchanged(path, "nothing was written" if part is not None else "its rows are of neither version"),
        ):
            asked, measured = self._calibrated(path, options)
            stream: Stream = Piped(run.format, asked.levels)
            if part is not None:
                stream = open_sink(part, run.format, asked.levels, run.terminal)
            record = None if scratch is None else open_sink(scratch / "record", "json", asked.levels, {})
            sink = BatchSink(stream, beside if listed is not None else None, record)
            with guarding(self.guarded), closing(sink):
                summary = self._forecast(path, options, asked, sink, pipe)
                summary = summary._replace(notes=(*summary.notes, *measured.warnings))
                digest = pipe.digest.hexdigest() if pipe else ""
                provenance = _provenance(path, "json" if record else run.format, asked, summary, digest)
                notes = remarks((*measured.report, *summary.notes))
                about = run.dated(Document("batch", Table((), ()), notes=notes, provenance=provenance))
                sink.finish(about, empty_list=listed is not None and not summary.refused and listed.exists())
            if scratch is not None and run.folder is not None:
                kept = keep(
                    scratch / "record", run.folder, without_folders(name_of(file)).partition(".")[0], sink.origin
                )
                run.say(f"kept {kept}")
        _report(summary, sink.first, name_of(file), listed, run)

    def _is_streamed(self, pipe: Pipe) -> bool:
        """True if a pipe is read once, as it comes: it is long, sorted by series, and nothing needs it twice."""
        head = pipe.peek(BLOCK_BYTES)
        return (
            len(head) == BLOCK_BYTES
            and self.calibrate == "never"
            and comes_sorted(head, name_of(pipe.path), self.options)
        )

    def _calibrated(self, path: str, options: ReadOptions) -> tuple[Request, Calibration]:
        """The question with factors for the intervals, where they are asked for."""
        if self.calibrate != "never":
            self.run.say("note: calibration reads the whole input before the first row is written")
        measured = calibration(path, options, self.asked, self.calibrate)
        for note in measured.report:
            self.run.say(str(note))
        return self.asked._replace(factors=measured.factors, shift=measured.shift), measured

    def _forecast(self, path: str, options: ReadOptions, asked: Request, sink: BatchSink, pipe: Pipe | None) -> Summary:
        with streams.progress(quiet=self.run.quiet) as (total, advance):
            keeping = self.run.folder is not None
            return forecast_file(
                path,
                options,
                asked._replace(history=asked.history or keeping),
                sink,
                Encode(self.run.format, asked.levels, self.guarded, keeping, asked.history),
                **vars(self.engines),
                strict=self.strict,
                progress=Progress(total, advance),
                pipe=pipe,
            )


@contextmanager
def readable(file: str, options: ReadOptions, pipe: Pipe | None = None) -> Iterator[tuple[str, ReadOptions]]:
    """A path that can be read twice; standard input and pipes, such as `pipe`, are copied to a temporary file."""
    if pipe is None and file != "-" and not is_pipe(file):
        yield file, options
        return
    pipe = pipe or Pipe(file)
    pipe.peek(1)
    with temporary_folder() as folder:
        path = folder / "input"
        with path.open("wb") as copy:
            while data := pipe.read(1 << 20):
                copy.write(data)
        with known_as(str(path), file):
            yield str(path), options


def _provenance(path: str, name: str, asked: Request, summary: Summary, digest: str) -> dict[str, Any]:
    """Version, digest and options that reproduce the numbers, for formats with provenance."""
    if not formats.BY_NAME[name].has_provenance:
        return {}
    chosen = {key: value for key, value in asked._asdict().items() if value not in (None, (), False)}
    return {
        "version": __version__,
        "data_digest": f"sha256:{digest or _digest(path)}",
        "series": summary.series,
        "refused": summary.refused,
        "seed": None,
        "options": chosen,
    } | ({"reading": [account_record(summary.reading)]} if summary.reading else {})


def _digest(path: str) -> str:
    """Of the bytes of the input, file after file."""
    whole_input = sha256()
    for file in files_of(path):
        with file.open("rb") as stream:
            while data := stream.read(1 << 20):
                whole_input.update(data)
    return whole_input.hexdigest()


def refused_path(output: Path) -> Path:
    """The list of the refused series of an output; outputs of different formats have lists of their own.

    >>> refused_path(Path("out.csv")).name, refused_path(Path("out.json")).name, len(refused_path(Path("x" * 250)).name)
    ('out.refused.csv', 'out.json.refused.csv', 255)
    """
    name = output.name.removesuffix(".csv")
    while len(os.fsencode(name + LISTED)) > LONGEST_NAME:
        name = name[:-1]
    return output.with_name(name + LISTED)


def _report(summary: Summary, first: Sequence[Refusal], file: str, listed: Path | None, run: Run) -> None:
    """Report the counts and the refused series: the file that lists them, or the first ones on standard error."""
    if summary.coverage:
        run.say(f"note: {summary.coverage}")
    for line in account_lines(summary.reading) if run.verbose and summary.reading else ():
        run.say(line)
    counts = f"{summary.series:,} series forecast"
    if summary.refused and run.record.errors_as_json:  # standard error holds one object then
        doubts = "".join(f" {note}" for note in summary.notes if note.warning)
    else:
        doubts = ""
        run.warn(remarks(summary.notes))
    if not summary.refused:
        run.say(counts)
        return
    counts += f", {summary.refused:,} refused"
    if listed is not None:
        raise PartialError(f"{counts}.{doubts}", f"See {listed} for the line and the reason of each.")
    raise run.partial(counts, first, file, "Name a file with -o to get all of them listed next to it.", doubts)


def _require_elsewhere(output: Path, folder: str) -> None:
    """Refuse an output that the next run of the same folder would read.

    Raises UsageError if it is a Parquet file of the folder.
    """
    within = Path(os.path.realpath(folder)) in Path(os.path.realpath(output)).parents
    if within and output.suffix.lower() == ".parquet" and is_folder(folder):
        raise UsageError(f"{output} is in the folder that is read.", "Name a file elsewhere with -o.")


def _require_list(path: Path) -> None:
    """Refuse to write over, or to empty, a file of the user's that has the name of the list of refused series.

    Raises UsageError if the file is not empty and not such a list.
    """
    if not path.is_file():
        return
    try:
        with path.open("rb") as file:
            start = file.readline(100).decode(errors="replace").rstrip("\r\n")
    except OSError:
        return  # writing fails as well, and says why
    if start not in ("", HEADER, f"{HEADER},code"):
        raise UsageError(
            f"{path} is not a list of refused series, and this run would write one there.",
            "Move that file, or name another output with -o.",
        )
