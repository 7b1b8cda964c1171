"""The outputs of one infer request, by the names that a decoder asked for. Knows the request's manners, not the runtime."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.engine.decoders.decoder import REMEDY


class OutputTensors:
    """Reads an `ov.InferRequest`'s outputs after an inference; arrays are the request's own memory, valid until its next one."""

    def __init__(self, request: Any, names: tuple[str, ...]) -> None:
        """No names: all outputs in the model's order. `#2` is the third, for those without a name. ModelError when absent."""
        ports = list(request.model_outputs)
        self._request = request
        self._ports = [_port(ports, name) for name in names] if names else ports
        # an output whose size changes from frame to frame gets new memory with each
        is_dynamic = any(port.partial_shape.is_dynamic for port in self._ports)
        self._fixed = None if is_dynamic else self._fetch()

    def read(self) -> tuple[NDArray[Any], ...]:
        """The outputs of the last inference."""
        return self._fixed or self._fetch()

    def _fetch(self) -> tuple[NDArray[Any], ...]:
        return tuple(self._request.get_tensor(port).data for port in self._ports)


def _port(ports: list[Any], name: str) -> Any:
    for index, port in enumerate(ports):
        if name in port.get_names() or name == f"#{index}":
            return port
    known = [min(port.get_names(), default=f"#{index}") for index, port in enumerate(ports)]
    raise ModelError(f"The model has no output called {name!r}; it has {', '.join(known[:20])}.", REMEDY)
