"""The inventory: what the network consists of, as a person wrote it. No secret is resolved.

The YAML keys are the contract's; where a key says no unit, the attribute does (`capacity` is read
into `capacity_bps`). References between entries are checked in `inventory_check`, because a
message about them needs the whole file.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
)

from console.language import N_
from console.model.addresses import (
    checked_address,
    checked_host,
    checked_http,
    checked_https,
    checked_sip,
)
from console.model.addresses import split_address as split_address
from console.model.url_secrets import without_secrets

SNMP_PORT = 161
TRAP_PORT = 162
STAMP_PORT = 862  # RFC 8762, section 3
ID, ID_CHARACTERS = r"^\w[\w.-]*$", 64
MAX_RATE_BPS = 1e15
_SCALE = {"": 1.0, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}")
_RATE = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,9})?)([kKMGT]?)")


def parse_rate(value: object) -> float:
    """Read bit/s from a number or from text with a decimal unit such as `10G` or `4M`."""
    rate_bps = 0.0
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        rate_bps = float(value)
    elif isinstance(value, str) and (match := _RATE.fullmatch(value.strip())):
        rate_bps = float(match[1]) * _SCALE[match[2]]
    if not 0 < rate_bps <= MAX_RATE_BPS:
        raise ValueError(N_("a rate is a positive number of bit/s, or one with k, M, G or T: 10G"))
    return rate_bps


def _written_moment(value: object) -> object:
    """Refuse what would pass as seconds since 1970 or as a day without a time."""
    if isinstance(value, datetime) or (isinstance(value, str) and _MOMENT.match(value)):
        return value
    raise ValueError(N_("a moment looks like “2026-12-03T10:00”"))


def _version(profile: object) -> str | None:
    """Choose the kind of an SNMP profile by its version."""
    if isinstance(profile, dict):
        version = str(profile.get("version"))
    else:
        version = str(getattr(profile, "version", None))
    return {"1": "SnmpCommunity", "2c": "SnmpCommunity", "3": "SnmpUser"}.get(version)


def _text_of_int(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _schema(**schema: Any) -> WithJsonSchema:
    return WithJsonSchema(schema, mode="validation")


Rate = Annotated[
    float,
    BeforeValidator(parse_rate),
    _schema(
        anyOf=[
            {"type": "number", "exclusiveMinimum": 0},
            {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?[kKMGT]?$"},
        ],
        description="bit/s, as a number or with k, M, G or T: 10G",
    ),
]
Address = Annotated[str, AfterValidator(checked_address)]
Moment = Annotated[datetime, BeforeValidator(_written_moment)]
Host = Annotated[str, AfterValidator(checked_host)]
Url = Annotated[str, AfterValidator(checked_http)]
SecureUrl = Annotated[str, AfterValidator(checked_https)]
SipUri = Annotated[str, AfterValidator(checked_sip)]
Id = Annotated[str, Field(pattern=ID, max_length=ID_CHARACTERS)]
Label = Annotated[str, Field(min_length=1, max_length=255)]
Interval = Annotated[float, Field(ge=1, le=86400)]
Ratio = Annotated[float, Field(ge=0, le=1)]
Secret = Annotated[str, Field(min_length=1)]

PROBE_PROTOCOLS = (
    *("icmp", "sip", "cisco", "poly", "poly_snmp", "http", "https"),
    *("pexip", "cms", "bigbluebutton", "jitsi"),
)
SERVICE_PROTOCOLS = ("http", "https", "proxy", "smtp")


def _exactly_one(keys: tuple[str, ...]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"oneOf": [{"required": [key]} for key in keys]})


class Entry(BaseModel):
    """Base of everything in the inventory: frozen, unknown keys refused."""

    # No input in texts of errors: it may be a secret, and such a text may reach a log.
    model_config = ConfigDict(
        **{"frozen": True, "extra": "forbid", "populate_by_name": True, "allow_inf_nan": False},
        hide_input_in_errors=True,
    )

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        """Leave passwords in URLs out of what a log may show."""
        for name, value in super().__repr_args__():
            yield name, without_secrets(value) if isinstance(value, str) else value


class SnmpCommunity(Entry):
    """SNMPv1 or v2c; `community` may be a reference such as `${env:NOC_COMMUNITY}`."""

    version: Annotated[
        Literal["1", "2c"], BeforeValidator(_text_of_int), _schema(enum=[1, "1", "2c"])
    ]
    community: Annotated[Secret, Field(repr=False)]


class SnmpUser(Entry):
    """SNMPv3 under the user-based security model; keys are references or plain text.

    `context` is the contextName to ask in: on some devices a VLAN, or an agent behind a proxy.
    """

    version: Annotated[Literal["3"], BeforeValidator(_text_of_int), _schema(enum=[3, "3"])]
    user: Annotated[str, Field(min_length=1, max_length=32)]
    auth: Literal["MD5", "SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"] | None = None
    auth_key: Annotated[Secret | None, Field(repr=False)] = None
    priv: Literal["DES", "AES-128", "AES-192", "AES-256", "AES-192-C", "AES-256-C"] | None = None
    priv_key: Annotated[Secret | None, Field(repr=False)] = None
    context: Annotated[str, Field(min_length=1, max_length=255)] | None = None


SnmpProfile = Annotated[
    Annotated[SnmpCommunity, Tag("SnmpCommunity")] | Annotated[SnmpUser, Tag("SnmpUser")],
    Discriminator(_version),
]


class Traps(Entry):
    """The optional trap receiver. Without `profiles` every profile's traps are believed."""

    listen: Address = "127.0.0.1"
    profiles: tuple[str, ...] = ()

    @property
    def endpoint(self) -> tuple[str, int]:
        """Host and UDP port."""
        return split_address(self.listen, TRAP_PORT)


