-- SPDX-License-Identifier: Apache-2.0
-- Over SSH: logins to the lobby, sessions that are open, what happened, and what a tenant wants of all that.

-- A client's signature over the user name of the lobby, turned into a credential. A row stays as long as its key: a signature is good once.
create table lobby_logins (
    id uuid primary key,
    session_hash bytea not null unique check (length(session_hash) = 32), -- SHA-256 of the SSH session's id, which the signature covers
    token_hash bytea not null unique check (length(token_hash) = 32), -- SHA-256, as with api_tokens
    tenant_id uuid not null references tenants on delete cascade,
    user_id uuid not null references users on delete cascade, -- who added the key, or asked for the certificate
    key_id uuid references ssh_keys on delete cascade,
    certificate_id uuid references ssh_certificates on delete cascade,
    source text not null,
    created_at timestamptz not null default now(),
    last_used_at timestamptz not null default now(),
    ends_at timestamptz not null, -- however busy it is
    ended_at timestamptz,
    check ((key_id is null) <> (certificate_id is null))
);
create index lobby_logins_by_key on lobby_logins (key_id);
create index lobby_logins_by_certificate on lobby_logins (certificate_id);

create table ssh_policies (
    tenant_id uuid primary key references tenants on delete cascade,
    idle_seconds int check (idle_seconds between 60 and 2592000), -- null: a session may be silent for ever
    container_sessions int check (container_sessions between 1 and 10000), -- null: as many as the gateway allows
    tenant_sessions int check (tenant_sessions between 1 and 10000),
    motd text check (length(motd) between 1 and 4096),
    changed_at timestamptz not null default now(),
    changed_by uuid references users on delete set null
);

-- What the gateways say is open. A row is kept for a while after its end.
create table ssh_sessions (
    id uuid primary key, -- the gateway's
    gateway text not null check (length(gateway) between 1 and 128), -- fingerprint of its host key
    tenant_id uuid not null references tenants on delete cascade,
    container text not null, -- as the login named it; 'lobby' for the lobby
    guest_user text not null,
    kind text not null check (length(kind) between 1 and 32),
    terminal boolean not null,
    key text not null, -- fingerprint
    source text not null,
    started_at timestamptz not null,
    active_at timestamptz not null,
    bytes_in bigint not null default 0,
    bytes_out bigint not null default 0,
    seen_at timestamptz not null default now(),
    kill_asked_at timestamptz,
    kill_asked_by uuid references users on delete set null,
    ended_at timestamptz
);
create index ssh_sessions_open on ssh_sessions (tenant_id, id) where ended_at is null;
create index ssh_sessions_by_gateway on ssh_sessions (gateway) where ended_at is null;

-- Append-only. No foreign key leads to what may be deleted: who did what outlives it.
create table ssh_events (
    id uuid primary key, -- the gateway's, ordered by time: what is delivered twice is there once
    at timestamptz not null,
    received_at timestamptz not null default now(),
    gateway text not null,
    kind text not null check (kind ~ '^[A-Z_]{1,32}$'),
    outcome text not null check (outcome in ('DONE', 'REFUSED', 'FAILED')),
    tenant_id uuid, -- null: of nobody who is known
    session uuid,
    key text, -- fingerprint
    user_name text, -- as the client sent it
    source text not null,
    container text,
    guest_user text,
    what text, -- a command line, a forward's target, a reason
    bytes_in bigint,
    bytes_out bigint
);
create index ssh_events_by_tenant on ssh_events (tenant_id, id desc);
create index ssh_events_by_container on ssh_events (tenant_id, container, id desc);

create function ssh_events_are_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if old.at < now() - interval '400 days' then
            return old;
        end if;
    end if;
    raise exception 'ssh_events is append-only for 400 days';
end $$;
create trigger ssh_events_are_kept before update or delete on ssh_events
    for each row execute function ssh_events_are_kept();
create trigger ssh_events_are_not_truncated before truncate on ssh_events
    for each statement execute function ssh_events_are_kept();
