-- SPDX-License-Identifier: Apache-2.0
-- Webhooks: whoever wants to be told where, what is to be told, and what came of it. Messages are made by triggers in the transaction of what they tell of, so no
-- verb can forget one, and there are none where nobody wants them.

create table webhook_endpoints (
    id uuid primary key,
    tenant_id uuid references tenants on delete cascade, -- null: the operators', who are told of everybody's
    version bigint not null default 1,
    url text not null check (length(url) <= 500),
    label text check (length(label) between 1 and 100),
    types text[] not null, -- none: all
    enabled boolean not null default true,
    disabled_because text, -- by the platform
    secret bytea not null, -- sealed, see signing.KeyBox
    old_secret bytea, -- signs beside the new one until then
    old_secret_until timestamptz,
    sender_until timestamptz, -- the lease of the replica that sends to it
    created_at timestamptz not null default now(),
    created_by uuid references users on delete set null,
    check ((old_secret is null) = (old_secret_until is null))
);
create index webhook_endpoints_by_tenant on webhook_endpoints (tenant_id);

create table webhook_messages (
    id uuid primary key default gen_random_uuid(),
    type text not null,
    at timestamptz not null default now(),
    body text not null -- JSON as it is signed, byte for byte
);
create index webhook_messages_by_age on webhook_messages (at);

create table webhook_deliveries (
    number bigint not null generated always as identity unique, -- their order
    endpoint_id uuid not null references webhook_endpoints on delete cascade,
    message_id uuid not null references webhook_messages on delete cascade,
    state text not null default 'PENDING' check (state in ('PENDING', 'DELIVERED', 'FAILED')),
    tries int not null default 0, -- since it was made, or asked for again
    next_at timestamptz not null default now(),
    done_at timestamptz,
    primary key (endpoint_id, message_id)
);
create index webhook_deliveries_due on webhook_deliveries (endpoint_id, next_at) where state = 'PENDING';
create index webhook_deliveries_by_endpoint on webhook_deliveries (endpoint_id, number desc);
create index webhook_deliveries_by_message on webhook_deliveries (message_id);

create table webhook_attempts (
    number bigint primary key generated always as identity,
    endpoint_id uuid not null,
    message_id uuid not null,
    at timestamptz not null default now(),
    status int, -- of the answer; null: there was none
    trouble text, -- null: delivered
    milliseconds int not null,
    foreign key (endpoint_id, message_id) references webhook_deliveries on delete cascade
);
create index webhook_attempts_by_delivery on webhook_attempts (endpoint_id, message_id, number desc);

create function webhook_tell(tenant uuid, its_type text, data jsonb) returns void language plpgsql as $$
declare
    message uuid;
    tenant_name text;
begin
    if not exists (select from webhook_endpoints e where e.enabled and (e.tenant_id = tenant or e.tenant_id is null)
            and (e.types = '{}' or its_type = any (e.types))) then
        return;
    end if;
    select name into tenant_name from tenants where id = tenant;
    insert into webhook_messages (type, body)
    values (its_type, json_build_object('type', its_type,
        'timestamp', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'data', jsonb_build_object('tenant', tenant_name) || data)::text)
    returning id into message;
    insert into webhook_deliveries (endpoint_id, message_id)
    select e.id, message from webhook_endpoints e
    where e.enabled and (e.tenant_id = tenant or e.tenant_id is null) and (e.types = '{}' or its_type = any (e.types))
    for key share of e; -- one that is being deleted is left out; its foreign key would end the transaction that tells
end $$;

create function webhook_of_container() returns trigger language plpgsql as $$
begin
    perform webhook_tell(new.tenant_id,
        case when tg_op = 'INSERT' then 'container.created'
            when new.deleted_at is not null then 'container.deleted'
            else 'container.state_changed' end,
        jsonb_build_object('id', new.id, 'name', new.name, 'desiredState', new.desired_state, 'state', new.observed_state));
    return null;
end $$;
create trigger webhook_of_container_made after insert on containers for each row execute function webhook_of_container();
create trigger webhook_of_container after update of observed_state, deleted_at on containers for each row
    when (old.deleted_at is null
        and (old.observed_state, old.deleted_at) is distinct from (new.observed_state, new.deleted_at))
    execute function webhook_of_container();

create function webhook_of_operation() returns trigger language plpgsql as $$
begin
    perform webhook_tell(new.tenant_id, 'operation.finished', jsonb_build_object('id', new.id, 'kind', new.kind,
        'targetType', new.target_type, 'targetId', new.target_id, 'state', new.state));
    return null;
end $$;
create trigger webhook_of_operation after update of state on operations for each row
    when (new.tenant_id is not null and new.state in ('SUCCEEDED', 'FAILED', 'CANCELLED') and old.state <> new.state)
    execute function webhook_of_operation();

create function webhook_of_invoice() returns trigger language plpgsql as $$
begin
    perform webhook_tell(new.tenant_id, case when new.kind = 'INVOICE' then 'invoice.final' else 'invoice.corrected' end,
        jsonb_build_object('id', new.id, 'number', new.number, 'corrects', new.corrects, 'month', to_char(new.month, 'YYYY-MM'),
            'currency', new.currency, 'net', new.net, 'tax', new.tax, 'total', new.total));
    return null;
end $$;
create trigger webhook_of_invoice after update of state on invoices for each row
    when (old.state = 'DRAFT' and new.state = 'FINAL') execute function webhook_of_invoice();

create function webhook_of_payment() returns trigger language plpgsql as $$
begin
    perform webhook_tell(e.tenant_id, 'invoice.paid', jsonb_build_object('invoice', e.invoice_id, 'currency', e.currency,
        'amount', new.amount, 'reference', e.reference)) from ledger_entries e where e.id = new.entry_id;
    return null;
end $$;
create trigger webhook_of_payment after insert on ledger_postings for each row
    when (new.account = 'CASH') execute function webhook_of_payment();

create function webhook_of_budget() returns trigger language plpgsql as $$
begin
    perform webhook_tell(new.tenant_id, case when new.kind = 'ALERT' then 'budget.alert' else 'budget.step' end,
        jsonb_build_object('month', to_char(new.month, 'YYYY-MM'), 'percent', new.percent, 'step', new.step,
            'spent', new.spent, 'monthly', new.monthly, 'currency', new.currency));
    return null;
end $$;
create trigger webhook_of_budget after insert on budget_notes for each row execute function webhook_of_budget();

create function webhook_of_tenant() returns trigger language plpgsql as $$
begin
    perform webhook_tell(new.id, 'tenant.state_changed', jsonb_build_object('state', new.state, 'reason', new.suspended_because,
        'deletionAt', new.deletion_at));
    return null;
end $$;
create trigger webhook_of_tenant after update of state, deletion_at on tenants for each row
    when ((old.state, old.deletion_at) is distinct from (new.state, new.deletion_at)) execute function webhook_of_tenant();
