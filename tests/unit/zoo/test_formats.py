"""Files that are no models, or damaged ones: each is one sentence that says what is wrong."""

from __future__ import annotations

import os
import pickle
import zipfile
from pathlib import Path

import onnx
import pytest
from model_files import WEIGHTS, onnx_model, write_ir, write_onnx

from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.zoo.formats import read, recognise


def refused(path: Path) -> str:
    with pytest.raises(ModelError) as caught:
        read(recognise(path))
    assert caught.value.sentence.endswith(".")
    assert "\n" not in str(caught.value)
    assert caught.value.remedy
    return str(caught.value)


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_what_each_file_is(tmp_path):
    assert recognise(write_ir(tmp_path)).format == "OpenVINO IR"
    assert recognise(write_onnx(tmp_path / "toy.ONNX")).format == "ONNX"
    assert recognise(written(tmp_path / "toy.tflite", b"\x1c\0\0\0TFL3")).format == "TFLite"
    assert recognise(written(tmp_path / "toy.pb", b"\x0a\xff")).format == "TensorFlow"
    assert recognise(written(tmp_path / "toy.pdmodel", b"\x0a\xff")).format == "PaddlePaddle"
    saved = tmp_path / "saved"
    saved.mkdir()
    written(saved / "saved_model.pb", b"\x08\x01")
    assert (recognise(saved).format, recognise(saved).stem) == ("TensorFlow SavedModel", "saved")


def test_a_folder_with_one_model_is_that_model(tmp_path):
    write_ir(tmp_path / "export")
    assert recognise(tmp_path / "export").path.name == "toy.xml"
    write_onnx(tmp_path / "export" / "toy.onnx")
    assert "several models" in refused(tmp_path / "export")


def test_a_folder_without_a_model(tmp_path):
    assert "holds no model" in refused(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("text.onnx", b"this is a text file\n" * 50, "text file"),
        ("noise.onnx", bytes(range(256)) * 20, "not such a model, or damaged"),
        ("empty.onnx", b"", "is empty"),
        ("pointer.onnx", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "Git LFS"),
        ("text.pb", b"hello\n" * 50, "text file"),
        ("noise.tflite", b"\x1c\0\0\0TFL3" + bytes(range(256)) * 20, "cannot be read as TFLite"),
        ("text.tflite", b"hello\n" * 50, "not a TFLite model"),
        ("noise.pdmodel", bytes(range(256)) * 20, "cannot be read as PaddlePaddle"),
        ("graph.json", b"{}", "lacks its weights graph.pdiparams"),
        ("text.xml", b"hello", "not XML"),
        ("page.xml", b"<html></html>", "not an OpenVINO IR"),
        ("weights.bin", b"\0" * 100, "weights only"),
        ("weights.h5", b"\0" * 100, "Keras"),
        ("photo.jpg", b"\xff\xd8", "no model file"),
        ("noending", b"\0", "no model file"),
    ],
)
def test_no_model(tmp_path, name, content, told):
    assert told in refused(written(tmp_path / name, content))


