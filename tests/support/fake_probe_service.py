"""A probe service that is none: it answers a language a poll, and loads a model between two looks at the list."""

from collections.abc import Mapping, Sequence

from engine.live.client import ServiceRefused
from engine.live.protocol.fact_text import FactText
from engine.live.protocol.messages import (
    LanguageAnswer,
    LoadState,
    ModelState,
    OptionScore,
    ProbeState,
    ProbeStatus,
    Promoted,
    RefusalReply,
    Settings,
)

FACT = FactText.model_validate(
    {
        "texts": {"en": {"question": "?", "options": ["a", "b"]}, "de": {"question": "?", "options": ["c", "d"]}},
        "gold": [0],
    }
)


def refusal(reason: str, status: int, *, seconds: float | None = None) -> ServiceRefused:
    """What the client raises when the service refuses."""
    return ServiceRefused(RefusalReply(error=reason, seconds=seconds), status)


def language_answer(
    predicted: int | None, *shares: float, texts: tuple[str, ...] = ("?", "?", "?"), **more: object
) -> LanguageAnswer:
    """An answer to a question whose first option is right; `shares`: the options' probabilities, None: not measured."""
    options = [
        OptionScore(text=text, logprob=-1.0, probability=share, merged=False)
        for text, share in zip(texts, shares or [None] * len(texts), strict=True)
    ]
    nothing: dict[str, object] = {"margin": None, "prompts": (), "tokens": None, "seconds": None}
    correct = None if predicted is None else predicted == 0
    return LanguageAnswer.model_validate(
        nothing | {"options": tuple(options), "predicted": predicted, "correct": correct} | more
    )


def probe_status(
    id: str = "0",
    *,
    state: ProbeState = "waiting",
    languages: Mapping[str, LanguageAnswer] | None = None,
    **more: object,
) -> ProbeStatus:
    """A live probe of the model m as it stands."""
    usual: dict[str, object] = {
        "model": "m", "note": None, "position": None, "expected_seconds": None, "seconds": 0.1, "fact_id": "f",
        "template": "plain@1", "saved_id": None, "save_problem": None, "total": 2,
    }  # fmt: skip
    return ProbeStatus.model_validate(usual | {"id": id, "state": state, "languages": languages or {}} | more)


class FakeService:
    """Gives an answer a poll; loads a model within a poll of the list, and has one loaded at a time unless told."""

    def __init__(self, *ready: str, models: tuple[str, ...] = ("m", "n"), loaded: int = 1, places: int = 8) -> None:
        self.states: dict[str, LoadState] = {model: "ready" if model in ready else "unloaded" for model in models}
        self.reasons: dict[str, str] = {}
        self.seconds: dict[str, float] = {}  # that a question takes each model, by `pace_name`
        self.broken: set[str] = set()
        self.loads: list[str] = []
        self.probes: dict[str, ProbeStatus] = {}
        self.asked: list[Settings] = []
        self.most_under_way = 0
        self.saves = True
        self.taken: set[str] = set()  # names that no dataset can be given
        self.promoted: list[list[str]] = []
        self._loaded, self._places = loaded, places

    def models(self) -> tuple[ModelState, ...]:
        listed = tuple(
            ModelState(
                name=name, state=state, reason=self.reasons.get(name), origin="folder", seconds=dict(self.seconds)
            )
            for name, state in self.states.items()
        )
        for model in [model for model, state in self.states.items() if state == "starting"]:
            self._settle(model)
        return listed

    def load(self, model: str) -> tuple[ModelState, ...]:
        if "starting" in self.states.values():
            raise refusal("another is being loaded", 409)
        self.loads.append(model)
        self.states[model] = "starting"
        return ()

    def submit(self, fact: FactText, *, user: str, model: str, asking: Settings) -> ProbeStatus:
        if self.states[model] != "ready":
            raise refusal("not loaded", 409)
        if self._under_way >= self._places:
            raise refusal("full", 429, seconds=3.0)
        status = probe_status(f"{len(self.probes)}", model=model)
        self.probes[status.id] = status
        self.asked.append(asking)
        self.most_under_way = max(self.most_under_way, self._under_way)
        return status

    def poll(self, id: str, *, seen: int, wait: float) -> ProbeStatus:
        status = self.probes[id]
        if status.state == "done":
            change: dict[str, object] = {"saved_id": f"live-{id}"} if self.saves else {}
        elif len(status.languages) < len(FACT.texts):
            tag = list(FACT.texts)[len(status.languages)]
            answer = language_answer(0, texts=tuple(FACT.texts[tag].options))
            change = {"state": "running", "languages": {**status.languages, tag: answer}}
        else:
            change = {"state": "done"}
        self.probes[id] = status.model_copy(update=change)
        return self.probes[id]

    def cancel(self, id: str) -> ProbeStatus:
        self.probes[id] = self.probes[id].model_copy(update={"state": "cancelled", "note": "Cancelled."})
        return self.probes[id]

    def promote(self, saved_ids: Sequence[str], dataset: str) -> Promoted:
        if dataset in self.taken:
            raise refusal(f'"{dataset}" is taken', 409)
        self.promoted.append(list(saved_ids))
        return Promoted(dataset=dataset, facts=len(saved_ids), answers=len(FACT.texts) * len(saved_ids))

    @property
    def _under_way(self) -> int:
        return sum(status.state in ("waiting", "running") for status in self.probes.values())

    def _settle(self, model: str) -> None:
        if model in self.broken:
            self.states[model], self.reasons[model] = "failed", "its folder is empty"
            return
        self.states[model] = "ready"
        others = [name for name, state in self.states.items() if state == "ready" and name != model]
        for name in others[: max(len(others) + 1 - self._loaded, 0)]:
            self.states[name] = "unloaded"
