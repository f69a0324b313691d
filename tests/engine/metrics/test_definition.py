"""The list of measures: a file that lies in the folder is one, and what is wrong with it is said by name."""

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from engine.browse.queries import browse, browse_part
from engine.cli import main
from engine.database.compute import compute
from engine.database.database import open_database
from engine.errors import IsoglossError
from engine.metrics import definition
from engine.metrics.definition import MEASURED_PAIRS, definitions, metrics, pair_measures
from tests.support.calibration_small import ALL_CROSSED, RIGHT, lab_store
from tests.support.planted_metrics import WRONG_IN_BOTH, installed
from tests.support.tables import model_store

PLAIN = "\n".join(line for line in WRONG_IN_BOTH.splitlines() if not line.startswith(("-- in-short", "-- guessing")))
PLAIN = PLAIN.replace("-- shape: pair", "-- shape: language")


def planted(folder: Path, **files: str) -> list[str]:
    """The names of all metrics in their order, with those of a folder."""
    for name, sql in files.items():
        (folder / f"{name}.sql").write_text(sql, encoding="utf-8")
    return list(definitions({"acme": folder}))


def test_a_metric_stands_behind_those_it_builds_on(tmp_path: Path) -> None:
    built = {
        name: PLAIN.replace("-- columns", f"-- builds-on: {base}\n-- columns")
        for name, base in {"a_first": "b_second", "b_second": f"z_third, {MEASURED_PAIRS}", "z_third": "ra"}.items()
    }
    order = planted(tmp_path, **built)
    assert order.index("ra") < order.index("z_third") < order.index("b_second") < order.index("a_first")
    assert max(map(order.index, pair_measures())) < order.index("b_second")
    assert set(order) == set(metrics()) | set(built)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("-- meaning: ", "-- "), "the header lacks meaning; it is lines"),
        (("-- shape: pair", "-- shape: square"), "shape: 'square' is none of dataset, model, language, pair"),
        (("-- needs: counts", "-- needs: luck"), "needs: 'luck' is none of facts, counts, answers"),
        (("-- title", "-- colour: red\n-- title"), "key of the header: 'colour' is none of title, level"),
        (("-- key: model", "-- key: weight, model"), "key: 'weight' is none of its columns: model, dataset"),
        (("-- columns", "-- builds-on: luck\n-- columns"), "builds on 'luck', which is no metric; there are: above_"),
        (("-- columns", "-- builds-on: measured_pairs\n-- columns"), "builds on itself, by way of nothing"),
        (("-- in-short", "-- missing"), "the header lacks in-short"),
        (("n, wrong_in_both\n", "n\n"), "has the key model, dataset, language_a, language_b, and a column of its own"),
        (("-- scale: share", "-- scale: count"), "scale: a measure of pairs is a share or a difference, not a count"),
        (("-- direction: symmetric", "-- direction: both"), "direction: a measure of pairs is symmetric or directed"),
    ],
)
def test_a_faulty_header_is_said_by_name(change: tuple[str, str], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(IsoglossError) as error:
        planted(tmp_path, wrong_in_both=WRONG_IN_BOTH.replace(*change))
    assert str(error.value).startswith("metric wrong_in_both (acme): ") and sentence in str(error.value)


def test_a_circle_and_a_name_that_is_taken_are_refused(tmp_path: Path) -> None:
    with pytest.raises(IsoglossError, match=r"metric \w+ \(acme\): builds on itself, by way of \w+"):
        planted(
            tmp_path,
            one=PLAIN.replace("-- columns", "-- builds-on: other\n-- columns"),
            other=PLAIN.replace("-- columns", "-- builds-on: one\n-- columns"),
        )
    (tmp_path / "again").mkdir()
    with pytest.raises(IsoglossError, match=r"metric ra \(acme\): there is one of Isogloss by this name"):
        planted(tmp_path / "again", ra=PLAIN)
    (tmp_path / "spelled").mkdir()
    with pytest.raises(IsoglossError, match="small letters"):
        planted(tmp_path / "spelled", **{"Two Words": PLAIN})


def test_a_package_that_cannot_be_imported_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = EntryPoint("more", "no_such_package", definition.GROUP)
    monkeypatch.setattr(definition, "entry_points", lambda *, group: [missing])
    metrics.cache_clear()
    with pytest.raises(IsoglossError, match="metrics more: no_such_package is no package that can be imported"):
        metrics()
    metrics.cache_clear()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("from pair_counts", "from nowhere"), "Table with name nowhere"),
        (("select\n", "choose\n"), "syntax error"),
        ((" as ci_high", " as highest"), "ci_high"),
    ],
)
def test_a_statement_that_cannot_be_is_said_by_name_and_leaves_no_dataset_out(
    change: tuple[str, str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = WRONG_IN_BOTH.replace(*change)
    with (
        installed(tmp_path, monkeypatch, wrong_in_both=faulty),
        pytest.raises(IsoglossError, match=rf"metric wrong_in_both \(more of acme\): .*{sentence}"),
    ):
        model_store(tmp_path / "store", "AB", {"en": "AB", "de": "BA", "he": "AA"})


@pytest.mark.slow
def test_a_planted_measure_of_pairs_is_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with installed(tmp_path, monkeypatch, wrong_in_both=WRONG_IN_BOTH):
        model_store(tmp_path / "store", "ABCD", {"en": "ABBB", "de": "ABDB", "he": "BBB?"}).close()
        with pytest.raises(SystemExit, match="0"):
            main(["metric", "wrong_in_both", "--store", str(tmp_path / "store"), "--no-embedded", "--format", "csv"])
        lines = capsys.readouterr().out.splitlines()
        assert lines[0] == "model,dataset,language_a,language_b,n,wrong_in_both"
        # de and en: facts 2 and 3 of 4; de and he: 2 and 3 and not 0, which German knows; en and he: 2 and 3
        assert lines[1:] == [f"m,d,{pair},4,0.500000" for pair in ("de,en", "de,he", "en,he")]
        with pytest.raises(SystemExit, match="64"):
            main(["metric", "nothing", "--store", str(tmp_path / "store"), "--no-embedded"])
        assert "wrong_in_both" in capsys.readouterr().err


@pytest.mark.slow
def test_a_planted_measure_of_pairs_is_in_the_cells_the_means_and_beside_what_crossed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with installed(tmp_path, monkeypatch, wrong_in_both=WRONG_IN_BOTH):
        lab_store(tmp_path / "store", {"some": RIGHT, "all": ALL_CROSSED}).close()
        store = open_database([tmp_path / "store"])
        chosen = {"model": "some", "dataset": "d"}
        cells = browse(store, "pair_cells", **chosen).set_index(["language_a", "language_b"])
        # wrong in German are facts 5 7 8 9 of 10, in English 7 8 9
        assert cells.loc[("en", "de"), "wrong_in_both"] == cells.loc[("de", "en"), "wrong_in_both"] == 3 / 10
        part = browse_part(store, "pair_cells", **chosen, taught="nowhere", strings="all")
        part = part.set_index(["language_a", "language_b"])
        # taught nowhere are 6-9
        assert part.loc[("de", "en"), "wrong_in_both"] == 3 / 4
        assert part["wrong_in_both_low"]["de", "en"] < 3 / 4 < part["wrong_in_both_high"]["en", "de"]
        means = compute(store, "mean_of_pairs", models=["some"], interval=True).set_index("measure")
        pairs = compute(store, "wrong_in_both", models=["some"])["wrong_in_both"]
        assert means.loc["wrong_in_both", "mean"] == pytest.approx(pairs.mean())
        assert means.loc["wrong_in_both", ["weakest", "strongest"]].tolist() == [pairs.min(), pairs.max()]
        ranked = set(compute(store, "measures_against_truth")["measure"])
        store.close()
    assert {"wrong_in_both", "wrong_in_both_english", "overlap", "same_option"} <= ranked
