"""Texts in another language by a model of the operator's, in a process of its own."""

import os
import shutil
import signal
from pathlib import Path
from typing import Any

import psutil
import pytest
import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from engine.errors import IsoglossError
from engine.live.client import ServiceRefused
from engine.live.translation.language_codes import folder_languages, language_tokens, token_of
from engine.live.translation.messages import TranslationOrder
from engine.live.translation.translation_worker import Translation
from tests.support.live_service import connected, is_alive, running_service, wait_until
from tests.support.tiny_models import TEXTS, make_model
from tests.support.translation_small import make_translation_model

SAID = ("What is the capital of Poland?", "Warsaw", "Warsaw </s> deu_Latn")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_translation_model(tmp_path_factory.mktemp("translation") / "nllb")


@pytest.mark.parametrize(
    ("tokens", "tag", "wanted", "style"),
    [
        (["pol_Latn", "zho_Hans", "zho_Hant", "<s>"], "zh-TW", "zho_Hant", "code"),  # NLLB
        (["pol_Latn", "zho_Hans", "zho_Hant", "arb_Arab"], "ar", "arb_Arab", "code"),
        (["nob_Latn", "dan_Latn"], "no", "nob_Latn", "code"),  # nearly the same
        (["srp_Cyrl", "hrv_Latn"], "sr", "srp_Cyrl", "code"),
        (["en_XX", "pl_PL", "zh_CN"], "zh", "zh_CN", "code"),  # mBART
        (["__en__", "__pl__", "the"], "pl", "__pl__", "code"),  # M2M100
        (["<2en>", "<2de>", "<2zh_Hant>"], "zh-TW", "<2zh_Hant>", "prefix"),  # MADLAD-400
        ([">>deu<<", ">>heb<<"], "he", ">>heb<<", "prefix"),  # OPUS
    ],
)
def test_what_a_model_calls_a_language(tokens: list[str], tag: str, wanted: str, style: str) -> None:
    assert token_of(tag, language_tokens(tokens)) == (wanted, style)


def test_a_language_that_it_does_not_know_is_named() -> None:
    known = language_tokens(["pol_Latn", "zho_Hans"])
    for tag in ("de", "zh-TW"):
        with pytest.raises(IsoglossError, match=f"does not know {tag}; it knows pl, zh"):
            token_of(tag, known)
    assert language_tokens(["<s>", "the", "pol_Latn"]) == {}  # one language is nothing to choose from


def test_the_languages_stand_in_the_files(folder: Path) -> None:
    assert folder_languages(folder) == ["ar", "de", "en", "he", "nb", "pl", "zh", "zh-TW"]


def test_texts_are_translated_as_transformers_does_it(folder: Path) -> None:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    found = Translation(folder, device="cpu").translate(TranslationOrder(SAID, "en", "he"))
    tokenizer: Any = AutoTokenizer.from_pretrained(folder, src_lang="eng_Latn")
    model: Any = AutoModelForSeq2SeqLM.from_pretrained(folder)
    first = tokenizer.convert_tokens_to_ids("heb_Hebr")
    for text, translated in zip(SAID, found, strict=True):
        # a special token inside a text is plain characters
        ids = tokenizer([text], return_tensors="pt", split_special_tokens=True)
        said = model.generate(**ids, forced_bos_token_id=first, do_sample=False, max_length=None, max_new_tokens=20)
        alone = tokenizer.decode(said[0], skip_special_tokens=True).strip()
        assert translated[: len(alone)] == alone
        assert alone
    other = Translation(folder, device="cpu").translate(TranslationOrder(SAID, "en", "pl"))
    torch.set_num_threads(threads)
    assert other != found


def test_only_exact_sequence_to_sequence_models_translate(folder: Path, tmp_path: Path) -> None:
    llama = make_model(tmp_path / "llama", "llama", vocabulary_texts=TEXTS)
    with pytest.raises(IsoglossError, match="no sequence-to-sequence model"):
        Translation(llama)
    pickled = shutil.copytree(folder, tmp_path / "pickled")
    (pickled / "model.safetensors").rename(pickled / "pytorch_model.bin")
    with pytest.raises(IsoglossError, match="pickled only"):
        Translation(pickled)
    coded = shutil.copytree(folder, tmp_path / "coded")
    config = (coded / "config.json").read_text()
    (coded / "config.json").write_text(config.replace("{", '{"auto_map": {"AutoModel": "evil.Model"},', 1))
    with pytest.raises(IsoglossError, match="never done"):
        Translation(coded)
    cut = shutil.copytree(folder, tmp_path / "cut")
    (cut / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes()[:-9])
    with pytest.raises(IsoglossError, match="damaged or cut off"):
        Translation(cut)


@pytest.mark.slow
def test_the_service_translates_in_a_process_of_its_own(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_text(f'[translation]\nmodel = "{folder}"\n')
    with running_service(tmp_path) as process, connected(tmp_path) as client:
        assert client.languages() == ("ar", "de", "en", "he", "nb", "pl", "zh", "zh-TW")
        assert not workers(process.pid)
        found = client.translate(SAID, source="en", target="pl")
        assert len(found) == 3
        (worker,) = workers(process.pid)
        assert client.translate(SAID, source="en", target="pl") == found
        assert client.translate(SAID, source="en", target="en") == list(SAID)
        assert client.translate([], source="en", target="pl") == []
        for texts, target, said in (
            (SAID, "fr", "does not know fr; it knows"),
            (SAID, "klingon!", "is no language"),
            (["a\0"], "pl", "text 1 holds a control character"),
            (["a", " "], "pl", "text 2 is empty"),
            (["a\ud800"], "pl", "half of a surrogate pair"),
            (["x" * 2_001], "pl", "text 1 has 2,001 characters"),
            (["x" * 1_000_000], "pl", "text 1 has 1,000,000 characters"),
            (["a "] * 201, "pl", "201 texts at once; at most 200"),
            (["Polska " * 200], "pl", "tokens; the translation model reads at most 128"),
        ):
            with pytest.raises(ServiceRefused, match=said):
                client.translate(texts, source="en", target=target)
        os.kill(worker.pid, signal.SIGKILL)
        wait_until(lambda: not is_alive(worker))
        assert client.translate(SAID, source="en", target="pl") == found
        (worker,) = workers(process.pid)
        (tmp_path / "models.toml").write_text('[translation]\nmodel = "gone"\n')
        with pytest.raises(ServiceRefused, match="there is no .*gone"):
            client.languages()
    wait_until(lambda: not is_alive(worker))


def workers(pid: int) -> list[psutil.Process]:
    """The living processes that hold models: children of the warm server."""
    return [one for child in psutil.Process(pid).children() for one in child.children() if is_alive(one)]
