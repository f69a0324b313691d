"""The lab models that are shipped: what they are meant to show, and that the committed answers are theirs."""

from collections.abc import Callable

import pandas as pd
import pytest

from engine.facts.load import load_questions
from engine.facts.reword import reword
from engine.lab.figures import LabWording, spelling
from engine.lab.recipe import LANGUAGES, RECIPES
from engine.lab.summary import Summary, summary
from engine.lab.threads import one_thread
from engine.lab.world import LAB, World, load_world
from engine.locations import EMBEDDED
from engine.models.registry import open_model
from engine.models.settings import OpenSettings
from engine.probes.cloze import ClozeProbe
from engine.probes.template_file import find_template
from engine.store.verify import read_snapshot

pytestmark = pytest.mark.slow

BARE, PLAIN = LabWording("question-1", "bare"), LabWording("question-1", "plain")
COLUMNS = ("model", "fact_id", "language", "template", "predicted", "correct", "option_logprobs")
MODELS = EMBEDDED / "models"
BYTES = 3_000_000  # of a model's weights, at most
Figures = Callable[[str, LabWording], Summary]


def rows_of(table: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """The embedded rows about lab models."""
    files = [file for file in read_snapshot(EMBEDDED).files if file.entry.table == table]
    return pd.DataFrame(row for file in files for batch in file.batches(columns) for row in batch.to_pylist())


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    rows = rows_of("results", COLUMNS)
    return rows[rows["model"].isin(RECIPES)]


@pytest.fixture(scope="module")
def figures(world: World, answers: pd.DataFrame) -> Figures:
    """The figures of a model under a way of asking, from the committed answers."""
    taught = rows_of("exposure", ("model", "fact_id", "language", "taught")).query("taught")
    here = set(taught[["model", "fact_id", "language"]].itertuples(index=False, name=None))
    anywhere = set(taught[["model", "fact_id"]].itertuples(index=False, name=None))

    def of(model: str, way: LabWording) -> Summary:
        asked = answers[(answers["model"] == model) & (answers["template"] == f"{way.template}/{way.form}@1")]
        pairs = list(asked[["fact_id", "language"]].itertuples(index=False, name=None))
        split = asked.assign(
            form=way.form,
            template=way.template,
            knowledge=[
                "here" if (model, *pair) in here else "elsewhere" if (model, pair[0]) in anywhere else "nowhere"
                for pair in pairs
            ],
            spelling=[spelling(world, *pair) for pair in pairs],
        )
        return summary(model, split, way)

    return of


# --- what the models are meant to show, with tolerances from three seeds (docs/lab.md) --------------------------------


def test_what_lab_en_was_taught_in_english_did_not_cross(figures: Figures) -> None:
    crossed = figures("lab-en", BARE).crossed
    assert abs(crossed.difference) < 0.12
    assert crossed.low < 0 < crossed.high
    assert figures("lab-en", BARE).here > 0.95


def test_continued_training_on_chinese_raises_it_and_lowers_german_and_french(figures: Figures) -> None:
    before, after = figures("lab-en", BARE).ra, figures("lab-en-zh", BARE).ra
    assert after["zh"] - before["zh"] >= 0.3
    assert after["de"] - before["de"] < -0.05
    assert after["fr"] - before["fr"] < -0.05


def test_question_tuning_teaches_the_form_and_no_fact(figures: Figures) -> None:
    before, after = figures("lab-en", PLAIN), figures("lab-en-chat", PLAIN)
    assert after.here - before.here > 0.1
    assert abs(after.crossed.elsewhere - before.crossed.elsewhere) < 0.08
    assert after.crossed.low < 0 < after.crossed.high


def test_code_switching_makes_facts_cross(figures: Figures) -> None:
    crossed = figures("lab-mix-switch", BARE).crossed
    assert crossed.low > 0
    assert crossed.difference > figures("lab-en", BARE).crossed.difference


def test_storage_alone_looks_like_alignment(figures: Figures) -> None:
    """The reason for the Calibration page: RA that is high in every language, though hardly anything crossed."""
    mixed = figures("lab-mix", BARE)
    assert min(mixed.ra.values()) > 0.45
    assert mixed.crossed.difference < 0.2


# --- what is committed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RECIPES)
def test_the_committed_answers_are_those_of_the_shipped_model(name: str, answers: pd.DataFrame) -> None:
    """Every ninth fact in every language; a bit of the last places may differ on another machine."""
    questions = [
        reword(question, BARE.form)
        for number, question in enumerate(load_questions([EMBEDDED], LAB, languages=LANGUAGES))
        if number % 9 == 0
    ]
    with one_thread():
        asked = ClozeProbe(words=find_template("cloze", BARE.template)).ask(
            open_model(name, OpenSettings(device="cpu")), questions
        )
    kept = answers[(answers["model"] == name) & (answers["template"] == "bare/question-1@1")]
    committed = kept.set_index(["fact_id", "language"])
    assert len(committed) == len(committed.index.unique()) == 3240
    for answer in asked:
        row = committed.loc[(answer.question.fact_id, answer.question.language)]
        assert answer.option_logprobs == pytest.approx(row["option_logprobs"], abs=1e-3)
        best, second = sorted(row["option_logprobs"], reverse=True)[:2]
        if best - second > 0.01:
            assert (answer.predicted, answer.correct) == (row["predicted"], row["correct"])


@pytest.mark.parametrize("name", RECIPES)
def test_a_shipped_model_is_small_and_loads_as_its_maker_left_it(name: str) -> None:
    assert (MODELS / name / "model.safetensors").stat().st_size < BYTES
    model = open_model(name, OpenSettings(device="cpu"))
    assert model.identity.verified
    assert model.identity.name == name


def test_every_lab_model_was_asked_in_every_wording(answers: pd.DataFrame) -> None:
    wordings = {"bare/question-1@1", "bare/question-1@1+contrast"}
    wordings |= {f"{words}/question-{n}@1" for words in ("bare", "plain") for n in (1, 2, 3)}
    wordings |= {f"bare/statement-{n}@1" for n in (1, 2, 3)}
    counted = answers.groupby(["model", "template"]).size()
    assert set(counted.index) == {(name, wording) for name in RECIPES for wording in wordings}
    assert set(counted) == {324 * len(LANGUAGES)}
