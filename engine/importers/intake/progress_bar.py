"""A progress bar: what is done of how much, and how fast. It is drawn on a terminal only."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text


class _RateColumn(ProgressColumn):
    def render(self, task: Task) -> Text:
        """Files per second, once there is a rate."""
        return Text(f"{task.speed:,.0f} files/s" if task.speed else "")


def import_progress(console: Console | None = None) -> Progress:
    """A bar that counts files, on standard error unless told otherwise."""
    console = console or Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _RateColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console, disable=not console.is_terminal)
