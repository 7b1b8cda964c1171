"""The style sheet: shapes and states of Qt's own widgets, coloured by the tokens it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from edgeperf_gui.ui.theme import Tokens

_SHEET = """
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QMainWindow, QDialog, QMessageBox {{ background: {ground}; }}
QMainWindow::separator {{ background: transparent; width: 12px; height: 12px; }}
QToolTip {{ background: {inset}; color: {text}; border: 1px solid {line}; padding: 6px 8px; }}

QLabel {{ background: transparent; }}
QLabel[role="quiet"] {{ color: {quiet}; }}
QLabel[role="faint"] {{ color: {faint_text}; }}
QLabel[role="title"] {{ color: {faint_text}; }}
QLabel[role="failed"] {{ color: {failed_text}; }}

QPushButton {{ background: {inset}; color: {text}; border: 1px solid {inset}; border-radius: 7px; padding: 0 14px;
    min-height: 30px; }}
QPushButton:hover {{ background: {hover}; border-color: {hover}; }}
QPushButton:pressed {{ background: {line}; }}
QPushButton:focus {{ border: 2px solid {action}; padding: 0 13px; min-height: 28px; }}
QPushButton:disabled {{ color: {faint}; }}
QPushButton[role="primary"] {{ background: {action_fill}; color: {on_action}; border-color: {action_fill}; }}
QPushButton[role="primary"]:hover {{ background: {action_hover}; border-color: {action_hover}; }}
QPushButton[role="primary"]:focus {{ border-color: {text}; }}
QPushButton[role="primary"]:disabled {{ background: {inset}; color: {faint}; border-color: {inset}; }}
QPushButton[role="link"] {{ background: transparent; color: {action_text}; border-color: transparent; padding: 0 6px;
    min-height: 22px; }}
QPushButton[role="link"]:hover {{ background: {hover}; }}
QPushButton[role="link"]:focus {{ border-color: {action}; padding: 0 5px; min-height: 20px; }}
QPushButton[role="link"]:disabled {{ color: {faint}; }}
QPushButton::menu-indicator {{ image: none; width: 0; }}

QFrame[role="segments"] {{ background: {inset}; border: 1px solid {inset}; border-radius: 7px; }}
QPushButton[role="segment"] {{ background: transparent; color: {quiet}; border: 1px solid transparent; border-radius: 6px;
    padding: 0 2px; min-height: 26px; }}
QPushButton[role="segment"]:hover {{ color: {text}; }}
QPushButton[role="segment"]:checked {{ background: {segment}; color: {text}; border-color: {line}; }}
QPushButton[role="segment"]:focus {{ border: 2px solid {action}; padding: 0 1px; min-height: 24px; }}
QPushButton[role="segment"]:disabled {{ color: {faint}; }}

QToolButton {{ background: transparent; color: {quiet}; border: 1px solid transparent; border-radius: 7px; }}
QToolButton::menu-indicator {{ image: none; }}
QToolButton:hover {{ background: {hover}; color: {text}; }}
QToolButton:focus {{ border: 2px solid {action}; }}

QComboBox, QAbstractSpinBox, QLineEdit {{ background: {inset}; color: {text}; border: 1px solid {line}; border-radius: 7px;
    padding: 0 8px; min-height: 30px; selection-background-color: {action_fill}; selection-color: {on_action}; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ subcontrol-origin: border; width: 0; border: 0; }}
QAbstractSpinBox QLineEdit {{ background: transparent; border: 0; padding: 0; min-height: 0; }}
QComboBox:hover, QAbstractSpinBox:hover, QLineEdit:hover {{ border-color: {faint}; }}
QComboBox:focus, QAbstractSpinBox:focus, QLineEdit:focus {{ border: 2px solid {action}; padding: 0 7px; min-height: 28px; }}
QLineEdit[role="small"] {{ padding: 0 6px; min-height: 20px; border-radius: 5px; }}
QLineEdit[role="small"]:focus {{ padding: 0 5px; min-height: 18px; }}
QComboBox:disabled, QAbstractSpinBox:disabled, QLineEdit:disabled {{ color: {faint}; }}
QComboBox::drop-down {{ border: 0; width: 24px; }}
QComboBox::down-arrow {{ image: none; }}
QComboBox QAbstractItemView {{ background: {card}; border: 1px solid {line}; padding: 4px; outline: 0; }}
QComboBox QAbstractItemView::item {{ min-height: 28px; padding: 0 8px; border-radius: 5px; }}
QComboBox QAbstractItemView::item:selected {{ background: {hover}; color: {text}; }}

QMenu {{ background: {card}; border: 1px solid {line}; padding: 6px; }}
QMenu::item {{ padding: 6px 28px 6px 24px; border-radius: 5px; color: {text}; }}
QMenu::item:selected {{ background: {hover}; }}
QMenu::item:disabled {{ color: {faint}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 6px 8px; }}

QTableView {{ background: transparent; border: 0; gridline-color: transparent; color: {text}; selection-background-color: {hover};
    selection-color: {text}; outline: 0; }}
QTableView:focus {{ border: 1px solid {action}; border-radius: 5px; }}
QTableView::item {{ border: 0; border-bottom: 1px solid {line}; padding: 0; }}
QHeaderView {{ background: transparent; border: 0; }}
QHeaderView::section {{ background: transparent; color: {quiet}; border: 0; border-bottom: 1px solid {line}; padding: 0; }}

QPlainTextEdit {{ background: {inset}; color: {text}; border: 1px solid {line}; border-radius: 7px; padding: 6px; }}
QPlainTextEdit:focus {{ border-color: {action}; }}
QMainWindow QTabBar {{ background: transparent; border: 0; }}
QMainWindow QTabBar::tab {{ background: transparent; color: {faint_text}; border: 0; border-bottom: 2px solid transparent;
    padding: 2px 2px 5px 2px; margin: 0 14px 5px 2px; }}
QMainWindow QTabBar::tab:hover {{ color: {text}; }}
QMainWindow QTabBar::tab:selected {{ color: {text}; border-bottom-color: {action}; }}

QProgressBar {{ background: {inset}; border: 0; border-radius: 2px; }}
QProgressBar::chunk {{ background: {action}; border-radius: 2px; }}

QScrollArea, QScrollArea > QWidget > QWidget[role="scrolled"] {{ background: transparent; border: 0; }}
QScrollArea:focus {{ border: 1px solid {action}; border-radius: 5px; }}
QScrollBar:vertical {{ background: transparent; width: 8px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 8px; margin: 0; }}
QScrollBar::handle {{ background: {line}; border-radius: 4px; min-height: 24px; min-width: 24px; }}
QScrollBar::handle:hover {{ background: {faint}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def style_sheet(look: Tokens) -> str:
    """The whole sheet in the colours of one mode."""
    segment = look.ground if look.is_dark else look.card
    names = {name: getattr(look, name) for name in look.__dataclass_fields__}
    return _SHEET.format(segment=segment, **names)
