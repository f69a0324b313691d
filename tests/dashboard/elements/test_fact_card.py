"""Facts in lists as HTML: what is said of an answer, what is missing, and that no text becomes markup."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.elements.fact_card import LONGEST_QUESTION, fact_rows, found_card, pair_card, several

NAMES = {"en": "English", "he": "עברית"}
HOSTILE = [
    "<script>window.hacked = 1</script>",
    "<img src=x onerror=window.hacked=1>",
    '"><svg onload=alert(1)>',
    "</p></div><b>out",
    "![x](http://evil.invalid/x.png)",
    "$x$ :material/x: :red[x] {0.__class__}",
    "&lt;b&gt; &amp;amp;",
    "\u202egnp.exe\u2066\u200b\ufeff\x00\x1b[31m",
]


class Parts(HTMLParser):
    """The tags, attributes and the text of a piece of HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def answers(card: str) -> list[str]:
    """The texts of a card's short line."""
    return [span.split("</span>")[0] for span in card.split('class="iso-answers">')[1].split('<span dir="auto">')[1:]]


def pair_row(**changes: Any) -> "pd.Series[Any]":
    fact = {
        "question_a": "Where is it?",
        "question_b": "איפה?",
        "options_a": np.array(["North", "South"], dtype=object),
        "options_b": np.array(["צפון", "דרום"], dtype=object),
        "gold": np.array([1]),
        "predicted_a": 1,
        "predicted_b": 0,
    }
    return pd.Series(fact | changes)


def found_row(**changes: Any) -> "pd.Series[Any]":
    fact = {
        "question": "Where is it?",
        "language": "en",
        "options": ["North", "South"],
        "gold": [1],
        "relation": "place",
        "n": 2.0,
        "n_right": 1.0,
        "right_in": ["en"],
        "wrong_in": ["he"],
    }
    return pd.Series(fact | changes, dtype=object)


def pair(**changes: Any) -> str:
    return pair_card(pair_row(**changes), a="en", b="he", names=NAMES)


def found(**changes: Any) -> str:
    return found_card(found_row(**changes), names=NAMES)


def rows_of(**changes: Any) -> str:
    row = {
        "question": "Where is it?", "options": ["North", "South"], "predicted": 1, "correct": True, "text": "B",
        "error": None, "n_models_right": 3, "n_models": 4, "merged_options": None,
    }  # fmt: skip
    frame = pd.DataFrame([row | changes], index=pd.Index(["en"], name="language"))
    return fact_rows(frame, gold=[1], names=NAMES, model="m")


def test_an_option_that_shares_a_token_with_the_question_is_marked() -> None:
    assert "merged" not in Parts(rows_of()).text
    marked = Parts(rows_of(merged_options=np.array([1]))).text
    assert "BSouth✓ right◆ answered⋈ merged" in marked and "ANorth" in marked and marked.count("merged") == 1


def test_a_pair_says_what_was_answered_in_each_language() -> None:
    assert answers(pair()) == ["right: B. South", "English: ✓ B. South", "עברית: ✗ A. צפון"]
    assert '<p dir="auto" lang="en">Where is it?</p><p dir="auto" lang="he">איפה?</p>' in pair()


def test_an_answer_that_could_not_be_read_is_said_to_be_so() -> None:
    for missing in (None, float("nan"), pd.NA):
        assert answers(pair(predicted_a=missing))[1] == "English: ✗ no option could be read"


def test_an_option_beyond_the_text_is_its_letter() -> None:
    assert answers(pair(predicted_b=7))[2] == "עברית: ✗ H"
    missing: object
    for missing in (None, float("nan"), []):
        assert answers(pair(options_a=missing)) == ["right: B", "English: ✓ B", "עברית: ✗ A. צפון"]


def test_one_of_several_right_options_is_right() -> None:
    assert answers(pair(gold=np.array([0, 1]))) == ["right: A, B. North", "English: ✓ B. South", "עברית: ✓ A. צפון"]


@pytest.mark.parametrize("missing", [None, float("nan"), []])
def test_an_unknown_right_option_is_a_dash(missing: object) -> None:
    assert answers(pair(gold=missing))[0] == "right: –"
    assert answers(found(gold=missing))[0] == "right: –"


def test_a_missing_question_is_a_dash() -> None:
    for missing in (None, float("nan")):
        assert '<p dir="auto" lang="he">–</p>' in pair(question_b=missing)
        assert '<p dir="auto" lang="en">–</p>' in found(question=missing)


def test_a_found_fact_says_where_it_is_known() -> None:
    assert answers(found()) == ["right: B. South", "place", "known in 1 of 2 languages", "✓ English", "✗ עברית"]


def test_a_found_fact_without_answers_says_so_and_claims_nothing() -> None:
    missing = {"n": float("nan"), "n_right": float("nan"), "right_in": None, "wrong_in": None}
    assert answers(found(relation=None, **missing)) == ["right: B. South", "not measured"]
    # measured nowhere right: the list of languages is missing, the count is not
    assert answers(found(n_right=0.0, right_in=None))[2:] == ["known in 0 of 2 languages", "✗ עברית"]


def test_rows_say_right_wrong_and_not_measured() -> None:
    assert "✓ right" in Parts(rows_of()).text and "75 %" in Parts(rows_of()).text  # 3 of 4 models
    assert "✗ wrong" in Parts(rows_of(correct=False, predicted=0)).text
    unmeasured = {"correct": None, "predicted": None, "text": None}
    assert "– not measured: too long" in Parts(rows_of(**unmeasured, error="too long")).text
    assert "– not measured: no answer in the store" in Parts(rows_of(**unmeasured)).text
    for n_models in (0, float("nan")):
        assert "75 %" not in Parts(rows_of(n_models=n_models, n_models_right=0)).text


def test_what_lists_may_be() -> None:
    assert several([1, 2]) == several(np.array([1, 2])) == several((1, 2)) == [1, 2]
    assert several(None) == several(float("nan")) == several(pd.NA) == several([]) == []


def hostile_cards(text: str) -> Iterator[str]:
    """A text everywhere that data may put one."""
    options = [text, text]
    names = {"en": text, "he": text}
    pair_fact = pair_row(question_a=text, question_b=text, options_a=options, options_b=options)
    yield pair_card(pair_fact, a="en", b="he", names=names)
    yield found_card(found_row(question=text, options=options, relation=text), names=names)
    yield rows_of(question=text, options=options, text=text)
    yield rows_of(question=text, correct=None, error=text)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_markup(text: str) -> None:
    for card, plain in zip(hostile_cards(text), hostile_cards("plain"), strict=True):
        parts = Parts(card)
        # spans aside, which mark letters that are not seen
        assert [tag for tag in parts.tags if tag != "span"] == [tag for tag in Parts(plain).tags if tag != "span"]
        assert parts.attributes <= Parts(plain).attributes | {"title"}
        if text.isprintable():
            assert text in parts.text
        else:
            assert not any(letter in card for letter in "\u202e\u2066\u200b\ufeff\x00\x1b")
            assert "⟨U+202E⟩" in parts.text and "⟨U+0000⟩" in parts.text


def test_a_megabyte_is_cut_and_what_is_left_out_is_counted() -> None:
    for card in hostile_cards("x" * 1_000_000):
        assert len(card) < 30_000
    assert f"… {1_000_000 - LONGEST_QUESTION:,} more characters are not shown." in found(question="x" * 1_000_000)


def test_the_tag_of_a_language_is_no_markup() -> None:
    row = found_row(language='en" onclick="alert(1)')
    assert Parts(found_card(row, names=NAMES)).attributes <= {"class", "dir", "lang"}
