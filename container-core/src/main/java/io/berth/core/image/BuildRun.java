// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A build under way and all who wait for it. */
final class BuildRun {
    private final CompletableFuture<Image> result = new CompletableFuture<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

    void listen(Consumer<String> listener) {
        listeners.add(listener);
    }

    void tell(String line) {
        listeners.forEach(listener -> listener.accept(line));
    }

    void succeed(Image image) {
        result.complete(image);
    }

    void fail(Throwable cause) {
        result.completeExceptionally(cause);
    }

    Image await() {
        try {
            return result.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            throw new ImageException.BuildFailed(
                    "the build that was under way failed: " + (cause == null ? e : cause).getMessage(), e);
        }
    }
}
