"""Real facts in the ten languages of CLiKA for tests of models: which currency a country has, in CLDR's names."""

from babel import Locale

from engine.facts.question import Question

LANGUAGES = ("en", "de", "fr", "it", "pl", "ru", "ar", "he", "zh", "ja")
_CURRENCIES = {"JP": "JPY", "PL": "PLN", "EG": "EGP", "CH": "CHF", "IN": "INR", "BR": "BRL", "KE": "KES", "GB": "GBP"}


def currency_questions() -> list[Question]:
    """Eight facts in ten languages, four options each, in the same order everywhere."""
    codes = list(_CURRENCIES.values())
    questions = []
    for tag in LANGUAGES:
        locale = Locale.parse(tag)
        for number, (territory, code) in enumerate(_CURRENCIES.items()):
            offered = sorted(codes[(number + step) % len(codes)] for step in (0, 1, 3, 6))
            questions.append(
                Question(
                    dataset="currency",
                    fact_id=territory,
                    language=tag,
                    text=f"{locale.territories[territory]} ({locale.territories['001']})",
                    options=tuple(locale.currencies[offer] for offer in offered),
                    gold=(offered.index(code),),
                    relation="currency",
                )
            )
    return questions
