"""What comes back of a live probe: bars, sentences, the square of languages, ways of asking, the list, files."""

import json
from typing import Any

import pandas as pd
import pytest

from dashboard.app_pages.live.answers import sentences as live_words
from dashboard.app_pages.live.answers.answer_sheet import Answers, Column, Shown, columns, probability
from dashboard.app_pages.live.answers.language_cards import language_cards
from dashboard.app_pages.live.answers.robustness_table import sureness_table
from dashboard.app_pages.live.answers.token_details import token_table, without_tokens
from dashboard.app_pages.live.asking.inquiry import Part, Way
from dashboard.app_pages.live.asking.progress import words
from dashboard.app_pages.live.asking.settings import Choice
from dashboard.app_pages.live.saved.files import probe_rows, to_jsonl
from dashboard.app_pages.live.saved.list import grouped, probe_card
from dashboard.charts.agreement_heatmap import agreement_heatmap
from tests.support.drawing import draw

TEXTS = {
    "en": {"question": "Capital of Poland?", "options": ["Warsaw", "Prague", "Rome"]},
    "pl": {"question": "Stolica Polski?", "options": ["Warszawa", "Praga", "Rzym"]},
    "de": {"question": "Hauptstadt Polens?", "options": ["Warschau", "Prag", "Rom"]},
    "ar": {"question": "<b>عاصمة بولندا؟</b>", "options": ["وارسو", "براغ", "روما"]},
}
THREE = {"relation": "capital", "texts": TEXTS, "gold": [0]}


def answer(predicted: int | None, *shares: float, **more: Any) -> dict[str, Any]:
    """An answer to a fact of three options, the first right."""
    options = [{"text": "?", "logprob": -1.0, "probability": share} for share in shares or (None, None, None)]
    correct = None if predicted is None else predicted == 0
    return {"options": options, "predicted": predicted, "correct": correct, **more}


def way(languages: dict[str, Any], *, title: str = "as asked", model: str = "m") -> Answers:
    return Answers(model=model, title=title, languages=languages)


MAIN = way(
    {
        "en": answer(0, 0.9, 0.1, 0.0, margin=2.2, tokens=1234, seconds=0.0124),
        "pl": answer(1, 0.3, 0.6, 0.1),
        "de": answer(1, 0.2, 0.8, 0.0),
        "ar": answer(None, error="it is too long"),
    }
)
SHOWN = Shown(THREE, "capital · Poland", (Column(MAIN),))


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
    cards = language_cards(Shown(THREE, "", (Column(way({})),)))
    assert cards.count('data-state="none"') == 12
    assert "data-probability" not in cards


def test_two_models_stand_side_by_side_and_say_who_is_who() -> None:
    other = way({"en": answer(1, 0.2, 0.7, 0.1)}, model="n<i>")
    cards = language_cards(Shown(THREE, "", (Column(MAIN), Column(other))))
    assert cards.count('data-state="right"') == 1 and cards.count('data-state="wrong"') == 3
    assert "n&lt;i&gt;" in cards and "n<i>" not in cards


def test_a_free_answer_is_quoted_with_its_verdict() -> None:
    free = way({"en": {"options": [], "predicted": None, "correct": False, "text": " Kraków\n"}}, title="freely")
    cards = language_cards(Shown(THREE, "", (Column(MAIN, free),)))
    assert "Kraków</q>" in cards and cards.count("iso-live-said") == 1


def test_an_open_question_shows_what_was_said() -> None:
    texts = {"en": {"question": "Who?", "options": [], "answers": ["Ada"]}}
    said = way({"en": {"options": [], "predicted": None, "correct": True, "text": "Ada"}})
    shown = Shown({"texts": texts, "gold": []}, "", (Column(said),))
    assert "Ada</q>" in language_cards(shown)
    assert live_words.known(shown, shown.columns[0]) == "m knows it in English."
    assert live_words.wrong_alike(shown, shown.columns[0]) == ""


def test_sentences_count_what_was_measured_and_name_who_agrees_on_what() -> None:
    (column,) = SHOWN.columns
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
    shown = Shown(THREE, "", (Column(MAIN), Column(other)))
    assert live_words.compared(shown) == "Both know it in 1 language; only n: Polski."
    alone = live_words.wrong_alike(shown, shown.columns[1])
    assert alone == ""  # one language alone agrees with nobody


