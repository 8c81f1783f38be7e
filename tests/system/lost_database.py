"""A database that vanishes while somebody waits for its answer; run in a network of its own.

``unshare --net python -m tests.system.lost_database SECONDS [unwatched]`` exits with 0 when it was
noticed within so many seconds, with STILL_WAITS when it was not.
"""

import subprocess
import sys
import threading

import psycopg

from comptoir.cloud import StoreUnavailable, database
from comptoir.cloud.database import Database
from tests.fakes.postgres import Postgres
from tests.fakes.restaurant import until

STILL_WAITS = 3
ASKED = "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(7200)'"


def main(patience_s: float, *, watched: bool) -> bool:
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    if not watched:
        database.WATCHED.clear()
    noticed = threading.Event()
    with Postgres() as server:
        dsn = server.database()

        def wait_for_ever() -> None:
            try:
                with Database(dsn).transaction() as db:
                    db.execute("SELECT pg_sleep(7200)")
            except StoreUnavailable:
                noticed.set()

        threading.Thread(target=wait_for_ever, daemon=True).start()
        with psycopg.connect(server.dsn("postgres"), autocommit=True) as look:
            until(lambda: look.execute(ASKED).fetchone() == (1,), what="the question")
        until(lambda: not unanswered(server.port), what="the kernel's word that it arrived")
        vanish(server.port)
        return noticed.wait(patience_s)


def unanswered(port: int) -> bool:
    """Tell whether something that was sent there is still on its way."""
    words = ["ss", "--no-header", "--tcp", "--numeric", "dport", "=", f":{port}"]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return any(line.split()[2] != "0" for line in told.splitlines())


def vanish(port: int) -> None:
    """Let nothing of it arrive any more, nor say so."""
    rules = "add table ip cut; add chain ip cut in { type filter hook input priority 0; };"
    for way in ("dport", "sport"):
        rules += f"add rule ip cut in tcp {way} {port} drop;"
    subprocess.run(["nft", rules], check=True)


if __name__ == "__main__":
    seen = main(float(sys.argv[1]), watched="unwatched" not in sys.argv)
    sys.exit(0 if seen else STILL_WAITS)
