-- SPDX-License-Identifier: Apache-2.0
-- Ports of nodes that lead to containers. A row comes in the transaction that accepts one, so that nobody else gets the port and it counts
-- from then on, and goes when the node has closed it.

create table published_ports (
    node_id uuid not null references nodes,
    protocol text not null check (protocol in ('TCP', 'UDP')),
    host_port int not null check (host_port between 1 and 65535),
    container_id uuid not null references containers on delete cascade,
    tenant_id uuid not null references tenants on delete cascade,
    container_port int not null check (container_port between 1 and 65535),
    state text not null check (state in ('OPENING', 'OPEN', 'CLOSING')),
    created_at timestamptz not null default now(),
    primary key (node_id, protocol, host_port)
);
create index published_ports_by_container on published_ports (container_id);
create index published_ports_by_tenant on published_ports (tenant_id);

alter table quotas
    add column ports_used bigint not null default 0,
    add column ports_hard bigint check (ports_hard >= 0),
    add column ports_soft bigint check (ports_soft >= 0);

-- As quota_count does: upwards from the tenant.
create function published_ports_are_counted() returns trigger language plpgsql as $$
declare
    tenant uuid;
    more bigint;
begin
    if tg_op = 'DELETE' then
        tenant := old.tenant_id;
        more := -1;
    else
        tenant := new.tenant_id;
        more := 1;
    end if;
    while tenant is not null loop
        update quotas set ports_used = ports_used + more where tenant_id = tenant;
        tenant := (select parent_id from tenants where id = tenant);
    end loop;
    return null;
end $$;
create trigger published_ports_are_counted after insert or delete on published_ports
    for each row execute function published_ports_are_counted();

-- What goes with the tenant by cascade no longer finds the way to the parent; see tenants_give_quotas_back.
create function tenants_give_ports_back() returns trigger language plpgsql as $$
begin
    update quotas p set ports_used = p.ports_used - q.ports_used
    from quotas q
    where p.tenant_id = old.parent_id and q.tenant_id = old.id;
    return old;
end $$;
create trigger tenants_give_ports_back before delete on tenants for each row execute function tenants_give_ports_back();
