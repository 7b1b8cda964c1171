"""The picture of a scenario: it carries the metres, the looks or the cameras, and nothing else."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from edgeperf_gui.domain.outlook import Outlook
from edgeperf_gui.domain.scenario import Scenario
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.scenario_cameras import paint_cameras
from edgeperf_gui.ui.scenario_road import paint_road
from edgeperf_gui.ui.scenario_stand import paint_stand
from edgeperf_gui.ui.scenario_words import seen_words

_ROAD_TIP: Final = (
    "To scale along the road: ticks are where the front was when a frame was processed, the violet stretch is how far it went"
    " until that was known. The lower lane is one of those that get too few looks, where there are any."
)
_STAND_TIP: Final = "The line below is the time in view, with a tick a look; the first ones are those that are needed."
_CAMERAS_TIP: Final = "A tile is a camera: green while the measured rate serves it at the rate that is asked."


class ScenarioPicture(QWidget):
    """What moves has a road, what stays a place, all else its cameras."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Scenario, Outlook | None] | None = None
        self.setMinimumHeight(92)
        self.setMaximumHeight(236)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def show_scenario(self, scenario: Scenario, outlook: Outlook | None) -> None:
        """Draw this."""
        if self._shown != (scenario, outlook):
            self._shown = (scenario, outlook)
            self.setToolTip(_tip(scenario))
            self.setAccessibleName(self.text())
            self.update()

    def text(self) -> str:
        """The picture in words."""
        if self._shown is None:
            return "Picture of a scenario"
        scenario, outlook = self._shown
        seen = seen_words(outlook) if outlook is not None and outlook.looks else "looks not known"
        if scenario.dwell_s is not None:
            return f"An object stands in view for {scenario.dwell_s:g} s: {seen}"
        if scenario.speed_km_h is not None:
            return f"An object passes {scenario.visible_m:g} m of view at {scenario.speed_km_h:g} km/h: {seen}"
        return f"{scenario.cameras} cameras"

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(640, 200)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        if self._shown is None:
            return
        scenario, outlook = self._shown
        painter, area = QPainter(self), QRectF(self.rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QPainterPath()
        frame.addRoundedRect(area, theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
        painter.setClipPath(frame)
        painter.fillRect(area, theme.colour(theme.tokens().inset))
        if scenario.dwell_s is not None:
            paint_stand(painter, area, scenario, outlook)
        elif scenario.speed_km_h is not None:
            paint_road(painter, area, scenario, outlook)
        else:
            paint_cameras(painter, area, scenario, outlook)


def _tip(scenario: Scenario) -> str:
    if scenario.dwell_s is not None:
        return _STAND_TIP
    return _ROAD_TIP if scenario.speed_km_h is not None else _CAMERAS_TIP
