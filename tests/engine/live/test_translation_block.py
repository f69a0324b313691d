"""A block for a translator, and what comes back: forgiving in form, strict in what it takes, no line is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.live.fact.translation_block import BlockText, ParsedBlock, block, parse, squeezed

TAGS = ["en", "de", "fr", "it", "pl", "ru", "ar", "he", "zh", "ja", "pt-PT", "sr-Latn"]
PARTS = ["subject", "question", "option 1", "option 2"]
# Any text, colons, brackets, marks of direction and line breaks among it.
SIGNS = "::：[]()*`_#-–|\u200f\u202b\n\r\u2028\t 1.אبñ字"
TEXTS = st.text(st.one_of(st.sampled_from(SIGNS), st.characters(codec="utf-8")))


def read(text: str, *, tags: list[str] | None = None, parts: list[str] | None = None) -> ParsedBlock:
    return parse(text, languages=tags or TAGS, parts=parts or PARTS)


def taken(text: str) -> list[tuple[str, str, str]]:
    parsed = read(text)
    assert not parsed.problems, parsed.problems
    return [(one.language, one.part, one.text) for one in parsed.texts]


@settings(deadline=None)
@given(st.dictionaries(st.tuples(st.sampled_from(TAGS), st.sampled_from(PARTS)), TEXTS, max_size=12))
def test_what_is_written_down_is_read_back(texts: dict[tuple[str, str], str]) -> None:
    lines = [BlockText(tag, part, text) for (tag, part), text in sorted(texts.items())]
    parsed = read(block(lines))
    assert parsed.problems == ()
    assert parsed.texts == tuple(
        BlockText(one.language, one.part, squeezed(one.text)) for one in lines if squeezed(one.text)
    )


@settings(deadline=None)
@given(TEXTS)
def test_a_squeezed_text_stays_as_it_is(text: str) -> None:
    assert squeezed(squeezed(text)) == squeezed(text)
    assert not squeezed(text).splitlines()[1:]


@settings(deadline=None)
@given(st.text())
def test_no_text_breaks_the_reader_and_no_line_is_lost(text: str) -> None:
    parsed = read(text)
    lines = {number for number, line in enumerate(text.splitlines(), start=1) if line.strip()}
    assert {problem.line for problem in parsed.problems} <= lines


def test_the_block_names_each_language_in_english_and_by_its_tag() -> None:
    texts = [BlockText("en", "question", "Which river\nflows through Egypt?"), BlockText("de", "question", "")]
    assert block(texts).splitlines()[1:] == [
        "", "English [en] question: Which river flows through Egypt?", "", "German [de] question:",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "German [de] question: Welcher: Fluss?",
        "german question: Welcher: Fluss?",
        "Deutsch [de] Frage: Welcher: Fluss?",
        "[de] question：Welcher: Fluss?",
        "de question: Welcher: Fluss?",
        "DE – question: Welcher: Fluss?",
        "question (German): Welcher: Fluss?",
        "немецкий [de] вопрос: Welcher: Fluss?",
        "**German [de] question:** Welcher: Fluss?",
        "- **German [de] question**: Welcher: Fluss?",
        "* `German [de] question:` Welcher: Fluss?",
        "3. German [de] question:   Welcher:  Fluss?  ",
        "> German [de] question: Welcher: Fluss?",
        "\u200fGerman [de]\u200e question\u200f: \u202bWelcher: Fluss?\u202c",
    ],
)
def test_a_line_is_understood_however_it_is_dressed(line: str) -> None:
    assert taken(line) == [("de", "question", "Welcher: Fluss?")]


def test_a_language_in_a_line_of_its_own_holds_for_the_lines_below() -> None:
    answer = "```\n### Hebrew\n**שאלה:** איזה נהר?\noption 2: הנילוס\n\n**Chinese (Simplified):**\n选项 1：尼罗河\n```"
    assert taken(answer) == [
        ("he", "question", "איזה נהר?"), ("he", "option 2", "הנילוס"), ("zh", "option 1", "尼罗河"),
    ]  # fmt: skip


def test_the_order_of_lines_does_not_matter_and_empty_ones_are_left_to_be_written() -> None:
    lines = ["Polish [pl] option 1: Nil", "Polish [pl] subject:", "French [fr] question: Quel ?", "pl question: Jaka?"]
    parsed = read("\n".join(lines))
    assert [(one.language, one.part) for one in parsed.texts] == [
        ("pl", "option 1"), ("fr", "question"), ("pl", "question"),
    ]  # fmt: skip
    assert parsed.missing(PARTS) == {"pl": ["subject", "option 2"], "fr": ["subject", "option 1", "option 2"]}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Sure, here is the translation:", "it is no text of the fact"),
        ("Hope this helps!", "no label such as “German [de] question:” begins it"),
        ("question: Welcher Fluss?", "it names no language, and no line above does"),
        ("Basque [eu] question: Zein?", "“eu” is no language of the table"),
        ("German [fr] question: Welcher?", "it names two languages"),
        ("German [de] option 3: Nil", "there is no option 3; the fact has subject, question, option 1, option 2"),
        ("German [de] answer: Nil", "there is no answer; the fact has subject, question, option 1, option 2"),
        ("German [de] question Welcher?", "no label such as “German [de] question:” begins it"),
        ("German [de]: Welcher Fluss?", "it does not say which text of the fact it is"),
    ],
)
def test_what_is_not_understood_is_told_with_its_line(line: str, reason: str) -> None:
    parsed = read(f"\n\n{line}\n")
    assert parsed.texts == ()
    assert [(problem.line, problem.reason) for problem in parsed.problems] == [(3, reason)]


def test_of_two_texts_for_one_cell_the_first_is_taken_and_the_other_told() -> None:
    parsed = read("de question: Welcher Fluss?\nde question: Welcher Strom?\nde question: Welcher Fluss?\n")
    assert [one.text for one in parsed.texts] == ["Welcher Fluss?"]
    assert str(parsed.problems[0]) == (
        "line 2, “de question: Welcher Strom?”: the question in German stands there twice; the first was taken"
    )
    assert len(parsed.problems) == 1
