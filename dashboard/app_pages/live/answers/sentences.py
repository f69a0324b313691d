"""One fact and what models made of it, in sentences."""

from collections.abc import Mapping, Sequence

from dashboard.app_pages.live.answers.answer_sheet import (
    AnswerSheet,
    AnswersInOneWay,
    ModelAnswers,
    Verdict,
    probability,
    verdict,
)
from dashboard.elements.figures import counted, letters, percent
from dashboard.elements.language_names import autonym
from dashboard.elements.sentences import and_list


def known(sheet: AnswerSheet, model: ModelAnswers) -> str:
    """In which languages a model knows the fact, and in which it does not."""
    measured = {tag: verdict(model.main.languages.get(tag)) for tag in sheet.texts}
    right = [tag for tag, kind in measured.items() if kind == "right"]
    wrong = [tag for tag, kind in measured.items() if kind == "wrong"]
    missing = [tag for tag, kind in measured.items() if kind == "missing"]
    n = len(right) + len(wrong)
    if not n:
        return _not_judged(model, measured)
    rest = f" It was not measured in {_all(missing)}." if missing else ""
    if n == 1:
        return f"{model.name} {'knows' if right else 'does not know'} it in {_all(right or wrong)}.{rest}"
    if not wrong:
        return f"{model.name} knows it in all {n} languages{' measured' if missing else ''}.{rest}"
    if not right:
        return f"{model.name} knows it in none of {n} languages.{rest}"
    return f"{model.name} knows it in {len(right)} of {n} languages; not in {_all(wrong)}.{rest}"


def _not_judged(model: ModelAnswers, measured: Mapping[str, Verdict]) -> str:
    """Why it cannot be said what a model knows; nothing as long as answers may come."""
    if model.main.state in ("pending", "waiting", "running"):
        return ""
    if "unjudged" in measured.values():
        return f"It is not known which answer is right, so it cannot be said whether {model.name} knows it."
    why = next((answer.error for answer in model.main.languages.values() if answer.error), model.main.note)
    return f"Nothing was measured of {model.name}: {(why or 'it gave no answer').rstrip('.')}. Ask otherwise."


def wrong_alike(sheet: AnswerSheet, model: ModelAnswers) -> str:
    """Which languages agree on the same wrong answer."""
    groups: dict[int, list[str]] = {}
    for tag in sheet.texts:
        answer = model.main.languages.get(tag)
        if answer is not None and verdict(answer) == "wrong" and answer.predicted is not None:
            groups.setdefault(answer.predicted, []).append(tag)
    alike = [(option, tags) for option, tags in sorted(groups.items()) if len(tags) > 1]
    if not groups:
        return ""
    if not alike:
        return "No two languages agree on a wrong answer." if sum(map(len, groups.values())) > 1 else ""
    groups_alike = [f"{_all(tags)} agree on {_option(sheet, option, tags[0])}" for option, tags in alike]
    return f"Wrong alike: {'; '.join(groups_alike)}."


def surest(sheet: AnswerSheet, model: ModelAnswers) -> str:
    """In which language a model is surest and least sure of its answer."""
    sure = {tag: probability(model.main.languages.get(tag)) for tag in sheet.texts}
    known = sorted((value, tag) for tag, value in sure.items() if value is not None)
    if not known:
        return ""
    (least, at_least), (most, at_most) = known[0], known[-1]
    if len(known) == 1:
        return f"It gives its answer {percent(most)}."
    if percent(least) == percent(most):
        return f"It is as sure everywhere: its answers have {percent(most)} of the probability."
    return (
        f"Surest in {autonym(at_most)}, where its answer has {percent(most)} of the probability; least sure in "
        f"{autonym(at_least)}, {percent(least)}."
    )


def steadiness(sheet: AnswerSheet, model: ModelAnswers) -> str:
    """Whether it says the same when it is asked otherwise."""
    ways = model.every
    if len(ways) < 2:
        return ""
    counts = {tag: same_answers(ways, tag) for tag in sheet.texts}
    found = {tag: pair for tag, pair in counts.items() if pair[1] > 1}
    if not found:
        return "In no language was it answered in two ways, so it cannot be said how steady its answers are."
    steady = [tag for tag, (same, asked) in found.items() if same == asked]
    ways_agree = f"the same answer each time in {len(steady)} of {len(found)} languages"
    sentence = f"Asked in {len(ways)} ways, it gives {ways_agree}"
    shaky = sorted((same / asked, same, asked, tag) for tag, (same, asked) in found.items() if same < asked)
    if not shaky:
        return sentence + "."
    _, same, asked, tag = shaky[0]
    return f"{sentence}; least steady in {autonym(tag)}, with its answer in {same} of {asked}."


def same_answers(ways: Sequence[AnswersInOneWay], tag: str) -> tuple[int, int]:
    """How many of the ways, and of how many, give the answer of the first one; 0 of 0 where that has none."""
    answers = [answers.languages.get(tag) for answers in ways]
    chosen = [answer.predicted for answer in answers if answer is not None and answer.predicted is not None]
    if answers[0] is None or answers[0].predicted is None:
        return 0, 0
    return chosen.count(answers[0].predicted), len(chosen)


def compared(sheet: AnswerSheet) -> str:
    """Where one of two models knows the fact and the other does not."""
    if len(sheet.models) != 2:
        return ""
    verdicts = [{tag: verdict(model.main.languages.get(tag)) for tag in sheet.texts} for model in sheet.models]
    judged = [tag for tag in sheet.texts if all(of_model[tag] in ("right", "wrong") for of_model in verdicts)]
    if not judged:
        return "In no language were both models measured, so they cannot be compared."
    first, second = ({tag for tag in judged if of_model[tag] == "right"} for of_model in verdicts)
    both = [tag for tag in sheet.texts if tag in first & second]
    alone = [
        f"only {model.name}: {_all([tag for tag in sheet.texts if tag in own])}"
        for model, own in zip(sheet.models, (first - second, second - first), strict=True)
        if own
    ]
    if not first | second:
        return ""
    return "; ".join([f"Both know it in {counted(len(both), 'language')}", *alone]) + "."


def _option(sheet: AnswerSheet, option: int, tag: str) -> str:
    texts = sheet.texts["en" if "en" in sheet.texts else tag]
    return f"{letters([option])}. {texts.options[option]}"


def _all(tags: Sequence[str]) -> str:
    return and_list([autonym(tag) for tag in tags])
