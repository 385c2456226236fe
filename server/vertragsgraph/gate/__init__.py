"""The gate: what must hold before a register is released, with file and line for everything that doesn't."""

from vertragsgraph.gate.check import check
from vertragsgraph.gate.quotations import Quotations, quotations
from vertragsgraph.gate.report import Report
from vertragsgraph.gate.withdrawals import Released, resources

__all__ = ["Quotations", "Released", "Report", "check", "quotations", "resources"]
