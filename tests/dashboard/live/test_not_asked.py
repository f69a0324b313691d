"""A subject that a relation leaves out stands in the list of subjects, with the reason, and is not asked."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import queries
from tests.support.tables import make_store
from tests.support.typing_page import box, capital_rows, opened, param, rerun, said, typed

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row | {"dataset": "world", "fact_id": f"capital:{row['fact_id']}"} for row in capital_rows()]
    make_store(tmp_path, facts=rows).close()
    monkeypatch.setenv(queries.STORE_VARIABLE, str(tmp_path))


def entries(app: AppTest) -> list[str]:
    return list(box(app, "Subject").options)


def test_what_is_left_out_stands_at_the_end_of_the_list_with_the_reason() -> None:
    shown = entries(opened())
    assert shown[:5] == sorted(shown[:5])  # what can be asked comes first
    assert not any("left out" in entry for entry in shown[:5])
    assert "Bolivia — left out: Sucre by the constitution, but the government sits in La Paz" in shown[5:]
    assert "South Africa — left out: it has three capitals: Pretoria, Cape Town and Bloemfontein" in shown
    polish = entries(opened(read="pl"))
    assert any(entry.startswith("Republika Południowej Afryki · South Africa — left out: ") for entry in polish)


def test_chosen_it_says_why_and_nothing_is_asked() -> None:
    app = opened(about="capital:ZA")
    assert param(app, "about") == "capital:ZA"
    assert "South Africa is left out: it has three capitals" in said(app)
    assert typed(app) is None
    box(app, "Subject").set_value("capital:PL")
    title, embedded, _ = typed(rerun(app))
    assert (title, embedded) == ("capital · Poland", ["world", "capital:PL"])
