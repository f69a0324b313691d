"""Progress in questions, for a model that counts texts."""

from dataclasses import dataclass

from engine.models.interface import Advance


@dataclass
class QuestionsDone:
    """Turns a model's count of items into a share of the questions; together they are always all the questions."""

    advance: Advance
    questions: int
    items: int
    _items_done: int = 0
    _said: int = 0

    def step(self, items: int) -> None:
        """The model has done so many more items."""
        self._items_done = min(self._items_done + items, self.items)
        self._say(self._items_done * self.questions // self.items)

    def finish(self) -> None:
        """All is done, whatever the model counted."""
        self._say(self.questions)

    def _say(self, done: int) -> None:
        if done > self._said:
            self.advance(done - self._said)
            self._said = done
