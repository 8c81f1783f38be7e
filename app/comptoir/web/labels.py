"""What roles, states, stations, tenders and refusals are called on a screen."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as pgettext

from comptoir.domain.menu import Names
from comptoir.web import languages, presentation, update_labels

LABELS: Mapping[str, Mapping[str, object]] = {
    "strip": {
        "local": pgettext("strip", "LOCAL"),
        "solo": pgettext("strip", "SOLO"),
        "safe": pgettext("strip", "SAFE"),
        "cloud": pgettext("strip", "CLOUD"),
    },
    "office": {
        "signed-in": _("signed in"),
        "refused": _("was refused"),
        "told-to-wait": _("had to wait"),
        "signed-out": _("signed out"),
        "saw": _("looked"),
        "published": _("published"),
        "denied": _("was denied"),
        "user-set": _("set a user"),
    },
    "role": {
        "waiter": _("Waiter"),
        "cashier": _("Cashier"),
        "kitchen": _("Kitchen"),
        "stock": _("Stock"),
        "manager": _("Manager"),
    },
    "floor": {
        "free": _("Free"),
        "seated": _("Seated"),
        "ordering": _("Not sent"),
        "cooking": _("In kitchen"),
        "ready": pgettext("floor", "Ready"),
        "served": pgettext("floor", "Served"),
        "asked": pgettext("floor", "Wants to pay"),
        "paid": pgettext("floor", "Paid"),
        "overpaid": _("Overpaid"),
    },
    "line": {
        "unsent": _("not sent"),
        "fired": _("in kitchen"),
        "ready": _("ready"),
        "served": _("served"),
        "voided": _("voided"),
    },
    "tender": {
        "cash": _("Cash"),
        "card": _("Card"),
        "cheque": _("Cheque"),
        "voucher": _("Voucher"),
        "house_account": _("Account"),
    },
    "split": {
        "even": _("Evenly"),
        "seats": _("By seat"),
        "items": _("By dish"),
        "amounts": _("By amount"),
    },
    "notice": {
        "part-paid-meanwhile": _("A part was paid meanwhile, so the split stays."),
        "paid-for-part-gone": _("Money was taken for a part that is gone; it counts for the rest."),
        "paid-together": _("A check was taken off while all was paid together; the money counts."),
        "split-elsewhere": _(
            "Another terminal split this check at the same time; its split counts."
        ),
    },
    "loss": {
        "void": _("Voids"),
        "comp": _("Given away"),
        "discount": _("Discounts"),
        "refund": _("Money back"),
    },
    "clock": {
        "in": _("At work"),
        "break": _("On a break"),
        "out": _("Not at work"),
    },
    "stamp": {
        "in": _("Clock in"),
        "out": _("Clock out"),
        "break": _("Take a break"),
        "back": _("Back from the break"),
    },
    "denied": {
        "sign_in": _("Wrong PIN at the sign-in"),
        "approve": _("Tried to approve"),
        "act": _("Not allowed to"),
    },
    "move": {
        "pay_in": _("Pay in"),
        "pay_out": _("Pay out"),
        "drop": _("To the safe"),
        "no_sale": _("No sale"),
    },
    "cash": {
        "change": _("Change"),
        "supplier": _("Supplier"),
        "expenses": _("Expenses"),
        "safe": _("Safe"),
        "mistake": _("Mistake"),
        "other": _("Other"),
    },
    "daypart": {
        "breakfast": _("Breakfast"),
        "lunch": _("Lunch"),
        "afternoon": _("Afternoon"),
        "dinner": _("Dinner"),
        "night": _("Night"),
    },
    "customer": {
        "best": _("Best: lately, often, much"),
        "steady": _("Steady"),
        "new": _("New"),
        "slipping": _("Good once, not lately"),
        "asleep": _("Not lately"),
        "no-account": _("Without an account"),
    },
    "stock": {
        "counted": _("Counted"),
        "received": _("Came in"),
        "wasted": _("Thrown away"),
        "undone": _("Entry undone"),
        "recounted": _("Count corrected"),
        "sold": _("Ordered"),
        "sold-now": _("Quantity changed"),
        "sold-back": _("Voided"),
    },
    "waste": {
        "spoilt": _("Spoilt"),
        "broken": _("Broken"),
        "expired": _("Out of date"),
        "staff": _("Staff meal"),
    },
    "received": {
        "yes": _("it was received"),
        "no": _("it was not received"),
        "ask": _("they are asking"),
    },
    "allergen": {
        "gluten": _("Gluten"),
        "crustaceans": _("Crustaceans"),
        "eggs": _("Eggs"),
        "fish": _("Fish"),
        "peanuts": _("Peanuts"),
        "soy": _("Soy"),
        "milk": _("Milk"),
        "nuts": _("Nuts"),
        "celery": _("Celery"),
        "mustard": _("Mustard"),
        "sesame": _("Sesame"),
        "sulphites": _("Sulphites"),
        "lupin": _("Lupin"),
        "molluscs": _("Molluscs"),
    },
    "printer": {
        "ready": _("Ready"),
        "back": _("Prints again"),
        "paper-low": _("Roll ends soon"),
        "off": _("Off"),
        "cover-open": _("Cover open"),
        "paper-out": _("Out of paper"),
        "error": _("Stuck"),
        "offline": _("Paused"),
        "silent": _("Silent"),
        "garbled": _("Not a printer"),
        "unknown": _("Not asked yet"),
        "not-told": _("Not known"),
    },
    "printer-help": {
        "ready": "",
        "back": _("What waited is being printed."),
        "paper-low": _("Have a new roll at hand."),
        "off": _("Is it switched on, and its cable in? What waits is printed when it is back."),
        "cover-open": _("Close its cover."),
        "paper-out": _("Put in a new roll; what waits is printed by itself."),
        "error": _("Switch it off, free the cutter or the head, switch it on."),
        "offline": _("Press its feed button, or switch it off and on."),
        "silent": _("It is there but tells nothing. Is something else printing on it?"),
        "garbled": _("Something else answers at its address. Tell a manager."),
        "unknown": _("It is asked in a moment."),
        "not-told": _("The printing program of this terminal tells nothing. Tell the technician."),
    },
    "order_type": {
        "eat_in": _("Eat in"),
        "take_away": _("Take-away"),
    },
    "reason": {
        "hospitality": _("Hospitality"),
        "regular": _("Regular guest"),
        "waited": _("Waited long"),
        "quality": _("Not good"),
        "staff": _("Staff meal"),
        "embassy": _("Embassy"),
        "resale": _("Resale"),
        "certificate": _("Certificate"),
    },
    "sold_by": {
        "each": _("Each"),
        "weight": _("Weight"),
        "open": _("Open price"),
    },
    "prefix": {
        "no": _("Without"),
        "extra": _("Extra"),
        "side": _("On the side"),
        "half": pgettext("prefix", "Half"),
    },
    "terminal": {
        "here": _("This one"),
        "live": pgettext("terminal", "Takes part"),
        "silent": _("Not heard now"),
        "suspended": _("Suspended"),
        "out": pgettext("terminal", "Out"),
    },
    "update": update_labels.STEPS,
    "update-turn": update_labels.TURNS,
    "update-help": update_labels.HELP,
    "retire": {
        "stolen": _("Stolen"),
        "broken": _("Broken"),
        "replaced": _("Replaced"),
    },
    "weekday": {
        "1": _("Mon"),
        "2": _("Tue"),
        "3": _("Wed"),
        "4": _("Thu"),
        "5": _("Fri"),
        "6": _("Sat"),
        "7": _("Sun"),
    },
    "verdict": {
        "yes": _("Yes"),
        "with approval": _("with approval"),
        "no": _("No"),
    },
    "void": {
        "mistake": _("Mistake"),
        "changed": _("Guest changed mind"),
        "sold-out": _("Sold out"),
        "quality": _("Not good"),
    },
    "station": {
        "kitchen": _("Kitchen"),
        "bar": _("Bar"),
        "cold": _("Cold"),
        "dimsum": _("Dim sum"),
        "wok": _("Wok"),
        "counter": _("Counter"),
    },
}
"""By subject, then by the name that the domain uses."""

REFUSALS: Mapping[str, object] = {
    "restaurant-not-found": _("There is no such restaurant, or it is not one of yours."),
    "office-not-allowed": _("Your rights do not cover this. Ask who runs the head office."),
    "secret-refused": _("This second factor is broken. Ask for a new one."),
    "office-price-refused": _("This is no price. Type it as on the menu, such as 12.50."),
    "office-nobody-ticked": _("Tick at least one restaurant."),
    "office-unavailable": _(
        "The cloud's store does not answer. The restaurants go on; try again in a moment."
    ),
    "office-failed": _("The head office failed here; nothing more was done."),
    "check-not-found": _("This check is not known here. Go back to the floor and open it again."),
    "check-settled": _("This check is paid. Open another one."),
    "line-not-found": _("This line is no longer on the check. Reload the check."),
    "item-not-found": _("This is not on the menu. Search again."),
    "modifier-refused": _("This choice does not go with the dish. Choose as it says."),
    "label-refused": _("This label does not fit. Weigh it again, or tap the dish."),
    "amount-refused": _("This amount or quantity does not fit. Check it and try again."),
    "not-allowed": _("Your role does not allow this. Ask a manager."),
    "nothing-to-send": _("Nothing waits to be sent."),
    "payment-not-found": _("This payment is not known on the check. Reload the check."),
    "pin-wrong": _("This PIN is not right. Tap your name and try again."),
    "too-many-tries": _("Too many wrong PINs. Wait a little, then try again."),
    "request-forged": _("This did not come from the till’s own page. Reload the page."),
    "field-refused": _("A field is missing. Reload the page."),
    "too-many-streams": _("Too many pages are open on this till. Close one."),
    "item-sold-out": _("There is not enough left of this. Offer something else."),
    "stock-not-counted": _("This was not counted yet. Count it first."),
    "stock-refused": _("This does not fit the stock as it stands. Look at the item again."),
    "variant-refused": _("Choose which size or form of it."),
    "menu-edit-refused": _("This change would leave the menu broken. Check it and try again."),
    "approval-needed": _("A manager must approve this with a PIN or a badge."),
    "approval-refused": _("This approval does not count here. Ask the manager again."),
    "payment-answered": _("Somebody has already answered for this payment. Look at the check."),
    "being-paid": _("This is being paid on %(where)s. Look there before you take money."),
    "nobody-answered": _(
        "%(where)s does not answer. Look there whether this is paid, then try again."
    ),
    "pass-refused": _("Your terminal does not answer. Sign in here to go on."),
    "drawer-not-open": _("This drawer is not open. Open it with its float first."),
    "drawer-refused": _("This cannot be done with the drawer now. Look at its state."),
    "currency-mismatch": _("Two currencies cannot be added up. Tell the manager."),
    "versions-mixed": _(
        "Another terminal, or the cloud, still runs an older version that does not know this."
        " Update it, then try again."
    ),
    "command-id-reused": _("The page sent two things as one. Reload the page."),
    "sign-in-needed": _("Sign in first."),
    "menu-file-refused": _("The file is no menu as it is; nothing was imported."),
    "printer-not-found": _("There is no such printer. Look at the list of printers."),
    "ticket-not-found": _("There is no such ticket any more. Look at the list of tickets."),
    "printing-plan-refused": _(
        "These printers or stations do not fit together. Check them and try again."
    ),
    "drawer-not-found": _("This drawer was never opened. Look at the list of drawers."),
    "shift-refused": _("This does not follow from the stamp before. Look at the clock."),
    "clock-refused": _("This till has written down a later time already. Check date and hour."),
    "day-refused": _("The day cannot be closed now. Look at what is still open."),
    "part-not-found": _("This part of the check is gone. Reload the check."),
    "split-refused": _("The check cannot be split this way now. Look at what is paid."),
    "merge-refused": _("These checks cannot be put together. Look at what is paid."),
    "font-missing": _("There is no font with Chinese here. Tell the technician."),
    "receipt-not-found": _("There is no receipt at this address."),
    "form-refused": _("Something typed here does not fit. Look at the form again."),
    "report-refused": _("There is no such report. Go back and choose again."),
    "not-found": _("There is no such page. Go back to the floor."),
    "internal": _(
        "The till failed here; nothing more was done. Try again, or tell the technician."
    ),
    "too-many-retired": _(
        "You have retired half of the terminals. Type the house's passphrase, or let another"
        " manager report this one."
    ),
    "passphrase-wrong": _("This is not the passphrase of the house. Read it from the sheet again."),
    "update-refused": _("This is no update, or not offered any more. Look at the terminals again."),
    "update-older": _("This version is older than the one offered before. It is not installed."),
    "not-suspended": _("These two do not wait for a decision. Look at the terminals again."),
    "key-refused": _("This is no key of a technician. Let them ask again with the file in .pub."),
    "visit-refused": _("A visit wants a name, and 1 to 60 minutes. Type them again."),
    "too-many-knocks": _("Too many technicians wait here. Send away who is not meant."),
    "newcomer-gone": _("The new terminal does not answer. Look whether it is on, and try again."),
    "not-new": _("This terminal is in use. Only one with which nobody has worked can join."),
    "invited-already": _(
        "This terminal is invited by another one. Answer on its own screen first."
    ),
    "invitation-refused": _(
        "This is no invitation for this terminal. Invite it again from its list."
    ),
    "nobody-asks": _("This technician does not wait any more. They may ask once again."),
    "not-adoptable": _("This cannot be taken over, or was already. Look at the list again."),
    "journal-unusable": _(
        "The till cannot write to its disk; nothing was kept."
        " Use another terminal and call the technician."
    ),
    "till-opening": _("The till is just starting. Try again in a moment."),
}
"""By the code of the error. English readers get the error's own sentence, with its details."""


def spoken(names: Names) -> str:
    """Return what the house calls something, in the reader's language."""
    return presentation.spoken(names, languages.tag(languages.current()))


def called(name: str, subject: str) -> str:
    """Return what something is called in the reader's language; the house's own names stay."""
    label = LABELS[subject].get(name)
    return name.capitalize() if label is None else str(label)
