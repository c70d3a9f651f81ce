// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.trail;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON fit to be kept for ever: bounded, and without secrets. */
@Component
class Redaction {
    /** A longer body is told by its length: nobody reads it, and a client could fill the table. */
    private static final int MOST_BYTES = 8192;

    private static final Set<String> SECRETS =
            Set.of("password", "current", "token", "secret", "code", "recoverycode", "ticket", "signature");

    private final JsonMapper json;

    Redaction(JsonMapper json) {
        this.json = json;
    }

    /** Null for a body that there is none of, or that is no JSON. */
    @Nullable
    JsonNode of(byte @Nullable [] body) {
        if (body == null || body.length == 0) {
            return null;
        }
        if (body.length > MOST_BYTES) {
            return json.createObjectNode().put("bytes", body.length);
        }
        try {
            return redacted(json.readTree(body));
        } catch (JacksonException e) {
            return json.createObjectNode().put("bytes", body.length);
        }
    }

    @Nullable
    JsonNode of(@Nullable Object state) {
        return state == null ? null : of(json.writeValueAsBytes(state));
    }

    private static JsonNode redacted(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (String name : object.propertyNames().stream().toList()) {
                if (SECRETS.contains(name.toLowerCase(Locale.ROOT))) {
                    object.put(name, "…");
                }
            }
        }
        node.forEach(Redaction::redacted);
        return node;
    }
}
