"""Figures of runs in words, each worked out by hand."""

import pytest

from dashboard.elements.figures import duration, number, parameters, rate, size


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "–"),
        (float("nan"), "–"),
        (0, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (187, "3 min 07 s"),  # 3 * 60 + 7
        (3599.7, "1 h 00 min"),
        (3 * 3600 + 5 * 60 + 29, "3 h 05 min"),
        (86_399, "1 d 0 h"),  # a second less than a day, to the minute
        (2 * 86_400 + 4 * 3600, "2 d 4 h"),
    ],
)
def test_duration(seconds: float | None, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("per_second", "words"), [(None, "–"), (12_345.6, "12,346"), (52.3, "52"), (4.26, "4.3"), (0.00231, "0.0023")]
)
def test_rate(per_second: float | None, words: str) -> None:
    assert rate(per_second) == words


@pytest.mark.parametrize(
    ("billions", "words"),
    [(None, "–"), (0.0012, "1.2 M"), (0.135, "135 M"), (0.2681, "268 M"), (1.0, "1 B"), (7.1, "7.1 B"), (70, "70 B")],
)
def test_the_size_of_a_model(billions: float | None, words: str) -> None:
    assert parameters(billions) == words


@pytest.mark.parametrize(
    ("n_bytes", "words"),
    [(None, "–"), (0, "0 bytes"), (999, "999 bytes"), (31_253, "31 kB"), (2_840_000, "2.8 MB"), (253_113_024, "253 MB"),
     (1_500_000_000, "1.5 GB")],
)  # fmt: skip
def test_the_size_of_a_file(n_bytes: float | None, words: str) -> None:
    assert size(n_bytes) == words


def test_a_missing_count_is_not_zero() -> None:
    assert (number(None), number(float("nan")), number(0), number(12345.0)) == ("–", "–", "0", "12,345")
