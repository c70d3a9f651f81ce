// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.problem;

import java.net.URI;
import java.util.Locale;

/** Every kind of refusal; the name makes the stable type URI, so none is ever renamed. */
public enum ProblemKind {
    MALFORMED_REQUEST(400, "The request is malformed"),
    UNKNOWN_FIELD(400, "The request has a field that does not exist"),
    NOT_SIGNED_IN(401, "Not signed in"),
    SECOND_FACTOR_NEEDED(401, "The second factor is needed"),
    FORBIDDEN(403, "Not allowed"),
    SECOND_FACTOR_DEMANDED(403, "A second factor is demanded here"),
    CONFIRMATION_NEEDED(403, "Confirm that it is you"),
    TENANT_SUSPENDED(403, "The tenant is suspended"),
    NOT_FOUND(404, "Not found"),
    METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
    NOT_ACCEPTABLE(406, "No such representation"),
    CONFLICT(409, "Not in the present state"),
    QUARANTINED(409, "The container is in quarantine"),
    NAME_TAKEN(409, "The name is taken"),
    QUOTA_EXCEEDED(409, "The quota is used up"),
    KEY_TAKEN(409, "The key is known already"),
    PRECONDITION_FAILED(412, "It has changed meanwhile"),
    TOO_LARGE(413, "The request is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The media type is not supported"),
    INVALID_FIELD(422, "A field is wrong"),
    IDEMPOTENCY_KEY_REUSED(422, "The Idempotency-Key was used for another request"),
    TOO_MANY_REQUESTS(429, "Too many requests"),
    NODE_INVALID(422, "The node refused the request as invalid"),
    NODE_FORBIDDEN(403, "The node does not allow it"),
    NODE_NOT_FOUND(404, "The node does not have it"),
    NODE_CONFLICT(409, "The node refused in the present state"),
    NODE_EXHAUSTED(507, "The node is full"),
    NODE_TOO_MANY(429, "The node was asked too often"),
    NODE_UNSUPPORTED(501, "The node's kernel lacks something"),
    NODE_FAILED(502, "The node failed"),
    UNAVAILABLE(503, "Something that is needed does not answer"),
    INTERNAL(500, "The platform failed");

    private final int status;
    private final String title;

    ProblemKind(int status, String title) {
        this.status = status;
        this.title = title;
    }

    public int status() {
        return status;
    }

    String title() {
        return title;
    }

    URI type() {
        return URI.create("urn:berth:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
