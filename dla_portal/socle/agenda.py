"""Appointments as .ics files, readable by every agenda (RFC 5545, written by icalendar).

Nothing confidential is ever in an appointment: agendas are shared and synchronised.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.http import HttpResponse
from icalendar import Calendar, Event

from dla_portal.socle import horloge


@dataclass(frozen=True)
class RendezVous:
    """One appointment. `cle` names it for ever; a higher `version` replaces it in the agenda.

    `debut` and `fin` are aware datetimes, or dates for what lasts whole days (`fin` excluded).
    """

    cle: str
    titre: str
    debut: datetime | date
    fin: datetime | date
    lieu: str = ""
    url: str = ""
    version: int = 0
    annule: bool = False


def en_ics(rendez_vous, nom=""):
    """Return the bytes of a calendar of these appointments, under this name when it has one."""
    calendrier = Calendar()
    calendrier.add("prodid", "-//Portail DLA//FR")
    calendrier.add("version", "2.0")
    calendrier.add("method", "PUBLISH")
    if nom:
        calendrier.add("x-wr-calname", nom)
    for un in rendez_vous:
        calendrier.add_component(_evenement(un))
    return calendrier.to_ical()


def _evenement(rendez_vous):
    evenement = Event()
    hote = settings.SITE_URL.partition("://")[2]
    evenement.add("uid", f"{rendez_vous.cle}@{hote}")
    evenement.add("sequence", rendez_vous.version)
    evenement.add("dtstamp", horloge.maintenant())
    evenement.add("dtstart", rendez_vous.debut)
    evenement.add("dtend", rendez_vous.fin)
    evenement.add("summary", rendez_vous.titre)
    evenement.add("status", "CANCELLED" if rendez_vous.annule else "CONFIRMED")
    if rendez_vous.lieu:
        evenement.add("location", rendez_vous.lieu)
    if rendez_vous.url:
        evenement.add("url", f"{settings.SITE_URL}{rendez_vous.url}")
    return evenement


def reponse_ics(nom, rendez_vous):
    """Answer a calendar to be downloaded under this name, without extension."""
    reponse = HttpResponse(en_ics(rendez_vous), content_type="text/calendar; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="{nom}.ics"'
    return reponse
