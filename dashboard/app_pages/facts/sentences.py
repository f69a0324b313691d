"""What the Facts page says, in sentences made from its figures."""

from dashboard.elements.figures import counted
from engine.browse.queries import Row


def found(first: Row, *, model: str, words: str, has_answers: bool = True) -> str:
    """How many facts a search found, and how many of them a model knows everywhere and nowhere.

    `first`: any row; `has_answers`: whether single answers of the model are there at all. Only a fact that was measured
    in every chosen language can be known in all of them, or in none.
    """
    facts = f"{counted(first['n_facts'], 'fact')}{' ' + words if words else ''}"
    n_facts, n_complete = int(first["n_facts"]), int(first["n_complete"])
    if not has_answers:
        return f"{facts}."
    if not first["n_measured"]:
        return f"{facts}; {model} was measured on none of them in the chosen languages."
    if not n_complete:
        return (
            f"{facts}; {model} was measured on none of them in all of the chosen languages, so it cannot be said which "
            "it knows in every one. Choose languages in which the same facts were measured."
        )
    everywhere, nowhere = f"{int(first['n_everywhere']):,}", f"{int(first['n_nowhere']):,}"
    if n_complete == n_facts:
        return f"{facts}; {model} knows {everywhere} of them in every language and {nowhere} in none."
    return (
        f"{facts}; {model} was measured on {n_complete:,} of them in every chosen language: it knows {everywhere} in "
        f"all of these, and {nowhere} in none."
    )
