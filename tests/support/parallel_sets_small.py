"""Small files that are laid out like the published parallel sets."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

Rows = list[dict[str, Any]]


def parquet(path: Path, rows: Rows) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path)


def json_lines(path: Path, rows: Rows) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\n".join(map(orjson.dumps, rows)))


def global_mmlu(folder: Path) -> None:
    for language, words in (("en", "Which?"), ("de", "Welche?"), ("he", "איזה?")):
        rows = [
            {
                "sample_id": f"high_school_biology/test/{number}", "subject": "high_school_biology",
                "subject_category": "STEM", "question": f"{words} {number}", "option_a": f"{language} 1",
                "option_b": f"{language} 2", "option_c": f"{language} 3", "option_d": f"{language} 4", "answer": answer,
                "required_knowledge": "[]", "is_annotated": False,
            }
            for number, answer in enumerate("CAD")
        ]  # fmt: skip
        parquet(folder / language / "test-00000-of-00001.parquet", rows)
        parquet(folder / language / "dev-00000-of-00001.parquet", rows[:1])


def belebele(folder: Path) -> None:
    for config, passage in (("eng_Latn", "It rained."), ("deu_Latn", "Es regnete."), ("kor_Hang", "비가 왔다.")):
        rows = [
            {
                "link": "https://example.org/rain", "question_number": number, "flores_passage": passage,
                "question": f"{number}?", "mc_answer1": "a", "mc_answer2": "b", "mc_answer3": "c", "mc_answer4": "d",
                "correct_answer_num": str(5 - number), "dialect": config, "ds": "2023-05-03",
            }
            for number in (1, 2)
        ]  # fmt: skip
        json_lines(folder / "data" / f"{config}.jsonl", rows)


def xcopa(folder: Path) -> None:
    told = {
        "it": ("Il cane abbaiò.", "Vide un gatto.", "Ebbe fame."),
        "tr": ("Köpek havladı.", "Isırdı.", "İçti."),
        "zh": ("狗叫了。", "它看见了猫。", "它饿了。"),
        "translation-it": ("The dog barked.", "It saw a cat.", "It was hungry."),
    }
    for config, (premise, one, two) in told.items():
        rows = [
            {"premise": premise, "choice1": one, "choice2": two, "question": question, "label": label, "idx": label,
             "changed": False}
            for label, question in enumerate(("cause", "effect"))
        ]  # fmt: skip
        parquet(folder / config / "test-00000-of-00001.parquet", rows)


def x_csqa(folder: Path) -> None:
    for config in ("X-CSQA-en", "X-CSQA-jap", "X-CSQA-ur", "X-CODAH-en"):
        rows = [
            {
                "id": identity, "lang": config[-2:],
                "question": {"stem": f"{identity}?", "choices": {"label": list("ABCDE"), "text": list("vwxyz")}},
                "answerKey": key,
            }
            for identity, key in (("f00", "B"), ("f01", "E"))
        ]  # fmt: skip
        parquet(folder / config / "validation" / "0000.parquet", rows)
        parquet(folder / config / "test" / "0000.parquet", [{**row, "answerKey": ""} for row in rows])


def xstorycloze(folder: Path) -> None:
    for language, stop in (("en", "."), ("es", "."), ("zh", "。")):
        rows = [
            {
                "story_id": f"s{answer}", **{f"input_sentence_{number}": f"{number}{stop}" for number in range(1, 5)},
                "sentence_quiz1": "one", "sentence_quiz2": "two", "answer_right_ending": answer,
            }
            for answer in (1, 2)
        ]  # fmt: skip
        parquet(folder / language / "eval" / "0000.parquet", rows)
        parquet(folder / language / "train" / "0000.parquet", rows[:1])


LAYOUTS: dict[str, Callable[[Path], None]] = {
    "global-mmlu": global_mmlu, "belebele": belebele, "xcopa": xcopa, "x-csqa": x_csqa, "xstorycloze": xstorycloze,
}  # fmt: skip
