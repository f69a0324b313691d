"""Published parallel sets: where each is, and how a row of it becomes a fact."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.importers.intake.answer_key import UnreadableKey, identifier, index_of_label, index_of_number
from engine.schema import Stream

Values = Mapping[str, Any]  # a row as the `datasets` library gives it


@dataclass(frozen=True)
class SetItem:
    """What a set's row says of a fact in a language."""

    question: str
    options: tuple[str, ...]
    gold: int
    relation: str | None = None


@dataclass(frozen=True)
class ParallelSet:
    """A set of the Hugging Face hub, whose configurations are its languages."""

    name: str
    title: str
    hub: str
    split: str
    columns: tuple[str, ...]  # those that are read
    fact_id: Callable[[Values], str]
    item: Callable[[Values, str], SetItem]  # of a row and its language
    stream: Stream
    licence: str
    source: str
    translated: str | None  # how the other languages were made from English: human, machine, or None: both
    config: str = "(.+)"  # what a configuration is called; its group is the language
    languages: Mapping[str, str] = field(default_factory=dict)  # tags of languages that the set spells in its own way

    def language_in(self, config: str) -> str | None:
        """How a configuration spells its language; None when it is not one of the set's languages."""
        found = re.fullmatch(self.config, config)
        return found[1] if found else None


# What joins a premise to its cause and its effect, with the space before it where the language writes one. The words
# are those of lm-evaluation-harness, so that scores compare.
_CONNECTIVES: Mapping[str, Mapping[str, str]] = {
    "et": {"cause": " sest", "effect": " seetõttu"},
    "ht": {"cause": " poukisa", "effect": " donk sa"},
    "id": {"cause": " karena", "effect": " maka"},
    "it": {"cause": " perché", "effect": " quindi"},
    "qu": {"cause": " imataq", "effect": " chaymi"},
    "sw": {"cause": " kwa sababu", "effect": " kwa hiyo"},
    "ta": {"cause": " காரணமாக", "effect": " எனவே"},
    "th": {"cause": "เพราะ", "effect": "ดังนั้น"},
    "tr": {"cause": " çünkü", "effect": " bu yüzden"},
    "vi": {"cause": " bởi vì", "effect": " vì vậy"},
    "zh": {"cause": "因为", "effect": "所以"},
}
_END_MARKS = ".。．!！?？"
_WITHOUT_SPACES = ("zh", "th", "ja")  # languages that do not part sentences by a space


def _global_mmlu(row: Values, language: str) -> SetItem:
    options = tuple(row[f"option_{letter}"] for letter in "abcd")
    gold = index_of_label("answer", row["answer"], "ABCD")
    return SetItem(row["question"], options, gold, row["subject"].replace("_", " "))


def _belebele(row: Values, language: str) -> SetItem:
    return SetItem(
        question=f"{row['flores_passage']}\n{row['question']}",
        options=tuple(row[f"mc_answer{number}"] for number in range(1, 5)),
        gold=index_of_number("correct_answer_num", row["correct_answer_num"], first=1, count=4),
    )


def _xcopa(row: Values, language: str) -> SetItem:
    """The premise up to the connective; the option goes on from there, so its first letter is small."""
    premise = row["premise"].strip().rstrip(_END_MARKS)
    return SetItem(
        question=premise + _CONNECTIVES[language][row["question"]],
        options=tuple(_small(row[name], language) for name in ("choice1", "choice2")),
        gold=index_of_number("label", row["label"], first=0, count=2),
        relation=row["question"],
    )


def _small(text: str, language: str) -> str:
    first = text[:1]
    if language == "tr":  # a dotless and a dotted i, of which Unicode's own rule knows one
        first = first.replace("I", "ı").replace("İ", "i")
    return first.lower() + text[1:]


