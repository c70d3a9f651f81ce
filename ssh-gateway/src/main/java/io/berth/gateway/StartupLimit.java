// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.sshd.common.io.IoAcceptor;
import org.apache.sshd.common.io.IoServiceEventListener;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds connections that have not logged in yet, as sshd's MaxStartups and PerSourceMaxStartups do: one more is closed before
 * it costs anything; {@link Sockets} asks. An IPv6 source is its /64, which one host commonly has to itself.
 */
final class StartupLimit implements IoServiceEventListener, SessionListener {
    private static final Logger LOG = LoggerFactory.getLogger(StartupLimit.class);
    private static final int IPV6_NETWORK_BYTES = 8;

    private final int most;
    private final int mostPerSource;
    private final Map<SocketAddress, InetAddress> startups = new HashMap<>();

    StartupLimit(int most, int mostPerSource) {
        this.most = most;
        this.mostPerSource = mostPerSource;
    }

    @Override
    public void abortAcceptedConnection(
            IoAcceptor acceptor, SocketAddress local, SocketAddress remote, SocketAddress service, Throwable reason) {
        forget(remote);
    }

    @Override
    public void sessionEvent(Session session, Event event) {
        if (event == Event.Authenticated) {
            forget(session.getIoSession().getRemoteAddress());
        }
    }

    @Override
    public void sessionClosed(Session session) {
        forget(session.getIoSession().getRemoteAddress());
    }

    synchronized boolean admit(SocketAddress remote) {
        InetAddress source = source(remote);
        boolean room = startups.size() < most
                && startups.values().stream().filter(source::equals).count() < mostPerSource;
        if (room) {
            startups.put(remote, source);
        } else {
            LOG.info("event=connection-refused reason=TOO_MANY_STARTUPS source={}", remote);
        }
        return room;
    }

    synchronized void forget(SocketAddress remote) {
        startups.remove(remote);
    }

    private static InetAddress source(SocketAddress remote) {
        InetAddress address = ((InetSocketAddress) remote).getAddress();
        byte[] bytes = address.getAddress();
        if (bytes.length <= IPV6_NETWORK_BYTES) {
            return address;
        }
        Arrays.fill(bytes, IPV6_NETWORK_BYTES, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("16 bytes are an address", e);
        }
    }
}
