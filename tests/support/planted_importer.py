"""An importer of answers as another package would write it: JSON lines, one answer a line."""

import json
from pathlib import Path
from typing import Annotated

import typer

from engine.command_options import StoreOption
from engine.importers.intake.answer_import import import_answers
from engine.importers.intake.answer_row import AnswerRow, AskedFact
from engine.importers.intake.answer_set import answer_set
from engine.importers.intake.answer_writing import ImportedRun
from engine.locations import LOCAL


def import_planted(file: Annotated[Path, typer.Argument(help="A log.")], store: StoreOption = LOCAL) -> None:
    """Import a planted log."""
    rows: dict[str, list[AnswerRow]] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        read = json.loads(line)
        fact = AskedFact(read["item"], read["question"], tuple(read["options"]), (read["gold"],))
        answer = AnswerRow(number, fact, predicted=read["said"], text="AB"[read["said"]])
        rows.setdefault(read["language"], []).append(answer)
    sets = [
        answer_set(answers, place=f"{file.name}, {language}", model="m", dataset="d", language=language)
        for language, answers in rows.items()
    ]
    run = ImportedRun("planted", "Planter 1.0", probe="letter", template="planted")
    for told in import_answers(file.name, store, run, sets, by="id").lines():
        typer.echo(told)
