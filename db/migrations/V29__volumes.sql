-- SPDX-License-Identifier: Apache-2.0
-- Volumes: files of a tenant's that outlive containers, and that several may have at once. Their size counts as disk.

create table volumes (
    id uuid primary key, -- the node's, too
    tenant_id uuid not null references tenants,
    node_id uuid not null references nodes,
    name text not null check (name ~ '^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$'),
    disk_bytes bigint not null check (disk_bytes > 0), -- that it is to take at most
    held_bytes bigint not null check (held_bytes > 0), -- that the node may still let it take
    -- What is given back counts until the node has taken it back: a shrink that is refused must not have made room for something else.
    counted_bytes bigint not null generated always as (greatest(disk_bytes, held_bytes)) stored,
    state text not null default 'CREATING' check (state in ('CREATING', 'READY', 'DELETING')),
    generation bigint not null default 1,
    last_error text,
    created_at timestamptz not null default now(),
    unique (tenant_id, name)
);
create index volumes_by_node on volumes (node_id);

create table volume_mounts (
    container_id uuid not null references containers on delete cascade,
    volume_id uuid not null references volumes,
    path text not null,
    read_only boolean not null,
    detaching boolean not null default false, -- the node has still to take it out
    primary key (container_id, volume_id)
);
create index volume_mounts_by_volume on volume_mounts (volume_id);

alter table operations drop constraint operations_target_type_check;
alter table operations add constraint operations_target_type_check
    check (target_type in ('CONTAINER', 'IMAGE', 'VOLUME'));

create function volumes_are_counted() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        perform quota_count(old.tenant_id, 0, 0, 0, 0, 0, -old.counted_bytes);
    end if;
    if tg_op <> 'DELETE' then
        perform quota_count(new.tenant_id, 0, 0, 0, 0, 0, new.counted_bytes);
    end if;
    return null;
end $$;
create trigger volumes_are_counted after insert or delete on volumes
    for each row execute function volumes_are_counted();
create trigger volumes_are_counted_again after update on volumes
    for each row when ((old.tenant_id, old.counted_bytes) is distinct from (new.tenant_id, new.counted_bytes))
    execute function volumes_are_counted();

-- What was reserved for a volume, and for how long: what it costs is added up from these. In whole seconds, so that however a month is cut, its parts
-- add up. Nothing is owed for one that is still being made, or that is to go.
create table volume_spans (
    number bigint primary key generated always as identity,
    volume_id uuid not null,
    tenant_id uuid not null, -- which may be gone, as with usage_days
    disk_bytes bigint not null,
    since timestamptz not null,
    until timestamptz check (until >= since) -- null: it goes on
);
create unique index volume_spans_open on volume_spans (volume_id) where until is null;
create index volume_spans_by_tenant on volume_spans (tenant_id, since);

create function volumes_are_metered() returns trigger language plpgsql as $$
declare
    at timestamptz := date_trunc('second', clock_timestamp());
begin
    if tg_op <> 'INSERT' then
        update volume_spans set until = greatest(since, at) where volume_id = old.id and until is null;
    end if;
    if tg_op <> 'DELETE' and new.state = 'READY' then
        insert into volume_spans (volume_id, tenant_id, disk_bytes, since) values (new.id, new.tenant_id, new.counted_bytes, at);
    end if;
    return null;
end $$;
create trigger volumes_are_metered after insert or delete on volumes
    for each row execute function volumes_are_metered();
create trigger volumes_are_metered_again after update on volumes
    for each row when ((old.tenant_id, old.counted_bytes, old.state) is distinct from (new.tenant_id, new.counted_bytes, new.state))
    execute function volumes_are_metered();

alter table events drop constraint events_kind_check;
alter table events add constraint events_kind_check
    check (kind in ('CONTAINER', 'OPERATION', 'NODE', 'IMAGE', 'DRIFT', 'ACCESS', 'VOLUME'));

create function tell_volume() returns trigger language plpgsql as $$
begin
    insert into events (kind, change, resource, tenant_id)
    values ('VOLUME', case tg_op when 'INSERT' then 'CREATED' when 'DELETE' then 'DELETED' else 'UPDATED' end,
        coalesce(new.id, old.id)::text, coalesce(new.tenant_id, old.tenant_id));
    return null;
end $$;
create trigger volumes_tell after insert or delete on volumes for each row execute function tell_volume();
create trigger volumes_tell_update after update on volumes
    for each row when (old.* is distinct from new.*) execute function tell_volume();
