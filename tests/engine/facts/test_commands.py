"""`facts build` and `facts show` as a user meets them."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from engine.errors import IsoglossError
from engine.facts import commands
from engine.facts.load import load_questions

pytestmark = pytest.mark.slow

app = typer.Typer()
commands.register(app)


def _run(*arguments: str) -> list[str]:
    done = CliRunner().invoke(app, ["facts", *arguments], catch_exceptions=True)
    if done.exception is not None:
        raise done.exception
    return done.stdout.splitlines()


def test_build_writes_a_store_and_says_what(tmp_path: Path) -> None:
    lines = _run("build", "--languages", "en,zh-CN,sw", "--store", str(tmp_path))
    assert "facts in 3 languages" in lines[0]
    assert lines[-1].startswith("written: facts/calendar-")
    questions = load_questions([tmp_path], "calendar", languages=["sw"])
    assert len(questions) == 19
    january = questions[0]
    assert (january.fact_id, january.text) == ("month_after:01", "Januari — ___")


def test_show_marks_the_right_option_and_prints_every_form(tmp_path: Path) -> None:
    lines = _run("show", "--relation", "capital", "--languages", "ru", "--sample", "2", "--store", str(tmp_path))
    assert lines[0].startswith("── capital: ")
    assert len([line for line in lines if line.startswith("ru  capital:")]) == 2
    assert "[Андорра-ла-Велья]" in lines[2]
    assert "    statement-2: Страна: Андорра. Столица: ___." in lines


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "--relation", "mayor"), "no relation mayor; relations: capital, city_country"),
        (("show", "--languages", "qu"), "has no facts in qu"),
        (("build", "--languages", "grc"), "CLDR has no names in grc"),
        (("build", "--languages", "la"), "under 95% of the names in la"),
        (("build", "--languages", "xx-nonsense-"), "is no language"),
    ],
)
def test_a_wrong_name_is_answered_with_the_right_ones(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    with pytest.raises(IsoglossError, match=said):
        _run(*arguments, "--store", str(tmp_path))
    assert not list(tmp_path.iterdir())
