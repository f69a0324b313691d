"""`python -m engine.live`. Workers import this module as well, so it imports nothing by itself."""


def main() -> None:
    """Serve; an error is one clear line."""
    import sys

    import typer
    from typer._click.exceptions import UsageError

    from engine.errors import IsoglossError
    from engine.live.service.server import serve

    app = typer.Typer(add_completion=False)
    app.command()(serve)
    try:
        app(standalone_mode=False)
    except IsoglossError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - the one clear line
        sys.exit(error.exit_status)
    except UsageError as error:
        print(f"error: {error.format_message()} (try --help)", file=sys.stderr)  # noqa: T201
        sys.exit(64)


if __name__ == "__main__":
    main()
