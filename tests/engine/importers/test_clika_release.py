"""Which files of a release are results, and why each of the others is not."""

import os
from pathlib import Path

import pytest

from engine.errors import IsoglossError
from engine.importers.clika.release import find_release
from engine.printable_text import printable
from tests.support.clika_small import write_geo

SAID = {
    "chatgpt": {"en": "AC", "de": "AC", "he": "AB"},
    "vicuna_13b_v1.5": {"en": "AC", "de": "BC", "he": "CB"},
    "Baichuan2-13B-ChatZH1e-4": {"en": "AC"},
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_geo(tmp_path / "release", SAID)


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    return path


def test_models_languages_and_datasets_by_name(root: Path) -> None:
    found = [(file.dataset, file.language, file.model) for file in find_release(root).results]
    assert found == [
        ("x_geo", "de", "chatgpt"), ("x_geo", "de", "vicuna_13b_v1.5"),
        ("x_geo", "en", "Baichuan2-13B-ChatZH1e-4"), ("x_geo", "en", "chatgpt"), ("x_geo", "en", "vicuna_13b_v1.5"),
        ("x_geo", "he", "chatgpt"), ("x_geo", "he", "vicuna_13b_v1.5"),
    ]  # fmt: skip


@pytest.mark.parametrize(("folder", "language"), [("DE_trans", "de"), ("PL", "pl"), ("he_trans", "he"), ("zh", "zh")])
def test_folder_spellings(tmp_path: Path, folder: str, language: str) -> None:
    touch(tmp_path / "x_csqa" / folder / "chatgpt_res.jsonl")
    assert [(file.language, file.place) for file in find_release(tmp_path).results] == [
        (language, f"x_csqa/{folder}/chatgpt_res.jsonl")
    ]


EXTRA = {
    "x_geo/en/generate_input.jsonl": "prompts without answers",
    "x_geo/x_geo_en_model_input.jsonl": "prompts without answers",
    "x_geo/en/en_geo_data.jsonl": "source questions",
    "x_geo/de/test.jsonl": "source questions",
    "x_geo/de/val.it.jsonl": "source questions",
    "x_geo/de/validation.jsonl": "source questions",
    "x_geo/en/chatgpt_res_visual.jsonl": "another variant of a model's answers",
    "x_geo/en/chatgpt_res_without_uuid.jsonl": "another variant of a model's answers",
    "x_geo/en/chatgpt_res_fixed_en_prompt.jsonl": "another variant of a model's answers",
    "x_geo/en/chatgpt_res_bf16_add_simple_example.jsonl": "another variant of a model's answers",
    "x_geo/en/_res_bf16_add_simple_example.jsonl": "another variant of a model's answers",
    "x_geo/en/chatgpt_res.jsonl.bak": "not results by their name",
    "x_geo/en/check_data.py": "scripts",
    "x_geo/en/other.json": "unknown JSON files",
    "x_geo/chatgpt_res.jsonl": "results outside a language's folder",
    "x_geo/en/old/chatgpt_res.jsonl": "results outside a language's folder",
    "x_geo/notes/read.me": "not results by their name",
}


def test_every_other_file_is_counted_with_its_reason(root: Path) -> None:
    n_results = len(find_release(root).results)
    for place in EXTRA:
        touch(root / place)
    release = find_release(root)
    assert {file.place: file.reason for file in release.left_out} == EXTRA
    assert len(release.results) == n_results
    assert release.failures == ()


def test_pipes_and_dangling_links_are_never_opened(root: Path) -> None:
    os.mkfifo(root / "x_geo" / "en" / "a_res_bf16_add_simple_example.jsonl")
    (root / "x_geo" / "en" / "b_res_bf16_add_simple_example.jsonl").symlink_to("nowhere")
    assert [file.reason for file in find_release(root).left_out] == ["not plain files"] * 2


def test_what_stands_beside_the_datasets_is_named(root: Path) -> None:
    touch(root / "README.md")
    touch(root / "fictional" / "train" / "ZH.json")
    touch(root / ".git" / "config")
    assert find_release(root).beside == ("README.md", "fictional/")


def test_release_one_level_down(root: Path) -> None:
    assert find_release(root.parent) == find_release(root)


def test_several_releases_are_an_error_that_names_them(root: Path) -> None:
    write_geo(root.parent / "second", SAID)
    with pytest.raises(IsoglossError, match=r"several releases \(release, second\)"):
        find_release(root.parent)


@pytest.mark.parametrize("place", ["notes.txt", "x_geo/en/generate_input.jsonl", "geo/en/chatgpt_res.jsonl"])
def test_folder_without_results_is_an_error(tmp_path: Path, place: str) -> None:
    touch(tmp_path / place)
    with pytest.raises(IsoglossError, match=r"holds no CLiKA results: expected folders such as x_geo/en"):
        find_release(tmp_path)


def test_two_folders_of_a_language_fail_and_the_others_stay(root: Path) -> None:
    touch(root / "x_geo" / "DE_trans" / "chatgpt_res.jsonl")
    release = find_release(root)
    (failure,) = release.failures
    # de holds two result files, DE_trans one.
    assert (failure.place, failure.files) == ("x_geo/DE_trans and x_geo/de", 3)
    assert str(failure) == "x_geo/DE_trans and x_geo/de: are both de: keep one of them"
    assert {file.language for file in release.results} == {"en", "he"}


def test_folder_that_is_no_language_fails(root: Path) -> None:
    touch(root / "x_geo" / "xx" / "chatgpt_res.jsonl")
    (failure,) = find_release(root).failures
    assert (failure.place, failure.files) == ("x_geo/xx", 1)
    assert '"xx" is no language' in failure.reason


def test_names_are_made_printable() -> None:
    assert printable("a\x1b[31m\n\udcff é שלום") == "a\\x1b[31m\\n\\udcff é שלום"
