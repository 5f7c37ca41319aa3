"""Comments on a dossier: who reads them everywhere, who mends them, who is called to them."""

from datetime import timedelta

import pytest
from django.contrib.admin.sites import site
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accompagnements.comites import transitions as comites
from accompagnements.demandes import commenter
from accompagnements.demandes.commentaires import (
    CommentaireDossier,
    Mention,
    autres_lecteurs,
    equipe,
    lecteurs_en_mots,
)
from accompagnements.demandes.models import Accompagnement
from dla_portal.comptes import resumes, roles
from dla_portal.comptes.abonnements import PreferencesCourriel, Rythme
from dla_portal.comptes.droits import Refus
from dla_portal.comptes.models import Rattachement, Utilisateur
from dla_portal.socle import horloge
from dla_portal.socle.models import Courriel, Evenement
from dla_portal.socle.regles import Manques
from dla_portal.socle.verrou import VersionPerimee
from tests.accompagnements import fabrique
from tests.accompagnements.fabrique import un_commentaire

pytestmark = pytest.mark.django_db
SECRET = "ZZSECRETZZ"


@pytest.fixture
def dossier(operateur):
    return fabrique.un_accompagnement()


@pytest.fixture
def admin(db):
    return fabrique.une_personne(roles.Administrateur.code)


def la_page(client, personne, dossier, question=""):
    client.force_login(personne)
    return client.get(dossier.get_absolute_url() + question)


def ecrire(client, dossier, **champs):
    adresse = reverse("accompagnements:dossier_commenter", args=[dossier.pk])
    cle = client.get(adresse).context["formulaire"].initial["cle_envoi"]
    return client.post(
        adresse, {"cle_envoi": cle, "portee": "interne", "texte": "Un mot", **champs}
    )


def convoquer(dossier, membre):
    seance = fabrique.une_seance(operateur=dossier.operateur, membres=[membre], jours=-5)
    return comites.inscrire(seance, dossier, par=dossier.charge, synthese="Une synthèse")


# Who reads


def test_un_commentaire_interne_reste_dans_l_equipe(
    client, dossier, responsable, gestionnaire, c2ra, membre, admin, autre_charge
):
    diagnostique = fabrique.un_diagnostic(accompagnement=dossier).accompagnement
    convoquer(diagnostique, membre)
    un_commentaire(dossier, texte=SECRET)
    for personne in (dossier.charge, responsable, gestionnaire):
        assert SECRET in la_page(client, personne, dossier).content.decode()
    for personne in (c2ra, membre, admin):
        reponse = la_page(client, personne, dossier)
        assert reponse.status_code == 200
        assert SECRET not in reponse.content.decode()
        assert "Commentaire interne" not in reponse.content.decode()
    assert la_page(client, autre_charge, dossier).status_code == 404


def test_un_commentaire_partage_est_lu_par_tous_ceux_qui_ouvrent_le_dossier(
    client, dossier, c2ra, membre, admin, autre_charge, pilote
):
    fabrique.un_diagnostic(accompagnement=dossier)
    convoquer(dossier, membre)
    un_commentaire(dossier, texte=SECRET, portee="partage")
    for personne in (dossier.charge, c2ra, membre, admin):
        assert SECRET in la_page(client, personne, dossier).content.decode()
    for personne in (autre_charge, pilote):
        assert la_page(client, personne, dossier).status_code == 404


def test_la_portee_se_dit_en_mots_et_par_une_icone(client, dossier):
    un_commentaire(dossier)
    un_commentaire(dossier, portee="partage")
    page = la_page(client, dossier.charge, dossier).content.decode()
    assert '<span class="portee interne">' in page
    assert '<span class="portee partage">' in page
    assert "#lock" in page
    assert "lu seulement par l'équipe" in page
    assert "lu aussi hors de l'équipe" in page


