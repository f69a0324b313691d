"""What comes back of a live probe: bars, sentences, the square of languages, ways of asking, the list, files."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from dashboard.app_pages.live.answers import sentences as live_words
from dashboard.app_pages.live.answers.answer_sheet import (
    AnswerSheet,
    AnswersInOneWay,
    ModelAnswers,
    by_model,
    probability,
)
from dashboard.app_pages.live.answers.language_cards import language_cards
from dashboard.app_pages.live.answers.robustness_table import robustness_table
from dashboard.app_pages.live.answers.token_details import token_table, without_tokens
from dashboard.app_pages.live.asking.inquiry import InquiryPart, InquiryWay
from dashboard.app_pages.live.asking.progress import words
from dashboard.app_pages.live.asking.settings import Choice
from dashboard.app_pages.live.saved.files import probe_rows, to_jsonl
from dashboard.app_pages.live.saved.list import grouped, probe_card
from dashboard.charts.agreement_heatmap import agreement_heatmap
from dashboard.charts.kit.theme import Theme
from engine.live.protocol.fact_text import FactText
from engine.live.protocol.messages import LanguageAnswer, OptionPieces, SavedProbe, SavedSummary, TokenPiece
from tests.support.drawing import draw
from tests.support.fake_probe_service import language_answer as answer
from tests.support.fake_probe_service import probe_status

TEXTS = {
    "en": {"question": "Capital of Poland?", "options": ["Warsaw", "Prague", "Rome"]},
    "pl": {"question": "Stolica Polski?", "options": ["Warszawa", "Praga", "Rzym"]},
    "de": {"question": "Hauptstadt Polens?", "options": ["Warschau", "Prag", "Rom"]},
    "ar": {"question": "<b>عاصمة بولندا؟</b>", "options": ["وارسو", "براغ", "روما"]},
}
THREE = FactText.model_validate({"relation": "capital", "texts": TEXTS, "gold": [0]})


def written(text: str | None, *, correct: bool | None = None, **more: Any) -> LanguageAnswer:
    """What a model wrote freely."""
    return answer(None, texts=(), text=text, correct=correct, **more)


def way(languages: Mapping[str, LanguageAnswer], *, title: str = "as asked", model: str = "m") -> AnswersInOneWay:
    return AnswersInOneWay(model=model, title=title, languages=languages)


MAIN = way(
    {
        "en": answer(0, 0.9, 0.1, 0.0, margin=2.2, tokens=1234, seconds=0.0124),
        "pl": answer(1, 0.3, 0.6, 0.1),
        "de": answer(1, 0.2, 0.8, 0.0),
        "ar": answer(None, error="it is too long"),
    }
)
SHOWN = AnswerSheet(THREE, "capital · Poland", (ModelAnswers(MAIN),))


def test_every_language_has_a_card_with_its_bars_verdict_and_figures() -> None:
    cards = language_cards(SHOWN)
    assert cards.count("<section") == 4
    assert [cards.count(f'data-state="{state}"') for state in ("right", "wrong", "other", "none")] == [1, 2, 6, 3]
    assert 'data-probability="0.9"' in cards and "90 %" in cards
    assert "margin +2.20 nats · 1,234 tokens · 12 ms" in cards
    assert "it is too long" in cards and "– not measured" in cards
    assert 'dir="rtl"' in cards and 'lang="ar"' in cards
    assert "<b>عاصمة" not in cards and "&lt;b&gt;عاصمة" in cards  # a text is a text


def test_before_an_answer_the_bars_are_empty() -> None:
    cards = language_cards(AnswerSheet(THREE, "", (ModelAnswers(way({})),)))
    assert cards.count('data-state="none"') == 12
    assert "data-probability" not in cards


def test_two_models_stand_side_by_side_and_say_who_is_who() -> None:
    other = way({"en": answer(1, 0.2, 0.7, 0.1)}, model="n<i>")
    cards = language_cards(AnswerSheet(THREE, "", (ModelAnswers(MAIN), ModelAnswers(other))))
    assert cards.count('data-state="right"') == 1 and cards.count('data-state="wrong"') == 3
    assert "n&lt;i&gt;" in cards and "n<i>" not in cards


def test_a_free_answer_is_quoted_with_its_verdict() -> None:
    free = way({"en": written(" Kraków\n", correct=False)}, title="freely")
    cards = language_cards(AnswerSheet(THREE, "", (ModelAnswers(MAIN, free),)))
    assert "Kraków</q>" in cards and cards.count("iso-live-said") == 1


def test_an_open_question_shows_what_was_said() -> None:
    texts = {"en": {"question": "Who?", "options": [], "answers": ["Ada"]}}
    said = way({"en": written("Ada", correct=True)})
    shown = AnswerSheet(FactText.model_validate({"texts": texts}), "", (ModelAnswers(said),))
    assert "Ada</q>" in language_cards(shown)
    assert live_words.known(shown, shown.models[0]) == "m knows it in English."
    assert live_words.wrong_alike(shown, shown.models[0]) == ""


def test_sentences_count_what_was_measured_and_name_who_agrees_on_what() -> None:
    (column,) = SHOWN.models
    assert (
        live_words.known(SHOWN, column)
        == "m knows it in 1 of 3 languages; not in Deutsch and Polski. It was not measured in العربية."
    )
    assert live_words.wrong_alike(SHOWN, column) == "Wrong alike: Deutsch and Polski agree on B. Prague."
    assert live_words.surest(SHOWN, column) == (
        "Surest in English, where its answer has 90 % of the probability; least sure in Polski, 60 %."
    )


def test_two_models_are_compared_by_where_they_are_right() -> None:
    other = way({"en": answer(0, 1.0, 0, 0), "pl": answer(0, 1.0, 0, 0), "de": answer(2, 0, 0, 1.0)}, model="n")
    shown = AnswerSheet(THREE, "", (ModelAnswers(MAIN), ModelAnswers(other)))
    assert live_words.compared(shown) == "Both know it in 1 language; only n: Polski."
    alone = live_words.wrong_alike(shown, shown.models[1])
    assert alone == ""  # one language alone agrees with nobody


def test_steadiness_holds_every_way_against_the_first_one() -> None:
    # en: 0, 0, 1: same in 2 of 3; pl: 1, 1, none: 2 of 2; de: 1, 0, 0: 1 of 3; ar: never
    second = way({"en": answer(0, 1, 0, 0), "pl": answer(1, 0, 1, 0), "de": answer(0, 1, 0, 0)}, title="question 2")
    third = way({"en": answer(1, 0, 1, 0), "pl": answer(None, error="no words"), "de": answer(0, 1, 0, 0)}, title="x<")
    column = ModelAnswers(MAIN, others=(second, third))
    shown = AnswerSheet(THREE, "", (column,))
    assert [live_words.same_answers(column.every, tag) for tag in TEXTS] == [(2, 3), (2, 2), (1, 3), (0, 0)]
    assert live_words.steadiness(shown, column) == (
        "Asked in 3 ways, it gives the same answer each time in 1 of 3 languages; least steady in Deutsch, with its "
        "answer in 1 of 3."
    )
    table = robustness_table(shown, column)
    assert "x&lt;" in table and 'title="no words"' in table
    assert table.count("<tr>") == 5


def test_a_model_has_a_main_way_a_free_one_and_others() -> None:
    free, other = way({}, title="freely"), way({}, title="question 2")
    (column,) = by_model([("main", MAIN), ("free", free), ("other", other)])
    assert (column.main, column.free, column.others) == (MAIN, free, (other,))
    (alone,) = by_model([("free", free)])
    assert (alone.main, alone.free) == (free, None)
    assert [model.name for model in by_model([("main", MAIN), ("main", way({}, model="n"))])] == ["m", "n"]


def test_the_square_says_who_agrees_and_whether_they_are_right() -> None:
    answers = pd.DataFrame(
        [
            {"language": "en", "predicted": 0, "option": "A. Warsaw", "correct": True, "reason": None},
            {"language": "pl", "predicted": 1, "option": "B. Praga", "correct": False, "reason": None},
            {"language": "de", "predicted": 1, "option": "B. Prag", "correct": False, "reason": None},
            {"language": "ar", "predicted": None, "option": None, "correct": None, "reason": "too long"},
        ]
    ).astype({"predicted": object, "correct": object})
    names = {"en": "English", "pl": "Polski", "de": "Deutsch", "ar": "العربية"}
    themes: tuple[Theme, ...] = ("light", "dark")
    for theme in themes:
        spec = agreement_heatmap(answers, order=list(names), names=names, theme=theme)
        drawing = draw(spec)
        assert len(drawing.marks) == 16
        assert "Languages: Polski and Deutsch; Answers: B. Praga | B. Prag; Agreement: same, wrong" in drawing.marks
        assert "Languages: English and Polski; Answers: A. Warsaw | B. Praga; Agreement: different" in drawing.marks
        assert "Languages: English; Answers: A. Warsaw; Agreement: same, right" in drawing.marks
        unknown = "Languages: العربية; Answers: not measured: too long; Agreement: not measured"
        assert unknown in drawing.marks
        assert drawing.texts.count("B") == 2


def piece(text: str, logprob: float) -> TokenPiece:
    return TokenPiece(text=text, logprob=logprob)


def test_pieces_show_blanks_and_sum_to_the_option() -> None:
    table = token_table(
        [OptionPieces(text="New York", pieces=(piece(" New", -1.25), piece("<York", -0.5)))],
        direction="ltr",
    )
    assert "␣New" in table and "&lt;York" in table
    assert "−1.250" in table and "−1.750" in table


def test_a_model_that_tells_no_tokens_is_said_to_be_one() -> None:
    assert (
        without_tokens(answer(0, 0.9, 0.1, 0.0)) == "This model does not tell the log-probabilities of single tokens."
    )
    scored = answer(0, 0.9, 0.1, 0.0)
    free = scored.model_copy(
        update={"options": tuple(o.model_copy(update={"logprob": None}) for o in scored.options), "text": "Kraków"}
    )
    failed = scored.model_copy(update={"options": (), "predicted": None, "error": "it is too long"})
    for unscored in (free, failed, None):
        assert without_tokens(unscored) is None


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (None, "m is being made ready; loading takes some seconds."),
        ({"state": "waiting", "position": 3, "expected_seconds": 4.2}, "3 in the queue before you, about 4 s to wait."),
        ({"state": "waiting", "position": 0, "expected_seconds": None}, "Next in the queue."),
        ({"state": "running", "note": "It stopped."}, "It stopped. m is being asked."),
    ],
)
def test_what_is_waited_for_is_said(status: dict[str, Any] | None, sentence: str) -> None:
    part = InquiryPart("m", InquiryWay("main", "as asked", {}), None if status is None else probe_status(**status))
    assert words(part) == sentence


def choice(**changes: Any) -> Choice:
    usual = Choice(models=("m",), probe="cloze", wording="bare", free=False, otherwise=False, settings={})
    return replace(usual, **changes)


def test_ways_of_asking_follow_what_is_chosen() -> None:
    def asked(chosen: Choice, fact: FactText = THREE, *, has_forms: bool = True) -> list[dict[str, Any]]:
        return [dict(way.asking) for way in chosen.ways(fact, has_forms=has_forms)]

    bare = {"probe": "cloze", "template": "bare"}
    assert asked(choice()) == [bare]
    assert asked(choice(free=True)) == [bare, {"probe": "generation", "template": "bare"}]
    assert asked(choice(probe="letter", wording="dialogue", free=True))[1] == {"probe": "generation"}
    forms = ["question-2", "question-3", "statement-1", "statement-2", "statement-3"]
    assert asked(choice(otherwise=True)) == [bare, *({**bare, "form": form} for form in forms)]
    others = asked(choice(otherwise=True), has_forms=False)[1:]
    assert {one["template"] for one in others} == {"plain", "dialogue"}
    letter = asked(choice(probe="letter", wording="plain", otherwise=True, settings={"chat": True}), has_forms=False)
    assert letter[1] == {"probe": "letter", "template": "plain", "chat": True, "permute": "cyclic"}
    (main,) = asked(choice(probe="letter", wording="plain", settings={"chat": True, "no_thinking": True}))
    assert main == {"probe": "letter", "template": "plain", "chat": True, "no_thinking": True}
    open_question = FactText.model_validate({"texts": {"en": {"question": "?", "answers": ["x"]}}})
    assert asked(choice(free=True, otherwise=True), open_question) == [{"probe": "generation", "template": "bare"}]


def saved(id: str, **more: Any) -> SavedSummary:
    usual = {
        "name": "", "fact_id": "f", "run_id": "r", "model": "m", "probe": "cloze", "template": "bare@1", "asking": {},
        "title": "capital · <Poland>", "languages": ("en", "pl"), "n_right": 1, "n_judged": 2,
        "started": "2026-11-20T19:00:00.1+00:00", "finished": "2026-11-20T19:00:01.2+00:00",
    }  # fmt: skip
    return SavedSummary.model_validate({"saved_id": id} | usual | more)


def test_saved_probes_are_listed_by_fact_and_model_the_usual_way_first() -> None:
    free, other, main = saved("1", probe="generation"), saved("2", asking={"form": "question-2"}), saved("3")
    groups = grouped([free, other, saved("4", model="n"), main])
    assert [[summary.saved_id for summary in group] for group in groups] == [["3", "2", "1"], ["4"]]
    card = probe_card(groups[0])
    assert "capital · &lt;Poland&gt;" in card
    assert "cloze, bare@1 and 2 more" in card and "right in 1 of 2 languages" in card and "2026-11-20 19:00 UTC" in card
    assert "<Poland>" not in probe_card([saved("1", name="<mine>")])


def test_a_file_has_a_row_per_language_and_keeps_what_is_missing_missing() -> None:
    languages = {tag: MAIN.languages[tag] for tag in ("en", "ar")}
    rows = probe_rows([SavedProbe(summary=saved("1"), fact=THREE, languages=languages)])
    english, arabic = [json.loads(line) for line in to_jsonl(rows).decode().splitlines()]
    assert (english["question"], english["predicted"], english["correct"]) == ("Capital of Poland?", 0, True)
    assert english["probabilities"] == [0.9, 0.1, 0.0] and english["probability"] == 0.9
    assert (arabic["predicted"], arabic["correct"], arabic["error"]) == (None, None, "it is too long")
    assert probability(MAIN.languages["ar"]) is None


FAILED = {tag: written(None, error="it is too long") for tag in TEXTS}


def test_nothing_measured_is_said_and_why() -> None:
    nothing = ModelAnswers(way(FAILED), None, (way(FAILED, title="question 2"),))
    shown = AnswerSheet(THREE, "", (nothing,))
    assert live_words.known(shown, nothing) == "Nothing was measured of m: it is too long. Ask otherwise."
    assert "cannot be said how steady" in live_words.steadiness(shown, nothing)
    waits = ModelAnswers(AnswersInOneWay(model="m", title="as asked", languages={}, state="running"))
    assert live_words.known(AnswerSheet(THREE, "", (waits,)), waits) == ""
    said = ModelAnswers(way({"en": written("Warsaw")}))
    assert live_words.known(AnswerSheet(THREE, "", (said,)), said).startswith("It is not known which answer is right")


def test_models_are_compared_where_both_were_measured() -> None:
    none = ModelAnswers(way(FAILED, model="n"))
    assert live_words.compared(AnswerSheet(THREE, "", (ModelAnswers(MAIN), none))) == (
        "In no language were both models measured, so they cannot be compared."
    )
    # m is right in English; n is wrong there, failed in Polish, right in German, where m is wrong
    other = ModelAnswers(
        way({"en": answer(1, 0.1, 0.9, 0.0), "pl": FAILED["pl"], "de": answer(0, 0.9, 0.1, 0.0)}, model="n")
    )
    assert live_words.compared(AnswerSheet(THREE, "", (ModelAnswers(MAIN), other))) == (
        "Both know it in 0 languages; only m: English; only n: Deutsch."
    )


def test_a_saved_probe_counts_only_what_was_judged() -> None:
    three = ("en", "de", "pl")
    assert "right in 1 of 2 languages, 1 not judged" in probe_card([saved("1", languages=three)])
    assert "3 languages, judged in none" in probe_card([saved("1", languages=three, n_right=None, n_judged=0)])