class Polling(Entry):
    """How often what is asked, and how long an answer may take. Defaults: domain knowledge."""

    interfaces_s: Interval = 30.0
    ping_s: Interval | None = Field(10.0, description="null: never ping")
    rooms_s: Interval = 60.0
    services_s: Interval = 60.0
    topology_s: Interval = 1800.0
    paths_s: Annotated[float, Field(ge=0.02, le=15)] | None = Field(
        1.5, description="a probe packet along every path so often; null: none"
    )
    timeout_s: Annotated[float, Field(gt=0, le=60)] = 1.0
    retries: Annotated[int, Field(ge=0, le=10)] = 1


class Site(Entry):
    """A place: a county administration or a core site. `ags` is the official county key."""

    id: Id
    name: Label
    ags: Annotated[str, Field(pattern=r"^\d{5}$")] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    contact: str | None = None


class Device(Entry):
    """Something that answers SNMP."""

    id: Id
    site: str
    address: Address
    snmp: str
    role: str | None = None
    other_source: bool = False

    @property
    def endpoint(self) -> tuple[str, int]:
        """Host and UDP port."""
        return split_address(self.address, SNMP_PORT)


class LinkEnd(Entry):
    """One end of a link; `interface` is an ifName, ifDescr, ifAlias or ifIndex."""

    device: str
    interface: Annotated[
        Label, BeforeValidator(_text_of_int), _schema(type=["string", "integer"], minLength=1)
    ]


class Link(Entry):
    """A connection of two ports. Without capacity: the smaller speed of its ends."""

    id: Id
    a: LinkEnd
    b: LinkEnd
    capacity_bps: Rate | None = Field(None, alias="capacity")
    cost: Annotated[int, Field(ge=1, le=65535)] | None = None
    name: str | None = None


class Probe(Entry):
    """One way to ask a room or bridge; exactly one of the protocols is named."""

    model_config = _exactly_one(PROBE_PROTOCOLS)

    icmp: Host | None = None
    sip: SipUri | None = None
    cisco: Url | None = None
    poly: Url | None = None
    poly_snmp: Address | None = None
    http: Url | None = None
    https: SecureUrl | None = None
    pexip: Url | None = None
    cms: Url | None = None
    bigbluebutton: Url | None = None
    jitsi: Url | None = None
    transport: Literal["udp", "tcp", "tls"] = "udp"
    credential: Annotated[Secret | None, Field(repr=False)] = None
    snmp: str | None = None

    @property
    def protocol(self) -> str:
        """The name of the protocol this probe speaks."""
        return next(name for name in PROBE_PROTOCOLS if getattr(self, name) is not None)

    @property
    def target(self) -> str:
        """The address asked, as written."""
        return str(getattr(self, self.protocol))


