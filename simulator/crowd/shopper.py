"""One shopper of a crowd: reads what the desk says and decides what to do next."""

from collections.abc import Sequence

from simulator.crowd import acting, answering, words
from simulator.crowd.acting import Act, Press, Write
from simulator.crowd.asking import Ask, asked, choices_of, refusing, with_choices
from simulator.crowd.hearing import Said
from simulator.crowd.memory import Memory

_MOST_WRITTEN = 14
_SAME_ANSWERS = 2
_SILENCES = 2


class Shopper(Memory):
    """Somebody in a talk."""

    def opens(self) -> Act:
        """Their first message."""
        return self._does(Write(acting.in_their_words(self, self.plan.wish.opening)))

    def answers(
        self, said: Sequence[Said], *, is_reached: bool, is_with_people: bool
    ) -> Act | None:
        """What they do after these messages; None: they put the phone away."""
        if is_reached or is_with_people:
            return self._parts(said, is_with_people=is_with_people)
        if self.written >= _MOST_WRITTEN:
            self.gave_up = True
            return None
        if not said:
            return self._waited()
        ask = asked(said)
        if ask is not None and self._digresses(ask):
            self.has_digressed = True
            return self._does(Write(self.plan.wish.follow_ups["digress"]))
        act = self._to(ask, said) if ask is not None else None
        act = act or self._tries_again(said)
        return self._does(act) if act is not None else None

    def _to(self, ask: Ask, said: Sequence[Said]) -> Act | None:
        """The answer to a question; None: they have none, or gave it too often."""
        if self.answered[ask] >= _SAME_ANSWERS and ask is not Ask.CONFIRM:
            return None
        act = answering.answer(self, ask, said)
        if act is not None:
            self.answered[ask] += 1
        return act

    def _digresses(self, ask: Ask) -> bool:
        is_free = self.plan.digresses and not self.has_digressed
        return is_free and ask not in {Ask.WHICH_MATTER, Ask.PERSON, Ask.LANGUAGE, Ask.RATING}

    def _tries_again(self, said: Sequence[Said]) -> Act | None:
        """Not what they wanted: they say it in other words, then want a person, then leave."""
        phrases = words.phrases(self.plan.language)
        self.tries += 1
        self.answered.clear()
        if self.tries == 1:
            return Write(acting.in_their_words(self, phrases.again[self.plan.wish.goal][0]))
        if not self.has_asked_for_person:
            self.has_asked_for_person = True
            return Write(self.chance.choice(phrases.person))
        offered = with_choices(said)
        person = acting.person(choices_of(said))
        if offered is not None and person is not None and self.tries < 4:
            return Press(offered, person)
        self.gave_up = True
        return None

    def _waited(self) -> Act | None:
        self.silences += 1
        if self.silences >= _SILENCES:
            self.gave_up = True
            return None
        return self._does(Write(self.chance.choice(words.phrases(self.plan.language).impatient)))

    def _parts(self, said: Sequence[Said], *, is_with_people: bool) -> Act | None:
        """They have what they came for: some say thanks, some just go."""
        if self.has_parted:
            return None
        self.has_parted = True
        offered = with_choices(said)
        declined = refusing(choices_of(said))
        if offered is not None and declined is not None and self.plan.thanks:
            return self._does(Press(offered, declined))
        if self.plan.thanks and not is_with_people and asked(said) is None:
            return self._does(Write(self.chance.choice(words.phrases(self.plan.language).thanks)))
        return None

    def _does(self, act: Act) -> Act:
        self.written += 1
        return act
