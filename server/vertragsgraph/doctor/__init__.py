"""A deployed register, asked from outside, through its proxy: what doesn't arrive as it should, and what to mend.

Every check is a function that asks a `Deployment` and yields what it observes; `CHECKS` are all of them. Nothing is
written anywhere, and what the register runs on is known by its answers only.
"""

from typing import Final

from vertragsgraph.doctor import addresses, descriptions, messages, operation, services
from vertragsgraph.doctor.check import Check, Result, Verdict, examine
from vertragsgraph.doctor.deployment import Deployment, NoRegisterError

CHECKS: Final[tuple[Check, ...]] = (
    *operation.CHECKS,
    *addresses.CHECKS,
    *messages.CHECKS,
    *services.CHECKS,
    *descriptions.CHECKS,
)

__all__ = ["CHECKS", "Check", "Deployment", "NoRegisterError", "Result", "Verdict", "examine"]
