"""A reader's phone in place of Telegram: what it shows is what was accepted."""

from collections.abc import Callable
from dataclasses import dataclass, field

from monitor.types import Message, Outcome, Sent, Unknown

Plan = Callable[[Message], Outcome | None]


@dataclass
class FakeSender:
    """ports.Sender that keeps what it accepts; `plans` decide an outcome (None: accept) for one message each."""

    accepted: list[Message] = field(default_factory=list)
    shown: dict[tuple[int, int], Message] = field(default_factory=dict)
    plans: list[Plan] = field(default_factory=list)
    is_out: str = ""  # why nobody is reached, as long as it is set: messages as well as questions
    arrives_all_the_same: bool = False  # what is sent meanwhile does arrive, and its answer is lost
    probes: int = 0

    async def probe(self) -> str:
        self.probes += 1
        return self.is_out

    async def send(self, message: Message) -> Outcome:
        if self.is_out:
            if self.arrives_all_the_same:
                self.accept(message)
            return Unknown(self.is_out)
        if self.plans:
            outcome = self.plans.pop(0)(message)
            if outcome is not None:
                return outcome
        return Sent(self.accept(message))

    def accept(self, message: Message) -> int:
        self.accepted.append(message)
        message_id = message.edits or len(self.accepted)
        self.shown[message.address.chat_id, message_id] = message
        return message_id

    @property
    def new(self) -> list[Message]:
        """What rang: messages that are no edits."""
        return [message for message in self.accepted if message.edits is None]
