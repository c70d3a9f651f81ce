// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.factor;

import io.berth.platform.settings.PlatformSettings;
import io.berth.platform.signing.KeyBox;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Keeps the secrets of second factors, each for its account. */
@Component
class SecretBox {
    private final KeyBox box;

    SecretBox(PlatformSettings settings) {
        this.box = new KeyBox(settings.platformDir(), "second-factor");
    }

    byte[] sealed(UUID userId, byte[] secret) {
        return box.sealed(userId, secret);
    }

    /** @throws IllegalStateException when it was sealed with another key, for another account, or changed since */
    byte[] opened(UUID userId, byte[] sealed) {
        return box.opened(userId, sealed);
    }
}
