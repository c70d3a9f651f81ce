// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import static io.berth.core.linux.OpenFlag.O_CLOEXEC;
import static io.berth.core.linux.OpenFlag.O_NOFOLLOW;
import static io.berth.core.linux.OpenFlag.O_NONBLOCK;
import static io.berth.core.linux.OpenFlag.O_RDONLY;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FileStatus;
import io.berth.core.linux.FileType;
import io.berth.core.linux.SyscallException;
import io.berth.core.protocol.Refusal;
import io.berth.core.runtime.ContainerException;
import io.berth.core.ticket.TicketVerifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The platform's public key, in a directory that the platform's uid owns and may fill with anything: a link, a FIFO, a
 * gigabyte. Read anew at every login, which costs microseconds and so needs no word that it changed.
 */
final class PlatformKey {
    private static final int MOST_BYTES = 4096;
    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String END = "-----END PUBLIC KEY-----";

    private record Known(String pem, TicketVerifier verifier) {}

    private final Path file;
    private final Clock clock;
    private volatile @Nullable Known known;

    PlatformKey(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    /** @throws ContainerException UNSUPPORTED when there is no usable key */
    TicketVerifier verifier() {
        String pem = read();
        Known last = known;
        if (last == null || !last.pem.equals(pem)) {
            last = new Known(pem, new TicketVerifier(parse(pem), clock));
            known = last;
        }
        return last.verifier;
    }

    private String read() {
        // O_NONBLOCK: opening a FIFO would wait for its writer
        try (Fd fd = FileCalls.openat(file.toString(), O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_CLOEXEC)) {
            FileStatus status = FileCalls.fstat(fd);
            if (!status.is(FileType.S_IFREG) || status.size() > MOST_BYTES) {
                throw unusable("is no regular file of at most " + MOST_BYTES + " bytes", null);
            }
            return new String(FileCalls.pread(fd, 0, MOST_BYTES), StandardCharsets.US_ASCII);
        } catch (SyscallException e) {
            throw unusable("cannot be read: " + e.errno(), e);
        }
    }

    private PublicKey parse(String pem) {
        String text = pem.strip();
        if (!text.startsWith(BEGIN) || !text.endsWith(END) || text.length() < BEGIN.length() + END.length()) {
            throw unusable("is no PEM of a public key", null);
        }
        String base64 =
                text.substring(BEGIN.length(), text.length() - END.length()).replaceAll("\\s", "");
        try {
            byte[] der = Base64.getDecoder().decode(base64);
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw unusable("is no Ed25519 public key", e);
        }
    }

    private ContainerException unusable(String reason, @Nullable Exception cause) {
        String message = "the platform's ticket key " + file + " " + reason
                + "; nobody can log in until the platform has written it, start it with ./berth up";
        return cause == null
                ? new ContainerException(Refusal.UNSUPPORTED, message)
                : new ContainerException(Refusal.UNSUPPORTED, message, cause);
    }
}
