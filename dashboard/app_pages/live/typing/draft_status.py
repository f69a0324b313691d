"""What a typed table amounts to: the fact that can be asked, or what is missing, in words."""

from collections.abc import Sequence

from dashboard.app_pages.live.typing.draft import Draft, TypedFact, problems_of
from dashboard.app_pages.live.typing.language_controls import label
from dashboard.elements import prose

_SHOWN = 5  # problems in full


def draft_status(draft: Draft, languages: Sequence[str], *, title: str) -> TypedFact | None:
    """Draw what is missing or wrong, or in how many languages it is asked; the fact, where it can be asked."""
    asked, wrong = draft.asked_in(languages), problems_of(draft.fact(languages))
    if not draft.begun_in(languages):
        prose.sentence("Type or paste the question and its options, in as many languages as you like.")
        return None
    if wrong:
        for problem in wrong[:_SHOWN]:
            prose.say(f"{problem}.")
        if len(wrong) > _SHOWN:
            prose.say(f"… and {len(wrong) - _SHOWN} more; they stand beside the rows.")
        return None
    if not asked:
        prose.say("No language has all of its cells yet: beside each row stands what is missing.")
        return None
    rest = [tag for tag in draft.begun_in(languages) if tag not in asked]
    prose.caption(
        f"To be asked in {len(asked)} of {len(languages)} languages."
        + (f" Not yet complete: {', '.join(map(label, rest))}." if rest else "")
        + ("" if not draft.n_options or draft.gold else " No option is marked as right.")
    )
    return TypedFact(draft.fact(languages), title, None)