def test_le_choix_dit_exactement_qui_lira(client, dossier, c2ra):
    client.force_login(dossier.charge)
    adresse = reverse("accompagnements:dossier_commenter", args=[dossier.pk])
    page = client.get(adresse)
    choix = dict(page.context["formulaire"].fields["portee"].choices)
    assert choix["interne"].startswith("Interne. Lu seulement par l'équipe de Fabrique Treize")
    assert choix["partage"].startswith("Partagé. Lu aussi par le DLA régional (Provence)")
    assert page.context["formulaire"].initial["portee"] == "interne"
    client.force_login(c2ra)
    assert list(dict(client.get(adresse).context["formulaire"].fields["portee"].choices)) == [
        "partage"
    ]


def test_les_lecteurs_annonces_sont_ceux_qui_lisent(dossier, c2ra, membre, admin, gestionnaire):
    """The two sides of the promise: the list of people to call, and what each one is shown."""
    fabrique.un_diagnostic(accompagnement=dossier)
    convoquer(dossier, membre)
    ecarte = fabrique.une_personne(roles.MembreComite.code)
    passage = convoquer(dossier, ecarte)
    comites.deporter(passage, par=dossier.charge, membre=ecarte, motif="Il la préside")
    partie = fabrique.une_personne(roles.ChargeMission.code, operateur=dossier.operateur)
    Rattachement.objects.filter(utilisateur=partie).update(
        fin=horloge.aujourdhui() - timedelta(days=1)
    )
    inactive = fabrique.une_personne(roles.Responsable.code, operateur=dossier.operateur)
    Utilisateur.objects.filter(pk=inactive.pk).update(is_active=False)
    interne, partage = un_commentaire(dossier), un_commentaire(dossier, portee="partage")
    internes, autres = set(equipe(dossier)), set(autres_lecteurs(dossier))
    assert internes == {dossier.charge, gestionnaire}
    assert autres == {c2ra, membre}
    for personne in Utilisateur.objects.filter(is_active=True):
        lus = set(CommentaireDossier.objects.visibles_par(personne))
        assert (interne in lus) == (personne in internes), personne.role
        attendu = personne in internes | autres or personne == admin
        assert (partage in lus) == attendu, personne.role


def test_un_dla_regional_qui_porte_l_operateur_est_de_l_equipe(client, dossier):
    porteur = fabrique.une_personne(
        roles.DlaRegional.code, region=dossier.departement.region, operateur=dossier.operateur
    )
    un_commentaire(dossier, texte=SECRET)
    assert SECRET in la_page(client, porteur, dossier).content.decode()
    assert porteur in set(equipe(dossier))
    assert porteur not in set(autres_lecteurs(dossier))


def test_l_administration_ne_montre_pas_les_internes(dossier, admin, client):
    Utilisateur.objects.filter(pk=admin.pk).update(is_staff=True, is_superuser=True)
    chef = Utilisateur.objects.get(pk=admin.pk)
    interne = un_commentaire(dossier, texte=SECRET, prevenir=[_collegue(dossier)])
    partage = un_commentaire(dossier, portee="partage")
    page = site._registry[CommentaireDossier]
    requete = type("Requete", (), {"user": chef})()
    assert list(page.get_queryset(requete)) == [partage]
    assert not page.has_change_permission(requete, partage)
    assert not page.has_delete_permission(requete, partage)
    assert not site._registry[Mention].get_queryset(requete).exists()
    client.force_login(chef)
    for personne_ou_objet in (interne, interne.mentions.get()):
        assert SECRET not in str(personne_ou_objet)
    assert CommentaireDossier.history.model not in site._registry


