// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/**
 * Messages as bytes: one JSON object a packet, UTF-8. Strict: unknown, missing, null or duplicated fields, trailing text and
 * numbers of another type are refused.
 */
public final class Wire {
    /** The largest packet in bytes; below a Unix socket's default send buffer. */
    public static final int MOST_BYTES = 128 * 1024;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(LogicalType.Textual, Wire::onlyText)
            .addModule(new SimpleModule().addDeserializer(Instant.class, new InstantText()))
            .build();

    private Wire() {}

    public static byte[] encode(Request request) {
        return JSON.writerFor(Request.class).writeValueAsBytes(request);
    }

    public static byte[] encode(Reply reply) {
        return JSON.writerFor(Reply.class).writeValueAsBytes(reply);
    }

    /** @throws MalformedMessageException when the bytes are no request */
    public static Request decodeRequest(byte[] packet) {
        return decode(packet, Request.class);
    }

    /** @throws MalformedMessageException when the bytes are no reply */
    public static Reply decodeReply(byte[] packet) {
        return decode(packet, Reply.class);
    }

    /** The same strict form for the agent's own files. */
    public static JsonMapper json() {
        return JSON;
    }

    private static <T> T decode(byte[] packet, Class<T> type) {
        try {
            T message = JSON.readValue(packet, type);
            if (!(message instanceof Record fields)) {
                throw new MalformedMessageException("the message is null");
            }
            RequiredFields.check(fields);
            return message;
        } catch (JacksonException e) {
            throw Malformation.of(e, packet);
        }
    }

    /** ISO 8601 only: the usual one takes numbers, too, as seconds since 1970. */
    private static final class InstantText extends StdDeserializer<Instant> {
        InstantText() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return context.reportInputMismatch(this, "no text");
            }
            try {
                return Instant.parse(parser.getString());
            } catch (DateTimeParseException e) {
                return context.reportInputMismatch(this, "no instant");
            }
        }
    }

    private static void onlyText(MutableCoercionConfig text) {
        text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
    }
}
