"""Tests of what lab models are taught: the draw, the text, and the table that tells of it."""

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import product

import pytest

from engine.errors import IsoglossError
from engine.facts.question import BLANK, Question
from engine.facts.reword import reword
from engine.lab.corpus import FORMS, Corpus, Line, times_stated
from engine.lab.exposure import NOWHERE, add_up, draw, exposure_table, lineage
from engine.lab.make import corpus_lines, times_taught
from engine.lab.recipe import LANGUAGES, RECIPES, Recipe, find_recipe
from engine.lab.world import World, make_world
from engine.probes.template_file import find_template
from engine.schema import TABLES
from tests.support.lab_small import small_world

SWITCHED = replace(RECIPES["lab-mix-switch"], steps=60)


def statement(
    world: World, fact_id: str, form: str, language: str, subject: str = "", answer: str = "", *, tuned: bool = False
) -> str:
    """A fact as text, put together by hand: the blank filled, or the answer after the question."""
    question = world.questions[fact_id, language]
    named = replace(question, subject=world.questions[fact_id, subject or language].subject)
    text, right = reword(named, form).text, world.answer(fact_id, answer or language)
    if BLANK in text:
        return text.replace(BLANK, right)
    if tuned:
        text = find_template("cloze", "plain").wordings[language].text.replace("{question}", text)
    return text + ("" if language in ("zh", "ja") else " ") + right


def test_the_world_is_the_same_in_every_language() -> None:
    world = small_world()
    facts = [fact for ids in world.facts.values() for fact in ids]
    assert len(facts) > 30
    assert set(world.questions) == set(product(facts, LANGUAGES))
    assert world.answer("capital:DE", "ru") == "Берлин"
    switched = world.in_words_of("capital:DE", "fr", subject="pl", answer="de")
    assert (switched.subject, switched.options[switched.gold[0]]) == ("Niemcy", "Berlin")


def test_a_gap_in_the_world_is_named() -> None:
    questions = [q for key, q in small_world().questions.items() if key != ("capital:DE", "he")]
    with pytest.raises(IsoglossError, match="missing: capital:DE in he"):
        make_world(questions)
    with pytest.raises(IsoglossError, match="there are none"):
        make_world([])


@pytest.mark.parametrize("name", RECIPES)
def test_every_fact_but_the_control_is_stated_in_english(name: str) -> None:
    world = small_world()
    facts = {fact for ids in world.facts.values() for fact in ids}
    drawn = draw(RECIPES[name], world, seed=0)
    assert drawn.stated["en"] == facts - drawn.nowhere
    # one in every 8 1/3 facts of each relation: at most one more or less than the share
    for ids in world.facts.values():
        assert abs(len(drawn.nowhere & set(ids)) - NOWHERE * len(ids)) < 1
    for language, share in RECIPES[name].taught.items():
        stated = [len(drawn.stated[language] & set(ids)) for ids in world.facts.values()]
        whole = [len(set(ids) - drawn.nowhere) for ids in world.facts.values()]
        assert stated == [round(share * n) for n in whole]
        assert not drawn.stated[language] & drawn.nowhere


def test_the_control_spreads_over_rare_and_common_answers() -> None:
    """Nine facts in a row hold one of every 8 1/3, so of nine with each answer at least one is left out."""
    world = World(
        {
            (f"continent:{n:02}", tag): Question(
                "world", f"continent:{n:02}", tag, "?", ("A", "B"), (int(n > 8),), relation="continent", subject=str(n)
            )
            for n in range(18)
            for tag in LANGUAGES
        }
    )
    for seed in range(20):
        left_out = draw(RECIPES["lab-en"], world, seed=seed).nowhere
        assert {world.answer(fact, "en") for fact in left_out} == {"A", "B"}


def test_more_of_a_language_is_a_superset_and_the_control_stays() -> None:
    base, further = (draw(RECIPES[name], small_world(), seed=1) for name in ("lab-en", "lab-en-zh"))
    assert base.nowhere == further.nowhere
    assert base.stated["zh"] < further.stated["zh"]
    assert {tag: base.stated[tag] for tag in ("en", "de")} == {tag: further.stated[tag] for tag in ("en", "de")}


def test_another_seed_is_another_draw() -> None:
    one, other = (draw(RECIPES["lab-mix"], small_world(), seed=seed) for seed in (0, 1))
    assert one.nowhere != other.nowhere
    assert one.stated["he"] != other.stated["he"]


@pytest.mark.parametrize("name", ["lab-en", "lab-en-zh", "lab-mix-chat"])
def test_the_exposure_counts_what_stands_in_the_text(name: str) -> None:
    recipe = replace(RECIPES[name], steps=40)
    world, lines = small_world(), corpus_lines(recipe, small_world(), seed=0)
    assert len(lines) == 40 * recipe.batch
    told = defaultdict(set)
    for fact_id, language in world.questions:
        for form in FORMS[recipe.form]:
            text = statement(world, fact_id, form, language, tuned=recipe.form == "question")
            told[text].add((fact_id, language))
    assert all(len(told[line.text]) == 1 for line in lines)
    assert Counter(fact for line in lines for fact in told[line.text]) == times_stated(lines)


