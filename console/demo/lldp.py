"""What simulated devices tell by LLDP of themselves and of each other, and of their chassis.

Their LLDP differs as that of real makers does: the port number is the ifIndex on some only, and
ports go by their names on some, by their MAC addresses on others.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from console import __version__
from console.demo.ports import LOOPBACK, SimulatedPort, port_name
from console.model.inventory import Device, Inventory, LinkEnd
from console.model.observation import ChassisFacts, Neighbour
from console.snmp import ber
from console.snmp.ber import Oid

LLDP = (1, 0, 8802, 1, 1, 2, 1)
ENTITY = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)
_CHASSIS, _MODULE = 3, 9
_MAC_OF_CHASSIS, _MAC_OF_PORT, _INTERFACE_NAME = 4, 3, 5  # subtypes
_ADDRESS_OF, _IPV4, _IF_INDEX = 3, 1, 2  # lldpRemManAddrIfSubtype, address family, ifIndex
_MODELS = {"core": "LS-4800 Core", "router": "LS-1200 Edge"}

Objects = dict[Oid, bytes]


def mac_of(device: int, port: int = 0) -> bytes:
    """Return a locally administered address; port 0 is the chassis."""
    return bytes((2, 0, device >> 8 & 255, device & 255, port >> 8 & 255, port & 255))


@dataclass(frozen=True, slots=True)
class Maker:
    """How a device's LLDP speaks, by the device's place in the inventory."""

    device: int

    @property
    def counts_by_itself(self) -> bool:
        """True where LLDP numbers ports from 1 and not by ifIndex."""
        return self.device % 3 != 0

    @property
    def tells_macs(self) -> bool:
        """True where a port's id is its MAC address and not its name."""
        return self.device % 3 == 2

    def port_id(self, place: int, name: str) -> tuple[bytes, bytes]:
        """Return subtype and id of a port, encoded."""
        if self.tells_macs:
            return _number(_MAC_OF_PORT), _octets(mac_of(self.device, place + 1))
        return _number(_INTERFACE_NAME), _octets(name)


