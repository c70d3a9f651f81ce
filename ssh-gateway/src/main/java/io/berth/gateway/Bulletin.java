// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.util.List;
import org.slf4j.Logger;

/** What the gateway says by itself: to the log, each minute, its numbers where they have changed; to the platform, each hour, its host keys. */
final class Bulletin {
    private static final int MINUTES_OF_AN_HOUR = 60;

    private final SshGateway gateway;
    private final PlatformDesk desk;
    private final List<String> hostKeys;
    private final Logger log;
    private String shown;
    private int minutesToShow;

    Bulletin(SshGateway gateway, PlatformDesk desk, List<String> hostKeys, Logger log) {
        this.gateway = gateway;
        this.desk = desk;
        this.hostKeys = List.copyOf(hostKeys);
        this.log = log;
        this.shown = gateway.numbers();
    }

    private boolean areShown() {
        return hostKeys.stream().allMatch(key -> desk.show(key, gateway.port()));
    }

    /** Once a minute. A platform that is silent is told as soon as it answers. */
    void minute() {
        String numbers = gateway.numbers();
        if (!numbers.equals(shown)) {
            log.info("event=numbers {}", numbers);
            shown = numbers;
        }
        if (minutesToShow-- <= 0) {
            minutesToShow = areShown() ? MINUTES_OF_AN_HOUR : 0;
        }
    }
}
