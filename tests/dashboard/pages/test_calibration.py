"""The Calibration page and the split heatmap, run as the server runs them: what they say, draw and leave out."""

import datetime
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.charts.kit.image import to_svg
from dashboard.charts.kit.spec import Spec
from dashboard.charts.kit.theme import PALETTES, Theme
from engine.browse.queries import browse
from engine.database.database import open_database
from tests.support.drawing import Drawing
from tests.support.page import open_page
from tests.support.tables import exposure_rows, fact_rows, make_store, result_rows, run_rows, trait_rows

pytestmark = pytest.mark.slow

KEEPS_CACHES = True
LANGUAGES = ["de", "en", "he"]
GOLD = "ABCD" * 5
WAYS = ("plain@1", "exam@1")
# of 20 facts 14 are taught in English, 5 also in German; 6 nowhere
TAUGHT = {"en": "t" * 14 + "." * 6, "de": "t" * 5 + "." * 15, "he": "." * 20}
SPELLED = {"en": "b" * 20, "de": "sb........b.b.......", "he": "." * 20}
# how many of the facts taught elsewhere only are right
CROSSED = {"lab-a": 7, "lab-b": 2, "lab-c": 0}

Opened = tuple[AppTest, dict[str, Spec]]
Open = Callable[..., Opened]


def said(model: str, language: str, way: str) -> str:
    """All that was taught is right, some of what was taught elsewhere, and one or two of the control."""
    taught = TAUGHT[language].count("t")
    known = taught + min(CROSSED[model], 14 - taught) - (1 if way == "exam@1" and taught < 14 else 0)
    chance = random.Random(model + language + way)
    marks = ["+"] * known + ["x"] * (14 - known) + ["+" if chance.random() < 0.4 else "x" for _ in range(5)] + ["x"]
    return "".join(g if m == "+" else "BCDA"["ABCD".index(g)] for g, m in zip(GOLD, marks, strict=True))


def lab_store(folder: Path) -> None:
    """Three lab models asked in two ways, one of them by a third; a dataset of which nothing is known."""
    day = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    results, runs = [], []
    for number, way in enumerate(WAYS):
        for model in ("lab-a", "lab-b", "lab-c")[: 3 - number]:
            run = f"{model}-{way}"
            answers = {language: said(model, language, way) for language in LANGUAGES}
            results += result_rows(model, "lab", GOLD, answers, run, probe="cloze", template=way)
            runs += run_rows(model, run, probe="cloze", template=way, finished=day + datetime.timedelta(days=number))
    results += result_rows("plain", "other", "AB", dict.fromkeys(LANGUAGES, "AB"), "plain")
    make_store(
        folder,
        facts=[*fact_rows("lab", GOLD, LANGUAGES), *fact_rows("other", "AB", LANGUAGES)],
        results=results,
        runs=[*runs, *run_rows("plain", "plain")],
        exposure=[row for model in CROSSED for row in exposure_rows(model, "lab", TAUGHT)],
        traits=trait_rows("lab", SPELLED),
    ).close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lab")
    lab_store(folder)
    return folder


