"""A server on loopback that speaks the part of IBM's runtime REST interface that the client uses, with faults."""

from tests.loopback.faults import AFTER, BEFORE, Fault, cut, hang, refuse
from tests.loopback.server import CRN, TOKEN, Request, RuntimeServer

__all__ = ["AFTER", "BEFORE", "CRN", "TOKEN", "Fault", "Request", "RuntimeServer", "cut", "hang", "refuse"]
