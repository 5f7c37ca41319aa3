"""The organisation helped: identity, contacts, yearly figures, agréments, réseaux."""
