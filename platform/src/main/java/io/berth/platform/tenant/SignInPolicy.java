// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.swagger.v3.oas.annotations.media.Schema;

/** What a tenant demands of its members when they sign in. */
record SignInPolicy(
        @Schema(description = "whether members come in with a second factor only; also of the tenants below")
        boolean secondFactor,

        @JsonIgnore long version) {
    String etag() {
        return "\"" + version + "\"";
    }
}
