"""Import of a published parallel set by its name."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.errors import IsoglossError
from engine.importers.intake.answer_key import UnreadableKey
from engine.importers.intake.fact_report import FactsReport
from engine.importers.intake.fact_row import FactProblem, FactRow
from engine.importers.intake.fact_writing import Title
from engine.importers.intake.language_map import LanguageMap
from engine.importers.intake.published_set import import_published_set
from engine.importers.intake.text_form import TextForm
from engine.importers.parallel_sets.definitions import PARALLEL_SETS, ParallelSet, SetItem
from engine.importers.parallel_sets.source import SetSource, folder_source, hub_source
from engine.printable_text import printable

_PIVOT = "en"


def import_parallel_set(
    name: str,
    store: Path,
    *,
    folder: Path | None = None,
    languages: Sequence[str] | None = None,
    limit: int | None = None,
    language_map: Mapping[str, str] | None = None,
) -> FactsReport:
    """Import a set from the hub, or from `folder`: all its languages or the tags in `languages`.

    `language_map`: the tags of codes, by `parse_language_map`. `limit` takes only the first facts of English, or of
    the first language where there is no English. A fact that does not hold in one language is left out in all. Raises
    IsoglossError for an unknown name, language or column, and where a code must be explained.
    """
    if name not in PARALLEL_SETS:
        raise IsoglossError(
            f'there is no set "{printable(f"{name:.60}")}"; there are: {", ".join(PARALLEL_SETS)}', exit_status=64
        )
    known = PARALLEL_SETS[name]
    tags = LanguageMap(language_map, usual=known.languages)
    source = hub_source(known, tags) if folder is None else folder_source(known, folder, tags)
    text_form = TextForm()
    rows: list[FactRow] = []
    problems: list[FactProblem] = []
    chosen: set[str] | None = None
    chosen_languages = _order(source, languages)
    tags.keep(chosen_languages)
    tags.check(source.shown)
    for language in chosen_languages:
        read, unread = _read(known, source, language, text_form)
        if limit is not None:
            if chosen is None:
                chosen = {row.fact_id for row in read[:limit]}
            read = [row for row in read if row.fact_id in chosen]
            unread = [problem for problem in unread if problem.fact is None or problem.fact[1] in chosen]
        rows += read
        problems += unread
    notes = [f"{known.title}: {known.source}; licence {known.licence}", *tags.notes(), *text_form.notes()]
    if source.not_read:
        notes.append(f"not read: {', '.join(printable(entry) for entry in source.not_read)}")
    titles = {known.name: Title(known.title, known.stream)}
    return import_published_set(source.shown, rows, store, titles=titles, unread=problems, notes=notes)


def _order(source: SetSource, languages: Sequence[str] | None) -> list[str]:
    """The languages to read, English first. Raises IsoglossError for one that is not there."""
    wanted = list(source.configs) if languages is None else list(dict.fromkeys(languages))
    if missing := [language for language in wanted if language not in source.configs]:
        there = ", ".join(sorted(source.configs))
        raise IsoglossError(f"{source.shown} has no {', '.join(missing)}; there are: {there}", exit_status=64)
    return sorted(wanted, key=lambda language: (language != _PIVOT, language))


def _read(
    known: ParallelSet, source: SetSource, language: str, text_form: TextForm
) -> tuple[list[FactRow], list[FactProblem]]:
    """The facts of a language in their order, and the rows that are none."""
    rows: list[FactRow] = []
    problems: list[FactProblem] = []
    for number, values in enumerate(source.rows(language), start=1):
        place = f"{source.configs[language]} row {number}"
        if missing := [column for column in known.columns if column not in values]:
            raise IsoglossError(f"{source.shown}, {place}: missing columns: {', '.join(missing)}; is this {known.hub}?")
        fact_id = None
        try:
            fact_id = text_form.identifier(known.fact_id(values))
            rows.append(_row(known, fact_id, known.item(values, language), language, place, text_form))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            text = f"cannot be read as a question of {known.name} ({type(error).__name__}: {error!s:.80})"
            text = str(error) if isinstance(error, UnreadableKey) else text
            problems.append(FactProblem(place, text, None if fact_id is None else (known.name, fact_id)))
    return rows, problems


def _row(known: ParallelSet, fact_id: str, item: SetItem, language: str, place: str, text_form: TextForm) -> FactRow:
    return FactRow(
        place=place,
        dataset=known.name,
        fact_id=fact_id,
        language=language,
        question=text_form(item.question),
        options=tuple(text_form(option) for option in item.options),
        gold=(item.gold,),
        stream=known.stream,
        relation=item.relation,
        source_language=_PIVOT,
        origin="native" if language == _PIVOT else known.translated,
    )
