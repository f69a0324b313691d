"""Which release of Isogloss runs."""

from importlib.metadata import PackageNotFoundError, version


def engine_version() -> str:
    """The installed release, as results record it."""
    try:
        return version("isogloss")
    except PackageNotFoundError:  # run from a checkout that was not installed
        return "not installed"
