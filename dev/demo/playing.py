"""Lets a story happen, step by step in the order of time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dev.demo.past import Past
from dev.demo.people import People
from dev.demo.stage import Stage
from dev.demo.story import Step, Story, Talk, Template
from simulator import inbound, pictures, statuses, voice
from simulator.busy_talks import Item
from simulator.shoppers import Shopper, new_user_id
from simulator.world import Message
from sla_service.database.sessions import rows

_A_WHILE = timedelta(seconds=90)
_JUST_BEFORE = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Moment:
    """A step, when it happens, and whose it is."""

    at: datetime
    talk: Talk
    step: Step


@dataclass(frozen=True, slots=True)
class Player:
    """Plays the parts of shoppers and people."""

    past: Past
    stage: Stage
    people: People
    shoppers: dict[str, Shopper]

    async def play(self, story: Story, now: datetime) -> None:
        """Everything, up to `now`."""
        before = min(moment.at for moment in _moments(story.talks, now))
        for moment in _moments(story.talks, now):
            if moment.at - before > _A_WHILE:
                self.past.move_to(moment.at - _JUST_BEFORE)
                await self.stage.pass_time()
            self.past.move_to(moment.at)
            before = moment.at
            await self._step(moment.talk, moment.step)
            await self.stage.settle()
        self.past.move_to(now)
        await self.stage.pass_time()

    async def _step(self, talk: Talk, step: Step) -> None:
        if step.bot is not None:
            self.stage.bot.prepare(talk.name, talk.language, step.bot)
        if step.waits:
            await self.stage.pass_time()
        if step.rates is not None:
            self._rate(talk, step.rates)
        for item in step.shopper or ():
            self._write(talk, item)
        if step.by is not None:
            await self._act(talk, step, step.by)

    def _write(self, talk: Talk, item: Item) -> None:
        outside, shopper = self.stage.outside, self._shopper(talk)
        statuses.report_read(outside, shopper)
        if item.text is not None:
            inbound.say(outside, shopper, "text", {"body": item.text})
        elif item.place is not None:
            inbound.say(outside, shopper, "location", item.place.model_dump())
        else:
            data, mime_type, filename = _file(item)
            medium = outside.shelf.put(data, mime_type, filename=filename, is_from_shopper=True)
            kind, content = inbound.media_content(outside, medium.id, caption=item.caption)
            inbound.say(outside, shopper, kind, content)

    def _rate(self, talk: Talk, score: int) -> None:
        outside, shopper = self.stage.outside, self._shopper(talk)
        asked = _last_list(outside.world.chats[shopper.key])
        found = [row for part in asked.content["action"]["sections"] for row in part["rows"]]
        row = next(one for one in found if one["title"].startswith(str(score)))
        reply = {"type": "list_reply", "list_reply": {"id": row["id"], "title": row["title"]}}
        inbound.say(outside, shopper, "interactive", reply, reply_to=asked.id)

    def _shopper(self, talk: Talk) -> Shopper:
        if talk.name not in self.shoppers:
            key = new_user_id(talk.language)
            number = talk.number.replace(" ", "")
            shopper = Shopper(
                key, talk.name, talk.language, wa_id=number, user_id=key, group="past"
            )
            self.stage.outside.world.adopt(shopper)
            self.shoppers[talk.name] = shopper
        return self.shoppers[talk.name]

    async def _act(self, talk: Talk, step: Step, by: str) -> None:
        conversation, fence = await self._conversation(talk)
        path = f"/api/conversations/{conversation}"
        if step.takes:
            await self.people.do(by, "POST", f"{path}/assignment", {"agent": "me"})
        if step.gives_to is not None:
            given = {"agent": self.people.number(step.gives_to), "owner_fence": fence}
            await self.people.do(by, "POST", f"{path}/assignment", given)
        if step.reply is not None or step.file or step.canned or step.template:
            await self._reply(by, conversation, step)
        await self._about_ticket(conversation, step, by)
        if step.back_to_bot:
            await self.people.do(by, "POST", f"{path}/bot", {})

    async def _reply(self, by: str, conversation: int, step: Step) -> None:
        body: dict[str, object] = {"text": step.reply or ""}
        if step.canned is not None:
            known = await self.people.do(by, "GET", "/api/canned-replies")
            number = next(one["id"] for one in known if one["shortcut"] == step.canned)
            shown = f"/api/canned-replies/{number}/rendering?conversation={conversation}"
            filled = await self.people.do(by, "GET", shown)
            body = {"text": filled["text"], "canned": number}
        if step.file is not None:
            body["media"] = await self.people.bring(by, *_named(step.file))
        if step.template is not None:
            body = {"template": _template(step.template)}
        await self.people.do(by, "POST", f"/api/conversations/{conversation}/messages", body)

    async def _about_ticket(self, conversation: int, step: Step, by: str) -> None:
        do, number = self.people.do, self.people.number
        listed = await do(by, "GET", f"/api/conversations/{conversation}/tickets")
        ticket = f"/api/tickets/{listed[0]['number']}"
        if step.note is not None:
            mentions = [number(one) for one in step.mentions]
            await do(by, "POST", f"{ticket}/notes", {"text": step.note, "mentions": mentions})
        if step.to_do is not None:
            due_at = (datetime.now(UTC) + step.to_do.due_in).isoformat()  # noqa: TID251 - moved
            owner = number(step.to_do.owner)
            item = {"text": step.to_do.text, "owner": owner, "due_at": due_at}
            await do(by, "POST", f"{ticket}/action-items", item)
        changes = {"tags": step.tags, "priority": step.priority}
        if wanted := {name: value for name, value in changes.items() if value is not None}:
            await do(by, "PATCH", ticket, wanted)
        if step.status is not None:
            await do(by, "PUT", f"{ticket}/status", {"status": step.status})
        if step.merges:
            earlier = f"/api/tickets/{listed[1]['number']}/merge"
            await do(by, "POST", earlier, {"into": listed[0]["number"]})
        if step.resolves:
            await do(by, "POST", f"{ticket}/resolution")

    async def _conversation(self, talk: Talk) -> tuple[int, int]:
        """Its id, and what tells a change of its owner."""
        async with self.stage.database.connection() as connection:
            key = {"key": self._shopper(talk).user_id}
            found = (await rows(connection, _CONVERSATION, key))[0]
            return found.id, found.owner_fence


def _moments(talks: Sequence[Talk], now: datetime) -> Iterator[Moment]:
    listed: list[Moment] = []
    for talk in talks:
        at = now - talk.begins()
        for step in talk.steps:
            at += step.pause
            listed.append(Moment(at, talk, step))
    yield from sorted(listed, key=lambda moment: moment.at)


def _last_list(chat: Sequence[Message]) -> Message:
    return next(
        message
        for message in reversed(chat)
        if message.type == "interactive" and message.content.get("type") == "list"
    )


def _file(item: Item) -> tuple[bytes, str, str | None]:
    if item.voice:
        return voice.sample(), "audio/ogg; codecs=opus", None
    return _named(item)


def _named(item: Item) -> tuple[bytes, str, str]:
    if item.photo is not None:
        return pictures.photo(item.photo), "image/png", f"{item.photo}.png"
    name = item.file or "arquivo.pdf"
    title = name.rpartition(".")[0].replace("-", " ").capitalize()
    return pictures.receipt(title, ("Passo Firme",)), "application/pdf", name


def _template(template: Template) -> dict[str, object]:
    return template.model_dump()


_CONVERSATION = """
SELECT c.id, c.owner_fence FROM conversations c JOIN contacts p ON p.id = c.contact_id
WHERE p.bsuid = %(key)s
"""
