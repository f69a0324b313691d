"""Whether the model would read a question, found out before it is queued. What this lets through is refused later."""

from collections.abc import Sequence

from engine.live.worker.messages import AskOrder
from engine.models.interface import Continuation, GenerationRequest, Refusal
from engine.models.token_details import ReadingLimits
from engine.probes.fitness import Unfit
from engine.probes.probe import Probe
from engine.probes.prompt import Prompt


def refusals(limits: ReadingLimits, ask: AskOrder) -> dict[str, str]:
    """Find out why the model would not read a question, by language. Not for a chat, whose format is the model's own.

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
    for prompt, refusal in zip(fitting, _refused(limits, ask.probe, fitting), strict=True):
        if refusal is not None:
            found.setdefault(prompt.question.language, refusal.reason)
    return found


def _refused(limits: ReadingLimits, probe: Probe, prompts: Sequence[Prompt]) -> Sequence[Refusal | None]:
    if probe.max_tokens:
        contexts = tuple(prompt.context for prompt in prompts)
        return limits.prompt_refusals(GenerationRequest(contexts, max_tokens=probe.max_tokens))
    return limits.refusals([Continuation(one.context, max(one.continuations, key=_size)) for one in prompts])


def _size(text: str) -> int:
    return len(text.encode())
