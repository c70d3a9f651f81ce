-- SPDX-License-Identifier: Apache-2.0
-- The disk counts too: what a container may write, which its snapshots are part of.

create or replace function containers_are_counted() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' and old.deleted_at is null then
        perform quota_count(old.tenant_id, -1, -old.milli_cpus, -old.memory_bytes, -old.pids, 0, -old.disk_bytes);
    end if;
    if tg_op <> 'DELETE' and new.deleted_at is null then
        perform quota_count(new.tenant_id, 1, new.milli_cpus, new.memory_bytes, new.pids, 0, new.disk_bytes);
    end if;
    return null;
end $$;

create or replace function ssh_keys_are_counted() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        perform quota_count(old.tenant_id, 0, 0, 0, 0, -1, 0);
    else
        perform quota_count(new.tenant_id, 0, 0, 0, 0, 1, 0);
    end if;
    return null;
end $$;

drop function quota_count(uuid, bigint, bigint, bigint, bigint, bigint);
create function quota_count(
    tenant uuid, more_containers bigint, more_milli_cpus bigint, more_memory_bytes bigint, more_pids bigint, more_ssh_keys bigint,
    more_disk_bytes bigint
) returns void language plpgsql as $$
begin
    while tenant is not null loop
        update quotas set
            containers_used = containers_used + more_containers,
            milli_cpus_used = milli_cpus_used + more_milli_cpus,
            memory_bytes_used = memory_bytes_used + more_memory_bytes,
            pids_used = pids_used + more_pids,
            ssh_keys_used = ssh_keys_used + more_ssh_keys,
            disk_bytes_used = disk_bytes_used + more_disk_bytes
        where tenant_id = tenant;
        tenant := (select parent_id from tenants where id = tenant);
    end loop;
end $$;

drop trigger containers_are_counted_again on containers;
create trigger containers_are_counted_again
    after update of tenant_id, memory_bytes, milli_cpus, pids, disk_bytes, deleted_at on containers
    for each row when (
        (old.tenant_id, old.memory_bytes, old.milli_cpus, old.pids, old.disk_bytes, old.deleted_at is null)
            is distinct from
            (new.tenant_id, new.memory_bytes, new.milli_cpus, new.pids, new.disk_bytes, new.deleted_at is null)
    ) execute function containers_are_counted();

update quotas q set disk_bytes_used = (
    select coalesce(sum(c.disk_bytes), 0) from containers c join tenants t on t.id = c.tenant_id
    where c.deleted_at is null and (t.id = q.tenant_id or t.parent_id = q.tenant_id));
