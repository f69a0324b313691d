"""An answer of a model as the message that tells it. Imports no torch."""

from collections.abc import Sequence

from engine.live.protocol.answer import LiveAnswer
from engine.live.protocol.messages import LanguageAnswer, OptionPieces, TokenPiece, TokenScores
from engine.live.protocol.option_scores import MEASURED, language_answer
from engine.models.token_details import Piece
from engine.probes.answer import Answer
from engine.probes.probe import Probe


def answer_message(answer: Answer, probe: Probe) -> LanguageAnswer:
    """The answer in one language; an answer of a run tells neither prompts nor seconds."""
    live = answer if isinstance(answer, LiveAnswer) else None
    return language_answer(
        options=answer.question.options,
        gold=answer.question.gold,
        choose_by=getattr(probe, "choose_by", None),
        **{name: getattr(answer, name) for name in MEASURED},
        prompts=live.prompts if live else (),
        tokens=live.prompt_tokens if live else None,
        seconds=live.seconds if live else None,
    )


def pieces_message(answer: Answer) -> TokenScores:
    """The log-probability of each piece of each option."""
    texts = answer.question.options
    return TokenScores(
        orders=tuple(
            tuple(OptionPieces(text=text, pieces=_told(pieces)) for text, pieces in zip(texts, of_options, strict=True))
            for of_options in (answer.pieces if isinstance(answer, LiveAnswer) else ())
        )
    )


def _told(pieces: Sequence[Piece]) -> tuple[TokenPiece, ...]:
    return tuple(TokenPiece(text=piece.text, logprob=piece.nats) for piece in pieces)
