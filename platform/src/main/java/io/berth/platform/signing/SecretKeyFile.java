// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.signing;

import io.berth.platform.settings.InvalidSettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** An AES-256 key in the platform's directory, made at the first start; for what the database shall not hold in plain. */
public final class SecretKeyFile {
    private static final int KEY_BYTES = 32;

    private SecretKeyFile() {}

    /**
     * Loads {@code NAME.key}, or makes it.
     *
     * @throws InvalidSettingException when it can't be read or made
     */
    public static SecretKey load(Path directory, String name) {
        Path file = directory.resolve(name + ".key");
        try {
            if (!Files.exists(file)) {
                byte[] fresh = new byte[KEY_BYTES];
                new SecureRandom().nextBytes(fresh);
                KeyFile.write(file, Base64.getEncoder().encodeToString(fresh) + "\n", KeyFile.SECRET);
            }
            byte[] key = Base64.getDecoder().decode(Files.readString(file).strip());
            if (key.length != KEY_BYTES) {
                throw new IllegalArgumentException(key.length + " bytes instead of " + KEY_BYTES);
            }
            return new SecretKeySpec(key, "AES");
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidSettingException("the " + name + " key " + file + " can't be read or made (" + e
                    + "); give the directory to the platform's user, or bring the file back from the backup");
        }
    }
}