def test_le_texte_ne_sort_ni_par_un_courriel_ni_par_le_journal_ni_par_la_recherche(
    client, dossier, c2ra
):
    collegue = _collegue(dossier)
    un_commentaire(dossier, texte=SECRET, prevenir=[collegue])
    assert len(resumer(collegue)) == 1
    assert not Courriel.objects.filter(corps__contains=SECRET).exists()
    assert not Courriel.objects.filter(sujet__contains=SECRET).exists()
    assert not Evenement.objects.filter(libelle__contains=SECRET).exists()
    assert not Evenement.objects.filter(motif__contains=SECRET).exists()
    for personne in (dossier.charge, c2ra):
        client.force_login(personne)
        page = client.get(reverse("socle:recherche"), {"q": SECRET}).content.decode()
        assert SECRET not in page.replace(f'value="{SECRET}"', "").replace(f"« {SECRET} »", "")


# Writing


def test_un_commentaire_s_ecrit_une_fois_et_interne_par_defaut(client, dossier):
    client.force_login(dossier.charge)
    adresse = reverse("accompagnements:dossier_commenter", args=[dossier.pk])
    formulaire = client.get(adresse).context["formulaire"]
    donnees = {"cle_envoi": formulaire.initial["cle_envoi"], "texte": "  Un mot  "}
    assert client.post(adresse, donnees).status_code == 422  # the choice is never guessed
    donnees["portee"] = "interne"
    reponse = client.post(adresse, donnees)
    assert client.post(adresse, donnees).status_code == 302
    commentaire = CommentaireDossier.objects.get()
    assert (commentaire.texte, commentaire.portee, commentaire.auteur) == (
        "Un mot",
        "interne",
        dossier.charge,
    )
    assert reponse["Location"] == commentaire.get_absolute_url()
    page = client.get(client.get(reponse["Location"])["Location"])
    assert f'id="commentaire-{commentaire.pk}"' in page.content.decode()


@pytest.mark.parametrize("texte", ["", "   ", "x" * 5001])
def test_un_texte_vide_ou_trop_long_est_refuse(client, dossier, texte):
    client.force_login(dossier.charge)
    reponse = ecrire(client, dossier, texte=texte)
    assert reponse.status_code == 422
    assert "texte" in reponse.context["formulaire"].errors
    assert not CommentaireDossier.objects.exists()


def test_la_saisie_d_un_commentaire_est_gardee(client, dossier):
    client.force_login(dossier.charge)
    page = client.get(reverse("accompagnements:dossier_commenter", args=[dossier.pk]))
    assert page.context["brouillon"]["adresse"].endswith("/commenter/")


def test_le_texte_est_rendu_inerte(client, dossier):
    un_commentaire(dossier, texte="<script>alert(1)</script>\nSeconde ligne")
    page = la_page(client, dossier.charge, dossier).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_le_dla_regional_repond_par_un_commentaire_partage_seulement(client, dossier, c2ra):
    client.force_login(c2ra)
    assert ecrire(client, dossier, portee="interne").status_code == 422
    assert ecrire(client, dossier, portee="partage").status_code == 302
    with pytest.raises(Refus):
        commenter.commenter(dossier, par=c2ra, texte="Un mot", portee="interne")
    assert CommentaireDossier.objects.get().auteur == c2ra


def test_un_membre_un_pilote_un_administrateur_un_autre_operateur_n_ecrivent_pas(
    dossier, membre, pilote, admin, autre_charge
):
    fabrique.un_diagnostic(accompagnement=dossier)
    convoquer(dossier, membre)
    for personne in (membre, pilote, admin, autre_charge):
        for portee in ("interne", "partage"):
            with pytest.raises(Refus):
                commenter.commenter(dossier, par=personne, texte="Un mot", portee=portee)
    assert not CommentaireDossier.objects.exists()


def test_un_dossier_clos_se_commente_encore(client):
    dossier = fabrique.un_accompagnement("clos")
    client.force_login(dossier.charge)
    assert ecrire(client, dossier).status_code == 302


# Correcting and withdrawing


