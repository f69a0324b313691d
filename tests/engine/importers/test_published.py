"""The embedded figures: the same counts as their source, the same bytes when made anew, and the papers' values."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from engine.browse.queries import browse
from engine.database.compute import compute
from engine.database.database import Database, open_database
from engine.importers.clika.published_counts import import_published
from engine.locations import EMBEDDED
from engine.metrics.definition import metrics
from engine.store.manifest import read_manifest

pytestmark = pytest.mark.slow

DATASETS = ["x_copa", "x_csqa", "x_geo", "x_name"]
COUNTS = ["n_both_right", "n_only_a", "n_only_b", "n_wrong_alike", "n_wrong_differently"]
LANGUAGES = ["zh", "ja", "de", "en", "fr", "it", "pl", "ru", "ar", "he"]
# ChatGPT's right answers and RA in LANGUAGES.
RA = {
    "x_csqa": (
        "568 558 629 746 667 640 605 603 528 456",
        ".674 .656 .786 1.000 .855 .806 .742 .738 .601 .469",
    ),
    "x_copa": (
        "449 434 463 482 469 449 441 446 402 357",
        ".858 .793 .918 1.000 .944 .858 .823 .845 .655 .461",
    ),
    "x_name": (
        "126 147 167 166 166 162 166 141 104 85",
        ".670 .843 1.009 1.000 1.000 .967 1.000 .794 .488 .331",
    ),
    "x_geo": (
        "135 158 190 194 197 193 183 173 144 101",
        ".590 .750 .972 1.000 1.021 .993 .924 .854 .653 .354",
    ),
}
# ChatGPT's consistency with English in LANGUAGES without English: Jaccard / share of English.
EN_CO = {
    "x_csqa": ".620/.674 .628/.674 .687/.751 .725/.796 .705/.768 .674/.729 .653/.715 .587/.631 .497/.535",
    "x_copa": ".908/.919 .881/.890 .929/.944 .945/.959 .908/.919 .888/.900 .902/.913 .804/.817 .737/.739",
    "x_name": ".718/.735 .830/.855 .959/.982 .976/.988 .918/.946 .942/.970 .827/.837 .588/.602 .485/.494",
    "x_geo": ".696/.696 .778/.794 .939/.959 .955/.985 .955/.974 .914/.928 .872/.881 .733/.737 .513/.516",
}
OTHER_EN_CO = [
    ("llama2_13b_chat", "x_geo", {"de": 0.853, "zh": 0.476, "he": 0.295}),
    ("llama_7b", "x_geo", {"fr": 0.752, "zh": 0.444}),
    ("baichuan2_13b_chat", "x_csqa", {"zh": 0.596, "he": 0.249}),
    ("bloomz_7b1", "x_csqa", {"fr": 0.637, "ar": 0.537}),
]
# Mean RA over ten languages on x_csqa, x_copa, x_geo, x_name.
MEAN_RA = {
    "chatgpt": (0.733, 0.816, 0.811, 0.810),
    "llama2_70b": (0.599, 0.816, 0.643, 0.742),
    "llama2_13b": (0.361, 0.445, 0.594, 0.565),
    "baichuan2_13b_base": (0.481, 0.431, 0.570, 0.542),
    "vicuna_13b_v1.5": (0.509, 0.502, 0.610, 0.475),
    "bloomz_7b1_mt": (0.206, 0.086, 0.166, 0.181),
}


def rounded(value: float) -> object:
    """A figure with three decimals; some were rounded twice, to four and to three (533/746 = .71448 as .715)."""
    return pytest.approx(value, abs=0.0005 + 0.00005)


@pytest.fixture(scope="module")
def store() -> Iterator[Database]:
    opened = open_database([EMBEDDED])
    yield opened
    opened.close()


def same_rows(found: pd.DataFrame, wanted: pd.DataFrame) -> None:
    """The same rows in any order."""
    key = [str(column) for column in wanted if not pd.api.types.is_numeric_dtype(wanted[column])] + ["gold_option"]
    key = [column for column in key if column in wanted]
    found = found[list(wanted)].sort_values(key, ignore_index=True)
    pd.testing.assert_frame_equal(found, wanted.sort_values(key, ignore_index=True), check_dtype=False)


def test_every_count_of_right_answers_is_that_of_the_source(store: Database, published_csv: Path) -> None:
    wanted = pd.read_csv(published_csv / "clika_accuracy.csv")
    found = store.frame("select * from published_accuracy")
    assert len(wanted) == 6900
    same_rows(found.rename(columns={"n_correct": "correct", "n_unparsed": "unparsed"}), wanted)


def test_every_count_of_language_pairs_is_that_of_the_source(store: Database, published_csv: Path) -> None:
    wanted = pd.read_csv(published_csv / "clika_pairs.csv")
    assert len(wanted) == 46 * 4 * 45
    found = store.frame("select * from published_pairs")
    assert (found["language_a"] < found["language_b"]).all()
    turned = {"language_a": "language_b", "language_b": "language_a", "n_only_a": "n_only_b", "n_only_b": "n_only_a"}
    both_ways = pd.concat([found, found.rename(columns=turned)])
    key = ["model", "dataset", "language_a", "language_b"]
    same_rows(wanted[key].merge(both_ways, on=key, validate="one_to_one"), wanted)


def test_every_model_is_described_as_in_the_source(store: Database, published_csv: Path) -> None:
    wanted = pd.read_csv(published_csv / "clika_models.csv", keep_default_na=False, na_values=[""])
    assert len(wanted) == 46
    found = store.frame("select * from models where model in (from published_accuracy select model)")
    pd.testing.assert_frame_equal(
        found.sort_values("model", ignore_index=True).astype(object).fillna(""),
        wanted.sort_values("model", ignore_index=True)[list(found)].astype(object).fillna(""),
        check_dtype=False,
    )


def test_the_same_source_gives_the_same_files(published_csv: Path, tmp_path: Path) -> None:
    import_published(published_csv, tmp_path)
    entries = [entry for entry in read_manifest(EMBEDDED) if entry.name.startswith("clika_")]
    assert list(read_manifest(tmp_path)) == entries
    assert len(entries) == 4
    for entry in entries:
        assert (tmp_path / entry.path).read_bytes() == (EMBEDDED / entry.path).read_bytes(), entry.path


@pytest.mark.parametrize(
    ("model", "dataset", "pair", "n_both", "n_either", "overlap", "expected"),
    [
        ("chatgpt", "x_geo", "en fr", 191, 200, 0.955000, 0.955954),
        ("chatgpt", "x_name", "ar he", 73, 116, 0.629310, 0.358029),
        ("llama2_13b", "x_geo", "de ru", 135, 183, 135 / 183, 0.652824),
        ("bloomz_7b1_mt", "x_copa", "en he", None, None, 0.774295, 0.774295),
    ],
)
def test_overlap_of_a_pair(
    store: Database, model: str, dataset: str, pair: str, n_both: int, n_either: int, overlap: float, expected: float
) -> None:
    found = compute(store, "overlap", models=[model], datasets=[dataset], languages=pair.split()).iloc[0]
    assert found["overlap"] == pytest.approx(overlap, abs=5e-7)
    assert found["expected"] == pytest.approx(expected, abs=5e-7)
    assert found["above_chance"] == found["overlap"] - found["expected"]
    if n_both is not None:
        assert (found["n_both"], found["n_either"]) == (n_both, n_either)


@pytest.mark.parametrize("dataset", DATASETS)
def test_rescaled_accuracy_of_chatgpt(store: Database, dataset: str) -> None:
    right, shares = RA[dataset]
    accuracy = compute(store, "accuracy", models=["chatgpt"], datasets=[dataset]).set_index("language")
    ra = compute(store, "ra", models=["chatgpt"], datasets=[dataset]).set_index("language")
    assert len(ra) == 10
    assert [int(count) for count in right.split()] == list(accuracy.loc[LANGUAGES, "correct"])
    for language, share in zip(LANGUAGES, shares.split(), strict=True):
        assert ra.loc[language, "ra"] == rounded(float(share)), language


@pytest.mark.parametrize("dataset", DATASETS)
def test_consistency_of_chatgpt_with_english(store: Database, dataset: str) -> None:
    found = compute(store, "en_co", models=["chatgpt"], datasets=[dataset]).set_index("language")
    others = [language for language in LANGUAGES if language != "en"]
    for language, readings in zip(others, EN_CO[dataset].split(), strict=True):
        jaccard, share = (float(reading) for reading in readings.split("/"))
        assert found.loc[language, "jaccard"] == rounded(jaccard), language
        assert found.loc[language, "share_of_english"] == rounded(share), language


@pytest.mark.parametrize(("model", "dataset", "jaccard"), OTHER_EN_CO)
def test_consistency_of_others_with_english(
    store: Database, model: str, dataset: str, jaccard: dict[str, float]
) -> None:
    found = compute(store, "en_co", models=[model], datasets=[dataset]).set_index("language")["jaccard"]
    for language, share in jaccard.items():
        assert found[language] == rounded(share), language


@pytest.mark.parametrize("model", MEAN_RA)
def test_mean_rescaled_accuracy(store: Database, model: str) -> None:
    for dataset, mean in zip(("x_csqa", "x_copa", "x_geo", "x_name"), MEAN_RA[model], strict=True):
        assert compute(store, "ra", models=[model], datasets=[dataset])["ra"].mean() == rounded(mean), dataset
        summary = browse(store, "model_summary", dataset=dataset, languages=LANGUAGES, models=None).set_index("model")
        assert summary.loc[model, "mean_ra"] == rounded(mean)


# Rows of each metric: 46 models on 4 datasets, in 10 languages, 45 pairs of them, once, or for each of 2 or 3 measures;
# or for each of four parts in both directions (45 · 2 · 4 = 360); their answers are not here.
N_ROWS = {
    "accuracy": 10, "ra": 10, "overlap": 45, "above_chance": 45, "transfer": 90, "en_co": 10, "consistency": 1,
    "mean_of_languages": 2, "mean_of_pairs": 3, "four_parts": 360,
}  # fmt: skip
# Those that are not of every model: 30 are built on another of the 46.
N_OF_OTHERS = {"change_from_base": 30 * 4 * 10, "english_gap": 4, "chance": 4}
FIGURES = {"en_co": "jaccard", "mean_of_languages": "mean", "mean_of_pairs": "mean", "four_parts": "share"}


@pytest.mark.parametrize("name", metrics())
def test_every_metric_has_figures_for_every_model(store: Database, name: str) -> None:
    rows = compute(store, name, interval=True)
    if "dataset" in rows:
        rows = rows[rows["dataset"].isin(["x_csqa", "x_copa", "x_geo", "x_name"])]
    assert len(rows) == N_OF_OTHERS.get(name, 46 * 4 * N_ROWS.get(name, 0))
    if name not in N_ROWS:  # it needs single answers, or exposure
        return
    for _, group in rows.groupby(["model", "dataset"], observed=True):
        assert len(group) == N_ROWS[name]
    # nothing is ever missing but a share of nothing: where no answer is right in either language, or in the first
    nothing = rows[[column for column in ("n_either", "n_right_a") if column in rows]].eq(0).any(axis=1)
    if name == "above_chance":
        nothing = rows["overlap"].isna()
    assert (rows[FIGURES.get(name, name)].isna() == nothing).all()


def test_the_answers_give_the_published_figures(store: Database, imported: Path) -> None:
    """Every pair of the models whose answers are here, counted from them and taken from the table."""
    answers = open_database([imported])
    key = ["model", "dataset", "language_a", "language_b"]
    counts = f"select * replace ({', '.join(f'{name}::varchar as {name}' for name in key)}) from pair_counts"
    counted, given = (opened.frame(counts).set_index(key).sort_index() for opened in (answers, store))
    assert len(counted) == 45 * (2 * 16 + 2 * 4)  # 16 models in x_geo and x_name, 4 in x_copa and x_csqa
    given = given.loc[counted.index]
    assert (counted[["n", *COUNTS, "n_same"]] == given[["n", *COUNTS, "n_same"]]).all(axis=None)
    overlaps = (
        compute(opened, "overlap").astype(dict.fromkeys(key, str)).set_index(key) for opened in (answers, store)
    )
    counted, given = (overlap.loc[counted.index, ["overlap", "expected"]] for overlap in overlaps)
    pd.testing.assert_frame_equal(counted, given, rtol=0, atol=1e-12)
    answers.close()
