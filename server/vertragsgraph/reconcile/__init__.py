"""Reconciliation: other people's names and identifiers matched with the register's resources (OpenRefine and others)."""

from vertragsgraph.reconcile.routes import router
from vertragsgraph.reconcile.service import Service, open_service

__all__ = ["Service", "open_service", "router"]
