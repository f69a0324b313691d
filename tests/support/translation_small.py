"""A small translation model made in code: random weights, a tokenizer with tokens for languages, as NLLB-200 has it."""

from pathlib import Path

import torch
from tokenizers import Tokenizer
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.trainers import BpeTrainer
from transformers import M2M100Config, M2M100ForConditionalGeneration, NllbTokenizer

LANGUAGES = ("eng_Latn", "deu_Latn", "pol_Latn", "heb_Hebr", "zho_Hans", "zho_Hant", "arb_Arab", "nob_Latn")
_TEXTS = ("What is the capital of Poland? Warsaw", "Was ist die Hauptstadt von Polen? Warschau", "מהי בירת פולין? ורשה")


def make_translation_model(folder: Path, *, seed: int = 0) -> Path:
    """Write the model into `folder` and return it. What it says is nonsense, but the same every time."""
    trained = Tokenizer(BPE(unk_token="<unk>"))
    trained.pre_tokenizer = Metaspace(prepend_scheme="always")
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trained.train_from_iterator(_TEXTS, BpeTrainer(vocab_size=300, special_tokens=special, show_progress=False))
    vocabulary = trained.get_vocab()
    tokenizer = NllbTokenizer(vocab=vocabulary, merges=[], extra_special_tokens=list(LANGUAGES))
    tokenizer.save_pretrained(folder)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = M2M100ForConditionalGeneration(
            M2M100Config(
                vocab_size=len(tokenizer),
                d_model=32,
                encoder_layers=1,
                decoder_layers=1,
                encoder_attention_heads=2,
                decoder_attention_heads=2,
                encoder_ffn_dim=32,
                decoder_ffn_dim=32,
                max_position_embeddings=128,
                init_std=0.5,
                pad_token_id=1,
                bos_token_id=0,
                eos_token_id=2,
                decoder_start_token_id=2,
            )
        )
    model.save_pretrained(folder)
    return folder
