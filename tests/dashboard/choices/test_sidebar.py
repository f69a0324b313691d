"""The sidebar: what a model's name in the URL stands for, and how it says that a model was asked."""

import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import queries
from tests.support.tables import fact_rows, make_store, result_rows, run_rows

pytestmark = pytest.mark.slow

GOLD, LANGUAGES = "ABCA", ["de", "en", "he"]
SAID = {"en": "ABCA", "de": "ABCB", "he": "ABDB"}


def run_sidebar() -> None:
    """A script of Streamlit's: the sidebar alone, as dashboard/main.py draws it."""
    import streamlit as st

    from dashboard.choices import sidebar, url_state

    selection = sidebar.choose()
    assert selection is not None
    st.text(selection.model)
    for name in url_state.unknown():
        st.text(f"unknown: {name}")


def day(number: int) -> datetime.datetime:
    return datetime.datetime(2026, 1, number, tzinfo=datetime.UTC)


def write(folder: Path, *ways: tuple[str, str | None]) -> None:
    """One model asked in these ways, the last one last, and another that was imported."""
    results = result_rows("other", "d", GOLD, SAID, "there", probe=None)
    runs = run_rows("other", "there", source="import", probe=None)
    for number, (probe, template) in enumerate(ways):
        results += result_rows("m", "d", GOLD, SAID, f"run{number}", probe=probe, template=template)
        runs += run_rows("m", f"run{number}", probe=probe, finished=day(1 + number))
    make_store(folder, facts=fact_rows("d", GOLD, LANGUAGES), results=results, runs=runs).close()


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(queries.STORE_VARIABLE, str(tmp_path))
    return tmp_path


def opened(**query: str) -> AppTest:
    app = AppTest.from_function(run_sidebar, default_timeout=30)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def texts(app: AppTest) -> list[str]:
    return [text.value for text in app.text]


def captions(app: AppTest) -> str:
    return " ".join(str(html.proto.body) for html in app.sidebar.get("html"))


def test_an_own_name_in_the_url_is_the_way_that_finished_last(store: Path) -> None:
    write(store, ("letter", "plain@1"), ("cloze", "bare@1"), ("cloze", "an@1"))
    app = opened(model="m")
    assert texts(app) == ["m:cloze:an@1"]
    assert app.query_params["model"] in ("m:cloze:an@1", ["m:cloze:an@1"])
    assert app.selectbox(key="model_name").value == "m"
    ways = app.selectbox(key="model_way")
    assert ways.value == "m:cloze:an@1"
    assert ways.options == ["cloze · an@1", "cloze · bare@1", "letter · plain@1"]
    assert "asked by" not in captions(app)


def test_another_way_and_another_model_are_chosen_one_after_the_other(store: Path) -> None:
    write(store, ("letter", "plain@1"), ("cloze", "bare@1"))
    app = opened(model="m")
    app.selectbox(key="model_way").select("m:letter:plain@1").run()
    assert texts(app) == ["m:letter:plain@1"]
    assert app.query_params["model"] in ("m:letter:plain@1", ["m:letter:plain@1"])
    app.selectbox(key="model_name").select("other").run()
    assert texts(app) == ["other"]
    assert not [box for box in app.selectbox if box.key == "model_way"]  # it was asked in one way
    app.selectbox(key="model_name").select("m").run()
    assert texts(app) == ["m:cloze:bare@1"]  # the last one again
    assert not app.exception


def test_a_label_in_the_url_is_itself_and_a_wrong_name_is_said(store: Path) -> None:
    write(store, ("letter", "plain@1"), ("cloze", "bare@1"))
    app = opened(model="m:letter:plain@1")
    assert texts(app) == ["m:letter:plain@1"]
    assert app.selectbox(key="model_way").value == "m:letter:plain@1"
    assert texts(opened(model="m:letter:exam@1"))[1].startswith("unknown: model")


def test_an_import_says_nothing_of_how_it_was_asked(store: Path) -> None:
    write(store, ("letter", None))
    assert "asked" not in captions(opened(model="other"))
    said = captions(opened(model="m"))
    assert "asked by letter" in said and "wording" not in said


def test_imports_are_told_apart_by_who_asked_where_nothing_else_is_known(store: Path) -> None:
    ways = (("one", None, None, "CLiKA"), ("two", None, None, "other"), ("three", "letter", "mmlu", "lm-eval"))
    results, runs = [], []
    for run, probe, template, harness in ways:
        results += result_rows("m", "d", GOLD, SAID, run, probe=probe, template=template)
        runs += run_rows("m", run, source="import", probe=probe, harness=harness)
    make_store(store, facts=fact_rows("d", GOLD, LANGUAGES), results=results, runs=runs).close()
    app = opened(model="m:other")
    assert texts(app) == ["m:other"]
    assert sorted(app.selectbox(key="model_way").options) == [
        "imported · CLiKA", "imported · other", "letter · mmlu · lm-eval",
    ]  # fmt: skip


def test_one_import_beside_a_probe_is_called_imported(store: Path) -> None:
    results = [*result_rows("m", "d", GOLD, SAID, "i", probe=None), *result_rows("m", "d", GOLD, SAID, "r")]
    runs = [*run_rows("m", "i", source="import", probe=None, harness="CLiKA"), *run_rows("m", "r")]
    make_store(store, facts=fact_rows("d", GOLD, LANGUAGES), results=results, runs=runs).close()
    assert sorted(opened(model="m").selectbox(key="model_way").options) == ["imported", "letter · wording not known"]


def test_a_page_that_is_open_when_a_second_way_arrives_stays_with_its_model(store: Path) -> None:
    write(store, ("letter", "plain@1"))
    app = opened(model="m")
    assert texts(app) == ["m"]
    write(store, ("letter", "plain@1"), ("cloze", "bare@1"))
    app.run()
    assert not app.exception
    assert texts(app) == ["m:cloze:bare@1"]
