"""What a run would send, word for word, as lines to print."""

from collections.abc import Iterable, Iterator

from engine.facts.question import Question
from engine.models.interface import Model
from engine.probes.fitness import Unfit
from engine.probes.probe import Probe


def prompt_lines(model: Model | None, probe: Probe, questions: Iterable[Question]) -> Iterator[dict[str, object]]:
    """One line per prompt (a question has one per order of its options), or one with the reason why it has none.

    `context` and `continuations` (one per option, in the facts table's order) are what the model gets; `order` is the
    option at each place of the list; `wording` the language whose words were used. Raises IsoglossError when the
    prompts go into a chat and there is no model, or it has no chat format.
    """
    for question in questions:
        prompts = probe.sent(question, model)
        fact: dict[str, object] = {
            "dataset": question.dataset,
            "fact_id": question.fact_id,
            "language": question.language,
        }
        if isinstance(prompts, Unfit):
            yield fact | {"probe": probe.name, "template": probe.template, "error": str(prompts)}
            continue
        for prompt in prompts:
            yield fact | {
                "context": prompt.context,
                "continuations": list(prompt.continuations),
                "probe": probe.name,
                "template": prompt.template,
                "wording": prompt.wording,
                "order": list(prompt.order),
            }
