// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import io.berth.core.sandbox.Sandbox;
import io.berth.core.sandbox.Sandbox.Use;
import io.berth.platform.settings.PlatformSettings;

/** All that the platform reaches: its own files, its database, endpoints of webhooks, and those who come to it. Whoever adds a service to call adds its port here. */
final class PlatformSandbox {
    private PlatformSandbox() {}

    static Sandbox of(PlatformSettings settings) {
        Sandbox.Builder sandbox =
                Sandbox.ofThisJava().path(Use.WRITE, settings.platformDir()).bind(settings.httpPort());
        settings.database().ports().forEach(sandbox::connect);
        settings.webhooks().ports().forEach(sandbox::connect);
        return sandbox.build();
    }
}
