// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Who is in the lobby, and the platform's REST in their name.
 *
 * @param person who answers for what they do
 * @param key its fingerprint
 * @param source where they come from
 * @param noted hears every line before it is done
 */
public record Visitor(Rest rest, String tenant, String person, String key, String source, Consumer<String> noted) {
    /** Names and ids have no others, and none of these leads elsewhere in a path. */
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** A path below the tenant's. */
    String path(String below) {
        return "tenants/" + tenant + "/" + below;
    }

    /** @throws UsageException when no container can be called so */
    String container(String name) {
        return path("containers/" + segment(name));
    }

    static boolean isSegment(String name) {
        return SEGMENT.matcher(name).matches();
    }

    static String segment(String name) {
        if (!isSegment(name)) {
            throw new UsageException("'" + name + "' is no name; 'ls' shows those that there are");
        }
        return name;
    }
}