class Announcements:
    """What every device of an inventory tells. `ports` are those of all devices."""

    def __init__(self, inventory: Inventory, ports: dict[str, tuple[SimulatedPort, ...]]) -> None:
        self._inventory = inventory
        self._ports = ports
        self._number = {device.id: n for n, device in enumerate(inventory.devices, 1)}
        self._device = {device.id: device for device in inventory.devices}
        self._place = {
            (device, port.name): place
            for device, of_device in ports.items()
            for place, port in enumerate(of_device)
        }

    def number(self, device: str) -> int:
        """Return the device's place in the inventory, from 1."""
        return self._number[device]

    def objects(self, device: str, layout: int) -> Objects:
        """Return the device's LLDP-MIB and ENTITY-MIB."""
        return self._own(device) | self._local(device, layout) | self._remote(device, layout)

    def heard(self, device: str, layout: int) -> tuple[Neighbour, ...]:
        """Return what a collector makes of it: the neighbours in the order of the ports."""
        wires = [(self._place[device, port_name(own)], other) for own, other in self._wires(device)]
        ports = self._ports[device]
        found = [
            (ports[place].numbers[layout], self._heard_at(ports[place].name, other))
            for place, other in wires
        ]
        found.sort(key=lambda heard: (heard[0], heard[1].name, heard[1].remote_port))
        return tuple(neighbour for _number, neighbour in found)

    def _heard_at(self, port: str, end: LinkEnd) -> Neighbour:
        number, name = self._number[end.device], port_name(end)
        mac = mac_of(number, self._place[end.device, name] + 1)
        host = self._device[end.device].endpoint[0]
        return Neighbour(
            protocol="lldp",
            port_key=f"name:{port}",
            port=port,
            name=end.device,
            chassis=mac_of(number).hex(":"),
            remote_port=mac.hex(":") if Maker(number).tells_macs else name,
            remote_port_descr=name,
            descr=descr_of(self._device[end.device]),
            addresses=(host,) if _ipv4_octets(host) else (),
        )

    def chassis(self, device: str) -> ChassisFacts:
        """Return what a collector makes of a device's ENTITY-MIB."""
        descr, hardware, serial, model = self._chassis(device)
        return ChassisFacts(descr, model, serial, hardware, "", __version__)

    def _chassis(self, device: str) -> tuple[str, str, str, str]:
        """Return entPhysicalDescr, HardwareRev, SerialNum and ModelName of the chassis."""
        role = self._device[device].role or "router"
        serial = f"LS{240000 + self._number[device]}"
        return f"{role} chassis", "B2", serial, _MODELS.get(role, "LS-1000")

    def _own(self, device: str) -> Objects:
        number = self._number[device]
        module = ("routing engine", "A1", f"RE{510000 + number}", "RE-2")
        return {
            (*LLDP, 3, 1, 0): _number(_MAC_OF_CHASSIS),
            (*LLDP, 3, 2, 0): _octets(mac_of(number)),
            (*LLDP, 3, 3, 0): _octets(device),
            **_part(1, _CHASSIS, *self._chassis(device)),
            **_part(2, _MODULE, *module),
        }

    def _lldp_number(self, device: str, place: int, layout: int) -> int:
        own = Maker(self._number[device]).counts_by_itself
        return place + 1 if own else self._ports[device][place].numbers[layout]

    def _local(self, device: str, layout: int) -> Objects:
        maker = Maker(self._number[device])
        found: Objects = {}
        for place, port in enumerate(self._ports[device]):
            if port.type != LOOPBACK:
                subtype, called = maker.port_id(place, port.name)
                at = (*LLDP, 3, 7, 1), self._lldp_number(device, place, layout)
                cells = (subtype, called, _octets(port.alias or port.name))
                found |= {(*at[0], c, at[1]): cell for c, cell in enumerate(cells, 2)}
        return found

    def _remote(self, device: str, layout: int) -> Objects:
        found: Objects = {}
        for neighbour, (own, other) in enumerate(self._wires(device), 1):
            place = self._place[device, port_name(own)]
            index = (0, self._lldp_number(device, place, layout), neighbour)
            cells = enumerate(self._announced(other), 4)
            found |= {(*LLDP, 4, 1, 1, column, *index): cell for column, cell in cells}
            found |= self._management(other, index)
        return found

    def _management(self, end: LinkEnd, index: Oid) -> Objects:
        """Return lldpRemManAddrTable's row: the address at which the device answers, if IPv4."""
        octets = _ipv4_octets(self._device[end.device].endpoint[0])
        if not octets:
            return {}
        address = (_IPV4, len(octets), *octets)
        return {(*LLDP, 4, 2, 1, _ADDRESS_OF, *index, *address): _number(_IF_INDEX)}

    def _wires(self, device: str) -> Iterator[tuple[LinkEnd, LinkEnd]]:
        for link in self._inventory.links:
            for own, other in ((link.a, link.b), (link.b, link.a)):
                if own.device == device and other.device != device:
                    yield own, other

    def _announced(self, end: LinkEnd) -> tuple[bytes, ...]:
        """Return what the device at an end says of itself: lldpRemChassisIdSubtype and on."""
        number, name = self._number[end.device], port_name(end)
        place = self._place[end.device, name]
        return (
            *(_number(_MAC_OF_CHASSIS), _octets(mac_of(number))),
            *Maker(number).port_id(place, name),
            *(_octets(name), _octets(end.device), _octets(descr_of(self._device[end.device]))),
        )


def _ipv4_octets(host: str) -> Oid:
    """Return the octets of an IPv4 address, none of anything else."""
    octets = host.split(".")
    return tuple(map(int, octets)) if len(octets) == 4 and host.replace(".", "").isdecimal() else ()


def descr_of(device: Device) -> str:
    """Return a simulated device's sysDescr."""
    return f"Leitstand simulated {device.role or 'router'}"


def _part(index: int, kind: int, descr: str, hardware: str, serial: str, model: str) -> Objects:
    cells = {2: _octets(descr), 5: _number(kind), 8: _octets(hardware), 11: _octets(serial)}
    cells |= {10: _octets(__version__), 12: _octets("Leitstand"), 13: _octets(model)}
    return {(*ENTITY, column, index): cell for column, cell in cells.items()}


def _number(value: int) -> bytes:
    return ber.encode_integer(value)


def _octets(value: str | bytes) -> bytes:
    return ber.encode(ber.OCTET_STRING, value if isinstance(value, bytes) else value.encode())
