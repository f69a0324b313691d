"""One fact and what models made of it, in sentences."""

from collections.abc import Mapping, Sequence

from dashboard.app_pages.live.answers.answer_sheet import Answers, Column, Shown, Verdict, autonym, probability, verdict
from dashboard.elements.figures import counted, letters, percent


def known(shown: Shown, column: Column) -> str:
    """In which languages a model knows the fact, and in which it does not."""
    measured = {tag: verdict(column.main.languages.get(tag)) for tag in shown.texts}
    right = [tag for tag, kind in measured.items() if kind == "right"]
    wrong = [tag for tag, kind in measured.items() if kind == "wrong"]
    missing = [tag for tag, kind in measured.items() if kind == "missing"]
    n = len(right) + len(wrong)
    if not n:
        return _not_judged(column, measured)
    rest = f" It was not measured in {_all(missing)}." if missing else ""
    if n == 1:
        return f"{column.model} {'knows' if right else 'does not know'} it in {_all(right or wrong)}.{rest}"
    if not wrong:
        return f"{column.model} knows it in all {n} languages{' measured' if missing else ''}.{rest}"
    if not right:
        return f"{column.model} knows it in none of {n} languages.{rest}"
    return f"{column.model} knows it in {len(right)} of {n} languages; not in {_all(wrong)}.{rest}"


def _not_judged(column: Column, measured: Mapping[str, Verdict]) -> str:
    """Why it cannot be said what a model knows; nothing as long as answers may come."""
    if column.main.state in ("pending", "waiting", "running"):
        return ""
    if "said" in measured.values():
        return f"It is not known which answer is right, so it cannot be said whether {column.model} knows it."
    why = next((answer["error"] for answer in column.main.languages.values() if answer.get("error")), column.main.note)
    return f"Nothing was measured of {column.model}: {(why or 'it gave no answer').rstrip('.')}. Ask otherwise."


def wrong_alike(shown: Shown, column: Column) -> str:
    """Which languages agree on the same wrong answer."""
    groups: dict[int, list[str]] = {}
    for tag in shown.texts:
        answer = column.main.languages.get(tag)
        if answer is not None and verdict(answer) == "wrong" and answer.get("predicted") is not None:
            groups.setdefault(answer["predicted"], []).append(tag)
    alike = [(option, tags) for option, tags in sorted(groups.items()) if len(tags) > 1]
    if not groups:
        return ""
    if not alike:
        return "No two languages agree on a wrong answer." if sum(map(len, groups.values())) > 1 else ""
    said = [f"{_all(tags)} agree on {_option(shown, option, tags[0])}" for option, tags in alike]
    return f"Wrong alike: {'; '.join(said)}."


def surest(shown: Shown, column: Column) -> str:
    """In which language a model is surest and least sure of its answer."""
    sure = {tag: probability(column.main.languages.get(tag)) for tag in shown.texts}
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


def steadiness(shown: Shown, column: Column) -> str:
    """Whether it says the same when it is asked otherwise."""
    ways = column.every
    if len(ways) < 2:
        return ""
    counts = {tag: same_answers(ways, tag) for tag in shown.texts}
    found = {tag: pair for tag, pair in counts.items() if pair[1] > 1}
    if not found:
        return "In no language was it answered in two ways, so it cannot be said how steady its answers are."
    steady = [tag for tag, (same, asked) in found.items() if same == asked]
    said = f"Asked in {len(ways)} ways, it gives the same answer each time in {len(steady)} of {len(found)} languages"
    shaky = sorted((same / asked, same, asked, tag) for tag, (same, asked) in found.items() if same < asked)
    if not shaky:
        return said + "."
    _, same, asked, tag = shaky[0]
    return f"{said}; least steady in {autonym(tag)}, with its answer in {same} of {asked}."


def same_answers(ways: Sequence[Answers], tag: str) -> tuple[int, int]:
    """How many of the ways, and of how many, give the answer of the first one; 0 of 0 where that has none."""
    said = [one.languages.get(tag, {}).get("predicted") for one in ways]
    if said[0] is None:
        return 0, 0
    given = [option for option in said if option is not None]
    return sum(option == said[0] for option in given), len(given)


def compared(shown: Shown) -> str:
    """Where one of two models knows the fact and the other does not."""
    if len(shown.columns) != 2:
        return ""
    verdicts = [{tag: verdict(column.main.languages.get(tag)) for tag in shown.texts} for column in shown.columns]
    judged = [tag for tag in shown.texts if all(one[tag] in ("right", "wrong") for one in verdicts)]
    if not judged:
        return "In no language were both models measured, so they cannot be compared."
    first, second = ({tag for tag in judged if one[tag] == "right"} for one in verdicts)
    both = [tag for tag in shown.texts if tag in first & second]
    alone = [
        f"only {column.model}: {_all([tag for tag in shown.texts if tag in own])}"
        for column, own in zip(shown.columns, (first - second, second - first), strict=True)
        if own
    ]
    if not first | second:
        return ""
    return "; ".join([f"Both know it in {counted(len(both), 'language')}", *alone]) + "."


def _option(shown: Shown, option: int, tag: str) -> str:
    texts = shown.texts["en" if "en" in shown.texts else tag]
    return f"{letters([option])}. {texts['options'][option]}"


def _all(tags: Sequence[str]) -> str:
    names = [autonym(tag) for tag in tags]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
