"""Other uses of the network behind a ticket, at as many neurons: one function a file, one protocol, `Peer`.

A new peer is one new file here and one line in `PEERS`.
"""

from classical.neuron_selection.peers.all_on import all_on
from classical.neuron_selection.peers.protocol import Fitted, Peer
from classical.neuron_selection.peers.pruned import pruned
from classical.neuron_selection.peers.refitted import refitted
from classical.neuron_selection.peers.trained import trained

__all__ = ["PEERS", "Fitted", "Peer", "all_on", "pruned", "refitted", "trained"]

PEERS: dict[str, Peer] = {"all-on": all_on, "trained": trained, "pruned": pruned, "refitted": refitted}
"""The peers by name."""
