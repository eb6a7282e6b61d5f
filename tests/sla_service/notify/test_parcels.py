"""What travels together: digests, company, and the urgent that waits for nobody."""

from datetime import UTC, datetime, timedelta
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from sla_service.notify.parcels import Due, Rhythm, plan
from sla_service.notify.quiet import Quiet

AT = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
QUIET = Quiet(11 * 60, 13 * 60, "UTC")


def _rhythm(
    last_at: datetime | None = None, quiet: Quiet | None = None, digest_after: int = 3
) -> Rhythm:
    return Rhythm(AT, last_at, timedelta(seconds=20), digest_after, quiet)


def _fresh(*ids: int, is_urgent: bool = False) -> list[Due]:
    return [Due(one, is_urgent) for one in ids]


def test_few_notices_travel_alone_and_many_as_one() -> None:
    assert [len(parcel) for parcel in plan(_fresh(1, 2, 3), _rhythm()).parcels] == [1, 1, 1]
    assert [len(parcel) for parcel in plan(_fresh(1, 2, 3, 4), _rhythm()).parcels] == [4]


def test_what_comes_just_after_a_message_waits_for_company() -> None:
    planned = plan(_fresh(1, 2), _rhythm(last_at=AT - timedelta(seconds=5)))
    assert planned.parcels == []
    assert planned.waiting == _fresh(1, 2)
    assert planned.waiting_until == AT + timedelta(seconds=15)


def test_the_urgent_waits_neither_for_company_nor_for_the_morning() -> None:
    due = _fresh(1) + _fresh(2, is_urgent=True)
    planned = plan(due, _rhythm(last_at=AT, quiet=QUIET))
    assert planned.parcels == [_fresh(2, is_urgent=True)]
    assert planned.held == _fresh(1)
    assert planned.held_until == AT + timedelta(hours=1)


def test_a_message_that_failed_keeps_its_content() -> None:
    again = [Due(1, is_urgent=False, message_id="<m>"), Due(2, is_urgent=False, message_id="<m>")]
    planned = plan([*again, *_fresh(3, 4)], _rhythm())
    assert planned.parcels == [again, _fresh(3), _fresh(4)]


@given(
    due=st.lists(
        st.builds(
            Due,
            st.integers(),
            st.booleans(),
            st.sampled_from([None, None, "<a>", "<b>"]),
        ),
        unique_by=lambda one: one.send_id,
    ),
    last=st.none() | st.integers(0, 60),
    is_quiet=st.booleans(),
    digest_after=st.integers(1, 5),
)
def test_nothing_is_forgotten_and_nothing_planned_twice(
    due: list[Due], last: int | None, is_quiet: bool, digest_after: int
) -> None:
    last_at = None if last is None else AT - timedelta(seconds=last)
    planned = plan(due, _rhythm(last_at, QUIET if is_quiet else None, digest_after))
    everything = [*chain(*planned.parcels), *planned.held, *planned.waiting]
    assert sorted(one.send_id for one in everything) == sorted(one.send_id for one in due)
    assert not any(
        one.is_urgent and one.message_id is None for one in planned.held + planned.waiting
    )
    assert (planned.held == []) or planned.held_until is not None
    assert (planned.waiting == []) or planned.waiting_until is not None
