"""A small world for tests of the lab: the real facts of a few countries in ten languages."""

from functools import cache

from engine.facts.load import load_questions
from engine.lab.recipe import LANGUAGES
from engine.lab.world import COUNTRIES, SOURCE, World, make_world
from engine.locations import EMBEDDED


@cache
def small_world(countries: int = 16) -> World:
    """The facts about the most populous countries."""
    return make_world(load_questions([EMBEDDED], SOURCE, languages=LANGUAGES), countries=COUNTRIES[:countries])
