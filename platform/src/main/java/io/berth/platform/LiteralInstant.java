// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import java.time.DateTimeException;
import java.time.Instant;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

/** A time as RFC 3339 writes it. Jackson's own takes numbers as well, and seconds or milliseconds as it happens to be set. */
final class LiteralInstant extends StdScalarDeserializer<Instant> {
    LiteralInstant() {
        super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser parser, DeserializationContext context) {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            String text = parser.getString();
            try {
                return Instant.parse(text);
            } catch (DateTimeException e) {
                throw context.weirdStringException(text, Instant.class, "no time such as 2026-11-25T12:00:00Z");
            }
        }
        return (Instant) context.handleUnexpectedToken(context.constructType(Instant.class), parser);
    }
}
