// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import io.berth.core.spec.PublishedPort;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.SocketException;

/** Whether the node itself has a port in use: a published one would take it away from whatever listens there. */
final class HostPorts {
    private HostPorts() {}

    /** By trying to have it for a moment, which the kernel refuses if anybody has it at any address. */
    static boolean isFree(PublishedPort port) {
        return switch (port.protocol()) {
            case TCP -> canListen(port.hostPort());
            case UDP -> canBind(port.hostPort());
        };
    }

    private static boolean canListen(int port) {
        try (var socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean canBind(int port) {
        try (var socket = new DatagramSocket(port)) {
            return socket.isBound();
        } catch (SocketException e) {
            return false;
        }
    }
}
