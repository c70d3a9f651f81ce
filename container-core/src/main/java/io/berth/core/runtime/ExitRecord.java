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
    private static final int SPAWNER_FAILED = 123; // EXIT_STEP_FAILED, spawner.c

    static ExitRecord read(Path file) {
        try {
            byte[] siginfo = Files.readAllBytes(file);
            boolean complete = siginfo.length == ExitStatus.SIGINFO_BYTES;
            return new ExitRecord(
                    complete
                            ? Optional.of(ExitStatus.ofSiginfo(siginfo)).filter(ExitRecord::isLife)
                            : Optional.empty());
        } catch (NoSuchFileException e) {
            return new ExitRecord(Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }

    /** The spawner's own status says that init was never executed: its agent died before the word to go. */
    private static boolean isLife(ExitStatus status) {
        return !(status instanceof ExitStatus.Exited(int code) && code == SPAWNER_FAILED);
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
