"""Look things up: `series`, of the catalogue and of files, `models`, and for programs `spec`,
`guide` and `mcp`.
"""

from __future__ import annotations

from pathlib import Path

from rural_forecast.cli import loading
from rural_forecast.cli.command import command
from rural_forecast.cli.options import Options
from rural_forecast.cli.running import Run
from rural_forecast.errors import UsageError
from rural_forecast.notes import Note
from rural_forecast.question.source import Source
from rural_forecast.text.cells import one_line

MOST_NAMED = 20


@command("words showing")
def series_list(ask: Options) -> None:
    """List the series of the catalogue.

    $ rural-forecast series list
    $ rural-forecast series list online --format csv
    $ rural-forecast series list --format json
    """
    from rural_forecast.series.catalogue import load
    from rural_forecast.views.lookup import listing

    run = Run(ask)
    run.write_document(listing(load().every(), ask.words or ()))


@command("source money reading showing")
def series_show(ask: Options) -> None:
    """Show one series: every value with its source, and its dated targets.

    $ rural-forecast series show turnover
    $ rural-forecast series show rural_online_retail_mofcom --format csv
    $ rural-forecast series show centres --format markdown
    $ rural-forecast series show mofcom --currency usd
    """
    from rural_forecast.forecasting.targets import targets as judged
    from rural_forecast.views.lookup import everything, target_sentence

    run = Run(ask)
    market = loading.market(ask.source, run)
    series = market.series
    notes = []
    if how := market.conversion:
        notes.append(how.note(seen.period.year for seen in series.observations))
        series = how.series(series)
    notes += [Note("target", target_sentence(target, series.unit)) for target in judged(series)]
    run.write_document(everything(series, notes))


@command("source reading showing", without="allow_gaps")
def series_read(ask: Options) -> None:
    r"""Read a file as it was downloaded into tidy rows; standard error has the account.

    The rows are read again by every command. Missing years are left to those commands. A series
    with a cell that cannot be read is left out and named on standard error (exit code 5).

    $ rural-forecast series read turnover
    $ printf 'Sales\n\nArea,2022,2023\nN,12,15\n' | rural-forecast series read -
    $ printf 'year,value\n2022,12\n' | rural-forecast series read - -f json
    """
    from rural_forecast.forecasting.panel import refusal_of
    from rural_forecast.series.reading.source import name_of
    from rural_forecast.views import lookup

    run = Run(ask)
    read, faults = loading.every(ask.source, run, refused=False)
    run.write_document(lookup.read(read))
    if faults:
        refused = len({fault.series_id for fault in faults})
        raise run.partial(
            f"{len(read):,} series read, {refused:,} refused",
            [refusal_of(fault.series_id, fault.error) for fault in faults[:MOST_NAMED]],
            name_of(Source.parse(ask.source or "").path),
            "'rural-forecast series check' lists every cell that is refused.",
        )


@command("source reading showing")
def series_check(ask: Options) -> int:
    r"""List all faults of a file or of a series; exit code 3 with findings.

    $ rural-forecast series check income_percap_national
    $ rural-forecast series check turnover --format json
    $ printf 'year,value\n2022,12\n2023,15\n' | rural-forecast series check -
    """
    from rural_forecast.series.findings import check as examine
    from rural_forecast.views import lookup

    run = Run(ask)
    read, faults = loading.every(ask.source, run, refused=True)
    broken = {fault.series_id for fault in faults}
    checked = []
    for series in read:
        findings = [*examine(series, allow_gaps=ask.allow_gaps)]
        if series.id in broken:  # its missing year may be in a row that is refused
            findings = [finding for finding in findings if finding.code != "gap"]
        checked.append((series, findings))
    result = lookup.check(checked, faults, ask.source or "")
    if run.format == "table" and (faults or any(series.file for series in read)):
        run.warn(result.notes)
        run.write("".join(f"{one_line(line)}\n" for line in lookup.lines(result, ask.source or "")))
    else:
        run.write_document(result)
    return (
        3
        if faults or any(finding.severity != "note" for _, found in checked for finding in found)
        else 0
    )


@command("model_name showing")
def models(ask: Options) -> None:
    """List the models, or show one: formula, parameters, assumptions, reference.

    $ rural-forecast models
    $ rural-forecast models --format csv
    $ rural-forecast models theta
    $ rural-forecast models damped_holt --format json
    """
    from rural_forecast.forecasting import registry
    from rural_forecast.views import lookup

    Run(ask).write_document(
        lookup.models(registry.MODELS)
        if ask.model_name is None
        else lookup.one_model(registry.get(ask.model_name.lower()))
    )


@command("command showing", formats=("json",))
def spec(ask: Options) -> None:
    """Write the commands as JSON: options, what excludes what, rows, codes.

    $ rural-forecast spec
    $ rural-forecast spec project
    $ rural-forecast spec series -o series.json
    """
    from rural_forecast.cli import tree
    from rural_forecast.cli.surface import for_programs
    from rural_forecast.render.formats.json import SCHEMA_VERSION, encode

    name = " ".join(ask.command or ())
    chosen = [
        path for path, _ in tree.commands() if f"{path} ".startswith(f"{name} " if name else "")
    ]
    if not chosen:
        raise tree.no_such("command", name, dict(tree.commands()))
    about = {"schema_version": SCHEMA_VERSION, "command": "spec"}
    Run(ask).write(encode({**about, **for_programs(chosen)}, indent=2) + "\n")


@command("showing", formats=("markdown",))
def guide(ask: Options) -> None:
    """Print a skill for agents: which command, which series, what not to claim.

    $ rural-forecast guide
    $ rural-forecast guide -o SKILL.md
    $ rural-forecast guide | head -20
    """
    Run(ask).write(Path(__file__).parents[1].joinpath("guide.md").read_text(encoding="utf-8"))


@command("folders")
def mcp(ask: Options) -> None:
    """Serve tools to agents by the Model Context Protocol, on standard input and output.

    $ rural-forecast mcp
    $ rural-forecast mcp .
    $ rural-forecast mcp . ~
    """
    from rural_forecast.cli.server import serve

    folders = [Path(name).expanduser() for name in ask.folders or ()]
    for each in folders:
        if not each.is_dir():
            raise UsageError(f"{each} is no folder.", "Name folders whose files may be read.")
    serve(folders)
