"""Taking a result along: its table for a spreadsheet, its numbers and plots as files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import msgspec
from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from edgeperf_gui.ui import theme
from edgeperf_gui.ui.plain_label import label
from edgeperf_gui.ui.plot_files import Plot, save_png, save_svg

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Kind(Generic[R]):
    """What is taken along of one kind of result."""

    whole: str
    """As in “Export the sweep”."""
    numbers: str
    """As in “Save the points as …”."""
    plot: str
    """What its picture shows: plot, plots or chart."""
    name: str
    """In the name of its files and of their schema."""
    as_csv: Callable[[R], str]


def as_json(result: object) -> bytes:
    """All of it by name; a result's first field is its schema."""
    return msgspec.json.format(msgspec.json.encode(result)) + b"\n"


def saved(path: Path, write: Callable[[Path], object]) -> str:
    """Write there; what is to be said of it."""
    try:
        write(path)
    except OSError as error:
        return f"It could not be saved to {path} ({error.strerror or error}). Choose another place."
    return f"Saved as {path.name}."


def ask_path(parent: QWidget, title: str, name: str, kinds: str) -> Path | None:
    """Where to, as the user says; a name without an ending gets that of the chosen kind."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    path, kind = QFileDialog.getSaveFileName(parent, title, str(Path(folder) / name), kinds)
    if not path:
        return None
    endings = [one.partition("*")[2].rstrip(")") for one in kinds.split(";;")]
    return Path(path) if Path(path).suffix.lower() in endings else Path(f"{path}{kind.partition('*')[2].rstrip(')')}")


class TakeAlong(QWidget, Generic[R]):
    """Copy and Export…; what came of them is said on `told`."""

    def __init__(
        self, kind: Kind[R], taken: Callable[[], R | None], as_tsv: Callable[[R], str], plots: Sequence[Plot], told: QLabel
    ) -> None:
        """`taken` gives the result as it is shown now."""
        super().__init__()
        self._kind, self._taken, self._as_tsv, self._plots, self._told = kind, taken, as_tsv, plots, told
        self.copy_button, self.export_button = QPushButton("Copy"), QPushButton("Export…")
        self.copy_button.setToolTip("Copy the table for a spreadsheet (TSV)")
        what = f"the {kind.numbers} as JSON (edgeperf.{kind.name}/1) or CSV, the {kind.plot} as PNG or SVG"
        self.export_button.setToolTip(f"Save {what}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.INSIDE)
        for button in (self.copy_button, self.export_button):
            button.setAutoDefault(False)
            button.setFont(theme.font(theme.QUIET, 600))
            row.addWidget(button)
        self.copy_button.clicked.connect(self.copy)
        self.export_button.clicked.connect(self.ask_export)

    def copy(self) -> None:
        """The table, for a spreadsheet."""
        if (result := self._taken()) is not None:
            QGuiApplication.clipboard().setText(self._as_tsv(result))
            self._told.setText("The table is copied.")

    def ask_export(self) -> None:
        """Ask where and as what, and save."""
        result: Any = self._taken()
        if result is None:
            return
        plot = self._kind.plot
        kinds = f"JSON (*.json);;CSV (*.csv);;Picture of the {plot} (*.png);;Drawing of the {plot} (*.svg)"
        name = f"{Path(result.spec.model).name}-{self._kind.name}.json"
        if path := ask_path(self, f"Export the {self._kind.whole}", name, kinds):
            self.export(path)

    def export(self, path: Path) -> None:
        """Write the numbers or the plots there, as the name ends; or say why it cannot be."""
        if (result := self._taken()) is not None:
            self._told.setText(saved(path, lambda path: _WAYS[path.suffix.lower()](self._kind, result, self._plots, path)))


class ResultsFoot(QWidget, Generic[R]):
    """Below a result: what went wrong, how it went, and the ways to take it along."""

    def __init__(self, kind: Kind[R], taken: Callable[[], R | None], as_tsv: Callable[[R], str], plots: Sequence[Plot]) -> None:
        super().__init__()
        self._said: tuple[str, str] | None = None
        self.summary, self.trouble = label("", theme.QUIET, "quiet"), label("", theme.QUIET, "failed")
        self.take = TakeAlong(kind, taken, as_tsv, plots, self.summary)
        row = QHBoxLayout()
        row.setSpacing(theme.INSIDE)
        row.addWidget(self.summary, 1)
        row.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        column.addWidget(self.trouble)
        column.addLayout(row)

    def say(self, summary: str, trouble: str) -> None:
        """How it went, and what went wrong. What was copied or saved stays said until there is news."""
        if (summary, trouble) != self._said:
            self._said = summary, trouble
            self.summary.setText(summary)
            self.trouble.setText(trouble)
            self.trouble.setVisible(bool(trouble))


_WAYS: Final[dict[str, Callable[[Kind[Any], Any, Sequence[Plot], Path], object]]] = {
    ".json": lambda _kind, result, _plots, path: path.write_bytes(as_json(result)),
    ".csv": lambda kind, result, _plots, path: path.write_text(kind.as_csv(result), encoding="utf-8"),
    ".png": lambda _kind, _result, plots, path: save_png(plots, path),
    ".svg": lambda _kind, _result, plots, path: save_svg(plots, path),
}
