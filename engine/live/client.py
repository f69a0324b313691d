"""What the dashboard says to the probe service. Imports no torch, and of the engine only where the service is."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import quote

import httpx2

from engine.errors import IsoglossError
from engine.live.address import Address, read_address
from engine.live.protocol.fact_text import FactText
from engine.live.protocol.message import Message
from engine.live.protocol.messages import (
    Deletion,
    Done,
    HealthReport,
    ModelList,
    ModelState,
    NewName,
    ProbeStatus,
    Promoted,
    Promotion,
    RefusalReply,
    Settings,
    Submission,
    TokenScores,
    TranslatedTexts,
    TranslationRequest,
    TranslatorModel,
)

_PATIENCE = 5.0  # seconds for an answer of the service, beside what a poll waits
_TRANSLATION_PATIENCE = 300.0
_PROMOTION_PATIENCE = 60.0
_NOT_FOUND = 404

Reply = TypeVar("Reply", bound=Message)


class ServiceRefused(IsoglossError):
    """The service refused; `problems`: cells of the fact, `seconds`: when to try again."""

    def __init__(self, reply: RefusalReply, status: int) -> None:
        super().__init__(reply.error)
        self.status = status
        self.problems = tuple(reply.problems)
        self.seconds = reply.seconds


class LiveClient:
    """One service. May be shared by threads. All methods raise IsoglossError in one sentence."""

    def __init__(self, address: Address) -> None:
        self._http = httpx2.Client(
            base_url=address.url or "http://probe",
            transport=httpx2.HTTPTransport(uds=address.socket) if address.socket else None,
            headers={"Authorization": f"Bearer {address.token}"},
            timeout=_PATIENCE,
            trust_env=False,  # no proxy stands between this machine and itself
        )

    def __enter__(self) -> "LiveClient":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def submit(self, fact: FactText, *, user: str, model: str, asking: Settings | None = None) -> ProbeStatus:
        """Have a fact asked of a loaded model; the probe as it stands, to be polled by its id."""
        submission = Submission(user=user, model=model, fact=fact.model_dump(), asking=asking or {})
        return self._call("POST", "/probes", ProbeStatus, sent=submission)

    def poll(self, id: str, *, seen: int = 0, wait: float = 0.0) -> ProbeStatus:
        """The probe as it stands; waits, at most so many seconds, for more answers than the `seen` ones."""
        query = {"seen": seen, "wait": wait}
        return self._call("GET", f"/probes/{_quoted(id)}", ProbeStatus, params=query, timeout=_PATIENCE + wait)

    def cancel(self, id: str) -> ProbeStatus:
        """End a probe and free its place."""
        return self._call("DELETE", f"/probes/{_quoted(id)}", ProbeStatus)

    def tokens(self, id: str, language: str) -> TokenScores:
        """The log-probability of each piece of each option in a language."""
        return self._call("GET", f"/probes/{_quoted(id)}/tokens/{_quoted(language)}", TokenScores)

    def models(self) -> tuple[ModelState, ...]:
        """Every model that may be asked."""
        return self._call("GET", "/models", ModelList).models

    def load(self, model: str) -> tuple[ModelState, ...]:
        """Begin to load a model; the one that is there serves on until then."""
        return self._call("POST", f"/models/{_quoted(model)}", ModelList).models

    def unload(self, model: str) -> tuple[ModelState, ...]:
        """Let a model go."""
        return self._call("DELETE", f"/models/{_quoted(model)}", ModelList).models

    def rename(self, saved_id: str, name: str) -> None:
        """Give a saved probe a name; "" takes it away."""
        self._call("POST", f"/saved/{_quoted(saved_id)}/name", Done, sent=NewName(name=name))

    def delete(self, saved_id: str) -> str:
        """Take a saved probe out of the store; the token by which it is had back."""
        return self._call("DELETE", f"/saved/{_quoted(saved_id)}", Deletion).undo

    def undo(self, token: str) -> None:
        """Put back what was deleted."""
        self._call("POST", "/saved/undo", Done, sent=Deletion(undo=token))

    def promote(self, saved_ids: Sequence[str], dataset: str) -> Promoted:
        """Copy saved probes into a dataset of the user's own."""
        promotion = Promotion(saved_ids=list(saved_ids), dataset=dataset)
        return self._call("POST", "/saved/promote", Promoted, sent=promotion, timeout=_PROMOTION_PATIENCE)

    def languages(self) -> tuple[str, ...] | None:
        """The BCP 47 tags that the translation model knows; None: the operator has set up none."""
        try:
            return self._call("GET", "/translate", TranslatorModel).languages
        except ServiceRefused as refused:
            if refused.status == _NOT_FOUND:
                return None
            raise

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Texts from one language into another; may take a while, the first time longest."""
        wanted = TranslationRequest(texts=list(texts), source=source, target=target)
        return list(self._call("POST", "/translate", TranslatedTexts, sent=wanted, timeout=_TRANSLATION_PATIENCE).texts)

    def health(self) -> HealthReport:
        """Whether the loaded models answer."""
        return self._call("GET", "/healthz", HealthReport, accepted=(503,))

    def _call(
        self,
        method: str,
        path: str,
        kind: type[Reply],
        *,
        sent: Message | None = None,
        accepted: tuple[int, ...] = (),
        **more: Any,
    ) -> Reply:
        content = None if sent is None else sent.to_json()
        try:
            response = self._http.request(method, path, content=content, **more)
        except httpx2.TimeoutException as error:
            raise IsoglossError("the probe service does not answer; it may be overloaded: try again") from error
        except httpx2.HTTPError as error:
            raise IsoglossError(
                "the probe service cannot be reached; start it with: .venv/bin/python -m engine.live"
            ) from error
        if response.is_error and response.status_code not in accepted:
            raise ServiceRefused(_refusal(response), response.status_code)
        return kind.from_json(response.content)


def connect(file: Path) -> LiveClient:
    """The client of the service whose address a file holds. Raises IsoglossError where there is none."""
    return LiveClient(read_address(file))


def _refusal(response: httpx2.Response) -> RefusalReply:
    try:
        return RefusalReply.from_json(response.content)
    except IsoglossError:  # of the server below the service, or of another version
        return RefusalReply(error=f"the probe service refused (status {response.status_code})")


def _quoted(part: str) -> str:
    return quote(part, safe="")
