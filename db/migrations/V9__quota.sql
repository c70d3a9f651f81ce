-- SPDX-License-Identifier: Apache-2.0
-- What a tenant may have at most, and what it has: counted by triggers, in the transaction that makes, changes or deletes a row, whoever
-- does it. So a reservation can neither be forgotten nor be given back twice; the platform only says no. A tenant may have tenants below
-- it, one level deep: what they have counts for it, too.

alter table tenants
    add column parent_id uuid references tenants,
    add check (parent_id <> id);
create index tenants_by_parent on tenants (parent_id) where parent_id is not null;

-- hard and soft are null where the platform's default holds. used includes the tenants below.
create table quotas (
    tenant_id uuid primary key references tenants on delete cascade,
    version bigint not null default 1,
    containers_used bigint not null default 0,
    containers_hard bigint check (containers_hard >= 0),
    containers_soft bigint check (containers_soft >= 0),
    milli_cpus_used bigint not null default 0,
    milli_cpus_hard bigint check (milli_cpus_hard >= 0),
    milli_cpus_soft bigint check (milli_cpus_soft >= 0),
    memory_bytes_used bigint not null default 0,
    memory_bytes_hard bigint check (memory_bytes_hard >= 0),
    memory_bytes_soft bigint check (memory_bytes_soft >= 0),
    disk_bytes_used bigint not null default 0,
    disk_bytes_hard bigint check (disk_bytes_hard >= 0),
    disk_bytes_soft bigint check (disk_bytes_soft >= 0),
    pids_used bigint not null default 0,
    pids_hard bigint check (pids_hard >= 0),
    pids_soft bigint check (pids_soft >= 0),
    ssh_keys_used bigint not null default 0,
    ssh_keys_hard bigint check (ssh_keys_hard >= 0),
    ssh_keys_soft bigint check (ssh_keys_soft >= 0),
    tenants_used bigint not null default 0,
    tenants_hard bigint check (tenants_hard >= 0),
    tenants_soft bigint check (tenants_soft >= 0)
);

insert into quotas (tenant_id, containers_used, milli_cpus_used, memory_bytes_used, pids_used, ssh_keys_used)
select t.id, count(c.id), coalesce(sum(c.milli_cpus), 0), coalesce(sum(c.memory_bytes), 0), coalesce(sum(c.pids), 0),
    (select count(*) from ssh_keys k where k.tenant_id = t.id)
from tenants t left join containers c on c.tenant_id = t.id and c.deleted_at is null
group by t.id;

-- Upwards from the tenant: the order in which everybody locks these rows, and always after the row that is counted.
create function quota_count(
    tenant uuid, more_containers bigint, more_milli_cpus bigint, more_memory_bytes bigint, more_pids bigint, more_ssh_keys bigint
) returns void language plpgsql as $$
begin
    while tenant is not null loop
        update quotas set
            containers_used = containers_used + more_containers,
            milli_cpus_used = milli_cpus_used + more_milli_cpus,
            memory_bytes_used = memory_bytes_used + more_memory_bytes,
            pids_used = pids_used + more_pids,
            ssh_keys_used = ssh_keys_used + more_ssh_keys
        where tenant_id = tenant;
        tenant := (select parent_id from tenants where id = tenant);
    end loop;
end $$;

create function containers_are_counted() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' and old.deleted_at is null then
        perform quota_count(old.tenant_id, -1, -old.milli_cpus, -old.memory_bytes, -old.pids, 0);
    end if;
    if tg_op <> 'DELETE' and new.deleted_at is null then
        perform quota_count(new.tenant_id, 1, new.milli_cpus, new.memory_bytes, new.pids, 0);
    end if;
    return null;
end $$;
create trigger containers_are_counted after insert or delete on containers
    for each row execute function containers_are_counted();
create trigger containers_are_counted_again after update of tenant_id, memory_bytes, milli_cpus, pids, deleted_at on containers
    for each row when (
        (old.tenant_id, old.memory_bytes, old.milli_cpus, old.pids, old.deleted_at is null)
            is distinct from (new.tenant_id, new.memory_bytes, new.milli_cpus, new.pids, new.deleted_at is null)
    ) execute function containers_are_counted();

create function ssh_keys_are_counted() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        perform quota_count(old.tenant_id, 0, 0, 0, 0, -1);
    else
        perform quota_count(new.tenant_id, 0, 0, 0, 0, 1);
    end if;
    return null;
end $$;
create trigger ssh_keys_are_counted after insert or delete on ssh_keys
    for each row execute function ssh_keys_are_counted();

create function tenants_have_quotas() returns trigger language plpgsql as $$
begin
    insert into quotas (tenant_id) values (new.id);
    update quotas set tenants_used = tenants_used + 1 where tenant_id = new.parent_id;
    return null;
end $$;
create trigger tenants_have_quotas after insert on tenants for each row execute function tenants_have_quotas();

-- What goes with the tenant by cascade no longer finds the way to the parent: so it is given back here, at once.
create function tenants_give_quotas_back() returns trigger language plpgsql as $$
begin
    update quotas p set
        tenants_used = p.tenants_used - 1,
        containers_used = p.containers_used - q.containers_used,
        milli_cpus_used = p.milli_cpus_used - q.milli_cpus_used,
        memory_bytes_used = p.memory_bytes_used - q.memory_bytes_used,
        disk_bytes_used = p.disk_bytes_used - q.disk_bytes_used,
        pids_used = p.pids_used - q.pids_used,
        ssh_keys_used = p.ssh_keys_used - q.ssh_keys_used
    from quotas q
    where p.tenant_id = old.parent_id and q.tenant_id = old.id;
    return old;
end $$;
create trigger tenants_give_quotas_back before delete on tenants for each row execute function tenants_give_quotas_back();