def test_corriger_garde_le_texte_d_avant_et_le_dit(client, dossier, responsable):
    commentaire = un_commentaire(dossier, texte="Texte premier")
    client.force_login(dossier.charge)
    adresse = reverse("accompagnements:commentaire_corriger", args=[commentaire.pk])
    version = client.get(adresse).context["formulaire"].initial["version"]
    assert client.post(adresse, {"texte": "Texte second", "version": version}).status_code == 302
    page = la_page(client, responsable, dossier).content.decode()
    for mots in ("Texte second", "Texte premier", "corrigé le", "1 version antérieure"):
        assert mots in page
    assert commentaire.history.count() == 2


def test_une_correction_perimee_est_refusee(client, dossier):
    commentaire = un_commentaire(dossier)
    client.force_login(dossier.charge)
    adresse = reverse("accompagnements:commentaire_corriger", args=[commentaire.pk])
    assert client.post(adresse, {"texte": "A", "version": 0}).status_code == 302
    reponse = client.post(adresse, {"texte": "B", "version": 0})
    assert reponse.status_code == 409
    assert "B" in reponse.content.decode()
    commentaire.texte = "C"
    with pytest.raises(VersionPerimee):
        commentaire.save()
    assert CommentaireDossier.objects.get().texte == "A"


def test_retirer_ote_le_texte_partout_et_laisse_la_trace(client, dossier, responsable):
    commentaire = un_commentaire(dossier, texte=SECRET, prevenir=[responsable])
    commenter.corriger(commentaire, par=dossier.charge, texte=f"{SECRET} encore")
    commenter.retirer(commentaire, par=dossier.charge)
    page = la_page(client, responsable, dossier).content.decode()
    assert SECRET not in page
    assert "Commentaire retiré par son auteur le" in page
    assert not commenter.mentions_non_lues(responsable).exists()
    assert commentaire.history.filter(texte=SECRET).exists()
    with pytest.raises(Manques):
        commenter.retirer(commentaire, par=dossier.charge)
    with pytest.raises(Manques):
        commenter.corriger(CommentaireDossier.objects.get(), par=dossier.charge, texte="Retour")


def test_retirer_se_fait_par_un_post(client, dossier):
    commentaire = un_commentaire(dossier)
    client.force_login(dossier.charge)
    adresse = reverse("accompagnements:commentaire_retirer", args=[commentaire.pk])
    cle = client.get(adresse).context["formulaire"].initial["cle_envoi"]
    assert CommentaireDossier.objects.get().retire_le is None
    assert client.post(adresse, {"cle_envoi": cle}).status_code == 302
    assert CommentaireDossier.objects.get().retire_le is not None


def test_nul_autre_ne_reprend_un_commentaire(client, dossier, responsable, c2ra):
    commentaire = un_commentaire(dossier, portee="partage")
    for personne in (responsable, c2ra):
        client.force_login(personne)
        for nom in ("corriger", "retirer"):
            adresse = reverse(f"accompagnements:commentaire_{nom}", args=[commentaire.pk])
            assert client.get(adresse).status_code == 403
        with pytest.raises(Refus):
            commenter.corriger(commentaire, par=personne, texte="À ma façon")
        with pytest.raises(Refus):
            commenter.retirer(commentaire, par=personne)


def test_l_auteur_parti_chez_un_autre_operateur_ne_reprend_plus_rien(dossier, autre_operateur):
    auteur = fabrique.une_personne(roles.ChargeMission.code, operateur=dossier.operateur)
    commentaire = un_commentaire(dossier, par=auteur)
    Rattachement.objects.filter(utilisateur=auteur).update(operateur=autre_operateur)
    partie = Utilisateur.objects.get(pk=auteur.pk)
    assert not CommentaireDossier.objects.visibles_par(partie).exists()
    with pytest.raises(Refus):
        commenter.retirer(commentaire, par=partie)


# Mentions


def resumer(personne):
    """The mails that somebody who wants to be told at once of mentions, and of them alone, gets."""
    autres = {t.code: Rythme.JAMAIS for t in resumes.TYPES}
    PreferencesCourriel.objects.update_or_create(
        utilisateur=personne, defaults={"rythmes": autres | {"mentions": Rythme.IMMEDIAT}}
    )
    avant = set(Courriel.objects.values_list("pk", flat=True))
    resumes.deposer(horloge.aujourdhui())
    return list(Courriel.objects.exclude(pk__in=avant).filter(destinataire=personne.email))


