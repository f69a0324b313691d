"""The real release, as far as it is here: every count of the published figures comes out of the imported rows."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine.importers.clika.importer import import_clika
from engine.importers.intake.answer_report import AnswersReport
from engine.store.verify import read_snapshot

pytestmark = pytest.mark.slow

N_FACTS = {"x_csqa": 1000, "x_copa": 500, "x_geo": 200, "x_name": 180}
CELL = ["model", "dataset", "language"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clika") / "store"


@pytest.fixture(scope="module")
def report(clika_release: Path, store: Path) -> AnswersReport:
    return import_clika(str(clika_release), store)


@pytest.fixture(scope="module")
def tables(report: AnswersReport, store: Path) -> dict[str, pd.DataFrame]:
    return {file.entry.table: file.parquet.read().to_pandas() for file in read_snapshot(store).files}


@pytest.fixture(scope="module")
def answers(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Results with the gold option of their fact."""
    gold = tables["facts"].assign(gold_option=lambda facts: facts["gold"].str[0])
    key = ["dataset", "fact_id", "language"]
    return tables["results"].merge(gold[[*key, "gold_option"]], on=key, validate="many_to_one")


def published(published_csv: Path, name: str, answers: pd.DataFrame) -> pd.DataFrame:
    """The published figures of the models and datasets that are here."""
    here = set(zip(answers["model"], answers["dataset"], strict=True))
    figures = pd.read_csv(published_csv / name)
    return figures[[cell in here for cell in zip(figures["model"], figures["dataset"], strict=True)]]


def test_nothing_fails_and_all_is_there(report: AnswersReport, tables: dict[str, pd.DataFrame]) -> None:
    assert report.problems == ()
    assert report.notes == ()
    sizes = tables["results"].groupby(CELL).size()
    assert (sizes == sizes.index.get_level_values("dataset").map(N_FACTS)).all()
    assert (tables["results"].groupby(["model", "dataset"])["language"].nunique() == 10).all()
    facts = tables["facts"].groupby("dataset")
    assert facts["fact_id"].nunique().to_dict() == N_FACTS
    assert set(facts["language"].nunique()) == {10}
    done = tables["results"].groupby("model").size()
    runs = tables["runs"].set_index("model")
    assert runs["n_done"].to_dict() == runs["n_expected"].to_dict() == done.to_dict()


def test_every_published_count_of_right_answers(answers: pd.DataFrame, published_csv: Path) -> None:
    key = [*CELL, "gold_option"]
    counted = answers.groupby(key).agg(
        n=("correct", "size"), correct=("correct", "sum"), unparsed=("parsed", lambda parsed: (~parsed).sum())
    )
    expected = published(published_csv, "clika_accuracy.csv", answers).set_index(key).sort_index()
    assert len(expected) > 1000
    assert set(counted.index) == set(expected.index)
    assert (counted.loc[expected.index].astype(int) == expected.astype(int)).all(axis=None)


def test_every_published_count_of_language_pairs(answers: pd.DataFrame, published_csv: Path) -> None:
    expected = published(published_csv, "clika_pairs.csv", answers)
    assert len(expected) > 1000
    groups = ["n_both_right", "n_only_a", "n_only_b", "n_wrong_alike", "n_wrong_differently"]
    wide = {
        cell: (
            frame.pivot(index="fact_id", columns="language", values="correct"),
            frame.assign(predicted=frame["predicted"].fillna(-1)).pivot(
                index="fact_id", columns="language", values="predicted"
            ),
        )
        for cell, frame in answers.groupby(["model", "dataset"])
    }
    for row in expected.itertuples():
        right, said = wide[row.model, row.dataset]
        a, b = right[row.language_a].to_numpy(bool), right[row.language_b].to_numpy(bool)
        same = (said[row.language_a] == said[row.language_b]) & (said[row.language_a] >= 0)
        alike = int(np.sum(~a & ~b & same))
        counted = [np.sum(a & b), np.sum(a & ~b), np.sum(~a & b), alike, np.sum(~a & ~b) - alike]
        assert [int(count) for count in counted] == [getattr(row, group) for group in groups], row
        assert row.n == len(right)


