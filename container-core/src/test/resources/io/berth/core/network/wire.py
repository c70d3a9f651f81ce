# SPDX-License-Identifier: Apache-2.0
"""Frames as they are. `wire.py watch INTERFACE MARK` prints those that have MARK in them, a line of hex each;
`wire.py send INTERFACE` sends those that come as lines of hex, and says "sent" after each."""
import socket
import sys

ETH_P_ALL = 3


def main(verb, interface, mark=""):
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL) if verb == "watch" else 0)
    wire.bind((interface, ETH_P_ALL if verb == "watch" else 0))
    print("ready", flush=True)
    if verb == "send":
        for line in sys.stdin:
            wire.send(bytes.fromhex(line))
            print("sent", flush=True)
    while verb == "watch":
        frame = wire.recv(65536)
        if mark.encode() in frame:
            print(frame.hex(), flush=True)


main(*sys.argv[1:])
