// SPDX-License-Identifier: Apache-2.0
package io.berth.core.ticket;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A ticket's JSON, strict in both directions. */
final class TicketForm {
    /** The only JOSE header there is: a verifier that compares it whole cannot be talked into another algorithm. */
    static final String HEADER_BASE64 = Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"EdDSA\",\"typ\":\"berth-ticket\"}".getBytes(StandardCharsets.US_ASCII));

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private TicketForm() {}

    static byte[] toJson(Ticket ticket) {
        return JSON.writeValueAsBytes(ticket);
    }

    static Ticket fromJson(byte[] json) {
        try {
            return JSON.readValue(json, Ticket.class);
        } catch (JacksonException e) {
            throw new InvalidTicketException("the ticket's statement is malformed", e);
        }
    }
}
