"""Personal links as their holders use them: the link and the code are read in the mails."""

import re

from dla_portal.socle.models import Courriel


def lien_de(destinataire):
    """Return the path of the latest personal link sent to somebody."""
    courriels = Courriel.objects.filter(destinataire=destinataire, corps__contains="/lien/")
    return re.search(r"/lien/[\w-]+/", courriels.first().corps)[0]


def code_de(destinataire):
    """Return the latest code of confirmation sent to somebody."""
    courriels = Courriel.objects.filter(destinataire=destinataire, sujet__startswith="Votre code")
    return re.search(r"confirmation : (\d{6})", courriels.first().corps)[1]


def confirmer(client, chemin, destinataire):
    """Ask for the code and give it back, in the browser of the test client."""
    client.post(chemin, {"action": "recevoir-code"})
    client.post(chemin, {"action": "confirmer-code", "code": code_de(destinataire)})
