// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import io.berth.core.ticket.TicketSigner;
import io.berth.platform.settings.InvalidSettingException;
import io.berth.platform.settings.PlatformSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The pair of keys that tickets are signed with; made at the first start, the public half for the node's agent to read. */
@Configuration(proxyBeanMethods = false)
class TicketKeys {
    @Bean
    TicketSigner ticketSigner(PlatformSettings settings) {
        return new TicketSigner(load(settings.platformDir()));
    }

    static PrivateKey load(Path directory) {
        Path secret = directory.resolve("ticket.key");
        Path open = directory.resolve("ticket.pub");
        try {
            // The secret is written last: where it is, the public half is its own
            if (!Files.exists(secret)) {
                KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
                write(open, pem("PUBLIC KEY", pair.getPublic().getEncoded()), "rw-r--r--");
                write(secret, pem("PRIVATE KEY", pair.getPrivate().getEncoded()), "rw-------");
            }
            return parse(Files.readString(secret));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new InvalidSettingException("the ticket key " + secret + " can't be read or made (" + e
                    + "); give the directory to the platform's user, or move the file away to have a fresh one made");
        }
    }

    /** Complete or not at all, and never for a moment with more rights than it is to have. */
    private static void write(Path file, String text, String mode) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        var permissions = PosixFilePermissions.fromString(mode);
        Files.deleteIfExists(fresh);
        try (var channel = Files.newByteChannel(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(permissions))) {
            channel.write(StandardCharsets.US_ASCII.encode(text));
        }
        Files.setPosixFilePermissions(fresh, permissions); // the umask took some
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String pem(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    private static PrivateKey parse(String pem) throws GeneralSecurityException {
        String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        return KeyFactory.getInstance("Ed25519")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }
}
