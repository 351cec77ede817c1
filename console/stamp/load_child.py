"""The process that sends a load: its order is the first line of standard input.

Anything after that, and above all the end of standard input, stops it: whoever started it may have
been killed. A process of its own, so that thousands of packets a second delay no other probe.
"""

import asyncio
import os
import sys
import threading
from contextlib import suppress

from console.stamp.load import Load
from console.stamp.load_messages import ORDERS, TOLD, LoadTold


def main() -> None:
    """Send one load."""
    order = ORDERS.validate_json(sys.stdin.buffer.readline())
    load = Load(order, _tell)

    def wait_for_end() -> None:
        os.read(0, 1)  # not by a buffer, whose lock nobody may hold at the end
        load.stop()

    threading.Thread(target=wait_for_end, daemon=True).start()
    with suppress(BrokenPipeError, KeyboardInterrupt):
        asyncio.run(load.run())


def _tell(told: LoadTold) -> None:
    sys.stdout.buffer.write(TOLD.dump_json(told) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
