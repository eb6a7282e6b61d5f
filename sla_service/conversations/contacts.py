"""Who writes: contacts found by whatever the channel knows of them, made, merged and renamed."""

from collections.abc import Awaitable, Callable

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.conversations.phones import phone_key
from sla_service.conversations.tables import Contact, Conversation, Message, Owed, Turn
from sla_service.whatsapp.values import Identity, IdentityChange

Adopt = Callable[[AsyncSession, int, int], Awaitable[None]]
"""What else must move when the thread with the first id becomes part of the second."""


async def conversation_with(
    session: AsyncSession, identity: Identity, phone_number_id: str, *, adopt: Adopt
) -> tuple[Contact, Conversation]:
    """The contact with this identity and their thread on our number; both made where missing.

    The conversation's row is locked until the transaction ends. Two contacts that turn out to be
    one person are merged, and `adopt` is asked to move what higher rooms tie to a thread.
    """
    contact = await _find(session, identity, adopt)
    if contact is None:
        contact = await _make(session, identity, adopt)
    else:
        _learn(contact, identity)
    conversation = await _thread(session, contact.id, phone_number_id)
    if conversation is None:
        await session.execute(
            insert(Conversation)
            .values(contact_id=contact.id, phone_number_id=phone_number_id)
            .on_conflict_do_nothing()
        )
        conversation = await _thread(session, contact.id, phone_number_id)
    if conversation is None:
        raise LookupError("a conversation vanished while it was made")
    return contact, conversation


async def rename(session: AsyncSession, change: IdentityChange) -> None:
    """A contact has a new number or user id.

    A number that another contact already bears stays theirs: it may have had another person
    behind it, whose thread must not be shown to this one.
    """
    contact = next(iter(await _all(session, change.old)), None)
    if contact is None:
        return
    taken = [found for found in await _all(session, change.new) if found.id != contact.id]
    if change.new.bsuid and not any(found.bsuid == change.new.bsuid for found in taken):
        contact.bsuid = change.new.bsuid
    if change.new.wa_id:
        key = phone_key(change.new.wa_id)
        free = not any(found.phone_key == key for found in taken)
        contact.wa_id, contact.phone_key = (change.new.wa_id, key) if free else (None, None)
    await session.flush()


async def _find(session: AsyncSession, identity: Identity, adopt: Adopt) -> Contact | None:
    """The contact with any part of this identity; two that turn out to be one are merged."""
    found = await _all(session, identity)
    if len(found) > 1:
        kept, other = found
        await _merge(session, kept, other, adopt)
    return found[0] if found else None


async def _all(session: AsyncSession, identity: Identity) -> list[Contact]:
    known = []
    if identity.bsuid:
        known.append(Contact.bsuid == identity.bsuid)
    if identity.wa_id:
        known.append(Contact.phone_key == phone_key(identity.wa_id))
    if not known:
        return []
    query = select(Contact).where(or_(*known)).order_by(Contact.id)
    return list((await session.scalars(query)).all())


async def _make(session: AsyncSession, identity: Identity, adopt: Adopt) -> Contact:
    await session.execute(
        insert(Contact)
        .values(
            wa_id=identity.wa_id,
            phone_key=phone_key(identity.wa_id) if identity.wa_id else None,
            bsuid=identity.bsuid,
            username=identity.username,
            name=identity.name,
        )
        .on_conflict_do_nothing()
    )
    contact = await _find(session, identity, adopt)
    if contact is None:
        raise LookupError("a contact vanished while it was made")
    return contact


def _learn(contact: Contact, identity: Identity) -> None:
    """Take over what is new; an absent part teaches nothing."""
    if identity.wa_id and contact.wa_id != identity.wa_id:
        contact.wa_id, contact.phone_key = identity.wa_id, phone_key(identity.wa_id)
    if identity.bsuid and contact.bsuid != identity.bsuid:
        contact.bsuid = identity.bsuid
    if identity.username and contact.username != identity.username:
        contact.username = identity.username
    if identity.name and contact.name != identity.name:
        contact.name = identity.name


async def _thread(
    session: AsyncSession, contact_id: int, phone_number_id: str
) -> Conversation | None:
    query = (
        select(Conversation)
        .where(
            Conversation.contact_id == contact_id, Conversation.phone_number_id == phone_number_id
        )
        .with_for_update()
    )
    found: Conversation | None = await session.scalar(query)
    return found


async def _merge(session: AsyncSession, kept: Contact, other: Contact, adopt: Adopt) -> None:
    """One person known by two parts of their identity: the older contact takes everything over."""
    threads = select(Conversation).where(Conversation.contact_id == other.id).with_for_update()
    for thread in (await session.scalars(threads)).all():
        target = await _thread(session, kept.id, thread.phone_number_id)
        if target is None:
            thread.contact_id = kept.id
            continue
        for table in (Message, Owed, Turn):
            await session.execute(
                update(table)
                .where(table.conversation_id == thread.id)
                .values(conversation_id=target.id)
            )
        await adopt(session, thread.id, target.id)
        await session.execute(delete(Conversation).where(Conversation.id == thread.id))
    bsuid, wa_id, key = other.bsuid, other.wa_id, other.phone_key
    await session.execute(delete(Contact).where(Contact.id == other.id))
    session.expunge(other)
    kept.bsuid, kept.wa_id, kept.phone_key = (
        kept.bsuid or bsuid,
        kept.wa_id or wa_id,
        kept.phone_key or key,
    )
    await session.flush()
