"""A fact copied out for a translator and pasted back: what it fills, what it leaves alone, and what is said."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import queries
from dashboard.app_pages.live.typing.draft import Cell, Draft
from dashboard.app_pages.live.typing.translation_block_panel import pasted_block, texts_to_write
from engine.live.fact.translation_block import block, squeezed
from tests.support.tables import make_store
from tests.support.typing_page import capital_rows, in_template, opened, press, rerun, said, typed

RIVER = ("Which river flows through {subject}?", "Egypt", "Nile")
BACK = """Here it is:
**German [de] question:** Welcher Fluss fließt durch Ägypten?
German [de] answer: Nil
Polish [pl] question: Jaka rzeka płynie przez Egipt?
Polish [pl] answer: Nil
"""
TAGS = ["en", "de", "he"]
PARTS = ["question", "option 1", "option 2"]
CELLS = st.tuples(st.sampled_from(TAGS), st.sampled_from(PARTS))


@settings(deadline=None)
@given(st.dictionaries(CELLS, st.text()), st.dictionaries(CELLS, st.sampled_from("abc")))
def test_what_is_typed_is_never_overwritten_and_every_text_is_accounted_for(
    there: dict[Cell, str], pasted: dict[Cell, str]
) -> None:
    draft = Draft(cells=there, n_options=2)
    text = "\n".join(f"[{tag}] {part}: {written}" for (tag, part), written in pasted.items())
    outcome = pasted_block(text, draft, draft, TAGS, PARTS)
    assert not outcome.parsed.problems
    assert all(not draft.text(*cell) for cell in outcome.fresh)
    same = {cell for cell, written in pasted.items() if squeezed(draft.text(*cell)) == written}
    assert set(pasted) == {*outcome.fresh, *outcome.clashing, *same}


def test_the_block_asks_for_the_empty_cells_alone() -> None:
    cells = {
        ("en", "question"): "{subject}?",
        ("en", "option 1"): "a",
        ("en", "option 2"): "b",
        ("he", "option 1"): "א",
    }
    draft = Draft(cells=cells, n_options=2)
    asked = draft.with_cells({("en", "question"): "Nile?"})
    written = block(texts_to_write(draft, asked, TAGS, source="en", parts=PARTS))
    assert written.splitlines()[2:] == [
        "English [en] question: Nile?", "English [en] option 1: a", "English [en] option 2: b", "",
        "German [de] question:", "German [de] option 1:", "German [de] option 2:", "",
        "Hebrew [he] question:", "Hebrew [he] option 2:",
    ]  # fmt: skip


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    make_store(tmp_path, facts=capital_rows()).close()
    monkeypatch.setenv(queries.STORE_VARIABLE, str(tmp_path))
    yield tmp_path


@pytest.mark.slow
def test_a_block_that_came_back_fills_the_languages_of_a_template(store: Path) -> None:
    app = in_template(opened(entry="template", **{"in": "en,de,pl"}), *RIVER)
    assert "German [de] question:" in app.code[0].value
    assert "English [en] question: Which river flows through Egypt?" in app.code[0].value
    app.text_area[0].set_value(BACK)
    press(app, "Fill in the table")
    texts = typed(app)[2]["texts"]
    assert list(texts) == ["en", "de", "pl"]
    assert texts["de"]["question"] == "Welcher Fluss fließt durch Ägypten?" and texts["de"]["answers"] == ["Nil"]
    assert "Filled in: 4 texts in 2 languages." in said(app)
    assert "Not taken: line 1, “Here it is:”: it is no text of the fact." in said(app)
    app.text_area[0].set_value("German question: Welcher Strom?\nGerman [de] option 1: Nil")
    press(app, "Fill in the table")
    assert "Kept, because the table holds another text there: question in German." in said(app)
    assert "there is no option 1; the fact has subject, question, answer" in said(app)
    assert typed(app)[2]["texts"] == texts
    press(app, "Replace it")
    assert typed(app)[2]["texts"]["de"]["question"] == "Welcher Strom?"
    assert typed(press(app, "Undo: the pasted texts"))[2]["texts"] == texts
    assert list(typed(press(app, "Undo: the pasted texts"))[2]["texts"]) == ["en"]


@pytest.mark.slow
def test_a_block_that_came_back_fills_a_table_and_says_what_is_missing(store: Path) -> None:
    app = opened(entry="table", **{"in": "en,he"})
    app.text_area[0].set_value("language,question,option_1,option_2,gold\nen,Is it?,yes,no,1\n")
    press(app, "Take it")
    area = next(area for area in app.text_area if area.label.startswith("2."))
    area.set_value("Hebrew\nשאלה: האם?\nאפשרות 1: כן\n")
    press(app, "Fill in the table")
    assert "Still missing: option 2 in Hebrew." in said(app)
    assert list(typed(rerun(app))[2]["texts"]) == ["en"]
    next(area for area in app.text_area if area.label.startswith("2.")).set_value("he אפשרות 2: לא")
    press(app, "Fill in the table")
    assert typed(app)[2]["texts"]["he"]["options"] == ["כן", "לא"]
