"""Forms: tolerant French input, the optimistic lock as a required field, once means once."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator
from django.db import models

from dla_portal.socle import envois, fichiers, identifiants
from dla_portal.socle.saisies import ENTIER_MAX, entier

DATE_HTML = {"type": "date"}
ANNEES = range(1800, 2101)  # of a date typed in a form; some associations are old
TEXTE_MAX = 5000  # characters in a long text field


class ChampDate(forms.DateField):
    """A date, typed as people do or picked in the browser's calendar."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs=DATE_HTML)
    default_error_messages = {"invalid": "Indiquez une date valide, par exemple 20/11/2026."}


class ChampMoment(forms.DateTimeField):
    """A date and an hour of Europe/Paris."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    default_error_messages = {
        "invalid": "Indiquez une date et une heure valides, par exemple 20/11/2026 17:00."
    }


class ChampDecimal(forms.DecimalField):
    """A number typed with a comma or a dot, spaces and a euro sign allowed."""

    default_error_messages = {
        "invalid": "Indiquez un nombre, par exemple 1 234,50.",
        "min_value": "Indiquez un nombre supérieur ou égal à %(limit_value)s.",
        "max_value": "Ce nombre dépasse le maximum admis (%(limit_value)s).",
    }

    def __init__(self, **options):
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        options.setdefault("min_value", Decimal(0))
        options.setdefault("max_value", Decimal("99999999.99"))
        options.setdefault("decimal_places", 2)
        super().__init__(**options)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        texte = "".join(c for c in str(value) if c not in " \u00a0\u202f€").replace(",", ".")
        try:
            nombre = Decimal(texte)
        except InvalidOperation as erreur:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from erreur
        if not nombre.is_finite():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return nombre

    def prepare_value(self, value):
        return str(value).replace(".", ",") if isinstance(value, Decimal) else value


class ChampEntier(forms.IntegerField):
    """A whole number, zero or more, typed with or without spaces between the thousands."""

    default_error_messages = {
        "invalid": "Indiquez un nombre entier, par exemple 1 250.",
        "min_value": "Indiquez un nombre supérieur ou égal à %(limit_value)s.",
        "max_value": "Ce nombre dépasse le maximum admis (%(limit_value)s).",
    }

    def __init__(self, **options):
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        options.setdefault("min_value", 0)
        options.setdefault("max_value", ENTIER_MAX)
        super().__init__(**options)

    def to_python(self, value):
        if isinstance(value, str):
            value = "".join(c for c in value if c not in " \u00a0\u202f")
        return super().to_python(value)


class ChampSiret(forms.CharField):
    """A SIRET, whatever the spaces; checked with its key (La Poste's exception included)."""

    def __init__(self, **options):
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        options.setdefault("help_text", "14 chiffres, espaces acceptés.")
        super().__init__(**options)

    def clean(self, value):
        value = super().clean(value)
        return identifiants.lire_siret(value) if value else value


class ChampRna(forms.CharField):
    """A number of the répertoire national des associations, Corsican and overseas forms included."""

    def clean(self, value):
        value = super().clean(value)
        return identifiants.lire_rna(value) if value else value


class ChampFichier(forms.FileField):
    """An upload whose content is checked at once; `extensions` narrows what is taken."""

    default_error_messages = {
        "invalid": "Le fichier n'a pas été reçu : choisissez-le de nouveau.",
        "empty": "Le fichier est vide.",
        "max_length": "Le nom du fichier est trop long.",
    }

    def __init__(self, *, extensions=(), **options):
        self.extensions = tuple(extensions)
        options.setdefault("max_length", 180)
        super().__init__(**options)
        if self.extensions:
            self.widget.attrs["accept"] = ",".join(f".{e}" for e in self.extensions)

    def clean(self, data, initial=None):
        televerse = super().clean(data, initial)
        if not televerse or televerse is initial:
            return televerse
        extension = televerse.name.rsplit(".", 1)[-1].lower()
        if self.extensions and extension not in self.extensions:
            attendus = ", ".join(e.upper() for e in self.extensions)
            raise ValidationError(
                f"Le fichier « {televerse.name} » n'est pas accepté : {attendus}."
            )
        fichiers.verifier(televerse.name, televerse.read())
        televerse.seek(0)
        return televerse


class ChampPdf(ChampFichier):
    """A PDF."""

    def __init__(self, **options):
        super().__init__(extensions=("pdf",), **options)


class FormulaireBase(forms.Form):
    """Plain form of a gesture; the messages are French sentences."""

    required_css_class = "requis"

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        adapter_champs(self)


class FormulaireObjet(FormulaireBase):
    """Form of a gesture which looks at its object.

    `REGLES` maps a field to `regle(objet, valeur) -> list of sentences`, shown at that field: the
    very rule that the transition demands again.
    """

    avec_objet = True
    REGLES = {}

    def __init__(self, *args, objet, **kwargs):
        self.objet = objet
        super().__init__(*args, **kwargs)

    def clean(self):
        donnees = super().clean()
        for nom, regle in self.REGLES.items():
            valeur = donnees.get(nom)
            manques = regle(self.objet, valeur) if valeur is not None else []
            if manques:
                self.add_error(nom, ValidationError(manques))
        return donnees


class FormulaireVersionne(FormulaireObjet):
    """Form about the parts of an object: carries the version of the object that was read."""

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": "Rechargez la page : sa version est inconnue."},
    )

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, objet=objet, **kwargs)
        self.initial["version"] = objet.version