def _x_csqa(row: Values, language: str) -> SetItem:
    """The authors' own files have a list of choices, the hub's a list of labels and one of texts."""
    choices = row["question"]["choices"]
    if isinstance(choices, list):
        choices = {name: [choice[name] for choice in choices] for name in ("label", "text")}
    labels, texts = choices["label"], tuple(choices["text"])
    if len(labels) != len(texts):
        raise UnreadableKey(f"there are {len(labels)} labels, but {len(texts)} options")
    return SetItem(row["question"]["stem"], texts, index_of_label("answerKey", row["answerKey"], labels))


def _xstorycloze(row: Values, language: str) -> SetItem:
    space = "" if language.partition("-")[0] in _WITHOUT_SPACES else " "
    return SetItem(
        question=space.join(row[f"input_sentence_{number}"].strip() for number in range(1, 5)),
        options=(row["sentence_quiz1"], row["sentence_quiz2"]),
        gold=index_of_number("answer_right_ending", row["answer_right_ending"], first=1, count=2),
    )


_ALL = (
    ParallelSet(
        name="global-mmlu",
        title="Global-MMLU, exam questions",
        hub="CohereForAI/Global-MMLU",
        split="test",
        columns=("sample_id", "subject", "question", "option_a", "option_b", "option_c", "option_d", "answer"),
        fact_id=lambda row: identifier("sample_id", row["sample_id"]),
        item=_global_mmlu,
        stream="factual",
        licence="Apache-2.0",
        source="Singh et al. 2024, arXiv 2412.03304",
        translated=None,
    ),
    ParallelSet(
        name="belebele",
        title="Belebele, questions about a passage",
        hub="facebook/belebele",
        split="test",
        columns=(
            "link", "question_number", "flores_passage", "question",
            "mc_answer1", "mc_answer2", "mc_answer3", "mc_answer4", "correct_answer_num",
        ),
        fact_id=lambda row: "#".join(identifier(name, row[name]) for name in ("link", "question_number")),
        item=_belebele,
        stream="basic",
        licence="CC-BY-SA-4.0",
        source="Bandarkar et al., ACL 2024, arXiv 2308.16884",
        translated="human",
    ),
    ParallelSet(
        name="xcopa",
        title="XCOPA, causes and effects",
        hub="cambridgeltl/xcopa",
        split="test",
        columns=("premise", "choice1", "choice2", "question", "label", "idx"),
        fact_id=lambda row: identifier("idx", row["idx"]),
        item=_xcopa,
        stream="basic",
        licence="CC-BY-4.0",
        source="Ponti et al., EMNLP 2020, arXiv 2005.00333",
        translated="human",
    ),
    ParallelSet(
        name="x-csqa",
        title="X-CSQA, commonsense questions",
        hub="INK-USC/xcsr",
        split="validation",  # the test split has no answers
        columns=("id", "question", "answerKey"),
        fact_id=lambda row: identifier("id", row["id"]),
        item=_x_csqa,
        stream="basic",
        licence="MIT",
        source="Lin et al., ACL 2021, arXiv 2106.06937",
        translated="machine",
        config="X-CSQA-(.+)",  # X-CODAH-en and its like are another set
        languages={"jap": "ja"},
    ),
    ParallelSet(
        name="xstorycloze",
        title="XStoryCloze, endings of stories",
        hub="juletxara/xstory_cloze",
        split="eval",
        columns=(
            "story_id", "input_sentence_1", "input_sentence_2", "input_sentence_3", "input_sentence_4",
            "sentence_quiz1", "sentence_quiz2", "answer_right_ending",
        ),
        fact_id=lambda row: identifier("story_id", row["story_id"]),
        item=_xstorycloze,
        stream="basic",
        licence="CC-BY-SA-4.0",
        source="Lin et al., EMNLP 2022, arXiv 2112.10668",
        translated="human",
    ),
)  # fmt: skip

PARALLEL_SETS: Mapping[str, ParallelSet] = {known.name: known for known in _ALL}
