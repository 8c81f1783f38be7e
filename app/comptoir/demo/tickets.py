"""Signs the visitor's browser in on every till, so that the demo begins at the floor plan.

Cookies know no ports: the demo's page may set what the tills beside it read.
"""

from comptoir import samples
from comptoir.bootstrap.terminal import SystemClock
from comptoir.demo.founding import SAMPLE
from comptoir.demo.restaurant import Restaurant
from comptoir.domain.house import CASHIER, WAITER
from comptoir.journal import Signer
from comptoir.web import sessions


def session_cookies(restaurant: Restaurant) -> list[str]:
    """Return a Set-Cookie line for each till, each with somebody else of the staff signed in."""
    staff = [person for person in samples.load(SAMPLE).staff if person.role in {WAITER, CASHIER}]
    expires = SystemClock().now_ms() + sessions.LIFE_MS
    cookies = []
    for terminal in restaurant.terminals:
        spot = terminal.spot
        who = staff[(spot.number - 1) % len(staff)]
        signer = Signer.load(spot.settings().identity_dir / "signing.key")
        token = sessions.issue(sessions.Session(spot.id, who.id, expires), signer)
        name = f"comptoir_{spot.http_port}"
        cookies.append(f"{name}={token}; Path=/; HttpOnly; SameSite=Strict")
    return cookies
