"""Scenario discovery: under which conditions a regime fails or wins."""
