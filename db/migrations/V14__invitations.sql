-- SPDX-License-Identifier: Apache-2.0
-- Ways into a tenant for people who have an account: a secret of one use.

create table invitations (
    id uuid primary key,
    tenant_id uuid not null references tenants on delete cascade,
    role text not null check (role in ('OWNER', 'ADMIN', 'MEMBER', 'READ_ONLY')),
    hash bytea not null unique check (length(hash) = 32), -- SHA-256; the secret has 256 random bits, so it needs no salt
    created_by uuid not null references users on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    accepted_by uuid references users on delete set null,
    accepted_at timestamptz,
    revoked_at timestamptz
);
create index invitations_by_tenant on invitations (tenant_id, id desc);
