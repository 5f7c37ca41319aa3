"""Registry of indicators: one function per indicator and its published definition.

`perimetres` says where, `populations` who is counted when, `registre` how a figure is published;
`activite`, `couts` and `profil` hold the indicators themselves.
"""
