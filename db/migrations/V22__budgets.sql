-- SPDX-License-Identifier: Apache-2.0
-- Budgets of tenants and what happens when they are used up; coupons; who sees costs without being an owner.

alter table memberships drop constraint memberships_role_check;
alter table memberships
    add constraint memberships_role_check check (role in ('OWNER', 'ADMIN', 'MEMBER', 'BILLING', 'READ_ONLY'));
alter table invitations drop constraint invitations_role_check;
alter table invitations
    add constraint invitations_role_check check (role in ('OWNER', 'ADMIN', 'MEMBER', 'BILLING', 'READ_ONLY'));

-- What a tenant, with those below it, may cost in a month, net, and in percent of it: when that is told, and when something is done.
create table budgets (
    tenant_id uuid primary key references tenants on delete cascade,
    version bigint not null default 1,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    monthly bigint not null check (monthly > 0), -- minor units
    alerts int[] not null,
    throttle_at int check (throttle_at > 0),
    freeze_at int check (freeze_at > 0),
    stop_at int check (stop_at > 0),
    month date not null check (extract(day from month) = 1), -- of which what follows is known
    spent bigint not null default 0 check (spent >= 0),
    told int not null default 0, -- the highest of alerts that was told in this month
    step text check (step in ('THROTTLE', 'FREEZE', 'STOP')), -- null: none is due
    looked_at timestamptz not null default now(),
    changed_by uuid references users on delete set null
);

-- What was told and done; it stays when the budget is changed.
create table budget_notes (
    id uuid primary key, -- ordered by time
    tenant_id uuid not null references tenants on delete cascade,
    month date not null,
    kind text not null check (kind in ('ALERT', 'STEP')),
    percent int, -- of an alert
    step text check (step in ('THROTTLE', 'FREEZE', 'STOP')), -- of a step; null: what was done is undone
    spent bigint not null,
    monthly bigint not null,
    currency text not null,
    at timestamptz not null default now(),
    check ((kind = 'ALERT') = (percent is not null))
);
create index budget_notes_by_tenant on budget_notes (tenant_id, id desc);

-- By its own order or that of the tenant above; a budget that is used up is one, too. Of two orders, STOP is the stronger.
create or replace view held_tenants as
    select t.id as tenant_id, max(o.hold) as hold
    from (
        select id, case when deletion_at is null then suspended_containers else 'STOP' end as hold
        from tenants where state = 'SUSPENDED' or deletion_at is not null
        union all
        select tenant_id, step from budgets where step in ('FREEZE', 'STOP')
    ) o join tenants t on o.id = t.id or o.id = t.parent_id
    group by t.id;

create view throttled_tenants as
    select t.id as tenant_id from budgets b join tenants t on b.tenant_id = t.id or b.tenant_id = t.parent_id
    where b.throttle_at is not null and b.step is not null
    group by t.id;

alter table containers
    add column throttled_milli_cpus int check (throttled_milli_cpus > 0); -- what the node is to give it meanwhile; null: all of its own
create index containers_throttled on containers (tenant_id) where throttled_milli_cpus is not null;

-- Whoever watches, or sits at a terminal, is looked at again.
create function tell_budget() returns trigger language plpgsql as $$
declare
    its_tenant uuid := case when tg_op = 'DELETE' then old.tenant_id else new.tenant_id end;
begin
    insert into events (kind, change, resource, tenant_id)
    select 'ACCESS', 'UPDATED', '', id from tenants where id = its_tenant or parent_id = its_tenant;
    return null;
end $$;
create trigger budgets_tell_update after update on budgets for each row
    when (old.step is distinct from new.step) execute function tell_budget();
create trigger budgets_tell_delete after delete on budgets for each row
    when (old.step is not null) execute function tell_budget();

create table coupons (
    id uuid primary key,
    code text not null unique check (code ~ '^[A-Z0-9]([A-Z0-9-]{4,30}[A-Z0-9])$'),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    amount bigint not null check (amount > 0), -- minor units
    most bigint check (most > 0), -- redemptions; null: as many as there are tenants
    used bigint not null default 0 check (used >= 0 and (most is null or used <= most)),
    expires_at timestamptz,
    ended_at timestamptz,
    created_at timestamptz not null default now(),
    created_by uuid references users on delete set null
);

-- No foreign key to the tenant: what was given stays in the ledger when it goes, and so does why.
create table coupon_redemptions (
    coupon_id uuid not null references coupons,
    tenant_id uuid not null,
    at timestamptz not null default now(),
    by_user uuid references users on delete set null,
    primary key (coupon_id, tenant_id)
);
create index coupon_redemptions_by_tenant on coupon_redemptions (tenant_id, at);
