"""What a tokenizer puts around every text: found by trying it, since only the tokenizer itself knows."""

from transformers import PreTrainedTokenizerBase

from engine.errors import IsoglossError
from engine.models.causal.trial_texts import TRIAL_TEXTS


def count_behind(tokenizer: PreTrainedTokenizerBase) -> int:
    """Count the special tokens behind every text, e.g. the end token that some fine-tuning leaves switched on.

    They would be scored in place of an answer, or end it before it begins. Raises IsoglossError for a tokenizer that
    puts other tokens around one text than around another, since then nothing can be said of where a text ends.
    """
    texts = list(TRIAL_TEXTS)
    with_special, without = (
        tokenizer(texts, add_special_tokens=special, split_special_tokens=True, return_attention_mask=False)[
            "input_ids"
        ]
        for special in (True, False)
    )
    pairs = list(zip(with_special, without, strict=True))
    # Places at which every text stands in what is sent of it.
    places = [
        before
        for before in range(max(len(whole) - len(text) for whole, text in pairs) + 1)
        if all(whole[before : before + len(text)] == text for whole, text in pairs)
    ]
    around = {
        (tuple(whole[:place]), tuple(whole[place + len(text) :])) for place in places[:1] for whole, text in pairs
    }
    if len(around) != 1:
        raise IsoglossError(
            "the tokenizer puts other special tokens around one text than around another, so no text can be scored; "
            "take a tokenizer that only begins or ends texts with special tokens"
        )
    (_, behind) = around.pop()
    return len(behind)
