// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.node;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.platform.settings.PlatformSettings;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The one node that there is: the machine that the platform runs on, named after the instance. */
@Component
public class LocalNode {
    private final UUID id;
    private final int number;
    private final String name;

    LocalNode(JdbcClient jdbc, PlatformSettings settings) {
        this.name = settings.instance();
        record Row(UUID id, int number) {}
        Row row = jdbc.sql("""
                        insert into nodes (id, name) values (:id, :name)
                        on conflict (name) do update set name = excluded.name
                        returning id, number
                        """)
                .param("id", UuidCreator.getTimeOrderedEpoch())
                .param("name", name)
                .query((found, index) -> new Row(found.getObject("id", UUID.class), found.getInt("number")))
                .single();
        this.id = row.id();
        this.number = row.number();
    }

    public UUID id() {
        return id;
    }

    /** Part of the constraint that no two containers share a uid. */
    public int number() {
        return number;
    }

    public String name() {
        return name;
    }
}
