"""Write the encoder as an ONNX graph of 8-bit matrix products, operator by operator.

Activations are quantised with fixed scales, chosen once on real texts: with scales that follow the batch, as
dynamic quantisation has them, the same text would get other labels in other company.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nps_nlp.training.need import need
from nps_nlp.training.network import EPSILON, HEAD_WIDTH, depth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Array = NDArray[np.float32]
    Arrays = Mapping[str, Array]

_MICROSOFT = "com.microsoft"


class _Graph:
    """Collects nodes and constants."""

    def __init__(self) -> None:
        self.onnx = need("onnx")
        self.nodes: list[object] = []
        self.constants: list[object] = []

    def add(self, op: str, inputs: list[str], output: str, *, domain: str = "", **attributes: object) -> str:
        self.nodes.append(
            self.onnx.helper.make_node(op, inputs, [output], name=output, domain=domain, **attributes)
        )
        return output

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(self.onnx.numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name


def quantise_columns(weight: Array) -> tuple[NDArray[np.int8], Array]:
    """Return a (in, out) matrix as 8-bit integers and one scale a column."""
    scale = np.maximum(np.abs(weight).max(axis=0), 1e-8) / 127
    return np.clip(np.round(weight / scale), -127, 127).astype(np.int8), scale.astype(np.float32)


class Scales(NamedTuple):
    """How activations become bytes, by the name of the matrix product they enter, such as ``"layers.0.up"``.

    Attributes
    ----------
    ranges : mapping of str to (float, float)
        Smallest and largest value, after smoothing.
    smoothing : mapping of str to ndarray
        By what each dimension is multiplied first; entrances without one are taken as they are.
    """

    ranges: Mapping[str, tuple[float, float]]
    smoothing: Mapping[str, NDArray[np.float32]]


def build(arrays: Arrays, scales: Scales) -> bytes:
    """Return the graph: token ids (n, t) of equal length in, logits (n, outputs) out.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        Weights, named as in `nps_nlp.training.network`.
    scales : Scales
    """
    graph = _Graph()
    onnx = graph.onnx
    x = _embed(graph, arrays)
    for layer in range(depth(arrays)):
        x = _layer(graph, arrays, scales, f"layers.{layer}", x)
    _read(graph, arrays, x)
    ids = onnx.helper.make_tensor_value_info("ids", onnx.TensorProto.INT64, ["n", "t"])
    logits = onnx.helper.make_tensor_value_info(
        "logits", onnx.TensorProto.FLOAT, ["n", arrays["read.bias"].shape[0]]
    )
    whole = onnx.helper.make_graph(graph.nodes, "feedback-encoder", [ids], [logits], graph.constants)
    versions = [onnx.helper.make_opsetid("", 20), onnx.helper.make_opsetid(_MICROSOFT, 1)]
    model = onnx.helper.make_model(whole, opset_imports=versions, producer_name="nps-nlp", ir_version=9)
    return bytes(model.SerializeToString())


def _embed(graph: _Graph, arrays: Arrays) -> str:
    table = arrays["words.weight"]
    scale = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-8) / 127
    graph.constant("words", np.round(table / scale).astype(np.int8))
    graph.constant("words.scale", scale.astype(np.float32))
    graph.constant("positions", arrays["positions.weight"])
    graph.constant("zero", np.array([0], np.int64))
    graph.add("Gather", ["words", "ids"], "words.int")
    graph.add("Cast", ["words.int"], "words.float", to=graph.onnx.TensorProto.FLOAT)
    graph.add("Gather", ["words.scale", "ids"], "words.by")
    graph.add("Mul", ["words.float", "words.by"], "words.out")
    graph.add("Shape", ["ids"], "length", start=1, end=2)
    graph.add("Slice", ["positions", "zero", "length", "zero"], "positions.out")
    graph.add("Add", ["words.out", "positions.out"], "embedded")
    names = [graph.constant(f"norm.{p}", arrays[f"norm.{p}"]) for p in ("weight", "bias")]
    return graph.add("LayerNormalization", ["embedded", *names], "start", axis=-1, epsilon=EPSILON)


def _layer(graph: _Graph, arrays: Arrays, scales: Scales, name: str, x: str) -> str:
    width = arrays["positions.weight"].shape[1]
    entrance = _quantised(graph, scales, f"{name}.qkv", x)
    parts = []
    for place, part in enumerate("qkv"):
        rows = slice(place * width, (place + 1) * width)
        weight, bias = arrays[f"{name}.qkv.weight"][rows], arrays[f"{name}.qkv.bias"][rows]
        parts.append(_product(graph, f"{name}.{part}", entrance, weight, bias))
    mixed = graph.add(
        "MultiHeadAttention", parts, f"{name}.mixed", domain=_MICROSOFT, num_heads=width // HEAD_WIDTH
    )
    x = _added(graph, arrays, scales, name, ("out", "norm1"), mixed, x)
    inner = _product(
        graph,
        f"{name}.up",
        _quantised(graph, scales, f"{name}.up", x),
        *_weights(arrays, scales, f"{name}.up"),
    )
    inner = graph.add("Gelu", [inner], f"{name}.gelu", domain=_MICROSOFT)
    return _added(graph, arrays, scales, name, ("down", "norm2"), inner, x)


def _added(
    graph: _Graph, arrays: Arrays, scales: Scales, name: str, parts: tuple[str, str], inner: str, x: str
) -> str:
    """Return the normalised sum of x and of a product of the inner values."""
    product, norm = f"{name}.{parts[0]}", f"{name}.{parts[1]}"
    y = _product(
        graph, product, _quantised(graph, scales, product, inner), *_weights(arrays, scales, product)
    )
    names = [graph.constant(f"{norm}.{p}", arrays[f"{norm}.{p}"]) for p in ("weight", "bias")]
    # Two operators, not SkipLayerNormalization: on a CPU that one alone took 31 % of the time.
    graph.add("Add", [x, y], f"{norm}.sum")
    return graph.add("LayerNormalization", [f"{norm}.sum", *names], f"{norm}.out", axis=-1, epsilon=EPSILON)


def _quantised(graph: _Graph, scales: Scales, name: str, x: str) -> tuple[str, str, str]:
    """Return the names of x as unsigned bytes, of its scale and of its zero."""
    if name in scales.smoothing:
        x = graph.add(
            "Mul", [x, graph.constant(f"{name}.smooth", scales.smoothing[name])], f"{name}.smoothed"
        )
    low, high = scales.ranges[name]
    scale = max(high - low, 1e-6) / 255
    zero = int(np.clip(round(-low / scale), 0, 255))
    names = (
        graph.constant(f"{name}.step", np.array(scale, np.float32)),
        graph.constant(f"{name}.zero", np.array(zero, np.uint8)),
    )
    return graph.add("QuantizeLinear", [x, *names], f"{name}.in"), *names


def _weights(arrays: Arrays, scales: Scales, name: str) -> tuple[Array, Array]:
    """Return the weight (out, in), with the smoothing of its inputs taken back, and the bias."""
    return arrays[f"{name}.weight"] / scales.smoothing.get(name, np.float32(1)), arrays[f"{name}.bias"]


def _product(graph: _Graph, name: str, entrance: tuple[str, str, str], weight: Array, bias: Array) -> str:
    whole, scale = quantise_columns(weight.T)
    names = [
        graph.constant(f"{name}.int", whole),
        graph.constant(f"{name}.scale", scale),
        graph.constant(f"{name}.bias", bias),
    ]
    x, step, zero = entrance
    return graph.add(
        "MatMulIntegerToFloat",
        [x, names[0], step, names[1], zero, "", names[2]],
        f"{name}.out",
        domain=_MICROSOFT,
    )


def _read(graph: _Graph, arrays: Arrays, x: str) -> None:
    """Every label weighs the tokens by an attention of its own."""
    graph.constant("look", arrays["look.weight"].T)
    graph.constant("read", arrays["read.weight"].T)
    graph.constant("read.bias", arrays["read.bias"])
    graph.constant("one", np.array([1], np.int64))
    graph.add("MatMul", [x, "look"], "looks")
    graph.add("MatMul", [x, "read"], "reads")
    graph.add("Softmax", ["looks"], "shares", axis=1)
    graph.add("Mul", ["shares", "reads"], "parts")
    graph.add("ReduceSum", ["parts", "one"], "sum", keepdims=0)
    graph.add("Add", ["sum", "read.bias"], "logits")
