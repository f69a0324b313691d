"""Having the empty cells of a table translated, in a thread: pages go on while the model works."""

import threading
from collections.abc import Callable, Mapping, Sequence

from dashboard.app_pages.live.typing.draft import Cell, Draft
from engine.errors import IsoglossError

Translate = Callable[[list[str], str, str], list[str]]  # texts, source and target language
Wanted = Mapping[str, Mapping[str, str]]  # by target language: the text to translate into each column


def wanted(draft: Draft, as_asked: Draft, source: str, targets: Sequence[str]) -> dict[str, dict[str, str]]:
    """What is empty in the targets, and has a text in the source; `as_asked`: the draft as it is asked."""
    found = {}
    for tag in targets:
        columns = [column for column in draft.columns if as_asked.text(source, column) and not draft.text(tag, column)]
        if tag != source and columns:
            found[tag] = {column: as_asked.text(source, column) for column in columns}
    return found


class TableTranslation:
    """The translation of empty cells, language by language. What is done stays when a language fails."""

    def __init__(self, translate: Translate, source: str, texts: Wanted) -> None:
        self._translate, self._source, self._texts = translate, source, texts
        self._lock = threading.Lock()
        self._cells: dict[Cell, str] = {}
        self._n_done = 0
        self._problem: str | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """True when no more texts will come."""
        return not self._thread.is_alive()

    @property
    def done(self) -> tuple[int, int]:
        """Languages that are translated, and all of them."""
        with self._lock:
            return self._n_done, len(self._texts)

    @property
    def problem(self) -> str | None:
        """Why it ended early, in a sentence."""
        return self._problem

    def cells(self) -> dict[Cell, str]:
        """What has been translated so far."""
        with self._lock:
            return dict(self._cells)

    def join(self, seconds: float) -> None:
        """Wait until it is over, at most so many seconds."""
        self._thread.join(seconds)

    def stop(self) -> None:
        """End after the language at hand."""
        self._stopped.set()

    def _work(self) -> None:
        for tag, texts in self._texts.items():
            if self._stopped.is_set():
                return
            try:
                translated = self._translate(list(texts.values()), self._source, tag)
            except IsoglossError as error:
                self._problem = str(error)
                return
            with self._lock:
                self._cells |= {
                    (tag, column): text for column, text in zip(texts, translated, strict=True) if text.strip()
                }
                self._n_done += 1
