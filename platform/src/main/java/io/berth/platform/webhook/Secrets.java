// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.webhook;

import io.berth.platform.settings.PlatformSettings;
import io.berth.platform.signing.KeyBox;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** The endpoints' secrets, sealed as long as nobody signs with them. */
@Component
class Secrets {
    private static final String PREFIX = "whsec_"; // as the specification writes symmetric ones
    private static final int BYTES = 32; // it asks for 24 to 64

    private final KeyBox box;
    private final SecureRandom random = new SecureRandom();

    Secrets(PlatformSettings settings) {
        this.box = new KeyBox(settings.platformDir(), "webhooks");
    }

    byte[] fresh() {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        return secret;
    }

    static String shown(byte[] secret) {
        return PREFIX + Base64.getEncoder().encodeToString(secret);
    }

    byte[] sealed(UUID endpoint, byte[] secret) {
        return box.sealed(endpoint, secret);
    }

    byte[] opened(UUID endpoint, byte[] sealed) {
        return box.opened(endpoint, sealed);
    }
}
