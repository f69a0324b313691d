"""The proof of a tokenizer that was built anew: one that cuts texts otherwise scores without an error, and wrong."""

from collections.abc import Iterator, Sequence

from tokenizers import Tokenizer

from engine.entity_names import names_in
from engine.models.causal.trial_texts import TRIAL_TEXTS
from engine.models.loading.gguf.tokenizer import BLANK
from engine.models.loading.gguf.vocabulary import CONTROL, UNUSED, UnprovenTokenizer, Vocabulary

# The languages of the embedded facts: a model is asked in any of them.
_TAGS = """
am ar bg bn ca cs da de el en es fa fi fr gu he hi hu id it ja ka ko ms nb nl pl pt ro ru sv sw ta te th tr uk ur vi zh
"""
LANGUAGES = tuple(_TAGS.split())
_NAMES = 60  # of places, in the text of a language
# More tokens than this many times what the longest pieces would need show that joins are missing: up to 1.05 was
# seen in whole tokenizers, 4 in one whose joins were wrong.
_MOST = 1.4


def prove(tokenizer: Tokenizer, vocabulary: Vocabulary) -> None:
    """Hold a tokenizer against the file's vocabulary: the same pieces, texts come back, and in as few tokens as the
    pieces allow. Raises UnprovenTokenizer with what differs."""
    _hold_pieces(tokenizer, vocabulary)
    pieces = {_as_spelled(piece) for piece in vocabulary.pieces}
    longest = max(map(len, pieces))
    byte_level = vocabulary.text("ggml.model") == "gpt2"
    for where, text in _texts():
        encoded = tokenizer.encode(text, add_special_tokens=False)
        back = tokenizer.decode(encoded.ids, skip_special_tokens=False)
        if back != text:
            raise UnprovenTokenizer(
                vocabulary.header, f"its tokenizer changes a text ({where}): {_difference(text, back)}"
            )
        fewest = _longest_pieces(_spelled(text, byte_level), pieces, longest)
        if len(encoded.ids) > _MOST * fewest + 2:
            raise UnprovenTokenizer(
                vocabulary.header,
                f"its tokenizer cuts a text ({where}) into {len(encoded.ids)} tokens, where its pieces allow {fewest}",
            )


def _hold_pieces(tokenizer: Tokenizer, vocabulary: Vocabulary) -> None:
    for id, piece in enumerate(vocabulary.pieces):
        built = tokenizer.id_to_token(id)
        if built is None and vocabulary.kinds[id] in (CONTROL, UNUSED):  # a filler that no text is made of
            continue
        if built is None or _as_spelled(built) != _as_spelled(piece):
            raise UnprovenTokenizer(
                vocabulary.header, f"its piece {id:,} is {piece[:40]!r} and the tokenizer has {built!r}"
            )


def _texts() -> Iterator[tuple[str, str]]:
    """Texts that the tokenizer is tried on, and where each is from."""
    yield from (("a trial text", text) for text in TRIAL_TEXTS)
    for tag in LANGUAGES:
        places = [name for key, name in sorted(names_in(tag).items()) if key.startswith("territory:")]
        yield tag, ", ".join(places[-_NAMES:])


def _as_spelled(piece: str) -> str:
    return piece.replace(" ", BLANK)


def _spelled(text: str, byte_level: bool) -> str:
    """A text in the letters that pieces are written in."""
    if not byte_level:
        return text.replace(" ", BLANK)
    return "".join(BYTE_LETTERS[byte] for byte in text.encode())


def _longest_pieces(text: str, pieces: set[str], longest: int) -> int:
    """How many pieces a text takes when the longest that fits comes next; what is no piece counts as its bytes."""
    at = count = 0
    while at < len(text):
        length = next((n for n in range(min(longest, len(text) - at), 0, -1) if text[at : at + n] in pieces), 0)
        count += 1 if length else len(text[at].encode())
        at += length or 1
    return count


def _difference(text: str, back: str) -> str:
    at = next((n for n, (a, b) in enumerate(zip(text, back, strict=False)) if a != b), min(len(text), len(back)))
    return f"{text[at : at + 12]!r} comes back as {back[at : at + 12]!r}"


def _byte_letters() -> Sequence[str]:
    """The letter that byte-level tokenizers write for each byte."""
    plain = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = iter(range(256, 512))
    return [chr(byte) if byte in plain else chr(next(others)) for byte in range(256)]


BYTE_LETTERS = _byte_letters()
