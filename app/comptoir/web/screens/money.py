"""The money workplaces, for the application to register."""

from comptoir.web.screens import payment, tendering

BLUEPRINTS = (payment.blueprint, tendering.blueprint)
