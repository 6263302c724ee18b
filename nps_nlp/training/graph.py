"""Write the encoder as an ONNX graph of 8-bit matrix products, operator by operator.

Activations are quantised with fixed scales, chosen once on real texts: with scales that follow the batch, as
dynamic quantisation has them, the same text would get other labels in other company.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nps_nlp.extras import need
from nps_nlp.training.network import EPSILON, HEAD_WIDTH, depth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Array = NDArray[np.float32]
    Arrays = Mapping[str, Array]

_MICROSOFT = "com.microsoft"


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


def quantise_columns(weight: Array) -> tuple[NDArray[np.int8], Array]:
    """Return a (in, out) matrix as 8-bit integers and one scale a column."""
    scale = np.maximum(np.abs(weight).max(axis=0), 1e-8) / 127
    return np.clip(np.round(weight / scale), -127, 127).astype(np.int8), scale.astype(np.float32)


def build(arrays: Arrays, scales: Scales) -> bytes:
    """Return the graph: token ids (n, t) of equal length in, logits (n, outputs) out.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        Weights, named as in `nps_nlp.training.network`.
    scales : Scales
    """
    graph = _Graph(arrays, scales)
    x = graph.embed()
    for layer in range(depth(arrays)):
        x = graph.layer(f"layers.{layer}", x)
    graph.read(x)
    return graph.finished(arrays["read.bias"].shape[0])


class _Graph:
    """Collects nodes and constants; each method returns the name of what it computes."""

    def __init__(self, arrays: Arrays, scales: Scales) -> None:
        self.onnx = need("onnx", "train")
        self.arrays, self.scales = arrays, scales
        self.nodes: list[object] = []
        self.constants: list[object] = []

    def add(self, op: str, inputs: list[str], output: str, *, domain: str = "", **attributes: object) -> str:
        node = self.onnx.helper.make_node(op, inputs, [output], name=output, domain=domain, **attributes)
        self.nodes.append(node)
        return output

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(self.onnx.numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def embed(self) -> str:
        table = self.arrays["words.weight"]
        scale = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-8) / 127
        self.constant("words", np.round(table / scale).astype(np.int8))
        self.constant("words.scale", scale.astype(np.float32))
        self.constant("positions", self.arrays["positions.weight"])
        self.constant("zero", np.array([0], np.int64))
        self.add("Gather", ["words", "ids"], "words.int")
        self.add("Cast", ["words.int"], "words.float", to=self.onnx.TensorProto.FLOAT)
        self.add("Gather", ["words.scale", "ids"], "words.by")
        self.add("Mul", ["words.float", "words.by"], "words.out")
        self.add("Shape", ["ids"], "length", start=1, end=2)
        self.add("Slice", ["positions", "zero", "length", "zero"], "positions.out")
        self.add("Add", ["words.out", "positions.out"], "embedded")
        return self.norm("norm", "embedded")

    def layer(self, name: str, x: str) -> str:
        width = self.arrays["positions.weight"].shape[1]
        entrance = self.rounded(f"{name}.qkv", x)
        weight, bias = self.weights(f"{name}.qkv")
        parts = [
            self.product(f"{name}.{part}", entrance, (weight[rows], bias[rows]))
            for place, part in enumerate("qkv")
            for rows in [slice(place * width, (place + 1) * width)]
        ]
        heads = width // HEAD_WIDTH
        mixed = self.add("MultiHeadAttention", parts, f"{name}.mixed", domain=_MICROSOFT, num_heads=heads)
        x = self.added(f"{name}.out", f"{name}.norm1", mixed, x)
        inner = self.product(f"{name}.up", self.rounded(f"{name}.up", x), self.weights(f"{name}.up"))
        inner = self.add("Gelu", [inner], f"{name}.gelu", domain=_MICROSOFT)
        return self.added(f"{name}.down", f"{name}.norm2", inner, x)

    def added(self, product: str, norm: str, inner: str, x: str) -> str:
        """Add a product of the inner values to x and normalise the sum."""
        y = self.product(product, self.rounded(product, inner), self.weights(product))
        # Two operators, not SkipLayerNormalization: on a CPU that one alone took 31 % of the time.
        return self.norm(norm, self.add("Add", [x, y], f"{norm}.sum"))

    def norm(self, name: str, x: str) -> str:
        names = [self.constant(f"{name}.{p}", self.arrays[f"{name}.{p}"]) for p in ("weight", "bias")]
        return self.add("LayerNormalization", [x, *names], f"{name}.out", axis=-1, epsilon=EPSILON)

    def rounded(self, name: str, x: str) -> tuple[str, str, str]:
        """Return the names of x as unsigned bytes, of its scale and of its zero."""
        if name in self.scales.smoothing:
            by = self.constant(f"{name}.smooth", self.scales.smoothing[name])
            x = self.add("Mul", [x, by], f"{name}.smoothed")
        low, high = self.scales.ranges[name]
        step = max(high - low, 1e-6) / 255
        names = (
            self.constant(f"{name}.step", np.array(step, np.float32)),
            self.constant(f"{name}.zero", np.array(np.clip(round(-low / step), 0, 255), np.uint8)),
        )
        return self.add("QuantizeLinear", [x, *names], f"{name}.in"), *names

    def weights(self, name: str) -> tuple[Array, Array]:
        """Return the weight (out, in), with the smoothing of its inputs taken back, and the bias."""
        by = self.scales.smoothing.get(name, np.ones(1, np.float32))
        return self.arrays[f"{name}.weight"] / by, self.arrays[f"{name}.bias"]

    def product(self, name: str, entrance: tuple[str, str, str], weights: tuple[Array, Array]) -> str:
        whole, scale = quantise_columns(weights[0].T)
        x, step, zero = entrance
        inputs = [
            x,
            self.constant(f"{name}.int", whole),
            step,
            self.constant(f"{name}.scale", scale),
            zero,
            "",
        ]
        inputs.append(self.constant(f"{name}.bias", weights[1]))
        return self.add("MatMulIntegerToFloat", inputs, f"{name}.out", domain=_MICROSOFT)

    def read(self, x: str) -> None:
        """Weigh the tokens by an attention of its own for every label."""
        self.constant("look", self.arrays["look.weight"].T)
        self.constant("read", self.arrays["read.weight"].T)
        self.constant("read.bias", self.arrays["read.bias"])
        self.constant("last", np.array([2], np.int64))
        self.add("MatMul", [x, "look"], "looks")
        self.add("MatMul", [x, "read"], "reads")
        self.add("Softmax", ["looks"], "shares", axis=1)
        # The sum over tokens is the diagonal of a product: ReduceSum adds one text up in another order than several.
        self.add("Transpose", ["shares"], "by.label", perm=[0, 2, 1])
        self.add("MatMul", ["by.label", "reads"], "pairs")
        self.constant("same", np.eye(len(self.arrays["read.bias"]), dtype=np.float32))
        self.add("Mul", ["pairs", "same"], "own")
        self.add("ReduceSum", ["own", "last"], "sum", keepdims=0)
        self.add("Add", ["sum", "read.bias"], "logits")

    def finished(self, outputs: int) -> bytes:
        helper, kind = self.onnx.helper, self.onnx.TensorProto
        ids = helper.make_tensor_value_info("ids", kind.INT64, ["n", "t"])
        logits = helper.make_tensor_value_info("logits", kind.FLOAT, ["n", outputs])
        whole = helper.make_graph(self.nodes, "feedback-encoder", [ids], [logits], self.constants)
        versions = [helper.make_opsetid("", 20), helper.make_opsetid(_MICROSOFT, 1)]
        model = helper.make_model(whole, opset_imports=versions, producer_name="nps-nlp", ir_version=9)
        return bytes(model.SerializeToString())
