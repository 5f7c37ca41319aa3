"""Forms of the trame: its sections in their order, a preview."""

from django import forms

from accompagnements.conventions import redaction
from dla_portal.socle.formulaires import FormulaireBase, adapter_champs

LIBRES = 2  # empty sections offered after the written ones
SECTIONS_MAX = 60


class ApercuForm(FormulaireBase):
    """What the preview is made on."""

    convention = forms.ModelChoiceField(
        label="Aperçu sur", queryset=None, required=False, empty_label="un exemple inventé"
    )

    def __init__(self, *args, conventions, **kwargs):
        super().__init__(*args, **kwargs)
        champ = self.fields["convention"]
        champ.queryset, champ.label = conventions, "Aperçu sur"
        champ.label_from_instance = lambda c: f"{c.reference} · {c.ingenierie.intitule}"


class TrameForm(ApercuForm):
    """The next version: a section emptied goes away, the ranks give the order."""

    numero = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=0,
        error_messages={"required": "Rechargez la page : sa version est inconnue."},
    )
    nombre = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=SECTIONS_MAX, required=False
    )

    def __init__(self, *args, trame, numero, **kwargs):
        super().__init__(*args, **kwargs)
        self.ecrites = trame.sections
        self.total = self._total()
        self.initial |= {"numero": numero, "nombre": self.total}
        for rang in range(1, self.total + 1):
            self._ajouter(rang)
        libelles = {nom: champ.label for nom, champ in self.fields.items()}
        adapter_champs(self)
        for nom, libelle in libelles.items():  # « facultatif » is said once, by the page
            self.fields[nom].label = libelle

    def _total(self):
        """How many sections the page that was sent showed."""
        envoye = self.data.get("nombre", "") if self.is_bound else ""
        if envoye.isdecimal() and int(envoye) <= SECTIONS_MAX:
            return int(envoye)
        return len(self.ecrites) + LIBRES

    def _ajouter(self, rang):
        ecrite = self.ecrites[rang - 1] if rang <= len(self.ecrites) else {}
        champs = {
            f"rang_{rang}": forms.IntegerField(
                label="Ordre", min_value=1, max_value=999, required=False, initial=rang
            ),
            f"titre_{rang}": forms.CharField(
                label="Titre", max_length=160, required=False, initial=ecrite.get("titre", "")
            ),
            f"texte_{rang}": forms.CharField(
                label="Texte",
                required=False,
                widget=forms.Textarea(attrs={"rows": 6}),
                initial=ecrite.get("texte", ""),
            ),
        }
        self.fields |= champs

    @property
    def parties(self):
        """The sections as fieldsets, then the preview."""
        parties = [
            {
                "titre": self[f"titre_{rang}"].value() or "Nouvelle section",
                "phrase": "",
                "champs": [self[f"{nom}_{rang}"] for nom in ("rang", "titre", "texte")],
            }
            for rang in range(1, self.total + 1)
        ]
        apercu = {"titre": "Aperçu", "phrase": "", "champs": [self["convention"]]}
        return [*parties, apercu]

    def clean(self):
        donnees = super().clean()
        ecrites = []
        for rang in range(1, self.total + 1):
            texte = donnees.get(f"texte_{rang}", "").replace("\r\n", "\n").strip()
            titre = donnees.get(f"titre_{rang}", "").strip()
            if titre or texte:
                place = (donnees.get(f"rang_{rang}") or 999, rang)
                ecrites.append((place, {"titre": titre, "texte": texte}))
        self.sections = [section for _, section in sorted(ecrites, key=lambda e: e[0])]
        for phrase in redaction.manques_des_sections(self.sections):
            self.add_error(None, phrase)
        return donnees
