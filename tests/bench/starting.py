"""From a server that has just become healthy to the first heatmap in a browser that has never been there."""

import statistics
import time
from collections.abc import Iterator

from tests.bench.chromium import chromium, new_page, wait_for_cells
from tests.bench.figure import Figure
from tests.bench.ground import Ground
from tests.bench.process import rss_mb, server_process
from tests.browser.server import serve


def measure(ground: Ground) -> Iterator[Figure]:
    """Each round takes a new server and a new browser, which is running before the server starts."""
    rounds = 1 if ground.quick else 3
    starts, firsts, seconds, memory = [], [], [], []
    stores = ground.stores
    with chromium() as browser:  # from now on its program is in the disk's cache, as for anyone who has a browser open
        new_page(browser).goto("about:blank")
    for number in range(rounds):
        with chromium() as browser:
            page, later = new_page(browser), new_page(browser)
            begin = time.perf_counter()
            with serve(ground.folder / f"start-{number}.log", stores=stores) as server:
                healthy = time.perf_counter()
                page.goto(f"{server.url}/pairs?dataset=x_geo", wait_until="commit")
                wait_for_cells(page)
                drawn = time.perf_counter()
                memory.append(rss_mb(server_process(server)))
                later.goto(f"{server.url}/pairs?dataset=x_geo", wait_until="commit")
                wait_for_cells(later)
                seconds.append(time.perf_counter() - drawn)
                starts.append(healthy - begin)
                firsts.append(drawn - healthy)
    yield Figure(
        f"healthy -> first heatmap, cold browser, median of {rounds}", statistics.median(firsts), "s", at_most=3
    )
    yield Figure("the same, the slowest", max(firsts), "s", at_most=3)
    yield Figure("next visitor -> heatmap, empty cache", statistics.median(seconds), "s")
    yield Figure("process start -> healthy", statistics.median(starts), "s")
    yield Figure("memory of the server after its first visitor", statistics.median(memory), "MB")
