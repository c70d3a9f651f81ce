// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as it goes over the wire, RFC 9457.
 *
 * @param type a stable URN for the kind of refusal
 * @param title the kind in words
 * @param status the HTTP status
 * @param detail what was wrong here, and the cure
 * @param field the offending field or parameter, where it is one
 * @param shortage where a quota does not allow it, by how much
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Problem", description = "RFC 9457")
public record Problem(
        @Schema(example = "urn:berth:problem:invalid-field") String type,
        String title,
        int status,
        String detail,
        @Nullable String field,
        @Nullable Shortage shortage) {
    public static final String MEDIA_TYPE = "application/problem+json";

    public static Problem of(ProblemKind kind, String detail) {
        return of(kind, detail, null);
    }

    public static Problem of(ProblemKind kind, String detail, @Nullable String field) {
        return new Problem(kind.type().toString(), kind.title(), kind.status(), detail, field, null);
    }

    /**
     * By how much a quota does not allow it, in the resource's unit.
     *
     * @param fits how much more the request may ask for
     */
    public record Shortage(long limit, long used, long asked, long fits) {}

    Problem with(@Nullable Shortage missing) {
        return new Problem(type, title, status, detail, field, missing);
    }
}
