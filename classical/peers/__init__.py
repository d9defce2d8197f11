"""Peers that a practitioner would pick instead: models of N hidden units, one file each, one protocol.

``PEERS[name](problem).fit(x, y, nodes, seed).predict(x)``; see `Peer`. A new peer is one new file here and one line in
`PEERS`.
"""

from classical.peers.matching_pursuit import MatchingPursuitPeer
from classical.peers.nystroem import NystroemPeer
from classical.peers.protocol import Peer, Predictor
from classical.peers.pruned import PrunedPeer
from classical.peers.rbf import RBFPeer
from classical.peers.ridge_leverage import RidgeLeveragePeer
from classical.peers.skewed_chi2 import SkewedChi2Peer

__all__ = [
    "PEERS",
    "MatchingPursuitPeer",
    "NystroemPeer",
    "Peer",
    "Predictor",
    "PrunedPeer",
    "RBFPeer",
    "RidgeLeveragePeer",
    "SkewedChi2Peer",
]

PEERS: dict[str, type[Peer]] = {
    "rbf": RBFPeer,
    "nystroem": NystroemPeer,
    "skewed-chi2": SkewedChi2Peer,
    "ridge-leverage": RidgeLeveragePeer,
    "matching-pursuit": MatchingPursuitPeer,
    "pruned": PrunedPeer,
}
"""The peers by name."""
