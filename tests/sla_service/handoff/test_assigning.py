"""Who gets a conversation next."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sla_service.handoff.assigning import Candidate, Need, Strategy, choose

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BRUNO = Candidate(1, languages=("pt", "en"), skills=("trocas",), team="loja")
CARLA = Candidate(2, languages=("pt",), skills=("fraude",), team="site")
DIEGO = Candidate(3, is_there=False, languages=("pt",), skills=("entregas",))
LEAST, ROUND = Strategy.LEAST_LOADED, Strategy.ROUND_ROBIN


def _chosen(people: list[Candidate], need: Need, strategy: Strategy = LEAST) -> int | None:
    found = choose(people, need, strategy)
    return None if found is None else found.id


def test_whoever_has_the_most_room_gets_it() -> None:
    busy, free = Candidate(1, capacity=4, load=2), Candidate(2, capacity=10, load=3)
    assert _chosen([busy, free], Need()) == 2


def test_whoever_got_something_longest_ago_is_next_in_a_round() -> None:
    lately = Candidate(1, load=0, last_given_at=NOON)
    before = Candidate(2, load=3, last_given_at=NOON - timedelta(hours=1))
    assert _chosen([lately, before], Need(), ROUND) == 2
    assert _chosen([lately, before, Candidate(3, load=4)], Need(), ROUND) == 3


def test_nobody_gets_more_than_they_can_take() -> None:
    assert _chosen([Candidate(1, capacity=2, load=2), Candidate(2, capacity=0)], Need()) is None


def test_nothing_goes_to_somebody_who_is_not_there() -> None:
    assert _chosen([DIEGO], Need()) is None
    assert _chosen([DIEGO], Need(agent_id=3)) is None


@pytest.mark.parametrize(
    ("need", "who"),
    [
        (Need(language="en"), 1),
        (Need(skill="fraude"), 2),
        (Need(team="site"), 2),
        (Need(agent_id=2), 2),
        (Need(language="en", skill="trocas"), 1),
        (Need(skill="fraude", language="en"), 2),
        (Need(skill="entregas"), None),
        (Need(skill="costura"), 1),
        (Need(language="fr"), 1),
    ],
)
def test_what_is_asked_for_is_looked_for_unless_nobody_in_the_house_has_it(
    need: Need, who: int | None
) -> None:
    assert _chosen([BRUNO, CARLA, DIEGO], need) == who


def test_who_said_no_is_not_asked_again_and_who_let_it_pass_comes_last() -> None:
    people = [Candidate(1), Candidate(2), Candidate(3)]
    assert _chosen(people, Need(declined={1})) == 2
    assert _chosen(people, Need(let_pass=[1, 2])) == 3
    assert _chosen(people, Need(let_pass=[1, 2, 3])) == 1
    assert _chosen(people, Need(let_pass=[1, 2, 3, 1])) == 2
    assert _chosen(people, Need(declined={1, 2, 3})) is None
    assert _chosen(people, Need(agent_id=2, let_pass=[2])) == 1


_people = some.lists(
    some.builds(
        Candidate,
        id=some.integers(1, 9),
        is_there=some.booleans(),
        languages=some.sets(some.sampled_from(["pt", "en"])),
        skills=some.sets(some.sampled_from(["a", "b"])),
        capacity=some.integers(0, 5),
        load=some.integers(0, 6),
    ),
    max_size=6,
    unique_by=lambda one: one.id,
)
_needs = some.builds(
    Need,
    language=some.sampled_from([None, "pt", "en"]),
    skill=some.sampled_from([None, "a", "b"]),
    team=some.none(),
    agent_id=some.one_of(some.none(), some.integers(1, 9)),
    declined=some.sets(some.integers(1, 9)),
    let_pass=some.lists(some.integers(1, 9), max_size=4),
)


@given(_people, _needs, some.sampled_from(Strategy))
def test_whoever_is_chosen_is_there_and_has_room_and_did_not_decline(
    people: list[Candidate], need: Need, strategy: Strategy
) -> None:
    found = choose(people, need, strategy)
    if found is not None:
        assert found.is_there
        assert found.load < found.capacity
        assert found.id not in need.declined


@given(_people, some.sampled_from(Strategy))
def test_somebody_is_found_whenever_somebody_has_room(
    people: list[Candidate], strategy: Strategy
) -> None:
    has_room = any(one.is_there and one.load < one.capacity for one in people)
    assert (choose(people, Need(), strategy) is not None) == has_room
