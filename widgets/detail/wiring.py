"""Who is heard at the other end of a link or of a device's ports, in words. No Qt."""

from console.analysis.wiring import is_device
from console.language import _, ngettext
from console.model.observation import ChassisFacts
from console.model.snapshot import DeviceView, NeighbourView, Snapshot, Wiring
from console.model.states import State, Wired
from widgets.detail.things import Thing

_MOST = 24  # neighbours listed; more are counted


def wiring_text(wiring: Wiring) -> str:
    """Say whether the ends of a link hear each other; "" where they tell nothing."""
    heard = wiring.heard
    if heard is None:
        return _("agrees") if wiring.state is Wired.AGREES else ""
    return _("contradicts: {device} {port} sees {neighbour} {remote_port}").format(
        device=heard.device,
        port=heard.port_name,
        neighbour=heard.remote_name,
        remote_port=heard.port_word,
    )


def neighbour_things(snapshot: Snapshot, device: str) -> list[Thing]:
    """List whom a device hears at which port: devices of the inventory with id and state."""
    heard = snapshot.neighbours.get(device, ())
    known = _by_host(snapshot) if heard else {}
    things = [_thing(neighbour, known) for neighbour in heard[:_MOST]]
    more = len(heard) - _MOST
    if more > 0:
        text = ngettext("{n} more neighbour", "{n} more neighbours", more).format(n=more)
        things.append(Thing("", text, State.UNKNOWN, ""))
    return things


def _by_host(snapshot: Snapshot) -> dict[str, list[DeviceView]]:
    """Return the devices by all host names they may go by."""
    found: dict[str, list[DeviceView]] = {}
    for view in snapshot.devices.values():
        for host in {_host(view.id), _host(view.sys_name or "")} - {""}:
            found.setdefault(host, []).append(view)
    return found


def _host(name: str) -> str:
    return name.partition(".")[0].casefold()


def _thing(heard: NeighbourView, known: dict[str, list[DeviceView]]) -> Thing:
    candidates = known.get(_host(heard.remote_name), [])
    found = next((x for x in candidates if is_device(heard, x.id, x.sys_name)), None)
    name = f"{heard.port_name} → {found.id if found else heard.remote_name}"
    state = found.state if found else State.UNKNOWN
    return Thing(found.id if found else "", name, state, heard.port_word)


def chassis_text(chassis: ChassisFacts) -> str:
    """Say what a device is made of: model, else what its chassis is called."""
    return " · ".join(x for x in (chassis.model, chassis.descr) if x)


def software_text(chassis: ChassisFacts) -> str:
    """Name the revisions that a device tells."""
    return " · ".join(dict.fromkeys(x for x in (chassis.software, chassis.firmware) if x))
