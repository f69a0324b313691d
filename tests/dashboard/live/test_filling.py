"""A template in many languages, and the table it makes: what is filled in, what is left to the user, what is asked."""

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from dashboard.app_pages.live.typing.distractors import Distractors
from dashboard.app_pages.live.typing.draft import Draft, problems_of
from dashboard.app_pages.live.typing.table_actions import with_distractors
from dashboard.app_pages.live.typing.table_editor import check_rows
from dashboard.app_pages.live.typing.template_filling import Filled, TypedTemplate, ambiguous, fill, in_words
from dashboard.app_pages.live.typing.translation_task import TableTranslation, wanted
from engine.errors import IsoglossError

TAGS = ["en", "pl", "he"]
RIVER = TypedTemplate(
    question="Which river flows through {subject}?", subject="Poland", answer="Vistula", options="none"
)


def filled(
    template: TypedTemplate, wordings: Mapping[str, str] | None = None, distractors: Distractors | None = None
) -> Filled:
    return fill(template, TAGS, wordings=wordings or {}, subjects={}, distractors=distractors)


def test_names_that_cldr_knows_are_filled_in_and_the_rest_is_left_empty() -> None:
    draft = filled(RIVER).draft
    assert [draft.text(tag, "subject") for tag in TAGS] == ["Poland", "Polska", "פולין"]
    assert [draft.text(tag, "question") for tag in TAGS] == [RIVER.question, "", ""]
    assert [draft.text(tag, "answer") for tag in TAGS] == ["Vistula", "", ""]
    assert in_words(draft).asked_in(TAGS) == ["en"]


def test_wordings_that_the_store_has_are_filled_in() -> None:
    draft = in_words(filled(RIVER, {"pl": "Jaka rzeka płynie przez państwo {subject}?"}).draft)
    assert draft.text("pl", "question") == "Jaka rzeka płynie przez państwo Polska?"
    assert draft.asked_in(TAGS) == ["en", "pl"]


def test_own_wrong_answers_are_translated_as_the_right_one_is() -> None:
    template = TypedTemplate(question="?", subject="Poland", answer="Polish", wrong="German; French;", options="own")
    draft = filled(template).draft
    assert draft.n_options == 3
    gold = draft.gold[0]
    polish = [draft.text("pl", f"option {number}") for number in (1, 2, 3)]
    assert sorted(polish) == ["francuski", "niemiecki", "polski"]
    assert polish[gold] == "polski"


def test_a_name_of_two_things_is_not_guessed() -> None:
    """Latin is a language and a script; Polish calls them łaciński and łacińskie."""
    template = TypedTemplate(question="?", subject="Latin", options="none")
    assert filled(template).draft.text("pl", "subject") == ""
    assert ambiguous(template, ["Latin", "Poland", ""], TAGS) == {"Latin": ("language:la", "script:Latn")}
    meant = replace(template, kinds={"Latin": "script:Latn"})
    assert filled(meant).draft.text("pl", "subject") == "łacińskie"


def test_a_cell_that_was_typed_holds_for_its_subject_alone() -> None:
    before = filled(RIVER)
    edited = before.draft.with_cells({("pl", "subject"): "Rzeczpospolita"})
    changes = before.differences(edited, TAGS)
    assert changes == {("pl", "subject", "Poland"): "Rzeczpospolita"}
    typed = replace(RIVER, typed=changes)
    assert filled(typed).draft.text("pl", "subject") == "Rzeczpospolita"
    assert filled(replace(typed, subject="Spain")).draft.text("pl", "subject") == "Hiszpania"
    assert filled(replace(typed, subject="Poland")).draft.text("pl", "subject") == "Rzeczpospolita"


def test_distractors_keep_what_was_typed_and_the_place_of_the_right_option() -> None:
    cells = {("en", "option 2"): "Warsaw", ("en", "option 1"): "Lodz"}
    draft = Draft(cells=cells, n_options=4, gold=(1,))
    names = [{"en": "Rome", "pl": "Rzym"}, {"en": "Warsaw", "pl": "Warszawa"}, {"en": "Paris", "pl": "Paryż"}]
    after = with_distractors(draft, TAGS, Distractors(tuple(names), 1, True))
    assert [after.text("en", f"option {n}") for n in (1, 2, 3, 4)] == ["Lodz", "Warsaw", "Rome", "Paris"]
    assert [after.text("pl", f"option {n}") for n in (1, 2, 3, 4)] == ["", "Warszawa", "Rzym", "Paryż"]


def test_rows_are_checked_one_by_one() -> None:
    rows = {
        "en": ("Is it?", "yes", "no"),
        "pl": ("Czy to?", "tak", "tak"),
        "he": ("האם זה?", "", ""),
        "de": ("", "", ""),
        "fr": ("Est-ce ?", "oui\x00", "non"),
    }
    columns = ("question", "option 1", "option 2")
    cells = {(tag, column): text for tag, row in rows.items() for column, text in zip(columns, row, strict=True)}
    draft = Draft(cells=cells, n_options=2).with_cells({("en", "option 2"): "nope"}, machine=True)
    assert check_rows(draft, list(rows)) == {
        "en": "✓ machine-made: option 2",
        "pl": "✗ option 2 is the same as option 1",
        "he": "not asked: option 1, option 2 missing",
        "de": "empty: not asked",
        "fr": "✗ option 1 holds a control character, U+0000, as its character 4",
    }
    assert {(problem.language, problem.cell) for problem in problems_of(draft.fact(rows))} == {
        ("pl", "option 2"),
        ("fr", "option 1"),
    }


def test_what_the_user_writes_needs_no_confirmation() -> None:
    draft = Draft(n_options=0).with_cells({("pl", "question"): "a", ("he", "question"): "b"}, machine=True)
    assert draft.machine == {("pl", "question"), ("he", "question")}
    assert draft.with_cells({("pl", "question"): "a"}).machine == draft.machine  # as it was
    assert draft.with_cells({("pl", "question"): "c"}).machine == {("he", "question")}


@given(st.integers(0, 6), st.lists(st.integers(0, 6), unique=True))
def test_a_fact_has_as_many_options_as_the_table_and_no_right_one_beyond(n: int, gold: list[int]) -> None:
    cells = {("en", f"option {number + 1}"): f"o{number}" for number in range(7)} | {("en", "question"): "?"}
    fact = Draft(cells=cells, n_options=n, gold=tuple(gold)).fact(["en"])
    assert len(fact.texts["en"].options) == n
    assert fact.gold == [index for index in gold if index < n]


def test_only_what_is_empty_is_translated() -> None:
    draft = filled(RIVER).draft
    assert wanted(draft, in_words(draft), "en", TAGS) == {
        tag: {"question": "Which river flows through Poland?", "answer": "Vistula"} for tag in ("pl", "he")
    }


def test_a_translation_that_fails_keeps_what_was_done() -> None:
    def translate(texts: list[str], source: str, target: str) -> list[str]:
        if target == "he":
            raise IsoglossError("it broke")
        return [f"{text} {source}>{target}" for text in texts]

    work = TableTranslation(
        translate, "en", {"pl": {"question": "Who?"}, "he": {"question": "Who?"}, "de": {"answer": "x"}}
    )
    work.join(10)
    assert work.is_over and work.problem == "it broke"
    assert work.done == (1, 3)
    assert work.cells() == {("pl", "question"): "Who? en>pl"}
