"""A table of cells with a name: what a page shows, copies and says aloud of it."""

from __future__ import annotations

from dataclasses import dataclass

from edgeperf_gui.ui.ordered_rows import Value


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, quieter words below it, and the value it is sorted and copied by."""

    text: str
    value: Value = None
    below: str = ""
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a name. Columns: (title, definition). A row's first cell names it; `dots` are colours before these names."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]
    dots: tuple[str | None, ...] = ()

    def as_rows(self) -> list[tuple[str, ...]]:
        """Titles and texts, intervals in brackets."""
        titles = tuple(title for title, _ in self.columns)
        cells = [tuple(f"{cell.text} ({cell.below})" if cell.below else cell.text for cell in row) for row in self.rows]
        return [titles, *cells]

    def as_tsv(self) -> str:
        """For a spreadsheet: values in full, empty where unknown; an interval takes two columns of its own."""
        wide = [at for at in range(len(self.columns)) if any(row[at].below for row in self.rows)]
        lines = []
        for row in (None, *self.rows):
            parts: list[str] = []
            for at, (title, _) in enumerate(self.columns):
                parts.append(title if row is None else _plain(row[at].value))
                if at in wide:
                    ends = (f"{title} low", f"{title} high") if row is None else tuple(row[at].below.split("–"))
                    parts += [*ends, "", ""][:2]
            lines.append("\t".join(parts))
        return "\n".join(lines) + "\n"


def _plain(value: Value) -> str:
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