class Bridge(Entry):
    """Where conference media meet."""

    id: Id
    site: str
    name: Label
    device: str | None = None
    contact: str | None = None
    probes: tuple[Probe, ...] = ()


class Room(Entry):
    """A video room."""

    id: Id
    site: str
    name: Label
    device: str | None = None
    contact: str | None = None
    probes: tuple[Probe, ...] = ()


class ServiceProbe(Entry):
    """How a service is asked; exactly one of the protocols is named."""

    model_config = _exactly_one(SERVICE_PROTOCOLS)

    http: Url | None = None
    https: SecureUrl | None = None
    proxy: Url | None = None
    fetch: Url | None = None
    smtp: Address | None = None
    starttls: Literal["required", "optional", "off"] = "optional"
    credential: Annotated[Secret | None, Field(repr=False)] = None


class Reflector(Entry):
    """Answers path measurements at a site (STAMP, RFC 8762); with `key` in authenticated mode.

    `toward`: the reflectors to which it measures itself, and tells who has the key.
    """

    id: Id
    site: str
    address: Address
    key: Annotated[Secret | None, Field(repr=False)] = None
    device: str | None = None
    toward: tuple[str, ...] = ()

    @property
    def endpoint(self) -> tuple[str, int]:
        """Host and UDP port."""
        return split_address(self.address, STAMP_PORT)


class Service(Entry):
    """What one administration runs for others, the web gateway, the mail relay."""

    id: Id
    name: Label
    provider: str
    consumers: tuple[str, ...] | Literal["all"] = "all"
    device: str | None = None
    contact: str | None = None
    probe: ServiceProbe


class MediaProfile(Entry):
    """Demand of one room in both directions with overhead, and what its media bear."""

    up_bps: Rate = Field(alias="up")
    down_bps: Rate = Field(alias="down")
    max_rtt_ms: Annotated[float, Field(gt=0)] = 150.0
    max_jitter_ms: Annotated[float, Field(gt=0)] = 30.0
    max_loss: Ratio = 0.01


class Conference(Entry):
    """A planned conference: its own time and rule, or a calendar file."""

    id: Id
    name: str | None = None
    bridge: str
    rooms: tuple[str, ...] | Literal["all"] = "all"
    profile: str
    start: Moment | None = None
    duration_min: Annotated[int, Field(ge=1, le=1440)] = 60
    repeat: str | None = None
    calendar: str | None = Field(None, description="an iCalendar file, or a CalDAV URL")
    credential: Annotated[Secret | None, Field(repr=False)] = None
    quorum: Annotated[int, Field(ge=1)] | Literal["all"] = "all"


class Inventory(Entry):
    """The whole network as written. `by_id` finds any entry that has an id."""

    network: Label
    timezone: str = "Europe/Berlin"
    language: Literal["de", "en", "system"] = "system"
    note: str | None = Field(None, description="shown beside the map, such as: illustration only")
    snmp: dict[str, SnmpProfile]
    traps: Traps | None = None
    polling: Polling = Field(default_factory=Polling)
    sites: tuple[Site, ...] = ()
    devices: tuple[Device, ...]
    links: tuple[Link, ...] = ()
    ca: str | None = None
    bridges: tuple[Bridge, ...] = ()
    rooms: tuple[Room, ...] = ()
    reflectors: tuple[Reflector, ...] = ()
    services: tuple[Service, ...] = ()
    profiles: dict[str, MediaProfile] = {}
    conferences: tuple[Conference, ...] = ()
    alarms: dict[str, dict[str, Any]] = {}

    @cached_property
    def by_id(self) -> "dict[str, Identified]":
        """Every entry with an id, by that id."""
        return {entry.id: entry for entry in self.entries}

    @property
    def entries(self) -> "list[Identified]":
        """Every entry with an id, in the file's order of sections."""
        found: list[Identified] = [*self.sites, *self.devices, *self.links, *self.bridges]
        found += [*self.rooms, *self.reflectors, *self.services, *self.conferences]
        return found


Identified = Site | Device | Link | Bridge | Room | Reflector | Service | Conference
