// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.gateway.text.Printable;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Set;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's Ed25519 host key: a file in OpenSSH's form, made once and never replaced, so that clients go on trusting it. */
final class HostKey {
    private static final Logger LOG = LoggerFactory.getLogger(HostKey.class);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOR_OTHERS = PosixFilePermissions.fromString("---rwxrwx");

    private static final int ED25519_BITS = 256;

    private HostKey() {}

    /**
     * The key in the file; makes it at first start.
     *
     * @throws StartException when the file can be neither read nor made, or others may read it
     */
    static KeyPairProvider loadOrMake(Path file) {
        if (!Files.exists(file)) {
            make(file);
        }
        return load(file);
    }

    /** @throws StartException when it is of no use */
    static KeyPairProvider load(Path file) {
        try {
            if (Files.getPosixFilePermissions(file).stream().anyMatch(FOR_OTHERS::contains)) {
                throw new StartException("host key " + file + " is open to other users; chmod 600 " + file
                        + ", and remove it to get a new one if somebody may have read it");
            }
            Files.newByteChannel(file).close(); // the provider would not say why it cannot
            var provider = new FileKeyPairProvider(file);
            KeyPair pair = provider.loadKeys(null).iterator().next();
            if (!KeyPairProvider.SSH_ED25519.equals(KeyUtils.getKeyType(pair))) {
                throw new StartException("host key " + file + " is no Ed25519 key; remove it to get a new one");
            }
            LOG.info("event=host-key fingerprint={} file={}", KeyUtils.getFingerPrint(pair.getPublic()), file);
            return provider;
        } catch (IOException | RuntimeException e) {
            if (e instanceof StartException start) {
                throw start;
            }
            throw new StartException(
                    "host key " + file + " cannot be read (" + cause(e)
                            + "); give it to the gateway's user with mode 0600, or remove it to get a new one",
                    e);
        }
    }

    /** A crash leaves either no key or a whole one: written beside, synced, then linked to its name. */
    private static void make(Path file) {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(draft);
            write(draft);
            link(draft, file);
            Files.delete(draft);
            sync(file.resolveSibling("."));
        } catch (IOException | GeneralSecurityException e) {
            throw new StartException(
                    "host key " + file + " cannot be made (" + cause(e)
                            + "); make its directory and give it to the gateway's user with mode 0700",
                    e);
        }
    }

    private static void write(Path draft) throws IOException, GeneralSecurityException {
        KeyPair pair = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, ED25519_BITS);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE);
                var out = Channels.newOutputStream(channel)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "berth-gateway", null, out);
            out.flush();
            channel.force(true);
        }
    }

    /** Two gateways that start at once must agree: the first one's key stands. */
    private static void link(Path draft, Path file) throws IOException {
        try {
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException e) {
            LOG.info("event=host-key reason=another-gateway-made-it file={}", file);
        }
    }

    private static void sync(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static String cause(Exception e) {
        return switch (e) {
            case NoSuchFileException missing -> missing.getFile() + " does not exist";
            case AccessDeniedException denied -> "no access to " + denied.getFile();
            default ->
                e.getCause() instanceof Exception inner ? cause(inner) : Printable.line(String.valueOf(e.getMessage()));
        };
    }
}