def source_facts(folder: Path) -> Iterator[tuple[str, str, tuple[str, ...], int]]:
    """Id, question, options and gold of a folder's facts, as the authors wrote them down before making prompts.

    The importer reads none of this: it takes them out of the prompts.
    """
    (path,) = [*folder.glob("*_data*.jsonl"), *folder.glob("validation.jsonl")] or [folder / "test.jsonl"]
    for row in map(json.loads, path.read_bytes().splitlines()):
        match row:
            case {"question": {"stem": question, "choices": {"text": options}}, "answerKey": letter}:
                yield row["id"], question, tuple(options), "ABCDE".index(letter)
            case {"premise": premise, "choice1": first, "choice2": second}:
                yield str(row["id"]), premise, (first, second), row["label"]
            case {"questions": question, "answers": options}:
                yield str(row["id"]), question, tuple(options), row["label"]


def test_every_fact_is_as_the_authors_wrote_it(clika_release: Path, tables: dict[str, pd.DataFrame]) -> None:
    facts = tables["facts"].set_index(["dataset", "language"])
    for dataset, n_facts in N_FACTS.items():
        for folder in (path for path in (clika_release / dataset).iterdir() if path.is_dir()):
            language = folder.name.lower().removesuffix("_trans")
            read = {row.fact_id: row for row in facts.loc[(dataset, language)].itertuples()}
            written = list(source_facts(folder))
            assert len(written) == len(read) == n_facts
            for fact_id, question, options, gold in written:
                row = read[fact_id]
                assert row.question.split("\n")[0] == question.strip(), (folder, fact_id)
                assert tuple(row.options) == tuple(option.strip() for option in options), (folder, fact_id)
                assert list(row.gold) == [gold], (folder, fact_id)


def test_hebrew_and_arabic_facts_keep_their_script(tables: dict[str, pd.DataFrame]) -> None:
    facts = tables["facts"].set_index("language")
    for language, letters in (("he", "\u05d0-\u05ea"), ("ar", "\u0621-\u064a")):
        assert facts.loc[language, "question"].str.contains(f"[{letters}]{{2}}", regex=True).all()
        people = facts.loc[language].query("dataset == 'x_name'")["subject"]
        assert people.str.match(f"[{letters}]", na=False).all()


def test_no_label_or_example_is_left_in_any_question(tables: dict[str, pd.DataFrame]) -> None:
    facts = tables["facts"]
    assert not facts["question"].str.contains(r"Question:|Premise:|Answer:|2\+3|sky turns dark", regex=True).any()
    empty = facts[[any(not option for option in options) for options in facts["options"]]]
    assert [(row.dataset, row.language) for row in empty.itertuples()] == [("x_csqa", "ru")]  # one, known
    assert facts["country"].isna().groupby(facts["dataset"]).mean().to_dict() == {
        "x_copa": 1, "x_csqa": 1, "x_geo": 0, "x_name": 0,
    }  # fmt: skip


def test_x_copa_relation_differs_from_english_in_four_italian_items(tables: dict[str, pd.DataFrame]) -> None:
    copa = tables["facts"].query("dataset == 'x_copa'").pivot(index="fact_id", columns="language", values="relation")
    differing = {
        language: sorted(copa.index[copa[language] != copa["en"]]) for language in copa.columns if language != "en"
    }
    assert {language: ids for language, ids in differing.items() if ids} == {"it": ["585", "612", "937", "955"]}


def test_tags_after_bloomz_letters_are_kept(tables: dict[str, pd.DataFrame]) -> None:
    said = tables["results"].query("model == 'bloomz_7b1_mt'")["text"]
    assert len(said) > 0
    assert said.str.fullmatch(r"[A-E]<.*").all()
