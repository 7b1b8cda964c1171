"""Why a kind of energy cannot be shown, meter by meter, and how to enable each."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from edgeperf_gui.domain.energy import EnergyKind, MeterChoice, MeterInfo
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.energy_words import COVERS, is_available, why_not


class EnergyAbsent(QScrollArea):
    """`useAsked` carries a meter's name, `openAsked` asks for the form."""

    useAsked = Signal(str)
    openAsked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setFont(theme.font(theme.QUIET))
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.words.linkActivated.connect(self._on_link)
        body = QWidget()
        body.setProperty("role", "scrolled")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 6, 0)
        column.addWidget(self.words)
        column.addStretch(1)
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_kind(self, kind: EnergyKind, choice: MeterChoice, meters: Sequence[MeterInfo]) -> None:
        """All meters of this kind."""
        own = [info for info in meters if info.kind == kind]
        ready = any(is_available(info, choice) for info in own)
        head = f"{'Not' if not ready else 'Nothing'} {kind} {'here' if not ready else 'is read now'}"
        parts = [f"<p style='margin:0 0 8px 0'><b>{head}</b></p>"]
        if not meters:
            parts.append("<p>Looking for meters…</p>")
        for info in own:
            parts.append(f"<p style='margin:0 0 8px 0'>{self._meter(info, choice)}</p>")
        text = "".join(parts)
        if text != self.words.text():
            self.words.setText(text)
            self.setAccessibleName(self.text())

    def text(self) -> str:
        """What stands there, without its form."""
        plain = self.words.text().replace("</p>", "\n").replace("<br>", " ")
        return html.unescape("".join(part.partition(">")[2] for part in f">{plain}".split("<"))).strip()

    def _meter(self, info: MeterInfo, choice: MeterChoice) -> str:
        look = theme.tokens()
        title = f"<b>{html.escape(info.title)}</b>"
        link = f"style='color:{look.action_text}; text-decoration:none'"
        if is_available(info, choice):
            covers = html.escape(COVERS[info.covers])
            return f"{title}<br>It can be read: {covers}. <a href='use:{info.name}' {link}>Use it</a>"
        reason, remedy = (html.escape(words) for words in why_not(info))
        way = f" <a href='form' {link}>Meter…</a>" if info.name in ("tdp", "file") else ""
        return f"{title}<br><span style='color:{look.quiet}'>{reason} {remedy}</span>{way}"

    def _on_link(self, address: str) -> None:
        kind, _, name = address.partition(":")
        if kind == "use":
            self.useAsked.emit(name)
        else:
            self.openAsked.emit()
