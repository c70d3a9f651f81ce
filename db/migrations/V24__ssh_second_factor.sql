-- SPDX-License-Identifier: Apache-2.0
-- Which tenants demand a code beside the key over SSH, and what a right one is worth.

create table ssh_factor_policies (
    tenant_id uuid primary key references tenants on delete cascade,
    required boolean not null,
    changed_at timestamptz not null default now(),
    changed_by uuid references users on delete set null
);

create table ssh_code_tokens (
    token_hash bytea primary key check (length(token_hash) = 32), -- SHA-256 of 256 random bits
    user_id uuid not null references users on delete cascade, -- whose code it was
    shown_for uuid not null, -- the key, the certificate, or the tenant's CA
    ends_at timestamptz not null
);
create index ssh_code_tokens_by_end on ssh_code_tokens (ends_at);
