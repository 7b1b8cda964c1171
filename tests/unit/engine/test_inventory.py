"""What can be chosen, and that one broken part leaves the others standing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import ClassVar

import msgspec
import pytest

from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import DeviceError
from edgeperf_gui.domain.inventory import Device, Inventory
from edgeperf_gui.engine import inventory
from edgeperf_gui.zoo.staging import PREFIX


def test_this_machine_offers_a_cpu_auto_and_the_bundled_model() -> None:
    found = inventory.take_inventory()
    names = [device.name for device in found.devices]
    assert "CPU" in names
    assert "AUTO" in names
    cpu = next(device for device in found.devices if device.name == "CPU")
    assert cpu.full_name != "CPU"
    assert "FP32" in cpu.capabilities
    assert "nanodet-g" in [card.name for card in found.models]
    assert found.problems == ()
    assert msgspec.json.decode(msgspec.json.encode(found), type=Inventory) == found


def test_devices_are_combined_only_when_there_is_more_than_one() -> None:
    assert inventory.combined(("CPU",)) == ()
    assert [device.name for device in inventory.combined(("CPU", "GPU.0", "NPU"))] == [
        "HETERO:GPU.0,NPU,CPU",
        "MULTI:GPU.0,NPU,CPU",
    ]


def test_a_part_that_breaks_is_named_and_the_others_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(problems: list[str]) -> tuple[Device, ...]:
        raise RuntimeError("driver says no.\nsecond line")

    monkeypatch.setattr(inventory, "_devices", broken)
    found = inventory.take_inventory()
    assert found.devices == ()
    assert found.problems == ("The OpenVINO devices could not be listed: driver says no.",)
    assert found.models


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError(), "ValueError"),
        (OSError("gone."), "gone"),
        (DeviceError("No GPU.", "Buy one."), "No GPU"),
        (KeyError("\n"), "'\\n'"),
    ],
)
def test_errors_end_a_sentence(error: Exception, words: str) -> None:
    assert inventory.describe(error) == words


def test_a_broken_driver_does_not_hide_the_devices_that_work(monkeypatch: pytest.MonkeyPatch) -> None:
    real = inventory._described

    def half_broken(core, name: str) -> tuple[Device]:
        if name == "GPU":
            raise RuntimeError("driver says no")
        return real(core, name)

    class Core:
        available_devices: ClassVar = ["GPU", "CPU"]

        def get_property(self, name: str, key: str) -> object:
            return ["FP32"] if key == "OPTIMIZATION_CAPABILITIES" else f"{name} of a test"

    monkeypatch.setattr(inventory.importlib, "import_module", lambda name: SimpleNamespace(Core=Core))
    monkeypatch.setattr(inventory, "_described", half_broken)
    problems: list[str] = []
    assert [device.name for device in inventory._devices(problems)] == ["CPU", "AUTO"]
    assert problems == ["The device GPU could not be listed: driver says no."]


def test_what_a_killed_import_left_is_swept(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setenv("EDGEPERF_HOME", str(tmp_path))
    left = places.model_folders()[0] / f"{PREFIX}999999999-0a"
    left.mkdir(parents=True)
    (left / "model.bin").write_bytes(b"half")
    inventory._models([])
    assert not left.exists()
