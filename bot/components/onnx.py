"""A graph of tensor operations, written in the form that onnxruntime reads.

ONNX is protocol buffers, of which a graph takes a dozen fields: writing them spares a package.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import count

import numpy as np
import numpy.typing as npt

Tensor = npt.NDArray[np.float32] | npt.NDArray[np.int8]

_FORM = 8  # of the file; onnxruntime reads it since 1.11
_STANDARD, _CONTRIBUTED = "", "com.microsoft"
_VERSIONS = {_STANDARD: 17, _CONTRIBUTED: 1}
_KINDS = {np.dtype(np.float32): 1, np.dtype(np.int8): 3}
_FLOAT, _INT, _INTS = 1, 2, 7  # kinds of attributes


class Graph:
    """Takes operations one by one, each on what those before it gave."""

    def __init__(self) -> None:
        """Nothing is in it."""
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []
        self._names = map(str, count())

    def constant(self, values: Tensor) -> str:
        """The name of what never changes."""
        name = next(self._names)
        dims = b"".join(_number(1, size) for size in values.shape)
        kind = _number(2, _KINDS[values.dtype])
        raw = _bytes(9, np.ascontiguousarray(values).tobytes())
        self._constants.append(dims + kind + _text(8, name) + raw)
        return name

    def standard(self, operation: str, inputs: Sequence[str], **settings: int | list[int]) -> str:
        """The name of what an operation of the standard gives."""
        return self._add(_STANDARD, operation, inputs, settings)

    def contributed(self, operation: str, inputs: Sequence[str], **settings: float) -> str:
        """The name of what an operation of onnxruntime's own gives; "" is an input left out."""
        return self._add(_CONTRIBUTED, operation, inputs, settings)

    def written(self, given: str, wanted: Sequence[str], shape: Sequence[str | int]) -> bytes:
        """The file: from what is `given`, in its `shape` (a name: any size), to all `wanted`."""
        graph = b"".join(
            [
                *(_bytes(1, node) for node in self._nodes),
                _text(2, "graph"),
                *(_bytes(5, constant) for constant in self._constants),
                _bytes(11, _described(given, shape)),
                *(_bytes(12, _described(each, ())) for each in wanted),
            ]
        )
        versions = (
            _bytes(8, _text(1, domain) + _number(2, version))
            for domain, version in _VERSIONS.items()
        )
        return _number(1, _FORM) + _bytes(7, graph) + b"".join(versions)

    def _add(
        self,
        domain: str,
        operation: str,
        inputs: Sequence[str],
        settings: dict[str, float] | dict[str, int | list[int]],
    ) -> str:
        name = next(self._names)
        node = b"".join(
            [
                *(_text(1, each) for each in inputs),
                _text(2, name),
                _text(4, operation),
                *(_bytes(5, _setting(key, value)) for key, value in settings.items()),
                _text(7, domain),
            ]
        )
        self._nodes.append(node)
        return name


def _setting(name: str, value: float | list[int]) -> bytes:
    if isinstance(value, list):
        return _text(1, name) + b"".join(_number(8, each) for each in value) + _number(20, _INTS)
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, _INT)
    return _text(1, name) + _key(2, 5) + struct.pack("<f", value) + _number(20, _FLOAT)


def _described(name: str, shape: Sequence[str | int]) -> bytes:
    """A value of floats; without a shape, any."""
    sizes = [_number(1, each) if isinstance(each, int) else _text(2, each) for each in shape]
    of_shape = _bytes(2, b"".join(_bytes(1, size) for size in sizes)) if sizes else b""
    return _text(1, name) + _bytes(2, _bytes(1, _number(1, _FLOAT) + of_shape))


def _text(field: int, text: str) -> bytes:
    return _bytes(field, text.encode())


def _bytes(field: int, content: bytes) -> bytes:
    return _key(field, 2) + _varint(len(content)) + content


def _number(field: int, value: int) -> bytes:
    return _key(field, 0) + _varint(value)


def _key(field: int, wire: int) -> bytes:
    return _varint(field << 3 | wire)


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])
