"""What all probes share: a template, how many of its examples are shown, and whether and how it goes into a chat."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from engine.errors import IsoglossError
from engine.facts.question import Question
from engine.facts.reword import FORM, NoSuchForm, reword
from engine.models.interface import Model
from engine.probes.fitness import Unfit
from engine.probes.prompt import Prompt, in_chat
from engine.probes.template import Template, Wording
from engine.schema import ProbeName


@dataclass(frozen=True, kw_only=True)
class TemplatedProbe(ABC):
    """A template as it is used.

    Raises IsoglossError when the template is another probe's or has fewer examples than `shots`, or no form has the
    name `form`.
    """

    words: Template
    form: str = ""  # the form of the fact's relation (engine/facts/reword.py) to ask in; empty: its own words
    shots: int = 0
    chat: bool = False
    no_thinking: bool = False  # in a chat: thoughts are turned off by the format's own switch

    def __post_init__(self) -> None:
        if self.form and not FORM.fullmatch(self.form):
            raise IsoglossError(
                f"no form {self.form!r}: forms are question-1, question-2, … and statement-1, …", exit_status=64
            )
        if self.no_thinking and not self.chat:
            raise IsoglossError("thoughts are turned off in a chat only: add --chat, or leave --no-thinking out")
        if self.words.probe != self.name:
            raise IsoglossError(
                f"template {self.words.name} is for the {self.words.probe} probe, not for {self.name}", exit_status=64
            )
        if not 0 <= self.shots <= self.words.most_shots:
            raise IsoglossError(
                f"{self.shots} examples asked for; template {self.words.name} has 0 to {self.words.most_shots}",
                exit_status=64,
            )

    @property
    @abstractmethod
    def name(self) -> ProbeName:
        """The probe's name."""

    @property
    def thinking(self) -> bool:
        """In a chat: whether thoughts are left as the format has them."""
        return not self.no_thinking

    @property
    def max_tokens(self) -> int:
        """How many tokens an answer that the model writes may have; 0: it writes none."""
        return 0

    @property
    def template(self) -> str:
        """The wording's id: name@version, and what was done to it, e.g. "plain/statement-2@1+3shot+chat+cyclic".

        A chat with thoughts turned off is "chat-unthinking".
        """
        name = f"{self.words.name}/{self.form}" if self.form else self.words.name
        shots = (f"{self.shots}shot",) if self.shots else ()
        chat = ("chat" if self.thinking else "chat-unthinking",) if self.chat else ()
        return "+".join((f"{name}@{self.words.version}", *shots, *chat, *self.variant()))

    def among(self, questions: Sequence[Question]) -> Self:
        """The same probe, knowing all the questions that are asked beside each other, where it compares them."""
        return self

    @abstractmethod
    def prompts(self, question: Question) -> tuple[Prompt, ...]:
        """The prompts that ask a question, before they go into a chat. Raises Unfit."""

    def check(self, model: Model) -> str | None:
        """A sentence that should be known before the model is asked in this way; None: there is none.

        Raises IsoglossError when it goes into a chat and the model has no chat format that can be used.
        """
        if not self.chat:
            return None
        frame = model.chat_frame(thinking=self.thinking)
        can_be_off = frame.has_switch and self.thinking
        if frame.thought:
            switch = "--no-thinking turns it off" if can_be_off else "it has no switch for thoughts"
            return f"the model's chat format opens a thought ({frame.thought}) before the answer; {switch}"
        return "the model may begin its answer with a thought; --no-thinking turns that off" if can_be_off else None

    def sent(self, question: Question, model: Model | None) -> tuple[Prompt, ...] | Unfit:
        """The prompts exactly as the model reads them, or why there are none.

        Raises IsoglossError when they go into a chat and there is no model, or it has no chat format.
        """
        prompts = self._fitting(question)
        if isinstance(prompts, Unfit) or not self.chat:
            return prompts
        return tuple(in_chat(prompt, model, thinking=self.thinking) for prompt in prompts)

    def _fitting(self, question: Question) -> tuple[Prompt, ...] | Unfit:
        """The prompts before they go into a chat, or why there are none."""
        try:
            return self.prompts(self._reworded(question))
        except Unfit as unfit:
            return unfit

    def _reworded(self, question: Question) -> Question:
        """The question in the form asked for. Raises Unfit."""
        try:
            return reword(question, self.form) if self.form else question
        except NoSuchForm as error:
            raise Unfit(f"it cannot be asked as {self.form}: {error}") from error

    def variant(self) -> tuple[str, ...]:
        """What the probe's own settings change about how the wording is used, where they are not the usual ones."""
        return ()

    def _wording(self, question: Question) -> tuple[str, Wording, str]:
        """The language whose words ask the question, the words, and all that stands above the question."""
        language = self.words.wording_language(question.language)
        return language, self.words.wordings[language], self.words.header(language, question.language, self.shots)