def test_steadiness_holds_every_way_against_the_first_one() -> None:
    # en: 0, 0, 1: same in 2 of 3; pl: 1, 1, none: 2 of 2; de: 1, 0, 0: 1 of 3; ar: never
    second = way({"en": answer(0, 1, 0, 0), "pl": answer(1, 0, 1, 0), "de": answer(0, 1, 0, 0)}, title="question 2")
    third = way({"en": answer(1, 0, 1, 0), "pl": answer(None, error="no words"), "de": answer(0, 1, 0, 0)}, title="x<")
    column = Column(MAIN, others=(second, third))
    shown = Shown(THREE, "", (column,))
    assert [live_words.same_answers(column.every, tag) for tag in TEXTS] == [(2, 3), (2, 2), (1, 3), (0, 0)]
    assert live_words.steadiness(shown, column) == (
        "Asked in 3 ways, it gives the same answer each time in 1 of 3 languages; least steady in Deutsch, with its "
        "answer in 1 of 3."
    )
    table = sureness_table(shown, column)
    assert "x&lt;" in table and 'title="no words"' in table
    assert table.count("<tr>") == 5


def test_a_model_has_a_main_way_a_free_one_and_others() -> None:
    free, other = way({}, title="freely"), way({}, title="question 2")
    (column,) = columns([("main", MAIN), ("free", free), ("other", other)])
    assert (column.main, column.free, column.others) == (MAIN, free, (other,))
    (alone,) = columns([("free", free)])
    assert (alone.main, alone.free) == (free, None)
    assert [column.model for column in columns([("main", MAIN), ("main", way({}, model="n"))])] == ["m", "n"]


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
    for theme in ("light", "dark"):
        spec = agreement_heatmap(answers, order=list(names), names=names, theme=theme)  # type: ignore[arg-type]
        drawing = draw(spec)
        assert len(drawing.marks) == 16
        assert "Languages: Polski and Deutsch; Answers: B. Praga | B. Prag; Agreement: same, wrong" in drawing.marks
        assert "Languages: English and Polski; Answers: A. Warsaw | B. Praga; Agreement: different" in drawing.marks
        assert "Languages: English; Answers: A. Warsaw; Agreement: same, right" in drawing.marks
        unknown = "Languages: العربية; Answers: not measured: too long; Agreement: not measured"
        assert unknown in drawing.marks
        assert drawing.texts.count("B") == 2


def test_pieces_show_blanks_and_sum_to_the_option() -> None:
    table = token_table(
        [{"text": "New York", "tokens": [{"text": " New", "logprob": -1.25}, {"text": "<York", "logprob": -0.5}]}],
        direction="ltr",
    )
    assert "␣New" in table and "&lt;York" in table
    assert "−1.250" in table and "−1.750" in table


def test_a_model_that_tells_no_tokens_is_said_to_be_one() -> None:
    note = without_tokens(answer(0, 0.9, 0.1, 0.0))
    assert note == "This model does not tell the log-probabilities of single tokens."
    free = {"options": [{"text": "Warsaw", "logprob": None}], "predicted": None, "correct": False, "text": "Kraków"}
    for unscored in (free, {"options": [], "predicted": None, "error": "it is too long"}, {}):
        assert without_tokens(unscored) is None


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "m is being made ready; loading takes some seconds."),
        ({"state": "waiting", "position": 3, "expected_seconds": 4.2}, "3 in the queue before you, about 4 s to wait."),
        ({"state": "waiting", "position": 0, "expected_seconds": None}, "Next in the queue."),
        ({"state": "running", "note": "It stopped."}, "It stopped. m is being asked."),
    ],
)
def test_what_is_waited_for_is_said(said: dict[str, Any], told: str) -> None:
    assert words(Part("m", Way("main", "as asked", {}), said)) == told


def choice(**changes: Any) -> Choice:
    off = dict.fromkeys(("free", "otherwise", "chat", "no_thinking"), False)
    return Choice(**({"models": ("m",), "probe": "cloze", "wording": "bare"} | off | changes))


def test_ways_of_asking_follow_what_is_chosen() -> None:
    def asked(chosen: Choice, fact: dict[str, Any] = THREE, *, has_forms: bool = True) -> list[dict[str, Any]]:
        return [dict(way.asking) for way in chosen.ways(fact, has_forms=has_forms)]

    bare = {"probe": "cloze", "template": "bare"}
    assert asked(choice()) == [bare]
    assert asked(choice(free=True)) == [bare, {"probe": "generation", "template": "bare"}]
    assert asked(choice(probe="letter", wording="dialogue", free=True))[1] == {"probe": "generation"}
    forms = ["question-2", "question-3", "statement-1", "statement-2", "statement-3"]
    assert asked(choice(otherwise=True)) == [bare, *({**bare, "form": form} for form in forms)]
    others = asked(choice(otherwise=True), has_forms=False)[1:]
    assert {one["template"] for one in others} == {"plain", "dialogue"}
    letter = asked(choice(probe="letter", wording="plain", otherwise=True, chat=True), has_forms=False)
    assert letter[1] == {"probe": "letter", "template": "plain", "chat": True, "permute": "cyclic"}
    (main,) = asked(choice(probe="letter", wording="plain", chat=True, no_thinking=True))
    assert main == {"probe": "letter", "template": "plain", "chat": True, "no_thinking": True}
    open_question = {"texts": {"en": {"question": "?", "options": [], "answers": ["x"]}}, "gold": []}
    assert asked(choice(free=True, otherwise=True), open_question) == [{"probe": "generation", "template": "bare"}]


