"""A fact as one block of text for any translator or chat bot, and what comes back read line by line.

A line holds a text: `German [de] question: …`. What comes back may name the language in English, in itself or by its
tag, have it in a line of its own above, and bring bold marks, bullets, code fences and marks of direction. Nothing is
guessed: a line that is not understood is told with its number.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.entity_names import names_in
from engine.facts.appearance import unmarked
from engine.facts.wording import written_languages
from engine.languages import language
from engine.probes.normalise import normalise

INSTRUCTION = (
    "Please write the missing texts of this quiz question in the languages named. Keep the labels, one text to a line."
)
_COLONS = re.compile("[:：﹕∶︓]")
_BEFORE = re.compile(r"^(?:[\s>•‣▪·#*_`~–—-]|\d{1,3}[.)]\s)+")  # quotes, bullets, numbers, bold marks
_PACKAGING = "*_`~ \t"
_FENCE = re.compile(r"\s*(```|~~~)[\w-]*\s*")
_BRACKETS = re.compile(r"[\[(（【［]([^\[\](){}（）【】［］]*)[\])）】］]")
# What the parts of a fact are called where a translator has translated the labels too.
_PARTS: Mapping[str, str] = {
    "question": "question frage domanda pytanie вопрос سؤال السؤال שאלה השאלה 问题 問題 質問",
    "subject": "subject thema betreff sujet soggetto temat podmiot тема предмет موضوع الموضوع נושא הנושא 主题 主題",
    "answer": "answer antwort réponse risposta odpowiedź ответ إجابة الإجابة תשובה התשובה 答案 回答 答え",
    "option": "option opzione opcja вариант опция خيار الخيار אפשרות האפשרות 选项 選択肢 選項",
}
_PART = re.compile(
    rf"(?<!\w)(?:{'|'.join(f'(?P<{part}>' + '|'.join(names.split()) + ')' for part, names in _PARTS.items())})"
    r"(?:\s*(?:n[°ºo]\.?|№|#)?\s*(?P<number>\d{1,3}))?(?!\w)",
    re.IGNORECASE,
)
_ALSO_CALLED = {"zh": ("simplified chinese", "chinese simplified", "mandarin", "mandarin chinese", "简体中文", "汉语")}


@dataclass(frozen=True)
class BlockText:
    """A text of a fact in a language; `part`: question, subject, answer, option 1, option 2, …"""

    language: str
    part: str
    text: str  # "": still to be written


@dataclass(frozen=True)
class LineProblem:
    """A line that was not taken, from 1, and why."""

    line: int
    text: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}, “{self.text:.60}{'…' if len(self.text) > 60 else ''}”: {self.reason}"


@dataclass(frozen=True)
class ParsedBlock:
    """The texts that were understood, in the order of their lines, and the lines that were not."""

    texts: tuple[BlockText, ...]
    problems: tuple[LineProblem, ...]

    def missing(self, parts: Sequence[str]) -> dict[str, list[str]]:
        """By language what a translation lacks; of languages only in which something was written."""
        there = {(text.language, text.part) for text in self.texts}
        return {
            tag: lacking
            for tag in dict.fromkeys(text.language for text in self.texts)
            if (lacking := [part for part in parts if (tag, part) not in there])
        }


def block(texts: Iterable[BlockText]) -> str:
    """Write texts down, language by language, for somebody else to write the missing ones."""
    lines = [INSTRUCTION]
    last = None
    for text in texts:
        if text.language != last:
            lines.append("")
        last = text.language
        lines.append(f"{language(text.language).name} [{text.language}] {text.part}: {squeezed(text.text)}".rstrip())
    return "\n".join(lines) + "\n"


def squeezed(text: str) -> str:
    """A text on one line, with single blanks and without marks of direction around it: as it comes back."""
    return _BARE_ENDS.sub("", " ".join(text.split()))


_BARE_ENDS = re.compile("^[\\s\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+|"
                        "[\\s\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+$")  # fmt: skip


def parse(text: str, *, languages: Sequence[str], parts: Sequence[str]) -> ParsedBlock:
    """Read what came back, for a fact with these parts, in these languages. A text that stands there twice is told."""
    reader = _Reader(languages, parts)
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not _FENCE.fullmatch(line) and squeezed(line) != INSTRUCTION:
            reader.read(number, line)
    return ParsedBlock(tuple(reader.texts.values()), tuple(reader.problems))


class _Reader:
    """What has been read so far; a language in a line of its own holds for the lines below."""

    def __init__(self, languages: Sequence[str], parts: Sequence[str]) -> None:
        self._names, self._parts = _names(languages), tuple(parts)
        self._tags = {tag.lower() for tag in languages}
        self._heading: str | None = None
        self.texts: dict[tuple[str, str], BlockText] = {}
        self.problems: list[LineProblem] = []

    def read(self, number: int, line: str) -> None:
        """Take a line in, or say why not."""
        try:
            self._take(number, line)
        except _NotUnderstoodError as error:
            self.problems.append(LineProblem(number, squeezed(line), str(error)))

    def _take(self, number: int, line: str) -> None:
        label, colon, rest = _split(line)
        if not colon and normalise(label, "en") not in self._names:
            raise _NotUnderstoodError("no label such as “German [de] question:” begins it")
        part, tag = self._read_label(label)
        if part is None and not squeezed(rest).strip(_PACKAGING):
            self._heading = tag
            return
        if part is None:
            raise _NotUnderstoodError("it does not say which text of the fact it is")
        tag = tag or self._heading
        if tag is None:
            raise _NotUnderstoodError("it names no language, and no line above does")
        if part not in self._parts:
            raise _NotUnderstoodError(f"there is no {part}; the fact has {', '.join(self._parts)}")
        written = squeezed(rest)
        if not written:
            return
        before = self.texts.setdefault((tag, part), BlockText(tag, part, written))
        if before.text != written:
            raise _NotUnderstoodError(f"the {part} in {language(tag).name} stands there twice; the first was taken")

    def _read_label(self, label: str) -> tuple[str | None, str | None]:
        """The part and the language that a label names. Raises _NotUnderstoodError where it says more than these."""
        found = _PART.search(label)
        part = None
        if found is not None:
            name = next(name for name in _PARTS if found[name])
            part = f"{name} {int(found['number'])}" if found["number"] else name
            label = f"{label[: found.start()]} {label[found.end() :]}"
        tags = {self._names[tag] for text in _BRACKETS.findall(label) if (tag := text.strip().lower()) in self._tags}
        label = _BRACKETS.sub(lambda found: " " if found[1].strip().lower() in self._tags else found[0], label)
        whole = normalise(label, "en")
        words = [whole] if whole in self._names else [normalise(text, "en") for text in _pieces(label)]
        if unknown := [word for word in words if word and word not in self._names]:
            reason = f"“{unknown[0]:.40}” is no language of the table" if part else "it is no text of the fact"
            raise _NotUnderstoodError(reason)
        tags |= {self._names[word] for word in words if word}
        if len(tags) > 1:
            raise _NotUnderstoodError("it names two languages")
        return part, next(iter(tags), None)


class _NotUnderstoodError(Exception):
    """Why a line is not taken."""


def _split(line: str) -> tuple[str, str, str]:
    """A line's label, its colon and its text; marks around the label go, and those that end after the colon."""
    found = _COLONS.search(line)
    label, rest = (line[: found.start()], line[found.end() :]) if found else (line, "")
    label = unmarked(label)
    opened = _BEFORE.match(label)
    for mark in ("**", "__", "`", "*"):
        if opened and mark in opened[0] and label.count(mark) % 2:  # "**German [de] question:** text"
            rest = rest.lstrip().removeprefix(mark)
            break
    return _BEFORE.sub("", label).strip(_PACKAGING), found[0] if found else "", rest


def _pieces(label: str) -> list[str]:
    """What stands in brackets, and the rest."""
    return [*_BRACKETS.findall(label), _BRACKETS.sub(" ", label)]


def _names(languages: Sequence[str]) -> dict[str, str]:
    """The languages by what they are called, in normal form: their tags, and names in each written language."""
    return {form: tag for tag in languages for name in _called(tag) for form in (normalise(name, "en"), name.lower())}


def _called(tag: str) -> Iterator[str]:
    known = language(tag)
    yield from (tag, known.name, known.autonym, *_ALSO_CALLED.get(tag, ()))
    key = f"language:{tag.replace('-', '_')}"
    yield from (name for other in written_languages() if (name := names_in(other).get(key)))
