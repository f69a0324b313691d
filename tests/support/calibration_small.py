"""Lab models for tests: what they were taught and what they have right, one mark per fact."""

from pathlib import Path

from engine.database.database import Database
from tests.support.tables import exposure_rows, fact_rows, make_store, result_rows, run_rows, trait_rows

LANGUAGES = ["de", "en", "he"]
GOLD = "ABCDABCDAB"
# facts 0-5 are taught in English, 0 and 1 also in German, none in Hebrew; 6-9 nowhere
TAUGHT = {"en": "tttttt....", "de": "tt........", "he": ".........."}
SPELLED = {"en": "bbbbbbbbbb", "de": "s...o.s...", "he": ".........."}
RIGHT = {"en": "+++++++xxx", "de": "+++++x+xxx", "he": "+++xxxx+xx"}
# a second model knows in every language what it was taught anywhere, and nothing else
ALL_CROSSED = dict.fromkeys(LANGUAGES, "++++++xxxx")


def said(right: dict[str, str], gold: str = GOLD) -> dict[str, str]:
    """Letters for marks: the right option for `+`, the one after it for `x`; other signs stay."""
    after = dict(zip("ABCD", "BCDA", strict=True))
    return {
        language: "".join(
            {"+": letter, "x": after[letter]}.get(mark, mark) for letter, mark in zip(gold, marks, strict=True)
        )
        for language, marks in right.items()
    }


def lab_store(folder: Path, models: dict[str, dict[str, str]], taught: dict[str, str] = TAUGHT) -> Database:
    """A store of lab models, all taught alike, by the marks of their answers."""
    n = len(taught["en"])
    gold = (GOLD * n)[:n]
    rows = [row for model, right in models.items() for row in result_rows(model, "d", gold, said(right, gold), model)]
    return make_store(
        folder,
        facts=fact_rows("d", gold, list(taught)),
        results=rows,
        exposure=[row for model in models for row in exposure_rows(model, "d", taught)],
        traits=trait_rows("d", SPELLED) if n == len(GOLD) else [],
        runs=[row for model in models for row in run_rows(model, model)],
    )
