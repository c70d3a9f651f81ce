// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Fd;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.protocol.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a container's init sees mounted: proc_pid_mountinfo(5). Its root writes it, and may write as much as it likes. */
final class Mountinfo {
    /** Twenty thousand mounts with names of usual length; a distribution has some dozens, a host of containers hundreds. */
    static final int MOST_BYTES = 2 << 20;

    private Mountinfo() {}

    /**
     * By the kernel's own name; the look at the pidfd afterwards says that it was this process's.
     *
     * @param pid of the container's init
     * @param init its pidfd
     * @throws ContainerException when it is longer than anybody needs
     */
    static String of(int pid, Fd init) {
        Path file = Path.of("/proc", Integer.toString(pid), "mountinfo");
        try (InputStream in = Files.newInputStream(file)) {
            byte[] text = in.readNBytes(MOST_BYTES + 1);
            ProcessCalls.pidfdSendSignal(init, 0);
            if (text.length > MOST_BYTES) {
                throw new ContainerException(
                        Refusal.CONFLICT,
                        "the container has made so many mounts that their list is longer than " + (MOST_BYTES >> 20)
                                + " MiB; unmount some there, or stop the container");
            }
            return new String(text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }
}
