-- SPDX-License-Identifier: Apache-2.0
-- Snapshots of containers, when they are taken by themselves, and how much of the disk a container may take.

alter table containers
    add column disk_bytes bigint not null default 10737418240 check (disk_bytes > 0); -- what it and its snapshots write

create table snapshots (
    id uuid not null, -- the node's, too
    container_id uuid not null references containers on delete cascade,
    name text not null check (name ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
    cadence text check (cadence in ('HOURLY', 'DAILY', 'WEEKLY')), -- of the schedule that it was taken by; null: somebody asked for it
    requested_by uuid references users on delete set null,
    created_at timestamptz not null default now(),
    taken_at timestamptz, -- null: the node has still to take it
    deleting boolean not null default false, -- the node has still to delete it
    primary key (container_id, id),
    unique (container_id, name)
);

create table snapshot_schedules (
    container_id uuid not null references containers on delete cascade,
    cadence text not null check (cadence in ('HOURLY', 'DAILY', 'WEEKLY')),
    keep int not null check (keep between 1 and 48),
    next_at timestamptz not null,
    primary key (container_id, cadence)
);
create index snapshot_schedules_due on snapshot_schedules (next_at);
