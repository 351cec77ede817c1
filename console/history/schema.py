"""Tables of the history file, in SQL. Knows nothing of how they are filled or read.

One row of `traffic` holds a port's rates in ten cycles: slot n of bucket b is cycle 10 b + n.
Rates there are kbit/s, NULL where not known; every `at` is UTC seconds, every `…_ms` counts from
the start of its cycle. `stored_ms` is the commit: from then on a reader could see the row.
"""

from console.model.states import PortStatus

APPLICATION_ID = 0x4C656974  # "Leit", so that `file` and review can tell what it is
VERSION = 6
SLOTS = 10  # cycles in a bucket
WINDOWS = 12  # 5-minute windows in an hour
DUMP_CYCLES = 2880  # so often all ports that are not up are stored, changed or not
PORT_UP = 11  # admin up, oper up: the state of a port without a row


def _status_word(number: str) -> str:
    """Return SQL for the word of an ifAdminStatus or ifOperStatus."""
    words = " ".join(f"WHEN {status.value} THEN '{status.mib_name}'" for status in PortStatus)
    return f"CASE {number} {words} ELSE 'unknown' END"


def columns(prefix: str, count: int) -> list[str]:
    """Return the names of numbered columns: i0, i1, …"""
    return [f"{prefix}{number}" for number in range(count)]


TRAFFIC = [*columns("i", SLOTS), *columns("o", SLOTS)]
# Means and maxima, in and out, of the twelve windows of an hour.
MEANS = [name for prefix in ("mi", "mo", "xi", "xo") for name in columns(prefix, WINDOWS)]


def _integers(names: list[str]) -> str:
    return ", ".join(f"{name} INT" for name in names)


def _slot(prefix: str) -> str:
    cases = " ".join(f"WHEN {n} THEN t.{prefix}{n}" for n in range(SLOTS))
    return f"1000 * CASE c.id % {SLOTS} {cases} END"


