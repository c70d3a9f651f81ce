-- SPDX-License-Identifier: Apache-2.0
-- CAs of tenants' own, whose certificates open their containers.

create table ssh_authorities (
    id uuid primary key,
    tenant_id uuid not null references tenants on delete cascade,
    name text not null check (length(name) between 1 and 64),
    public_key text not null, -- type and base64
    fingerprint text not null,
    principals text[] not null check (cardinality(principals) > 0), -- USER+CONTAINER.TENANT, what its certificates open at most
    added_by uuid references users on delete set null,
    created_at timestamptz not null default now(),
    unique (tenant_id, name),
    constraint ssh_authorities_key unique (tenant_id, fingerprint)
);
create index ssh_authorities_by_key on ssh_authorities (fingerprint);