class FormulaireModele(forms.ModelForm):
    """Creating form: carries a key so that sending it twice creates one object."""

    cle_envoi = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.initial.setdefault("cle_envoi", envois.nouvelle_cle())
        adapter_champs(self)


class FormulaireGeste(forms.ModelForm):
    """Form of a gesture on an object, its fields those of the model; `gestes.servir` saves."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        adapter_champs(self)


class FormulaireNaissance(FormulaireBase):
    """Creating gesture without any field but its key."""

    cle_envoi = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("cle_envoi", envois.nouvelle_cle())


class FormulaireVerrouille(forms.ModelForm):
    """Editing form: the version read is required, and a stale one is refused (409)."""

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": "Rechargez la page : sa version est inconnue."},
    )

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        adapter_champs(self)

    def clean(self):
        donnees = super().clean()
        if "version" in donnees:
            # The compare-and-swap of `save()` then works on what the person has read.
            self.instance.version = donnees["version"]
        return donnees


class ChampChoixMultiple(forms.ModelMultipleChoiceField):
    """Several rows; a key that no column can hold is an unknown choice, not a failure."""

    def _check_values(self, value):
        for cle in value if isinstance(value, (list, tuple)) else ():
            if not isinstance(cle, models.Model) and entier(str(cle)) is None:
                raise ValidationError(
                    self.error_messages["invalid_pk_value"],
                    code="invalid_pk_value",
                    params={"pk": str(cle)[:40]},
                )
        return super()._check_values(value)


def _sur_une_ligne(valeur):
    """Refuse control characters: a name on two lines is no name, and mails have headers."""
    if isinstance(valeur, str) and any(ord(c) < 32 or ord(c) == 127 for c in valeur):
        raise ValidationError("Ce champ tient sur une seule ligne.")


def _dans_le_calendrier(valeur):
    """Refuse the dates of a slip of the finger, which no database holds in every time zone."""
    if valeur.year not in ANNEES:
        raise ValidationError(
            f"Indiquez une année comprise entre {ANNEES.start} et {ANNEES.stop - 1}."
        )


def adapter_champs(formulaire):
    """Give every field its limits and the word « facultatif » where it may stay empty."""
    for champ in formulaire.fields.values():
        adapter_champ(champ)
        se_dit = champ.label and not isinstance(champ, forms.BooleanField)
        if champ.widget.is_hidden or not se_dit or champ.required:
            continue
        if "(facultatif)" not in str(champ.label):
            champ.label = f"{champ.label} (facultatif)"


def adapter_champ(champ):
    """Give a field its limits, and the room of its text."""
    _borner(champ)
    if champ.widget.is_hidden:
        return
    if isinstance(champ.widget, forms.Textarea):
        champ.widget.attrs.setdefault("rows", 4)
        if getattr(champ, "max_length", 0) is None:
            champ.max_length = TEXTE_MAX
            champ.validators.append(MaxLengthValidator(TEXTE_MAX))
    if isinstance(champ, forms.DateField) and not isinstance(champ, ChampDate):
        champ.widget = forms.DateInput(format="%Y-%m-%d", attrs=DATE_HTML)


def _borner(champ):
    """Refuse in a sentence what no column can hold."""
    if type(champ) is forms.IntegerField and champ.max_value is None:
        champ.max_value = ENTIER_MAX
        champ.validators.append(MaxValueValidator(ENTIER_MAX))
    elif type(champ) is forms.ModelMultipleChoiceField:
        champ.__class__ = ChampChoixMultiple  # made by a ModelForm, which knows only Django's
    elif isinstance(champ, forms.DateField | forms.DateTimeField):
        champ.validators.append(_dans_le_calendrier)
    elif isinstance(champ, forms.CharField) and isinstance(
        champ.widget, (forms.TextInput, forms.EmailInput)
    ):
        champ.validators.append(_sur_une_ligne)
