"""Intrusion tests of topics: what a sheet is, sheets made, files, scores."""
