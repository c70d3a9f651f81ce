// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import io.berth.core.ticket.TicketSigner;
import io.berth.platform.settings.PlatformSettings;
import io.berth.platform.signing.SigningKey;
import java.nio.file.Path;
import java.security.PrivateKey;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The pair of keys that tickets are signed with, and nothing else; the public half is for the node's agent to read. */
@Configuration(proxyBeanMethods = false)
class TicketKeys {
    @Bean
    TicketSigner ticketSigner(PlatformSettings settings) {
        return new TicketSigner(load(settings.platformDir()));
    }

    static PrivateKey load(Path directory) {
        return SigningKey.load(directory, "ticket").secret();
    }
}
