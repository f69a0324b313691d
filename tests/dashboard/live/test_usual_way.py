"""The way in which a model is asked before anybody chooses."""

from pathlib import Path

import pytest

from dashboard import queries
from dashboard.app_pages.live.asking.usual_way import kind_of, usual_probe
from dashboard.probe_client import Service
from tests.support.fake_probe_service import FakeService
from tests.support.tables import fact_rows, make_store, result_rows, run_rows

SAID = {"en": "AB", "de": "AA", "he": "BB"}


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    """`m` has answers by cloze, `n` by letter, `o` none; `lab` comes with the project."""
    results = result_rows("m", "d", "AB", SAID, "r1", probe="cloze") + result_rows("n", "d", "AB", SAID, "r2")
    runs = run_rows("m", "r1", probe="cloze") + run_rows("n", "r2", probe="letter")
    make_store(tmp_path, facts=fact_rows("d", "AB", list(SAID)), results=results, runs=runs).close()
    monkeypatch.setenv(queries.STORE_VARIABLE, str(tmp_path))
    client = FakeService("m", models=("m", "n", "o", "lab"))
    models = tuple(
        model.model_copy(update={"origin": "embedded"}) if model.name == "lab" else model for model in client.models()
    )
    return Service(client, models)  # type: ignore[arg-type]


def test_a_model_is_asked_as_its_answers_in_the_store_were_got(service: Service) -> None:
    assert [kind_of(service, [name]) for name in ("m", "n", "o", "lab")] == ["cloze", "any", "any", "lab"]
    # of two models the first says it, unless both are the project's own
    assert kind_of(service, ["n", "m"]) == "any" and kind_of(service, ["m", "lab"]) == "cloze"


def test_letters_are_for_models_of_which_nothing_else_is_known() -> None:
    assert [usual_probe(kind) for kind in ("lab", "cloze", "any")] == ["cloze", "cloze", "letter"]
