-- SPDX-License-Identifier: Apache-2.0
-- What proves a person beside the password, who demands it, and the way back for whoever has lost either.

create table totp_secrets (
    user_id uuid primary key references users on delete cascade,
    secret bytea not null, -- encrypted; the key is a file of the platform's, see factor.SecretBox
    confirmed_at timestamptz, -- null: shown, and no code of it has come yet
    last_step bigint, -- RFC 6238's T of the newest code that was taken: none is taken twice
    created_at timestamptz not null default now()
);

create table recovery_codes (
    user_id uuid not null references users on delete cascade,
    hash bytea not null check (length(hash) = 32), -- SHA-256; a code has 80 random bits, so it needs no salt
    used_at timestamptz,
    primary key (user_id, hash)
);

create table sign_in_policies (
    tenant_id uuid primary key references tenants on delete cascade,
    second_factor boolean not null,
    version bigint not null default 1,
    changed_at timestamptz not null default now(),
    changed_by uuid references users on delete set null
);
create function tell_sign_in_policy() returns trigger language plpgsql as $$
begin
    insert into events (kind, change, resource, tenant_id) values ('ACCESS', 'UPDATED', '', new.tenant_id);
    return null;
end $$;
create trigger sign_in_policies_tell after insert or update on sign_in_policies
    for each row execute function tell_sign_in_policy();

-- An operator gave it to somebody who lost the password; an account has one at most, and the newest counts.
create table recovery_links (
    user_id uuid primary key references users on delete cascade,
    hash bytea not null unique check (length(hash) = 32), -- SHA-256 of 256 random bits
    clears_second_factors boolean not null,
    issued_by uuid references users on delete set null,
    expires_at timestamptz not null
);
