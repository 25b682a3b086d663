"""Choose the one table that allows what the options ask for, and the series in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rural_forecast.errors import InputError, RuralForecastError, UsageError
from rural_forecast.observed.reading.asking import ChoiceNeededError, ask_for_table
from rural_forecast.observed.reading.chooser import Choice, Chooser
from rural_forecast.observed.reading.options import ReadOptions
from rural_forecast.observed.reading.table import PeriodTable


def choose(tables: Sequence[PeriodTable], options: ReadOptions, *, several: bool) -> Choice:
    """Choose by the options in the one table that allows it.

    With `several` all series that are left are read. Otherwise InputError is raised for more than
    one, and where more than one table allows the choice.
    """
    tried: list[_Tried] = []
    for table in tables:
        try:
            choice = Chooser(table, options, several=several).choice()
            tried.append(_Tried(table, choice=choice))
        except (InputError, UsageError) as error:
            tried.append(_Tried(table, error=error))
    choices = [one.choice for one in tried if one.choice is not None]
    errors = [one.error for one in tried if one.error is not None]
    # Offices put a table of quarters or months next to that of years.
    yearly = [choice for choice in choices if choice.table.is_yearly]
    if len(yearly) == 1:
        choices = yearly
    is_asked = bool(options.series_id is not None or options.where or options.value_column)
    undecided = [error for error in errors if error.code == "choice_needed"]
    # Without a condition, a table that holds one series is not better than one that holds several.
    if len(choices) == 1 and (len(tables) == 1 or is_asked or not undecided):
        choice = choices[0]
        if choice.table.doubt is not None:
            raise choice.table.doubt
        return choice
    if not choices and (is_asked or len(tables) == 1):
        raise next(iter(undecided), errors[0])
    if len(choices) > 1:
        read = {id(choice.table) for choice in choices}
        tried = [one for one in tried if id(one.table) in read]
    example = min(tried, key=lambda one: one.rank)
    raise ask_for_table([one.table for one in tried], example.table, example.options)


@dataclass(frozen=True)
class _Tried:
    """A table, with the choice in it or the reason why there is none."""

    table: PeriodTable
    choice: Choice | None = None
    error: RuralForecastError | None = None

    @property
    def options(self) -> Sequence[str]:
        """Options that make the choice that the table needs."""
        return self.error.options if isinstance(self.error, ChoiceNeededError) else ()

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        """How good an example it is, the best first: one that is read, or else that only asks."""
        is_refused = self.choice is None and not self.options
        return is_refused, self.table.doubt is not None, not self.table.is_yearly
