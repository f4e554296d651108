"""How soon the pages are painted with a great many messages in the database: in Chromium, from the web process as it is
deployed. In turns of a round each with the page for signing in, which asks the database nothing: nearer to nothing no
page can come."""

from collections.abc import Mapping
from statistics import median

from playwright.sync_api import Browser, Page

from tests.chromium import chromium, new_page

from .. import month
from ..bench import Bench
from ..report import Limit, Row, below
from ..sidecars import ADMIN_PASSWORD, Sidecar

VISITS = 9
PAGES: Mapping[str, str] = {
    "the overview": "/admin/",
    "a shop's overview": "/admin/shops/{shop}/",
    "the messages": "/admin/messages",
    "a shop's messages": "/admin/shops/{shop}/messages",
    "those that failed": "/admin/messages?state=failed",
    "those that wait": "/admin/messages?state=waiting",
    "those that arrived": "/admin/messages?state=arrived",
    "a shop's that failed": "/admin/shops/{shop}/messages?state=failed",
    "those stopped for a reason": "/admin/messages?state=suppressed&reason=opted_out",
    "those stopped for a reason that is rare": "/admin/messages?state=suppressed&reason=cap",
    "those of an order": "/admin/messages?q={order}",
    "those to a number": "/admin/messages?q={number}",
    "those to last digits": "/admin/messages?q={digits}",
    "those to four last digits": "/admin/shops/{shop}/messages?q={last}",
    "those to digits of nobody": "/admin/messages?q=123456789012",
    "those of a text": "/admin/messages?text=order_shipped",
    "those of a text that was never sent": "/admin/messages?text=birthday",
    "a shop's of a text that was never sent": "/admin/shops/{shop}/messages?text=birthday",
    "those by a provider": "/admin/messages?account={account}",
    "those by a provider that sends nothing": "/admin/messages?account=acc_idle",
    "those of a day": "/admin/messages?from={day}&to={day}",
    "a shop's that failed on a day": "/admin/shops/{shop}/messages?state=failed&from={day}&to={day}",
    "a rare text that failed": "/admin/messages?state=failed&text=customer_note",
    "messages far back": "/admin/messages?before={early}",
    "a message": "/admin/shops/{of_shop}/messages/{message}",
    "the conversations": "/admin/shops/{shop}/conversations",
    "those unread": "/admin/shops/{shop}/conversations?unread=yes",
    "conversations far back": "/admin/shops/{shop}/conversations?offset=5000",
    "a conversation": "/admin/shops/{shop}/conversations/{conversation}",
    "who waits for products": "/admin/shops/{shop}/alerts",
    "who waits for one": "/admin/shops/{shop}/alerts/of?product=105",
    "consents": "/admin/shops/{shop}/consents",
    "a person's consents": "/admin/shops/{shop}/consents?number={number}",
    "what is left to spend": "/admin/credit",
    "a shop's credit": "/admin/shops/{shop}/credit",
    "the settings": "/admin/shops/{shop}/settings",
    "a shop's texts": "/admin/shops/{shop}/texts",
    "a text": "/admin/shops/{shop}/texts/order_placed",
    "the texts of all": "/admin/texts",
    "the providers": "/admin/providers",
    "a provider": "/admin/providers/{account}",
    "the shops": "/admin/shops",
    "the try-out": "/admin/shops/{shop}/try-out",
    "setting up a shop": "/admin/shops/{shop}/setup",
    "the inbox": "/admin/inbox",
    "the people": "/admin/people",
    "who did what": "/admin/people/log",
}
"""What stands in braces is what `month.fill` knows."""

_LIMIT = "/admin/login"
_TIMES = """() => new Promise((done) => new PerformanceObserver((seen) => {
    const [visit] = performance.getEntriesByType("navigation");
    for (const paint of seen.getEntriesByName("first-contentful-paint")) done([visit.responseStart, paint.startTime]);
}).observe({ type: "paint", buffered: true }))"""


def measure(bench: Bench) -> list[Row]:
    with bench.sidecar() as sidecar:
        known = month.fill(sidecar, bench.scale.held)
        with sidecar.serving("web"), chromium() as browser:
            paths = {what: path.format_map(known) for what, path in PAGES.items()}
            return _rows(bench, _visits(browser, sidecar, paths))


Visits = dict[str, list[tuple[float, float]]]


def _visits(browser: Browser, sidecar: Sidecar, paths: Mapping[str, str]) -> Visits:
    """First byte and first paint, in milliseconds. The first round fills caches and is not counted."""
    inside, outside = new_page(browser), new_page(browser)
    _sign_in(inside, sidecar)
    seen: Visits = {path: [] for path in (_LIMIT, *paths)}
    for visit in range(VISITS + 1):
        # Not page by page: whoever looks at one goes on in the same tab, and a browser that changes tabs pays for it.
        for page, round_of in ((outside, {_LIMIT: _LIMIT}), (inside, paths)):
            for name, path in round_of.items():
                times = _visit(page, sidecar.url + path)
                if visit:
                    seen[name].append(times)
    return seen


def _visit(page: Page, url: str) -> tuple[float, float]:
    answer = page.goto(url)
    assert answer is not None and answer.ok, f"{url}: {answer and answer.status}"
    first_byte, paint = page.evaluate(_TIMES)
    return first_byte, paint


def _sign_in(page: Page, sidecar: Sidecar) -> None:
    page.goto(f"{sidecar.url}/admin/login")
    page.fill("#password", ADMIN_PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{sidecar.url}/admin/")


def _rows(bench: Bench, seen: Visits) -> list[Row]:
    limit = Limit("the page for signing in", [paint for _, paint in seen.pop(_LIMIT)])
    bench.note("pages", messages=bench.scale.held, limit=limit.samples, seen=seen)
    return [
        Row(
            f"first paint of {what}",
            "ms",
            [paint for _, paint in times],
            below(100),
            limit,
            f"first byte after {median(first for first, _ in times):.0f} ms, {bench.scale.held:,} messages",
        )
        for what, times in seen.items()
    ]
