"""Small CLiKA releases for tests: two facts a dataset, three languages, with texts of our own."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

OTHERS = "{model}_res_bf16_add_simple_example.jsonl"
EXAMPLE = "Choose one.\nQuestion:2+3=?\nA. 1\nB. 5\nAnswer:B. 5\nQuestion:"
# uuid, label, and the question with its options by language.
GEO = (
    (0, "A", {
        "en": ("Where is Alpha?", ("North", "South", "East", "West")),
        "de": ("Wo liegt Alpha?", ("Norden", "Süden", "Osten", "Westen")),
        "he": ("איפה אלפא?", ("צפון", "דרום", "מזרח", "מערב")),
    }),
    (1, "C", {
        "en": ("Where is Beta?", ("One", "Two", "Three", "Four")),
        "de": ("Wo liegt Beta?", ("Eins", "Zwei", "Drei", "Vier")),
        "he": ("איפה בטא?", ("אחת", "שתיים", "שלוש", "ארבע")),
    }),
)  # fmt: skip


def prompt(question: str, options: Sequence[str], *, before: str = EXAMPLE) -> str:
    """A prompt in the release's shape."""
    lines = [f"{letter}. {option}" for letter, option in zip("ABCDE", options, strict=False)]
    return "\n".join([before + question, *lines, "Answer:"])


def geo_rows(language: str, said: Iterable[str], *, before: str = EXAMPLE) -> list[dict[str, object]]:
    """The rows of a file of x_geo, with what the model said to each of the two facts."""
    return [
        {"id": uuid, "input": prompt(*texts[language], before=before), "res": res, "label": label, "uuid": uuid}
        for (uuid, label, texts), res in zip(GEO, said, strict=True)
    ]


def write_rows(path: Path, rows: Iterable[Mapping[str, object]]) -> Path:
    """A file of JSON lines, with its folder made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def write_geo(root: Path, said: Mapping[str, Mapping[str, Sequence[str]]]) -> Path:
    """x_geo of a release: what each model said in each folder (its name is a language's tag), to both facts."""
    for model, by_folder in said.items():
        name = "chatgpt_res.jsonl" if model == "chatgpt" else OTHERS.format(model=model)
        before = "Choose one.\nQuestion:" if model == "chatgpt" else EXAMPLE
        for folder, answers in by_folder.items():
            write_rows(root / "x_geo" / folder / name, geo_rows(folder, answers, before=before))
    return root
