"""A small release from its folder into a store: rows, counts and reports worked out by hand."""

import io
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from engine.database.database import open_database
from engine.errors import IsoglossError
from engine.importers.clika.importer import import_clika
from engine.importers.intake.answer_report import AnswersReport
from engine.importers.intake.progress_bar import import_progress
from engine.store.verify import read_snapshot
from tests.support.clika_small import OTHERS, geo_rows, prompt, write_geo, write_rows

# Right are A for fact 0 and C for fact 1.
SAID = {
    "chatgpt": {"en": ["A. North", "C. Three"], "de": ["A. Norden", "B. Zwei"], "he": ["\n\n A", "ג"]},
    "bloomz_7b1": {"en": ["A<", "C<"], "de": ["A<", "A<"], "he": ["E<", "E<"]},
    "Yi_6B_chat": {"en": ["The correct answer i", "Based on"], "de": ["А", "С."], "he": ["\ufffd", "C.\nD."]},
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_geo(tmp_path / "release", SAID)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def rows(store: Path, table: str) -> pd.DataFrame:
    (file,) = [file for file in read_snapshot(store).files if file.entry.table == table]
    return file.parquet.read().to_pandas()


def answered(store: Path) -> dict[tuple[str, str], list[tuple[object, ...]]]:
    """(model, language) -> for each fact: predicted, correct, parsed."""
    results = rows(store, "results").sort_values("fact_id")
    found: dict[tuple[str, str], list[tuple[object, ...]]] = defaultdict(list)
    for _, row in results.iterrows():
        predicted = None if pd.isna(row["predicted"]) else int(row["predicted"])
        found[row["model"], row["language"]].append((predicted, row["correct"], row["parsed"]))
    return dict(found)


def test_every_answer_as_the_release_counts_it(root: Path, store: Path) -> None:
    import_clika(str(root), store)
    unread = (None, False, False)
    assert answered(store) == {
        ("chatgpt", "en"): [(0, True, True), (2, True, True)],
        ("chatgpt", "de"): [(0, True, True), (1, False, True)],
        ("chatgpt", "he"): [(0, True, True), unread],
        ("bloomz_7b1", "en"): [(0, True, True), (2, True, True)],
        ("bloomz_7b1", "de"): [(0, True, True), (0, False, True)],
        ("bloomz_7b1", "he"): [unread, unread],  # E, but there are four options
        ("Yi_6B_chat", "en"): [unread, (1, False, True)],  # "Based on" counts as B, as in the release
        ("Yi_6B_chat", "de"): [unread, unread],  # Cyrillic А and С
        ("Yi_6B_chat", "he"): [unread, (2, True, True)],
    }


def test_what_was_said_is_kept_as_it_stands(root: Path, store: Path) -> None:
    import_clika(str(root), store)
    results = rows(store, "results").set_index(["model", "language", "fact_id"])
    for model, by_language in SAID.items():
        for language, texts in by_language.items():
            assert [results.loc[(model, language, fact), "text"] for fact in "01"] == texts
    assert set(results["run_id"]) == {"clika"}
    assert results[["probe", "template", "option_logprobs", "option_bytes", "error"]].isna().all(axis=None)


def test_facts_in_every_language(root: Path, store: Path) -> None:
    import_clika(str(root), store)
    facts = rows(store, "facts").set_index(["language", "fact_id"])
    assert len(facts) == 6
    he = facts.loc[("he", "1")]
    assert (he["question"], list(he["options"]), list(he["gold"])) == (
        "איפה בטא?", ["אחת", "שתיים", "שלוש", "ארבע"], [2],
    )  # fmt: skip
    assert (he["dataset"], he["stream"], he["relation"]) == ("x_geo", "factual", "administrative division")
    assert facts["origin"].dropna().groupby("language").unique().to_dict() == {"en": ["native"]}
    assert facts[["subject", "source_language", "country"]].isna().all(axis=None)


def test_one_run_per_model(root: Path, store: Path) -> None:
    import_clika(str(root), store)
    runs = rows(store, "runs").set_index("model")
    assert set(runs.index) == set(SAID)
    assert set(runs["run_id"]) == {"clika"}
    assert (set(runs["source"]), set(runs["harness"])) == ({"import"}, {"CLiKA"})
    assert set(runs["template"]) == {"first_letter"}
    assert set(runs["status"]) == {"finished"}
    assert list(runs["n_expected"]) == list(runs["n_done"]) == [6, 6, 6]  # two facts in three languages
    assert runs[["probe", "started", "finished", "dtype", "seed", "revision"]].isna().all(axis=None)


def test_report_counts_what_could_not_be_read(root: Path, store: Path) -> None:
    report = import_clika(str(root), store)
    reasons = ("no letter A-E", "a letter beyond the options")
    counts = {(each.model, each.language): tuple(each.unread[why] for why in reasons) for each in report.sets}
    assert counts == {
        ("chatgpt", "en"): (0, 0), ("chatgpt", "de"): (0, 0), ("chatgpt", "he"): (1, 0),
        ("bloomz_7b1", "en"): (0, 0), ("bloomz_7b1", "de"): (0, 0), ("bloomz_7b1", "he"): (0, 2),
        ("Yi_6B_chat", "en"): (1, 0), ("Yi_6B_chat", "de"): (2, 0), ("Yi_6B_chat", "he"): (1, 0),
    }  # fmt: skip
    lines = report.lines()
    assert lines[0] == "Imported 18 answers from 9 files: 1 dataset, 3 models, 3 languages."
    assert lines[1].endswith("18 answers, of them 5 no letter A-E and 2 a letter beyond the options")
    assert lines[3] == "  Yi_6B_chat in x_geo: 6 answers, of them 4 no letter A-E and 0 a letter beyond the options"
    assert report.complete


def test_readers_see_the_import(root: Path, store: Path) -> None:
    import_clika(str(root), store)
    opened = open_database([store])
    assert opened.problems == ()
    opened.close()


def test_second_import_changes_nothing(root: Path, store: Path) -> None:
    import_clika(str(root), store)
    before = {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
    report = import_clika(str(root), store)
    assert report.written.written == ()
    assert len(report.written.unchanged) == 3
    assert {path: path.read_bytes() for path in store.rglob("*") if path.is_file()} == before
    assert report.dropped == ()


def fail_one(root: Path, store: Path, place: str) -> tuple[AnswersReport, str]:
    """Import a release in which one file is spoilt: all others are there, and the report names the one."""
    report = import_clika(str(root), store)
    (failure,) = report.problems
    assert failure.place == place
    assert not report.complete
    assert f"  {failure}" in report.lines()
    assert "FAILED, not imported: 1 result file." in report.lines()
    assert len(rows(store, "results")) == 16  # 18 answers without the file's two
    return report, str(failure)


def test_broken_file_fails_alone(root: Path, store: Path) -> None:
    place = "x_geo/de/chatgpt_res.jsonl"
    with (root / place).open("a") as file:
        file.write("A B C D\n")
    _, failure = fail_one(root, store, place)
    assert failure.startswith(f"{place}: line 3: not JSON")
    runs = rows(store, "runs").set_index("model")
    assert (runs.loc["chatgpt", "n_expected"], runs.loc["chatgpt", "n_done"]) == (6, 4)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"label": "B"}, "line 2: uuid '1' has the label 'B', but 'C' in 8 files of the dataset"),
        ({"uuid": "1b"}, "line 2: uuid '1b' is not among the 2 facts of 8 files of the dataset"),
        (
            {"input": prompt("Wo liegt Beta?", ("Eins", "Zwei", "Drei"))},
            "line 2: uuid '1' has the number of options '3', but '4' in 8 files of the dataset",
        ),
        (
            {"input": prompt("Wo liegt Gamma?", ("Eins", "Zwei", "Drei", "Vier"))},
            "line 2: uuid '1' has the question 'Wo liegt Gamma?', but 'Wo liegt Beta?' in 2 files of the language",
        ),
        (
            {"input": prompt("Wo liegt Beta?", ("Eins", "Zwei", "3", "Vier"))},
            "line 2: uuid '1' has the option '3', but 'Drei' in 2 files of the language",
        ),
    ],
)
def test_file_that_disagrees_with_most_others_fails(
    root: Path, store: Path, change: dict[str, object], reason: str
) -> None:
    place = "x_geo/de/" + OTHERS.format(model="Yi_6B_chat")  # the first of all files: the order decides nothing
    first, second = geo_rows("de", "AC")
    write_rows(root / place, [first, second | change])
    assert fail_one(root, store, place)[1] == f"{place}: {reason}"


