"""Every screen that has a name: those of the survey's walk, and pages a manager opens directly."""

WALK = (
    "sign in", "floor", "covers", "empty pad", "pad", "choices", "line", "search", "void",
    "kitchen", "to serve", "call back", "pass", "payment", "paid", "floor after", "counter",
    "counter sale", "counter line", "parked", "card", "display", "counter done", "last receipt",
    "display change", "display idle", "printers",
)  # fmt: skip
"""What `tests.browser.test_looks.screens` walks through, in its order."""

STOPS = {
    "seats and courses": "/checks/{check}/places",
    "split": "/checks/{check}/split",
    "questions about money": "/questions",
    "money": "/money",
    "drawers": "/drawers",
    "day": "/day",
    "day closes": "/day/z",
    "time clock": "/clock",
    "returns": "/sales",
    "house accounts": "/accounts",
    "account statement": "/accounts/statement?account=Dupont",
    "account paid off": "/accounts/pay?account=Dupont",
    "manager now": "/manager",
    "manager dishes": "/manager/mix",
    "manager hours": "/manager/hours",
    "manager losses": "/manager/losses",
    "manager money": "/manager/money",
    "manager people": "/manager/people",
    "manager accounts": "/manager/accounts",
    "manager checks": "/manager/checks",
    "manager offline": "/manager/offline",
    "manager terminals": "/manager/terminals",
    "manager check": "/manager/checks/{check}",
    "office menu": "/office/menu",
    "office choices": "/office/menu/groups",
    "office prices": "/office/menu/prices",
    "office menu draft": "/office/menu/draft",
    "office menu history": "/office/menu/history",
    "office menu file": "/office/menu/file",
    "office floor": "/office/floor",
    "office house": "/office/house",
    "office printers": "/office/printers",
    "office staff": "/office/staff",
    "office roles": "/office/staff/roles",
    "office taxes": "/office/taxes",
    "arrived without a pass": "/arrive",
}
"""Pages by their name; ``{check}`` is one with a dish sent and one not."""
