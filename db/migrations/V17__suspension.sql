-- SPDX-License-Identifier: Apache-2.0
-- Tenants that an operator has suspended, or that go at a time to come; what becomes of their containers meanwhile, and which of these are to be
-- set going again.

alter table tenants
    add column suspended_at timestamptz,
    add column suspended_by text, -- the operator's name then
    add column suspended_because text check (length(suspended_because) between 1 and 200),
    add column suspended_containers text check (suspended_containers in ('FREEZE', 'STOP')),
    add column deletion_at timestamptz, -- not before: that is how long it can be undone
    add column deletion_asked_at timestamptz,
    add column deletion_by text,
    add column deletion_because text check (length(deletion_because) between 1 and 200);
update tenants set suspended_at = now(), suspended_containers = 'FREEZE' where state = 'SUSPENDED';
alter table tenants
    add check ((state = 'SUSPENDED') = (suspended_at is not null)),
    add check ((suspended_at is null) = (suspended_containers is null)),
    add check ((deletion_at is null) = (deletion_asked_at is null));
create index tenants_held on tenants (id) where state = 'SUSPENDED' or deletion_at is not null;

-- By its own order or that of the tenant above. What is to be deleted is stopped until then; of two orders, STOP is the stronger.
create view held_tenants as
    select t.id as tenant_id, max(case when o.deletion_at is null then o.suspended_containers else 'STOP' end) as hold
    from tenants o join tenants t on o.id = t.id or o.id = t.parent_id
    where o.state = 'SUSPENDED' or o.deletion_at is not null
    group by t.id;

alter table containers
    add column held boolean not null default false; -- it ran, or was to, when its tenant was suspended: it does again after that
create index containers_held on containers (tenant_id) where held;

create or replace function tell_tenant() returns trigger language plpgsql as $$
begin
    insert into events (kind, change, resource, tenant_id)
    select 'ACCESS', 'UPDATED', '', id from tenants where id = new.id or parent_id = new.id;
    return null;
end $$;
drop trigger tenants_tell_update on tenants;
create trigger tenants_tell_update after update on tenants for each row
    when ((old.state, old.deletion_at is null) is distinct from (new.state, new.deletion_at is null))
    execute function tell_tenant();
