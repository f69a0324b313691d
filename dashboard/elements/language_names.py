"""Languages as pages name them."""

from engine.errors import IsoglossError
from engine.languages import language


def autonym(tag: str) -> str:
    """A language's name in itself, as the first word of a line: capital where the script has capitals.

    A tag that names no language stands for itself.
    """
    try:
        name = language(tag).autonym
    except IsoglossError:
        return tag
    return name[:1].title() + name[1:]
