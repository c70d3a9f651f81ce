// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.signing;

import io.berth.platform.settings.InvalidSettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/**
 * An Ed25519 pair in the platform's directory, made at the first start. One pair for each purpose: what one signs can't be taken for
 * what another does.
 *
 * @param secret never leaves this process
 * @param publicPem for whoever verifies
 */
public record SigningKey(PrivateKey secret, String publicPem) {

    /**
     * Loads {@code NAME.key} and {@code NAME.pub}, or makes them.
     *
     * @throws InvalidSettingException when they can't be read or made
     */
    public static SigningKey load(Path directory, String name) {
        Path secret = directory.resolve(name + ".key");
        Path open = directory.resolve(name + ".pub");
        try {
            // The secret is written last: where it is, the public half is its own
            if (!Files.exists(secret)) {
                KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
                KeyFile.write(open, pem("PUBLIC KEY", pair.getPublic().getEncoded()), KeyFile.OPEN);
                KeyFile.write(secret, pem("PRIVATE KEY", pair.getPrivate().getEncoded()), KeyFile.SECRET);
            }
            return new SigningKey(parse(Files.readString(secret)), Files.readString(open));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new InvalidSettingException("the " + name + " key " + secret + " can't be read or made (" + e
                    + "); give the directory to the platform's user, or move the file away to have a fresh one made");
        }
    }

    /** Shows nothing of the secret. */
    @Override
    public String toString() {
        return "SigningKey[" + publicPem + "]";
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
