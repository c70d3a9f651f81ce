-- SPDX-License-Identifier: Apache-2.0
-- What a key may be used for (the options of OpenSSH's authorized_keys), certificates that the platform issued, and the host keys
-- that its gateways have.

alter table ssh_keys
    add column from_sources text[] not null default '{}', -- empty: from everywhere
    add column expires_at timestamptz,
    add column forced_command text check (length(forced_command) between 1 and 4096),
    add column pty boolean not null default true,
    add column port_forwarding boolean not null default true,
    add column agent_forwarding boolean not null default true,
    add column x11_forwarding boolean not null default true,
    add column permit_open text[] not null default '{}', -- empty: everywhere
    add column permit_listen text[] not null default '{}',
    add column touch_required boolean not null default true, -- of security keys
    add column verify_required boolean not null default false;

create sequence ssh_certificate_serials;

create table ssh_certificates (
    id uuid primary key,
    serial bigint not null unique,
    tenant_id uuid not null references tenants on delete cascade,
    issued_by uuid references users on delete set null,
    key_id text not null,
    key_fingerprint text not null,
    principals text[] not null check (cardinality(principals) > 0),
    certificate text not null, -- type and base64
    created_at timestamptz not null,
    valid_before timestamptz not null,
    revoked_at timestamptz,
    revoked_by uuid references users on delete set null
);
create index ssh_certificates_by_tenant on ssh_certificates (tenant_id, id desc);

create table ssh_host_keys (
    fingerprint text primary key,
    public_key text not null, -- type and base64
    port int not null check (port between 1 and 65535),
    first_seen_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now()
);
