"""The generation probe: the model answers in its own words, and a named rule reads the answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import IsoglossError
from engine.facts.question import Question
from engine.models.interface import Advance, Generation, GenerationRequest, Model, Refusal, ignore
from engine.probes.answer import Answer
from engine.probes.fitness import Unfit, check_options, check_texts
from engine.probes.prompt import Prompt
from engine.probes.question_count import QuestionsDone
from engine.probes.scorers import SCORERS, Scorer
from engine.probes.template import ask
from engine.probes.templated_probe import TemplatedProbe
from engine.schema import ProbeName


@dataclass(frozen=True, kw_only=True)
class GenerationProbe(TemplatedProbe):
    """Greedy answers, read by `scorer` (None: the template's own).

    The answer ends at the template's first stop string; in a chat where the model ends its turn; after the scorer's
    number of tokens in any case. Raises IsoglossError for an unknown scorer, or one that the template does not fit.
    """

    scorer: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        name = self.scorer or self.words.scorer
        if name not in SCORERS:
            raise IsoglossError(f'no scorer "{name}": choose from {", ".join(SCORERS)}', exit_status=64)
        if self._reads.lettered and not self.words.lists_options:
            raise IsoglossError(
                f"scorer {name} reads letters, but template {self.words.name} does not list the options", exit_status=64
            )

    @property
    def name(self) -> ProbeName:
        """The probe's name."""
        return "generation"

    @property
    def max_tokens(self) -> int:
        """The number of tokens that the scorer needs."""
        return self._reads.max_tokens

    def prompts(self, question: Question) -> tuple[Prompt, ...]:
        """One prompt, without continuations. Raises Unfit."""
        listed = self.words.lists_options
        if question.options or listed:
            check_options(question, lettered=listed)
        check_texts(question)
        language, wording, header = self._wording(question)
        order = tuple(range(len(question.options))) if listed else ()
        context = header + ask(wording, question, question.options)
        return (Prompt(question, self.template, language, order, context, ()),)

    def ask(self, model: Model, questions: Sequence[Question], *, advance: Advance = ignore) -> list[Answer]:
        """One answer per question, in their order; `advance` counts questions.

        A question that cannot be asked, or that the model refuses, is an answer with its error alone.
        """
        asked = [self._fitting(question) for question in questions]
        contexts = [prompts[0].context for prompts in asked if not isinstance(prompts, Unfit)]
        done = QuestionsDone(advance, questions=len(questions), items=len(contexts))
        texts = iter(self._generate(model, contexts, done.step))
        answers = [
            self._failed(question, str(prompts)) if isinstance(prompts, Unfit) else self._answer(question, next(texts))
            for question, prompts in zip(questions, asked, strict=True)
        ]
        done.finish()
        return answers

    def _generate(self, model: Model, contexts: Sequence[str], advance: Advance) -> Sequence[Generation | Refusal]:
        if not contexts:
            return ()
        stop = () if self.chat else tuple(self.words.stop)
        request = GenerationRequest(
            tuple(contexts), stop=stop, max_tokens=self.max_tokens, chat=self.chat, thinking=self.thinking
        )
        return model.generate(request, advance=advance)

    def _answer(self, question: Question, written: Generation | Refusal) -> Answer:
        if isinstance(written, Refusal):
            return self._failed(question, written.reason)
        read = self._reads.read(written.text, question)
        return Answer(
            question,
            self.name,
            self.template,
            predicted=read.predicted,
            correct=read.correct,
            parsed=read.parsed,
            text=written.text,
        )

    def _failed(self, question: Question, reason: str) -> Answer:
        return Answer(question, self.name, self.template, error=reason)

    @property
    def _reads(self) -> Scorer:
        return SCORERS[self.scorer or self.words.scorer]

    def variant(self) -> tuple[str, ...]:
        """The scorer, where it is not the template's own."""
        return () if self._reads.name == self.words.scorer else (self._reads.name,)
