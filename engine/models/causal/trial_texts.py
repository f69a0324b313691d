"""Texts in several scripts that a tokenizer and a chat format are tried on when a model is loaded."""

TRIAL_TEXTS = (
    "a",
    "Rome",
    "The capital of France is",
    "1 + 1 = 2.\nWas heißt „Öl“?",
    "Столица Франции",
    "עיר הבירה של צרפת",
    "عاصمة فرنسا",
    "法国的首都是",
    "フランスの首都は？",
    "เมืองหลวงของฝรั่งเศส",
    "फ़्रांस की राजधानी",
)
