"""Typing by relation: the question comes out in every language that the fact has."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import queries
from dashboard.app_pages.live.typing.distractor_sources import find_distractors
from dashboard.app_pages.live.typing.distractors import Distractors
from dashboard.app_pages.live.typing.draft import TypedFact
from dashboard.app_pages.live.typing.fact_preview import show_fact
from dashboard.app_pages.live.typing.language_controls import choose_languages, label, reading_language
from dashboard.app_pages.live.typing.stored_fact import StoredFact, stored_fact
from dashboard.app_pages.live.typing.subject_controls import choose_relation, choose_subject
from dashboard.choices import url_state
from dashboard.choices.controls import segmented
from dashboard.elements import prose
from engine.browse.not_asked import not_asked
from engine.languages import by_family
from engine.live.protocol.fact_text import FactText

StoredOptions = Literal["stored", "other", "none"]
OPTIONS: dict[StoredOptions, str] = {"stored": "Those of the fact", "other": "Other wrong answers", "none": "None"}
_SEEDS = 1_000_000
_HELP = (
    "The wrong options that come with the fact; or others, drawn from the right answers of other facts; or none: "
    "an open question, which the model answers in its own words."
)


def relation_fact(version: str, *, beside: DeltaGenerator) -> TypedFact | None:
    """Draw the controls, one of them beside the modes of typing; the fact that they choose."""
    relations = queries.view(version, "probe_relations")
    if relations.empty:
        prose.say(
            "No facts of the store say what they are about. Type a fact by template or in the table; or bring facts "
            "with the columns relation and subject, then reload this page:"
        )
        st.code(".venv/bin/python -m engine import facts FILE", language=None)
        return None
    what, who, own = st.columns([6, 5, 3], vertical_alignment="bottom")
    with own:
        read = reading_language(by_family(relations["language"].unique()))
    with what:
        dataset, relation = choose_relation(relations, read)
    with who:
        fact_id = choose_subject(version, dataset, relation, read)
    fact = stored_fact(version, dataset, fact_id) if fact_id else None
    here = relations[(relations["dataset"] == dataset) & (relations["relation"] == relation)]
    languages = choose_languages(by_family(fact.texts if fact else here["language"]))
    with beside:
        options_of = segmented("options", "Options", OPTIONS, default="stored", help=_HELP)
    if fact is None:
        left = not_asked(dataset, relation).get(fact_id or "")
        prose.sentence(
            f"{left.name('en')} is left out: {left.reason}. Choose another subject."
            if left
            else "Choose a subject: its name can be typed in any language."
        )
        return None
    if not languages:
        prose.say("Choose at least one language to ask in.")
        return None
    shown = next((tag for tag in (read, "en") if tag in fact.texts), languages[0])
    typed = _typed(version, fact, languages, title=_title(fact, shown), options_of=options_of)
    if typed is not None:
        show_fact(typed.fact, first=shown)
    return typed


def _title(fact: StoredFact, shown: str) -> str:
    return f"{(fact.relation or '').replace('_', ' ')} · {fact.texts[shown].subject or fact.fact_id}"


def _typed(
    version: str, fact: StoredFact, languages: Sequence[str], *, title: str, options_of: StoredOptions
) -> TypedFact | None:
    if options_of == "none":
        return TypedFact(open_question(fact, languages), title, None)
    if options_of == "stored":
        return TypedFact(fact.as_asked(languages), title, (fact.dataset, fact.fact_id))
    distractors = _propose(version, fact, languages)
    if distractors is None:
        prose.say("The relation has too few other answers to draw from. Take the options of the fact.")
        return None
    found = with_options(fact, languages, distractors)
    if left_out := [label(tag) for tag in languages if tag not in found.texts]:
        prose.say(f"Not asked, because an option has no name there: {', '.join(left_out)}.")
    return TypedFact(found, title, None) if found.texts else None


def _propose(version: str, fact: StoredFact, languages: Sequence[str]) -> Distractors | None:
    anchor = "en" if "en" in fact.texts else languages[0]
    texts = fact.texts[anchor]
    answer = texts.answer(fact.gold)
    if answer is None:
        return None
    seed = url_state.seed("draw", url_state.number(0, _SEEDS), 0, what="draw")
    url_state.publish("draw", seed, str(seed) if seed else "")
    st.button("Draw others", on_click=_draw_again)
    return find_distractors(
        version,
        about=texts.subject or "",
        subject=texts.subject or "",
        answer=answer,
        language=anchor,
        languages=languages,
        relation=(fact.dataset, fact.relation or ""),
        seed=seed,
    )


def _draw_again() -> None:
    st.session_state["draw"] = (int(st.session_state.get("draw", 0)) + 1) % _SEEDS


def open_question(fact: StoredFact, languages: Sequence[str]) -> FactText:
    """The fact as an open question: its right option becomes the accepted answer."""
    asked = fact.as_asked(languages)
    texts = {}
    for tag, written in asked.texts.items():
        answer = fact.texts[tag].answer(fact.gold)
        accepted = written.answers or ([answer] if answer else [])
        texts[tag] = written.model_copy(update={"options": [], "answers": accepted})
    return asked.model_copy(update={"texts": texts, "gold": []})


def with_options(fact: StoredFact, languages: Sequence[str], distractors: Distractors) -> FactText:
    """The fact with the options proposed, where all have a name; the fact's own words stay the right one."""
    asked = fact.as_asked(languages)
    texts = {}
    for tag, written in asked.texts.items():
        options = [names.get(tag) for names in distractors.options]
        options[distractors.gold] = fact.texts[tag].answer(fact.gold)
        if all(options):
            texts[tag] = written.model_copy(update={"options": options, "answers": []})
    return asked.model_copy(update={"texts": texts, "gold": [distractors.gold]})
