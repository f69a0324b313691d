"""Whether the model would read a question, found out before it is queued. What this lets through is refused later."""

from collections.abc import Sequence

from engine.live.worker.messages import AskOrder
from engine.models.causal.tokens import Encoder
from engine.models.interface import Continuation, Refusal
from engine.probes.fitness import Unfit
from engine.probes.generation import GenerationProbe
from engine.probes.probe import Probe
from engine.probes.prompt import Prompt
from engine.probes.scorers import SCORERS


def refusals(encoder: Encoder, ask: AskOrder) -> dict[str, str]:
    """Why the model would not read a question, by language. Not for a chat, whose format is the model's own.

    Of each prompt the longest continuation is tried, and all prompts in one call: counting must not hold up asking.
    """
    found: dict[str, str] = {}
    fitting: list[Prompt] = []
    for question in (question for batch in ask.batches for question in batch):
        prompts = ask.probe.sent(question, None)
        if isinstance(prompts, Unfit):
            found[question.language] = str(prompts)
        else:
            fitting += prompts
    for prompt, item in zip(fitting, _encoded(encoder, ask.probe, fitting), strict=True):
        if isinstance(item, Refusal):
            found.setdefault(prompt.question.language, item.reason)
    return found


def _encoded(encoder: Encoder, probe: Probe, prompts: Sequence[Prompt]) -> Sequence[object]:
    if isinstance(probe, GenerationProbe):
        room = SCORERS[probe.scorer or probe.words.scorer].max_tokens
        return encoder.prompts([prompt.context for prompt in prompts], chat=False, room=room)
    return encoder.scored([Continuation(prompt.context, max(prompt.continuations, key=_size)) for prompt in prompts])


def _size(text: str) -> int:
    return len(text.encode())
