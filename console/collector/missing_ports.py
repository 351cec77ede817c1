"""Tells the log of links whose interface no port of the device answers to, once each."""

import logging

from console.analysis.ports import find_port
from console.language import _
from console.model.inventory import Inventory
from console.model.observation import DevicePoll

log = logging.getLogger("leitstand.collector")


class MissingPorts:
    """Compares the links' ends with the ports that the devices tell of."""

    def __init__(self, inventory: Inventory) -> None:
        self._ends: dict[str, list[tuple[str, str]]] = {}
        for link in inventory.links:
            for end in (link.a, link.b):
                self._ends.setdefault(end.device, []).append((link.id, end.interface))
        self._told: set[tuple[str, str, str]] = set()

    def saw(self, poll: DevicePoll) -> None:
        """Take in a poll; only one that names the ports anew can show that one is missing."""
        if not poll.port_facts:
            return
        for link, interface in self._ends.get(poll.device, ()):
            end = poll.device, link, interface
            if find_port(poll.port_facts, interface) is not None:
                self._told.discard(end)
            elif end not in self._told:
                self._told.add(end)
                log.warning(
                    _("%(link)s: no port “%(port)s” on %(device)s; check the inventory."),
                    {"link": link, "port": interface, "device": poll.device},
                )
