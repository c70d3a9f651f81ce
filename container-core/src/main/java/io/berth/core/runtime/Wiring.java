// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Fd;
import io.berth.core.namespace.NetworkNamespace;
import io.berth.core.spec.NetworkMode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A container's network, made while the rest of its birth goes on: the kernel mostly waits for itself there. */
final class Wiring implements AutoCloseable {
    private final Machine machine;
    private final ContainerRecord record;
    private final CompletableFuture<Fd> namespace;
    private final CompletableFuture<Void> connected;
    private boolean kept;

    private Wiring(Machine machine, ContainerRecord record, CompletableFuture<Fd> namespace) {
        this.machine = machine;
        this.record = record;
        this.namespace = namespace;
        this.connected = namespace.thenAccept(this::connect);
    }

    /** @param userNamespace owns the network namespace; stays the caller's, and open until this is closed */
    static Wiring begin(Machine machine, ContainerRecord record, Fd userNamespace) {
        return new Wiring(
                machine, record, machine.soon(() -> NetworkNamespace.create(machine.spawner(), userNamespace)));
    }

    private void connect(Fd netns) {
        if (record.spec().network() == NetworkMode.NAT) {
            machine.network()
                    .connect(record.id(), record.spec().name(), record.spec().tenant(), netns);
        }
    }

    /** Stays this object's; it may not be connected yet. */
    Fd namespace() {
        return await(namespace);
    }

    void awaitConnected() {
        await(connected);
    }

    /** The container lives: closing this leaves it connected. */
    void keep() {
        kept = true;
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Waits for what is under way, and takes it back unless it is to be kept. */
    @Override
    public void close() {
        connected.handle((_, _) -> null).join();
        if (!kept && record.spec().network() == NetworkMode.NAT) {
            machine.network().disconnect(record.id());
        }
        if (!namespace.isCompletedExceptionally()) {
            namespace.join().close();
        }
    }
}
