"""What the Language pairs page says, in sentences made from its figures."""

from collections.abc import Mapping

from engine.browse.queries import Row


def pair(cell: Row, *, model: str, title: str, names: Mapping[str, str]) -> str:
    """What a model knows in the first language of a pair and not in the second."""
    a, b = names[str(cell["language_a"])], names[str(cell["language_b"])]
    if not cell["n"]:
        return f"No fact was measured of {model} both in {a} and in {b}, so there is nothing to compare."
    return (
        f"{model} knows {int(cell['n_only_a'])} of {int(cell['n'])} {title} in {a} that it does not know in "
        f"{b}, and {int(cell['n_only_b'])} the other way round."
    )
