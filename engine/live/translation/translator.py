"""Texts in another language: a model of its own, in a process of its own, that is started when it is first needed.

Imports no torch.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from engine.errors import IsoglossError
from engine.languages import parse_language
from engine.live.fact.problems import LONGEST_TEXT
from engine.live.refusals import NotFound, QueueFull
from engine.live.translation.language_codes import folder_languages
from engine.live.translation.messages import TranslationOrder
from engine.live.worker.messages import ModelSettings, OrderFailed
from engine.live.worker.process import WorkerProcess, WorkerSilent, WorkerStopped
from engine.probes.fitness import fault

HOW_TO_GET_ONE = (
    "no translation model is set up: docs/models.md says how to get one, such as NLLB-200; then write into models.toml "
    'of the store: [translation], and below it model = "FOLDER"'
)
MOST_TEXTS = 200
_MOST_WAITING = 4
_LOAD_SECONDS = 600.0
_SECONDS = 120.0  # for one request
_IDLE_SECONDS = 900.0  # after which the model is let go


def serve_translation(*arguments: object) -> None:
    """What runs in the worker."""
    from engine.live.translation.translation_worker import serve

    serve(*arguments)  # type: ignore[arg-type]


class Translator:
    """All methods belong to one event loop. `folder`: of the model that the operator configured, if any."""

    def __init__(self, folder: Callable[[], Path | None], settings: ModelSettings) -> None:
        self._folder, self._settings = folder, settings
        self._process: WorkerProcess | None = None
        self._loaded: Path | None = None
        self._one = asyncio.Lock()
        self._languages: dict[Path, list[str]] = {}
        self._here = 0  # requests under way
        self._letting_go: asyncio.TimerHandle | None = None

    def model(self) -> Path:
        """The folder of the model. Raises NotFound that says how to get one, IsoglossError for a bad file."""
        folder = self._folder()
        if folder is None:
            raise NotFound(HOW_TO_GET_ONE)
        return folder

    async def languages(self) -> list[str]:
        """The BCP 47 tags that the model knows; it is not loaded for that. Raises NotFound, IsoglossError."""
        folder = self.model()
        if folder not in self._languages:
            self._languages = {folder: await asyncio.to_thread(folder_languages, folder)}
        return self._languages[folder]

    async def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Each text in the target language. Raises IsoglossError in one sentence, NotFound, QueueFull."""
        folder = self.model()
        order = TranslationOrder(tuple(texts), parse_language(source), parse_language(target))
        _check(order)
        if order.source == order.target or not texts:
            return list(texts)
        if self._here >= _MOST_WAITING:
            raise QueueFull("other texts are being translated; try again in a moment", 5.0)
        self._here += 1
        try:
            async with self._one:
                return await self._ask(folder, order)
        finally:
            self._here -= 1

    def close(self) -> None:
        """Let the model go."""
        if self._process is not None:
            self._process.kill()
        self._process = None

    async def _ask(self, folder: Path, order: TranslationOrder) -> list[str]:
        try:
            found = await self._exchange(folder, order)
        except WorkerSilent as error:
            raise IsoglossError(
                f"the translation took longer than {_SECONDS:.0f} s; try fewer or shorter texts"
            ) from error
        except WorkerStopped:  # perhaps long before it was asked
            try:
                found = await self._exchange(folder, order)
            except WorkerStopped as error:
                raise IsoglossError("the translation model stopped; try other texts") from error
        if isinstance(found, OrderFailed):
            raise IsoglossError(found.reason)
        assert isinstance(found, list)
        return found

    async def _exchange(self, folder: Path, order: TranslationOrder) -> object:
        """What the worker says. Raises WorkerStopped, WorkerSilent: it is gone then."""
        process = await self._running(folder)
        try:
            found: object = await process.exchange("work", order, seconds=_SECONDS)
        except WorkerStopped:
            self.close()
            raise
        finally:
            self._let_go_later()
        return found

    async def _running(self, folder: Path) -> WorkerProcess:
        if self._process is not None and not self._process.ended.is_set() and self._loaded == folder:
            return self._process
        self.close()
        settings = replace(self._settings, source=str(folder))
        process = self._process = WorkerProcess(serve_translation, settings)
        try:
            await process.start()
            first = await process.loaded(seconds=_LOAD_SECONDS)
        except WorkerStopped as error:
            self.close()
            raise IsoglossError(f"the translation model in {folder} could not be loaded: its process ended") from error
        if isinstance(first, OrderFailed):
            self.close()
            raise IsoglossError(first.reason)
        self._loaded = folder
        return process

    def _let_go_later(self) -> None:
        if self._letting_go is not None:
            self._letting_go.cancel()
        self._letting_go = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self._let_go)

    def _let_go(self) -> None:
        if not self._one.locked():
            self.close()


def _check(order: TranslationOrder) -> None:
    if len(order.texts) > MOST_TEXTS:
        raise IsoglossError(f"{len(order.texts)} texts at once; at most {MOST_TEXTS} are translated")
    for number, text in enumerate(order.texts, start=1):
        if len(text) > LONGEST_TEXT:
            raise IsoglossError(f"text {number} has {len(text):,} characters, at most {LONGEST_TEXT:,} are translated")
        if reason := fault(text):
            raise IsoglossError(f"text {number} {reason}")