def test_file_with_fewer_rows_fails(root: Path, store: Path) -> None:
    place = "x_geo/de/" + OTHERS.format(model="Yi_6B_chat")
    write_rows(root / place, geo_rows("de", "AC")[:1])
    _, failure = fail_one(root, store, place)
    assert failure == (f"{place}: the number of facts is 1, but 2 in 8 files of the dataset; one missing is uuid '1'")


def test_rows_in_another_order_are_the_same_facts(root: Path, store: Path) -> None:
    write_rows(root / "x_geo" / "de" / "chatgpt_res.jsonl", geo_rows("de", SAID["chatgpt"]["de"])[::-1])
    assert import_clika(str(root), store).complete
    assert answered(store)["chatgpt", "de"] == [(0, True, True), (1, False, True)]


def test_nothing_but_broken_files_leaves_the_store_as_it_was(root: Path, store: Path, tmp_path: Path) -> None:
    import_clika(str(root), store)
    before = read_snapshot(store).files[0].entry
    broken = tmp_path / "broken"
    (broken / "x_geo" / "en").mkdir(parents=True)
    (broken / "x_geo" / "en" / "chatgpt_res.jsonl").write_text("{}\n")
    with pytest.raises(IsoglossError, match=r'none .* could be imported; the first: x_geo/en/.*line 1: no "input"'):
        import_clika(str(broken), store)
    assert read_snapshot(store).files[0].entry == before


