// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** Both ends of a pipe. */
public record Pipe(Fd readEnd, Fd writeEnd) implements AutoCloseable {
    @Override
    public void close() {
        readEnd.close();
        writeEnd.close();
    }
}
