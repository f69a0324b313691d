"""A fact typed in one language, completed in many: by what it asks, by the store and by CLDR."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dashboard.app_pages.live.typing.distractor_sources import find_distractors
from dashboard.app_pages.live.typing.distractors import Distractors
from dashboard.app_pages.live.typing.recognition import Recognised
from dashboard.app_pages.live.typing.template_filling import Filled, TypedTemplate, fill
from engine.common_names import NameByLanguage


@dataclass(frozen=True)
class KnownTexts:
    """What is known of a fact beside what was typed; `answers`: by their texts in the language that was typed in."""

    question: NameByLanguage = field(default_factory=dict)
    subject: NameByLanguage = field(default_factory=dict)
    answers: Mapping[str, NameByLanguage] = field(default_factory=dict)

    def with_own(self, own: "KnownTexts") -> "KnownTexts":
        """With the user's own texts, which come before all that is known."""
        answers = {text: {**self.answers.get(text, {}), **names} for text, names in own.answers.items()}
        return KnownTexts(
            {**self.question, **own.question}, {**self.subject, **own.subject}, {**self.answers, **answers}
        )


@dataclass(frozen=True)
class Completed:
    """The template as it is asked, the table that it makes, and the wrong answers that were proposed for it."""

    template: TypedTemplate
    filled: Filled
    distractors: Distractors | None
    relation: str | None  # in whose known words it is asked


_NOTHING = KnownTexts()


def completed(
    version: str,
    template: TypedTemplate,
    languages: Sequence[str],
    meaning: Recognised | None,
    *,
    in_known_words: bool,
    own: KnownTexts = _NOTHING,
) -> Completed:
    """Complete a template, in the known words of what was recognised or as it was typed."""
    known = meaning if in_known_words else None
    asked = known.template if known is not None else template
    texts = _NOTHING
    if meaning is not None:
        texts = KnownTexts(known.wordings if known is not None else {}, meaning.subject, meaning.answers)
    texts = texts.with_own(own)
    distractors = _proposal(version, asked, languages, meaning)
    relation = known.relation[1] if known is not None else None
    filled = fill(
        asked,
        languages,
        wordings=texts.question,
        subjects=texts.subject,
        answers=texts.answers,
        distractors=distractors,
        relation=relation,
    )
    return Completed(asked, filled, distractors, relation)


def _proposal(
    version: str, template: TypedTemplate, languages: Sequence[str], meaning: Recognised | None
) -> Distractors | None:
    if template.options != "proposed" or not template.answer.strip():
        return None
    return find_distractors(
        version,
        about=template.subject or template.question,
        subject=template.subject,
        answer=template.answer.strip(),
        language=template.language,
        languages=languages,
        relation=meaning.relation if meaning is not None else None,
        seed=template.seed,
    )