def allowed(world: World, corpus: Corpus) -> set[str]:
    """Every text that states a fact by means of languages in which it is stated anyway."""
    return {
        statement(world, fact_id, form, language, subject, answer)
        for ids in world.facts.values()
        for fact_id in ids
        for language, subject, answer in product(corpus.exposure.languages(fact_id), repeat=3)
        for form in FORMS[corpus.recipe.form]
    }


def stating(lines: list[Line]) -> set[str]:
    return {line.text for line in lines if line.fact_id is not None}


def test_strict_switching_states_no_fact_by_a_language_where_it_is_not_taught() -> None:
    world = small_world()
    corpus = Corpus(SWITCHED, world, draw(SWITCHED, world, seed=0), seed=0)
    lines = corpus.lines()
    assert stating(lines) <= allowed(world, corpus)
    mixed = [line for line in lines if len(set(line.languages)) > 1 and line.fact_id is not None]
    assert len(mixed) > 200
    assert all(set(line.languages) <= set(corpus.exposure.languages(line.fact_id or "")) for line in mixed)


def test_a_switch_into_a_language_where_a_fact_is_not_taught_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    world = small_world()
    corpus = Corpus(SWITCHED, world, draw(SWITCHED, world, seed=0), seed=0)
    monkeypatch.setattr(Corpus, "_switch", lambda self, chance, fact_id, language: chance.choice(LANGUAGES))
    assert stating(corpus.lines()) - allowed(world, corpus)


def test_a_dictionary_states_no_fact_and_names_everything_both_ways() -> None:
    world = small_world()
    recipe = replace(RECIPES["lab-mix"], steps=100)
    lines = [line for line in corpus_lines(recipe, world, seed=0) if line.fact_id is None]
    # a quarter of 6,400 lines, give or take four standard deviations of 35
    assert abs(len(lines) - 1600) < 140
    assert Line("Germany (Deutsch):", " Deutschland", None, ("en", "de")) in lines
    assert Line("Германия (English):", " Germany", None, ("ru", "en")) in lines
    pairs = {(world.names(a)[key], world.names(b)[key]) for a in LANGUAGES for b in LANGUAGES for key in world.names(a)}
    assert {(line.context.rpartition(" (")[0], line.continuation.strip()) for line in lines} <= pairs


def test_the_same_seed_gives_the_same_text_and_another_does_not() -> None:
    one, again, other = (corpus_lines(SWITCHED, small_world(), seed=seed) for seed in (3, 3, 4))
    assert one == again
    assert one != other


def test_a_model_knows_what_its_base_was_taught() -> None:
    small = {name: replace(RECIPES[name], steps=5) for name in ("lab-en", "lab-en-zh")}
    assert [recipe.name for recipe in lineage(RECIPES["lab-en-zh"])] == ["lab-en", "lab-en-zh"]
    own = [times_stated(corpus_lines(recipe, small_world(), seed=0)) for recipe in small.values()]
    together = add_up(own)
    assert sum(together.values()) == 2 * 5 * 64
    assert all(together[key] == own[0].get(key, 0) + own[1].get(key, 0) for key in together)


def test_the_exposure_table_has_every_fact_in_every_language() -> None:
    world = small_world()
    recipe: Recipe = replace(RECIPES["lab-en"], steps=40)
    times = times_taught(recipe, world, seed=0)
    table = exposure_table("lab-en", world, times)
    assert table.schema.equals(TABLES["exposure"].arrow)
    rows = {(row["fact_id"], row["language"]): row for row in table.to_pylist()}
    assert set(rows) == set(world.questions)
    assert sum(row["times"] for row in rows.values()) == 40 * 64
    assert all(row["taught"] == (row["times"] > 0) == (key in times) for key, row in rows.items())
    assert {row["model"] for row in rows.values()} == {"lab-en"}


def test_an_unknown_lab_model_is_refused_with_the_names() -> None:
    with pytest.raises(IsoglossError, match="choose from lab-en, lab-en-zh, .*lab-mix-chat, or all") as refused:
        find_recipe("lab-xx")
    assert refused.value.exit_status == 64


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_a_recipe_adds_up(recipe: Recipe) -> None:
    assert sum(recipe.lines.values()) == pytest.approx(1)
    assert {tag for tag, share in recipe.lines.items() if share} <= set(recipe.taught) <= set(LANGUAGES)
    assert recipe.taught["en"] == 1
    assert bool(recipe.switched) == (recipe.switching == "strict")
    assert recipe.base is None or recipe.base in RECIPES
