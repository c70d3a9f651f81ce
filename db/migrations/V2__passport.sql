-- SPDX-License-Identifier: Apache-2.0
-- Where containers have differed from policy, and which are in quarantine.

alter table containers
    add column quarantine_reason text, -- null: not in quarantine
    add column quarantined_at timestamptz,
    add column quarantine_snapshot uuid,
    add column quarantine_trouble text, -- why there is no snapshot
    add check ((quarantine_reason is null) = (quarantined_at is null));

-- A line of a passport that was not as policy wants, from when it was first seen until it was seen to be well again.
create table drifts (
    id uuid primary key,
    container_id uuid not null references containers on delete cascade,
    item text not null,
    found text not null,
    expected text not null,
    reason text not null,
    first_seen_at timestamptz not null,
    ended_at timestamptz
);
create unique index drifts_open on drifts (container_id, item) where ended_at is null;
create index drifts_by_container on drifts (container_id, id desc);
