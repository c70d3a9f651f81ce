// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.protocol.DiskStatus;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.VolumeStatus;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.TenantName;
import io.berth.core.spec.VolumeId;
import io.berth.core.spec.VolumeMount;
import io.berth.core.spec.VolumeSpec;
import io.berth.core.storage.DiskUsage;
import io.berth.core.storage.VolumeStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The volumes of this machine. A record is there before the files are, and goes after them: whatever a crash leaves is finished or taken
 * away by the next start.
 */
final class Volumes {
    private static final Logger LOG = LoggerFactory.getLogger(Volumes.class);

    /** Which containers have it, by their records. */
    interface Attachments extends Function<VolumeId, List<ContainerId>> {}

    private final VolumeStore store;
    private final VolumeRecords records;
    private final NavigableMap<VolumeId, VolumeRecord> volumes = new ConcurrentSkipListMap<>();
    private final Map<VolumeId, Integer> uses = new HashMap<>();

    Volumes(VolumeStore store, Path directory) throws IOException {
        this.store = store;
        this.records = new VolumeRecords(directory);
        records.load().forEach(record -> volumes.put(record.id(), record));
    }

    VolumeStore store() {
        return store;
    }

    /** Brings what an earlier agent left half-done to an end. */
    synchronized void settle() {
        for (VolumeRecord record : volumes.values()) {
            try {
                settle(record);
            } catch (RuntimeException e) {
                LOG.error("event=volume-not-settled volume={}, ignoring until the next start", record.id(), e);
            }
        }
        store.ids().stream()
                .filter(id -> !volumes.containsKey(id))
                .forEach(id -> LOG.warn("event=volume-without-record volume={}, leaving it alone", id));
    }

    private void settle(VolumeRecord record) {
        switch (record.phase()) {
            case CREATING, DELETING -> finishDeleting(record.id());
            // what is counted as whose may not have outlived a power cut, or the pool is an older one
            case READY -> store.limit(record.id(), record.spec().diskBytes());
        }
    }

    /** Whether it is there, and that tenant's. */
    boolean isOf(TenantName tenant, VolumeId id) {
        VolumeRecord record = volumes.get(id);
        return record != null
                && record.phase() == VolumeRecord.Phase.READY
                && record.spec().tenant().equals(tenant);
    }

    synchronized VolumeId create(VolumeId id, VolumeSpec spec) {
        VolumeRecord existing = volumes.get(id);
        if (existing != null && !existing.spec().equals(spec)) {
            throw new ContainerException(
                    Refusal.CONFLICT, "volume " + id + " exists with another spec; choose another id");
        }
        if (existing == null || existing.phase() != VolumeRecord.Phase.READY) {
            make(new VolumeRecord(id, spec, VolumeRecord.Phase.CREATING));
        }
        return id;
    }

    private void make(VolumeRecord record) {
        save(record);
        try {
            store.create(record.id(), record.spec().diskBytes());
            save(record.with(VolumeRecord.Phase.READY));
            LOG.info(
                    "event=volume-created volume={} bytes={}",
                    record.id(),
                    record.spec().diskBytes());
        } catch (RuntimeException e) {
            finishDeleting(record.id());
            throw e;
        }
    }

    synchronized VolumeId resize(VolumeId id, long diskBytes) {
        VolumeRecord record = require(id);
        Long used = store.usage(id).bytes();
        if (used != null && used > diskBytes && diskBytes < record.spec().diskBytes()) {
            throw new ContainerException(
                    Refusal.CONFLICT,
                    "volume '" + record.spec().name() + "' takes " + used + " bytes, more than " + diskBytes
                            + "; delete files in it first");
        }
        save(record.with(record.spec().with(diskBytes)));
        store.limit(id, diskBytes);
        return id;
    }

    /** One that no container has, and that none is about to have. */
    synchronized void delete(VolumeId id, Attachments attachments) {
        VolumeRecord record = volumes.get(id);
        if (record == null) {
            return;
        }
        List<ContainerId> having = attachments.apply(id);
        if (!having.isEmpty() || uses.containsKey(id)) {
            throw new ContainerException(
                    Refusal.CONFLICT,
                    "volume '" + record.spec().name() + "' is attached to "
                            + (having.isEmpty() ? "a container" : "container " + having.getFirst())
                            + (having.size() > 1 ? " and " + (having.size() - 1) + " more" : "")
                            + "; detach it first");
        }
        save(record.with(VolumeRecord.Phase.DELETING));
        finishDeleting(id);
        LOG.info("event=volume-deleted volume={}", id);
    }

    private void finishDeleting(VolumeId id) {
        store.delete(id);
        records.remove(id);
        volumes.remove(id);
    }

    /** All, ordered by id. */
    List<VolumeStatus> list(Attachments attachments) {
        return volumes.values().stream()
                .filter(record -> record.phase() == VolumeRecord.Phase.READY)
                .map(record -> status(record, attachments))
                .toList();
    }

    VolumeStatus status(VolumeId id, Attachments attachments) {
        return status(require(id), attachments);
    }

    private VolumeStatus status(VolumeRecord record, Attachments attachments) {
        DiskUsage usage = store.usage(record.id());
        return new VolumeStatus(
                record.id(),
                record.spec(),
                new DiskStatus(usage.bytes(), usage.inodes(), usage.limited()),
                attachments.apply(record.id()));
    }

    private VolumeRecord require(VolumeId id) {
        VolumeRecord record = volumes.get(id);
        if (record == null || record.phase() != VolumeRecord.Phase.READY) {
            throw new ContainerException(Refusal.NOT_FOUND, "no volume " + id + " on this node");
        }
        return record;
    }

    private void save(VolumeRecord record) {
        records.save(record);
        volumes.put(record.id(), record);
    }

    /** Until this is closed, none of them is deleted: for as long as a record that names them is being made. */
    synchronized Use use(Collection<VolumeMount> mounts) {
        List<VolumeId> ids = mounts.stream().map(VolumeMount::volume).distinct().toList();
        ids.forEach(id -> uses.merge(id, 1, Integer::sum));
        return () -> unuse(ids);
    }

    private synchronized void unuse(List<VolumeId> ids) {
        ids.forEach(id -> uses.computeIfPresent(id, (_, count) -> count == 1 ? null : count - 1));
    }

    /** See {@link #use}. */
    interface Use extends AutoCloseable {
        @Override
        void close();
    }
}
