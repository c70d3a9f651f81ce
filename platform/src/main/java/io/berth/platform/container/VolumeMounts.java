// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.spec.VolumeMount;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Which containers have which volumes. One that is to go is kept until the node has taken it out: so long the volume is not deleted. */
@Component
class VolumeMounts {
    private final JdbcClient jdbc;

    VolumeMounts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * How a container has a volume.
     *
     * @param detaching whether the node has still to take it out
     */
    record Present(String path, boolean readOnly, boolean detaching) {
        static Present of(VolumeMount mount) {
            return new Present(mount.path().value(), mount.readOnly(), false);
        }
    }

    Optional<Present> find(UUID container, UUID volume) {
        return Optional.ofNullable(all(container).get(volume));
    }

    private Map<UUID, Present> all(UUID container) {
        Map<UUID, Present> all = new HashMap<>();
        jdbc.sql("select * from volume_mounts where container_id = :container")
                .param("container", container)
                .query((row, number) -> all.put(
                        row.getObject("volume_id", UUID.class),
                        new Present(row.getString("path"), row.getBoolean("read_only"), row.getBoolean("detaching"))))
                .list();
        return all;
    }

    /** Nothing happens to a volume that the platform does not know as the tenant's. */
    void attach(UUID container, UUID volume, String path, boolean readOnly) {
        int known = jdbc.sql("""
                        insert into volume_mounts (container_id, volume_id, path, read_only)
                        select c.id, v.id, :path, :readOnly
                        from containers c join volumes v on v.tenant_id = c.tenant_id and v.node_id = c.node_id
                        where c.id = :container and v.id = :volume
                        on conflict (container_id, volume_id)
                            do update set path = excluded.path, read_only = excluded.read_only, detaching = false
                        """)
                .param("container", container)
                .param("volume", volume)
                .param("path", path)
                .param("readOnly", readOnly)
                .update();
        if (known > 0) {
            count(container, volume);
        }
    }

    /** What the node says of a container that nothing is under way with counts: whatever was lost on the way, and what its root did. */
    void bring(UUID container, Collection<VolumeMount> has) {
        Map<UUID, Present> rows = all(container);
        has.stream()
                .filter(it -> !Present.of(it).equals(rows.get(it.volume().value())))
                .forEach(it -> attach(container, it.volume().value(), it.path().value(), it.readOnly()));
        has.forEach(it -> rows.remove(it.volume().value()));
        rows.keySet().forEach(volume -> remove(container, volume));
    }

    /** As a query of the rows has it, by the order of their ids. */
    static String[] texts(Collection<VolumeMount> mounts) {
        return mounts.stream()
                .map(it -> it.volume() + " " + it.path() + " " + it.readOnly())
                .sorted()
                .toArray(String[]::new);
    }

    void detach(UUID container, UUID volume, boolean detaching) {
        jdbc.sql("""
                        update volume_mounts set detaching = :detaching
                        where container_id = :container and volume_id = :volume
                        """)
                .param("detaching", detaching)
                .param("container", container)
                .param("volume", volume)
                .update();
        count(container, volume);
    }

    void remove(UUID container, UUID volume) {
        jdbc.sql("delete from volume_mounts where container_id = :container and volume_id = :volume")
                .param("container", container)
                .param("volume", volume)
                .update();
        count(container, volume);
    }

    /** Both have changed: their ETags do, and those who watch are told. */
    private void count(UUID container, UUID volume) {
        jdbc.sql("update containers set generation = generation + 1 where id = :id")
                .param("id", container)
                .update();
        jdbc.sql("update volumes set generation = generation + 1 where id = :id")
                .param("id", volume)
                .update();
    }

    /** The node has given the container these: what was to go and is not among them is out. */
    void settle(UUID container, Collection<VolumeMount> given) {
        jdbc.sql("""
                        select volume_id from volume_mounts
                        where container_id = :container and detaching and not (volume_id = any(:given))
                        """)
                .param("container", container)
                .param("given", given.stream().map(it -> it.volume().value()).toArray(UUID[]::new))
                .query(UUID.class)
                .list()
                .forEach(volume -> remove(container, volume));
    }

    /** The container is gone. */
    void removeAll(UUID container) {
        jdbc.sql("select volume_id from volume_mounts where container_id = :container")
                .param("container", container)
                .query(UUID.class)
                .list()
                .forEach(volume -> remove(container, volume));
    }
}
