"""What the dashboard says to the probe service. Imports no torch, and of the engine only where the service is."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

import httpx2
import orjson

from engine.errors import IsoglossError
from engine.live.address import Address, read_address

_PATIENCE = 5.0  # seconds for an answer of the service, beside what a poll waits
_TRANSLATION_PATIENCE = 300.0
_NOT_FOUND = 404


class ServiceRefused(IsoglossError):
    """The service said no; `problems`: cells of the fact, `seconds`: when to try again."""

    def __init__(self, said: Mapping[str, Any], status: int) -> None:
        super().__init__(str(said.get("error", f"the probe service refused (status {status})")))
        self.status = status
        self.problems: list[dict[str, str]] = list(said.get("problems", ()))
        self.seconds: float | None = said.get("seconds")


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

    def submit(
        self, fact: Mapping[str, Any], *, user: str, model: str, asking: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Have a fact (as JSON) asked of a loaded model; the probe as it stands, to be polled by its id."""
        submission = {"user": user, "model": model, "fact": fact, "asking": asking or {}}
        return self._said("POST", "/probes", content=json.dumps(submission))

    def poll(self, id: str, *, seen: int = 0, wait: float = 0.0) -> dict[str, Any]:
        """The probe as it stands; waits, at most so many seconds, for more answers than the `seen` ones."""
        parameters = {"seen": seen, "wait": wait}
        return self._said("GET", f"/probes/{quote(id, safe='')}", params=parameters, timeout=_PATIENCE + wait)

    def cancel(self, id: str) -> dict[str, Any]:
        """End a probe and free its place."""
        return self._said("DELETE", f"/probes/{quote(id, safe='')}")

    def tokens(self, id: str, language: str) -> dict[str, Any]:
        """The log-probability of each piece of each option in a language."""
        return self._said("GET", f"/probes/{quote(id, safe='')}/tokens/{quote(language, safe='')}")

    def models(self) -> list[dict[str, Any]]:
        """Every model that may be asked: model, state, reason, kind."""
        return list(self._said("GET", "/models")["models"])

    def load(self, model: str) -> list[dict[str, Any]]:
        """Begin to load a model; the one that is there serves on until then."""
        return list(self._said("POST", f"/models/{quote(model, safe='')}")["models"])

    def unload(self, model: str) -> list[dict[str, Any]]:
        """Let a model go."""
        return list(self._said("DELETE", f"/models/{quote(model, safe='')}")["models"])

    def rename(self, kept: str, name: str) -> None:
        """Give a kept probe a name; "" takes it away."""
        self._said("POST", f"/kept/{quote(kept, safe='')}/name", content=json.dumps({"name": name}))

    def delete(self, kept: str) -> str:
        """Take a kept probe out of the store; the token by which it is had back."""
        return str(self._said("DELETE", f"/kept/{quote(kept, safe='')}")["undo"])

    def undo(self, token: str) -> None:
        """Put back what was deleted."""
        self._said("POST", "/kept/undo", content=json.dumps({"undo": token}))

    def promote(self, kept: Sequence[str], dataset: str) -> dict[str, Any]:
        """Copy kept probes into a dataset of the user's own: dataset, facts, answers."""
        return self._said("POST", "/kept/promote", content=json.dumps({"run_ids": list(kept), "dataset": dataset}))

    def languages(self) -> list[str] | None:
        """The BCP 47 tags that the translation model knows; None: the operator has set up none."""
        try:
            return list(self._said("GET", "/translate")["languages"])
        except ServiceRefused as refused:
            if refused.status == _NOT_FOUND:
                return None
            raise

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Texts from one language into another; may take a while, the first time longest."""
        wanted = {"texts": list(texts), "source": source, "target": target}
        found = self._said("POST", "/translate", content=json.dumps(wanted), timeout=_TRANSLATION_PATIENCE)
        return list(found["texts"])

    def health(self) -> dict[str, Any]:
        """Whether the loaded models answer: `ready`, and more of each."""
        return self._said("GET", "/healthz", accepted=(503,))

    def _said(self, method: str, path: str, *, accepted: tuple[int, ...] = (), **more: Any) -> dict[str, Any]:
        try:
            response = self._http.request(method, path, **more)
        except httpx2.TimeoutException as error:
            raise IsoglossError("the probe service does not answer; it may be overloaded: try again") from error
        except httpx2.HTTPError as error:
            raise IsoglossError(
                "the probe service cannot be reached; start it with: .venv/bin/python -m engine.live"
            ) from error
        try:
            said = orjson.loads(response.content)
        except orjson.JSONDecodeError as error:
            raise IsoglossError(f"the probe service answered no JSON (status {response.status_code})") from error
        if response.is_error and response.status_code not in accepted:
            raise ServiceRefused(said if isinstance(said, dict) else {}, response.status_code)
        assert isinstance(said, dict)
        return said


def connect(file: Path) -> LiveClient:
    """The client of the service whose address a file holds. Raises IsoglossError where there is none."""
    return LiveClient(read_address(file))
