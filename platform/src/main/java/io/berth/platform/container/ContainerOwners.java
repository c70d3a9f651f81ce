// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Whose a container is. */
@Component
class ContainerOwners {
    private final JdbcClient jdbc;

    ContainerOwners(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    UUID tenantOf(UUID container) {
        return jdbc.sql("select tenant_id from containers where id = :id")
                .param("id", container)
                .query(UUID.class)
                .single();
    }
}
