"""Asking facts in other forms of their relation: questions and statements beside the facts' own words."""

import pytest

from engine.errors import IsoglossError
from engine.facts.load import load_questions
from engine.locations import EMBEDDED
from engine.probes.probe import make_probe
from engine.probes.template_file import find_template
from tests.support.fake_model import FakeModel

WORLD = load_questions([EMBEDDED], "world", languages=["en", "ja", "pl"])
CAPITAL = {q.language: q for q in WORLD if q.fact_id == "capital:FR"}


def test_a_statement_is_asked_up_to_its_blank() -> None:
    probe = make_probe(find_template("cloze"), form="statement-1")
    assert probe.template == "plain/statement-1@1"
    (prompt,) = probe.sent(CAPITAL["en"], None)  # type: ignore[misc]
    assert prompt.context == "The capital of the country called France is"
    assert " Paris." in prompt.continuations


@pytest.mark.parametrize("language", ["en", "ja", "pl"])
def test_every_form_asks_the_same_fact_otherwise(language: str) -> None:
    forms = ["question-1", "question-2", "question-3", "statement-1", "statement-2", "statement-3"]
    model = FakeModel()
    probes = [make_probe(find_template("cloze"), form=form) for form in forms]
    answers = [probe.ask(model, [CAPITAL[language]])[0] for probe in probes]
    contexts = {call[0].context for call in model.asked}
    assert len(contexts) == len(forms)
    assert all(CAPITAL[language].subject in context for context in contexts)
    assert all(answer.question == CAPITAL[language] and answer.error is None for answer in answers)


def test_options_are_contrasted_after_the_same_form() -> None:
    from engine.probes.cloze import ClozeProbe
    from engine.probes.contrast import Others

    probe = ClozeProbe(words=find_template("cloze"), form="statement-2", choose_by="contrast", others=Others(WORLD))
    model = FakeModel()
    probe.ask(model, [CAPITAL["en"]])
    assert all(item.context.startswith("Country: ") and item.context.endswith("Capital:") for item in model.asked[0])


def test_a_fact_without_such_words_is_an_error_row() -> None:
    further = load_questions([EMBEDDED], "world")
    label = next(q for q in further if q.language not in {"en", "de", "fr", "it", "pl", "ru", "ar", "he", "zh", "ja"})
    (answer,) = make_probe(find_template("cloze"), form="statement-1").ask(FakeModel(), [label])
    assert answer.correct is None and answer.error and f"no words in {label.language}" in answer.error


def test_an_unknown_form_is_refused_by_name() -> None:
    with pytest.raises(IsoglossError, match="question-1, question-2"):
        make_probe(find_template("cloze"), form="poem")
