"""A fact as a table: every language in its own direction, what is right and what was answered without colour alone."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from dashboard.elements.fact_table import STYLE, FactTableRow, fact_table

FRENCH = FactTableRow(
    "fr",
    "Français",
    "ltr",
    "Où est Le Caire ?",
    ("En Égypte", "Au Soudan"),
    (0,),
    predicted=1,
    correct=False,
    said="B.",
)
HEBREW = FactTableRow("he", "עברית", "rtl", "היכן קהיר?", ("במצרים", "בסודן"), (0,), predicted=0, correct=True)
CHINESE = FactTableRow("zh", "中文", "ltr", "开罗在哪里？", ("埃及", "苏丹"), (0,), reason="no answer could be read")


class Cells(HTMLParser):
    """Text and attributes of every element, in the order of the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[dict[str, str | None]] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, list[dict[str, str | None]]]] = []
        self.feed(text.removeprefix(STYLE))
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(dict(attrs))
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append((data, list(self.open)))

    def around(self, text: str) -> list[dict[str, str | None]]:
        """The attributes of all elements around the one place where a text stands."""
        (places,) = [places for found, places in self.texts if found == text]
        return places


def test_every_text_has_its_own_language_and_direction() -> None:
    cells = Cells(fact_table([FRENCH, HEBREW, CHINESE], model="m"))
    for row in (FRENCH, HEBREW, CHINESE):
        for text in (row.name, row.question, *row.options):
            innermost = cells.around(text)[-1]
            assert (innermost["dir"], innermost["lang"]) == ("auto", row.language)
    assert "rtl" in [places.get("dir") for places in cells.around("במצרים")]
    assert "rtl" not in [places.get("dir") for places in cells.around("En Égypte")]


def test_right_options_and_answers_are_marked_in_words() -> None:
    table = fact_table([FRENCH, HEBREW, CHINESE], model="m")
    assert table.count(">✓ right</span>") == 3  # an option of each
    assert table.count("◆ answered</span>") == 2
    assert [table.count(f">{verdict}") for verdict in ("✗ wrong</div>", "✓ right</div>", "– not measured")] == [1, 1, 1]
    assert "no answer could be read" in table
    assert "iso-gold iso-picked" in table  # Hebrew: the answer is the right option


def test_without_a_model_nothing_is_said_of_answers() -> None:
    table = fact_table([FRENCH, HEBREW]).removeprefix(STYLE)
    assert "answered" not in table
    assert "wrong" not in table
    assert "Models right" not in table


def test_shares_of_models_stand_beside_how_many_they_are() -> None:
    rows = [replace(FRENCH, share_right=0.804, n_models=46), CHINESE]
    table = fact_table(rows)
    assert "Models right" in table
    assert "80 %" in table
    assert "of 46" in table
    assert "– not measured" in table


def test_an_open_question_has_no_options() -> None:
    table = fact_table(
        [FactTableRow("fr", "Français", "ltr", "Qui ?", predicted=None, said="Moi", correct=True)], model="m"
    )
    assert "Options" not in table
    assert "Moi" in table


def test_an_answer_beyond_the_options_is_still_told() -> None:
    options = [f"option {index}" for index in range(31)]
    assert ">31</span>" in fact_table([replace(FRENCH, options=options)], model="m")


@pytest.mark.parametrize(
    "hostile", ['"><script>alert(1)</script>', "</style><img src=x onerror=alert(1)>", "\u202e\x00"]
)
def test_no_field_of_a_fact_becomes_markup(hostile: str) -> None:
    row = FactTableRow(hostile, hostile, "rtl", hostile, (hostile,), (0,), 0, hostile, None, hostile, 0.5, 3)
    table = fact_table([row], model=hostile)
    allowed = {"div", "table", "thead", "tbody", "tr", "th", "td", "ol", "li", "span"}
    names = {"class", "dir", "lang", "title", "scope", "style", "aria-hidden"}
    for tag, attributes in Cells(table).elements:
        assert tag in allowed
        assert set(attributes) <= names
    assert "\u202e" not in table
    assert "\x00" not in table


def test_a_megabyte_is_cut_for_display() -> None:
    table = fact_table([replace(FRENCH, question="mot " * 250_000, said="B" * 1_000_000)], model="m")
    assert len(table) < 10_000
    assert table.count("more characters are not shown.") == 2
