"""A model's own chat format: a user's turn exactly as its template renders it and its tokenizer encodes it."""

import copy
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from jinja2 import TemplateError, meta
from transformers import PreTrainedTokenizerBase
from transformers.utils.chat_template_utils import _compile_jinja_template

from engine.errors import IsoglossError
from engine.models.causal.prefix_tree import Ids
from engine.models.causal.spelling import Spelled, spell
from engine.models.causal.trial_texts import TRIAL_TEXTS
from engine.models.interface import ChatFrame, Refusal
from engine.models.loading.unusable import first_line

# What a template is told when it asks for the time: always the same, so that a run of tomorrow gives the same rows.
CLOCK = datetime(2025, 1, 1, 12)
_TURN = "{text}"  # stands for the user's turn in the frame that is recorded
_NEUTRAL = "x"  # a turn without control tokens
# What a template may raise: it is a program that came with the model.
_REFUSALS = (
    TemplateError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RuntimeError, MemoryError,
)  # fmt: skip
_NO_SWITCH = "the model's chat format has no switch to turn thoughts off: ask without --no-thinking"
_CONTROL = 'the model\'s chat format reads "{token}" in the answer as a control token: ask without --chat, or reword it'
# What opens or closes a thought: <think>, </think>, [THINK], <|END_THINKING|>, <seed:think>, ◁think▷, …
_THOUGHT = re.compile(
    r"[<\[◁][^<>\[\]◁▷\s]*(?:think|thought|reasoning)[^<>\[\]◁▷\s]*[>\]▷]|<\|channel\|>analysis", re.IGNORECASE
)
_CLOSES = re.compile(r"/|(?<![a-z])end(?![a-z])", re.IGNORECASE)
_SWITCH = re.compile(r"think|^(enable_|use_)?reasoning$", re.IGNORECASE)  # variables that turn thoughts on or off


