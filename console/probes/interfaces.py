"""Polls the interfaces of one device by SNMP: states, counters and the rates between them."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from console.analysis.rates import (
    clock_restarted,
    rates_between,
    repeated,
    speed_limit_bps,
    unknown_rates,
)
from console.model.observation import DevicePoll, PortChange, PortFacts, PortSample, SystemFacts
from console.model.reading import Counters, Rates, Reading
from console.model.states import Outcome
from console.probes.last_changes import LastChanges
from console.probes.port_names import (
    IF_ENTRY,
    IF_X_ENTRY,
    NAME_COLUMNS,
    SYS_UP_TIME,
    facts_of,
    if_indexes,
    read_system,
)
from console.snmp.ber import Oid, Value, parse_oid
from console.snmp.errors import Garbled, SnmpError
from console.snmp.manager import Manager
from console.snmp.table import Table, TableReader
from console.snmp.target import Target

TOPOLOGY_S = 1800.0
_BOOT_TOLERANCE_S = 10.0  # by so much a boot's moment may wander before it is told again
_SCALARS = (
    parse_oid("1.3.6.1.2.1.2.1.0"),  # ifNumber, the guard: the same while no port comes or goes
    SYS_UP_TIME,
    parse_oid("1.3.6.1.2.1.31.1.5.0"),  # ifTableLastChange
)
# ifAdminStatus, ifOperStatus, ifInErrors, ifOutErrors, ifInDiscards, ifOutDiscards,
# ifCounterDiscontinuityTime, ifHCInOctets, ifHCOutOctets, ifLastChange
_COLUMNS = (
    *((*IF_ENTRY, 7), (*IF_ENTRY, 8), (*IF_ENTRY, 14), (*IF_ENTRY, 20), (*IF_ENTRY, 13)),
    *((*IF_ENTRY, 19), (*IF_X_ENTRY, 19), (*IF_X_ENTRY, 6), (*IF_X_ENTRY, 10), (*IF_ENTRY, 9)),
)
_LAST_CHANGE = 9  # its place
_NARROW_COLUMNS = ((*IF_ENTRY, 10), (*IF_ENTRY, 16))  # ifInOctets, ifOutOctets
_STATUSES = frozenset((None, 1, 2, 3, 4, 5, 6, 7))


@dataclass(frozen=True, slots=True)
class _Labels:
    """What the rows of the counters mean, in their order."""

    indexes: tuple[Oid, ...] = ()
    keys: tuple[str, ...] = ()
    limits_bps: tuple[float | None, ...] = ()


class InterfaceProbe:
    """One device, polled again and again; one poll at a time.

    Remembers the ports' names, which columns the agent has, and the newest counters. Names are
    read at first, after a reboot, when ports come, go or change, and every `topology_s`.
    """

    def __init__(
        self, manager: Manager, device_id: str, target: Target, topology_s: float = TOPOLOGY_S
    ) -> None:
        self._manager = manager
        self._device_id = device_id
        self._target = target
        self._topology_s = topology_s
        self._reader = self._reader_of(_COLUMNS)
        self._system: SystemFacts | None = None
        self._facts: tuple[PortFacts, ...] | None = None
        self._labels = _Labels()
        self._named_s: float | None = None
        self._last_change: Value = None
        self._before: Reading | None = None
        self._rates: Rates | None = None
        self._changes = LastChanges()

    async def poll(self, cycle: int, clock: Callable[[], int]) -> DevicePoll:
        """Ask once. `clock` returns milliseconds since the cycle's start.

        A fault of the network or the agent becomes a DevicePoll with its outcome, never an
        exception. A poll that was answered but cannot be named counts as failed.
        """
        try:
            return await self._poll(cycle, clock)
        except SnmpError as error:
            return DevicePoll(self._device_id, cycle, clock(), error.outcome, detail=error.detail)

    async def look(self, cycle: int, clock: Callable[[], int]) -> DevicePoll:
        """Ask between two polls how the ports stand; rates go on from the poll before, not told.

        Names that are due are read to tell the ports apart, and are news of the next poll only.
        """
        try:
            table = await self._read_counters()
            keys = self._labels.keys
            if self._names_due(table):
                names = await self._read_name_columns()
                keys = _labels_of(table.indexes, facts_of(names)).keys
        except SnmpError as error:
            return DevicePoll(self._device_id, cycle, clock(), error.outcome, detail=error.detail)
        return DevicePoll(
            *(self._device_id, cycle, _asked_ms(table, clock), Outcome.OK, table.rtt_us),
            ports=_samples(keys, table, unknown_rates(len(keys))),
            changes=self._news_of_changes(keys, table),
        )

    async def _poll(self, cycle: int, clock: Callable[[], int]) -> DevicePoll:
        table = await self._read_counters()
        at_ms = _asked_ms(table, clock)
        system, facts = await self._read_names(table) if self._names_due(table) else (None, None)
        reading = self._reading(table)
        outcome, rates = self._judge(reading)
        return DevicePoll(
            device=self._device_id,
            cycle=cycle,
            at_ms=at_ms,
            outcome=outcome,
            rtt_us=table.rtt_us,
            system=system,
            port_facts=facts,
            ports=_samples(reading.keys, table, rates),
            changes=self._news_of_changes(reading.keys, table),
        )

    def _news_of_changes(self, keys: tuple[str, ...], table: Table) -> tuple[PortChange, ...]:
        column = cast("Counters", table.columns[_LAST_CHANGE])
        at_s = time.time() - (asyncio.get_running_loop().time() - table.at_s)
        booted_at_s = self._system.booted_at_s if self._system else None
        up_s = None if booted_at_s is None else at_s - booted_at_s
        return self._changes.news(keys, column, _number(table.scalars[1]), at_s, up_s)

    def _reader_of(self, columns: Sequence[Oid]) -> TableReader:
        return TableReader(
            self._manager, self._target, columns, _SCALARS, guards=1, numbers_only=True
        )

    async def _read_counters(self) -> Table:
        table = await self._reader.read()
        if len(table.columns) == len(_COLUMNS) and None in (*table.columns[7], *table.columns[8]):
            # Ports without 64-bit counters: from now on ask for the others too.
            self._reader = self._reader_of((*_COLUMNS, *_NARROW_COLUMNS))
            table = await self._reader.read()
        return _whole(table)

    async def _read_name_columns(self) -> Table:
        return _whole(await self._manager.table(self._target, NAME_COLUMNS))

    def _names_due(self, table: Table) -> bool:
        _, ticks, last_change = table.scalars
        if self._named_s is None or table.at_s - self._named_s >= self._topology_s:
            return True
        if table.indexes is not self._labels.indexes or last_change != self._last_change:
            return True
        before = self._before
        return before is not None and clock_restarted(
            before.uptime_ticks, _number(ticks), table.at_s - before.at_s
        )

    async def _read_names(
        self, table: Table
    ) -> tuple[SystemFacts | None, tuple[PortFacts, ...] | None]:
        """Read names and label the rows; return what is new of the system and of the ports."""
        self._named_s = None  # until all is read
        system = await read_system(self._manager, self._target)
        facts = facts_of(await self._read_name_columns())
        self._labels = _labels_of(table.indexes, facts)
        self._last_change = table.scalars[2]
        news = (
            None if _same_system(self._system, system) else system,
            None if facts == self._facts else facts,
        )
        self._system, self._facts, self._named_s = news[0] or self._system, facts, table.at_s
        return news

    def _reading(self, table: Table) -> Reading:
        columns = cast("tuple[Counters, ...]", table.columns)  # the reader brings numbers only
        octets_in, octets_out = columns[7], columns[8]
        bits: Sequence[int] = [64] * len(table.indexes)
        if len(columns) > len(_COLUMNS):
            wide = [a is not None and b is not None for a, b in zip(*columns[7:9], strict=True)]
            bits = [64 if is_wide else 32 for is_wide in wide]
            octets_in = _chosen(wide, columns[7], columns[len(_COLUMNS)])
            octets_out = _chosen(wide, columns[8], columns[len(_COLUMNS) + 1])
        ticks = _number(table.scalars[1])
        keys = self._labels.keys
        return Reading(table.at_s, ticks, keys, bits, octets_in, octets_out, *columns[2:7])

    def _judge(self, reading: Reading) -> tuple[Outcome, Rates]:
        """Compare with the reading before; it stays the one before when the agent repeated it."""
        before, rates = self._before, unknown_rates(len(reading.keys))
        if before is not None:
            restarted = clock_restarted(
                before.uptime_ticks, reading.uptime_ticks, reading.at_s - before.at_s
            )
            if not restarted and repeated(before, reading):
                return Outcome.REPEATED, rates
            rates = rates_between(before, reading, self._labels.limits_bps, self._rates)
        self._before, self._rates = reading, rates
        return Outcome.OK, rates


def _whole(table: Table) -> Table:
    """Return the table; one that may lack rows would show unknown ports as none."""
    if not table.whole:
        raise Garbled("snmp_table")
    return table


def _asked_ms(table: Table, clock: Callable[[], int]) -> int:
    """Return when the first answer came, as `clock` counts."""
    passed_s = asyncio.get_running_loop().time() - table.at_s
    return max(0, clock() - round(passed_s * 1000))


def _labels_of(indexes: tuple[Oid, ...], facts: tuple[PortFacts, ...]) -> _Labels:
    known = {port.if_index: port for port in facts}
    numbers = if_indexes(indexes)
    ports = [known.get(number) for number in numbers]
    return _Labels(
        indexes,
        tuple(
            f"index:{number}" if port is None else port.key
            for number, port in zip(numbers, ports, strict=True)
        ),
        tuple(
            None if port is None else speed_limit_bps(port.type, port.speed_bps) for port in ports
        ),
    )


def _same_system(before: SystemFacts | None, now: SystemFacts) -> bool:
    """Tell whether nothing changed; a boot's moment is as exact as the clocks and the network."""
    if before is None:
        return False
    old, new = before.booted_at_s, now.booted_at_s
    moved = old != new and (old is None or new is None or abs(old - new) > _BOOT_TOLERANCE_S)
    texts = (before.name, before.descr, before.object_id, before.location)
    return not moved and texts == (now.name, now.descr, now.object_id, now.location)


def _samples(keys: tuple[str, ...], table: Table, rates: Rates) -> tuple[PortSample, ...]:
    columns = cast("tuple[Counters, ...]", table.columns)
    rows = zip(
        keys,
        _statuses(columns[0]),
        _statuses(columns[1]),
        rates.in_bps,
        rates.out_bps,
        rates.in_errors_ps,
        rates.out_errors_ps,
        rates.in_discards_ps,
        rates.out_discards_ps,
        strict=True,
    )
    return tuple(map(PortSample._make, rows))


def _statuses(column: Counters) -> Counters:
    """Return the column with None for what the MIB does not know."""
    if _STATUSES.issuperset(column):
        return column
    return [value if value in _STATUSES else None for value in column]


def _chosen(wide: Sequence[bool], wides: Counters, narrows: Counters) -> Counters:
    return [a if is_wide else b for is_wide, a, b in zip(wide, wides, narrows, strict=True)]


def _number(value: Value) -> int | None:
    return value if isinstance(value, int) else None
