"""Numbers for whoever watches the server. Closed to strangers: small counts betray a disclosure."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from typing import Final, TypeVar

import msgspec
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.host import billing, pace
from bot.host.alarms import Alarms
from bot.host.receive import Host
from bot.store import deliveries, incidents, outbox, reports
from bot.store.database import Tx

FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""What a proxy adds: behind one on this machine every stranger comes from here."""


Key = TypeVar("Key", bound=tuple[str, ...])


class Counts(msgspec.Struct, frozen=True):
    """What the store holds right now."""

    outbox: Mapping[tuple[str, str], int]
    deliveries: Mapping[tuple[str, str], int]
    reports: Mapping[str, int]
    emergencies: int
    incidents: int
    billed: int


class Shown(Collector):
    """The counts of one request, as metrics."""

    def __init__(self, counts: Counts, alarms: Mapping[str, int]) -> None:
        self._counts = counts
        self._alarms = alarms

    def collect(self) -> Iterator[Metric]:
        """Every metric."""
        counts = self._counts
        yield _gauge("outbox_rows", "Messages", ("channel", "state"), counts.outbox)
        yield _gauge("deliveries", "To an intake elsewhere", ("kind", "state"), counts.deliveries)
        by_urgency = {(urgency,): number for urgency, number in counts.reports.items()}
        yield _gauge("open_reports", "Open reports", ("urgency",), by_urgency)
        yield GaugeMetricFamily(
            "teman_emergencies_not_received", "Emergencies no intake has confirmed",
            counts.emergencies,
        )  # fmt: skip
        yield GaugeMetricFamily("teman_incidents", "Incidents kept", counts.incidents)
        yield GaugeMetricFamily(
            "teman_billed_messages_this_month", "Messages sent that WhatsApp bills", counts.billed
        )
        alarms = CounterMetricFamily("teman_alarms", "Alarms since the start", labels=("kind",))
        for kind, number in sorted(self._alarms.items()):
            alarms.add_metric((kind,), number)
        yield alarms


def _gauge(name: str, text: str, labels: tuple[str, ...], values: Mapping[Key, int]) -> Metric:
    gauge = GaugeMetricFamily(f"teman_{name}", text, labels=labels)
    for key, number in values.items():
        gauge.add_metric(key, number)
    return gauge


def routes(host: Host, alarms: Alarms, token: str) -> list[BaseRoute]:
    """`/metrics`, for this machine and for whoever has the token; for others it is not there."""

    async def metrics(request: Request) -> Response:
        if not may_read(request, token):
            raise HTTPException(404)
        registry = CollectorRegistry()
        now = host.clock()
        counts = await host.store.run(lambda tx: _read(tx, now))
        registry.register(Shown(counts, alarms.counts))
        ProcessCollector(registry=registry)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return [Route("/metrics", metrics)]


def may_read(request: Request, token: str) -> bool:
    """A request with the token, or one that was made on this machine itself."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if token and scheme.lower() == "bearer":
        return hmac.compare_digest(given.strip().encode(), token.encode())
    here = request.client is not None and pace.client(request.client.host) is None
    return here and not any(name in request.headers for name in FORWARDED)


def _read(tx: Tx, now: int) -> Counts:
    return Counts(
        outbox=outbox.counts(tx),
        deliveries=deliveries.counts(tx),
        reports=reports.open_counts(tx),
        emergencies=deliveries.emergencies_out(tx),
        incidents=incidents.count(tx),
        billed=billing.counted(tx, now=now),
    )
