-- SPDX-License-Identifier: Apache-2.0
-- Networks that the SSH gateways take no connection from.

create table ssh_bans (
    id uuid primary key,
    network cidr not null unique,
    reason text not null check (length(reason) between 1 and 200),
    banned_by uuid references users on delete set null,
    created_at timestamptz not null default now(),
    expires_at timestamptz -- null: until it is lifted
);

-- One row, which each change locks until it is committed: gateways ask whether there is a newer list than theirs.
create table ssh_ban_version (version bigint not null);
insert into ssh_ban_version values (1);
create function count_ssh_ban_version() returns trigger language plpgsql as $$
begin
    update ssh_ban_version set version = version + 1;
    return null;
end $$;
create trigger ssh_bans_are_versioned after insert or update or delete or truncate on ssh_bans
    for each statement execute function count_ssh_ban_version();
