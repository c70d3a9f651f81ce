// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.security;

import io.berth.platform.settings.PlatformSettings;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** Puts {@link ForwardedAddress} before everything else where the operator has named proxies. */
@Component
class ForwardedAddresses implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
    private final PlatformSettings settings;

    ForwardedAddresses(PlatformSettings settings) {
        this.settings = settings;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        if (!settings.httpProxies().isEmpty()) {
            factory.addEngineValves(new ForwardedAddress(settings.httpProxies()));
        }
    }
}
