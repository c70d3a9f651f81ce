// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.client.AttachedProcess;
import io.berth.core.protocol.Reply;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** Carries bytes between this command's descriptors and an attached process. */
final class Relay {
    /** The JVM has no public word for SIGWINCH, so the window's size is looked at this often. */
    private static final Duration SIZE_CHECKS = Duration.ofMillis(250);

    private static final int BUFFER_BYTES = 65_536;

    private Relay() {}

    static Reply.Exited pipes(AttachedProcess process) throws InterruptedException {
        daemon("stdin", () -> input(process.stdin(), true));
        Thread out = daemon("stdout", () -> copy(process.stdout(), new FileOutputStream(FileDescriptor.out)));
        Thread err = daemon("stderr", () -> copy(process.stderr(), new FileOutputStream(FileDescriptor.err)));
        Reply.Exited exited = process.waitFor();
        out.join();
        err.join();
        return exited;
    }

    static Reply.Exited terminal(AttachedProcess process, LocalTerminal terminal) throws InterruptedException {
        daemon("stdin", () -> input(process.stdin(), false));
        Thread out = daemon("stdout", () -> copy(process.stdout(), new FileOutputStream(FileDescriptor.out)));
        Thread sizes = daemon("window", () -> follow(process, terminal));
        Reply.Exited exited = process.waitFor();
        sizes.interrupt();
        // what the session left in the background may hold the terminal open, as with ssh
        out.join();
        return exited;
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static Thread daemon(String name, Work work) {
        return Thread.ofPlatform().daemon().name(name).start(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // one side is gone: the exit status has the last word
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void input(OutputStream to, boolean close) throws IOException {
        copy(new FileInputStream(FileDescriptor.in), to);
        if (close) {
            to.close();
        }
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
            to.write(buffer, 0, n);
        }
    }

    private static void follow(AttachedProcess process, LocalTerminal terminal) throws InterruptedException {
        LocalTerminal.Size known = terminal.size();
        while (true) {
            Thread.sleep(SIZE_CHECKS);
            LocalTerminal.Size now = terminal.size();
            if (!now.equals(known)) {
                known = now;
                process.resize(now.columns(), now.rows(), now.widthPixels(), now.heightPixels());
            }
        }
    }
}
