"""How an amount is spread between parts: pure arithmetic in whole cents, no rounding is lost."""


def _centimes(montant):
    return int((montant * 100).to_integral_value())


def ventiler(montant, restes):
    """Spread an amount pro rata of what remains on each part; return one amount per part, in order.

    Euros as Decimal, to the cent. The running total is what is rounded (half up), so that every
    part lies between nothing and what remains on it, and the last one takes the rounding. An
    amount above the sum of what remains is spread up to that sum only.
    """
    centimes = [_centimes(reste) for reste in restes]
    total = sum(centimes)
    a_ventiler = min(_centimes(montant), total)
    parts, cumul, deja = [], 0, 0
    for reste, brut in zip(restes, centimes, strict=True):
        cumul += brut
        jusque_la = (2 * a_ventiler * cumul + total) // (2 * total) if total else 0
        parts.append(type(reste)(jusque_la - deja) / 100)
        deja = jusque_la
    return parts
