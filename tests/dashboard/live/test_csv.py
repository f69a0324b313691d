"""A typed fact as CSV: what is read, what is written, and what each mistake is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.app_pages.live.typing.csv_format import read_csv, written_csv
from dashboard.app_pages.live.typing.draft import Draft
from engine.errors import IsoglossError

GOOD = "language,question,option_1,option_2,gold\nen,Is it?,yes,no,2\nhe,האם זה?,כן,לא,2\n"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_is_read_whatever_separates_it(separator: str) -> None:
    brought = read_csv(GOOD.replace(",", separator))
    assert brought.languages == ("en", "he")
    assert (brought.draft.n_options, brought.draft.gold) == (2, (1,))
    assert brought.draft.text("he", "option 1") == "כן"


def test_what_a_spreadsheet_writes_is_read() -> None:
    """A byte order mark, Windows line ends, other names of languages, empty lines and columns, capitals."""
    brought = read_csv("\ufeffLanguage,Question,Answer,\r\n\r\nZH_trans,首都？,北京;Peking,\r\n,,,\r\n")
    assert brought.languages == ("zh",)
    assert brought.draft.n_options == 0
    assert brought.draft.fact(["zh"]).texts["zh"].answers == ["北京", "Peking"]


def test_a_language_that_stands_there_twice_is_said() -> None:
    brought = read_csv(GOOD + "iw,again,כן,לא,2\n")
    assert brought.languages == ("en", "he")
    assert brought.left_out == ("line 4: iw stands there twice; the first was taken",)
    assert brought.draft.text("he", "question") == "האם זה?"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is nothing in it"),
        ("question,option_1\nx,y\n", "the column language is missing"),
        ("language,option_1\nen,y\n", "the column question is missing"),
        ("language,question,colour\nen,x,y\n", "the column “colour” means nothing here"),
        ("language,question,option_27\nen,x,y\n", "numbered from 1 to 26"),
        ("language,question\n", "no row below"),
        ("language,question\nnobody,x\n", "line 2: "),
        (GOOD.replace("no,2", "no,3", 1).replace("לא,2", "לא,3"), "line 2: gold is “3”"),
        (GOOD.replace("no,2", "no,1", 1), "line 2 and line 3 name different right options"),
        (GOOD.replace(",2\n", ",two\n"), "gold is “two”"),
    ],
)
def test_a_mistake_is_named(text: str, said: str) -> None:
    with pytest.raises(IsoglossError) as raised:
        read_csv(text)
    assert said in str(raised.value)


CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).map(str.strip).filter(
    lambda text: bool(text) and not text.startswith("'")
)  # fmt: skip


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=3, max_size=3), st.sampled_from([(0,), (1,), (0, 1)]))
def test_what_is_written_is_read_again(rows: list[tuple[str, str, str]], gold: tuple[int, ...]) -> None:
    """Formulas too: a spreadsheet gets them with a sign before them, which is taken away again."""
    tags = ["en", "he", "zh-TW"]
    cells = {
        (tag, column): text
        for tag, row in zip(tags, rows, strict=True)
        for column, text in zip(("question", "option 1", "option 2"), row, strict=True)
    }
    draft = Draft(cells=cells, n_options=2, gold=gold, relation="capital")
    brought = read_csv(written_csv(draft, tags).decode("utf-8"))
    assert brought.languages == tuple(tags)
    assert brought.draft == draft
