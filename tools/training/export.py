"""
Writes trained weights as ONNX, and proves that both say the same.

    python export.py best.pt network.onnx
"""

import argparse
import copy
import hashlib
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from first_layer import direct
from network import MULTIPLE, Network

MOST_APART = 1e-3
"""Largest difference of a logit that rounding explains."""


def main() -> None:
    """Export, compare on pictures of chance, and tell the SHA-256."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    network = Network()
    network.load_state_dict(torch.load(asked.weights, weights_only=True))
    network.eval()
    names = ["change", "cover_before", "cover_after"]
    told = copy.deepcopy(network)
    told.encoder.stem = direct(network.encoder.stem)
    given = tuple(torch.rand(1, 3, 8 * MULTIPLE, 8 * MULTIPLE) * 255 for _ in range(2))
    free = {0: "pairs", 2: "rows", 3: "columns"}
    torch.onnx.export(
        told,
        given,
        asked.out,
        input_names=["before", "after"],
        output_names=names,
        dynamic_axes=dict.fromkeys(("before", "after", *names), free),
        opset_version=17,
        dynamo=False,
    )
    session = onnxruntime.InferenceSession(asked.out, providers=["CPUExecutionProvider"])
    other = tuple(torch.rand(2, 3, 3 * MULTIPLE, 5 * MULTIPLE) * 255 for _ in range(2))
    for pictures in (given, other):
        with torch.no_grad():
            meant = network(*pictures)
        said = session.run(
            names, dict(zip(("before", "after"), map(_array, pictures), strict=True))
        )
        apart = max(
            float(np.abs(one - _array(two)).max()) for one, two in zip(said, meant, strict=True)
        )
        if apart > MOST_APART:
            raise SystemExit(f"the exported network differs by {apart:.2g}")
    whole = asked.out.read_bytes()
    print(f"{asked.out}: {len(whole):,} bytes, SHA-256 {hashlib.sha256(whole).hexdigest()}")


def _array(tensor: torch.Tensor) -> np.ndarray:
    return tensor.numpy()


if __name__ == "__main__":
    main()