def _collegue(dossier, prenom="Dominique", nom="Durand"):
    collegue = fabrique.une_personne(roles.Responsable.code, operateur=dossier.operateur)
    Utilisateur.objects.filter(pk=collegue.pk).update(prenom=prenom, nom=nom)
    return Utilisateur.objects.get(pk=collegue.pk)


@pytest.mark.parametrize(
    "texte",
    [
        "Vois avec @Dominique Durand, merci",
        "@dominique durand peux-tu regarder ?",
        "(@DOMINIQUE  DURAND)",
        "Merci @Dominique Durand",
    ],
)
def test_une_arobase_appelle_un_collegue(client, dossier, texte):
    collegue = _collegue(dossier)
    commentaire = un_commentaire(dossier, texte=texte)
    mention = commentaire.mentions.get()
    assert mention.personne == collegue
    (courriel,) = resumer(collegue)
    assert dossier.reference in courriel.corps
    assert commentaire.get_absolute_url() in courriel.corps
    assert list(commenter.mentions_non_lues(collegue)) == [mention]


@pytest.mark.parametrize("texte", ["Écrire à contact@asso.example", "Rendez-vous @ 15 h", "a@b"])
def test_une_arobase_qui_n_appelle_personne_passe(dossier, texte):
    assert not un_commentaire(dossier, texte=texte).mentions.exists()


def test_appeler_par_la_liste_et_par_le_texte_ne_fait_qu_une_mention(client, dossier):
    collegue = _collegue(dossier)
    client.force_login(dossier.charge)
    reponse = ecrire(client, dossier, texte="@Dominique Durand", prevenir=[collegue.pk])
    assert reponse.status_code == 302
    assert Mention.objects.get().personne == collegue


def test_qui_ne_peut_lire_ne_se_mentionne_pas(client, dossier, c2ra, autre_charge):
    client.force_login(dossier.charge)
    reponse = ecrire(client, dossier, prevenir=[c2ra.pk])
    assert reponse.status_code == 422
    assert "ne peut pas lire ce commentaire" in str(
        reponse.context["formulaire"].errors["prevenir"]
    )
    reponse = ecrire(client, dossier, prevenir=[autre_charge.pk])
    assert "prevenir" in reponse.context["formulaire"].errors  # not even offered
    reponse = ecrire(client, dossier, texte=f"@{autre_charge} regarde")
    assert "ne désigne personne" in str(reponse.context["formulaire"].errors["texte"])
    with pytest.raises(Manques):
        un_commentaire(dossier, prevenir=[c2ra])
    assert not Mention.objects.exists()
    assert ecrire(client, dossier, portee="partage", prevenir=[c2ra.pk]).status_code == 302
    assert Mention.objects.get().personne == c2ra


def test_corriger_n_appelle_que_les_nouveaux(dossier):
    premiere, seconde = _collegue(dossier), _collegue(dossier, "Alix", "Petit")
    commentaire = un_commentaire(dossier, texte="@Dominique Durand")
    commenter.corriger(commentaire, par=dossier.charge, texte="@Dominique Durand et @Alix Petit")
    assert set(commentaire.mentions.values_list("personne", flat=True)) == {premiere.pk, seconde.pk}
    assert [len(resumer(p)) for p in (premiere, seconde)] == [1, 1]


