"""A probe service that is none: it answers a language a poll, and loads a model between two looks at the list."""

from collections.abc import Mapping
from typing import Any

from engine.live.client import ServiceRefused

FACT: dict[str, Any] = {
    "relation": None,
    "texts": {"en": {"question": "?", "options": ["a", "b"]}, "de": {"question": "?", "options": ["c", "d"]}},
    "gold": [0],
}


class FakeService:
    """Gives an answer a poll; loads a model within a poll of the list, and has one loaded at a time unless told."""

    def __init__(self, *ready: str, models: tuple[str, ...] = ("m", "n"), loaded: int = 1, places: int = 8) -> None:
        self.states = {model: "ready" if model in ready else "unloaded" for model in models}
        self.reasons: dict[str, str] = {}
        self.broken: set[str] = set()
        self.loads: list[str] = []
        self.probes: dict[str, dict[str, Any]] = {}
        self.most_under_way = 0
        self.keeps = True
        self._loaded, self._places = loaded, places

    def models(self) -> list[dict[str, Any]]:
        said = [{"model": m, "state": s, "reason": self.reasons.get(m)} for m, s in self.states.items()]
        for model in [model for model, state in self.states.items() if state == "starting"]:
            self._settle(model)
        return said

    def load(self, model: str) -> list[dict[str, Any]]:
        if "starting" in self.states.values():
            raise ServiceRefused({"error": "another is being loaded"}, 409)
        self.loads.append(model)
        self.states[model] = "starting"
        return []

    def submit(self, fact: Mapping[str, Any], *, user: str, model: str, asking: Mapping[str, Any]) -> dict[str, Any]:
        if self.states[model] != "ready":
            raise ServiceRefused({"error": "not loaded"}, 409)
        if self._under_way >= self._places:
            raise ServiceRefused({"error": "full", "seconds": 3.0}, 429)
        probe = {"id": f"{len(self.probes)}", "state": "waiting", "languages": {}, "kept": None, "keep_problem": None}
        self.probes[probe["id"]] = {**probe, "model": model, "asking": dict(asking)}
        self.most_under_way = max(self.most_under_way, self._under_way)
        return self.probes[probe["id"]]

    def poll(self, id: str, *, seen: int, wait: float) -> dict[str, Any]:
        probe = self.probes[id]
        if probe["state"] == "done":
            if self.keeps:
                probe = {**probe, "kept": f"live-{id}"}
        elif len(probe["languages"]) < len(FACT["texts"]):
            tag = list(FACT["texts"])[len(probe["languages"])]
            probe = {**probe, "state": "running", "languages": {**probe["languages"], tag: {"predicted": 0}}}
        else:
            probe = {**probe, "state": "done"}
        self.probes[id] = probe
        return probe

    def cancel(self, id: str) -> dict[str, Any]:
        self.probes[id] = {**self.probes[id], "state": "cancelled", "note": "Cancelled."}
        return self.probes[id]

    @property
    def _under_way(self) -> int:
        return sum(probe["state"] in ("waiting", "running") for probe in self.probes.values())

    def _settle(self, model: str) -> None:
        if model in self.broken:
            self.states[model], self.reasons[model] = "failed", "its folder is empty"
            return
        self.states[model] = "ready"
        others = [name for name, state in self.states.items() if state == "ready" and name != model]
        for name in others[: max(len(others) + 1 - self._loaded, 0)]:
            self.states[name] = "unloaded"
