"""Memory that runs out: fewer questions at a time, and a clear message for one that does not fit by itself."""

from collections.abc import Callable, Sequence
from functools import partial

import pytest
import torch

from engine.facts.question import Question
from engine.live.protocol.settings import ProbeSettings, probe_of
from engine.live.worker.out_of_memory import OUT_OF_MEMORY, ask_within_memory
from engine.models.interface import Advance, Continuation, Loglikelihood, Refusal, ignore
from tests.support.fake_model import FakeModel

LETTER = probe_of(ProbeSettings())
LANGUAGES = ("en", "de", "he", "fr", "ru", "zh", "ja")


def _out_of_the_machines() -> None:
    torch.empty(1 << 60, dtype=torch.uint8)  # an exbibyte


def _out_of_a_gpus() -> None:
    raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")


def _out_of_pythons() -> None:
    raise MemoryError


class SmallModel(FakeModel):
    """Has memory for so many characters at a time."""

    def __init__(self, room: int, run_out: Callable[[], None]) -> None:
        super().__init__()
        self._room, self._run_out = room, run_out

    def loglikelihoods(
        self, continuations: Sequence[Continuation], *, advance: Advance = ignore
    ) -> list[Loglikelihood | Refusal]:
        """As the fake model, if they fit."""
        if sum(len(one.context) for one in continuations) > self._room:
            self._run_out()
        return super().loglikelihoods(continuations, advance=advance)


def _questions(*, long: str = "") -> list[Question]:
    return [Question("live", "f", tag, 3_000 * "x" if tag == long else "?", ("yes", "no"), (0,)) for tag in LANGUAGES]


@pytest.mark.parametrize("run_out", [_out_of_the_machines, _out_of_a_gpus, _out_of_pythons])
def test_what_fits_is_answered_as_ever(run_out: Callable[[], None]) -> None:
    questions = _questions(long="fr")
    small = SmallModel(1_000, run_out)
    found = ask_within_memory(partial(LETTER.ask, small), LETTER, questions)
    wanted = LETTER.ask(FakeModel(), questions)
    assert [answer.question for answer in found] == questions
    assert found[3].error == OUT_OF_MEMORY
    assert found[:3] + found[4:] == wanted[:3] + wanted[4:]
    assert len(small.asked) > 1  # in several batches


def test_nothing_is_split_while_there_is_room() -> None:
    model = SmallModel(100_000, _out_of_pythons)
    assert ask_within_memory(partial(LETTER.ask, model), LETTER, _questions()) == LETTER.ask(FakeModel(), _questions())
    assert len(model.asked) == 1


def test_other_faults_are_not_taken_for_it() -> None:
    def broken() -> None:
        raise RuntimeError("CUDA error: an illegal memory access was encountered")

    with pytest.raises(RuntimeError, match="illegal memory access"):
        ask_within_memory(partial(LETTER.ask, SmallModel(0, broken)), LETTER, _questions())
