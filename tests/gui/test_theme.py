from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication

from edgeperf_gui.ui import theme

UI = Path(theme.__file__).parent
GROUNDS = ("ground", "card", "inset")
WORDS = ("text", "quiet", "faint_text", "action_text", "passed_text", "undecided_text", "failed_text")


def luminance(code: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    colour = QColor(code)
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("look", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_words_stand_out_from_every_ground(look: theme.Tokens, words: str, ground: str) -> None:
    assert contrast(getattr(look, words), getattr(look, ground)) >= 4.5


@pytest.mark.parametrize("look", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
def test_the_button_and_the_focus_ring_stand_out(look: theme.Tokens) -> None:
    assert contrast(look.on_action, look.action_fill) >= 4.5
    assert contrast(look.on_action, look.action_hover) >= 4.5
    for ground in GROUNDS:
        assert contrast(look.action, getattr(look, ground)) >= 3.0


@pytest.mark.parametrize("box", theme.BOXES)
def test_words_on_boxes_can_be_read(box: str) -> None:
    assert contrast(theme.ON_BOX, box) >= 4.5


def test_readouts_can_be_read_over_any_picture() -> None:
    chip = QColor(theme.CHIP_ON_PICTURE)
    share = chip.alphaF()
    worst = QColor.fromRgbF(*(part * share + 1.0 - share for part in (chip.redF(), chip.greenF(), chip.blueF())))
    for words in (theme.ON_PICTURE, theme.ON_PICTURE_QUIET):
        assert contrast(words, worst.name()) >= 4.5


def test_no_colour_is_written_outside_the_theme() -> None:
    code = re.compile(r"#[0-9A-Fa-f]{6}\b|QColor\(\d|\brgba?\(\s*\d")
    found = [path.name for path in UI.glob("*.py") if path.name != "theme.py" and code.search(path.read_text("utf-8"))]
    assert not found


def test_choosing_a_mode_dresses_palette_and_says_so(dressed: theme.Switch, qapp: QApplication, qtbot) -> None:
    with qtbot.waitSignal(dressed.changed):
        dressed.choose("light")
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == theme.LIGHT.ground
    assert theme.LIGHT.inset in qapp.styleSheet()
    dressed.toggle()
    assert theme.tokens() is theme.DARK


def test_system_mode_without_a_system_preference_is_dark(dressed: theme.Switch) -> None:
    dressed.choose("system")
    assert theme.tokens() in (theme.DARK, theme.LIGHT)


def test_every_digit_is_equally_wide(qapp: QApplication) -> None:
    for weight in (400, 600, 700):
        metrics = QFontMetricsF(theme.font(theme.BODY, weight))
        widths = [metrics.horizontalAdvance(digit * 8) for digit in "0123456789"]
        assert max(widths) - min(widths) < 0.5


def test_the_shipped_font_is_used(qapp: QApplication) -> None:
    assert QFontInfo(theme.font(theme.BODY)).family().startswith("Inter")


def test_the_two_tables_are_whole() -> None:
    for field in fields(theme.Tokens):
        if field.name != "is_dark":
            for look in (theme.DARK, theme.LIGHT):
                assert QColor(getattr(look, field.name)).isValid(), field.name
