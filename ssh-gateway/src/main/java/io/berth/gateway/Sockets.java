// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import org.apache.sshd.common.Factory;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.io.IoAcceptor;
import org.apache.sshd.common.io.IoConnector;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceEventListener;
import org.apache.sshd.common.io.IoServiceFactory;
import org.apache.sshd.common.io.IoServiceFactoryFactory;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.apache.sshd.common.util.threads.CloseableExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's own back end of MINA: blocking threads on plain descriptors. MINA's NIO2 back end wakes three threads for each packet
 * that comes and copies each byte twice more; and its hook for limits on connections, IoServiceEventListener, leaves the socket of
 * one that it refuses open for ever.
 */
final class Sockets implements IoServiceFactoryFactory {
    private final Admission admission;
    private final InputBudget input;

    Sockets(Admission admission, InputBudget input) {
        this.admission = admission;
        this.input = input;
    }

    @Override
    public IoServiceFactory create(FactoryManager manager) {
        return new Services(admission, input);
    }

    @Override
    public void setExecutorServiceFactory(Factory<CloseableExecutorService> factory) {
        throw new UnsupportedOperationException("threads belong to connections here");
    }

    private static final class Services extends AbstractCloseable implements IoServiceFactory {
        private final Admission admission;
        private final InputBudget input;
        private @Nullable IoServiceEventListener listener;

        Services(Admission admission, InputBudget input) {
            this.admission = admission;
            this.input = input;
        }

        @Override
        public IoAcceptor createAcceptor(IoHandler handler) {
            return new ClientAcceptor(handler, admission, input);
        }

        @Override
        public IoConnector createConnector(IoHandler handler) {
            throw new UnsupportedOperationException("the gateway connects to nobody");
        }

        @Override
        public @Nullable IoServiceEventListener getIoServiceEventListener() {
            return listener;
        }

        @Override
        public void setIoServiceEventListener(@Nullable IoServiceEventListener listener) {
            this.listener = listener;
        }
    }
}
