"""A package of another project that adds a measure of pairs: installed, as its entry point says, for one test."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.metrics.definition import GROUP, metrics

WRONG_IN_BOTH = """-- title: Wrong in both
-- level: consistency
-- meaning: Of the facts measured in two languages, the share that the model has wrong in both.
-- range: 0 to 1
-- direction: symmetric
-- interval: Wilson 95 %
-- source: planted
-- confirmed: yes
-- shape: pair
-- scale: share
-- needs: counts
-- in-short: of the facts measured in both languages, the share wrong in both.
-- guessing: zero
-- columns: model, dataset, language_a, language_b, n, wrong_in_both
-- key: model, dataset, language_a, language_b
select
    model, dataset, language_a, language_b, n, (n_wrong_alike + n_wrong_differently) / nullif(n, 0) as wrong_in_both,
    wilson_low(n_wrong_alike + n_wrong_differently, n) as ci_low,
    wilson_high(n_wrong_alike + n_wrong_differently, n) as ci_high
from pair_counts
"""


@contextmanager
def installed(folder: Path, patch: pytest.MonkeyPatch, **files: str) -> Iterator[None]:
    """While it lasts a distribution `acme` is installed whose measures are `files`, by their names."""
    package, info = folder / "acme_metrics", folder / "acme-1.0.dist-info"
    for made in (package, info):
        made.mkdir()
    (package / "__init__.py").touch()
    for name, sql in files.items():
        (package / f"{name}.sql").write_text(sql, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{GROUP}]\nmore = acme_metrics\n")
    with patch.context() as context:
        context.syspath_prepend(folder)
        metrics.cache_clear()
        try:
            yield
        finally:
            sys.modules.pop(package.name, None)
            metrics.cache_clear()
