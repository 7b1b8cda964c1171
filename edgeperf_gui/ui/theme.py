"""Every colour, size and weight of the window, and the one place that gives them to Qt and to the plots."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Final, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from edgeperf_gui.domain import places
from edgeperf_gui.ui.stylesheet import style_sheet

Mode = Literal["system", "dark", "light"]

TINY: Final = 11
QUIET: Final = 12
BODY: Final = 13
NUMBER: Final = 15
READOUT: Final = 17
VERDICT: Final = 23
"""The type scale, pixels."""

INSIDE: Final = 8
BETWEEN: Final = 12
EDGE: Final = 16
CARD_RADIUS: Final = 10
CONTROL_RADIUS: Final = 7
MARK_RADIUS: Final = 3
CONTROL_HEIGHT: Final = 32
MOVE_MS: Final = 150


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one mode, as `#RRGGBB`."""

    is_dark: bool
    ground: str
    card: str
    inset: str
    hover: str
    line: str
    text: str
    quiet: str
    faint: str
    faint_text: str
    """`faint` as far from the ground as words need (4.5 : 1)."""
    action: str
    action_text: str
    action_fill: str
    action_hover: str
    on_action: str
    passed: str
    undecided: str
    failed: str
    passed_text: str
    undecided_text: str
    failed_text: str


DARK: Final = Tokens(
    is_dark=True,
    ground="#0E1116",
    card="#151A21",
    inset="#1C232C",
    hover="#242D38",
    line="#2A333E",
    text="#E8EDF3",
    quiet="#9CA8B5",
    faint="#6A7683",
    faint_text="#818D9A",
    action="#4C8DFF",
    action_text="#5C97FF",
    action_fill="#2A70E8",
    action_hover="#1F62D6",
    on_action="#FFFFFF",
    passed="#3FB950",
    undecided="#D29922",
    failed="#F85149",
    passed_text="#3FB950",
    undecided_text="#D29922",
    failed_text="#F85149",
)
LIGHT: Final = Tokens(
    is_dark=False,
    ground="#F4F6F8",
    card="#FFFFFF",
    inset="#EEF1F5",
    hover="#E4E9EF",
    line="#D9DFE6",
    text="#17202B",
    quiet="#566272",
    faint="#8793A1",
    faint_text="#636E7C",
    action="#1F6FEB",
    action_text="#1A63D6",
    action_fill="#1F6FEB",
    action_hover="#1A5FCC",
    on_action="#FFFFFF",
    passed="#3FB950",
    undecided="#D29922",
    failed="#F85149",
    passed_text="#15742F",
    undecided_text="#875C00",
    failed_text="#CF222E",
)

STAGES: Final = {
    "decode": "#60A5FA",
    "preprocess": "#FB923C",
    "batch wait": "#94A3B8",
    "queue": "#64707F",
    "inference": "#A78BFA",
    "postprocess": "#A3E635",
    "present": "#F472B6",
}
VARIANTS: Final = {"FP32": "#8296B3", "FP16": "#2DD4BF", "INT8": "#FACC15"}
EXECUTED: Final = {"f32": "#8296B3", "f16": "#2DD4BF", "bf16": "#2DD4BF", "i8": "#FACC15", "u8": "#FACC15"}
"""Executed precisions wear the colour of the variant that asks for them."""
OTHER_EXECUTED: Final = "#94A3B8"
THROUGHPUT: Final = "#38BDF8"
SOURCE_RATE: Final = "#6EA0E6"
ENERGY: Final = "#F59E0B"
RIGHT: Final = {"precision": "#60A5FA", "recall": "#F472B6"}
OPERATORS: Final = {"arithmetic": "#94A3B8", "weights": "#F59E0B", "activations": "#B45309"}
"""Parts of the theoretical energy: memory is of one family, arithmetic is not of it."""
BOXES: Final = (
    "#FACC15", "#2DD4BF", "#60A5FA", "#FB923C", "#A3E635", "#F472B6",
    "#A78BFA", "#38BDF8", "#FDA4AF", "#4ADE80", "#E879F9", "#94A3B8",
)  # fmt: skip
"""One colour a class, by label index; dark words stand on them."""
ON_BOX: Final = "#0E1116"
ON_PICTURE: Final = "#FFFFFF"
ON_PICTURE_QUIET: Final = "#C9D2DC"
CHIP_ON_PICTURE: Final = "#D20B0E13"
"""Readouts over the picture are dark in both modes: the picture does not know the theme. `#AARRGGBB`."""

_FILLED: Final = 0.84
_SCHEMES: Final = {"system": Qt.ColorScheme.Unknown, "dark": Qt.ColorScheme.Dark, "light": Qt.ColorScheme.Light}
_tokens: Tokens = DARK


