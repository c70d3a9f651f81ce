// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What the kernel says a process is confined by, whatever was asked for. */
final class SecurityLabel {
    private SecurityLabel() {}

    /** Empty where no security module has labels, or the process is gone. See proc_pid_attr_current(5). */
    static Optional<String> of(int pid) {
        try {
            String label = Files.readString(Path.of("/proc/" + pid + "/attr/current"))
                    .replace("\0", "")
                    .strip();
            return label.isEmpty() ? Optional.empty() : Optional.of(label);
        } catch (IOException _) {
            return Optional.empty(); // EINVAL: nobody answers for the file
        }
    }
}