def test_poorer_release_says_what_it_drops(root: Path, store: Path, tmp_path: Path) -> None:
    import_clika(str(root), store)
    poorer = write_geo(tmp_path / "poorer", {"chatgpt": {"en": "AC", "de": "AC"}, "bloomz_7b1": {"en": "AC"}})
    report = import_clika(str(poorer), store)
    assert len(report.dropped) == 6  # nine files before, three now
    assert ("x_geo", "bloomz_7b1", "he") in report.dropped
    assert "  x_geo: Yi_6B_chat (de, en, he); bloomz_7b1 (de, he); chatgpt (he)" in report.lines()
    assert len(rows(store, "results")) == 6
    assert import_clika(str(root), store).dropped == ()
    assert len(rows(store, "results")) == 18


def test_left_out_files_are_counted_and_can_all_be_named(root: Path, store: Path) -> None:
    for language in ("en", "de", "he"):
        for name in ("generate_input.jsonl", "test.jsonl"):
            (root / "x_geo" / language / name).write_text("{}\n")
    (root / "x_geo" / "en" / "chatgpt_res_visual.jsonl").write_text("no JSON")
    (root / "x_geo" / "he" / "val.he.jsonl").write_text("")
    report = import_clika(str(root), store)
    assert "Not imported: 8 other files." in report.lines()
    assert any(line.startswith("  4 source questions: x_geo/de/test.jsonl, ") for line in report.lines())
    assert "x_geo/he/val.he.jsonl" not in "".join(report.lines())
    assert "x_geo/he/val.he.jsonl" in "".join(report.lines(every_file=True))


def test_unknown_set_of_the_same_shape_is_imported_and_said(root: Path, store: Path) -> None:
    (root / "x_geo").rename(root / "x_logic")
    report = import_clika(str(root), store)
    assert [note for note in report.notes if note.startswith("x_logic is none of the four known sets")]
    facts = rows(store, "facts")
    assert set(facts["dataset"]) == {"x_logic"}
    assert set(facts["stream"]) == {"basic"}
    assert facts[["relation", "origin"]].isna().all(axis=None)


@pytest.mark.parametrize("terminal", [True, False])
def test_bar_is_drawn_on_a_terminal_only(root: Path, store: Path, terminal: bool) -> None:
    shown = io.StringIO()
    console = Console(file=shown, force_terminal=terminal, width=100)
    import_clika(str(root), store, progress=import_progress(console))
    assert ("9/9" in shown.getvalue()) == terminal
    assert bool(shown.getvalue()) == terminal