TABLES = (
    "CREATE TABLE cycle(id INTEGER PRIMARY KEY, at REAL NOT NULL) STRICT",
    "CREATE INDEX cycle_at ON cycle(at)",
    # Cycles that began, by the clock, before something already stored.
    "CREATE TABLE clock_step(cycle INTEGER PRIMARY KEY, at REAL NOT NULL) STRICT",
    # One row while a beat came every second. What was stored before `cycle`, or in it before
    # `cycle_ms`, was seen before the collector fell silent and says nothing of this row's time.
    """CREATE TABLE heartbeat(id INTEGER PRIMARY KEY, first_at REAL NOT NULL, last_at REAL NOT NULL,
       stopped INT NOT NULL, cycle INT NOT NULL, cycle_ms INT NOT NULL) STRICT""",
    # In force from this cycle on; without secrets.
    """CREATE TABLE inventory(cycle INTEGER PRIMARY KEY, program_version TEXT NOT NULL,
       content TEXT NOT NULL) STRICT""",
    "CREATE TABLE subject(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT",
    """CREATE TABLE port(id INTEGER PRIMARY KEY, device INT NOT NULL, key TEXT NOT NULL,
       UNIQUE(device, key)) STRICT""",
    # From the device's poll in this cycle on; if_index NULL: the port is gone.
    """CREATE TABLE port_facts(id INTEGER PRIMARY KEY, port INT NOT NULL, cycle INT NOT NULL,
       if_index INT, name TEXT, descr TEXT, alias TEXT, type INT, speed_bps REAL) STRICT""",
    "CREATE INDEX port_facts_port ON port_facts(port, cycle)",
    """CREATE TABLE system_facts(id INTEGER PRIMARY KEY, device INT NOT NULL, cycle INT NOT NULL,
       name TEXT, descr TEXT, object_id TEXT, location TEXT, booted_at REAL) STRICT""",
    f"""CREATE TABLE traffic(bucket INT, port INT, {_integers(TRAFFIC)},
        PRIMARY KEY(bucket, port)) STRICT, WITHOUT ROWID""",
    # Per second; only where not all are 0. NULL: not known.
    """CREATE TABLE port_fault(cycle INT, port INT, in_err REAL, out_err REAL, in_disc REAL,
       out_disc REAL, PRIMARY KEY(cycle, port)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX port_fault_port ON port_fault(port)",
    # 10 * ifAdminStatus + ifOperStatus; changes, and once in DUMP_CYCLES all that are not up.
    """CREATE TABLE port_state(cycle INT, port INT, state INT NOT NULL,
       PRIMARY KEY(cycle, port)) STRICT, WITHOUT ROWID""",
    # answered_at: on failures, when the device last sent its counters.
    """CREATE TABLE poll(cycle INT, device INT, at_ms INT NOT NULL, stored_ms INT NOT NULL,
       outcome INT NOT NULL, rtt_us INT, detail TEXT, answered_at REAL,
       PRIMARY KEY(cycle, device)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE probe(id INTEGER PRIMARY KEY, subject INT NOT NULL, name TEXT NOT NULL,
       UNIQUE(subject, name)) STRICT""",
    """CREATE TABLE probe_result(cycle INT, probe INT, at_ms INT, stored_ms INT NOT NULL,
       outcome INT NOT NULL, rtt_us INT, detail TEXT,
       PRIMARY KEY(cycle, probe, at_ms)) STRICT, WITHOUT ROWID""",
    # began_at: since when the subject has not been well; NULL while it is. since: of this state;
    # reasons may change within it.
    """CREATE TABLE transition(subject INT, cycle INT, at_ms INT, at REAL NOT NULL,
       stored_at REAL NOT NULL, state TEXT NOT NULL, reasons TEXT NOT NULL, began_at REAL,
       since REAL NOT NULL,
       PRIMARY KEY(subject, cycle, at_ms)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX transition_at ON transition(at)",
    # kbit/s; hour is UTC seconds / 3600, the windows are its 5-minute parts.
    f"""CREATE TABLE traffic_5min(hour INT, port INT, {_integers(MEANS)},
        PRIMARY KEY(hour, port)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE traffic_hour(hour INT, port INT, mi INT, mo INT, xi INT, xo INT,
       PRIMARY KEY(hour, port)) STRICT, WITHOUT ROWID""",
    # The first 5-minute window, in UTC seconds, that is not rolled up yet.
    "CREATE TABLE rollup(id INTEGER PRIMARY KEY CHECK(id = 1), open_from INT NOT NULL) STRICT",
)

EVENT_TABLES = (
    # A device asked out of turn, between two polls: it answered, and these of its ports were
    # otherwise than known before (see port_state).
    """CREATE TABLE look(cycle INT, device INT, at_ms INT, stored_ms INT NOT NULL, rtt_us INT,
       PRIMARY KEY(cycle, device, at_ms)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE look_state(cycle INT, device INT, at_ms INT, port INT, state INT NOT NULL,
       PRIMARY KEY(cycle, device, at_ms, port)) STRICT, WITHOUT ROWID""",
    # What devices told by themselves. device 0: none of the inventory, or more than one has this
    # address. variables: a JSON array of [OID, text].
    """CREATE TABLE event(cycle INT, number INT, at_ms INT NOT NULL, stored_ms INT NOT NULL,
       device INT NOT NULL, source TEXT NOT NULL, trap TEXT NOT NULL, variables TEXT NOT NULL,
       left_out INT NOT NULL, PRIMARY KEY(cycle, number)) STRICT, WITHOUT ROWID""",
    # What became of all notifications: stored, or why not (see model.events.Fate).
    """CREATE TABLE event_count(cycle INT, stored_ms INT, fate TEXT, device INT,
       count INT NOT NULL, PRIMARY KEY(cycle, stored_ms, fate, device)) STRICT, WITHOUT ROWID""",
)

SURROUNDINGS_TABLES = (
    # What a device told of itself (ENTITY-MIB) and its neighbours, from this moment on. Chassis
    # columns are NULL where it told none; stored_at: from then on a reader could see the row.
    """CREATE TABLE surroundings(id INTEGER PRIMARY KEY, device INT NOT NULL, cycle INT NOT NULL,
       stored_at REAL NOT NULL, descr TEXT, model TEXT, serial TEXT, hardware TEXT, firmware TEXT,
       software TEXT) STRICT""",
    "CREATE INDEX surroundings_device ON surroundings(device)",
    # Heard in this version. port NULL: the device does not tell at which, port_name is its word.
    # addresses: a JSON array.
    """CREATE TABLE neighbour(version INT, place INT, protocol TEXT NOT NULL, port INT,
       port_name TEXT NOT NULL, name TEXT NOT NULL, chassis TEXT NOT NULL,
       remote_port TEXT NOT NULL, remote_port_descr TEXT NOT NULL, descr TEXT NOT NULL,
       addresses TEXT NOT NULL, PRIMARY KEY(version, place)) STRICT, WITHOUT ROWID""",
)

CHANGE_TABLES = (
    # When a port came into its state, as told from stored_at on. ticks: ifLastChange; NULL: not
    # told.
    """CREATE TABLE port_change(id INTEGER PRIMARY KEY, port INT NOT NULL, cycle INT NOT NULL,
       stored_at REAL NOT NULL, ticks INT, at REAL) STRICT""",
    "CREATE INDEX port_change_port ON port_change(port, cycle)",
)

CONFERENCE_TABLES = (
    # What a room or bridge told of itself to one probe, from this moment on; content: RoomFacts as
    # JSON without what is not told. stored_at: from then on a reader could see the row.
    """CREATE TABLE room_facts(id INTEGER PRIMARY KEY, probe INT NOT NULL, cycle INT NOT NULL,
       stored_at REAL NOT NULL, content TEXT NOT NULL) STRICT""",
    "CREATE INDEX room_facts_probe ON room_facts(probe)",
    """CREATE TABLE path(id INTEGER PRIMARY KEY, subject INT NOT NULL, name TEXT NOT NULL,
       UNIQUE(subject, name)) STRICT""",
    # A few seconds of probe packets along a path; see model.observation.PathWindow.
    """CREATE TABLE path_window(cycle INT, path INT, at_ms INT, stored_ms INT NOT NULL,
       lasts_ms INT NOT NULL, sent INT NOT NULL, lost INT NOT NULL, lost_there INT, lost_back INT,
       rtt_us INT, rtt_max_us INT, pairs INT NOT NULL, jitter_us INT, jitter_there_us INT,
       jitter_back_us INT, PRIMARY KEY(cycle, path, at_ms)) STRICT, WITHOUT ROWID""",
    # Every planned conference, from this moment on; content: a JSON array of plans. Without any
    # row the inventory's own conferences are what is planned.
    """CREATE TABLE plan(id INTEGER PRIMARY KEY, cycle INT NOT NULL, stored_at REAL NOT NULL,
       content TEXT NOT NULL) STRICT""",
    # Assessments as they were at a gate before a conference; start: UTC seconds of the occurrence.
    """CREATE TABLE frozen(id INTEGER PRIMARY KEY, conference TEXT NOT NULL, start REAL NOT NULL,
       gate TEXT NOT NULL, cycle INT NOT NULL, stored_at REAL NOT NULL, content TEXT NOT NULL,
       UNIQUE(conference, start, gate)) STRICT""",
    # Media loads sent on request, a row whenever there was news of one; content: a Rehearsal as
    # JSON, the legs in the last one only.
    """CREATE TABLE rehearsal(id INTEGER PRIMARY KEY, conference TEXT NOT NULL, wish INT NOT NULL,
       cycle INT NOT NULL, stored_at REAL NOT NULL, content TEXT NOT NULL) STRICT""",
)

_SAMPLES = f"""
SELECT c.id AS cycle, c.at + p.at_ms / 1000.0 AS at,
       datetime(c.at + p.at_ms / 1000.0, 'unixepoch') AS utc, d.name AS device,
       (SELECT f.name FROM port_facts f WHERE f.port = t.port AND f.cycle <= c.id
        ORDER BY f.cycle DESC LIMIT 1) AS port,
       {_slot("i")} AS in_bps, {_slot("o")} AS out_bps,
       coalesce((SELECT s.state FROM port_state s WHERE s.port = t.port
                 AND s.cycle BETWEEN c.id / {DUMP_CYCLES} * {DUMP_CYCLES} AND c.id
                 ORDER BY s.cycle DESC LIMIT 1), {PORT_UP}) AS state
FROM cycle c JOIN traffic t ON t.bucket = c.id / {SLOTS} JOIN port n ON n.id = t.port
     JOIN subject d ON d.id = n.device
     JOIN poll p ON p.cycle = c.id AND p.device = n.device AND p.outcome <= 1
"""

# For people with sqlite3; `state` is in words, admin/oper.
SAMPLE_VIEW = f"""
SELECT cycle, at, utc, device, port, in_bps, out_bps,
       {_status_word("state / 10")} || '/' || {_status_word("state % 10")} AS state
FROM ({_SAMPLES})
"""