class ChatFormat:
    """Renders and encodes a user's turn, up to where the model's answer begins.

    `thinking`: False turns thoughts off by the template's own switch. Raises IsoglossError where the model has no chat
    template, where that cannot be used for a single user's turn, where it does not come out the same twice, and where
    thoughts are to be turned off and it has no switch.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase, *, thinking: bool = True) -> None:
        if not tokenizer.chat_template:
            raise IsoglossError("the model has no chat template: leave --chat out, or choose a model tuned for chat")
        # A copy for which the format's control tokens are tokens; the texts of `Loaded.tokenizer` hold none.
        self._tokenizer = copy.copy(tokenizer)
        self._tokenizer.split_special_tokens = False
        self._settings: dict[str, bool] = {}  # the switches that are set; the template's own where there are none
        if isinstance(named := tokenizer.chat_template, dict) and "default" not in named:
            raise _unusable(f'there are {", ".join(sorted(named))}, and none is called "default"')
        try:
            self._template = self._tokenizer.get_chat_template()
            compiled = _compile_jinja_template(self._template)
            free = meta.find_undeclared_variables(compiled.environment.parse(self._template))
            self._switches = sorted(name for name in free if _SWITCH.search(name))
        except _REFUSALS as error:
            raise _unusable(first_line(error)) from error
        self.frame = self._frame(thinking)
        self._prove()
        self._control = self._control_tokens()

    def render(self, turn: str) -> str:
        """Write the turn as the template does. Raises ValueError with the template's own reason if it refuses."""
        rendered = self._apply(turn, tokenize=False)
        assert isinstance(rendered, str)
        return rendered

    def encode(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[Ids, Ids] | Refusal]:
        """Encode each turn up to where the answer begins, and the turn with the beginning of an answer.

        Both are encoded whole, as the template's text is. Control tokens that a turn holds stay plain characters.
        """
        turns = {turn: self._rendered(turn) for turn in dict.fromkeys(turn for turn, _ in pairs)}
        texts = dict.fromkeys(
            text
            for turn, answer in pairs
            if isinstance(before := turns[turn], str)
            for text in (before, before + answer)
        )
        ids = dict(zip(texts, self._ids(list(texts)), strict=True))
        found: list[tuple[Ids, Ids] | Refusal] = []
        for turn, answer in pairs:
            before = turns[turn]
            if token := self._control_in(answer):
                found.append(Refusal(_CONTROL.format(token=token)))
            elif isinstance(before, str):
                found.append((ids[before], ids[before + answer]))
            elif isinstance(before, Refusal):
                found.append(before)
            else:
                found.append(self._after(before, answer))
        return found

    def spelled(self, turn: str, answer: str) -> Spelled | None:
        """Give the turn and the answer's beginning with its tokens; None where the format refuses them."""
        (pair,) = self.encode([(turn, answer)])
        if isinstance(pair, Refusal):
            return None
        text = self.render(turn) + answer
        if self._control_in(turn):  # it was not encoded as this text
            return Spelled(text, pair[1], None)
        (spelled,) = spell(self._tokenizer, [text], special=False, control=True)
        return spelled

    def _rendered(self, turn: str) -> str | Ids | Refusal:
        """The turn as the template writes it; where it holds a control token as plain characters, its token ids."""
        try:
            if not self._control_in(turn):
                return self.render(turn)
            ids = self._apply(turn, tokenize=True, return_dict=False, sanitize_control_tokens=True)
        except ValueError as error:
            return Refusal(f"the model's chat format cannot take it: {error}")
        return tuple(ids)

    def _after(self, before: Ids, answer: str) -> tuple[Ids, Ids] | Refusal:
        """What an answer is after any turn, put after these ids."""
        (pair,) = self.encode([(_NEUTRAL, answer)])
        if isinstance(pair, Refusal):
            return pair
        frame, whole = pair
        if whole[: len(frame)] != frame:
            return Refusal("it holds a control token of the model's chat format, and the answer joins the format's end")
        return before, before + whole[len(frame) :]

    def _apply(self, turn: str, **how: bool) -> Any:
        """What transformers makes of the turn. Raises ValueError."""
        _compile_jinja_template(self._template).globals["strftime_now"] = CLOCK.strftime
        messages = [{"role": "user", "content": turn}]
        settings: dict[str, Any] = {**how, **self._settings}
        try:
            return self._tokenizer.apply_chat_template(messages, add_generation_prompt=True, **settings)
        except _REFUSALS as error:
            raise ValueError(first_line(error)) from error

    def _ids(self, rendered: Sequence[str]) -> list[Ids]:
        if not rendered:
            return []
        encoded = self._tokenizer(
            list(rendered), add_special_tokens=False, return_attention_mask=False, return_token_type_ids=False
        )
        return [tuple(ids) for ids in encoded["input_ids"]]

    def _control_in(self, text: str) -> str | None:
        """A control token of the format that stands in a text as plain characters; None: there is none."""
        return next((token for token in self._control if token in text), None)

    def _frame(self, thinking: bool) -> ChatFrame:
        """What stands around a turn, and what becomes of thoughts in it."""
        try:
            rendered = self.render(_TURN)
            on, off = (self._rendered_with(dict.fromkeys(self._switches, value)) for value in (True, False))
        except ValueError as error:
            raise _unusable(str(error)) from error
        has_switch = on != off and _open_thought(off) is None
        if not thinking:
            if not has_switch:
                raise IsoglossError(_NO_SWITCH)
            self._settings, rendered = dict.fromkeys(self._switches, False), off
        return ChatFrame(rendered, _open_thought(rendered), has_switch)

    def _rendered_with(self, settings: dict[str, bool]) -> str:
        self._settings = settings
        try:
            return self.render(_TURN)
        finally:
            self._settings = {}

    def _prove(self) -> None:
        """Try the format on texts in several scripts. Raises IsoglossError."""
        try:
            rendered = [self.render(text) for text in TRIAL_TEXTS]
            if rendered != [self.render(text) for text in TRIAL_TEXTS]:
                raise ValueError("it writes the same turn in another way each time")
            if len(set(rendered)) < len(TRIAL_TEXTS):
                raise ValueError("it does not show the user's text")
            wanted = [self._apply(text, tokenize=True, return_dict=False) for text in TRIAL_TEXTS]
            if list(map(tuple, wanted)) != self._ids(rendered):
                raise ValueError("its tokenizer encodes what it renders in another way")
        except ValueError as error:
            raise _unusable(str(error)) from error

    def _control_tokens(self) -> tuple[str, ...]:
        tokens = self._tokenizer.added_tokens_decoder.values()
        return tuple(
            token.content
            for token in tokens
            if token.content.strip() and (token.special or token.content in self._template)
        )


def _open_thought(rendered: str) -> str | None:
    """What opened the thought in which a rendered turn ends; None: it ends in none."""
    marks = _THOUGHT.findall(rendered.rpartition(_TURN)[2])
    return str(marks[-1]) if marks and not _CLOSES.search(marks[-1]) else None


def _unusable(reason: str) -> IsoglossError:
    return IsoglossError(f"the model's chat template cannot be used for one user's turn ({reason}): leave --chat out")
