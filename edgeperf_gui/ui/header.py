"""The row of chips that says what runs, and the button that starts and stops it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from edgeperf_gui.domain.address import shown
from edgeperf_gui.domain.inventory import Inventory
from edgeperf_gui.domain.messages import Opened
from edgeperf_gui.live.settings import Settings
from edgeperf_gui.ui import definitions, figures, theme
from edgeperf_gui.ui.names import device_name, model_words, source_name
from edgeperf_gui.ui.standing import Standing
from edgeperf_gui.ui.words import Chip, Run, Words


class _MenuButton(QToolButton):
    """Three lines."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
        self.setAccessibleName("Menu")
        self.setToolTip("Menu: F10")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(theme.tokens().quiet), 1.5))
        for y in (11.5, 16.0, 20.5):
            painter.drawLine(QPointF(10, y), QPointF(22, y))


class Header(QWidget):
    """Brand, source, model, variant, device; steady and Start/Stop at the right."""

    toggled = Signal()
    compareAsked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(52)
        self._brand = Words([Run("edge", "text", 700), Run("perf", "action_text", 700)], self, size=theme.NUMBER)
        self._brand.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._source, self._model, self._variant, self._device = (Chip((), self) for _ in range(4))
        self._steady = Chip([Run("not started", "quiet", dot=theme.tokens().faint)], self)
        self._steady.setToolTip(definitions.TRUTH["steady"])
        self._button = QPushButton("Start", self)
        self._button.setProperty("role", "primary")
        self._button.setFont(theme.font(theme.BODY, 600))
        self._button.setFixedWidth(72)
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.setToolTip("Start or stop the session: Space")
        self._button.clicked.connect(self.toggled)
        self._compare = QPushButton("Compare", self)
        self._compare.setFont(theme.font(theme.BODY, 600))
        self._compare.setFixedWidth(92)
        self._compare.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._compare.setToolTip("Run the variants against each other: Ctrl+Shift+C")
        self._compare.setAccessibleName("Compare the variants")
        self._compare.clicked.connect(self.compareAsked)
        self.menu_button = _MenuButton(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.EDGE, 0, theme.EDGE, 0)
        row.setSpacing(theme.INSIDE)
        for words in (self._brand, self._source, self._model, self._variant, self._device):
            row.addWidget(words)
        row.addStretch(1)
        row.addWidget(self._steady)
        row.addWidget(self.menu_button)
        row.addWidget(self._compare)
        row.addWidget(self._button)

    def set_menu(self, menu: QMenu) -> None:
        """What the menu button opens."""
        self.menu_button.setMenu(menu)

    def show_settings(self, settings: Settings, opened: Opened | None, inventory: Inventory | None) -> None:
        """What runs, or will run when started."""
        source = opened.source if opened else None
        about = [source_name(settings.source, inventory)]
        if source:
            about += [f"{source.width}×{source.height}"]
            about += [f"{figures.rate(source.fps)} fps"] if source.fps else []
        self._source.say([Run(" · ".join(about), "quiet")])
        self._source.setToolTip("\n".join(filter(None, (shown(settings.source), source.note if source else ""))))
        batch = [Run(f" · batch {settings.batch}", "quiet")] if settings.batch > 1 else []
        title, rest = model_words(settings.model, inventory)
        self._model.say([Run(title, "text", 600), Run(rest, "quiet")])
        self._variant.say([Run(settings.precision, "text", 600), *batch])
        self._device.say([Run(settings.device, "quiet")])
        self._device.setToolTip(device_name(settings.device, inventory))

    def show_running(self, running: bool) -> None:
        """The button says what it will do."""
        self._button.setText("Stop" if running else "Start")
        self._button.setAccessibleName("Stop the session" if running else "Start the session")

    def show_standing(self, standing: Standing) -> None:
        """The badge, in words and colour."""
        self._steady.say([Run(standing.badge, "quiet", dot=getattr(theme.tokens(), standing.tone))])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(theme.tokens().card))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour(theme.tokens().line))
