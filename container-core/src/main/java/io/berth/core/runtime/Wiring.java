// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.idmap.UserNamespace;
import io.berth.core.linux.Fd;
import io.berth.core.namespace.NetworkNamespace;
import io.berth.core.spec.NetworkMode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A container's user namespace and its network, made while the rest of its birth goes on: the kernel mostly waits for itself there. The
 * network namespace is owned by the user namespace, and what connects it comes last.
 */
final class Wiring implements AutoCloseable {
    private final Machine machine;
    private final ContainerRecord record;
    private final CompletableFuture<Fd> userNamespace;
    private final CompletableFuture<Fd> namespace;
    private final CompletableFuture<Void> connected;
    private boolean kept;

    private Wiring(Machine machine, ContainerRecord record) {
        this.machine = machine;
        this.record = record;
        this.userNamespace = machine.soon(() -> UserNamespace.create(machine.spawner(), record.uidBase()));
        this.namespace = userNamespace.thenApply(owner -> NetworkNamespace.create(machine.spawner(), owner));
        this.connected = namespace.thenAccept(this::connect);
    }

    static Wiring begin(Machine machine, ContainerRecord record) {
        return new Wiring(machine, record);
    }

    private void connect(Fd netns) {
        if (record.spec().network() == NetworkMode.NAT) {
            machine.network()
                    .connect(
                            record.id(),
                            record.spec().name(),
                            record.spec().tenant(),
                            record.spec().networkRules(),
                            netns);
        }
    }

    /** Stays this object's. */
    Fd userNamespace() {
        return await(userNamespace);
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
        close(namespace);
        close(userNamespace);
    }

    private static void close(CompletableFuture<Fd> made) {
        if (!made.isCompletedExceptionally()) {
            made.join().close();
        }
    }
}
