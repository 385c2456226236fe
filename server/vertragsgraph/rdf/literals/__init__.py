"""Literals in words of a language: dates, durations, numbers, instants, yes and no."""
