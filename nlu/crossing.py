"""Answers to messages that were not learnt from, by cross-validation and by one training on all."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from time import monotonic

from nlu.messages import Asked
from nlu.pipeline import Answered, Pipeline

PARTS = 5
_PROCESSES = 2


def crossed(messages: Sequence[Asked], parts: int = PARTS) -> list[Answered]:
    """Each message as it is understood by what learnt from the other parts alone, in order."""
    split = parts_of(messages, parts)
    jobs = []
    for left in split:
        without = set(left)
        learnt = [each for at, each in enumerate(messages) if at not in without]
        jobs.append((learnt, [messages[at] for at in left]))
    answers = _answered(jobs, "Cross-validation")
    by_place = {
        at: answer
        for left, of_part in zip(split, answers, strict=True)
        for at, answer in zip(left, of_part, strict=True)
    }
    return [by_place[at] for at in range(len(messages))]


def understood(learnt: Sequence[Asked], messages: Sequence[Asked]) -> list[Answered]:
    """Each message as it is understood by what learnt from all of `learnt`."""
    return _answered([(learnt, messages)], "Learning from every example")[0]


def parts_of(messages: Sequence[Asked], parts: int) -> list[list[int]]:
    """Places in `messages`, dealt out so that each part has its share of every intent's lines.

    Neighbours in a file are alike more often than not, and go to different parts.
    """
    by_key: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, each in enumerate(messages):
        by_key[each.key].append(at)
    found: list[list[int]] = [[] for _ in range(parts)]
    dealt = 0
    for places in by_key.values():
        for at in places:
            found[dealt % parts].append(at)
            dealt += 1
    return found


def _answered(
    jobs: Sequence[tuple[Sequence[Asked], Sequence[Asked]]], doing: str
) -> list[list[Answered]]:
    began = monotonic()
    found: dict[int, list[Answered]] = {}
    for at, answers in _worked(jobs):
        found[at] = answers
        told = f"{len(found)} of {len(jobs)} done" if len(jobs) > 1 else "done"
        print(f"· {doing}: {told}, {monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return [found[at] for at in range(len(jobs))]


def _worked(
    jobs: Sequence[tuple[Sequence[Asked], Sequence[Asked]]],
) -> Iterator[tuple[int, list[Answered]]]:
    if len(jobs) == 1:
        yield 0, _learn_and_answer(*jobs[0])
        return
    # A fresh interpreter for each: what Rasa has loaded doesn't survive being forked.
    with ProcessPoolExecutor(_PROCESSES, mp_context=get_context("spawn")) as pool:
        begun = {pool.submit(_learn_and_answer, *job): at for at, job in enumerate(jobs)}
        for ended in as_completed(begun):
            yield begun[ended], ended.result()


def _learn_and_answer(learnt: Sequence[Asked], messages: Sequence[Asked]) -> list[Answered]:
    with Pipeline() as pipeline:
        pipeline.learn(learnt)
        return pipeline.answers(messages)
