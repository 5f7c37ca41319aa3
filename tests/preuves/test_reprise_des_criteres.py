"""The four criteria of the accueil become data, and come back as they were."""

from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.accompagnements import fabrique

AVANT, APRES = "0024_eligibilite_par_region", "0026_criteres_en_donnees"


@pytest.mark.django_db(transaction=True)
def test_les_reponses_et_leur_histoire_survivent_a_l_aller_et_au_retour():
    demande = fabrique.une_demande("accueillie")
    demande.eligibilite[2]["reponse"] = False
    demande.deroger("Premier emploi en cours", demande.charge)
    demande.save()
    reponses, histoire = demande.eligibilite, demande.history.count()
    executeur = MigrationExecutor(connection)
    feuilles = executeur.loader.graph.leaf_nodes()
    try:
        executeur.migrate([("accompagnements", AVANT)])
        Ancienne = executeur.loader.project_state([("accompagnements", AVANT)]).apps.get_model(
            "accompagnements", "Demande"
        )
        ancienne = Ancienne.objects.get(pk=demande.pk)
        assert (ancienne.critere_existe, ancienne.critere_emploi) == (True, False)
        Ancienne.objects.update(eligibilite=[], derogation_par=None, derogation_le=None)
        # Half past midnight in Paris is still the day before in UTC.
        type(demande).history.update(history_date="2026-03-10T23:30:00Z")
    finally:
        executeur = MigrationExecutor(connection)
        executeur.migrate(feuilles)
    charge = demande.charge
    demande.refresh_from_db()
    assert demande.eligibilite == reponses
    assert demande.derogation_le == date(2026, 3, 11)
    assert demande.history.count() == histoire
    assert demande.history.first().eligibilite == reponses
    assert demande.derogation_par in (charge, None), "sans trace d'auteur, aucun n'est inventé"
