"""How answers are read: normalisation and the three scorers, in the languages that they know."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.facts.question import Question
from engine.probes.normalise import ends_word, normalise
from engine.probes.scorers import SCORERS, first_line, read_exact_match, read_first_letter, read_prefix
from engine.probes.template import LETTERS

FOUR = Question("d", "1", "en", "?", ("Paris", "Berlin", "Rome", "New York"), (1,))


@pytest.mark.parametrize(
    ("language", "written", "plain"),
    [
        ("en", " The  Beatles! ", "beatles"),
        ("en", "the", "the"),  # an article alone is the answer
        ("en", "U.S.A.", "usa"),
        ("en", "3.5", "3 5"),  # no abbreviation
        ("en", "Jean-Claude", "jean claude"),
        ("de", "Die Straße", "strasse"),  # ß is ss in case folding
        ("de", "Köln", "köln"),
        ("fr", "L'Île-de-France", "île de france"),
        ("fr", "« Zoé »", "zoé"),
        ("fr", "Zoe\u0301", "zoé"),  # the accent as a character of its own
        ("it", "un'automobile", "automobile"),
        ("it", "Gli Uffizi", "uffizi"),
        ("pl", "Łódź.", "łódź"),
        ("ru", "Королёв", "королев"),
        ("ru", "Москва\u0301", "москва"),  # with a stress mark
        ("uk", "Її", "її"),
        ("ar", "مُحَمَّد", "محمد"),
        ("ar", "مـــصر", "مصر"),
        ("ar", "١٩٩٠؟", "1990"),
        ("fa", "۱۹۹۰", "1990"),
        ("he", "שָׁלוֹם", "שלום"),
        ("he", "תל־אביב", "תל אביב"),  # a maqaf joins as a hyphen does
        ("he", "\u200fרומא\u200f", "רומא"),
        ("zh", "北京。", "北京"),
        ("zh", "北 京", "北京"),
        ("zh", "ＮＢＡ", "nba"),
        ("zh", "Apple 公司", "apple 公司"),
        ("ja", "「ジョン・スミス」", "ジョンスミス"),
        ("ja", "ｱﾒﾘｶ", "アメリカ"),  # half-width
        ("tr", "ISPARTA", "ısparta"),
        ("tr", "İzmir", "izmir"),
        ("en", "ISPARTA", "isparta"),
        ("hi", "२०", "20"),
        ("es", "La Paz", "paz"),
        ("en", "La Paz", "la paz"),  # no article of English
        ("en-GB", "The Thames", "thames"),
        ("en", "!!!", ""),
    ],
)
def test_normalised(language: str, written: str, plain: str) -> None:
    assert normalise(written, language) == plain


@given(st.text(), st.sampled_from(["en", "de", "fr", "ru", "ar", "he", "zh", "ja", "tr", "sw"]))
def test_normalised_texts_are_clean(text: str, language: str) -> None:
    plain = normalise(text, language)
    assert plain == plain.strip() and "  " not in plain
    assert not [c for c in plain if unicodedata.category(c)[0] in "PZC" and c != " "]
    assert not [c for c in plain if unicodedata.category(c) == "Nd" and not c.isascii()]
    # Without articles and their order of removal, doing it twice changes nothing.
    if language in ("ar", "he", "zh", "ja", "sw"):
        assert normalise(plain, language) == plain


@pytest.mark.parametrize(
    ("said", "option"),
    [
        ("B", 1),
        (" B", 1),
        ("B. Berlin", 1),
        ("B) Berlin", 1),
        ("(B)", 1),
        ("**B**: Berlin", 1),
        ("「B」です", 1),
        ("Bです", 1),
        ("B是正确答案", 1),
        ("Ｂ．ベルリン", 1),  # full-width
        ("\n\n C\nbecause", 2),
        ("\u200fD", 3),  # after a right-to-left mark
        ("A Paris", 0),
        ("A city", 0),  # the known limit: the English word
        ("Berlin", None),
        ("B2", None),
        ("Àlava", None),
        ("b", None),
        ("В", None),  # Cyrillic, the third letter of its alphabet
        ("E", None),  # beyond the four options
        ("the answer is B", None),
        ("", None),
        (" \n", None),
    ],
)
def test_first_letter(said: str, option: int | None) -> None:
    reading = read_first_letter(said, FOUR)
    assert (reading.predicted, reading.parsed, reading.correct) == (option, option is not None, option == 1)


@pytest.mark.parametrize(
    ("language", "options", "said", "option"),
    [
        ("en", ("York", "New York", "New York City"), "New York City, USA", 2),  # the longest
        ("en", ("York", "New York", "New York City"), "the New York Times", 1),
        ("en", ("York", "New York"), "Yorkshire", None),  # not the end of a word
        ("en", ("York", "New York"), "It is York", None),  # not the beginning
        ("en", ("The Who", "Who"), "Who", None),  # two options are the same once the article is gone
        ("en", ("!!!", "Who"), "anything", None),  # an option without letters begins nothing
        ("de", ("Die Straße", "der Weg"), "STRASSE nach Rom", 0),
        ("fr", ("l'Italie", "la France"), "C'est la France", None),
        ("fr", ("l'Italie", "la France"), "Italie.", 0),
        ("it", ("Roma", "Milano"), "roma è la capitale", 0),
        ("pl", ("Łódź", "Kraków"), "KRAKÓW", 1),
        ("ru", ("Королёв", "Москва"), "Королев — город", 0),
        ("ar", ("القاهرة", "مكة"), "القَاهِرة.", 0),
        ("ar", ("1990", "1991"), "١٩٩١ م", 1),
        ("he", ("רומא", "מילאנו"), "מילאנו, איטליה", 1),
        ("he", ("רומא", "רומאן"), "רומאן", 1),
        ("zh", ("中国", "中国香港"), "中国香港特别行政区", 1),
        ("zh", ("北京", "上海"), "北京市。", 0),  # Chinese words end anywhere
        ("zh", ("1990", "1991"), "1991年", 1),
        ("ja", ("イン", "インド"), "インドです", 1),
        ("ja", ("イン", "イラン"), "インドです", None),  # not inside a run of katakana
        ("ja", ("東京", "大阪"), "東京です。", 0),
        ("tr", ("Isparta", "İzmir"), "İZMİR", 1),
        ("th", ("ไทย", "ลาว"), "ไทยครับ", 0),
        ("th", ("กา", "ลาว"), "กา\u0e48", None),  # a tone mark belongs to what stands before it
    ],
)
def test_prefix_of_options(language: str, options: tuple[str, ...], said: str, option: int | None) -> None:
    reading = read_prefix(said, Question("d", "1", language, "?", options, (0,)))
    assert (reading.predicted, reading.parsed) == (option, option is not None)
    assert reading.correct == (option == 0)


@pytest.mark.parametrize(
    ("language", "answers", "said", "prefix", "exact"),
    [
        ("en", ("the Nile", "Nile River"), "Nile.", True, True),
        ("en", ("the Nile",), "Nile in Egypt", True, False),
        ("en", ("the Nile",), "the river Nile", False, False),
        ("fr", ("le Nil",), "LE NIL !", True, True),
        ("ru", ("Нил",), "Нил — река", True, False),
        ("ar", ("النيل",), "النِّيل", True, True),
        ("he", ("הנילוס",), "״הנילוס״", True, True),
        ("zh", ("尼罗河",), "尼罗河。", True, True),
        ("zh", ("尼罗河",), "尼罗河流域", True, False),
        ("ja", ("ナイル川",), "「ナイル川」", True, True),
        ("ja", ("ナイル",), "ナイル川", True, False),
        ("en", ("...",), "anything", False, False),
        ("en", ("...",), "...", False, False),
    ],
)
def test_open_questions(language: str, answers: tuple[str, ...], said: str, prefix: bool, exact: bool) -> None:
    question = Question("d", "1", language, "?", (), (), answers)
    for reading, right in ((read_prefix(said, question), prefix), (read_exact_match(said, question), exact)):
        assert (reading.predicted, reading.correct) == (None, right)
        assert reading.parsed == (said != "...")


@pytest.mark.parametrize(("said", "option"), [("rome!", 2), ("Rome is it", None), ("New\tYork\n\nx", 3), ("", None)])
def test_exact_match_of_options(said: str, option: int | None) -> None:
    assert read_exact_match(said, FOUR).predicted == option


def test_the_first_line_with_anything_in_it() -> None:
    assert first_line("\u200f\n \n  a b \nc") == "a b"
    assert first_line(" \n\u200b") == ""


@given(st.sampled_from(FOUR.options), st.text(" .,!?-", max_size=5))
def test_an_option_said_is_read_by_every_rule_that_reads_words(option: str, marks: str) -> None:
    index = FOUR.options.index(option)
    assert read_prefix(marks + option + marks, FOUR).predicted == index
    assert read_exact_match(marks + option + marks, FOUR).predicted == index


@given(st.text(), st.integers(2, 26))
def test_nothing_said_breaks_a_rule(said: str, count: int) -> None:
    question = Question("d", "1", "en", "?", tuple(f"o {letter}" for letter in LETTERS[:count]), (0,))
    for scorer in SCORERS.values():
        reading = scorer.read(said, question)
        assert reading.parsed == (reading.predicted is not None)
        assert reading.correct == (reading.predicted == 0)


def test_words_end() -> None:
    assert ends_word("rome", 4)
    assert ends_word("rome is", 4)
    assert not ends_word("romeo", 4)
    assert ends_word("1990年", 4)
