"""The database keeps the sums of the ledger, as far as it can on each vendor.

PostgreSQL, at the commit (constraint triggers, deferred): the shares of a répartition add up to
its cost, and an enveloppe is never engaged above what is voted. At once: a répartition which is
not given back costs what its convention, signed avenants included, costs when it is written.

SQLite has no deferred trigger: it guarantees, at each statement, that the shares never exceed the
cost and that an enveloppe is never engaged above what is voted. That the shares reach the cost is
there the word of `financements.transitions.repartir` alone, the only writer of shares.

SQLite remakes a table to alter it, and cannot remake a table that a trigger names: a later
migration which alters accompagnements_enveloppe, _repartition or _imputation fails there unless it
first runs `retirer`, then `poser` again. Other tables (convention, facture…) are not concerned.
"""

from django.db import migrations

POSTGRESQL = [
    """
    CREATE FUNCTION financements_parts_font_le_cout() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        cles bigint[];
    BEGIN
        IF TG_TABLE_NAME = 'accompagnements_repartition' THEN
            cles := ARRAY[NEW.id];
        ELSIF TG_OP = 'INSERT' THEN
            cles := ARRAY[NEW.repartition_id];
        ELSIF TG_OP = 'DELETE' THEN
            cles := ARRAY[OLD.repartition_id];
        ELSE
            cles := ARRAY[OLD.repartition_id, NEW.repartition_id];
        END IF;
        PERFORM 1 FROM accompagnements_repartition r
        WHERE r.id = ANY(cles) AND r.cout <> COALESCE(
            (SELECT SUM(i.montant) FROM accompagnements_imputation i WHERE i.repartition_id = r.id),
            0
        );
        IF FOUND THEN
            RAISE EXCEPTION 'repartition_parts_font_le_cout'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'repartition_parts_font_le_cout';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE CONSTRAINT TRIGGER repartition_parts_font_le_cout
    AFTER INSERT OR UPDATE ON accompagnements_repartition
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION financements_parts_font_le_cout()
    """,
    """
    CREATE CONSTRAINT TRIGGER imputation_parts_font_le_cout
    AFTER INSERT OR UPDATE OR DELETE ON accompagnements_imputation
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION financements_parts_font_le_cout()
    """,
    """
    CREATE FUNCTION financements_engage_sous_le_vote() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        cle bigint;
    BEGIN
        IF TG_TABLE_NAME = 'accompagnements_enveloppe' THEN
            cle := NEW.id;
        ELSE
            cle := NEW.enveloppe_id;
        END IF;
        PERFORM 1 FROM accompagnements_enveloppe e
        WHERE e.id = cle AND e.montant_vote < (
            SELECT SUM(i.montant) FROM accompagnements_imputation i WHERE i.enveloppe_id = e.id
        );
        IF FOUND THEN
            RAISE EXCEPTION 'enveloppe_engagee_sous_le_vote'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'enveloppe_engagee_sous_le_vote';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE CONSTRAINT TRIGGER enveloppe_engagee_sous_le_vote
    AFTER UPDATE ON accompagnements_enveloppe
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION financements_engage_sous_le_vote()
    """,
    """
    CREATE CONSTRAINT TRIGGER imputation_engagee_sous_le_vote
    AFTER INSERT OR UPDATE ON accompagnements_imputation
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION financements_engage_sous_le_vote()
    """,
    """
    CREATE FUNCTION financements_cout_de_la_convention() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM accompagnements_convention c
        WHERE c.id = NEW.convention_id AND NEW.liberee_le IS NULL AND NEW.cout <> COALESCE(
            (
                SELECT a.montant_ttc FROM accompagnements_avenant a
                WHERE a.convention_id = c.id AND a.etat = 'signe' AND a.montant_ttc IS NOT NULL
                ORDER BY a.numero DESC LIMIT 1
            ),
            c.montant_ttc
        );
        IF FOUND THEN
            RAISE EXCEPTION 'repartition_cout_de_la_convention'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'repartition_cout_de_la_convention';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER repartition_cout_de_la_convention
    BEFORE INSERT OR UPDATE OF cout ON accompagnements_repartition
    FOR EACH ROW EXECUTE FUNCTION financements_cout_de_la_convention()
    """,
]
POSTGRESQL_RETRAIT = [
    "DROP TRIGGER repartition_cout_de_la_convention ON accompagnements_repartition",
    "DROP FUNCTION financements_cout_de_la_convention()",
    "DROP TRIGGER imputation_engagee_sous_le_vote ON accompagnements_imputation",
    "DROP TRIGGER enveloppe_engagee_sous_le_vote ON accompagnements_enveloppe",
    "DROP FUNCTION financements_engage_sous_le_vote()",
    "DROP TRIGGER imputation_parts_font_le_cout ON accompagnements_imputation",
    "DROP TRIGGER repartition_parts_font_le_cout ON accompagnements_repartition",
    "DROP FUNCTION financements_parts_font_le_cout()",
]
# Decimals are floats there: sums are compared in whole cents.
_SOMMES = """
    BEGIN
        SELECT RAISE(ABORT, 'repartition_parts_font_le_cout') WHERE (
            SELECT ROUND(SUM(montant) * 100) FROM accompagnements_imputation
            WHERE repartition_id = NEW.repartition_id
        ) > (
            SELECT ROUND(cout * 100) FROM accompagnements_repartition
            WHERE id = NEW.repartition_id
        );
        SELECT RAISE(ABORT, 'enveloppe_engagee_sous_le_vote') WHERE (
            SELECT ROUND(SUM(montant) * 100) FROM accompagnements_imputation
            WHERE enveloppe_id = NEW.enveloppe_id
        ) > (
            SELECT ROUND(montant_vote * 100) FROM accompagnements_enveloppe
            WHERE id = NEW.enveloppe_id
        );
    END
"""
SQLITE = [
    "CREATE TRIGGER imputation_sommes_ajout AFTER INSERT ON accompagnements_imputation" + _SOMMES,
    "CREATE TRIGGER imputation_sommes_changement AFTER UPDATE ON accompagnements_imputation"
    + _SOMMES,
    """
    CREATE TRIGGER enveloppe_engagee_sous_le_vote
    AFTER UPDATE OF montant_vote ON accompagnements_enveloppe
    BEGIN
        SELECT RAISE(ABORT, 'enveloppe_engagee_sous_le_vote') WHERE (
            SELECT ROUND(SUM(montant) * 100) FROM accompagnements_imputation
            WHERE enveloppe_id = NEW.id
        ) > ROUND(NEW.montant_vote * 100);
    END
    """,
]
SQLITE_RETRAIT = [
    "DROP TRIGGER enveloppe_engagee_sous_le_vote",
    "DROP TRIGGER imputation_sommes_changement",
    "DROP TRIGGER imputation_sommes_ajout",
]


def poser(apps, schema_editor):
    _executer(schema_editor, {"postgresql": POSTGRESQL, "sqlite": SQLITE})


def retirer(apps, schema_editor):
    _executer(schema_editor, {"postgresql": POSTGRESQL_RETRAIT, "sqlite": SQLITE_RETRAIT})


def _executer(schema_editor, ordres):
    for ordre in ordres.get(schema_editor.connection.vendor, []):
        schema_editor.execute(ordre, params=None)


class Migration(migrations.Migration):
    dependencies = [("accompagnements", "0014_argent_de_l_accompagnement")]

    operations = [migrations.RunPython(poser, retirer)]