class Switch(QObject):
    """Holds the chosen mode, follows the system when asked to, and says when the colours changed."""

    changed = Signal()

    def __init__(self, app: QApplication, mode: Mode) -> None:
        super().__init__(app)
        self.mode: Mode = mode
        self._choosing = False
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)

    def choose(self, mode: Mode) -> None:
        """Put on this mode."""
        self.mode = mode
        self._choosing = True
        # Fusion draws the inside; this is for the frame that the system draws around it
        QGuiApplication.styleHints().setColorScheme(_SCHEMES[mode])
        self._choosing = False
        _dress(mode)
        self.changed.emit()

    def toggle(self) -> None:
        """The other of dark and light than what is seen now."""
        self.choose("light" if tokens().is_dark else "dark")

    def _follow(self) -> None:
        if self.mode == "system" and not self._choosing:
            _dress("system")
            self.changed.emit()


def tokens() -> Tokens:
    """The colours in use."""
    return _tokens


def apply(app: QApplication, mode: Mode = "system") -> Switch:
    """Dress the whole application; the returned switch changes the mode later."""
    app.setStyle("Fusion")
    _load_fonts()
    app.setFont(font(BODY))
    switch = app.findChild(Switch)
    if not isinstance(switch, Switch):
        switch = Switch(app, mode)
    switch.choose(mode)
    return switch


def _dress(mode: Mode) -> None:
    global _tokens
    _tokens = _resolve(mode)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.setPalette(_palette(_tokens))
    app.setStyleSheet(style_sheet(_tokens))


def _resolve(mode: Mode) -> Tokens:
    light = mode == "light" or (mode == "system" and QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light)
    return LIGHT if light else DARK


@lru_cache(maxsize=1)
def _load_fonts() -> tuple[str, ...]:
    """Families to use, best first: the shipped one when its files are there, then the system's."""
    families: list[str] = []
    for file in sorted(places.shipped("resources/fonts").glob("*.[ot]tf")):
        families += QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(file)))
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    return (*dict.fromkeys(families), system)


def font(size: int, weight: int = 400) -> QFont:
    """The window's font with digits of one width, so that changing numbers do not make the line tremble."""
    face = QFont()
    face.setFamilies(list(_load_fonts()))
    face.setPixelSize(size)
    face.setWeight(QFont.Weight(weight))
    if hasattr(face, "setFeature"):
        face.setFeature(QFont.Tag("tnum"), 1)
    face.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return face


def title_font() -> QFont:
    """Section titles: small capitals, a little apart."""
    face = font(TINY, 600)
    face.setCapitalization(QFont.Capitalization.AllUppercase)
    face.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 106)
    return face


@lru_cache(maxsize=256)
def colour(code: str, share: float = 1.0) -> QColor:
    """A colour as Qt wants it, `share` being its opacity. Do not change the result: it is kept."""
    result = QColor(code)
    if share < 1.0:
        result.setAlphaF(share)
    return result


@lru_cache(maxsize=128)
def greyed(code: str, dark: bool) -> QColor:
    """The colour a value has while it may not be believed yet: nearly grey, still told from its neighbours by lightness."""
    full = QColor(code)
    lightness = full.lightnessF() * 0.62 if dark else 0.35 + full.lightnessF() * 0.55
    return QColor.fromHslF(max(full.hslHueF(), 0.0), full.hslSaturationF() * 0.10, lightness)


def filled(line: QColor) -> QColor:
    """The calmer colour of an area whose line or mark has this one."""
    card = colour(tokens().card)
    parts = zip(line.getRgb()[:3], card.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(mark * _FILLED + ground * (1 - _FILLED)) for mark, ground in parts))


def box_colour(label: int) -> QColor:
    """The one colour of a class."""
    return colour(BOXES[label % len(BOXES)])


_ROLES: Final = {
    QPalette.ColorRole.Window: "ground",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "card",
    QPalette.ColorRole.AlternateBase: "inset",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "inset",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "failed",
    QPalette.ColorRole.ToolTipBase: "inset",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.PlaceholderText: "faint_text",
    QPalette.ColorRole.Highlight: "action_fill",
    QPalette.ColorRole.HighlightedText: "on_action",
    QPalette.ColorRole.Link: "action_text",
    QPalette.ColorRole.LinkVisited: "action_text",
    QPalette.ColorRole.Light: "hover",
    QPalette.ColorRole.Midlight: "inset",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "line",
    QPalette.ColorRole.Shadow: "ground",
    QPalette.ColorRole.Accent: "action",
}
_DISABLED: Final = (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText)


def _palette(look: Tokens) -> QPalette:
    assert set(_ROLES.values()) <= {field.name for field in fields(look)}
    palette = QPalette()
    for role, name in _ROLES.items():
        palette.setColor(role, QColor(getattr(look, name)))
    for role in _DISABLED:
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(look.faint))
    return palette
