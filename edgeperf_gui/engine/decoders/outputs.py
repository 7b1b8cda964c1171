"""The outputs of one infer request, by the names that a decoder asked for. Knows the request's manners, not the runtime."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.engine.decoders.decoder import REMEDY


class OutputTensors:
    """Reads an `ov.InferRequest`'s outputs after an inference; arrays are the request's own memory, valid until its next one."""

    def __init__(self, request: Any, names: tuple[str, ...], batch: int = 1) -> None:
        """No names: all outputs in the model's order. `#2` is the third, for those without a name. ModelError when absent.

        `batch`: pictures that the request answers together.
        """
        ports = list(request.model_outputs)
        self._request = request
        self._batch = batch
        self._ports = [_port(ports, name) for name in names] if names else ports
        # an output whose size changes from frame to frame gets new memory with each
        is_dynamic = any(port.partial_shape.is_dynamic for port in self._ports)
        self._fixed = None if is_dynamic else self._fetch()

    def read(self) -> tuple[NDArray[Any], ...]:
        """The outputs of the last inference, for its only picture."""
        return self.read_all()[0]

    def read_all(self) -> list[tuple[NDArray[Any], ...]]:
        """The same for each picture of its batch."""
        return self._fixed or self._fetch()

    def _fetch(self) -> list[tuple[NDArray[Any], ...]]:
        outputs = [self._request.get_tensor(port).data for port in self._ports]
        if self._batch == 1:
            return [tuple(outputs)]
        return [tuple(output[at : at + 1] for output in outputs) for at in range(self._batch)]


def _port(ports: list[Any], name: str) -> Any:
    for index, port in enumerate(ports):
        if name in port.get_names() or name == f"#{index}":
            return port
    known = [min(port.get_names(), default=f"#{index}") for index, port in enumerate(ports)]
    raise ModelError(f"The model has no output called {name!r}; it has {', '.join(known[:20])}.", REMEDY)
