"""Probes of several users that are asked together get the numbers of one after the other."""

from pathlib import Path

import pytest
import torch

from engine.facts.question import Question
from engine.live.protocol.settings import ProbeSettings, probe_of
from engine.models.causal.model import CausalModel
from engine.models.loading.load import load
from engine.models.settings import OpenSettings
from tests.support.tiny_models import TEXTS, make_model

pytestmark = pytest.mark.slow

_TEXTS = {
    "en": ("What is the capital of {}?", ("Paris", "Berlin", "Rome", "Madrid")),
    "de": ("Was ist die Hauptstadt von {}?", ("Paris", "Berlin", "Rom", "Madrid")),
    "ru": ("Как называется столица страны {}?", ("Париж", "Берлин", "Рим", "Мадрид")),
    "he": ("מהי בירת {}?", ("פריז", "ברלין", "רומא", "מדריד")),
}


def _facts() -> list[list[Question]]:
    return [
        [Question("live", name, tag, text.format(name), options, (0,)) for tag, (text, options) in _TEXTS.items()]
        for name in ("France", "Deutschland", "Italia", "España", "Suomi")
    ]


@pytest.mark.parametrize("kind", ["letter", "cloze"])
@pytest.mark.parametrize(("dtype", "within"), [(torch.float64, 1e-6), (torch.float32, 1e-4)])
def test_merging_moves_numbers_by_rounding_only(tmp_path: Path, kind: str, dtype: torch.dtype, within: float) -> None:
    loaded = load(str(make_model(tmp_path / "llama", "llama", vocabulary_texts=TEXTS)), OpenSettings(device="cpu"))
    loaded.model.to(dtype)  # type: ignore[arg-type]
    model, probe, facts = CausalModel(loaded), probe_of(ProbeSettings(probe=kind)), _facts()
    serial = [probe.ask(model, [question])[0] for fact in facts for question in fact]
    merged = probe.ask(model, [question for fact in facts for question in fact])
    assert [answer.question for answer in merged] == [answer.question for answer in serial]
    for one, other in zip(merged, serial, strict=True):
        assert one.error is None
        assert one.option_logprobs == pytest.approx(other.option_logprobs, abs=within)
        assert one.predicted == other.predicted
