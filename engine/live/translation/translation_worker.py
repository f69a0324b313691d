"""The process that holds a translation model: any sequence-to-sequence model of transformers with languages to choose.

Loaded as exactly as a model that is asked: safetensors only, no code of its folder, every tensor in its place.
"""

import contextlib
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from engine.errors import IsoglossError
from engine.live.translation.language_codes import language_tokens, token_of
from engine.live.translation.messages import TranslationOrder
from engine.live.worker.messages import LOADING, ModelSettings, OrderFailed
from engine.live.worker.parent_watch import end_with_parent
from engine.models.loading.device import place
from engine.models.loading.exact import refuse_unless_exact
from engine.models.loading.folder import CONFIG, ModelFolder, read_json, refuse_remote_code, settings_files
from engine.models.loading.quiet import quiet
from engine.models.loading.reading import reading
from engine.models.loading.unusable import UnusableModel
from engine.models.loading.weights import read_header, weight_files

_AT_ONCE = 16  # texts
_LONGER = 3  # a translation may have so many times the tokens of its text, and
_MORE = 32  # so many more


class Translation:
    """A loaded model. Raises IsoglossError when it cannot be used."""

    def __init__(self, folder: Path, *, device: str = "auto", dtype: str = "auto") -> None:
        checked = _checked(folder)
        size = sum(tensor.size for tensor in checked.tensors.values())
        placed = place(size, device=device, dtype=dtype)
        with quiet():
            with reading(folder, "its tokenizer cannot be loaded"):
                self._tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(
                    folder, local_files_only=True, trust_remote_code=False
                )
            with reading(folder, "the model cannot be loaded"):
                loaded: Any = AutoModelForSeq2SeqLM.from_pretrained(
                    folder,
                    local_files_only=True,
                    trust_remote_code=False,
                    use_safetensors=True,
                    dtype=placed.dtype,
                    output_loading_info=True,
                    ignore_mismatched_sizes=True,  # so that they are reported by name; they are refused below
                )
        model, info = loaded
        assert isinstance(model, PreTrainedModel)
        refuse_unless_exact(checked, model, info)
        model.to(placed.device)  # type: ignore[arg-type] # transformers wraps it
        self._model = model.requires_grad_(False).train(False)
        self._languages = language_tokens(self._tokenizer.get_vocab())
        if not self._languages:
            raise UnusableModel(
                folder, "its tokenizer has no tokens for languages", "give a model like NLLB-200, M2M100 or MADLAD-400"
            )

    def translate(self, order: TranslationOrder) -> list[str]:
        """The texts in the target language, in their order. Raises IsoglossError for a language it does not know."""
        source, target = token_of(order.source, self._languages), token_of(order.target, self._languages)
        if source.style == "code":
            self._tokenizer.src_lang = source.token.strip("_")
        first = self._tokenizer.convert_tokens_to_ids(target.token)
        assert isinstance(first, int)
        found: list[str] = []
        for start in range(0, len(order.texts), _AT_ONCE):
            texts = list(order.texts[start : start + _AT_ONCE])
            ids = self._tokenizer(texts, split_special_tokens=True)["input_ids"]
            if target.style == "prefix":
                ids = [[first, *of_text] for of_text in ids]
            found += self._generated(ids, first if target.style == "code" else None)
        return found

    @torch.inference_mode()
    def _generated(self, ids: list[list[int]], first: int | None) -> list[str]:
        batch = self._tokenizer.pad({"input_ids": ids}, return_tensors="pt").to(self._model.device)
        longest = batch["input_ids"].shape[1]
        room = getattr(self._model.config, "max_position_embeddings", None)
        if room is not None and longest > room:
            raise IsoglossError(f"a text has {longest} tokens; the translation model reads at most {room}")
        most = _LONGER * longest + _MORE
        more = {} if first is None else {"forced_bos_token_id": first}
        generated = self._model.generate(
            **batch, **more, do_sample=False, max_length=None, max_new_tokens=min(most, (room or most + 2) - 2)
        )
        return [text.strip() for text in self._tokenizer.batch_decode(generated, skip_special_tokens=True)]


def serve(work: Connection, _counting: Connection, settings: ModelSettings) -> None:
    """Load the model, then translate until the service closes the connection."""
    end_with_parent()
    if settings.threads is not None:
        torch.set_num_threads(settings.threads)
    try:
        model = Translation(Path(settings.source), device=settings.opening.device, dtype=settings.opening.dtype)
    except IsoglossError as error:
        _say(work, LOADING, OrderFailed(str(error)))
        return
    _say(work, LOADING, None)
    while True:
        try:
            number, order = work.recv()
        except (EOFError, OSError):
            return
        assert isinstance(order, TranslationOrder)
        try:
            found: object = model.translate(order)
        except IsoglossError as error:
            found = OrderFailed(str(error))
        except torch.OutOfMemoryError:
            found = OrderFailed("out of memory: translate fewer texts at once")
        _say(work, number, found)


def _checked(folder: Path) -> ModelFolder:
    """What the folder holds, before any of it is loaded. Raises UnusableModel."""
    settings = settings_files(folder)
    parsed = {file.name: read_json(file) for file in settings if file.suffix == ".json"}
    config = parsed.get(CONFIG)
    if not isinstance(config, dict) or not config.get("is_encoder_decoder"):
        raise UnusableModel(folder, "it is no sequence-to-sequence model", "give a translation model such as NLLB-200")
    refuse_remote_code(folder, parsed, config.get("model_type"))
    weights = weight_files(folder)
    tensors = {name: tensor for file in weights for name, tensor in read_header(file).items()}
    return ModelFolder(folder, config, weights, settings, tensors)


def _say(connection: Connection, number: int, message: object) -> None:
    with contextlib.suppress(OSError):  # the service is gone
        connection.send((number, message))
