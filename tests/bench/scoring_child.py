# ruff: noqa: E402 - the number of threads is set before torch is imported
"""In a process of its own, with one thread: CPU seconds of scoring, ours and others', taking turns. Prints JSON.

Arguments: model size, letter or cloze, prompts for each language, rounds, and the arms to run.
"""

import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import psutil
import torch
from lm_eval.models.huggingface import HFLM
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel
from transformers.utils.logging import disable_progress_bar

from engine.importers.clika.prompt import read_prompt
from engine.models.causal.forward import Forward
from engine.models.causal.model import CausalModel
from engine.models.causal.prefix_tree import TokenRow
from engine.models.interface import Continuation
from tests.conftest import SHARED
from tests.support.tiny_models import make_model

_SHOT = "Question: What is the capital of Norway?\nAnswer: Oslo\n\n"
_HEADER = "Answer each question with a name.\n\n" + _SHOT


def main() -> None:
    """Run the arms in turns and print what each needed in each round."""
    size, mode, count, rounds, *arms = sys.argv[1:]
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    logging.disable(logging.WARNING)
    disable_progress_bar()  # type: ignore[no-untyped-call]
    prompts, vocabulary = _prompts(int(count))
    with tempfile.TemporaryDirectory() as folder:
        make_model(Path(folder), "qwen2", vocabulary_texts=vocabulary, size=size, context_length=1024)  # type: ignore[arg-type]
        model = _loaded(folder, torch.float32)
        half = _loaded(folder, torch.bfloat16) if "bf16" in arms else None
        tokenizer = AutoTokenizer.from_pretrained(folder)
    work = [c for prompt in prompts for c in (_letters(prompt) if mode == "letter" else _options(prompt))]
    tasks = _tasks(model, half, tokenizer, work, prompts)
    times: dict[str, list[float]] = {arm: [] for arm in arms}
    peak = []
    for number in range(int(rounds) + 1):
        for arm in arms if number % 2 else arms[::-1]:
            start = time.process_time()
            tasks[arm]()
            if number:
                times[arm].append(time.process_time() - start)
        peak.append(_matmul_rate(torch.float32))
    report: dict[str, Any] = {"seconds": times, "prompts": len(prompts), "matmul": peak[1:]}
    report |= _counted(model, tokenizer, work)
    report["mb"] = psutil.Process().memory_info().rss / 1024**2
    print(json.dumps(report))


def _loaded(folder: str, dtype: torch.dtype) -> PreTrainedModel:
    model: PreTrainedModel = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype)
    model.eval()  # type: ignore[no-untyped-call]
    return model


def _prompts(count: int) -> tuple[list[str], list[str]]:
    """The release's own prompts to x_geo, `count` in each language, and all of them for the tokenizer."""
    chosen, every = [], []
    for folder in sorted(path for path in (SHARED / "clika/x_geo").iterdir() if path.is_dir()):
        file = next(folder.glob("llama*_res_bf16_add_simple_example.jsonl"))
        inputs = [json.loads(line)["input"] for line in file.read_text(encoding="utf-8").splitlines()]
        chosen += inputs[:count]
        every += inputs
    return chosen, every


def _letters(prompt: str) -> list[Continuation]:
    return [Continuation(prompt, letter) for letter in "ABCD"]


def _options(prompt: str) -> list[Continuation]:
    item = read_prompt(prompt)
    return [Continuation(f"{_HEADER}Question: {item.text}\nAnswer:", f" {option}") for option in item.options]


def _tasks(
    model: Any, half: Any, tokenizer: Any, work: list[Continuation], prompts: list[str]
) -> dict[str, Callable[[], object]]:
    loaded = SimpleNamespace(identity=None, model=model, tokenizer=tokenizer, context_length=1024)
    ours = CausalModel(loaded)  # type: ignore[arg-type]
    tasks: dict[str, Callable[[], object]] = {"ours": lambda: ours.loglikelihoods(work)}
    if half is not None:
        halved = CausalModel(SimpleNamespace(**{**vars(loaded), "model": half}))  # type: ignore[arg-type]
        tasks["bf16"] = lambda: halved.loglikelihoods(work)
    harness = HFLM(pretrained=model, tokenizer=tokenizer, batch_size=16)
    pairs = [(c.context, c.text) for c in work]
    encoded = [(pair, *harness._encode_pair(*pair)) for pair in pairs]
    tasks["lm-eval"] = lambda: harness._loglikelihood_tokens(encoded, disable_tqdm=True)

    def one_by_one(beams: int) -> None:
        for prompt in prompts:
            ids = tokenizer(prompt, return_tensors="pt")
            model.generate(
                **ids, max_new_tokens=2, num_beams=beams, do_sample=False, pad_token_id=tokenizer.pad_token_id
            )

    tasks["generate, 2 beams"] = lambda: one_by_one(2)
    tasks["generate, greedy"] = lambda: one_by_one(1)
    return tasks


def _counted(model: Any, tokenizer: Any, work: list[Continuation]) -> dict[str, Any]:
    """Nodes run, with padding too, tokens without any sharing, and the operations of weights on nodes and logits."""
    real = padded = logits = 0
    whole = Forward.hidden

    def counting(self: Forward, rows: list[TokenRow], cache: Any) -> torch.Tensor:
        nonlocal real, padded
        real += sum(len(row.tokens) for row in rows)
        padded += len(rows) * max(len(row.tokens) for row in rows)
        return whole(self, rows, cache)

    ours = CausalModel(SimpleNamespace(identity=None, model=model, tokenizer=tokenizer, context_length=1024))  # type: ignore[arg-type]

    def counting_logits(_: Any, __: Any, output: torch.Tensor) -> None:
        nonlocal logits
        logits += output.numel()

    Forward.hidden = counting  # type: ignore[method-assign,assignment]
    hook = model.get_output_embeddings().register_forward_hook(counting_logits)
    ours.loglikelihoods(work)
    hook.remove()
    Forward.hidden = whole  # type: ignore[method-assign]
    scored = {(c.context, c.text) for c in work}
    tokens = sum(len(ids) for ids in tokenizer([context + text for context, text in scored])["input_ids"])
    inner = sum(p.numel() for name, p in model.named_parameters() if "embed" not in name and "head" not in name)
    hidden = model.get_output_embeddings().weight.shape[1]
    return {"nodes": real, "padded": padded, "tokens": tokens, "flop": 2 * inner * real + 2 * hidden * logits}


def _matmul_rate(dtype: torch.dtype) -> float:
    """Operations per CPU second of a large matrix product."""
    a = torch.randn(1536, 1536, dtype=dtype)
    start = time.process_time()
    for _ in range(3):
        a @ a
    return 3 * 2 * 1536**3 / (time.process_time() - start)


if __name__ == "__main__":
    main()