@pytest.fixture
def opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Runs a page with choices in its URL, and gives it with its charts by their keys."""

    def opened_page(page: str, **chosen: Any) -> Opened:
        shown = open_page(page, monkeypatch, folder, **chosen)
        return shown.app, shown.charts

    return opened_page


def only_in_german() -> int:
    """How many facts of all lab-b has right in German and not in Hebrew."""
    german, hebrew = (said("lab-b", language, "plain@1") for language in ("de", "he"))
    return sum(d == gold != h for d, h, gold in zip(german, hebrew, GOLD, strict=True))


def texts(app: AppTest) -> str:
    return " ".join(str(element.proto.body) for element in app.get("html"))


def marks(spec: Spec, theme: Theme = "light") -> list[str]:
    """The names of the marks in the picture of a chart, after strict JSON."""
    return list(Drawing(to_svg(json.loads(json.dumps(spec, allow_nan=False)), theme).decode()).marks)


@pytest.mark.parametrize("theme", list(PALETTES))
def test_the_page_draws_every_model_language_and_measure(opened: Open, folder: Path, theme: Theme) -> None:
    app, charts = opened("calibration", theme=theme, dataset="lab", model="lab-b")
    assert charts.keys() == {"crossing-ladder", "right-answers-chart", "truth-chart"}
    ladder = marks(charts["crossing-ladder"], theme)
    assert len([name for name in ladder if "What crossed" in name]) == 2  # `exam`: the way that finished last
    # with `plain`, as the label says, all three
    app, charts = opened("calibration", theme=theme, dataset="lab", model="lab-b:cloze:plain@1")
    store = open_database([folder])
    models = browse(
        store, "calibration_models", dataset="lab", languages=LANGUAGES, strings="all",
        models=[f"{model}:cloze:plain@1" for model in ("lab-a", "lab-b")] + ["lab-c"],
    ).set_index("own_name")  # fmt: skip
    store.close()
    ladder = marks(charts["crossing-ladder"], theme)
    assert list(models.index) == ["lab-a", "lab-b", "lab-c"]
    for model, row in models.iterrows():
        (name,) = [name for name in ladder if name.startswith(f"Model: {model}; Figure: What crossed")]
        assert f"Mean over languages: {100 * row['crossed']:.0f} %;".replace("-", "−") in name
        (name,) = [name for name in ladder if name.startswith(f"Model: {model}; Figure: What RA says")]
        assert f"Mean over languages: {100 * row['ra']:.0f} %;" in name
    parts = marks(charts["right-answers-chart"], theme)
    assert len([name for name in parts if "Part of the right answers" in name]) == 3 * 3
    assert len([name for name in parts if "; RA: " in name]) == 3
    assert len(marks(charts["truth-chart"], theme)) == 8 * 2
    said = texts(app)
    assert "What are the right answers of lab-b made of?" in said
    assert "RA puts lab-a first" in said and "right of n = 6 taught nowhere" in said
    assert "Traceback" not in said and "nan" not in said


def test_names_that_differ_can_be_counted_alone(opened: Open) -> None:
    app, charts = opened("calibration", dataset="lab", model="lab-a:cloze:plain@1", strings="different", unit="model")
    parts = marks(charts["right-answers-chart"])
    # in English every name is as in English; in German the facts 2-9, 11 and 13-19 are not
    assert "Language: English; Parts: not measured: nothing is right, or there is no control" in parts
    (german,) = [name for name in parts if name.startswith("Language: Deutsch; Part of the right answers: Crossed")]
    assert "Facts taught here: 3; Taught elsewhere only: 7," in german
    assert all("Ranked: 3" in name for name in marks(charts["truth-chart"]))
    assert (app.query_params["strings"], app.query_params["unit"]) == ("different", "model")


def test_another_way_of_asking_is_a_choice_in_the_url(opened: Open) -> None:
    app, charts = opened("calibration", dataset="lab", model="lab-b", calibration_asked_by="cloze · plain@1")
    assert len([name for name in marks(charts["crossing-ladder"]) if "What crossed" in name]) == 3
    assert "What are the right answers of lab-b made of?" in texts(app)


def test_two_languages_without_what_could_cross(opened: Open) -> None:
    app, charts = opened("calibration", dataset="lab", model="lab-b", languages="en,de")
    assert set(charts) == {"crossing-ladder", "right-answers-chart", "truth-chart"}


def test_a_dataset_without_lab_models_names_one_that_has_some(opened: Open) -> None:
    app, charts = opened("calibration", dataset="other")
    assert charts == {}
    assert "Of no model is it known what it was taught of other." in texts(app)
    assert "they were asked lab" in texts(app)


def test_a_store_without_lab_models_says_how_to_get_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = result_rows("plain", "other", "AB", dict.fromkeys(LANGUAGES, "AB"))
    make_store(tmp_path, facts=fact_rows("other", "AB", LANGUAGES), results=results, runs=run_rows("plain")).close()
    page = open_page("calibration", monkeypatch, tmp_path)
    assert page.charts == {} and "no model in your store of which it is known" in page.text
    assert [element.value for element in page.app.code] == ["make lab"]


def test_a_heatmap_of_a_part(opened: Open) -> None:
    chosen = {"dataset": "lab", "model": "lab-b:cloze:plain@1"}
    app, charts = opened("pairs", **chosen, taught="neither", cell="de.he")
    pairs = marks(charts["pair-heatmap"])
    # taught in English only: the facts 5-13, of which two are right in German and none in Hebrew
    (cell,) = [name for name in pairs if name.startswith("Right in: Deutsch; Compared with: עברית;")]
    assert "Right in both: 0; Right in the first only: 2; Right in the second only: 0; Facts: 9" in cell
    assert len([name for name in pairs if "not measured: there is no such fact" in name]) == 5  # all that has English
    assert "knows 2 of 9 lab (taught elsewhere, in neither of the two languages) in Deutsch" in texts(app)
    assert "Counted are only facts taught elsewhere, in neither of the two languages." in texts(app)
    assert texts(app).count("iso-card") == 2
    assert app.query_params["taught"] == "neither" and "strings" not in app.query_params
    whole, _ = opened("pairs", **chosen, cell="de.he")
    assert "Counted are only" not in texts(whole)
    assert f"knows {only_in_german()} of 20 lab in Deutsch" in texts(whole)


def test_a_part_that_is_not_known_is_said_and_leaves_the_url(opened: Open) -> None:
    app, charts = opened("pairs", dataset="other", model="plain", taught="one", strings="same")
    assert "It is not known what plain was taught, so the facts are not split by that." in texts(app)
    assert "It is not known how the names of other are spelled" in texts(app)
    assert "taught" not in app.query_params and "strings" not in app.query_params
    assert len(marks(charts["pair-heatmap"])) == 9
    assert not [box.label for box in app.selectbox if box.label in ("Facts", "Names")]


def test_walking_through_facts_stays_inside_the_part(opened: Open) -> None:
    chosen = {"dataset": "lab", "model": "lab-b:cloze:plain@1", "cell": "de.he", "group": "only_a"}
    app, _ = opened("fact", **chosen, taught="neither")
    assert "1 of 2 facts right in Deutsch, wrong in עברית, taught elsewhere, in neither of the two languages" in texts(
        app
    )
    app, _ = opened("fact", **chosen, taught="neither", fact="0")
    assert "not among the 2 facts" in texts(app)
    app, _ = opened("fact", **chosen)
    assert only_in_german() > 2 and f"1 of {only_in_german()} facts right in Deutsch, wrong in עברית" in texts(app)
