"""The square of a pair of languages: counts, shares and intervals, and names that stay text."""

import re

import pandas as pd

from dashboard.app_pages.fact.sentences import answered
from dashboard.app_pages.pairs.four_parts import four_parts_square

PARTS = pd.DataFrame(
    [("both", 50), ("only_a", 113), ("only_b", 7), ("neither", 30)], columns=["part", "n_part"]
).assign(n=200, ci_low=0.1, ci_high=0.9)
PARTS["share"] = PARTS["n_part"] / 200


def test_each_part_stands_in_its_place() -> None:
    square = four_parts_square(PARTS, a="French", b="<b>Hebrew</b>")
    words = re.sub(r"<[^>]*>", "|", square)
    # right in French: 50 also right in Hebrew, 113 wrong there; wrong in French: 7 and 30
    assert re.findall(r"\|(\d+)\|", words) == ["50", "113", "7", "30"]
    assert re.findall(r"(\d+) % \(10–90 %\)", words) == ["25", "56", "4", "15"]
    assert "n = 200 facts" in words
    assert "<b>" not in square and "&lt;b&gt;Hebrew&lt;/b&gt;" in square
    assert square.index("Right in French") < square.index("Wrong in French")


def test_models_without_answers_are_counted() -> None:
    of_dataset = pd.DataFrame(
        [("a:x", "a"), ("a:y", "a"), ("b", "b"), ("c", "c")], columns=["model", "own_name"]
    )  # a was asked in two ways
    assert answered(of_dataset, {"a:x", "b"}) == "2 of 3 models have answers; of the others only counts are published."
    assert answered(of_dataset, {"a:x", "b", "c"}) == ""
