"""Published sets by name, from small files that are laid out like the sets themselves."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import datasets  # type: ignore[import-untyped]
import pyarrow.parquet as pq
import pytest
from huggingface_hub import HfApi

from engine.errors import IsoglossError
from engine.importers.importer import app
from engine.importers.intake.fact_report import FactsReport
from engine.importers.parallel_sets.definitions import PARALLEL_SETS
from engine.importers.parallel_sets.importer import import_parallel_set
from engine.store.verify import read_snapshot
from tests.support.parallel_sets_small import LAYOUTS, belebele, global_mmlu, json_lines, parquet, xcopa, xstorycloze


def imported(name: str, tmp_path: Path, **options: Any) -> FactsReport:
    LAYOUTS[name](tmp_path / "files")
    return import_parallel_set(name, tmp_path / "store", folder=tmp_path / "files", **options)


def stored(tmp_path: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """The facts in the store, by id and language."""
    files = [file for file in read_snapshot(tmp_path / "store").files if file.entry.table == "facts"]
    found = [row for file in files for batch in file.batches() for row in batch.to_pylist()]
    return {(row["fact_id"], row["language"]): row for row in found}


def test_every_set_is_tested() -> None:
    assert LAYOUTS.keys() == PARALLEL_SETS.keys()


def test_global_mmlu(tmp_path: Path) -> None:
    report = imported("global-mmlu", tmp_path)
    assert report.datasets[0].languages == {"de": 3, "en": 3, "he": 3}  # of the test split alone
    found = stored(tmp_path)
    fact = found["high_school_biology/test/0", "de"]
    assert fact["question"] == "Welche? 0"
    assert fact["options"] == ["de 1", "de 2", "de 3", "de 4"]
    assert fact["gold"] == [2]  # C
    assert (fact["relation"], fact["stream"], fact["source_language"]) == ("high school biology", "factual", "en")
    assert fact["origin"] is None and found["high_school_biology/test/0", "en"]["origin"] == "native"
    assert "Global-MMLU, exam questions: Singh et al. 2024, arXiv 2412.03304; licence Apache-2.0" in report.notes


def test_belebele_asks_about_its_passage(tmp_path: Path) -> None:
    report = imported("belebele", tmp_path)
    # FLORES calls Korean kor_Hang
    assert report.datasets[0].languages == {"de": 2, "en": 2, "ko": 2}
    found = stored(tmp_path)
    assert found["https://example.org/rain#1", "de"]["question"] == "Es regnete.\n1?"
    assert found["https://example.org/rain#1", "de"]["gold"] == [3]  # correct_answer_num 4
    assert found["https://example.org/rain#2", "ko"]["gold"] == [2]
    assert found["https://example.org/rain#2", "ko"]["origin"] == "human"


def test_xcopa_goes_on_with_the_connective_of_each_language(tmp_path: Path) -> None:
    report = imported("xcopa", tmp_path)
    assert report.datasets[0].languages == {"it": 2, "tr": 2, "zh": 2}
    assert "not read: translation-it" in report.notes
    found = stored(tmp_path)
    assert found["0", "it"]["question"] == "Il cane abbaiò perché"
    assert found["1", "it"]["question"] == "Il cane abbaiò quindi"
    assert found["0", "it"]["options"] == ["vide un gatto.", "ebbe fame."]
    assert (found["1", "it"]["gold"], found["1", "it"]["relation"]) == ([1], "effect")
    assert found["0", "tr"]["options"] == ["ısırdı.", "içti."]  # a Turkish I is small without a dot, an İ with one
    assert found["1", "zh"]["question"] == "狗叫了所以"


def test_x_csqa_reads_stem_and_choices(tmp_path: Path) -> None:
    report = imported("x-csqa", tmp_path)
    assert report.datasets[0].languages == {"en": 2, "ja": 2, "ur": 2}
    assert "not read: X-CODAH-en" in report.notes
    fact = stored(tmp_path)["f01", "ja"]
    assert (fact["question"], fact["options"], fact["gold"]) == ("f01?", list("vwxyz"), [4])
    assert fact["origin"] == "machine"


def test_x_csqa_as_its_authors_wrote_it(tmp_path: Path) -> None:
    choices = [{"label": label, "text": text} for label, text in zip("ABCDE", "vwxyz", strict=True)]
    for language in ("en", "fr"):
        rows = [{"id": "f00", "lang": language, "question": {"stem": "?", "choices": choices}, "answerKey": "C"}]
        json_lines(tmp_path / "files" / f"X-CSQA-{language}" / "validation.jsonl", rows)
    import_parallel_set("x-csqa", tmp_path / "store", folder=tmp_path / "files")
    fact = stored(tmp_path)["f00", "fr"]
    assert (fact["options"], fact["gold"]) == (list("vwxyz"), [2])


def test_xstorycloze_joins_the_four_sentences(tmp_path: Path) -> None:
    report = imported("xstorycloze", tmp_path)
    assert report.datasets[0].languages == {"en": 2, "es": 2, "zh": 2}
    found = stored(tmp_path)
    assert found["s2", "es"]["question"] == "1. 2. 3. 4."
    assert found["s2", "zh"]["question"] == "1。2。3。4。"
    assert (found["s1", "en"]["gold"], found["s2", "en"]["gold"]) == ([0], [1])


def test_chinese_of_any_region_is_written_without_spaces(tmp_path: Path) -> None:
    imported("xstorycloze", tmp_path, language_map={"zh": "zh-TW"})
    assert stored(tmp_path)["s2", "zh-TW"]["question"] == "1。2。3。4。"


@pytest.mark.parametrize("kind", ["jsonl", "csv", "tsv"])
def test_text_files_of_the_same_columns_are_read_too(kind: str, tmp_path: Path) -> None:
    row: dict[str, Any] = {
        "premise": "NA",
        "choice1": "Null.",
        "choice2": "B.",
        "question": "cause",
        "label": 1,
        "idx": 7,
    }
    for language in ("it", "vi"):
        path = tmp_path / "files" / f"{language}.{kind}"
        if kind == "jsonl":
            json_lines(path, [row])
        else:
            path.parent.mkdir(exist_ok=True)
            mark = "," if kind == "csv" else "\t"
            path.write_text(f"{mark.join(row)}\n{mark.join(map(str, row.values()))}\n", encoding="utf-8")
    import_parallel_set("xcopa", tmp_path / "store", folder=tmp_path / "files")
    fact = stored(tmp_path)["7", "vi"]
    assert (fact["question"], fact["options"], fact["gold"]) == ("NA bởi vì", ["null.", "b."], [1])


def test_limit_takes_the_same_facts_in_every_language(tmp_path: Path) -> None:
    LAYOUTS["global-mmlu"](tmp_path / "files")
    path = tmp_path / "files" / "de" / "test-00000-of-00001.parquet"
    parquet(path, pq.read_table(path).to_pylist()[::-1])  # German has them the other way round
    import_parallel_set("global-mmlu", tmp_path / "store", folder=tmp_path / "files", limit=2)
    ids = {f"high_school_biology/test/{number}" for number in (0, 1)}
    assert set(stored(tmp_path)) == {(fact_id, language) for fact_id in ids for language in ("de", "en", "he")}


def test_languages_choose(tmp_path: Path) -> None:
    assert imported("belebele", tmp_path, languages=["ko", "en"]).datasets[0].languages == {"en": 2, "ko": 2}


def test_a_language_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(IsoglossError, match="has no sw; there are: de, en, ko") as caught:
        imported("belebele", tmp_path, languages=["en", "sw"])
    assert caught.value.exit_status == 64


def test_the_same_import_twice_changes_nothing(tmp_path: Path) -> None:
    imported("xcopa", tmp_path)
    before = (tmp_path / "store" / "manifest.json").read_bytes()
    report = import_parallel_set("xcopa", tmp_path / "store", folder=tmp_path / "files")
    assert report.written is not None and not report.written.report.written
    assert (tmp_path / "store" / "manifest.json").read_bytes() == before


def spoil(path: Path, number: int, **values: Any) -> None:
    """Change a row of a Parquet file."""
    found = pq.read_table(path).to_pylist()
    found[number].update(values)
    parquet(path, found)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"answer": "E"}, 'answer is "E", and must be one of A, B, C, D'),
        ({"option_b": None}, "cannot be read as a question of global-mmlu (AttributeError: "),
        ({"option_b": "he 1"}, "options 1 and 2 are the same"),
        ({"option_d": ""}, "option 4 is empty"),
        ({"question": " "}, "question is empty"),
        ({"answer": "B"}, 'fact "high_school_biology/test/1" has gold 2 in he, but 1 in en'),
        ({"sample_id": "high_school_biology/test/0"}, 'fact "high_school_biology/test/0" of global-mmlu stands in he'),
    ],
)
def test_a_fact_that_does_not_hold_is_left_out_everywhere(values: dict[str, Any], said: str, tmp_path: Path) -> None:
    global_mmlu(tmp_path / "files")
    spoil(tmp_path / "files" / "he" / "test-00000-of-00001.parquet", 1, **values)
    report = import_parallel_set("global-mmlu", tmp_path / "store", folder=tmp_path / "files")
    (problem,) = report.left_out
    assert str(problem).startswith(f"he row 2: {said}")
    assert problem.fact is not None
    assert problem.fact[1] not in {fact_id for fact_id, _ in stored(tmp_path)}
    assert report.datasets[0].n_facts == 2


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    parquet(tmp_path / "files" / "it" / "test.parquet", [{"premise": "a.", "choice1": "b"}])
    with pytest.raises(IsoglossError, match=r"it row 1: missing columns: choice2, question, label, idx; is this"):
        import_parallel_set("xcopa", tmp_path / "store", folder=tmp_path / "files")


def test_a_broken_file_is_one_clear_line(tmp_path: Path) -> None:
    xcopa(tmp_path / "files")
    (tmp_path / "files" / "it" / "test-00000-of-00001.parquet").write_bytes(b"PAR1")
    with pytest.raises(IsoglossError, match=r"files, it cannot be read \(") as caught:
        import_parallel_set("xcopa", tmp_path / "store", folder=tmp_path / "files")
    assert "\n" not in str(caught.value)


def test_an_unknown_set_lists_those_that_there_are(tmp_path: Path) -> None:
    names = "global-mmlu, belebele, xcopa, x-csqa, xstorycloze"
    with pytest.raises(IsoglossError, match=f'there is no set "mmlu"; there are: {names}') as caught:
        import_parallel_set("mmlu", tmp_path / "store")
    assert caught.value.exit_status == 64


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir(), xcopa])
def test_a_folder_without_the_set_is_refused(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "files")
    with pytest.raises(IsoglossError, match="is no folder|holds no file of x-csqa: expected <language>/validation"):
        import_parallel_set("x-csqa", tmp_path / "store", folder=tmp_path / "files")


def test_two_files_of_one_language_are_refused(tmp_path: Path) -> None:
    xcopa(tmp_path / "files")
    (tmp_path / "files" / "it").rename(tmp_path / "files" / "ita")
    json_lines(tmp_path / "files" / "it.jsonl", [{}])
    with pytest.raises(IsoglossError, match="xcopa: it and ita are both it"):
        import_parallel_set("xcopa", tmp_path / "store", folder=tmp_path / "files")


def test_without_a_network_the_error_names_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise ConnectionError("Name or service not known")

    monkeypatch.setattr(HfApi, "dataset_info", unreachable)
    with pytest.raises(IsoglossError, match=r"xcopa on the Hugging Face hub .* \(Name or .*\); .*: --from FOLDER"):
        import_parallel_set("xcopa", tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_the_hub_is_asked_for_its_parquet_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a hub whose files are those of a folder: what is asked for is found there."""
    from huggingface_hub import RepoFile, RepoFolder

    xstorycloze(tmp_path / "files")
    asked: list[str] = []

    class Info:
        sha = "0123abcd"

    def tree(self: HfApi, hub: str, **options: object) -> list[RepoFile | RepoFolder]:
        assert (hub, options) == ("juletxara/xstory_cloze", {"repo_type": "dataset", "revision": "0123abcd"})
        folders = [RepoFolder(path=path.name, oid="0") for path in (tmp_path / "files").iterdir()]  # type: ignore[no-untyped-call]
        readme = RepoFile(path="README.md", size=1, oid="0")  # type: ignore[no-untyped-call]
        return [*folders, readme]

    load = datasets.load_dataset

    def load_dataset(hub: str, *, data_files: dict[str, list[str]], split: str, revision: str) -> Any:
        (pattern,) = data_files[split]
        asked.append(f"{hub} {pattern} {revision}")
        files = sorted(map(str, (tmp_path / "files").glob(pattern)))
        return load("parquet", data_files={split: files}, split=split, cache_dir=str(tmp_path / "cache"))

    monkeypatch.setattr(HfApi, "dataset_info", lambda *_, **options: Info if options["revision"] else None)
    monkeypatch.setattr(HfApi, "list_repo_tree", tree)
    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    report = import_parallel_set("xstorycloze", tmp_path / "store", languages=["en", "zh"])
    assert asked == [f"juletxara/xstory_cloze {language}/eval/*.parquet 0123abcd" for language in ("en", "zh")]
    assert report.source == "juletxara/xstory_cloze at 0123abcd"
    assert report.datasets[0].languages == {"en": 2, "zh": 2}


def test_the_command_takes_languages_and_limit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    belebele(tmp_path / "files")
    places = ["--from", str(tmp_path / "files"), "--store", str(tmp_path / "store")]
    app(["hub", "belebele", *places, "--languages", "eng,deu", "--limit", "1"], standalone_mode=False)
    assert "Imported belebele: 1 fact (de 1, en 1)." in capsys.readouterr().out
