// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.protocol.Reply;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Tells listeners what happens, in order, on one thread. */
final class Events implements AutoCloseable {
    private final List<Consumer<Reply>> listeners = new CopyOnWriteArrayList<>();
    private final ExecutorService teller = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("events").factory());

    void tell(Reply event) {
        teller.execute(() -> listeners.forEach(listener -> listener.accept(event)));
    }

    AutoCloseable subscribe(Consumer<Reply> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() {
        teller.shutdown();
    }
}
