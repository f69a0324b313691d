"""What a model's config says it is: a causal language model that transformers itself has the code for, or not."""

from collections import defaultdict
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from transformers.models.auto import modeling_auto
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES as _CAUSAL
from transformers.quantizers.auto import AUTO_QUANTIZATION_CONFIG_MAPPING as _QUANTIZATIONS

from engine.models.loading.unusable import UnusableModel, some

_CONFIG = "config.json"


def refuse_unless_causal(folder: Path, config: Mapping[str, Any]) -> None:
    """Raise UnusableModel unless `config` is of a causal language model; nothing is loaded.

    `model_type` chooses the code and `architectures` says what the weights were saved from: they must agree, since a
    model run by another one's code may load without an error and score wrong.
    """
    kind = config.get("model_type")
    if not isinstance(kind, str) or not kind:
        raise UnusableModel(folder, f"{_CONFIG} has no model_type", "give the folder of a model made for transformers")
    architectures = config.get("architectures") or []
    if not isinstance(architectures, list) or not all(isinstance(name, str) for name in architectures):
        raise UnusableModel(folder, f"architectures in {_CONFIG} is not a list of names", "correct it")
    owners = _owners()
    if kind not in _CAUSAL:
        raise _not_causal_kind(folder, kind, known=any(kind in kinds for kinds in owners.values()))
    known = [name for name in architectures if name in owners]
    if known and not any(kind in owners[name] for name in known):
        theirs = sorted(set().union(*(owners[name] for name in known)))
        raise UnusableModel(
            folder,
            f'{_CONFIG} says model_type "{kind}" but architectures {some(known)}, which is of {some(theirs)}',
            "correct the one that is wrong",
        )
    causal = {_CAUSAL[kind]} if isinstance(_CAUSAL[kind], str) else set(_CAUSAL[kind])
    # A model of text and images says so in its architectures, and its text part is loaded.
    generating = any(name in causal or name.endswith("ForConditionalGeneration") for name in known)
    if config.get("is_encoder_decoder") or (known and not generating):
        raise UnusableModel(
            folder,
            f'{_CONFIG} is of "{kind}" ({some(architectures) or "no architectures"}), not a causal language model',
            f"give a model that continues text from left to right, e.g. {_example(causal)}",
        )


def refuse_unknown_quantization(folder: Path, config: Mapping[str, Any]) -> None:
    """Raise UnusableModel for a quantization that transformers does not know: it would read the numbers as they are."""
    quantization = config.get("quantization_config")
    if quantization is None:
        return
    method = quantization.get("quant_method") if isinstance(quantization, dict) else None
    # bitsandbytes is listed under its two widths
    if method not in {name.removesuffix("_4bit").removesuffix("_8bit") for name in _QUANTIZATIONS}:
        raise UnusableModel(
            folder,
            f"{_CONFIG} asks for a quantization that is not known: {method!r}",
            "take a version of the model without it",
        )


def has_own_code(kind: object) -> bool:
    """Tell whether transformers brings the code of a causal model of this type."""
    return isinstance(kind, str) and kind in _CAUSAL


def _not_causal_kind(folder: Path, kind: str, *, known: bool) -> UnusableModel:
    if known:
        return UnusableModel(
            folder,
            f'{_CONFIG} says model_type "{kind}", which is not a causal language model',
            "give a model that continues text from left to right, e.g. Llama, Qwen or GPT-2",
        )
    near = get_close_matches(kind, _CAUSAL, n=3)
    return UnusableModel(
        folder,
        f'{_CONFIG} says model_type "{kind}", which the installed transformers does not know'
        + (f" (near it: {', '.join(near)})" if near else ""),
        "correct it, or update transformers if the model is newer",
    )


def _example(causal: set[str]) -> str:
    return " or ".join(sorted(causal))


@cache
def _owners() -> Mapping[str, frozenset[str]]:
    """The model types that each class of transformers belongs to, over all its auto classes."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for table, mapping in vars(modeling_auto).items():
        if table.startswith("MODEL_") and table.endswith("_NAMES"):
            for kind, classes in mapping.items():
                for name in (classes,) if isinstance(classes, str) else classes:
                    owners[name].add(kind)
    return {name: frozenset(kinds) for name, kinds in owners.items()}
