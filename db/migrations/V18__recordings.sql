-- SPDX-License-Identifier: Apache-2.0
-- Recordings of terminals: who wishes them, who must have them, and what there is.

create table recording_policies (
    tenant_id uuid primary key references tenants on delete cascade,
    record boolean not null,
    input boolean not null,
    keep_days int not null check (keep_days between 1 and 3650),
    changed_at timestamptz not null default now(),
    changed_by uuid references users on delete set null
);

-- An operator's, for a tenant and those below it.
create table recording_rules (
    tenant_id uuid primary key references tenants on delete cascade,
    required boolean not null,
    input boolean not null,
    keep_days int not null check (keep_days between 1 and 3650),
    most_bytes bigint not null check (most_bytes > 0), -- what a tenant's recordings take
    changed_at timestamptz not null default now(),
    changed_by uuid references users on delete set null
);

create table recordings (
    id uuid primary key, -- the session's
    gateway text not null, -- fingerprint of its host key
    tenant_id uuid not null references tenants on delete cascade,
    container text not null, -- as the login named it
    guest_user text not null,
    key text not null, -- fingerprint
    source text not null,
    title text, -- the command line
    started_at timestamptz not null,
    width int not null,
    height int not null,
    required boolean not null, -- when it was made
    bytes bigint not null default 0,
    seen_at timestamptz not null default now(),
    how text check (how in ('WHOLE', 'CUT', 'INTERRUPTED')), -- null: it goes on
    ended_at timestamptz,
    check (how is null or ended_at is not null)
);
create index recordings_by_tenant on recordings (tenant_id, id desc);
create index recordings_by_container on recordings (tenant_id, container, id desc);

create table recording_parts (
    recording_id uuid not null references recordings on delete cascade,
    begins bigint not null,
    bytes bytea not null,
    primary key (recording_id, begins)
);

-- Counted by triggers, so that no way of removing one forgets it.
create table recording_usage (
    tenant_id uuid primary key references tenants on delete cascade,
    bytes bigint not null
);
create function count_recordings() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into recording_usage (tenant_id, bytes) values (new.tenant_id, new.bytes)
        on conflict (tenant_id) do update set bytes = recording_usage.bytes + excluded.bytes;
    elsif tg_op = 'UPDATE' then
        update recording_usage set bytes = bytes + new.bytes - old.bytes where tenant_id = new.tenant_id;
    else
        update recording_usage set bytes = bytes - old.bytes where tenant_id = old.tenant_id;
    end if;
    return null;
end $$;
create trigger recordings_are_counted after insert or delete on recordings
    for each row execute function count_recordings();
create trigger recordings_are_counted_anew after update of bytes on recordings
    for each row execute function count_recordings();

-- What holds for a tenant: its own wish, and the rules on it and on the tenant above.
create view recording_wishes as
    select t.id as tenant_id,
        coalesce(r.required, false) as required,
        coalesce(r.required, false) or coalesce(p.record, false) as recorded,
        coalesce(r.required_input, false) or (coalesce(p.record, false) and coalesce(p.input, false)) as input,
        greatest(coalesce(r.required_days, 0), coalesce(p.keep_days, 90)) as keep_days,
        coalesce(r.most_bytes, 1073741824) as most_bytes,
        coalesce(u.bytes, 0) as used_bytes
    from tenants t
        left join recording_policies p on p.tenant_id = t.id
        left join recording_usage u on u.tenant_id = t.id
        left join lateral (
            select bool_or(o.required) as required, bool_or(o.required and o.input) as required_input,
                max(o.keep_days) filter (where o.required) as required_days, min(o.most_bytes) as most_bytes
            from recording_rules o where o.tenant_id = t.id or o.tenant_id = t.parent_id) r on true;
