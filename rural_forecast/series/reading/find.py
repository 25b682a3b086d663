"""Finding what a user names: rows by a label in any column, by `COLUMN=VALUE`, or by parts of several labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches

import numpy as np

from rural_forecast.errors import InputError, UsageError, option
from rural_forecast.series.reading.columns import columns_of, says_nothing
from rural_forecast.series.reading.grid import Label
from rural_forecast.series.reading.names import same, single_spaced, without_unit
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.source import unnamed
from rural_forecast.series.reading.table import Places, Table, ranked
from rural_forecast.series.source_names import without_folders
from rural_forecast.text.cells import quoted, shown
from rural_forecast.text.patterns import expression

MOST_NAMED = 10
"""Of what can be chosen, in a refusal."""
_SEPARATORS = expression(r"\s*[/|;,:·–—]+\s*|\s+-\s+")
"""Separators that people write between the labels of a series."""


class StillVariesError(InputError):
    """Several series are left."""

    code = "choice_needed"


def _holds(text: str, wanted: str) -> bool:
    """True if a label has a text in it: the last resort, where one label alone does. Two letters are a word of it."""
    text, wanted = text.casefold(), wanted.casefold()
    return wanted in text if len(wanted) > 2 or not wanted.isascii() else wanted in text.split()


_LIKENESS: tuple[Callable[[str, str], bool], ...] = (str.__eq__, same, _holds)


def meant(wanted: str, names: Iterable[str]) -> str:
    """The names that hold a wanted one or are near it, or the first of them."""
    wanted = " ".join(wanted.split())
    known = list(dict.fromkeys(name for name in names if name))
    holding = [name for name in known if wanted.casefold() in name.casefold()]
    close = holding[:3] or get_close_matches(wanted, known[:20_000], 1)
    return f"Did you mean {quoted(close)}?" if close else f"It has {quoted(known, MOST_NAMED)}."


class Finder:
    """The rest of a table, condition by condition: its rows, and the column or measure of values."""

    def __init__(self, table: Table, options: ReadOptions, *, several: bool) -> None:
        self.table, self.options, self.several = table, options, several
        self.rows: Places = np.arange(len(table.rows))
        self.file = table.grid.file
        self.known = columns_of(table, id_column=options.id_column, value_column=options.value_column, several=several)
        self.value = self.known.value
        self.measure: str | None = None
        self.named: set[str] = set()
        self.whole_name = options.series_id
        """Of the series: as typed, or the label that holds it."""

    def keep_where(self, condition: str) -> None:
        """Keep the rows of `COLUMN=VALUE`. Raises UsageError if there are none."""
        name, sign, wanted = condition.partition("=")
        if not sign or not name.strip():
            raise UsageError(
                f"{option('where')} {shown(condition)} is not COLUMN=VALUE.",
                f"Write it as {option('where', ['Country=Kenya'])}.",
            )
        columns = [*self.known.labels, *self.known.others]
        for known in columns:  # a name may have a = in it
            if condition.startswith(f"{known.name}=") and len(known.name) > len(name):
                name, wanted = known.name, condition[len(known.name) + 1 :]
        chosen = [column for column in columns if column.name == name.strip()]
        chosen = chosen or [column for column in columns if same(column.name, name)]
        chosen += [column for column in columns if same(column.name, f"{name} label")]
        if not chosen:
            there = [column.name for column in columns if column.name]
            raise self._unknown(f"column of labels {shown(name.strip())} ({option('where')})", name, there)
        wanted = single_spaced(wanted)
        for alike in _LIKENESS:
            found, texts = self._labelled(chosen, alike, wanted)
            if texts and (alike is not _holds or len(texts) == 1):
                self.rows = np.unique(np.concatenate([*found.values()]))
                self.named |= {column.name for column in chosen}
                return
        there = [text for column in chosen for text in column.on(self.rows).texts]
        raise self._unknown(f"{shown(wanted)} in column {shown(chosen[0].name)}", wanted, there)

    def _labelled(
        self, columns: Sequence[Label], alike: Callable[[str, str], bool], wanted: str
    ) -> tuple[dict[str, Places], set[str]]:
        """The rows whose label is like a text, by column, and these labels."""
        found: dict[str, Places] = {}
        texts: set[str] = set()
        for column in columns:
            fitting = np.array([bool(text) and alike(text, wanted) for text in column.texts], dtype=np.bool_)
            rows = self.rows[fitting[column.codes[self.rows]]]
            if len(rows):
                found[column.name] = rows
                texts |= {column.texts[code] for code in np.unique(column.codes[rows]).tolist()}
        return found, texts

    def _unknown(self, what: str, wanted: str, there: Iterable[str]) -> UsageError:
        return UsageError(f"{self.file} has no {what}.", meant(wanted, there), code="unknown_name")

    def keep_series(self, text: str) -> None:
        """Keep the rows or the column of a series. Raises UsageError if there is none of this name."""
        wanted = single_spaced(text)
        names, values = self.table.names, self.known.values
        measures = list(self.table.measures.texts) if self.table.measures else []
        for alike in _LIKENESS:
            heads = [at for at in values if alike(single_spaced(names[at]), wanted)]
            known = [name for name in measures if alike(name, wanted)]
            by_label, texts = self._labelled(self.known.labels, alike, wanted)
            found = len(texts.union((names[at] for at in heads), known))
            if alike is _holds and found > 1:
                break
            if not found and alike is not _holds:
                heads = self._heads_above(alike, wanted)
            if heads or known or by_label:
                if alike is _holds:
                    self.whole_name = [*texts, *(single_spaced(names[at]) for at in heads), *known][0]
                self._take(text, heads, known, by_label)
                return
        if self._keep_composite(wanted) or (not self.known.labels and wanted == self.default_name()):
            return
        there = [label for column in self.known.labels for label in column.on(self.rows).texts]
        raise self._unknown(f"series {shown(text)}", text, [*there, *(names[at] for at in values), *measures])

    def _heads_above(self, alike: Callable[[str, str], bool], wanted: str) -> list[int]:
        """Columns of values that have the name in another row above the figures."""
        grid, values = self.table.grid, self.known.values
        above = range(int(self.table.rows[0]) if values else 0)
        return list(dict.fromkeys(at for row in above for at in values if alike(grid.text(row, at), wanted)))

    def _keep_composite(self, wanted: str) -> bool:
        """Keep the series whose labels and head hold all parts of a text such as `North / Sales`.

        Labels that are a part as a whole count more than those that hold it.
        """
        parts = [part.casefold() for part in _SEPARATORS.split(wanted) if part]
        if len(parts) < 2:
            return False
        labels, names = self.known.labels, self.table.names
        measures = list(self.table.measures.texts) if self.table.measures else []
        heads = list(enumerate(measures)) or [(at, names[at]) for at in self.known.values if self.value < 0]
        first, of = ranked([label.codes[self.rows] for label in labels], len(self.rows))
        found: dict[int, list[tuple[int, int]]] = {}
        for place, row in enumerate(self.rows[first].tolist()):
            texts = [label.texts[label.codes[row]].casefold() for label in labels]
            for head, name in heads or [(-1, "")]:
                words = [*texts, name.casefold()]
                if all(any(part in word for word in words) for part in parts):
                    whole = Counter(piece for word in words for piece in {word, *_SEPARATORS.split(word)})
                    found.setdefault((whole & Counter(parts)).total(), []).append((place, head))
        best = found[max(found)] if found else []
        rows = self.rows[np.isin(of, [place for place, _ in best])]
        if len({head for _, head in best}) != 1:
            return False
        self.rows, head = rows, best[0][1]
        if measures:
            self.measure = measures[head]
        elif heads:
            self.value = head
        return True

    def _take(self, text: str, heads: list[int], measures: list[str], by_label: dict[str, Places]) -> None:
        by_label = {name: rows for name, rows in by_label.items() if len(rows) < len(self.rows)} or by_label
        if len({rows.tobytes() for rows in by_label.values()}) + len(heads) + len(measures) > 1:
            values = list(dict.fromkeys((*(self.table.names[at] for at in heads), *measures)))
            choices = [option("where", [f"{column}={text}"]) for column in by_label]
            choices += [option("value_column", column) for column in values]
            hint = f"Choose one: {' or '.join(choices)}." if len(choices) > 1 else "Rename all but one of them."
            raise StillVariesError(f"In {self.table.where}, {shown(text)} is in several columns.", hint)
        if heads:
            self.value = heads[0]
        elif measures:
            self.measure = measures[0]
        else:
            self.rows = next(iter(by_label.values()))
            self.named |= set(by_label)

    def default_name(self) -> str:
        """The head of the values, or the file where that says nothing."""
        file = self.table.grid.file
        stem = "series" if unnamed(file) else without_folders(file)
        stem = stem.rpartition(".")[0] or stem
        head = single_spaced(self.table.names[self.value]) if self.value >= 0 else ""
        return stem if says_nothing(head) else without_unit(head) or stem
