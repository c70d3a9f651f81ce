-- SPDX-License-Identifier: Apache-2.0
-- What containers have used: samples of kernel counters, and what they add up to by hours and days. Tables of time are partitioned by the platform, and
-- old partitions dropped. Nothing here refers to containers or tenants by foreign key: what was used is owed, whatever was deleted since.

-- How far each node's rounds have been counted. A round is counted with this row locked, so none is counted twice.
create table meters (
    node_id uuid primary key references nodes on delete cascade,
    series bigint not null,
    last_number bigint not null check (last_number >= 0),
    last_at timestamptz,
    boot uuid
);

-- Rounds that a node took and the platform never saw, because the platform was away for longer than the node keeps them.
create table meter_losses (
    id bigint primary key generated always as identity,
    node_id uuid not null references nodes on delete cascade,
    series bigint not null,
    first_number bigint not null,
    last_number bigint not null check (last_number >= first_number),
    reason text not null,
    noted_at timestamptz not null default now()
);
create index meter_losses_by_node on meter_losses (node_id, id desc);

-- The last sample of each container: what the next one is compared with. Counters are the last that were known in this run.
create table metered_containers (
    container_id uuid primary key,
    tenant_id uuid not null,
    name text not null,
    at timestamptz not null,
    since timestamptz, -- null: does not run
    cpu_micros bigint,
    received_bytes bigint,
    sent_bytes bigint,
    read_bytes bigint,
    written_bytes bigint
) with (fillfactor = 50); -- every row changes every minute, in no index: it stays in its page
create index metered_containers_by_tenant on metered_containers (tenant_id);

-- By day. Times are whole seconds. What a sample says, and behind it what it counts for.
create table meter_samples (
    container_id uuid not null,
    at timestamptz not null,
    since timestamptz, -- null: does not run
    round bigint not null,
    memory_limit_bytes bigint not null,
    memory_bytes bigint,
    disk_bytes bigint,
    cpu_micros bigint,
    received_bytes bigint,
    sent_bytes bigint,
    read_bytes bigint,
    written_bytes bigint,
    cpu_micros_used bigint not null check (cpu_micros_used >= 0),
    received_bytes_used bigint not null check (received_bytes_used >= 0),
    sent_bytes_used bigint not null check (sent_bytes_used >= 0),
    read_bytes_used bigint not null check (read_bytes_used >= 0),
    written_bytes_used bigint not null check (written_bytes_used >= 0),
    milli_cpus int not null,
    seconds int not null check (seconds >= 0), -- since the sample before
    running_seconds int not null check (running_seconds between 0 and seconds),
    gap_seconds int not null check (gap_seconds >= 0), -- since the sample before, and of which nothing is known
    reset boolean not null -- counters had begun anew
) partition by range (at);
create index meter_samples_by_container on meter_samples (container_id, at);

-- Hours that have samples which are not rolled up yet.
create table meter_unrolled (hour timestamptz primary key);

-- By month. An hour has the samples after its beginning, the one at its end included.
create table usage_hours (
    container_id uuid not null,
    hour timestamptz not null,
    tenant_id uuid not null,
    samples int not null,
    resets int not null,
    seconds int not null,
    running_seconds int not null,
    gap_seconds int not null,
    cpu_micros bigint not null,
    vcpu_milli_seconds bigint not null, -- what it might have had
    memory_byte_seconds bigint not null,
    memory_limit_byte_seconds bigint not null, -- what it might have had
    disk_byte_seconds bigint not null,
    received_bytes bigint not null,
    sent_bytes bigint not null,
    read_bytes bigint not null,
    written_bytes bigint not null,
    primary key (container_id, hour)
) partition by range (hour);
create index usage_hours_by_tenant on usage_hours (tenant_id, hour);

-- By month; days of UTC.
create table usage_days (
    container_id uuid not null,
    day timestamptz not null,
    tenant_id uuid not null,
    samples int not null,
    resets int not null,
    seconds int not null,
    running_seconds int not null,
    gap_seconds int not null,
    cpu_micros bigint not null,
    vcpu_milli_seconds bigint not null,
    memory_byte_seconds bigint not null,
    memory_limit_byte_seconds bigint not null,
    disk_byte_seconds bigint not null,
    received_bytes bigint not null,
    sent_bytes bigint not null,
    read_bytes bigint not null,
    written_bytes bigint not null,
    primary key (container_id, day)
) partition by range (day);
create index usage_days_by_tenant on usage_days (tenant_id, day);
