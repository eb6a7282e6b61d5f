"""A small transformer, run by onnxruntime on one thread with weights of seven bits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import onnxruntime

from bot.components.onnx import Graph
from bot.components.pieces import Pieces
from bot.components.weights import Floats, Weights, packaged, unbundled

VERSION = 3
"""Raise it when the same text gives another vector: those that are kept are computed anew."""

_GIVEN = "text"
_MOST = 40  # pieces, four times what is usual: no more of a text is read, so that none is slow
_LARGEST = 63


@dataclass(frozen=True)
class Reading:
    """Which layers' view of a text is wanted, by number from 1, and what is put before the text.

    Layers above the last one wanted are left out, and so is their time.
    """

    layers: tuple[int, ...]
    before: str = ""


class Transformer:
    """What some of its layers make of a text: the means over its pieces."""

    def __init__(self, reading: Reading) -> None:
        """Read the weights and put the layers together."""
        weights = packaged()
        self._before = reading.before
        self._pieces = Pieces(weights.vocabulary)
        self._rows = weights.bundles("emb.word", weights.width)
        places = weights.floats("emb.pos").reshape(-1, weights.width)
        self._places = places + weights.floats("emb.type")[: weights.width]
        self._scale, self._shift = weights.floats("emb.ln.w"), weights.floats("emb.ln.b")
        self._epsilon = weights.epsilon
        self._session = _session(_graph(weights, reading.layers))

    def of(self, text: str) -> Floats:
        """A mean for each layer wanted, each of length one, of as much of a text as is read."""
        found: list[Floats] = self._session.run(None, {_GIVEN: self._embedded(text)})
        return np.concatenate([mean[0] / np.linalg.norm(mean[0]) for mean in found])

    def _embedded(self, text: str) -> Floats:
        numbers = self._pieces.of(self._before + text)[:_MOST]
        rows = unbundled(self._rows[numbers]) + self._places[: len(numbers)]
        rows -= rows.mean(axis=-1, keepdims=True)
        rows /= np.sqrt((rows * rows).mean(axis=-1, keepdims=True) + self._epsilon)
        embedded: Floats = rows * self._scale + self._shift
        return embedded[None]


def _session(model: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # More threads wait for each other, which on a busy machine takes many times as long.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _graph(weights: Weights, wanted: Collection[int]) -> bytes:
    graph = Graph()
    rows, means = _GIVEN, []
    for layer in range(max(wanted)):
        rows = _layer(graph, weights, f"l{layer}", rows)
        if layer + 1 in wanted:
            means.append(graph.standard("ReduceMean", [rows], axes=[1], keepdims=0))
    return graph.written(_GIVEN, means, ["texts", "pieces", weights.width])


def _layer(graph: Graph, weights: Weights, name: str, rows: str) -> str:
    width = weights.width
    asked = [_times(graph, weights, f"{name}.{part}", rows, width) for part in "qkv"]
    attended = graph.contributed("MultiHeadAttention", asked, num_heads=weights.heads)
    attended = _times(graph, weights, f"{name}.ao", attended, width)
    rows = _normal(graph, weights, f"{name}.aln", rows, attended)
    inner = graph.contributed("Gelu", [_times(graph, weights, f"{name}.fi", rows, width)])
    outer = _times(graph, weights, f"{name}.fo", inner, 4 * width)
    return _normal(graph, weights, f"{name}.oln", rows, outer)


def _times(graph: Graph, weights: Weights, name: str, rows: str, width: int) -> str:
    matrix = unbundled(weights.bundles(f"{name}.w", width)).T
    bias = weights.floats(f"{name}.b")
    whole, scale = _whole(matrix)
    inputs = [rows, graph.constant(whole), graph.constant(scale), "", graph.constant(bias)]
    return graph.contributed("DynamicQuantizeMatMul", inputs)


def _normal(graph: Graph, weights: Weights, name: str, rows: str, added: str) -> str:
    rule = [graph.constant(weights.floats(f"{name}.{part}")) for part in "wb"]
    return graph.contributed(
        "SkipLayerNormalization", [rows, added, *rule], epsilon=weights.epsilon
    )


def _whole(matrix: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """A matrix as whole numbers and a scale for each column.

    Of seven bits: on processors without instructions for it, sums of eight would overflow.
    """
    scale = np.abs(matrix).max(axis=0) / _LARGEST
    return np.round(matrix / scale).astype(np.int8), scale.astype(np.float32)
