"""Imports of spreadsheets as people really send them.

`lecture` turns a file into rows of text, `champs` turns a cell into a value or a French reason,
`moteur` plays a registered importer over the rows and keeps the report.
"""
