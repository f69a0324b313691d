"""A list of facts as CSV: what its columns mean, and what is said of a list that cannot be read."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import IsoglossError
from engine.live.fact.fact_list import MOST_FACTS, ListedFact, read_list

HEAD = "question,subject,answer,wrong"
CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs")), max_size=12).filter(
    lambda text: not text.startswith("'") and text.strip("\ufeff \u2028\u2029") == text
)


def test_a_fact_a_row_in_english_unless_the_row_says_otherwise() -> None:
    rows = ["What is the capital of {subject}?,Georgia,Tbilisi,Kutaisi; Batumi;,", "Wie?,Ägypten,Nil,,de"]
    first, second = read_list("\n".join([f"{HEAD},language", *rows]))
    assert first == ListedFact(
        2, "en", "What is the capital of {subject}?", "Georgia", "Tbilisi", ("Kutaisi", "Batumi")
    )
    assert (second.line, second.language, second.wrong, second.problem) == (3, "de", (), None)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_byte_order_mark_and_empty_rows_are_taken_as_they_come(separator: str) -> None:
    rows = [["Relation", "Subject", "Right answer"], [], ["", "", ""], ["official language", "Japan", "Japanese"]]
    text = "\ufeff" + "\r\n".join(separator.join(row) for row in rows)
    (fact,) = read_list(text)
    assert (fact.line, fact.relation, fact.subject, fact.answer) == (4, "official_language", "Japan", "Japanese")


def test_other_languages_have_columns_of_their_own() -> None:
    (fact,) = read_list(
        "relation,subject,answer,subject_de,answer_pt-PT,question he\ncapital,Egypt,Cairo,Ägypten,Cairo,?\n"
    )
    assert fact.also == {("de", "subject"): "Ägypten", ("pt-PT", "answer"): "Cairo", ("he", "question"): "?"}


@settings(deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5).filter(lambda rows: all(any(r) for r in rows)))
def test_what_a_spreadsheet_writes_is_read_back(rows: list[tuple[str, str, str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([("question", "subject", "answer"), *rows])
    assert [(fact.question, fact.subject, fact.answer) for fact in read_list(out.getvalue())] == rows


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the list is empty; its first line names the columns"),
        ("question,answer\n", "no row below its first line"),
        ("subject,answer\nGeorgia,Tbilisi\n", "a column is missing: the list needs subject, answer, and question"),
        ("question,answer,capital\n?,x,y\n", "the column “capital” means nothing here: the columns are question"),
        ("question,answer,answer\n?,x,y\n", "the column answer stands there twice"),
        ("question,answer,answer_xx\n?,x,y\n", "“xx”"),
        ("question,answer,language\n?,x,en\n?,x,nobody\n", "line 3"),
        ("question,answer\nReally, you?,x\n", "line 2 has 3 cells, but there are 2 columns: put a text"),
        ('question,answer\n"open,x\n', "line 2 is no CSV"),
        ("question,answer\n" + "?,x\n" * (MOST_FACTS + 1), "has 101 facts, at most 100 are asked at once: split it"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_to_do(text: str, said: str) -> None:
    with pytest.raises(IsoglossError) as refused:
        read_list(text)
    assert said in str(refused.value).replace('"xx"', "“xx”")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",Georgia,Tbilisi,", "give a question or a relation"),
        ("What is the capital of {subject}?,,Tbilisi,", "the subject is missing"),
        ("What is the capital of Georgia?,,Tbilisi,", None),
        ("What is the capital of Georgia?,,,", "the right answer is missing"),
    ],
)
def test_what_a_row_lacks_is_told(row: str, said: str | None) -> None:
    (fact,) = read_list(f"{HEAD}\n{row}\n")
    assert (fact.problem is None) == (said is None)
    assert said is None or said in str(fact.problem)
