"""The gate: what must hold before a register is released, with file and line for everything that doesn't."""

from vertragsgraph.gate.check import check
from vertragsgraph.gate.quotations import Quotations, quotations
from vertragsgraph.gate.report import Report

__all__ = ["Quotations", "Report", "check", "quotations"]
