"""The benches behind one command: what they claim becomes a table, and a failure becomes a row."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench import __main__ as gathered
from bench import growth, soak
from bench.claims import Bench, Claim, rows
from bench.growth import Measured
from bench.known import BENCHES

ROOT = Path(__file__).parents[2]


def made_up(name: str, script: str, *claims: Claim) -> Bench:
    """A bench that runs `script` in this folder's interpreter."""

    class _Scripted(Bench):
        def command(self, *, is_short: bool, this_python: str) -> list[str]:
            return [this_python, "-c", script, "short" if is_short else "whole"]

    return _Scripted(name, "nowhere", claims)


QUICK = Claim(
    "a letter folded",
    figure="fold_ms",
    unit="ms",
    peer="peer.fold_ms",
    peer_name="by hand",
    ratio="times",
    at_least=2,
)
PRINTS = 'print("warming up"); print(\'{"fold_ms": 2.5, "peer": {"fold_ms": 10}, "times": 4}\')'


def printed(capsys: pytest.CaptureFixture[str]) -> tuple[list[dict[str, object]], str]:
    told = capsys.readouterr()
    return json.loads(told.out)["rows"], told.err


def test_a_claim_stands_in_a_row_with_its_figure_its_peer_and_the_ratio(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert gathered.main([], [made_up("folding", PRINTS, QUICK)]) == 0
    (row,), shown = printed(capsys)
    assert row == {
        "bench": "folding",
        "claim": "a letter folded",
        "figure": "2.5 ms",
        "limit": "10 ms by hand, ≥ 2×",
        "ratio": 4,
        "holds": True,
        "failed": None,
    }
    assert "a letter folded" in shown
    assert "cores" in shown, "the machine is told"


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("import sys; sys.exit('no paper')", "ended with 1: no paper"),
        ("raise KeyError('paper')", "ended with 1: KeyError: 'paper'"),
        ("print('{}')", "no figure fold_ms"),
        ("pass", "no figure fold_ms"),
    ],
)
def test_a_bench_that_fails_is_a_row_and_the_others_go_on(
    script: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    benches = [made_up("torn", script, QUICK), made_up("folding", PRINTS, QUICK)]
    assert gathered.main([], benches) == 1
    (torn, folded), _ = printed(capsys)
    assert torn["failed"] == why
    assert folded["holds"] is True


def test_a_claim_that_does_not_hold_is_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    slow = PRINTS.replace('"times": 4', '"times": 1.9')
    assert gathered.main([], [made_up("folding", slow, QUICK)]) == 1
    (row,), _ = printed(capsys)
    assert row["holds"] is False
    assert row["failed"] is None


def test_figures_that_a_bench_is_not_content_with_are_shown_all_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert gathered.main([], [made_up("folding", f"{PRINTS}; raise SystemExit(1)", QUICK)]) == 0
    (row,), _ = printed(capsys)
    assert row["figure"] == "2.5 ms"


def test_benches_are_chosen_by_name_and_may_be_short(capsys: pytest.CaptureFixture[str]) -> None:
    length = Claim("how long", figure="length")
    script = 'import json, sys; print(json.dumps({"length": len(sys.argv[1])}))'
    benches = [made_up("one", script, length), made_up("other", script, length)]
    assert gathered.main(["--short", "other"], benches) == 0
    found, _ = printed(capsys)
    assert [(row["bench"], row["figure"]) for row in found] == [("other", "5")]


def test_nothing_runs_when_a_name_is_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        gathered.main(["nothing"], [made_up("one", PRINTS, QUICK)])
    assert "no bench is called nothing" in capsys.readouterr().err


def test_of_several_lines_a_claim_takes_the_one_it_means() -> None:
    claim = Claim("in English", figure="ms", where=("language", "en"), at_most=10)
    bench = made_up("words", "", claim)
    lines = [{"language": "en", "ms": 3}, {"language": "pt", "ms": 30}]
    assert [(row.figure, row.holds) for row in rows(bench, lines)] == [("3", True)]


def test_every_known_bench_is_there_and_takes_its_options() -> None:
    names = [bench.name for bench in BENCHES]
    assert len(set(names)) == len(names)
    for bench in BENCHES:
        script = ROOT / f"{bench.module.replace('.', '/')}.py"
        source = script.read_text("utf-8")
        assert bench.claims, bench.name
        for option in (*bench.usual, *bench.short):
            named = option.replace("--no-", "--")
            assert not option.startswith("--") or f'"{named}"' in source, (bench.name, option)
        assert bench.command(is_short=True, this_python=sys.executable)[-1] != bench.module


def test_growth_is_the_ratio_of_the_quicker_quarter_without_noise() -> None:
    def measured(ms: Sequence[float], pages: int) -> Measured:
        return Measured(list(ms), [pages] * len(ms), [3] * len(ms))

    few = measured([1.0] * 8, 10)
    same, twice = measured([1.05] * 6 + [30.0] * 2, 11), measured([2.1] * 8, 40)
    assert growth.compared(few, same)["ratio"] <= 1
    assert growth.compared(few, twice)["ratio"] == 2
    assert growth.compared(few, twice)["pages"] == 40


def test_memory_that_grows_after_the_warm_up_is_told_from_memory_that_is_taken_once() -> None:
    def memory(at: float) -> dict[str, float]:
        return {"leaks": 100 + at / 10, "settles": 50 + min(at, 60)}

    samples = [(float(at), memory(at)) for at in range(0, 600, 5)]
    found = soak.growth(samples, 600)
    assert found["settles"]["ratio"] == 1
    assert found["settles"]["mb_an_hour"] == 0
    assert found["leaks"]["ratio"] > 1.2
    assert found["leaks"]["mb_an_hour"] == pytest.approx(360)