def test_la_mention_attend_sur_le_dossier_et_dans_la_liste_puis_se_lit(client, dossier):
    collegue = _collegue(dossier)
    mention = un_commentaire(dossier, prevenir=[collegue], texte=SECRET).mentions.get()
    page = la_page(client, collegue, dossier)
    assert "On vous a mentionné" in page.content.decode()
    liste = client.get(reverse("accompagnements:mentions"))
    assert dossier.reference in liste.content.decode()
    assert SECRET not in liste.content.decode()
    mention.refresh_from_db()
    assert mention.lue_le is None  # looking is not saying
    adresse = reverse("accompagnements:mention_lue", args=[mention.pk])
    reponse = client.post(adresse, {"retour": "dossier"})
    assert reponse["Location"] == dossier.get_absolute_url()
    lue_le = Mention.objects.get().lue_le
    assert lue_le is not None
    client.post(adresse)
    assert Mention.objects.get().lue_le == lue_le
    assert not commenter.mentions_non_lues(collegue).exists()
    client.force_login(dossier.charge)
    assert client.post(adresse).status_code == 404


def test_une_mention_qu_on_ne_peut_plus_lire_n_attend_plus(dossier, autre_operateur):
    collegue = _collegue(dossier)
    un_commentaire(dossier, prevenir=[collegue])
    Rattachement.objects.filter(utilisateur=collegue).update(operateur=autre_operateur)
    assert not commenter.mentions_non_lues(Utilisateur.objects.get(pk=collegue.pk)).exists()


# The database


@pytest.mark.parametrize(
    ("contrainte", "champs"),
    [
        ("commentaire_portee_connue", {"portee": "secret"}),
        ("commentaire_texte_ou_retrait", {"texte": ""}),
        ("commentaire_texte_ou_retrait", {"retire_le": "apres"}),
        ("commentaire_corrige_apres", {"corrige_le": "avant"}),
        ("commentaire_retire_apres", {"retire_le": "avant", "texte": ""}),
    ],
)
def test_la_base_refuse(dossier, contrainte, champs):
    commentaire = un_commentaire(dossier)
    ecart = timedelta(hours=1)
    instants = {"avant": commentaire.cree_le - ecart, "apres": commentaire.cree_le + ecart}
    champs = {nom: instants.get(valeur, valeur) for nom, valeur in champs.items()}
    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
        CommentaireDossier.objects.filter(pk=commentaire.pk).update(**champs)


def test_la_base_refuse_une_mention_double_ou_lue_trop_tot(dossier):
    collegue = _collegue(dossier)
    mention = un_commentaire(dossier, prevenir=[collegue]).mentions.get()
    with pytest.raises(IntegrityError, match="mention"), transaction.atomic():
        Mention.objects.create(commentaire=mention.commentaire, personne=collegue)
    with pytest.raises(IntegrityError, match="mention_lue_apres"), transaction.atomic():
        Mention.objects.update(lue_le=mention.cree_le - timedelta(hours=1))
    with pytest.raises(ProtectedError):
        Accompagnement.objects.filter(pk=dossier.pk).delete()


def test_la_page_garde_son_nombre_de_requetes(client, dossier, responsable, c2ra):
    def combien(personne):
        client.force_login(personne)
        client.get(dossier.get_absolute_url())
        with CaptureQueriesContext(connection) as requetes:
            client.get(dossier.get_absolute_url())
        return len(requetes)

    def un_de_plus():
        commentaire = un_commentaire(dossier, prevenir=[responsable], portee="partage")
        commenter.corriger(commentaire, par=dossier.charge, texte="Mieux dit")

    un_de_plus()
    un = [combien(personne) for personne in (dossier.charge, responsable, c2ra)]
    for _ in range(19):
        un_de_plus()
    assert [combien(personne) for personne in (dossier.charge, responsable, c2ra)] == un
    client.force_login(responsable)
    with CaptureQueriesContext(connection) as vingt:
        client.get(reverse("accompagnements:mentions"))
    Mention.objects.exclude(pk=Mention.objects.first().pk).update(lue_le=horloge.maintenant())
    with CaptureQueriesContext(connection) as une:
        client.get(reverse("accompagnements:mentions"))
    assert len(une) == len(vingt)


def test_les_mots_du_choix_nomment_l_operateur(dossier):
    assert dossier.operateur.nom in lecteurs_en_mots(dossier, "interne")
