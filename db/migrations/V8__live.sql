-- SPDX-License-Identifier: Apache-2.0
-- What has changed, for those who watch: an outbox that triggers fill in the changing transaction, so that no verb can forget it; and
-- the sessions of browsers, so that their owners see and end them.

create table events (
    transaction bigint not null default pg_current_xact_id()::text::bigint, -- see EventOutbox for how it is read
    id bigint not null generated always as identity,
    at timestamptz not null default now(),
    kind text not null check (kind in ('CONTAINER', 'OPERATION', 'NODE', 'IMAGE', 'DRIFT', 'ACCESS')),
    change text not null check (change in ('CREATED', 'UPDATED', 'DELETED')),
    resource text not null, -- ACCESS: the user whose reach has changed, empty for all of the tenant's
    tenant_id uuid, -- null: nobody's
    primary key (transaction, id)
);
create index events_by_age on events (at);

-- The newest transaction of which something was deleted from events: whoever resumes before it has missed something.
create table events_forgotten (transaction bigint not null);
insert into events_forgotten values (0);

create function tell_container() returns trigger language plpgsql as $$
begin
    insert into events (kind, change, resource, tenant_id)
    values ('CONTAINER',
        case when tg_op = 'INSERT' then 'CREATED' when new.deleted_at is not null then 'DELETED' else 'UPDATED' end,
        new.id::text, new.tenant_id);
    return null;
end $$;
create trigger containers_tell_insert after insert on containers for each row execute function tell_container();
create trigger containers_tell_update after update on containers for each row
    when (old.deleted_at is null and to_jsonb(old) - 'observed_at' is distinct from to_jsonb(new) - 'observed_at')
    execute function tell_container();

create function tell_operation() returns trigger language plpgsql as $$
begin
    insert into events (kind, change, resource, tenant_id)
    values ('OPERATION', case when tg_op = 'INSERT' then 'CREATED' else 'UPDATED' end, new.id::text, new.tenant_id);
    return null;
end $$;
create trigger operations_tell_insert after insert on operations for each row execute function tell_operation();
create trigger operations_tell_update after update on operations for each row
    when ((old.state, old.progress, old.log, old.error) is distinct from (new.state, new.progress, new.log, new.error))
    execute function tell_operation();

create function tell_node() returns trigger language plpgsql as $$
begin
    insert into events (kind, change, resource)
    values ('NODE', case when tg_op = 'INSERT' then 'CREATED' else 'UPDATED' end, new.id::text);
    return null;
end $$;
create trigger nodes_tell_insert after insert on nodes for each row execute function tell_node();
create trigger nodes_tell_update after update on nodes for each row
    when (to_jsonb(old) - 'last_seen_at' is distinct from to_jsonb(new) - 'last_seen_at') execute function tell_node();

create function tell_image() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        insert into events (kind, change, resource) values ('IMAGE', 'DELETED', old.id || ' ' || old.alias);
    else
        insert into events (kind, change, resource)
        values ('IMAGE', case when tg_op = 'INSERT' then 'CREATED' else 'UPDATED' end, new.id || ' ' || new.alias);
    end if;
    return null;
end $$;
create trigger images_tell after insert or delete on images for each row execute function tell_image();
create trigger images_tell_update after update on images for each row
    when (old.* is distinct from new.*) execute function tell_image();

create function tell_drift() returns trigger language plpgsql as $$
begin
    insert into events (kind, change, resource, tenant_id)
    select 'DRIFT', case when tg_op = 'INSERT' then 'CREATED' else 'UPDATED' end, new.id::text, c.tenant_id
    from containers c where c.id = new.container_id;
    return null;
end $$;
create trigger drifts_tell_insert after insert on drifts for each row execute function tell_drift();
create trigger drifts_tell_update after update on drifts for each row
    when (old.* is distinct from new.*) execute function tell_drift();

create table browser_sessions (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    address text not null,
    user_agent text not null check (length(user_agent) <= 256),
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    ended_at timestamptz
);
create index browser_sessions_by_user on browser_sessions (user_id, id desc);

-- Who watches, or sits at a terminal, is looked at again as soon as what they may do has changed.
create function tell_access() returns trigger language plpgsql as $$
declare
    of_user jsonb := case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end;
begin
    insert into events (kind, change, resource) values ('ACCESS', 'UPDATED', of_user ->> tg_argv[0]);
    return null;
end $$;
create trigger memberships_tell after insert or update or delete on memberships
    for each row execute function tell_access('user_id');
create trigger users_tell_delete after delete on users for each row execute function tell_access('id');
create trigger users_tell_update after update on users for each row
    when ((old.operator, old.credentials_version) is distinct from (new.operator, new.credentials_version))
    execute function tell_access('id');
create trigger api_tokens_tell_delete after delete on api_tokens for each row execute function tell_access('user_id');
create trigger api_tokens_tell_update after update on api_tokens for each row
    when (old.revoked_at is distinct from new.revoked_at) execute function tell_access('user_id');
create trigger browser_sessions_tell_update after update on browser_sessions for each row
    when (old.ended_at is distinct from new.ended_at) execute function tell_access('user_id');

create function tell_tenant() returns trigger language plpgsql as $$
begin
    insert into events (kind, change, resource, tenant_id) values ('ACCESS', 'UPDATED', '', new.id);
    return null;
end $$;
create trigger tenants_tell_update after update on tenants for each row
    when (old.state is distinct from new.state) execute function tell_tenant();
