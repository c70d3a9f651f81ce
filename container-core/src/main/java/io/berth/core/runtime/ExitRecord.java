// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.ExitStatus;
import io.berth.core.linux.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a container's PID 1 ended, as its monitor wrote it down.
 *
 * @param status empty when the monitor was killed before it could write
 */
record ExitRecord(Optional<ExitStatus> status) {

    static ExitRecord read(Path file) {
        try {
            byte[] siginfo = Files.readAllBytes(file);
            boolean complete = siginfo.length == ExitStatus.SIGINFO_BYTES;
            return new ExitRecord(complete ? Optional.of(ExitStatus.ofSiginfo(siginfo)) : Optional.empty());
        } catch (NoSuchFileException e) {
            return new ExitRecord(Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }

    /** reboot(2) in a pid namespace kills its init with SIGHUP for a restart, with SIGINT for halt and power off. */
    boolean isReboot() {
        return status.filter(end -> isKilledBy(end, Signal.SIGHUP)).isPresent();
    }

    String describe() {
        return status.map(ExitRecord::words).orElse("ended together with its monitor");
    }

    private static String words(ExitStatus status) {
        if (isKilledBy(status, Signal.SIGHUP)) {
            return "rebooted";
        }
        return isKilledBy(status, Signal.SIGINT) ? "powered off" : "init ended: " + status.describe();
    }

    private static boolean isKilledBy(ExitStatus status, Signal signal) {
        return status instanceof ExitStatus.Killed(int number, boolean _) && number == signal.number();
    }
}
