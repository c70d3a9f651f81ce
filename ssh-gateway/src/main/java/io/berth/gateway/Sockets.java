// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceFactory;
import org.apache.sshd.common.io.nio2.Nio2Service;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactory;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.common.io.nio2.Nio2Session;
import org.apache.sshd.common.util.threads.NoCloseExecutor;

/**
 * MINA's NIO2 back end with handlers on virtual threads, so that whoever waits for the platform delays nobody else, and with the
 * limits on connections. MINA's own hook for such a limit, IoServiceEventListener, leaves the socket of a connection that it
 * refuses open for ever.
 */
final class Sockets extends Nio2ServiceFactoryFactory {
    private final Admission admission;

    Sockets(Admission admission) {
        super(() -> new NoCloseExecutor(handlers()));
        this.admission = admission;
    }

    private static ExecutorService handlers() {
        return Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("ssh-", 0).factory());
    }

    @Override
    public IoServiceFactory create(FactoryManager manager) {
        return new Nio2ServiceFactory(manager, newExecutor(), newExecutor()) {
            @Override
            public Nio2Session createSession(
                    Nio2Service service, IoHandler handler, AsynchronousSocketChannel socket, SocketAddress listen)
                    throws Throwable {
                SocketAddress remote = socket.getRemoteAddress();
                if (!admission.admit(remote)) {
                    socket.close();
                    throw new IOException("refused");
                }
                return new ClientSocket(service, manager, handler, socket, listen);
            }
        };
    }
}
