"""The list of models that may be asked by name."""

import os
from pathlib import Path

import pytest

from engine.configured_models import ALLOWED, EXAMPLE, allowed_models, origin_of, own_tokenizers, translation_model
from engine.errors import IsoglossError


def written(store: Path, text: str) -> Path:
    (store / ALLOWED).write_text(text, encoding="utf-8")
    return store


def test_no_list_allows_what_comes_with_the_project(tmp_path: Path) -> None:
    (tmp_path / "lab-small").mkdir()
    assert allowed_models(tmp_path / ALLOWED, embedded=tmp_path) == {}
    (tmp_path / "lab-small" / "config.json").touch()
    assert allowed_models(tmp_path / ALLOWED, embedded=tmp_path) == {"lab-small": str(tmp_path / "lab-small")}


def test_folders_and_hub_ids_by_name(tmp_path: Path) -> None:
    store = written(tmp_path, '[models]\nzulu = "org/zulu"\n"my model" = "beside"\nfar = "/no/such/folder"\n')
    (store / "beside").mkdir()
    allowed = allowed_models(store / ALLOWED, embedded=tmp_path / "none")
    assert allowed == {"far": "/no/such/folder", "my model": str(store / "beside"), "zulu": "org/zulu"}
    assert list(allowed) == ["far", "my model", "zulu"]


def test_the_example_is_a_list(tmp_path: Path) -> None:
    assert set(allowed_models(written(tmp_path, EXAMPLE) / ALLOWED, embedded=tmp_path)) == {
        "my-gguf",
        "my-llama",
        "qwen3-0.6b",
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[models", "is not TOML"),
        ("[model]\na = 'b'", "unknown key 'model'"),
        ("models = ['a']", '"models" must be a table'),
        ("[models]\na = 1", "the model 'a' must read"),
        ("[models]\na = ''", "the model 'a' must read"),
        ("[models]\na = '--debug'", "the model 'a' must read"),
        ("[models]\n--store = 'b'", "the model '--store' must read"),
        ('[models]\na = "b\\u0000"', "the model 'a' must read"),
        (f"[models]\na = '{'b' * 300}'", "the model 'a' must read"),
        ("folders = 1", "'folders' must be a table"),
        ("[folders]\nmodel = ['.']", "unknown key 'model'"),
        ("[folders]\nmodels = '.'", "must be a list of folders"),
        ("[folders]\nmodels = ['nowhere']", "there is no such folder"),
        ("[folders]\nmodels = [1]", "1 of .folders. must be a folder"),
    ],
)
def test_a_bad_list_is_refused_with_its_reason(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(IsoglossError, match=reason) as refused:
        allowed_models(written(tmp_path, text) / ALLOWED)
    assert str(tmp_path / ALLOWED) in str(refused.value)


def test_a_list_that_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ALLOWED)
    with pytest.raises(IsoglossError, match="named pipe"):
        allowed_models(tmp_path / ALLOWED)


def test_every_model_of_a_folder_by_its_name(tmp_path: Path) -> None:
    for name in ("zh", "he", "empty", "models/lab"):
        (tmp_path / "shelf" / name).mkdir(parents=True)
        if name != "empty":
            (tmp_path / "shelf" / name / "config.json").touch()
    store = written(tmp_path, '[models]\nhe = "org/he"\n[folders]\nmodels = ["shelf", "shelf/models"]\n')
    shelf = tmp_path / "shelf"
    allowed = allowed_models(store / ALLOWED, embedded=tmp_path / "none")
    assert allowed == {"he": "org/he", "lab": str(shelf / "models" / "lab"), "zh": str(shelf / "zh")}
    assert {name: origin_of(source, embedded=shelf) for name, source in allowed.items()} == {
        "he": "hub",
        "lab": "folder",
        "zh": "embedded",
    }
    assert origin_of("fake:loud") == "other"


def test_a_gguf_file_and_the_tokenizer_beside_it(tmp_path: Path) -> None:
    for folder in ("own", "shelf/qwen", "shelf/two"):
        (tmp_path / folder).mkdir(parents=True)
    for model in ("a.gguf", "shelf/qwen/q.gguf", "shelf/two/1.gguf", "shelf/two/2.gguf"):
        (tmp_path / model).touch()
    text = (
        '[models]\na = { model = "a.gguf", tokenizer = "own" }\n'
        'b = { model = "a.gguf", tokenizer = "org/b" }\nhe = "org/he"\n[folders]\nmodels = ["shelf"]\n'
    )
    listed = written(tmp_path, text) / ALLOWED
    a = str(tmp_path / "a.gguf")
    # of a folder with two files nothing says which is meant
    assert allowed_models(listed, embedded=tmp_path / "none") == {
        "a": a, "b": a, "he": "org/he", "qwen": str(tmp_path / "shelf/qwen/q.gguf"),
    }  # fmt: skip
    assert own_tokenizers(listed) == {"a": str(tmp_path / "own"), "b": "org/b"}


@pytest.mark.parametrize(
    "entry", ['{ model = "a.gguf" }', '{ model = "a.gguf", tokenizer = "-x" }', '{ tokenizer = "t" }', "{}", "7"]
)
def test_an_entry_that_is_neither_form_is_told_both(entry: str, tmp_path: Path) -> None:
    with pytest.raises(IsoglossError, match="'a' must read .* or \"NAME\" = { model = "):
        allowed_models(written(tmp_path, f"[models]\na = {entry}\n") / ALLOWED)


def test_a_folder_whose_name_looks_like_an_option_is_named(tmp_path: Path) -> None:
    (tmp_path / "shelf" / "--debug").mkdir(parents=True)
    (tmp_path / "shelf" / "--debug" / "config.json").touch()
    with pytest.raises(IsoglossError, match="'--debug' of .folders."):
        allowed_models(written(tmp_path, '[folders]\nmodels = ["shelf"]') / ALLOWED)


def test_the_model_that_translates(tmp_path: Path) -> None:
    assert translation_model(tmp_path / ALLOWED) is None
    (tmp_path / "nllb").mkdir()
    file = written(tmp_path, '[translation]\nmodel = "nllb"\n') / ALLOWED
    assert translation_model(file) == tmp_path / "nllb"
    written(tmp_path, '[translation]\nmodel = "nowhere"\n')
    with pytest.raises(IsoglossError, match="there is no .*nowhere"):
        translation_model(file)
