"""Messages of the app: what has happened (``SituationChanged``), never how to draw it."""

from textual.message import Message

from oncall_tui.domain.situation import Situation


class SituationChanged(Message):
    """There is a newer picture of everything."""

    def __init__(self, situation: Situation) -> None:
        super().__init__()
        self.situation = situation

    def can_replace(self, message: Message) -> bool:
        """Only the newest picture is worth drawing."""
        return isinstance(message, SituationChanged)


class RoomsFailed(Message):
    """The sources could not be set up; nothing can be shown."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason
