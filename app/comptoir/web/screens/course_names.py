"""What courses are called on the screens: by the house, else by number."""

from flask import g
from flask_babel import gettext as _

from comptoir.commands import queries
from comptoir.domain.courses import Courses
from comptoir.web.labels import spoken
from comptoir.web.services import services


def course_name(course: int) -> str:
    """Return a course's name in the reader's language."""
    if "courses" not in g:
        g.courses = queries.courses(services().journal)
    named: Courses = g.courses
    names = named.of(course)
    if names:
        return spoken(names)
    unnamed: str = _("At once") if course == 0 else _("Course %(number)s", number=course)
    return unnamed
