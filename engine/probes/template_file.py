"""Reading templates from TOML: those that come with Isogloss, and a user's own, in the same form."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from re import fullmatch
from typing import cast, get_args

from engine.errors import IsoglossError
from engine.languages import parse_language
from engine.probes.fitness import fault
from engine.probes.scorers import SCORERS
from engine.probes.template import FALLBACK, PLACEHOLDER, Example, Template, Wording
from engine.probes.toml_table import TomlTable, as_list, as_table, check_keys, read_toml, text_at, texts_at
from engine.schema import ProbeName

_FOLDER = Path(__file__).parent / "templates"
_FILE_KEYS = ("probe", "templates", "examples")
_TEMPLATE_KEYS = ("name", "version", "frame_language", "between", "stop", "scorer", "wordings")
_LISTED = ("text", "separator", "instruction", "option", "option_separator")
_WORDING_KEYS: Mapping[ProbeName, Collection[str]] = {
    "letter": _LISTED,
    "cloze": ("text", "separator", "instruction", "statement"),
    "generation": _LISTED,
}


@cache
def built_in(probe: ProbeName) -> Mapping[str, Template]:
    """The templates that come with Isogloss, by name; the first is the usual one. All share the same examples."""
    return _read(_FOLDER / f"{probe}.toml", _FOLDER / "examples.toml")


def load_templates(file: Path) -> Mapping[str, Template]:
    """A user's own templates, by name. Raises IsoglossError that says what is wrong where.

    Results name a template by name and version alone, so a name of one that comes with Isogloss is refused.
    """
    templates = _read(file, file)
    for template in templates.values():
        if template.name in built_in(template.probe):
            raise IsoglossError(f"{file}: Isogloss has a template {template.name} of its own; give yours another name")
    return templates


def find_template(probe: ProbeName, name: str | None = None, file: Path | None = None) -> Template:
    """A template by name (None: the first), of the file if there is one. Raises IsoglossError that lists the names."""
    templates = load_templates(file) if file else built_in(probe)
    where = str(file) if file else f"the {probe} probe"
    found = next(iter(templates.values())) if name is None else templates.get(name)
    if found is None:
        raise IsoglossError(f'{where} has no template "{name}": choose from {", ".join(templates)}', exit_status=64)
    if found.probe != probe:
        raise IsoglossError(f"{where} is for the {found.probe} probe, not for {probe}", exit_status=64)
    return found


def _read(file: Path, examples_file: Path) -> Mapping[str, Template]:
    data = read_toml(file)
    check_keys(data, _FILE_KEYS, str(file))
    probe = data.get("probe")
    if probe not in get_args(ProbeName):
        raise IsoglossError(
            f"{file} must begin with probe = one of {', '.join(get_args(ProbeName))}; found {probe!r:.60}"
        )
    examples = _examples(read_toml(examples_file).get("examples", {}), f"{examples_file}: examples")
    listed = data.get("templates")
    if not isinstance(listed, list) or not listed:
        raise IsoglossError(f"{file}: there are no templates; each begins with [[templates]]")
    templates: dict[str, Template] = {}
    for number, table in enumerate(listed, start=1):
        template = _template(cast(ProbeName, probe), as_table(table, f"{file}: template {number}"), examples, str(file))
        if template.name in templates:
            raise IsoglossError(f"{file}: there are two templates {template.name}; give one another name")
        templates[template.name] = template
    return templates


def _template(probe: ProbeName, table: TomlTable, examples: Mapping[str, tuple[Example, ...]], file: str) -> Template:
    name, version = table.get("name"), table.get("version")
    if not isinstance(name, str) or not fullmatch(r"[a-z0-9][a-z0-9_-]{0,31}", name):
        raise IsoglossError(f"{file}: a template needs a name of small letters a-z, digits, - and _; found {name!r}")
    where = f"{file}: template {name}"
    check_keys(table, _TEMPLATE_KEYS, where)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise IsoglossError(f"{where} needs a version, a whole number from 1; found {version!r}")
    wordings = {
        _tag(tag, where): _wording(probe, as_table(words, f"{where}, wording {tag}"), f"{where}, wording {tag}")
        for tag, words in as_table(table.get("wordings", {}), f"{where}: wordings").items()
    }
    frame = text_at(table, "frame_language", where)
    if (frame or FALLBACK) not in wordings:
        raise IsoglossError(
            f"{where} has no [templates.wordings.{frame or FALLBACK}]: "
            + ("it must word frame_language" if frame else "the words for every language that it does not name")
        )
    if frame and len(wordings) > 1:
        raise IsoglossError(f"{where} words other languages than its frame_language {frame}, which would not be used")
    if len({"{options}" in words.text for words in wordings.values()}) > 1:
        raise IsoglossError(f"{where}: {{options}} stands in some wordings but not in others")
    scorer = text_at(table, "scorer", where)
    if (probe == "generation" and scorer not in SCORERS) or (probe != "generation" and scorer):
        raise IsoglossError(f"{where}: scorer is for generation alone, one of {', '.join(SCORERS)}; found {scorer!r}")
    return Template(
        probe=probe,
        name=name,
        version=version,
        wordings=wordings,
        examples=examples,
        frame_language=frame,
        between=text_at(table, "between", where, "\n\n"),
        stop=texts_at(table, "stop", where),
        scorer=scorer,
    )


def _wording(probe: ProbeName, table: TomlTable, where: str) -> Wording:
    check_keys(table, _WORDING_KEYS[probe], where)
    wording = Wording(
        **{key: text_at(table, key, where) for key in table if key != "text"}, text=text_at(table, "text", where)
    )
    required = {
        "text": {"question", "options"} if probe == "letter" else {"question"},
        "option": {"letter", "option"},
        "statement": {"beginning"},
    }
    allowed = {"text": {"question"} if probe == "cloze" else {"question", "options"}}
    for key in (field.name for field in fields(Wording)):
        value = getattr(wording, key)
        found = set(PLACEHOLDER.findall(value))
        if missing := required.get(key, set()) - found:
            raise IsoglossError(f"{where}: {key} must hold {{{sorted(missing)[0]}}}")
        if unknown := found - allowed.get(key, required.get(key, set())):
            raise IsoglossError(f"{where}: {key} cannot hold {{{sorted(unknown)[0]}}}")
        if value.strip() and (reason := fault(value)):
            raise IsoglossError(f"{where}: {key} {reason}")
    if not wording.statement.endswith("{beginning}"):
        raise IsoglossError(f"{where}: statement must end with {{beginning}}, since the answer follows it")
    return wording


def _examples(data: object, where: str) -> Mapping[str, tuple[Example, ...]]:
    languages = as_table(data, where)
    if languages and FALLBACK not in languages:
        raise IsoglossError(
            f"{where}: there is no [[examples.{FALLBACK}]] for the languages that have none of their own"
        )
    return {
        _tag(tag, where): tuple(_example(one, f"{where}.{tag}") for one in as_list(listed, f"{where}.{tag}"))
        for tag, listed in languages.items()
    }


def _example(data: object, where: str) -> Example:
    table = as_table(data, where)
    check_keys(table, ("question", "answer", "options"), where)
    example = Example(
        text_at(table, "question", where), text_at(table, "answer", where), texts_at(table, "options", where)
    )
    for text in (example.question, example.answer, *example.options):
        if reason := fault(text):
            raise IsoglossError(f"{where}: a question, answer or option {reason}")
    if example.answer not in example.options:
        raise IsoglossError(f'{where}: the answer "{example.answer}" is none of the options')
    return example


def _tag(written: str, where: str) -> str:
    if written == FALLBACK:
        return written
    tag = parse_language(written)
    if tag != written:
        raise IsoglossError(f'{where}: write the language "{written}" as "{tag}"')
    return tag
