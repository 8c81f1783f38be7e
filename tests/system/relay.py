"""Joins standard input and output to a TCP port: what QEMU runs for a guest's way to a service."""

import os
import select
import socket
import sys

CHUNK = 65536


def main(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as service:
        while True:
            for ready in select.select([0, service.fileno()], [], [])[0]:
                data = os.read(ready, CHUNK)
                if not data:
                    return
                _write_all(service.fileno() if ready == 0 else 1, data)


def _write_all(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]


if __name__ == "__main__":
    main(int(sys.argv[1]))
