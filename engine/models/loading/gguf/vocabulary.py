"""The vocabulary that a GGUF file holds: its pieces in their order, how they are joined, which control the model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from engine.models.loading.gguf.header import GgufHeader
from engine.models.loading.unusable import UnusableModel

REMEDY = 'give the model\'s own tokenizer: --tokenizer "FOLDER or hub id", or tokenizer = "…" in models.toml'
# Kinds of pieces, as llama.cpp counts them.
NORMAL, UNKNOWN, CONTROL, WRITTEN, UNUSED, BYTE = 1, 2, 3, 4, 5, 6
_IN_ORDER = 0.9  # of the joins of a byte-level vocabulary; 1 was seen in whole ones, .5 in a shuffled one
_ENDS = ("eos", "eot", "eom")  # of a text, a turn, a message


class UnprovenTokenizer(UnusableModel):
    """The tokenizer of a GGUF file must not score; the remedy is the model's own."""

    def __init__(self, header: GgufHeader, problem: str) -> None:
        super().__init__(header.file, problem, REMEDY)


@dataclass(frozen=True)
class Vocabulary:
    """The pieces by their ids, and what is said of each."""

    header: GgufHeader
    pieces: Sequence[str]
    kinds: Sequence[int]

    def text(self, key: str, default: str = "") -> str:
        """Read a text below tokenizer., e.g. ggml.pre. Raises UnprovenTokenizer."""
        said: str = self._said(key, str, default)
        return said

    def flag(self, key: str, default: bool) -> bool:
        """Read a yes or no. Raises UnprovenTokenizer."""
        said: bool = self._said(key, bool, default)
        return said

    def named(self, name: str) -> int | None:
        """Find the id of the piece that a file calls bos, eos, unknown …; None: it names none. Raises
        UnprovenTokenizer."""
        id = self._said(f"ggml.{name}_token_id", int, -1)
        if id >= len(self.pieces):
            raise UnprovenTokenizer(self.header, f"its {name} token has the id {id:,}, beyond its vocabulary")
        return None if id < 0 else id

    @property
    def ends(self) -> list[int]:
        """List the ids of what may end an answer."""
        return sorted({id for name in _ENDS if (id := self.named(name)) is not None})

    @cached_property
    def ids(self) -> Mapping[str, int]:
        """Find the id of a piece."""
        return {piece: id for id, piece in enumerate(self.pieces)}

    def refuse_unless_in_order_of_scores(self) -> None:
        """Raise UnprovenTokenizer unless the normal pieces stand in the order in which they are joined, the highest
        score first, as all that sentencepiece trained do."""
        scores: Sequence[float] = self._listed("ggml.scores", float, len(self.pieces))
        normal = [score for score, kind in zip(scores, self.kinds, strict=True) if kind == NORMAL]
        if any(after > before for before, after in pairwise(normal)):
            raise UnprovenTokenizer(self.header, "its vocabulary does not stand in the order of its scores")

    def joins(self) -> list[tuple[str, str]]:
        """Read which pieces are joined, the earliest first. Raises UnprovenTokenizer where one is no piece, and where
        they do not follow the order of the vocabulary, as all that were trained do."""
        joins = []
        for written in self._listed("ggml.merges", str, None):
            at = written.find(" ", 1)  # a piece may begin with a space
            first, second = written[:at], written[at + 1 :]
            if not {first, second, first + second} <= self.ids.keys():
                raise UnprovenTokenizer(self.header, f"it joins what is no piece of its vocabulary: {written[:40]!r}")
            joins.append((first, second))
        made = [self.ids[first + second] for first, second in joins]
        in_order = sum(before < after for before, after in pairwise(made))
        if in_order < _IN_ORDER * (len(made) - 1):
            raise UnprovenTokenizer(
                self.header, "its vocabulary does not stand in the order in which pieces are joined"
            )
        return joins

    def _listed(self, key: str, kind: type, length: int | None) -> Any:
        found = self.header.metadata.get(f"tokenizer.{key}")
        if not isinstance(found, list) or not found or (length is not None and len(found) != length):
            raise UnprovenTokenizer(self.header, f"its tokenizer.{key} is missing, or not as long as its vocabulary")
        if not all(type(one) is kind for one in found):
            raise UnprovenTokenizer(self.header, f"its tokenizer.{key} holds what is no {kind.__name__}")
        return found

    def _said(self, key: str, kind: type, default: Any) -> Any:
        value = self.header.metadata.get(f"tokenizer.{key}", default)
        if type(value) is not kind:
            raise UnprovenTokenizer(self.header, f"its tokenizer.{key} is {str(value)[:40]!r}")
        return value


def vocabulary_of(header: GgufHeader, embeddings: int) -> Vocabulary:
    """Read the vocabulary of a file whose model has so many embeddings. Raises UnprovenTokenizer."""
    pieces = header.metadata.get("tokenizer.ggml.tokens")
    kinds = header.metadata.get("tokenizer.ggml.token_type")
    if not isinstance(pieces, list) or not all(isinstance(piece, str) for piece in pieces):
        raise UnprovenTokenizer(header, "it holds no vocabulary")
    if len(pieces) != embeddings:
        raise UnprovenTokenizer(header, f"it holds {len(pieces):,} pieces and the model {embeddings:,} embeddings")
    if len(set(pieces)) != len(pieces):
        raise UnprovenTokenizer(header, "its vocabulary holds a piece twice")
    if kinds is None:
        kinds = [NORMAL] * len(pieces)
    if not isinstance(kinds, list) or len(kinds) != len(pieces) or not {*kinds} <= {*range(NORMAL, BYTE + 1)}:
        raise UnprovenTokenizer(header, "it does not say of each piece what kind it is")
    return Vocabulary(header, tuple(pieces), tuple(kinds))
