-- SPDX-License-Identifier: Apache-2.0
-- Who did what from where on what, with what came of it. Entries are written in the transaction of their effect and never changed; a
-- sequencer puts them into one chain of hashes a moment later, so that no request waits for another one's.

-- No foreign key leads to what may be deleted: who did what outlives it.
create table audit_entries (
    id uuid primary key, -- ordered by time
    at timestamptz not null,
    actor text, -- the account's name then, or the one that was tried; null: nobody
    tenant_id uuid, -- null: not in a tenant, or in none that the actor may see
    method text not null,
    path text not null,
    outcome text not null check (outcome in ('DONE', 'REFUSED', 'FAILED')),
    content text not null -- JSON, the whole of it: what the chain's hash covers
);
create index audit_entries_by_tenant on audit_entries (tenant_id, id desc);
create index audit_entries_by_actor on audit_entries (actor, id desc);

-- Entries that the sequencer has still to put into the chain.
create table audit_unchained (
    entry_id uuid primary key
);

create table audit_chain (
    number bigint primary key check (number > 0),
    entry_id uuid not null unique references audit_entries,
    hash bytea not null check (length(hash) = 32) -- SHA-256 of the hash before and the entry; see trail.ChainLink
);

create function audit_entry_awaits_its_link() returns trigger language plpgsql as $$
begin
    insert into audit_unchained (entry_id) values (new.id);
    return null;
end $$;
create trigger audit_entry_awaits_its_link after insert on audit_entries
    for each row execute function audit_entry_awaits_its_link();

create function audit_is_kept() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name;
end $$;
create trigger audit_entries_are_kept before update or delete on audit_entries
    for each row execute function audit_is_kept();
create trigger audit_entries_are_not_truncated before truncate on audit_entries
    for each statement execute function audit_is_kept();
create trigger audit_chain_is_kept before update or delete on audit_chain
    for each row execute function audit_is_kept();
create trigger audit_chain_is_not_truncated before truncate on audit_chain
    for each statement execute function audit_is_kept();

-- Who manages without being an owner, and who only looks.
alter table memberships drop constraint memberships_role_check;
alter table memberships add constraint memberships_role_check check (role in ('OWNER', 'ADMIN', 'MEMBER', 'READ_ONLY'));
