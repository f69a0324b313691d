"""How a source writes its languages: each code as a tag, by `--language-map` where that says so."""

from collections.abc import Collection, Iterator, Mapping

from engine.errors import IsoglossError
from engine.facts.appearance import unmarked
from engine.languages import language, parse_language, unusual_region
from engine.printable_text import printable

OPTION = "--language-map"
# What data call Norwegian is Bokmål; the other, nn, has a code of its own everywhere.
_USUAL = {"no": "nb"}


class LanguageMap:
    """Reads the codes of one source, and keeps what each was read as."""

    def __init__(self, given: Mapping[str, str] | None = None, *, usual: Mapping[str, str] = _USUAL) -> None:
        """`given`: the tags of the codes that the user explained, by `parse_language_map`; `usual`: of the source's."""
        self._given = dict(given or {})
        self._usual = {**_USUAL, **usual}
        self.read: dict[str, str] = {}
        self._met: set[str] = set()

    def __call__(self, code: str) -> str:
        """The tag that a code stands for. Raises IsoglossError when it is no language."""
        tag = self._given.get(_key(code)) or self._usual.get(_key(code))
        if tag is None:
            tag = parse_language(unmarked(code))
            tag = self._usual.get(tag, tag)
        self.read[code.strip()] = tag
        self._met.add(_key(code))
        return tag

    def keep(self, tags: Collection[str]) -> None:
        """Forget the codes of other languages, which are not imported."""
        self.read = {code: tag for code, tag in self.read.items() if tag in tags}

    def doubt(self) -> str | None:
        """The codes read so far that hardly mean what they say, and how to say what is meant; None: there is none."""
        odd = {code: tag for code, tag in self.read.items() if _key(code) not in self._given and unusual_region(tag)}
        if not odd:
            return None
        meanings = ", ".join(f"{code} would be {language(tag).name}" for code, tag in odd.items())
        remedy = ",".join(f"{code}={_likelier(tag)}" for code, tag in odd.items())
        return printable(f"{meanings}, which CLDR does not know there: say what is meant, e.g. {OPTION} {remedy}")

    def check(self, source: str) -> None:
        """Raise IsoglossError where there is a doubt."""
        if doubt := self.doubt():
            raise IsoglossError(f"{source}: {doubt}")

    def notes(self) -> Iterator[str]:
        """What codes were read as, where that is more than case and separator, for a report."""
        told = [f"{code} as {tag}" for code, tag in sorted(self.read.items()) if _key(code) != tag.lower()]
        if told:
            yield f"language codes read: {', '.join(told)}"
        if unmet := sorted(self._given.keys() - self._met):
            yield f"codes of {OPTION} that do not occur: {', '.join(unmet)}"


def parse_language_map(text: str | None) -> dict[str, str]:
    """Codes and tags from "ES_LA=es-419,ar_AR=ar"; None: none. Raises IsoglossError (exit status 64)."""
    given: dict[str, str] = {}
    for part in text.split(",") if text is not None else ():
        code, mark, tag = part.partition("=")
        if not (mark and _key(code)):
            raise IsoglossError(
                f'{OPTION}: "{printable(f"{part:.60}")}" names no code and tag: write e.g. ES_LA=es-419,ar_AR=ar',
                exit_status=64,
            )
        try:
            read = parse_language(tag)
        except IsoglossError as error:
            raise IsoglossError(f"{OPTION}: {printable(str(error))}", exit_status=64) from error
        if given.setdefault(_key(code), read) != read:
            raise IsoglossError(f"{OPTION} gives {printable(code.strip())} two tags: give one", exit_status=64)
    return given


def _key(code: str) -> str:
    """A code apart from case, separator and what the CLiKA release adds to it."""
    return unmarked(code).strip().lower().replace("_", "-").removesuffix("-trans")


def _likelier(tag: str) -> str:
    """What an unusual tag may be meant for: what lists of codes mean by it, or the language without the region."""
    listed = parse_language(tag.replace("-", "_"))
    return listed if listed != tag else tag.partition("-")[0]
