"""Who may hold a conversation after whom."""

import pytest

from sla_service.conversations.tables import Owner
from sla_service.handoff.transitions import Act, NotWithPeople, after


@pytest.mark.parametrize(
    ("act", "owner", "then"),
    [
        (Act.HAND_OVER, Owner.BOT, Owner.QUEUE),
        (Act.HAND_OVER, Owner.AGENT, Owner.AGENT),
        (Act.ASSIGN, Owner.BOT, Owner.AGENT),
        (Act.ASSIGN, Owner.QUEUE, Owner.AGENT),
        (Act.ASSIGN, Owner.AGENT, Owner.AGENT),
        (Act.PUT_BACK, Owner.AGENT, Owner.QUEUE),
        (Act.PUT_BACK, Owner.QUEUE, Owner.QUEUE),
        (Act.GIVE_BACK, Owner.AGENT, Owner.BOT),
        (Act.GIVE_BACK, Owner.QUEUE, Owner.BOT),
        (Act.GIVE_BACK, Owner.BOT, Owner.BOT),
        (Act.RESOLVE, Owner.QUEUE, Owner.BOT),
        (Act.RESOLVE, Owner.BOT, Owner.BOT),
    ],
)
def test_each_act_leads_to_one_owner(act: Act, owner: Owner, then: Owner) -> None:
    assert after(act, owner) is then


def test_what_the_bot_holds_cannot_be_put_back() -> None:
    with pytest.raises(NotWithPeople):
        after(Act.PUT_BACK, Owner.BOT)


@pytest.mark.parametrize("owner", Owner)
@pytest.mark.parametrize("act", [act for act in Act if act is not Act.PUT_BACK])
def test_no_act_leaves_a_conversation_without_an_owner(act: Act, owner: Owner) -> None:
    assert after(act, owner) in Owner
