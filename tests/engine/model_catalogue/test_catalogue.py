"""The catalogue itself: every entry can be what it says, and what is not there is answered with what is."""

import re
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.configured_models import EMBEDDED_MODELS, HUB_ID
from engine.database.database import open_database
from engine.errors import IsoglossError
from engine.languages import parse_language
from engine.locations import EMBEDDED, PROJECT
from engine.model_catalogue.catalogue import (
    CatalogueModel,
    HubRepository,
    PackagedFile,
    PackagePart,
    catalogue,
    find_in_catalogue,
    model_title,
)
from engine.model_catalogue.place import whole_pieces
from engine.model_catalogue.record import catalogue_rows
from engine.models.loading.source import valid_name
from engine.store.manifest import is_valid_name


@pytest.mark.parametrize("model", catalogue().values(), ids=catalogue())
def test_every_entry_can_be_what_it_says(model: CatalogueModel) -> None:
    assert valid_name(model.name) == model.name == model.name.lower()
    assert is_valid_name(model.name)  # it becomes the name of a folder
    assert not (EMBEDDED_MODELS / model.name).exists()
    assert model.licence_url.startswith("https://")
    assert 0 < model.billion_parameters < 10_000
    assert [parse_language(tag) for tag in model.languages] == list(dict.fromkeys(model.languages))
    for words in (model.licence, model.family, model.training_strategy, model.trained_for):
        assert words and words == words.strip()
    if isinstance(model.source, HubRepository):
        assert HUB_ID.fullmatch(model.source.id)
        return
    assert re.fullmatch(r"[0-9a-f]{64}", model.source.sha256)
    assert model.source.file.endswith(".gguf") and "/" not in model.source.file
    assert sum(part.bytes for part in model.source.parts) == model.source.bytes
    for part in model.source.parts:
        assert part.bytes > 0
        assert re.fullmatch(r"\d+(\.\d+)+", part.version)
        assert re.fullmatch(r"[a-z0-9-]+", part.package)
        path = PurePosixPath(part.member)
        assert not path.is_absolute() and ".." not in path.parts and len(path.parts) > 1


def test_both_kinds_of_sources_are_there_and_terms_are_told() -> None:
    assert {model.source.kind for model in catalogue().values()} == {"packages", "hub"}
    assert [model.name for model in catalogue().values() if model.must_accept] == ["gemma-3-270m"]
    assert catalogue()["eurollm-1.7b"].source == HubRepository(id="utter-project/EuroLLM-1.7B", gated=None)


def test_the_documentation_tells_every_model() -> None:
    told = (PROJECT / "docs" / "models.md").read_text(encoding="utf-8")
    assert not [model.name for model in catalogue().values() if f"`{model.name}`" not in told]


def test_a_near_name_is_offered_and_all_are_listed() -> None:
    with pytest.raises(IsoglossError) as refused:
        find_in_catalogue("gema-3-270")
    assert str(refused.value).startswith("no model 'gema-3-270' can be had. Did you mean gemma-3-270m? There are: ")
    assert "smollm2-135m-instruct" in str(refused.value)
    assert refused.value.exit_status == 64
    with pytest.raises(IsoglossError, match="'zzz' can be had. There are: gemma-3-270m, "):
        find_in_catalogue("zzz")


def test_what_a_store_is_told_of_the_models() -> None:
    rows = {row["model"]: row for row in catalogue_rows().to_pylist()}
    assert list(rows) == list(catalogue())
    assert rows["smollm2-135m-instruct"] == {
        "model": "smollm2-135m-instruct",
        "family": "SmolLM2",
        "billion_parameters": 0.135,
        "built_on": "HuggingFaceTB/SmolLM2-135M",
        "training_strategy": "instruction tuning, English",
        "target_languages": "en",
    }
    # eight tags are listed, thirty-five are told in words, and so is what has no list
    assert rows["llama-3.2-1b"]["target_languages"] == "en de fr it pt hi es th"
    assert rows["eurollm-1.7b"]["target_languages"].startswith("35 languages")
    assert rows["gemma-3-270m"]["target_languages"] == "more than 140 languages"
    assert rows["gemma-3-270m"]["built_on"] is None


def test_no_model_of_the_embedded_figures_is_called_the_same() -> None:
    store = open_database([EMBEDDED])
    named = set(store.frame("select model from published_accuracy union select model from exposure")["model"])
    store.close()
    assert len(named) == 46 + 6
    assert not named & set(catalogue())


@given(sizes=st.lists(st.integers(1, 9), min_size=1, max_size=6), size=st.integers(0, 60))
def test_only_whole_pieces_count(sizes: list[int], size: int) -> None:
    parts = tuple(PackagePart(package="p", version="1.0", member="p/m", bytes=n) for n in sizes)
    packaged = PackagedFile(file="f.gguf", bytes=sum(sizes), sha256="0" * 64, parts=parts)
    whole, end = whole_pieces(packaged, size)
    assert end == sum(sizes[:whole]) <= size
    assert whole == len(sizes) or end + sizes[whole] > size


def test_people_call_a_model_by_its_title_and_one_that_is_unknown_by_its_name() -> None:
    assert [model_title(name) for name in ("gemma-3-270m", "smollm2-135m-instruct", "my-llama")] == [
        "Gemma 3 270M",
        "SmolLM2 135M Instruct",
        "my-llama",
    ]
