"""Sends UDP at a steady rate: stream.py ADDRESS PORT KBYTE_PER_S, until it is stopped."""

import socket
import sys
import time

OCTETS = 1_000


def main(address: str, port: int, kbyte_per_s: int) -> None:
    """Send one packet of OCTETS every 1 / kbyte_per_s seconds on average."""
    began = time.monotonic()
    sent = 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        while True:
            due = int((time.monotonic() - began) * kbyte_per_s)
            for _ in range(due - sent):
                udp.sendto(bytes(OCTETS), (address, port))
            sent = due
            time.sleep(0.005)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