def test_no_file(tmp_path):
    assert "There is no" in refused(tmp_path / "absent.onnx")
    assert "not a path" in refused(Path("a\0b.onnx"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "model.onnx")
    assert "not a file" in refused(tmp_path / "model.onnx")


@pytest.mark.parametrize("name", ["huge.onnx", "toy.bin"])
def test_ten_gigabytes(tmp_path, name):
    path = write_ir(tmp_path)
    with (tmp_path / name).open("ab") as file:
        file.truncate(10 * 1024**3)  # sparse
    assert "10.0 GiB" in refused(path if name == "toy.bin" else tmp_path / name)


def test_an_xml_without_its_bin(tmp_path):
    path = write_ir(tmp_path)
    path.with_suffix(".bin").unlink()
    assert "lacks its weights toy.bin" in refused(path)


@pytest.mark.parametrize("size", [0, 100])
def test_a_truncated_bin(tmp_path, size):
    path = write_ir(tmp_path)
    os.truncate(path.with_suffix(".bin"), size)
    assert "bin" in refused(path)


@pytest.mark.parametrize("size", [300, 1500])
def test_a_truncated_xml(tmp_path, size):
    path = write_ir(tmp_path)
    os.truncate(path, size)
    assert "damaged XML" in refused(path)


def test_entities_are_not_expanded(tmp_path):
    path = write_ir(tmp_path)
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    head = f'<?xml version="1.0"?><!DOCTYPE net [<!ENTITY e0 "ha">{entities}]>'
    path.write_text(f'{head}<net name="&e9;" version="11"></net>', encoding="utf-8")
    assert "entities" in refused(path)


def test_an_operation_nobody_knows_is_named(tmp_path):
    assert "Frobnicate" in refused(write_onnx(tmp_path / "odd.onnx", onnx_model(operation="Frobnicate")))
    path = write_ir(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace('type="Convolution"', 'type="Frobnicate"'), encoding="utf-8")
    assert "Frobnicate" in refused(path)


@pytest.mark.parametrize("size", [None, 100])
def test_external_data_that_is_missing_or_short(tmp_path, size):
    path = write_onnx(tmp_path / "toy.onnx", save_as_external_data=True, location="toy.weights", size_threshold=0)
    assert read(recognise(path))
    (tmp_path / "toy.weights").unlink() if size is None else os.truncate(tmp_path / "toy.weights", size)
    assert "toy.weights is missing or too short" in refused(path)


@pytest.mark.parametrize("location", ["../secret", "/etc/hostname"])
def test_external_data_elsewhere_is_not_read(tmp_path, location):
    (tmp_path / "secret").write_bytes(bytes(4 * WEIGHTS.size))
    model = onnx_model()
    weights = model.graph.initializer[0]
    weights.ClearField("raw_data")
    weights.data_location = onnx.TensorProto.EXTERNAL
    weights.external_data.add(key="location", value=location)
    path = tmp_path / "inside" / "toy.onnx"
    path.parent.mkdir()
    path.write_bytes(model.SerializeToString())
    assert "lies outside its folder" in refused(path)


def test_spaces_and_unicode(tmp_path):
    assert read(recognise(write_onnx(tmp_path / "mein ördner" / "ein modéll 模型.onnx")))
    assert read(recognise(write_ir(tmp_path / "mein ördner", "ein modéll 模型")))


class Bomb:
    def __reduce__(self):
        return os.mkdir, (os.environ["EDGEPERF_HOME"] + "/exploded",)


def archive(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, text in members.items():
            file.writestr(f"toy/{name}".replace("__", "/"), text)
    return path


@pytest.mark.parametrize("ending", ["pt", "pth", "pt2"])
def test_pickles_stay_unopened(tmp_path, home, ending):
    plain = written(tmp_path / f"plain.{ending}", pickle.dumps(Bomb()))
    assert "pickle" in refused(plain)
    checkpoint = tmp_path / f"checkpoint.{ending}"
    with zipfile.ZipFile(checkpoint, "w") as file:
        file.writestr("archive/data.pkl", pickle.dumps(Bomb()))
    assert "pickle" in refused(checkpoint)
    assert not (home / "exploded").exists()


def test_archives_of_pytorch_that_reach_out(tmp_path):
    script = {"constants.pkl": "", "data.pkl": ""}
    assert "touch files" in refused(archive(tmp_path / "a.pt", **script, **{"code__a.py": "ops.aten.save(x, path)"}))
    assert "touch files" in refused(archive(tmp_path / "b.pt", **script, **{"code__a.py": "def __setstate__(self): ..."}))
    assert "compiled code" in refused(archive(tmp_path / "c.pt2", **{"model.json": "{}", "kernel.so": ""}))
    sizes = '{"expr_str": "__import__(\'os\').getcwd()"}'
    assert "computed when it is opened" in refused(archive(tmp_path / "d.pt2", **{"model.json": sizes}))


def test_pytorch_is_asked_for_only_where_it_is_there(tmp_path):
    try:
        import torch  # noqa: F401
    except ImportError:
        members = {"constants.pkl": "", "code__a.py": "def forward(self, x): return x"}
        assert "PyTorch is not installed" in refused(archive(tmp_path / "a.pt", **members))
        assert "PyTorch is not installed" in refused(archive(tmp_path / "b.pt2", **{"model.json": '{"expr_str": "s0"}'}))
    else:
        pytest.skip("torch is installed")
