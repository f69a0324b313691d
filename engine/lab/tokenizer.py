"""The one tokenizer of all lab models: byte-level BPE that knows the world's names and the words around them."""

from collections.abc import Iterator
from dataclasses import replace

from tokenizers import Regex, Tokenizer, decoders, pre_tokenizers, processors
from tokenizers.models import BPE
from tokenizers.trainers import BpeTrainer
from transformers import PreTrainedTokenizerFast

from engine.facts.question import BLANK
from engine.facts.reword import reword
from engine.lab.recipe import LANGUAGES
from engine.lab.world import World
from engine.languages import language as language_of
from engine.probes.template_file import built_in

VOCABULARY = 5000
START, END = "<s>", "</s>"
_GAP = "\n"  # stands in a sentence where a name will be, so that no token joins a name to what is around it
# Split at punctuation only, so that a name of several words can be one token; not at that inside names (D'Ivoire, X-Y).
_BETWEEN_NAMES = Regex(r"[^\P{P}'’‘׳״・\-]|\n")
_WEIGHT = 10  # how much more often than a name the words around it are met: they stand in every line
_FORMS = tuple(f"{kind}-{number}" for kind in ("question", "statement") for number in (1, 2, 3))


def train_tokenizer(world: World) -> PreTrainedTokenizerFast:
    """A tokenizer for the names and the forms of a world; the same world gives the same tokenizer."""
    bpe = Tokenizer(BPE())
    bpe.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(_BETWEEN_NAMES, "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    bpe.decoder = decoders.ByteLevel()
    trainer = BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[START, END],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    bpe.train_from_iterator(_texts(world), trainer)
    bpe.post_processor = processors.TemplateProcessing(
        single=f"{START} $A", special_tokens=[(START, bpe.token_to_id(START))]
    )
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=bpe, bos_token=START, eos_token=END, pad_token=END, clean_up_tokenization_spaces=False
    )


def _texts(world: World) -> Iterator[str]:
    """What the tokens are learnt from. The space before a name belongs to the name."""
    for text in _gapped(world):
        yield text.replace(f" {_GAP}", _GAP)


def _gapped(world: World) -> Iterator[str]:
    for tag in LANGUAGES:
        for name in world.offered(tag):
            yield f"{_GAP} {name}{_GAP}{name}"
        yield f" ({language_of(tag).autonym}):"
        for facts in world.facts.values():
            question = replace(world.questions[facts[0], tag], subject=_GAP)
            for form in _FORMS:
                yield (reword(question, form).text.replace(BLANK, _GAP) + _GAP) * _WEIGHT
        for template in built_in("cloze").values():
            wording = template.wordings[template.wording_language(tag)]
            yield (wording.text.replace("{question}", _GAP) + _GAP) * _WEIGHT
