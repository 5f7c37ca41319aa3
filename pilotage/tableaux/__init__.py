"""Operator, department, region, national: the same screen at four scopes."""
