"""Options and commands of release 2 that 3.0 withdrew, each with its replacement; they go with
release 3.1.
"""

from __future__ import annotations

_PICTURE = "Draw it with chart, size or scenario, or on a page with exhibit."
OPTIONS: dict[str, str] = {
    "--chart": (
        "Write a picture: -o picture.svg. On a terminal, project, growth, scenario and chart draw."
    ),
    **dict.fromkeys(("--log", "--subtitle", "--note", "--ratio", "--pixels"), _PICTURE),
    "--source": "Use --credit TEXT, in chart, exhibit, size and scenario.",
    "--targets": "'rural-forecast series show ID' says whether a dated target was met.",
    "--bands": "Use --level 30,60,90.",
    "--levels": "Use --level 80,95 for the width of the range, --explain for all that there is.",
    "--all-years": "Use --years all.",
    **dict.fromkeys(
        ("panel --engine", "panel --workers"), "Leave it out: one process forecasts a panel."
    ),
    "growth --since": "Use --years 2014.., with the year.",
    "--nominal": "Forecast without --real for amounts in the prices of each year.",
    "--interrupt": (
        "Leave it out: forecasts erred 3 to 15 % more with it. "
        "Or begin after these years, with --since."
    ),
    "--cumulative": "Use --measure cumulative.",
    "--master": "Use --engine spark=URL.",
    "--scheduler": "Use --engine dask=URL.",
    "--prices": "Use --inflation COUNTRY, or --inflation FILE.",
    "--rates": "Use --rate FILE.",
    "--pool-weight": "Use --weight WHO=SHARE, with --pool.",
    "--input-format": "Leave it out: the content of a file decides its format.",
    "--range": "Use --sheet 'NAME!A1:C9', or --sheet A1:C9.",
    "--decimal-comma": "Use --decimal ,",
    "--thousands": (
        "Use --decimal . or --decimal , for the decimal mark; the other sign parts the thousands."
    ),
    "--future-years": "Use --actuals-until YEAR, the last year of history.",
    "--reconcile": "Use --prefer median, or --prefer rule.",
}
"""Replacements by the option as it was typed, maybe after the command."""
NONE_HERE: dict[str, str] = {
    "panel --ceiling": (
        "A ceiling is of one series. Forecast that part or the whole with project --series NAME "
        "--ceiling A..B, or name a total that a part never passes in a column 'within'."
    ),
    "panel --floor": "A floor is of one series: project --series NAME --floor A.",
    "panel --within": (
        "No part passes its whole here. For a total outside the panel, ask for that part alone: "
        "project --series NAME --within SOURCE."
    ),
    "size --within": "Write the total in the formula of the model: min(users * spending, total).",
    "size --ceiling": "Write it in the formula of the model: min(users * spending, 900).",
    "size --floor": "Write it in the formula of the model: max(users * spending, 100).",
}
"""Where an option has no meaning, and what does instead, by the command and the option."""
OF_OTHERS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("--h", "--fh", "--steps", "--periods", "--n-periods", "--ahead"), ("--horizon", "--year")
    ),
    **dict.fromkeys(
        ("--confidence", "--alpha", "--interval", "--intervals", "--ci", "--coverage"), ("--level",)
    ),
    **dict.fromkeys(
        ("--column", "--col", "--y", "--target-column", "--target-col"), ("--value-column",)
    ),
    **dict.fromkeys(("--id", "--id-col", "--unique-id"), ("--id-column", "--series")),
    **dict.fromkeys(
        ("--date-column", "--time-column", "--year-column", "--ds", "--date-col"),
        ("--period-column",),
    ),
    **dict.fromkeys(("--out", "--out-file", "--save"), ("--output",)),
    **dict.fromkeys(("--start", "--from-year"), ("--since",)),
    **dict.fromkeys(("--end", "--to-year"), ("--until",)),
    **dict.fromkeys(("--filter", "--select"), ("--where", "--series")),
    "--json": ("--format",),
    "--csv": ("--format",),
}
"""Names that other tools have for ours, most likely first."""
COMMANDS: dict[str, str] = {
    "report": "Write the page with: rural-forecast exhibit --appendix -o page.html.",
    "series sources": "'rural-forecast series show ID' lists the sources of a series.",
    "models list": "Type 'rural-forecast models'.",
    "models show": "Type 'rural-forecast models NAME'.",
}
"""Replacements by the command as it was typed."""
