"""One compiled variant answering one picture at a time: no pacing, no stamps, the same code that the pipeline runs."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.errors import RunError
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.engine.decoders import DECODERS
from edgeperf_gui.engine.decoders.outputs import OutputTensors
from edgeperf_gui.engine.preprocess import Preprocessor
from edgeperf_gui.engine.runtime import last_line
from edgeperf_gui.engine.sources.source import Pixels


class Answers:
    """Call it with a picture `[height, width, 3]` (BGR). One thread at a time."""

    def __init__(self, compiled: Any, card: ModelCard, *, score_threshold: float | None = None) -> None:
        """`compiled` as `runtime.load` makes it: its input takes u8 pixels. `score_threshold` overrides the card's."""
        names, self._decode = DECODERS[card.decoder](card, score_threshold=score_threshold)
        self._request = compiled.create_infer_request()
        self._preprocessor = Preprocessor(card.input, self._request.get_input_tensor().data)
        self._outputs = OutputTensors(self._request, names)
        ports = self._request.model_outputs
        self.names: tuple[str, ...] = names or tuple(min(port.get_names(), default=f"#{at}") for at, port in enumerate(ports))
        """Of the outputs, in the order of `tensors`."""
        self.tensors: tuple[NDArray[Any], ...] = ()
        """The outputs of the last picture: the request's own memory, valid until the next."""

    def __call__(self, pixels: Pixels) -> Findings:
        """What is in the picture, in its pixels."""
        letterbox = self._preprocessor.fill(pixels)
        try:
            self._request.infer()
        except RuntimeError as error:
            raise RunError(f"The device stopped in the middle: {last_line(error)}.") from error
        self.tensors = self._outputs.read()
        return self._decode(self.tensors, letterbox)