def kept(id: str, *, fact: str = "f", model: str = "m", probe: str = "cloze", **more: Any) -> dict[str, Any]:
    return {
        "kept": id, "name": "", "fact_id": fact, "model": model, "probe": probe, "template": "bare@1", "asking": {},
        "title": "capital · <Poland>", "languages": ["en", "pl"], "n_right": 1, "n_judged": 2, "n_asked": 2,
        "started": "2026-11-20T19:00:00.1+00:00", "finished": "2026-11-20T19:00:01.2+00:00",
    } | more  # fmt: skip


def test_kept_probes_are_listed_by_fact_and_model_the_usual_way_first() -> None:
    free, other, main = kept("1", probe="generation"), kept("2", asking={"form": "question-2"}), kept("3")
    groups = grouped([free, other, kept("4", model="n"), main])
    assert [[probe["kept"] for probe in group] for group in groups] == [["3", "2", "1"], ["4"]]
    card = probe_card(groups[0])
    assert "capital · &lt;Poland&gt;" in card
    assert "cloze, bare@1 and 2 more" in card and "right in 1 of 2 languages" in card and "2026-11-20 19:00 UTC" in card
    assert "<Poland>" not in probe_card([kept("1", name="<mine>")])


def test_a_file_has_a_row_per_language_and_keeps_what_is_missing_missing() -> None:
    told = {"languages": {tag: MAIN.languages[tag] for tag in ("en", "ar")}}
    rows = probe_rows([kept("1") | {"fact": THREE, "probe_json": told}])
    english, arabic = [json.loads(line) for line in to_jsonl(rows).decode().splitlines()]
    assert (english["question"], english["predicted"], english["correct"]) == ("Capital of Poland?", 0, True)
    assert english["probabilities"] == [0.9, 0.1, 0.0] and english["probability"] == 0.9
    assert (arabic["predicted"], arabic["correct"], arabic["error"]) == (None, None, "it is too long")
    assert probability(MAIN.languages["ar"]) is None


FAILED = {tag: {"options": [], "predicted": None, "correct": None, "error": "it is too long"} for tag in TEXTS}


def test_nothing_measured_is_said_and_why() -> None:
    nothing = Column(way(FAILED), None, (way(FAILED, title="question 2"),))
    shown = Shown(THREE, "", (nothing,))
    assert live_words.known(shown, nothing) == "Nothing was measured of m: it is too long. Ask otherwise."
    assert "cannot be said how steady" in live_words.steadiness(shown, nothing)
    waits = Column(Answers(model="m", title="as asked", languages={}, state="running"))
    assert live_words.known(Shown(THREE, "", (waits,)), waits) == ""
    said = Column(way({"en": {"options": [], "predicted": None, "correct": None, "text": "Warsaw"}}))
    assert live_words.known(Shown(THREE, "", (said,)), said).startswith("It is not known which answer is right")


def test_models_are_compared_where_both_were_measured() -> None:
    none = Column(way(FAILED, model="n"))
    assert live_words.compared(Shown(THREE, "", (Column(MAIN), none))) == (
        "In no language were both models measured, so they cannot be compared."
    )
    # m is right in English; n is wrong there, failed in Polish, right in German, where m is wrong
    other = Column(way({"en": answer(1, 0.1, 0.9, 0.0), "pl": FAILED["pl"], "de": answer(0, 0.9, 0.1, 0.0)}, model="n"))
    assert live_words.compared(Shown(THREE, "", (Column(MAIN), other))) == (
        "Both know it in 0 languages; only m: English; only n: Deutsch."
    )


def test_a_kept_probe_counts_only_what_was_judged() -> None:
    probe = {
        "kept": "1", "name": "", "fact_id": "f", "title": "t", "model": "m", "probe": "letter", "template": "plain@1",
        "languages": ["en", "de", "pl"], "n_right": 1, "n_judged": 2, "n_asked": 3, "finished": "2026-01-01T00:00",
    }  # fmt: skip
    assert "right in 1 of 2 languages, 1 not judged" in probe_card([probe])
    assert "3 languages, judged in none" in probe_card([probe | {"n_right": None, "n_judged": 0}])
