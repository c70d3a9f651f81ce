-- SPDX-License-Identifier: Apache-2.0
-- Tenants and people, their keys and tokens, containers with desired and observed state, durable operations.
-- Plain SQL for PostgreSQL 14 and newer; no extension, so that any server of the operator's will do.

create table tenants (
    id uuid primary key,
    name text not null unique check (name ~ '^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$'),
    state text not null default 'ACTIVE' check (state in ('ACTIVE', 'SUSPENDED')),
    created_at timestamptz not null default now()
);

create table users (
    id uuid primary key,
    name text not null unique check (name ~ '^[a-z]([a-z0-9._-]{0,62}[a-z0-9])?$'),
    password text not null, -- {argon2}…, see Spring Security's DelegatingPasswordEncoder
    operator boolean not null default false,
    -- counts password changes: a session that was opened with an older one is over
    credentials_version int not null default 1,
    created_at timestamptz not null default now()
);

create table memberships (
    tenant_id uuid not null references tenants on delete cascade,
    user_id uuid not null references users on delete cascade,
    role text not null check (role in ('OWNER', 'MEMBER')),
    created_at timestamptz not null default now(),
    primary key (tenant_id, user_id)
);
create index memberships_by_user on memberships (user_id);

create table api_tokens (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    tenant_id uuid references tenants on delete cascade, -- null: every tenant of the user's
    name text not null check (length(name) between 1 and 64),
    prefix text not null,
    hash bytea not null unique check (length(hash) = 32), -- SHA-256; the token has 256 random bits, so it needs no salt
    scopes text[] not null check (scopes <@ array['READ', 'WRITE', 'ADMIN'] and cardinality(scopes) > 0),
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
);
create index api_tokens_by_user on api_tokens (user_id, id);

-- Failed passwords, per account ('user:…') and per address ('address:…').
create table sign_in_failures (
    subject text primary key,
    failures int not null,
    last_at timestamptz not null,
    blocked_until timestamptz
);

create table ssh_keys (
    id uuid primary key,
    tenant_id uuid not null references tenants on delete cascade,
    added_by uuid references users on delete set null,
    name text not null check (length(name) between 1 and 64),
    type text not null,
    public_key text not null, -- type and base64, without comment
    fingerprint text not null unique, -- SHA256:…; unique, because the key says who the tenant is
    created_at timestamptz not null default now(),
    last_used_at timestamptz,
    unique (tenant_id, name)
);

create table nodes (
    id uuid primary key,
    name text not null unique,
    number int not null unique generated always as identity (minvalue 0 maxvalue 2147483646),
    state text not null default 'DOWN' check (state in ('UP', 'DOWN')),
    last_seen_at timestamptz,
    created_at timestamptz not null default now(),
    unique (id, number)
);

create table images (
    node_id uuid not null references nodes on delete cascade,
    id text not null check (id ~ '^sha256:[0-9a-f]{64}$'),
    alias text not null,
    architecture text not null,
    size_bytes bigint not null,
    built_at timestamptz not null,
    current boolean not null,
    primary key (node_id, id, alias)
);
create index images_by_alias on images (alias) where current;

create table containers (
    id uuid primary key,
    tenant_id uuid not null references tenants,
    node_id uuid not null,
    node_number int not null,
    name text not null check (name ~ '^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$'),
    image text not null check (image ~ '^sha256:[0-9a-f]{64}$'),
    image_alias text, -- as it was asked for
    memory_bytes bigint not null check (memory_bytes > 0),
    milli_cpus int not null check (milli_cpus > 0),
    pids int not null check (pids > 0),
    network text not null check (network in ('NAT', 'NONE')),
    desired_state text not null check (desired_state in ('RUNNING', 'STOPPED', 'DELETED')),
    generation bigint not null default 1, -- counts changes of what is desired
    observed_state text check (observed_state in ('RUNNING', 'STOPPED', 'FROZEN', 'BROKEN', 'MISSING')), -- null: never seen yet
    observed_at timestamptz,
    uid_base bigint check (uid_base % 65536 = 0 and uid_base between 65536 and 4294836224),
    addresses text[] not null default '{}',
    started_at timestamptz,
    last_exit text,
    last_error text,
    created_at timestamptz not null default now(),
    deleted_at timestamptz,
    foreign key (node_id, node_number) references nodes (id, number),
    -- Two containers of a node can't share one uid. The node's number stands in the upper 32 bits, because a uid has 32: so
    -- one range over both needs no btree_gist.
    constraint containers_uids_never_overlap exclude using gist (
        int8range((node_number::bigint << 32) + uid_base, (node_number::bigint << 32) + uid_base + 65536) with &&
    ) where (deleted_at is null and uid_base is not null)
);
create unique index containers_name on containers (tenant_id, name) where deleted_at is null;
create unique index containers_uid_base on containers (node_id, uid_base) where deleted_at is null;
create index containers_by_node on containers (node_id) where deleted_at is null;

-- Containers that a node has and the platform does not know: reported, never deleted.
create table stray_containers (
    node_id uuid not null references nodes on delete cascade,
    id uuid not null,
    name text not null,
    tenant text not null,
    state text not null,
    first_seen_at timestamptz not null default now(),
    primary key (node_id, id)
);

create table operations (
    id uuid primary key,
    number bigint not null generated always as identity, -- operations on one target run in this order
    kind text not null,
    target_type text not null check (target_type in ('CONTAINER', 'IMAGE')),
    target_id text not null,
    target_name text not null,
    tenant_id uuid references tenants on delete cascade, -- null: the operators' own
    requested_by uuid references users on delete set null,
    arguments jsonb not null default '{}',
    state text not null default 'PENDING' check (state in ('PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
    progress text,
    log text not null default '',
    error jsonb, -- a problem, RFC 9457
    attempts int not null default 0, -- fences: only the newest attempt may write
    lease_until timestamptz,
    not_before timestamptz not null default now(),
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz,
    check ((state in ('SUCCEEDED', 'FAILED', 'CANCELLED')) = (finished_at is not null)),
    check (state <> 'RUNNING' or lease_until is not null)
);
create index operations_unfinished on operations (target_type, target_id, number) where state in ('PENDING', 'RUNNING');
create index operations_running_by_tenant on operations (tenant_id) where state = 'RUNNING';
create index operations_by_tenant on operations (tenant_id, id desc);
create index operations_finished on operations (finished_at) where finished_at is not null;
create unique index operations_one_build_per_image on operations (target_id)
    where kind = 'IMAGE_BUILD' and state in ('PENDING', 'RUNNING');

-- What was answered to a request with an Idempotency-Key; written in the request's own transaction.
create table idempotency_keys (
    user_id uuid not null references users on delete cascade,
    key text not null check (length(key) between 1 and 255),
    request_hash text not null, -- SHA-256, hexadecimal
    status int not null,
    location text,
    body text not null,
    created_at timestamptz not null default now(),
    primary key (user_id, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);
