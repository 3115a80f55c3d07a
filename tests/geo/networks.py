"""Networks small enough that what they say is known: the difference of two pictures, weighed."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from geo.network import Network

COLOURS = {1: (0.0, 0.2, 0.0), 3: (0.2, 0.0, 0.0)}
"""Red, green and blue that speak for a class of cover: green for trees, red for bare ground."""


def written(  # noqa: PLR0913 - what can be wrong with a network
    path: Path,
    *,
    weight: float = 1.0,
    bias: float = 0.0,
    pool: int = 2,
    cover: bool = False,
    shown: Mapping[int, tuple[float, float, float]] = COLOURS,
    inputs: tuple[str, str] = ("before", "after"),
    change: str = "change",
    layers: int = 1,
    divided_by_zero: bool = False,
) -> str:
    """Write a network whose logit is weight * mean |before - after| + bias; give its SHA-256."""
    kernel = {"kernel_shape": [pool, pool], "strides": [pool, pool]}
    nodes = [
        helper.make_node("Sub", list(inputs), ["apart"]),
        helper.make_node("Abs", ["apart"], ["far"]),
        helper.make_node("Conv", ["far", "weight", "bias"], ["logit"]),
        helper.make_node("AveragePool", ["logit"], ["pooled"], **kernel),
        helper.make_node("Div", ["pooled", "by"], [change]),
    ]
    values = {
        "weight": np.full((layers, 3, 1, 1), weight / 3, np.float32),
        "bias": np.full(layers, bias, np.float32),
        "by": np.float32([0.0 if divided_by_zero else 1.0]),
    }
    outputs = [change]
    if cover:
        kinds = np.zeros((9, 3, 1, 1), np.float32)
        for number, colour in shown.items():
            kinds[number, :, 0, 0] = colour
        values["kinds"] = kinds
        quarter = {"kernel_shape": [4, 4], "strides": [4, 4]}
        for name, given in zip(("cover_before", "cover_after"), inputs, strict=True):
            nodes.append(helper.make_node("AveragePool", [given], [f"{name}_mean"], **quarter))
            nodes.append(helper.make_node("Conv", [f"{name}_mean", "kinds"], [name]))
            outputs.append(name)
    free = ["n", 3, "rows", "columns"]
    graph = helper.make_graph(
        nodes,
        "difference",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, free) for name in inputs],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, list("ncyx")) for name in outputs],
        [numpy_helper.from_array(value, name) for name, value in values.items()],
    )
    opset = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=8)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())
    return hashlib.sha256(path.read_bytes()).hexdigest()


def difference(folder: Path, **how: object) -> Network:
    """Open such a network."""
    path = folder / "difference.onnx"
    sha256 = written(path, **how)
    return Network(path, sha256=sha256, name="difference", version="1")


def meant(
    before: NDArray[np.float32], after: NDArray[np.float32], *, weight: float, bias: float
) -> NDArray[np.float32]:
    """What it says, worked out without it."""
    logit = weight * np.abs(before - after).mean(axis=0) + bias
    rows, columns = logit.shape
    return logit.reshape(rows // 2, 2, columns // 2, 2).mean(axis=(1, 3))
