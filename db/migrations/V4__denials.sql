-- SPDX-License-Identifier: Apache-2.0
-- What operators have decided about seccomp rules: exceptions of one container with an end, and calls that no container gets.
-- Nodes keep a copy each, which holds while they hear nothing; what is still to be told to a node stands here.

create table grants (
    id uuid primary key,
    container_id uuid not null references containers on delete cascade,
    rule text not null check (rule ~ '^[a-z_][a-z0-9_]{0,39}$'),
    until timestamptz not null, -- the node ends it then, by itself
    reason text not null,
    granted_by uuid references users on delete set null,
    granted_at timestamptz not null default now(),
    ended_at timestamptz, -- revoked, or replaced by a later one
    ended_by uuid references users on delete set null,
    told boolean not null default false, -- whether the node knows
    trouble text -- why the node does not take it
);
create unique index grants_open on grants (container_id, rule) where ended_at is null;
create index grants_by_container on grants (container_id, id desc);
create index grants_untold on grants (id) where not told;

create table virtual_patches (
    id uuid primary key,
    call text not null check (call ~ '^[a-z_][a-z0-9_]{0,39}$'),
    reason text not null,
    added_by uuid references users on delete set null,
    added_at timestamptz not null default now(),
    removed_at timestamptz,
    removed_by uuid references users on delete set null
);
create unique index virtual_patches_open on virtual_patches (call) where removed_at is null;

-- Which of them a node has been told. One that is here and not open above is still to be taken away.
create table virtual_patches_on_nodes (
    node_id uuid not null references nodes on delete cascade,
    call text not null,
    applied_at timestamptz, -- logins since then go without the call
    trouble text, -- why the node does not take it
    primary key (node_id, call),
    check ((applied_at is null) <> (trouble is null))
);
