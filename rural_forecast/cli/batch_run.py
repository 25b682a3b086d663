"""Run a batch: input, output, list of refused series, record, progress."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from rural_forecast.cli.batch_streams import PIPED, Encode, Piped, open_stream
from rural_forecast.cli.loading import unchanged
from rural_forecast.cli.running import Run
from rural_forecast.document.table import Document, Table
from rural_forecast.errors import PartialError, UsageError
from rural_forecast.forecasting.batch.calibration import Mode, calibration
from rural_forecast.forecasting.batch.inputs import comes_sorted, opened
from rural_forecast.forecasting.batch.run import Running, engine_of
from rural_forecast.forecasting.panel import Refusal, Request
from rural_forecast.notes import Note
from rural_forecast.observed.reading import ReadOptions
from rural_forecast.observed.reading.blocks import BLOCK_BYTES
from rural_forecast.observed.reading.formats.parquet import files_of
from rural_forecast.observed.reading.source import Pipe, is_pipe, known_as, name_of
from rural_forecast.observed.source_names import is_folder, without_folders
from rural_forecast.record.keeping import keep
from rural_forecast.render import formats
from rural_forecast.render.formats.separated import field, guarding
from rural_forecast.system import inputs
from rural_forecast.system.output import is_device, replacing_both, temporary_folder
from rural_forecast.system.progress import progress
from rural_forecast.version import __version__
from rural_forecast.views.about import account_lines, account_record, remarks

MOST_NAMED = 10  # refused series that are named on standard error
LONGEST = 255 - len(".refused.csv")  # bytes of a name before that, as file systems allow
HEADER = "series_id,line,reason,code"  # of the list of refused series


def carry_out(
    file: str,
    options: ReadOptions,
    asked: Request,
    run: Run,
    *,
    engine: str,
    workers: int | None,
    strict: bool,
    calibrate: Mode,
    guarded: bool,
) -> None:
    """Forecast a file of series. Raises PartialError if some were refused, and InputError for one
    if `strict`.
    """
    if engine_of(engine)[0] != "local" and file == "-":
        raise UsageError(
            "Engines read files, not standard input.", "Name a file, or leave --engine out."
        )
    listed = _protected(file, run)
    given = Pipe(file) if file == "-" or is_pipe(file) else None
    pipe = None
    # What is long and sorted by series is read once, as it comes.
    if given and calibrate == "never":
        head = given.peek(BLOCK_BYTES)
        pipe = (
            given
            if len(head) == BLOCK_BYTES and comes_sorted(head, name_of(file), options)
            else None
        )
    as_they_come = run.output is None and run.format in PIPED and not strict
    with (
        temporary_folder() if run.keeping.keep is not None else nullcontext() as scratch,
        nullcontext(file) if pipe else readable(file, given) as path,
        nullcontext((None, None)) if as_they_come else replacing_both(run.output, listed) as (
            part,
            beside,
        ),
        unchanged(
            path, "nothing was written" if part is not None else "its rows are of neither version"
        ),
        guarding(guarded),
        ExitStack() as ending,
    ):
        measured = calibration(path, options, asked, calibrate)
        for note in measured.report:
            run.say(str(note))
        asked = asked._replace(factors=measured.factors, shift=measured.shift)
        levels = asked.levels
        # A workbook has the history on a sheet of its own, unless it belongs to the rows.
        brief = run.format == "table" or (run.format == "xlsx" and not asked.history)
        outputs = [
            Piped(run.format, levels)
            if part is None
            else open_stream(part, run.format, levels, run.terminal, brief=brief)
        ]
        outputs += [open_stream(scratch / "record", "json", levels, {})] if scratch else []
        for stream in outputs:
            ending.enter_context(closing(stream))
        source = opened(path, options, pipe)
        last = 0
        encode: Any = Encode(run.format, levels, guarded, bool(scratch), brief)
        running = Running(
            source,
            asked,
            encode,
            strict=strict,
            kept=scratch is not None,
            as_they_come=as_they_come,
        )
        first = list[Refusal]()
        listing = ending.enter_context(_listing(listed, beside))
        with progress(quiet=run.quiet) as work:
            if source.rows:
                work.expect(source.rows)
            for piece in running.parts(engine=engine, workers=workers):
                payloads, origin = piece.payload
                last = max(last, origin)
                for stream, payload in zip(outputs, payloads, strict=True):
                    stream.write(payload)
                first += piece.refusals[: MOST_NAMED - len(first)]
                listing(piece.refusals)
                work.advance(piece.values)
        notes = (*running.notes(), *measured.warnings)
        provenance = {}
        if scratch or formats.BY_NAME[run.format].has_provenance:
            provenance = _provenance(path, asked, options, running, pipe)
        about = Document(
            "batch", Table((), ()), notes=remarks((*measured.report, *notes)), provenance=provenance
        )
        for stream in outputs:
            stream.finish(run.dated(about))
        ending.close()  # before the record is copied
        if scratch is not None and run.keeping.keep is not None:
            stem = without_folders(name_of(file)).partition(".")[0]
            run.say(f"kept {keep(scratch / 'record', run.keeping.keep, stem, last)}")
    _report(running, notes, first, name_of(file), listed, run)


def _protected(file: str, run: Run) -> Path | None:
    """The list of refused series; refuses an output that is read, now or by the next run, and a
    list over a file.
    """
    folder = is_folder(file)
    output = run.output
    within = (
        output is not None
        and Path(os.path.realpath(file)) in Path(os.path.realpath(output)).parents
    )
    if folder and within and output and output.suffix.lower() == ".parquet":
        raise UsageError(
            f"{output} is in the folder that is read.", "Name a file elsewhere with -o."
        )
    for name in files_of(file) if folder else [file]:
        inputs.record(inputs.STANDARD_INPUT if name == "-" else name)
    run.protect_inputs()
    if output is None or is_device(output):
        return None
    stem = output.name.removesuffix(".csv")  # outputs of different formats have lists of their own
    while len(os.fsencode(stem)) > LONGEST:
        stem = stem[:-1]
    listed = output.with_name(f"{stem}.refused.csv")
    if not listed.is_file():
        return listed
    inputs.protect_from(listed)
    with suppress(OSError), listed.open(errors="replace") as there:
        if there.readline(100).rstrip("\n") not in ("", HEADER, HEADER.removesuffix(",code")):
            problem = (
                f"{listed} is not a list of refused series, and this run would write one there."
            )
            raise UsageError(problem, "Move that file, or name another output with -o.")
    return listed


@contextmanager
def readable(file: str, pipe: Pipe | None = None) -> Iterator[str]:
    """A path that can be read twice: standard input and pipes are copied to a temporary file."""
    if pipe is None and file != "-" and not is_pipe(file):
        yield file
        return
    pipe = pipe or Pipe(file)
    pipe.peek(1)
    with temporary_folder() as folder:
        path = folder / "input"
        with path.open("wb") as copy:
            while data := pipe.read(1 << 20):
                copy.write(data)
        with known_as(str(path), file):
            yield str(path)


@contextmanager
def _listing(
    listed: Path | None, beside: Path | None
) -> Iterator[Callable[[Sequence[Refusal]], None]]:
    """Lists refused series `beside` the output until it is whole; without any, a list that is there
    is emptied.
    """
    if not listed or not beside:
        yield lambda _: None
        return
    with beside.open("w", encoding="utf-8", newline="") as file:

        def add(refusals: Sequence[Refusal]) -> None:
            cells = (
                (field(one.series_id), str(one.line or ""), field(one.reason), one.error.code)
                for one in refusals
            )
            head = [f"{HEADER}\n"] if refusals and not file.tell() else []
            file.writelines([*head, *(f"{','.join(row)}\n" for row in cells)])

        yield add
        file.write(f"{HEADER}\n" if listed.exists() and not file.tell() else "")


def _provenance(
    path: str, asked: Request, options: ReadOptions, running: Running, pipe: Pipe | None
) -> dict[str, Any]:
    chosen = {
        **asked._asdict(),
        **asked.limits._asdict(),
        "allow_gaps": options.allow_gaps,
        "breaks": options.breaks,
        "limits": None,
    }
    # A floor of zero is stated, and no shift is none.
    chosen["shift"] = chosen["shift"] or None
    account = running.source.account()
    digest = pipe.digest if pipe else sha256()
    for file in () if pipe else files_of(path):
        with file.open("rb") as stream:
            while data := stream.read(1 << 20):
                digest.update(data)
    return {
        "version": __version__,
        "data_digest": f"sha256:{digest.hexdigest()}",
        "series": running.series,
        "refused": running.refused,
        "seed": None,
        "options": {name: value for name, value in chosen.items() if _is_stated(value)},
        **({"stated": running.stated} if running.stated else {}),
    } | ({"reading": [account_record(account)]} if account else {})


def _is_stated(value: object) -> bool:
    return value is not None and value is not False and value != ()


def _report(
    running: Running,
    notes: Sequence[Note],
    first: Sequence[Refusal],
    file: str,
    listed: Path | None,
    run: Run,
) -> None:
    account = running.source.account()
    doubts = ""
    for line in account_lines(account) if run.verbose and account else ():
        run.say(line)
    if running.refused and run.record.errors_as_json:  # standard error holds one object then
        doubts = "".join(f" {note}" for note in notes if note.warning)
    else:
        run.warn(remarks(notes))
    counts = f"{running.series:,} series forecast"
    if not running.refused:
        run.say(counts)
        return
    counts += f", {running.refused:,} refused"
    if listed is not None:
        raise PartialError(
            f"{counts}.{doubts}", f"See {listed} for the line and the reason of each."
        )
    raise run.partial(
        counts, first, file, "Name a file with -o to get all of them listed next to it.", doubts
    )
