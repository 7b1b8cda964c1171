"""What the shapes of a model's inputs and outputs give away; no runtime needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

Port = tuple[Sequence[str], Sequence[int | None] | None, str]
"""Names, shape (None or −1 where a run decides; None for no rank) and element type (f32, i64 …) of an input or output."""

ImageSize = tuple[int, int]
"""Width and height."""
Shape = tuple[int | None, ...]

_COLOURS: Final = (1, 3, 4)
_COARSEST: Final = 16
_OBJECT_ROWS: Final = (5, 6, 7)
_INTEGERS: Final = ("i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64")


@dataclass(frozen=True, slots=True)
class Output:
    """An output whose rank is known."""

    name: str
    """Its shortest name, or `#` and its place among the outputs."""
    shape: Shape
    is_integer: bool


@dataclass(frozen=True, slots=True)
class Clues:
    """All there is to go by."""

    outputs: tuple[Output, ...]
    """Those whose rank is known."""
    count: int
    """Of all outputs."""
    size: ImageSize | None
    labels: int
    """How many label names the model carries."""

    @property
    def only(self) -> Output | None:
        """The output, when it is the only one."""
        return self.outputs[0] if len(self.outputs) == self.count == 1 else None

    @property
    def table(self) -> tuple[str, int, int] | None:
        """Name, rows and columns of the only `[1, rows, columns]` output; others (masks) may have another rank."""
        tables = [output for output in self.outputs if len(output.shape) == 3]
        if len(tables) != 1 or tables[0].shape[0] != 1:
            return None
        _, rows, columns = tables[0].shape
        return None if rows is None or columns is None else (tables[0].name, rows, columns)


def clues_of(outputs: Sequence[Port], inputs: Sequence[Port], labels: int) -> Clues:
    """Read the ports; the picture input is the first with four dimensions."""
    picture = next((_sizes(shape) for _, shape, _ in inputs if shape is not None and len(shape) == 4), None)
    is_batch_open = picture is not None and picture[0] is None
    ports = [_output(index, port, is_batch_open) for index, port in enumerate(outputs)]
    return Clues(tuple(port for port in ports if port), len(ports), image_size(picture) if picture else None, labels)


def _output(index: int, port: Port, is_batch_open: bool) -> Output | None:
    names, shape, kind = port
    if shape is None:
        return None
    sizes = _sizes(shape)
    # one picture at a time; but rows of two dimensions may be objects, whose number is open for another reason
    if is_batch_open and sizes[:1] == (None,) and not (len(sizes) == 2 and sizes[1] in _OBJECT_ROWS):
        sizes = 1, *sizes[1:]
    own = sorted(filter(None, [names] if isinstance(names, str) else names), key=lambda name: (len(name), name))
    return Output(own[0] if own else f"#{index}", sizes, kind in _INTEGERS)


def _sizes(shape: Sequence[int | None]) -> Shape:
    return tuple(size if size is not None and size >= 0 else None for size in shape)


def known(shape: Shape) -> bool:
    """Whether every size is fixed."""
    return None not in shape


def cell_count(size: ImageSize, strides: Sequence[int], *, up: bool = False) -> int:
    """Cells of an input of `size` over all strides; `up` counts cells that reach over the edge."""
    width, height = size
    if up:
        return sum(-(-width // stride) * -(-height // stride) for stride in strides)
    return sum((width // stride) * (height // stride) for stride in strides)


def image_size(shape: Sequence[int | None]) -> ImageSize | None:
    """Width and height of an input of four dimensions, its layout told by where the colours are; None when not fixed."""
    _, second, third, fourth = shape
    if second in _COLOURS:
        height, width = third, fourth
    elif fourth in _COLOURS:
        height, width = second, third
    else:
        return None
    if height is None or width is None or height < 1 or width < 1:
        return None
    return width, height


def is_map(shape: Shape, size: ImageSize | None) -> bool:
    """Whether these two sizes can be those of a map of the picture: at most sixteen times smaller, and of its proportion."""
    height, width = shape
    if height is None or width is None:
        return height is width
    if min(height, width) < 8 or size is None:
        return min(height, width) >= 8
    across, down = size[0] / width, size[1] / height
    return max(across, down) <= _COARSEST and 0.8 < across / down < 1.25


def spelled(shape: Shape) -> str:
    """As people write it, `?` for what a run decides."""
    return "[" + ", ".join("?" if size is None else str(size) for size in shape) + "]"
