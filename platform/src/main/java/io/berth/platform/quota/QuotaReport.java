// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.quota;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant may have and has.
 *
 * @param parent the tenant whose quota all of this counts against as well, null for none
 * @param version counts changes of the limits; also the ETag
 */
record QuotaReport(
        @JsonIgnore UUID tenantId, String tenant, @Nullable String parent, long version, List<QuotaLine> resources) {
    QuotaReport {
        resources = List.copyOf(resources);
    }

    QuotaLine line(Resource resource) {
        return resources.stream()
                .filter(line -> line.resource() == resource)
                .findFirst()
                .orElseThrow();
    }

    String etag() {
        return "\"" + version + "\"";
    }
}
