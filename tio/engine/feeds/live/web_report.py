"""What the web knows of a source, added to its report."""

from collections.abc import Iterable

from msgspec.structs import replace

from tio.api.sources import Ability, LimitLeft, SourceReport
from tio.engine.feeds.http import Circuit, HostState


def with_web(report: SourceReport, hosts: Iterable[HostState]) -> SourceReport:
    """A report with how the hosts of its source do; a host's name begins with the source's."""
    mine = [host for host in hosts if host.name.partition("/")[0] == report.name]
    if not mine:
        return report
    typical = [host.latency_p50 for host in mine if host.latency_p50 is not None]
    slow = [host.latency_p95 for host in mine if host.latency_p95 is not None]
    heard = [host.last_answer_at for host in mine if host.last_answer_at is not None]
    if report.last_message_at is not None:
        heard.append(report.last_message_at)
    tries = [host.blocked_until for host in mine if host.blocked_until is not None]
    if report.next_try_at is not None:
        tries.append(report.next_try_at)
    return replace(
        report,
        calls=sum(host.calls for host in mine),
        errors=report.errors + sum(host.errors for host in mine),
        waiting=sum(host.waiting for host in mine),
        latency_ms=round(max(typical) * 1_000, 1) if typical else None,
        latency_p95_ms=round(max(slow) * 1_000, 1) if slow else None,
        last_message_at=max(heard) if heard else None,
        last_error=report.last_error or next((h.last_error for h in mine if h.last_error), ""),
        next_try_at=min(tries) if tries else None,
        abilities=tuple(
            Ability(
                name=each.capability,
                resting=each.circuit is not Circuit.closed,
                reason=each.reason,
                next_try_at=each.next_probe,
            )
            for host in mine
            for each in host.capabilities
        ),
        limits=tuple(
            LimitLeft(each.name, each.left, each.limit, each.resets_at)
            for host in mine
            for each in host.limits
        ),
    )
